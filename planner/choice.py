"""What the solver decided, before it is written out: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model import StayOffer
from planner.shape import Move
from planner.timetables import Step


@dataclass(frozen=True, slots=True)
class Tour:
    """The visits of one day at one stop, in order; with `eats_out` its meals are among them, at places to eat."""

    visit: int
    date: date
    order: tuple[Step, ...]
    eats_out: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One move per leg, one stay per stop (None: no known one, or no night), one tour per stop and day."""

    moves: tuple[Move, ...]
    stays: tuple[StayOffer | None, ...]
    tours: tuple[Tour, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice found, its score, and how far off the proven bound is as a share of it."""

    choice: Choice
    score: int
    gap: float
