"""Asking many sources at once: deadlines, failures, bugs, progress. The sources here are scenarios, not patches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from typing import ClassVar

import httpx
import pytest

from planner.model import Offer
from providers.base import Kind, Outcome, Provider, ProviderError, Query, Status
from providers.search import search_all
from providers.sources.sgr import Sgr
from tests.providers.asking import ask

QUERY = ask(Kind.TRAINS, "mombasa", origin="nairobi")


class Scenario:
    """A source that has nothing; the others differ in one way each."""

    name: ClassVar[str] = "nothing"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TRAINS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self.keys = keys

    def covers(self, query: Query) -> bool:
        return True

    async def search(self, query: Query) -> Sequence[Offer]:
        return ()


class Hanging(Scenario):
    name = "hanging"

    async def search(self, query: Query) -> Sequence[Offer]:
        await asyncio.Event().wait()
        return ()


class Slow(Scenario):
    name = "slow"

    async def search(self, query: Query) -> Sequence[Offer]:
        await asyncio.sleep(30)
        return ()


class Failing(Scenario):
    name = "failing"

    async def search(self, query: Query) -> Sequence[Offer]:
        raise ProviderError("no answer today", retry_after=60)


class Elsewhere(Scenario):
    name = "elsewhere"

    def covers(self, query: Query) -> bool:
        return False


class OtherKind(Scenario):
    name = "other_kind"
    kinds = frozenset({Kind.HOTELS})


class Buggy(Scenario):
    name = "buggy"

    async def search(self, query: Query) -> Sequence[Offer]:
        raise KeyError("a bug")


class Counting(Scenario):
    name = "counting"
    asked: ClassVar[list[Query]] = []

    async def search(self, query: Query) -> Sequence[Offer]:
        self.asked.append(query)
        return ()


class Echo(Scenario):
    name = "echo"

    async def search(self, query: Query) -> Sequence[Offer]:
        raise ProviderError(f"key {self.keys['ECHO_KEY']}", permanent=True)


def statuses(outcomes: Sequence[Outcome]) -> dict[str, Status]:
    return {outcome.provider: outcome.status for outcome in outcomes}


def test_a_deadline_ends_the_search_with_what_has_come() -> None:
    started = time.monotonic()
    outcomes = search_all([QUERY], [Hanging, Sgr, Slow, Failing, Scenario, Elsewhere], deadline=0.2)
    assert time.monotonic() - started < 2
    assert statuses(outcomes) == {
        "hanging": Status.TIMED_OUT,
        "sgr": Status.OK,
        "slow": Status.TIMED_OUT,
        "failing": Status.FAILED,
        "nothing": Status.EMPTY,
        "elsewhere": Status.SKIPPED,
    }
    assert len(outcomes[1].offers) == 9
    assert outcomes[3].detail == "no answer today"


def test_a_thread_that_hangs_does_not_hold_a_search() -> None:
    """Looking up the name of a host is done in a thread, which nobody can stop."""
    released = threading.Event()

    class LookingUp(Scenario):
        name = "looking_up"

        async def search(self, query: Query) -> Sequence[Offer]:
            await asyncio.to_thread(released.wait, 20)
            return ()

    started = time.monotonic()
    outcomes = search_all([QUERY], [LookingUp, Sgr], deadline=0.2)
    took = time.monotonic() - started
    released.set()
    assert statuses(outcomes) == {"looking_up": Status.TIMED_OUT, "sgr": Status.OK}
    assert took < 5


def test_sources_are_asked_at_the_same_time() -> None:
    class Pausing(Scenario):
        async def search(self, query: Query) -> Sequence[Offer]:
            await asyncio.sleep(0.2)
            return ()

    started = time.monotonic()
    outcomes = search_all([QUERY], [Pausing] * 10, deadline=5)
    assert time.monotonic() - started < 1
    assert [outcome.status for outcome in outcomes] == [Status.EMPTY] * 10


def test_a_source_of_another_kind_is_not_mentioned() -> None:
    assert search_all([QUERY], [OtherKind], deadline=1) == []


def test_a_bug_is_raised_and_nothing_keeps_running() -> None:
    with pytest.raises(KeyError, match="a bug"):
        search_all([QUERY], [Hanging, Buggy], deadline=5)


def test_equal_questions_are_asked_once() -> None:
    Counting.asked.clear()
    outcomes = search_all([QUERY, QUERY, ask(Kind.TRAINS, "voi", origin="nairobi")], [Counting], deadline=1)
    assert len(outcomes) == len(Counting.asked) == 2


def test_progress_is_told_as_it_comes_and_outcomes_are_in_the_order_asked() -> None:
    heard: list[tuple[Kind, str]] = []

    def hear(query: Query, outcome: Outcome) -> None:
        heard.append((query.kind, outcome.provider))

    providers: list[type[Provider]] = [Hanging, Sgr]
    outcomes = search_all([QUERY], providers, deadline=0.2, on_outcome=hear)
    assert heard == [(Kind.TRAINS, "sgr"), (Kind.TRAINS, "hanging")]
    assert [outcome.provider for outcome in outcomes] == ["hanging", "sgr"]


def test_keys_reach_the_sources() -> None:
    assert search_all([QUERY], [Echo], deadline=1, keys={"ECHO_KEY": "k1"})[0].detail == "key k1"


def test_no_time_left_means_nobody_answers() -> None:
    assert statuses(search_all([QUERY], [Sgr], deadline=0)) == {"sgr": Status.TIMED_OUT}
