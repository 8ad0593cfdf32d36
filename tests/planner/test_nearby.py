"""Rides between any two points: as far, as quick and as dear as the way of getting about says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.checks import broken, verify
from planner.kinds import Mode, SpotKind
from planner.model import Itinerary, LocalMode, Offers, Spot
from planner.nearby import ride
from planner.requirements import Count, Kind, Requirement, Which
from planner.solver import build
from tests.planner import world
from tests.planner.world import ride as listed

WALK = LocalMode(Mode.WALK, kmh=4.5, most_km=2)
TAXI = LocalMode(Mode.TAXI, kmh=24, wait=6, base=150, per_km=55, seats=4)
HERE = Spot("here", "Here", "coast", SpotKind.SIGHT, lat=-4.05, lon=39.67)
THERE = Spot("there", "There", "coast", SpotKind.SIGHT, lat=-4.05, lon=39.76)  # 9.98 km east


def test_a_ride_has_the_price_and_time_of_its_distance() -> None:
    found = ride(TAXI, HERE, THERE, people=2)
    assert found is not None
    assert found.km == pytest.approx(13.0, abs=0.05)
    assert found.price.kes == round(150 + 55 * 1.3 * 9.983)
    assert found.minutes == 38


@pytest.mark.parametrize(("people", "vehicles"), [(1, 1), (4, 1), (5, 2), (9, 3)])
def test_as_many_vehicles_are_paid_as_the_party_needs(people: int, vehicles: int) -> None:
    one, many = ride(TAXI, HERE, THERE, people=1), ride(TAXI, HERE, THERE, people=people)
    assert one is not None
    assert many is not None
    assert abs(many.price.kes - vehicles * one.price.kes) <= vehicles


def test_too_far_to_walk_is_no_walk() -> None:
    assert ride(WALK, HERE, THERE, people=1) is None


def test_no_ride_to_where_the_position_is_not_known_or_where_one_is() -> None:
    assert ride(TAXI, HERE, replace(THERE, lat=None), people=1) is None
    assert ride(TAXI, HERE, HERE, people=1) is None


def placed(spot: Spot) -> Spot:
    where = {"coast": (-4.05, 39.67), "fort": (-4.06, 39.68), "beach": (-4.02, 39.72), "museum": (-4.06, 39.69)}
    lat, lon = where.get(spot.id, (None, None))
    return replace(spot, lat=lat, lon=lon)


def offers() -> Offers:
    """The small country with positions at the coast; only the rides to the stations are listed."""
    base = world.offers()
    coast = placed(world.COAST)
    return replace(
        base,
        stays=tuple(replace(stay, spot=coast) for stay in base.stays),
        activities=tuple(replace(a, spot=placed(a.spot)) for a in base.activities),
        transfers=(
            *listed(world.CAPITAL, world.CAPITAL_STATION, 45, 1200),
            *listed(world.COAST_STATION, coast, 35, 900),
        ),
        centres={**base.centres, "coast": coast},
        local=(WALK, TAXI),
    )


def test_a_trip_is_planned_with_rides_that_nobody_listed() -> None:
    asked = world.request()
    plan = build(asked, offers(), trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, asked, offers()))
    assert {item.mode for item in plan.items if item.offer_id and ">" in item.offer_id} >= {Mode.TAXI}


def test_taxis_only_where_it_is_too_far_to_walk() -> None:
    rule = Count(Which(kinds=frozenset({Kind.RIDE}), modes=frozenset({Mode.TAXI}), shorter_km=2), most=0)
    asked = world.request(requirements=(Requirement("no short taxi", rule),))
    plan = build(asked, offers(), trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, asked, offers()))


def test_a_ride_at_another_price_than_its_distance_makes_is_noticed() -> None:
    asked, found = world.request(), offers()
    plan = build(asked, found, trip_id="t")
    assert isinstance(plan, Itinerary)
    dearer = replace(found, local=(WALK, replace(TAXI, per_km=500)))
    assert "provenance" in {finding.rule for finding in broken(verify(plan, asked, dearer))}
