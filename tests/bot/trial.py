"""The application with one live source of flights that does what a test tells it, beside the guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

import httpx

from bot.config import Settings
from bot.planning import Sources
from bot.queue import Queue
from bot.wiring import App
from planner.model import Basis, Mode, Offer, Precision, Price, TransportOffer
from providers.base import Kind, Provider, ProviderError, Query
from providers.points import gates
from tests.samples import at

MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+03:00")
SKYSCANNER = "https://www.skyscanner.net/transport/flights/nbo/mba/"


@dataclass
class Fares:
    """One flight a day each way. It builds itself, so that what it was asked outlives a search."""

    kes: int = 900
    seen_at: datetime = MONDAY
    basis: Basis = Basis.LIVE
    sample: bool = False
    offered: bool = True
    trouble: ProviderError | None = None
    asked: list[Query] = field(default_factory=list)
    name: ClassVar[str] = "duffel"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.FLIGHTS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __call__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Provider:
        return self

    def covers(self, query: Query) -> bool:
        return bool(query.origin and gates(query.origin.slug) and gates(query.destination.slug))

    async def search(self, query: Query) -> Sequence[Offer]:
        self.asked.append(query)
        if self.trouble is not None:
            raise self.trouble
        return [self.flight(query)] if self.offered else []

    def flight(self, query: Query) -> TransportOffer:
        assert query.origin is not None
        origin, destination = gates(query.origin.slug)[0], gates(query.destination.slug)[0]
        depart = at(query.start, 10)
        return TransportOffer(
            id=f"flight:jm:{origin.id}:{destination.id}:{query.start}",
            mode=Mode.FLIGHT,
            operator="Jambojet",
            service="Jambojet JM8656",
            origin=origin,
            destination=destination,
            depart=depart,
            arrive=depart + timedelta(hours=1),
            price=Price(
                self.kes, Decimal(self.kes), "KES", self.basis, "Duffel", self.seen_at, Precision.MINUTE,
                sample=self.sample,
            ),
            booking_url=SKYSCANNER,
            provider=self.name,
        )  # fmt: skip


class Trial(App):
    """The application, asking the guide and `fares`."""

    def __init__(self, settings: Settings, fares: Fares, queue: Queue) -> None:
        super().__init__(settings, queue=queue)
        self.fares = fares

    @cached_property
    def sources(self) -> Sources:
        """The guide's, and the one under test."""
        known = super().sources
        return replace(known, providers=[*known.providers, self.fares])
