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
