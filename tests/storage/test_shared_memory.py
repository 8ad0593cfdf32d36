"""Two processes share what they remember; Redis and SQL may be full, restarted, busy or gone meanwhile."""

from __future__ import annotations

import logging
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from storage.shared_memory import COPIES, LASTING
from storage.store import PATIENCE, Store
from storage.tables import Answer
from storage.vault import Vault
from tests.conftest import SECRET, Clock
from tests.servers import RedisServer, redis_server, spare_port
from tests.storage.test_memory import KISUMU, Fare, Timetable

HOUR = 3600.0
VOI = Fare("Voi", 900)
T = TypeVar("T")


@pytest.fixture
def other(store: Store, database_url: str, vault: Vault, redis_client: redis.Redis, clock: Clock) -> Iterator[Store]:
    """The store of another process over the same database and Redis."""
    with closing(Store(database_url, vault, redis_client, clock=clock)) as made:
        yield made


@pytest.fixture
def alone(database_url: str, vault: Vault, clock: Clock) -> Iterator[Store]:
    """A store without Redis."""
    with closing(Store(database_url, vault, clock=clock)) as made:
        yield made


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that a test may stop."""
    with redis_server() as server:
        yield server


@contextmanager
def pair(url: str, server: RedisServer, clock: Clock, pause: float = 0) -> Iterator[tuple[Store, Store]]:
    """Two processes' stores over a Redis that may be stopped; back at once when it is started again."""
    vault = Vault((SECRET,))

    def made() -> Store:
        return Store(url, vault, redis.Redis.from_url(server.url), clock=clock, redis_pause=pause)

    with closing(made()) as one, closing(made()) as two:
        yield one, two


def rows(store: Store) -> list[str]:
    with store.reading() as s:
        return list(s.scalars(select(Answer.key).order_by(Answer.key)))


def quick(work: Callable[[], T], within: float = 2) -> T:
    began = time.monotonic()
    done = work()
    assert time.monotonic() - began < within
    return done


def test_what_one_process_keeps_or_forgets_the_other_knows_at_once(store: Store, other: Store) -> None:
    store.memory.keep("a", KISUMU, HOUR)
    assert other.memory.recall("a", Fare) == KISUMU
    other.memory.keep("a", VOI, HOUR)
    assert store.memory.recall("a", Fare) == VOI
    store.memory.forget("a")
    assert other.memory.recall("a", Fare) is None


def test_several_are_recalled_from_wherever_each_of_them_is(
    store: Store, other: Store, redis_client: redis.Redis
) -> None:
    for key in ("at hand", "elsewhere", "in sql", "broken"):
        (store if key == "at hand" else other).memory.keep(key, Fare(key, 1), HOUR)
    redis_client.delete("safiri:answer:in sql")
    redis_client.set("safiri:answer:broken", "?")
    wanted = ["at hand", "elsewhere", "in sql", "broken", "nowhere"]
    found = store.memory.recall_all(wanted, Fare)
    assert found == {key: Fare(key, 1) for key in wanted[:3]}
    assert redis_client.exists("safiri:answer:in sql"), "put back"
    assert store.memory.recall_all(wanted, Fare, brief=True) == found
    assert store.memory.recall_all([], Fare) == {}


def test_flags_counts_and_meters_are_of_all_processes(store: Store, other: Store) -> None:
    store.memory.mark("open:duffel", 300)
    assert 290 < other.memory.marked("open:duffel") <= 300
    assert [store.memory.count("a", 60), other.memory.count("a", 60), store.memory.count("a", 60)] == [1, 2, 3]
    for each in (store, other):
        each.memory.tally("searches", {"provider": "duffel"})
        assert each.memory.wait_before("duffel", "2/minute") == 0
    assert store.memory.tallies() == other.memory.tallies() == {"searches": {(("provider", "duffel"),): 2}}
    assert store.memory.wait_before("duffel", "2/minute") > 50
    store.memory.mark("busy:duffel", 5)
    opened, busy, probing = other.memory.all_marked(["open:duffel", "busy:duffel", "probing:duffel"])
    assert (290 < opened <= 300, 0 < busy <= 5, probing) == (True, True, 0)
    other.memory.clear("open:duffel", "a")
    assert store.memory.marked("open:duffel") == 0
    assert store.memory.marked("busy:duffel") > 0
    assert store.memory.count("a", 60) == 1
    other.memory.forget("busy:duffel")
    assert store.memory.marked("busy:duffel") == 0


