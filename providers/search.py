"""Asks every source at once and takes what comes before the deadline: the one place with an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import TypeVar

import httpx

from providers import http as web
from providers.base import Outcome, Provider, ProviderError, Query, Recalled, Remembering, Status
from providers.resilience import Cached

T = TypeVar("T")
Build = Callable[[httpx.AsyncClient, Mapping[str, str]], Provider]
Open = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]
OnOutcome = Callable[[Query, Outcome], None]
NO_KEYS: Mapping[str, str] = MappingProxyType({})


def search_all(
    queries: Sequence[Query],
    providers: Sequence[Build],
    deadline: float,
    *,
    keys: Mapping[str, str] = NO_KEYS,
    open_http: Open = web.client,
    on_outcome: OnOutcome | None = None,
) -> list[Outcome]:
    """Ask all `providers` all `queries` in parallel; return one outcome per pair of the same kind, in that order.

    `providers` are provider classes, or anything that makes a provider from an HTTP client and keys. After `deadline`
    seconds the sources still busy are TIMED_OUT and the rest is returned. A ProviderError is FAILED, a query a
    provider does not cover is SKIPPED. Any other exception is a bug and is raised. `on_outcome` hears of each outcome
    as it comes. Equal queries are asked once.
    """
    once = [query for index, query in enumerate(queries) if query not in queries[:index]]
    return _run(_search_all(once, providers, deadline, keys, open_http, on_outcome))


async def _search_all(
    queries: Sequence[Query],
    providers: Sequence[Build],
    deadline: float,
    keys: Mapping[str, str],
    open_http: Open,
    on_outcome: OnOutcome | None,
) -> list[Outcome]:
    async with open_http() as http:
        built = [build(http, keys) for build in providers]
        asked = [(query, provider) for query in queries for provider in built if query.kind in provider.kinds]
        until = time.monotonic() + deadline
        with Cached.together(asked):
            return await _ask_all(asked, until, deadline, on_outcome)


async def _ask_all(
    asked: Sequence[tuple[Query, Provider]], until: float, deadline: float, on_outcome: OnOutcome | None
) -> list[Outcome]:
    tasks: dict[asyncio.Task[Outcome], tuple[int, Query]] = {}
    outcomes: dict[int, Outcome] = {}

    def settle(index: int, query: Query, outcome: Outcome) -> None:
        outcomes[index] = outcome
        if on_outcome is not None:
            on_outcome(query, outcome)

    try:
        for index, (query, provider) in enumerate(asked):
            tasks[asyncio.create_task(_ask(provider, query))] = (index, query)
        pending = set(tasks)
        while pending and (left := until - time.monotonic()) > 0:
            done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda task: tasks[task][0]):
                settle(*tasks[task], task.result())
        for task in sorted(pending, key=lambda task: tasks[task][0]):
            index, query = tasks[task]
            settle(index, query, task.result() if task.done() else _late(asked[index][1], query, deadline))
    finally:
        unfinished = [task for task in tasks if not task.done()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
    return [outcomes[index] for index in range(len(asked))]


async def _ask(provider: Provider, query: Query) -> Outcome:
    if not provider.covers(query):
        return Outcome(provider.name, Status.SKIPPED)
    started = time.monotonic()
    try:
        offers = await provider.search(query)
    except ProviderError as exc:
        status = Status.CACHED if exc.offers else Status.FAILED
        return Outcome(provider.name, status, exc.offers, str(exc), _millis(started), exc.retry_after)
    status = Status.EMPTY if not offers else Status.CACHED if isinstance(offers, Recalled) else Status.OK
    return Outcome(provider.name, status, tuple(offers), millis=_millis(started))


def _late(provider: Provider, query: Query, deadline: float) -> Outcome:
    """Older offers are better than none."""
    older = tuple(provider.older(query)) if isinstance(provider, Remembering) else ()
    status = Status.CACHED if older else Status.TIMED_OUT
    return Outcome(provider.name, status, older, f"no answer in {deadline:g} s", round(deadline * 1000))


def _millis(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def run(ask: Callable[[httpx.AsyncClient], Awaitable[T]], open_http: Open = web.client) -> T:
    """Ask one thing over HTTP, outside of a search."""

    async def asked() -> T:
        async with open_http() as http:
            return await ask(http)

    return _run(asked())


def _run(main: Coroutine[object, object, T]) -> T:
    """As asyncio.run, but without waiting for threads: one that looks up a name may outlast every deadline."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.run_until_complete(_end_of_all())
        loop.close()  # which tells the threads to end, and leaves them to it


async def _end_of_all() -> None:
    loop = asyncio.get_running_loop()
    left = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await loop.shutdown_asyncgens()
