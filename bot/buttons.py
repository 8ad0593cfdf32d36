"""What a tapped button means: its action string as an intent, without any model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from bot.edits import ABOUT_ITEMS, Edit, Part, Verb
from bot.intents import Action, Booking, BookingStep, Context, Intent, Lang
from bot.readings import meant
from bot.slots import NO_HOUR
from bot.terms import HOURS
from bot.wishes import words_for

# Topics that only buttons and house words produce; actions answer them by name.
TRIP: Final = "trip"  # a change of the trip, whatever was searched for since
STALE: Final = "stale"
_SLOTS: Final = ("destination", "origin", "dates", "party", "budget")
_MENUS: Final = frozenset(
    {
        *("change", "more", "new", "trips", "undo", "redo", "my_data", "delete_data", "delete:yes", "delete:no"),
        *("ask:day", "ask:wish", *(f"ask:{slot}" for slot in _SLOTS)),
    }
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


def _edit(verb: Verb) -> Callable[[str, Lang], Intent]:
    """A change of something on screen: "swap:3:5:1" is other 1 for item 5 of version 3, "keep:3:5,7" two items."""

    def made(rest: str, lang: Lang) -> Intent:
        version, items, *more = rest.split(":")
        chosen = tuple(int(n) for n in items.split(","))
        last = int(more[-1]) if more else None
        match verb:
            case Verb.ADD:
                change = Edit(verb, other=chosen[0], day=last)
            case Verb.SWAP:
                change = Edit(verb, chosen, other=last)
            case _:
                change = Edit(verb, chosen, day=last)
        return Intent(Action.REFINE_ITINERARY, lang, edits=(replace(change, version=int(version)),), topic=TRIP)

    return made


def _of_place(verb: Verb) -> Callable[[str, Lang], Intent]:
    """ "longer:diani"."""
    return lambda rest, lang: Intent(Action.REFINE_ITINERARY, lang, edits=(Edit(verb, places=(rest,)),), topic=TRIP)


def _menu(rest: str, lang: Lang) -> Intent:
    return Intent(Action.REFINE_ITINERARY, lang, edits=(Edit(Verb.MENU, part=Part(rest)),), topic=TRIP)


def _day(rest: str, lang: Lang) -> Intent:
    return Intent(Action.REFINE_ITINERARY, lang, edits=(Edit(Verb.DAY, day=int(rest)),), topic=TRIP)


def _plain_edit(verb: Verb) -> Callable[[Lang], Intent]:
    return lambda lang: Intent(Action.REFINE_ITINERARY, lang, edits=(Edit(verb),), topic=TRIP)


def _meant(rest: str, lang: Lang) -> Intent:
    """One of two readings."""
    what, _, reading = rest.partition(":")
    return meant(what, reading, lang)


def _language(rest: str, lang: Lang) -> Intent:
    return Intent(Action.OTHER, {"en": Lang.EN, "sw": Lang.SW}[rest], topic="language")


def _step(step: BookingStep) -> Callable[[str, Lang], Intent]:
    """A button beside a thing to book, which is named by its tag."""

    def made(rest: str, lang: Lang) -> Intent:
        return Intent(Action.BOOK_ITINERARY, lang, booking=Booking(step, (rest,), named=True))

    return made


def _open(rest: str, lang: Lang) -> Intent:
    if not re.fullmatch(r"[0-9a-z-]{1,40}", rest):
        raise ValueError(rest)
    return Intent(Action.OTHER, lang, topic=f"open:{rest}")


_PLAIN: Final[dict[str, Callable[[Lang], Intent]]] = {
    "cheaper": lambda lang: Intent(Action.REFINE_ITINERARY, lang, preferences=("cheap",), topic=TRIP),
    "comfort": lambda lang: Intent(Action.REFINE_ITINERARY, lang, preferences=("comfort",), topic=TRIP),
    "book": lambda lang: Intent(Action.BOOK_ITINERARY, lang),
    "left": lambda lang: Intent(Action.BOOK_ITINERARY, lang, booking=Booking(BookingStep.LEFT)),
    "pdf": lambda lang: Intent(Action.EXPORT, lang, preferences=("pdf",)),
    "ics": lambda lang: Intent(Action.EXPORT, lang, preferences=("calendar",)),
    "help": lambda lang: Intent(Action.HELP, lang),
    "cancel": lambda lang: Intent(Action.CANCEL, lang),
    "order:turn": _plain_edit(Verb.ORDER),
    **{verb.value: _plain_edit(verb) for verb in (Verb.FASTER, Verb.SLOWER, Verb.FULLER, Verb.LONGER, Verb.SHORTER)},
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
    "open": _open,
    "menu": _menu,
    "day": _day,
    **{verb.value: _of_place(verb) for verb in (Verb.LONGER, Verb.SHORTER, Verb.STOP)},
    **{verb.value: _edit(verb) for verb in ABOUT_ITEMS},
    "book": _step(BookingStep.SHOW),
    "booked": _step(BookingStep.BOOKED),
    "unbook": _step(BookingStep.NOT_BOOKED),
    "skip": _step(BookingStep.SKIP),
    "paid": _step(BookingStep.NONE),
}
