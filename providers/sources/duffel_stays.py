"""Hotels with live rates, from Duffel Stays.

What it is: `POST /stays/search` of Duffel's API v2: hotels around a town with their cheapest rate for exactly these
nights, all rooms together, held until `expires_at`.
Terms: a token of Duffel's for which Stays has been opened; `DUFFEL_STAYS=1` says that it has.
Limits: only towns with a position; the thirty cheapest; one rate a hotel, whatever board and cancellation come with it.
Oddities: the total is a string, in the currency of the rate; a night is planned with as its equal share, rounded up.
What has to be paid at the hotel is told apart. The class of a stay is by its stars: four or five high, three mid, fewer
or unknown budget, as nothing vouches for more. Guests' scores are out of ten. Children without an age count as eight.
Not verified: nothing was asked live; whether what is paid at the hotel is in the total; how dense Kenya is covered.
Stays cannot be booked by a link of Duffel's: the link searches Booking.com for the hotel, where its price may differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, ClassVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from planner.model import Offer, Place, Price, Spot, SpotKind, StayClass, StayOffer
from providers import links
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.duffel import SERVICE, ask, tests_only
from providers.duffel_fares import Currency, Degrees, Money
from providers.fx import PLANNED_IN, Desk, Rates, price
from providers.hotel_links import PLAIN, hotel_search
from providers.sandbox import as_sample
from providers.sources.guide_stays import radius_km, rooms_for, sleeps_of, stay_spot

MOST = 30  # offers
_CENT = Decimal("0.01")
_TAGS = frozenset({"wifi", "pool", "parking", "restaurant", "gym", "spa"})  # amenities that are tags of ours, too


class _Point(BaseModel):
    latitude: Degrees
    longitude: Degrees


class _Location(BaseModel):
    geographic_coordinates: _Point | None = None


class _Amenity(BaseModel):
    type: str


class _Hours(BaseModel):
    check_in_after_time: str | None = None
    check_out_before_time: str | None = None


class _Accommodation(BaseModel):
    id: Annotated[str, Field(pattern=r"^\w{1,80}$")]
    name: str
    rating: Annotated[float, Field(ge=0, le=5)] | None = None
    review_score: Annotated[float, Field(ge=0, le=10)] | None = None
    review_count: int | None = None
    amenities: list[_Amenity] | None = None
    check_in_information: _Hours | None = None
    location: _Location


class _Result(BaseModel):
    cheapest_rate_total_amount: Money | None = None
    cheapest_rate_currency: Currency | None = None
    cheapest_rate_due_at_accommodation_amount: Money | None = None
    cheapest_rate_due_at_accommodation_currency: Currency | None = None
    expires_at: datetime | None = None
    accommodation: _Accommodation


class _Results(BaseModel):
    results: list[_Result]


class _Answer(BaseModel):
    data: _Results


def parse(
    body: bytes, query: Query, *, seen_at: datetime, rates: Rates | None, keys: Mapping[str, str] = PLAIN
) -> list[StayOffer]:
    """The hotels in an answer that have a rate, cheapest first and each once.

    `rates` may be None when every price is in shillings; without a rate for any price it is a ProviderError.
    `keys` are the settings that booking links are made by.
    """
    return _offers(_read(body), query, seen_at, rates, keys)


def search_request(query: Query) -> dict[str, object]:
    """What to ask for a query whose place has a position: as many rooms as the guide takes for the party."""
    place = query.destination
    guests: list[dict[str, object]] = [{"type": "adult"} for _ in range(query.party.adults)]
    guests += [{"type": "child", "age": age} for age in links.ages(query.party)]
    return {
        "check_in_date": query.start.isoformat(),
        "check_out_date": query.end.isoformat(),
        "rooms": rooms_for(query.party),
        "guests": guests,
        "location": {
            "radius": radius_km(place),
            "geographic_coordinates": {"latitude": place.lat, "longitude": place.lon},
        },
    }


def _read(body: bytes) -> list[_Result]:
    try:
        return _Answer.model_validate_json(body).data.results
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in a shape we do not know") from exc


def _offers(
    results: Sequence[_Result], query: Query, seen_at: datetime, rates: Rates | None, keys: Mapping[str, str]
) -> list[StayOffer]:
    found: dict[str, StayOffer] = {}
    unquoted: set[str] = set()
    for result in results:
        total, currency = result.cheapest_rate_total_amount, result.cheapest_rate_currency
        if total is None or currency is None:
            continue
        try:
            nightly = _nightly(total, currency, result.expires_at, query, seen_at, rates)
        except KeyError:
            unquoted.add(currency)
            continue
        offer = _offer(result, nightly, query, keys)
        if offer.id not in found or offer.kes < found[offer.id].kes:
            found[offer.id] = offer
    if unquoted and not found:
        raise ProviderError(f"{SERVICE}'s prices are in {', '.join(sorted(unquoted))}, for which there is no rate")
    return sorted(found.values(), key=lambda offer: (offer.kes, offer.id))[:MOST]


def _nightly(
    total: Decimal, currency: str, expires: datetime | None, query: Query, seen_at: datetime, rates: Rates | None
) -> Price:
    """An equal share of the total, rounded up so that all nights are never less. KeyError: no rate for the currency."""
    nights = _nights(query)
    share = total if nights == 1 else (total / nights).quantize(_CENT, ROUND_CEILING)
    if expires is not None and expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    note = "" if nights == 1 else f"{currency} {total:,} for all {nights} nights"
    return price(share, currency, rates, source=SERVICE, seen_at=seen_at, expires_at=expires, note=note)


def _offer(result: _Result, nightly: Price, query: Query, keys: Mapping[str, str]) -> StayOffer:
    hotel, place = result.accommodation, query.destination
    hours = hotel.check_in_information or _Hours()
    return StayOffer(
        id=f"stay:{place.slug}:{hotel.id}",
        name=hotel.name,
        spot=_spot(hotel, place),
        stay_class=_stay_class(hotel.rating),
        nightly=nightly,
        rooms=rooms_for(query.party),
        sleeps=sleeps_of(query.party),
        stars=int(hotel.rating) if hotel.rating else None,
        rating=hotel.review_score,
        tags=_TAGS & {amenity.type for amenity in hotel.amenities or ()},
        check_in=_clock(hours.check_in_after_time, time(14, 0)),
        check_out=_clock(hours.check_out_before_time, time(10, 0)),
        booking_url=hotel_search(
            f"{hotel.name}, {place.name}", query.start, query.end, query.party, keys, rooms=rooms_for(query.party)
        ),
        notes=tuple(_notes(result, query)),
        provider=DuffelStays.name,
        nights=frozenset(query.start + timedelta(days=n) for n in range(_nights(query))),
    )


def _nights(query: Query) -> int:
    return max(1, (query.end - query.start).days)


def _stay_class(stars: float | None) -> StayClass:
    if stars is None or stars < 3:
        return StayClass.BUDGET
    return StayClass.MID if stars < 4 else StayClass.HIGH


def _clock(words: str | None, usual: time) -> time:
    """The hour as told, or the usual one where a hotel says something else."""
    try:
        return time.fromisoformat(words or "").replace(tzinfo=None)
    except ValueError:
        return usual


def _spot(hotel: _Accommodation, place: Place) -> Spot:
    point = hotel.location.geographic_coordinates
    if point is None:
        return stay_spot(place)
    spot_id = f"stay:{place.slug}:{hotel.id}"
    return Spot(spot_id, hotel.name, place.slug, SpotKind.STAY, point.latitude, point.longitude)


def _notes(result: _Result, query: Query) -> Iterator[str]:
    hotel = result.accommodation
    if hotel.rating is None:
        yield "Its stars are not stated"
    if hotel.review_score is not None:
        guests = f" ({hotel.review_count} reviews)" if hotel.review_count else ""
        yield f"Guests give it {hotel.review_score:g} of 10{guests}"
    if rooms_for(query.party) > 1:
        yield f"The price is for {rooms_for(query.party)} rooms"
    due, currency = (
        result.cheapest_rate_due_at_accommodation_amount, result.cheapest_rate_due_at_accommodation_currency
    )  # fmt: skip
    if due and currency:
        yield f"{currency} {due:,} is to be paid at the hotel, perhaps on top"
    if query.party.children and not query.party.child_ages:
        yield f"Children are priced as {links.ages(query.party)[0]} years old"
    yield "The link searches Booking.com for it, where its price may differ"


class DuffelStays:
    """Hotels with live rates."""

    name: ClassVar[str] = "duffel_stays"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.HOTELS})
    needs: ClassVar[tuple[str, ...]] = ("DUFFEL_TOKEN", "DUFFEL_STAYS")
    policy: ClassVar[Policy] = Policy("Duffel Stays", "30/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """A place whose position is known, for at least a night."""
        place = query.destination
        return query.kind in self.kinds and place.lat is not None and place.lon is not None and query.end > query.start

    async def search(self, query: Query) -> Sequence[Offer]:
        """The hotels with a rate for these nights. Raises ProviderError."""
        body = await ask(
            self._http, self._keys, "POST", "/stays/search", data=search_request(query), timeout=self.policy.budget
        )
        seen_at = datetime.now(UTC)
        results = _read(body)
        foreign = any(result.cheapest_rate_currency not in (None, PLANNED_IN) for result in results)
        rates = await self.desk.if_any(self._http, self._keys) if foreign else None
        offers = _offers(results, query, seen_at, rates, self._keys)
        return [as_sample(offer) for offer in offers] if tests_only(self._keys) else offers


PROVIDER: type[Provider] = DuffelStays
