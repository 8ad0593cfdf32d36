"""Local rides: from stage, station and airport to bed, and around town.

What it is: `guide/transfers.csv`: the few fares and times anyone printed, `guide/intercity.csv`: road distances between
towns; for every other pair an estimate from the distance (reckoned in roads.py). The fares are here and nowhere else:

    taxi     = KES 200 + 60 a km, a car for every four people. 60 is the mean of the two printed taxi fares with a
               known distance: 600 for the 20 km from JKIA by ride app (2020, a floor) is 30 a km, 4,000 from Miritini
               to Diani (2019, about 45 km) is 89 a km. The start of 200 is ours: a short hop is not nearly free
    matatu   = the printed fare range of the city, planned at its high end; the road's time x 1.5, and 10 min to wait
    on foot  = up to 1.5 km, 4.5 km/h, free; after dark only a few steps, else the taxi

Terms: published facts, each with its source and date.
Limits: no live quotes. Fares in dollars are not used: no exchange rate is stored. Commuter trains are left out, as
their times are not known.
Oddities: the way from the airport or terminus of Mombasa to Diani is by the toll-free Dongo Kundu bypass, no ferry.
On Lamu there are no cars: boats, whose fares are in no source, are planned at the taxi figure.
Not verified: today's taxi fares anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

import httpx

from planner.model import Mode, Offer, Party, Price, Spot, SpotKind, TransferOffer
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, centre, estimate, km_between, places, price_of, rows, slug, table
from providers.points import MAP_CREDIT, POINT, gates, named
from providers.roads import VAGUE, Road, drive_minutes, network, way_between

FARTHEST_KM = 140.0
TAXI_START, TAXI_PER_KM, TAXI_SEATS = 200, 60, 4
WALK_KM, WALK_KMH = 1.5, 4.5
_STEPS = 5  # minutes one walks at night, too
_TOWN_KM = 5  # a fare printed for "the town" holds this far from its centre
_TUKTUK_SEATS = 3
_ISLANDS = frozenset({"lamu"})
UBER_TOWNS = frozenset({"nairobi", "mombasa", "nyali", "bamburi"})  # the two cities known to have Uber, with suburbs
_MATATU_NOTE = "Matatus run by day and carry little luggage"


class _Row(GuideRow):
    from_place: str
    to_place: str
    from_slug: str
    to_slug: str
    mode: str
    fare_kes_low: int | None = None
    fare_kes_high: int | None = None
    minutes_low: int | None = None
    minutes_high: int | None = None
    note: str | None = None


_Ends = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Book:
    """What is printed: rides by their two ends, rides within a city by mode and town, roads by their two towns."""

    rides: Mapping[_Ends, tuple[_Row, ...]]
    city: Mapping[tuple[str, str], _Row]
    roads: Mapping[_Ends, Road]

    @classmethod
    def of(cls, transfers: bytes, roads: bytes) -> _Book:
        """Index the two tables."""
        rides: dict[_Ends, tuple[_Row, ...]] = {}
        city: dict[tuple[str, str], _Row] = {}
        for row in rows(_Row, transfers):
            ends = _nodes(row)
            rides[ends] = (*rides.get(ends, ()), row)
            if row.from_place == row.to_place:
                city.setdefault((row.mode, row.from_slug), row)
        return cls(rides, city, network(roads))


@dataclass(frozen=True, slots=True)
class _Way:
    """A pair of spots with its road distance, and what is printed about it."""

    origin: Spot
    destination: Spot
    km: float
    minutes: int
    how: str
    printed: tuple[_Row, ...]


def parse(transfers: bytes, roads: bytes, query: Query) -> list[TransferOffer]:
    """Rides for every ordered pair of the query's spots, or for the two points a traveller named."""
    book = _Book.of(transfers, roads)
    offers: list[TransferOffer] = []
    for origin, destination in pairs(query):
        way = _way(origin, destination, book)
        if way.km <= FARTHEST_KM:
            rides = _rides(way, query.party, book)
            offers += _driven(way, rides) if Mode.CAR in query.wishes.modes_wanted else rides
    return offers


def pairs(query: Query) -> list[tuple[Spot, Spot]]:
    """The rides asked for: all pairs of `spots`, the two named points, or every gate of the town to its middle."""
    if query.ends is not None:
        return [query.ends] if query.ends[0].id != query.ends[1].id else []
    if query.spots:
        return [pair for pair in permutations(query.spots, 2) if pair[0].id != pair[1].id]
    if query.origin_point or query.destination_point or query.origin not in (None, query.destination):
        start = named(query.origin_point, query.origin or query.destination)
        end = named(query.destination_point, query.destination)
        return [(start, end)] if start.id != end.id else []
    return [(gate, centre(query.destination)) for gate in gates(query.destination.slug)]


