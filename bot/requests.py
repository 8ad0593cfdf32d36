"""From what was said to a request the planner or the sources can work on, every guess named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.intents import Action
from bot.slots import Slots, budget, has_dates, has_length, month_end, party, span
from bot.tasks import SearchTask
from bot.terms import HOURS
from bot.wishes import returns, wishes_of
from planner.model import Stop, TripRequest
from planner.order import best_order
from planner.requirements import Count, Requirement, Which
from planner.requirements import Kind as Head
from providers.base import Kind
from providers.roads import minutes_by_road

HOME = "nairobi"  # where most trips start; always said aloud when assumed
KINDS = {
    Action.SEARCH_BUSES: Kind.BUSES,
    Action.SEARCH_TRAINS: Kind.TRAINS,
    Action.SEARCH_FLIGHTS: Kind.FLIGHTS,
    Action.SEARCH_HOTELS: Kind.HOTELS,
    Action.SEARCH_EVENTS: Kind.EVENTS,
    Action.SEARCH_TRANSFERS: Kind.TRANSFERS,
}
_LONG_DISTANCE = frozenset({Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS})
_EVENTS_AHEAD = timedelta(days=14)


def missing_for_trip(slots: Slots) -> str:
    """The slot without which a trip cannot be planned, "" when it can."""
    if not slots.destinations:
        return "destination"
    if slots.origin is None and slots.destinations == (HOME,):
        return "origin"
    return "" if has_dates(slots) else "dates"


def missing_for_search(slots: Slots, kind: Kind) -> str:
    """The slot without which a search cannot be made, "" when it can."""
    if not slots.destinations:
        return "destination"
    if kind in _LONG_DISTANCE and slots.origin is None and slots.destinations[0] == HOME:
        return "origin"
    return ""


def weekend_after(today: date) -> tuple[date, date]:
    """The coming Saturday and Sunday."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    return saturday, saturday + timedelta(days=1)


def trip_request(slots: Slots, today: date) -> TripRequest:
    """The request of slots that miss nothing but, perhaps, a date: then the coming weekend is assumed.

    A trip longer than the weekend starts on the Friday, if that is still ahead.
    """
    assumed: list[str] = []
    if not has_dates(slots):
        saturday, sunday = weekend_after(today)
        long = max(slots.nights or 0, (slots.duration_days or 1) - 1) >= 2
        start = saturday - timedelta(days=1) if long and saturday - timedelta(days=1) > today else saturday
        slots = replace(slots, start=start, end=None if has_length(slots) else sunday, window=False)
        assumed.append("start")
    whole = span(slots, today)
    if whole is None:
        raise ValueError("a trip needs a first day")
    origin = slots.origin or HOME
    if slots.origin is None:
        assumed.append("origin")
    if slots.passengers is None:
        assumed.append("party")
    stops = _stops(slots.destinations, origin)
    people = party(slots)
    wishes = wishes_of(slots.preferences, slots.removed)
    unasked = "origin" in assumed and "own_bed" not in slots.preferences
    hours = {name: getattr(slots, name) for name in HOURS}
    request = TripRequest(
        origin=origin,
        stops=_with_nights(stops, slots.stays, whole.nights),
        start=whole.start,
        end=whole.end,
        party=people,
        budget_kes=budget(slots, people.size, whole.nights),
        returns=returns(slots.preferences),
        # Who names the town we only guess they start from may be a guest there.
        wishes=replace(wishes, must_see=slots.sights, stay_in_town=wishes.stay_in_town or unasked, **hours),
        locked=frozenset(slots.locked),
        requirements=tuple(_on_its_day(title, on) for title, on in slots.pinned if whole.start <= on <= whole.end),
        assumed=tuple(dict.fromkeys((*assumed, *whole.assumed))),
    )
    return best_order(request, minutes_by_road) if slots.any_order else request


def _stops(destinations: tuple[str, ...], origin: str) -> tuple[str, ...]:
    """The towns to stop in. The own town at the end is the way home, unless the whole trip is within it."""
    stops = destinations
    while len(stops) > 1 and stops[-1] == origin:
        stops = stops[:-1]
    return stops


def _on_its_day(title: str, on: date) -> Requirement:
    """A visit on the day that the traveller gave it."""
    which = Which(kinds=frozenset({Head.VISIT}), names=(title,), on=frozenset({on}))
    return Requirement(f"{title} {on.isoformat()}", Count(which, least=1))


def _with_nights(stops: tuple[str, ...], nights: tuple[int, ...], all_nights: int) -> tuple[Stop, ...]:
    """The stops with the nights asked for at each, as long as they make up the trip."""
    if len(nights) != len(stops) or sum(nights) != all_nights:
        return tuple(Stop(slug) for slug in stops)
    return tuple(Stop(slug, count) for slug, count in zip(stops, nights, strict=True))


def search_task(slots: Slots, kind: Kind, today: date, *, key: str, lang: str) -> SearchTask:
    """The question to the sources; what was not said is assumed and named in `assumed`."""
    start, end, back, assumed = _search_days(slots, kind, today)
    origin = slots.origin
    if origin is None and kind in _LONG_DISTANCE:
        origin, assumed = HOME, (*assumed, "origin")
    if slots.passengers is None:
        assumed = (*assumed, "party")
    people = party(slots)
    return SearchTask(
        kind=kind,
        destination=slots.destinations[0],
        start=start,
        end=end,
        party=people,
        origin=origin,
        wishes=wishes_of(slots.preferences, slots.removed),
        budget_kes=budget(slots, people.size, (end - start).days),
        origin_point=slots.origin_point,
        destination_point=slots.destination_point,
        operator=slots.operator,
        preferences=slots.preferences,
        back=back,
        assumed=assumed,
        key=key,
        lang=lang,
    )


def _search_days(slots: Slots, kind: Kind, today: date) -> tuple[date, date, date | None, tuple[str, ...]]:
    """First and last day of the question, the day of the way back, and what of it was guessed."""
    if kind is Kind.EVENTS and not has_dates(slots):
        return today, today + _EVENTS_AHEAD, None, ("start",)
    if kind is Kind.EVENTS and slots.month is not None:
        first = date.fromisoformat(f"{slots.month}-01")
        return max(first, today), month_end(slots.month), None, ()
    if kind is Kind.TRANSFERS and not has_dates(slots):
        return today, today, None, ()
    tomorrow = today + timedelta(days=1)
    said = slots if has_dates(slots) else replace(slots, start=tomorrow, end=None, window=False)
    whole = span(said, today)
    if whole is None:
        raise ValueError("a search needs a day")
    guessed = ("start",) if "start" in whole.assumed or not has_dates(slots) else ()
    if kind is Kind.EVENTS:
        last = whole.start if "duration" in whole.assumed and not slots.window else slots.end or whole.end
        return whole.start, max(whole.start, last), None, ()
    if kind is Kind.HOTELS:
        if "duration" in whole.assumed:
            return whole.start, whole.start + timedelta(days=1), None, (*guessed, "nights")
        return whole.start, max(whole.end, whole.start + timedelta(days=1)), None, guessed
    back = slots.end if slots.end and not slots.window and slots.end > whole.start else None
    return whole.start, whole.start, back, guessed
