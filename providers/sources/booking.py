"""Hotels with rooms and rates of the moment, from Booking.com's Demand API.

What it is: `POST /3.1/accommodations/search`: places around a town that have rooms for exactly these nights, each with
the price of its best match and the address of its page.
Terms: a contract with Booking.com as a managed affiliate; a token, and the affiliate's id that the links carry too.
Travellers are told that these are affiliate links. What Booking.com's own trial service says is marked as a sample.
Limits: towns with a position; 90 nights at most, and nothing beyond 500 days; the first page; the ten cheapest of each
class. No rate is published: thirty questions a minute are our own modesty.
Oddities: `total` is what everybody pays for all nights, `book` the part that has to be shown while searching: the
difference is paid at the hotel. A night is planned with as its equal share, rounded up. The answer has no names: a
place is called after the address of its page. It has no stars either: the class is by the price of a room, in the bands
of the guide. Children without an age count as eight. From 3.2 on `book` is called `display` and amounts are nested.
Not verified: nothing was asked live. The keys of `price` are those of the public guides for 3.1; that they cover all
rooms of a party that needs several is taken from there, too. Everybody is taken to book from Kenya.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.model import Offer, Price, StayClass, StayOffer
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.fx import PLANNED_IN, Desk, Rates, price
from providers.guidebook import KENYA_TIME
from providers.http import fetch
from providers.links import ages
from providers.sandbox import as_sample
from providers.sources.guide_stays import rooms_for, sleeps_of, stay_spot

_SERVICE = "Booking.com"
_MOST_NIGHTS, _FARTHEST_DAYS = 90, 500
_EACH = 10  # offers of a class
_TRIAL = "https://demandapi-sandbox."  # Booking.com's own, where nothing is sold
_RADIUS_KM = {"city": 10, "park": 25, "lake": 15}  # by kind of place
_NEAR_KM = 5
_CENT = Decimal("0.01")
# KES a room and night: the guide's basic hotels end at 6,000, its average hotel of a city is at 14,500.
_MID_FROM, _HIGH_FROM = 6_000, 14_500
_PAGE = re.compile(r"/hotel/[a-z]{2}/([^/]+?)(?:\.[a-z]{2}(?:-[a-z]{2})?)?\.html")


class _Price(BaseModel):
    model_config = ConfigDict(frozen=True)

    book: Decimal | None = Field(default=None, ge=0, max_digits=15, allow_inf_nan=False)
    total: Decimal = Field(gt=0, max_digits=15, allow_inf_nan=False)


class _Place(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    price: _Price
    url: str


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)

    data: tuple[_Place, ...]


def parse(body: bytes, query: Query, *, seen_at: datetime, rates: Rates | None) -> list[StayOffer]:
    """The places in an answer, each once, the cheapest of each class, cheapest first. Raises ProviderError.

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
        "coordinates": {
            "latitude": place.lat,
            "longitude": place.lon,
            "radius": _RADIUS_KM.get(place.kind, _NEAR_KM),
        },
        "currency": PLANNED_IN,
        "guests": guests,
    }


def _read(body: bytes) -> tuple[_Place, ...]:
    try:
        return _Answer.model_validate_json(body).data
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc


def _offers(told: Sequence[_Place], query: Query, seen_at: datetime, rates: Rates | None) -> list[StayOffer]:
    found: dict[str, StayOffer] = {}
    unquoted: set[str] = set()
    for place in told:
        name = _name(place.url)
        if not name:
            continue
        try:
            offer = _offer(place, name, query, seen_at, rates)
        except KeyError:
            unquoted.add(place.currency)
            continue
        if offer.id not in found or offer.kes < found[offer.id].kes:
            found[offer.id] = offer
    if unquoted and not found:
        raise ProviderError(f"{_SERVICE}'s prices are in {', '.join(sorted(unquoted))}, for which there is no rate")
    return list(_cheapest(found.values()))


def _cheapest(offers: Iterable[StayOffer]) -> Iterator[StayOffer]:
    """So many of each class that there is a choice in all of them."""
    shown: Counter[StayClass] = Counter()
    for offer in sorted(offers, key=lambda offer: (offer.kes, offer.id)):
        shown[offer.stay_class] += 1
        if shown[offer.stay_class] <= _EACH:
            yield offer


