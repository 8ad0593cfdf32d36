"""What the solver decided, before it is written out: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model import ActivityOffer, StayOffer
from planner.shape import Move


@dataclass(frozen=True, slots=True)
class Tour:
    """The visits of one day at one stop, in order."""

    visit: int
    date: date
    order: tuple[ActivityOffer, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One move per leg, one stay per stop (None: no known one, or no night), one tour per stop and day."""

    moves: tuple[Move, ...]
    stays: tuple[StayOffer | None, ...]
    tours: tuple[Tour, ...]
