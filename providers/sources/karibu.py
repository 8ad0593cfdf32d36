"""Booked cars at a quoted price, from Karibu Taxi or whoever speaks the same small interface.

What it is: `POST /v1/quotes`, one question for all ways of a search. THE INTERFACE IS OURS: Karibu Taxi publishes none,
and this is what we propose to it or to any other company of cars:

    asked    {"ways": [{"pickup": {"lat", "lng", "name"}, "dropoff": {…}}], "pickup_at": "2026-12-12T09:00:00+03:00",
              "passengers": 2}
    answered {"ways": [{"quotes": [{"id", "vehicle_class", "seats", "price": {"amount": "2500.00", "currency": "KES"},
              "duration_min", "expires_at"}]}]}, a way for each that was asked for, in that order; with no quotes
              ("quotes": []) where no car goes

Terms: an agreement with the company; its key and its address are settings, and there is no address without.
Limits: ways with a known position at both ends that start or end at an airport, a station, a jetty or a bed, twelve a
search. A plan's hours are not settled when quotes are asked for: they are for nine in the morning of the first day.
Oddities: a quote is for one car; a party that needs several pays for each. The cheapest car that takes everybody is
offered.
Not verified: nothing of Karibu Taxi could be confirmed, so the source is off until an operator has a contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import ClassVar

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from planner.model import Mode, Offer, Spot, SpotKind, TransferOffer
from providers import fx
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import moment
from providers.http import fetch
from providers.sources.guide_transfers import TAXI_SEATS, pairs

_SERVICE = "Karibu Taxi"
_MOST = 12
_WORTH_A_CAR = (SpotKind.AIRPORT, SpotKind.STATION, SpotKind.JETTY, SpotKind.STAY)
_HOUR = time(9, 0)


class _Money(BaseModel):
    model_config = ConfigDict(frozen=True)

    amount: Decimal = Field(gt=0, allow_inf_nan=False)
    currency: str


class _Quote(BaseModel):
    model_config = ConfigDict(frozen=True)

    vehicle_class: str
    seats: int = Field(default=TAXI_SEATS, ge=1)
    price: _Money
    duration_min: int = Field(ge=1, le=24 * 60)
    expires_at: AwareDatetime


class _Way(BaseModel):
    model_config = ConfigDict(frozen=True)

    quotes: tuple[_Quote, ...]


class _Ways(BaseModel):
    model_config = ConfigDict(frozen=True)

    ways: tuple[dict[str, object], ...]


def parse(body: bytes, ways: Sequence[tuple[Spot, Spot]], people: int, *, seen_at: datetime) -> list[TransferOffer]:
    """The cheapest for everybody on each of these ways, at most one; a way that cannot be read leaves the others.

    Raises ProviderError.
    """
    try:
        told = _Ways.model_validate_json(body).ways
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    if len(told) != len(ways):
        raise ProviderError(f"{_SERVICE} answered for {len(told)} of {len(ways)} ways")
    read = [(ends, way) for ends, one in zip(ways, told, strict=True) if (way := _read(one)) is not None]
    if not read:
        raise ProviderError(f"{_SERVICE} answered in another shape")
    offers = (_cheapest(way.quotes, *ends, people, seen_at) for ends, way in read)
    return [offer for offer in offers if offer is not None]


def _read(told: dict[str, object]) -> _Way | None:
    try:
        return _Way.model_validate(told)
    except ValidationError:
        return None


def _cheapest(
    told: Sequence[_Quote], origin: Spot, destination: Spot, people: int, seen_at: datetime
) -> TransferOffer | None:
    quotes = [quote for quote in told if quote.price.currency == fx.PLANNED_IN]
    if not quotes:
        return None
    best = min(quotes, key=lambda quote: quote.price.amount * _cars(quote, people))
    cars = _cars(best, people)
    price = fx.price(
        best.price.amount * cars, fx.PLANNED_IN, None, source=_SERVICE, seen_at=seen_at, expires_at=best.expires_at
    )
    return TransferOffer(
        id=f"transfer:karibu:{origin.id}>{destination.id}",
        mode=Mode.TAXI,
        origin=origin,
        destination=destination,
        minutes=best.duration_min,
        price=price,
        operator=_SERVICE,
        notes=(f"{cars} cars ({best.vehicle_class})" if cars > 1 else f"A {best.vehicle_class} car",),
        provider=Karibu.name,
    )


def _cars(quote: _Quote, people: int) -> int:
    return -(-people // quote.seats)


class Karibu:
    """Booked cars at a quoted price."""

    name: ClassVar[str] = "karibu"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TRANSFERS})
    needs: ClassVar[tuple[str, ...]] = ("KARIBU_API_KEY", "KARIBU_API_URL")
    policy: ClassVar[Policy] = Policy(_SERVICE, "60/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http = http
        self._key = keys.get("KARIBU_API_KEY", "")
        self._url = keys.get("KARIBU_API_URL", "").rstrip("/")

    def covers(self, query: Query) -> bool:
        """Ways within Kenya of which at least one is worth a booked car; points in a traveller's words are not kept."""
        return query.kind in self.kinds and query.destination.country == "KE" and bool(_ways(query))

    async def search(self, query: Query) -> Sequence[Offer]:
        """The cheapest quote for each way. Raises ProviderError."""
        ways = _ways(query)
        asked = {
            "ways": [{"pickup": _point(origin), "dropoff": _point(destination)} for origin, destination in ways],
            "pickup_at": moment(query.start, _HOUR).isoformat(),
            "passengers": query.party.size,
        }
        body = await fetch(
            self._http, "POST", f"{self._url}/v1/quotes", service=_SERVICE, json=asked,
            headers={"Authorization": f"Bearer {self._key}"},
        )  # fmt: skip
        return parse(body, ways, query.party.size, seen_at=datetime.now(UTC))


def _ways(query: Query) -> list[tuple[Spot, Spot]]:
    """The ways to ask for. What a traveller typed goes to nobody: only spots that are known have a position."""
    if query.origin_point or query.destination_point:
        return []
    worth = [
        way
        for way in pairs(query)
        if all(spot.lat is not None and spot.lon is not None for spot in way)
        and any(spot.kind in _WORTH_A_CAR for spot in way)
    ]
    return worth[:_MOST]


def _point(spot: Spot) -> dict[str, object]:
    return {"lat": spot.lat, "lng": spot.lon, "name": spot.name}


PROVIDER: type[Provider] = Karibu
