"""What lost, by how much, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import combinations

from planner.alternatives import LEFT_OUT, REASONS
from planner.amending import amend
from planner.checks import broken, verify
from planner.model import Alternative, Itinerary, Offers, OpenSpan, Pace, Spot, SpotKind, StayClass, TripRequest, Wishes
from planner.operations import Swap
from planner.solver import build
from tests.planner import world
from tests.planner.world import FRIDAY, at, request, ride, sight, stay, train


def planned(asked: TripRequest, offers: Offers) -> Itinerary:
    plan = build(asked, offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, offers))
    return plan


def lost(plan: Itinerary, title: str) -> Alternative:
    return next(other for other in plan.alternatives if other.title == title)


def with_sight(spot: Spot, minutes: int, kes: int | None, ride_minutes: int = 15, **more: object) -> Offers:
    base = world.offers()
    return replace(
        base,
        activities=(*base.activities, sight(spot, minutes, kes, **more)),  # type: ignore[arg-type]
        transfers=(*base.transfers, *ride(world.COAST, spot, ride_minutes, 300)),
    )


def reason_of(spot: Spot, offers: Offers, asked: TripRequest) -> str:
    plan = planned(asked, offers)
    assert spot.name not in [item.title for item in plan.items]
    return lost(plan, spot.name).reason


SUNDAY = date(2026, 11, 29)
CAVE = Spot("cave", "Cave", "coast", SpotKind.SIGHT)


def test_every_alternative_has_a_reason_and_what_can_be_swapped_in_can_be() -> None:
    offers = world.offers()
    plan = planned(request(60_000), offers)
    assert {other.reason for other in plan.alternatives} <= REASONS
    ways_and_beds = [other for other in plan.alternatives if other.instead_of]
    assert {other.type.value for other in ways_and_beds} >= {"train", "stay"}
    for other in ways_and_beds:
        again = amend(plan.request, plan, Swap(other.instead_of, other.offer_id), offers)
        if other.reason == "budget":
            continue
        assert isinstance(again, Itinerary)
        assert other.offer_id in {item.offer_id for item in again.items}


def test_a_dearer_ride_to_the_gate_counts_against_a_cheaper_ticket() -> None:
    offers = world.offers()
    plan = planned(request(60_000, wishes=Wishes(cheap=True)), offers)
    back = [item for item in plan.items if item.mode and item.mode.value == "bus" and item.origin == world.COAST]
    assert back, "the bus, whose stage is in the middle of town"
    by_train = next(other for other in plan.alternatives if other.instead_of == back[0].id)
    assert by_train.delta_kes == 3_000 + 900 + 1_200 - 2_400
    assert by_train.reason == "price"


def test_what_saves_a_night_under_way_saves_its_bed() -> None:
    base = world.offers()
    only = replace(base, transports=tuple(t for t in base.transports if t.service in ("Night", "Morning")))
    plan = planned(request(60_000, wishes=Wishes(modes_wanted=frozenset())), only)
    (night,) = [other for other in plan.alternatives if other.title.startswith("Night")]
    bed = next(item for item in plan.items if item.type.value == "stay")
    assert bed.price is not None
    assert night.delta_kes == -bed.price.kes // 2


def test_a_later_train_for_the_same_money_leaves_less_time_there() -> None:
    base = world.offers()
    trains = replace(base, transports=tuple(t for t in base.transports if t.service in ("Morning", "Afternoon")))
    plan = planned(request(60_000), trains)
    out = next(other for other in plan.alternatives if other.depart == at(FRIDAY, 15))
    assert (out.delta_kes, out.delta_minutes, out.reason) == (0, -30, "there")


def test_a_departure_in_the_dead_of_night_loses_for_its_hour() -> None:
    base = world.offers()
    early = train("Red-eye", world.CAPITAL_STATION, world.COAST_STATION, at(FRIDAY, 3), 300, 3000)
    trains = replace(base, transports=(early, *(t for t in base.transports if t.service == "Morning")))
    plan = planned(request(60_000), trains)
    assert lost(plan, "Red-eye, economy").reason == "hours"


def test_second_class_loses_to_first_for_its_seat() -> None:
    base = world.offers()
    trains = [offer for offer in base.transports if offer.service == "Morning"]
    first = [replace(o, id=f"{o.id}:first", travel_class="first", price=world.price(3_400)) for o in trains]
    plan = planned(request(60_000), replace(base, transports=(*trains, *first)))
    assert {other.reason for other in plan.alternatives if other.title == "Morning, economy"} == {"seat"}


def test_beds_lose_by_class_price_rating_or_wish() -> None:
    base = world.offers()
    plan = planned(request(60_000), base)
    cheaper, better = lost(plan, "Guest house"), lost(plan, "Resort")
    assert (cheaper.delta_kes, cheaper.nights, cheaper.reason) == (-9_600, 2, "class")
    assert (cheaper.stay_class, better.stay_class) == (StayClass.BUDGET, StayClass.HIGH)
    assert (better.delta_kes, better.reason) == (16_000, "price")

    tight = planned(request(plan.total_kes + 15_000), base)
    assert lost(tight, "Resort").reason == "budget"

    asked = planned(request(60_000, wishes=Wishes(stay_class=StayClass.MID)), base)
    assert lost(asked, "Guest house").reason == "wish"

    rated = [replace(stay(name, 8000, StayClass.MID), rating=stars) for name, stars in (("Good", 4.5), ("Poor", 2.0))]
    one = planned(request(60_000), replace(base, stays=tuple(rated)))
    chosen = next(item.title for item in one.items if item.type.value == "stay")
    assert lost(one, "Poor" if chosen == "Good" else "Good").reason == ("rating" if chosen == "Good" else "alike")


def test_a_sight_that_is_closed_all_the_while_says_so() -> None:
    mondays = (OpenSpan(frozenset({0}), time(8), time(18)),)
    assert reason_of(CAVE, with_sight(CAVE, 90, 0, spans=mondays), request(60_000)) == "closed"


def test_a_sight_beyond_the_budget_says_so() -> None:
    offers = with_sight(CAVE, 90, 3_000, score=1.0)
    plan = planned(request(60_000), replace(offers, activities=offers.activities[:3]))
    assert reason_of(CAVE, offers, request(plan.total_kes + 200, locked=frozenset(_ids(plan)))) == "budget"


def test_a_sight_at_the_end_of_the_world_is_too_far() -> None:
    far = with_sight(CAVE, 60, 0, ride_minutes=420)
    assert reason_of(CAVE, far, request(60_000, wishes=Wishes(comfort=True))) == "far"


def test_a_dear_sight_is_not_worth_its_price() -> None:
    assert reason_of(CAVE, with_sight(CAVE, 60, 20_000), request(None)) == "price"


def test_what_a_relaxed_pace_leaves_no_room_for_says_so() -> None:
    base = world.offers()
    more = [Spot(f"cave-{n}", f"Cave {n}", "coast", SpotKind.SIGHT) for n in range(8)]
    offers = replace(
        base,
        transports=tuple(t for t in base.transports if t.depart in (at(FRIDAY, 8), at(SUNDAY, 15))),
        activities=tuple(sight(spot, 60, 0, 6, 23) for spot in more),
        transfers=(*base.transfers, *(r for a, b in combinations((world.COAST, *more), 2) for r in ride(a, b, 5, 50))),
    )
    plan = planned(request(60_000, wishes=Wishes(pace=Pace.RELAXED)), offers)
    left = [other for other in plan.alternatives if not other.instead_of]
    assert 0 < len(left) <= LEFT_OUT
    assert {other.reason for other in left} == {"pace"}


def test_a_sight_that_fits_into_no_day_has_no_time() -> None:
    at_six = sight(CAVE, 60, 0, sessions=((at(FRIDAY, 6), at(FRIDAY, 7)),), spans=())
    base = with_sight(CAVE, 60, 0)
    assert reason_of(CAVE, replace(base, activities=(*base.activities[:3], at_six)), request(60_000)) == "no_time"


def test_alternatives_are_the_same_every_time() -> None:
    again = [planned(request(60_000), world.offers()).alternatives for _ in range(2)]
    assert again[0] == again[1]


def _ids(plan: Itinerary) -> list[str]:
    return [item.offer_id for item in plan.items if item.offer_id and item.type.value in ("train", "stay", "activity")]
