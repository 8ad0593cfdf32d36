"""Coach companies' own pages: what they describe for search engines is read, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.model import Offer
from providers.base import Kind, ProviderError, Status
from providers.sandbox import Simulated
from providers.sandbox import operator_pages as service
from providers.search import search_all
from providers.sources.operator_pages import OperatorPages, parse
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party
from tests.providers.online import Example, built

FIXTURES = Path(__file__).parents[1] / "fixtures" / "operator_pages"
PAGE = (FIXTURES / "composed_timetable.html").read_bytes()
OFFERED = (FIXTURES / "composed_offers.html").read_bytes()
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
QUERY = ask(Kind.BUSES, "mombasa", date(2026, 12, 12), origin="nairobi")
HERE = "https://coaches.example/timetable"


def read(body: bytes) -> Sequence[Offer]:
    return parse(body, QUERY, page=HERE, seen_at=NOW)


EXAMPLE = Example(
    query=QUERY,
    keys={},
    addresses=("OPERATOR_PAGES",),
    service=service.answer,
    too_often=lambda: services.status(429, headers={"retry-after": "90"}),
    wait=90,
    parse=read,
    path="/timetable/{origin}/{destination}?day={date}",
)


def test_described_departures_of_the_day_and_way_are_read() -> None:
    day, night = parse(PAGE, replace(QUERY, party=party(3)), page=HERE, seen_at=NOW)
    assert night.depart.isoformat() == "2026-12-12T21:00:00+03:00", "a time without an offset is Kenya's"
    assert (night.operator, night.price.kes, night.booking_url) == ("Composed Coaches", 5100, HERE)
    assert (day.depart.hour, day.price.kes) == (8, 4500)


def test_departures_offered_as_products_and_events_are_read_too() -> None:
    offered = parse(OFFERED, QUERY, page=HERE, seen_at=NOW)
    assert [(f"{offer.depart:%H:%M}", offer.operator, offer.price.kes) for offer in offered] == [
        ("06:00", "Composed Coaches", 2400),
        ("10:00", "Composed Coaches", 3600),
        ("14:00", "Composed Excursions", 2000),
    ], "a concert called after both towns is no coach, and what is sold out is left out"


def trip(**other: object) -> bytes:
    """A page with one trip on it."""
    told = {
        "@type": "BusTrip", "provider": "Composed Coaches", "departureBusStop": "Nairobi", "arrivalBusStop": "Mombasa",
        "departureTime": "2026-12-12T08:00", "arrivalTime": "2026-12-12T16:00",
        "offers": {"price": "1500", "priceCurrency": "KES"}, **other,
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'.encode()


@pytest.mark.parametrize(
    "offers",
    [
        {"price": "1,500.00", "priceCurrency": "KES"},
        {"lowPrice": 1500, "highPrice": 2500, "priceCurrency": "KES"},
        [{"price": "12", "priceCurrency": "USD"}, {"price": "1500", "priceCurrency": "KES"}],
        [{"price": price, "priceCurrency": "KES"} for price in ("1800", "1500")],
    ],
    ids=["with a comma", "from so much on", "in two currencies", "several classes"],
)
def test_the_cheapest_fare_in_shillings_counts(offers: object) -> None:
    assert [
        offer.kes for offer in (each.price for each in parse(trip(offers=offers), QUERY, page=HERE, seen_at=NOW))
    ] == [3000]


@pytest.mark.parametrize(
    "other",
    [
        {"offers": None},
        {"offers": {"price": "1500"}},
        {"offers": {"price": "12", "priceCurrency": "USD"}},
        {"offers": {"price": "0", "priceCurrency": "KES"}},
        {"offers": {"price": "1500", "priceCurrency": "KES", "availability": "https://schema.org/SoldOut"}},
        {"departureTime": "2026-12-13T08:00", "arrivalTime": "2026-12-13T16:00"},
        {"arrivalTime": "2026-12-12T07:00"},
        {"arrivalTime": "2026-12-14T07:00"},
        {"arrivalBusStop": "Kisumu"},
    ],
    ids=["no fare", "no currency", "dollars", "nothing to pay", "sold out", "another day", "arrives before it leaves",
         "two days on the road", "another town"],
)  # fmt: skip
def test_what_cannot_be_booked_for_this_way_and_day_is_left_out(other: dict[str, object]) -> None:
    assert read(trip(**other)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"departureTime": "08:00"},
        {"departureTime": "2026-12-12"},
        {"departureTime": "9999-12-31T23:00:00-12:00"},
        {"departureTime": 20261212},
        {"provider": "", "busName": 7},
        {"provider": "x" * 81},
        {"departureBusStop": None},
        {"@type": "Event"} | {"departureBusStop": None},
    ],
)
def test_a_trip_without_company_ends_or_times_is_none(other: dict[str, object]) -> None:
    with pytest.raises(ProviderError, match="has no timetable"):
        read(trip(**other))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["BusTrip", "Nairobi", "2026-12-12T08:00", "KES", "1e999999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@type", "@graph", "name", "offers", "itemOffered", "price", "priceCurrency"]), inner,
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip
FIELDS = (
    "@type",
    "provider",
    "departureBusStop",
    "arrivalBusStop",
    "departureTime",
    "arrivalTime",
    "offers",
    "itemOffered",
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4))
def test_whatever_a_trip_says_it_is_read_or_refused(other: dict[str, object]) -> None:
    try:
        offers = parse(trip(**other), QUERY, page=HERE, seen_at=NOW)
    except ProviderError:
        return
    assert all(offer.depart.date() == QUERY.start and 0 < offer.price.kes < 10**7 for offer in offers)


def test_pages_are_read_over_https_and_one_of_each_host() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, html=PAGE.decode())

    pages = "https://one.example/{date} https://one.example/more http://plain.example/ https://[bad ftp://x.example x"

    def open_http() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=Simulated(answer))

    build = built(OperatorPages, {"OPERATOR_PAGES": pages})
    (outcome,) = search_all([QUERY], [build], 5, open_http=open_http)
    assert (outcome.status, len(outcome.offers)) == (Status.OK, 2)
    assert asked == ["https://one.example/2026-12-12"]


def test_a_setting_without_an_https_address_is_said() -> None:
    (outcome,) = search_all([QUERY], [built(OperatorPages, {"OPERATOR_PAGES": "http://plain.example/"})], 5)
    assert (outcome.status, "no https address" in outcome.detail) == (Status.FAILED, True)


def test_a_page_without_descriptions_is_said_to_have_none() -> None:
    with pytest.raises(ProviderError, match="has no timetable"):
        read(b"<html><table class='bus'><tr><td>07:30</td></tr></table></html>")


def test_one_page_that_fails_does_not_take_the_others_with_it() -> None:
    with FakeService(service.answer) as well, FakeService(service.answer) as sick:
        sick.fails(services.status(500))
        pages = " ".join(f"{each.url}{EXAMPLE.path}" for each in (well, sick))
        (outcome,) = search_all([QUERY], [built(OperatorPages, {"OPERATOR_PAGES": pages})], 5)
    assert (outcome.status, len(outcome.offers)) == (Status.OK, 3)


def test_towns_and_days_are_put_into_the_address() -> None:
    with FakeService(service.answer) as fake:
        pages = {"OPERATOR_PAGES": f"{fake.url}{EXAMPLE.path}"}
        search_all(
            [ask(Kind.BUSES, "maasai-mara", date(2026, 12, 12), origin="nairobi")], [built(OperatorPages, pages)], 5
        )
        (asked,) = fake.requests
    assert asked.url.raw_path == b"/timetable/nairobi/maasai-mara?day=2026-12-12"
