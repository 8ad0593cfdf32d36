"""Rides between points in a traveller's words: looked up on the map where that is allowed, credited, not needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.config import Settings
from bot.planning import Sources
from bot.present import search_answer
from bot.queries import ask, on_the_map, query_of
from bot.queue import InlineQueue
from bot.replies import plain
from bot.tasks import SearchTask
from bot.wiring import App
from planner.model import TransferOffer
from providers.base import Kind, Query
from providers.points import MAP_CREDIT
from providers.sandbox import nominatim
from providers.sources.guide_transfers import pairs
from storage.memory import ProcessMemory
from tests.conftest import SECRET
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers import asking

KEYS = {"OSM": "1", **nominatim.KEYS}
KILIMANI = b'[{"lat": "-1.2900", "lon": "36.7800", "name": "Kilimani", "display_name": "Kilimani, Nairobi, Kenya"}]'


@pytest.fixture
def the_map() -> Iterator[FakeService]:
    with FakeService(nominatim.answer) as service:
        service.fails(services.status(200, KILIMANI))
        yield service


def application(the_map: FakeService, *, offline: bool = False, **changed: str) -> App:
    keys = {**KEYS, "NOMINATIM_URL": the_map.url, **changed}
    settings = Settings(secret_keys=(SECRET,), providers=keys, offline=offline)
    return App(settings, queue=InlineQueue(lambda job: None), memory=ProcessMemory())


def ride(origin_point: str = "JKIA", destination_point: str = "Kilimani", kind: Kind = Kind.TRANSFERS) -> Query:
    return asking.ask(kind, "nairobi", origin_point=origin_point, destination_point=destination_point)


def taxis(query: Query, sources: Sources) -> list[TransferOffer]:
    """The taxis of the guide; no other source is asked."""
    found = ask(query, guide_alone(sources))
    return [offer for offer in found.offers if isinstance(offer, TransferOffer) and offer.mode == "taxi"]


def guide_alone(sources: Sources) -> Sources:
    return replace(sources, providers=[p for p in sources.providers if getattr(p, "name", "") == "guide_transfers"])


def test_a_point_that_only_the_map_knows_is_measured_to_and_its_makers_are_credited(the_map: FakeService) -> None:
    (taxi,) = taxis(ride(), application(the_map).sources)
    assert (taxi.destination.name, taxi.destination.lat, taxi.destination.lon) == ("Kilimani", -1.29, 36.78)
    assert "fare of Dec 2020" in taxi.price.note, "so near to the middle of the town, what is printed for it holds"
    assert MAP_CREDIT in taxi.notes
    assert taxi.booking_url is not None
    assert "36.78" in taxi.booking_url
    assert [request.url.params["q"] for request in the_map.requests] == ["Kilimani, Nairobi"]


def test_a_point_outside_is_reckoned_from_where_it_is(the_map: FakeService) -> None:
    the_map.fails(services.status(200, KILIMANI.replace(b"36.78", b"36.66")))
    (taxi,) = taxis(ride(), application(the_map).sources)
    assert "from the map" in taxi.price.note


def test_the_answer_names_the_makers_of_the_map_with_a_link(the_map: FakeService) -> None:
    app = application(the_map)
    query = ride()
    task = SearchTask(
        kind=Kind.TRANSFERS, destination="nairobi", start=query.start, end=query.end, party=query.party,
        origin_point="JKIA", destination_point="Kilimani", key="", lang="en",
    )  # fmt: skip
    found = ask(query_of(task, app.gazetteer), guide_alone(app.sources))
    answer = search_answer(task, found.offers, found.outcomes, link=lambda url, _: url, gazetteer=app.gazetteer)
    assert any(MAP_CREDIT in plain(line) and "openstreetmap.org/copyright" in plain(line) for line in answer.lines)


def test_both_ends_are_looked_up_and_only_the_way_asked_for_is_offered(the_map: FakeService) -> None:
    query = on_the_map(ride("Yaya", "Kilimani"), application(the_map).sources)
    assert query.ends is not None
    assert [spot.lat for spot in query.ends] == [-1.29, -1.29]
    assert pairs(query) == [query.ends]
    assert len(the_map.requests) == 2


def test_nobody_is_asked_about_what_the_guide_knows(the_map: FakeService) -> None:
    sources = application(the_map).sources
    for query in (ride("JKIA", "Giraffe Centre"), ride("", ""), ride("JKIA", ""), ride(kind=Kind.HOTELS)):
        assert on_the_map(query, sources) is query
    assert the_map.requests == []


@pytest.mark.parametrize(
    ("offline", "changed"),
    [(True, {}), (False, {"OSM": ""}), (False, {"CONTACT_EMAIL": ""})],
    ids=["offline", "switched off", "nobody to reach"],
)
def test_where_it_is_not_allowed_the_ride_is_guessed_as_before(
    the_map: FakeService, offline: bool, changed: dict[str, str]
) -> None:
    (taxi,) = taxis(ride(), application(the_map, offline=offline, **changed).sources)
    assert taxi.destination.lat is None
    assert MAP_CREDIT not in taxi.notes
    assert the_map.requests == []


@pytest.mark.parametrize("fault", [services.status(500), services.status(200, b"[]"), services.garbage()])
def test_when_the_map_has_no_answer_the_ride_is_guessed_as_before(the_map: FakeService, fault: services.Fault) -> None:
    the_map.fails(fault)
    (taxi,) = taxis(ride(), application(the_map).sources)
    assert "guessed within the town" in taxi.price.note
    assert MAP_CREDIT not in taxi.notes


def test_from_a_point_to_itself_there_is_no_ride(the_map: FakeService) -> None:
    query = on_the_map(ride("Yaya", "Kilimani"), application(the_map).sources)
    assert query.ends is not None
    assert pairs(replace(query, ends=(query.ends[0], query.ends[0]))) == []
