"""How long searches take over sources of any speed, what is spared, and how many are answered from memory.

The services are the simulated ones on the loopback, each as slow as its scenario says; memory is a real Redis and a
SQLite file, shared by several processes as workers share them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import click
import redis

from planner.model import Offer, Party
from providers import registry
from providers.base import Kind, Outcome, Policy, Query, Status
from providers.guidebook import places
from providers.resilience import Cached, Guarded
from providers.sandbox import fx
from providers.search import search_all
from providers.switchboard import Choice, Switchboard, connect
from storage.memory import ProcessMemory
from storage.store import Store
from storage.vault import Vault
from tests.fakes.services import FakeService, delayed
from tests.providers.online import example, online
from tests.providers.test_resilience import bus
from tests.servers import redis_server

SEED = 4
DEADLINE = 3.0
FIRST_DAY = date(2026, 12, 4)
TOWNS = ("mombasa", "kisumu", "nakuru", "diani", "malindi", "eldoret", "naivasha", "nanyuki", "lamu", "watamu")
KINDS = (Kind.BUSES, Kind.FLIGHTS, Kind.HOTELS, Kind.EVENTS)
PROCESSES, THREADS, PEOPLE = 4, 25, 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker process finds what it shares with the others."""

    database: str
    redis: str
    keys: Mapping[str, str]

    def store(self) -> Store:
        """Its own store over the shared servers."""
        return Store(self.database, Vault(("benchmark secret, benchmark secret 1",)), redis.Redis.from_url(self.redis))


def report() -> None:
    """Print the table."""
    logging.disable(logging.WARNING)  # sources tell of the slow services, which are meant to be slow
    with _services() as (services, place):
        _speed(services, place)
        _from_memory(place)
        _identical(services, place)
        _different(services, place)
    _traffic()


@contextmanager
def _services() -> Iterator[tuple[Mapping[str, FakeService], Place]]:
    """Every online source's service, a Redis and a database."""
    with ExitStack() as stack:
        services, keys = {}, dict[str, str]()
        for provider in online():
            asked = example(provider)
            service = stack.enter_context(FakeService(asked.service))
            services[provider.name] = service
            keys |= {**asked.keys, **dict.fromkeys(asked.addresses, service.url + asked.path)}
        rates = stack.enter_context(FakeService(fx.answer))
        keys |= {"FX_URL": rates.url, "FX_FALLBACK_URL": rates.url}
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(redis_server())
        place = Place(f"sqlite:///{Path(folder) / 'bench.db'}", server.url, keys)
        with closing(place.store()) as store:
            store.migrate()
        yield services, place


def _board(store: Store, keys: Mapping[str, str]) -> Switchboard:
    """The sources on the network alone, as a worker has them."""
    return connect([Choice(provider) for provider in online() if registry.is_on(provider, keys)], keys, store.memory)


def _ask(board: Switchboard, keys: Mapping[str, str], queries: Sequence[Query]) -> tuple[float, list[Outcome]]:
    began = time.perf_counter()
    outcomes = search_all(queries, board.providers, DEADLINE, keys=keys, open_http=board.open_http)
    return time.perf_counter() - began, outcomes


def _query(kind: Kind, town: str, day: date, people: int) -> Query:
    origin = places()["nairobi"] if kind in (Kind.BUSES, Kind.FLIGHTS) else None
    until = day if origin is not None else day + timedelta(days=2)
    return Query(kind, places()[town], day, until, Party(people), origin)


def _speed(services: Mapping[str, FakeService], place: Place) -> None:
    """Every source with a delay of its own, drawn anew for each search of all kinds at once."""
    draw = random.Random(SEED)
    late, over, partial = [], 0, 0
    with closing(place.store()) as store:
        board = _board(store, place.keys)
        for number in range(20):
            for service in services.values():
                service.fails(delayed(0.05 * 60 ** draw.random()))  # 50 to 3,000 ms, as many short as long ones
            queries = [_query(kind, "mombasa", FIRST_DAY + timedelta(days=number), 2) for kind in KINDS]
            took, outcomes = _ask(board, place.keys, queries)
            answered = [o.millis / 1000 for o in outcomes if o.status in (Status.OK, Status.EMPTY, Status.FAILED)]
            waited = DEADLINE if any(o.status is Status.TIMED_OUT for o in outcomes) else max(answered)
            late.append(took - waited)
            over += took > DEADLINE + 0.15
            partial += any(o.status is Status.OK for o in outcomes) and any(not o.reached for o in outcomes)
    for service in services.values():
        service.fails(delayed(0.05))
    click.echo(
        f"search, 20 of 4 kinds, services of 50-3,000 ms: ends {1000 * statistics.median(late):.0f} ms (most "
        f"{1000 * max(late):.0f}) after the slowest one waited for; {over} beyond the deadline; {partial} partial"
    )