def test_a_claim_excludes_other_processes_and_only_its_holder_gives_it_back(
    store: Store, other: Store, redis_client: redis.Redis
) -> None:
    late = store.memory.claim("a", 10)
    assert late is not None
    assert other.memory.claim("a", 10) is None
    assert 0 < redis_client.pttl("safiri:claim:a") <= 10_000
    redis_client.delete("safiri:claim:a")  # as if its time was over
    assert other.memory.claim("a", 10) is not None
    late.release()
    assert store.memory.claim("a", 10) is None


def test_everything_in_redis_has_the_name_of_the_house_and_an_end(store: Store, redis_client: redis.Redis) -> None:
    store.memory.keep("a", KISUMU, HOUR)
    store.memory.mark("a", 60)
    store.memory.count("a", 60)
    store.memory.claim("a", 60)
    store.memory.wait_before("a", "2/minute; 1/second")
    store.memory.tally("searches", {})
    keys = {key.decode() for key in redis_client.scan_iter()}
    assert keys == {f"safiri:{kind}:a" for kind in ("answer", "flag", "count", "claim", "rate")} | {"safiri:tallies"}
    assert {key for key in keys if redis_client.ttl(key) < 0} == {"safiri:tallies"}
    assert redis_client.ttl("safiri:answer:a") == pytest.approx(HOUR, abs=2)


def test_a_window_in_redis_moves(store: Store, redis_client: redis.Redis) -> None:
    for _ in range(2):
        assert store.memory.wait_before("a", "2/minute") == 0
    assert store.memory.wait_before("a", "2/minute") > 50
    newest, oldest = (float(moment) for moment in redis_client.lrange("safiri:rate:a", 0, -1))
    redis_client.lset("safiri:rate:a", 1, str(oldest - 45))
    assert store.memory.wait_before("a", "2/minute") == pytest.approx(15, abs=2)
    redis_client.lset("safiri:rate:a", 1, str(oldest - 60))
    assert store.memory.wait_before("a", "2/minute") == 0
    assert float(redis_client.lindex("safiri:rate:a", 1)) == newest
    redis_client.lset("safiri:rate:a", 1, str(newest + 7200))
    assert store.memory.wait_before("a", "2/minute") <= 60, "a clock that was set back makes nobody wait for hours"


def test_what_is_tallied_together_is_added_in_one_trip(store: Store, redis_client: redis.Redis) -> None:
    def scripts() -> int:
        return int(redis_client.info("commandstats")["cmdstat_evalsha"]["calls"])

    store.memory.tally("searches", {"provider": "karibu"})  # now Redis knows the script
    before = scripts()
    with store.memory.together():
        for _ in range(5):
            store.memory.tally("searches", {"provider": "duffel"})
            store.memory.tally_all([("seconds", {"provider": "duffel"}, 0.25)])
            with store.memory.together():
                store.memory.tally("searches", {"provider": "karibu"})
        assert scripts() == before
    assert scripts() == before + 1
    told = store.memory.tallies()
    assert told["searches"] == {(("provider", "duffel"),): 5, (("provider", "karibu"),): 6}
    assert told["seconds"] == {(("provider", "duffel"),): 1.25}


def test_a_value_of_before_an_upgrade_counts_as_none_and_is_deleted(
    store: Store, other: Store, redis_client: redis.Redis
) -> None:
    store.memory.keep("a", KISUMU, HOUR)
    assert other.memory.recall("a", Timetable) is None
    assert (redis_client.get("safiri:answer:a"), rows(store)) == (None, [])
    assert store.memory.recall("a", Fare) is None


@pytest.mark.parametrize("kept", [b"", b"rubbish", b"0123456789abcdef", b"0123456789abcdef2027-01-01T00:00:00\n{}"])
def test_rubbish_in_redis_is_none(store: Store, redis_client: redis.Redis, kept: bytes) -> None:
    redis_client.set("safiri:answer:a", kept)
    assert store.memory.recall("a", Fare) is None


