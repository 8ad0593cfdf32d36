"""Tours of several days at one stop, planned together by planner.tours: good sets of visits for each of its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from planner.fields import FAR
from planner.hours import Pause as Meal
from planner.model import ActivityOffer, Spot
from planner.programmes import Planner
from planner.shape import DAYTIME, up
from planner.tours import Day, Field, Pause, best_tours

Order = tuple[ActivityOffer, ...]


def tours(
    planner: Planner,
    bed: Spot,
    candidates: Sequence[ActivityOffer],
    days: Mapping[date, tuple[int, int]],
    keep: frozenset[str],
    effort: int,
) -> dict[date, list[Order]]:
    """Orders of visits for each day, best first, found in `effort` rounds over all days at once.

    `days` gives when one is ready and must be back, in trip minutes. The second of a kind counts in full here, and
    rides are those that run by day: the solver weighs and times every order again.
    """
    points = [*(activity.spot for activity in candidates), bed]
    rides = [[planner.ride(a, b) for b in points] for a in points]
    tastes = planner.tastes
    field = Field(
        minutes=tuple(tuple(min(minutes, FAR) for minutes, _, _ in row) for row in rides),
        length=tuple(up(activity.minutes) for activity in candidates),
        prize=tuple(planner.prize(activity) for activity in candidates),
        loss=tuple(tuple(loss for _, loss, _ in row) for row in rides),
        mandatory=frozenset(n for n, activity in enumerate(candidates) if activity.id in keep),
    )
    dated = list(days)
    shifts = [planner.midnight(day) for day in dated]
    asked = [
        Day(
            start=len(candidates),
            end=len(candidates),
            leaves=max(days[day][0] - shift, DAYTIME[0]),
            back=days[day][1] - shift,
            windows=tuple(tuple(planner.starts(activity, day)) for activity in candidates),
            most=tastes.visits,
            active=tastes.active,
            pause=_pause(planner.pauses, days[day][0] - shift),
        )
        for day, shift in zip(dated, shifts, strict=True)
    ]
    found: dict[date, list[Order]] = {day: [] for day in dated}
    result = best_tours(field, asked, effort=effort)
    for tour in (*result.days, *result.pool):
        if tour.order:
            found[dated[tour.day]].append(tuple(candidates[n] for n in tour.order))
    return found


def _pause(meals: Sequence[Meal], ready: int) -> Pause | None:
    """The midday hour, or the meal nearest to it, when one is not too late for it."""
    midday = meals[len(meals) // 2] if meals else None
    if midday is None or ready > midday.missed:
        return None
    return Pause(midday.minutes, midday.opens, midday.latest)
