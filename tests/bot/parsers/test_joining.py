"""A party that grows or shrinks is changed by the difference; what it is by now replaces it."""

from __future__ import annotations

import pytest

from bot.intents import Action
from tests.bot.parsers.test_rules import said


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("two more people", 2),
        ("2 more people are coming", 2),
        ("ongeza watu wawili", 2),
        ("tumeongezeka watu wawili", 2),
        ("my sister is joining us", 1),
        ("a friend is coming along", 1),
        ("dada yangu atajiunga nasi", 1),
        ("add one person", 1),
        ("ongeza mtu mmoja", 1),
        ("one person dropped out", -1),
        ("my brother can't make it", -1),
        ("mmoja amejitoa", -1),
        ("wawili wamejitoa", -2),
        ("one less person", -1),
        ("punguza mtu mmoja", -1),
    ],
)
def test_more_or_fewer_people_are_a_difference(text: str, heads: int) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.passengers, intent.passengers_delta) == (Action.REFINE_ITINERARY, None, heads)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("we are now 3", 3),
        ("we're now 3 people", 3),
        ("tumekuwa sita sasa", 6),
        ("sasa tuko sita", 6),
        ("add two people to make it 6", 6),
        ("there are now 4 of us", 4),
    ],
)
def test_the_number_of_now_replaces_the_one_before(text: str, people: int) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.passengers, intent.passengers_delta) == (Action.REFINE_ITINERARY, people, None)


def test_without_a_trip_more_people_are_all_there_are() -> None:
    intent = said("mombasa this weekend, two more people and me")
    assert intent.passengers_delta is None
    assert intent.passengers is not None


def test_children_who_join_are_counted_as_children() -> None:
    intent = said("add two kids", has_trip=True)
    assert (intent.passengers_delta, intent.children) == (2, 2)


@pytest.mark.parametrize("text", ["make it 3 days", "make it 30k", "add one more day", "add a hotel", "remove a bus"])
def test_other_changes_count_nobody(text: str) -> None:
    intent = said(text, has_trip=True)
    assert (intent.passengers, intent.passengers_delta) == (None, None)


@pytest.mark.parametrize("text", ["wacha tu nitafute mwenyewe", "nitaenda mwenyewe", "I'll look for it myself"])
def test_who_would_rather_look_alone_is_let_go(text: str) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.passengers) == (Action.CANCEL, None)


def test_who_travels_alone_is_one_traveller() -> None:
    assert said("nataka kwenda mombasa mwenyewe").passengers == 1
    assert said("nitaenda mwenyewe", asked="party").passengers == 1


def test_an_age_bound_is_no_money() -> None:
    intent = said("family trip to nakuru easter 2 adults 3 kids under 10 budget 60 thousand")
    assert (intent.passengers, intent.children, intent.budget_kes) == (5, 3, 60_000)
    assert intent.problems == ()
    assert said("2 adults 3 kids to mombasa under 10k").budget_kes == 10_000


def test_years_gone_by_are_no_party_and_no_length() -> None:
    intent = said(
        "So my wife and I have been married for ten years and want 4 days at the coast from 11 december, we are 2, "
        "we have 90k and nothing too fancy"
    )
    assert (intent.passengers, intent.duration_days, intent.budget_kes) == (2, 4, 90_000)
    assert "luxury" not in intent.preferences
    assert said("mombasa for 3 days, for the first time in 5 years").duration_days == 3


@pytest.mark.parametrize("words", ["nothing too fancy", "not too fancy", "no luxury", "si lazima iwe ya kifahari"])
def test_no_need_for_luxury_is_no_wish_for_it(words: str) -> None:
    assert "luxury" not in said(f"weekend in naivasha, {words}").preferences


def test_a_wish_for_luxury_is_one() -> None:
    assert "luxury" in said("weekend in naivasha, something fancy").preferences


@pytest.mark.parametrize("text", ["my kids are 4 and 9", "watoto wana miaka 4 na 9"])
def test_ages_of_the_children_are_a_change(text: str) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.children, intent.child_ages) == (Action.REFINE_ITINERARY, 2, (4, 9))


def test_a_baby_need_not_say_how_old_it_is() -> None:
    intent = said("2 adults one baby to mombasa")
    assert (intent.passengers, intent.children, intent.child_ages) == (3, 1, (1,))
    assert said("2 adults, one baby and 2 kids").child_ages == ()


def test_another_trip_has_a_party_of_its_own() -> None:
    intent = said("plan a trip to kisumu for two more people from friday, 3 days", has_trip=True)
    assert (intent.action, intent.passengers, intent.passengers_delta) == (Action.CREATE_ITINERARY, 2, None)
