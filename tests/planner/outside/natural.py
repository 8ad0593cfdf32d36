"""Problems in the shape of NATURAL PLAN's trip planning (Zheng et al. 2024), made up, and their translation.

So many cities, so many days in each (the day of a flight counts for both ends), direct flights between some of them,
and events that pin days to a city. Generated around a known answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from planner import (
    Basis,
    Count,
    Freedom,
    Itinerary,
    Kind,
    Mode,
    Offers,
    Party,
    Precision,
    Price,
    Requirement,
    Spot,
    SpotKind,
    StayClass,
    StayOffer,
    Stop,
    TransportOffer,
    TripRequest,
    Which,
)

FIRST = date(2026, 3, 1)
FREE = Price(0, Decimal(0), "USD", Basis.GUIDE, "problem", None, Precision.UNDATED)


@dataclass(frozen=True, slots=True)
class Puzzle:
    """`days` in each city; `flights` one way; `events`: in the city from one day to another, both included (from 1)."""

    days: dict[str, int]
    flights: frozenset[tuple[str, str]]
    events: dict[str, tuple[int, int]]

    @property
    def length(self) -> int:
        return sum(self.days.values()) - len(self.days) + 1


def request_of(puzzle: Puzzle) -> TripRequest:
    """The trip begins and ends wherever is best: home is next to everything on the first day, and not come back to."""
    return TripRequest(
        origin="home",
        stops=tuple(Stop(city, nights=days - 1) for city, days in puzzle.days.items()),
        start=FIRST,
        end=FIRST + timedelta(days=puzzle.length - 1),
        party=Party(),
        returns=False,
        requirements=tuple(
            Requirement(f"{city} {how}", Count(which, most=0))
            for city, (first, last) in puzzle.events.items()
            for how, which in _astray(city, first, last)
        ),
        free=Freedom(order=True, nights=True),
        most_changes=0,
        own_arrangements=False,
    )


def _astray(city: str, first: int, last: int) -> Iterator[tuple[str, Which]]:
    """Coming to a city after the first day, or leaving it before the last one, of what one must be there for."""
    transport = frozenset({Kind.TRANSPORT})
    yield "in time", Which(kinds=transport, places=frozenset({city}), arrives_after=_at(first, time(23, 59)))
    yield "long enough", Which(kinds=transport, out_of=frozenset({city}), leaves_before=_at(last, time(0, 1)))


def offers_of(puzzle: Puzzle) -> Offers:
    """One free flight a day for each pair, a free bed in each city."""
    spots = {name: Spot(name, name, name, SpotKind.CENTRE) for name in ("home", *puzzle.days)}
    starts = [("home", city, 1) for city in puzzle.days]
    hops = [(a, b, day) for a, b in sorted(puzzle.flights) for day in range(2, puzzle.length + 1)]
    return Offers(
        transports=tuple(
            TransportOffer(
                id=f"{a}>{b}@{day}",
                mode=Mode.FLIGHT,
                operator="",
                service=f"{a} to {b}",
                origin=spots[a],
                destination=spots[b],
                depart=_at(day, time(10)),
                arrive=_at(day, time(12)),
                price=FREE,
            )
            for a, b, day in (*starts, *hops)
        ),
        stays=tuple(StayOffer(f"bed {city}", city, spots[city], StayClass.MID, FREE, 1, 1) for city in puzzle.days),
        centres=spots,
        zone="UTC",
    )


def _at(day: int, clock: time) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day - 1), clock, UTC)


def days_of(plan: Itinerary) -> dict[str, list[int]]:
    """The days spent in each city, from 1."""
    found: dict[str, list[int]] = {}
    moves = [item for item in plan.items if item.origin is not None and item.destination is not None]
    ends = [(item.start.date() - FIRST).days + 1 for item in moves[1:]] + [plan.request.nights + 1]
    for move, last in zip(moves, ends, strict=True):
        first = (move.start.date() - FIRST).days + 1
        found[move.destination.place if move.destination else ""] = list(range(first, last + 1))
    return found


def generated(seed: int, cities: int, *, density: float = 0.25, events: int = 2) -> Puzzle:
    """A puzzle with an answer: a random walk through all cities, and other flights besides."""
    random = Random(f"{seed} {cities}")
    order = [f"City {chr(65 + n)}" for n in range(cities)]
    random.shuffle(order)
    days = {city: random.randint(2, 5) for city in order}
    flights = set(pairwise(order))
    flights |= {(a, b) for a in order for b in order if a != b and random.random() < density}
    pinned, at = {}, 1
    for city in order:
        pinned[city] = (at, at + days[city] - 1)
        at += days[city] - 1
    chosen = random.sample(order, min(events, cities))
    shown = sorted(days)
    return Puzzle({city: days[city] for city in shown}, frozenset(flights), {city: pinned[city] for city in chosen})
