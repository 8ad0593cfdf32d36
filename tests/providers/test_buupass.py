"""BuuPass as a source: the three shapes that its answer may have, and nothing else. All bodies here are invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from planner.model import Basis, Offer, TransportOffer
from providers.base import Kind, ProviderError, Status
from providers.sandbox import buupass as service
from providers.sources.buupass import BuuPass, parse
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party
from tests.providers.online import Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "buupass"
DAY = date(2026, 12, 12)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
QUERY = ask(Kind.BUSES, "mombasa", DAY, origin="nairobi")
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_stream_schedules.json").read_text())["invented_body"]


def read(body: bytes) -> Sequence[Offer]:
    return parse(body, QUERY, seen_at=NOW)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("BUUPASS_API_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, b'{"detail": "throttled"}', {"retry-after": "40"}),
    wait=40,
    parse=read,
)


def row(**other: object) -> dict[str, Any]:
    return {**COMPOSED["data"][0], **other}


def offers_of(document: object, people: int = 2) -> list[TransportOffer]:
    query = ask(Kind.BUSES, "mombasa", DAY, origin="nairobi", who=party(people))
    return parse(json.dumps(document).encode(), query, seen_at=NOW)


def test_a_departure_is_read_whole() -> None:
    (offer,) = offers_of(COMPOSED)
    assert (offer.operator, offer.provider, offer.booking_url) == ("Simba Coach", "buupass", "https://buupass.com/")
    assert offer.depart.isoformat() == "2026-12-12T21:00:00+03:00"
    assert offer.arrive.isoformat() == "2026-12-13T05:30:00+03:00", "earlier than it left is the next day"
    assert (offer.price.kes, offer.price.basis, offer.price.seen_at) == (3200, Basis.LIVE, NOW)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(COMPOSED),
        json.dumps({"schedules": COMPOSED["data"]}),
        json.dumps(COMPOSED["data"]),
        json.dumps(row()) + "\n",
        f" {json.dumps(row())}\r\n\n{json.dumps(row())} ",
        json.dumps(row()) + json.dumps(row()),
        "\n".join([json.dumps({"data": []}), json.dumps({"data": [row()]}), json.dumps([row()])]),
    ],
    ids=["data", "schedules", "list", "one line", "a document a line", "run together", "a part of it a line"],
)
def test_each_of_the_guessed_shapes_is_read(body: str) -> None:
    assert parse(body.encode(), QUERY, seen_at=NOW) == offers_of(COMPOSED)


@pytest.mark.parametrize(
    "body", [b"7", b"null", b'"none"', b'{"data": {}}', b'{"schedules": null}', b'{"results": []}']
)
def test_any_other_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderError, match="another shape"):
        read(body)


@pytest.mark.parametrize("body", [b"data: []", b"[] []x", b'{"data": [', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderError, match="no JSON"):
        read(body)


def test_of_one_departure_with_two_fares_the_cheaper_is_offered() -> None:
    fares = [
        row(fare=fare, departure_time=clock) for fare, clock in ((1700, "21:00"), (1500, "21:00"), (1600, "20:00"))
    ]
    assert [(offer.depart.hour, offer.price.kes) for offer in offers_of(fares)] == [(20, 3200), (21, 3000)]
    assert offers_of(fares[::-1]) == offers_of(fares)


@pytest.mark.parametrize(
    "other",
    [
        {"seats_available": 1},
        {"departure_date": "2026-12-13"},
        {"currency": "TZS"},
    ],
    ids=["too few seats", "another day", "another currency"],
)
def test_what_does_not_serve_is_left_out(other: dict[str, object]) -> None:
    assert offers_of([row(**other)]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"fare": "free"},
        {"fare": -5},
        {"fare": "NaN"},
        {"fare": "1e999999"},
        {"currency": None},
        {"operator": None},
        {"departure_time": "9 pm"},
        {"departure_time": 2100},
        {"departure_time": "21:00Z"},
    ],
)
def test_a_row_in_another_shape_is_said_and_not_skipped(other: dict[str, object]) -> None:
    with pytest.raises(ProviderError, match="another shape"):
        offers_of([row(**other)])


def test_the_question_is_put_as_the_known_client_puts_it() -> None:
    with FakeService(service.answer) as fake:
        assert asked_at(BuuPass, EXAMPLE, fake.url).status is Status.OK
        (asked,) = fake.requests
    assert asked.headers["authorization"] == f"Api-Key {service.KEYS['BUUPASS_API_KEY']}"
    assert dict(asked.url.params) == {"leaving_from": "Nairobi", "going_to": "Mombasa", "departing_on": "2026-12-12"}


def test_a_wrong_key_is_for_the_operator() -> None:
    with FakeService(service.answer) as fake:
        wrong = Example(**{**_fields(EXAMPLE), "keys": {"BUUPASS_API_KEY": "wrong"}})
        outcome = asked_at(BuuPass, wrong, fake.url)
    assert (outcome.status, outcome.detail) == (Status.FAILED, "BuuPass refuses our key (403)")


def test_only_ways_within_kenya_are_asked_for() -> None:
    source = BuuPass(None, {})  # type: ignore[arg-type]
    assert source.covers(QUERY)
    assert not source.covers(ask(Kind.BUSES, "nairobi", DAY, origin="nairobi"))
    assert not source.covers(ask(Kind.HOTELS, "mombasa", DAY))


def _fields(example: Example) -> dict[str, Any]:
    return {name: getattr(example, name) for name in Example.__dataclass_fields__}
