"""Long-distance coaches, shuttles and matatus of the guide.

What it is: `guide/bus_routes.csv`: routes, fares and the few published clock times of some 28 companies, read in the
press, in guidebooks and in trip reports; road times of `guide/intercity.csv` where a route has none.
Terms: published facts, each with its source and date.
Limits: no seats, no live fares. A fare is usually some years old and therefore a floor: the high end is planned with.
Oddities: most companies publish no clock times. Their departures are slots (`times_assumed`): morning and evening for
rides of six hours and more, noon as well where that is there by eight, three in the day for shorter ones. A company
whose fare is printed for the other direction only takes that one; one whose own fare is not known rides at the range
published for "any operator" of the route, and says so; where there is no such range it is only named (`operators`).
Not verified: every clock time taken from a single trip report. Modern Coast (suspended on 30 December 2022) is never
offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from typing import ClassVar

import httpx

from planner.model import Mode, Offer, Place, Spot, SpotKind, TransportOffer
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, Operator, moment, places, price_of, rows, slug, stage, table
from providers.roads import between, network

_REFUSED = ("modern coast",)
_LONG_RIDE = 6 * 60  # minutes from which there are night coaches
_LONG_SLOTS = (time(7, 30), time(21, 0))
_NOON, _NOON_RIDE = time(12, 0), 8 * 60
_SHORT_SLOTS = (time(7, 30), time(12, 0), time(16, 0))
_UNKNOWN_MINUTES = 120  # for a route whose road is in no table and whose ends have no position: there is none today
_UNNAMED_AS = {"any operator": "Bus of any company", "matatu/shuttle": "Matatu or shuttle"}
_COMMON_WORDS = frozenset({
    "africa", "bus", "buses", "coach", "coaches", "company", "cool", "east", "express", "limited", "ltd", "poa",
    "sacco", "service", "services", "shuttle", "vip",
})  # fmt: skip
_UNNAMED = re.compile(r"^\((.+)\)$")


class _Route(GuideRow):
    operator: str
    origin: str
    destination: str
    both_ways: bool
    departure_times: str | None = None
    duration_min: int | None = None
    fare_kes_low: int | None = None
    fare_kes_high: int | None = None
    fare_usd: str | None = None
    fare_basis: str | None = None
    travel_class: str | None = None
    booking_url: str | None = None
    terminal_origin: str | None = None
    status: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """A route in the direction asked for, with its riding time and where that is from."""

    route: _Route
    fare: _Route
    forward: bool
    minutes: int
    how: str


def parse(routes: bytes, roads: bytes, query: Query) -> list[TransportOffer]:
    """Departures of the query's day between its two places, for routes with a known fare."""
    if query.origin is None:
        return []
    serving = list(_serving(routes, query))
    back = _way_back(routes, query)
    offers: dict[str, TransportOffer] = {}
    timed = {route.operator for route, forward in serving if _clock_times(route, forward)}
    for route, forward in serving:
        fare = _fare_row(route, serving, back)
        if fare is None or (route.operator in timed and not _clock_times(route, forward)):
            continue
        minutes, how = _minutes(route, serving, roads, query.origin, query.destination)
        for offer in _departures(_Run(route, fare, forward, minutes, how), query, query.origin):
            offers.setdefault(offer.id, offer)
    return list(offers.values())


def operators(query: Query, routes: bytes | None = None) -> list[Operator]:
    """Companies that serve the route but whose fare in KES is not known, for naming beside the offers.

    Each is there once, in order of name, with its site and terminal as far as any row of the guide has them.
    """
    routes = table("bus_routes.csv") if routes is None else routes
    serving, back = list(_serving(routes, query)), _way_back(routes, query)
    found: dict[str, Operator] = {}
    for route, forward in serving:
        if _UNNAMED.match(route.operator) or _fare_row(route, serving, back) is not None:
            continue
        known = found.get(route.operator, Operator(route.operator, site_of(route.operator, routes), "", ""))
        found[route.operator] = replace(
            known, terminal=known.terminal or _terminal(route, forward), note=known.note or route.note or ""
        )
    return sorted(found.values(), key=lambda operator: operator.name.casefold())


def site_of(company: str, routes: bytes | None = None) -> str | None:
    """The site of a company that the guide knows by this name, whatever "Coach" or "Express" stands behind it."""
    for route in rows(_Route, table("bus_routes.csv") if routes is None else routes):
        if route.booking_url and names_of(company) & names_of(route.operator):
            return links.operator_site(route.booking_url)
    return None


@cache
def names_of(company: str) -> frozenset[frozenset[str]]:
    """What a company is called, each name as its words without those that all companies bear.

    "Guardian Angel (Guardian Bus Service)" is Guardian Angel, or Guardian; "Express Bus" is no name at all.
    """
    names = (frozenset(slug(name).split("-")) - _COMMON_WORDS - {""} for name in re.split(r"[(/)]", company))
    return frozenset(name for name in names if name)


def _serving(routes: bytes, query: Query) -> Iterator[tuple[_Route, bool]]:
    if query.origin is None:
        return
    asked = (query.origin.slug, query.destination.slug)
    for route in rows(_Route, routes):
        if route.status.startswith("suspended") or route.operator.casefold().startswith(_REFUSED):
            continue
        ends = (route.origin, route.destination)
        if ends == asked:
            yield route, True
        elif route.both_ways and ends == asked[::-1]:
            yield route, False


