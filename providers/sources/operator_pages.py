"""Coaches from the pages of companies that describe their departures for search engines (schema.org).

What it is: timetable pages that the operator of Safiri names in OPERATOR_PAGES, as addresses with {origin},
{destination} and {date} in them; of each, the JSON-LD descriptions of type BusTrip or Trip are read.
Terms: each site's own: who names a page here has read its terms and its robots.txt. Off until pages are named.
Limits: one page a company and search, at most five, one a second and sixty an hour; answers are kept for six hours.
Seats are not known. A price without its currency is no price.
Oddities: JSON-LD that is broken is left out. Towns are matched by the names of both ends; a trip without times is
none.
Not verified: no Kenyan company is known to describe its departures in this way; this reads the day one does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from planner.model import Mode, Offer, Place, TransportOffer
from providers import fx, jsonld
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import KENYA_TIME, slug, stage
from providers.http import fetch

_SERVICE = "A coach company's page"
_TRIPS = ("bustrip", "trip")
_MOST_PAGES = 5
_HOLES = ("{origin}", "{destination}", "{date}")


class _Trip(BaseModel):
    model_config = ConfigDict(frozen=True)

    leaves: AwareDatetime
    arrives: AwareDatetime
    company: str = Field(min_length=1, max_length=80)
    fare: Decimal = Field(gt=0, allow_inf_nan=False)
    origin: str
    destination: str


def parse(body: bytes, query: Query, *, page: str, seen_at: datetime) -> list[TransportOffer]:
    """Departures of the query's day that the page at `page` describes. Raises ProviderError when it describes none."""
    described = [node for node in jsonld.blocks(body) if _kind(node) in _TRIPS]
    if not described:
        raise ProviderError(f"{_SERVICE} has no timetable that can be read", permanent=True)
    trips = [trip for node in described if (trip := _read(node)) is not None]
    offers = {offer.id: offer for offer in _offers(trips, query, page, seen_at)}
    return list(offers.values())


def _kind(node: Mapping[str, Any]) -> str:
    kind = node.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind).casefold()


def _read(node: Mapping[str, Any]) -> _Trip | None:
    """A described trip, None when anything that is needed is missing."""
    offers = node.get("offers")
    offer = offers[0] if isinstance(offers, list) and offers else offers
    if not isinstance(offer, Mapping) or offer.get("priceCurrency") != fx.PLANNED_IN:
        return None
    try:
        return _Trip(
            leaves=_moment(node.get("departureTime")),
            arrives=_moment(node.get("arrivalTime")),
            company=jsonld.words(_name(node.get("provider")) or node.get("busName") or node.get("name")),
            fare=Decimal(str(offer.get("price"))),
            origin=_name(node.get("departureBusStop") or node.get("departureStation")),
            destination=_name(node.get("arrivalBusStop") or node.get("arrivalStation")),
        )
    except (ValidationError, InvalidOperation, ValueError):
        return None


def _moment(told: object) -> datetime:
    """A time without an offset is Kenya's. Raises ValueError."""
    moment = datetime.fromisoformat(str(told))
    return moment if moment.tzinfo else moment.replace(tzinfo=KENYA_TIME)


def _name(node: object) -> str:
    return str(node.get("name") or "") if isinstance(node, Mapping) else str(node or "")


def _offers(trips: Sequence[_Trip], query: Query, page: str, seen_at: datetime) -> Iterator[TransportOffer]:
    if query.origin is None:
        return
    for trip in trips:
        depart, arrive = trip.leaves.astimezone(KENYA_TIME), trip.arrives.astimezone(KENYA_TIME)
        ends = _is_in(trip.origin, query.origin) and _is_in(trip.destination, query.destination)
        if not ends or depart.date() != query.start or arrive <= depart:
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
        self._pages = keys.get("OPERATOR_PAGES", "").split()[:_MOST_PAGES]

    def covers(self, query: Query) -> bool:
        """Ways between two Kenyan towns."""
        ends = (query.origin, query.destination)
        known = all(end is not None and end.country == "KE" for end in ends)
        return query.kind in self.kinds and known and query.origin != query.destination

    async def search(self, query: Query) -> Sequence[Offer]:
        """Departures of the day on all pages. Raises ProviderError when none of them could be read."""
        if query.origin is None:
            return []
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


def _filled(page: str, values: Sequence[str]) -> str:
    for hole, value in zip(_HOLES, values, strict=True):
        page = page.replace(hole, quote(value, safe=""))
    return page


PROVIDER: type[Provider] = OperatorPages
