"""What a memory does, whether it is one process's own or one that all share, with Redis, SQL, both or neither."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import redis

from storage.memory import ITEMS, METERS, ProcessMemory
from storage.shared_memory import SharedMemory
from storage.store import Store
from storage.vault import Vault
from tests.conftest import Clock
from tests.samples import mombasa
from tests.servers import spare_port

SEEN = datetime.fromisoformat("2026-11-23T09:00+03:00")


@dataclass(frozen=True, slots=True)
class Fare:
    town: str
    kes: int
    seen_at: datetime = SEEN


@dataclass(frozen=True, slots=True)
class Timetable:
    fares: tuple[Fare, ...]
    by_town: dict[str, Fare]
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Basket:
    """Anybody may change it."""

    towns: list[str]


KISUMU = Fare("Kisumu", 1500)
Memory = ProcessMemory | SharedMemory


@pytest.fixture(params=["process", "redis and sql", "redis", "sql", "neither"])
def memory(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, clock: Clock) -> Iterator[Memory]:
    """Each kind of memory, in whatever state of the house."""
    if request.param == "process":
        yield ProcessMemory(timer=lambda: clock().timestamp())
        return
    migrated = "sql" in request.param
    url = request.getfixturevalue("sqlite_url") if migrated else f"sqlite:///{tmp_path}/without-tables.db"
    dead = redis.Redis(port=spare_port())
    client = request.getfixturevalue("redis_client") if "redis" in request.param else dead
    with closing(Store(url, vault, client, clock=clock, redis_pause=60)) as store:
        yield store.memory


def test_what_was_kept_is_recalled_until_its_time_is_over(memory: Memory, clock: Clock) -> None:
    assert memory.recall("a", Fare) is None
    memory.keep("a", KISUMU, 60)
    memory.keep("b", Fare("Voi", 900), 3600)
    assert (memory.recall("a", Fare), memory.recall("b", Fare)) == (KISUMU, Fare("Voi", 900))
    clock.advance(timedelta(seconds=59))
    assert memory.recall("a", Fare) == KISUMU
    clock.advance(timedelta(seconds=1))
    assert (memory.recall("a", Fare), memory.recall("b", Fare)) == (None, Fare("Voi", 900))


def test_the_last_value_counts_and_a_forgotten_one_is_gone(memory: Memory) -> None:
    for kes, seconds in ((1500, 3600), (1600, 5), (1700, 3600)):
        memory.keep("a", Fare("Kisumu", kes), seconds)
        assert memory.recall("a", Fare) == Fare("Kisumu", kes)
    memory.forget("a")
    assert memory.recall("a", Fare) is None
    memory.keep("a", KISUMU, 3600)
    memory.keep("a", KISUMU, 0)
    assert memory.recall("a", Fare) is None, "kept for no time"


def test_a_short_value_leaves_nothing_of_the_long_one_before_it(memory: Memory, clock: Clock) -> None:
    memory.keep("a", KISUMU, 3600)
    memory.keep("a", Fare("Kisumu", 1), 5)
    clock.advance(timedelta(seconds=6))
    assert memory.recall("a", Fare) is None


def test_a_whole_plan_comes_back_as_it_was(memory: Memory) -> None:
    memory.keep("plan", mombasa(), 3600)
    assert memory.recall("plan", type(mombasa())) == mombasa()


def test_a_value_of_another_kind_is_none(memory: Memory) -> None:
    memory.keep("a", KISUMU, 3600)
    assert memory.recall("a", Timetable) is None


@pytest.mark.parametrize("make", [lambda: Timetable((KISUMU,), {"kisumu": KISUMU}, ["express"]), lambda: Basket([])])
def test_nobody_can_change_what_others_will_recall(memory: Memory, make: Callable[[], Timetable | Basket]) -> None:
    def spoil(value: Timetable | Basket | None) -> None:
        assert value is not None
        (value.remarks if isinstance(value, Timetable) else value.towns).append("spoilt")

    kept = make()
    memory.keep("a", kept, 3600)
    spoil(kept)
    for _ in range(2):
        recalled = memory.recall("a", type(kept))
        assert "spoilt" not in str(recalled)
        spoil(recalled)


def test_one_has_the_claim_and_the_next_gets_it_when_it_is_given_back(memory: Memory) -> None:
    claim = memory.claim("a", 60)
    assert claim is not None
    assert memory.claim("a", 60) is None
    other = memory.claim("b", 60)
    assert other is not None, "another claim is free"
    claim.release()
    assert memory.claim("a", 60) is not None
    claim.release()
    assert memory.claim("a", 60) is None, "only who holds it can give it back"


def test_of_many_threads_one_gets_the_claim(memory: Memory) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: memory.claim("a", 60), range(32)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_rate_admits_as_many_as_it_says_and_tells_the_rest_how_long_to_wait(memory: Memory) -> None:
    waits = [memory.wait_before("duffel", "3/minute") for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert all(50 < wait <= 60 for wait in waits[3:])
    assert memory.wait_before("amadeus", "3/minute") == 0


def test_of_many_threads_no_more_get_in_than_the_rate_says(memory: Memory) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: memory.wait_before("duffel", "50/minute; 7/hour"), range(32)))
    assert waits.count(0) == 7


def test_a_use_that_one_limit_refuses_is_counted_under_none(memory: Memory) -> None:
    assert memory.wait_before("a", "1/minute; 3/hour") == 0
    assert all(50 < memory.wait_before("a", "1/minute; 3/hour") <= 60 for _ in range(5))
    assert memory.wait_before("a", "3/hour") == memory.wait_before("a", "3/hour") == 0, "five refusals took nothing"
    assert memory.wait_before("a", "3/hour") > 3000
    assert memory.wait_before("a", "1/minute; 3/hour") > 3000, "the longest wait is told"


def test_while_a_flag_is_up_everybody_waits_for_it_and_nothing_is_counted(memory: Memory) -> None:
    memory.mark("flood", 30)
    assert 20 < memory.wait_before("a", "1/minute", unless="flood") <= 30
    assert memory.wait_before("a", "1/minute", unless="drought") == 0
    assert memory.wait_before("a", "1/minute", unless="flood") <= 30
    memory.mark("flood", 0)
    assert memory.wait_before("a", "1/minute", unless="flood") > 50


def test_a_noted_wait_is_known_until_it_is_over(memory: Memory) -> None:
    assert memory.known_wait("rate:duffel") == 0
    memory.note_wait("rate:duffel", 30)
    assert 20 < memory.known_wait("rate:duffel") <= 30
    memory.note_wait("rate:duffel", 0)
    assert memory.known_wait("rate:duffel") == memory.known_wait("rate:karibu") == 0


def test_what_is_no_rate_is_a_mistake_that_is_said(memory: Memory) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        memory.wait_before("a", "sometimes")


def test_a_flag_stands_for_its_time_or_until_it_is_forgotten(memory: Memory) -> None:
    assert memory.marked("a") == 0
    memory.mark("a", 300)
    assert 290 < memory.marked("a") <= 300
    memory.mark("a", 10)
    assert 5 < memory.marked("a") <= 10, "the last time counts"
    memory.forget("a")
    assert memory.marked("a") == 0
    memory.mark("a", 0)
    assert memory.marked("a") == 0


def test_counts_go_up_by_one_and_begin_anew_when_forgotten(memory: Memory) -> None:
    assert [memory.count("a", 600) for _ in range(3)] == [1, 2, 3]
    assert memory.count("b", 600) == 1
    memory.forget("a")
    assert memory.count("a", 600) == 1


def test_value_flag_and_count_of_a_key_are_apart(memory: Memory) -> None:
    memory.mark("a", 60)
    assert memory.count("a", 60) == 1
    assert memory.recall("a", Fare) is None
    memory.keep("a", KISUMU, 60)
    assert (memory.count("a", 60), memory.marked("a") > 0) == (2, True)


def test_meters_add_up_by_name_and_labels_in_any_order(memory: Memory) -> None:
    memory.tally("searches", {"provider": "duffel", "status": "ok"})
    memory.tally("searches", {"status": "ok", "provider": "duffel"})
    memory.tally("searches", {"provider": "duffel", "status": "failed"})
    memory.tally("seconds", {"provider": "duffel"}, 0.25)
    memory.tally("seconds", {"provider": "duffel"}, 0.5)
    assert {name: dict(told) for name, told in memory.tallies().items()} == {
        "searches": {
            (("provider", "duffel"), ("status", "failed")): 1,
            (("provider", "duffel"), ("status", "ok")): 2,
        },
        "seconds": {(("provider", "duffel"),): 0.75},
    }


def test_several_meters_are_added_to_at_once(memory: Memory) -> None:
    memory.tally_all([("searches", {"provider": "duffel"}, 1), ("seconds", {"provider": "duffel"}, 0.25)])
    assert memory.tallies() == {
        "searches": {(("provider", "duffel"),): 1},
        "seconds": {(("provider", "duffel"),): 0.25},
    }


def test_labels_that_grow_without_end_are_cut_off(memory: Memory) -> None:
    memory.tally("searches", {"provider": "duffel"})
    for number in range(METERS + 10):
        memory.tally("mistake", {"id": str(number)})
    memory.tally("searches", {"provider": "duffel"})
    told = memory.tallies()
    assert sum(map(len, told.values())) == METERS
    assert told["searches"] == {(("provider", "duffel"),): 2}


class Ticking:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def own(ticking: Ticking) -> ProcessMemory:
    return ProcessMemory(timer=ticking)


def test_a_frozen_value_is_handed_out_as_it_is(own: ProcessMemory) -> None:
    own.keep("a", KISUMU, 60)
    assert own.recall("a", Fare) is KISUMU


def test_a_claim_whose_time_is_over_is_free_and_its_first_holder_has_no_say_any_more(
    own: ProcessMemory, ticking: Ticking
) -> None:
    late = own.claim("a", 10)
    assert late is not None
    ticking.now += 9.9
    assert own.claim("a", 10) is None
    ticking.now += 0.1
    assert own.claim("a", 10) is not None
    late.release()
    assert own.claim("a", 10) is None


@pytest.mark.parametrize(
    ("seen", "after"), [(lambda m: m.marked("a"), 0), (lambda m: m.recall("a", Fare), None)], ids=["flag", "value"]
)
def test_flags_and_values_end_with_their_time(
    own: ProcessMemory, ticking: Ticking, seen: Callable[[ProcessMemory], object], after: object
) -> None:
    own.mark("a", 10)
    own.keep("a", KISUMU, 10)
    ticking.now += 9.5
    assert seen(own)
    ticking.now += 0.5
    assert seen(own) == after


def test_a_count_ends_with_the_time_of_its_first(own: ProcessMemory, ticking: Ticking) -> None:
    assert own.count("a", 10) == 1
    ticking.now += 9
    assert own.count("a", 10) == 2
    ticking.now += 1
    assert own.count("a", 10) == 1


def test_a_rate_lets_in_the_next_when_the_first_leaves_the_window(own: ProcessMemory, ticking: Ticking) -> None:
    admitted = []
    for _ in range(40):
        while wait := own.wait_before("a", "2/second; 5/minute"):
            ticking.now += wait
        admitted.append(ticking.now)
    assert admitted[:5] == pytest.approx([1000, 1000, 1001, 1001, 1002])
    assert all(later - earlier >= 60 for earlier, later in zip(admitted, admitted[5:], strict=False))
    assert admitted[-1] == pytest.approx(1000 + 7 * 60 + 2)


def test_the_values_longest_unused_go_when_there_are_too_many(ticking: Ticking) -> None:
    small = ProcessMemory(items=3, timer=ticking)
    for town in "abc":
        small.keep(town, Fare(town, 1), 60)
    assert small.recall("a", Fare) is not None
    small.keep("d", KISUMU, 60)
    assert [town for town in "abcd" if small.recall(town, Fare)] == ["a", "c", "d"]


def test_a_flood_of_keys_does_not_fill_the_house(own: ProcessMemory) -> None:
    for number in range(ITEMS + 100):
        own.mark(str(number), 60)
    assert (own.marked("0"), own.marked(str(ITEMS + 99))) == (0, 60)


def test_a_memory_of_a_process_starts_no_threads() -> None:
    before = threading.active_count()
    memory = ProcessMemory()
    memory.wait_before("a", "1/second")
    assert threading.active_count() == before
