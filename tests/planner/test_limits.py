"""The hours of the way out and home, and daylight on the road, hold in every plan or are given up aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from planner.checks import broken, verify
from planner.model import (
    Infeasible,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Party,
    Spot,
    SpotKind,
    Stop,
    TripRequest,
    Wishes,
)
from planner.relaxing import relax
from planner.solver import build
from tests.planner import world
from tests.planner.world import CAPITAL, COAST, COAST_STATION, FRIDAY, at, bus, offers, request, ride, train

SUNDAY = FRIDAY + timedelta(days=2)


def planned(asked: TripRequest, found: Offers) -> Itinerary:
    plan = build(asked, found, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, found)), broken(verify(plan, asked, found))
    return plan


def rings(plan: Itinerary, asked: TripRequest, found: Offers, rule: str) -> bool:
    return any(finding.rule == rule for finding in broken(verify(plan, asked, found)))


def buses(*times: tuple[int, int]) -> Offers:
    """The world with buses alone, out on Friday and home on Sunday at these hours."""
    out = [bus("Out", CAPITAL, COAST, at(FRIDAY, hour, minute), 480, 1500) for hour, minute in times]
    home = [bus("Home", COAST, CAPITAL, at(SUNDAY, hour, minute), 480, 1500) for hour, minute in times]
    return replace(offers(), transports=(*out, *home))


def test_nobody_leaves_home_before_the_hour_asked_for() -> None:
    asked = request(wishes=Wishes(leave_after=time(13)))
    plan = planned(asked, offers())
    assert min(item.start for item in plan.items if item.origin) >= at(FRIDAY, 13)


def test_the_ride_to_the_station_counts_as_leaving() -> None:
    """The train at 15:00 wants one there at 14:00 after 45 minutes of taxi: 13:15 from the door, no later."""
    assert planned(request(wishes=Wishes(leave_after=time(13, 15))), offers())
    asked = request(wishes=Wishes(leave_after=time(13, 20)))
    plan = planned(asked, offers())
    assert any("Night" in item.title for item in plan.items)


def test_one_is_at_the_first_stop_by_the_hour_asked_for() -> None:
    asked = request(wishes=Wishes(arrive_by=time(16)))
    plan = planned(asked, offers())
    there = next(item for item in plan.items if item.destination and item.destination.id == COAST.id)
    assert there.end <= at(FRIDAY, 16)
    assert rings(planned(request(), offers()), request(wishes=Wishes(arrive_by=time(10))), offers(), "hours")


def test_one_is_home_by_the_hour_asked_for() -> None:
    asked = request(wishes=Wishes(back_by=time(16)))
    plan = planned(asked, offers())
    assert max(item.end for item in plan.items if item.origin) <= at(SUNDAY, 16)


def test_nobody_starts_home_before_the_hour_asked_for() -> None:
    asked = request(wishes=Wishes(leave_back_after=time(11)))
    plan = planned(asked, offers())
    off = next(item for item in plan.items if item.start.date() == SUNDAY and item.origin and item.origin.id == "coast"
               and (item.destination == COAST_STATION or item.mode is Mode.BUS))  # fmt: skip
    assert off.start >= at(SUNDAY, 11)


@pytest.mark.parametrize(
    ("wishes", "moved"),
    [
        (Wishes(leave_after=time(12)), FRIDAY),
        (Wishes(arrive_by=time(9)), FRIDAY),
        (Wishes(leave_back_after=time(17)), SUNDAY),
        (Wishes(back_by=time(9)), SUNDAY),
    ],
)
def test_the_checker_rings_for_each_hour_that_is_missed(wishes: Wishes, moved: object) -> None:
    plan = planned(request(wishes=Wishes(modes_wanted=frozenset({Mode.TRAIN}), latest=time(21))), offers())
    assert rings(plan, request(wishes=wishes), offers(), "hours")


def test_an_hour_nobody_can_keep_is_eased_by_as_little_as_helps() -> None:
    asked = request(wishes=Wishes(leave_after=time(8), arrive_by=time(14)))
    found = buses((7, 30), (12, 0))
    refused = build(asked, found, trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("hours",)
    ways = relax(asked, found, refused, regather=lambda wanted: found).relaxations
    hours = [way for way in ways if way.change == "hours"]
    assert hours
    for way in hours:
        assert isinstance(build(way.request, found, trip_id="t"), Itinerary)


def test_an_own_arrangement_leaves_and_ends_within_the_hours() -> None:
    drive = replace(offers(), transports=(), road_minutes={("capital", "coast"): 180, ("coast", "capital"): 180})
    asked = request(wishes=Wishes(leave_after=time(17), back_by=time(18)))
    plan = planned(asked, drive)
    assert min(item.start for item in plan.items if item.origin) >= at(FRIDAY, 17)
    assert max(item.end for item in plan.items if item.origin) <= at(SUNDAY, 18)


def test_a_bus_in_the_dark_is_taken_unless_daylight_was_asked_for() -> None:
    found = buses((13, 0), (7, 30))
    late = replace(found, transports=tuple(o for o in found.transports if o.depart.hour == 13))
    assert planned(request(), late)
    asked = request(wishes=Wishes(road_after_dark=False))
    plan = planned(asked, found)
    for item in plan.items:
        if item.mode is Mode.BUS:
            assert time(6, 15) <= item.start.time()
            assert item.end.time() <= time(18, 45)
    assert rings(planned(request(), late), asked, late, "after_dark")


def test_trains_may_run_in_the_dark_when_roads_may_not() -> None:
    only_trains = replace(offers(), transports=tuple(o for o in offers().transports if o.mode is Mode.TRAIN))
    asked = request(wishes=Wishes(road_after_dark=False, leave_after=time(12), latest=time(21, 30)))
    assert planned(asked, only_trains)


def test_where_every_bus_is_in_the_dark_one_drives_by_day() -> None:
    found = replace(buses((20, 0)), road_minutes={("capital", "coast"): 600, ("coast", "capital"): 600})
    asked = request(wishes=Wishes(road_after_dark=False))
    plan = planned(asked, found)
    own = [item for item in plan.items if item.id.startswith("own:")]
    assert len(own) == 2
    assert all(time(6, 15) <= item.start.time() and item.end.time() <= time(18, 45) for item in own)


def test_a_road_too_long_for_the_day_is_refused_and_driving_in_the_dark_offered() -> None:
    found = replace(buses((20, 0)), road_minutes={("capital", "coast"): 800, ("coast", "capital"): 800})
    asked = request(wishes=Wishes(road_after_dark=False))
    refused = build(asked, found, trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("after_dark",)
    again = replace(found, transports=buses((8, 0), (12, 0)).transports)
    late = replace(again, transports=tuple(o for o in again.transports if o.depart.hour == 12))
    late = replace(late, road_minutes=found.road_minutes)
    refused = build(asked, late, trip_id="t")
    assert isinstance(refused, Infeasible)
    ways = relax(asked, late, refused).relaxations
    assert [way.change for way in ways] == ["after_dark"]
    assert ways[0].request.wishes.road_after_dark


def test_a_long_ride_from_the_station_to_another_town_is_on_the_road_too() -> None:
    """The afternoon train arrives at 20:30; the bed is 90 minutes further by taxi."""
    palms = Spot("palms", "Palms", "palms", SpotKind.CENTRE)
    base = offers()
    found = replace(
        base,
        transports=tuple(o for o in base.transports if o.mode is Mode.TRAIN),
        stays=(world.stay("Hut", 3000, world.StayClass.BUDGET, palms),),
        activities=(),
        transfers=(*ride(CAPITAL, world.CAPITAL_STATION, 45, 1200), *ride(COAST_STATION, palms, 90, 3000)),
        centres={"capital": CAPITAL, "palms": palms},
    )
    asked = request(stops=(Stop("palms"),), wishes=Wishes(road_after_dark=False))
    plan = planned(asked, found)
    out = next(item for item in plan.items if item.mode is Mode.TRAIN)
    assert out.start == at(FRIDAY, 8)
    late = replace(asked, wishes=replace(asked.wishes, leave_after=time(12)))
    assert isinstance(build(late, found, trip_id="t"), Infeasible)


def test_a_short_ride_within_a_town_may_be_in_the_dark() -> None:
    one = train("Late", world.CAPITAL_STATION, COAST_STATION, at(FRIDAY, 14), 330, 3000)
    found = replace(offers(), transports=(one, *(o for o in offers().transports if o.depart.date() == SUNDAY)))
    plan = planned(request(party=Party(2), wishes=Wishes(road_after_dark=False)), found)
    assert any(item.mode is Mode.TAXI and item.start > at(FRIDAY, 19) for item in plan.items)


def test_the_way_home_is_timed_from_a_stop_whose_only_night_was_on_the_train() -> None:
    """No bed is in the plan then, but one still sets out from where it would have been."""
    inn = Spot("inn", "Inn", "coast", SpotKind.STAY)
    base = offers(nights=1)
    found = replace(
        base,
        transports=tuple(o for o in base.transports if "Night" in o.id or o.depart.date() > FRIDAY),
        stays=(world.stay("Inn", 3000, world.StayClass.BUDGET, inn),),
        transfers=(*base.transfers, *ride(inn, COAST, 10, 100), *ride(inn, COAST_STATION, 30, 900)),
    )
    plan = planned(request(nights=1, wishes=Wishes(leave_back_after=time(13))), found)
    assert not any(item.type is ItemType.STAY for item in plan.items)
    off = next(item for item in plan.items if item.destination == COAST_STATION and item.start.date() > FRIDAY)
    assert off.start >= at(FRIDAY + timedelta(days=1), 13)
