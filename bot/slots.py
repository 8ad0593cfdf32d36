"""What the traveller has said so far, and how another message changes it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from bot.intents import Intent
from bot.terms import HOURS
from bot.wishes import added, residency_of
from planner.model import Party

DEFAULT_NIGHTS = 2
# An hour that bounds nothing: it says that an earlier one no longer counts.
NO_HOUR = {"leave_after": time(0), "arrive_by": time(23, 59), "leave_back_after": time(0), "back_by": time(23, 59)}
MOST_PEOPLE = 60  # in one party
_MOST_DAYS = 365  # a change of length beyond this is a slip; it keeps date arithmetic in range


@dataclass(frozen=True, slots=True)
class Slots:
    """Facts as said, nothing guessed. `end` is the last day; `window` means any day from `start` to `end`.

    `locked` are ids of offers that must stay, `booked` those of them that are booked, in the order in which it was
    told; `stays` the nights at each of `destinations`, or empty; `pinned` are visits, by title, on the day they were
    given.
    """

    origin: str | None = None
    destinations: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    window: bool = False
    month: str | None = None  # YYYY-MM
    nights: int | None = None
    duration_days: int | None = None
    passengers: int | None = None
    children: int | None = None
    child_ages: tuple[int, ...] = ()
    budget_total: int | None = None
    budget_per_person: int | None = None
    budget_per_night: int | None = None
    preferences: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    sights: tuple[str, ...] = ()
    any_order: bool = False
    leave_after: time | None = None
    arrive_by: time | None = None
    leave_back_after: time | None = None
    back_by: time | None = None
    origin_point: str = ""
    destination_point: str = ""
    operator: str = ""
    locked: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    stays: tuple[int, ...] = ()
    pinned: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, with the names of what was guessed to get there ("start", "duration")."""

    start: date
    end: date
    assumed: tuple[str, ...] = ()

    @property
    def nights(self) -> int:
        """Nights away."""
        return (self.end - self.start).days


def merge(slots: Slots, intent: Intent) -> Slots:
    """The slots after a message: what it says replaces what was there, what it does not say stays."""
    merged = _money(_people(_dates(slots, intent), intent), intent)
    destinations = intent.destinations or ((intent.destination,) if intent.destination else ())
    replaced = slots.destinations if destinations else ()  # "Diani instead of Mombasa" refuses nothing
    removed = tuple(dict.fromkeys((*slots.removed, *(word for word in intent.remove if word not in replaced))))
    elsewhere = bool(destinations) and not set(slots.destinations) & set(destinations)
    known = () if elsewhere else slots.sights  # what is to be seen in a town is not to be seen in another
    hours: dict[str, Any] = {name: _hour(name, getattr(intent, name), getattr(slots, name)) for name in HOURS}
    return replace(
        merged,
        origin=intent.origin or slots.origin,
        destinations=tuple(dict.fromkeys(destinations)) or slots.destinations,
        preferences=tuple(w for w in added(slots.preferences, intent.preferences) if w not in intent.remove),
        removed=tuple(word for word in removed if word not in intent.preferences),
        sights=tuple(name for name in dict.fromkeys((*known, *intent.sights)) if name not in removed),
        any_order=intent.any_order or (slots.any_order and sorted(destinations) != sorted(slots.destinations)),
        **hours,
        origin_point=intent.origin_point or slots.origin_point,
        destination_point=intent.destination_point or slots.destination_point,
        operator=intent.operator or slots.operator,
        stays=slots.stays if tuple(dict.fromkeys(destinations)) in ((), slots.destinations) else (),
        pinned=slots.pinned if not destinations or set(slots.destinations) <= set(destinations) else (),
    )


def _hour(name: str, said: time | None, known: time | None) -> time | None:
    """An hour of the way out or home; one that bounds nothing takes the earlier one back."""
    return None if said == NO_HOUR[name] else said if said is not None else known


def _dates(slots: Slots, intent: Intent) -> Slots:
    if intent.start_date is not None:
        length = None if slots.start is None or slots.end is None or slots.window else (slots.end - slots.start).days
        waiting = slots.end if slots.start is None and slots.month is None and not slots.window else None
        slots = replace(slots, start=intent.start_date, end=waiting, window=False, month=None)
        if length is not None:
            slots = replace(slots, nights=length, duration_days=None)
    elif intent.month is not None:
        slots = replace(slots, start=None, end=None, window=False, month=intent.month)
    if intent.nights is not None:
        slots = replace(slots, nights=intent.nights, duration_days=None)
        slots = slots if slots.window else replace(slots, end=None)
    elif intent.duration_days is not None:
        slots = replace(slots, duration_days=intent.duration_days, nights=None)
        slots = slots if slots.window else replace(slots, end=None)
    if intent.end_date is not None:
        slots = replace(slots, end=intent.end_date, window=intent.date_is_window)
        if not intent.date_is_window:
            slots = replace(slots, nights=None, duration_days=None)
    return _longer(slots, max(-_MOST_DAYS, min(_MOST_DAYS, intent.duration_delta_days or 0)))


