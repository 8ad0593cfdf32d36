"""Wrappers around a source on the network (provider → provider): what is remembered, and what spares a sick service.

`Guarded` asks: within the rate its owner allows, within its budget of seconds, once more after a cut connection, and
not at all for five minutes after three failures in a row. `Cached` asks only when it must: it remembers answers for as
long as their kind holds, shows older ones at once while newer are fetched, lets one of many equal questions through,
and brings out what it has when the source fails. Both keep their state in a Memory that all processes share.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import stamina

from planner.model import ActivityOffer, Basis, Offer, Price, StayOffer, TransferOffer, TransportOffer, Wishes
from providers.base import Kind, Online, Policy, ProviderError, Query, Recalled
from providers.memory import Memory, Meter

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# Seconds for which an answer of each kind counts as new, and for how much longer it is shown while a newer one comes.
FRESH = {
    Kind.FLIGHTS: 10 * MINUTE,
    Kind.BUSES: 15 * MINUTE,
    Kind.TRAINS: 15 * MINUTE,
    Kind.HOTELS: 30 * MINUTE,
    Kind.TRANSFERS: 5 * MINUTE,
    Kind.EVENTS: 6 * HOUR,
    Kind.ACTIVITIES: 7 * DAY,
}
STALE = {kind: 2 * fresh for kind, fresh in FRESH.items()}
KEPT = DAY  # for when the source fails; events and sights longer, by their own FRESH + STALE
NOTHING = 10 * MINUTE  # "there is none" is believed no longer than this
REFUSED = 5.0  # seconds for which a failed question is not asked again
FAILURES, WITHIN = 3, 10 * MINUTE  # so many in a row and so close together open the circuit
OPEN = 5 * MINUTE
PROBING = 15 * MINUTE  # after the circuit was open, one failure opens it again
LOOK = 0.02  # seconds between looks for an answer that somebody else is fetching
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0)  # buckets of the latency histogram

_SPARED = {
    "open": "has not been answering",
    "busy": "asked us to wait",
    "rate": "is asked as often as it allows",
}

Refresh = Callable[[str, Query], None]  # (source, question): fetch a newer answer some time soon
RENEWING = MINUTE  # in which one renewal of an answer is asked for, however many are shown it


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is remembered."""

    seen_at: datetime
    transports: tuple[TransportOffer, ...] = ()
    stays: tuple[StayOffer, ...] = ()
    activities: tuple[ActivityOffer, ...] = ()
    transfers: tuple[TransferOffer, ...] = ()

    @classmethod
    def of(cls, offers: Sequence[Offer], seen_at: datetime) -> Kept:
        """Offers sorted by their kind; a source's answer has one kind only, so their order is kept."""
        return cls(
            seen_at,
            tuple(offer for offer in offers if isinstance(offer, TransportOffer)),
            tuple(offer for offer in offers if isinstance(offer, StayOffer)),
            tuple(offer for offer in offers if isinstance(offer, ActivityOffer)),
            tuple(offer for offer in offers if isinstance(offer, TransferOffer)),
        )

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All of them, their live prices called cached."""
        return tuple(_cached(offer) for pool in self._pools for offer in pool)

    @property
    def _pools(self) -> tuple[tuple[Offer, ...], ...]:
        return (self.transports, self.stays, self.activities, self.transfers)

    def age(self, now: datetime) -> float:
        """In seconds."""
        return (now - self.seen_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Refused:
    """A failure as it is remembered, for those who ask the same right after."""

    why: str
    permanent: bool
    retry_after: float | None


def question(source: str, policy: Policy, query: Query) -> str:
    """The key under which a source's answer is remembered: a digest of what it depends on, and of nothing personal."""
    party = query.party
    who_and_when = (
        query.start, query.end, party.adults, party.children, sorted(party.child_ages), party.residency,
    )  # fmt: skip
    parts = (
        query.kind, query.origin and query.origin.slug, query.destination.slug,
        *(() if policy.timeless else who_and_when), sorted(spot.id for spot in query.spots), *policy.heeds(query),
    )  # fmt: skip
    return f"{source}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"


