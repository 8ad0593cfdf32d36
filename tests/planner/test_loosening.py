"""Ways out of requirements that clash: the rules in conflict by name, each given up or loosened by the least."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.model import Infeasible, Itinerary, Mode, Offers, Relaxation, Spot, SpotKind, StayClass, Stop, TripRequest
from planner.relaxing import relax
from planner.requirements import (
    AnyOf,
    Apart,
    Count,
    Every,
    Freedom,
    Kind,
    Order,
    Over,
    Requirement,
    Rule,
    Spend,
    Timed,
    Which,
)
from planner.solver import build
from tests.planner import dining, world
from tests.planner.dining import called
from tests.planner.examples import examples
from tests.planner.test_relaxing import changes, clash, holds, possible, way
from tests.planner.world import FRIDAY

OFFERS = world.offers()
STAYS, SIGHTS = Which(kinds=frozenset({Kind.STAY})), Which(kinds=frozenset({Kind.VISIT}))
HILL = Spot("hill", "Hill town", "hill", SpotKind.CENTRE)


def asking(*rules: Rule, budget: int | None = None, **more: object) -> TripRequest:
    return dining.asking(*rules, budget=budget, meals=(), **more)


def eased(asked: TripRequest, offers: Offers = OFFERS, most: int = 6) -> Infeasible:
    """The refusal with its ways out, every one of them tried; the rules named do clash."""
    refused = build(asked, offers, trip_id="t")
    assert isinstance(refused, Infeasible)
    found = relax(asked, offers, refused, most=most)
    holds(found, lambda wanted: offers)
    clash(asked, offers, found.rules)
    return found


def rule_of(way: Relaxation, name: str = "rule 0") -> Rule | None:
    return next((each.rule for each in way.request.requirements if each.name == name), None)


def test_an_amount_is_raised_to_the_least_that_works() -> None:
    found = eased(asking(Spend(STAYS, 1_000)))
    assert found.rules == ("rule 0",)
    assert rule_of(way(found, "requirement")) == Spend(STAYS, 3_200)  # one night there, one on the train


@pytest.mark.parametrize(
    ("spend", "least"),
    [
        (Spend(STAYS, 1_000, over=Over.NIGHT), 3_200),
        (Spend(STAYS, 1_000, over=Over.NIGHT, per_person=True), 1_600),
        (Spend(Which(kinds=frozenset({Kind.MEAL})), 0), 6_000),
    ],
)
def test_an_amount_is_raised_in_its_own_terms(spend: Spend, least: int) -> None:
    assert rule_of(way(eased(asking(spend)), "requirement")) == replace(spend, most_kes=least)


def test_a_number_is_lowered_by_the_least_that_works() -> None:
    assert rule_of(way(eased(asking(Count(SIGHTS, least=5))), "requirement")) == Count(SIGHTS, least=3)


def test_a_number_allowed_is_raised_by_the_least_that_works() -> None:
    none = Count(Which(modes=frozenset({Mode.TRAIN, Mode.BUS}), kinds=frozenset({Kind.TRANSPORT})), most=1)
    assert rule_of(way(eased(asking(none, own_arrangements=False)), "requirement")) == replace(none, most=2)


def test_what_cannot_be_loosened_is_given_up() -> None:
    found = eased(asking(Every(STAYS, Which(tags=frozenset({"pool"}))), own_arrangements=False))
    assert set(found.rules) == {"rule 0", "own_arrangements"}
    assert rule_of(way(found, "requirement")) is None


def test_two_requirements_that_clash_are_both_named_and_one_of_them_gives_way() -> None:
    found = eased(
        asking(Count(called("fort"), least=1), Count(called("fort"), most=0), Count(called("beach"), least=1))
    )
    assert set(found.rules) == {"rule 0", "rule 1"}
    assert {rule_of(each, "rule 2") for each in found.relaxations} == {Count(called("beach"), least=1)}
    assert len(found.relaxations) >= 2


def test_the_dearer_requirement_is_given_up_last() -> None:
    pool, garden = (Every(STAYS, Which(with_tags=frozenset({tag}))) for tag in ("pool", "garden"))
    base = replace(OFFERS, stays=(replace(OFFERS.stays[0], tags=frozenset({"pool"})),
                                  replace(OFFERS.stays[1], tags=frozenset({"garden"}))))  # fmt: skip
    asked = replace(
        asking(own_arrangements=False),
        requirements=(Requirement("pool", pool, weight=5), Requirement("garden", garden)),
    )
    assert [each.name for each in way(eased(asked, base), "requirement").request.requirements] == ["pool"]


def test_money_and_a_requirement_that_clash_are_both_named() -> None:
    resort = Count(Which(classes=frozenset({StayClass.HIGH})), least=1)
    found = eased(asking(resort, budget=25_000))
    assert set(found.rules) == {"budget", "rule 0"}
    assert {"budget", "requirement"} <= set(changes(found))


def test_a_meal_that_cannot_be_had_is_left_to_the_traveller() -> None:
    asked, offers = dining.asking(budget=30_000), dining.OFFERS
    dear = replace(offers, activities=tuple(
        replace(a, price=world.price(9_000)) if a.id.startswith("eat:") else a for a in offers.activities
    ))  # fmt: skip
    found = eased(asked, dear)
    assert set(found.rules) == {"meals", "budget"}
    assert "meals" in changes(found)


def test_bags_that_take_too_long_are_named_and_left_at_home() -> None:
    base = world.by_coach()
    close = tuple(replace(o, arrive=o.arrive + timedelta(minutes=1)) for o in base.transports)
    wishes = replace(asking().wishes, heavy_bags=True, arrive_by=time(17, 25))
    found = eased(asking(wishes=wishes, own_arrangements=False), replace(base, transports=close))
    assert found.rules == ("bags", "hours")
    assert "bags" in changes(found)


def test_what_nobody_serves_may_be_left_to_the_traveller() -> None:
    found = eased(asking(own_arrangements=False), replace(OFFERS, stays=()))
    assert found.rules == ("own_arrangements",)
    assert changes(found) == ["own_arrangements"]


def test_fewer_stops_are_picked_where_all_are_too_dear() -> None:
    inn = world.stay("Hill palace", 30_000, StayClass.HIGH, HILL)
    offers = replace(
        OFFERS,
        stays=(*OFFERS.stays, inn),
        centres={**OFFERS.centres, "hill": HILL},
        road_minutes={("coast", "hill"): 60},
    )
    asked = asking(budget=25_000, stops=(Stop("coast"), Stop("hill")), free=Freedom(pick=2, order=True, nights=True))
    found = eased(asked, offers)
    assert set(found.rules) == {"budget", "pick"}
    assert way(found, "pick").request.free.pick == 1


RULES: tuple[Rule, ...] = (
    Spend(STAYS, 4_000),
    Spend(Which(), 15_000),
    Spend(Which(kinds=frozenset({Kind.RIDE})), 900),
    Count(SIGHTS, least=4),
    Count(SIGHTS, most=0),
    Count(called("museum"), least=1),
    Count(called("museum"), most=0),
    Count(SIGHTS, least=1, most=1, over=Over.DAY),
    Every(STAYS, Which(classes=frozenset({StayClass.HIGH}))),
    Every(Which(kinds=frozenset({Kind.TRANSPORT})), Which(modes=frozenset({Mode.TRAIN}))),
    Apart(Which(modes=frozenset({Mode.TRAIN})), Which(modes=frozenset({Mode.TAXI}))),
    Order(called("fort"), called("museum")),
    Timed(called("fort"), begins=time(9), ends=time(11)),
    Timed(called("beach"), begins=time(9)),
    AnyOf((Count(called("palace"), least=1), Spend(STAYS, 7_000))),
)


@st.composite
def required(draw: st.DrawFn) -> TripRequest:
    chosen = draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True))
    required = tuple(Requirement(f"rule {n}", rule, weight=draw(st.integers(1, 4))) for n, rule in enumerate(chosen))
    return world.request(
        draw(st.none() | st.integers(8_000, 60_000)), requirements=required, end=FRIDAY + timedelta(days=2)
    )


@examples(16)
@given(required())
def test_whatever_is_required_every_way_out_is_sound_and_the_rules_named_do_clash(asked: TripRequest) -> None:
    assume(not possible(asked, OFFERS))
    found = eased(asked, most=3)
    assert isinstance(build(replace(asked, requirements=(), budget_kes=None), OFFERS, trip_id="t"), Itinerary)
    assert found.relaxations or len(asked.requirements) > 2
