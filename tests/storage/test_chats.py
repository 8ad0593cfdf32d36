"""One row per address of an app, whoever asks, whichever secret made it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage.db import Gone
from storage.store import Store
from storage.tables import Chat
from storage.vault import Vault
from tests.conftest import SECRET, Clock

NEW_SECRET = "another secret, another secret, another"


def opened(store: Store, channel: str, address: str, name: str = "", language: str = "") -> int:
    with store.session() as s:
        return store.chats.open(s, channel, address, name, language)


def test_a_chat_is_made_once_and_found_again(store: Store) -> None:
    first = opened(store, "whatsapp", "whatsapp:+254711000111", "Wanjiku", "sw")
    assert opened(store, "whatsapp", "whatsapp:+254711000111") == first
    with store.reading() as s:
        row = store.chats.get(s, first)
    assert (row.channel, row.address, row.name, row.language, row.blocked) == (
        "whatsapp",
        "whatsapp:+254711000111",
        "Wanjiku",
        "sw",
        False,
    )


def test_the_same_address_in_another_app_is_another_chat(store: Store) -> None:
    assert opened(store, "telegram", "4711") != opened(store, "terminal", "4711")


def test_a_new_name_or_language_replaces_the_old_and_an_absent_one_does_not(store: Store) -> None:
    chat = opened(store, "telegram", "1", "Wanjiku", "en")
    opened(store, "telegram", "1", "Wanjiku K.", "sw")
    opened(store, "telegram", "1")
    with store.reading() as s:
        row = store.chats.get(s, chat)
    assert (row.name, row.language) == ("Wanjiku K.", "sw")


def test_many_at_once_make_one_chat(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: opened(store, "telegram", "new"), range(40)))
    assert len(ids) == 1


def test_an_unknown_chat_is_not_found_and_not_made_by_looking(store: Store) -> None:
    with store.session() as s:
        assert store.chats.find(s, "telegram", "nobody") is None
        assert s.scalar(select(func.count()).select_from(Chat)) == 0
        with pytest.raises(Gone):
            store.chats.get(s, 1)


def test_a_blocked_chat_is_owed_nothing_until_it_writes_again(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        store.outbox.add(s, chat, "unsent")
        store.chats.block(s, chat)
    later = clock.now + timedelta(hours=1)
    with store.session() as s:
        assert store.chats.get(s, chat).blocked
        assert store.outbox.owed(s, chat) == []
        store.outbox.add(s, chat, "made meanwhile")
        assert store.outbox.chats_owed(s, later, {"telegram"}) == []
    opened(store, "telegram", "4711")
    with store.reading() as s:
        assert not store.chats.get(s, chat).blocked
        assert store.outbox.chats_owed(s, later, {"telegram"}) == [chat]


def test_a_chat_of_an_old_secret_is_found_and_stays_one(store: Store, database_url: str) -> None:
    before = opened(store, "whatsapp", "+254711000111", "Wanjiku")
    rotated = Store(database_url, Vault((NEW_SECRET, SECRET)))
    assert opened(rotated, "whatsapp", "+254711000111") == before
    only_new = Store(database_url, Vault((NEW_SECRET,)))
    assert opened(only_new, "whatsapp", "+254711000111") == before  # the write above moved it to the new secret
    rotated.close()
    only_new.close()


def test_many_at_once_move_a_chat_to_the_new_secret_without_doubling_it(store: Store, database_url: str) -> None:
    before = opened(store, "whatsapp", "+254711000111")
    rotated = Store(database_url, Vault((NEW_SECRET, SECRET)))
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: opened(rotated, "whatsapp", "+254711000111"), range(40))) == {before}
    rotated.close()


def test_where_two_secrets_made_two_rows_the_newest_is_used(store: Store, database_url: str) -> None:
    opened(store, "whatsapp", "+254711000111")
    only_new = Store(database_url, Vault((NEW_SECRET,)))
    newest = opened(only_new, "whatsapp", "+254711000111")
    both = Store(database_url, Vault((NEW_SECRET, SECRET)))
    assert opened(both, "whatsapp", "+254711000111") == newest
    both.reencrypt()
    assert opened(both, "whatsapp", "+254711000111") == newest
    only_new.close()
    both.close()


def test_a_chat_that_moved_is_found_at_its_new_address_alone(store: Store) -> None:
    chat = opened(store, "telegram", "-5", "Amina")
    with store.session() as s:
        store.chats.move(s, chat, "-100777")
    assert opened(store, "telegram", "-100777") == chat
    with store.reading() as s:
        assert store.chats.find(s, "telegram", "-5") is None
        assert (store.chats.get(s, chat).address, store.chats.get(s, chat).name) == ("-100777", "Amina")


def test_what_was_said_at_the_new_address_already_comes_along(store: Store) -> None:
    chat, there = opened(store, "telegram", "-5"), opened(store, "telegram", "-100777")
    with store.session() as s:
        asked = store.inbox.accept(s, there, "telegram", "9", "hello")
        owed = store.outbox.add(s, there, "Where to?")
        trip = store.trips.create(s, there)
    with store.session() as s:
        store.chats.move(s, chat, "-100777")
    assert opened(store, "telegram", "-100777") == chat
    with store.reading() as s:
        assert [row.id for row in store.inbox.unread(s, chat)] == [asked]
        assert [row.id for row in store.outbox.owed(s, chat)] == [owed]
        assert store.trips.chat_of(s, trip) == chat
        with pytest.raises(Gone):
            store.chats.get(s, there)


def test_a_move_told_twice_or_of_nobody_changes_nothing(store: Store) -> None:
    chat = opened(store, "telegram", "-5")
    for _ in range(2):
        with store.session() as s:
            store.chats.move(s, chat, "-100777")
            store.chats.move(s, chat + 1000, "-1")
    with store.reading() as s:
        assert store.chats.get(s, chat).address == "-100777"