def test_a_restarted_redis_is_filled_again_from_sql_for_the_time_that_is_left(
    store: Store, other: Store, clock: Clock, redis_client: redis.Redis
) -> None:
    store.memory.keep("a", KISUMU, HOUR)
    clock.advance(timedelta(minutes=40))
    redis_client.flushall()
    assert other.memory.recall("a", Fare) == KISUMU
    assert redis_client.ttl("safiri:answer:a") == pytest.approx(1200, abs=2)
    with store.session() as s:
        s.execute(text("DELETE FROM answers"))
    assert store.memory.recall("a", Fare) == KISUMU, "from Redis"
    clock.advance(timedelta(minutes=20))
    assert store.memory.recall("a", Fare) is None


def test_what_is_of_brief_interest_is_of_all_processes_and_never_reaches_sql(store: Store, other: Store) -> None:
    store.memory.keep("refused", KISUMU, 5, brief=True)
    store.memory.keep("answer", KISUMU, 5)
    assert rows(store) == ["answer"]
    assert other.memory.recall("refused", Fare, brief=True) == KISUMU
    assert other.memory.recall("unknown", Fare, brief=True) is None


def test_without_redis_others_news_is_seen_within_half_a_minute(
    alone: Store, database_url: str, vault: Vault, clock: Clock
) -> None:
    with closing(Store(database_url, vault, clock=clock)) as second:
        alone.memory.keep("a", KISUMU, HOUR)
        assert second.memory.recall("a", Fare) == KISUMU
        alone.memory.keep("a", VOI, HOUR)
        clock.advance(LASTING)
        assert second.memory.recall("a", Fare) == VOI
        alone.memory.forget("a")
        clock.advance(LASTING)
        assert second.memory.recall("a", Fare) is None


def test_more_answers_than_a_process_has_at_hand_are_found_all_the_same(alone: Store) -> None:
    for number in range(COPIES + 10):
        alone.memory.keep(str(number), Fare("Voi", number), HOUR)
    assert alone.memory.recall("0", Fare) == Fare("Voi", 0)


