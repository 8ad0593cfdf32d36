"""Days as travellers name them, in English, Swahili and Sheng, resolved against today.

Bare weekdays are the soonest such day after today, also with "next", "this" or "ijayo"; "weekend" is the coming Saturday
and Sunday; a day and month without a year is the next such date. Texts are expected in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.datewords import (
    BETWEEN,
    EITHER,
    FILLER,
    HOLIDAYS,
    LENGTHS,
    MONTHS,
    OF,
    PAST,
    PATTERNS,
    RETURN,
    WEEKDAYS,
)
from planner.numbers import value
from planner.reading import Reading

LONGEST_RANGE = 90  # days; an end further away than this was meant to lie before the start
_DAY = timedelta(days=1)

Holidays = Mapping[str, Sequence[tuple[date, date]]]
"""Holiday key ("christmas") → first and last day of each coming occurrence, in order."""


@dataclass(frozen=True, slots=True)
class When:
    """What a text says about days. `end` is the last day named; `window` means any day from `start` to `end`.

    `problems`: "past_date", "end_before_start", "bad_date" (30 February). `spans` are the parts of the text used.
    `holiday` says that the dates come from a holiday's name alone.
    """

    start: date | None = None
    end: date | None = None
    window: bool = False
    month: str | None = None
    nights: int | None = None
    days: int | None = None
    holiday: bool = False
    problems: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
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


class _Unread(Reading):
    """The text being read, with the problems met on the way."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems: list[str] = []

    def between(self, left: _Piece, right: _Piece) -> str:
        """The words between two expressions."""
        return self.original[left.end : right.at]


def find(text: str, today: date, holidays: Holidays) -> When:
    """Everything `text` says about days and lengths of stay. Never raises."""
    unread = _Unread(text)
    for _ in unread.take(PAST):
        unread.problems.append("past_date")
    pieces = _pieces(unread, today, holidays)
    nights, days = _lengths(unread)
    month = _month(unread, today)
    when = _combine(unread, sorted(pieces, key=lambda piece: piece.at), today)
    return replace(
        when,
        month=month if when.start is None and when.end is None else None,
        nights=nights,
        days=days,
        problems=tuple(dict.fromkeys((*unread.problems, *when.problems))),
        spans=tuple(sorted(unread.spans)),
    )