def _longer(slots: Slots, days: int) -> Slots:
    if not days:
        return slots
    if slots.end is not None and slots.start is not None and not slots.window:
        return replace(slots, end=max(slots.start, slots.end + timedelta(days=days)))
    nights = slots.nights if slots.nights is not None else (slots.duration_days or DEFAULT_NIGHTS + 1) - 1
    return replace(slots, nights=max(0, nights + days), duration_days=None)


def _people(slots: Slots, intent: Intent) -> Slots:
    if intent.passengers is None and intent.passengers_delta is not None:
        return _joined_by(slots, intent.passengers_delta, intent.children or 0)
    passengers = slots.passengers if intent.passengers is None else intent.passengers
    children = slots.children if intent.children is None else intent.children
    if children is not None and passengers is not None and passengers > 0:
        children = min(children, passengers - 1) if intent.children is None else children
    if intent.passengers is None and children and passengers is not None and passengers <= children:
        passengers += children  # those counted before were the grown-ups
    ages = intent.child_ages or slots.child_ages
    return replace(slots, passengers=passengers, children=children, child_ages=ages if len(ages) == children else ())


def _joined_by(slots: Slots, heads: int, children: int) -> Slots:
    """With so many more (or fewer) than are known: the one who writes, as long as nobody was counted."""
    passengers = max(1, min(MOST_PEOPLE, (slots.passengers or 1) + heads))
    young = min((slots.children or 0) + children, passengers - 1)
    known = slots.children if not young and slots.children is None else young
    return replace(
        slots,
        passengers=passengers,
        children=known,
        child_ages=slots.child_ages if len(slots.child_ages) == young else (),
    )


def _money(slots: Slots, intent: Intent) -> Slots:
    if intent.topic == "no_budget":
        return replace(slots, budget_total=None, budget_per_person=None, budget_per_night=None)
    said = (intent.budget_kes, intent.budget_per_person_kes, intent.budget_per_night_kes)
    if all(amount is None for amount in said):
        return slots
    total, per_person, per_night = said
    return replace(slots, budget_total=total, budget_per_person=per_person, budget_per_night=per_night)


def party(slots: Slots) -> Party:
    """Who travels: one adult when nobody was counted, and always an adult along with the children."""
    children, residency = slots.children or 0, residency_of(slots.preferences)
    adults = 1 if slots.passengers is None else max(1, slots.passengers - children)
    children = children if slots.passengers is None else slots.passengers - adults
    ages = slots.child_ages if len(slots.child_ages) == children else ()
    return Party(adults, children, ages, residency)


def budget(slots: Slots, size: int, nights: int) -> int | None:
    """Whole-party budget in KES out of whichever way it was said, None when there is none."""
    if slots.budget_per_person is not None:
        return slots.budget_per_person * size
    if slots.budget_per_night is not None:
        return slots.budget_per_night * max(1, nights)
    return slots.budget_total


def has_dates(slots: Slots) -> bool:
    """Whether a first day can be told from what was said."""
    return slots.start is not None or slots.month is not None


def has_length(slots: Slots) -> bool:
    """Whether it was said how long the trip is."""
    return slots.nights is not None or slots.duration_days is not None


def has_budget(slots: Slots) -> bool:
    """Whether any kind of limit on the money was said."""
    return any(amount is not None for amount in (slots.budget_total, slots.budget_per_person, slots.budget_per_night))


def span(slots: Slots, today: date) -> Span | None:
    """First and last day of a trip; None when no day was said. A window or a month gives its first fitting day."""
    start, assumed = _first_day(slots, today)
    if start is None:
        return None
    if slots.end is not None and not slots.window:
        return _long_enough(Span(start, slots.end, assumed), slots.duration_days or 0, today)
    if slots.nights is not None:
        return Span(start, start + timedelta(days=slots.nights), assumed)
    if slots.duration_days is not None:
        return Span(start, start + timedelta(days=max(0, slots.duration_days - 1)), assumed)
    # One looks around at home for a day, and who goes one way only wants to get there.
    there = len(slots.destinations) == 1 and "one_way" in slots.preferences
    nights = 0 if there or slots.destinations == (slots.origin,) else DEFAULT_NIGHTS
    return Span(start, start + timedelta(days=nights), (*assumed, "duration"))


def _long_enough(named: Span, days: int, today: date) -> Span:
    """ "3 days next weekend" is longer than a weekend: it starts on the Friday, and ends later if need be."""
    short = days - (named.end - named.start).days - 1
    if short <= 0:
        return named
    early = 1 if named.start.weekday() == 5 and named.start > today else 0
    return Span(
        named.start - timedelta(days=early),
        named.end + timedelta(days=short - early),
        tuple(dict.fromkeys((*named.assumed, "start"))),
    )


def _first_day(slots: Slots, today: date) -> tuple[date | None, tuple[str, ...]]:
    if slots.start is not None:
        return (max(slots.start, today), ("start",)) if slots.window else (slots.start, ())
    if slots.month is not None:
        year, month = (int(part) for part in slots.month.split("-"))
        return max(date(year, month, 1), today + timedelta(days=1)), ("start",)
    return None, ()


def month_end(month: str) -> date:
    """Last day of a month given as YYYY-MM."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])
