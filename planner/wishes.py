"""What a traveller would like, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from planner.kinds import Mode, Pace, StayClass


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the traveller would like. Refusals and hours are hard, the rest is weighed."""

    interests: Mapping[str, int] = field(default_factory=dict)  # tag → weight 1 (nice) … 3 (the reason for the trip)
    pace: Pace = Pace.BALANCED
    stay_class: StayClass | None = None
    cheap: bool = False
    comfort: bool = False
    modes_wanted: frozenset[Mode] = frozenset()
    modes_refused: frozenset[Mode] = frozenset()
    operators_refused: frozenset[str] = frozenset()
    earliest: time | None = None  # no departure or visit before
    latest: time | None = None  # no arrival or visit after
    must_see: tuple[str, ...] = ()  # activity offer ids, or words found in their names
    avoid: tuple[str, ...] = ()  # likewise
    night_travel: bool = True
    road_after_dark: bool = True  # False: between towns only by day on the road
    leave_after: time | None = None  # not out of the door on the first day before
    arrive_by: time | None = None  # at the first stop by then, on the first day
    leave_back_after: time | None = None  # not away from the last stop on the last day before
    back_by: time | None = None  # home by then, on the last day
    stay_in_town: bool = False  # a bed is booked even in the town one lives in
    heavy_bags: bool = False  # boarding coaches, and getting out of every gate, takes longer
