"""What the planner promises: within budget, checked, worthwhile, and the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.checks import broken, verify
from planner.model import (
    Infeasible,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Pace,
    Party,
    StayClass,
    Stop,
    TripRequest,
    Wishes,
)
from planner.solver import build, first, improving
from tests.planner import world
from tests.planner.world import FRIDAY, request


def planned(asked: TripRequest, offers: Offers | None = None) -> Itinerary:
    offers = offers or world.offers()
    plan = build(asked, offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, offers)), broken(verify(plan, asked, offers))
    return plan


def titles(plan: Itinerary, *types: ItemType) -> list[str]:
    return [item.title for item in plan.items if item.type in types]


def test_a_comfortable_budget_gives_a_full_checked_trip_within_it() -> None:
    plan = planned(request(60_000))
    assert plan.total_kes <= 60_000
    assert set(titles(plan, ItemType.ACTIVITY)) == {"Old Fort", "White Beach", "Museum"}
    assert len(titles(plan, ItemType.STAY)) == 1
    assert len(titles(plan, ItemType.TRAIN, ItemType.BUS)) == 2


def test_every_day_has_its_meals_and_the_total_is_the_sum_of_the_items() -> None:
    plan = planned(request())
    assert len(titles(plan, ItemType.MEAL)) == 3
    assert plan.total_kes == sum(item.price.kes for item in plan.items if item.price)


def test_stations_out_of_town_are_reached_and_left_by_a_ride() -> None:
    plan = planned(request(wishes=Wishes(modes_refused=frozenset({Mode.BUS}))))
    rides = titles(plan, ItemType.TRANSFER)
    assert "Capital → Capital Terminus" in rides
    assert "Coast Terminus → Coast town" in rides
    assert "Coast town → Coast Terminus" in rides
    assert "Capital Terminus → Capital" in rides


def test_a_budget_that_cannot_hold_names_the_cheapest_total_and_that_total_can_be_planned() -> None:
    refused = build(request(10_000), world.offers(), trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("budget",)
    assert refused.cheapest_kes is not None
    assert refused.cheapest_kes > 10_000
    (offer,) = refused.relaxations
    assert planned(offer.request).total_kes <= refused.cheapest_kes
    assert isinstance(
        build(replace(offer.request, budget_kes=refused.cheapest_kes - 1), world.offers(), trip_id="t"), Infeasible
    )


def test_the_cheapest_total_agrees_with_trying_every_combination() -> None:
    offers = world.offers()
    refused = build(request(1), offers, trip_id="t")
    assert isinstance(refused, Infeasible)
    out = [o for o in offers.transports if o.origin.place == "capital"]
    back = [o for o in offers.transports if o.origin.place == "coast"]
    rides = {(r.origin.id, r.destination.id): r.price.kes for r in offers.transfers}

    def ride(a: str, b: str) -> int:
        return 0 if a == b else rides[a, b]

    def cost(there: object, stay: object, home: object) -> int:
        nights = (FRIDAY + timedelta(days=2) - (there.arrive - timedelta(hours=3)).date()).days  # type: ignore[attr-defined]
        legs = sum(
            leg.price.kes + ride(start, leg.origin.id) + ride(leg.destination.id, end)  # type: ignore[attr-defined]
            for leg, start, end in ((there, "capital", "coast"), (home, "coast", "capital"))
        )
        return legs + nights * stay.nightly.kes + 3 * 2000  # type: ignore[attr-defined]

    assert refused.cheapest_kes == min(cost(*combination) for combination in product(out, offers.stays, back))


def test_the_night_train_is_the_night() -> None:
    only_night = replace(
        world.offers(),
        transports=tuple(o for o in world.offers().transports if "Night" in o.id or o.depart.date() > FRIDAY),
    )
    plan = planned(request(), only_night)
    (stay,) = [item for item in plan.items if item.type is ItemType.STAY]
    assert (stay.end.date() - stay.start.date()).days == 1


def test_nobody_leaves_a_bed_the_evening_before_a_departure_at_midnight() -> None:
    last = FRIDAY + timedelta(days=2)
    base = world.offers()
    midnight = world.train("Midnight", world.COAST_STATION, world.CAPITAL_STATION, world.at(last, 0), 300, 100)
    plan = planned(request(), replace(base, transports=(*base.transports, midnight)))
    assert "Midnight, economy" not in titles(plan, ItemType.TRAIN)


def test_someone_who_will_not_travel_at_night_is_not_put_on_the_night_train() -> None:
    only_night = replace(
        world.offers(),
        transports=tuple(o for o in world.offers().transports if "Night" in o.id or o.depart.date() > FRIDAY),
    )
    plan = planned(request(wishes=Wishes(night_travel=False)), only_night)
    assert [u.code for u in plan.unknowns].count("own_arrangement") == 1


def test_without_any_departure_the_gap_is_said_aloud_and_costs_nothing() -> None:
    plan = planned(request(), replace(world.offers(), transports=()))
    gaps = [item for item in plan.items if item.type is ItemType.OWN]
    assert len(gaps) == 2
    assert all(item.price is None for item in gaps)
    assert [u.code for u in plan.unknowns].count("own_arrangement") == 2


def test_a_town_without_known_beds_leaves_the_nights_to_the_traveller() -> None:
    plan = planned(request(), replace(world.offers(), stays=()))
    assert "no_stay" in {u.code for u in plan.unknowns}


def test_every_choice_says_why_it_won() -> None:
    plan = planned(request(None, wishes=Wishes(cheap=True, must_see=("museum",), interests={"beach": 2})))
    why = {item.title: item.reason for item in plan.items if item.reason}
    assert why["Guest house"] == "cheapest"
    assert why["Museum"] == "wished"
    assert why["White Beach"] == "interest:beach"
    assert {item.reason for item in plan.items if item.type in (ItemType.BUS, ItemType.TRAIN)} <= {
        "cheapest",
        "quickest",
        "worth",
        "cheapest and quickest",
    }


def test_who_comes_in_an_own_car_drives_and_rides_no_bus() -> None:
    offers = replace(world.offers(), road_minutes={("capital", "coast"): 480, ("coast", "capital"): 480})
    plan = planned(request(wishes=Wishes(modes_wanted=frozenset({Mode.CAR}))), offers)
    assert not titles(plan, ItemType.TRAIN, ItemType.BUS)
    assert [item.mode for item in plan.items if item.type is ItemType.OWN] == [Mode.CAR, Mode.CAR]


def test_who_is_already_there_needs_no_way_to_get_there() -> None:
    asked = replace(request(), stops=(Stop("capital"), Stop("coast", nights=1)))
    base = world.offers()
    late = tuple(
        replace(o, depart=o.depart + timedelta(days=1), arrive=o.arrive + timedelta(days=1), id=f"{o.id}+1")
        for o in base.transports
        if o.depart.date() == FRIDAY
    )
    stays = (*base.stays, world.stay("Capital inn", 4000, StayClass.MID, world.CAPITAL))
    plan = planned(asked, replace(base, transports=(*base.transports, *late), stays=stays))
    assert [day.place for day in plan.days] == ["capital", "coast", "coast"]
    assert len(titles(plan, ItemType.TRAIN, ItemType.BUS)) == 2


def test_a_day_trip_has_no_bed() -> None:
    offers = world.offers(nights=0)
    back = world.train("Evening", world.COAST_STATION, world.CAPITAL_STATION, world.at(FRIDAY, 17), 318, 3000)
    plan = planned(request(nights=0), replace(offers, transports=(*offers.transports, back)))
    assert not titles(plan, ItemType.STAY)


def test_one_way_ends_where_it_goes() -> None:
    plan = planned(request(returns=False))
    assert len(titles(plan, ItemType.TRAIN, ItemType.BUS)) == 1


def test_what_must_be_seen_is_seen_and_what_must_not_is_not() -> None:
    plan = planned(request(wishes=Wishes(must_see=("museum",), avoid=("beach",))))
    assert "Museum" in titles(plan, ItemType.ACTIVITY)
    assert "White Beach" not in titles(plan, ItemType.ACTIVITY)


def test_a_sight_that_nobody_offers_makes_the_request_impossible_by_name() -> None:
    refused = build(request(wishes=Wishes(must_see=("Eiffel Tower",))), world.offers(), trip_id="t")
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("must_see",)


def test_hours_are_kept() -> None:
    plan = planned(request(wishes=Wishes(earliest=time(9, 30), modes_refused=frozenset({Mode.BUS}))))
    assert all(
        item.start.time() >= time(9, 30) for item in plan.items if item.type in (ItemType.TRAIN, ItemType.ACTIVITY)
    )


def test_a_thrifty_party_sleeps_cheaper_than_a_comfortable_one() -> None:
    thrifty = planned(request(None, wishes=Wishes(cheap=True)))
    comfortable = planned(request(None, wishes=Wishes(comfort=True)))
    assert titles(thrifty, ItemType.STAY) == ["Guest house"]
    assert titles(comfortable, ItemType.STAY) == ["Resort"]


def test_the_class_asked_for_is_the_class_given_when_it_fits() -> None:
    assert titles(planned(request(None, wishes=Wishes(stay_class=StayClass.HIGH))), ItemType.STAY) == ["Resort"]


def test_a_relaxed_day_has_fewer_visits_than_a_packed_one() -> None:
    relaxed = planned(request(wishes=Wishes(pace=Pace.RELAXED)))
    per_day = [sum(item.type is ItemType.ACTIVITY for item in day.items) for day in relaxed.days]
    assert max(per_day) <= 2


def test_the_same_request_gives_the_same_plan() -> None:
    assert planned(request()) == planned(request())


def test_two_towns_are_visited_in_order_with_the_nights_shared() -> None:
    hill = world.Spot("hill", "Hill town", "hill", world.SpotKind.CENTRE)
    base = world.offers(nights=4)
    offers = replace(
        base,
        transports=(
            *(o for o in base.transports if o.depart.date() == FRIDAY),
            world.bus("Hill bus", world.COAST, hill, world.at(FRIDAY + timedelta(days=2), 9), 180, 900),
            world.bus("Home bus", hill, world.CAPITAL, world.at(FRIDAY + timedelta(days=4), 9), 180, 900),
        ),
        stays=(*base.stays, world.stay("Hill inn", 4000, StayClass.BUDGET, hill)),
        centres={**base.centres, "hill": hill},
    )
    asked = replace(request(nights=4), stops=(Stop("coast"), Stop("hill")))
    plan = planned(asked, offers)
    assert [day.place for day in plan.days] == ["coast", "coast", "hill", "hill", "hill"]
    assert len(titles(plan, ItemType.STAY)) == 2


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TripRequest, Offers]:
    nights = draw(st.integers(0, 4))
    base = world.offers(nights=nights)
    keep = lambda pool: tuple(o for o in pool if draw(st.booleans()))  # noqa: E731
    last = FRIDAY + timedelta(days=nights)
    extra = tuple(
        world.bus(f"Bus {n}", *ends, world.at(day, draw(st.integers(0, 23)), draw(st.integers(0, 59))),
                  draw(st.integers(60, 700)), draw(st.integers(300, 6000)))
        for n, (ends, day) in enumerate(
            [((world.CAPITAL, world.COAST), FRIDAY), ((world.COAST, world.CAPITAL), last)] * draw(st.integers(0, 2))
        )
    )  # fmt: skip
    sights = tuple(
        world.sight(
            spot,
            draw(st.integers(20, 400)),
            draw(st.none() | st.integers(0, 3000)),
            opens,
            draw(st.integers(opens + 1, 23)),
        )
        for spot, opens in ((world.FORT, 8), (world.BEACH, draw(st.integers(0, 20))), (world.MUSEUM, 9))
    )
    offers = replace(base, transports=keep(base.transports) + extra, stays=keep(base.stays), activities=keep(sights))
    wishes = Wishes(
        cheap=draw(st.booleans()),
        comfort=draw(st.booleans()),
        pace=draw(st.sampled_from(Pace)),
        night_travel=draw(st.booleans()),
        modes_refused=draw(st.sampled_from([frozenset(), frozenset({Mode.BUS}), frozenset({Mode.TRAIN})])),
        earliest=draw(st.sampled_from([None, time(7), time(10)])),
        road_after_dark=draw(st.booleans()),
        leave_after=draw(st.sampled_from([None, time(6), time(13)])),
        arrive_by=draw(st.sampled_from([None, time(15), time(22)])),
        leave_back_after=draw(st.sampled_from([None, time(9)])),
        back_by=draw(st.sampled_from([None, time(17), time(22)])),
    )
    asked = request(
        draw(st.none() | st.integers(3_000, 90_000)),
        nights=nights,
        party=Party(adults=draw(st.integers(1, 2))),
        returns=draw(st.booleans()),
        wishes=wishes,
    )
    return asked, offers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_whatever_the_world_a_plan_passes_every_check_or_the_refusal_holds(case: tuple[TripRequest, Offers]) -> None:
    asked, offers = case
    plan = build(asked, offers, trip_id="t")
    if isinstance(plan, Itinerary):
        assert not broken(verify(plan, asked, offers))
    elif plan.rules == ("budget",):
        assert plan.cheapest_kes is not None
        assert asked.budget_kes is not None
        assert plan.cheapest_kes > asked.budget_kes
        again = build(replace(asked, budget_kes=plan.cheapest_kes), offers, trip_id="t")
        assert isinstance(again, Itinerary)
    else:
        assert plan.rules


def test_nights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="nights"):
        build(replace(request(), stops=(Stop("coast", nights=5),)), world.offers(), trip_id="t")


def test_plans_get_better_and_the_last_is_the_best() -> None:
    plans = list(improving(world.request(), world.offers(), trip_id="t"))
    assert all(
        isinstance(plan, Itinerary) and not broken(verify(plan, world.request(), world.offers())) for plan in plans
    )
    assert plans[0] == first(world.request(), world.offers(), trip_id="t")
    assert plans[-1] == build(world.request(), world.offers(), trip_id="t")


def test_with_hardly_any_effort_there_is_a_plan_all_the_same() -> None:
    hasty = [build(world.request(), world.offers(), trip_id="t", effort=1e-6) for _ in range(2)]
    assert isinstance(hasty[0], Itinerary)
    assert hasty[0] == hasty[1]
    assert not broken(verify(hasty[0], world.request(), world.offers()))
