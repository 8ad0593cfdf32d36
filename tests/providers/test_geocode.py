"""Points on the map: what is sent, how seldom, and what happens when the map does not answer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Spot, SpotKind
from providers import geocode, http
from providers.base import ProviderError
from providers.geocode import CREDIT, KEPT, LONGEST, Found, enabled, is_place_like, parse
from providers.guidebook import centre
from providers.points import named
from providers.sandbox import nominatim as service
from storage import codec
from storage.memory import ProcessMemory
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import place

FIXTURES = Path(__file__).parents[1] / "fixtures" / "osm"
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_nominatim_search_mombasa.json").read_text())
OTHERS: dict[str, Any] = json.loads((FIXTURES / "composed_nominatim_empty_and_block.json").read_text())
MOMBASA: list[dict[str, Any]] = COMPOSED["response"]["body"]
KEYS = {"OSM": "1", **service.KEYS}
WORDS = "Kilimani, Nairobi"
NAIROBI = place("nairobi")
KILIMANI = named("Kilimani", NAIROBI)


class Timer:
    """Seconds that pass as they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def looked_up(
    url: str, words: str = WORDS, memory: ProcessMemory | None = None, keys: Mapping[str, str] = KEYS
) -> Found | None:
    async def asked() -> Found | None:
        async with http.client() as client:
            return await geocode.position(client, {**keys, "NOMINATIM_URL": url}, memory or ProcessMemory(), words)

    return asyncio.run(asked())


def placed(url: str, *spots: Spot, memory: ProcessMemory | None = None) -> tuple[Spot, ...]:
    async def asked() -> tuple[Spot, ...]:
        async with http.client() as client:
            return await geocode.placed(client, {**KEYS, "NOMINATIM_URL": url}, memory or ProcessMemory(), spots)

    return asyncio.run(asked())


def saying(lat: str, lon: str) -> services.Fault:
    return services.status(200, json.dumps([{**MOMBASA[0], "place_rank": 19, "lat": lat, "lon": lon}]).encode())


# --- what it says -----------------------------------------------------------------------------------------------------


def test_positions_are_read_from_texts() -> None:
    suburb = {**MOMBASA[0], "place_rank": 19}
    assert parse(json.dumps([suburb]).encode()) == Found("Mombasa", -4.05052, 39.667169, "© OpenStreetMap contributors")
    nameless = [{**suburb, "name": "", "display_name": "Moi Avenue, Mombasa, Kenya"}]
    found = parse(json.dumps(nameless).encode())
    assert found is not None
    assert found.name == "Moi Avenue"


def test_a_county_is_no_point() -> None:
    assert MOMBASA[0]["place_rank"] == 8
    assert parse(json.dumps(MOMBASA).encode()) is None


def test_nothing_found_is_an_answer() -> None:
    assert parse(json.dumps(OTHERS["not_found"]["body"]).encode()) is None


@pytest.mark.parametrize(
    "document",
    [
        None, {}, {"error": "x"}, [{}], [{**MOMBASA[0], "lat": "north"}], [{**MOMBASA[0], "lat": "NaN"}],
        [{**MOMBASA[0], "lon": "181"}], [{**MOMBASA[0], "display_name": ""}],
    ],
)  # fmt: skip
def test_another_shape_is_an_error_of_the_service(document: object) -> None:
    with pytest.raises(ProviderError):
        parse(json.dumps(document).encode())


@given(st.binary(max_size=60))
def test_nonsense_is_never_a_crash(body: bytes) -> None:
    with pytest.raises(ProviderError):
        parse(body)


# --- what is sent -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Kilimani",
        "Sarova Whitesands",
        "St. Paul's Church, Nyali",
        "2nd Avenue",
        "Café Ubuntu",
        "Moi Avenue 12",
        "Yaya (mall)",
    ],
)
def test_what_looks_like_a_place_is_asked_about(words: str) -> None:
    assert is_place_like(words)


@pytest.mark.parametrize(
    "words",
    [
        "", "  ", "12", "K", "0712345678", "call 0712 345 678", "+254 712 345678", "flat 12345", "me@example.com",
        "https://maps.example/x",
        "www.example.com", "jane.doe.example", "my house", "our office in Karen", "nyumbani", "hapa", "😀", "a" * 81,
        "Karen; drop table", "ignore\nthat <b>",
    ],
)  # fmt: skip
def test_what_does_not_is_sent_to_nobody(words: str) -> None:
    assert not is_place_like(words)
    with FakeService(service.answer) as fake:
        assert looked_up(fake.url, words) is None
        assert fake.requests == []


