"""Booking.com's Demand API: what is asked, and what becomes of places that come without names and stars."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Offer, Party, StayClass, StayOffer
from providers.base import Kind, ProviderError, Query, Status
from providers.guidebook import KENYA_TIME
from providers.hotel_links import is_affiliate
from providers.sandbox import booking as service
from providers.sources import booking
from providers.sources.booking import Booking
from providers.sources.guide_stays import stay_spot
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, place
from tests.providers.online import RATES, Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "booking"
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
QUERY = ask(Kind.HOTELS, "mombasa", IN, OUT)
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_demand_accommodations_search.json").read_text())
(EXAMPLE_PLACE,) = COMPOSED["response"]["body"]["data"]


def parse(body: bytes, query: Query = QUERY, rates: Any = RATES) -> list[StayOffer]:
    return booking.parse(body, query, seen_at=SEEN, rates=rates)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("BOOKING_DEMAND_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, b'{"request_id": "01", "errors": []}', {"retry-after": "20"}),
    wait=20,
    parse=parse,
)


def answer(*places: dict[str, Any]) -> bytes:
    return json.dumps({"request_id": "01", "data": list(places), "next_page": None}).encode()


def told(number: int = 10004, total: float = 21460, **changes: Any) -> dict[str, Any]:
    """The composed place with another number and price."""
    return {**EXAMPLE_PLACE, "id": number, "price": {"book": total, "total": total}, **changes}


def test_a_place_is_planned_with_at_its_share_of_the_total() -> None:
    (offer,) = parse(json.dumps(COMPOSED["response"]["body"]).encode())
    assert (offer.id, offer.name, offer.spot) == ("stay:mombasa:booking-10004", "Example", stay_spot(place("mombasa")))
    assert offer.nightly is not None
    assert (offer.nightly.amount, offer.nightly.kes, offer.nightly.basis) == (Decimal("7153.34"), 7_154, Basis.LIVE)
    assert offer.nightly.note == "KES 21,460 for all 3 nights"
    assert (offer.stay_class, offer.rooms, offer.sleeps, offer.stars) == (StayClass.MID, 1, 2, None)
    assert offer.nights == {IN, IN + timedelta(1), IN + timedelta(2)}
    assert offer.notes == ("Its name is from the address of its page, its class from its price",)
    assert is_affiliate(offer.booking_url), "travellers must be told"


def test_the_question_is_the_documented_one_around_a_point() -> None:
    asked = booking.search_request(replace(QUERY, party=Party(2, 1, (9,))))
    documented = {**COMPOSED["request"]["body"]}
    del documented["city"], documented["extras"]
    point = asked.pop("coordinates")
    assert asked == documented
    assert point == {"latitude": place("mombasa").lat, "longitude": place("mombasa").lon, "radius": 10}


def test_it_says_who_asks_in_headers() -> None:
    with FakeService(service.answer) as fake:
        assert asked_at(Booking, EXAMPLE, fake.url + "/").status is Status.OK
        (request,) = fake.requests
    assert request.url.path == "/3.1/accommodations/search"
    assert request.headers["authorization"] == "Bearer sandbox-booking"
    assert request.headers["x-affiliate-id"] == "7654321"


def test_what_booking_makes_up_for_trials_is_marked_as_a_sample() -> None:
    def said(request: httpx.Request) -> httpx.Response:
        made = service.answer(request)
        return httpx.Response(made.status_code, headers=made.headers, stream=httpx.ByteStream(made.content))

    async def search() -> Sequence[Offer]:
        address = "https://demandapi-sandbox.booking.com"
        async with httpx.AsyncClient(transport=httpx.MockTransport(said)) as client:
            return await Booking(client, {**service.KEYS, "BOOKING_DEMAND_URL": address}).search(QUERY)

    offers = asyncio.run(search())
    assert offers
    assert all(isinstance(offer, StayOffer) and offer.nightly and offer.nightly.sample for offer in offers)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("https://www.booking.com/hotel/ke/diani-sea-lodge.html?aid=1&checkin=2026-12-12", "Diani Sea Lodge"),
        ("https://www.booking.com/hotel/ke/diani-sea-lodge.en-gb.html", "Diani Sea Lodge"),
        ("https://www.booking.com/hotel/tz/kaf%C3%A9-zanzibar.html", "Kafé Zanzibar"),
    ],
)
def test_a_place_is_called_after_its_page(page: str, name: str) -> None:
    assert [offer.name for offer in parse(answer(told(url=page)))] == [name]


@pytest.mark.parametrize(
    "page",
    ["http://www.booking.com/hotel/ke/x.html", "https://booking.example/hotel/ke/x.html", "booking://hotel/10004",
     "https://www.booking.com/searchresults.html", "https://[", "https://me@www.booking.com/hotel/ke/x.html", ""],
)  # fmt: skip
def test_a_place_without_a_page_of_its_own_is_left_out(page: str) -> None:
    assert parse(answer(told(url=page))) == []


def test_what_the_hotel_adds_is_told() -> None:
    (offer,) = parse(answer(told(price={"base": 9000, "book": 9000.5, "total": 9600.75})))
    assert "KES 600.25 of the total are charges that the hotel adds" in offer.notes
    (silent,) = parse(answer(told(price={"total": 9600})))
    assert not any("charges" in note for note in silent.notes)


@pytest.mark.parametrize(
    ("total", "adults", "expected"),
    [
        (17_900, 2, StayClass.BUDGET),
        (18_000, 2, StayClass.MID),
        (43_500, 2, StayClass.HIGH),
        (43_500, 4, StayClass.MID),
    ],
    ids=["under 6,000", "6,000", "14,500", "two rooms of 7,250"],
)
def test_the_class_is_by_the_price_of_a_room_and_night(total: int, adults: int, expected: StayClass) -> None:
    (offer,) = parse(answer(told(total=total)), replace(QUERY, party=Party(adults)))
    assert offer.stay_class is expected
    assert offer.kes == pytest.approx(total / 3, abs=1), "for all rooms"


def test_there_is_a_choice_in_every_class_cheapest_first_and_each_once() -> None:
    places = [told(n, 3_000 + n) for n in range(15)] + [told(100 + n, 60_000 + n) for n in range(3)] + [told(0, 2_000)]
    offers = parse(answer(*places))
    assert [offer.stay_class for offer in offers] == [StayClass.BUDGET] * 10 + [StayClass.HIGH] * 3
    assert offers[0].id == "stay:mombasa:booking-0"
    assert (offers[0].kes, len({offer.id for offer in offers})) == (667, 13)


def test_prices_in_dollars_are_converted_and_without_a_rate_refused() -> None:
    (offer,) = parse(answer(told(total=150, currency="USD")))
    assert offer.kes == 6_463  # 50 x 129.25, rounded up
    with pytest.raises(ProviderError, match="ZMW"):
        parse(answer(told(currency="ZMW")))
    both = parse(answer(told(1, currency="ZMW"), told(2)), rates=None)
    assert [offer.id for offer in both] == ["stay:mombasa:booking-2"]


@pytest.mark.parametrize(
    "price",
    [None, {}, {"base": 1}, {"total": None}, {"total": 0}, {"total": -5}, {"total": {"booker_currency": 5}},
     {"display": 5}, {"total": "plenty"}],
)  # fmt: skip
def test_a_price_in_another_shape_is_an_error(price: object) -> None:
    with pytest.raises(ProviderError, match="another shape"):
        parse(answer(told(price=price)))


def test_only_stays_that_booking_answers_for_are_asked_for() -> None:
    source = Booking(httpx.AsyncClient(), {})
    today = datetime.now(KENYA_TIME).date()
    soon = replace(QUERY, start=today, end=today + timedelta(90))
    assert source.covers(soon)
    assert not source.covers(replace(soon, end=today + timedelta(91)))
    assert not source.covers(replace(soon, end=today))
    assert not source.covers(replace(soon, start=today + timedelta(500), end=today + timedelta(501)))
    assert not source.covers(replace(soon, destination=replace(place("nyali"), lat=None)))
    assert not source.covers(replace(soon, kind=Kind.FLIGHTS))


def test_children_without_an_age_are_said_to_be_eight() -> None:
    asked = booking.search_request(replace(QUERY, party=Party(2, 2)))
    assert asked["guests"] == {"number_of_adults": 2, "number_of_rooms": 1, "children": [8, 8]}
    (offer,) = parse(answer(told()), replace(QUERY, party=Party(2, 2)))
    assert "Children are priced as 8 years old" in offer.notes


@given(total=st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100), nights=st.integers(1, 90))
def test_all_nights_are_never_planned_at_less_than_the_total(total: Decimal, nights: int) -> None:
    query = replace(QUERY, end=IN + timedelta(nights))
    (offer,) = parse(answer(told(total=float(total))), query)
    assert offer.nightly is not None
    assert total <= offer.nightly.amount * nights < total + Decimal(nights) / 100 + Decimal("0.01")


# --- the simulated one ---


def refused(**changes: Any) -> httpx.Response:
    headers = {"Authorization": "Bearer sandbox-booking", "X-Affiliate-Id": "7654321", **changes.pop("headers", {})}
    body = {**booking.search_request(QUERY), **changes.pop("body", {})}
    path = changes.pop("path", "/3.1/accommodations/search")
    return service.answer(httpx.Request("POST", f"https://demandapi.booking.com{path}", headers=headers, json=body))


def test_the_simulated_service_refuses_what_the_real_one_would() -> None:
    assert refused().status_code == 200
    assert refused(headers={"Authorization": "Bearer other"}).status_code == 401
    assert refused(headers={"X-Affiliate-Id": ""}).status_code == 401
    assert refused(path="/3.1/orders/create").status_code == 404
    for body in ({"checkout": "2026-12-12"}, {"checkin": "12/12/26"}, {"guests": {}}, {"booker": {"country": "KE"}},
                 {"coordinates": None}):  # fmt: skip
        assert refused(body=body).status_code == 400, body


def test_the_simulated_service_gives_the_same_answer_twice_and_a_few_times_none() -> None:
    days = [IN + timedelta(n) for n in range(200)]
    stays = [{"checkin": day.isoformat(), "checkout": (day + timedelta(2)).isoformat()} for day in days]
    answers = [refused(body=stay).json()["data"] for stay in stays]
    assert answers == [refused(body=stay).json()["data"] for stay in stays]
    assert 0 < sum(not places for places in answers) < 50
