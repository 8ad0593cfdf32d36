"""Change single things of the plan on screen: another bed or ride, something kept, left out, added or moved."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.actions.replan import replanned
from bot.edits import Edit, Verb
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present import editing
from bot.present.booking import stands
from bot.present.questions import change_menu
from bot.replies import Reply
from bot.screen import Screen, Shown
from bot.slots import Slots, merge, party
from bot.state import Conversation, Decision, Scene
from bot.tasks import ShowTask, View
from bot.wishes import PACES, added
from planner.model import Alternative, ItemType

# With these a thing may go, which is not to be while it is booked.
_LETS_GO = frozenset({Verb.SWAP, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER, Verb.DROP, Verb.MOVE, Verb.FREE})
# Of several things only one can be exchanged, left out or moved.
_NEEDS_ONE = frozenset(
    {Verb.LIST, Verb.SWAP, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER, Verb.DROP, Verb.MOVE}
)


def stamp(state: Conversation) -> int:
    """The version on screen as a number that no version of another trip has, for buttons."""
    return zlib.crc32((state.trip_id or "").encode()) % 100_000 * 1_000 + state.trip_version


def edit(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """One message's changes, in order. What only shows or asks something is answered at once; the rest is planned."""
    if state.problems and state.planned.destinations:  # what could not be is asked about no more
        state = replace(state, trip=state.planned)
    state = replace(state, goal=Action.CREATE_ITINERARY, asked="", problems=())
    slots, about, quicker, said = state.trip, list[str](), False, list[Reply]()
    asked: list[str] = []
    if not all(_is_of_screen(change, state) for change in intent.edits):
        return Decision(state, (editing.stale(state.lang),))
    if booked := _booked(state, intent.edits):
        return Decision(state, (stands(booked, state.lang),))
    for change in intent.edits:
        if answer := _shown(state, change, scene):
            said.append(answer)
            continue
        match change.verb:
            case Verb.DAY:
                task = ShowTask(state.trip_id or "", state.trip_version, View.DAY, f"show-{state.turn}", state.lang)
                return Decision(state, (), (replace(task, day=change.day or 1),))
            case Verb.KEEP | Verb.FREE:
                state = held(state, change)
                slots = _held(slots, change, state.screen)
                said.append(_told_held(state, change))
            case Verb.FASTER:
                quicker = True
                asked.append(t(state.lang, "change_faster"))
            case _:
                changed = _CHANGES[change.verb](slots, change, state.screen)
                asked += _exchange_words(slots, changed, change, state)
                about += [state.screen.items[n].id for n in change.items]
                slots = changed
    facts = _without_edits(intent)
    if facts != Intent(intent.action, intent.lang):
        slots = merge(slots, facts)
    held_late = state.pending.startswith("plan-") and any(change.verb is Verb.KEEP for change in intent.edits)
    if slots == state.trip and not quicker and not held_late:  # a plan on its way does not know yet what is kept
        return Decision(state, tuple(said) or (change_menu(state.lang, state.screen),))
    decision = replanned(state, slots, facts, scene, about=tuple(about), quicker=quicker, asked=asked)
    return replace(decision, replies=(*said, *decision.replies))


def _is_of_screen(change: Edit, state: Conversation) -> bool:
    """Whether a change is about the plan on screen; an old or foreign button may not be."""
    screen = state.screen
    if not screen.items or change.version not in (0, stamp(state)):
        return False
    if any(not 0 <= n < len(screen.items) or not screen.items[n].offer_id for n in change.items):
        return False
    if change.verb is Verb.SWAP and (change.other is None or len(change.items) != 1):
        return False
    if change.other is not None:
        if not 0 <= change.other < len(screen.others):
            return False
        instead = screen.others[change.other].instead_of
        if instead and instead not in {screen.items[n].id for n in change.items}:
            return False
    towns = {stop.place for stop in screen.stops}
    if change.verb is Verb.STOP:
        return not towns.intersection(change.places)
    return (change.day is None or 1 <= change.day <= len(screen.dates)) and towns.issuperset(change.places)


def _booked(state: Conversation, edits: Sequence[Edit]) -> list[Shown]:
    """The booked things that some change is about, and nothing else."""
    for change in edits:
        items = [state.screen.items[n] for n in change.items]
        if change.verb in _LETS_GO and items and all(item.offer_id in state.trip.booked for item in items):
            return items
    return []


def _exchange_words(before: Slots, after: Slots, change: Edit, state: Conversation) -> list[str]:
    """ "Guest house in Diani instead of Holiday home in Diani", where something was picked."""
    new = next((offer_id for offer_id in after.locked if offer_id not in before.locked), None)
    other = next((other for other in state.screen.others if other.offer_id == new), None)
    if other is None or not change.items:
        return []
    return [editing.exchange(state.screen.items[change.items[0]], other, state.lang)]


def held(state: Conversation, change: Edit) -> Conversation:
    """The memory with items kept or set free in every version, so that going back does not lose it."""

    def over(slots: Slots) -> Slots:
        return _held(slots, change, state.screen)

    return replace(
        state,
        trip=over(state.trip),
        planned=over(state.planned),
        past=tuple(replace(step, slots=over(step.slots)) for step in state.past),
        future=tuple(replace(step, slots=over(step.slots)) for step in state.future),
    )


def _held(slots: Slots, change: Edit, screen: Screen) -> Slots:
    ids = [screen.items[n].offer_id for n in change.items]
    others = tuple(offer_id for offer_id in slots.locked if offer_id not in ids)
    return replace(slots, locked=(*others, *ids) if change.verb is Verb.KEEP else others)


def _told_held(state: Conversation, change: Edit) -> Reply:
    items = [state.screen.items[n] for n in change.items]
    return editing.held(items, state.lang, kept=change.verb is Verb.KEEP)


