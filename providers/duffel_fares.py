"""A fare as Duffel sends it, and what it says in plain English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field

_CABINS = ("economy", "premium_economy", "business", "first")


def _amount(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("money comes as a string")
    return value


Money = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0, max_digits=15, decimal_places=6)]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class City(BaseModel):
    """A city, as far as it has a name."""

    name: str | None = None


class Airport(BaseModel):
    """A place of Duffel's: an airport, or a city, with its airports and without a zone."""

    iata_code: str | None = None
    name: str = ""
    city_name: str | None = None
    city: City | None = None
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    time_zone: str | None = None
    airports: list[Airport] | None = None


class Carrier(BaseModel):
    """An airline."""

    name: str
    iata_code: str | None = None


class Bags(BaseModel):
    """How many bags of a type (checked, carry_on) are included; it may be none."""

    type: str
    quantity: int = Field(ge=0)


class Seat(BaseModel):
    """What one passenger gets on one flight."""

    cabin_class: str | None = None
    baggages: list[Bags] = []


class Stop(BaseModel):
    """A landing on which one stays on the plane."""

    airport: Airport


class Segment(BaseModel):
    """One flight. Times are local to its airports and have no offset."""

    origin: Airport
    destination: Airport
    departing_at: datetime
    arriving_at: datetime
    marketing_carrier: Carrier
    marketing_carrier_flight_number: str | None = None
    operating_carrier: Carrier
    stops: list[Stop] = []
    passengers: list[Seat] = []


class Slice(BaseModel):
    """One way of a journey."""

    fare_brand_name: str | None = None
    segments: list[Segment] = Field(min_length=1)


class Condition(BaseModel):
    """Whether something is allowed, and for how much. A fee that is not told is unknown."""

    allowed: bool
    penalty_amount: Money | None = None
    penalty_currency: Currency | None = None


class Conditions(BaseModel):
    """What is told of refunds and changes; None is unknown."""

    refund_before_departure: Condition | None = None
    change_before_departure: Condition | None = None


class Fare(BaseModel):
    """An offer of Duffel's. One that does not say it is live is not."""

    total_amount: Money
    total_currency: Currency
    expires_at: datetime | None = None
    live_mode: bool = False
    owner: Carrier
    conditions: Conditions = Conditions()
    slices: list[Slice] = Field(min_length=1)


def ticket(segment: Segment) -> str:
    """The flight as on the ticket: "KQ 602"."""
    carrier = segment.marketing_carrier
    return f"{carrier.iata_code or carrier.name} {segment.marketing_carrier_flight_number or ''}".strip()


def cabin(segments: Iterable[Segment]) -> str:
    """The simplest cabin anybody sits in on these flights, "" when it is not told."""
    told = {seat.cabin_class for segment in segments for seat in segment.passengers}
    return next((each for each in _CABINS if each in told), "").replace("_", " ")


def zone(airport: Airport) -> ZoneInfo | None:
    """The zone of an airport's clocks, or of the airports of what is a city; None when it is not told or no zone."""
    named = (airport.time_zone, *(each.time_zone for each in airport.airports or ()))
    try:
        return next((ZoneInfo(name) for name in named if name), None)
    except (KeyError, ValueError, OSError):  # not a zone, or not even a name for one
        return None


def operated(segments: Iterable[Segment]) -> str:
    """Who flies, in full, as has to be shown beside every offer."""
    names = dict.fromkeys(segment.operating_carrier.name for segment in segments)
    return f"Operated by {' and '.join(names)}"


def stops(segments: Sequence[Segment]) -> Iterator[str]:
    """Where one lands on the way."""
    for segment in segments:
        for stop in segment.stops:
            yield f"1 stop in {_town(stop.airport)}, staying on the plane"
    for segment in segments[:-1]:
        yield f"1 stop in {_town(segment.destination)}, changing planes"


def bags(segments: Iterable[Segment]) -> str:
    """What everybody may take on every flight: the least that is said. An empty list says nothing."""
    seats = [seat for segment in segments for seat in segment.passengers]
    if not seats or any(not seat.baggages for seat in seats):
        return "Bags: not stated, ask the airline"
    checked, carried = (
        min(sum(each.quantity for each in seat.baggages if each.type == kind) for seat in seats)
        for kind in ("checked", "carry_on")
    )
    return f"Bags: {_counted(checked, 'checked bag')}, {_counted(carried, 'cabin bag')} each"


def rules(conditions: Conditions) -> Iterator[str]:
    """Whether money comes back, and what a change costs; what is not told is unknown, not refused."""
    yield f"Refund: {_rule(conditions.refund_before_departure)}"
    yield f"Change: {_rule(conditions.change_before_departure)}"


def _rule(rule: Condition | None) -> str:
    if rule is None:
        return "not stated"
    if not rule.allowed:
        return "not possible"
    if rule.penalty_amount is None or rule.penalty_currency is None:
        return "possible, its fee is not stated"
    if rule.penalty_amount == 0:
        return "free before departure"
    return f"costs {rule.penalty_currency} {rule.penalty_amount:,} before departure"


def _town(airport: Airport) -> str:
    city = airport.city.name if airport.city else ""
    return airport.city_name or city or airport.name or airport.iata_code or "a town not stated"


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'s' if count > 1 else ''}"
