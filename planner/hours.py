"""When a visit may start: opening hours, sessions and daylight as intervals of trip minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.model import ActivityOffer, ItemType, MealTime
from planner.shape import DAY, Clock, down, up

SETTLE = 30  # minutes between reaching the bed and going out
LUNCH = 60  # minutes kept free to eat …
LUNCH_FROM, LUNCH_TO = 11 * 60 + 30, 15 * 60  # … somewhere in here
OUTING = 5 * 60  # minutes; only what is as long as this may take the place of a meal at a place
DETOUR = 20  # minutes kept free to get to a place to eat and on from there, over the direct way
DAYLIGHT = (8 * 60 + 30, 17 * 60 + 30)  # where hours are not known, visits keep to these


@dataclass(frozen=True, slots=True)
class Pause:
    """Time to eat, in minutes after midnight: it begins from `opens` to `latest` and takes so long, ways included.

    Who sets out after `missed` has eaten on the way. A `placed` one is eaten at a place to eat and so takes its time
    at the end of a day, too; otherwise there must only be time for it.
    """

    opens: int
    latest: int
    minutes: int
    missed: int
    placed: bool = False

    def begun(self, ready: int) -> int:
        """When it begins for one who is ready then and has not set out yet.

        Midday without a place counts as begun when it opens: who is ready later, up to `missed`, has eaten part of it
        on the way, so that being ready earlier is never worse.
        """
        return max(ready, self.opens) if self.placed else self.opens

    def covering(self, start: int, length: int) -> int | None:
        """The earliest start from `start` on of something so long that one eats during it; None when there is none."""
        if self.placed:
            return None
        later = max(start, self.latest - length)
        return later if self.filled_by(later, later + length) else None

    def filled_by(self, start: int, end: int) -> bool:
        """Whether something from `start` to `end` leaves no time for it, neither before nor after."""
        if self.placed:
            return end - start >= OUTING and start <= self.opens and end >= self.latest + self.minutes
        return start <= self.opens + self.minutes and end >= self.latest


MIDDAY = Pause(LUNCH_FROM, LUNCH_TO - LUNCH, LUNCH, missed=LUNCH_FROM + LUNCH)


def pauses(meals: Sequence[MealTime]) -> tuple[Pause, ...]:
    """The pauses of a day with these meals, an hour at midday when there are none."""
    return tuple(_pause(meal) for meal in meals) or (MIDDAY,)


def _pause(meal: MealTime) -> Pause:
    opens, closes = (at.hour * 60 + at.minute for at in (meal.opens, meal.closes))
    takes = up(meal.minutes) + DETOUR
    latest = max(up(opens), down(closes) - takes)
    return Pause(up(opens), latest, takes, missed=latest, placed=True)


def windows(activity: ActivityOffer, day: date, clock: Clock, opens: int, closes: int) -> list[tuple[int, int]]:
    """Intervals [first, last] of possible starts on `day`, in trip minutes; empty when it cannot be done that day.

    `opens` and `closes` bound the traveller's day in minutes after midnight; an event may end past `closes`. Where the
    hours are not known, a sight can be visited in daylight and a meal be had at any time.
    """
    midnight = (day - clock.first.date()).days * DAY
    earliest, latest = midnight + opens, midnight + closes
    if activity.sessions:
        found = []
        for begins, ends in activity.sessions:
            if begins.astimezone(clock.first.tzinfo).date() == day:
                start = up(clock.minutes(begins))
                last = max(start, down(clock.minutes(ends) - activity.minutes))
                found.append((start, last))
        return _joined([span for span in found if span[0] >= midnight])
    if (day.month, day.day) in activity.closed_on:
        return []
    spans = [
        (span.opens.hour * 60 + span.opens.minute, span.closes.hour * 60 + span.closes.minute)
        for span in activity.spans
        if span.is_for(day, clock.holidays)
    ]
    if not activity.spans:
        spans = [(0, DAY)] if activity.kind is ItemType.MEAL else [DAYLIGHT]
    found = []
    for open_, close in spans:
        until = close if close > open_ else close + DAY
        first = up(max(midnight + open_, earliest))
        last = down(min(midnight + until, latest) - activity.minutes)
        if first <= last:
            found.append((first, last))
    return _joined(found)


def open_span(activity: ActivityOffer, start: int, clock: Clock) -> tuple[int, int] | None:
    """The opening (trip minutes) that a start falls into, None when hours are not known."""
    day = (clock.first + timedelta(minutes=start)).date()
    for begins, ends in activity.sessions:
        low, high = clock.minutes(begins), clock.minutes(ends)
        if low <= start < high:
            return low, high
    midnight = (day - clock.first.date()).days * DAY
    for span in activity.spans:
        low = midnight + span.opens.hour * 60 + span.opens.minute
        high = midnight + span.closes.hour * 60 + span.closes.minute
        high += DAY if high <= low else 0
        if span.is_for(day, clock.holidays) and low <= start < high:
            return low, high
    return None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
