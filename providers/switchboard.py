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
from providers.memory import Apart, Memory
from providers.resilience import Cached, Guarded, Refresh
from providers.sandbox import Sampled, Service
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
    """The chosen sources, those on the network within their wrappers.

    What simulated services say is remembered apart, and has an exchange desk of its own: it never comes back as real.
    """
    made_up = Apart(memory, "simulated")
    desk, their_desk = Desk(memory), Desk(made_up)
    builds: list[Build] = []
    for choice in choices:
        if hasattr(choice.provider, "policy") and choice.service is not None:
            builds.append(_Line(choice, their_desk, made_up, refresh))
        elif hasattr(choice.provider, "policy"):
            builds.append(_Line(choice, desk, memory, refresh))
        else:
            builds.append(choice.provider)
    return Switchboard(builds, partial(web.client, web.agent(keys)))


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
        source = self._source(http, keys) if service is None else self._simulated(service, keys)
        return cast(Provider, Cached(Guarded(source, self.memory), self.memory, self.refresh))

    def _source(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Online:
        source = cast(Online, self.choice.provider(http, keys))
        if hasattr(source, "desk"):
            source.desk = self.desk
        return source

    def _simulated(self, service: Service, keys: Mapping[str, str]) -> Online:
        """The source with settings that lead nowhere else, through a client that reaches nobody else."""
        plain = {name: value for name, value in keys.items() if not name.endswith("_URL")}
        source = self._source(sandbox.client(), {**plain, **service.keys})
        return cast(Online, Sampled(source, source.policy))


def _service(provider: type[Provider]) -> Service | None:
    """The simulated service whose settings switch this source on."""
    return next((s for s in sandbox.services() if registry.is_on(provider, s.keys)), None)
