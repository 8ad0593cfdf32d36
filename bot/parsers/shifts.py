"""The days of a trip moved as a whole, and the day of coming home, against the trip there is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bot.intents import Context
from planner.dates import next_weekday
from planner.datewords import WEEKDAYS
from planner.numbers import NUMBER, SWAHILI, value

_MOVE: Final = (
    r"(?:push|move|shift|postpone|delay|put|bring|reschedule|start|leave|go|travel|(?:tu|ni|u|i)?(?:sogez|ahirish|pelek|"
    r"songez|pelek)\w*)"
)
_WHAT: Final = (
    r"(?: (?:it|this|that|everything|(?:the|our|my) (?:whole )?(?:trip|dates?|plan|days)|safari|tarehe|trip))*"
)
_EARLIER: Final = re.compile(r"(?<!\w)(?:earlier|bring|before|sooner|nyuma|mapema)(?!\w)")
_BY: Final = re.compile(
    rf"(?<!\w){_MOVE}{_WHAT}(?: (?:back|forward|out|off|mbele|nyuma|kwa))*(?: by| for)? "
    rf"(?:(?P<n>{NUMBER}|an?|one|another)(?: more)? (?P<unit>days?|weeks?|wks?)"
    rf"|(?P<unit2>siku|wiki)(?: (?P<n2>{SWAHILI}|\d{{1,2}}))?)(?!\w)(?: (?P<way>later|earlier|forward|back|mbele|nyuma|"
    rf"baadaye|mapema|kabla))?"
)
_WEEK_AFTER: Final = re.compile(
    rf"(?<!\w)(?:{_MOVE}{_WHAT} )?(?:(?:to|in|on|hadi|mpaka|iwe|kwa) )*"
    r"(?:the (?:following|next) week(?! ?end)|the week (?:after|that follows)(?: that)?|a week (?:later|after)|"
    r"one week later|wiki (?:inayofuata|ya kufuata|moja baadaye))(?!\w)"
)
_LEADING: Final = re.compile(
    r"^(?:(?:on|this|next|nxt|coming|the|hii|siku|ya)\b ?)+|(?:'s)?(?: (?:ijayo|hii|inayokuja|ijao))?$"
)


def moved(words: str, context: Context) -> tuple[date, date] | None:
    """First and last day after the whole trip was moved; None when it was not, or has no days yet."""
    if context.trip_start is None or context.trip_end is None:
        return None
    days = _days(words)
    if not days:
        return None
    return context.trip_start + timedelta(days=days), context.trip_end + timedelta(days=days)


def _days(words: str) -> int:
    if _WEEK_AFTER.search(words):
        return 7
    match = _BY.search(words)
    if match is None:
        return 0
    said = match["n"] or match["n2"]
    count = 1 if said in (None, "a", "an", "another") else value(said) or 0
    unit = match["unit"] or match["unit2"]
    starts = re.match(r"start|leave|go|travel|put", match.group())
    if starts and match["way"] not in ("later", "earlier", "baadaye", "mapema"):  # "go for a week" is a length
        return 0
    sign = -1 if _EARLIER.search(match.group()) else 1
    return sign * count * (7 if unit.startswith("w") else 1)


def day_home(words: str, context: Context) -> date | None:
    """The day of coming home named by its weekday alone: the soonest that is not before the trip."""
    weekday = WEEKDAYS.get(_LEADING.sub("", words.strip()))
    if weekday is None or context.trip_start is None:
        return None
    return next_weekday(context.trip_start - timedelta(days=1), weekday)
