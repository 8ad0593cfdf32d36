"""Trips come back in every version, with their files, and are shared by token only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from planner.model import Basis, ItemType, Itinerary
from storage.db import Gone
from storage.store import Store
from storage.tables import TripItem
from tests.conftest import Clock
from tests.samples import fortnight, mombasa


@pytest.fixture
def trip(store: Store, chat: int) -> str:
    with store.session() as s:
        return store.trips.create(s, chat)


def version(trip: str, number: int, title: str = "Mombasa") -> Itinerary:
    return replace(mombasa(), id=trip, version=number, title=title)


def save(store: Store, *itineraries: Itinerary) -> None:
    with store.session() as s:
        for itinerary in itineraries:
            store.trips.save(s, itinerary)


def test_a_saved_itinerary_comes_back_equal(store: Store, trip: str) -> None:
    saved = replace(fortnight(), id=trip, version=1)
    save(store, saved)
    with store.reading() as s:
        assert store.trips.get(s, trip) == saved


def test_the_latest_version_is_the_default_and_older_ones_stay(store: Store, trip: str) -> None:
    save(store, *(version(trip, number, f"v{number}") for number in (1, 2, 10)))
    with store.reading() as s:
        titles = [found.title for n in (None, 1, 2) if (found := store.trips.get(s, trip, n))]
        assert titles == ["v10", "v1", "v2"]
        assert store.trips.get(s, trip, 3) is None
        assert (store.trips.newest(s, trip), store.trips.newest(s, "nobody")) == (10, None)


def test_a_version_saved_again_replaces_itself_with_its_items(store: Store, trip: str) -> None:
    save(store, version(trip, 1, "first"))
    shorter = replace(version(trip, 1, "again"), days=mombasa().days[:1])
    save(store, shorter)
    with store.reading() as s:
        assert store.trips.get(s, trip) == shorter
        items = s.scalars(select(TripItem.item_id).where(TripItem.trip_id == trip).order_by(TripItem.position)).all()
    assert items == [item.id for item in shorter.items]


def test_items_can_be_asked_for_in_sql(store: Store, trip: str) -> None:
    itinerary = version(trip, 1)
    save(store, itinerary)
    with store.reading() as s:
        rows = s.scalars(select(TripItem).where(TripItem.trip_id == trip).order_by(TripItem.position)).all()
        trains = s.scalars(select(TripItem.title).where(TripItem.type == ItemType.TRAIN)).all()
    expected = [
        (i.id, i.type, i.title, i.start, i.end, i.price and i.price.kes, i.price and i.price.basis)
        for i in itinerary.items
    ]
    assert [(r.item_id, r.type, r.title, r.starts_at, r.ends_at, r.price_kes, r.basis) for r in rows] == expected
    assert sum(r.price_kes or 0 for r in rows) == itinerary.total_kes
    assert len(trains) == 2
    assert {r.basis for r in rows} >= {Basis.GUIDE, Basis.ESTIMATE}


def test_a_trip_that_was_never_created_is_not_saved(store: Store) -> None:
    with pytest.raises(Gone), store.session() as s:
        store.trips.save(s, version("nobody", 1))
    with store.reading() as s:
        assert store.trips.get(s, "nobody") is None


def test_a_chat_sees_its_planned_trips_newest_first_and_no_others(store: Store, chat: int, clock: Clock) -> None:
    made = []
    with store.session() as s:
        other = store.chats.open(s, "telegram", "4712")
        for owner in (chat, other, chat, chat):
            made.append(store.trips.create(s, owner))
            clock.advance(timedelta(minutes=1))
    first, foreign, second, unplanned = made
    save(store, version(first, 1), version(foreign, 1), version(second, 1, "draft"), version(second, 2, "final"))
    with store.reading() as s:
        rows = store.trips.of_chat(s, chat)
        assert [store.trips.chat_of(s, trip) for trip in (foreign, unplanned, "nobody")] == [other, chat, None]
    assert [(row.id, row.version, row.title) for row in rows] == [(second, 2, "final"), (first, 1, "Mombasa")]
    request = mombasa().request
    assert (rows[0].first_day, rows[0].last_day, rows[0].total_kes) == (
        request.start,
        request.end,
        mombasa().total_kes,
    )


def test_a_share_token_is_made_once_and_leads_to_its_trip(store: Store, chat: int, trip: str) -> None:
    with store.session() as s:
        token = store.trips.token(s, trip)
        other = store.trips.token(s, store.trips.create(s, chat))
    with store.session() as s:
        assert store.trips.token(s, trip) == token != other
        assert store.trips.by_token(s, token) == trip
    assert len(token) == 22  # 128 bits


@pytest.mark.parametrize("token", ["", "x", "None", "\0"])
def test_any_other_token_leads_nowhere(store: Store, trip: str, token: str) -> None:
    with store.reading() as s:
        assert store.trips.by_token(s, token) is None
        assert store.trips.by_token(s, trip) is None


def test_a_revoked_token_leads_nowhere_and_the_next_is_new(store: Store, trip: str) -> None:
    with store.session() as s:
        token = store.trips.token(s, trip)
        store.trips.revoke(s, trip)
        assert store.trips.by_token(s, token) is None
        assert store.trips.token(s, trip) != token


def test_a_file_comes_back_by_version_or_as_the_latest(store: Store, trip: str) -> None:
    with store.session() as s:
        store.trips.put_document(s, trip, 1, "pdf", "one.pdf", b"%PDF-1")
        store.trips.put_document(s, trip, 2, "pdf", "two.pdf", b"%PDF-2 draft")
        store.trips.put_document(s, trip, 2, "pdf", "two.pdf", b"%PDF-2\0\xff")
        store.trips.put_document(s, trip, 1, "ics", "one.ics", b"BEGIN:VCALENDAR")
    with store.reading() as s:
        assert store.trips.document(s, trip, None, "pdf") == ("two.pdf", b"%PDF-2\0\xff", 2)
        assert store.trips.document(s, trip, 1, "pdf") == ("one.pdf", b"%PDF-1", 1)
        assert store.trips.document(s, trip, None, "ics") == ("one.ics", b"BEGIN:VCALENDAR", 1)
        assert store.trips.document(s, trip, 2, "ics") is None
        assert [store.trips.drawn(s, trip, n) for n in (1, 2, 3)] == [{"pdf", "ics"}, {"pdf"}, set()]
        assert store.trips.document(s, "nobody", None, "pdf") is None
