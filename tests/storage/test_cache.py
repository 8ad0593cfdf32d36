"""Redis may be slow, full or gone: nothing is raised and nobody waits long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from bot.servers import redis_server as private_server
from storage import rates
from storage.cache import Cache
from tests.servers import redis_server, spare_port

HOUR = timedelta(hours=1)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_text_is_remembered_and_forgotten(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    assert cache.get("a") is None
    cache.put("a", "habari ñ", HOUR)
    assert cache.get("a") == "habari ñ"
    cache.drop("a")
    assert cache.get("a") is None


def test_clients_that_decode_and_databases_other_than_the_first_work(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url.replace("/0", "/3"), decode_responses=True)
    Cache(client).put("a", "1", HOUR)
    assert Cache(client).get("a") == "1"
    assert client.get("a") == "1"


def test_a_server_behind_a_unix_socket_works(tmp_path: Path) -> None:
    with private_server(tmp_path) as (url, _), redis.Redis.from_url(url) as client:
        cache = Cache(client)
        cache.put("a", "1", HOUR)
        assert cache.get("a") == "1"
        assert cache.problem() is None
    assert Cache(redis.Redis.from_url(url)).problem() == "not reachable (ConnectionError)"


def test_a_restart_of_the_server_between_two_calls_is_not_noticed() -> None:
    with redis_server() as server:
        cache = Cache(redis.Redis.from_url(server.url), pause=60)
        cache.put("a", "1", HOUR)
        server.stop()
        server.start()
        cache.put("a", "2", HOUR)
        assert cache.get("a") == "2"


def test_no_redis_remembers_nothing() -> None:
    cache = Cache(None)
    cache.put("a", "1", HOUR)
    cache.drop("a")
    assert (cache.get("a"), cache.problem()) == (None, None)


def test_a_server_that_is_not_there_is_a_problem_and_not_an_error() -> None:
    cache = Cache(redis.Redis(port=spare_port()), pause=0)
    cache.put("a", "1", HOUR)
    cache.drop("a")
    assert cache.get("a") is None
    assert cache.problem() == "not reachable (ConnectionError)"


def test_a_silent_server_costs_one_short_wait_and_then_none_for_a_while(silent_port: int) -> None:
    cache = Cache(redis.Redis(port=silent_port), pause=60)
    started = time.monotonic()
    for _ in range(20):
        assert cache.get("a") is None
    assert time.monotonic() - started < 3


def test_a_full_server_is_no_error(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client, pause=0)
    before = redis_client.config_get("maxmemory")["maxmemory"]
    redis_client.config_set("maxmemory", 1)
    try:
        cache.put("a", "1" * 1000, HOUR)
    finally:
        redis_client.config_set("maxmemory", before or "0")
    assert cache.get("a") is None
    cache.put("a", "2", HOUR)
    assert cache.get("a") == "2"


def test_a_key_has_one_holder_who_alone_lets_go_of_it(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    assert [cache.claim("a", token, HOUR) for token in ("mine", "yours", "mine")] == [True, False, False]
    cache.release("a", "yours")
    assert cache.claim("a", "yours", HOUR) is False
    cache.release("a", "mine")
    assert cache.claim("a", "yours", HOUR) is True


def test_a_count_lasts_as_long_as_its_first_was_put_in_for(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    assert [cache.count("a", HOUR), cache.count("a", 9 * HOUR), cache.count("a", HOUR)] == [1, 2, 3]
    (left,) = cache.left(["a"]) or ()
    assert timedelta(minutes=59) < left <= HOUR


def test_parts_of_seconds_are_kept_and_a_time_of_none_is_short(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    cache.put("a", "1", timedelta(milliseconds=500))
    assert cache.put("b", "1", timedelta(0))
    left, unknown = cache.left(["a", "unknown"]) or ()
    assert timedelta(0) < left <= timedelta(milliseconds=500)
    assert unknown == timedelta(0)


def test_the_start_of_a_text_is_told_from_no_text_and_from_no_server(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    cache.put("a", "0123456789", HOUR)
    assert (cache.starts(["a", "b"], 4), Cache(None).starts(["a"], 4)) == (["0123", ""], None)


def test_sums_add_up_and_no_more_than_so_many_are_begun(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client)
    for amounts in ([("a", 1.0), ("b", 0.5)], [("a", 2.0), ("c", 1.0), ("b", 0.25)]):
        cache.add("meters", amounts, most=2)
    assert cache.sums("meters") == {"a": 3, "b": 0.75}


@pytest.mark.parametrize("client", [None, redis.Redis(port=spare_port())], ids=["none", "dead"])
def test_nobody_to_ask_is_not_an_answer(client: redis.Redis | None) -> None:
    cache = Cache(client, pause=0)
    assert cache.claim("a", "mine", HOUR) is None
    assert cache.count("a", HOUR) is None
    assert cache.left(["a"]) is None
    assert cache.admit("a", rates.parse("1/second")) is None
    assert not cache.add("a", [("b", 1)], most=1)
    assert (cache.sums("a"), cache.put("a", "1", HOUR), cache.drop("a")) == ({}, False, False)
    cache.release("a", "mine")


def test_scripts_are_known_to_a_server_that_was_restarted() -> None:
    with redis_server() as server:
        cache = Cache(redis.Redis.from_url(server.url), pause=60)
        assert cache.count("a", HOUR) == 1
        server.stop()
        server.start()
        assert cache.count("a", HOUR) == 1


def test_what_could_not_be_dropped_is_dropped_when_the_server_takes_orders_again(redis_client: redis.Redis) -> None:
    cache = Cache(redis_client, pause=0)
    cache.put("a", "old", HOUR)
    before = redis_client.config_get("maxmemory")["maxmemory"]
    redis_client.config_set("maxmemory", 1)
    try:
        assert not cache.put("a", "new", HOUR)
    finally:
        redis_client.config_set("maxmemory", before or "0")
    assert cache.get("a") is None
    cache.put("a", "newest", HOUR)
    assert cache.get("a") == "newest"
