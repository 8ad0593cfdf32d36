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
