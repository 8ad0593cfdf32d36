"""The weather of a trip: what is forecast, for how far ahead, and what happens when nobody says anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Place
from providers import http, weather
from providers.base import ProviderError
from providers.sandbox import weather as service
from providers.weather import DayWeather, enabled, parse, sky
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import place

FIXTURES = Path(__file__).parents[1] / "fixtures" / "weather"
COMPOSED: dict[str, Any] = json.loads((FIXTURES / "composed_open_meteo_forecast_mombasa.json").read_text())
ERROR: dict[str, Any] = json.loads((FIXTURES / "composed_open_meteo_error.json").read_text())
ONE: dict[str, Any] = COMPOSED["response"]["body"]
TODAY = date(2026, 11, 26)
MOMBASA, NAIROBI = place("mombasa"), place("nairobi")
NOWHERE = replace(NAIROBI, slug="nowhere", lat=None, lon=None)


def read(document: object, *places: Place) -> list[DayWeather]:
    return parse(json.dumps(document).encode(), places)


def foretold(
    url: str,
    places: Sequence[Place] = (MOMBASA,),
    first: date = TODAY,
    last: date = TODAY + timedelta(days=2),
    keys: Mapping[str, str] = service.KEYS,
) -> list[DayWeather]:
    async def asked() -> list[DayWeather]:
        async with http.client() as client:
            return await weather.forecast(client, {**keys, "OPEN_METEO_URL": url}, places, first, last, TODAY)

    return asyncio.run(asked())


def test_days_are_read_as_they_are_told_and_what_is_null_is_not_known() -> None:
    assert read(ONE, MOMBASA) == [
        DayWeather(date(2026, 12, 1), "mombasa", 3, 31.2, 25.1, 0.0, 12),
        DayWeather(date(2026, 12, 2), "mombasa", 61, 30.4, 24.8, 4.2, 64),
        DayWeather(date(2026, 12, 3), "mombasa", 80, None, None, None, None),
    ]


def test_several_places_come_as_an_array_in_their_order() -> None:
    other = {**ONE, "daily": {**ONE["daily"], "temperature_2m_max": [24.0, 25.0, 26.0]}}
    days = read([other, ONE], NAIROBI, MOMBASA)
    assert [day.place for day in days] == ["nairobi"] * 3 + ["mombasa"] * 3
    assert [day.high for day in days] == [24.0, 25.0, 26.0, 31.2, 30.4, None]
    assert len(read([ONE], MOMBASA)) == 3


def test_a_day_of_which_nothing_is_known_and_a_code_without_a_meaning_are_left_out() -> None:
    nothing = {name: [None] * 3 for name in ONE["daily"] if name not in ("time", "weather_code")}
    daily = {"time": ONE["daily"]["time"], **nothing, "weather_code": [None, 42, 0]}
    assert read({"daily": daily}, MOMBASA) == [DayWeather(date(2026, 12, 3), "mombasa", 0, None, None, None, None)]


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, ERROR["body"], {"daily": None}, {"daily": {**ONE["daily"], "weather_code": [3]}},
        {"daily": {**ONE["daily"], "time": ["soon", "later", "never"]}}, [ONE, ONE],
        {"daily": {name: column for name, column in ONE["daily"].items() if name != "weather_code"}},
    ],
)  # fmt: skip
def test_another_shape_or_number_of_places_is_an_error_of_the_service(document: object) -> None:
    with pytest.raises(ProviderError):
        read(document, MOMBASA)


@given(st.binary(max_size=100))
def test_nonsense_is_never_a_crash(body: bytes) -> None:
    with pytest.raises(ProviderError):
        parse(body, [MOMBASA])


@given(
    st.integers(1, 16).flatmap(lambda days: st.lists(st.tuples(*[st.none() | st.integers(0, 99)] * 5), min_size=days))
)
def test_no_day_is_told_twice_or_by_a_code_without_a_word(rows: list[tuple[int | None, ...]]) -> None:
    names = [name for name in ONE["daily"] if name not in ("time", "wind_speed_10m_max")]
    columns = {name: [row[number] for row in rows] for number, name in enumerate(names)}
    days = read({"daily": {"time": [str(TODAY + timedelta(days=n)) for n in range(len(rows))], **columns}}, MOMBASA)
    assert len({day.date for day in days}) == len(days) <= len(rows)
    assert all(day.code is None or sky(day.code) for day in days)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (0, "clear"), (1, "cloud"), (3, "cloud"), (45, "fog"), (48, "fog"), (51, "rain"), (61, "rain"), (67, "rain"),
        (75, "rain"), (80, "showers"), (82, "showers"), (95, "storm"), (99, "storm"),
    ],
)  # fmt: skip
def test_the_sky_has_a_word(code: int, word: str) -> None:
    assert sky(code) == word


def test_a_code_that_means_nothing_has_none() -> None:
    with pytest.raises(KeyError):
        sky(42)


def test_it_is_off_without_a_key_and_without_a_server_of_our_own() -> None:
    assert not enabled({})
    assert not enabled({"OPEN_METEO_KEY": "", "OPEN_METEO_URL": ""})
    assert enabled({"OPEN_METEO_KEY": "k"})
    assert enabled({"OPEN_METEO_URL": "http://weather.internal"})


def test_nobody_is_asked_while_it_is_off() -> None:
    async def asked() -> list[DayWeather]:
        async with http.client() as client:
            return await weather.forecast(client, {}, [MOMBASA], TODAY, TODAY, TODAY)

    assert asyncio.run(asked()) == []


def test_the_question_is_put_as_it_wants_it() -> None:
    with FakeService(service.answer) as fake:
        days = foretold(fake.url + "/", [MOMBASA, NOWHERE, NAIROBI, MOMBASA])
        (request,) = fake.requests
    assert {(day.place, day.date) for day in days} == {
        (slug, TODAY + timedelta(days=n)) for slug in ("mombasa", "nairobi") for n in range(3)
    }
    asked = dict(request.url.params)
    assert request.url.path == "/v1/forecast"
    assert len(asked.pop("latitude").split(",")) == len(asked.pop("longitude").split(",")) == 2
    assert asked == {
        "daily": ",".join(name for name in ONE["daily"] if name not in ("time", "wind_speed_10m_max")),
        "timezone": "Africa/Nairobi", "start_date": "2026-11-26", "end_date": "2026-11-28", "apikey": "sandbox-weather",
    }  # fmt: skip


def test_a_server_of_our_own_is_asked_without_a_key() -> None:
    with FakeService(lambda request: httpx.Response(200, json=ONE)) as fake:
        assert len(foretold(fake.url, keys={})) == 3
        assert "apikey" not in fake.requests[0].url.params


def test_days_that_are_too_far_off_or_gone_are_not_asked_for() -> None:
    with FakeService(service.answer) as fake:
        days = foretold(fake.url, first=TODAY - timedelta(days=3), last=TODAY + timedelta(days=40))
        assert (days[0].date, days[-1].date) == (TODAY, TODAY + timedelta(days=15))
        assert foretold(fake.url, first=TODAY + timedelta(days=16), last=TODAY + timedelta(days=20)) == []
        assert foretold(fake.url, last=TODAY - timedelta(days=1)) == []
        assert foretold(fake.url, [NOWHERE]) == []
        assert len(fake.requests) == 1


def test_a_key_it_does_not_know_is_for_the_operator_to_mend() -> None:
    with FakeService(service.answer) as fake, pytest.raises(ProviderError, match="refuses our key") as caught:
        foretold(fake.url, keys={"OPEN_METEO_KEY": "wrong-one"})
    assert caught.value.permanent
    assert "wrong-one" not in str(caught.value)


def test_a_question_it_refuses_is_not_asked_again() -> None:
    with FakeService(service.answer) as fake:
        fake.fails(services.status(ERROR["status"], json.dumps(ERROR["body"]).encode()))
        with pytest.raises(ProviderError, match="did not understand") as caught:
            foretold(fake.url)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (services.status(429, b'{"error": true, "reason": "Minutely API request limit exceeded."}'), "too often"),
        (services.status(500), "trouble"),
        (services.cuts(), "could not be reached"),
        (services.garbage(), "another shape"),
        (services.another_shape(), "another shape"),
        (services.status(200), "other than json"),
        (services.status(200, b"", {"content-type": "application/json"}), "another shape"),
        (services.gzip_bomb(), "more than"),
        (services.redirects(), "another host"),
        (services.hangs(), "did not answer in 2 s"),
        (services.drips(), "did not answer in 2 s"),
    ],
)  # fmt: skip
def test_whatever_it_does_is_an_error_that_names_no_key_and_no_address(fault: services.Fault, says: str) -> None:
    with FakeService(service.answer) as fake:
        fake.fails(fault)
        with pytest.raises(ProviderError, match=says) as caught:
            foretold(fake.url)
    assert "127.0.0.1" not in str(caught.value)
    assert service.KEYS["OPEN_METEO_KEY"] not in str(caught.value)


def said(**asked: str) -> httpx.Response:
    params = {
        "latitude": "-4.05", "longitude": "39.67", "daily": "weather_code", "timezone": "Africa/Nairobi",
        "start_date": "2026-12-01", "end_date": "2026-12-03", "apikey": service.KEYS["OPEN_METEO_KEY"], **asked,
    }  # fmt: skip
    url = httpx.URL("https://customer-api.open-meteo.com/v1/forecast", params=params)
    return service.answer(httpx.Request("GET", url))


def test_the_simulated_service_speaks_as_the_real_one_does() -> None:
    told = said(daily=",".join(name for name in ONE["daily"] if name != "time")).json()
    assert {name: set(told[name]) for name in ("daily", "daily_units")} == {
        name: set(ONE[name]) for name in ("daily", "daily_units")
    }
    assert set(told) == set(ONE)
    assert told["daily"]["time"] == ONE["daily"]["time"]
    assert (told["latitude"], told["longitude"]) == (-4.0, 39.625)
    assert isinstance(said(latitude="-4,-1", longitude="39,36").json(), list)


@pytest.mark.parametrize(
    "asked",
    [
        {"latitude": ""}, {"longitude": "here"}, {"latitude": "-4,-1"}, {"daily": "colour"}, {"timezone": ""},
        {"start_date": "soon"}, {"end_date": "2026-11-01"}, {"end_date": "2027-12-01"}, {"apikey": ""},
    ],
)  # fmt: skip
def test_the_simulated_service_refuses_as_the_real_one_does(asked: dict[str, str]) -> None:
    refused = said(**asked)
    assert refused.status_code == ERROR["status"]
    assert set(refused.json()) == set(ERROR["body"])
    elsewhere = httpx.Request("GET", "https://customer-api.open-meteo.com/v1/archive")
    assert service.answer(elsewhere).status_code == 404
