"""The whole service as processes: once on SQLite, once on PostgreSQL, once with Claude."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import emptied_after, migrate
from tests.servers import redis_server
from tests.stack import Stack, running


@pytest.fixture(scope="module")
def own_redis() -> Iterator[str]:
    """A Redis for these processes alone: other tests empty theirs."""
    with redis_server() as server:
        yield server.url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest, own_redis: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Without a model, once on SQLite and once on PostgreSQL; the tests share it, each in a chat of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as around:
        if request.param == "sqlite":
            url, number = f"sqlite:///{folder / 'safiri.db'}", 1
            migrate(url)
        else:
            url, number = around.enter_context(emptied_after(request.getfixturevalue("postgres"))), 2
        env = {"DATABASE_URL": url, "REDIS_URL": own_redis.replace("/0", f"/{number}")}
        yield around.enter_context(running(env, folder))


@pytest.fixture(scope="module")
def stack_with_claude(own_redis: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With Claude answering as the test says, on SQLite."""
    folder = tmp_path_factory.mktemp("claude")
    migrate(url := f"sqlite:///{folder / 'safiri.db'}")
    env = {"DATABASE_URL": url, "REDIS_URL": own_redis.replace("/0", "/3"), "CLAUDE": "1"}
    with running(env, folder) as started:
        yield started
