"""Forgetting a chat leaves nothing of it; old and finished things go, needed ones stay."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.channel import Chat as Address
from storage import retention
from storage.store import Store
from storage.tables import Answer, Base
from tests.conftest import Clock
from tests.samples import mombasa

MONTH = timedelta(days=30)
NOBODYS = {"answers", "contents", "keys", "optouts"}  # tables that know no chats


def counts(store: Store) -> dict[str, int]:
    with store.reading() as s:
        return {
            table.name: s.scalars(select(func.count()).select_from(table)).one()
            for table in Base.metadata.tables.values()
            if table.name not in NOBODYS
        }


def full_chat(store: Store, address: str) -> tuple[int, str]:
    """A chat with a row in every table, all of it finished."""
    with store.session() as s:
        chat = store.chats.open(s, "telegram", address, "Wanjiku")
        message = store.inbox.accept(s, chat, "telegram", f"message of {address}", "habari")
        assert message is not None
        store.inbox.done(s, message)
        reply = store.outbox.add(s, chat, "karibu")
        store.outbox.sent(s, reply)
        store.fates.took(s, chat, "telegram", f"sent to {address}", reply, 0, None)
        store.windows.close(s, chat)
        store.tasks.done(s, store.tasks.add(s, chat, "plan", "{}"))
        store.conversations.save(s, chat, "{}")
        trip = store.trips.create(s, chat)
        store.trips.save(s, replace(mombasa(), id=trip))
        store.trips.put_document(s, trip, 1, "pdf", "trip.pdf", b"%PDF")
        store.trips.token(s, trip)
        store.bookings.put(s, trip, "sgr:out", "QJH7K2", 3_000)
        store.links.follow(s, store.links.shorten(s, "https://example.org/", trip, "a"))
    store.sent_ids("telegram").put(Address("telegram", address), "plan", "1")
    return chat, trip


def test_forgetting_a_chat_leaves_nothing_of_it_and_all_of_the_others(store: Store, redis_client: redis.Redis) -> None:
    full_chat(store, "1")
    alone = counts(store)
    assert all(alone.values())
    chat, trip = full_chat(store, "2")
    assert counts(store) == {name: 2 * count for name, count in alone.items()}
    with store.session() as s:
        assert store.forget(s, chat)
    assert counts(store) == alone
    assert redis_client.get(f"safiri:conversation:{chat}") is None
    with store.reading() as s:
        assert store.chats.find(s, "telegram", "2") is None
        assert store.trips.get(s, trip) is None
        assert store.conversations.load(s, chat) is None


def test_forgetting_nobody_is_said(store: Store) -> None:
    with store.session() as s:
        assert not store.forget(s, 99)


def test_finishing_what_was_forgotten_meanwhile_is_no_error(store: Store, chat: int) -> None:
    with store.session() as s:
        message = store.inbox.accept(s, chat, "telegram", "1", "DELETE MY DATA")
        assert message is not None
        row = store.inbox.get(s, message)
        store.forget(s, chat)
        store.inbox.done(s, message)
        store.inbox.fail(s, row, "gone")
        store.outbox.sent(s, 1)
        store.tasks.done(s, 1)
        store.conversations.forget(s, chat)


def test_purging_leaves_what_is_younger(store: Store, clock: Clock) -> None:
    full_chat(store, "1")
    before = counts(store)
    removed = store.purge(timedelta())
    assert set(removed.values()) == {0}
    assert counts(store) == before


def test_purging_removes_finished_things_and_keeps_the_trip_that_is_ahead(store: Store, clock: Clock) -> None:
    full_chat(store, "1")
    clock.advance(timedelta(seconds=1))
    removed = store.purge(timedelta())
    assert removed == {
        "inbox": 1,
        "fates": 1,
        "outbox": 1,
        "tasks": 1,
        "documents": 1,
        "sent_ids": 1,
        "clicks": 1,
        "links": 0,
        "answers": 0,
        "chats": 0,
    }
    left = counts(store)
    assert left["itineraries"] == left["chats"] == left["conversations"] == 1


def test_what_is_still_owed_is_never_purged(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        store.inbox.accept(s, chat, "telegram", "1", "habari")
        store.outbox.add(s, chat, "karibu")
        store.tasks.add(s, chat, "plan", "{}")
    before = counts(store)
    clock.advance(12 * MONTH)
    store.purge(timedelta())
    assert counts(store) == before


def test_a_reply_that_waits_for_a_silent_traveller_does_not_keep_them_for_ever(
    store: Store, chat: int, clock: Clock
) -> None:
    with store.session() as s:
        store.outbox.add(s, chat, "karibu")
    assert store.purge(timedelta())["chats"] == 0
    clock.advance(MONTH + timedelta(days=2))
    assert store.purge(MONTH)["chats"] == 1


def test_a_silent_chat_goes_with_everything_once_its_last_trip_is_over(store: Store, clock: Clock) -> None:
    full_chat(store, "1")
    ended = mombasa().request.end
    clock.advance(timedelta(days=(ended - clock.now.date()).days))
    assert store.purge(timedelta())["chats"] == 0
    clock.advance(timedelta(days=1))
    assert store.purge(timedelta())["chats"] == 1
    assert not any(counts(store).values())


def test_a_chat_that_wrote_lately_stays(store: Store, clock: Clock) -> None:
    with store.session() as s:
        store.chats.open(s, "telegram", "silent")
        store.chats.open(s, "telegram", "talking")
    clock.advance(MONTH)
    with store.session() as s:
        store.chats.open(s, "telegram", "talking")
    clock.advance(timedelta(days=2))
    assert store.purge(MONTH)["chats"] == 1
    with store.session() as s:
        assert store.chats.find(s, "telegram", "talking") is not None


def test_answers_of_sources_go_as_soon_as_they_count_no_more(store: Store, clock: Clock) -> None:
    store.memory.keep("an hour", mombasa(), 3600)
    store.memory.keep("a day", mombasa(), 86_400)
    clock.advance(timedelta(hours=1))
    assert store.purge(6 * MONTH)["answers"] == 1
    with store.reading() as s:
        assert s.scalars(select(Answer.key)).all() == ["a day"]


def test_many_rows_go_in_short_transactions_between_which_others_write(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        for _ in range(3 * retention.BATCH + 1):
            store.outbox.sent(s, store.outbox.add(s, chat, "karibu"))
    clock.advance(MONTH)
    begun = store.session
    between: list[int] = []

    def watched() -> AbstractContextManager[Session]:
        with begun() as s:  # somebody else's turn
            between.append(store.outbox.add(s, chat, "still owed"))
        return begun()

    removed = retention.purge(store.reading, watched, clock.now - timedelta(days=1), clock.now)
    assert removed["outbox"] == 3 * retention.BATCH + 1
    assert len(between) >= 4
    with store.reading() as s:
        assert [row.id for row in store.outbox.owed(s, chat)] == between


def test_one_call_has_an_end_and_the_next_goes_on(
    store: Store, chat: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "RUN", 2)
    with store.session() as s:
        for _ in range(5):
            store.outbox.sent(s, store.outbox.add(s, chat, "karibu"))
    clock.advance(MONTH)
    with store.session() as s:
        store.chats.open(s, "telegram", "4711")  # so that it is the replies that go, not the chat
    assert [store.purge(timedelta(days=1))["outbox"] for _ in range(3)] == [4, 1, 0]
