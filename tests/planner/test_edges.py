"""Trips at the edge of what can be: every one was got wrong once by weighing it differently than it is written out."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from planner.amending import amend
from planner.checks import broken, verify
from planner.model import (
    Infeasible,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Spot,
    SpotKind,
    StayClass,
    Stop,
    TripRequest,
    Wishes,
)
from planner.operations import ChangeDates, Operation, Swap, nights_slept
from planner.solver import build, first
from tests.planner import world
from tests.planner.world import CAPITAL, CAPITAL_STATION, COAST, COAST_STATION, FRIDAY, MUSEUM, request

SUNDAY = FRIDAY + timedelta(days=2)
INN = world.stay("Capital inn", 4000, StayClass.MID, CAPITAL_STATION)


def planned(asked: TripRequest, offers: Offers) -> Itinerary:
    plan = build(asked, offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, offers)), broken(verify(plan, asked, offers))
    return plan


def lowest(asked: TripRequest, offers: Offers) -> int | None:
    refused = build(replace(asked, budget_kes=1), offers, trip_id="t")
    assert isinstance(refused, Infeasible)
    return refused.cheapest_kes


def written(asked: TripRequest, offers: Offers) -> int:
    plan = first(replace(asked, budget_kes=None), offers, trip_id="t")
    assert isinstance(plan, Itinerary)
    return plan.total_kes


def test_a_stop_in_the_town_of_origin_pays_no_ride_from_home_twice() -> None:
    base = world.offers()
    asked = request(stops=(Stop("capital", nights=1), Stop("coast", nights=1)), wishes=Wishes(cheap=True))
    later = tuple(
        replace(o, id=f"{o.id}+1", depart=o.depart + timedelta(days=1), arrive=o.arrive + timedelta(days=1))
        for o in base.transports
        if o.origin.place == "capital"
    )
    back = tuple(o for o in base.transports if o.origin.place == "coast")
    offers = replace(base, transports=later + back, stays=(*base.stays, INN))
    assert lowest(asked, offers) == written(asked, offers)
    planned(asked, offers)


def test_a_trip_may_end_in_a_bed_in_the_town_of_origin() -> None:
    asked = request(stops=(Stop("coast", nights=1), Stop("capital", nights=1)), wishes=Wishes(stay_in_town=True))
    base = world.offers(nights=1)
    offers = replace(base, stays=(*base.stays, INN))
    assert lowest(asked, offers) == written(asked, offers)
    assert {i.title for i in planned(asked, offers).items if i.type is ItemType.STAY} >= {"Capital inn"}


def test_a_bed_is_not_left_before_midnight_of_the_day_of_departure() -> None:
    night = world.bus("Midnight", COAST_STATION, CAPITAL_STATION, world.at(SUNDAY, 0, 20), 300, 100)
    there = tuple(o for o in world.offers().transports if o.origin.place == "capital")
    refused = build(request(), replace(world.offers(), transports=(*there, night)), trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("time",)


def test_somebody_may_sleep_from_three_to_four() -> None:
    there = world.bus("Late", CAPITAL, COAST_STATION, world.at(FRIDAY, 21), 355, 100)
    back = world.bus("Early", COAST_STATION, CAPITAL, world.at(FRIDAY + timedelta(days=1), 5, 30), 300, 100)
    planned(request(nights=1), replace(world.offers(nights=1), transports=(there, back)))


def test_who_does_not_come_back_is_in_bed_before_the_trip_is_over() -> None:
    late = world.bus("Late", CAPITAL, COAST_STATION, world.at(FRIDAY, 17), 400, 100)
    refused = build(request(nights=0, returns=False), replace(world.offers(), transports=(late,)), trip_id="t")
    assert isinstance(refused, Infeasible)


def test_an_event_before_the_first_hour_is_left_out() -> None:
    begins = world.at(FRIDAY + timedelta(days=1), 9)
    dawn = world.sight(
        MUSEUM, 60, 0, kind=ItemType.EVENT, spans=(), sessions=((begins, begins + timedelta(hours=2)),), score=1.0
    )
    offers = replace(world.offers(), activities=(dawn,))
    assert "Museum" in {item.title for item in planned(request(), offers).items}
    late = request(wishes=Wishes(earliest=time(9, 30), modes_refused=frozenset({Mode.BUS})))
    assert "Museum" not in {item.title for item in planned(late, offers).items}


def test_a_quick_ride_reaches_what_a_cheap_one_misses() -> None:
    base = world.offers()
    slow = world.ride(CAPITAL, CAPITAL_STATION, 430, 0, Mode.WALK)
    trains = tuple(o for o in base.transports if "Morning" in o.id)
    offers = replace(base, transports=trains, transfers=(*base.transfers, *slow))
    plan = planned(request(wishes=Wishes(cheap=True)), offers)
    assert Mode.TAXI in {item.mode for item in plan.items if item.title == "Capital → Capital Terminus"}


def test_a_sight_that_only_one_bed_reaches_is_seen_from_that_bed() -> None:
    base = world.offers()
    rides = tuple(r for r in base.transfers if r.destination.id != COAST.id or r.origin.id not in ("museum", "fort"))
    rides += world.ride(world.FORT, COAST_STATION, 10, 300, Mode.MATATU)
    near = world.stay("Fort house", 9000, StayClass.MID, world.FORT)
    offers = replace(base, transfers=rides, stays=(*base.stays, near), activities=base.activities[2:])
    plan = planned(request(None, wishes=Wishes(must_see=("museum",))), offers)
    assert "Fort house" in {item.title for item in plan.items}


def again(plan: Itinerary, operation: Operation, offers: Offers) -> Itinerary:
    new = amend(plan.request, plan, operation, offers)
    assert isinstance(new, Itinerary)
    assert not broken(verify(new, new.request, offers))
    return new


def test_what_is_swapped_for_itself_stays() -> None:
    plan = planned(request(), world.offers())
    bed = next(item for item in plan.items if item.type is ItemType.STAY)
    assert bed.id in {item.id for item in again(plan, Swap(bed.id, str(bed.offer_id)), world.offers()).items}


def test_an_event_does_not_move_to_a_day_without_a_session() -> None:
    begins = world.at(FRIDAY + timedelta(days=1), 15)
    concert = world.sight(
        MUSEUM, 60, 0, kind=ItemType.EVENT, spans=(), sessions=((begins, begins + timedelta(hours=2)),), score=1.0
    )
    plan = planned(request(), replace(world.offers(), activities=(concert,)))
    assert "Museum" in {item.title for item in plan.items}
    monday = FRIDAY + timedelta(days=3)
    moved = again(plan, ChangeDates(monday), replace(world.offers(monday), activities=(concert,)))
    assert "Museum" not in {item.title for item in moved.items}


def test_a_night_on_the_way_counts_to_the_stop_it_leads_to() -> None:
    hill = Spot("hill", "Hill town", "hill", SpotKind.CENTRE)
    base = world.offers(nights=4)
    night = world.bus("Night bus", COAST, hill, world.at(SUNDAY, 21), 600, 900)
    back = world.bus("Back bus", hill, CAPITAL, world.at(FRIDAY + timedelta(days=4), 16), 180, 900)
    there = tuple(o for o in base.transports if o.depart.date() == FRIDAY)
    offers = replace(base, transports=(*there, night, back), centres={**base.centres, "hill": hill})
    plan = planned(request(nights=4, stops=(Stop("coast"), Stop("hill"))), offers)
    assert nights_slept(plan) == (2, 2)
