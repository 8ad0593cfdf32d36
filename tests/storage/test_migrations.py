"""The migrations make exactly the tables the code uses."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from storage.db import connect, sqlite_file
from storage.migrate import configuration
from storage.store import SCHEMA, Store
from storage.tables import Base
from storage.vault import Vault

ROOT = Path(__file__).parents[2]


def test_migrating_an_empty_database_makes_the_tables_of_the_code(empty_database_url: str, vault: Vault) -> None:
    with closing(Store(empty_database_url, vault)) as store:
        store.migrate()
    engine = connect(empty_database_url)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(found, Base.metadata) == []
    engine.dispose()


def test_the_store_knows_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [SCHEMA]


def test_migrating_again_changes_nothing(store: Store, chat: int) -> None:
    store.migrate()
    with store.reading() as s:
        assert store.chats.get(s, chat).name == "Wanjiku"


def test_several_may_migrate_at_once(empty_database_url: str, vault: Vault) -> None:
    def migrate(_: int) -> dict[str, str]:
        with closing(Store(empty_database_url, vault)) as store:
            store.migrate()
            return store.ping()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, range(4))) == [{}] * 4


def test_a_migration_that_breaks_leaves_nothing_behind(empty_database_url: str, vault: Vault) -> None:
    engine = connect(empty_database_url)
    if (file := sqlite_file(engine.url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE clicks (in_the_way INTEGER)"))  # the last table of the first migration
    with closing(Store(empty_database_url, vault)) as store:
        assert "database" in store.ping()
        with pytest.raises(DBAPIError, match="clicks"):
            store.migrate()
        assert inspect(engine).get_table_names() == ["clicks"]
    engine.dispose()


def test_the_alembic_command_works_from_the_root_of_the_project(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cli.db'}"
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}"]
    subprocess.run([*command, "upgrade", "head"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run([*command, "check"], cwd=ROOT, check=True, capture_output=True)
