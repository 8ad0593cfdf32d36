"""The plan on screen, as far as one can talk about it: its items in order, what lost against them, nights a stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from planner.model import Alternative, Item, ItemType, Itinerary, Mode, Stop
from planner.operations import lockable, nights_slept

VISITS: Final = frozenset({ItemType.ACTIVITY, ItemType.EVENT})
RIDES: Final = frozenset({ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT})


@dataclass(frozen=True, slots=True)
class Shown:
    """One item of the plan. `offer_id` is "" for what can be neither held nor exchanged; money is whole KES."""

    id: str
    type: ItemType
    title: str
    start: datetime
    end: datetime
    place: str
    offer_id: str = ""
    mode: Mode | None = None
    price_kes: int = 0
    bookable: bool = False  # it has an address where it can be booked
    back: bool = False  # a ride on the way home

    @property
    def day(self) -> date:
        """The day on which it starts."""
        return self.start.date()


@dataclass(frozen=True, slots=True)
class Screen:
    """What of a plan is remembered between two messages."""

    items: tuple[Shown, ...] = ()
    others: tuple[Alternative, ...] = ()
    stops: tuple[Stop, ...] = ()  # with the nights slept at each
    total_kes: int = 0

    def item(self, item_id: str) -> Shown | None:
        """The item with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def instead_of(self, item_id: str) -> tuple[Alternative, ...]:
        """What could take the place of an item."""
        return tuple(other for other in self.others if other.instead_of == item_id)

    @property
    def dates(self) -> tuple[date, ...]:
        """Every date on which something begins or ends, in order."""
        return tuple(sorted({day for item in self.items for day in (item.start.date(), item.end.date())}))

    @property
    def left_out(self) -> tuple[Alternative, ...]:
        """Visits that did not make it into the plan, best first."""
        return tuple(other for other in self.others if not other.instead_of)


def screen_of(plan: Itinerary) -> Screen:
    """What is remembered of a plan that is shown."""
    nights = nights_slept(plan) if plan.items else tuple(stop.nights or 0 for stop in plan.request.stops)
    stops = tuple(Stop(stop.place, count) for stop, count in zip(plan.request.stops, nights, strict=True))
    stops_reached = [
        item.start for item in plan.items if item.destination and item.destination.place != plan.request.origin
    ]
    last = max(stops_reached, default=None)
    shown = tuple(_shown(item, plan, last) for item in plan.items)
    return Screen(shown, plan.alternatives, stops, plan.total_kes)


def _shown(item: Item, plan: Itinerary, last: datetime | None) -> Shown:
    """`last` is when the last way to somewhere else than home sets off."""
    leads_home = item.destination is not None and item.destination.place == plan.request.origin
    home = leads_home and (last is None or item.start > last)
    return Shown(
        item.id,
        item.type,
        item.title,
        item.start,
        item.end,
        item.place,
        item.offer_id if item.offer_id and lockable(item) else "",
        item.mode,
        item.price_kes,
        bool(item.booking_url),
        home,
    )
