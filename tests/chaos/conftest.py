"""The whole service as processes, for the tests of one file; each test has travellers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.ground import Ground, ground
from tests.chaos.ledger import Ledger


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Everything on SQLite. A test leaves every process running."""
    folder: Path = tmp_path_factory.mktemp("chaos")
    with ground(f"sqlite:///{folder / 'safiri.db'}", folder, {}) as started:
        yield started


@pytest.fixture
def ledger(on_sqlite: Ground) -> Ledger:
    """An empty ledger."""
    return Ledger(on_sqlite)
