"""A trip inside one's own town: one sleeps at home unless a place to stay was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from planner.checks import broken, verify
from planner.model import Infeasible, Item, ItemType, Itinerary, Mode, Offers, StayClass, Stop, TripRequest, Wishes
from planner.solver import build, first
from tests.planner.world import CAPITAL, COAST, FRIDAY, at, bus, offers, request

SUNDAY = FRIDAY + timedelta(days=2)


def planned(asked: TripRequest, found: Offers) -> Itinerary:
    for make in (build, first):
        plan = make(asked, found, trip_id="t")
        assert isinstance(plan, Itinerary), plan
        assert not broken(verify(plan, asked, found)), broken(verify(plan, asked, found))
    plan = build(asked, found, trip_id="t")
    assert isinstance(plan, Itinerary)
    return plan


def at_the_coast(nights: int = 0, **more: object) -> TripRequest:
    return request(nights=nights, origin="coast", **more)


def beds(plan: Itinerary) -> list[Item]:
    return [item for item in plan.items if item.type is ItemType.STAY or (item.type is ItemType.OWN and item.spot)]


def test_a_day_in_ones_own_town_starts_and_ends_at_home_without_a_bed() -> None:
    plan = planned(at_the_coast(), offers())
    assert any(item.type is ItemType.ACTIVITY for item in plan.items)
    moves = [item for item in plan.items if item.origin and item.destination]
    assert moves[0].origin == moves[-1].destination == COAST
    assert beds(plan) == []
    assert not any(item.mode in (Mode.TRAIN, Mode.BUS) for item in plan.items)


def test_the_nights_in_ones_own_town_are_at_home_and_cost_nothing() -> None:
    plan = planned(at_the_coast(2), offers())
    (home,) = beds(plan)
    assert home.reason == "home"
    assert home.spot == COAST
    assert home.price is None
    assert (home.end.date() - home.start.date()).days == 2
    assert not any(unknown.code == "no_stay" for unknown in plan.unknowns)


def test_a_bed_is_booked_in_ones_own_town_when_asked_for() -> None:
    for wishes in (Wishes(stay_in_town=True), Wishes(stay_class=StayClass.HIGH)):
        hotels = tuple(replace(s, spot=replace(COAST, id="hotel", name="Hotel")) for s in offers().stays)
        rides = [r for r in offers().transfers if COAST in (r.origin, r.destination)]
        hotel = hotels[0].spot
        there = [
            replace(r, id=r.id.replace("coast", "hotel"), **{
                end: hotel for end in ("origin", "destination") if getattr(r, end) == COAST
            })
            for r in rides
        ]  # fmt: skip
        out = replace(rides[0], id="taxi:coast>hotel", origin=COAST, destination=hotel, minutes=20)
        back = replace(rides[0], id="taxi:hotel>coast", origin=hotel, destination=COAST, minutes=20)
        found = replace(offers(), stays=hotels, transfers=(*offers().transfers, *there, out, back))
        plan = planned(at_the_coast(2, wishes=wishes), found)
        (bed,) = beds(plan)
        assert bed.type is ItemType.STAY
        assert bed.price_kes > 0
        moves = [item for item in plan.items if item.origin and item.destination]
        assert moves[0].origin == moves[-1].destination == COAST
        assert any(item.destination == hotel for item in moves)


def test_hours_of_leaving_home_and_being_back_hold_for_a_day_in_town() -> None:
    asked = at_the_coast(wishes=Wishes(leave_after=time(11), back_by=time(16)))
    plan = planned(asked, offers())
    moves = [item for item in plan.items if item.origin]
    assert moves
    assert moves[0].start >= at(FRIDAY, 11)
    assert moves[-1].end <= at(FRIDAY, 16)


def test_a_trip_may_begin_with_a_day_in_ones_own_town() -> None:
    asked = request(nights=2, origin="coast", stops=(Stop("coast", 1), Stop("capital", 1)))
    base = offers()
    found = replace(
        base,
        transports=(
            bus("Out", COAST, CAPITAL, at(FRIDAY + timedelta(days=1), 12), 480, 1500),
            bus("Home", CAPITAL, COAST, at(SUNDAY, 8), 480, 1500),
        ),
        stays=(*base.stays, replace(base.stays[0], id="stay:inn", name="Inn", spot=CAPITAL)),
    )
    plan = planned(asked, found)
    assert [(bed.type, bed.place) for bed in beds(plan)] == [(ItemType.OWN, "coast"), (ItemType.STAY, "capital")]
    home = next(bed for bed in beds(plan) if bed.type is ItemType.OWN)
    assert home.reason == "home"
    assert sum(item.price_kes for item in plan.items) == plan.total_kes


def test_the_money_reckoned_is_the_money_written_down_when_home_lies_on_the_way() -> None:
    """A plan at its very floor holds: what the solver counts for rides is what is in the plan."""
    for stops in ((Stop("coast", 1), Stop("capital", 1)), (Stop("capital", 1), Stop("coast", 1))):
        base = offers()
        days = [FRIDAY, FRIDAY + timedelta(days=1), SUNDAY]
        found = replace(
            base,
            transports=tuple(
                bus(f"Shuttle from {a.name}", a, b, at(day, 9), 300, 1500)
                for day in days
                for a, b in ((COAST, CAPITAL), (CAPITAL, COAST))
            ),
            stays=(replace(base.stays[0], id="stay:inn", name="Inn", spot=CAPITAL),),
        )
        asked = request(None, nights=2, origin="coast", stops=stops)
        cheapest = first(asked, found, trip_id="t")
        assert isinstance(cheapest, Itinerary)
        assert not broken(verify(cheapest, asked, found))
        tight = replace(asked, budget_kes=cheapest.total_kes)
        assert isinstance(first(tight, found, trip_id="t"), Itinerary)
        less = first(replace(asked, budget_kes=cheapest.total_kes - 1), found, trip_id="t")
        assert isinstance(less, Infeasible)
        assert less.cheapest_kes == cheapest.total_kes
