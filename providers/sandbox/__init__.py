"""Simulated outside services that speak the true wire formats, for trying Safiri out and for its tests.

One module each, named after its service, with `HOSTS`, the hosts it stands in for, `KEYS`, the settings that switch its
sources on, and `answer(request)`: pure, and the same answer to the same question. What they say is made up: everything
planned with it is marked as a sample.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

import httpx

from planner.model import ActivityOffer, Basis, Offer, Price, StayOffer
from providers.base import Policy, Provider, Query

SAMPLE = "sample"  # the tag of made-up things to do
NOWHERE = ".invalid"  # the top-level domain that never exists (RFC 2606): of services without a known address
Answer = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True, slots=True)
class Service:
    """A simulated service."""

    name: str
    hosts: tuple[str, ...]
    keys: Mapping[str, str]
    answer: Answer


@cache
def services() -> tuple[Service, ...]:
    """Every simulated service, in order of name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = [(name, import_module(f"{__name__}.{name}")) for name in names]
    return tuple(Service(name, module.HOSTS, module.KEYS, module.answer) for name, module in modules)


def by_host(request: httpx.Request) -> httpx.Response:
    """The answer of the service at this host. Raises httpx.ConnectError when there is none."""
    service = next((service for service in services() if request.url.host in service.hosts), None)
    if service is None:
        raise httpx.ConnectError("no such simulated service", request=request)
    return service.answer(request)


class Simulated(httpx.AsyncBaseTransport):
    """Answers without a network, by default for the hosts of all simulated services and for no other."""

    def __init__(self, answer: Answer = by_host) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The simulated answer."""
        await request.aread()
        answer = self._answer(request)
        stream = httpx.ByteStream(answer.content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream, request=request)


@cache
def client() -> httpx.AsyncClient:
    """An HTTP client to simulated services alone. It holds no connections, so it need not be closed."""
    return httpx.AsyncClient(transport=Simulated())


def as_sample(offer: Offer) -> Offer:
    """The offer with a price that says it was made up, and without a link to where nothing is."""
    if _host(offer).endswith(NOWHERE):
        offer = replace(offer, booking_url=None)
    if isinstance(offer, StayOffer):
        return replace(offer, nightly=offer.nightly and _sample(offer.nightly))
    if isinstance(offer, ActivityOffer):  # which may have no price that could say so
        price = offer.price and _sample(offer.price)
        return replace(offer, price=price, tags=offer.tags | {SAMPLE}, booking_url=None)  # its page is nowhere
    return replace(offer, price=_sample(offer.price))


def _host(offer: Offer) -> str:
    """The host that an offer is booked at, "" without one."""
    return urlsplit(offer.booking_url or "").hostname or ""


def _sample(price: Price) -> Price:
    return replace(price, basis=Basis.ESTIMATE, sample=True, expires_at=None)


class Sampled:
    """A source whose answers come from a simulated service: everything it offers is marked."""

    def __init__(self, source: Provider, policy: Policy) -> None:
        self._source = source
        self.name, self.kinds, self.needs, self.policy = source.name, source.kinds, source.needs, policy

    def covers(self, query: Query) -> bool:
        """As the source itself."""
        return self._source.covers(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        """The source's offers as samples."""
        return [as_sample(offer) for offer in await self._source.search(query)]
