"""The weather on the card: only where the operator has a service for it, and never in the way of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import planning
from bot.config import Settings
from bot.present import weather_line
from bot.present.weather import CREDIT
from bot.wiring import App
from providers import weather
from providers.sandbox import weather as service
from providers.weather import DayWeather
from storage.memory import ProcessMemory
from tests import samples
from tests.conftest import SECRET
from tests.fakes import services
from tests.fakes.services import FakeService

TRIP = samples.mombasa()
FIRST = TRIP.days[0].date


def forecast(code: int | None = 0, high: float | None = 31.4) -> list[DayWeather]:
    return [DayWeather(day.date, day.place, code, high, 24.0, 0.0, 5) for day in TRIP.days]


def test_each_day_is_told_with_who_forecast_it() -> None:
    line = weather_line(TRIP, forecast(), "en")
    assert line.startswith("Weather: ")
    assert line.count("sunny 31°") == len(TRIP.days)
    assert line.endswith(CREDIT)
    assert weather.CREDIT == CREDIT
    assert "jua 31°" in weather_line(TRIP, forecast(), "sw")


def test_what_is_not_forecast_is_not_told() -> None:
    assert weather_line(TRIP, [], "en") == ""
    assert weather_line(TRIP, forecast(None, None), "en") == ""
    elsewhere = [replace(each, place="kisumu") for each in forecast()]
    assert weather_line(TRIP, elsewhere, "en") == ""
    assert "°" not in weather_line(TRIP, forecast(95, None), "en")


@pytest.fixture
def fake() -> Iterator[FakeService]:
    with FakeService(service.answer) as server:
        yield server


def app(fake: FakeService, **keys: str) -> App:
    given = {"OPEN_METEO_URL": fake.url, **keys}
    return App(Settings(secret_keys=(SECRET,), providers=given), memory=ProcessMemory())


def test_a_near_trip_has_its_weather(fake: FakeService) -> None:
    found = planning.forecast(TRIP, app(fake, **service.KEYS).sources, FIRST)
    assert {each.date for each in found} >= {day.date for day in TRIP.days}
    assert weather_line(TRIP, found, "en")


def test_a_far_trip_is_not_asked_about(fake: FakeService) -> None:
    long_before: date = FIRST - timedelta(days=60)
    assert planning.forecast(TRIP, app(fake, **service.KEYS).sources, long_before) == []
    assert fake.requests == []


def test_a_service_that_fails_costs_the_line_and_not_the_plan(fake: FakeService) -> None:
    fake.fails(services.status(500))
    assert planning.forecast(TRIP, app(fake, **service.KEYS).sources, FIRST) == []


def test_the_weather_is_asked_for_once_an_hour_and_a_failure_once_a_minute(fake: FakeService) -> None:
    here = app(fake, **service.KEYS)
    first = planning.forecast(TRIP, here.sources, FIRST)
    assert planning.forecast(TRIP, here.sources, FIRST) == first
    assert len(fake.requests) == 1
    sick = app(fake, **service.KEYS)
    fake.fails(services.status(500))
    assert planning.forecast(TRIP, sick.sources, FIRST) == planning.forecast(TRIP, sick.sources, FIRST) == []
    assert len(fake.requests) == 2


def test_without_a_service_nobody_is_asked() -> None:
    nobody = App(Settings(secret_keys=(SECRET,)), memory=ProcessMemory())
    assert planning.forecast(TRIP, nobody.sources, FIRST) == []
