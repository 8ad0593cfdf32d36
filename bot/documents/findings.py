"""What was checked, what was not, and whether the plan holds, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.documents import phrases
from bot.documents.labels import has, label
from bot.i18n import listed, month
from bot.present.sources import provider_name
from planner.model import Finding, Itinerary, Unknown

_OF_SOURCES = ("unreached", "older")


def unknown(lang: str, what: Unknown) -> str:
    """One sentence about something the plan could not check."""
    key = f"unknown_{what.code}"
    subject, detail = phrases.clean(what.subject), _dated(lang, phrases.clean(what.detail))
    if what.code in _OF_SOURCES:
        subject = listed(lang, [provider_name(name, lang) for name in subject.split("; ")])
    if has(key) and subject:
        return label(lang, key, subject=subject, detail=detail)
    topic = label(lang, f"topic_{what.code}") if has(f"topic_{what.code}") else what.code.replace("_", " ").capitalize()
    rest = " – ".join(part for part in (subject, detail) if part)
    return f"{topic}: {rest}" if rest else topic


def _dated(lang: str, detail: str) -> str:
    """An ISO date as a month, anything else as it is."""
    try:
        return month(lang, date.fromisoformat(detail))
    except ValueError:
        return detail


def merged(unknowns: Sequence[Unknown]) -> list[Unknown]:
    """The same things, with those of one kind and detail in one line: subjects in a row."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for what in unknowns:
        kinds.setdefault((what.code, what.detail), []).append(what.subject)
    return [
        Unknown(code, "; ".join(dict.fromkeys(filter(None, subjects))), detail)
        for (code, detail), subjects in kinds.items()
    ]


def finding(lang: str, check: Finding) -> str:
    """What holds, as a sentence; of a broken rule, what is wrong."""
    key, detail = f"rule_{check.rule}", phrases.clean(check.detail)
    if has(key) and (check.ok or not detail):
        return f"{label(lang, key)} {detail}".strip()
    return detail or check.rule.replace("_", " ").capitalize()


def verdict(lang: str, plan: Itinerary) -> tuple[bool, str]:
    """Whether every check passed, and the sentence that says so."""
    failed = sum(not check.ok for check in plan.checks)
    if not plan.checks:
        return False, label(lang, "no_checks")
    if failed:
        return False, label(lang, "checks_failed", failed=failed, n=len(plan.checks))
    return True, label(lang, "checks_passed", n=len(plan.checks))