class Guarded:
    """A source that is not asked more often, or for longer, than is good for it or for us."""

    def __init__(self, source: Online, memory: Memory) -> None:
        self._source, self._memory = source, memory
        self.name, self.kinds, self.needs, self.policy = source.name, source.kinds, source.needs, source.policy

    def covers(self, query: Query) -> bool:
        """As the source itself."""
        return self._source.covers(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        """The source's own answer. Raises ProviderError, at once while it is being spared."""
        began = time.monotonic()
        await self._admitted(began)
        status = "timed_out"  # what a cancelled task leaves behind: the search did not wait any longer
        try:
            async with asyncio.timeout(self.policy.budget - (time.monotonic() - began)):
                offers = await self._asked(query)
        except TimeoutError as exc:
            self._failed()
            raise ProviderError(f"{self.policy.service} did not answer in {self.policy.budget:g} s") from exc
        except asyncio.CancelledError:
            if time.monotonic() - began > self.policy.budget / 2:
                self._failed()
            raise
        except ProviderError as exc:
            status = "failed"
            if exc.retry_after:
                self._memory.mark(f"busy:{self.name}", exc.retry_after)
            elif not exc.only_this:
                self._failed()
            raise
        else:
            status = "ok" if offers else "empty"
            self._memory.clear(f"failures:{self.name}", f"probing:{self.name}")
            return offers
        finally:
            self._tally(status, time.monotonic() - began)

    async def _admitted(self, began: float) -> None:
        """Returns when the source may be asked. Raises ProviderError when that takes longer than anyone waits."""
        opened, busy, probing = self._memory.all_marked([f"{flag}:{self.name}" for flag in ("open", "busy", "probing")])
        for flag, left in (("open", opened), ("busy", busy)):
            if left:
                self._memory.note_wait(f"{flag}:{self.name}", left)
                raise self._refusal(flag, left)
        if probing and self._memory.claim(f"probe:{self.name}", self.policy.budget) is None:
            raise self._refusal("open", self.policy.budget)
        while wait := self._memory.wait_before(f"rate:{self.name}", self.policy.rate):
            if time.monotonic() - began + wait > self.policy.budget / 2:
                self._memory.note_wait(f"rate:{self.name}", wait)  # what was used stays used: no use is left before
                raise self._refusal("rate", wait)
            await asyncio.sleep(wait)

    def ask_not_in_vain(self) -> None:
        """Raises ProviderError when this process knows already that the source is not to be asked in time."""
        for flag, enough in (("open", 0.0), ("busy", 0.0), ("rate", self.policy.budget / 2)):
            if (left := self._memory.known_wait(f"{flag}:{self.name}")) > enough:
                raise self._refusal(flag, left)

    def _refusal(self, flag: str, left: float) -> ProviderError:
        """Why the source is spared for now, counted."""
        self._tally(flag)
        return ProviderError(f"{self.policy.service} {_SPARED[flag]}", retry_after=left)

    async def _asked(self, query: Query) -> Sequence[Offer]:
        async for attempt in stamina.retry_context(
            on=_worth_another_try, attempts=2, timeout=None, wait_initial=0.05, wait_jitter=0.05
        ):
            with attempt:
                return await self._source.search(query)
        raise AssertionError("the last attempt raises")

    def _failed(self) -> None:
        memory, name = self._memory, self.name
        if memory.marked(f"probing:{name}") or memory.count(f"failures:{name}", WITHIN) >= FAILURES:
            memory.mark(f"open:{name}", OPEN)
            memory.mark(f"probing:{name}", PROBING)
            memory.clear(f"failures:{name}")

    def _tally(self, status: str, seconds: float | None = None) -> None:
        memory, labels = self._memory, {"provider": self.name}
        meters: list[Meter] = [("provider_searches", {**labels, "status": status}, 1)]
        if seconds is not None:
            bucket = next((f"{most:g}" for most in SECONDS if seconds <= most), "+Inf")
            meters += [
                ("provider_seconds_bucket", {**labels, "le": bucket}, 1),
                ("provider_seconds_sum", labels, seconds),
                ("provider_seconds_count", labels, 1),
            ]
        memory.tally_all(meters)


class Cached:
    """A source whose answers are remembered."""

    def __init__(
        self, source: Guarded, memory: Memory, refresh: Refresh | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        self._source, self._memory, self._refresh, self._now = source, memory, refresh, clock
        self._looked_up: dict[str, Kept | None] = {}
        self.name, self.kinds, self.needs, self.policy = source.name, source.kinds, source.needs, source.policy

    def covers(self, query: Query) -> bool:
        """As the source itself."""
        return self._source.covers(query)

    def older(self, query: Query) -> Sequence[Offer]:
        """What is remembered, however old: for when the source is late."""
        kept = self._memory.recall(self._key(query), Kept)
        return kept.offers if kept else ()

    async def search(self, query: Query) -> Sequence[Offer]:
        """A remembered answer (Recalled) or a new one. Raises ProviderError, with older offers if there are any."""
        key = self._key(query)
        kept = self._looked_up.pop(key) if key in self._looked_up else self._memory.recall(key, Kept)
        if kept is not None and not query.newest:
            age, fresh = kept.age(self._now()), self._fresh(query, kept)
            if age <= fresh:
                return self._recalled(kept, "fresh")
            if age <= fresh + self._stale(query) and self._refresh is not None and kept.offers:
                if self._memory.claim(f"renewing:{self._key(query)}", RENEWING) is not None:
                    self._refresh(self.name, _bare(query))
                return self._recalled(kept, "stale")
        try:
            self._source.ask_not_in_vain()  # in a crowd most questions end here, and claim nothing
            return await self._alone(query)
        except ProviderError as exc:
            if kept is not None and kept.offers:
                raise _with_older(exc, kept) from exc
            raise

    async def _alone(self, query: Query) -> Sequence[Offer]:
        """Ask the source, or wait for what somebody else is just asking."""
        key, began = self._key(query), self._now()
        deadline = time.monotonic() + self.policy.budget
        while True:
            if (claim := self._memory.claim(f"asking:{key}", self.policy.budget + 1)) is not None:
                break
            if time.monotonic() > deadline:
                raise ProviderError(f"{self.policy.service} did not answer in {self.policy.budget:g} s")
            await asyncio.sleep(random.uniform(LOOK / 2, LOOK * 2))
        try:
            kept = self._memory.recall(key, Kept, brief=True)
            if kept is not None and kept.seen_at >= began:
                return self._recalled(kept, "shared")
            if (refused := self._memory.recall(f"refused:{key}", Refused, brief=True)) is not None:
                raise ProviderError(refused.why, permanent=refused.permanent, retry_after=refused.retry_after)
            return await self._newly(query, key)
        finally:
            claim.release()

    async def _newly(self, query: Query, key: str) -> Sequence[Offer]:
        self._memory.tally("provider_cache", {"provider": self.name, "answer": "none"})
        try:
            offers = await self._source.search(query)
        except ProviderError as exc:
            refused = Refused(str(exc), exc.permanent, exc.retry_after)
            self._memory.keep(f"refused:{key}", refused, REFUSED, brief=True)
            raise
        kept = Kept.of(offers, self._now())
        self._memory.keep(key, kept, max(KEPT, self._fresh(query, kept) + self._stale(query)) if offers else NOTHING)
        return offers

    @staticmethod
    @contextmanager
    def together(asked: Iterable[tuple[Query, object]]) -> Iterator[None]:
        """For the price of one: recall all that is about to be asked, and keep all that is answered meanwhile."""
        by_memory: dict[int, dict[str, Cached]] = {}
        for query, source in asked:
            if isinstance(source, Cached) and source.covers(query):
                by_memory.setdefault(id(source._memory), {})[source._key(query)] = source
        with ExitStack() as keeping:
            for sources in by_memory.values():
                memory = next(iter(sources.values()))._memory
                found = memory.recall_all(list(sources), Kept)
                for key, source in sources.items():
                    source._looked_up[key] = found.get(key)
                keeping.enter_context(memory.together())
            yield

    def _recalled(self, kept: Kept, answer: str) -> Recalled:
        self._memory.tally("provider_cache", {"provider": self.name, "answer": answer})
        return Recalled(kept.offers)

    def _fresh(self, query: Query, kept: Kept) -> float:
        fresh = self.policy.fresh if self.policy.fresh is not None else FRESH[query.kind]
        return fresh if kept.offers else min(fresh, NOTHING)

    def _stale(self, query: Query) -> float:
        return 2 * self.policy.fresh if self.policy.fresh is not None else STALE[query.kind]

    def _key(self, query: Query) -> str:
        return question(self.name, self.policy, query)


def _bare(query: Query) -> Query:
    """The question without what a traveller said in words, and without what no answer depends on."""
    wishes = Wishes(comfort=query.wishes.comfort, stay_class=query.wishes.stay_class)
    return replace(query, wishes=wishes, budget_kes=None, origin_point="", destination_point="", ends=None)


def _worth_another_try(exc: Exception) -> bool:
    return isinstance(exc, ProviderError) and exc.at_once


def _with_older(exc: ProviderError, kept: Kept) -> ProviderError:
    return ProviderError(str(exc), permanent=exc.permanent, retry_after=exc.retry_after, offers=kept.offers)


def _cached(offer: Offer) -> Offer:
    if isinstance(offer, StayOffer):
        return replace(offer, nightly=offer.nightly and _seen_before(offer.nightly))
    if isinstance(offer, ActivityOffer):
        return replace(offer, price=offer.price and _seen_before(offer.price))
    return replace(offer, price=_seen_before(offer.price))


def _seen_before(price: Price) -> Price:
    return replace(price, basis=Basis.CACHED) if price.basis is Basis.LIVE else price
