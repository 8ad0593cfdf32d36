"""After re-encryption the old secret can be thrown away."""

from __future__ import annotations

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
    with closing(Store(database_url, Vault((NEW,)))) as too_early, pytest.raises(Unreadable):
        too_early.reencrypt()
