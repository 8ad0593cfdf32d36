"""Several trips of one person: none gets lost, each comes back as it was."""

from dataclasses import replace

import pytest

from bot.actions.trips import MOST, put_aside
from bot.buttons import intent_for
from bot.dialogue import Conversation, context_of, heard, told
from bot.intents import Action, Intent
from bot.slots import Slots
from bot.tasks import PlanTask, ShowTask
from providers.gazetteer import load
from storage import codec
from tests.bot.test_dialogue import TODAY, WHOLE, planned, turn
from tests.bot.transcripts import replies_of
from tests.samples import mombasa


def planned_to(state: Conversation, place: str, trip_id: str) -> Conversation:
    decision = turn(state, replace(WHOLE, destination=place))
    plan = mombasa()
    task = decision.tasks[0]
    assert isinstance(task, PlanTask)
    return told(decision.state, [], key=task.key, itinerary=replace(plan, id=trip_id, request=task.request))


def three() -> Conversation:
    state = planned_to(Conversation(welcomed=True, lang="en"), "mombasa", "a1")
    return planned_to(planned_to(state, "nakuru", "b2"), "kisumu", "c3")


def opens(state: Conversation, text: str) -> str | None:
    intent = heard(state, text, TODAY, gazetteer=load())
    topic = intent.topic if intent else None
    return topic.removeprefix("open:") if topic and topic.startswith("open:") else None


def test_planning_another_trip_keeps_the_ones_before() -> None:
    state = three()
    assert (state.trip_id, [kept.trip_id for kept in state.kept]) == ("c3", ["b2", "a1"])


def test_a_trip_comes_back_with_all_that_is_remembered_of_it() -> None:
    before = planned()
    other = planned_to(before, "kisumu", "c3")
    back = turn(other, Intent(Action.OTHER, topic=f"open:{before.trip_id}")).state
    for name in ("trip", "trip_id", "trip_version", "planned", "past", "future", "screen", "name"):
        assert getattr(back, name) == getattr(before, name)
    assert [kept.trip_id for kept in back.kept] == ["c3"]


def test_its_card_is_shown_again() -> None:
    decision = turn(three(), Intent(Action.OTHER, topic="open:a1"))
    assert [type(task) for task in decision.tasks] == [ShowTask]
    assert replies_of(decision) == ["Back to Mombasa."]


@pytest.mark.parametrize(
    ("text", "trip"),
    [
        ("back to the Mombasa trip", "a1"),
        ("go back to my nakuru trip", "b2"),
        ("open the msa trip", "a1"),
        ("back to Nakuru", "b2"),
        ("open trip 2", "b2"),
        ("trip 3", "a1"),
        ("rudi kwa safari ya Mombasa", "a1"),
        ("turudi kwenye safari ya Nakuru", "b2"),
        ("fungua safari ya pili", "b2"),
        ("nionyeshe safari ya Kisumu", "c3"),
        ("rudi kwa nakuru", "b2"),
        ("take me back to the Kisumu trip", "c3"),
        ("open trip 9", "#9"),
        ("take me to Mombasa", None),
        ("change to Nakuru", None),
        ("bus back to Nakuru tomorrow", None),
        ("rudi Nairobi", None),
        ("show me the cheapest plan", None),
        ("open the pdf", None),
        ("back to Eldoret", None),
    ],
)
def test_a_trip_is_meant_by_its_place_or_number_and_only_then(text: str, trip: str | None) -> None:
    assert opens(three(), text) == trip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("call this trip Honeymoon", "Honeymoon"),
        ("name it “Mum's 60th”", "Mum's 60th"),
        ("rename the trip to Team Building", "Team Building"),
        ("ipe jina Fungate", "Fungate"),
        ("iite Safari ya Bibi", "Safari ya Bibi"),
        ("ipe safari hii jina la Mapumziko", "Mapumziko"),
    ],
)
def test_a_trip_is_called_what_the_traveller_calls_it(text: str, name: str) -> None:
    intent = heard(three(), text, TODAY)
    assert intent is not None
    state = turn(three(), intent).state
    assert state.name == name
    away = turn(state, Intent(Action.OTHER, topic="open:a1")).state
    assert opens(away, f"back to {name.upper()}") == "c3"
    assert name in "\n".join(replies_of(turn(away, Intent(Action.OTHER, topic="trips"))))


@pytest.mark.parametrize(
    "text",
    [
        "call it off",
        "call me later",
        "call it a day",
        "name a place",
        "save it as pdf",
        "niite uber",
        "ita teksi",
        "call that number",
        f"call it {'x' * 41}",
    ],
)
def test_not_everything_that_is_called_is_a_name(text: str) -> None:
    assert heard(three(), text, TODAY) is None


def test_there_is_nothing_to_name_without_a_trip() -> None:
    assert heard(Conversation(welcomed=True), "call this trip Honeymoon", TODAY) is None


def test_cancelling_one_trip_leaves_the_others() -> None:
    state = turn(three(), Intent(Action.CANCEL)).state
    assert (state.trip_id, state.trip) == (None, Slots())
    assert {"a1", "b2"} <= {kept.trip_id for kept in state.kept}


def test_starting_over_keeps_what_was_planned_and_asks_where_to() -> None:
    decision = turn(three(), Intent(Action.OTHER, topic="restart"))
    assert (decision.state.trip_id, decision.state.asked, len(decision.state.kept)) == (None, "destination", 3)


def test_a_plan_that_was_overtaken_by_another_trip_is_not_in_the_list_twice() -> None:
    state = turn(three(), Intent(Action.OTHER, topic="open:a1")).state
    again = turn(state, Intent(Action.OTHER, topic="open:c3")).state
    assert [kept.trip_id for kept in again.kept] == ["a1", "b2"]


def test_only_so_many_trips_are_remembered_the_oldest_go_first() -> None:
    state = Conversation(welcomed=True)
    for number in range(MOST + 3):
        state = planned_to(state, "kisumu" if number % 2 else "nakuru", f"t{number}")
    assert [kept.trip_id for kept in state.kept] == [f"t{n}" for n in range(MOST + 1, 1, -1)]
    listed = turn(state, Intent(Action.OTHER, topic="trips")).replies[0]
    assert len(listed.buttons) <= 10
    assert len({button.label for button in listed.buttons}) == len(listed.buttons)


def test_a_button_of_a_trip_that_is_gone_says_so() -> None:
    decision = turn(three(), intent_for("open:deadbeef", context_of(three(), TODAY)))
    assert decision.tasks == ()
    assert replies_of(decision)[0] == "I don't know which trip you mean."


def test_without_any_trip_that_is_said() -> None:
    decision = turn(Conversation(welcomed=True), Intent(Action.OTHER, topic="open:a1"))
    assert replies_of(decision) == ["There is no planned trip yet. Where would you like to go?"]


def test_a_conversation_stored_before_there_were_several_trips_still_loads() -> None:
    new = {"name", "kept", "confirming", "unclear"}
    text = codec.dump(planned())
    old = codec._adapter(Conversation).dump_python(codec.load(Conversation, text), mode="json")
    stored = codec._adapter(dict).dump_json({key: value for key, value in old.items() if key not in new}).decode()
    assert codec.load(Conversation, stored) == planned()


def test_a_conversation_with_many_trips_survives_storage() -> None:
    state = put_aside(three())
    assert codec.load(Conversation, codec.dump(state)) == state