def next_weekday(after: date, weekday: int) -> date:
    """The soonest day with this weekday (Monday 0) strictly after `after`."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def weekend_of(day: date) -> tuple[date, date]:
    """Saturday and Sunday around or next after `day`; a Friday or Monday at its edge makes it longer."""
    weekday = day.weekday()
    if weekday == 0:
        return day - 2 * _DAY, day
    saturday = day - _DAY if weekday == 6 else day + (5 - weekday) * _DAY
    return (day if weekday == 4 else saturday), saturday + _DAY


def _pieces(unread: _Unread, today: date, holidays: Holidays) -> list[_Piece]:
    pieces: list[_Piece] = []
    for match in unread.take(PATTERNS["offset"]):
        count = value(match["n"] or match["n2"] or match["n3"]) or 0
        unit = 7 if (match["unit"] or match["unit2"] or match["unit3"]).startswith("w") else 1
        pieces.append(_fixed(match, today + timedelta(days=count * unit)))
    for name in ("iso", "month_range", "range_month", "day_month", "month_day", "numeric", "in_month"):
        for match in unread.take(PATTERNS[name]):
            pieces += _dated(name, match, today, unread)
    for match in unread.take(PATTERNS["month_end"]):
        pieces.append(_fixed(match, _first_of_next_month(today) - _DAY))
    for match in unread.take(PATTERNS["relative"]):
        pieces.append(_fixed(match, today + timedelta(days=_relative(match.group()))))
    for match in unread.take(PATTERNS["weekend"]):
        pieces.append(_weekend(match, today))
    for match in unread.take(PATTERNS["week"]):
        pieces.append(_week(match, today))
    for key, pattern in HOLIDAYS.items():
        for match in unread.take(pattern):
            pieces += [
                _Piece("holiday", *match.span(), max(first, today), last)
                for first, last in holidays.get(key, ())
                if last >= today
            ][:1]
    for match in unread.take(PATTERNS["weekday"]):
        weekday = WEEKDAYS[match["day"]]
        pieces.append(_Piece("weekday", *match.span(), next_weekday(today, weekday), weekday=weekday))
    for match in unread.take(PATTERNS["ordinal_range"]) + unread.take(PATTERNS["ordinal"]):
        pieces += _ordinal(match, today)
    return pieces


def _fixed(match: re.Match[str], day: date) -> _Piece:
    return _Piece("fixed", *match.span(), day)


def _dated(name: str, match: re.Match[str], today: date, unread: _Unread) -> list[_Piece]:
    """A date with its month, or a range within one month."""
    found = {key.rstrip("23"): said for key, said in match.groupdict().items() if said}
    year = int(found["year"]) if "year" in found else None
    year = year + 2000 if year is not None and year < 100 else year
    day, month = _number(found["day"]), _month_number(found["month"])
    if name == "numeric" and month > 12 >= day:
        day, month = month, day
    if name == "in_month":
        base = today if found["month"] in ("this month", "mwezi huu") else _first_of_next_month(today)
        year, month = base.year, base.month
    first = _make(year, month, day) if year else _next_date(day, month, today)
    if first is None:
        unread.problems.append("bad_date")
        return []
    if first < today:
        unread.problems.append("past_date")
        return []
    if not found.get("last"):
        return [_Piece("daymonth", *match.span(), first, yearless=year is None)]
    last = _make(first.year, first.month, _number(found["last"]))
    if last is None or last < first:
        unread.problems.append("bad_date" if last is None else "end_before_start")
        return [_Piece("daymonth", *match.span(), first)]
    return [_Piece("daymonth", *match.span(), first, last)]


def _ordinal(match: re.Match[str], today: date) -> list[_Piece]:
    """ "tarehe 5", "the 5th": the next day of that number in a month that has it."""
    found = match.groupdict()
    number, last = _number(found["day"] or found.get("day2") or ""), found.get("last")
    for ahead in range(3):
        month = _add_months(today.replace(day=1), ahead)
        day = _make(month.year, month.month, number)
        if day and day >= today:
            end = _make(day.year, day.month, _number(last)) if last else None
            return [_Piece("daymonth", *match.span(), day, end if end and end > day else None)]
    return []


def _weekend(match: re.Match[str], today: date) -> _Piece:
    saturday = today if today.weekday() == 5 else next_weekday(today, 5)
    if today.weekday() == 5 and re.search(r"\bnext\b|ijayo", match.group()):
        saturday += 7 * _DAY
    return _Piece("weekend", *match.span(), saturday, saturday + _DAY)


def _week(match: re.Match[str], today: date) -> _Piece:
    monday = next_weekday(today, 0)
    if re.search(r"\b(?:this|hii)\b", match.group()):
        return _Piece("week", *match.span(), today, monday - _DAY)
    return _Piece("week", *match.span(), monday, monday + 6 * _DAY)


def _relative(words: str) -> int:
    if re.search(r"kutwa|after|overmorrow", words):
        return 2
    if words.startswith("mtondo"):
        return 3
    return 1 if re.search(r"^(?:kesho|tom|tmr|2mor)", words) else 0


def _lengths(unread: _Unread) -> tuple[int | None, int | None]:
    nights: int | None = None
    days: int | None = None
    for pattern, unit, factor in LENGTHS:
        for match in unread.take(pattern):
            found = match.groupdict()
            if found.get("n2"):
                days, nights = value(found["n"] or ""), value(found["n2"])
                continue
            said = found.get("n") or found.get("n1")
            count = (value(said) or 1) * factor if said else factor
            if unit == "nights" and nights is None:
                nights = count
            elif unit == "days" and days is None:
                days = count
    return nights or None, days or None


def _month(unread: _Unread, today: date) -> str | None:
    for match in unread.take(PATTERNS["month"]):
        word = match["month"] or match["month2"] or match["month3"]
        if word in ("next month", "mwezi ujao", "month ijayo", "nxt month"):
            first = _first_of_next_month(today)
        elif word in ("this month", "mwezi huu"):
            first = today
        else:
            number = _month_number(word)
            year = int(match["year"]) if match["year"] else today.year + (number < today.month)
            first = date(year, number, 1)
            if (first.year, first.month) < (today.year, today.month):
                unread.problems.append("past_date")
                return None
        return f"{first:%Y-%m}"
    return None


def _combine(unread: _Unread, pieces: list[_Piece], today: date) -> When:
    pieces = _joined(unread, pieces)
    explicit = [piece for piece in pieces if piece.kind != "holiday"]
    holiday = bool(pieces) and not explicit
    pieces = explicit or pieces[:1]
    if not pieces:
        return When()
    first, *others = pieces
    if RETURN.search(unread.original[: first.at]) and not others and first.last is None:
        return When(end=first.first)
    window = first.kind == "week"
    if first.last is not None and not (others and BETWEEN.fullmatch(unread.between(first, others[0]))):
        return When(first.first, first.last if first.last > first.first else None, window, holiday=holiday)
    if not others:
        return When(first.first)
    second = others[0]
    gap = unread.between(first, second)
    if second.kind in ("weekend", "week") and not BETWEEN.fullmatch(gap):
        return When(first.first)
    last = second.last or second.after(first.first)
    if EITHER.fullmatch(gap):
        return When(first.first, last, True) if last > first.first else When(first.first)
    if last < first.first or (last - first.first).days > LONGEST_RANGE:
        return When(first.first, problems=("end_before_start",))
    return When(first.first, last if last > first.first or BETWEEN.fullmatch(gap) else None)


def _joined(unread: _Unread, pieces: list[_Piece]) -> list[_Piece]:
    """Neighbours that are one expression: "Friday 27 Nov", "friday next week", "Jamhuri day weekend"."""
    joined: list[_Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        one = _one(before, piece) if before and OF.fullmatch(unread.between(before, piece)) else None
        if one is None:
            joined.append(piece)
        else:
            joined[-1] = one
    return [piece for at, piece in enumerate(joined) if not _repeats(unread, joined, at)]


def _one(left: _Piece, right: _Piece) -> _Piece | None:
    """The single meaning of two neighbours, None when they are two."""
    for one, other in ((left, right), (right, left)):
        if one.kind == "weekday" and other.kind == "week":
            day = other.first - other.first.weekday() * _DAY + one.weekday * _DAY
            return _Piece("fixed", left.at, right.end, day)
        if one.kind == "weekday" and other.kind in ("daymonth", "fixed") and other.last is None:
            return replace(other, at=left.at, end=right.end)
        if one.kind == "weekend" and other.kind in ("holiday", "daymonth"):
            first, last = weekend_of(other.first)
            if other.kind == "holiday" and other.last and other.last > last:
                last = other.last
            return _Piece("weekend", left.at, right.end, first, last)
    return None


def _repeats(unread: _Unread, pieces: list[_Piece], at: int) -> bool:
    """Whether a piece says again what the one before it said ("leo tarehe 23")."""
    if at == 0:
        return False
    same = pieces[at].first == pieces[at - 1].first and pieces[at].last == pieces[at - 1].last
    return same and bool(FILLER.fullmatch(unread.between(pieces[at - 1], pieces[at])))


def _number(word: str) -> int:
    return value(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word.strip())) or 0


def _month_number(word: str) -> int:
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


def _first_of_next_month(today: date) -> date:
    return _add_months(today.replace(day=1), 1)
