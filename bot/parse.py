"""Intents as the JSON of the outside contract, and how well a parser does on labelled messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time

from bot.intents import Context, Intent, Parser

SCORED = (
    "action", "origin", "destination", "destinations", "start_date", "end_date", "date_is_window", "month", "nights",
    "duration_days", "duration_delta_days", "day", "passengers", "children", "budget_kes", "budget_per_person_kes",
    "budget_per_night_kes", "preferences", "remove", "topic", "operator", "origin_point", "destination_point", "lang",
)  # fmt: skip
WHOLE = ("action", "origin", "destination", "start_date", "end_date", "passengers", "budget_kes")
"""A message counts as understood when all of these are right."""
_ORDER_FREE = frozenset({"preferences", "remove"})
_OF_A_PLAN = frozenset({"edits", "booking"})


def to_json(intent: Intent) -> dict[str, object]:
    """One intent with the names of the contract: absent values are null or [], dates ISO.

    Changes of single things and bookings are left out: they are read beside a plan, which one message does not have.
    """
    return {each.name: _plain(getattr(intent, each.name)) for each in fields(intent) if each.name not in _OF_A_PLAN}


def _plain(said: object) -> object:
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, time):
        return f"{said:%H:%M}"
    if isinstance(said, tuple):
        return list(said)
    return str(said) if isinstance(said, str) else said


@dataclass(frozen=True, slots=True)
class Miss:
    """One field of one message that came out differently."""

    id: str
    text: str
    field: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Score:
    """Right and all, by field and language; `whole` counts messages by language, with the total under "all"."""

    by_field: Mapping[str, tuple[int, int]]
    whole: Mapping[str, tuple[int, int]]
    misses: tuple[Miss, ...] = ()

    @property
    def share(self) -> float:
        """Share of messages wholly understood, 0 … 1."""
        right, total = self.whole.get("all", (0, 0))
        return right / total if total else 0.0

    def table(self) -> str:
        """The figures as aligned text, one line each."""
        rows = [("whole message", *self.whole.get("all", (0, 0)))]
        rows += [(f"  {lang}", *count) for lang, count in sorted(self.whole.items()) if lang != "all"]
        rows += [(name, *self.by_field[name]) for name in SCORED if name in self.by_field]
        return "\n".join(
            f"{name:<22} {right:>4}/{total:<4} {right / max(total, 1):>6.1%}" for name, right, total in rows
        )


def score(lines: Sequence[Mapping[str, object]], parser: Parser, today: date | None = None) -> Score:
    """Parse every labelled line (`text`, `today`, `expected`, optional `lang` and `id`) and count what is right.

    A field counts only where the label names it; `lang` of the line is the label of the language.
    """
    by_field: dict[str, tuple[int, int]] = {}
    whole: dict[str, tuple[int, int]] = {}
    misses: list[Miss] = []
    for line in lines:
        expected, got = _expected(line), to_json(parser.parse(str(line["text"]), Context(_today(line, today))))
        wrong = {name for name in SCORED if name in expected and not _same(name, expected[name], got.get(name))}
        for name in expected:
            if name in SCORED:
                by_field[name] = _plus(by_field.get(name), name not in wrong)
        for group in ("all", str(line.get("lang", "?"))):
            whole[group] = _plus(whole.get(group), not wrong & set(WHOLE))
        misses += [Miss(str(line.get("id", "")), str(line["text"]), n, expected[n], got.get(n)) for n in sorted(wrong)]
    return Score(by_field, whole, tuple(misses))


def _expected(line: Mapping[str, object]) -> dict[str, object]:
    labels = line["expected"]
    if not isinstance(labels, Mapping):
        raise ValueError(f"the label of {line.get('id', line.get('text'))!r} is no object")
    expected = {str(name): label for name, label in labels.items()}
    return expected | ({"lang": line["lang"]} if "lang" in line else {})


def _today(line: Mapping[str, object], fallback: date | None) -> date:
    if said := line.get("today"):
        return date.fromisoformat(str(said))
    if fallback is None:
        raise ValueError(f"no today for {line.get('text')!r}")
    return fallback


def _same(name: str, expected: object, got: object) -> bool:
    if name in _ORDER_FREE and isinstance(expected, Iterable) and isinstance(got, list):
        return sorted(map(str, expected)) == sorted(map(str, got))
    return expected == got


def _plus(count: tuple[int, int] | None, right: bool) -> tuple[int, int]:
    done, total = count or (0, 0)
    return done + right, total + 1
