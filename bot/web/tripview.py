"""An itinerary as the words of its page: what the template shows, with nothing left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import i18n
from bot.documents import findings, phrases
from bot.documents.labels import label
from bot.present.words import affiliate
from bot.replies import Link
from planner.model import Item, ItemType, Itinerary


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on one day. Empty strings are not shown."""

    icon: str
    kind: str
    time: str
    title: str
    remarks: tuple[str, ...]
    price: str
    basis: str
    known: bool  # whether `price` is an amount
    book: str
    host: str
    paid: str  # that somebody pays us for the link
    firm: bool  # worth booking ahead: not a local ride


@dataclass(frozen=True, slots=True)
class DayView:
    """One day: "Day 1", "Fri 27 Nov", and its lines."""

    number: str
    date: str
    iso: str
    lines: tuple[Line, ...]
    night: str


@dataclass(frozen=True, slots=True)
class TripView:
    """The page."""

    title: str
    facts: str
    total: str
    budget: str
    spent: int | None  # percent of the budget, at most 100
    over: bool
    per_person: str
    unpriced: str
    days: tuple[DayView, ...]
    sound: bool
    verdict: str
    checks: tuple[tuple[bool, str], ...]
    unknowns: tuple[str, ...]
    made: str
    trust: str
    credit: Link | None  # who is named for exchange rates


def view(plan: Itinerary, lang: str, ways_out: Mapping[str, str], now: datetime) -> TripView:
    """The page in `lang` as read at `now`; `ways_out` maps item ids to the address of their booking button."""
    limit = plan.request.budget_kes
    sound, verdict = findings.verdict(lang, plan)
    made = [label(lang, "version", n=plan.version)]
    if plan.created_at:
        made.append(label(lang, "made", date=i18n.day_full(lang, plan.created_at.astimezone(i18n.NAIROBI))))
    return TripView(
        title=plan.title,
        facts=" · ".join(phrases.trip_facts(lang, plan.request)),
        total=i18n.kes(plan.total_kes),
        budget=phrases.budget(lang, plan),
        spent=min(100, -(-100 * plan.total_kes // limit)) if limit else None,
        over=limit is not None and plan.total_kes > limit,
        per_person=label(lang, "per_person", amount=i18n.kes(plan.per_person_kes)),
        unpriced=phrases.unpriced_note(lang, plan),
        days=_days(plan, lang, ways_out, now),
        sound=sound,
        verdict=verdict,
        checks=tuple(
            (check.ok, findings.finding(lang, check)) for check in sorted(plan.checks, key=lambda check: check.ok)
        ),
        unknowns=tuple(findings.unknown(lang, what) for what in findings.merged(plan.unknowns)),
        made=" · ".join(made),
        trust=phrases.trust(lang, plan),
        credit=phrases.credit(plan),
    )


def _days(plan: Itinerary, lang: str, ways_out: Mapping[str, str], now: datetime) -> tuple[DayView, ...]:
    days = []
    for number, day in enumerate(plan.days, 1):
        stay = phrases.night(plan, day.date)
        days.append(
            DayView(
                number=label(lang, "day", n=number),
                date=i18n.day(lang, day.date),
                iso=day.date.isoformat(),
                lines=tuple(_line(item, lang, ways_out.get(item.id, ""), now) for item in phrases.in_order(day.items)),
                night=label(lang, "night_at", stay=phrases.title(lang, stay)) if stay else "",
            )
        )
    return tuple(days)


def _line(item: Item, lang: str, book: str, now: datetime) -> Line:
    start, end = phrases.times(lang, item)
    if phrases.bed(item):
        end = ""  # the remarks say how many nights
    charged = item.price is not None and item.price.kes > 0
    return Line(
        icon=phrases.icon(item),
        kind=label(lang, f"type_{item.type}"),
        time="–".join(clock for clock in (start, end) if clock),
        title=phrases.title(lang, item),
        remarks=phrases.remarks(lang, item),
        price=phrases.shillings(item.price) if item.price and charged else phrases.amount(lang, item),
        basis=" · ".join(phrases.basis(lang, item.price, now)),
        known=charged,
        book=book,
        host=phrases.host(item.booking_url or ""),
        paid=affiliate(lang, item.booking_url),
        firm=item.type is not ItemType.TRANSFER,
    )