def _way_back(routes: bytes, query: Query) -> list[_Route]:
    """The rows printed for the other direction."""
    there = (query.destination.slug, query.origin.slug if query.origin else "")
    return [route for route in rows(_Route, routes) if (route.origin, route.destination) == there]


def _fare_row(route: _Route, serving: Sequence[tuple[_Route, bool]], back: Sequence[_Route]) -> _Route | None:
    """The row the fare is taken from: the company's newest, one of its way `back`, else the range of all companies."""
    for table_rows in ([row for row, _ in serving], back):
        own = [row for row in table_rows if row.operator == route.operator and (row.fare_kes_high or row.fare_kes_low)]
        if own:
            return max(own, key=lambda row: row.as_of or date.min)
    return next((row for row, _ in serving if row.operator == "(any operator)" and row.fare_kes_high), None)


def _minutes(
    route: _Route, serving: Sequence[tuple[_Route, bool]], roads: bytes, origin: Place, destination: Place
) -> tuple[int, str]:
    if route.duration_min:
        return route.duration_min, ""
    others = [row.duration_min for row, _ in serving if row.duration_min]
    if others:
        return max(others), "Riding time as published for another company"
    road = between(origin, destination, network(roads))
    return (road.minutes if road else _UNKNOWN_MINUTES), "Riding time is an estimate from the road"


def _clock_times(route: _Route, forward: bool) -> list[time]:
    """Published clock times; they hold for the printed direction only."""
    printed = re.findall(r"\d\d:\d\d", route.departure_times or "") if forward else []
    return [time.fromisoformat(clock) for clock in printed]


def _departures(run: _Run, query: Query, origin: Place) -> Iterator[TransportOffer]:
    route, fare = run.route, run.fare
    published = _clock_times(route, run.forward)
    slots = published or _slots(run.minutes)
    low, high = fare.fare_kes_low or fare.fare_kes_high or 0, fare.fare_kes_high or fare.fare_kes_low or 0
    people = query.party.size
    note = (
        "a fare of some years ago is a floor"
        if fare.operator == route.operator
        else "range of all companies, not this one's own fare"
    )
    for clock in slots:
        depart = moment(query.start, clock)
        yield TransportOffer(
            id=f"bus:{slug(route.operator)}:{origin.slug}:{query.destination.slug}:{depart:%Y-%m-%d-%H%M}",
            mode=_mode(route),
            operator=_name(route),
            service=_name(route),
            origin=_stage(origin),
            destination=_stage(query.destination),
            depart=depart,
            arrive=depart + timedelta(minutes=run.minutes),
            price=price_of(fare, high * people, low=low * people, high=high * people, note=note),
            travel_class=route.travel_class if route.travel_class == "VIP" else "",
            booking_url=links.operator_site(route.booking_url) or (links.BUUPASS if _mode(route) is Mode.BUS else None),
            times_assumed=not published or "trip report" in (route.note or ""),
            notes=tuple(_notes(run, bool(published))),
            provider=GuideBuses.name,
        )


def _slots(minutes: int) -> tuple[time, ...]:
    if minutes < _LONG_RIDE:
        return _SHORT_SLOTS
    return (_LONG_SLOTS[0], _NOON, _LONG_SLOTS[1]) if minutes <= _NOON_RIDE else _LONG_SLOTS


def _notes(run: _Run, published: bool) -> Iterator[str]:
    route = run.route
    if not published:
        if route.departure_times:
            yield "Leaves when full; the time is only a place in the plan"
        else:
            yield "Departure times are not published; ask the company"
    elif "trip report" in (route.note or ""):
        yield "Departure seen in a trip report some years ago; confirm it"
    if terminal := _terminal(route, run.forward):
        yield f"Leaves from {terminal}"
    if run.how:
        yield run.how
    if run.fare.operator != route.operator:
        yield "The company's own fare is not known; this is the range of the route"
    elif run.fare.origin == route.destination:
        yield "The fare is the one printed for the other direction"
    if not route.booking_url and _mode(route) is Mode.BUS:
        yield "The link opens BuuPass, which sells for several companies; for this one it is not confirmed"
    if run.fare.fare_basis:
        yield f"Fare: {run.fare.fare_basis}"


def _terminal(route: _Route, forward: bool) -> str:
    return (route.terminal_origin or "") if forward else ""


def _name(route: _Route) -> str:
    """The company, or what runs there when no company is named."""
    unnamed = _UNNAMED.match(route.operator)
    if unnamed is None:
        return route.operator
    return _UNNAMED_AS.get(unnamed[1], unnamed[1].capitalize())


def _mode(route: _Route) -> Mode:
    kind = (route.travel_class or "").casefold()
    return Mode.MATATU if "matatu" in kind or "shuttle" in kind else Mode.BUS


def _stage(place: Place) -> Spot:
    """Coaches to Lamu end at Mokowe jetty on the mainland; the island is a boat ride away."""
    if place.slug == "lamu":
        return Spot("jetty:mokowe", "Mokowe jetty", "lamu", SpotKind.JETTY)
    return stage(place)


class GuideBuses:
    """Coaches and matatus between towns, from the guide."""

    name: ClassVar[str] = "guide_buses"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Both ends are known places, and not the same one."""
        ends = (query.origin, query.destination)
        known = all(end is not None and end.slug in places() for end in ends)
        return query.kind in self.kinds and known and query.origin != query.destination

    async def search(self, query: Query) -> Sequence[Offer]:
        """Departures of the day from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("bus_routes.csv"), table("intercity.csv"), query)


PROVIDER: type[Provider] = GuideBuses
