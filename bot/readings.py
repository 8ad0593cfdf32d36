"""Two readings of one message, written down for a question, and what picking one of them means.

A reading is a short text, so that it can stand in a problem code and behind a button:

| what | readings |
| --- | --- |
| budget | `30000` in all, `each-15000`, `night-4000` |
| start | `2026-11-27`, `2026-11-27..2026-11-29` to and fro, `2026-11-30~2026-12-06` any day of these, `2026-12` |
| end | `2026-11-29` |
| destination | `mombasa`, `naivasha+nakuru` |
| origin | `nairobi` |
| route | `nairobi>kisumu`, `>nairobi` from nowhere named |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from bot.intents import Action, Intent, Lang

PREFIX: Final = "unsure_"
_EACH, _NIGHT, _TO, _OR, _AND, _FROM = "each-", "night-", "..", "~", "+", ">"


def doubt(what: str, one: str, other: str) -> str:
    """The problem code of two readings: "unsure_budget:30000|3000"."""
    return f"{PREFIX}{what}:{one}|{other}"


def is_doubt(problem: str) -> bool:
    """Whether this problem is one of two readings."""
    return problem.startswith(PREFIX)


def parts(problem: str) -> tuple[str, tuple[str, ...]]:
    """What is in doubt and its readings: ("budget", ("30000", "3000"))."""
    what, _, readings = problem.removeprefix(PREFIX).partition(":")
    return what, tuple(readings.split("|"))


def money(intent: Intent) -> str:
    """The money of an intent, "" when it names none."""
    if intent.budget_per_person_kes is not None:
        return f"{_EACH}{intent.budget_per_person_kes}"
    if intent.budget_per_night_kes is not None:
        return f"{_NIGHT}{intent.budget_per_night_kes}"
    return str(intent.budget_kes) if intent.budget_kes is not None else ""


def days(intent: Intent) -> str:
    """The days of an intent, "" when it names no first one."""
    if intent.start_date is None:
        return intent.month or ""
    if intent.end_date is None:
        return intent.start_date.isoformat()
    return f"{intent.start_date}{_OR if intent.date_is_window else _TO}{intent.end_date}"


def places(destinations: Sequence[str]) -> str:
    """Towns in order."""
    return _AND.join(destinations)


def route(origin: str | None, destinations: Sequence[str]) -> str:
    """Where from and where to."""
    return f"{origin or ''}{_FROM}{places(destinations)}"


def meant(what: str, reading: str, lang: Lang = Lang.EN) -> Intent:
    """The intent of whoever picks this reading. Raises ValueError, KeyError for one that was not written here."""
    fields: dict[str, Any] = {
        "budget": _money, "start": _days, "end": _end, "destination": _places, "origin": _origin, "route": _route,
    }[what](reading)  # fmt: skip
    return Intent(Action.REFINE_ITINERARY, lang, **fields)


def _money(reading: str) -> dict[str, Any]:
    if reading.startswith(_EACH):
        return {"budget_per_person_kes": int(reading.removeprefix(_EACH))}
    if reading.startswith(_NIGHT):
        return {"budget_per_night_kes": int(reading.removeprefix(_NIGHT))}
    return {"budget_kes": int(reading)}


def _days(reading: str) -> dict[str, Any]:
    if len(reading) == len("2026-12"):
        date.fromisoformat(f"{reading}-01")
        return {"month": reading}
    window = _OR in reading
    start, _, end = reading.partition(_OR if window else _TO)
    last = date.fromisoformat(end) if end else None
    return {"start_date": date.fromisoformat(start), "end_date": last, "date_is_window": window}


def _end(reading: str) -> dict[str, Any]:
    return {"end_date": date.fromisoformat(reading)}


def _places(reading: str) -> dict[str, Any]:
    towns = tuple(reading.split(_AND))
    if not all(towns):
        raise ValueError("a destination without a name")
    return {"destination": towns[0], "destinations": towns}


def _origin(reading: str) -> dict[str, Any]:
    if not reading:
        raise ValueError("an origin without a name")
    return {"origin": reading}


def _route(reading: str) -> dict[str, Any]:
    start, mark, there = reading.partition(_FROM)
    if not mark:
        raise ValueError("a route without a way")
    return {**_places(there), "origin": start or None}
