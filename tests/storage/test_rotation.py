"""After re-encryption the old secret can be thrown away."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
import redis
from sqlalchemy import select, update

from storage.store import Store
from storage.tables import Link
from storage.vault import Unreadable, Vault
from tests.conftest import SECRET
from tests.samples import mombasa
from tests.storage.test_retention import full_chat

NEW = "another secret, another secret, another"


def test_everything_is_readable_with_the_new_secret_alone(
    store: Store, database_url: str, redis_client: redis.Redis, vault: Vault
) -> None:
    chat, trip = full_chat(store, "+254711000111")
    with store.session() as s:
        token = store.trips.token(s, trip)
        store.optouts.add(s, "telegram", "+254711000111", last_reply=0, by_app=False)
        s.execute(update(Link).values(asks=vault.seal("how much is it?"), verdict=vault.seal("as before")))
    with closing(Store(database_url, Vault((NEW, SECRET)), redis_client)) as rotating:
        counts = rotating.reencrypt()
        assert counts == {
            "chats": 1,
            "conversations": 1,
            "inbox": 1,
            "outbox": 1,
            "tasks": 1,
            "trips": 1,
            "bookings": 1,
            "documents": 1,
            "itineraries": 1,
            "links": 1,
            "keys": 1,
        }
        assert set(rotating.reencrypt().values()) == {0}
    with closing(Store(database_url, Vault((NEW,)), redis_client)) as after, after.session() as s:
        assert after.chats.open(s, "telegram", "+254711000111") == chat
        assert after.chats.get(s, chat).name == "Wanjiku"
        assert after.optouts.of(s, "telegram", "+254711000111") is not None
        assert after.trips.by_token(s, token) == trip
        assert after.trips.token(s, trip) == token
        itinerary = after.trips.get(s, trip)
        assert itinerary is not None
        assert itinerary.days == mombasa().days
        assert after.trips.document(s, trip, None, "pdf") == ("trip.pdf", b"%PDF", 1)
        assert after.conversations.load(s, chat) == "{}"
        assert [row.payload for row in after.outbox.since(s, chat, 0)] == ["karibu"]
        link = s.execute(select(Link.asks, Link.verdict)).one()
        assert [Vault((NEW,)).open(sealed) for sealed in link if sealed] == ["how much is it?", "as before"]


def test_many_rows_are_rewritten_in_batches_and_none_is_missed(store: Store, chat: int, database_url: str) -> None:
    with store.session() as s:
        for number in range(120):
            store.outbox.add(s, chat, f"reply {number}")
    with closing(Store(database_url, Vault((NEW, SECRET)))) as rotating:
        assert rotating.reencrypt()["outbox"] == 120
    with closing(Store(database_url, Vault((NEW,)))) as after, after.reading() as s:
        assert [row.payload for row in after.outbox.owed(s, chat)] == [f"reply {n}" for n in range(120)]


def test_a_row_of_a_secret_that_was_dropped_too_early_is_said(store: Store, chat: int, database_url: str) -> None:
    with closing(Store(database_url, Vault((NEW,)))) as too_early, pytest.raises(Unreadable, match="a row of chats"):
        too_early.reencrypt()


def test_what_was_done_before_it_stopped_need_not_be_done_again(store: Store, database_url: str) -> None:
    lost = "a secret that was lost, a secret that was lost"
    chat, _ = full_chat(store, "1")
    with closing(Store(database_url, Vault((lost,)))) as stranger, stranger.session() as s:
        stranger.outbox.add(s, chat, "karibu")
    with (
        closing(Store(database_url, Vault((NEW, SECRET)))) as rotating,
        pytest.raises(Unreadable, match="a row of outbox"),
    ):
        rotating.reencrypt()
    with closing(Store(database_url, Vault((NEW, SECRET, lost)))) as again:
        counts = again.reencrypt()
    assert counts["chats"] == 0, "done the first time"
    assert counts["outbox"] == 2
    with closing(Store(database_url, Vault((NEW,)))) as after:
        assert set(after.reencrypt().values()) == {0}


def test_it_goes_on_while_travellers_write(store: Store, chat: int, database_url: str) -> None:
    with store.session() as s:
        for number in range(200):
            store.outbox.add(s, chat, f"reply {number}")
    stop, serving_one = threading.Event(), Store(database_url, Vault((SECRET, NEW)))
    written = 0

    def serve() -> None:
        """A process that was not restarted last: it knows both keys, and still writes under the old one."""
        nonlocal written
        while not stop.is_set():
            with serving_one.session() as s:
                assert serving_one.chats.open(s, "telegram", "4711") == chat
                serving_one.conversations.save(s, chat, f'{{"turn": {written}}}')
                serving_one.outbox.add(s, chat, f"new {written}")
                written += 1

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        with closing(Store(database_url, Vault((NEW, SECRET)))) as rotating:
            rotating.reencrypt()
    finally:
        stop.set()
        serving.join()
        serving_one.close()
    assert written
    with closing(Store(database_url, Vault((NEW, SECRET)))) as restarted:
        restarted.reencrypt()
    with closing(Store(database_url, Vault((NEW,)))) as after, after.session() as s:
        assert after.chats.open(s, "telegram", "4711") == chat
        assert len(after.outbox.owed(s, chat)) == 200 + written
        assert after.conversations.load(s, chat) == f'{{"turn": {written - 1}}}'
