"""Hotels of Booking.com's Demand API: what is asked, and what becomes of rates as they are sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Party, StayClass, StayOffer
from providers.base import Kind, ProviderError, Query, Status
from providers.fx import Rates
from providers.guidebook import KENYA_TIME
from providers.hotel_links import is_affiliate
from providers.sandbox import Simulated
from providers.sandbox import booking as service
from providers.sources import booking
from providers.sources.booking import MOST, Booking, search_request
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party, place
from tests.providers.online import RATES, Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "booking"
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_demand_accommodations_search.json").read_text())
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
QUERY = ask(Kind.HOTELS, "mombasa", IN, OUT)


def parse(body: bytes, query: Query = QUERY, rates: Rates | None = RATES) -> list[StayOffer]:
    return booking.parse(body, query, seen_at=SEEN, rates=rates)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("BOOKING_DEMAND_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, b'{"errors": []}', {"retry-after": "25"}),
    wait=25,
    parse=parse,
)


def hotel(**changes: Any) -> dict[str, Any]:
    """The composed hotel with other fields in its place; one of None is left out."""
    (found,) = COMPOSED["response"]["body"]["data"]
    return {name: value for name, value in {**found, **changes}.items() if value is not None}


def answer(*hotels: dict[str, Any]) -> bytes:
    return json.dumps({"request_id": "01h", "data": list(hotels), "next_page": None}).encode()


def only(changed: dict[str, Any], query: Query = QUERY) -> StayOffer:
    (offer,) = parse(answer(changed), query)
    return offer


def test_the_composed_hotel_is_read_in_full() -> None:
    (offer,) = parse(json.dumps(COMPOSED["response"]["body"]).encode(), rates=None)
    assert (offer.id, offer.name, offer.provider) == ("stay:mombasa:booking-10004", "Example", "booking")
    assert (offer.spot.id, offer.spot.place) == ("stay:mombasa", "mombasa")
    assert (offer.stay_class, offer.stars, offer.rooms, offer.sleeps) == (StayClass.BUDGET, None, 1, 2)
    assert offer.nightly is not None
    assert (offer.nightly.kes, offer.nightly.amount, offer.nightly.currency) == (7_154, Decimal("7153.34"), "KES")
    assert (offer.nightly.basis, offer.nightly.source, offer.nightly.seen_at) == (Basis.LIVE, "Booking.com", SEEN)
    assert offer.nightly.note == "KES 21,460 for all 3 nights"
    assert offer.booking_url == "https://www.booking.com/hotel/ke/example.html?aid=1234567"
    assert is_affiliate(offer.booking_url)
    assert offer.notes == ("Its stars are not stated",)


def test_it_is_let_for_exactly_the_nights_asked_for() -> None:
    offer = only(hotel())
    assert offer.is_let(IN, 3)
    assert not offer.is_let(IN, 4)
    assert not offer.is_let(date(2026, 12, 11), 2)


def test_the_question_is_put_as_documented_by_position() -> None:
    family = ask(Kind.HOTELS, "mombasa", IN, OUT, who=party(2, 1, ages=(9,)))
    known = {**COMPOSED["request"]["body"]}
    known["coordinates"] = {"latitude": place("mombasa").lat, "longitude": place("mombasa").lon, "radius": 10}
    del known["city"]
    assert search_request(family) == known
    with FakeService(service.answer) as fake:
        keys = {**EXAMPLE.keys, "BOOKING_AID": "1234567"}
        assert asked_at(Booking, replace(EXAMPLE, query=family, keys=keys), f"{fake.url}/").status is Status.OK
        (request,) = fake.requests
    assert (request.method, request.url.path) == ("POST", "/3.1/accommodations/search")
    assert request.headers["authorization"] == f"Bearer {service.KEYS['BOOKING_DEMAND_TOKEN']}"
    assert request.headers["x-affiliate-id"] == "1234567"
    assert json.loads(request.content) == known


def test_a_party_of_several_rooms_is_asked_for_and_told_as_such() -> None:
    query = ask(Kind.HOTELS, "mombasa", IN, OUT, who=party(5, 2))
    assert search_request(query)["guests"] == {"number_of_adults": 5, "number_of_rooms": 3, "children": [8, 8]}
    offer = only(hotel(), query)
    assert (offer.rooms, offer.sleeps, offer.kes) == (3, 7, 7_154)
    assert offer.notes[1:] == ("The price is for 3 rooms", "Children are priced as 8 years old")


def test_the_name_is_that_of_its_page_without_the_language() -> None:
    page = "https://www.booking.com/hotel/ke/sample-beach-lodge.en-gb.html?aid=1"
    assert only(hotel(url=page)).name == "Sample Beach Lodge"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.booking.com/hotel/ke/example.html",
        "https://booking.com.example/hotel/ke/example.html",
        "https://notbooking.com/hotel/ke/example.html",
        "https://www.booking.com/searchresults.html?ss=Mombasa",
        "javascript:alert(1)",
        "https://[",
        "",
    ],
)
def test_a_hotel_without_a_page_of_booking_is_left_out_and_the_others_stay(url: str) -> None:
    assert [offer.id for offer in parse(answer(hotel(id=7, url=url), hotel()))] == ["stay:mombasa:booking-10004"]


@pytest.mark.parametrize(
    "changed",
    [
        hotel(price={"base": 18500, "book": 21460}),
        hotel(price={"display": 21460}),
        hotel(price={"total": 0}),
        hotel(price={"total": -5}),
        hotel(price={"total": "many"}),
        hotel(price={"total": 10**12}),
        hotel(price=21460),
        hotel(currency="Ksh"),
        hotel(currency=None),
        hotel(url=None),
        hotel(id="ten"),
    ],
)
def test_a_price_whose_meaning_is_not_known_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="another shape"):
        parse(answer(hotel(), changed))


def test_the_older_key_of_the_list_is_refused_too() -> None:
    with pytest.raises(ProviderError, match="another shape"):
        parse(json.dumps({"result": [hotel()]}).encode())


def test_no_rooms_anywhere_is_an_answer() -> None:
    assert parse(answer()) == []


def test_other_currencies_are_converted_and_say_so() -> None:
    offer = only(hotel(currency="USD", price={"total": 189.0}))
    assert offer.nightly is not None
    assert (offer.nightly.amount, offer.nightly.kes) == (Decimal("63.00"), 8_143)
    assert "for all 3 nights; ≈ USD 63.00 at KES 129.25" in offer.nightly.note


def test_a_currency_without_a_rate_is_left_out_and_with_nothing_else_an_error() -> None:
    strange = hotel(id=7, currency="XTS")
    assert [offer.id for offer in parse(answer(strange, hotel()))] == ["stay:mombasa:booking-10004"]
    with pytest.raises(ProviderError, match="in XTS, for which there is no rate"):
        parse(answer(strange))


def test_each_hotel_is_offered_once_at_its_best_and_only_the_cheapest_are() -> None:
    twice = parse(answer(hotel(price={"total": 30_000}), hotel(), hotel(price={"total": 25_000})))
    assert [offer.kes for offer in twice] == [7_154]
    many = parse(answer(*(hotel(id=n, price={"total": 90_000 - 30 * n}) for n in range(1, 60))))
    assert len(many) == MOST
    assert [offer.kes for offer in many] == sorted(offer.kes for offer in many)
    assert many[0].id == "stay:mombasa:booking-59"


def test_it_is_asked_within_what_it_accepts() -> None:
    today = datetime.now(KENYA_TIME).date()

    def covered(ahead: int, nights: int, town: str = "mombasa") -> bool:
        first = today + timedelta(ahead)
        query = ask(Kind.HOTELS, town, first, first + timedelta(nights))
        return Booking(httpx.AsyncClient(), service.KEYS).covers(query)

    assert covered(30, 1)
    assert covered(30, 90)
    assert not covered(30, 91)
    assert not covered(30, 0)
    assert covered(499, 2)
    assert not covered(502, 2)
    assert place("nyali").lat is None
    assert not covered(30, 2, "nyali"), "it has no position"


def test_what_bookings_own_sandbox_says_is_a_sample() -> None:
    def asked(url: str) -> Sequence[Any]:
        found = asked_with(url)
        return [(offer.nightly.sample, offer.nightly.basis) for offer in found if offer.nightly]

    assert set(asked("https://demandapi.booking.com")) == {(False, Basis.LIVE)}
    assert set(asked("https://demandapi-sandbox.booking.com")) == {(True, Basis.ESTIMATE)}


def asked_with(url: str) -> list[StayOffer]:
    """The offers at this address, answered without a network."""

    async def search() -> list[StayOffer]:
        async with httpx.AsyncClient(transport=Simulated(service.answer)) as http:
            found = await Booking(http, {**service.KEYS, "BOOKING_DEMAND_URL": url}).search(QUERY)
            return [offer for offer in found if isinstance(offer, StayOffer)]

    return asyncio.run(search())


def test_the_simulated_service_is_plain_about_what_it_does_not_take() -> None:
    def told(body: object = None, path: str = "/3.1/accommodations/search", **headers: str) -> int:
        known = {"authorization": f"Bearer {service.KEYS['BOOKING_DEMAND_TOKEN']}", "x-affiliate-id": "1"}
        asked = search_request(QUERY) if body is None else body
        url = f"https://demandapi.booking.com{path}"
        return service.answer(httpx.Request("POST", url, headers={**known, **headers}, json=asked)).status_code

    body = search_request(QUERY)
    assert told() == 200
    assert told(authorization="Bearer other") == 401
    assert told(**{"x-affiliate-id": "none"}) == 400
    assert told(path="/3.1/accommodations/details") == 404
    assert told({**body, "city": 1}) == 400
    assert told({**body, "checkout": "2027-05-01"}) == 400
    assert told({**body, "booker": {"country": "KE", "platform": "mobile"}}) == 400
    assert told({**body, "guests": {"number_of_adults": 1, "number_of_rooms": 2}}) == 400
    assert told([1]) == 400


def test_everything_simulated_is_called_a_sample() -> None:
    names = [offer.name for offer in asked_with("https://demandapi.booking.com")]
    assert names
    assert all(name.startswith("Sample ") for name in names)


@given(total=st.integers(1, 10**8), nights=st.integers(1, 90), adults=st.integers(1, 9))
def test_all_nights_together_are_never_less_than_the_total_and_hardly_more(
    total: int, nights: int, adults: int
) -> None:
    query = ask(Kind.HOTELS, "mombasa", IN, IN + timedelta(nights), who=Party(adults))
    offer = only(hotel(price={"total": total / 100}), query)
    cost = offer.kes * nights
    assert total / 100 <= cost <= ceil(total / 100) + 2 * nights
