"""The whole plan as plain text for a terminal: every line of it, with prices, checks and booking links."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from bot.documents import findings, phrases
from bot.documents.labels import label
from bot.i18n import day, kes
from planner.model import Day, Item, Itinerary

WIDTH = 88
_INDENT = "      "


def render(itinerary: Itinerary, lang: str) -> str:
    """The plan card in full; ends with a line break."""
    return "\n".join(_lines(itinerary, lang)) + "\n"


def _lines(plan: Itinerary, lang: str) -> Iterator[str]:
    request = plan.request
    facts = (phrases.clean(plan.title), *phrases.trip_facts(lang, request))
    good, verdict = findings.verdict(lang, plan)
    yield from wrap(" · ".join(facts), WIDTH)
    yield f"{kes(plan.total_kes)} {phrases.budget(lang, plan)}"
    if request.party.size > 1:
        yield label(lang, "per_person", amount=kes(plan.per_person_kes))
    yield f"{verdict} ✓" if good else verdict
    if note := phrases.unpriced_note(lang, plan):
        yield note
    for one in plan.days:
        yield ""
        yield from _day(plan, one, lang)
    yield from _section(label(lang, "alternatives"), _alternatives(plan, lang))
    checks = (f"{'✓' if check.ok else '✗'} {findings.finding(lang, check)}" for check in plan.checks)
    yield from _section(label(lang, "checked"), checks)
    unknowns = (f"? {findings.unknown(lang, what)}" for what in findings.merged(plan.unknowns))
    yield from _section(label(lang, "not_checked"), unknowns)


def _day(plan: Itinerary, one: Day, lang: str) -> Iterator[str]:
    yield f"{day(lang, one.date)} · {phrases.place_name(one.place)}"
    for item in phrases.in_order(one.items):
        yield from _item(item, lang)
    if not one.items:
        yield f"   {label(lang, 'nothing')}"
    if stay := phrases.night(plan, one.date):
        words = label(lang, "night_at", stay=phrases.title(lang, stay))
        yield from wrap(words, WIDTH, initial_indent="   ", subsequent_indent=_INDENT)


def _item(item: Item, lang: str) -> Iterator[str]:
    start, end = phrases.times(lang, item)
    when = f"{start}–{end}" if end else start
    head = " ".join(part for part in (phrases.icon(item), when, phrases.title(lang, item)) if part)
    yield from wrap(f"{head} · {phrases.priced(lang, item)}", WIDTH, subsequent_indent=_INDENT)
    if remarks := " · ".join(phrases.remarks(lang, item)):
        yield from wrap(remarks, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    if url := phrases.web_link(item.booking_url):
        yield _INDENT + phrases.disclosed(lang, label(lang, "booking", url=url), url)


def _alternatives(plan: Itinerary, lang: str) -> Iterator[str]:
    titles = {item.id: item.title for item in plan.items}
    for other in plan.alternatives:
        words = f"· {phrases.rival(lang, other)}: {phrases.difference(lang, other, plan.request.party.size)}"
        if instead := titles.get(other.instead_of):
            words += f" ({label(lang, 'instead_of', title=phrases.clean(instead))})"
        yield words


def _section(heading: str, entries: Iterator[str]) -> Iterator[str]:
    lines = [line for entry in entries for line in wrap(entry, WIDTH, subsequent_indent="  ")]
    if lines:
        yield ""
        yield heading
        yield from lines