def _without_edits(intent: Intent) -> Intent:
    return replace(intent, edits=(), action=Action.REFINE_ITINERARY, missing=())


def _shown(state: Conversation, change: Edit, scene: Scene) -> Reply | None:
    """The answer to what asks or only wants to see something; None for what can be done."""
    screen, lang, number = state.screen, state.lang, stamp(state)
    if change.verb is Verb.TOTAL:
        return editing.total(screen, party(state.trip).size, lang)
    if change.verb is Verb.UNREAD:
        return Reply((t(lang, "edit_unread", words=change.name),))
    if change.verb is Verb.MENU and change.part is not None:
        return editing.part_menu(change.part, screen, number, lang, scene.towns)
    if change.verb in _NEEDS_ONE and len(change.items) > 1:
        return editing.which(change, screen, number, lang, scene.towns)
    if change.verb is Verb.LIST:
        return editing.alternatives(change.items[0], screen, number, lang)
    if change.verb in (Verb.CHEAPER, Verb.BETTER) and _in_its_place(change, screen) is None:
        return editing.none_such(change, screen, number, lang)
    if change.verb is Verb.SHORTER and _length(state.trip, change, screen) == state.trip:
        return Reply((t(lang, "edit_no_night"),), change_menu(lang, screen).buttons)
    if change.verb in (Verb.EARLIER, Verb.LATER) and _at_another_hour(state.trip, change, screen) is None:
        return editing.alternatives(change.items[0], screen, number, lang)
    return None


# -- what a change does to the slots ---------------------------------------------------------------------------------


def _swap(slots: Slots, change: Edit, screen: Screen) -> Slots:
    return (
        slots if change.other is None else _exchanged(slots, screen.items[change.items[0]], screen.others[change.other])
    )


def _exchanged(slots: Slots, item: Shown, other: Alternative) -> Slots:
    """The other offer is held: who picks something keeps it."""
    kept = tuple(offer_id for offer_id in slots.locked if offer_id != item.offer_id)
    return replace(slots, locked=(*kept, other.offer_id))


def _better_or_cheaper(slots: Slots, change: Edit, screen: Screen) -> Slots:
    other = _in_its_place(change, screen)
    return slots if other is None else _exchanged(slots, screen.items[change.items[0]], other)


def _in_its_place(change: Edit, screen: Screen) -> Alternative | None:
    """The nearest offer below or above the price of an item."""
    others = screen.instead_of(screen.items[change.items[0]].id)
    if change.verb is Verb.CHEAPER:
        return max((o for o in others if o.delta_kes < 0), key=lambda o: o.delta_kes, default=None)
    return min((o for o in others if o.delta_kes > 0), key=lambda o: o.delta_kes, default=None)


def _hours(slots: Slots, change: Edit, screen: Screen) -> Slots:
    return _at_another_hour(slots, change, screen) or slots


def _at_another_hour(slots: Slots, change: Edit, screen: Screen) -> Slots | None:
    """A known departure of the same kind before or after the one taken, else an hour to keep; None if neither helps."""
    item, later = screen.items[change.items[0]], change.verb is Verb.LATER
    known = [o for o in screen.instead_of(item.id) if o.type is item.type and o.depart is not None]
    fitting = [o for o in known if o.depart is not None and (o.depart > item.start) is later and o.depart != item.start]
    if fitting:
        return _exchanged(slots, item, min(fitting, key=lambda o: abs((o.depart or item.start) - item.start)))
    dates = screen.dates
    ends = (item.back and item.day == dates[-1]) or (not item.back and item.day == dates[0])
    if not ends or item.end.date() != item.day or item.type not in (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT):
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
    known = slots.destinations or tuple(stop.place for stop in screen.stops)
    dates = screen.dates
    known_dates = slots.start is not None and slots.end is not None and not slots.window
    start, end = (slots.start or dates[0], slots.end or dates[-1]) if known_dates else (dates[0], dates[-1])
    short = len(known) + len(change.places) - (end - start).days
    return replace(
        slots,
        destinations=(*known, *change.places),
        start=start,
        end=end + timedelta(days=max(0, short)),
        window=False,
        month=None,
        nights=None,
        duration_days=None,
        stays=(),
    )


def _length(slots: Slots, change: Edit, screen: Screen) -> Slots:
    """A day more or less at one of the stops; the nights elsewhere stay as they are."""
    days = change.count if change.verb is Verb.LONGER else -change.count
    place = change.places[0] if change.places else screen.stops[-1].place
    return lengthened(slots, screen, place, days)


def lengthened(slots: Slots, screen: Screen, place: str, days: int) -> Slots:
    """The trip with days more or fewer at a place; as it was where there is no night to spare."""
    nights = [(stop.place, stop.nights or 0) for stop in screen.stops]
    index = next((n for n, (slug, _) in enumerate(nights) if slug == place), len(nights) - 1)
    first, last = screen.dates[0], screen.dates[-1]
    if nights[index][1] + days < (1 if len(nights) > 1 else 0):
        return slots
    stays = tuple(count + (days if n == index else 0) for n, (_, count) in enumerate(nights))
    known = slots.start is not None and slots.end is not None and not slots.window
    start, end = (slots.start, slots.end) if known else (first, last)
    end = (end or last) + timedelta(days=days)
    start = start or first
    stays = stays if len(stays) > 1 and sum(stays) == (end - start).days else ()
    return replace(slots, start=start, end=end, window=False, month=None, nights=None, duration_days=None, stays=stays)


_CHANGES: dict[Verb, Callable[[Slots, Edit, Screen], Slots]] = {
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
    Verb.LONGER: _length,
    Verb.SHORTER: _length,
}
