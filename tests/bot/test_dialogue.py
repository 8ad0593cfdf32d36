"""Deciding: rules that no written conversation shows, and that nothing breaks it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import intent_for
from bot.dialogue import Conversation, apologised, context_of, decide, heard, is_wanted, told
from bot.intents import Action, Intent, Lang
from bot.present.card import card_buttons
from bot.replies import Reply
from bot.slots import Slots
from bot.tasks import ForgetTask, PlanTask, SearchTask
from planner.model import Mode
from providers.gazetteer import load
from storage import codec
from tests.bot.test_slots import intents
from tests.bot.transcripts import replies_of
from tests.samples import mombasa

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
WELCOMED = Conversation(welcomed=True)
WHOLE = Intent(
    Action.CREATE_ITINERARY,
    origin="nairobi",
    destination="mombasa",
    start_date=FRIDAY,
    duration_days=3,
    passengers=2,
    budget_kes=60_000,
)


def turn(state: Conversation, intent: Intent):  # type: ignore[no-untyped-def]
    return decide(state, intent, TODAY, gazetteer=load())


def planned() -> Conversation:
    decision = turn(WELCOMED, WHOLE)
    card = Reply(("card",), card_buttons("en"))
    return told(decision.state, [card], key=decision.tasks[0].key, itinerary=mombasa())


def test_the_welcome_comes_once() -> None:
    first = turn(Conversation(), Intent(Action.GREETING))
    second = turn(first.state, Intent(Action.GREETING))
    assert len(first.replies[0].lines) == 3
    assert first.replies[0].buttons
    assert replies_of(second) == ["Hello. Where would you like to go?"]


def test_a_first_message_in_swahili_is_welcomed_in_swahili() -> None:
    first = turn(Conversation(), Intent(Action.GREETING, Lang.SHENG))
    assert replies_of(first)[0].startswith("Mimi ni Safiri")


def test_deciding_is_pure() -> None:
    assert turn(WELCOMED, WHOLE) == turn(WELCOMED, WHOLE)


def test_a_plan_carries_the_whole_request() -> None:
    task = turn(WELCOMED, WHOLE).tasks[0]
    assert isinstance(task, PlanTask)
    assert (task.trip_id, task.request.nights, task.request.party.adults) == (None, 2, 2)
    assert task.request.assumed == ()


def test_a_change_is_the_next_version_of_the_same_trip() -> None:
    state = planned()
    task = turn(state, Intent(Action.REFINE_ITINERARY, preferences=("train",), remove=("bus",))).tasks[0]
    assert isinstance(task, PlanTask)
    assert task.trip_id == mombasa().id
    assert task.request.wishes.modes_wanted == {Mode.TRAIN}
    assert task.request.wishes.modes_refused == {Mode.BUS, Mode.MATATU}
    assert (task.base, task.says) == (mombasa().version, ())  # the card says what came of it


def test_saying_the_same_again_plans_nothing() -> None:
    decision = turn(planned(), Intent(Action.REFINE_ITINERARY, passengers=2))
    assert decision.tasks == ()
    assert "already" in replies_of(decision)[0]


def test_a_new_destination_with_its_own_dates_is_another_trip() -> None:
    task = turn(planned(), replace(WHOLE, destination="kisumu")).tasks[0]
    assert isinstance(task, PlanTask)
    assert (task.trip_id, task.request.stops[0].place) == (None, "kisumu")


def test_cheaper_on_the_card_means_the_trip_even_after_a_search() -> None:
    searched = turn(planned(), Intent(Action.SEARCH_BUSES, destination="kisumu", start_date=FRIDAY)).state
    task = turn(searched, intent_for("cheaper", context_of(searched, TODAY))).tasks[0]
    assert isinstance(task, PlanTask)
    assert task.trip_id == mombasa().id


def test_another_number_of_people_after_a_search_changes_the_search() -> None:
    searched = turn(WELCOMED, Intent(Action.SEARCH_BUSES, destination="kisumu", start_date=FRIDAY)).state
    task = turn(searched, Intent(Action.REFINE_ITINERARY, passengers=3)).tasks[0]
    assert isinstance(task, SearchTask)
    assert (task.destination, task.start, task.party.size) == ("kisumu", FRIDAY, 3)


def test_the_way_back_is_offered_and_not_searched_unasked() -> None:
    intent = Intent(Action.SEARCH_FLIGHTS, destination="diani", start_date=FRIDAY, end_date=date(2026, 12, 2))
    task = turn(WELCOMED, intent).tasks[0]
    assert isinstance(task, SearchTask)
    assert (task.end, task.back) == (FRIDAY, date(2026, 12, 2))


def test_a_room_for_an_unsaid_time_is_for_tomorrow_night_said_aloud() -> None:
    task = turn(WELCOMED, Intent(Action.SEARCH_HOTELS, destination="kisumu")).tasks[0]
    assert isinstance(task, SearchTask)
    assert (task.start, task.end) == (date(2026, 11, 24), date(2026, 11, 25))
    assert {"start", "nights", "party"} <= set(task.assumed)


def test_a_search_towards_nairobi_asks_where_from() -> None:
    decision = turn(WELCOMED, Intent(Action.SEARCH_BUSES, destination="nairobi", start_date=FRIDAY))
    assert decision.state.asked == "origin"
    answered = turn(decision.state, Intent(Action.OTHER, destination="kisumu"))
    task = answered.tasks[0]
    assert isinstance(task, SearchTask)
    assert (task.origin, task.destination) == ("kisumu", "nairobi")


def test_a_bare_answer_does_not_turn_a_swahili_conversation_english() -> None:
    asked = turn(WELCOMED, Intent(Action.CREATE_ITINERARY, Lang.SW, budget_kes=30_000, start_date=FRIDAY)).state
    assert asked.asked == "destination"
    decision = turn(asked, Intent(Action.REFINE_ITINERARY, Lang.EN, destination="nakuru"))
    assert decision.state.lang == "sw"
    assert replies_of(decision)[0].startswith("Nimeelewa")


def test_a_question_of_practice_leaves_the_open_question_open() -> None:
    asked = turn(WELCOMED, Intent(Action.CREATE_ITINERARY, destination="diani")).state
    decision = turn(asked, Intent(Action.OTHER, topic="visa"))
    assert decision.state.asked == "dates"
    assert "When do you leave?" in replies_of(decision)
    assert decision.replies[0].buttons[0].label == "This weekend"


def test_a_plan_overtaken_by_a_newer_one_is_not_wanted() -> None:
    first = turn(WELCOMED, WHOLE)
    second = turn(first.state, Intent(Action.REFINE_ITINERARY, passengers=4))
    assert not is_wanted(second.state, first.tasks[0])
    assert is_wanted(second.state, second.tasks[0])


def test_a_cancelled_plan_is_not_wanted() -> None:
    first = turn(WELCOMED, WHOLE)
    assert not is_wanted(turn(first.state, Intent(Action.CANCEL)).state, first.tasks[0])


def test_the_answer_of_a_task_becomes_what_can_be_tapped() -> None:
    state = planned()
    assert (state.trip_id, state.trip_version, state.pending) == (mombasa().id, mombasa().version, "")
    assert [label for label, _ in state.choices] == ["Change", "Cheaper", "Book", "More"]
    assert heard(state, "3", TODAY) == Intent(Action.OTHER, choice=3)
    assert turn(state, Intent(Action.OTHER, choice=3)).tasks


def test_troubles_are_told_once_in_two_minutes() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    once = apologised(WELCOMED, noon)
    assert once is not None
    assert apologised(once, noon + timedelta(seconds=119)) is None
    assert apologised(once, noon + timedelta(minutes=2)) is not None


def test_forgetting_leaves_nothing_but_the_language() -> None:
    asked = turn(replace(planned(), lang="sw"), Intent(Action.OTHER, Lang.SW, topic="delete_data"))
    assert asked.tasks == ()
    decision = turn(asked.state, Intent(Action.OTHER, Lang.SW, topic="delete:yes"))
    assert decision.tasks == (ForgetTask("sw"),)
    assert decision.state == Conversation(lang="sw", turn=decision.state.turn)


def test_a_location_is_where_one_starts() -> None:
    asked = turn(WELCOMED, Intent(Action.CREATE_ITINERARY, destination="diani")).state
    decision = turn(asked, Intent(Action.OTHER, origin="kilifi", topic="location"))
    assert replies_of(decision)[0] == "I'll start from Kilifi."
    assert decision.state.trip.origin == "kilifi"


def test_booking_for_another_number_of_people_changes_the_trip_first() -> None:
    assert isinstance(turn(planned(), Intent(Action.BOOK_ITINERARY, passengers=4)).tasks[0], PlanTask)
    assert not isinstance(turn(planned(), Intent(Action.BOOK_ITINERARY, passengers=2)).tasks[0], PlanTask)


def test_what_an_unknown_place_is_called_is_shown_short_and_clean() -> None:
    nasty = "unknown_place:" + "Atlantis\n\x00‮" + "x" * 500
    said = replies_of(turn(WELCOMED, Intent(Action.CREATE_ITINERARY, problems=(nasty,))))[0]
    assert len(said) < 140
    assert said.isprintable()


def test_places_of_warning_are_planned_with_the_warning() -> None:
    task = turn(WELCOMED, replace(WHOLE, destination="mandera")).tasks[0]
    assert isinstance(task, PlanTask)
    assert "not to travel to Mandera" in task.says[0]


@pytest.mark.parametrize("lang", ["en", "sw"])
def test_every_button_offered_can_be_tapped(lang: str) -> None:
    state = replace(planned(), lang=lang)
    seen: set[str] = set()
    waiting = [(state, action) for _, action in state.choices]
    while waiting:
        before, action = waiting.pop()
        if action in seen:
            continue
        seen.add(action)
        decision = turn(before, intent_for(action, context_of(before, TODAY)))
        assert decision.replies or decision.tasks
        assert not any("older message" in line or "ujumbe wa zamani" in line for line in replies_of(decision))
        waiting += [(decision.state, b.action) for r in decision.replies for b in r.buttons if b.action]
    assert {"change", "more", "ask:party", "pdf", "new", "cheaper"} <= seen


@settings(max_examples=150, deadline=None)
@given(st.lists(intents(), min_size=1, max_size=6), st.sampled_from(["en", "sw"]))
def test_no_conversation_breaks_and_every_memory_survives_storage(said: list[Intent], lang: str) -> None:
    state = Conversation(lang=lang)
    for intent in said:
        decision = decide(state, intent, TODAY, gazetteer=load())
        assert decision.replies or decision.tasks
        assert all(len(reply.buttons) <= 10 for reply in decision.replies)
        for task in decision.tasks:
            assert codec.load(type(task), codec.dump(task)) == task
        state = codec.load(Conversation, codec.dump(decision.state))
        assert state == decision.state


def test_slots_are_simple_enough_to_store() -> None:
    slots = Slots(destinations=("mombasa",), start=FRIDAY, preferences=("beach",))
    assert codec.load(Slots, codec.dump(slots)) == slots


def test_a_town_gives_way_to_another_in_its_place_among_the_stops() -> None:
    state = replace(planned(), trip=replace(planned().trip, destinations=("naivasha", "mombasa", "kisumu")))
    task = turn(state, Intent(Action.REFINE_ITINERARY, destination="diani", remove=("mombasa",))).tasks[0]
    assert isinstance(task, PlanTask)
    assert [stop.place for stop in task.request.stops] == ["naivasha", "diani", "kisumu"]
