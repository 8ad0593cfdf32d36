"""Coach companies' own pages: what they describe for search engines is read, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from planner.model import Offer
from providers.base import Kind, ProviderError, Status
from providers.sandbox import operator_pages as service
from providers.search import search_all
from providers.sources.operator_pages import OperatorPages, parse
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party
from tests.providers.online import Example, built

FIXTURES = Path(__file__).parents[1] / "fixtures" / "operator_pages"
PAGE = (FIXTURES / "composed_timetable.html").read_bytes()
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
    night, day = parse(PAGE, replace(QUERY, party=party(3)), page=HERE, seen_at=NOW)
    assert night.depart.isoformat() == "2026-12-12T21:00:00+03:00", "a time without an offset is Kenya's"
    assert (night.operator, night.price.kes, night.booking_url) == ("Composed Coaches", 5100, HERE)
    assert (day.depart.hour, day.price.kes) == (8, 4500)


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
