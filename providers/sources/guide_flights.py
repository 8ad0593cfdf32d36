"""Domestic flights of the guide.

What it is: `guide/flights.csv`: one-way fares printed in the press, and `guide/airports.csv`: airports with positions
and published flying times.
Terms: published facts, each with its source and date; booking links open a flight search.
Limits: no seats, no live fares, few routes. Airlines known to fly a route without a known fare are only named
(`operators`).
Oddities: fares were printed for one direction and serve both. Outside the festive peak the newest fare's high end is
planned with, in the peak the highest printed one. Children are planned at the full fare.
Not verified: hardly any clock times are published: departures without are slots at 09:00 and 17:00 (`times_assumed`);
the Friday and Sunday flights between Mombasa and the west date from 2020.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import ClassVar

import httpx
from pydantic import BaseModel, ConfigDict, model_validator

from planner.model import Mode, Offer, Place, Spot, TransportOffer
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, Operator, festive_peak, km_between, moment, price_of, rows, slug, table
from providers.points import airport_spot

_SLOTS = (time(9, 0), time(17, 0))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BLOCK_MINUTES, _CRUISE_KMH = 25, 500  # taxi, climb and landing, then cruising: for routes without a published time
_NEAR_KM = 105  # as the crow flies: some 140 km of road, the farthest a local ride goes
_HUBS = ("NBO", "WIL")


class _Flight(GuideRow):
    airline: str
    origin_iata: str
    destination_iata: str
    depart_time: time | None = None
    arrive_time: time | None = None
    days: str | None = None
    duration_min: int | None = None
    fare_kes_low: int | None = None
    fare_kes_high: int
    note: str | None = None


class _Airport(BaseModel):
    model_config = ConfigDict(frozen=True)

    iata: str | None = None
    name: str
    place_slug: str
    lat: float
    lon: float
    airlines_seen: str | None = None
    scheduled_status: str
    minutes_from_nairobi_high: int | None = None
    service_source_url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unknown(cls, cells: dict[str, str]) -> dict[str, str | None]:
        return {name: text or None for name, text in cells.items()}


def parse(flights: bytes, airports: bytes, query: Query) -> list[TransportOffer]:
    """Flights of the query's day between the airports of its two places, one offer per airline, route and slot."""
    if query.origin is None:
        return []
    fields = {airport.iata: airport for airport in rows(_Airport, airports) if airport.iata}
    leaving, landing = _codes(query.origin, fields), _codes(query.destination, fields)
    offers = []
    routes: dict[tuple[str, str, str], list[_Flight]] = {}
    for flight in rows(_Flight, flights):
        pair = (flight.origin_iata, flight.destination_iata)
        if pair[0] in leaving and pair[1] in landing:
            routes.setdefault((flight.airline, *pair), []).append(flight)
        elif pair[1] in leaving and pair[0] in landing and flight.depart_time is None:
            routes.setdefault((flight.airline, *pair[::-1]), []).append(flight)
    for (_, start, end), fares in routes.items():
        offers += list(_departures(fares, fields[start], fields[end], query))
    return offers


def operators(query: Query, airports: bytes | None = None) -> list[Operator]:
    """Airlines seen at the destination's airport (or the origin's, towards Nairobi) whatever their fare."""
    fields = {a.iata: a for a in rows(_Airport, airports or table("airports.csv")) if a.iata}
    ends = [_codes(end, fields) for end in (query.origin, query.destination) if end is not None]
    if len(ends) < 2 or not any(code in _HUBS for codes in ends for code in codes):
        return []
    away = next((codes for codes in ends if not any(code in _HUBS for code in codes)), ())
    return [
        Operator(airline, None, fields[code].name, f"seen there; service {fields[code].scheduled_status}")
        for code in away
        for airline in (fields[code].airlines_seen or "").split(";")
        if airline and fields[code].scheduled_status != "unverified"
    ]


def airports_of(place: Place) -> tuple[Spot, ...]:
    """The airports of a town as points: those in it, else its nearest one."""
    fields = {airport.iata: airport for airport in rows(_Airport, table("airports.csv")) if airport.iata}
    return tuple(_spot(fields[code]) for code in _codes(place, fields))


