"""Hotels with rates, from Booking.com's Demand API.

What it is: `POST /3.1/accommodations/search`: places around a town that have rooms for exactly these nights, each
with the best rate that fits the party.
Terms: for partners that Booking.com has approved, with a token and the affiliate id that goes with it. The links are
affiliate links, and travellers are told.
Limits: only towns with a position, at most 500 days ahead and 90 nights; of the first page the ten cheapest of each
class. No rate is published: thirty questions a minute are our own modesty.
Oddities: an answer has neither names nor stars nor positions. The name is read off the address of the place's page,
and the class is by the price of a room and night, in the guide's bands. `base` is without taxes and `book` what the
law wants shown; planned with is `total`, the whole cost, in equal shares a night, rounded up. Children without an age
count as eight.
Not verified: nothing was asked live, and the answer's keys are composed from documentation, those of the price not
verified. That `total` is for all rooms; the keys of `coordinates`; that prices come in shillings when asked for so.
Without `total` or `currency` an answer is refused. What Booking.com's own sandbox says is marked as a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.model import Offer, Price, StayClass, StayOffer
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.fx import PLANNED_IN, Desk, Rates, price
from providers.guidebook import KENYA_TIME
from providers.http import fetch
from providers.links import ages
from providers.sandbox import as_sample
from providers.sources.guide_stays import radius_km, rooms_for, sleeps_of, stay_spot

EACH = 10  # offers of a class
# KES a room and night: the guide's basic hotels end at 6,000, its average hotel of a city is at 14,500.
MID_FROM, HIGH_FROM = 6_000, 14_500
MOST_NIGHTS, MOST_AHEAD = 90, timedelta(days=500)
_SERVICE = "Booking.com"
_MADE_UP = "https://demandapi-sandbox."  # Booking.com's own trial service
_CENT = Decimal("0.01")
_PAGE = re.compile(r"/hotel/[a-z]{2}/([a-z0-9-]+)(?:\.[a-z-]+)?\.html")  # of a place, perhaps with a language


class _Price(BaseModel):
    model_config = ConfigDict(frozen=True)

    total: Annotated[Decimal, Field(gt=0, lt=10**9, allow_inf_nan=False)]


class _Place(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Annotated[int, Field(gt=0)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    url: str
    price: _Price


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)

    data: list[_Place]


def parse(body: bytes, query: Query, *, seen_at: datetime, rates: Rates | None) -> list[StayOffer]:
    """The places in an answer, cheapest first and each once. Raises ProviderError for another shape.

    `rates` may be None when every price is in shillings; without a rate for any price it is a ProviderError.
    """
    return _offers(_read(body), query, seen_at, rates)


def search_request(query: Query) -> dict[str, object]:
    """What to ask for a query whose place has a position: as many rooms as the guide takes for the party."""
    place, party = query.destination, query.party
    guests: dict[str, object] = {"number_of_adults": party.adults, "number_of_rooms": rooms_for(party)}
    if party.children:
        guests["children"] = list(ages(party))
    return {
        "booker": {"country": "ke", "platform": "mobile"},
        "checkin": query.start.isoformat(),
        "checkout": query.end.isoformat(),
        "coordinates": {"latitude": place.lat, "longitude": place.lon, "radius": radius_km(place)},
        "currency": PLANNED_IN,
        "guests": guests,
        "extras": ["products", "extra_charges"],
    }


def _read(body: bytes) -> list[_Place]:
    try:
        return _Answer.model_validate_json(body).data
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc


def _offers(places: Sequence[_Place], query: Query, seen_at: datetime, rates: Rates | None) -> list[StayOffer]:
    found: dict[str, StayOffer] = {}
    unquoted: set[str] = set()
    for place in places:
        name = _name(place.url)
        if not name:
            continue
        try:
            offer = _offer(place, name, _nightly(place, query, seen_at, rates), query)
        except KeyError:
            unquoted.add(place.currency)
            continue
        if offer.id not in found or offer.kes < found[offer.id].kes:
            found[offer.id] = offer
    if unquoted and not found:
        raise ProviderError(f"{_SERVICE}'s prices are in {', '.join(sorted(unquoted))}, for which there is no rate")
    cheapest = sorted(found.values(), key=lambda offer: (offer.kes, offer.id))
    of_class = {sort: [offer for offer in cheapest if offer.stay_class is sort][:EACH] for sort in StayClass}
    return [offer for offer in cheapest if offer in of_class[offer.stay_class]]


def _stay_class(room: float) -> StayClass:
    if room < MID_FROM:
        return StayClass.BUDGET
    return StayClass.MID if room < HIGH_FROM else StayClass.HIGH


def _name(url: str) -> str:
    """What the page of a place is called, "" when the address is not one of Booking.com's pages."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    page = _PAGE.fullmatch(parts.path)
    if page is None or parts.scheme != "https" or not f".{host}".endswith(".booking.com"):
        return ""
    return " ".join(word.capitalize() for word in page[1].split("-") if word)


