"""The second opinion on stops and meals, from the finished plan alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from planner.checks_laid import LaidOut, nights_of
from planner.model import Item, ItemType, Offers

MEAL_SLACK = 60  # minutes before and after a meal without which it may be left out


def stops(trip: LaidOut) -> Iterator[str]:
    """The nights, in order, are spent at the stops asked for, as many at each as asked; day trips are visited."""
    named, free = trip.request.stops, trip.request.free
    runs: list[tuple[str, int]] = []
    for night in sorted({night for bed in trip.beds for night in nights_of(bed)}):
        bed = next(bed for bed in trip.beds if night in set(nights_of(bed)))
        town = _stop_at(trip, bed)
        runs = [*runs[:-1], (town, runs[-1][1] + 1)] if runs and runs[-1][0] == town else [*runs, (town, 1)]
    slept = [town for town, _ in runs]
    seen = {spot.place for item in trip.line for spot in (item.spot, item.destination) if spot is not None}
    wanted = [stop.place for stop in named]
    if free.pick is not None and len(set(slept)) > free.pick:
        yield f"{len(set(slept))} towns instead of {free.pick}"
    if not free.order and not _in_order(slept, wanted):
        yield f"the nights are in {', '.join(slept)}, not in the order {', '.join(wanted)}"
    for town, nights in runs:
        asked = [stop for stop in named if stop.place == town]
        if not asked:
            yield f"{town} is no stop of this trip"
        most = sum(stop.nights or trip.request.nights for stop in asked)
        if nights > most:
            yield f"{nights} nights in {town} instead of {most}"
    for stop in named:
        known = {*slept, *seen, trip.request.origin}
        if free.pick is None and stop.place not in known:
            yield f"{stop.place} is left out"


def _in_order(slept: Sequence[str], wanted: Sequence[str]) -> bool:
    left = list(wanted)
    for town in slept:
        while left and left[0] != town:
            left.pop(0)
        if not left:
            return False
        left.pop(0)
    return True


def _stop_at(trip: LaidOut, bed: Item) -> str:
    """The stop a bed belongs to: its own town, or one with a ride from the middle of it to the bed."""
    names = [stop.place for stop in trip.request.stops]
    if bed.place in names or trip.offers is None or bed.spot is None:
        return bed.place
    rides = {ride.origin.id for ride in trip.offers.transfers if ride.destination.id == bed.spot.id}
    centres = trip.offers.centres
    linked = [name for name in names if name in centres and centres[name].id in rides]
    return linked[0] if linked else bed.place


def meals(trip: LaidOut) -> Iterator[str]:
    """Each meal asked for is eaten once a day, where there is a place for it and nothing else fills its time."""
    eaten = [item for item in trip.items if item.type is ItemType.MEAL and item.offer_id]
    zone = trip.items[0].start.tzinfo if trip.items else None
    for item in eaten:
        length = item.end - item.start
        if not any(
            meal.opens <= item.start.time()
            and item.end.time() <= meal.closes
            and length >= timedelta(minutes=meal.minutes)
            for meal in trip.request.meals
        ):
            yield f"{item.title} is at no meal time, or too short"
    if trip.offers is None:
        return
    for n in range(trip.request.nights + 1):
        day = trip.request.start + timedelta(days=n)
        for meal in trip.request.meals:
            opens, closes = (datetime.combine(day, at, zone) for at in (meal.opens, meal.closes))
            had = [item for item in eaten if opens <= item.start and item.end <= closes]
            town = _town_during(trip, opens, closes)
            time_left = _longest_gap(trip, opens, closes) >= timedelta(minutes=meal.minutes + 2 * MEAL_SLACK)
            if not had and town and time_left and _serves(trip.offers, town, opens, closes, meal.minutes):
                yield f"no {meal.name} on {day}"


def _town_during(trip: LaidOut, opens: datetime, closes: datetime) -> str | None:
    """The town one is in through a whole stretch of time; None on the way (from bed to bed) and at home."""
    long_ways = [item for item in trip.moves if item.type is not ItemType.TRANSFER]
    if any(starts < closes and ends > opens for starts, ends in _journeys(trip)):
        return None
    before = [item for item in long_ways if item.end <= opens]
    if not before or len(before) == len(long_ways):
        there = trip.request.origin == trip.request.stops[0].place and not before
        ends = len(before) == len(long_ways) and trip.request.returns
        if (not before and not there) or ends:
            return None
    return before[-1].destination.place if before and before[-1].destination else trip.request.stops[0].place


def _journeys(trip: LaidOut) -> Iterator[tuple[datetime, datetime]]:
    """Long ways with the rides right before and after them."""
    for n, item in enumerate(trip.line):
        if item.origin is None or item.type is ItemType.TRANSFER:
            continue
        beside = [trip.line[k] for k in (n - 1, n, n + 1) if 0 <= k < len(trip.line)]
        rides = [other for other in beside if other is item or other.type is ItemType.TRANSFER]
        yield min(ride.start for ride in rides), max(ride.end for ride in rides)


def _longest_gap(trip: LaidOut, opens: datetime, closes: datetime) -> timedelta:
    gap, free = timedelta(0), opens
    for item in trip.line:
        if item.start < closes and item.end > opens:
            gap, free = max(gap, item.start - free), max(free, item.end)
    return max(gap, closes - free)


def _serves(offers: Offers, town: str, opens: datetime, closes: datetime, minutes: int) -> bool:
    """Whether a place to eat in a town is open long enough between two times."""
    for offer in offers.activities:
        if offer.kind is not ItemType.MEAL or offer.spot.place != town:
            continue
        if not offer.spans and not offer.sessions:
            return True
        for span in offer.spans if (opens.month, opens.day) not in offer.closed_on else ():
            begins = datetime.combine(opens.date(), span.opens, opens.tzinfo)
            ends = datetime.combine(opens.date(), span.closes, opens.tzinfo)
            ends += timedelta(days=ends <= begins)
            here = opens.weekday() in span.weekdays
            if here and min(ends, closes) - max(begins, opens) >= timedelta(minutes=minutes + 5):
                return True
    return False
