"""Requirements that rule offers out or fix the hours of a visit: the offers narrowed, so that the solver need not know.

What is left over, about numbers and sums, is for planner.demands. A visit at given times is a request of its own for
each visit that could be it, and so is each side of an "or" about such times: `branches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product
from typing import TypeVar
from zoneinfo import ZoneInfo

from planner.matching import Thing, picks, thing
from planner.model import ActivityOffer, Offer, Offers, OpenSpan, TripRequest
from planner.requirements import AllOf, AnyOf, Apart, Count, Every, Order, Rule, Spend, Timed, Which

BRANCHES = 24  # readings of one request that are planned at most
CHOICES = 6  # visits tried for one visit at given times, best first

Permits = Callable[[Thing], bool]
_Offer = TypeVar("_Offer", bound=Offer)


@dataclass(frozen=True, slots=True)
class Branch:
    """One reading of a request: what is left to require, and the offers that keep the rest."""

    request: TripRequest
    offers: Offers


def branches(request: TripRequest, offers: Offers) -> Iterator[Branch]:
    """The readings of a request, at least one; any plan of any of them keeps all requirements of the request."""
    readings = [[replace(each, rule=rule) for rule in _readings(each.rule, offers)] for each in request.requirements]
    for chosen in islice(product(*readings), BRANCHES):
        asked = replace(request, requirements=chosen)
        yield Branch(asked, _timed(narrowed(offers, asked), asked))


def permits(request: TripRequest) -> Permits:
    """Whether the requirements leave a thing in at all."""
    rules = [rule for requirement in request.requirements for rule in _plain(requirement.rule)]
    bans = [rule.which for rule in rules if isinstance(rule, Count) and rule.most == 0]
    musts = [(rule.which, rule.must) for rule in rules if isinstance(rule, Every)]

    def permitted(it: Thing) -> bool:
        return not any(picks(ban, it) for ban in bans) and all(not picks(a, it) or picks(b, it) for a, b in musts)

    return permitted


def narrowed(offers: Offers, request: TripRequest) -> Offers:
    """The offers without those that the requirements rule out."""
    if not request.requirements:
        return offers
    allowed, zone = permits(request), ZoneInfo(offers.zone)

    def left(pool: Sequence[_Offer]) -> tuple[_Offer, ...]:
        return tuple(offer for offer in pool if allowed(thing(offer, zone)))

    return replace(
        offers,
        transports=left(offers.transports),
        stays=left(offers.stays),
        activities=left(offers.activities),
        transfers=left(offers.transfers),
    )


def selectors(request: TripRequest) -> Iterator[Which]:
    """Every selector in the requirements."""
    rules = [requirement.rule for requirement in request.requirements]
    while rules:
        match rules.pop(0):
            case Count(which) | Spend(which) | Timed(which):
                yield which
            case Every(one, other) | Apart(one, other) | Order(one, other):
                yield one
                yield other
            case AnyOf(several) | AllOf(several):
                rules.extend(several)


def precedence(request: TripRequest) -> Callable[[ActivityOffer, ActivityOffer], bool] | None:
    """Whether the first of two visits must never come after the second; None when no order is required."""
    rules = [rule for requirement in request.requirements for rule in _plain(requirement.rule)]
    pairs = [(rule.first, rule.then) for rule in rules if isinstance(rule, Order)]
    if not pairs:
        return None

    def before(one: ActivityOffer, other: ActivityOffer) -> bool:
        return any(picks(first, thing(one, UTC)) and picks(then, thing(other, UTC)) for first, then in pairs)

    return before


def _plain(rule: Rule) -> Iterator[Rule]:
    """The rules that hold whatever else does."""
    if isinstance(rule, AllOf):
        for each in rule.rules:
            yield from _plain(each)
    elif not isinstance(rule, AnyOf):
        yield rule


def _readings(rule: Rule, offers: Offers) -> list[Rule]:
    """The rule with each visit at given times settled on one visit; only rules about such times are split."""
    match rule:
        case Timed(which):
            zone = ZoneInfo(offers.zone)
            found = [offer for offer in offers.activities if picks(which, thing(offer, zone))]
            best = sorted(found, key=lambda offer: (-offer.score, offer.id))[:CHOICES]
            return [replace(rule, which=Which(names=(offer.id,))) for offer in best] or [rule]
        case AnyOf(rules) if any(_about_times(each) for each in rules):
            return [reading for each in rules for reading in _readings(each, offers)]
        case AllOf(rules):
            return [AllOf(parts) for parts in islice(product(*(_readings(each, offers) for each in rules)), BRANCHES)]
        case _:
            return [rule]


def _about_times(rule: Rule) -> bool:
    return isinstance(rule, Timed) or (isinstance(rule, AnyOf | AllOf) and any(_about_times(r) for r in rule.rules))


# -- visits at given times ---------------------------------------------------------------------------------------------


def _timed(offers: Offers, request: TripRequest) -> Offers:
    """The visits that have their times given, open at these times only and as long as asked."""
    rules = [rule for r in request.requirements for rule in _plain(r.rule) if isinstance(rule, Timed)]
    activities = offers.activities
    for rule in rules:
        activities = tuple(
            _at(offer, rule, request, offers) if offer.id in rule.which.names else offer for offer in activities
        )
    return replace(offers, activities=activities)


def _at(offer: ActivityOffer, rule: Timed, request: TripRequest, offers: Offers) -> ActivityOffer:
    """The visit, long enough, with one session for each opening from the first to the last moment it may begin."""
    zone = ZoneInfo(offers.zone)
    there = 0
    if rule.begins is not None and rule.ends is not None:
        there = _minutes(rule.ends) - _minutes(rule.begins)
    length = timedelta(minutes=max(offer.minutes, rule.minutes or 0, there))
    sessions = []
    for n in range(request.nights + 1):
        day = request.start + timedelta(days=n)
        begins, ends, after, before = (
            None if at is None else datetime.combine(day, at, zone)
            for at in (rule.begins, rule.ends, rule.not_before, rule.not_after)
        )
        for opens, closes in _open(offer, day, zone):
            earliest = [opens, begins and begins - length, ends and ends - length, after]
            latest = [closes - length, begins, ends, before and before - length]
            first, last = max(filter(None, earliest)), min(filter(None, latest))
            if first <= last:
                sessions.append((first, last + length))
    if not sessions:
        return replace(offer, sessions=(), spans=(OpenSpan(frozenset(), time(0), time(1)),))  # never open
    return replace(offer, sessions=tuple(sessions), minutes=int(length / timedelta(minutes=1)))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _open(offer: ActivityOffer, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The openings that begin on a day; a visit with no known hours can be at any hour of daylight."""
    if offer.sessions:
        yield from (session for session in offer.sessions if session[0].astimezone(zone).date() == day)
        return
    if (day.month, day.day) in offer.closed_on:
        return
    spans = offer.spans or (OpenSpan(frozenset(range(7)), time(7), time(18)),)
    for span in spans:
        if day.weekday() in span.weekdays:
            opens = datetime.combine(day, span.opens, zone)
            closes = datetime.combine(day, span.closes, zone)
            yield opens, closes if closes > opens else closes + timedelta(days=1)
