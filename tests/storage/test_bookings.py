"""What is booked is kept with its trip, and its reference is nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.store import Store
from storage.tables import Booking
from tests.conftest import Clock


@pytest.fixture
def trip(store: Store, chat: int) -> str:
    with store.session() as s:
        return store.trips.create(s, chat)


def test_what_is_booked_is_found_again_in_the_order_in_which_it_was_told(
    store: Store, trip: str, chat: int, clock: Clock
) -> None:
    first = clock.now
    with store.session() as s:
        other = store.trips.create(s, chat)
        store.bookings.put(s, trip, "sgr:out", "QJH7K2", 3_000, first)
    clock.advance(timedelta(minutes=5))
    with store.session() as s:
        store.bookings.put(s, trip, "a bed")
    with store.reading() as s:
        kept = store.bookings.of_trip(s, trip)
        assert store.bookings.of_trip(s, other) == {}
    assert list(kept) == ["sgr:out", "a bed"]
    assert (kept["sgr:out"].reference, kept["sgr:out"].paid_kes, kept["sgr:out"].paid_at) == ("QJH7K2", 3_000, first)
    assert (kept["a bed"].reference, kept["a bed"].paid_kes, kept["a bed"].booked_at) == ("", None, clock.now)


def test_what_is_told_later_is_added_and_nothing_told_is_lost(store: Store, trip: str) -> None:
    for told in (("", 3_000), ("QJH7K2", None), ("", None)):
        with store.session() as s:
            store.bookings.put(s, trip, "sgr:out", *told)
    with store.reading() as s:
        (row,) = store.bookings.of_trip(s, trip).values()
    assert (row.reference, row.paid_kes) == ("QJH7K2", 3_000)


def test_what_is_not_booked_after_all_is_gone(store: Store, trip: str) -> None:
    with store.session() as s:
        store.bookings.put(s, trip, "sgr:out")
        store.bookings.drop(s, trip, "sgr:out")
        store.bookings.drop(s, trip, "never booked")
        assert store.bookings.of_trip(s, trip) == {}


def test_a_reference_is_sealed(store: Store, trip: str) -> None:
    with store.session() as s:
        store.bookings.put(s, trip, "sgr:out", "QJH7K2")
        assert "QJH7K2" not in s.scalars(select(Booking.reference)).one()
