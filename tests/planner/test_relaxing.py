"""What the planner promises of an impossible request: the true reason, and ways out that hold when chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.checks import broken, verify
from planner.easings import rules
from planner.model import (
    Infeasible,
    Itinerary,
    Meals,
    Mode,
    Offers,
    Relaxation,
    Spot,
    SpotKind,
    StayClass,
    Stop,
    TransportOffer,
    TripRequest,
    Wishes,
)
from planner.relaxing import MOST_GATHERS, relax
from planner.solver import build
from tests.planner import world
from tests.planner.examples import examples
from tests.planner.world import request


@dataclass
class Market:
    """Offers for any dates, as a provider would have them; simple eating is cheaper. Remembers what it was asked."""

    narrow: Callable[[Offers], Offers] = lambda offers: offers
    asked: list[TripRequest] = field(default_factory=list)

    def __call__(self, wanted: TripRequest) -> Offers:
        self.asked.append(wanted)
        return self.offers(wanted)

    def offers(self, wanted: TripRequest) -> Offers:
        offers = self.narrow(world.offers(wanted.start, wanted.nights))
        return replace(offers, meals=Meals(world.price(800))) if wanted.wishes.cheap else offers


def eased(asked: TripRequest, market: Market | None = None, *, most: int = 3) -> Infeasible:
    """The refusal with its ways out, every one of them tried."""
    market = market or Market()
    offers = market.offers(asked)
    refused = build(asked, offers, trip_id="t")
    assert isinstance(refused, Infeasible)
    found = relax(asked, offers, refused, regather=market, most=most)
    holds(found, market.offers)
    return found


def holds(found: Infeasible, offers_of: Callable[[TripRequest], Offers]) -> None:
    """Choosing a way out gives its very plan, checked and within what was named."""
    for way in found.relaxations:
        offers = offers_of(way.request)
        plan = build(way.request, offers, trip_id="t")
        assert isinstance(plan, Itinerary), way
        assert plan.total_kes == way.total_kes
        assert way.request.budget_kes is None or plan.total_kes <= way.request.budget_kes
        assert not broken(verify(plan, way.request, offers))


def way(found: Infeasible, change: str) -> Relaxation:
    return next(each for each in found.relaxations if each.change == change)


def changes(found: Infeasible) -> list[str]:
    return [each.change for each in found.relaxations]


def possible(asked: TripRequest, offers: Offers) -> bool:
    return isinstance(build(asked, offers, trip_id="t"), Itinerary)


def test_the_budget_is_raised_by_the_least_that_helps() -> None:
    found = eased(request(10_000))
    raised = way(found, "budget").request
    assert raised.budget_kes is not None
    assert raised.budget_kes == found.cheapest_kes == way(found, "budget").total_kes
    assert not possible(replace(raised, budget_kes=raised.budget_kes - 1), world.offers())
    assert found.rules == ("budget",)


def test_a_night_less_is_offered_when_it_fits_and_keeps_the_budget() -> None:
    asked = request(19_500, nights=4)
    shorter = way(eased(asked, most=5), "nights")
    assert shorter.request == replace(asked, end=shorter.request.end)
    assert shorter.total_kes <= 19_500
    longer_by_one = replace(asked, end=shorter.request.end + timedelta(days=1))
    assert not possible(longer_by_one, Market().offers(longer_by_one))


def test_without_a_source_of_other_dates_none_are_offered() -> None:
    asked = request(19_500, nights=4)
    refused = build(asked, world.offers(nights=4), trip_id="t")
    assert isinstance(refused, Infeasible)
    found = relax(asked, world.offers(nights=4), refused)
    assert changes(found) == ["budget"]
    holds(found, lambda wanted: world.offers(nights=4))


def test_eating_simply_is_a_way_where_it_makes_the_difference() -> None:
    asked = request(15_500)
    assert way(eased(asked), "cheap").request == replace(asked, wishes=Wishes(cheap=True))


def test_a_refused_bus_is_offered_when_it_alone_fits() -> None:
    def dearer(offer: TransportOffer) -> TransportOffer:
        return replace(offer, price=world.price(9_000)) if offer.mode is Mode.TRAIN else offer

    dear_trains = Market(lambda offers: replace(offers, transports=tuple(map(dearer, offers.transports))))
    found = eased(request(22_000, wishes=Wishes(modes_refused=frozenset({Mode.BUS, Mode.MATATU}))), dear_trains)
    assert found.rules == ("refused", "budget")
    by_bus = way(found, "mode").request
    assert by_bus.wishes.modes_refused == frozenset()
    assert by_bus.budget_kes == 22_000


def test_a_sight_that_nobody_offers_is_given_up_and_the_others_are_kept() -> None:
    found = eased(request(wishes=Wishes(must_see=("Eiffel Tower", "museum"))))
    assert found.rules == ("must_see",)
    assert way(found, "must_see").request.wishes.must_see == ("museum",)


def test_a_locked_resort_is_unlocked_or_paid_for() -> None:
    found = eased(request(24_000, locked=frozenset({"stay:Resort"})))
    assert found.rules == ("locked", "budget")
    assert way(found, "locked").request.locked == frozenset()
    assert way(found, "budget").total_kes > 24_000


def test_hours_are_widened_no_further_than_needed() -> None:
    found = eased(request(wishes=Wishes(must_see=("museum",), earliest=time(5), latest=time(9, 30))))
    assert set(found.rules) == {"must_see", "hours"}
    wider = way(found, "hours").request
    latest = wider.wishes.latest
    assert latest is not None
    assert wider.wishes.earliest == time(5)
    narrower = time((latest.hour * 60 + latest.minute - 30) // 60, (latest.minute + 30) % 60)
    assert not possible(replace(wider, wishes=replace(wider.wishes, latest=narrower)), world.offers())


def test_two_things_are_given_up_when_neither_alone_is_enough() -> None:
    found = eased(request(9_900, nights=3))
    assert any("+" in change and "budget" not in change for change in changes(found))


def test_a_stop_may_be_left_out() -> None:
    hill = Spot("hill", "Hill town", "hill", SpotKind.CENTRE)
    inn = world.stay("Hill palace", 30_000, StayClass.HIGH, hill)
    market = Market(lambda offers: replace(
        offers, stays=(*offers.stays, inn), centres={**offers.centres, "hill": hill},
        road_minutes={("coast", "hill"): 60},
    ))  # fmt: skip
    found = eased(request(25_000, nights=3, stops=(Stop("coast", 2), Stop("hill", 1))), market, most=6)
    without = way(found, "stops").request
    assert without.stops == (Stop("coast", 2),)
    assert without.nights == 2


def test_a_day_too_short_for_the_way_there_and_back_becomes_two() -> None:
    slow = Market(lambda offers: replace(offers, transports=tuple(o for o in offers.transports if "Afternoon" in o.id)))
    found = eased(request(60_000, nights=0), slow)
    assert found.rules == ("time",)
    assert way(found, "nights").request.nights == 1


def test_a_cheaper_way_with_more_left_to_the_traveller_is_no_way_out() -> None:
    def only_whole_weekends(offers: Offers) -> Offers:
        return offers if offers.transports[-1].depart.date().weekday() == 6 else replace(offers, transports=())

    found = eased(request(10_000), Market(only_whole_weekends))
    assert all("nights" not in change for change in changes(found))


def test_two_nights_on_the_road_and_nothing_between_are_no_trip() -> None:
    def only_at_night(offers: Offers) -> Offers:
        first = offers.transports[0].depart.date()
        last = offers.transports[-1].depart.date()
        there = world.bus("Night bus", world.CAPITAL, world.COAST, world.at(first, 21), 600, 900)
        back = world.bus("Early bus", world.COAST, world.CAPITAL, world.at(last, 9), 600, 900)
        return replace(offers, transports=(there, back))

    found = eased(request(7_000, nights=2), Market(only_at_night), most=6)
    assert found.relaxations
    assert all(way.request.nights != 1 for way in found.relaxations)


class Table(Market):
    """Where the class of the bed decides how one eats: lavishly, or for less."""

    def offers(self, wanted: TripRequest) -> Offers:
        lavish = wanted.wishes.stay_class is StayClass.HIGH
        return replace(world.offers(wanted.start, wanted.nights), meals=Meals(world.price(6_000 if lavish else 800)))


@pytest.mark.parametrize(("budget", "offered"), [(14_000, StayClass.BUDGET), (27_000, StayClass.MID)])
def test_another_class_of_bed_is_offered_only_where_it_is_slept_in(budget: int, offered: StayClass) -> None:
    asked = request(budget, wishes=Wishes(stay_class=StayClass.HIGH, cheap=True))
    assert way(eased(asked, Table(), most=6), "stay_class").request.wishes.stay_class is offered


class Appetite(Market):
    """Where who has more money eats for more."""

    def offers(self, wanted: TripRequest) -> Offers:
        tight = wanted.budget_kes is not None and wanted.budget_kes < 12_000
        return replace(world.offers(wanted.start, wanted.nights), meals=Meals(world.price(800 if tight else 2_000)))


def test_a_raised_budget_pays_for_what_is_on_offer_at_that_budget() -> None:
    assert way(eased(request(9_000), Appetite()), "budget").total_kes > 12_000


def test_the_work_is_bounded_and_the_answer_the_same_again() -> None:
    asked, market = request(9_000, nights=9), Market()
    first = eased(asked, market)
    assert len(market.asked) <= MOST_GATHERS
    assert eased(asked) == first


@pytest.mark.parametrize("most", [0, 1, 2])
def test_no_more_ways_are_named_than_asked_for(most: int) -> None:
    assert len(eased(request(10_000, nights=4), most=most).relaxations) == most


@st.composite
def impossible(draw: st.DrawFn) -> tuple[TripRequest, Market]:
    kept = draw(st.sets(st.integers(0, 6), min_size=1))
    beds = draw(st.integers(0, 3))
    market = Market(lambda offers: replace(
        offers,
        transports=tuple(o for n, o in enumerate(offers.transports) if n in kept),
        stays=offers.stays[:beds],
    ))  # fmt: skip
    wishes = Wishes(
        cheap=draw(st.booleans()),
        stay_class=draw(st.none() | st.sampled_from(StayClass)),
        modes_refused=draw(st.sampled_from([frozenset(), frozenset({Mode.BUS}), frozenset({Mode.TRAIN, Mode.WALK})])),
        earliest=draw(st.sampled_from([None, time(9), time(12)])),
        latest=draw(st.sampled_from([None, time(13), time(20)])),
        must_see=tuple(draw(st.sets(st.sampled_from(["museum", "beach", "palace"]), max_size=2))),
        night_travel=draw(st.booleans()),
        road_after_dark=draw(st.booleans()),
        leave_after=draw(st.sampled_from([None, time(10)])),
        arrive_by=draw(st.sampled_from([None, time(15)])),
        leave_back_after=draw(st.sampled_from([None, time(14)])),
        back_by=draw(st.sampled_from([None, time(16)])),
    )
    return request(
        draw(st.none() | st.integers(1_000, 30_000)),
        nights=draw(st.integers(0, 5)),
        returns=draw(st.booleans()),
        wishes=wishes,
        locked=frozenset(draw(st.sets(st.sampled_from(["stay:Resort", "do:fort", "gone"]), max_size=1))),
    ), market


@examples(16)
@given(impossible())
def test_whatever_the_world_every_way_out_holds_and_the_rules_named_do_clash(case: tuple[TripRequest, Market]) -> None:
    asked, market = case
    assume(not possible(asked, market.offers(asked)))
    found = eased(asked, market)
    named = {(each.change, str(each.request)) for each in found.relaxations}
    assert len(named) == len(found.relaxations) <= 3
    assert len({each.total_kes for each in found.relaxations if each.change == "budget"}) <= 1
    clash(asked, market.offers(asked), found.rules)


def clash(asked: TripRequest, offers: Offers, named: tuple[str, ...]) -> None:
    """The rules named cannot be kept together, and without any single one of them the others can."""

    def only(held: tuple[str, ...]) -> TripRequest:
        kept = asked
        for name, ease in rules(asked):
            kept = kept if name in held else ease(kept)
        return kept

    if named == ("time",):
        assert not possible(only(()), offers)
        return
    assert not possible(only(named), offers)
    for rule in named:
        assert possible(only(tuple(other for other in named if other != rule)), offers)
