"""The whole service as processes, for the tests of one file; each test has travellers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.ground import Ground, ground
from tests.chaos.ledger import Ledger
from tests.servers import NotFound, PostgresServer, postgres_server


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Everything on SQLite. A test leaves every process running."""
    folder: Path = tmp_path_factory.mktemp("chaos")
    with ground(f"sqlite:///{folder / 'safiri.db'}", folder, {}) as started:
        yield started


@pytest.fixture(scope="module")
def postgres_alone() -> Iterator[PostgresServer]:
    """A PostgreSQL that keeps what it committed, even when it crashes; it may be stopped and started."""
    try:
        with postgres_server(synchronous_commit="on") as server:
            server.run("CREATE DATABASE safiri")
            yield server
    except NotFound as missing:
        pytest.skip(f"POSTGRESQL IS NOT TESTED, not on this machine: {missing}")


@pytest.fixture(scope="module")
def on_postgres(postgres_alone: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Everything on PostgreSQL. A test leaves every process running."""
    folder: Path = tmp_path_factory.mktemp("chaos")
    with ground(postgres_alone.url("safiri"), folder, {}) as started:
        yield started


@pytest.fixture
def ledger(on_sqlite: Ground) -> Iterator[Ledger]:
    """An empty ledger of the stack on SQLite."""
    with closing(Ledger(on_sqlite)) as begun:
        yield begun
