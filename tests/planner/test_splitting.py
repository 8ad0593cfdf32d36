"""Two beds at one stop: where no single one is to be had for all nights, or where it was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.amending import amend
from planner.best import best_effort
from planner.checks import broken, verify
from planner.model import Infeasible, Item, ItemType, Itinerary, Offers, Spot, SpotKind, StayClass, Stop, TripRequest
from planner.operations import AddDay, Cheaper, Lock, ReorderStops, changed, nights_slept
from planner.requirements import Count, Freedom, Kind, Over, Requirement, Spend, Which
from planner.solver import build
from tests.planner import world
from tests.planner.world import FRIDAY, request

NIGHTS = 4
LODGE = Spot("lodge", "Lodge", "coast", SpotKind.STAY)
VILLA = Spot("villa", "Villa", "coast", SpotKind.STAY)
HILL = Spot("hill", "Hill town", "hill", SpotKind.CENTRE)
COST = {"Lodge": 4_000, "Villa": 5_000}
STAY = frozenset({Kind.STAY})


def night(number: int) -> date:
    return FRIDAY + timedelta(days=number)


def offers(**let: frozenset[int]) -> Offers:
    """A lodge and a villa, with rooms on these nights, counted from the first; and rides between everything."""
    base = world.offers(nights=NIGHTS)
    spots = {"Lodge": LODGE, "Villa": VILLA}
    stays = tuple(
        replace(world.stay(name, COST[name], StayClass.MID, spots[name]), nights=frozenset(map(night, nights)))
        for name, nights in let.items()
    )
    rides = [
        ride
        for spot in (LODGE, VILLA)
        for other in (world.COAST, world.FORT, world.BEACH, world.MUSEUM)
        for ride in world.ride(spot, other, 10, 200)
    ]
    between = world.ride(LODGE, VILLA, 15, 300)
    return replace(base, stays=stays, transfers=(*base.transfers, *rides, *between))


ASKED = request(None, nights=NIGHTS)
TWO_AND_TWO = offers(Lodge=frozenset({0, 1}), Villa=frozenset({2, 3}))


def planned(asked: TripRequest, found: Offers) -> Itinerary:
    plan = build(asked, found, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, found)), broken(verify(plan, asked, found))
    return plan


def beds(plan: Itinerary) -> list[tuple[str, int]]:
    """The beds in order with their nights."""
    stays = sorted((item for item in plan.items if item.type is ItemType.STAY), key=lambda item: item.start)
    return [(item.title, nights(item)) for item in stays]


def nights(item: Item) -> int:
    return (item.end.date() - item.start.date()).days


def test_one_bed_follows_another_where_neither_has_all_the_nights() -> None:
    assert beds(planned(ASKED, TWO_AND_TWO)) == [("Lodge", 2), ("Villa", 2)]


def test_the_beds_are_changed_in_the_morning_by_the_ride_between_them() -> None:
    plan = planned(ASKED, TWO_AND_TWO)
    ride = next(item for item in plan.items if item.title == "Lodge → Villa")
    assert ride.start.date() == night(2)
    assert ride.start.hour < 12
    assert ride.price_kes == 300


def test_the_whole_time_in_one_bed_is_the_rule() -> None:
    either = offers(Lodge=frozenset({0, 1}), Villa=frozenset(range(NIGHTS)))
    assert beds(planned(ASKED, either)) == [("Villa", 4)]


def test_a_change_of_beds_may_keep_the_budget() -> None:
    found = offers(Lodge=frozenset({0, 1, 2}), Villa=frozenset(range(NIGHTS)))
    dearest = planned(ASKED, found).total_kes
    refused = build(replace(ASKED, budget_kes=1), found, trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.cheapest_kes is not None
    assert refused.cheapest_kes < dearest
    plan = planned(replace(ASKED, budget_kes=refused.cheapest_kes), found)
    assert beds(plan) == [("Lodge", 3), ("Villa", 1)]


def test_a_bed_that_is_let_for_two_nights_only_is_left_after_two() -> None:
    base = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    found = replace(base, stays=tuple(replace(stay, max_nights=2) for stay in base.stays))
    assert sorted(beds(planned(ASKED, found))) == [("Lodge", 2), ("Villa", 2)]


def test_the_plan_is_one_of_the_request_as_it_was_made() -> None:
    assert [stop.place for stop in planned(ASKED, TWO_AND_TWO).request.stops] == ["coast"]


@pytest.mark.parametrize("let", [{"Lodge": {0, 1}}, {"Lodge": {0}, "Villa": {3}}, {"Lodge": {1, 2}, "Villa": {0, 3}}])
def test_where_two_beds_do_not_make_up_the_nights_there_is_no_plan(let: dict[str, set[int]]) -> None:
    found = offers(**{name: frozenset(some) for name, some in let.items()})
    assert isinstance(build(ASKED, found, trip_id="t"), Infeasible)


def test_who_asks_for_two_beds_in_one_town_gets_two() -> None:
    found = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    asked = replace(ASKED, stops=(Stop("coast", 1), Stop("coast", 3)))
    plan = planned(asked, found)
    assert [count for _, count in beds(plan)] == [1, 3]
    assert len({name for name, _ in beds(plan)}) == 2
    assert plan.title == "Coast town"


def test_two_beds_need_two_beds() -> None:
    asked = replace(ASKED, stops=(Stop("coast", 1), Stop("coast", 3)))
    assert isinstance(build(asked, offers(Lodge=frozenset(range(NIGHTS))), trip_id="t"), Infeasible)


def test_without_known_beds_two_stops_in_one_town_share_their_day() -> None:
    found = replace(world.offers(nights=NIGHTS), stays=())
    plan = planned(replace(ASKED, stops=(Stop("coast", 2), Stop("coast", 2))), found)
    assert sum(item.type is ItemType.OWN for item in plan.items) == 2


def test_only_the_stop_that_needs_it_is_cut_in_two() -> None:
    plan = planned(replace(ASKED, stops=(Stop("coast", 2), Stop("hill", 2))), to_two_towns())
    assert beds(plan) == [("Lodge", 1), ("Villa", 1), ("Hill inn", 2)]


def to_two_towns() -> Offers:
    base = offers(Lodge=frozenset({0}), Villa=frozenset({1}))
    buses = (
        world.bus("Hill bus", world.COAST, HILL, world.at(night(2), 9), 180, 900),
        world.bus("Home bus", HILL, world.CAPITAL, world.at(night(4), 9), 180, 900),
    )
    return replace(
        base,
        transports=(*base.transports, *buses),
        stays=(*base.stays, world.stay("Hill inn", 4000, StayClass.BUDGET, HILL)),
        centres={**base.centres, "hill": HILL},
    )


def test_what_is_required_of_a_stop_is_required_of_both_beds_together() -> None:
    two_sights = Requirement("two sights", Count(Which(kinds=frozenset({Kind.VISIT})), most=2, over=Over.STOP))
    plan = planned(replace(ASKED, requirements=(two_sights,)), TWO_AND_TWO)
    assert sum(item.type is ItemType.ACTIVITY for item in plan.items) <= 2


def test_money_for_beds_is_counted_over_both() -> None:
    nights = Spend(Which(kinds=STAY), 4_500, over=Over.NIGHT)
    planned(replace(ASKED, requirements=(Requirement("beds", nights),)), TWO_AND_TWO)
    less = Requirement("beds", replace(nights, most_kes=4_499))
    assert isinstance(build(replace(ASKED, requirements=(less,)), TWO_AND_TWO, trip_id="t"), Infeasible)


def test_who_cannot_have_everything_still_gets_two_beds() -> None:
    never = Requirement("a palace", Count(Which(names=("palace",)), least=1))
    plan = best_effort(replace(ASKED, requirements=(never,)), TWO_AND_TWO, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert plan.given_up == ("a palace",)
    assert beds(plan) == [("Lodge", 2), ("Villa", 2)]


@pytest.mark.parametrize("asked", [ASKED, replace(ASKED, stops=(Stop("coast", 2), Stop("coast", 2)))])
def test_a_trip_with_two_beds_is_planned_again_with_both(asked: TripRequest) -> None:
    plan = planned(asked, TWO_AND_TWO)
    bed = next(item for item in plan.items if item.type is ItemType.STAY)
    for operation in (Lock(bed.id), Cheaper()):
        again = amend(plan.request, plan, operation, TWO_AND_TWO)
        assert isinstance(again, Itinerary)
        assert not broken(verify(again, again.request, TWO_AND_TWO))
        assert beds(again) == beds(plan)


def test_nights_at_stops_in_a_row_in_one_town_are_those_of_their_beds() -> None:
    found = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    plan = planned(replace(ASKED, stops=(Stop("coast", 1), Stop("coast", 3))), found)
    assert nights_slept(plan) == (1, 3)


def test_a_day_more_goes_to_the_stop_named_and_the_others_keep_their_nights() -> None:
    asked = replace(ASKED, stops=(Stop("coast", 1), Stop("coast", 3)))
    found = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    plan = planned(asked, found)
    longer = replace(
        found,
        transports=tuple(
            o if o.depart.date() == FRIDAY else replace(o, depart=o.depart + DAY, arrive=o.arrive + DAY)
            for o in found.transports
        ),
        stays=tuple(replace(stay, nights=None) for stay in found.stays),
    )
    again = amend(asked, plan, AddDay("coast"), longer)
    assert isinstance(again, Itinerary)
    assert not broken(verify(again, again.request, longer))
    assert [count for _, count in beds(again)] == [2, 3]


DAY = timedelta(days=1)


def test_stops_with_the_same_town_twice_are_reordered_each_with_its_nights() -> None:
    stops = (Stop("coast", 1), Stop("coast", 2), Stop("hill", 1))
    found = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    asked = replace(ASKED, stops=stops)
    plan = planned(ASKED, found)
    assert changed(asked, plan, ReorderStops(("hill", "coast", "coast"))).stops == (stops[2], *stops[:2])


def test_stops_with_the_same_town_twice_may_be_put_in_any_order() -> None:
    found = offers(Lodge=frozenset(range(NIGHTS)), Villa=frozenset(range(NIGHTS)))
    for free in (Freedom(order=True), Freedom(nights=True), Freedom(order=True, nights=True)):
        plan = planned(replace(ASKED, stops=(Stop("coast"), Stop("coast")), free=free), found)
        assert len(beds(plan)) == 2


def test_stops_in_one_town_change_places_with_themselves() -> None:
    asked = replace(ASKED, stops=(Stop("coast"), Stop("coast")))
    plan = planned(asked, TWO_AND_TWO)
    again = amend(asked, plan, ReorderStops(("coast", "coast")), TWO_AND_TWO)
    assert isinstance(again, Itinerary)
    assert beds(again) == beds(plan)
