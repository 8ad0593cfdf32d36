"""Days said against the trip there is: moved as a whole, or the one of coming home."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue import Conversation, context_of
from bot.intents import Action, Intent
from bot.slots import Slots
from tests.bot.parsers.test_rules import TODAY, said
from tests.bot.test_dialogue import planned

FRIDAY, SUNDAY = date(2026, 12, 4), date(2026, 12, 6)


def beside_the_trip(text: str) -> Intent:
    return said(text, has_trip=True, trip_start=FRIDAY, trip_end=SUNDAY)


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("come back on saturday instead", date(2026, 12, 5)),
        ("return on sunday", date(2026, 12, 6)),
        ("turudi jumapili", date(2026, 12, 6)),
        ("tutarudi jumatatu", date(2026, 12, 7)),
        ("we want to come home on monday", date(2026, 12, 7)),
        ("return on the 8th", date(2026, 12, 8)),
    ],
)
def test_the_day_of_coming_home_is_one_of_the_trip_or_after_it(text: str, home: date) -> None:
    intent = beside_the_trip(text)
    assert (intent.action, intent.start_date, intent.end_date) == (Action.REFINE_ITINERARY, None, home)


def test_without_a_trip_a_weekday_is_the_soonest() -> None:
    assert said("turudi jumapili").end_date == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("push it by a week", date(2026, 12, 11), date(2026, 12, 13)),
        ("move it to the following week", date(2026, 12, 11), date(2026, 12, 13)),
        ("sogeza wiki moja mbele", date(2026, 12, 11), date(2026, 12, 13)),
        ("ahirisha safari kwa wiki mbili", date(2026, 12, 18), date(2026, 12, 20)),
        ("bring it forward by 2 days", date(2026, 12, 2), date(2026, 12, 4)),
        ("sogeza siku mbili nyuma", date(2026, 12, 2), date(2026, 12, 4)),
    ],
)
def test_the_whole_trip_moves_and_keeps_its_length(text: str, start: date, end: date) -> None:
    intent = beside_the_trip(text)
    assert (intent.action, intent.start_date, intent.end_date) == (Action.REFINE_ITINERARY, start, end)
    assert (intent.duration_days, intent.nights, intent.duration_delta_days) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "slot", "days"), [("make it a week", "duration_days", 7), ("add a week", "duration_delta_days", 7)]
)
def test_a_length_moves_nothing(text: str, slot: str, days: int) -> None:
    intent = beside_the_trip(text)
    assert (intent.start_date, getattr(intent, slot)) == (None, days)


def test_a_parser_is_told_the_days_of_the_plan_on_screen() -> None:
    state = planned()
    context = context_of(state, TODAY)
    assert (context.trip_start, context.trip_end) == (state.screen.dates[0], state.screen.dates[-1])


def test_while_the_trip_is_being_planned_its_days_are_those_asked_for() -> None:
    asked_for = Conversation(pending="plan-1", trip=Slots(destinations=("mombasa",), start=FRIDAY, end=SUNDAY))
    context = context_of(asked_for, TODAY)
    assert (context.trip_start, context.trip_end) == (FRIDAY, SUNDAY)
    assert context_of(Conversation(), TODAY).trip_start is None