def _codes(place: Place, fields: Mapping[str, _Airport]) -> tuple[str, ...]:
    """The airports of a town: those in it, else the nearest one the gazetteer names, unless it is far off."""
    own = tuple(code for code, airport in fields.items() if airport.place_slug == place.slug)
    nearest = fields.get(place.airport) if place.airport else None
    if own or nearest is None or nearest.iata is None:
        return own
    km = km_between(place, _spot(nearest))
    return (nearest.iata,) if km is None or km <= _NEAR_KM else ()


def _departures(fares: Sequence[_Flight], start: _Airport, end: _Airport, query: Query) -> Iterator[TransportOffer]:
    newest = max(fares, key=lambda flight: flight.as_of or date.min)
    dearest = max(fares, key=lambda flight: flight.fare_kes_high)
    row = dearest if festive_peak(query.start) else newest
    if newest.days and _DAYS[query.start.weekday()] not in newest.days.split(";"):
        return
    low = min(flight.fare_kes_low or flight.fare_kes_high for flight in fares)
    people = query.party.size
    reverse = newest.origin_iata != start.iata
    for clock in (newest.depart_time,) if newest.depart_time else _SLOTS:
        depart = moment(query.start, clock)
        arrive = moment(query.start, newest.arrive_time) if newest.arrive_time else None
        minutes = next((f.duration_min for f in fares if f.duration_min), None) or _minutes(start, end)
        yield TransportOffer(
            id=f"flight:{slug(newest.airline)}:{start.iata}:{end.iata}:{depart:%Y-%m-%d-%H%M}".lower(),
            mode=Mode.FLIGHT,
            operator=newest.airline,
            service=f"{newest.airline} {start.iata}–{end.iata}",
            origin=_spot(start),
            destination=_spot(end),
            depart=depart,
            arrive=arrive or depart + timedelta(minutes=minutes),
            price=price_of(
                row, row.fare_kes_high * people, low=low * people, high=dearest.fare_kes_high * people,
                note="one way; an old fare is a floor",
            ),
            travel_class="economy",
            booking_url=links.skyscanner(start.iata or "", end.iata or "", query.start, None, query.party),
            times_assumed=newest.depart_time is None,
            notes=(*_hubs(start, end, query), *_notes(row, reverse, newest.depart_time is None)),
            provider=GuideFlights.name,
        )  # fmt: skip


def _minutes(start: _Airport, end: _Airport) -> int:
    """Flying time: published to or from Nairobi, else reckoned from the distance."""
    for hub, away in ((start, end), (end, start)):
        if hub.iata in _HUBS and away.minutes_from_nairobi_high:
            return away.minutes_from_nairobi_high
    km = km_between(_spot(start), _spot(end)) or 0
    return 5 * round((_BLOCK_MINUTES + km / _CRUISE_KMH * 60) / 5)


def _hubs(start: _Airport, end: _Airport, query: Query) -> Iterator[str]:
    for airport, place in ((start, query.origin), (end, query.destination)):
        if place is not None and airport.place_slug != place.slug:
            yield f"{airport.name} is the airport for {place.name}"


def _notes(row: _Flight, reverse: bool, assumed: bool) -> Iterator[str]:
    if assumed:
        yield "Flight times are not in the guide; the time is only a place in the plan"
    if reverse:
        yield "The fare was printed for the other direction"
    if row.note:
        yield f"Fare: {row.note}"


def _spot(airport: _Airport) -> Spot:
    return airport_spot(airport.iata or "", airport.name, airport.place_slug, airport.lat, airport.lon)


class GuideFlights:
    """Domestic flights, from the guide."""

    name: ClassVar[str] = "guide_flights"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.FLIGHTS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Both ends have an airport of their own or a nearest one, and not the same."""
        if query.origin is None or query.kind not in self.kinds:
            return False
        return bool(query.origin.airport and query.destination.airport) and query.origin.slug != query.destination.slug

    async def search(self, query: Query) -> Sequence[Offer]:
        """Flights of the day from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("flights.csv"), table("airports.csv"), query)


PROVIDER: type[Provider] = GuideFlights
