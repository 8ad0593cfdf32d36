"""Remarks on the plan change it; marks of markup say nothing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intents import Action
from bot.parsers.speech import clean
from tests.bot.parsers.test_rules import said


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("one less day", -1),
        ("ondoa siku ya mwisho", -1),
        ("remove the last day", -1),
        ("siku moja pungufu", -1),
        ("siku mbili pungufu", -2),
    ],
)
def test_fewer_days_are_a_difference(text: str, days: int) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.duration_delta_days, intent.remove) == (Action.REFINE_ITINERARY, days, ())


@pytest.mark.parametrize(
    "text",
    [
        "hiyo hoteli ni ghali sana",
        "ni ghali sana",
        "too expensive",
        "it's too expensive for us",
        "ah iyo ni mob, punguza",
        "bei iko juu",
        "we can't afford this",
    ],
)
def test_a_plan_that_costs_too_much_is_to_be_cheaper(text: str) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.preferences) == (Action.REFINE_ITINERARY, ("cheap",))


@pytest.mark.parametrize("text", ["it is not too expensive", "si ghali", "punguza siku moja"])
def test_not_every_word_of_price_asks_for_less(text: str) -> None:
    assert "cheap" not in said(text, has_trip=True).preferences


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("night train instead", {"train", "night"}),
        ("treni ya usiku badala", {"train", "night"}),
        ("first class", {"first_class"}),
        ("premium class", {"first_class"}),
    ],
)
def test_a_class_or_a_ride_alone_changes_the_plan(text: str, wishes: set[str]) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, set(intent.preferences)) == (Action.REFINE_ITINERARY, wishes)


def test_a_class_without_a_plan_begins_no_trip() -> None:
    assert said("first class").action in (Action.OTHER, Action.REFINE_ITINERARY)


@pytest.mark.parametrize("text", ["leave later", "return earlier", "tuondoke baadaye"])
def test_other_hours_change_the_plan(text: str) -> None:
    assert said(text, has_trip=True).action is Action.REFINE_ITINERARY


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("*Mombasa*", "mombasa"),
        ("_Friday_", "friday"),
        ("<2> people", "2 people"),
        ("<b>bold</b>", "bold"),
        ("~x~", "x"),
        ("`3 days`, **60k**.", "3 days, 60k."),
        ("nairobi -> *mombasa*", "nairobi -> mombasa"),
        ("nairobi > mombasa", "nairobi > mombasa"),
        ("nairobi>mombasa", "nairobi>mombasa"),
        ("2*3 my_trip lang`ata", "2*3 my_trip lang'ata"),
    ],
)
def test_marks_around_words_are_nothing_and_arrows_stay(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_wish_in_bold_and_brackets_is_read() -> None:
    intent = said("*Nairobi* -> <b>Mombasa</b>, _4 dec_, `3 days`, <2> people, **60k**")
    assert (intent.origin, intent.destination, intent.start_date) == ("nairobi", "mombasa", date(2026, 12, 4))
    assert (intent.passengers, intent.budget_kes, intent.duration_days) == (2, 60_000, 3)
