"""Simulated Open-Meteo: made-up weather, wetter in the rains; an array for several places, nulls at the end."""

from __future__ import annotations

from datetime import date, timedelta

import httpx

from providers.sandbox._made import Made

HOSTS = ("customer-api.open-meteo.com",)
KEYS = {"OPEN_METEO_KEY": "sandbox-weather"}
_UNITS = {
    "weather_code": "wmo code", "temperature_2m_max": "°C", "temperature_2m_min": "°C", "precipitation_sum": "mm",
    "precipitation_probability_max": "%", "wind_speed_10m_max": "km/h",
}  # fmt: skip
_RAINS = (3, 4, 5, 10, 11, 12)
_DRY, _WET = (0, 1, 1, 2, 3, 80), (3, 61, 63, 80, 81, 95)
_LONGEST = 16 + 92


class _Refused(Exception):
    """The text is the reason, as it is told."""


def answer(request: httpx.Request) -> httpx.Response:
    """The daily forecast of the places asked for."""
    if request.url.path != "/v1/forecast":
        return httpx.Response(404, json={"error": True, "reason": "Not Found"})
    try:
        told = _forecasts(dict(request.url.params))
    except _Refused as exc:
        return httpx.Response(400, json={"error": True, "reason": str(exc)})
    return httpx.Response(200, json=told if len(told) > 1 else told[0])


def _forecasts(asked: dict[str, str]) -> list[dict[str, object]]:
    if asked.get("apikey") != KEYS["OPEN_METEO_KEY"]:
        raise _Refused("The supplied API key is invalid.")
    latitudes, longitudes = (_numbers(asked, name) for name in ("latitude", "longitude"))
    if len(latitudes) != len(longitudes):
        raise _Refused("Parameter 'latitude' and 'longitude' must have the same number of elements")
    daily = asked.get("daily", "").split(",")
    if unknown := [name for name in daily if name not in _UNITS]:
        raise _Refused(f"Data corrupted at path ''. Cannot initialize value from invalid String value {unknown[0]}.")
    if not asked.get("timezone"):
        raise _Refused("Timezone is required")
    first, last = _day(asked, "start_date"), _day(asked, "end_date")
    if not first <= last < first + timedelta(days=_LONGEST):
        raise _Refused(f"Parameter 'end_date' is out of allowed range from {first} to {first + timedelta(days=15)}")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [_forecast(lat, lon, days, daily) for lat, lon in zip(latitudes, longitudes, strict=True)]


def _numbers(asked: dict[str, str], name: str) -> list[float]:
    try:
        return [float(text) for text in asked.get(name, "").split(",")]
    except ValueError as exc:
        raise _Refused(f"Parameter '{name}' is required") from exc


def _day(asked: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError as exc:
        raise _Refused(f"Invalid date format for '{name}'. Make sure to use 'YYYY-MM-DD'") from exc


def _forecast(lat: float, lon: float, days: list[date], daily: list[str]) -> dict[str, object]:
    weather = [_weather(lat, lon, day, vague=number == 15) for number, day in enumerate(days)]
    return {
        "latitude": round(lat * 8) / 8, "longitude": round(lon * 8) / 8, "generationtime_ms": 0.0921,
        "utc_offset_seconds": 10800, "timezone": "Africa/Nairobi", "timezone_abbreviation": "GMT+3", "elevation": 17.0,
        "daily_units": {"time": "iso8601", **{name: _UNITS[name] for name in daily}},
        "daily": {"time": [str(day) for day in days], **{name: [made[name] for made in weather] for name in daily}},
    }  # fmt: skip


def _weather(lat: float, lon: float, day: date, *, vague: bool) -> dict[str, float | None]:
    """Of one day; the last one of a long forecast has a sky and nothing more."""
    made = Made(round(lat, 2), round(lon, 2), day)
    wet = made.number(6) < (4 if day.month in _RAINS else 1)
    code = (_WET if wet else _DRY)[made.number(6)]
    high = (24.0 if 34 < lon < 38.5 else 29.0) + made.number(50) / 10
    rain = round(0.2 + made.number(200) / 10, 1) if code >= 51 else 0.0
    told = {
        "temperature_2m_max": high,
        "temperature_2m_min": round(high - 6 - made.number(40) / 10, 1),
        "precipitation_sum": rain,
        "precipitation_probability_max": 50 + made.number(50) if rain else made.number(40),
        "wind_speed_10m_max": 8 + made.number(180) / 10,
    }
    return {"weather_code": code, **(dict.fromkeys(told) if vague else told)}
