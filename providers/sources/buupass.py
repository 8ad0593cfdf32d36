"""Coaches of several companies that sell through BuuPass, with fares and seats of the moment.

What it is: the marketplace interface of BuuPass (`/marketplace/buses/stream-schedules`), one question per route and
day.
Terms: a partner key from BuuPass (`Authorization: Api-Key …`) and the address that comes with it; both are settings.
Limits: no rate is published: thirty questions a minute are our own modesty. No link to a departure is known: offers
lead to the front page. A seat for everybody, children included, as no child fare is known.
Oddities: "stream-schedules" may answer with one JSON document (a list, or a list under `data` or `schedules`), or
with many, one a line or run together; all are read. Times are Kenyan clock times; who arrives earlier than he leaves
arrives the next day. Towns are named by our own names for them: those of `/marketplace/cities` are listed for each
company apart, and nothing says which of them the question wants.
Not verified: nothing was called live and no answer was ever recorded; only the request is known, from a prototype of
somebody else's. All bodies that this was tried with are invented. The fields read here are a guess, and an answer in
another shape is an error of the source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, ClassVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from planner.model import Mode, Offer, TransportOffer
from providers import fx, links
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import between_kenyan_towns, hours_of_ride, slug, stage
from providers.http import fetch


def _kenyan_clock(told: object) -> time:
    """A number is no clock time (900 would be read as seconds), and one of another zone is not Kenya's."""
    if not isinstance(told, str) or (clock := time.fromisoformat(told.strip())).tzinfo is not None:
        raise ValueError("no clock time")
    return clock


_Clock = Annotated[time, BeforeValidator(_kenyan_clock)]
_DEAREST = 1_000_000  # shillings for a seat: more than that is no fare


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1)


class _Schedule(BaseModel):
    model_config = ConfigDict(frozen=True)

    operator: _Named
    departure_date: date
    departure_time: _Clock
    arrival_time: _Clock
    seats_available: int
    fare: Decimal = Field(gt=0, lt=_DEAREST, allow_inf_nan=False)
    currency: str


_SCHEDULES = TypeAdapter(list[_Schedule])


def parse(body: bytes, query: Query, *, seen_at: datetime) -> list[TransportOffer]:
    """Departures of the query's day with seats for everybody. Raises ProviderError for any other shape."""
    if query.origin is None:
        return []
    try:
        schedules = _SCHEDULES.validate_python(_listed(body))
    except ValidationError as exc:
        raise ProviderError(f"BuuPass answered in another shape ({exc.error_count()} problems)") from exc
    offers: dict[str, TransportOffer] = {}
    for offer in sorted(_offers(schedules, query, seen_at), key=lambda offer: (offer.depart, offer.price.kes)):
        offers.setdefault(offer.id, offer)
    return list(offers.values())


def _listed(body: bytes) -> list[object]:
    """The schedules of all documents in the body."""
    try:
        documents = list(_documents(body.decode("utf-8").strip()))
    except (ValueError, RecursionError) as exc:
        raise ProviderError("BuuPass answered with something that is no JSON") from exc
    if not documents:
        raise ProviderError("BuuPass answered with nothing")
    return [schedule for document in documents for schedule in _schedules(document)]


def _documents(text: str) -> Iterator[object]:
    """One JSON document, or several one after the other. Raises ValueError."""
    decoder, at = json.JSONDecoder(parse_float=Decimal), 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        yield document
        while at < len(text) and text[at].isspace():
            at += 1


def _schedules(document: object) -> list[object]:
    """A document is a list of schedules, holds one, or is a schedule itself (which its own reading will tell)."""
    if isinstance(document, dict):
        document = document.get("data", document.get("schedules", [document]))
    if not isinstance(document, list):
        raise ProviderError("BuuPass answered in another shape")
    return document


def _offers(schedules: Sequence[_Schedule], query: Query, seen_at: datetime) -> Iterator[TransportOffer]:
    origin, people = query.origin, query.party.size
    for schedule in schedules:
        if origin is None or schedule.departure_date != query.start or schedule.seats_available < people:
            continue
        if schedule.currency != fx.PLANNED_IN:
            continue
        depart, arrive = hours_of_ride(query.start, schedule.departure_time, schedule.arrival_time)
        company = schedule.operator.name.strip()
        yield TransportOffer(
            id=f"bus:buupass:{slug(company)}:{origin.slug}:{query.destination.slug}:{depart:%Y-%m-%d-%H%M}",
            mode=Mode.BUS,
            operator=company,
            service=company,
            origin=stage(origin),
            destination=stage(query.destination),
            depart=depart,
            arrive=arrive,
            price=fx.price(
                schedule.fare * people, "KES", None, source="BuuPass", seen_at=seen_at, source_url=links.BUUPASS
            ),
            booking_url=links.BUUPASS,
            notes=(f"{schedule.seats_available} seats were left",) if schedule.seats_available < 10 else (),
            provider=BuuPass.name,
        )


class BuuPass:
    """Coaches sold through BuuPass."""

    name: ClassVar[str] = "buupass"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})
    needs: ClassVar[tuple[str, ...]] = ("BUUPASS_API_KEY", "BUUPASS_API_URL")
    policy: ClassVar[Policy] = Policy("BuuPass", "30/minute")

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http = http
        self._key = keys.get("BUUPASS_API_KEY", "")
        self._url = keys.get("BUUPASS_API_URL", "").rstrip("/")

    def covers(self, query: Query) -> bool:
        """Ways between two Kenyan towns."""
        return query.kind in self.kinds and between_kenyan_towns(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        """Departures of the day. Raises ProviderError."""
        asked = {
            "leaving_from": query.origin.name if query.origin else "",
            "going_to": query.destination.name,
            "departing_on": query.start.isoformat(),
        }
        body = await fetch(
            self._http, "GET", f"{self._url}/marketplace/buses/stream-schedules",
            service=self.policy.service, params=asked, headers={"Authorization": f"Api-Key {self._key}"},
        )  # fmt: skip
        return parse(body, query, seen_at=datetime.now(UTC))


PROVIDER: type[Provider] = BuuPass
