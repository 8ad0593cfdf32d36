"""Open stops: which of them, in what order, with how many nights; compared with planning every route there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.checks import broken, verify
from planner.kinds import Mode, SpotKind, StayClass
from planner.model import Infeasible, Itinerary, Offers, Spot, Stop, TripRequest, Wishes
from planner.requirements import Apart, Count, Freedom, Kind, Requirement, Which
from planner.routes import routes
from planner.solver import build, first
from tests.planner import world
from tests.planner.world import FRIDAY

TOWNS = ("ash", "birch", "cedar", "elm")
CENTRES = {name: Spot(name, name.title(), name, SpotKind.CENTRE) for name in ("home", *TOWNS)}


def country(seed: int = 0, days: int = 5) -> Offers:
    """Buses and flights between all towns on every day, beds of several prices, sights of several kinds."""
    rides = []
    for i, a in enumerate(CENTRES.values()):
        for j, b in enumerate(CENTRES.values()):
            for n in range(days):
                if a is b:
                    continue
                far = 1 + (i * 7 + j * 3 + seed) % 5
                day = FRIDAY + timedelta(days=n)
                rides.append(world.bus(f"Bus {a.id} {b.id}", a, b, world.at(day, 8), 60 * far, 500 * far))
                if (i + j + n + seed) % 3 == 0:
                    flight = world.bus(f"Air {a.id} {b.id}", a, b, world.at(day, 11), 45, 3_000 * far)
                    rides.append(replace(flight, mode=Mode.FLIGHT, operator="Air"))
    stays = [
        replace(world.stay(f"{town} {k}", 2_000 + 900 * ((k + n + seed) % 4), StayClass.BUDGET, CENTRES[town]),
                min_nights=1 + (k + n) % 2, tags=frozenset({f"kind {k}"}))
        for n, town in enumerate(TOWNS)
        for k in range(2)
    ]  # fmt: skip
    sights = [
        replace(world.sight(CENTRES[town], 120, 100 * k), id=f"do:{town}{k}", name=f"{town} sight {k}",
                tags=frozenset({("museum", "lake", "park")[(k + n + seed) % 3]}))
        for n, town in enumerate(TOWNS)
        for k in range(3)
    ]  # fmt: skip
    return Offers(tuple(rides), tuple(stays), tuple(sights), (), centres=CENTRES)


def asked(days: int = 5, pick: int | None = 2, **more: object) -> TripRequest:
    base = TripRequest(
        "home",
        tuple(Stop(town) for town in TOWNS),
        FRIDAY,
        FRIDAY + timedelta(days=days - 1),
        world.Party(2),
        free=Freedom(pick=pick, order=True, nights=True),
        own_arrangements=False,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def planned(request: TripRequest, offers: Offers) -> Itinerary:
    plan = build(request, offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, request, offers)), broken(verify(plan, request, offers))
    return plan


def test_so_many_towns_as_asked_are_visited_each_once() -> None:
    towns = [stop.place for stop in planned(asked(), country()).request.stops]
    assert len(towns) == 2
    assert len(set(towns)) == 2


def test_nights_are_split_as_the_beds_are_let() -> None:
    offers = country()
    long = replace(offers, stays=tuple(replace(stay, min_nights=3) for stay in offers.stays))
    plan = planned(asked(days=5, pick=1), long)
    assert [stop.nights for stop in plan.request.stops] == [4]
    assert isinstance(build(asked(days=5), long, trip_id="t"), Infeasible)


def test_a_least_number_of_nights_is_kept() -> None:
    stops = tuple(Stop(town, least=2) for town in TOWNS)
    assert [stop.nights for stop in planned(asked(stops=stops), country()).request.stops] == [2, 2]


def test_fixed_nights_stay_fixed_in_any_order() -> None:
    stops = (Stop("ash", 1), Stop("birch", 3))
    plan = planned(asked(stops=stops, pick=None), country())
    assert {(stop.place, stop.nights) for stop in plan.request.stops} == {("ash", 1), ("birch", 3)}


def test_a_trip_may_end_in_another_town_than_it_began_in() -> None:
    stops = (Stop("ash", 2), Stop("birch", 2), Stop("cedar", 0))
    plan = planned(asked(stops=stops, free=Freedom(), returns=False), country())
    moves = [item for item in plan.items if item.origin is not None]
    assert [move.destination.place for move in moves if move.destination] == ["ash", "birch", "cedar"]
    assert moves[-1].start.date() == plan.request.end


def test_in_the_given_order_only_the_choice_of_towns_is_open() -> None:
    plan = planned(asked(free=Freedom(pick=3)), country())
    towns = [stop.place for stop in plan.request.stops]
    assert towns == sorted(towns)
    assert len(towns) == 3


def test_a_required_kind_of_sight_decides_the_towns() -> None:
    offers = country()
    only = replace(
        offers,
        activities=tuple(
            replace(a, tags=frozenset({"volcano"})) if a.id == "do:elm2" else a for a in offers.activities
        ),
    )
    wanted = Requirement("volcano", Count(Which(kinds=frozenset({Kind.VISIT}), tags=frozenset({"volcano"})), least=1))
    plan = planned(asked(requirements=(wanted,)), only)
    assert "elm" in {stop.place for stop in plan.request.stops}


def test_a_must_see_decides_the_towns() -> None:
    plan = planned(asked(wishes=Wishes(must_see=("cedar sight 1",))), country())
    assert "cedar" in {stop.place for stop in plan.request.stops}


def test_one_family_of_transport_for_the_whole_route() -> None:
    flights, buses = (Which(modes=frozenset({mode})) for mode in (Mode.FLIGHT, Mode.BUS))
    plan = planned(asked(requirements=(Requirement("one family", Apart(flights, buses)),)), country())
    assert len({item.mode for item in plan.items if item.origin is not None}) == 1


def test_more_stops_than_there_are_cannot_be_picked() -> None:
    with pytest.raises(ValueError, match="cannot be picked"):
        build(asked(pick=9), country(), trip_id="t")


def test_a_request_that_leaves_nothing_open_is_its_own_route() -> None:
    closed = asked(free=Freedom())
    assert list(routes(closed, country())) == [closed]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_the_cheapest_of_all_routes_is_found_where_money_is_short(seed: int) -> None:
    """Every order of every two towns with every split of the nights, planned one by one."""
    offers = country(seed, days=4)
    request = asked(days=4)
    floors = []
    for towns in permutations(TOWNS, 2):
        for nights in ((1, 2), (2, 1)):
            stops = tuple(Stop(town, count) for town, count in zip(towns, nights, strict=True))
            plan = first(replace(request, stops=stops, free=Freedom()), offers, trip_id="t")
            if isinstance(plan, Itinerary):
                floors.append(plan.total_kes)
    tight = replace(request, budget_kes=min(floors))
    plan = planned(tight, offers)
    assert plan.total_kes == min(floors)
    assert isinstance(build(replace(request, budget_kes=min(floors) - 1), offers, trip_id="t"), Infeasible)
