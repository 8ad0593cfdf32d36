"""Changes of a planned trip as typed operations, and which parts of the plan each of them leaves alone. Pure.

`changed` is the request after an operation, `touched` what of the plan it is about; planner.amending plans it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from planner.limits import ROAD
from planner.model import (
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Pace,
    Party,
    StayClass,
    Stop,
    TripRequest,
    Wishes,
)
from planner.shape import split_nights

VISITS = frozenset({ItemType.ACTIVITY, ItemType.EVENT})
_NEVER_LOCKED = frozenset({ItemType.TRANSFER, ItemType.MEAL})


@dataclass(frozen=True, slots=True)
class Cheaper:
    """The same trip for less money; how one moves and sleeps may change."""


@dataclass(frozen=True, slots=True)
class Faster:
    """Quicker ways between the towns, where there are any."""


@dataclass(frozen=True, slots=True)
class MoreRelaxed:
    """One pace slower: fewer things a day."""


@dataclass(frozen=True, slots=True)
class Swap:
    """Another offer in the place of an item. It is locked: who picks something keeps it."""

    item_id: str
    offer_id: str


@dataclass(frozen=True, slots=True)
class Lock:
    """This item stays, whatever else changes."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Unlock:
    """This item may change again."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Without this item. A visit is left out for good; of a ride or a bed another one is taken."""

    item_id: str


@dataclass(frozen=True, slots=True)
class AddActivity:
    """This too: an offer id, or words found in its name."""

    what: str


@dataclass(frozen=True, slots=True)
class AddDay:
    """A day more, at `place` or at the last stop."""

    place: str | None = None


