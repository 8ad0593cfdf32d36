"""Day programmes: whatever is offered can be done, and nothing good is missed on small days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model import ActivityOffer, Mode, Spot
from planner.programmes import Planner, Programme
from planner.shape import DAY, Clock, Rides
from planner.values import Tastes
from tests.bench.worlds import FIRST, Size, world

NOBODY = frozenset[str]()


def small(seed: int, sights: int = 5) -> tuple[Planner, list[ActivityOffer], list[Spot]]:
    """One town with a few things to do; walking and taxis only, so that a ride costs the same at any hour."""
    asked, offers = world(Size(days=3, towns=1, transports=2, stays=6, activities=sights), seed)
    tastes = Tastes.of(asked)
    by_foot_or_taxi = replace(asked, wishes=replace(asked.wishes, modes_refused=frozenset({Mode.MATATU})))
    rides = Rides.of(offers, tastes.minute * asked.party.size, by_foot_or_taxi)
    beds = list({stay.spot.id: stay.spot for stay in offers.stays}.values())
    return Planner(asked, rides, Clock.of(asked, offers), tastes), list(offers.activities), beds


def doable(
    planner: Planner, day: date, bed: Spot, order: tuple[ActivityOffer, ...], ready: int, due: int
) -> int | None:
    """When one is back from this order, None when it cannot be done."""
    active = sum(activity.minutes for activity in order)
    if len(order) > planner.tastes.visits or (len(order) > 1 and active > planner.tastes.active):
        return None
    try:
        return planner.timetable(day, bed, order, ready, due).ends
    except LookupError:
        return None


def rides_of(planner: Planner, bed: Spot, order: tuple[ActivityOffer, ...]) -> int:
    """Cost and time of an order's rides as loss, in tenths of a shilling."""
    spots = [bed, *(activity.spot for activity in order), bed]
    per_minute = 10 * planner.tastes.minute * planner.request.party.size
    return sum(
        planner.tastes.money * planner.rides.cost(a, b) + per_minute * planner.rides.minutes(a, b)
        for a, b in pairwise(spots)
    )


seeds = st.integers(0, 10_000)
mornings = st.integers(0, 15 * 12).map(lambda n: 5 * n)
evenings = st.integers(10 * 12, 24 * 12).map(lambda n: 5 * n)


@settings(max_examples=60, deadline=None)
@given(seeds, mornings, evenings, st.integers(0, 2))
def test_whatever_is_offered_can_be_done_in_its_time_and_order(seed: int, ready: int, due: int, nth: int) -> None:
    planner, activities, beds = small(seed, sights=9)
    day, midnight = FIRST + timedelta(days=nth), nth * DAY
    orders = planner.orders(day, beds[0], activities, midnight + ready, midnight + due, NOBODY)
    for bed in beds[:2]:
        for programme in planner.fitted(day, bed, orders, (midnight + ready,), midnight + due, NOBODY):
            if programme.order:
                ends = doable(planner, day, bed, programme.order, programme.leaves, midnight + due)
                assert ends is not None
                assert ends <= programme.ends


@settings(max_examples=60, deadline=None)
@given(seeds, mornings, evenings)
def test_the_search_finds_every_set_that_can_be_done_with_its_shortest_rides(seed: int, ready: int, due: int) -> None:
    planner, activities, (bed, *_) = small(seed)
    found: dict[frozenset[str], int] = {}
    for order in planner.orders(FIRST, bed, activities, ready, due, NOBODY):
        ids = frozenset(activity.id for activity in order)
        found[ids] = min(rides_of(planner, bed, order), found.get(ids, DAY * 10**6))
    subsets = chain.from_iterable(combinations(activities, size) for size in range(1, len(activities) + 1))
    for subset in subsets:
        ids = frozenset(activity.id for activity in subset)
        able = [o for o in permutations(subset) if doable(planner, FIRST, bed, o, ready, due) is not None]
        assert (ids in found) == bool(able)
        if able:
            assert found[ids] == min(rides_of(planner, bed, order) for order in able)


@settings(max_examples=30, deadline=None)
@given(seeds, mornings, evenings)
def test_what_is_asked_for_by_name_is_never_left_out(seed: int, ready: int, due: int) -> None:
    planner, activities, (bed, *_) = small(seed, sights=9)
    for named in activities:
        offered = planner.programmes(FIRST, bed, activities, ready, due, frozenset({named.id}))
        if doable(planner, FIRST, bed, (named,), ready, due) is not None:
            assert any(named.id in programme.ids for programme in offered)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_no_programme_is_offered_that_another_beats_with_one_visit_less(seed: int) -> None:
    planner, activities, (bed, *_) = small(seed, sights=9)
    offered = planner.programmes(FIRST, bed, activities, 8 * 60, DAY, NOBODY)
    assert offered[0].order == ()
    for one in offered:
        for other in offered:
            fewer = one.ids < other.ids and len(other.ids) == len(one.ids) + 1
            assert not (fewer and one.score >= other.score and one.cost <= other.cost)


def test_the_same_day_gives_the_same_programmes() -> None:
    def once() -> list[Programme]:
        planner, activities, (bed, *_) = small(7, sights=12)
        return planner.programmes(FIRST, bed, activities, 8 * 60, DAY, NOBODY)

    assert once() == once()
    assert len(once()) > 5


def test_an_order_that_cannot_be_kept_is_refused() -> None:
    planner, activities, (bed, *_) = small(3)
    with pytest.raises(LookupError, match="no time"):
        planner.timetable(FIRST, bed, activities, 23 * 60, DAY)
