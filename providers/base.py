"""What a provider is: one source of offers, what may go wrong with it, and what a search hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

import httpx

from planner.model import Offer, Party, Place, Spot, Wishes


class Kind(StrEnum):
    """The kinds of search a traveller can ask for; also the last part of the REST path."""

    BUSES = "buses"
    TRAINS = "trains"
    FLIGHTS = "flights"
    HOTELS = "hotels"
    ACTIVITIES = "activities"
    EVENTS = "events"
    TRANSFERS = "transfers"


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the sources. `start` is the day of travel or check-in, `end` the day of leaving (stays, events).

    Long-distance kinds use `origin` and `destination`; hotels, activities and events use `destination` alone;
    transfers use `spots` (every ordered pair is wanted) or, asked by a traveller, `origin` and `destination` with
    `origin_point` / `destination_point` as free text, whose places on the map, where they were looked up, are `ends`.
    """

    kind: Kind
    destination: Place
    start: date
    end: date
    party: Party
    origin: Place | None = None
    wishes: Wishes = field(default_factory=Wishes)
    budget_kes: int | None = None
    spots: tuple[Spot, ...] = ()
    origin_point: str = ""
    destination_point: str = ""
    ends: tuple[Spot, Spot] | None = None
    newest: bool = False  # answers from memory will not do


class Recalled(tuple[Offer, ...]):
    """Offers that were remembered instead of asked for."""

    __slots__ = ()


def _nothing_else(query: Query) -> tuple[object, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Policy:
    """How a source on the network may be used. Sources that carry one as `policy` are online; the guide's have none.

    `rate` is what its owner allows the whole installation, as "30/minute" or "1/second; 1000/day"; `budget` is for how
    many seconds one search may wait for it; `service` is its name in sentences. Answers are kept for as long as their
    kind allows (providers.resilience), or for `fresh` seconds where the owner or the nature of the answer says so.
    `heeds` names what of a query the answer depends on beside kind, places, dates, party and spots; the answer of a
    `timeless` source depends on neither dates nor party.
    """

    service: str
    rate: str
    budget: float = 2.7
    fresh: float | None = None
    heeds: Callable[[Query], tuple[object, ...]] = _nothing_else
    timeless: bool = False


class ProviderError(Exception):
    """A source could not answer; the text says why, without addresses or keys.

    `permanent` means asking again will not help; `retry_after` is in seconds; `at_once` means that the same question
    may well be answered if asked again right away (a cut connection, a 503); `only_this`, that it is the question that
    was refused, and others may fare better. `offers` are older ones to show instead.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        at_once: bool = False,
        only_this: bool = False,
        offers: tuple[Offer, ...] = (),
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.at_once = at_once
        self.only_this = only_this
        self.offers = offers


class Status(StrEnum):
    """How one source fared in one search."""

    OK = "ok"
    EMPTY = "empty"
    CACHED = "cached"
    TIMED_OUT = "timed_out"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One source's part in a search.

    `detail` says what went wrong, also when older offers are shown instead (CACHED); `retry_after` is in seconds.
    """

    provider: str
    status: Status
    offers: tuple[Offer, ...] = ()
    detail: str = ""
    millis: int = 0
    retry_after: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the source itself has spoken, now or when its answer was remembered."""
        return self.status in (Status.OK, Status.EMPTY) or (self.status is Status.CACHED and not self.detail)


class Provider(Protocol):
    """A source of offers. Stateless: built anew for each search, with its HTTP client."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    needs: ClassVar[tuple[str, ...]]  # settings that must be set for it to be on; "A|B" is met by either

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None: ...

    def covers(self, query: Query) -> bool:
        """Whether asking makes sense at all (kind, places, dates). Cheap and without I/O."""
        ...

    async def search(self, query: Query) -> Sequence[Offer]:
        """Offers for the whole party of the query. Raises ProviderError; anything else is a bug."""
        ...


@runtime_checkable
class Online(Provider, Protocol):
    """A source that is asked over the network."""

    policy: ClassVar[Policy]


@runtime_checkable
class Remembering(Protocol):
    """A source that has older answers to fall back on."""

    def older(self, query: Query) -> Sequence[Offer]:
        """What is remembered, however old. Without I/O that waits."""
        ...
