"""Coaches from the pages of companies that describe their departures for search engines (schema.org).

What it is: timetable pages that the operator of Safiri names in OPERATOR_PAGES, as addresses with {origin},
{destination} and {date} in them; of each, the JSON-LD descriptions of type BusTrip or Trip are read, those within an
Offer or a Product's offers too, and events and products that have two ends and two times like a trip.
Terms: each site's own: who names a page here has read its terms and its robots.txt. Off until pages are named.
Limits: one https page a host, at most five, all of them once a second and sixty times an hour at most; answers are
kept for six hours. Seats are not known, but what is said to be sold out is left out. A price without its currency is
no price, and only shillings are read.
Oddities: JSON-LD that is broken is left out. Towns are matched by the names of both ends; a trip without its days and
times is none, and neither ends nor times are guessed out of titles. Tables of timetables are not read: each company's
are different, and nothing in them says which day and which currency they are about.
Not verified: no Kenyan company is known to describe its departures in this way; this reads the day one does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from planner.model import Mode, Offer, Place, TransportOffer
from providers import fx, jsonld
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import between_kenyan_towns, moment, slug, stage
from providers.http import fetch

_SERVICE = "A coach company's page"
_TRIPS = {"bustrip", "trip"}
_LIKE_TRIPS = {"event", "product"}
_FROM = ("departureBusStop", "departureStation", "tripOrigin", "fromLocation")
_TO = ("arrivalBusStop", "arrivalStation", "toLocation")
_LEAVES, _ARRIVES = ("departureTime", "startDate"), ("arrivalTime", "endDate")
_GONE = ("soldout", "outofstock", "discontinued")
_MOST_PAGES = 5
_HOLES = ("{origin}", "{destination}", "{date}")
_HERE = ("127.0.0.1", "localhost")
_LONGEST = timedelta(days=1)  # of a ride within Kenya
_Node = Mapping[str, Any]  # of a page's JSON: nothing about its values is known


class _Trip(BaseModel):
    model_config = ConfigDict(frozen=True)

    leaves: AwareDatetime
    arrives: AwareDatetime
    company: str = Field(min_length=1, max_length=80)
    origin: str = Field(min_length=1)
    destination: str = Field(min_length=1)
    fare: Decimal | None = Field(gt=0, lt=1_000_000)


def parse(body: bytes, query: Query, *, page: str, seen_at: datetime) -> list[TransportOffer]:
    """Departures of the query's day that the page at `page` describes. Raises ProviderError when it describes none."""
    described = [node for each in jsonld.blocks(body) for node in _described(each)]
    trips = [trip for node in described if (trip := _read(node)) is not None]
    if not trips:
        raise ProviderError(f"{_SERVICE} has no timetable that can be read", permanent=True)
    offers: dict[str, TransportOffer] = {}
    for offer in sorted(_offers(trips, query, page, seen_at), key=lambda offer: (offer.depart, offer.price.kes)):
        offers.setdefault(offer.id, offer)
    return list(offers.values())


def _described(node: _Node) -> Iterator[_Node]:
    """The trip that a node is, and those that it, or an offer of it, is an offer of."""
    kinds = _kinds(node)
    if kinds & _TRIPS or (kinds & _LIKE_TRIPS and _first(node, _FROM) and _first(node, _TO)):
        yield node
    for offer in [node, *_nodes(node.get("offers"))]:
        for item in _nodes(offer.get("itemOffered")):
            if _kinds(item) & _TRIPS:
                yield item if item.get("offers") else {**item, "offers": offer}


def _read(node: _Node) -> _Trip | None:
    """A described trip, None when anything that is needed is missing; without a price when there is none to pay."""
    company = next((told for name in ("provider", "busName", "name") if (told := _text(node.get(name)))), "")
    try:
        return _Trip(
            leaves=_moment(_first(node, _LEAVES)),
            arrives=_moment(_first(node, _ARRIVES)),
            company=company,
            origin=_text(_first(node, _FROM)),
            destination=_text(_first(node, _TO)),
            fare=_fare(node),
        )
    except (ValidationError, ValueError):
        return None


def _fare(node: _Node) -> Decimal | None:
    """The cheapest price in shillings that a seat can be had for."""
    fares = [
        jsonld.number(offer.get("price") or offer.get("lowPrice"))
        for offer in _nodes(node.get("offers"))
        if offer.get("priceCurrency") == fx.PLANNED_IN and _tail(offer.get("availability")) not in _GONE
    ]
    return min((fare for fare in fares if fare), default=None)


