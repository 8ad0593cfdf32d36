"""What of a plan can be booked: in which order, and which thing of it words or a payment are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from rapidfuzz import fuzz

from bot.screen import Screen, Shown
from planner.model import ItemType

# What sells out first at the front; rides and meals are paid on the way.
_URGENCY: Final = (ItemType.TRAIN, ItemType.FLIGHT, ItemType.EVENT, ItemType.BUS, ItemType.STAY, ItemType.ACTIVITY)
BOOKABLE: Final = frozenset(_URGENCY)
# Words that many payees and titles share say nothing of whose they are.
_SHARED: Final = """
    kenya limited company ltd the and for hotel hotels hoteli bus buses basi coach coaches shuttle services sacco train
    treni ticket tickets tiketi economy class booking bookings nairobi mombasa kisumu nakuru diani malindi nanyuki lodge
    resort camp apartment home house night nights mid range guide band enterprises investments
"""
_COMMON: Final = frozenset(_SHARED.split())
_RAILWAY: Final = frozenset({"madaraka", "railways", "railway", "sgr", "metickets"})
_ALIKE: Final = 85  # percent: "madaraka" and "madaraca"
_SAME: Final = 0.5  # share of a name's telling words that must be found


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


def named(items: Sequence[Shown], words: str) -> list[Shown]:
    """The items that a name is about, or that are mentioned in a longer text."""
    scores = {item.id: _likeness(words, item) for item in items}
    best = max(scores.values(), default=0.0)
    return [item for item in items if scores[item.id] == best] if best >= _SAME else []


def _likeness(words: str, item: Shown) -> float:
    """The share of the telling words of the shorter of two names that the other has too."""
    said, title = _telling(words), _telling(item.title)
    if item.type is ItemType.TRAIN:
        if said & _RAILWAY:
            return 1.0
        title |= _RAILWAY
    fewer, more = sorted((said, title), key=len)
    if not fewer:
        return 0.0
    return sum(any(fuzz.ratio(word, other) >= _ALIKE for other in more) for word in fewer) / len(fewer)


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _COMMON}
