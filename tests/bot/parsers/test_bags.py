"""Bags, as travellers speak of them, and what the plan says of them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intents import Action, Context
from bot.parsers.rules import RulesParser
from bot.terms import terms
from bot.wishes import added, wishes_of
from providers.gazetteer import load
from tests.planner.world import request

CONTEXT = Context(date(2026, 11, 23))
PARSER = RulesParser(load())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Mombasa this weekend from Nairobi for 2, we have big suitcases", "heavy_bags"),
        ("3 days in Kisumu with a lot of luggage", "heavy_bags"),
        ("safari ya Mombasa siku tatu, tuna mizigo mingi", "heavy_bags"),
        ("Kisumu siku mbili, tuna masanduku makubwa", "heavy_bags"),
        ("Mombasa this weekend, hand luggage only", "hand_luggage"),
        ("Mombasa this weekend, we are travelling light", "hand_luggage"),
        ("safari ya Mombasa siku tatu, mizigo midogo", "hand_luggage"),
    ],
)
def test_bags_are_heard(text: str, word: str) -> None:
    intent = PARSER.parse(text, CONTEXT)
    assert intent.action is Action.CREATE_ITINERARY
    assert {"heavy_bags", "hand_luggage"} & set(intent.preferences) == {word}


@pytest.mark.parametrize("text", ["we have big suitcases", "tuna mizigo mingi", "hand luggage only"])
def test_bags_change_a_trip_without_any_word_of_change(text: str) -> None:
    intent = PARSER.parse(text, Context(date(2026, 11, 23), has_trip=True))
    assert intent.action is Action.REFINE_ITINERARY


def test_bags_are_no_interest_and_the_last_word_on_them_counts() -> None:
    heavy = added((), ("heavy_bags",))
    assert wishes_of(heavy).heavy_bags
    assert not wishes_of(heavy).interests
    light = wishes_of(added(heavy, ("hand_luggage",)))
    assert not light.heavy_bags
    assert not light.interests


@pytest.mark.parametrize(("lang", "said"), [("en", "time for bags"), ("sw", "muda wa mizigo")])
def test_the_plan_says_that_it_has_time_for_bags(lang: str, said: str) -> None:
    assert said in terms(request(wishes=wishes_of(("heavy_bags",))), lang)
    assert said not in terms(request(), lang)
