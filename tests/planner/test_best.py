"""The best valid trip when not everything can be had: what is given up is named, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.best import best_effort
from planner.checks import RULES, broken, verify
from planner.model import Infeasible, Itinerary, TripRequest, Wishes
from planner.requirements import AllOf, Count, Order, Requirement, Spend, Timed, Which
from planner.solver import build
from tests.planner import dining
from tests.planner.dining import FOOD, OFFERS, asking, called, of
from tests.planner.examples import examples


def best(asked: TripRequest) -> Itinerary:
    plan = best_effort(asked, OFFERS, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    return plan


def unkept(plan: Itinerary, asked: TripRequest) -> set[str]:
    return {finding.rule for finding in broken(verify(plan, asked, OFFERS))}


def test_a_request_that_can_be_had_gives_up_nothing() -> None:
    asked = asking(Count(of("indian"), least=1))
    assert best(asked) == build(asked, OFFERS, trip_id="t")
    assert best(asked).given_up == ()


def test_only_what_cannot_be_had_is_given_up() -> None:
    asked = asking(Count(of("greek"), least=1), Count(of("indian"), least=1), Spend(Which(kinds=FOOD), 9_000))
    plan = best(asked)
    assert plan.given_up == ("rule 0",)
    assert unkept(plan, asked) == {"rule 0"}


def test_of_two_that_contradict_each_other_the_lighter_is_given_up() -> None:
    asked = asking(Count(of("indian"), least=1), Count(of("indian"), most=0))
    heavy = replace(asked, requirements=(asked.requirements[0], replace(asked.requirements[1], weight=5)))
    assert best(heavy).given_up == ("rule 0",)


def test_one_that_stands_against_two_is_given_up() -> None:
    asked = asking(
        Count(Which(kinds=FOOD, tags=frozenset({"indian", "chinese"})), most=0),
        Count(of("indian"), least=1),
        Count(of("chinese"), least=1),
    )
    assert best(asked).given_up == ("rule 0",)


def test_a_visit_at_an_impossible_hour_is_given_up() -> None:
    asked = asking(Timed(called("museum"), begins=time(3)), Count(called("fort"), least=1))
    plan = best(asked)
    assert plan.given_up == ("rule 0",)
    assert unkept(plan, asked) == {"rule 0"}


def test_an_order_that_contradicts_another_is_given_up() -> None:
    asked = asking(Order(called("museum"), called("fort")), Order(called("fort"), called("museum")))
    assert len(best(asked).given_up) == 1


def test_a_budget_too_small_is_overrun_by_no_more_than_it_takes() -> None:
    refused = build(asking(budget=1), OFFERS, trip_id="t")
    assert isinstance(refused, Infeasible)
    plan = best(asking(budget=1))
    assert plan.given_up == ("budget",)
    assert plan.total_kes == refused.cheapest_kes


def test_a_sight_that_is_not_there_is_given_up_by_its_name() -> None:
    asked = asking(wishes=Wishes(must_see=("pyramids", "fort")))
    plan = best(asked)
    assert plan.given_up == ("must_see:pyramids",)
    assert "Old Fort" in {item.title for item in plan.items}


def test_meals_are_given_up_where_there_are_too_few_places() -> None:
    few = dining.offers(dining.EATERIES[:2])
    plan = best_effort(asking(), few, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert plan.given_up == ("meals",)


RULES_TO_MIX = [
    Count(of("indian"), least=1),
    Count(of("indian"), most=0),
    Count(of("chinese"), least=2),
    Count(called("fort"), least=1),
    Count(called("museum"), most=0),
    Order(called("museum"), called("fort")),
    Spend(Which(kinds=FOOD), 4_000),
    Spend(Which(), 24_000),
    Timed(called("museum"), begins=time(14), ends=time(16)),
    AllOf((Count(called("beach"), least=1), Count(called("museum"), least=1))),
]


@examples(15)
@given(st.lists(st.sampled_from(RULES_TO_MIX), unique_by=repr, min_size=2, max_size=6))
def test_whatever_is_required_the_checker_finds_just_what_was_given_up(rules: list[object]) -> None:
    asked = asking(*rules)  # type: ignore[arg-type]
    plan = best(asked)
    found = unkept(plan, asked)
    assert found <= set(plan.given_up)
    assert not found & set(RULES)


def test_the_most_that_can_be_kept_is_kept() -> None:
    """Each requirement given up cannot be added back to those that are kept."""
    asked = asking(*RULES_TO_MIX)
    plan = best(asked)
    kept = tuple(each for each in asked.requirements if each.name not in plan.given_up)
    for lost in asked.requirements:
        if lost.name in plan.given_up:
            with_it = replace(asked, requirements=(*kept, lost))
            assert isinstance(build(with_it, OFFERS, trip_id="t"), Infeasible)


def test_a_name_may_be_anything() -> None:
    asked = dining.world.request(requirements=(Requirement("Küche: 中餐", Count(called("fort"), least=1)),))
    assert isinstance(best_effort(asked, OFFERS, trip_id="t"), Itinerary)


@pytest.mark.parametrize("weight", [1, 3])
def test_the_answer_is_the_same_again(weight: int) -> None:
    asked = asking(Count(of("greek"), least=1), Count(of("indian"), most=0), Count(of("indian"), least=1))
    heavy = replace(asked, requirements=(replace(asked.requirements[0], weight=weight), *asked.requirements[1:]))
    assert best(heavy) == best(heavy)
