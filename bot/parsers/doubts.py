"""Where the model's quotation and the rules disagree on money, days or places: the two readings, for one question.

A reading that only says more than the other is no disagreement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot import readings
from bot.intents import Intent
from bot.problems import MIN_BUDGET

_LONGEST = 46  # of a reading: a button carries 64 bytes, and a long tour is no slip
_WEEK = timedelta(days=7)
# "next Friday" is this week's to some and next week's to others; "Friday next week" is not in doubt.
_NEXT = re.compile(r"(?<!\w)(?:(?:next|nxt) (?!week)\w+|\w+ ijayo)(?!\w)")
_WEEKS = re.compile(r"(?<!\w)(?:weeks?|wk|wiki)(?!\w)")


def of_money(read: Intent, quoted: Intent) -> str:
    """ "unsure_budget:30000|3000", "" when they agree or one of them names no money."""
    one, other = readings.money(read), readings.money(quoted)
    if not one or not other or one == other:
        return ""
    amounts = _amounts(read)
    if min(_amounts(quoted)) < MIN_BUDGET:  # a piece of an amount: the "30" of "30 000"
        return ""
    if amounts & _amounts(quoted) and other.isdecimal():  # the amount alone, without its "each"
        return ""
    return readings.doubt("budget", one, other)


def of_days(read: Intent, quoted: Intent) -> str:
    """ "unsure_start:…" or "unsure_end:…", "" when they agree or one of them only says more."""
    one, other = readings.days(read), readings.days(quoted)
    if not one or not other or one == other or _within(read, quoted) or _within(quoted, read):
        return ""
    if read.start_date is None or read.start_date != quoted.start_date or read.date_is_window != quoted.date_is_window:
        return readings.doubt("start", one, other)
    if read.end_date is None or quoted.end_date is None:
        return ""
    return readings.doubt("end", read.end_date.isoformat(), quoted.end_date.isoformat())


def of_next(read: Intent, own: Intent, words: str) -> str:
    """The doubt in "next Friday" when the model takes it for the one a week after the rules' day."""
    if read.start_date is None or own.start_date is None or own.start_date - read.start_date != _WEEK:
        return ""
    if not _NEXT.search(words) or _WEEKS.search(words):
        return ""
    return readings.doubt("start", read.start_date.isoformat(), own.start_date.isoformat())


def of_places(
    origin: str | None, destinations: Sequence[str], said_origin: str | None, said_destinations: Sequence[str]
) -> str:
    """ "unsure_destination:…", "unsure_origin:…", or "unsure_route:…" when both ends differ; "" when they agree."""
    one, other = set(destinations), set(said_destinations)
    other_goal = bool(one and other) and not (one <= other or other <= one)
    other_start = bool(origin and said_origin) and origin != said_origin
    if other_goal and (other_start or origin in other or said_origin in one):
        ways = readings.route(origin, destinations), readings.route(said_origin, said_destinations)
        return readings.doubt("route", *ways) if max(map(len, ways)) <= _LONGEST else ""
    if other_goal:
        goals = readings.places(destinations), readings.places(said_destinations)
        return readings.doubt("destination", *goals) if max(map(len, goals)) <= _LONGEST else ""
    return readings.doubt("origin", str(origin), str(said_origin)) if other_start else ""


def _amounts(intent: Intent) -> set[int]:
    said = (intent.budget_kes, intent.budget_per_person_kes, intent.budget_per_night_kes)
    return {amount for amount in said if amount is not None}


def _within(wide: Intent, narrow: Intent) -> bool:
    """Whether the narrow one names a day of the wide one's month or span of any day."""
    if narrow.start_date is None or narrow.date_is_window:
        return False
    if wide.start_date is None:
        return wide.month is not None and f"{narrow.start_date:%Y-%m}" == wide.month
    if not wide.date_is_window or wide.end_date is None:
        return False
    return wide.start_date <= narrow.start_date <= wide.end_date