def test_redis_dies_and_comes_back_empty_and_nothing_is_noticed(
    database_url: str, own_redis: RedisServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with pair(database_url, own_redis, clock) as (one, two):
        one.memory.keep("a", KISUMU, HOUR)
        own_redis.stop()
        assert quick(lambda: two.memory.recall("a", Fare)) == KISUMU
        assert quick(lambda: one.memory.recall("a", Fare)) == KISUMU
        two.memory.keep("b", VOI, HOUR)
        assert one.memory.recall("b", Fare) == VOI, "by way of SQL"
        own_redis.start()
        assert [each.memory.recall("a", Fare) for each in (one, two)] == [KISUMU, KISUMU]
        assert [each.memory.recall("b", Fare) for each in (one, two)] == [VOI, VOI]
    said = [record.getMessage() for record in caplog.records]
    assert sum("not reachable" in line for line in said) == 2, "once by each process"


def test_what_redis_missed_while_it_was_away_does_not_come_back_with_it(
    database_url: str, redis_client: redis.Redis, redis_running: RedisServer, clock: Clock
) -> None:
    before = redis_client.config_get("maxmemory")["maxmemory"]
    with pair(database_url, redis_running, clock) as (one, two):
        one.memory.keep("a", KISUMU, HOUR)
        redis_client.config_set("maxmemory", 1)  # full: it reads, and takes nothing
        try:
            one.memory.keep("a", VOI, HOUR)
        finally:
            redis_client.config_set("maxmemory", before or "0")
        assert one.memory.recall("a", Fare) == VOI
        assert two.memory.recall("a", Fare) == VOI


def test_without_redis_a_process_has_flags_counts_claims_rates_and_meters_of_its_own(
    database_url: str, own_redis: RedisServer, clock: Clock
) -> None:
    with pair(database_url, own_redis, clock) as (one, two):
        own_redis.stop()
        one.memory.mark("a", 60)
        claim = one.memory.claim("a", 60)
        assert claim is not None
        assert one.memory.claim("a", 60) is None
        assert [one.memory.count("a", 60), one.memory.count("a", 60)] == [1, 2]
        assert [one.memory.wait_before("a", "1/hour") > 0 for _ in range(2)] == [False, True]
        one.memory.tally("searches", {"provider": "duffel"})
        own_redis.start()
        assert one.memory.marked("a") > 50, "a flag put up meanwhile stands"
        assert two.memory.marked("a") == 0
        claim.release()
        assert one.memory.claim("a", 60) is not None
        one.memory.tally("searches", {"provider": "duffel"})
        assert one.memory.tallies()["searches"] == {(("provider", "duffel"),): 2}
        one.memory.mark("a", 10)
        assert one.memory.marked("a") <= 10
        one.memory.forget("a")
        assert one.memory.marked("a") == 0


def test_with_neither_redis_nor_sql_the_process_remembers_and_says_so_once(
    tmp_path: Path, vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    url = f"postgresql://someone:hunter2@127.0.0.1:{spare_port()}/safiri"
    dead = redis.Redis(port=spare_port())
    with closing(Store(url, vault, dead, clock=clock, redis_pause=60)) as store:
        memory = store.memory

        def busy_day() -> None:
            for number in range(50):
                memory.keep(str(number), Fare("Voi", number), HOUR)
                assert memory.recall(str(number), Fare) == Fare("Voi", number)
                memory.recall("unknown", Fare)
                memory.forget("unknown")

        quick(busy_day)
        clock.advance(timedelta(minutes=59))
        assert memory.recall("7", Fare) == Fare("Voi", 7), "also when SQL should be asked"
        clock.advance(timedelta(minutes=1))
        assert memory.recall("7", Fare) is None
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == len(set(said)) == 3
    assert "hunter2" not in "".join(said)


def test_a_database_whose_tables_are_missing_is_done_without(
    tmp_path: Path, vault: Vault, redis_client: redis.Redis
) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/new.db", vault, redis_client)) as store:
        store.memory.keep("a", KISUMU, HOUR)
        assert store.memory.recall("a", Fare) == KISUMU


def test_a_search_does_not_wait_for_a_writer_of_this_process(store: Store, other: Store) -> None:
    with store.session():
        quick(lambda: store.memory.keep("a", KISUMU, HOUR), PATIENCE + 0.3)
        quick(lambda: store.memory.keep("b", KISUMU, HOUR), 0.3)
        assert store.memory.recall("a", Fare) == KISUMU
        assert other.memory.recall("a", Fare) == KISUMU, "Redis has it"


def test_a_search_does_not_wait_for_a_writer_of_another_process(
    sqlite_url: str, vault: Vault, redis_client: redis.Redis, clock: Clock
) -> None:
    with (
        closing(Store(sqlite_url, vault, redis_client, clock=clock)) as one,
        closing(Store(sqlite_url, vault, redis_client, clock=clock)) as two,
    ):
        with one.session() as s:
            one.contents.put(s, "plan", "HX1", "approved")  # it has its turn from the first statement that writes on
            quick(lambda: two.memory.keep("a", KISUMU, HOUR), PATIENCE + 0.3)
        assert rows(one) == []


def test_what_must_not_be_lost_waits_for_a_writer_of_another_process(sqlite_url: str, vault: Vault) -> None:
    with closing(Store(sqlite_url, vault)) as one, closing(Store(sqlite_url, vault)) as two:
        two.memory.keep("a", KISUMU, HOUR)  # an impatient transaction, on the connection that is used next

        def write() -> None:
            with two.session() as s:
                two.contents.put(s, "plan", "HX2", "approved")

        with ThreadPoolExecutor(1) as pool:
            with one.session() as s:
                one.contents.put(s, "plan", "HX1", "approved")
                waiting = pool.submit(write)
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=2 * PATIENCE)
            waiting.result(timeout=10)
        with one.reading() as s:
            assert one.contents.all(s)["plan"].content_id == "HX2"


def test_what_is_only_read_waits_for_no_writer_and_holds_none_up(sqlite_url: str, vault: Vault) -> None:
    with closing(Store(sqlite_url, vault)) as one, closing(Store(sqlite_url, vault)) as two, one.session() as s:
        assert one.contents.all(s) == {}
        with two.session() as other:
            two.contents.put(other, "plan", "HX1", "approved")
        assert one.contents.all(s)["plan"].content_id == "HX1"
        one.contents.put(s, "plan", "HX2", "approved")
        with two.session() as other:
            assert two.contents.all(other)["plan"].content_id == "HX1", "not committed"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_search_does_not_wait_for_a_lock_in_postgresql(store: Store) -> None:
    store.memory.keep("a", KISUMU, HOUR)
    with store.session() as s:
        s.execute(text("SELECT * FROM answers FOR UPDATE"))
        quick(lambda: store.memory.keep("a", VOI, HOUR), PATIENCE + 0.3)
        assert store.memory.recall("a", Fare) == VOI


def test_children_of_a_fork_share_the_memory_and_no_sockets(store: Store) -> None:
    store.memory.keep("parents", KISUMU, HOUR)  # so that there are connections to inherit
    assert store.memory.recall("parents", Fare) == KISUMU
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=work_in_child, args=(store, name)) for name in "abc"]
    for child in children:
        child.start()
    for number in range(50):
        store.memory.keep("parents", Fare("Kisumu", number), HOUR)
        assert store.memory.recall("parents", Fare) == Fare("Kisumu", number)
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert [store.memory.recall(name, Fare) for name in "abc"] == [Fare(name, 49) for name in "abc"]
    assert store.memory.tallies()["turns"] == {(("who", name),): 50 for name in "abc"}


