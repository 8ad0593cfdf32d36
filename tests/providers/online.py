"""How the contract of online sources asks each of them: every test_<source>.py names one `EXAMPLE`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module

from planner.model import Offer
from providers import http, registry
from providers.base import Outcome, Provider, Query
from providers.fx import Desk, Rates
from providers.sandbox import Answer
from providers.search import search_all
from tests.fakes.services import Fault

RATES = Rates(
    {"USD": Decimal(1), "KES": Decimal("129.25"), "GBP": Decimal("0.76"), "EUR": Decimal("0.87")},
    datetime(2026, 11, 22, tzinfo=UTC),
    "ExchangeRate-API",
)

UNHURRIED = 30.0  # seconds


@dataclass(frozen=True)
class Example:
    """A question that its service, here the simulated one, has an answer to.

    `keys` switch the source on; `addresses` are the settings that hold the service's address; `too_often` is its own
    way of saying so, asking for a wait of `wait` seconds; `parse` is the source's, given a body. `path` follows the
    address where a setting holds whole pages.
    """

    query: Query
    keys: Mapping[str, str]
    addresses: Sequence[str]
    service: Answer
    too_often: Callable[[], Fault]
    wait: float
    parse: Callable[[bytes], Sequence[Offer]]
    path: str = ""


def online() -> list[type[Provider]]:
    """Every source that is asked over the network."""
    return [provider for provider in registry.discover() if hasattr(provider, "policy")]


def example(provider: type[Provider]) -> Example:
    """How to ask this source."""
    found: Example = import_module(f"tests.providers.test_{provider.name}").EXAMPLE
    return found


def built(provider: type[Provider], keys: Mapping[str, str]) -> Callable[..., Provider]:
    """The source as search_all builds it, with fixed rates for those that convert."""

    def build(client: object, given: Mapping[str, str]) -> Provider:
        made = provider(client, {**given, **keys})  # type: ignore[arg-type]
        if hasattr(made, "desk"):
            made.desk = Desk(known=RATES)
        return made

    return build


def asked_at(provider: type[Provider], example: Example, address: str, deadline: float = 10) -> Outcome:
    """What comes of asking the example's question at this address."""
    keys = {**example.keys, **dict.fromkeys(example.addresses, address + example.path)}
    (outcome,) = search_all([example.query], [built(provider, keys)], deadline)
    return outcome


async def _search(provider: type[Provider], example: Example, address: str) -> Sequence[Offer]:
    keys = {**example.keys, **dict.fromkeys(example.addresses, address + example.path)}
    async with http.client() as client:
        source = built(provider, keys)(client, {})
        if hasattr(source, "patience"):
            source.patience = UNHURRIED
        return await source.search(example.query)


def offered_at(provider: type[Provider], example: Example, address: str) -> Sequence[Offer]:
    """The offers at this address, however busy this machine is. Raises ProviderError."""
    return asyncio.run(_search(provider, example, address))
