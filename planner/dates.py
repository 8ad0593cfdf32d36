"""Days as travellers name them, in English, Swahili and Sheng, resolved against today.

Bare weekdays are the soonest such day after today, also with "next", "this" or "ijayo"; "weekend" is the coming
Saturday and Sunday; a day and month without a year is the next such date. Texts are expected in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.datepieces import (
    DAY,
    Holidays,
    Piece,
    Unread,
    first_of_next_month,
    month_number,
    next_weekday,
    pieces_in,
    weekend_of,
)
from planner.datewords import BETWEEN, EITHER, FILLER, LENGTHS, NOT, NOT_THEN, OF, PAST, PATTERNS, RETURN, UNTIL
from planner.numbers import value

__all__ = ["Holidays", "When", "find", "next_weekday", "weekend_of"]

LONGEST_RANGE = 90  # days; an end further away than this was meant to lie before the start


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


def find(text: str, today: date, holidays: Holidays) -> When:
    """Everything `text` says about days and lengths of stay. Never raises."""
    unread = Unread(text)
    for _ in unread.take(PAST):
        unread.problems.append("past_date")
    pieces = pieces_in(unread, today, holidays)
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


def _lengths(unread: Unread) -> tuple[int | None, int | None]:
    nights: int | None = None
    days: int | None = None
    for pattern, unit, factor in LENGTHS:
        for match in unread.take(pattern):
            found = match.groupdict()
            if found.get("nights"):
                days, nights = value(found["n"] or ""), value(found["nights"])
                continue
            said = found.get("n") or found.get("n1") or found.get("n2")
            count = (value(said) or 1) * factor if said else factor
            if unit == "nights" and nights is None:
                nights = count
            elif unit == "days" and days is None:
                days = count
    return nights or None, days or None


def _month(unread: Unread, today: date) -> str | None:
    for match in unread.take(PATTERNS["month"]):
        word = match["month"] or match["month2"] or match["month3"]
        if word in ("next month", "mwezi ujao", "month ijayo", "nxt month"):
            first = first_of_next_month(today)
        elif word in ("this month", "mwezi huu"):
            first = today
        else:
            number = month_number(word)
            year = int(match["year"]) if match["year"] else today.year + (number < today.month)
            first = date(year, number, 1)
            if (first.year, first.month) < (today.year, today.month):
                unread.problems.append("past_date")
                return None
        return f"{first:%Y-%m}"
    return None


def _combine(unread: Unread, pieces: list[Piece], today: date) -> When:
    pieces = [piece for piece in _joined(unread, pieces) if not _taken_back(unread, piece)]
    explicit = [piece for at, piece in enumerate(pieces) if piece.kind != "holiday" or _bounds(unread, pieces, at)]
    holiday = bool(pieces) and not explicit
    pieces = explicit or pieces[:1]
    if not pieces:
        return When()
    if len(pieces) == 2 and _is_return(unread, pieces[0]) and pieces[1].last is None:
        pieces = pieces[::-1] if pieces[1].first < pieces[0].first else pieces  # "back on the 30th, out on the 27th"
    first, *others = pieces
    if _is_return(unread, first) and not others:
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


def _taken_back(unread: Unread, piece: Piece) -> bool:
    """Whether a day is named only to say that it is not the one: "not on Monday", "leo hatuwezi"."""
    return bool(NOT.search(unread.original[: piece.at][-30:]) or NOT_THEN.match(unread.original, piece.end))


def _bounds(unread: Unread, pieces: list[Piece], at: int) -> bool:
    """Whether a holiday is one end of a range: "good friday to easter monday", "20 dec until new year"."""
    pairs = ((at - 1, at), (at, at + 1))
    gaps = [unread.between(pieces[one], pieces[two]) for one, two in pairs if one >= 0 and two < len(pieces)]
    return any(UNTIL.fullmatch(gap) for gap in gaps)


def _is_return(unread: Unread, piece: Piece) -> bool:
    """Whether a single day is named as the one of coming back."""
    return piece.last is None and bool(RETURN.search(unread.original[: piece.at][-30:]))


def _joined(unread: Unread, pieces: list[Piece]) -> list[Piece]:
    """Neighbours that are one expression: "Friday 27 Nov", "friday next week", "Jamhuri day weekend"."""
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        one = _one(before, piece) if before and OF.fullmatch(unread.between(before, piece)) else None
        if one is None:
            joined.append(piece)
        else:
            joined[-1] = one
    return [piece for at, piece in enumerate(joined) if not _repeats(unread, joined, at)]


def _one(left: Piece, right: Piece) -> Piece | None:
    """The single meaning of two neighbours, None when they are two."""
    for one, other in ((left, right), (right, left)):
        if one.kind == "weekday" and other.kind == "week":
            day = other.first - other.first.weekday() * DAY + one.weekday * DAY
            return Piece("fixed", left.at, right.end, day)
        if one.kind == "weekday" and other.kind in ("daymonth", "fixed") and other.last is None:
            return replace(other, at=left.at, end=right.end)
        if one.kind == "weekend" and other.kind in ("holiday", "daymonth"):
            first, last = weekend_of(other.first)
            if other.kind == "holiday" and other.last and other.last > last:
                last = other.last
            return Piece("weekend", left.at, right.end, first, last)
    return None


def _repeats(unread: Unread, pieces: list[Piece], at: int) -> bool:
    """Whether a piece says again what the one before it said ("leo tarehe 23")."""
    if at == 0:
        return False
    same = pieces[at].first == pieces[at - 1].first and pieces[at].last == pieces[at - 1].last
    return same and bool(FILLER.fullmatch(unread.between(pieces[at - 1], pieces[at])))
