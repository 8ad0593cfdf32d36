"""Coaches of companies that sell through the reservation system of IABIRI, with fares and seats of the moment.

What it is: the interface behind the white-label booking apps of several Kenyan coach companies: `common/getCity` for
its numbers of towns, `booking/filterBuses` for a route and a day.
Terms: an agreement with IABIRI and a token of our own (sent as it is, without a scheme). Tokens that are found in
public apps are not ours to use.
Limits: no rate is published: thirty questions a minute are our own modesty. No address to book a departure is known:
offers lead to the company's site where the guide knows one that is encrypted.
Oddities: numbers come as texts; clock times have twelve hours and no date, so who arrives earlier than he leaves
arrives the next day; `total_journey_time` may contradict them and is not read. A failure is a 200 with `isSuccess:
false`. The cheapest kind of seat is offered; every traveller takes one, as no child fare is known. Fares in other
currencies than shillings are left out.
Not verified: not called live. The answer's shape is from a recording of 2022; the kind of seat called "vip" is a
guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Annotated, ClassVar, TypeVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from planner.model import Mode, Offer, Place, TransportOffer
from providers import fx
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import between_kenyan_towns, hours_of_ride, slug, stage
from providers.http import fetch
from providers.sources.guide_buses import site_of

_SERVICE = "IABIRI"
_FILTERS: dict[str, object] = {
    "record_type": "data", "currencyId": "1", "sourcetype": "web", "seat_type": "", "travels": "",
    "boarding_points": [], "dropping_points": [], "bus_with_amenities": [], "bus_type": [], "time_range": [],
    "company_id": [], "avg_rating": None, "departure_time": "asc", "fare": None, "high_rating": False,
    "bus_with_live_tracking": False, "cabs": False, "hot_deals": False, "on_time": False, "delayBus": True,
}  # fmt: skip


_NOT_SOLD = ("driver", "staff", "door")  # kinds of seat that are in its plans of coaches and nobody can buy
_DEAREST = 1_000_000  # shillings for a seat: more than that is no fare


def _twelve_hours(told: object) -> time:
    if not isinstance(told, str):
        raise ValueError("a clock time is a text")  # a number would be read as seconds
    return datetime.strptime(told.strip(), "%I:%M %p").time()  # noqa: DTZ007


_Clock = Annotated[time, BeforeValidator(_twelve_hours)]


class _Seat(BaseModel):
    model_config = ConfigDict(frozen=True)

    currency: str = Field(alias="currencyCode")
    amount: Decimal = Field(ge=0, lt=_DEAREST, allow_inf_nan=False)
    kind: str = Field(alias="seatType")


class _Bus(BaseModel):
    model_config = ConfigDict(frozen=True)

    bus_title: str = Field(min_length=1)
    amenities: str | None = None
    departure_time: _Clock
    arrival_time: _Clock
    available_seat_count: int
    seats: tuple[_Seat, ...] = Field(alias="defaultTripPriceList")
    delay: int | str | None = Field(alias="delayedFlag", default=None)  # 0 was seen; nothing else was


class _Town(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    name: str


class _Verdict(BaseModel):
    model_config = ConfigDict(frozen=True)

    success: bool = Field(alias="isSuccess", default=True)
    message: str | None = None


class _Buses(BaseModel):
    model_config = ConfigDict(frozen=True)

    success: bool = Field(alias="isSuccess")
    data: tuple[_Bus, ...]


class _Towns(BaseModel):
    model_config = ConfigDict(frozen=True)

    data: tuple[_Town, ...]


_AnswerT = TypeVar("_AnswerT", _Buses, _Towns)


def parse(body: bytes, query: Query, *, seen_at: datetime) -> list[TransportOffer]:
    """Departures with seats for everybody. Raises ProviderError for another shape and for `isSuccess: false`."""
    offers: dict[str, TransportOffer] = {}
    found = _offers(_told(_Buses, body).data, query, seen_at)
    for offer in sorted(found, key=lambda offer: (offer.depart, offer.price.kes)):
        offers.setdefault(offer.id, offer)
    return list(offers.values())


def town_number(body: bytes, place: Place) -> int | None:
    """IABIRI's number of a town by its name, None when it does not serve it. Raises ProviderError."""
    numbers = {slug(town.name): town.id for town in _told(_Towns, body).data}
    names = [slug(name) for name in (place.name, place.slug, *place.aliases)]  # its own name before a nickname
    return next((numbers[name] for name in names if name in numbers), None)


def _told(answer: type[_AnswerT], body: bytes) -> _AnswerT:
    """What was answered. A failure is looked for first: what else is in one is not known."""
    try:
        verdict = _Verdict.model_validate_json(body)
        if verdict.success:
            return answer.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    refused = "token" in (verdict.message or "").casefold()
    why = "refuses our token" if refused else "says that it failed"
    raise ProviderError(f"{_SERVICE} {why}", permanent=refused)


def _offers(buses: Sequence[_Bus], query: Query, seen_at: datetime) -> Iterator[TransportOffer]:
    origin, people = query.origin, query.party.size
    for bus in buses:
        sold = [seat for seat in bus.seats if seat.amount and seat.kind.casefold() not in _NOT_SOLD]
        seats = [seat for seat in sold if seat.currency == fx.PLANNED_IN]
        if origin is None or bus.available_seat_count < people or not seats:
            continue
        seat = min(seats, key=lambda seat: seat.amount)
        depart, arrive = hours_of_ride(query.start, bus.departure_time, bus.arrival_time)
        company = bus.bus_title.strip().title()
        yield TransportOffer(
            id=f"bus:iabiri:{slug(company)}:{origin.slug}:{query.destination.slug}:{depart:%Y-%m-%d-%H%M}",
            mode=Mode.BUS,
            operator=company,
            service=company,
            origin=stage(origin),
            destination=stage(query.destination),
            depart=depart,
            arrive=arrive,
            price=fx.price(seat.amount * people, "KES", None, source="IABIRI", seen_at=seen_at),
            travel_class="" if seat.kind == "normal" else seat.kind,
            booking_url=_safe(site_of(company)),
            notes=tuple(_notes(bus)),
            provider=Iabiri.name,
        )


def _safe(site: str | None) -> str | None:
    """Nobody is sent to book, with a name and a number, over a connection that others can read."""
    return site if site and site.startswith("https://") else None


def _notes(bus: _Bus) -> Iterator[str]:
    if bus.amenities:
        yield f"On board: {bus.amenities.replace(',', ', ')}"
    if bus.available_seat_count < 10:
        yield f"{bus.available_seat_count} seats were left"
    if str(bus.delay or 0) not in ("", "0", "false"):
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
        return query.kind in self.kinds and between_kenyan_towns(query)

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
