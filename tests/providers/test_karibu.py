"""Booked cars by the interface that Safiri proposes: the cheapest way for everybody, where a car is worth it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from planner.model import Offer
from providers.base import Kind, ProviderError, Status
from providers.guidebook import centre
from providers.points import gates
from providers.sandbox import karibu as service
from providers.sources.guide_stays import stay_spot
from providers.sources.karibu import Karibu, parse
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party, place
from tests.providers.online import Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "transfers"
BODY = (FIXTURES / "composed_karibu_quotes.json").read_bytes()
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
AIRPORT, TOWN, BED = gates("mombasa")[0], centre(place("mombasa")), stay_spot(place("nyali"))
QUERY = ask(Kind.TRANSFERS, "mombasa", date(2026, 12, 12), spots=(AIRPORT, TOWN))


def read(body: bytes) -> Sequence[Offer]:
    return parse(body, [(AIRPORT, TOWN)], 2, seen_at=NOW)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("KARIBU_API_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, b'{"error": "slow down"}', {"retry-after": "15"}),
    wait=15,
    parse=read,
)


@pytest.mark.parametrize(
    ("people", "kes", "says"), [(2, 2500, "A saloon car"), (5, 4200, "A van car"), (9, 7500, "3 cars (saloon)")]
)
def test_the_cheapest_cars_that_take_everybody_are_offered(people: int, kes: int, says: str) -> None:
    (offer,) = parse(BODY, [(AIRPORT, TOWN)], people, seen_at=NOW)
    assert (offer.price.kes, offer.notes) == (kes, (says,))
    assert offer.price.expires_at == datetime.fromisoformat("2026-12-12T08:00:00+03:00")


def test_one_question_says_where_when_and_for_how_many_and_nothing_of_the_traveller() -> None:
    with FakeService(service.answer) as fake:
        outcome = asked_at(Karibu, replace(EXAMPLE, query=replace(QUERY, party=party(3))), fake.url)
        (asked,) = [json.loads(request.content) for request in fake.requests]
    assert (outcome.status, len(outcome.offers)) == (Status.OK, 2), "there and back"
    airport = {"lat": AIRPORT.lat, "lng": AIRPORT.lon, "name": AIRPORT.name}
    town = {"lat": TOWN.lat, "lng": TOWN.lon, "name": TOWN.name}
    assert asked == {
        "ways": [{"pickup": airport, "dropoff": town}, {"pickup": town, "dropoff": airport}],
        "pickup_at": "2026-12-12T09:00:00+03:00",
        "passengers": 3,
    }


def test_only_ways_with_positions_that_are_worth_a_car_are_asked_for() -> None:
    source = Karibu(None, {})  # type: ignore[arg-type]
    nowhere = replace(BED, id="stay:nowhere", lat=None, lon=None)
    assert source.covers(QUERY)
    assert not source.covers(ask(Kind.TRANSFERS, "mombasa", spots=(TOWN, nowhere)))
    assert not source.covers(ask(Kind.TRANSFERS, "mombasa", spots=(TOWN, centre(place("nyali")))))
    assert not source.covers(ask(Kind.TRANSFERS, "mombasa", origin_point="my aunt's house"))


def test_a_way_that_no_car_goes_leaves_the_others() -> None:
    answer = json.loads(BODY)
    answer["ways"].append({"quotes": []})
    (offer,) = parse(json.dumps(answer).encode(), [(AIRPORT, TOWN), (AIRPORT, BED)], 2, seen_at=NOW)
    assert offer.destination == TOWN


def test_a_way_that_cannot_be_read_leaves_the_others() -> None:
    answer = json.loads(BODY)
    answer["ways"].append({"quotes": [{**answer["ways"][0]["quotes"][0], "seats": 0}]})
    (offer,) = parse(json.dumps(answer).encode(), [(AIRPORT, TOWN), (AIRPORT, BED)], 2, seen_at=NOW)
    assert offer.destination == TOWN


def test_an_answer_for_other_ways_than_those_asked_for_is_not_believed() -> None:
    with pytest.raises(ProviderError, match="answered for 1 of 2 ways"):
        parse(BODY, [(AIRPORT, TOWN), (TOWN, AIRPORT)], 2, seen_at=NOW)
