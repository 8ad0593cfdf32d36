"""Deep links against vectors composed from public code, and the rules of chat buttons."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Party, Spot, SpotKind
from providers import links

FIXTURES = Path(__file__).parents[1] / "fixtures"
FLIGHTS = json.loads((FIXTURES / "flights_deeplinks" / "vectors.json").read_text())
RIDES = json.loads((FIXTURES / "transfers" / "deeplink_vectors.json").read_text())
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
AIRPORT = Spot("a", "Moi Intl Airport", "mombasa", SpotKind.AIRPORT, -4.0348, 39.5943)
HOTEL = Spot("h", "My hotel", "mombasa", SpotKind.STAY, -4.0437, 39.6682)
NOWHERE = Spot("n", "Nyali", "nyali", SpotKind.STAY)


def params(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def base(url: str) -> str:
    return url.partition("?")[0]


def test_flight_searches_are_the_known_ones() -> None:
    both = links.skyscanner("NBO", "MBA", IN, OUT, Party(2, 1, (9,)))
    assert both == FLIGHTS["skyscanner_return"]
    one_way = links.skyscanner("NBO", "MBA", IN, None, Party(1))
    assert base(one_way) == base(FLIGHTS["skyscanner_oneway"])
    assert set(params(FLIGHTS["skyscanner_oneway"])) <= set(params(one_way))
    assert links.google_flights("NBO", "MBA", IN) == FLIGHTS["google_flights_oneway"]
    assert links.google_flights("NBO", "MBA", IN, OUT) == FLIGHTS["google_flights_return"].removesuffix("&hl=en")


def test_the_known_links_that_are_not_built_are_left_out_on_purpose() -> None:
    """Two flight searches are enough; Bolt's has no word of its owner; chats refuse tel:."""
    flights = {"skyscanner_return", "skyscanner_oneway", "google_flights_return", "google_flights_oneway"}
    assert FLIGHTS.keys() - flights == {"kayak_return", "kayak_oneway"}
    rides = {"uber", "uber_my_location", "google_maps_directions", "google_maps_search"}
    chats = {"whatsapp_click_to_chat", "whatsapp_without_number"}
    assert RIDES.keys() - rides - chats == {"tel_only_in_html_or_pdf", "bolt_unverified"}


def test_rides_open_uber_and_maps() -> None:
    assert links.uber(AIRPORT, HOTEL, "Moi Avenue, Mombasa") == RIDES["uber"]
    assert links.uber(None, HOTEL) == RIDES["uber_my_location"]
    assert links.google_maps_dir(AIRPORT, HOTEL) == RIDES["google_maps_directions"]
    assert links.google_maps_search("Fort Jesus Mombasa") == RIDES["google_maps_search"]


def test_directions_to_a_place_without_a_position_go_by_its_name() -> None:
    assert dict(params(links.google_maps_dir(AIRPORT, NOWHERE)))["destination"] == "Nyali, Kenya"


def test_a_taxi_needs_a_position() -> None:
    with pytest.raises(ValueError, match="position"):
        links.uber(AIRPORT, NOWHERE)


def test_a_chat_opens_with_or_without_a_number() -> None:
    text = "Hi, I need a transfer from MBA airport on 12 Dec 2026"
    assert links.wa_me(text, "+254 700 000 000") == RIDES["whatsapp_click_to_chat"]
    assert links.wa_me("My trip plan") == RIDES["whatsapp_without_number"]


@pytest.mark.parametrize("bad", ["tel:+254700000000", "whatsapp://send", "javascript:alert(1)", "", None])
def test_a_company_link_that_chats_refuse_is_dropped(bad: str | None) -> None:
    assert links.operator_site(bad) is None
    assert links.operator_site("https://easycoachkenya.com") == "https://easycoachkenya.com"


@given(lat=st.floats(-5, 5), lon=st.floats(33, 42))
def test_a_coordinate_is_written_plainly_and_to_the_metre(lat: float, lon: float) -> None:
    for value in (lat, lon):
        text = links.coordinate(value)
        assert "e" not in text
        assert abs(float(text) - value) < 1e-6