def _moment(told: object) -> datetime:
    """A day with a time, which without an offset is Kenya's. Raises ValueError."""
    day, clock = jsonld.moment(told) or (None, None)
    if day is None or clock is None:
        raise ValueError("no day with a time")
    return moment(day, clock)


def _first(node: _Node, names: Sequence[str]) -> object:
    return next((node[name] for name in names if node.get(name)), None)


def _nodes(value: object) -> list[_Node]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, Mapping)]


def _text(value: object) -> str:
    return jsonld.words(value[0] if isinstance(value, list) and value else value)


def _kinds(node: _Node) -> set[str]:
    told = node.get("@type")
    return {_tail(each) for each in (told if isinstance(told, list) else [told])}


def _tail(value: object) -> str:
    """`https://schema.org/BusTrip` and `schema:BusTrip` → `bustrip`."""
    return value.rpartition("/")[2].rpartition(":")[2].casefold() if isinstance(value, str) else ""


def _offers(trips: Sequence[_Trip], query: Query, page: str, seen_at: datetime) -> Iterator[TransportOffer]:
    if query.origin is None:
        return
    for trip in trips:
        depart, arrive = trip.leaves, trip.arrives
        ends = _is_in(trip.origin, query.origin) and _is_in(trip.destination, query.destination)
        if not ends or depart.date() != query.start or not depart < arrive <= depart + _LONGEST or trip.fare is None:
            continue
        yield TransportOffer(
            id=f"bus:{slug(_host(page))}:{slug(trip.company)}:{query.origin.slug}:{query.destination.slug}:"
            f"{depart:%Y-%m-%d-%H%M}",
            mode=Mode.BUS,
            operator=trip.company,
            service=trip.company,
            origin=stage(query.origin),
            destination=stage(query.destination),
            depart=depart,
            arrive=arrive,
            price=fx.price(
                trip.fare * query.party.size, "KES", None, source=_host(page), seen_at=seen_at, source_url=page
            ),
            booking_url=page if page.startswith("https://") else None,
            notes=("Seats were not looked at",),
            provider=OperatorPages.name,
        )


def _is_in(stop: str, town: Place) -> bool:
    """Whether a stop's name has the town's in it: "Nairobi, River Road"."""
    words = f"-{slug(stop)}-"
    return any(f"-{slug(name)}-" in words for name in (town.name, *town.aliases))


def _host(page: str) -> str:
    return (urlsplit(page).hostname or "a page").removeprefix("www.")


class OperatorPages:
    """Coaches, from their companies' own pages."""

    name: ClassVar[str] = "operator_pages"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})
    needs: ClassVar[tuple[str, ...]] = ("OPERATOR_PAGES",)
    policy: ClassVar[Policy] = Policy("Coach companies' pages", "1/second; 60/hour", fresh=6 * 3600.0)

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http = http
        self._pages = _pages(keys.get("OPERATOR_PAGES", ""))

    def covers(self, query: Query) -> bool:
        """Ways between two Kenyan towns."""
        return query.kind in self.kinds and between_kenyan_towns(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        """Departures of the day on all pages. Raises ProviderError when none of them could be read."""
        if query.origin is None:
            return []
        if not self._pages:
            raise ProviderError(f"{self.policy.service}: the setting names no https address", permanent=True)
        values = (query.origin.slug, query.destination.slug, query.start.isoformat())
        asked = [self._read(_filled(page, values), query) for page in self._pages]
        found = await asyncio.gather(*asked, return_exceptions=True)
        failed = [each for each in found if isinstance(each, BaseException)]
        if (failed and len(failed) == len(found)) or any(not isinstance(each, ProviderError) for each in failed):
            raise next((each for each in failed if not isinstance(each, ProviderError)), failed[0])
        return [offer for each in found if not isinstance(each, BaseException) for offer in each]

    async def _read(self, page: str, query: Query) -> list[TransportOffer]:
        body = await fetch(self._http, "GET", page, service=_SERVICE, kind="html")
        return parse(body, query, page=page, seen_at=datetime.now(UTC))


def _pages(setting: str) -> tuple[str, ...]:
    """The pages to read: the first of each host, over https, or on this machine."""
    found: dict[str, str] = {}
    for page in setting.split():
        try:
            parts = urlsplit(page)
            safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        except ValueError:
            continue
        if safe and parts.hostname:
            found.setdefault(parts.netloc, page)
    return tuple(found.values())[:_MOST_PAGES]


def _filled(page: str, values: Sequence[str]) -> str:
    for hole, value in zip(_HOLES, values, strict=True):
        page = page.replace(hole, quote(value, safe=""))
    return page


PROVIDER: type[Provider] = OperatorPages
