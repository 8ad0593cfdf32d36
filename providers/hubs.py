"""Towns to change in: where no departure goes all the way, the guide knows which towns have one from and one to there.

Whether a town lies sensibly on the way is reckoned by road (roads.py), whatever one then travels by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cache

from planner.model import Place
from providers.guidebook import GuideRow, places, rows, slug, table
from providers.points import gates
from providers.roads import Network, between, network

DETOUR = 1.4  # the way through a town takes at most so many times the straight one: our judgement
MOST = 2  # towns asked about for one leg


class _Route(GuideRow):
    origin: str
    destination: str
    both_ways: bool
    status: str


class _Train(GuideRow):
    origin: str
    destination: str
    stops: str | None = None


class _Flight(GuideRow):
    origin_iata: str
    destination_iata: str


def hubs(origin: Place, destination: Place) -> list[Place]:
    """At most MOST towns in which one can change on the way, those with the most connections first."""
    roads = network(table("intercity.csv"))
    found = [
        town
        for town in places().values()
        if town.slug not in (origin.slug, destination.slug)
        and _linked(_ends(origin), _own_ends(town))
        and _linked(_own_ends(town), _ends(destination))
        and _on_the_way(origin, town, destination, roads)
    ]
    return sorted(found, key=lambda town: (-_connections()[town.slug], town.slug))[:MOST]


def _linked(starts: Set[str], ends: Set[str]) -> bool:
    return any(not ends.isdisjoint(_lines().get(start, ())) for start in starts)


def _on_the_way(origin: Place, town: Place, destination: Place, roads: Network) -> bool:
    """Whether it is no long way round, as far as it is known where the two ends are."""
    if town.lat is None:
        return False
    ways = [between(a, b, roads) for a, b in ((origin, destination), (origin, town), (town, destination))]
    straight, *parts = (way.minutes if way else None for way in ways)
    known = [minutes for minutes in parts if minutes is not None]
    return straight is None or len(known) < len(parts) or sum(known) <= DETOUR * straight


@cache
def _connections() -> Mapping[str, int]:
    """How many lines leave each town."""
    return {town.slug: sum(len(_lines().get(end, ())) for end in _own_ends(town)) for town in places().values()}


@cache
def _own_ends(town: Place) -> frozenset[str]:
    """The stage, stations and airports of a town."""
    return frozenset((f"stage:{town.slug}", f"station:{town.slug}", *(spot.id for spot in gates(town.slug))))


def _ends(town: Place) -> frozenset[str]:
    """Where one gets on and off for a town: its own stage, stations and airports, and the nearest it is given."""
    near = [f"station:{slug(town.station)}"] if town.station else []
    near += [f"airport:{town.airport}"] if town.airport else []
    return _own_ends(town).union(near)


@cache
def _lines() -> Mapping[str, Set[str]]:
    """Where each stage, station and airport of the guide has departures to."""
    found: dict[str, set[str]] = defaultdict(set)
    for start, end in _pairs():
        found[start].add(end)
    return found


def _pairs() -> Iterator[tuple[str, str]]:
    for route in rows(_Route, table("bus_routes.csv")):
        if not route.status.startswith("suspended"):
            ends = (f"stage:{route.origin}", f"stage:{route.destination}")
            yield ends
            if route.both_ways:
                yield ends[::-1]
    for train in rows(_Train, table("sgr.csv")):
        calls = [train.origin, *(stop for stop in (train.stops or "").split(";") if stop), train.destination]
        stations = [f"station:{slug(call)}" for call in calls]
        yield from ((a, b) for n, a in enumerate(stations) for b in stations[n + 1 :])
    for flight in rows(_Flight, table("flights.csv")):
        airports = (f"airport:{flight.origin_iata}", f"airport:{flight.destination_iata}")
        yield airports
        yield airports[::-1]
