"""Meals at places to eat: each in its time, at an open place, never twice, and on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from planner.checks import broken, verify
from planner.kinds import ItemType
from planner.model import Item, Itinerary, OpenSpan
from planner.requirements import MealTime
from planner.solver import first
from tests.planner import dining, world
from tests.planner.dining import MEALS, OFFERS, asking, planned


def meals_of(plan: Itinerary) -> list[Item]:
    return [item for item in plan.items if item.type is ItemType.MEAL]


def test_a_whole_day_has_every_meal_at_another_place() -> None:
    plan = planned(asking())
    whole_day = world.FRIDAY + timedelta(days=1)
    eaten = [item for item in meals_of(plan) if item.start.date() == whole_day]
    assert len(eaten) == 3
    assert len({item.offer_id for item in meals_of(plan)}) == len(meals_of(plan))


def test_meals_keep_to_their_times() -> None:
    for item in meals_of(planned(asking())):
        assert any(meal.opens <= item.start.time() and item.end.time() <= meal.closes for meal in MEALS)


def test_the_way_to_a_place_to_eat_is_ridden_and_paid() -> None:
    plan = planned(asking())
    moves = [item for item in plan.items if item.origin is not None]
    for meal in meals_of(plan):
        assert any(m.destination and meal.spot and m.destination.id == meal.spot.id for m in moves)
    assert plan.total_kes == sum(item.price_kes for item in plan.items)


def test_without_meal_times_places_to_eat_are_left_alone() -> None:
    plan = planned(asking(meals=()))
    assert [item.offer_id for item in meals_of(plan)] == [None, None, None]


def test_with_places_to_eat_there_is_no_allowance_on_top() -> None:
    assert all(item.offer_id for item in meals_of(planned(asking())))


def test_where_there_is_no_place_to_eat_food_stays_an_allowance() -> None:
    plan = planned(asking(), world.offers())
    assert [item.offer_id for item in meals_of(plan)] == [None, None, None]


def test_a_place_closed_at_the_time_is_not_eaten_at() -> None:
    evening = tuple(replace(place, spans=(OpenSpan(world.EVERY_DAY, time(17), time(2)),)) for place in dining.EATERIES)
    plan = planned(asking(), dining.offers(evening))
    assert {item.start.hour >= 17 for item in meals_of(plan)} == {True}


def test_a_place_with_unknown_hours_may_be_eaten_at_and_says_so() -> None:
    unknown = tuple(replace(place, spans=()) for place in dining.EATERIES)
    plan = planned(asking(), dining.offers(unknown))
    assert meals_of(plan)
    assert not any(item.hours_known for item in meals_of(plan))
    assert {unknown.code for unknown in plan.unknowns} >= {"hours_unknown"}


def test_too_few_places_for_all_meals_are_named_as_the_reason() -> None:
    assert dining.refused(asking(), dining.offers(dining.EATERIES[:2])).rules == ("meals",)


def test_a_place_worth_going_to_again_serves_every_meal() -> None:
    canteen = (dining.eatery(0, 300, repeatable=True),)
    plan = planned(asking(), dining.offers(canteen))
    assert {item.offer_id for item in meals_of(plan)} == {"eat:00"}
    assert len({item.id for item in meals_of(plan)}) == len(meals_of(plan)) > 3


def test_the_first_plan_eats_cheaply() -> None:
    quick = first(asking(), OFFERS, trip_id="t")
    assert isinstance(quick, Itinerary)
    assert not broken(verify(quick, asking(), OFFERS))
    assert quick.total_kes <= planned(asking()).total_kes


@pytest.mark.parametrize("tight", [time(12), time(12, 30)])
def test_a_short_time_to_eat_is_kept_between_visits(tight: time) -> None:
    until = (world.at(world.FRIDAY, tight.hour, tight.minute) + timedelta(minutes=80)).time()
    plan = planned(asking(meals=(MealTime("lunch", tight, until),)))
    saturday = [item for item in meals_of(plan) if item.start.date() == date(2026, 11, 28)]
    assert [tight <= item.start.time() for item in saturday] == [True]


def test_nothing_overlaps_a_meal() -> None:
    line = [item for item in planned(asking()).items if item.type is not ItemType.STAY]
    assert all(before.end <= after.start for before, after in pairwise(line))


def test_a_missing_meal_is_noticed_by_the_checker() -> None:
    plan = planned(asking())
    empty = replace(plan.days[1], items=())
    days = (plan.days[0], empty, plan.days[2])
    assert "meals" in {finding.rule for finding in broken(verify(replace(plan, days=days), asking(), OFFERS))}


def test_a_meal_at_no_meal_time_is_noticed_by_the_checker() -> None:
    plan = planned(asking())
    only_dinner = replace(asking(), meals=MEALS[2:])
    assert "meals" in {finding.rule for finding in broken(verify(plan, only_dinner, OFFERS))}
