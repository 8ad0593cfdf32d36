"""schema.org data in pages: every way in which sites write it, and whatever else comes along."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import jsonld
from providers.listings import Listing, Tickets

FIXTURES = Path(__file__).parents[1] / "fixtures"
MOMBASA = (FIXTURES / "eventbrite" / "composed_browse_page_kenya--mombasa.html").read_bytes()
LAMU = (FIXTURES / "events_ke" / "composed_generic_jsonld_event_page.html").read_bytes()
NAMES = [
    *("@type", "@graph", "itemListElement", "item", "name", "startDate", "endDate", "location", "geo", "address"),
    *("offers", "price", "priceCurrency", "latitude", "url", "eventStatus"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


def page(*nodes: object) -> bytes:
    blocks = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    return f"<html><head>{blocks}</head><body></body></html>".encode()


def event(**more: Any) -> dict[str, object]:
    return {"@type": "Event", "name": "Jazz", "startDate": "2026-12-12", **more}


def only(**more: Any) -> Listing:
    (found,) = jsonld.events(page(event(**more)))
    return found


def test_a_city_page_is_a_list_of_events() -> None:
    found = jsonld.events(MOMBASA)
    assert [listing.title for listing in found] == [
        "Mombasa Beach Festival",
        "Swahili Food Walk in Old Town",
        "Free Community Beach Clean-up",
        "Kenya Startup Webinar",
        "Sold-out Rooftop Party",
    ]
    assert found[0] == Listing(
        title="Mombasa Beach Festival",
        url="https://www.eventbrite.com/e/mombasa-beach-festival-tickets-1200000000001",
        day=date(2026, 12, 12),
        last_day=date(2026, 12, 13),
        venue="Mama Ngina Waterfront",
        town="Mombasa",
        country="KE",
        lat=-4.0745,
        lon=39.6766,
    )
    assert [listing.online for listing in found] == [False, False, False, True, False]


def test_a_graph_with_a_broken_block_beside_it_gives_its_event() -> None:
    assert jsonld.events(LAMU) == [
        Listing(
            title="Lamu Cultural Festival",
            url="https://example.org/lamu",
            day=date(2026, 12, 10),
            clock=time(9),
            last_day=date(2026, 12, 12),
            closes=time(22),
            venue="Lamu Old Town",
            town="Lamu",
            country="KE",
            tickets=Tickets(Decimal(500), Decimal(3000)),
            words=("Music",),
        )
    ]


def test_all_nodes_are_handed_out_for_other_uses() -> None:
    trip = {"@type": "BusTrip", "departureTime": "2026-12-12T08:00:00"}
    nodes = jsonld.blocks(page([{"@graph": [trip]}], {"@type": "ItemList", "itemListElement": [{"item": trip}]}))
    assert [node for node in nodes if node.get("@type") == "BusTrip"] == [trip, trip]


def test_amounts_are_exact() -> None:
    (node,) = jsonld.blocks(page({"price": 0.1}))
    assert node["price"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("raw", "day", "clock"),
    [
        ("2026-12-12", date(2026, 12, 12), None),
        ("2026-12-12T16:00", date(2026, 12, 12), time(16)),
        ("2026-12-12 16:00:00", date(2026, 12, 12), time(16)),
        ("2026-12-12T16:00:00+03:00", date(2026, 12, 12), time(16)),
        ("2026-12-12T16:00:00.000Z", date(2026, 12, 12), time(19)),
        ("2026-12-12T22:30:00Z", date(2026, 12, 13), time(1, 30)),
    ],
)
def test_times_are_those_of_kenya(raw: str, day: date, clock: time | None) -> None:
    found = only(startDate=raw)
    assert (found.day, found.clock) == (day, clock)


@pytest.mark.parametrize(
    "raw", ["", "soon", "2026-13-40", "12 Dec 2026", 20261212, None, "0001-01-01T00:00:00Z", ["x"]]
)
def test_without_a_day_it_is_no_event(raw: object) -> None:
    assert jsonld.events(page(event(startDate=raw))) == []


def test_midnight_to_midnight_is_a_whole_day() -> None:
    found = only(startDate="2026-12-12T00:00:00+03:00", endDate="2026-12-13T00:00:00+03:00")
    assert (found.day, found.clock, found.last_day, found.closes) == (
        date(2026, 12, 12),
        None,
        date(2026, 12, 12),
        None,
    )
    assert only(startDate="2026-12-12T00:00:00", endDate="2026-12-12T05:00:00").clock == time(0)


@pytest.mark.parametrize(
    ("location", "venue", "town"),
    [
        ("Fort Jesus, Mombasa", "Fort Jesus, Mombasa", ""),
        ({"name": "Fort Jesus", "address": "Nkrumah Road, Mombasa"}, "Fort Jesus", "Nkrumah Road, Mombasa"),
        ([{"name": "Fort Jesus", "address": {"addressLocality": "Mombasa"}}, "elsewhere"], "Fort Jesus", "Mombasa"),
        ([{"@type": "VirtualLocation"}, {"name": "A", "address": [{"addressRegion": "Nairobi"}]}], "A", "Nairobi"),
        ({"address": {"streetAddress": "1 Moi Ave", "addressLocality": "Westlands", "addressRegion": "Nairobi"}},
         "1 Moi Ave", "Westlands, Nairobi"),
        (None, "", ""),
        (7, "", ""),
    ],
)  # fmt: skip
def test_a_location_is_written_in_many_ways(location: object, venue: str, town: str) -> None:
    found = only(location=location)
    assert (found.venue, found.town, found.online) == (venue, town, False)


def test_a_country_may_be_a_node_and_a_position_text() -> None:
    place = {"name": "x", "address": {"addressCountry": {"@type": "Country", "name": "Kenya"}},
             "geo": {"latitude": "-4.05", "longitude": 39.66}}  # fmt: skip
    found = only(location=place)
    assert (found.country, found.lat, found.lon) == ("Kenya", -4.05, 39.66)


@pytest.mark.parametrize(
    "geo", [{"latitude": 0, "longitude": 0}, {"latitude": "x"}, {"latitude": 91, "longitude": 1}, 5]
)
def test_a_position_that_cannot_be_is_none(geo: object) -> None:
    assert only(location={"name": "x", "geo": geo}).lat is None


@pytest.mark.parametrize(
    ("offers", "tickets"),
    [
        ({"price": "1,500", "priceCurrency": "KES"}, Tickets(Decimal(1500), Decimal(1500))),
        ({"lowPrice": 500, "highPrice": 2000.50, "priceCurrency": "KES"}, Tickets(Decimal(500), Decimal("2000.5"))),
        ([{"price": 20, "priceCurrency": "USD"}, {"price": 2500, "priceCurrency": "KES"}],
         Tickets(Decimal(2500), Decimal(2500))),
        ({"price": 20, "priceCurrency": "usd"}, Tickets(Decimal(20), Decimal(20), "USD")),
        ([{"price": 900, "priceCurrency": "KES", "availability": "https://schema.org/SoldOut"},
          {"price": 1200, "priceCurrency": "KES"}], Tickets(Decimal(1200), Decimal(1200))),
        ({"price": "0", "priceCurrency": "KES"}, Tickets(Decimal(0), Decimal(0))),
        ({"price": "ask", "priceCurrency": "KES"}, None),
        ({"price": -5, "priceCurrency": "KES"}, None),
        ({"price": 1500}, None),
        ("https://example.org", None),
        (None, None),
    ],
)  # fmt: skip
def test_prices_are_written_in_many_ways(offers: object, tickets: Tickets | None) -> None:
    assert only(offers=offers).tickets == tickets


def test_what_is_free_or_sold_out_says_so() -> None:
    assert only(isAccessibleForFree=True).tickets == Tickets(Decimal(0), Decimal(0))
    assert only(offers={"price": 5, "priceCurrency": "KES", "availability": "http://schema.org/SoldOut"}).sold_out


@pytest.mark.parametrize(
    ("status", "off", "online"),
    [
        ("https://schema.org/EventScheduled", False, False),
        ("EventCancelled", True, False),
        ("http://schema.org/EventPostponed", True, False),
        ("https://schema.org/EventRescheduled", False, False),
        ("https://schema.org/EventMovedOnline", False, True),
    ],
)
def test_a_status_may_call_it_off(status: str, off: bool, online: bool) -> None:
    found = only(eventStatus=status)
    assert (found.off, found.online) == (off, online)


def test_an_online_event_is_told_by_its_mode_or_its_place() -> None:
    assert only(eventAttendanceMode="https://schema.org/OnlineEventAttendanceMode").online
    assert not only(eventAttendanceMode="https://schema.org/MixedEventAttendanceMode", location="KICC").online
    assert only(location={"@type": "VirtualLocation", "url": "https://example.org"}).online


@pytest.mark.parametrize(
    "kind", ["MusicEvent", "schema:Event", "https://schema.org/ComedyEvent", ["Thing", "Festival"]]
)
def test_kinds_of_events_are_events(kind: object) -> None:
    assert len(jsonld.events(page(event() | {"@type": kind}))) == 1


@pytest.mark.parametrize("kind", ["Organization", "EventVenue", None, 3, []])
def test_other_things_are_not(kind: object) -> None:
    assert jsonld.events(page(event() | {"@type": kind})) == []


def test_long_words_are_cut_and_endless_lists_end() -> None:
    assert len(only(name="x" * 10_000).title) == 300
    assert len(jsonld.blocks(page([event()] * 5_000))) == 2_000


def test_deep_nesting_is_no_event() -> None:
    deep = b"[" * 200_000
    assert jsonld.events(b'<script type="application/ld+json">' + deep + b"</script>") == []


def test_scripts_that_never_end_are_read_quickly() -> None:
    assert jsonld.blocks(b'<script type="application/ld+json">' * 50_000) == []


def test_what_a_script_assigns_ends_where_its_value_does() -> None:
    data = jsonld.assigned(MOMBASA, b"window.__SERVER_DATA__")
    assert isinstance(data, dict)
    assert (data["placeId"], data["citySlug"]) == ("100000001", "kenya--mombasa")
    assert jsonld.assigned(b'x = {"a": "};"}; y = {};', b"x") == {"a": "};"}
    assert jsonld.assigned(b"x = {broken", b"x") is None
    assert jsonld.assigned(b"nothing", b"x") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    assert jsonld.events(body) == []
    assert jsonld.events(b'<script type="application/ld+json">' + body + b"</script>") == []


@given(JSON)
def test_any_json_is_read(value: object) -> None:
    for listing in jsonld.events(page(value, event(location=value, offers=value, endDate=value, url=value))):
        assert listing.title
        assert 2000 <= listing.day.year <= 2100
        assert listing.tickets is None or listing.tickets.low >= 0
