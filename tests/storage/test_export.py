"""What is handed over about a chat is all of it, nothing of others, and opens nothing."""

from __future__ import annotations

import json

from sqlalchemy import select

from storage import codec
from storage.export import tables
from storage.store import Store
from storage.tables import Base, Link, Trip
from tests.storage.test_retention import NOBODYS, full_chat


def exported(store: Store, chat: int) -> str:
    with store.reading() as s:
        return json.dumps(store.export(s, chat), ensure_ascii=False)


def test_every_table_that_knows_the_chat_is_there(store: Store) -> None:
    chat, _ = full_chat(store, "254700111222")
    with store.reading() as s:
        found = store.export(s, chat)
    assert set(found) == set(tables()) == set(Base.metadata.tables) - NOBODYS
    assert {name for name, rows in found.items() if not rows} == set()


def test_what_is_sealed_is_readable(store: Store) -> None:
    chat, trip = full_chat(store, "254700111222")
    with store.reading() as s:
        found = store.export(s, chat)
    assert (found["chats"][0]["address"], found["chats"][0]["name"]) == ("254700111222", "Wanjiku")
    assert found["inbox"][0]["payload"] == "habari"
    assert found["documents"][0]["name"] == "trip.pdf"
    body = found["itineraries"][0]["body"]
    assert isinstance(body, dict)
    assert body["id"] == trip


def test_nothing_of_another_chat_is_there(store: Store) -> None:
    mine, my_trip = full_chat(store, "254700111222")
    _, their_trip = full_chat(store, "254799888777")
    text = exported(store, mine)
    assert my_trip in text
    assert their_trip not in text
    assert "254799888777" not in text


def test_tokens_and_lookups_are_not_there_not_even_inside_of_messages(store: Store) -> None:
    chat, trip = full_chat(store, "254700111222")
    with store.session() as s:
        token = store.trips.token(s, trip)
        link = s.scalars(select(Link.token)).one()
        message = codec.dump({"text": f"https://safiri.example/t/{token} https://safiri.example/go/{link}"})
        store.outbox.add(s, chat, message)
        hashes = [*s.scalars(select(Trip.token_hash))]
    text = exported(store, chat)
    assert "https://safiri.example/t/…" in text
    for secret in (token, link, *hashes):
        assert secret not in text


def test_a_stranger_has_nothing(store: Store) -> None:
    full_chat(store, "254700111222")
    with store.reading() as s:
        assert not any(store.export(s, 999).values())
