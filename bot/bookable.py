"""What of a plan can be booked, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot.screen import Screen, Shown
from planner.model import ItemType

# What sells out first at the front; rides and meals are paid on the way.
_URGENCY: Final = (ItemType.TRAIN, ItemType.FLIGHT, ItemType.EVENT, ItemType.BUS, ItemType.STAY, ItemType.ACTIVITY)
BOOKABLE: Final = frozenset(_URGENCY)


def urgency(kind: ItemType, start: datetime) -> tuple[int, datetime]:
    """The key by which things to book are sorted. ValueError for what is never booked ahead."""
    return _URGENCY.index(kind), start


def tag(item_id: str) -> str:
    """A short name of an item for buttons, whose actions have little room."""
    return sha256(item_id.encode()).hexdigest()[:10]


def wanted(screen: Screen) -> list[Shown]:
    """What costs money ahead or has a place where it is booked, most urgent first."""
    items = (item for item in screen.items if item.type in BOOKABLE and item.offer_id)
    return sorted(
        (item for item in items if item.bookable or item.price_kes), key=lambda item: urgency(item.type, item.start)
    )


def queue(screen: Screen) -> list[Shown]:
    """What can be booked by a link, most urgent first."""
    return [item for item in wanted(screen) if item.bookable]


def find(screen: Screen, item_tag: str) -> Shown | None:
    """The item with this tag."""
    return next((item for item in wanted(screen) if tag(item.id) == item_tag), None)


def lost(screen: Screen, booked: Iterable[str], offers: Collection[str]) -> list[Shown]:
    """Things of the plan on screen that are booked and not among these offers."""
    gone = set(booked) - set(offers)
    return [item for item in wanted(screen) if item.offer_id in gone]


def of_kind(items: Sequence[Shown], kind: ItemType, back: bool | None) -> list[Shown]:
    """The items of a kind; `back`: those of the way home, or of the way out, where there are any."""
    found = [item for item in items if item.type is kind]
    leg = [item for item in found if back is None or item.back is back]
    return leg or found
