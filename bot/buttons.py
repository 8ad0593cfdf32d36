"""What a tapped button means: its action string as an intent, without any model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any, Final

from bot.intents import Action, Context, Intent, Lang
from bot.readings import meant
from bot.slots import NO_HOUR
from bot.terms import HOURS
from bot.wishes import words_for

# Topics that only buttons and house words produce; actions answer them by name.
TRIP: Final = "trip"  # a change of the trip, whatever was searched for since
STALE: Final = "stale"
_SLOTS: Final = ("destination", "origin", "dates", "party", "budget")
_MENUS: Final = frozenset(
    {"change", "more", "new", "undo", "redo", "ask:day", "ask:wish", *(f"ask:{slot}" for slot in _SLOTS)}
)


def intent_for(action: str, context: Context) -> Intent:
    """The intent of a button. One that cannot be read (an old or foreign button) has the topic "stale"."""
    lang = Lang.SW if context.lang == "sw" else Lang.EN
    if action in _MENUS:
        return Intent(Action.OTHER, lang, topic=action)
    if plain := _PLAIN.get(action):
        return plain(lang)
    verb, _, rest = action.partition(":")
    made = _WITH_VALUE.get(verb)
    if made is None:
        return Intent(Action.OTHER, lang, topic=STALE)
    try:
        return made(rest, lang)
    except (ValueError, OverflowError, KeyError):
        return Intent(Action.OTHER, lang, topic=STALE)


def _slot(rest: str, lang: Lang) -> Intent:
    name, _, value = rest.partition(":")
    match name:
        case "start":
            return Intent(Action.REFINE_ITINERARY, lang, start_date=date.fromisoformat(value))
        case "end":
            return Intent(Action.REFINE_ITINERARY, lang, end_date=date.fromisoformat(value), topic=TRIP)
        case "weekend":
            saturday = date.fromisoformat(value)
            return Intent(Action.REFINE_ITINERARY, lang, start_date=saturday, end_date=saturday + timedelta(days=1))
        case "days":
            return Intent(Action.REFINE_ITINERARY, lang, duration_days=int(value))
        case "party":
            return Intent(Action.REFINE_ITINERARY, lang, passengers=int(value))
        case "destination":
            return Intent(Action.REFINE_ITINERARY, lang, destination=value, destinations=(value,))
        case "origin":
            return Intent(Action.REFINE_ITINERARY, lang, origin=value)
    raise KeyError(name)


def _budget(rest: str, lang: Lang) -> Intent:
    if rest == "none":
        return Intent(Action.REFINE_ITINERARY, lang, topic="no_budget")
    return Intent(Action.REFINE_ITINERARY, lang, budget_kes=int(rest), topic=TRIP)


def _trip(rest: str, lang: Lang) -> Intent:
    place, start, days, people, budget = rest.split(":")
    return Intent(
        Action.CREATE_ITINERARY,
        lang,
        destination=place,
        destinations=(place,),
        start_date=date.fromisoformat(start),
        duration_days=int(days),
        passengers=int(people),
        budget_kes=int(budget),
    )


def _search(rest: str, lang: Lang) -> Intent:
    kind, origin, destination, day, people = rest.split(":")
    return Intent(
        Action(f"search_{kind}"),
        lang,
        origin=origin,
        destination=destination,
        destinations=(destination,),
        start_date=date.fromisoformat(day),
        passengers=int(people),
    )


def _stay(rest: str, lang: Lang) -> Intent:
    words = {"budget": "budget_stay", "mid": "mid_range", "high": "high_end"}
    return Intent(Action.REFINE_ITINERARY, lang, preferences=(words[rest],), topic=TRIP)


def _mode(rest: str, lang: Lang) -> Intent:
    if not rest.isalpha():
        raise ValueError(rest)
    return Intent(Action.REFINE_ITINERARY, lang, preferences=(rest,), topic=TRIP)


def _way(rest: str, lang: Lang) -> Intent:
    """A way out of an impossible trip: several changes in one tap, "days=20261127-20261128;budget=14600;cheap"."""
    parts = dict(part.partition("=")[::2] for part in rest.split(";"))
    known = {"days", "budget", "cheap", "stay", "mode", "night", "road_after_dark", "hand_luggage", "drop", *HOURS}
    if not parts.keys() <= known:
        raise KeyError(rest)
    hours: dict[str, Any] = {name: _hour(name, parts[name]) for name in HOURS if name in parts}
    first, _, last = parts.get("days", "").partition("-")
    words: list[str] = [word for word in ("cheap", "night", "road_after_dark", "hand_luggage") if word in parts]
    words += _stay(parts["stay"], lang).preferences if "stay" in parts else ()
    words += words_for(parts["mode"]) if "mode" in parts else ()
    return Intent(
        Action.REFINE_ITINERARY,
        lang,
        start_date=date.fromisoformat(first) if "days" in parts else None,
        end_date=date.fromisoformat(last) if "days" in parts else None,
        budget_kes=int(parts["budget"]) if "budget" in parts else None,
        preferences=tuple(words),
        remove=(parts["drop"],) if "drop" in parts else (),
        **hours,
        topic=TRIP,
    )


def _hour(name: str, said: str) -> time:
    """ "1530" → 15:30; "any" is the hour that bounds nothing."""
    if said == "any":
        return NO_HOUR[name]
    return time(int(said[:2]), int(said[2:]))


def _meant(rest: str, lang: Lang) -> Intent:
    """One of two readings."""
    what, _, reading = rest.partition(":")
    return meant(what, reading, lang)


def _language(rest: str, lang: Lang) -> Intent:
    return Intent(Action.OTHER, {"en": Lang.EN, "sw": Lang.SW}[rest], topic="language")


_PLAIN: Final[dict[str, Callable[[Lang], Intent]]] = {
    "cheaper": lambda lang: Intent(Action.REFINE_ITINERARY, lang, preferences=("cheap",), topic=TRIP),
    "comfort": lambda lang: Intent(Action.REFINE_ITINERARY, lang, preferences=("comfort",), topic=TRIP),
    "book": lambda lang: Intent(Action.BOOK_ITINERARY, lang),
    "pdf": lambda lang: Intent(Action.EXPORT, lang, preferences=("pdf",)),
    "ics": lambda lang: Intent(Action.EXPORT, lang, preferences=("calendar",)),
    "help": lambda lang: Intent(Action.HELP, lang),
    "cancel": lambda lang: Intent(Action.CANCEL, lang),
}
_WITH_VALUE: Final[dict[str, Callable[[str, Lang], Intent]]] = {
    "slot": _slot,
    "budget": _budget,
    "trip": _trip,
    "search": _search,
    "stay": _stay,
    "mode": _mode,
    "way": _way,
    "meant": _meant,
    "lang": _language,
}
