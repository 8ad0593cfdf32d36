"""What is not understood is asked about once in a row at most."""

from datetime import date

import pytest

from bot.dialogue import Conversation, heard
from bot.intents import Action, Intent
from bot.tasks import PlanTask, SearchTask
from tests.bot.test_dialogue import TODAY, planned, turn
from tests.bot.transcripts import replies_of

NONSENSE = Intent(Action.OTHER)
ASKED = turn(Conversation(welcomed=True), Intent(Action.CREATE_ITINERARY, destination="diani")).state


def test_the_first_time_the_question_is_asked_again() -> None:
    first = turn(ASKED, NONSENSE)
    assert replies_of(first)[0] == "I didn't get that."
    assert "When do you leave?" in replies_of(first)


def test_the_second_time_the_plan_is_made_on_a_guess_said_aloud() -> None:
    second = turn(turn(ASKED, NONSENSE).state, NONSENSE)
    assert isinstance(second.tasks[0], PlanTask)
    assert replies_of(second)[0].startswith("I didn't get that either")
    assert "start" in second.tasks[0].request.assumed
    assert second.state.unclear == 0


def test_a_search_is_made_on_a_guess_too() -> None:
    asked = turn(
        Conversation(welcomed=True), Intent(Action.SEARCH_BUSES, destination="kisumu", problems=("past_date",))
    ).state
    assert asked.asked == "dates"
    second = turn(turn(asked, NONSENSE).state, NONSENSE)
    assert isinstance(second.tasks[0], SearchTask)


def test_where_too_little_is_known_for_a_guess_nothing_is_asked_again() -> None:
    asked = turn(Conversation(welcomed=True), Intent(Action.OTHER, topic="new")).state
    second = turn(turn(asked, NONSENSE).state, NONSENSE)
    assert second.tasks == ()
    assert replies_of(second)[0] == "I still don't get it. This I understand:"
    assert not any("Where would you like to go?" in line for line in replies_of(second))
    assert second.state.asked == "destination"


def test_something_understood_in_between_starts_the_count_anew() -> None:
    thanked = turn(turn(ASKED, NONSENSE).state, Intent(Action.OTHER, topic="thanks")).state
    assert thanked.unclear == 0
    assert replies_of(turn(thanked, NONSENSE))[0] == "I didn't get that."


def test_with_a_plan_on_screen_the_plan_is_left_alone() -> None:
    second = turn(turn(planned(), NONSENSE).state, NONSENSE)
    assert second.tasks == ()
    assert second.state.trip_id == planned().trip_id


@pytest.mark.parametrize("text", ["any day", "Any day is fine", "siku yoyote", "wakati wowote", "sijui", "you choose"])
def test_who_does_not_mind_the_day_gets_a_plan(text: str) -> None:
    intent = heard(ASKED, text, TODAY)
    assert intent is not None
    task = turn(ASKED, intent).tasks[0]
    assert isinstance(task, PlanTask)
    assert task.request.start == date(2026, 11, 28)


def test_any_day_is_no_answer_to_another_question() -> None:
    asked = turn(Conversation(welcomed=True), Intent(Action.OTHER, topic="new")).state
    assert heard(asked, "any day", TODAY) is None
