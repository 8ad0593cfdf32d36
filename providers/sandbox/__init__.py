"""Simulated outside services that speak the true wire formats, for trying Safiri out and for its tests.

One module each, named after its service, with `HOSTS`, the hosts it stands in for, and `answer(request)`: pure, and the
same answer to the same question. What they say is made up: everything planned with it is marked as a sample.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import ClassVar

import httpx

from planner.model import Basis, Offer, Price, StayOffer
from providers.base import Kind, Provider, Query

Answer = Callable[[httpx.Request], httpx.Response]


@cache
def services() -> Mapping[str, Answer]:
    """Every simulated service by the hosts it stands in for."""
    found: dict[str, Answer] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")):
        module = import_module(f"{__name__}.{name}")
        found |= dict.fromkeys(module.HOSTS, module.answer)
    return MappingProxyType(found)


class Simulated(httpx.AsyncBaseTransport):
    """Answers requests to the hosts of simulated services, without a network; to others it cannot connect."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the service with this host. Raises httpx.ConnectError when there is none."""
        await request.aread()
        service = services().get(request.url.host)
        if service is None:
            raise httpx.ConnectError("no such simulated service", request=request)
        answer = service(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content, request=request)


def as_sample(offer: Offer) -> Offer:
    """The offer with a price that says it was made up."""
    if isinstance(offer, StayOffer):
        return replace(offer, nightly=offer.nightly and _sample(offer.nightly))
    return replace(offer, price=offer.price and _sample(offer.price))  # type: ignore[arg-type]


def _sample(price: Price) -> Price:
    return replace(price, basis=Basis.ESTIMATE, sample=True, expires_at=None)


class Sampled:
    """A source whose answers come from a simulated service: everything it offers is marked."""

    name: ClassVar[str] = ""
    kinds: ClassVar[frozenset[Kind]] = frozenset()
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.name, self.kinds, self.needs = provider.name, provider.kinds, provider.needs  # type: ignore[misc]

    def covers(self, query: Query) -> bool:
        """As the source itself."""
        return self._provider.covers(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        """The source's offers as samples."""
        return [as_sample(offer) for offer in await self._provider.search(query)]
