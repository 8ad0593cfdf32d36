"""Which sources are asked, each with its settings and its wrappers, and the HTTP client they are asked through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import httpx

from providers import http as web
from providers import registry, sandbox
from providers.base import Online, Provider
from providers.fx import Desk
from providers.memory import Memory
from providers.resilience import Cached, Guarded, Refresh
from providers.sandbox import Sampled, Service, Simulated
from providers.search import Build, Open


@dataclass(frozen=True, slots=True)
class Choice:
    """A source that is on, and the simulated service that answers for it, if one does."""

    provider: type[Provider]
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The sources as a search takes them, and the client it opens."""

    providers: Sequence[Build]
    open_http: Open


def choose(keys: Mapping[str, str], *, offline: bool = False, simulate: bool = False) -> list[Choice]:
    """What is on: the guide, what `keys` switch on (unless `offline`) and, to `simulate`, made-up services
    for all others.
    """
    real = registry.enabled(keys, offline=offline)
    chosen = []
    for provider in registry.discover():
        if provider in real:
            chosen.append(Choice(provider))
        elif simulate and (service := _service(provider)) is not None:
            chosen.append(Choice(provider, service))
    return chosen


def connect(
    choices: Sequence[Choice], keys: Mapping[str, str], memory: Memory, refresh: Refresh | None = None
) -> Switchboard:
    """The chosen sources, those on the network within their wrappers, all with one exchange desk."""
    desk = Desk(memory)
    builds: list[Build] = []
    for choice in choices:
        if hasattr(choice.provider, "policy"):
            builds.append(_Line(choice, desk, memory, refresh))
        else:
            builds.append(choice.provider)
    return Switchboard(builds, partial(web.client, web.agent(keys), _mounts(choices)))


@dataclass(frozen=True, slots=True)
class _Line:
    """Builds a source on the network within its wrappers."""

    choice: Choice
    desk: Desk
    memory: Memory
    refresh: Refresh | None

    @property
    def name(self) -> str:
        """Of the source."""
        return self.choice.provider.name

    def __call__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Provider:
        service = self.choice.service
        source = cast(Online, self.choice.provider(http, {**keys, **(service.keys if service else {})}))
        if hasattr(source, "desk"):
            source.desk = self.desk
        if service is not None:
            source = cast(Online, Sampled(source, source.policy))
        return cast(Provider, Cached(Guarded(source, self.memory), self.memory, self.refresh))


def _service(provider: type[Provider]) -> Service | None:
    """The simulated service whose settings switch this source on."""
    return next((s for s in sandbox.services() if registry.is_on(provider, s.keys)), None)


def _mounts(choices: Sequence[Choice]) -> dict[str, httpx.AsyncBaseTransport]:
    """Hosts that are simulated. Rates are, too, when nothing real is asked that would need them."""
    services = [choice.service for choice in choices if choice.service is not None]
    if services and not any(hasattr(choice.provider, "policy") and choice.service is None for choice in choices):
        services += [service for service in sandbox.services() if not service.keys]
    return {f"all://{host}": Simulated(service.answer) for service in services for host in service.hosts}
