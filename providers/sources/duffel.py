"""Flights with live fares, from Duffel.

What it is: `POST /air/offer_requests` of Duffel's API v2: airlines' own fares for everyone who travels, held for some
minutes (`expires_at`).
Terms: a token of Duffel's; live ones need their approval. Searches are free up to 1,500 for each booking, then cost
half a US cent each, so answers are remembered. The airline that operates a flight is always named.
Limits: airlines have little over two seconds to answer, which is what a search can wait; who is slower is missing. At
most nine people. The twenty cheapest fares; for who wants comfort, business is asked for beside economy.
Oddities: amounts are strings beside their currency, which is that of our account. Times are local to the airport,
without an offset. Tokens `duffel_test_…` get made-up fares, marked as samples. No bags in the list means unknown, a
quantity of 0 none. Children are told by age alone; those without an age are asked for as eight. A city's code asks for
all its airports: NBO is Wilson's, too. MRE is not asked for: as a city it is more than the Mara.
Not verified: nothing was asked live. Whether Kenyan airlines sell through Duffel, whether NBO is taken for the city,
how often one may ask (no figure is published), and whether more than nine people can be asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from planner.model import Mode, Offer, Place, Price, Spot, TransportOffer
from providers import links
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.duffel import SERVICE, ask, tests_only
from providers.duffel_fares import Airport, Fare, Segment, Slice, bags, cabin, operated, rules, stops, ticket, zone
from providers.fx import PLANNED_IN, Desk, Rates, price
from providers.guidebook import KENYA_TIME, slug
from providers.points import airport_spot
from providers.sandbox import as_sample
from providers.sources import guide_flights

MOST = 20  # offers
_MOST_PEOPLE = 9
_MOST_PAGES = 5
_CITIES = {"WIL": "NBO"}  # airport → its city's code, where that is a good question
_NOT_ASKED = "MRE"
_CONNECTIONS = 1
_SUPPLIERS_LEAST, _SUPPLIERS_MOST = 2_000, 60_000  # milliseconds; anything else is ignored
_OVERHEAD, _SLACK = 0.6, 0.5  # seconds: what Duffel and the way there take, and what we wait longer than airlines


class _Request(BaseModel):
    """What became of a question; without `offers` they have to be fetched."""

    id: str
    offers: list[Fare] | None = None


class _Answer(BaseModel):
    data: _Request


class _Cursors(BaseModel):
    after: str | None = None


class _Page(BaseModel):
    data: list[Fare]
    meta: _Cursors = _Cursors()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of a journey, from its first departure to its last arrival."""

    origin: Spot
    destination: Spot
    depart: datetime
    arrive: datetime
    slice: Slice

    @property
    def segments(self) -> Sequence[Segment]:
        return self.slice.segments


_ANSWERS: TypeAdapter[_Answer | _Page] = TypeAdapter(_Answer | _Page)


def parse(body: bytes, query: Query, *, seen_at: datetime, rates: Rates | None) -> list[TransportOffer]:
    """The offers in an answer to an offer request, or in a page of offers, cheapest first and each flight once.

    Left out is what has another day, other airports or another number of ways than the query, and what cannot be read
    as a flight. `rates` may be None when every price is in shillings; without a rate for any price it is a
    ProviderError.
    """
    return _offers(_fares(_read(body)), query, seen_at, rates)


def offer_requests(query: Query) -> list[dict[str, object]]:
    """What to ask for a query, one question for each pair of airports and each cabin worth asking for.

    A query that ends on a later day asks for the way back, too.
    """
    if query.origin is None:
        return []
    people: list[dict[str, object]] = [{"type": "adult"} for _ in range(query.party.adults)]
    people += [{"age": age} for age in links.ages(query.party)]
    return [
        {
            "slices": [
                {"origin": start, "destination": end, "departure_date": day.isoformat()}
                for start, end, day in ((here, there, query.start), (there, here, query.end))[: _ways(query)]
            ],
            "passengers": people,
            "cabin_class": cabin,
            "max_connections": _CONNECTIONS,
        }
        for here in _asked(query.origin)
        for there in _asked(query.destination)
        for cabin in _cabins(query)
    ]


def supplier_timeout(budget: float) -> int:
    """How many milliseconds airlines get when a search may take `budget` seconds."""
    return min(max(_SUPPLIERS_LEAST, round((budget - _OVERHEAD) * 1000)), _SUPPLIERS_MOST)


def _ways(query: Query) -> int:
    return 2 if query.end > query.start else 1