def work_in_child(store: Store, name: str) -> None:
    store.after_fork()
    for number in range(50):
        store.memory.keep(name, Fare(name, number), HOUR)
        assert store.memory.recall(name, Fare) == Fare(name, number)
        store.memory.tally("turns", {"who": name})


@dataclass(frozen=True)
class Turn:
    what: str
    who: int
    key: str
    number: int


TURNS = st.lists(
    st.builds(
        Turn,
        st.sampled_from(["keep", "keep", "recall", "recall", "recall", "forget", "wait", "flush", "full", "roomy"]),
        st.integers(0, 1),
        st.sampled_from("ab"),
        st.integers(10, 120),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TURNS)
def test_both_processes_recall_what_was_kept_last_whatever_happens_to_redis(
    sqlite_url: str, redis_client: redis.Redis, redis_running: RedisServer, clock: Clock, turns: list[Turn]
) -> None:
    """A flush, or a Redis that is full, loses what was kept for seconds only; all else is found, and nothing old is."""
    redis_client.flushall()
    full = False
    model: dict[str, tuple[Fare, float]] = {}
    lost: set[str] = set()
    with pair(sqlite_url, redis_running, clock) as stores:
        for key in "ab":
            stores[0].memory.forget(key)
        try:
            for turn in turns:
                memory, now = stores[turn.who].memory, clock().timestamp()
                if turn.what == "keep":
                    model[turn.key] = Fare(turn.key, turn.number), now + turn.number
                    lost.discard(turn.key)
                    if full and turn.number < LASTING.total_seconds():
                        lost.add(turn.key)
                    memory.keep(turn.key, model[turn.key][0], turn.number)
                elif turn.what == "forget":
                    model.pop(turn.key, None)
                    memory.forget(turn.key)
                elif turn.what == "wait":
                    clock.advance(timedelta(seconds=turn.number))
                elif turn.what == "flush":
                    redis_client.flushall()
                    lost |= {key for key, (fare, _) in model.items() if fare.kes < LASTING.total_seconds()}
                elif turn.what in ("full", "roomy"):
                    full = turn.what == "full"
                    redis_client.config_set("maxmemory", 1 if full else 0)
                else:
                    kept, until = model.get(turn.key, (None, 0.0))
                    found = memory.recall(turn.key, Fare)
                    assert found == (kept if until > now else None) or (found is None and turn.key in lost)
        finally:
            redis_client.config_set("maxmemory", 0)


def test_a_row_more_is_not_written_for_each_time_a_key_is_kept(store: Store) -> None:
    for number in range(3):
        store.memory.keep("a", Fare("Voi", number), HOUR)
    with store.reading() as s:
        assert s.scalars(select(func.count()).select_from(Answer)).one() == 1


def test_a_redis_that_never_says_a_word_costs_one_short_wait(sqlite_url: str, vault: Vault, clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = redis.Redis(port=server.getsockname()[1])
        with closing(Store(sqlite_url, vault, silent, clock=clock, redis_pause=60)) as store:

            def search() -> None:
                memory = store.memory
                assert memory.marked("open:duffel") == memory.wait_before("duffel", "9/minute") == 0
                claim = memory.claim("a", 60)
                memory.keep("a", KISUMU, HOUR)
                assert claim is not None
                claim.release()
                memory.tally("searches", {"provider": "duffel"})
                assert memory.recall("a", Fare) == KISUMU

            quick(search, 1.5)
            quick(search, 0.5)
