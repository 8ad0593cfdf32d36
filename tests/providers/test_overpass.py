"""OpenStreetMap's sights: what is taken over, what the guide knows better, and what a busy server says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, ItemType, Offer, OpenSpan, Spot, SpotKind
from providers.base import Kind, ProviderError, Status
from providers.points import MAP_CREDIT
from providers.sandbox import overpass as service
from providers.sources.overpass import MOST, Overpass, opening_spans, parse
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import FRIDAY, SUNDAY, ask, offered, party, place
from tests.providers.online import Example, asked_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "osm"
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_overpass_response_mombasa.json").read_text())
BUSY: dict[str, Any] = json.loads((FIXTURES / "composed_overpass_busy.json").read_text())
WORDS = (FIXTURES / "overpass_attractions_mombasa.ql").read_text()
QUERY = ask(Kind.ACTIVITIES, "mombasa", FRIDAY, SUNDAY)
ELSEWHERE = ask(Kind.ACTIVITIES, "kitale", FRIDAY, SUNDAY)
FORT: dict[str, Any] = COMPOSED["elements"][0]
WEEK = frozenset(range(7))


def read(body: bytes) -> Sequence[Offer]:
    return parse(body, QUERY)


EXAMPLE = Example(
    query=QUERY,
    keys=service.KEYS,
    addresses=("OVERPASS_URL",),
    service=service.answer,
    too_often=lambda: services.status(429, BUSY["429"]["body"].encode()),
    wait=60,
    parse=read,
)


def sights(*elements: dict[str, Any], near: str = "kitale") -> list[ActivityOffer]:
    """What is made of these elements, near a place where the guide has none of them."""
    return parse(json.dumps({"elements": elements}).encode(), ask(Kind.ACTIVITIES, near))


def tagged(**tags: str) -> dict[str, Any]:
    return {"type": "node", "id": 7, "lat": 1.01, "lon": 35.0, "tags": {"tourism": "attraction", **tags}}


def names(offers: Sequence[ActivityOffer]) -> list[str]:
    return [offer.name for offer in offers]


def test_a_sight_is_read_with_its_position_hours_and_credit() -> None:
    fort, *others = parse(json.dumps(COMPOSED).encode(), ELSEWHERE)
    assert fort == ActivityOffer(
        id="activity:osm:way-100000001",
        name="Fort Jesus",
        spot=Spot("sight:osm:way-100000001", "Fort Jesus", "mombasa", SpotKind.SIGHT, -4.0628, 39.6796),
        kind=ItemType.ACTIVITY,
        tags=frozenset({"museum", "culture", "history", "heritage", "family", "kids"}),
        minutes=90,
        price=None,
        spans=(OpenSpan(WEEK, time(8), time(18)),),
        score=0.3,
        notes=("The fee is not known", MAP_CREDIT),
        provider="overpass",
    )
    told = {offer.name: (offer.id, offer.tags & {"beach", "wildlife", "landmark"}, offer.score) for offer in others}
    assert told == {
        "Haller Park": ("activity:osm:node-100000003", {"wildlife"}, 0.2),
        "Nyali Beach": ("activity:osm:node-100000002", {"beach"}, 0.2),
        "Old Town": ("activity:osm:relation-100000004", {"landmark"}, 0.2),
    }
    assert [offer.repeatable for offer in others if offer.name.endswith("Beach")] == [True]


def test_what_the_guide_has_in_that_town_is_not_offered_twice() -> None:
    assert names(parse(json.dumps(COMPOSED).encode(), QUERY)) == ["Nyali Beach"]
    alike = [{**FORT, "tags": {**FORT["tags"], "name": name}} for name in ("fort jesus", "Fort Jesus Museum")]
    assert sights(*alike, near="mombasa") == []
    assert sights({**FORT, "tags": {"tourism": "attraction", "name": "Gedi Ruins"}}, near="watamu") == []


def test_a_sight_is_the_same_whichever_town_is_asked_about() -> None:
    body = json.dumps(COMPOSED).encode()
    near = {offer.id: offer for offer in parse(body, replace(QUERY, party=party(5, 2), start=SUNDAY))}
    assert near.items() <= {offer.id: offer for offer in parse(body, ELSEWHERE)}.items()


def test_the_guides_sights_win() -> None:
    guide = [offer.score for offer in offered(QUERY) if isinstance(offer, ActivityOffer)]
    assert max(offer.score for offer in parse(json.dumps(COMPOSED).encode(), ELSEWHERE)) <= 0.3 < min(guide)


def test_what_has_no_plain_name_goes_by_the_next_best() -> None:
    assert names(sights(tagged(**{"name:en": "Big Rock", "name:sw": "Jiwe Kubwa"}))) == ["Big Rock"]
    assert names(sights(tagged(**{"name:sw": "Jiwe Kubwa"}))) == ["Jiwe Kubwa"]
    assert names(sights(tagged(**{"name": "متحف", "name:en": "Museum of Lamu"}))) == ["Museum of Lamu"]
    assert names(sights(tagged(name="Big\n\u202eRock\x07" + "k" * 200))) == ["Big Rock " + "k" * 71]


@pytest.mark.parametrize(
    "element",
    [
        tagged(), tagged(name="  "), tagged(name="متحف"), tagged(name="Somebody's Garden", access="private"),
        {**tagged(name="Nowhere"), "lat": None},
        {"type": "way", "id": 8, "tags": {"name": "Nowhere", "historic": "fort"}},
        {"type": "node", "id": 9, "lat": 1.0, "lon": 35.0}, tagged(name="Inn", tourism="hotel"),
    ],
    ids=["nameless", "blank", "unreadable", "private", "half a position", "no position", "no tags", "no sight"],
)  # fmt: skip
def test_what_cannot_be_visited_or_named_is_left_out(element: dict[str, Any]) -> None:
    assert sights(element) == []


def test_something_mapped_twice_is_offered_once() -> None:
    twice = [{**tagged(name="Big Rock"), "id": 2}, {**tagged(name="Big Rock", wikidata="Q1"), "id": 3}]
    assert [offer.id for offer in sights(*twice)] == ["activity:osm:node-3"], "the one that is known elsewhere"


def test_there_are_at_most_twenty_the_known_ones_and_the_nearest_first() -> None:
    many = [{**tagged(name=f"{chr(97 + n) * 5}"), "id": n, "lat": 1.01572 + n / 250} for n in range(26)]
    many[25]["tags"]["wikipedia"] = "en:Z"
    found = sights(*reversed(many))
    assert len(found) == MOST
    assert names(found) == ["zzzzz", *(chr(97 + n) * 5 for n in range(19))]


def test_no_fee_is_told_and_is_still_no_price() -> None:
    (free,) = sights(tagged(name="Big Rock", fee="no"))
    assert (free.price, free.notes[0]) == (None, "OpenStreetMap says that there is no fee")


@pytest.mark.parametrize(
    ("text", "days", "opens", "closes"),
    [
        ("24/7", WEEK, time(0), time(0)),
        ("Mo-Su 08:00-18:00", WEEK, time(8), time(18)),
        ("09:30-24:00", WEEK, time(9, 30), time(0)),
        ("Mo-Fr 08:00-17:00", frozenset(range(5)), time(8), time(17)),
        ("Sa-Mo 08:00-17:00", frozenset({5, 6, 0}), time(8), time(17)),
        ("Su 10:00-02:00", frozenset({6}), time(10), time(2)),
    ],
)
def test_simple_hours_are_read(text: str, days: frozenset[int], opens: time, closes: time) -> None:
    assert opening_spans(text) == (OpenSpan(days, opens, closes),)


@pytest.mark.parametrize(
    "text",
    [
        "sunrise-sunset", "Mo-Fr 08:00-17:00; PH off", "Mo,We 08:00-17:00", "8am-5pm", "08:00-26:00", "08:00+",
        "08:60-09:00", "08:00-24:30", "Mo-Su", "by appointment",
    ],
)  # fmt: skip
def test_other_hours_are_told_and_not_guessed(text: str) -> None:
    (offer,) = sights(tagged(name="Big Rock", opening_hours=text))
    assert offer.spans == ()
    assert f"Hours: {text}" in offer.notes


@given(st.dictionaries(st.sampled_from(["name", "opening_hours", "fee", "tourism", "natural"]), st.text(max_size=30)))
def test_whatever_is_written_into_the_map_is_an_offer_or_none(tags: dict[str, str]) -> None:
    for offer in sights(tagged(**tags)):
        assert offer.name
        assert MAP_CREDIT in offer.notes
        assert all(note.isprintable() for note in offer.notes)


def test_a_query_that_ran_out_of_time_is_an_error_whatever_it_found() -> None:
    body = {**BUSY["200_with_remark"]["body"], "elements": COMPOSED["elements"]}
    with pytest.raises(ProviderError, match="ran out of time") as caught:
        parse(json.dumps(body).encode(), QUERY)
    assert not caught.value.permanent


def test_a_busy_server_is_not_taken_for_a_broken_one() -> None:
    with FakeService(service.answer) as fake:
        for code in ("429", "504"):
            fake.fails(services.status(int(code), BUSY[code]["body"].encode()))
            outcome = asked_at(Overpass, EXAMPLE, fake.url)
            assert outcome.status is Status.FAILED
            assert ("too often" if code == "429" else "trouble (504)") in outcome.detail


def test_the_question_is_put_in_its_own_language() -> None:
    with FakeService(service.answer) as fake:
        assert asked_at(Overpass, EXAMPLE, fake.url + "/").status is Status.OK
        (request,) = fake.requests
    assert (request.method, request.url.path) == ("POST", "/api/interpreter")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    (words,) = parse_qs(request.content.decode())["data"]
    assert words == WORDS.replace("timeout:25", "timeout:5").replace("-4.0505,39.6672", "-4.05466,39.66359")


def test_it_covers_places_in_kenya_with_a_position() -> None:
    source = Overpass(httpx.AsyncClient(), {})
    assert source.covers(QUERY)
    assert not source.covers(ask(Kind.EVENTS, "mombasa"))
    assert not source.covers(replace(QUERY, destination=replace(place("mombasa"), lat=None)))
    assert not source.covers(replace(QUERY, destination=replace(place("mombasa"), country="TZ")))


def test_an_answer_is_good_for_a_week_whoever_asks() -> None:
    assert Overpass.policy.fresh == timedelta(days=7).total_seconds()
    assert Overpass.policy.timeless


def said(words: str, path: str = "/api/interpreter") -> httpx.Response:
    return service.answer(httpx.Request("POST", f"https://overpass-api.de{path}", data={"data": words}))


def test_the_simulated_service_speaks_as_the_real_one_does() -> None:
    told = said(WORDS).json()
    assert set(told) == set(COMPOSED)
    assert told == said(WORDS).json()
    assert all("(sample)" in element["tags"]["name"] for element in told["elements"])
    for element in told["elements"]:
        assert ("lat" in element) is (element["type"] == "node") is ("center" not in element)


def test_the_simulated_service_refuses_as_the_real_one_does() -> None:
    assert said("nwr[").status_code == 400
    assert said(WORDS, "/api/status").status_code == 404
    assert "text/html" in said("").headers["content-type"]
