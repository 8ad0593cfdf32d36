"""Days are understood as Kenyan travellers name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.dates import When, find, next_weekday, weekend_of

TODAY = date(2026, 11, 23)  # a Monday
HOLIDAYS = {
    "jamhuri": [(date(2026, 12, 12), date(2026, 12, 12)), (date(2027, 12, 12), date(2027, 12, 12))],
    "christmas": [(date(2026, 12, 25), date(2026, 12, 26))],
    "new_year": [(date(2026, 12, 31), date(2027, 1, 1))],
    "easter": [(date(2026, 4, 3), date(2026, 4, 6)), (date(2027, 3, 26), date(2027, 3, 29))],
}


def when(text: str, today: date = TODAY) -> When:
    return find(text, today, HOLIDAYS)


def days(text: str, today: date = TODAY) -> tuple[str | None, str | None]:
    found = when(text, today)
    return found.start and found.start.isoformat(), found.end and found.end.isoformat()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("leo", "2026-11-23", None),
        ("tonight", "2026-11-23", None),
        ("sahii", "2026-11-23", None),
        ("kesho asubuhi", "2026-11-24", None),
        ("kesho kutwa", "2026-11-25", None),
        ("day after tomorrow", "2026-11-25", None),
        ("mtondo", "2026-11-26", None),
        ("in 3 days", "2026-11-26", None),
        ("baada ya wiki mbili", "2026-12-07", None),
        ("friday", "2026-11-27", None),
        ("next friday", "2026-11-27", None),
        ("ijumaa ijayo", "2026-11-27", None),
        ("furahi day", "2026-11-27", None),
        ("monday", "2026-11-30", None),
        ("sande", "2026-11-29", None),
        ("friday next week", "2026-12-04", None),
        ("ijumaa ya wiki ijayo", "2026-12-04", None),
        ("weekend", "2026-11-28", "2026-11-29"),
        ("mwisho wa wiki", "2026-11-28", "2026-11-29"),
        ("12 dec", "2026-12-12", None),
        ("friday 27 nov", "2026-11-27", None),
        ("24th december", "2026-12-24", None),
        ("dec 24", "2026-12-24", None),
        ("20/12", "2026-12-20", None),
        ("20/12/2027", "2027-12-20", None),
        ("2026-12-20", "2026-12-20", None),
        ("tarehe 5 januari", "2027-01-05", None),
        ("tarehe 12 mwezi wa 12", "2026-12-12", None),
        ("tarehe tano mwezi ujao", "2026-12-05", None),
        ("the 5th", "2026-12-05", None),
        ("tarehe 23", "2026-11-23", None),
        ("mwisho wa mwezi", "2026-11-30", None),
        ("10-13 december", "2026-12-10", "2026-12-13"),
        ("from 10th to 13th of december", "2026-12-10", "2026-12-13"),
        ("december 10-13", "2026-12-10", "2026-12-13"),
        ("20/12 mpaka 23/12", "2026-12-20", "2026-12-23"),
        ("27 dec return 2 jan", "2026-12-27", "2027-01-02"),
        ("turudi tarehe 30, mombasa tarehe 27", "2026-11-27", "2026-11-30"),
        ("back on sunday, leaving friday", "2026-11-27", "2026-11-29"),
        ("jumamosi kurudi jumapili", "2026-11-28", "2026-11-29"),
        ("friday to tuesday", "2026-11-27", "2026-12-01"),
        ("fri-sun", "2026-11-27", "2026-11-29"),
        ("jamhuri day weekend", "2026-12-12", "2026-12-13"),
        ("weekend ya tarehe 12", "2026-12-12", "2026-12-13"),
        ("over new year", "2026-12-31", "2027-01-01"),
        ("easter holidays", "2027-03-26", "2027-03-29"),
        ("for christmas, leaving 23rd dec", "2026-12-23", None),
        ("jumamosi badala ya ijumaa", "2026-11-28", None),
        ("tarehe mbili januari", "2027-01-02", None),
        ("tarehe kumi na tano desemba", "2026-12-15", None),
        ("tarehe tano hadi nane desemba", "2026-12-05", "2026-12-08"),
        ("the fifth of december", "2026-12-05", None),
        ("dec twenty first to 28 dec", "2026-12-21", "2026-12-28"),
        ("desemba 23 usiku", "2026-12-23", None),
        ("christmas to new year", "2026-12-25", "2027-01-01"),
        ("20 dec until new year", "2026-12-20", "2027-01-01"),
        ("jioni hii", "2026-11-23", None),
        ("for 5 days from today", "2026-11-23", None),
    ],
)
def test_days_are_resolved_against_today(text: str, start: str, end: str | None) -> None:
    assert days(text) == (start, end)


@pytest.mark.parametrize("text", ["wiki ijayo", "next week"])
def test_next_week_is_a_window_from_monday_to_sunday(text: str) -> None:
    found = when(text)
    assert (found.start, found.end, found.window) == (date(2026, 11, 30), date(2026, 12, 6), True)


def test_one_day_or_another_is_a_window() -> None:
    assert when("friday or saturday").window


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("in april", "2027-04"),
        ("mwezi wa pili", "2027-02"),
        ("mwezi wa kumi na mbili", "2026-12"),
        ("august holidays", "2027-08"),
        ("mwezi ujao", "2026-12"),
        ("in november", "2026-11"),
        ("in may", "2027-05"),
        ("you may march on", None),
        ("to the mara", None),
    ],
)
def test_a_month_alone_is_the_next_such_month(text: str, month: str | None) -> None:
    assert when(text).month == month


@pytest.mark.parametrize(
    ("text", "nights", "length"),
    [
        ("siku tatu", None, 3),
        ("usiku tatu", 3, None),
        ("3-day", None, 3),
        ("2 days", None, 2),
        ("siku 4", None, 4),
        ("siku kumi na mbili", None, 12),
        ("5 nights", 5, None),
        ("3d2n", 2, 3),
        ("3 days 2 nights", 2, 3),
        ("wiki moja", None, 7),
        ("a week", None, 7),
        ("two weeks", None, 14),
        ("one more night", 1, None),
        ("a night", 1, None),
        ("a night train", None, None),
        ("an overnight bus", None, None),
        ("overnight", 1, None),
        ("saa tatu usiku", None, None),
    ],
)
def test_lengths_count_days_or_nights(text: str, nights: int | None, length: int | None) -> None:
    found = when(text)
    assert (found.nights, found.days) == (nights, length)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", "past_date"),
        ("jana", "past_date"),
        ("ijumaa iliyopita", "past_date"),
        ("12 dec 2020", "past_date"),
        ("31 feb", "bad_date"),
        ("20 dec to 15 dec", "end_before_start"),
        ("13-10 december", "end_before_start"),
    ],
)
def test_days_that_cannot_be_travelled_on_are_problems(text: str, problem: str) -> None:
    found = when(text)
    assert found.problems == (problem,)
    assert found.end is None


def test_a_saturday_has_its_own_weekend_and_a_bare_weekday_is_never_today() -> None:
    saturday = date(2026, 11, 28)
    assert days("this weekend", saturday) == ("2026-11-28", "2026-11-29")
    assert days("next weekend", saturday) == ("2026-12-05", "2026-12-06")
    assert days("saturday", saturday) == ("2026-12-05", None)


def test_a_holiday_beside_a_weekend_makes_it_long() -> None:
    assert weekend_of(date(2026, 12, 25)) == (date(2026, 12, 25), date(2026, 12, 27))  # Friday
    assert weekend_of(date(2027, 12, 13)) == (date(2027, 12, 11), date(2027, 12, 13))  # Monday


RELATIVE = [
    "leo",
    "kesho",
    "kesho kutwa",
    "friday",
    "jumapili",
    "weekend",
    "wiki ijayo",
    "in 4 days",
    "12 dec",
    "tarehe 9",
]
_DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))


@given(st.sampled_from(RELATIVE), _DAYS)
def test_what_is_said_relative_to_today_never_lies_before_it(text: str, today: date) -> None:
    found = find(text, today, {})
    assert found.start is not None
    assert found.start >= today
    assert found.end is None or found.end >= found.start


@given(
    st.sampled_from(["kesho", "friday", "fri-sun", "weekend", "wiki ijayo", "in 4 days"]), _DAYS, st.integers(0, 200)
)
def test_a_later_week_moves_everything_by_whole_weeks(text: str, today: date, weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    early, late = find(text, today, {}), find(text, today + shift, {})
    assert early.start is not None
    assert late.start == early.start + shift
    assert late.end == (early.end + shift if early.end else None)


@given(st.text(max_size=200), st.dates())
def test_no_text_and_no_day_makes_it_raise(text: str, today: date) -> None:
    found = find(text, today, HOLIDAYS)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)


_MIXTURE = """10 13 31 th - to mpaka dec february tarehe wiki ijayo friday weekend siku tatu usiku next / 2026 kesho
return or , 29"""
_BITS = st.sampled_from(_MIXTURE.split())


@given(st.lists(_BITS, max_size=9).map(" ".join), _DAYS)
def test_any_mixture_of_date_words_gives_days_in_order(text: str, today: date) -> None:
    found = find(text, today, HOLIDAYS)
    if found.start and found.end:
        assert found.start <= found.end


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_the_next_weekday_is_within_a_week(after: date, weekday: int) -> None:
    day = next_weekday(after, weekday)
    assert day.weekday() == weekday
    assert 1 <= (day - after).days <= 7