def _from_memory(place: Place) -> None:
    """The same questions again, from the process's own memory, and from Redis as another worker finds them."""
    with closing(place.store()) as store, closing(place.store()) as other:
        board, queries = _board(store, place.keys), [_query(kind, "kisumu", FIRST_DAY, 2) for kind in KINDS]
        took, outcomes = _ask(board, place.keys, queries)
        offers = sum(len(outcome.offers) for outcome in outcomes)
        click.echo(f"search, asked of services of 50 ms: {1000 * took:.0f} ms, {offers} offers of 4 kinds")
        for name, where in (("this worker", store), ("another worker", other)):
            board = _board(where, place.keys)
            single = [[_ask(board, place.keys, [query])[0] for query in queries] for _ in range(50)]
            first, rest = single[0], [seconds for each in single[1:] for seconds in each]
            click.echo(
                f"search of one kind, remembered, {name}: first {1000 * max(first):.1f} ms at most, "
                f"then median {1000 * statistics.median(rest):.1f} ms, most {1000 * max(rest):.1f} ms"
            )


def _searched(place: Place, queries: Sequence[Query]) -> list[tuple[Status, ...]]:
    """One process of several: every query by a person of its own, all at once."""
    with closing(place.store()) as store, ThreadPoolExecutor(len(queries)) as people:
        board = _board(store, place.keys)
        asked = people.map(lambda query: _ask(board, place.keys, [query])[1], queries)
        return [tuple(outcome.status for outcome in outcomes) for outcomes in asked]


def _at_once(place: Place, queries: Sequence[Query]) -> tuple[float, Counter[Status]]:
    """All queries at once, spread over processes."""
    shares = [queries[n::PROCESSES] for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_searched, [place] * PROCESSES, [share[:1] for share in shares]))  # imports are not measured
        began = time.perf_counter()
        found = list(pool.map(_searched, [place] * PROCESSES, shares))
        took = time.perf_counter() - began
    return took, Counter(status for share in found for each in share for status in each)


def _identical(services: Mapping[str, FakeService], place: Place) -> None:
    """A hundred people with one question: one search at each source that has an answer to it."""
    for kind in KINDS:
        _empty(place)
        for service in services.values():
            service.requests.clear()
            service.fails(delayed(0.5))
        query = _query(kind, "mombasa", FIRST_DAY + timedelta(days=60), 2)
        warm = replace(query, start=query.start + timedelta(days=1), end=query.end + timedelta(days=1))
        shares = [[query] * THREADS for _ in range(PROCESSES)]
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            list(pool.map(_searched, [place] * PROCESSES, [[warm]] * PROCESSES))
            before = _searches(place)
            began = time.perf_counter()
            found = list(pool.map(_searched, [place] * PROCESSES, shares))
            took = time.perf_counter() - began
        made = {name: count - before.get(name, 0) for name, count in _searches(place).items()}
        asked = ", ".join(f"{name} {count:.0f}" for name, count in sorted(made.items()) if count)
        statuses = Counter(status for share in found for each in share for status in each if status != "skipped")
        click.echo(
            f"{PEOPLE} people, one question about {kind} (500 ms): {took:.1f} s; "
            f"searches made: {asked}; {_told(statuses)}"
        )


def _different(services: Mapping[str, FakeService], place: Place) -> None:
    """A hundred questions at once, at every source no more than its owner allows."""
    _empty(place)
    for service in services.values():
        service.fails(delayed(0.2))
    for kind in KINDS:
        before = _searches(place)
        queries = [_query(kind, town, FIRST_DAY + timedelta(days=90 + day), 2) for day in range(10) for town in TOWNS]
        took, statuses = _at_once(place, queries)
        made = {name: count - before.get(name, 0) for name, count in _searches(place).items()}
        rates = {provider.name: provider.policy.rate for provider in online()}  # type: ignore[attr-defined]
        asked = ", ".join(f"{name} {count:.0f} ({rates[name]})" for name, count in sorted(made.items()) if count)
        click.echo(
            f"{len(queries)} questions about {kind} (200 ms): {took:.1f} s; searches made: {asked}; {_told(statuses)}"
        )


