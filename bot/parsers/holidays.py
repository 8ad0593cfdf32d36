"""Kenyan holidays as travellers name them, with the days that people travel on."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from planner.dates import Holidays
from providers.holidays import named

# Name given by the `holidays` package → our key, first and last day relative to that date.
_NAMES = {
    "Christmas Day": (("christmas", 0, 1), ("christmas_eve", -1, -1), ("boxing", 1, 1)),
    "New Year's Day": (("new_year", -1, 0), ("new_year_day", 0, 0), ("new_year_eve", -1, -1)),
    "Good Friday": (("easter", 0, 3), ("good_friday", 0, 0), ("easter_monday", 3, 3)),
    "Jamhuri Day": (("jamhuri", 0, 0),),
    "Mashujaa Day": (("mashujaa", 0, 0),),
    "Madaraka Day": (("madaraka", 0, 0),),
    "Mazingira Day": (("mazingira", 0, 0),),
    "Labor Day": (("labour", 0, 0),),
    "Eid al-Fitr": (("eid", 0, 0),),
    "Eid al-Fitr (estimated)": (("eid", 0, 0),),
}


@cache
def around(year: int) -> Holidays:
    """Occurrences in `year` and the two years after it, in order. Eid of coming years is the package's estimate."""
    years = range(max(year, date.min.year + 1), min(year + 3, date.max.year))
    found: dict[str, list[tuple[date, date]]] = {}
    for day, names in sorted(named(years).items()):
        for name in names.split("; "):
            for key, first, last in _NAMES.get(name, ()):
                found.setdefault(key, []).append((day + timedelta(days=first), day + timedelta(days=last)))
    found["valentine"] = [(date(each, 2, 14), date(each, 2, 14)) for each in years]
    return found