def _nightly(place: _Place, query: Query, seen_at: datetime, rates: Rates | None) -> Price:
    """An equal share of the total, rounded up so that all nights are never less. KeyError: no rate for the currency."""
    nights, total = _nights(query), place.price.total
    share = total if nights == 1 else (total / nights).quantize(_CENT, ROUND_CEILING)
    note = "" if nights == 1 else f"{place.currency} {total:,} for all {nights} nights"
    return price(share, place.currency, rates, source=_SERVICE, seen_at=seen_at, note=note)


def _offer(place: _Place, name: str, nightly: Price, query: Query) -> StayOffer:
    return StayOffer(
        id=f"stay:{query.destination.slug}:booking-{place.id}",
        name=name,
        spot=stay_spot(query.destination),
        stay_class=_stay_class(nightly.kes / rooms_for(query.party)),
        nightly=nightly,
        rooms=rooms_for(query.party),
        sleeps=sleeps_of(query.party),
        booking_url=place.url,
        notes=tuple(_notes(query)),
        provider=Booking.name,
        nights=frozenset(query.start + timedelta(days=n) for n in range(_nights(query))),
    )


def _nights(query: Query) -> int:
    return max(1, (query.end - query.start).days)


def _notes(query: Query) -> Iterator[str]:
    yield "Its class is taken from its price; its stars are not stated"
    if rooms_for(query.party) > 1:
        yield f"The price is for {rooms_for(query.party)} rooms"
    if query.party.children and not query.party.child_ages:
        yield f"Children are priced as {ages(query.party)[0]} years old"


class Booking:
    """Hotels that Booking.com has rooms in."""

    name: ClassVar[str] = "booking"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.HOTELS})
    needs: ClassVar[tuple[str, ...]] = ("BOOKING_DEMAND_TOKEN", "BOOKING_AID")
    policy: ClassVar[Policy] = Policy(_SERVICE, "30/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self._url = (keys.get("BOOKING_DEMAND_URL") or "https://demandapi.booking.com").rstrip("/")
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """A place whose position is known, for 1 to 90 nights, at most 500 days ahead."""
        place = query.destination
        if query.kind not in self.kinds or place.lat is None or place.lon is None:
            return False
        ahead = query.start - datetime.now(KENYA_TIME).date()
        return 0 < (query.end - query.start).days <= MOST_NIGHTS and ahead <= MOST_AHEAD

    async def search(self, query: Query) -> Sequence[Offer]:
        """The places with rooms for these nights. Raises ProviderError."""
        body = await fetch(
            self._http, "POST", f"{self._url}/3.1/accommodations/search", service=_SERVICE, json=search_request(query),
            headers={
                "Authorization": f"Bearer {self._keys.get('BOOKING_DEMAND_TOKEN', '')}",
                "X-Affiliate-Id": self._keys.get("BOOKING_AID", ""),
            },
        )  # fmt: skip
        seen_at = datetime.now(UTC)
        places = _read(body)
        foreign = any(place.currency != PLANNED_IN for place in places)
        rates = await self.desk.if_any(self._http, self._keys) if foreign else None
        offers = _offers(places, query, seen_at, rates)
        return [as_sample(offer) for offer in offers] if self._url.startswith(_MADE_UP) else offers


PROVIDER: type[Provider] = Booking