def _offer(place: _Place, name: str, query: Query, seen_at: datetime, rates: Rates | None) -> StayOffer:
    """Raises KeyError when there is no rate for its currency."""
    town, rooms, nights = query.destination, rooms_for(query.party), _nights(query)
    nightly = _nightly(place, nights, seen_at, rates)
    return StayOffer(
        id=f"stay:{town.slug}:booking-{place.id}",
        name=name,
        spot=stay_spot(town),
        stay_class=_stay_class(nightly.kes / rooms),
        nightly=nightly,
        rooms=rooms,
        sleeps=sleeps_of(query.party),
        booking_url=place.url,
        notes=tuple(_notes(place, query)),
        provider=Booking.name,
        nights=frozenset(query.start + timedelta(days=n) for n in range(nights)),
    )


def _nightly(place: _Place, nights: int, seen_at: datetime, rates: Rates | None) -> Price:
    """An equal share of the total, rounded up so that all nights are never less."""
    total = place.price.total
    share = total if nights == 1 else (total / nights).quantize(_CENT, ROUND_CEILING)
    note = "" if nights == 1 else f"{place.currency} {total:,} for all {nights} nights"
    return price(share, place.currency, rates, source=_SERVICE, seen_at=seen_at, note=note)


def _nights(query: Query) -> int:
    return max(1, (query.end - query.start).days)


def _stay_class(kes: float) -> StayClass:
    """By the price of a room and night."""
    if kes < _MID_FROM:
        return StayClass.BUDGET
    return StayClass.MID if kes < _HIGH_FROM else StayClass.HIGH


def _name(url: str) -> str:
    """What a place is called by the address of its page; "" for an address that is no page of Booking.com's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    page = _PAGE.fullmatch(parts.path)
    if parts.scheme != "https" or parts.netloc != "www.booking.com" or page is None:
        return ""
    return " ".join(word.capitalize() for word in re.split(r"[\W_]+", unquote(page[1])) if word)


def _notes(place: _Place, query: Query) -> Iterator[str]:
    yield "Its name is from the address of its page, its class from its price"
    if rooms_for(query.party) > 1:
        yield f"The price is for {rooms_for(query.party)} rooms"
    if place.price.book is not None and place.price.total > place.price.book:
        yield f"{place.currency} {place.price.total - place.price.book:,} of the total are charges that the hotel adds"
    if query.party.children and not query.party.child_ages:
        yield f"Children are priced as {ages(query.party)[0]} years old"


class Booking:
    """Hotels with rooms and rates of the moment."""

    name: ClassVar[str] = "booking"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.HOTELS})
    needs: ClassVar[tuple[str, ...]] = ("BOOKING_DEMAND_TOKEN", "BOOKING_AID")
    policy: ClassVar[Policy] = Policy(_SERVICE, "30/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """A place whose position is known, for as many nights and as far ahead as Booking.com answers for."""
        place = query.destination
        last = datetime.now(KENYA_TIME).date() + timedelta(days=_FARTHEST_DAYS)
        stays = 1 <= (query.end - query.start).days <= _MOST_NIGHTS and query.end <= last
        return query.kind in self.kinds and place.lat is not None and place.lon is not None and stays

    async def search(self, query: Query) -> Sequence[Offer]:
        """Places with rooms for these nights. Raises ProviderError."""
        base = (self._keys.get("BOOKING_DEMAND_URL") or "https://demandapi.booking.com").rstrip("/")
        body = await fetch(
            self._http, "POST", f"{base}/3.1/accommodations/search", service=_SERVICE, json=search_request(query),
            headers={
                "Authorization": f"Bearer {self._keys.get('BOOKING_DEMAND_TOKEN', '')}",
                "X-Affiliate-Id": self._keys.get("BOOKING_AID", ""),
            },
        )  # fmt: skip
        seen_at = datetime.now(UTC)
        told = _read(body)
        foreign = any(place.currency != PLANNED_IN for place in told)
        rates = await self.desk.rates(self._http, self._keys) if foreign else None
        offers = _offers(told, query, seen_at, rates)
        return [as_sample(offer) for offer in offers] if base.startswith(_TRIAL) else offers


PROVIDER: type[Provider] = Booking