def _cabins(query: Query) -> tuple[str, ...]:
    """A wish for comfort is no order to pay for it, and few flights have a business class: economy is always asked."""
    return ("economy", "business") if query.wishes.comfort else ("economy",)


def _airports(place: Place) -> dict[str, Spot | None]:
    """The airports of a place by code; abroad, the one the gazetteer names, whose position is Duffel's to tell."""
    known: dict[str, Spot | None] = {spot.id.partition(":")[2]: spot for spot in guide_flights.airports_of(place)}
    if not known and place.airport and place.country != "KE":
        return {place.airport: None}
    return known


def _asked(place: Place) -> list[str]:
    codes = (_CITIES.get(code, code) for code in _airports(place))
    return [code for code in dict.fromkeys(codes) if code != _NOT_ASKED]


def _read(body: bytes) -> _Answer | _Page:
    try:
        return _ANSWERS.validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in a shape we do not know") from exc


def _fares(answer: _Answer | _Page) -> list[Fare]:
    """What is offered in an answer of either shape."""
    return answer.data if isinstance(answer, _Page) else answer.data.offers or []


def _offers(fares: Iterable[Fare], query: Query, seen_at: datetime, rates: Rates | None) -> list[TransportOffer]:
    found: dict[str, TransportOffer] = {}
    unquoted: set[str] = set()
    for fare in fares:
        ways = _travelled(fare, query)
        if not ways:
            continue
        try:
            cost = _price(fare, seen_at, rates)
        except KeyError:
            unquoted.add(fare.total_currency)
            continue
        offer = _offer(fare, cost, ways, query)
        if offer.id not in found or offer.price.kes < found[offer.id].price.kes:
            found[offer.id] = offer
    if unquoted and not found:
        raise ProviderError(f"{SERVICE}'s prices are in {', '.join(sorted(unquoted))}, for which there is no rate")
    return sorted(found.values(), key=lambda offer: (offer.price.kes, offer.depart, offer.id))[:MOST]


def _price(fare: Fare, seen_at: datetime, rates: Rates | None) -> Price:
    """Raises KeyError for a currency without a rate."""
    expires = fare.expires_at
    if expires is not None and expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    note = "" if fare.live_mode else "test fare"
    return price(
        fare.total_amount, fare.total_currency, rates, source=SERVICE, seen_at=seen_at, expires_at=expires, note=note
    )


def _offer(fare: Fare, cost: Price, ways: Sequence[_Way], query: Query) -> TransportOffer:
    out, back = ways[0], ways[1] if len(ways) > 1 else None
    seats = cabin(out.segments)
    offer = TransportOffer(
        id=_id(ways),
        mode=Mode.FLIGHT,
        operator=fare.owner.name,
        service=" + ".join(ticket(segment) for segment in out.segments) + (" and back" if back else ""),
        origin=out.origin,
        destination=out.destination,
        depart=out.depart,
        arrive=out.arrive,
        price=cost,
        travel_class=seats,
        booking_url=links.skyscanner(
            _code(out.origin), _code(out.destination), query.start, query.end if back else None, query.party,
            "business" if seats == "business" else "economy",
        ),
        notes=tuple(_notes(fare, ways, query)),
        provider=Duffel.name,
    )  # fmt: skip
    return offer if fare.live_mode else as_sample(offer)  # type: ignore[return-value]  # of the same type


def _travelled(fare: Fare, query: Query) -> list[_Way]:
    """The ways there and, where asked for, back; empty when the fare is for something else."""
    if query.origin is None or len(fare.slices) != _ways(query):
        return []
    asked = ((query.origin, query.destination, query.start), (query.destination, query.origin, query.end))
    ways = [_way(piece, *ends) for piece, ends in zip(fare.slices, asked, strict=False)]
    return [way for way in ways if way is not None] if None not in ways else []


def _way(piece: Slice, start: Place, end: Place, day: date) -> _Way | None:
    first, last = piece.segments[0], piece.segments[-1]
    origin, destination = _spot(first.origin, start), _spot(last.destination, end)
    depart, arrive = _moment(first.departing_at, first.origin, start), _moment(last.arriving_at, last.destination, end)
    if origin is None or destination is None or depart is None or arrive is None:
        return None
    if depart.date() != day or arrive <= depart:
        return None
    return _Way(origin, destination, depart, arrive, piece)


