"""What the solver decided, before it is written out with times: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model import ActivityOffer, StayOffer
from planner.shape import Move


@dataclass(frozen=True, slots=True)
class Tour:
    """The visits of one day in order. `lunch_after` is the position after which an hour is kept to eat, if any.

    `not_before` holds, for each visit, the trip minute it must not start before so that there is time for lunch.
    """

    visit: int
    date: date
    order: tuple[ActivityOffer, ...]
    not_before: tuple[int, ...]
    lunch_after: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One move per leg, one stay per stop (None: no known one, or no night), one tour per stop and day."""

    moves: tuple[Move, ...]
    stays: tuple[StayOffer | None, ...]
    tours: tuple[Tour, ...]
