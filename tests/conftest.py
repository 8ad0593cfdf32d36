"""Real servers and fresh databases for every test that asks for them."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from hypothesis import HealthCheck, settings

from bot.worker import GARBAGE
from storage.store import Store
from storage.tables import Base
from storage.vault import Vault
from tests.servers import NotFound, PostgresServer, RedisServer, postgres_server, redis_server

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Tests that mostly wait for processes to start, die or be missed.
WAITING = ("chaos", "e2e", "test_demo.py", "test_slow_clients.py", "test_worker.py")
OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"
EMPTY = ";".join(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))
SECRET = "test secret, test secret, test secret 1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that wait over the run: others use the processor meanwhile, and none is left for the end."""
    files = list(dict.fromkeys(item.path for item in items))
    waiting = [file for file in files if set(file.parts) & set(WAITING)]
    busy = [file for file in files if file not in waiting]
    place = {file: float(number) for number, file in enumerate(busy)}
    place |= {file: number * len(busy) * 0.7 / len(waiting) - 0.5 for number, file in enumerate(waiting)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture(scope="session")
def redis_running() -> Iterator[RedisServer]:
    """One Redis-compatible server for the whole run; tests want `redis_url`, which is empty."""
    with redis_server() as server:
        yield server


@pytest.fixture
def redis_url(redis_running: RedisServer) -> str:
    """The address of an empty Redis."""
    with redis.Redis.from_url(redis_running.url) as client:
        client.flushall()
    return redis_running.url


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client of an empty Redis."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL cluster for the whole run, with a migrated database. Skips where there are no binaries."""
    try:
        with postgres_server() as server:
            server.run("CREATE DATABASE migrated")
            migrate(server.url("migrated"))
            yield server
    except NotFound as missing:
        pytest.skip(f"POSTGRESQL IS NOT TESTED, not on this machine: {missing}")


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_migrated: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    return f"sqlite:///{shutil.copy(sqlite_migrated, tmp_path / 'safiri.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
    else:
        with emptied_after(request.getfixturevalue("postgres")) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'var' / 'empty.db'}"
    else:
        yield from _created(request.getfixturevalue("postgres"))


@pytest.fixture
def clock() -> Clock:
    """Monday, 23 November 2026, 09:00 in Nairobi, until the test moves it."""
    return Clock(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))


@pytest.fixture
def vault() -> Vault:
    """A vault with one secret."""
    return Vault((SECRET,))


@pytest.fixture
def store(database_url: str, vault: Vault, redis_client: redis.Redis, clock: Clock) -> Iterator[Store]:
    """A store on each kind of database, with Redis, at a time that stands still."""
    made = Store(database_url, vault, redis_client, clock=clock)
    yield made
    made.close()


def migrate(url: str) -> None:
    """Make the tables of a database."""
    made = Store(url, Vault((SECRET,)))
    made.migrate()
    made.close()


@contextmanager
def emptied_after(server: PostgresServer) -> Iterator[str]:
    """The migrated database, empty before and after: that takes milliseconds where copying a template takes 300."""
    url = server.url("migrated")
    yield url
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OTHERS)
        connection.execute(EMPTY)


def _created(server: PostgresServer) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")