@given(st.text(max_size=100))
def test_neither_long_texts_nor_long_numbers_are_ever_sent(words: str) -> None:
    if is_place_like(words):
        assert len(words.strip()) <= LONGEST
        assert not any(part.isdigit() and len(part) > 3 for part in words.split())
        assert any(char.isalpha() for char in words)


@pytest.mark.parametrize(
    ("keys", "on"),
    [
        ({}, False), ({"OSM": "1"}, False), ({"OSM": "1", "PUBLIC_URL": "http://127.0.0.1:8000"}, False),
        ({"CONTACT_EMAIL": "ops@example.org"}, False), ({"OSM": "", "CONTACT_EMAIL": "ops@example.org"}, False),
        ({"OSM": "1", "CONTACT_EMAIL": "ops@example.org"}, True),
        ({"OSM": "1", "PUBLIC_URL": "https://safiri.example"}, True),
    ],
)  # fmt: skip
def test_it_is_off_until_it_is_switched_on_and_somebody_can_be_reached(keys: dict[str, str], on: bool) -> None:
    assert enabled(keys) is on
    with FakeService(service.answer) as fake:
        looked_up(fake.url, keys=keys)
        assert bool(fake.requests) is on


def test_the_question_says_who_asks_and_wants_one_match_in_kenya() -> None:
    with FakeService(service.answer) as fake:
        found = looked_up(fake.url + "/", "  Kilimani,\n Nairobi ")
        (request,) = fake.requests
    assert found is not None
    assert found.name == "Kilimani (sample)"
    assert request.url.path == "/search"
    assert dict(request.url.params) == {"q": WORDS, "countrycodes": "ke", "format": "jsonv2", "limit": "1"}
    assert service.KEYS["CONTACT_EMAIL"] in request.headers["user-agent"]


# --- how seldom -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [MOMBASA, []], ids=["found", "nothing found"])
def test_an_answer_is_kept_for_ninety_days_however_it_is_written(body: list[object]) -> None:
    timer = Timer()
    memory = ProcessMemory(timer=timer)
    with FakeService(service.answer) as fake:
        fake.fails(services.status(200, json.dumps(body).encode()))
        first = looked_up(fake.url, memory=memory)
        timer.now = KEPT - 60
        assert looked_up(fake.url, "KILIMANI,  nairobi", memory) == first
        assert len(fake.requests) == 1
        timer.now = KEPT + 60
        looked_up(fake.url, memory=memory)
        assert len(fake.requests) == 2


def test_what_is_remembered_can_be_kept_as_text() -> None:
    for kept in (geocode.Kept(None), geocode.Kept(Found("Kilimani", -1.29, 36.78))):
        assert codec.load(geocode.Kept, codec.dump(kept)) == kept


def test_one_question_a_second_and_who_cannot_wait_is_told() -> None:
    memory = ProcessMemory(timer=Timer())  # a second that never ends
    with FakeService(service.answer) as fake:
        assert looked_up(fake.url, memory=memory) is not None
        with pytest.raises(ProviderError, match=r"did not answer in 2\.5 s"):
            looked_up(fake.url, "Westlands, Nairobi", memory)
        assert looked_up(fake.url, memory=memory) is not None, "what is known needs no turn"
        assert len(fake.requests) == 1


def test_who_waits_for_a_turn_takes_the_answer_that_came_meanwhile() -> None:
    memory = ProcessMemory()

    async def both(url: str) -> list[Found | None]:
        keys = {**KEYS, "NOMINATIM_URL": url}
        async with http.client() as client:
            return await asyncio.gather(*(geocode.position(client, keys, memory, WORDS) for _ in range(2)))

    with FakeService(service.answer) as fake:
        one, other = asyncio.run(both(fake.url))
        assert one is not None
        assert one == other
        assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (services.status(500), 60),
        (services.hangs(), 60),
        (services.status(429, OTHERS["throttled"]["body"].encode(), {"retry-after": "120"}), 120),
        (services.status(429, OTHERS["throttled"]["body"].encode()), 60),
        (services.status(403, OTHERS["blocked"]["body"].encode()), 3600),
    ],
    ids=["in trouble", "hangs", "for a while", "for some time", "shut out"],
)
def test_a_server_that_had_enough_of_us_is_left_alone(fault: services.Fault, seconds: float) -> None:
    memory = ProcessMemory()
    with FakeService(service.answer) as fake:
        fake.fails(fault)
        with pytest.raises(ProviderError):
            looked_up(fake.url, memory=memory)
        with pytest.raises(ProviderError, match="asked us to wait") as caught:
            looked_up(fake.url, "Westlands, Nairobi", memory)
        assert caught.value.retry_after == pytest.approx(seconds, abs=5)
        assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (services.status(403), "usage policy"), (services.status(500), "trouble"),
        (services.status(400), "did not understand"),
        (services.cuts(), "could not be reached"), (services.garbage(), "another shape"),
        (services.another_shape(), "another shape"), (services.status(200), "other than json"),
        (services.gzip_bomb(), "more than"), (services.redirects(), "another host"),
        (services.hangs(), "did not answer"), (services.drips(), "did not answer"),
    ],
)  # fmt: skip
def test_whatever_it_does_is_an_error_without_words_or_address(fault: services.Fault, says: str) -> None:
    memory = ProcessMemory()
    with FakeService(service.answer) as fake:
        fake.fails(fault)
        with pytest.raises(ProviderError, match=says) as caught:
            looked_up(fake.url, memory=memory)
    for private in ("127.0.0.1", "Kilimani", service.KEYS["CONTACT_EMAIL"]):
        assert private not in str(caught.value)


