"""Intents as the JSON of the outside contract, and how well a parser does on labelled messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
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
    by_language: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # by field and language

    @property
    def share(self) -> float:
        """Share of messages wholly understood, 0 … 1."""
        right, total = self.whole.get("all", (0, 0))
        return right / total if total else 0.0

    def table(self) -> str:
        """The figures as aligned text: a line for each field, a column for each language."""
        languages = sorted(lang for lang in self.whole if lang != "all")
        head = f"{'':<22} {'all':>16}" + "".join(f" {lang:>16}" for lang in languages)
        rows = [_row("whole message", [self.whole.get(lang) for lang in ("all", *languages)])]
        for name in SCORED:
            if name in self.by_field:
                counts = (self.by_language.get((name, lang)) for lang in languages)
                rows.append(_row(name, [self.by_field[name], *counts]))
        return "\n".join((head, *rows))


def _row(name: str, counts: Sequence[tuple[int, int] | None]) -> str:
    """ "passengers  2078/2078 100.0%  …"; a dash where no label names the field."""
    cells = (f"{f'{c[0]}/{c[1]}':>9} {c[0] / max(c[1], 1):>6.1%}" if c else f"{'–':>16}" for c in counts)
    return f"{name:<22} " + " ".join(cells)


def score(lines: Sequence[Mapping[str, object]], parser: Parser, today: date | None = None) -> Score:
    """Parse every labelled line (`text`, `today`, `expected`, optional `lang` and `id`) and count what is right.

    A field counts only where the label names it; `lang` of the line is the label of the language.
    """
    by_field: dict[str, tuple[int, int]] = {}
    whole: dict[str, tuple[int, int]] = {}
    by_language: dict[tuple[str, str], tuple[int, int]] = {}
    misses: list[Miss] = []
    for line in lines:
        lang = str(line.get("lang", "?"))
        expected, got = _expected(line), to_json(parser.parse(str(line["text"]), Context(_today(line, today))))
        wrong = {name for name in SCORED if name in expected and not _same(name, expected[name], got.get(name))}
        for name in expected:
            if name in SCORED:
                by_field[name] = _plus(by_field.get(name), name not in wrong)
                by_language[name, lang] = _plus(by_language.get((name, lang)), name not in wrong)
        for group in ("all", lang):
            whole[group] = _plus(whole.get(group), not wrong & set(WHOLE))
        misses += [Miss(str(line.get("id", "")), str(line["text"]), n, expected[n], got.get(n)) for n in sorted(wrong)]
    return Score(by_field, whole, tuple(misses), by_language)


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
