"""IABIRI as a source: texts for numbers, twelve-hour clocks, failures with a 200."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Offer, TransportOffer
from providers.base import Kind, ProviderError, Status
from providers.sandbox import iabiri as service
from providers.sources.iabiri import Iabiri, parse, town_number
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party, place
from tests.providers.online import Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "iabiri"
DAY = date(2026, 12, 12)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
QUERY = ask(Kind.BUSES, "mombasa", DAY, origin="nairobi")
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_filterBuses_NBO-MBA.json").read_text())
OTHERS: dict[str, Any] = json.loads((FIXTURES / "composed_no_buses_and_failure.json").read_text())
TOWNS: dict[str, Any] = json.loads((FIXTURES / "composed_getCity.json").read_text())


def read(body: bytes) -> Sequence[Offer]:
    return parse(body, QUERY, seen_at=NOW)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("IABIRI_API_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, b'{"isSuccess": false}', {"retry-after": "25"}),
    wait=25,
    parse=read,
)


def offers_of(document: object, people: int = 2) -> list[TransportOffer]:
    query = ask(Kind.BUSES, "mombasa", DAY, origin="nairobi", who=party(people))
    return parse(json.dumps(document).encode(), query, seen_at=NOW)


def bus(**other: object) -> dict[str, Any]:
    return {**COMPOSED["response"]["body"]["data"][0], **other}


def test_departures_with_seats_for_everybody_are_read() -> None:
    day, night = offers_of(COMPOSED["response"]["body"])
    assert (day.operator, day.price.kes, day.travel_class) == ("Mash Cool Express", 3000, "")
    assert (day.depart.isoformat(), day.arrive.isoformat()) == (
        "2026-12-12T08:00:00+03:00",
        "2026-12-12T17:00:00+03:00",
    )
    assert night.price.kes == 3400, "the cheapest seat, for two"
    assert night.arrive.isoformat() == "2026-12-13T07:00:00+03:00"
    assert "On board: WiFi, AC" in night.notes
    assert "4 seats were left" in night.notes


def test_a_coach_with_too_few_seats_is_left_out() -> None:
    assert [offer.operator for offer in offers_of(COMPOSED["response"]["body"], people=5)] == ["Mash Cool Express"]


def test_none_running_is_an_answer_and_a_failure_with_a_200_is_an_error() -> None:
    assert offers_of(OTHERS["no_buses"]["body"]) == []
    with pytest.raises(ProviderError, match="refuses our token") as caught:
        offers_of(OTHERS["failure_with_http_200"]["body"])
    assert caught.value.permanent


@pytest.mark.parametrize("told", [{}, {"data": None}, {"data": "", "message": "Token expired"}])
def test_a_failure_is_told_as_one_whatever_else_is_in_it(told: dict[str, object]) -> None:
    body = json.dumps({"isSuccess": False, "message": None, **told}).encode()
    for read_it in (read, lambda body: town_number(body, place("mombasa"))):
        with pytest.raises(ProviderError, match=r"says that it failed|refuses our token") as caught:
            read_it(body)
        assert caught.value.permanent is ("message" in told)


def test_the_recorded_row_is_read_by_its_clocks_and_not_by_its_journey_time() -> None:
    row = bus(
        bus_title="TRANSLINE CLASSIC", departure_time="07:30 AM", arrival_time="06:00 PM", total_journey_time="06:26"
    )
    (offer,) = offers_of({"data": [row], "isSuccess": True})
    assert (offer.operator, offer.minutes, offer.price.kes) == ("Transline Classic", 630, 3000)


@pytest.mark.parametrize(
    ("told", "late"), [(0, False), ("0", False), (None, False), (1, True), ("1", True), (45, True)]
)
def test_a_delay_is_passed_on(told: object, late: bool) -> None:
    (offer,) = offers_of({"data": [bus(delayedFlag=told)], "isSuccess": True})
    assert ("Its company says that it is late" in offer.notes) is late


def test_only_seats_for_travellers_with_a_fare_in_shillings_are_offered() -> None:
    seats = [
        ("KES", "0.00", "normal"),
        ("KES", "100.00", "staff"),
        ("USD", "9.00", "normal"),
        ("KES", "2500.00", "vip"),
    ]
    prices = [{"currencyCode": code, "amount": amount, "seatType": kind} for code, amount, kind in seats]
    (offer,) = offers_of({"data": [bus(defaultTripPriceList=prices)], "isSuccess": True})
    assert (offer.price.kes, offer.travel_class) == (5000, "vip")
    assert offers_of({"data": [bus(defaultTripPriceList=prices[:3])], "isSuccess": True}) == []


@pytest.mark.parametrize(
    "other",
    [
        {"departure_time": 730},
        {"arrival_time": "25:00 PM"},
        {"bus_title": ""},
        {"available_seat_count": None},
        {"defaultTripPriceList": [{"currencyCode": "KES", "amount": "1e999999", "seatType": "normal"}]},
    ],
    ids=["a number for a clock", "no such hour", "no company", "no seats told", "no such fare"],
)
def test_a_row_in_another_shape_is_said_and_not_skipped(other: dict[str, object]) -> None:
    with pytest.raises(ProviderError, match="another shape"):
        offers_of({"data": [bus(**other)], "isSuccess": True})


def test_travellers_are_sent_to_the_companys_site_only_where_it_is_encrypted() -> None:
    sites = {
        name: offers_of({"data": [bus(bus_title=name)], "isSuccess": True})[0].booking_url
        for name in ("EASY COACH", "TAHMEED COACH", "MASH COOL EXPRESS")
    }
    assert sites == {"EASY COACH": "https://easycoachkenya.com", "TAHMEED COACH": None, "MASH COOL EXPRESS": None}


def test_of_two_towns_with_names_of_one_place_its_own_name_counts() -> None:
    coast = place("mombasa")
    towns = [{"id": 7, "name": coast.aliases[0].upper()}, {"id": 114, "name": " Mombasa "}]
    assert town_number(json.dumps({"data": towns}).encode(), coast) == 114
    assert town_number(json.dumps({"data": towns[:1]}).encode(), coast) == 7


def test_towns_are_found_by_their_names() -> None:
    body = json.dumps(TOWNS["response"]["body"]).encode()
    assert town_number(body, place("mombasa")) == 114
    assert town_number(body, place("lamu")) is None


def test_the_question_is_put_as_its_own_apps_put_it() -> None:
    with FakeService(service.answer) as fake:
        assert asked_at(Iabiri, EXAMPLE, fake.url).status is Status.OK
        source, destination, buses = fake.requests
    assert {request.headers["authorization"] for request in fake.requests} == {service.KEYS["IABIRI_TOKEN"]}
    assert json.loads(source.content) == {"city_id": 0, "city_type": "source"}
    assert json.loads(destination.content) == {"city_id": 1, "city_type": "destination"}
    assert json.loads(buses.content) == COMPOSED["request"]["body"]


def test_a_town_it_does_not_serve_is_no_answer_and_no_more_questions() -> None:
    with FakeService(service.answer) as fake:
        lamu = replace(EXAMPLE, query=ask(Kind.BUSES, "lamu", DAY, origin="nairobi"))
        assert asked_at(Iabiri, lamu, fake.url).status is Status.EMPTY
        assert len(fake.requests) == 2


@given(st.times(), st.integers(1, 23 * 60))
def test_a_ride_ends_after_it_began_and_within_a_day(leaves: Any, minutes: int) -> None:
    begins = datetime.combine(DAY, leaves.replace(second=0, microsecond=0))
    ends = begins + timedelta(minutes=minutes)
    changed = bus(departure_time=f"{begins:%I:%M %p}", arrival_time=f"{ends:%I:%M %p}")
    (offer,) = offers_of({"data": [changed], "isSuccess": True})
    assert offer.minutes == minutes
