"""A town that gives way to another, and days of a month that is named first."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intents import Action
from tests.bot.parsers.test_rules import said


@pytest.mark.parametrize(
    "text",
    [
        "Diani instead of Mombasa",
        "Diani badala ya Mombasa",
        "change Mombasa to Diani",
        "badilisha mombasa iwe diani",
        "make it Diani, not Mombasa",
        "swap mombasa for diani",
    ],
)
def test_one_town_instead_of_another_is_one_town(text: str) -> None:
    intent = said(text, has_trip=True)
    assert intent.action is Action.REFINE_ITINERARY
    assert (intent.destination, intent.destinations, intent.remove) == ("diani", (), ("mombasa",))


def test_a_first_wish_goes_where_it_says_and_not_where_it_does_not() -> None:
    intent = said("from nairobi to diani, not mombasa, 3 days from friday")
    assert (intent.origin, intent.destination, intent.destinations) == ("nairobi", "diani", ())


def test_why_not_is_a_suggestion() -> None:
    assert said("why not mombasa then", has_trip=True).destination == "mombasa"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("mwezi wa kwanza tarehe 5 hadi 9 diani", date(2027, 1, 5), date(2027, 1, 9)),
        ("diani mwezi wa pili tarehe kumi mpaka kumi na nne", date(2027, 2, 10), date(2027, 2, 14)),
        ("mwezi wa kwanza tarehe 5 diani siku tatu", date(2027, 1, 5), date(2027, 1, 7)),
        ("diani mwezi wa december tarehe 10", date(2026, 12, 10), None),
    ],
)
def test_the_month_may_stand_before_the_days(text: str, start: date, end: date | None) -> None:
    intent = said(text)
    assert (intent.start_date, intent.end_date, intent.problems) == (start, end, ())
