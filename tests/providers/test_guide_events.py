"""Events: days by a printed rule, hints for the rest."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, ItemType
from providers.base import Kind
from providers.guidebook import table
from providers.sources import guide_events
from providers.sources.guide_events import event_days
from tests.providers.asking import ask

EVENTS = table("events.csv")


def events(town: str, start: date, end: date) -> list[ActivityOffer]:
    return guide_events.parse(EVENTS, ask(Kind.EVENTS, town, start, end))


@pytest.mark.parametrize(
    ("rule", "year", "days"),
    [
        ("first weekend of August", 2026, [date(2026, 8, 1), date(2026, 8, 2)]),
        ("first weekend of August", 2027, [date(2027, 8, 7), date(2027, 8, 8)]),
        ("last weekend of June, Lewa Conservancy", 2026, [date(2026, 6, 27), date(2026, 6, 28)]),
        ("last Sunday of September, Ngong Racecourse", 2026, [date(2026, 9, 27)]),
        ("1 January", 2027, [date(2027, 1, 1)]),
        ("last weekend of May or about 1 June", 2026, []),
        ("last week of November, 3 to 4 days", 2026, []),
        ("November", 2026, []),
        ("19 August in 2023", 2026, []),
        ("several a year; dates not found", 2026, []),
    ],
)
def test_a_rule_gives_days_only_when_it_is_firm(rule: str, year: int, days: list[date]) -> None:
    assert event_days(rule, year) == days


@given(st.text(max_size=60), st.integers(2024, 2035))
def test_any_rule_gives_days_of_that_year_or_none(rule: str, year: int) -> None:
    assert all(day.year == year for day in event_days(rule, year))


def test_known_dates_are_sessions_and_only_inside_the_window() -> None:
    rally = next(o for o in events("naivasha", date(2026, 3, 13), date(2026, 3, 14)) if "Rally" in o.name)
    assert [start.date() for start, _ in rally.sessions] == [date(2026, 3, 13), date(2026, 3, 14)]
    assert rally.kind is ItemType.EVENT
    assert rally.price is None
    assert any("verify" in note for note in rally.notes)


def test_a_new_year_race_is_found_across_the_turn_of_the_year() -> None:
    found = [o for o in events("lamu", date(2026, 12, 30), date(2027, 1, 2)) if o.sessions]
    assert [(o.name, o.sessions[0][0].date()) for o in found] == [("New Year dhow race, Shela", date(2027, 1, 1))]


def test_a_firm_event_outside_the_window_is_not_hinted_at() -> None:
    assert events("maralal", date(2026, 8, 10), date(2026, 8, 20)) == []


def test_a_loose_event_is_a_hint_without_sessions_in_its_season() -> None:
    carnival = events("mombasa", date(2026, 11, 20), date(2026, 11, 22))
    assert [(offer.name, offer.sessions) for offer in carnival] == [("Mombasa Carnival", ())]
    assert carnival[0].notes[0].startswith("Date not known")
    assert events("mombasa", date(2026, 10, 20), date(2026, 10, 22)) == []


def test_a_season_of_traffic_is_no_event() -> None:
    for town in ("nairobi", "mombasa"):
        assert not any("peak" in o.name.casefold() for o in events(town, date(2026, 12, 10), date(2026, 12, 20)))