def _way(origin: Spot, destination: Spot, book: _Book) -> _Way:
    road = way_between(origin, destination, book.roads)
    printed = book.rides.get(frozenset((_node(origin), _node(destination))), ())
    minutes = max((row.minutes_high or 0 for row in printed if _kind(row) in ("car", "boat")), default=0)
    return _Way(origin, destination, road.km, minutes or road.minutes, road.how, printed)


def _rides(way: _Way, party: Party, book: _Book) -> Iterator[TransferOffer]:
    if way.km <= WALK_KM and SpotKind.AIRPORT not in (way.origin.kind, way.destination.kind):
        minutes = max(5, 5 * -(-round(way.km / WALK_KMH * 60) // 5))
        yield _ride(way, Mode.WALK, minutes, estimate(0, "walking is free"), "On foot")
        if minutes > _STEPS and not _on_island(way):
            yield _taxi(way, party)
        return
    if _on_island(way):
        yield _ride(
            way,
            Mode.FERRY,
            way.minutes,
            _by_distance(way, party),
            "By boat; no fare is published, so it is counted like a taxi",
        )
        return
    yield _taxi(way, party)
    yield from _matatu(way, party, book)
    yield from _tuktuk(way, party, book)


def _on_island(way: _Way) -> bool:
    """Where there are no cars."""
    return {way.origin.place, way.destination.place} <= _ISLANDS


def _driven(way: _Way, rides: Iterator[TransferOffer]) -> Iterator[TransferOffer]:
    """In an own car: walks and boats stay, a taxi becomes a drive that this guide cannot price."""
    for ride in rides:
        if ride.mode in (Mode.WALK, Mode.FERRY):
            yield ride
        elif ride.mode is Mode.TAXI:
            yield _ride(way, Mode.CAR, ride.minutes, estimate(0, "your own car: fuel and parking are not counted"))


def _taxi(way: _Way, party: Party) -> TransferOffer:
    cars = -(-party.size // TAXI_SEATS)
    fares = [row for row in way.printed if _kind(row) == "car" and (row.fare_kes_high or row.fare_kes_low)]
    notes = [f"{cars} cars"] if cars > 1 else []
    notes += _by_water_or_bypass(way)
    if fares:
        row = fares[0]
        low, high = row.fare_kes_low or 0, row.fare_kes_high
        note = f"a fare of {row.as_of:%b %Y}; treat as a floor" if row.as_of else "an old fare; treat as a floor"
        price = price_of(row, high or low, low=low, high=high, note=note).times(cars)
        return _ride(way, Mode.TAXI, way.minutes, price, *notes)
    return _ride(way, Mode.TAXI, way.minutes, _by_distance(way, party), *notes)


def _by_distance(way: _Way, party: Party) -> Price:
    cars = -(-party.size // TAXI_SEATS)
    each = 50 * round((TAXI_START + TAXI_PER_KM * way.km) / 50)
    return estimate(each * cars, f"about {way.km:.0f} km ({way.how}) at KES {TAXI_START} + {TAXI_PER_KM} a km")


def _matatu(way: _Way, party: Party, book: _Book) -> Iterator[TransferOffer]:
    for printed in way.printed:
        if _kind(printed) == "matatu" and printed.fare_kes_high:
            price = price_of(printed, printed.fare_kes_high * party.size, note="an old fare; treat as a floor")
            yield _ride(way, Mode.MATATU, printed.minutes_high or _matatu_minutes(way), price, _MATATU_NOTE)
            return
    # Within a city its general fare holds; a way from a terminus or airport is no plain city ride.
    if way.origin.place != way.destination.place or not _city_ride(way.origin) or not _city_ride(way.destination):
        return
    row = book.city.get(("matatu", way.origin.place))
    if row is not None and row.fare_kes_high:
        low, high = (row.fare_kes_low or 0) * party.size, row.fare_kes_high * party.size
        price = price_of(row, high, low=low, high=high, note="range for a ride in the city")
        yield _ride(way, Mode.MATATU, _matatu_minutes(way), price, _MATATU_NOTE)


def _city_ride(spot: Spot) -> bool:
    return spot.kind not in (SpotKind.AIRPORT, SpotKind.STATION, SpotKind.JETTY)


def _matatu_minutes(way: _Way) -> int:
    return 5 * round((drive_minutes(way.km) * 1.5 + 10) / 5)


def _tuktuk(way: _Way, party: Party, book: _Book) -> Iterator[TransferOffer]:
    if way.km > _TOWN_KM or way.origin.place != way.destination.place:
        return
    row = book.city.get(("tuk-tuk", way.origin.place))
    if row is not None and row.minutes_high:
        tuktuks = -(-party.size // _TUKTUK_SEATS)
        high = row.fare_kes_high or row.fare_kes_low or 0
        price = price_of(row, high, low=row.fare_kes_low, high=high).times(tuktuks)
        yield _ride(way, Mode.TUKTUK, max(row.minutes_high, way.minutes), price)


def _ride(way: _Way, mode: Mode, minutes: int, price: Price, *notes: str) -> TransferOffer:
    return TransferOffer(
        id=f"transfer:{mode}:{way.origin.id}>{way.destination.id}",
        mode=mode,
        origin=way.origin,
        destination=way.destination,
        minutes=minutes,
        price=price,
        booking_url=_link(way) if mode is Mode.TAXI else None,
        notes=(*(note for note in notes if note), *_credits(way)),
        provider=GuideTransfers.name,
        by_day=mode is Mode.MATATU or (mode is Mode.WALK and minutes > _STEPS and not _on_island(way)),
    )


def _credits(way: _Way) -> Iterator[str]:
    """Points in a traveller's words have a position only when it was looked up on the map."""
    if any(spot.id.startswith(POINT) and spot.lat is not None for spot in (way.origin, way.destination)):
        yield MAP_CREDIT


def _link(way: _Way) -> str | None:
    ends = (way.origin, way.destination)
    if all(spot.place in UBER_TOWNS and spot.lat is not None for spot in ends) and way.km < 60:
        return links.uber(way.origin, way.destination)
    return None


def _by_water_or_bypass(way: _Way) -> Iterator[str]:
    """Between Mombasa and the south coast there is a bypass from the mainland, and a ferry from the island."""
    ends = (way.origin, way.destination)
    if {"mombasa", "diani"} != {spot.place for spot in ends}:
        return
    if any(spot.kind in (SpotKind.AIRPORT, SpotKind.STATION) for spot in ends):
        yield "By the toll-free Dongo Kundu bypass, no ferry"
    else:
        yield (
            "By the toll-free Dongo Kundu bypass; the Likoni ferry is shorter, free on foot and KES 150 for a small "
            "car in 2020, with an hour or more to wait at busy times"
        )


def _kind(row: _Row) -> str:
    if "taxi" in row.mode or "ride app" in row.mode or row.mode.startswith("car"):
        return "car"
    if "boat" in row.mode:
        return "boat"
    return "matatu" if "matatu" in row.mode else row.mode


def _nodes(row: _Row) -> _Ends:
    return frozenset((_row_node(row.from_place, row.from_slug), _row_node(row.to_place, row.to_slug)))


def _row_node(name: str, town: str) -> str:
    """An end of a printed row as a spot id, or `town:<slug>` for the town as a whole."""
    if code := re.search(r"\(([A-Z]{3})\)", name):
        return f"airport:{code[1]}"
    for station in ("Nairobi Terminus", "Mombasa Terminus", "Nairobi Central Station"):
        if name.startswith(station):
            return f"station:{slug(station)}"
    if name.startswith("Lamu airport"):
        return "airport:LAU"
    if name.startswith("Mokowe"):
        return "jetty:mokowe"
    return f"other:{slug(name)}" if "Likoni" in name or "/" in name or "(city)" in name else f"town:{town}"


def _node(spot: Spot) -> str:
    """A spot as an end of a printed row: itself for gates, its town for what lies in the middle of it."""
    if spot.kind in (SpotKind.AIRPORT, SpotKind.STATION, SpotKind.JETTY):
        return spot.id
    town = places().get(spot.place)
    if spot.kind in VAGUE and (spot.lat is not None or town is None or town.kind != "city"):
        return f"town:{spot.place}"
    km = km_between(spot, town) if town is not None else None
    return f"town:{spot.place}" if km is not None and km <= _TOWN_KM else spot.id


class GuideTransfers:
    """Taxis, matatus and walks, from the guide and by distance."""

    name: ClassVar[str] = "guide_transfers"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TRANSFERS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Every place of the gazetteer; across the border the figures are still Kenyan ones."""
        return query.kind in self.kinds and query.destination.slug in places()

    async def search(self, query: Query) -> Sequence[Offer]:
        """Rides from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("transfers.csv"), table("intercity.csv"), query)


PROVIDER: type[Provider] = GuideTransfers