def _told(statuses: Mapping[Status, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()) if status is not Status.SKIPPED)


def _searches(place: Place) -> dict[str, float]:
    """Searches that were let through to each source so far."""
    with closing(place.store()) as store:
        told = store.memory.tallies().get("provider_searches", {})
    made: Counter[str] = Counter()
    for labels, count in told.items():
        of = dict(labels)
        if of["status"] in ("ok", "empty", "failed", "timed_out"):
            made[of["provider"]] += count  # type: ignore[assignment]
    return dict(made)


def _empty(place: Place) -> None:
    with redis.Redis.from_url(place.redis) as client:
        client.flushall()


def _traffic() -> None:
    """A day of travellers, in simulated time: how many of their questions were answered from memory.

    3,000 conversations with an evening peak. A town is chosen as often as its rank allows (Zipf), a first day mostly a
    Friday or Saturday of the next six weeks, a party mostly of two. Each conversation plans (buses, flights, beds and
    events there, buses and flights back) and then asks the same again once or twice, as showing the dearer and the
    cheaper plan and changing a trip do, some minutes later.
    """
    draw, clock = random.Random(SEED), _Clock()
    memory = ProcessMemory(timer=clock.seconds)
    sources = {kind: _Answering(kind) for kind in KINDS}
    refreshed: list[tuple[str, Query]] = []
    cached = {
        kind: Cached(Guarded(source, memory), memory, lambda *asked: refreshed.append(asked), clock)  # type: ignore[arg-type]
        for kind, source in sources.items()
    }
    days = [FIRST_DAY + timedelta(days=n) for n in range(42)]
    weights = [5 if day.weekday() in (4, 5) else 1 for day in days]
    moments: list[tuple[float, Sequence[Query]]] = []
    for _ in range(3_000):
        town = draw.choices(TOWNS, [1 / (rank + 1) for rank in range(len(TOWNS))])[0]
        day, people = draw.choices(days, weights)[0], draw.choices((1, 2, 3, 4), (3, 6, 1, 2))[0]
        queries = [_query(kind, town, day, people) for kind in KINDS]
        queries += [_back(_query(kind, town, day + timedelta(days=2), people)) for kind in (Kind.BUSES, Kind.FLIGHTS)]
        begins = 86400 * draw.betavariate(4, 2.2)
        for _ in range(draw.randint(2, 3)):
            moments.append((begins, queries))
            begins += draw.uniform(5, 600)
    asked, hits = asyncio.run(
        _live_through(sorted(moments, key=lambda each: each[0]), clock, cached, sources, refreshed)
    )
    calls = sum(source.asked for source in sources.values())
    click.echo(
        f"a day of 3,000 conversations, {asked:,} searches: {100 * hits / asked:.0f} % answered from memory; "
        f"{calls:,} calls made ({100 * calls / asked:.0f} %), those that renew an answer nobody waits for included"
    )


async def _live_through(
    moments: Sequence[tuple[float, Sequence[Query]]],
    clock: _Clock,
    cached: Mapping[Kind, Cached],
    sources: Mapping[Kind, _Answering],
    refreshed: list[tuple[str, Query]],
) -> tuple[int, int]:
    """How many questions were put, and how many of them made no call."""
    asked = hits = 0
    for moment, queries in moments:
        clock.now = moment
        for query in queries:
            before = sources[query.kind].asked
            await cached[query.kind].search(query)
            hits += sources[query.kind].asked == before
            asked += 1
            while refreshed:
                _, stale = refreshed.pop()
                await cached[stale.kind].search(replace(stale, newest=True))
    return asked, hits


class _Clock:
    """Simulated time: seconds of a day, also as a moment."""

    def __init__(self) -> None:
        self.now = 0.0

    def seconds(self) -> float:
        return self.now

    def __call__(self) -> datetime:
        return datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=self.now)


class _Answering:
    """A source that has one offer for every question, at once."""

    needs = ("BENCH",)
    policy = Policy("Benchmark", "100000/minute")

    def __init__(self, kind: Kind) -> None:
        self.name, self.kinds, self.asked = str(kind), frozenset({kind}), 0

    def covers(self, query: Query) -> bool:
        return True

    async def search(self, query: Query) -> Sequence[Offer]:
        self.asked += 1
        return [bus()]


def _back(query: Query) -> Query:
    assert query.origin is not None
    return replace(query, origin=query.destination, destination=query.origin)
