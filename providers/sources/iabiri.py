"""Coaches of companies that sell through the reservation system of IABIRI, with fares and seats of the moment.

What it is: the interface behind the white-label booking apps of several Kenyan coach companies: `common/getCity` for
its numbers of towns, `booking/filterBuses` for a route and a day.
Terms: an agreement with IABIRI and a token of our own (sent as it is, without a scheme). Tokens that are found in
public apps are not ours to use.
Limits: no rate is published: thirty questions a minute are our own modesty. No address to book a departure is known:
offers lead to the company's site where the guide knows it.
Oddities: numbers come as texts; clock times have twelve hours and no date, so who arrives earlier than he leaves
arrives the next day; `total_journey_time` may contradict them and is not read. A failure is a 200 with `isSuccess:
false`. The cheapest kind of seat is offered; every traveller takes one, as no child fare is known.
Not verified: not called live. The answer's shape is from a recording of 2022; the kind of seat called "vip" is a
guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from planner.model import Mode, Offer, Place, TransportOffer
from providers import fx
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import moment, slug, stage
from providers.http import fetch
from providers.sources.guide_buses import site_of

_SERVICE = "IABIRI"
_FILTERS: dict[str, object] = {
    "record_type": "data", "currencyId": "1", "sourcetype": "web", "seat_type": "", "travels": "",
    "boarding_points": [], "dropping_points": [], "bus_with_amenities": [], "bus_type": [], "time_range": [],
    "company_id": [], "avg_rating": None, "departure_time": "asc", "fare": None, "high_rating": False,
    "bus_with_live_tracking": False, "cabs": False, "hot_deals": False, "on_time": False, "delayBus": True,
}  # fmt: skip


def _twelve_hours(told: object) -> object:
    return datetime.strptime(told.strip(), "%I:%M %p").time() if isinstance(told, str) else told  # noqa: DTZ007


_Clock = Annotated[time, BeforeValidator(_twelve_hours)]


class _Seat(BaseModel):
    model_config = ConfigDict(frozen=True)

    currency: str = Field(alias="currencyCode")
    amount: Decimal = Field(gt=0, allow_inf_nan=False)
    kind: str = Field(alias="seatType")


class _Bus(BaseModel):
    model_config = ConfigDict(frozen=True)

    bus_id: str
    bus_title: str = Field(min_length=1)
    bus_type: str = ""
    amenities: str | None = None
    departure_time: _Clock
    arrival_time: _Clock
    available_seat_count: int
    seats: tuple[_Seat, ...] = Field(alias="defaultTripPriceList")
    delayed: bool = Field(alias="delayedFlag", default=False)


class _Town(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    name: str


class _Buses(BaseModel):
    model_config = ConfigDict(frozen=True)

    success: bool = Field(alias="isSuccess")
    message: str = ""
    data: tuple[_Bus, ...]


class _Towns(BaseModel):
    model_config = ConfigDict(frozen=True)

    success: bool = Field(alias="isSuccess", default=True)
    message: str = ""
    data: tuple[_Town, ...]


def parse(body: bytes, query: Query, *, seen_at: datetime) -> list[TransportOffer]:
    """Departures with seats for everybody. Raises ProviderError for another shape and for `isSuccess: false`."""
    try:
        told = _Buses.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    _need_success(told)
    offers = {offer.id: offer for offer in _offers(told.data, query, seen_at)}
    return list(offers.values())


def town_number(body: bytes, place: Place) -> int | None:
    """IABIRI's number of a town by its name, None when it does not serve it. Raises ProviderError."""
    try:
        told = _Towns.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    _need_success(told)
    names = {slug(name) for name in (place.name, place.slug, *place.aliases)}
    return next((town.id for town in told.data if slug(town.name) in names), None)


def _need_success(told: _Buses | _Towns) -> None:
    if not told.success:
        refused = "token" in told.message.casefold()
        why = "refuses our token" if refused else "says that it failed"
        raise ProviderError(f"{_SERVICE} {why}", permanent=refused)


def _offers(buses: Sequence[_Bus], query: Query, seen_at: datetime) -> Iterator[TransportOffer]:
    origin, people = query.origin, query.party.size
    for bus in buses:
        seats = [seat for seat in bus.seats if seat.currency == fx.PLANNED_IN]
        if origin is None or bus.available_seat_count < people or not seats:
            continue
        seat = min(seats, key=lambda seat: seat.amount)
        depart = moment(query.start, bus.departure_time)
        arrive = moment(query.start, bus.arrival_time)
        company = bus.bus_title.strip().title()
        yield TransportOffer(
            id=f"bus:iabiri:{slug(company)}:{origin.slug}:{query.destination.slug}:{depart:%Y-%m-%d-%H%M}",
            mode=Mode.BUS,
            operator=company,
            service=company,
            origin=stage(origin),
            destination=stage(query.destination),
            depart=depart,
            arrive=arrive if arrive > depart else arrive + timedelta(days=1),
            price=fx.price(seat.amount * people, "KES", None, source="IABIRI", seen_at=seen_at),
            travel_class="" if seat.kind == "normal" else seat.kind,
            booking_url=site_of(company),
            notes=tuple(_notes(bus)),
            provider=Iabiri.name,
        )


def _notes(bus: _Bus) -> Iterator[str]:
    if bus.amenities:
        yield f"On board: {bus.amenities.replace(',', ', ')}"
    if bus.available_seat_count < 10:
        yield f"{bus.available_seat_count} seats were left"
    if bus.delayed:
        yield "Its company says that it is late"


class Iabiri:
    """Coaches sold through IABIRI."""

    name: ClassVar[str] = "iabiri"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})
    needs: ClassVar[tuple[str, ...]] = ("IABIRI_TOKEN",)
    policy: ClassVar[Policy] = Policy(_SERVICE, "30/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http = http
        self._token = keys.get("IABIRI_TOKEN", "")
        self._url = (keys.get("IABIRI_API_URL") or "https://api.iabiri.com/appApiV1").rstrip("/")

    def covers(self, query: Query) -> bool:
        """Ways between two Kenyan towns."""
        ends = (query.origin, query.destination)
        known = all(end is not None and end.country == "KE" for end in ends)
        return query.kind in self.kinds and known and query.origin != query.destination

    async def search(self, query: Query) -> Sequence[Offer]:
        """Departures of the day. Raises ProviderError."""
        if query.origin is None:
            return []
        towns = await self._asked("common/getCity", {"city_id": 0, "city_type": "source"})
        source = town_number(towns, query.origin)
        if source is None:
            return []
        towns = await self._asked("common/getCity", {"city_id": source, "city_type": "destination"})
        destination = town_number(towns, query.destination)
        if destination is None:
            return []
        ends = {"source_city_id": str(source), "destination_city_id": str(destination)}
        day = {"travel_date": query.start.isoformat()}
        return parse(
            await self._asked("booking/filterBuses", {**ends, **day, **_FILTERS}), query, seen_at=datetime.now(UTC)
        )

    async def _asked(self, path: str, body: Mapping[str, object]) -> bytes:
        return await fetch(
            self._http, "POST", f"{self._url}/{path}", service=_SERVICE, json=body,
            headers={"Authorization": self._token},
        )  # fmt: skip


PROVIDER: type[Provider] = Iabiri
