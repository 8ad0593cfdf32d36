"""Coaches of several companies that sell through BuuPass, with fares and seats of the moment.

What it is: the marketplace interface of BuuPass (`/marketplace/buses/stream-schedules`), one question per route and
day.
Terms: a partner key from BuuPass (`Authorization: Api-Key …`) and the address that comes with it; both are settings.
Limits: no rate is published: thirty questions a minute are our own modesty. No link to a departure is known: offers
lead to the front page. A seat for everybody, children included, as no child fare is known.
Oddities: "stream-schedules" may answer with one JSON document (a list, or a list under `data` or `schedules`), or
with one document a line; all are read. Times are Kenyan clock times; who arrives earlier than he leaves arrives the
next day.
Not verified: nothing was called live and no answer was ever recorded; only the request is known, from a prototype of
somebody else's. The fields read here are a guess, and an answer in another shape is an error of the source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import ClassVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from planner.model import Mode, Offer, TransportOffer
from providers import fx, links
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import moment, slug, stage
from providers.http import fetch


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1)


class _Schedule(BaseModel):
    model_config = ConfigDict(frozen=True)

    operator: _Named
    departure_date: date
    departure_time: time
    arrival_time: time
    seats_available: int
    fare: Decimal = Field(gt=0, allow_inf_nan=False)
    currency: str = "KES"


_SCHEDULES = TypeAdapter(list[_Schedule])


def parse(body: bytes, query: Query, *, seen_at: datetime) -> list[TransportOffer]:
    """Departures of the query's day with seats for everybody. Raises ProviderError for any other shape."""
    if query.origin is None:
        return []
    try:
        schedules = _SCHEDULES.validate_python(_listed(body))
    except ValidationError as exc:
        raise ProviderError(f"BuuPass answered in another shape ({exc.error_count()} problems)") from exc
    offers = {offer.id: offer for offer in _offers(schedules, query, seen_at)}
    return list(offers.values())


def _listed(body: bytes) -> list[object]:
    """The schedules in any of the shapes: one document, or one a line."""
    try:
        text = body.decode("utf-8")
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            found = json.loads(text)
        except ValueError:
            found = [json.loads(line) for line in lines] or None
    except (ValueError, RecursionError) as exc:
        raise ProviderError("BuuPass answered with something that is no JSON") from exc
    if isinstance(found, dict):
        found = found.get("data", found.get("schedules"))
    if not isinstance(found, list):
        raise ProviderError("BuuPass answered in another shape")
    return found


def _offers(schedules: Sequence[_Schedule], query: Query, seen_at: datetime) -> Iterator[TransportOffer]:
    origin, people = query.origin, query.party.size
    for schedule in schedules:
        if origin is None or schedule.departure_date != query.start or schedule.seats_available < people:
            continue
        if schedule.currency != fx.PLANNED_IN:
            continue
        depart = moment(query.start, schedule.departure_time)
        arrive = moment(query.start, schedule.arrival_time)
        company = schedule.operator.name.strip()
        yield TransportOffer(
            id=f"bus:buupass:{slug(company)}:{origin.slug}:{query.destination.slug}:{depart:%Y-%m-%d-%H%M}",
            mode=Mode.BUS,
            operator=company,
            service=company,
            origin=stage(origin),
            destination=stage(query.destination),
            depart=depart,
            arrive=arrive if arrive > depart else arrive + timedelta(days=1),
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
        ends = (query.origin, query.destination)
        known = all(end is not None and end.country == "KE" for end in ends)
        return query.kind in self.kinds and known and query.origin != query.destination

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
