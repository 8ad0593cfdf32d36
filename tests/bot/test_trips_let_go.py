"""A trip that is not wanted goes from the list; words about it never change the plan on screen."""

from __future__ import annotations

import pytest

from bot.actions.trips import count
from bot.dialogue import Conversation, heard
from providers.gazetteer import load
from tests.bot.test_dialogue import TODAY, planned, turn
from tests.bot.test_kept_trips import three
from tests.bot.transcripts import replies_of


def topic(state: Conversation, text: str) -> str | None:
    intent = heard(state, text, TODAY, gazetteer=load())
    return intent.topic if intent else None


@pytest.mark.parametrize(
    ("text", "trip"),
    [
        ("delete the mombasa one", "a1"),
        ("delete the Mombasa trip", "a1"),
        ("please remove my nakuru trip from the list", "b2"),
        ("futa safari ya mombasa", "a1"),
        ("futa ile ya Nakuru", "b2"),
        ("cancel the kisumu trip", "c3"),
        ("delete trip 2", "b2"),
        ("delete this trip", "c3"),
        ("futa safari hii", "c3"),
        ("cancel the eldoret trip", "?"),
    ],
)
def test_the_trip_that_is_named_is_meant(text: str, trip: str) -> None:
    assert topic(three(), text) == f"drop:{trip}"


@pytest.mark.parametrize("text", ["remove the first one", "cancel the boat trip", "remove Fort Jesus", "toa museum"])
def test_things_of_the_plan_are_no_trips(text: str) -> None:
    assert topic(three(), text) is None


def test_a_kept_trip_is_taken_off_the_list_and_the_plan_on_screen_stays() -> None:
    state = three()
    intent = heard(state, "delete the mombasa trip", TODAY, gazetteer=load())
    assert intent is not None
    decision = turn(state, intent)
    assert [kept.trip_id for kept in decision.state.kept] == ["b2"]
    assert (decision.state.trip_id, decision.state.trip, decision.tasks) == (state.trip_id, state.trip, ())
    assert replies_of(decision) == ["The Mombasa trip is off your list."]


def test_the_current_trip_is_put_aside() -> None:
    state = three()
    intent = heard(state, "cancel the kisumu trip", TODAY, gazetteer=load())
    assert intent is not None
    decision = turn(state, intent)
    assert (decision.state.trip_id, decision.tasks, count(decision.state)) == (None, (), 3)
    assert replies_of(decision) == ["All right, I've put the Kisumu trip aside. Its page stays. Where to next?"]


def test_a_trip_that_there_is_not_changes_nothing_and_the_others_are_shown() -> None:
    state = three()
    intent = heard(state, "cancel the eldoret trip", TODAY, gazetteer=load())
    assert intent is not None
    decision = turn(state, intent)
    assert (decision.state.trip, decision.tasks) == (state.trip, ())
    assert replies_of(decision)[0].startswith("I don't know which trip you mean.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "cancel the booking",
            "I hold no bookings: cancel where you booked, on the company's own site. Your Mombasa trip stays as it is.",
        ),
        (
            "nataka kughairi booking yangu",
            "Booking haiko kwangu: ighairi kwenye tovuti ya kampuni uliyobook nayo. "
            "Safari yako ya Mombasa iko vilevile.",
        ),
    ],
)
def test_a_booking_is_cancelled_where_it_was_made_and_the_trip_stays(text: str, said: str) -> None:
    state = planned()
    intent = heard(state, text, TODAY, gazetteer=load())
    assert intent is not None
    decision = turn(state, intent)
    assert (decision.state.trip_id, decision.state.trip) == (state.trip_id, state.trip)
    assert replies_of(decision) == [said]
