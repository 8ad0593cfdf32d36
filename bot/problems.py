"""What was said but cannot be: found in the slots, taken out of them, and asked about one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.intents import Intent
from bot.slots import MOST_PEOPLE, Slots, has_dates, month_end, span

MAX_PARTY: Final = MOST_PEOPLE
MAX_DAYS: Final = 30
MAX_AHEAD: Final = timedelta(days=730)
MIN_BUDGET: Final = 100
MAX_BUDGET: Final = 100_000_000

# In the order they are asked about; the slot that an answer must fill.
SLOT_OF: Final = {
    "unknown_place": "destination",
    "unsure_route": "destination",
    "unsure_destination": "destination",
    "unknown_origin": "origin",
    "unsure_origin": "origin",
    "same_place": "origin",
    "past_date": "dates",
    "bad_date": "dates",
    "unsure_start": "dates",
    "unsure_end": "dates",
    "end_before_start": "dates",
    "date_far": "dates",
    "trip_long": "dates",
    "party_zero": "party",
    "party_huge": "party",
    "unsure_budget": "budget",
    "foreign_currency": "budget",
    "budget_tiny": "budget",
    "budget_huge": "budget",
}
_LENGTH: Final = frozenset(
    {"end_before_start", "trip_long", "unsure_end"}
)  # answered by saying how long, or until when
_WORDS_SHOWN: Final = 40


def code_of(problem: str) -> str:
    """The code without its detail: "unknown_place:Atlantis" → "unknown_place"."""
    return problem.split(":", 1)[0]


def detail_of(problem: str) -> str:
    """The detail, safe to show: one short line without control characters."""
    raw = problem.split(":", 1)[1] if ":" in problem else ""
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in raw).split())
    return clean if len(clean) <= _WORDS_SHOWN else clean[: _WORDS_SHOWN - 1] + "…"


def is_foreign_money(problems: Sequence[str]) -> bool:
    """Whether the first of them is an amount in a currency that is not planned in."""
    return bool(problems) and code_of(problems[0]) == "foreign_currency"


def slot_of(problem: str) -> str:
    """The slot to ask for."""
    return SLOT_OF[code_of(problem)]


def of_intent(intent: Intent, asked: str) -> tuple[str, ...]:
    """What the parser found wrong. An unknown place is where the trip starts if that is what is left or was asked."""
    start = asked == "origin" or (bool(intent.destination) and intent.origin is None)
    if not start:
        return intent.problems
    return tuple(problem.replace("unknown_place", "unknown_origin", 1) for problem in intent.problems)


def found(slots: Slots, today: date) -> tuple[str, ...]:
    """Everything wrong with the slots, as "code:detail"."""
    return (*_places(slots), *_dates(slots, today), *_people(slots), *_money(slots))


def settled(slots: Slots, today: date) -> tuple[Slots, tuple[str, ...]]:
    """The slots without anything impossible, and all that was: one impossible value may hide another."""
    everything: tuple[str, ...] = ()
    for _ in SLOT_OF:
        wrong = found(slots, today)
        if not wrong:
            break
        everything = joined(everything, wrong)
        slots = cleaned(slots, wrong)
    return slots, everything


def joined(*lists: Iterable[str]) -> tuple[str, ...]:
    """Problems of several lists, each code once, the fullest detail kept, in the order they are asked about."""
    by_code: dict[str, str] = {}
    for problem in (problem for problems in lists for problem in problems):
        code = code_of(problem)
        if code in SLOT_OF and len(problem) > len(by_code.get(code, "")):
            by_code[code] = problem
    return tuple(by_code[code] for code in SLOT_OF if code in by_code)


def cleaned(slots: Slots, problems: Iterable[str]) -> Slots:
    """The slots without the impossible values; everything else stays."""
    for problem in problems:
        slots = _without(slots, code_of(problem))
    return slots


def unanswered(problems: Iterable[str], slots: Slots, *, waived: str = "") -> tuple[str, ...]:
    """The problems whose slot is still empty. `waived` names a slot the traveller will not fill ("budget")."""
    length = slots.end is not None or slots.nights is not None or slots.duration_days is not None
    filled = {
        "destination": bool(slots.destinations),
        "origin": slots.origin is not None,
        "dates": has_dates(slots),
        "party": slots.passengers is not None,
        "budget": slots.budget_total is not None or slots.budget_per_person is not None or waived == "budget",
    }
    return tuple(
        problem for problem in problems if not (length if code_of(problem) in _LENGTH else filled[slot_of(problem)])
    )


def _places(slots: Slots) -> tuple[str, ...]:
    if slots.origin and slots.destinations == (slots.origin,) and not (slots.origin_point or slots.destination_point):
        return (f"same_place:{slots.origin}",)
    return ()


def _dates(slots: Slots, today: date) -> tuple[str, ...]:
    if slots.month is not None and month_end(slots.month) <= today:
        return ("past_date",)
    last = slots.end if slots.window and slots.end else slots.start
    if last is not None and last < today:
        return (f"past_date:{last.isoformat()}",)
    if slots.start is not None and slots.start > today + MAX_AHEAD:
        return (f"date_far:{slots.start.isoformat()}",)
    length = max(slots.nights + 1 if slots.nights is not None else 0, slots.duration_days or 0)
    if length > MAX_DAYS:
        return (f"trip_long:{length}",)
    if (slots.nights or 0) < 0 or (slots.duration_days is not None and slots.duration_days < 1):
        return ("end_before_start",)
    whole = span(slots, today)
    if whole is None:
        return (f"past_date:{slots.end.isoformat()}",) if slots.end is not None and slots.end < today else ()
    if whole.end < whole.start:
        return ("end_before_start",)
    return (f"trip_long:{whole.nights + 1}",) if whole.nights >= MAX_DAYS else ()


def _people(slots: Slots) -> tuple[str, ...]:
    children, everybody = slots.children or 0, slots.passengers
    if (everybody is not None and everybody < 1) or children < 0:
        return ("party_zero",)
    size = max(everybody or 0, children + 1 if everybody is None else 0)
    return (f"party_huge:{size}",) if size > MAX_PARTY else ()


def _money(slots: Slots) -> tuple[str, ...]:
    said = [b for b in (slots.budget_total, slots.budget_per_person, slots.budget_per_night) if b is not None]
    if any(amount < MIN_BUDGET for amount in said):
        return (f"budget_tiny:{min(said)}",)
    return (f"budget_huge:{max(said)}",) if any(amount > MAX_BUDGET for amount in said) else ()


def _without(slots: Slots, code: str) -> Slots:
    slot = SLOT_OF[code]
    if code == "unsure_route":
        return replace(slots, destinations=(), origin=None)
    if slot == "destination":
        return replace(slots, destinations=())
    if slot == "origin":
        return replace(slots, origin=None)
    if code in _LENGTH:
        return replace(slots, end=None, nights=None, duration_days=None)
    if code == "unsure_start" and slots.start and slots.end and not slots.window:  # as long as it was, from another day
        slots = replace(slots, nights=(slots.end - slots.start).days, duration_days=None)
    if slot == "dates":
        return replace(slots, start=None, end=None, window=False, month=None)
    if slot == "party":
        return replace(slots, passengers=None, children=None)
    if slot == "budget":
        return replace(slots, budget_total=None, budget_per_person=None, budget_per_night=None)
    return slots
