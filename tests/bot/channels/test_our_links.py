"""Every address we build ourselves is one that Telegram takes for a button: one it refuses loses the whole message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._telegram_html import acceptable
from planner.model import Party, Spot, SpotKind
from providers import links
from providers.hotel_links import hotel_search, redated
from tests.fakes.telegram_rules import checked_link

IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
BED = Spot("s", "Bed", "mombasa", SpotKind.STAY, -4.0437, 39.6682)
SETTINGS = {
    "plain": {},
    "direct": {"BOOKING_AID": "1234567"},
    "Awin": {"BOOKING_AWIN_MID": "6776", "BOOKING_AWIN_AFFID": "999999"},
    "CJ": {"BOOKING_CJ_PID": "7000001", "BOOKING_CJ_AID": "8000002"},
}
PARTIES = st.builds(Party, st.integers(1, 9), st.integers(0, 6))


def taken(url: str) -> bool:
    """By our own rule and by the one of the server, which both must hold."""
    return acceptable(url) and checked_link(url, "button URL") == url


@pytest.mark.parametrize("keys", SETTINGS.values(), ids=SETTINGS)
@given(where=st.text(max_size=40), party=PARTIES, most=st.none() | st.integers(1, 10**7))
def test_searches_for_hotels(keys: dict[str, str], where: str, party: Party, most: int | None) -> None:
    url = hotel_search(where, IN, OUT, party, keys, rooms=party.adults, max_per_night=most)
    assert taken(url)
    assert taken(redated(url, IN, date(2027, 1, 2), budget=50_000))


@given(party=PARTIES, back=st.none() | st.just(OUT))
def test_searches_for_flights(party: Party, back: date | None) -> None:
    assert taken(links.skyscanner("NBO", "MBA", IN, back, party))
    assert taken(links.google_flights("NBO", "MBA", IN, back))


@given(name=st.text(max_size=60), lat=st.floats(-5, 5), lon=st.floats(33, 42))
def test_rides_ways_and_chats(name: str, lat: float, lon: float) -> None:
    spot = Spot("x", name, "mombasa", SpotKind.SIGHT, lat, lon)
    assert all(taken(url) for url in _rides(spot))


def _rides(spot: Spot) -> Iterator[str]:
    yield links.uber(spot, BED, spot.name)
    yield links.uber(None, spot)
    yield links.google_maps_dir(spot, BED)
    yield links.google_maps_dir(BED, Spot("y", spot.name, "mombasa", SpotKind.SIGHT))
    yield links.google_maps_search(spot.name)
    yield links.wa_me(spot.name, "+254700000000")
    yield links.wa_me(spot.name)


def test_front_pages() -> None:
    assert taken(links.SGR)
    assert taken(links.BUUPASS)
