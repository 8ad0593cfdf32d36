"""A real Redis for tests: one server for the session, one empty database each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.servers import redis_server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("redis")
    with redis_server(home) as (url, _):
        yield url


@pytest.fixture
def empty_redis(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection
