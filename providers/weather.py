"""The weather of a trip's days, where it is near enough to be forecast.

What it is: Open-Meteo's daily forecast for sixteen days, today's included.
Terms: data under CC BY 4.0, to be credited (CREDIT, with its link) wherever it is shown. Its free service is for
non-commercial use, so it is not asked at all: it takes a customer's key (OPEN_METEO_KEY), or the address of a server of
one's own (OPEN_METEO_URL).
Oddities: one place is answered with an object, several with an array in their order; any value may be null; a key it
does not know gets a 400; days outside of the forecast are refused instead of left out.
Not verified: nothing was asked live; the format is from the published OpenAPI description, the words for a refused key
are from general knowledge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from planner.model import Place
from providers.base import ProviderError
from providers.http import fetch
from providers.links import coordinate
from providers.memory import Memory

SERVICE = "The weather service"
CREDIT, CREDIT_URL = "Weather data by Open-Meteo.com", "https://open-meteo.com/"
DAYS = 16  # that are forecast, from today
BUDGET = 2.0  # seconds
FRESH, AGAIN = 3600.0, 60.0  # seconds for which a forecast is good, and a failure is not tried again
Date = date  # for annotations in classes whose field `date` hides the type
_DAILY = (
    "weather_code",
    "temperature_2m_max",
    "temperature_2m_min",
    "precipitation_sum",
    "precipitation_probability_max",
)
_SKIES = {  # by WMO code; what little snow there is falls on Mount Kenya
    "clear": (0,),
    "cloud": (1, 2, 3),
    "fog": (45, 48),
    "rain": (51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77),
    "showers": (80, 81, 82, 85, 86),
    "storm": (95, 96, 99),
}
_SKY = {code: sky for sky, codes in _SKIES.items() for code in codes}


@dataclass(frozen=True, slots=True)
class DayWeather:
    """A day's weather in a place (a slug). None: not forecast. Temperatures in °C, the chance of rain in per cent.

    `code` is one of the WMO's that `sky` has a word for.
    """

    date: Date
    place: str
    code: int | None
    high: float | None
    low: float | None
    rain_mm: float | None
    rain_chance: int | None

    @property
    def sky(self) -> str:
        """In a word (see `sky`), "" when it is not forecast."""
        return "" if self.code is None else sky(self.code)


class _Daily(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    time: list[Date]
    weather_code: list[int | None]
    temperature_2m_max: list[float | None]
    temperature_2m_min: list[float | None]
    precipitation_sum: list[float | None]
    precipitation_probability_max: list[int | None]

    @model_validator(mode="after")
    def _are_parallel(self) -> _Daily:
        if any(len(getattr(self, name)) != len(self.time) for name in _DAILY):
            raise ValueError("the columns differ in length")
        return self


class _Forecast(BaseModel):
    model_config = ConfigDict(frozen=True)

    daily: _Daily


class _Refusal(BaseModel):
    error: bool
    reason: str = Field(min_length=1)


_Answer: TypeAdapter[list[_Forecast] | _Forecast] = TypeAdapter(list[_Forecast] | _Forecast)


def enabled(keys: Mapping[str, str]) -> bool:
    """Whether the operator has a key, or a server of his own."""
    return bool(keys.get("OPEN_METEO_KEY") or keys.get("OPEN_METEO_URL"))


def sky(code: int) -> str:
    """A WMO code in a word: clear, cloud, fog, rain, showers or storm. Raises KeyError for any other code."""
    return _SKY[code]


def parse(body: bytes, places: Sequence[Place]) -> list[DayWeather]:
    """The forecast for `places`, in the order in which they were asked for. Raises ProviderError."""
    try:
        told = _Answer.validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in another shape") from exc
    forecasts = told if isinstance(told, list) else [told]
    if len(forecasts) != len(places):
        raise ProviderError(f"{SERVICE} answered for {len(forecasts)} places instead of {len(places)}")
    return [day for place, told in zip(places, forecasts, strict=True) for day in _days(place, told.daily)]


def _days(place: Place, daily: _Daily) -> Iterator[DayWeather]:
    columns = [getattr(daily, name) for name in _DAILY]
    for day, code, high, low, rain, chance in zip(daily.time, *columns, strict=True):
        told = (code if code in _SKY else None, high, low, rain, chance)
        if any(value is not None for value in told):
            yield DayWeather(day, place.slug, *told)


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast as it is remembered."""

    days: tuple[DayWeather, ...]


async def remembered(
    http: httpx.AsyncClient,
    keys: Mapping[str, str],
    memory: Memory,
    places: Sequence[Place],
    first: date,
    last: date,
    today: date,
) -> list[DayWeather]:
    """As `forecast`, asked for once an hour; a service that failed is left alone for a minute. Raises ProviderError."""
    key = f"weather:{','.join(sorted({place.slug for place in places}))}:{first}:{last}:{today}"
    if (kept := memory.recall(key, Kept)) is not None:
        return list(kept.days)
    if left := memory.marked("busy:weather"):
        raise ProviderError(f"{SERVICE} was not reached a moment ago", retry_after=left)
    try:
        found = await forecast(http, keys, places, first, last, today)
    except ProviderError as exc:
        memory.mark("busy:weather", exc.retry_after or AGAIN)
        raise
    memory.keep(key, Kept(tuple(found)), FRESH)
    return found


async def forecast(
    http: httpx.AsyncClient, keys: Mapping[str, str], places: Sequence[Place], first: date, last: date, today: date
) -> list[DayWeather]:
    """The weather in each of `places` from `first` to `last`, as far as it is forecast. Raises ProviderError.

    Nothing is asked when it is not enabled, when no place has a position or no day is near enough.
    """
    first, last = max(first, today), min(last, today + timedelta(days=DAYS - 1))
    known = [place for place in dict.fromkeys(places) if place.lat is not None and place.lon is not None]
    if not enabled(keys) or not known or first > last:
        return []
    base = (keys.get("OPEN_METEO_URL") or "https://customer-api.open-meteo.com").rstrip("/")
    params = {
        "latitude": ",".join(coordinate(place.lat) for place in known),
        "longitude": ",".join(coordinate(place.lon) for place in known),
        "daily": ",".join(_DAILY),
        "timezone": "Africa/Nairobi",
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
    }
    if key := keys.get("OPEN_METEO_KEY"):
        params["apikey"] = key
    try:
        async with asyncio.timeout(BUDGET):
            body = await fetch(http, "GET", f"{base}/v1/forecast", service=SERVICE, params=params, explain=_explained)
    except TimeoutError as exc:
        raise ProviderError(f"{SERVICE} did not answer in {BUDGET:g} s") from exc
    return parse(body, known)


def _explained(response: httpx.Response, body: bytes) -> ProviderError | None:
    """A key it does not know is told in words alone."""
    try:
        told = _Refusal.model_validate_json(body)
    except ValidationError:
        return None
    refused = response.status_code == 400 and "api key" in told.reason.casefold()
    return ProviderError(f"{SERVICE} refuses our key", permanent=True) if refused else None