def _spot(airport: Airport, place: Place) -> Spot | None:
    """The airport as a point, None when it is not one of the place's."""
    code, known = airport.iata_code or "", _airports(place)
    if code not in known or known[code] is not None:
        return known.get(code)
    if airport.latitude is None or airport.longitude is None:
        return None
    return airport_spot(code, airport.name, place.slug, airport.latitude, airport.longitude)


def _moment(clock: datetime, airport: Airport, place: Place) -> datetime | None:
    """A local time with its zone, which in Kenya is known without being told."""
    there = zone(airport) or (KENYA_TIME if place.country == "KE" else None)
    if there is None:
        return None
    return clock.replace(tzinfo=there) if clock.tzinfo is None else clock.astimezone(there)


def _code(airport: Spot) -> str:
    return airport.id.partition(":")[2]


def _id(ways: Sequence[_Way]) -> str:
    """Made of what is flown, when, in which cabin and fare; never of Duffel's ids, which every search makes anew."""
    parts = ["flight"]
    for way in ways:
        parts += ["+".join(slug(ticket(segment)) for segment in way.segments), _code(way.origin)]
        parts += [_code(way.destination), f"{way.depart:%Y-%m-%d-%H%M}", slug(cabin(way.segments))]
        parts += [slug(way.slice.fare_brand_name or "")]
    return ":".join(part for part in parts if part).lower()


def _notes(fare: Fare, ways: Sequence[_Way], query: Query) -> Iterator[str]:
    segments = [segment for way in ways for segment in way.segments]
    yield operated(segments)
    yield from stops(ways[0].segments)
    for back in ways[1:]:
        flights = " + ".join(ticket(segment) for segment in back.segments)
        yield f"The price includes the flight back: {flights}, {back.depart:%a %d %b %H:%M}–{back.arrive:%H:%M}"
        yield from (f"Back: {stop}" for stop in stops(back.segments))
    yield bags(segments)
    yield from rules(fare.conditions)
    for spot, place in ((ways[0].origin, query.origin), (ways[0].destination, query.destination)):
        if place is not None and spot.place != place.slug:
            yield f"{spot.name} is the airport for {place.name}"
    if query.party.children and not query.party.child_ages:
        yield f"Children are priced as {links.ages(query.party)[0]} years old"


class Duffel:
    """Flights with live fares."""

    name: ClassVar[str] = "duffel"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.FLIGHTS})
    needs: ClassVar[tuple[str, ...]] = ("DUFFEL_TOKEN",)
    policy: ClassVar[Policy] = Policy("Duffel", "30/minute", heeds=_cabins)

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """Both ends have an airport that may be asked for, and not the same; no more people than one order takes."""
        if query.kind not in self.kinds or query.origin is None or query.party.size > _MOST_PEOPLE:
            return False
        here, there = set(_asked(query.origin)), set(_asked(query.destination))
        return bool(here) and bool(there) and here.isdisjoint(there)

    async def search(self, query: Query) -> Sequence[Offer]:
        """The fares of the day. Raises ProviderError."""
        answers = await asyncio.gather(*(self._asked(request) for request in offer_requests(query)))
        seen_at = datetime.now(UTC)
        fares = [fare for answer in answers for fare in answer]
        foreign = any(fare.total_currency != PLANNED_IN for fare in fares)
        rates = await self.desk.if_any(self._http, self._keys) if foreign else None
        offers = _offers(fares, query, seen_at, rates)
        return [as_sample(offer) for offer in offers] if tests_only(self._keys) else offers

    async def _asked(self, request: dict[str, object]) -> list[Fare]:
        wait = supplier_timeout(self.policy.budget)
        params = {"return_offers": "true", "supplier_timeout": str(wait)}
        body = await ask(
            self._http, self._keys, "POST", "/air/offer_requests",
            params=params, data=request, timeout=wait / 1000 + _SLACK,
        )  # fmt: skip
        answer = _read(body)
        if isinstance(answer, _Answer) and answer.data.offers is None:
            return await self._paged(answer.data.id)
        return _fares(answer)

    async def _paged(self, request_id: str) -> list[Fare]:
        """The offers of a request that came without them, cheapest first."""
        params = {"offer_request_id": request_id, "limit": "200", "sort": "total_amount"}
        found: list[Fare] = []
        for _ in range(_MOST_PAGES):
            page = _read(await ask(self._http, self._keys, "GET", "/air/offers", params=params))
            if not isinstance(page, _Page):
                raise ProviderError(f"{SERVICE} answered in a shape we do not know")
            found += page.data
            if not page.meta.after:
                break
            params["after"] = page.meta.after
        return found


PROVIDER: type[Provider] = Duffel
