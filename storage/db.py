"""Engines for SQLite and PostgreSQL that behave alike: aware times, real foreign keys, writers that queue."""

from __future__ import annotations

import select
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Select,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

CONNECTIONS = 10  # of a process to PostgreSQL at most, opened when they are needed and kept
BUSY_SECONDS = 15  # how long a SQLite writer queues behind others before it gives up
READING = "safiri_reading"  # execution option of engines whose transactions only read
PATIENCE = "safiri_patience"  # execution option of engines whose transactions give up after so many seconds

LASTING = "safiri_lasting"  # execution option of engines whose commits survive a power cut
TURN = "safiri_turn"  # for how many seconds a connection of SQLite would wait to write; None when it need not any more
ONE_LOOK = 1  # ms that SQLite itself waits for a turn to write
TUNED = "safiri_tuned"  # what a connection of SQLite was told last


class Gone(LookupError):
    """The row asked for by id is not there, or no longer (its chat was forgotten)."""


class Utc(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC. SQLite drops zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From whatever the driver gives to aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def normalise(url: str) -> URL:
    """`postgres://` and `postgresql://` (what hosts hand out) mean psycopg 3 here."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """Where a SQLite database lives; None for one in memory and for other databases."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def connect(url: str) -> Engine:
    """An engine that has not connected yet."""
    parsed = normalise(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    engine = create_engine(
        parsed,
        pool_size=CONNECTIONS,
        pool_use_lifo=True,  # the one that was used last has its statements prepared
        max_overflow=0,  # what overflows is closed after each use: a hundred plans opened a hundred connections in vain
        hide_parameters=True,  # errors are logged
        pool_timeout=10,
        pool_recycle=1800,
        connect_args={"connect_timeout": 5, "application_name": "safiri"},
    )
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "checkout", _check_postgresql)
    return engine


class Transaction(Session):
    """A session for one transaction: its connection is looked up once, not for every statement."""

    _own: Connection | None = None

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        """See Session.connection; there is only one."""
        if self._own is None:
            self._own = super().connection(*args, **kwargs)
        return self._own


def read_only(engine: Engine) -> Engine:
    """The same connections, for transactions that only read: they never queue behind a writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READING: True})
    return engine.execution_options(postgresql_readonly=True)


def lasting(engine: Engine) -> Engine:
    """The same connections, for transactions that are on the disk when they are committed."""
    return engine.execution_options(**{LASTING: True})


def impatient(engine: Engine, seconds: float) -> Engine:
    """The same connections, for transactions that give up when a statement or a turn to write takes longer."""
    return engine.execution_options(**{PATIENCE: seconds})


def one_by_one(engine: Engine) -> Engine:
    """The same connections, for statements that need not stand or fall together.

    In PostgreSQL each commits itself: a transaction costs two more trips to the server. SQLite's trips cost nothing.
    """
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="AUTOCOMMIT")


def dialect(s: Session) -> str:
    """ "sqlite" or "postgresql"."""
    return s.get_bind().dialect.name


def insert(dialect: str, table: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT and RETURNING, in the words of a database."""
    into = cast("Table", table.__table__)
    return postgresql.insert(into) if dialect == "postgresql" else sqlite.insert(into)


def clashed(exc: Exception) -> bool:
    """Whether a transaction failed because of what another did at the same time: once more, and it will pass."""
    # Class 40 of SQLSTATE: deadlocks and such. SQLite knows none, its writers queue.
    return isinstance(exc, DBAPIError) and str(getattr(exc.orig, "sqlstate", "")).startswith("40")


def _sqlite(url: URL) -> Engine:
    # A database in memory is one connection; more would each see an empty one of their own.
    pool: dict[str, Any] = {} if sqlite_file(url) else {"pool_size": 1, "max_overflow": 0}
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **pool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_execute", _take_turn)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late and deferred; _begin_sqlite does it instead
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    # The switch to WAL does not wait for other processes (no busy handler), so waiting is done here.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reading = bool(options.get(READING))
    # A power cut must not take back an accepted message, and so not what was committed before it. What we did with
    # messages since is done again then, and waiting for the disk each time is most of what an answer takes.
    care = "FULL" if options.get(LASTING) else "NORMAL"
    patience = float(options.get(PATIENCE, BUSY_SECONDS))
    wanted = int(patience * 1000) if reading else ONE_LOOK, int(reading), care
    if connection.info.get(TUNED) != wanted:  # a connection keeps what it was told until it is told something else
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {wanted[0]}")
        connection.exec_driver_sql(f"PRAGMA query_only = {wanted[1]}")
        connection.exec_driver_sql(f"PRAGMA synchronous = {care}")
        connection.info[TUNED] = wanted
    if reading:
        connection.exec_driver_sql("BEGIN")
    connection.info[TURN] = None if reading else patience


def _take_turn(connection: Connection, statement: Executable, *_: object) -> None:
    """Begin to write, before the first statement that writes or locks.

    What is read before that stands outside of the transaction, each statement by itself, as it does in PostgreSQL under
    READ COMMITTED: nobody waits for what others only read.
    """
    if not connection.in_transaction():
        connection.begin()  # which would happen a moment later anyway, after this event
    patience = connection.info[TURN]
    if patience is None or (isinstance(statement, Select) and statement._for_update_arg is None):
        return
    connection.info[TURN] = None
    deadline, driver = time.monotonic() + patience, cast("sqlite3.Connection", connection.connection.driver_connection)
    # A deferred transaction that reads first and writes later cannot wait for its turn and fails with "database is
    # locked"; IMMEDIATE waits. SQLite would look again after 1, 2, 5, 10, 15, 20, 25 … ms, and most turns are over in
    # two. https://www.sqlite.org/lang_transaction.html
    while time.monotonic() < deadline:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last look, whose failure SQLAlchemy explains


def _check_postgresql(connection: Any, _record: object, _proxy: object) -> None:
    # A server that went away has hung up, and one that waits for a question says nothing, so what can be read tells all
    # that the question of a "pre-ping" would, for no trip at all. Then the others that wait in the pool are dead, too.
    if not connection.closed:
        looking = select.poll()
        looking.register(connection.fileno(), select.POLLIN)
        if not looking.poll(0):
            return
    raise InvalidatePoolError("the server hung up")


def _begin_postgresql(connection: Connection) -> None:
    if seconds := connection.get_execution_options().get(PATIENCE):
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