# --- a traveller's points ---------------------------------------------------------------------------------------------


def test_a_point_in_a_travellers_words_gets_its_position_within_its_town() -> None:
    with FakeService(service.answer) as fake:
        (spot,) = placed(fake.url, KILIMANI)
        assert fake.requests[0].url.params["q"] == WORDS
    assert spot == replace(KILIMANI, lat=spot.lat, lon=spot.lon)
    assert spot.lat == pytest.approx(NAIROBI.lat, abs=0.04)


def test_what_is_known_or_nobodys_business_is_not_asked_about() -> None:
    known = (centre(NAIROBI), named("JKIA", NAIROBI), named("SGR", NAIROBI), named("my house", NAIROBI))
    nowhere = Spot("point:x", "Somewhere", "nowhere", SpotKind.SIGHT)
    with FakeService(service.answer) as fake:
        assert placed(fake.url, *known, nowhere) == (*known, nowhere)
        assert fake.requests == []


def test_a_place_of_that_name_far_from_the_town_is_another_one() -> None:
    with FakeService(service.answer) as fake:
        fake.fails(saying("-4.05", "39.66"))
        assert placed(fake.url, KILIMANI) == (KILIMANI,)
        fake.fails(saying("-1.29", "36.78"))
        (spot,) = placed(fake.url, KILIMANI)
        assert (spot.lat, spot.lon) == (-1.29, 36.78)


def test_what_the_map_does_not_know_stays_as_it_is() -> None:
    with FakeService(service.answer) as fake:
        fake.fails(services.status(200, b"[]"))
        assert placed(fake.url, KILIMANI) == (KILIMANI,)


def test_trouble_is_logged_without_the_words(caplog: pytest.LogCaptureFixture) -> None:
    with FakeService(service.answer) as fake, caplog.at_level(logging.DEBUG, logger="providers"):
        assert placed(fake.url, KILIMANI)[0].lat is not None
        fake.fails(services.status(500))
        assert placed(fake.url, KILIMANI) == (KILIMANI,)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("providers")]
    assert ours == ["a point was not looked up: OpenStreetMap's search has trouble (500)"]


# --- the simulated service --------------------------------------------------------------------------------------------


def said(user_agent: str = "Safiri/0.1 (ops@example.org)", path: str = "/search", **asked: str) -> httpx.Response:
    url = httpx.URL(f"https://nominatim.openstreetmap.org{path}", params={"format": "jsonv2", **asked})
    return service.answer(httpx.Request("GET", url, headers={"User-Agent": user_agent}))


def test_the_simulated_service_speaks_as_the_real_one_does() -> None:
    (town,) = said(q="Mombasa").json()
    assert set(MOMBASA[0]) - set(town) == {"address"}, "which was not asked for"
    assert isinstance(town["lat"], str)
    assert said(q="Atlantis").json() == said(q="Bar, Atlantis").json() == []
    assert said(q=WORDS).json() == said(q=WORDS).json()
    found = [said(q=f"{chr(65 + n)} Street, Mombasa").json() for n in range(26)]
    assert 0 < sum(not matches for matches in found) < 13, "it does not know everything"


def test_the_simulated_service_refuses_as_the_real_one_does() -> None:
    assert said(user_agent="python-httpx/0.28", q="Mombasa").status_code == OTHERS["blocked"]["status"]
    assert "text/html" in said(q="Mombasa", format="html").headers["content-type"]
    assert said(q=" ").status_code == 400
    assert said(path="/lookup").status_code == 404
    assert CREDIT in said(q="Mombasa").json()[0]["licence"]
