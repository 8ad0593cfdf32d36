"""Which thing of the plan a name is about: a payee, a ticket's text, words of the traveller."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from bot.screen import Shown
from planner.model import ItemType

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
