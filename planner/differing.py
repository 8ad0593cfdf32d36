"""What differs between two versions of a trip: pure data, made into words where people read it.

Items are the same when they come from the same offer; what took the place of something (another bus on the same leg,
another bed for the same stop) is a change, not a removal and an addition. If the whole trip starts on another day,
times are compared day by day of the trip. Local rides and meals follow from the rest: they count in the figures only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from planner.model import Item, ItemType, Itinerary

FOLLOWING = frozenset({ItemType.TRANSFER, ItemType.MEAL})  # kinds of item that follow from the others


@dataclass(frozen=True, slots=True)
class Change:
    """One item before and after. `shift` is how many days the whole trip moved, which counts as no change."""

    before: Item
    after: Item
    shift: timedelta = timedelta(0)

    @property
    def delta_kes(self) -> int:
        """What it costs more; negative when it costs less."""
        return self.after.price_kes - self.before.price_kes

    @property
    def delta_minutes(self) -> int:
        """What it takes longer."""
        return _minutes(self.after.end - self.after.start) - _minutes(self.before.end - self.before.start)

    @property
    def start_minutes(self) -> int:
        """How much later it starts; negative when earlier."""
        return _minutes(self.after.start - self.shift - self.before.start)

    @property
    def end_minutes(self) -> int:
        """How much later it ends; negative when earlier."""
        return _minutes(self.after.end - self.shift - self.before.end)


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs. An item that moved and got another price is in `moved` and in `repriced`."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[Change, ...]  # something else in the same role
    moved: tuple[Change, ...]  # the same thing at another time, or for another number of nights
    repriced: tuple[Change, ...]  # the same thing, as long as before, at another price
    before_kes: int
    after_kes: int
    rides_kes: int  # what local rides cost more
    meals_kes: int  # what meals cost more
    before_minutes: int  # under way, local rides included
    after_minutes: int

    @property
    def delta_kes(self) -> int:
        """What the trip costs more; negative when it costs less."""
        return self.after_kes - self.before_kes

    @property
    def delta_minutes(self) -> int:
        """How much longer one is under way in all."""
        return self.after_minutes - self.before_minutes

    @property
    def same(self) -> bool:
        """Whether both versions are the same trip at the same price, item by item."""
        found = (self.added, self.removed, self.changed, self.moved, self.repriced)
        return not any(found) and self.delta_kes == 0


def diff(old: Itinerary, new: Itinerary) -> Diff:
    """How `new` differs from `old`, in order of time."""
    shift = _shift(old, new)
    gone, come = _listed(old), _listed(new)
    same: list[Change] = []
    for key in _SAMENESS:
        kept = _pairs(gone, come, key, shift)
        same += [Change(a, b, shift) for a, b in kept]
        gone, come = _without(gone, (a for a, _ in kept)), _without(come, (b for _, b in kept))
    same.sort(key=lambda change: (change.after.start, change.after.id))
    parts = {**_parts(old), **_parts(new)}

    def purpose(item: Item, _: timedelta) -> Hashable:
        return parts.get(item, _role(item))

    swapped = _pairs([i for i in gone if _role(i)], [i for i in come if _role(i)], purpose, shift)
    # A bed of the same nights in the next town along the beach took the place of the other all the same.
    left_beds = [i for i in _without(gone, (a for a, _ in swapped)) if i.type is ItemType.STAY]
    new_beds = [i for i in _without(come, (b for _, b in swapped)) if i.type is ItemType.STAY]
    swapped += _pairs(left_beds, new_beds, lambda item, moved: (item.start + moved).date(), shift)
    moved = tuple(change for change in same if change.start_minutes or change.end_minutes)
    return Diff(
        added=tuple(_without(come, (b for _, b in swapped))),
        removed=tuple(_without(gone, (a for a, _ in swapped))),
        changed=tuple(Change(a, b, shift) for a, b in swapped),
        moved=moved,
        repriced=tuple(change for change in same if change.delta_kes and not _longer(change)),
        before_kes=old.total_kes,
        after_kes=new.total_kes,
        rides_kes=_sum(new, ItemType.TRANSFER) - _sum(old, ItemType.TRANSFER),
        meals_kes=_sum(new, ItemType.MEAL) - _sum(old, ItemType.MEAL),
        before_minutes=_under_way(old),
        after_minutes=_under_way(new),
    )


def _shift(old: Itinerary, new: Itinerary) -> timedelta:
    """How far the trip moved as a whole; a trip that only got longer or shorter at one end did not."""
    if old.request.start == new.request.start or old.request.end == new.request.end:
        return timedelta(0)
    return new.request.start - old.request.start


def _listed(trip: Itinerary) -> list[Item]:
    return sorted((item for item in trip.items if item.type not in FOLLOWING), key=lambda item: (item.start, item.id))


def _role(item: Item) -> Hashable:
    """What an item is there for: a leg between two towns, or the bed of a town; None for visits."""
    if item.origin is not None and item.destination is not None:
        return ("leg", item.origin.place, item.destination.place)
    return ("bed", item.place) if item.type in (ItemType.STAY, ItemType.OWN) else None


def _parts(trip: Itinerary) -> dict[Item, Hashable]:
    """What the departures of a leg with a change are there for: the first of them for the whole leg."""
    found: dict[Item, Hashable] = {}
    for first, second in trip.changes:
        if first.origin and second.destination:
            ends = (first.origin.place, second.destination.place)
            found[first], found[second] = ("leg", *ends), ("change", *ends)
    return found


def _pairs(before: Sequence[Item], after: Sequence[Item], key: _Key, shift: timedelta) -> list[tuple[Item, Item]]:
    """Items of equal key, the first with the first, the second with the second."""
    by_key: dict[Hashable, list[Item]] = {}
    for item in after:
        by_key.setdefault(key(item, timedelta(0)), []).append(item)
    partners = ((item, by_key.get(key(item, shift))) for item in before)
    return [(item, others.pop(0)) for item, others in partners if others]


def _without(items: Sequence[Item], taken: Iterable[Item]) -> list[Item]:
    left = list(items)
    for item in taken:
        left.remove(item)
    return left


_Key = Callable[[Item, timedelta], Hashable]
# What makes two items the same thing, surest first: the offer at its time, the offer, what it is called.
_SAMENESS: tuple[_Key, ...] = (
    lambda item, shift: (item.offer_id, item.title, _role(item), item.start + shift),
    lambda item, _: (item.offer_id or item.id, _role(item)),
    lambda item, _: (item.type, item.title, _role(item)),
)


def _longer(change: Change) -> bool:
    """Whether a stay has another number of nights, which is why it costs something else."""
    return change.before.type is ItemType.STAY and _nights(change.before) != _nights(change.after)


def _nights(item: Item) -> int:
    return (item.end.date() - (item.start - timedelta(hours=12)).date()).days


def _sum(trip: Itinerary, kind: ItemType) -> int:
    return sum(item.price_kes for item in trip.items if item.type is kind)


def _under_way(trip: Itinerary) -> int:
    return sum(_minutes(item.end - item.start) for item in trip.items if item.origin is not None)


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))
