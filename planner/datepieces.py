"""Single expressions of a day or a span of days in a text, before they are put together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.datewords import HOLIDAYS, MONTHS, NTH, PATTERNS, WEEKDAYS
from planner.numbers import value
from planner.reading import Reading

DAY = timedelta(days=1)

Holidays = Mapping[str, Sequence[tuple[date, date]]]
"""Holiday key ("christmas") → first and last day of each coming occurrence, in order."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One expression found: `first` (and `last` of a range), or what is needed to resolve it after another one."""

    kind: str  # "fixed", "weekday", "daymonth", "weekend", "week", "holiday"
    at: int
    end: int
    first: date
    last: date | None = None
    weekday: int = 0
    yearless: bool = False

    def after(self, start: date) -> date:
        """The day meant when it closes a range that began at `start`."""
        if self.kind == "weekday":
            return next_weekday(start, self.weekday)
        if self.yearless and self.first < start and (rolled := _next_date(self.first.day, self.first.month, start)):
            return rolled
        return self.last if self.kind == "holiday" and self.last else self.first


class Unread(Reading):
    """The text being read, with the problems met on the way."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems: list[str] = []

    def between(self, left: Piece, right: Piece) -> str:
        """The words between two expressions."""
        return self.original[left.end : right.at]


def next_weekday(after: date, weekday: int) -> date:
    """The soonest day with this weekday (Monday 0) strictly after `after`."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def weekend_of(day: date) -> tuple[date, date]:
    """Saturday and Sunday around or next after `day`; a Friday or Monday at its edge makes it longer."""
    weekday = day.weekday()
    if weekday == 0:
        return day - 2 * DAY, day
    saturday = day - DAY if weekday == 6 else day + (5 - weekday) * DAY
    return (day if weekday == 4 else saturday), saturday + DAY


def pieces_in(unread: Unread, today: date, holidays: Holidays) -> list[Piece]:
    """Every expression found in what is still unread, in no order; problems met are noted on `unread`."""
    pieces: list[Piece] = []
    for match in unread.take(PATTERNS["offset"]):
        count = value(match["n"] or match["n2"] or match["n3"]) or 0
        unit = 7 if (match["unit"] or match["unit2"] or match["unit3"]).startswith("w") else 1
        pieces.append(_fixed(match, today + timedelta(days=count * unit)))
    for name in ("iso", "month_first", "month_range", "range_month", "day_month", "month_day", "numeric", "in_month"):
        for match in unread.take(PATTERNS[name]):
            pieces += _dated(name, match, today, unread)
    for match in unread.take(PATTERNS["month_end"]):
        pieces.append(_fixed(match, first_of_next_month(today) - DAY))
    for match in unread.take(PATTERNS["relative"]):
        pieces.append(_fixed(match, today + timedelta(days=_relative(match.group()))))
    for match in unread.take(PATTERNS["weekend"]):
        pieces.append(_weekend(match, today))
    for match in unread.take(PATTERNS["week"]):
        pieces.append(_week(match, today))
    for key, pattern in HOLIDAYS.items():
        for match in unread.take(pattern):
            pieces += [
                Piece("holiday", *match.span(), max(first, today), last)
                for first, last in holidays.get(key, ())
                if last >= today
            ][:1]
    for match in unread.take(PATTERNS["weekday"]):
        weekday = WEEKDAYS[match["day"]]
        pieces.append(Piece("weekday", *match.span(), next_weekday(today, weekday), weekday=weekday))
    for match in unread.take(PATTERNS["ordinal_range"]) + unread.take(PATTERNS["ordinal"]):
        pieces += _ordinal(match, today)
    return pieces


def _fixed(match: re.Match[str], day: date) -> Piece:
    return Piece("fixed", *match.span(), day)


def _dated(name: str, match: re.Match[str], today: date, unread: Unread) -> list[Piece]:
    """A date with its month, or a range within one month."""
    found = {key.rstrip("23"): said for key, said in match.groupdict().items() if said}
    year = int(found["year"]) if "year" in found else None
    year = year + 2000 if year is not None and year < 100 else year
    day, month = _number(found["day"]), month_number(found["month"])
    if name == "numeric" and month > 12 >= day:
        day, month = month, day
    if name == "in_month":
        base = today if found["month"] in ("this month", "mwezi huu") else first_of_next_month(today)
        year, month = base.year, base.month
    first = _make(year, month, day) if year else _next_date(day, month, today)
    if first is None:
        unread.problems.append("bad_date")
        return []
    if first < today:
        unread.problems.append("past_date")
        return []
    if not found.get("last"):
        return [Piece("daymonth", *match.span(), first, yearless=year is None)]
    last = _make(first.year, first.month, _number(found["last"]))
    if last is None or last < first:
        unread.problems.append("bad_date" if last is None else "end_before_start")
        return [Piece("daymonth", *match.span(), first)]
    return [Piece("daymonth", *match.span(), first, last)]


def _ordinal(match: re.Match[str], today: date) -> list[Piece]:
    """ "tarehe 5", "the 5th": the next day of that number in a month that has it."""
    found = match.groupdict()
    number, last = _number(found["day"] or found.get("day2") or ""), found.get("last") or found.get("last2")
    for ahead in range(3):
        month = _add_months(today.replace(day=1), ahead)
        day = _make(month.year, month.month, number)
        if day and day >= today:
            end = _make(day.year, day.month, _number(last)) if last else None
            return [Piece("daymonth", *match.span(), day, end if end and end > day else None)]
    return []


def _weekend(match: re.Match[str], today: date) -> Piece:
    saturday = today if today.weekday() == 5 else next_weekday(today, 5)
    if today.weekday() == 5 and re.search(r"\bnext\b|ijayo", match.group()):
        saturday += 7 * DAY
    return Piece("weekend", *match.span(), saturday, saturday + DAY)


def _week(match: re.Match[str], today: date) -> Piece:
    monday = next_weekday(today, 0)
    if re.search(r"\b(?:this|hii)\b", match.group()):
        return Piece("week", *match.span(), today, monday - DAY)
    return Piece("week", *match.span(), monday, monday + 6 * DAY)


def _relative(words: str) -> int:
    if re.search(r"kutwa|after|overmorrow", words):
        return 2
    if words.startswith("mtondo"):
        return 3
    return 1 if re.search(r"^(?:kesho|tom|tmr|2mor)", words) else 0


def _number(word: str) -> int:
    word = word.strip()
    return NTH.get(word.replace(" ", "-")) or value(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word)) or 0


def month_number(word: str) -> int:
    """1 … 12 for a month named in either language ("dec", "mwezi wa pili"), 0 when it is none."""
    word = re.sub(r"^mwezi (?:wa )?", "", word)
    return MONTHS.get(word) or value(word) or 0


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_date(day: int, month: int, today: date) -> date | None:
    """The next such day of the year, today included; None when there is no such day."""
    found = (_make(year, month, day) for year in range(today.year, min(today.year + 9, date.max.year)))
    return next((found_day for found_day in found if found_day and found_day >= today), None)


def _add_months(first: date, months: int) -> date:
    index = first.month - 1 + months
    return date(min(first.year + index // 12, date.max.year), index % 12 + 1, 1)


def first_of_next_month(today: date) -> date:
    """The first day of the month after today's."""
    return _add_months(today.replace(day=1), 1)
