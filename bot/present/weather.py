"""The weather of a trip's days in one line, as far as it is forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.i18n import day_short, t
from planner.model import Itinerary

if TYPE_CHECKING:
    from providers.weather import DayWeather

MOST_DAYS = 7
CREDIT = "Weather data by Open-Meteo.com"  # where it is from, as its licence asks (CC BY 4.0)


def weather_line(trip: Itinerary, forecast: Sequence[DayWeather], lang: str) -> str:
    """ "Weather: Fri 27 sunny 31° · Sat 28 showers 30°. Weather data by Open-Meteo.com"; "" without a forecast."""
    known = {(each.date, each.place): each for each in forecast}
    told = [words for day in trip.days if (words := _day(day.date, known.get((day.date, day.place)), lang))]
    return t(lang, "weather", days=" · ".join(told[:MOST_DAYS]), credit=CREDIT) if told else ""


def _day(on: date, weather: DayWeather | None, lang: str) -> str:
    if weather is None or (not weather.sky and weather.high is None):
        return ""
    words = [day_short(lang, on)]
    words += [t(lang, f"sky_{weather.sky}")] if weather.sky else []
    words += [f"{round(weather.high)}°"] if weather.high is not None else []
    return " ".join(words)
