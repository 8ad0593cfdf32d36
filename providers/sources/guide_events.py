"""Recurring events of the guide.

What it is: `guide/events.csv`: festivals, races and fairs with the rule for their dates, as printed.
Terms: published facts, each with its source.
Limits: no tickets, no prices, no clock times: a day's session runs 10:00–16:00 for want of better.
Oddities: a rule such as "first weekend of August" or "1 January" gives days of the year asked for; everything looser
("November", "last traced 2019") is a hint without sessions, good for an answer and never for a plan.
Not verified: that any of them takes place this year. Every offer says so.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import ClassVar

import httpx

from planner.model import ActivityOffer, ItemType, Offer, Spot, SpotKind
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, moment, rows, slug, table

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPENS, _CLOSES, _MINUTES = time(10, 0), time(16, 0), 360
_SEVERAL = ("several a year", "about four a year")
_WEEKDAY_RULE = re.compile(rf"^(first|last) (weekend|{'|'.join(_WEEK)}) of ([A-Z][a-z]+)(?! or)\b")
_DAY_RULE = re.compile(r"^(\d{1,2}) ([A-Z][a-z]+)$")


class _Event(GuideRow):
    name: str
    town: str
    category: str
    typical_months: str | None = None
    date_rule: str
    known_start: date | None = None
    known_end: date | None = None
    status: str
    event_url: str | None = None
    note: str | None = None


def parse(events: bytes, query: Query) -> list[ActivityOffer]:
    """Events of the query's town: those with days between start and end, then hints of the season without sessions."""
    dated, hinted = [], []
    for event in rows(_Event, events):
        if event.town != query.destination.slug:
            continue
        sessions = [session for session in _sessions(event, query) if _within(session, query)]
        if sessions:
            dated.append(_offer(event, tuple(sessions), query))
        elif not _dates_known(event) and _in_season(event, query):
            hinted.append(_offer(event, (), query))
    return dated + hinted


def event_days(rule: str, year: int) -> list[date]:
    """The days a printed rule gives in a year, empty when the rule is too loose.

    Understood: `first weekend of August`, `last Sunday of September, …`, `1 January`.
    """
    if by_week := _WEEKDAY_RULE.match(rule):
        which, what, month_name = by_week.groups()
        if " or " in rule or month_name[:3] not in _MONTHS:
            return []
        month = _MONTHS.index(month_name[:3]) + 1
        weekday = calendar.SATURDAY if what == "weekend" else _WEEK.index(what)
        days = [day for day in _month(year, month) if day.weekday() == weekday]
        day = days[0] if which == "first" else days[-1]
        return [day, day + timedelta(days=1)] if what == "weekend" else [day]
    if by_day := _DAY_RULE.match(rule):
        return [date(year, _MONTHS.index(by_day[2][:3]) + 1, int(by_day[1]))]
    return []


def _month(year: int, month: int) -> Iterator[date]:
    for day in range(1, calendar.monthrange(year, month)[1] + 1):
        yield date(year, month, day)


def _dates_known(event: _Event) -> bool:
    return bool(event_days(event.date_rule, 2026))


def _sessions(event: _Event, query: Query) -> Iterator[tuple[datetime, datetime]]:
    days = [day for year in range(query.start.year, query.end.year + 1) for day in event_days(event.date_rule, year)]
    if event.known_start is not None:
        last = event.known_end or event.known_start
        days += [event.known_start + timedelta(days=n) for n in range((last - event.known_start).days + 1)]
    for day in sorted(set(days)):
        yield moment(day, _OPENS), moment(day, _CLOSES)


def _within(session: tuple[datetime, datetime], query: Query) -> bool:
    return query.start <= session[0].date() <= query.end


def _in_season(event: _Event, query: Query) -> bool:
    if event.date_rule.startswith(_SEVERAL):
        return True
    months = {_MONTHS.index(month) + 1 for month in (event.typical_months or "").split(";") if month}
    day, asked = query.start, set()
    while day <= query.end:
        asked.add(day.month)
        day += timedelta(days=1)
    return bool(months & asked)


def _offer(event: _Event, sessions: tuple[tuple[datetime, datetime], ...], query: Query) -> ActivityOffer:
    place = query.destination
    first = f":{sessions[0][0]:%Y-%m-%d}" if sessions else ""
    return ActivityOffer(
        id=f"event:{slug(event.name)}{first}",
        name=event.name,
        spot=Spot(f"event:{slug(event.name)}", event.name, place.slug, SpotKind.SIGHT, place.lat, place.lon),
        kind=ItemType.EVENT,
        tags=frozenset({"events", *event.category.split(" and ")}),
        minutes=_MINUTES,
        price=None,
        sessions=sessions,
        score=0.6 if sessions else 0.2,
        booking_url=links.operator_site(event.event_url),
        notes=tuple(_notes(event, bool(sessions))),
        provider=GuideEvents.name,
    )


def _notes(event: _Event, dated: bool) -> Iterator[str]:
    yield f"By the rule: {event.date_rule}" if dated else f"Date not known; usually: {event.date_rule}"
    yield event.status[0].upper() + event.status[1:]
    if dated:
        yield "Clock times, venue and tickets are not in the guide"
    if event.note:
        yield event.note[0].upper() + event.note[1:]


class GuideEvents:
    """Festivals, races and fairs, from the guide."""

    name: ClassVar[str] = "guide_events"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.EVENTS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Places in Kenya."""
        return query.kind in self.kinds and query.destination.country == "KE"

    async def search(self, query: Query) -> Sequence[Offer]:
        """Events from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("events.csv"), query)


PROVIDER: type[Provider] = GuideEvents
