"""A question about the plan is answered, never taken for a change; a wish in the form of a question is one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intents import Action, Intent
from bot.parse import to_json
from tests.bot.parsers.test_rules import said

SLOTS = ("destination", "start_date", "end_date", "passengers", "budget_kes", "preferences", "duration_days")


@pytest.mark.parametrize(
    "text",
    [
        "what day is it today",
        "does it include transport",
        "how long does the bus take",
        "is breakfast included",
        "what time should we leave nairobi?",
        "how many days do we have",
        "how early should we be at the station",
        "basi inachukua saa ngapi",
        "tuondoke saa ngapi",
        "leo ni siku gani",
        "safari ni ya siku ngapi",
        "je, breakfast iko included?",
    ],
)
def test_a_question_about_the_plan_changes_nothing(text: str) -> None:
    intent = said(text, has_trip=True)
    assert intent.action is Action.OTHER
    blank = to_json(Intent(Action.OTHER))
    assert {name: to_json(intent)[name] for name in SLOTS} == {name: blank[name] for name in SLOTS}


@pytest.mark.parametrize("text", ["when do i have to pay", "tutalipa lini"])
def test_when_to_pay_is_a_question_about_paying(text: str) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, intent.topic) == (Action.OTHER, "payment")


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("can we go by train?", "preferences", ("train",)),
        ("how about 3 people?", "passengers", 3),
        ("what about friday instead?", "start_date", date(2026, 11, 27)),
        ("what if we go on friday", "start_date", date(2026, 11, 27)),
        ("is there a cheaper bus", "preferences", ("cheap", "bus")),
        ("should we take the train", "preferences", ("train",)),
    ],
)
def test_a_wish_may_be_asked(text: str, slot: str, value: object) -> None:
    intent = said(text, has_trip=True)
    assert (intent.action, getattr(intent, slot)) == (Action.REFINE_ITINERARY, value)


@pytest.mark.parametrize("text", ["how do i book", "where do i book", "when can i book"])
def test_how_to_book_is_shown(text: str) -> None:
    assert said(text, has_trip=True).action is Action.BOOK_ITINERARY


def test_a_question_with_a_change_behind_it_changes() -> None:
    assert said("how long does the bus take? make it 3 people", has_trip=True).passengers == 3