@dataclass(frozen=True, slots=True)
class DropDay:
    """A day less, at `place` or at the last stop."""

    place: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeDates:
    """Another first day; without `end` the trip stays as long as it is."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeParty:
    """Other people, or another number of them."""

    party: Party


@dataclass(frozen=True, slots=True)
class ChangeBudget:
    """Another limit for the whole party, None for no limit."""

    budget_kes: int | None


@dataclass(frozen=True, slots=True)
class UseMode:
    """Travel this way where it is possible."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class RefuseMode:
    """Never travel this way."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class StayClassTo:
    """Sleep in this class of place."""

    stay_class: StayClass


@dataclass(frozen=True, slots=True)
class ReorderStops:
    """The same stops in this order of places."""

    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Become:
    """Whatever differs from this request, at once.

    `about` are ids of items that give way to something newly locked; `quicker` as in Faster.
    """

    request: TripRequest
    about: frozenset[str] = frozenset()
    quicker: bool = False


Operation = (
    Cheaper | Faster | MoreRelaxed | Swap | Lock | Unlock | Remove | AddActivity | AddDay | DropDay | ChangeDates
    | ChangeParty | ChangeBudget | UseMode | RefuseMode | StayClassTo | ReorderStops | Become
)  # fmt: skip


def changed(request: TripRequest, itinerary: Itinerary, operation: Operation) -> TripRequest:
    """The request after an operation; what the traveller locked stays locked unless the operation is about it.

    Raises LookupError for an item the plan does not have, ValueError for a change that cannot be.
    """
    wishes = request.wishes
    match operation:
        case Become(request=after):
            return after
        case Cheaper():
            return replace(request, wishes=replace(wishes, cheap=True, comfort=False))
        case Faster():
            return replace(request, wishes=replace(wishes, cheap=False))
        case MoreRelaxed():
            slower = {Pace.PACKED: Pace.BALANCED}.get(wishes.pace, Pace.RELAXED)
            return replace(request, wishes=replace(wishes, pace=slower))
        case Swap() | Lock() | Unlock() | Remove():
            return _about_item(request, itinerary, operation)
        case AddActivity(what):
            avoid = tuple(word for word in wishes.avoid if word.casefold() != what.casefold())
            seen = tuple(dict.fromkeys((*wishes.must_see, what)))
            return replace(request, wishes=replace(wishes, must_see=seen, avoid=avoid))
        case AddDay() | DropDay() | ChangeDates() | ReorderStops():
            return _about_days(request, itinerary, operation)
        case ChangeParty(party):
            return replace(request, party=party, assumed=_said(request, "party"))
        case ChangeBudget(budget):
            return replace(request, budget_kes=budget)
        case UseMode(mode):
            refused = wishes.modes_refused - {mode}
            return replace(request, wishes=replace(wishes, modes_wanted=frozenset({mode}), modes_refused=refused))
        case RefuseMode(mode):
            wanted, refused = wishes.modes_wanted - {mode}, wishes.modes_refused | {mode}
            gone = _offers(item for item in itinerary.items if item.mode is mode)
            better = replace(wishes, modes_wanted=wanted, modes_refused=refused)
            return replace(request, wishes=better, locked=request.locked - gone)
        case StayClassTo(stay_class):
            gone = _offers(item for item in itinerary.items if item.type is ItemType.STAY)
            return replace(request, wishes=replace(wishes, stay_class=stay_class), locked=request.locked - gone)


def lockable(item: Item) -> bool:
    """Whether an item can be held in place: local rides and meals follow from the rest."""
    return item.offer_id is not None and item.type not in _NEVER_LOCKED


def touched(request: TripRequest, itinerary: Itinerary, operation: Operation) -> frozenset[str]:
    """Ids of the items an operation is about; the others should come through unchanged."""
    after = changed(request, itinerary, operation)
    found = {item.id for item in itinerary.items if lockable(item) and _affected(item, request, after)}
    match operation:
        case Swap(item_id, _) | Remove(item_id):
            found.add(item_id)
        case Faster() | Become(quicker=True):
            found |= {item.id for item in itinerary.items if lockable(item) and item.origin is not None}
        case Become(about=about):
            found |= about & {item.id for item in itinerary.items if lockable(item)}
        case _:
            pass
    # What is about one of two departures with a change between is about both.
    pairs = ({first.id, second.id} for first, second in itinerary.changes)
    return frozenset(found.union(*(pair for pair in pairs if pair & found)))


def nights_slept(itinerary: Itinerary) -> tuple[int, ...]:
    """Nights at each stop of a plan, overnight rides counted to where they lead: from leaving for it to leaving it.

    Of stops in a row in one place each has the nights of its bed.
    """
    request = itinerary.request
    towns = [request.origin, *(stop.place for stop in request.stops)]
    left = [item.start.date() for item in itinerary.items if item.origin is not None and _between_towns(item)]
    beds = {item.id.rpartition("#")[2]: item.start.date() for item in itinerary.items if item.origin is None}
    firsts = [request.start]
    for index, (here, there) in enumerate(pairwise(towns)):
        changed_bed = beds.get(str(index), firsts[-1]) if index and here == there else firsts[-1]
        firsts.append(left.pop(0) if here != there and left else changed_bed)
    found = tuple((b - a).days for a, b in pairwise([*firsts[1:], request.end]))
    home = request.returns and towns[-1] != request.origin
    return found if len(left) == home and min(found) >= 0 else split_nights(request)


def _between_towns(item: Item) -> bool:
    """A departure (its second part left out), or a way of one's own; a ride between near towns is known by its hour,
    which nobody set.
    """
    return not item.continues and (item.type is not ItemType.TRANSFER or item.times_assumed)


def named(item: Item, word: str) -> bool:
    """Whether an offer id or a word names this item."""
    return word == item.offer_id or word.casefold() in item.title.casefold()


def _item(itinerary: Itinerary, item_id: str) -> Item:
    found = next((item for item in itinerary.items if item.id == item_id), None)
    if found is None:
        raise LookupError(f"the plan has no item {item_id}")
    if not lockable(found):
        raise ValueError(f"{found.title} follows from the rest of the plan")
    return found


def _about_item(request: TripRequest, itinerary: Itinerary, operation: Swap | Lock | Unlock | Remove) -> TripRequest:
    item = _item(itinerary, operation.item_id)
    offer_id = str(item.offer_id)
    match operation:
        case Lock():
            return replace(request, locked=request.locked | {offer_id})
        case Unlock():
            return replace(request, locked=request.locked - {offer_id})
        case Swap(_, other):
            wishes = _unwished(request.wishes, item)
            return replace(request, wishes=wishes, locked=(request.locked - {offer_id}) | {other})
        case Remove():
            wishes = _unwished(request.wishes, item)
            if item.type in VISITS:
                wishes = replace(wishes, avoid=tuple(dict.fromkeys((*wishes.avoid, offer_id))))
            return replace(request, wishes=wishes, locked=request.locked - {offer_id})


def _unwished(wishes: Wishes, item: Item) -> Wishes:
    return replace(wishes, must_see=tuple(word for word in wishes.must_see if not named(item, word)))


def _about_days(
    request: TripRequest, itinerary: Itinerary, operation: AddDay | DropDay | ChangeDates | ReorderStops
) -> TripRequest:
    match operation:
        case AddDay(place):
            return _longer(request, itinerary, place, 1)
        case DropDay(place):
            return _longer(request, itinerary, place, -1)
        case ChangeDates(start, end):
            last = start + timedelta(days=request.nights) if end is None else end
            said = _said(request, "start", "duration") if end else _said(request, "start")
            same = (last - start).days == request.nights
            stops = request.stops if same else tuple(Stop(stop.place) for stop in request.stops)
            return replace(request, start=start, end=last, stops=stops, assumed=said)
        case ReorderStops(places):
            by_place: dict[str, list[Stop]] = {}
            for stop in request.stops:
                by_place.setdefault(stop.place, []).append(stop)
            if sorted(places) != sorted(stop.place for stop in request.stops):
                raise ValueError(f"not the stops of this trip: {', '.join(places)}")
            return replace(request, stops=tuple(by_place[place].pop(0) for place in places))


def _longer(request: TripRequest, itinerary: Itinerary, place: str | None, days: int) -> TripRequest:
    """The trip with days more or fewer at a place, the nights elsewhere as they are."""
    if request.nights + days < 0:
        raise ValueError("the trip has no day to spare")
    end, said = request.end + timedelta(days=days), _said(request, "duration")
    if place is None and all(stop.nights is None for stop in request.stops):
        return replace(request, end=end, assumed=said)
    nights = list(nights_slept(itinerary))
    places = [stop.place for stop in request.stops]
    if place is not None and place not in places:
        raise ValueError(f"{place} is not a stop of this trip")
    index = len(places) - 1 if place is None else places.index(place)
    nights[index] += days
    if nights[index] < 0:
        raise ValueError(f"there is no night to spare in {places[index]}")
    stops = tuple(Stop(name, count) for name, count in zip(places, nights, strict=True))
    return replace(request, end=end, stops=stops, assumed=said)


def _said(request: TripRequest, *names: str) -> tuple[str, ...]:
    """What is still assumed after these were said."""
    return tuple(name for name in request.assumed if name not in names)


def _offers(items: Iterator[Item]) -> frozenset[str]:
    return frozenset(item.offer_id for item in items if item.offer_id)


def _affected(item: Item, before: TripRequest, after: TripRequest) -> bool:
    """Whether a change of the request is about this kind of item."""
    old, new = before.wishes, after.wishes
    thrift = (new.cheap and not old.cheap) or (new.comfort and not old.comfort)
    richer = before.budget_kes is not None and (after.budget_kes is None or after.budget_kes > before.budget_kes)
    if item.type in VISITS:
        return old.pace is not new.pace or any(named(item, word) for word in new.avoid)
    if item.type is ItemType.STAY:
        return thrift or richer or (new.stay_class is not None and new.stay_class is not old.stay_class)
    return thrift or _misses(item, after) or any(rule(item, old, new) for rule in _MOVE_RULES)


def _misses(item: Item, request: TripRequest) -> bool:
    """Whether a move is outside the hours asked for the way out, the way home and the road."""
    wishes, starts, ends = request.wishes, item.start.time(), item.end.time()
    late = item.end.date() > item.start.date()
    if item.start.date() == request.start and wishes.leave_after is not None and starts < wishes.leave_after:
        return True
    if item.start.date() == request.start and wishes.arrive_by is not None and (late or ends > wishes.arrive_by):
        return True
    if item.start.date() == request.end and wishes.leave_back_after is not None and starts < wishes.leave_back_after:
        return True
    if item.start.date() == request.end and wishes.back_by is not None and (late or ends > wishes.back_by):
        return True
    dawn, dusk = Offers().daylight
    return not wishes.road_after_dark and item.mode in ROAD and (late or starts < dawn or ends > dusk)


def _goes_another_way(item: Item, old: Wishes, new: Wishes) -> bool:
    gained = new.modes_wanted - old.modes_wanted
    return item.mode in new.modes_refused or (bool(gained) and item.mode not in new.modes_wanted)


def _at_a_bad_hour(item: Item, old: Wishes, new: Wishes) -> bool:
    early = new.earliest is not None and item.start.time() < new.earliest
    late = new.latest is not None and item.end.time() > new.latest
    return early or late or (not new.night_travel and item.end.date() > item.start.date())


_MOVE_RULES: tuple[Callable[[Item, Wishes, Wishes], bool], ...] = (_goes_another_way, _at_a_bad_hour)
