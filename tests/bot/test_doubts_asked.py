"""A doubt becomes one question with two answers to tap, in the traveller's language; the answer goes on from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.buttons import intent_for
from bot.dialogue import Conversation, Decision, context_of, decide
from bot.intents import Action, Intent, Lang
from bot.parsers.rules import RulesParser
from bot.replies import plain
from bot.tasks import PlanTask, SearchTask
from providers.gazetteer import load

MONDAY = date(2026, 11, 23)
TRIP = Intent(
    Action.CREATE_ITINERARY,
    origin="nairobi", destination="mombasa", start_date=date(2026, 11, 27), duration_days=3, passengers=2,
    budget_kes=60_000,
)  # fmt: skip
FRESH = Conversation(welcomed=True)


def turn(intent: Intent, state: Conversation = FRESH) -> Decision:
    return decide(state, intent, MONDAY, gazetteer=load())


def tap(decision: Decision, label: str) -> Decision:
    action = dict(decision.state.choices)[label]
    return turn(intent_for(action, context_of(decision.state, MONDAY)), decision.state)


def say(decision: Decision, text: str) -> Decision:
    return turn(RulesParser(load()).parse(text, context_of(decision.state, MONDAY)), decision.state)


def asked(decision: Decision) -> tuple[str, list[str]]:
    (reply,) = decision.replies
    return plain(reply.lines[0]), [button.label for button in reply.buttons]


def planned(decision: Decision) -> PlanTask:
    (task,) = decision.tasks
    assert isinstance(task, PlanTask)
    return task


BUDGET = replace(TRIP, budget_kes=None, problems=("unsure_budget:30000|each-3000",))
START = replace(TRIP, start_date=None, problems=("unsure_start:2026-11-27|2026-12-04",))
END = replace(TRIP, duration_days=None, problems=("unsure_end:2026-11-29|2026-11-30",))
GOAL = replace(TRIP, destination=None, problems=("unsure_destination:mombasa|malindi",))
HOME = replace(TRIP, origin=None, problems=("unsure_origin:nairobi|nakuru",))
WAY = replace(TRIP, origin=None, destination=None, problems=("unsure_route:nairobi>mombasa|mombasa>nairobi",))


@pytest.mark.parametrize(
    ("intent", "question", "labels"),
    [
        (BUDGET, "Which amount is your budget: KES 30,000 or KES 3,000 each?", ["KES 30,000", "KES 3,000 each"]),
        (START, "Which day do you mean: Fri 27 Nov or Fri 4 Dec?", ["Fri 27 Nov", "Fri 4 Dec"]),
        (END, "Which day do you come back: Sun 29 Nov or Mon 30 Nov?", ["Sun 29 Nov", "Mon 30 Nov"]),
        (GOAL, "Where do you want to go: Mombasa or Malindi?", ["Mombasa", "Malindi"]),
        (HOME, "Where do you start from: Nairobi or Nakuru?", ["Nairobi", "Nakuru"]),
        (
            WAY,
            "Which way are you going: Nairobi → Mombasa or Mombasa → Nairobi?",
            ["Nairobi → Mombasa", "Mombasa → Nairobi"],
        ),
    ],
)
def test_a_doubt_is_one_question_with_its_two_readings(intent: Intent, question: str, labels: list[str]) -> None:
    decision = turn(intent)
    assert asked(decision) == (question, labels)
    assert decision.tasks == ()


def test_the_question_is_asked_in_swahili_too() -> None:
    decision = turn(replace(START, lang=Lang.SW))
    assert asked(decision) == (
        "Unamaanisha siku gani: Ijumaa 27 Nov au Ijumaa 4 Des?",
        ["Ijumaa 27 Nov", "Ijumaa 4 Des"],
    )


def test_the_day_tapped_goes_on_with_everything_else_kept() -> None:
    request = planned(tap(turn(START), "Fri 4 Dec")).request
    assert (request.start, request.nights, request.party.size) == (date(2026, 12, 4), 2, 2)
    assert (request.origin, request.stops[0].place, request.budget_kes) == ("nairobi", "mombasa", 60_000)


def test_the_amount_each_counts_for_everybody() -> None:
    assert planned(tap(turn(BUDGET), "KES 3,000 each")).request.budget_kes == 6_000


def test_the_day_of_coming_back_may_be_typed() -> None:
    request = planned(say(turn(END), "monday 30 nov")).request
    assert (request.start, request.end) == (date(2026, 11, 27), date(2026, 11, 30))


@pytest.mark.parametrize(("intent", "label", "way"), [
    (GOAL, "Malindi", ("nairobi", "malindi")),
    (HOME, "Nakuru", ("nakuru", "mombasa")),
    (WAY, "Nairobi → Mombasa", ("nairobi", "mombasa")),
])  # fmt: skip
def test_the_place_tapped_goes_on(intent: Intent, label: str, way: tuple[str, str]) -> None:
    request = planned(tap(turn(intent), label)).request
    assert (request.origin, request.stops[0].place) == way


@pytest.mark.parametrize(("intent", "words"), [
    (GOAL, "malindi"), (START, "4 december"), (BUDGET, "30000"), (HOME, "nakuru"), (WAY, "from Nairobi to Mombasa"),
])  # fmt: skip
def test_an_answer_may_be_typed(intent: Intent, words: str) -> None:
    assert planned(say(turn(intent), words)).request.party.size == 2


def test_the_number_of_an_answer_picks_it() -> None:
    assert planned(turn(Intent(Action.OTHER, choice=2), turn(START).state)).request.start == date(2026, 12, 4)


def test_two_doubts_are_asked_one_after_the_other() -> None:
    both = replace(START, budget_kes=None, problems=(*START.problems, *BUDGET.problems))
    first = turn(both)
    assert asked(first)[0].startswith("Which day")
    second = tap(first, "Fri 4 Dec")
    assert asked(second)[0].startswith("Which amount")
    request = planned(tap(second, "KES 30,000")).request
    assert (request.start, request.budget_kes) == (date(2026, 12, 4), 30_000)


def test_a_search_asks_too_and_then_searches() -> None:
    bus = Intent(
        Action.SEARCH_BUSES, origin="nairobi", destination="mombasa", problems=("unsure_start:2026-11-27|2026-12-04",)
    )
    (task,) = tap(turn(bus), "Fri 27 Nov").tasks
    assert isinstance(task, SearchTask)
    assert (task.start, task.origin, task.destination) == (date(2026, 11, 27), "nairobi", "mombasa")


def test_a_plan_in_which_the_day_is_in_doubt_keeps_its_length() -> None:
    plan = turn(replace(TRIP, start_date=date(2026, 11, 27), end_date=date(2026, 11, 30), duration_days=None))
    known = replace(plan.state, trip_id="trip1", trip_version=1, pending="")
    doubtful = turn(Intent(Action.REFINE_ITINERARY, problems=START.problems), known)
    request = planned(tap(doubtful, "Fri 4 Dec")).request
    assert (request.start, request.end) == (date(2026, 12, 4), date(2026, 12, 7))


def test_an_answer_that_says_nothing_has_the_question_repeated() -> None:
    again = say(turn(GOAL), "hmm")
    assert [button.label for button in again.replies[-1].buttons] == ["Mombasa", "Malindi"]


@pytest.mark.parametrize(
    "action",
    [
        "meant:start:soon", "meant:budget:much", "meant:destination:", "meant:destination:a+", "meant:route:nairobi",
        "meant:party:2", "meant:origin:", "meant", "meant:end:2026-02-30", "meant:start:2026-13",
    ],
)  # fmt: skip
def test_a_reading_that_was_not_made_here_is_stale(action: str) -> None:
    assert intent_for(action, context_of(Conversation(), MONDAY)).topic == "stale"
