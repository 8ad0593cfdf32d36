"""What a change of a single thing does to what was said of a trip. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.edits import Edit, Verb
from bot.screen import RIDES, Screen, Shown
from bot.slots import Slots
from bot.wishes import PACES, added
from planner.model import Alternative


def held(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """Items kept, or set free."""
    ids = [screen.items[n].offer_id for n in change.items]
    others = tuple(offer_id for offer_id in slots.locked if offer_id not in ids)
    return replace(slots, locked=(*others, *ids) if change.verb is Verb.KEEP else others)


def _swap(slots: Slots, change: Edit, screen: Screen) -> Slots:
    if change.other is None:
        return slots
    return _exchanged(slots, screen.items[change.items[0]], screen.others[change.other])


def _exchanged(slots: Slots, item: Shown, other: Alternative) -> Slots:
    """The other offer is held: who picks something keeps it."""
    kept = tuple(offer_id for offer_id in slots.locked if offer_id != item.offer_id)
    return replace(slots, locked=(*kept, other.offer_id))


def _better_or_cheaper(slots: Slots, change: Edit, screen: Screen) -> Slots:
    other = in_its_place(change, screen)
    return slots if other is None else _exchanged(slots, screen.items[change.items[0]], other)


def in_its_place(change: Edit, screen: Screen) -> Alternative | None:
    """The nearest offer below or above the price of an item."""
    others = screen.instead_of(screen.items[change.items[0]].id)
    if change.verb is Verb.CHEAPER:
        return max((o for o in others if o.delta_kes < 0), key=lambda o: o.delta_kes, default=None)
    return min((o for o in others if o.delta_kes > 0), key=lambda o: o.delta_kes, default=None)


def _hours(slots: Slots, change: Edit, screen: Screen) -> Slots:
    return at_another_hour(slots, change, screen) or slots


def at_another_hour(slots: Slots, change: Edit, screen: Screen) -> Slots | None:
    """A known departure of the same kind before or after the one taken, else an hour to keep; None if neither helps."""
    item, later = screen.items[change.items[0]], change.verb is Verb.LATER
    known = [o for o in screen.instead_of(item.id) if o.type is item.type and o.depart is not None]
    fitting = [o for o in known if o.depart is not None and (o.depart > item.start) is later and o.depart != item.start]
    if fitting:
        return _exchanged(slots, item, min(fitting, key=lambda o: abs((o.depart or item.start) - item.start)))
    dates = screen.dates
    ends = (item.back and item.day == dates[-1]) or (not item.back and item.day == dates[0])
    if not ends or item.end.date() != item.day or item.type not in RIDES:
        return None
    name = ("leave_back_after" if later else "back_by") if item.back else ("leave_after" if later else "arrive_by")
    bound = _after(item.start) if later else _before(item.end)
    free = tuple(offer_id for offer_id in slots.locked if offer_id != item.offer_id)
    return None if bound is None else replace(slots, locked=free, **_bounds(name, bound))


def _bounds(name: str, bound: time) -> dict[str, Any]:
    """The hour to keep; the opposite one, if any, would contradict it."""
    opposite = {"leave_after": "arrive_by", "arrive_by": "leave_after"}
    opposite |= {"leave_back_after": "back_by", "back_by": "leave_back_after"}
    return {name: bound, opposite[name]: None}


def _after(moment: datetime) -> time | None:
    """The next half hour after a departure."""
    minutes = (moment.hour * 60 + moment.minute) // 30 * 30 + 30
    return None if minutes >= 24 * 60 else time(minutes // 60, minutes % 60)


def _before(moment: datetime) -> time | None:
    """The half hour before an arrival."""
    minutes = (moment.hour * 60 + moment.minute - 1) // 30 * 30
    return None if minutes <= 0 else time(minutes // 60, minutes % 60)


def _pace(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """One pace slower or fuller."""
    word, other = ("relaxed", "packed") if change.verb is Verb.SLOWER else ("packed", "relaxed")
    rest = tuple(name for name in slots.preferences if PACES.get(name) is not PACES[other])
    slowed = rest if len(rest) < len(slots.preferences) else added(slots.preferences, (word,))
    return replace(slots, preferences=slowed)


def _drop(slots: Slots, change: Edit, screen: Screen) -> Slots:
    item = screen.items[change.items[0]]
    return replace(
        slots,
        removed=tuple(dict.fromkeys((*slots.removed, item.title))),
        sights=tuple(name for name in slots.sights if name.casefold() not in item.title.casefold()),
        locked=tuple(offer_id for offer_id in slots.locked if offer_id != item.offer_id),
        pinned=tuple(pin for pin in slots.pinned if pin[0] != item.title),
    )


def _add(slots: Slots, change: Edit, screen: Screen) -> Slots:
    title = change.name if change.other is None else screen.others[change.other].title
    slots = replace(
        slots,
        sights=tuple(dict.fromkeys((*slots.sights, title))),
        removed=tuple(word for word in slots.removed if word.casefold() not in title.casefold()),
    )
    return _pinned(slots, title, change.day, screen)


def _move(slots: Slots, change: Edit, screen: Screen) -> Slots:
    return _pinned(slots, screen.items[change.items[0]].title, change.day, screen)


def _pinned(slots: Slots, title: str, day: int | None, screen: Screen) -> Slots:
    """A visit on one day of the trip."""
    if day is None:
        return slots
    others = tuple(pin for pin in slots.pinned if pin[0] != title)
    return replace(slots, pinned=(*others, (title, screen.dates[day - 1])))


def _order(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """The stops in another order, each with its nights; without places, the other way round."""
    places = change.places or tuple(stop.place for stop in reversed(screen.stops))
    nights = {stop.place: stop.nights or 0 for stop in screen.stops}
    stays = tuple(nights.get(place, 0) for place in places) if slots.stays else ()
    return replace(slots, destinations=places, stays=stays, any_order=False)


def _stop(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """One town more, a day longer where there is no night for it."""
    towns = (*(slots.destinations or (stop.place for stop in screen.stops)), *change.places)
    start, end = _days(slots, screen)
    short = len(towns) - (end - start).days
    return _between(replace(slots, destinations=towns, stays=()), start, end + timedelta(days=max(0, short)))


def _days(slots: Slots, screen: Screen) -> tuple[date, date]:
    """First and last day as they were said, else as they are on the screen."""
    if slots.start is not None and slots.end is not None and not slots.window:
        return slots.start, slots.end
    return screen.dates[0], screen.dates[-1]


def _between(slots: Slots, start: date, end: date) -> Slots:
    return replace(slots, start=start, end=end, window=False, month=None, nights=None, duration_days=None)


def stretched(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """A day more or less at one of the stops; the nights elsewhere stay as they are."""
    days = change.count if change.verb is Verb.LONGER else -change.count
    place = change.places[0] if change.places else screen.stops[-1].place
    return lengthened(slots, screen, place, days)


def lengthened(slots: Slots, screen: Screen, place: str, days: int) -> Slots:
    """The trip with days more or fewer at a place; as it was where there is no night to spare."""
    nights = [(stop.place, stop.nights or 0) for stop in screen.stops]
    index = next((n for n, (slug, _) in enumerate(nights) if slug == place), len(nights) - 1)
    if nights[index][1] + days < (1 if len(nights) > 1 else 0):
        return slots
    stays = tuple(count + (days if n == index else 0) for n, (_, count) in enumerate(nights))
    start, end = _days(slots, screen)
    end += timedelta(days=days)
    stays = stays if len(stays) > 1 and sum(stays) == (end - start).days else ()
    return _between(replace(slots, stays=stays), start, end)


CHANGES: dict[Verb, Callable[[Slots, Edit, Screen], Slots]] = {
    Verb.SWAP: _swap,
    Verb.CHEAPER: _better_or_cheaper,
    Verb.BETTER: _better_or_cheaper,
    Verb.EARLIER: _hours,
    Verb.LATER: _hours,
    Verb.SLOWER: _pace,
    Verb.FULLER: _pace,
    Verb.DROP: _drop,
    Verb.ADD: _add,
    Verb.MOVE: _move,
    Verb.STOP: _stop,
    Verb.ORDER: _order,
    Verb.LONGER: stretched,
    Verb.SHORTER: stretched,
}
