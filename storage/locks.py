"""One at a time across threads and processes; a lock lives where the data lives.

Locks are not leases in Redis: a lease can run out under a slow holder, and two processes that disagree about whether
Redis is up would hold "the" lock twice. PostgreSQL advisory locks and file locks beside a SQLite file need no Redis,
have no expiry to guess, and are released by the server or the kernel when their holder dies.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from zlib import crc32

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage.db import sqlite_file

log = logging.getLogger(__name__)

FILES = 4096  # two names share a file once in so many cases, and then merely wait for each other


class Busy(Exception):
    """Somebody else held the lock for the whole timeout."""


class Locks(Protocol):
    """Mutual exclusion by name. Not reentrant."""

    def hold(self, name: str, timeout: float) -> AbstractContextManager[None]:
        """Wait up to `timeout` seconds, then hold until the block ends. Raises Busy."""
        ...


def locks_of(engine: Engine, folder: str = "locks") -> Locks:
    """The kind of lock that excludes everybody who can reach this database.

    Who holds one lock and waits for another takes them from different folders: in one they could share a file.
    """
    if engine.dialect.name == "postgresql":
        return AdvisoryLocks(engine)
    if (file := sqlite_file(engine.url)) is not None:
        return FileLocks(file.with_name(f"{file.name}.{folder}"))
    return ThreadLocks()


class AdvisoryLocks:
    """PostgreSQL session locks: each held lock keeps one connection of the pool."""

    _take = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
    _release = text("SELECT pg_advisory_unlock_all()")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")  # no transaction idles meanwhile

    @contextmanager
    def hold(self, name: str, timeout: float) -> Iterator[None]:
        """See Locks."""
        with self._engine.connect() as connection:
            try:
                _wait(lambda: bool(connection.scalar(self._take, {"name": f"safiri {name}"})), timeout, name)
                yield
            finally:
                try:
                    connection.execute(self._release)
                except DBAPIError:
                    connection.invalidate()
                    log.warning("connection lost while holding the lock %r", name)


class FileLocks:
    """`flock` on files in one folder: between threads and processes of the machine that has the SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, name: str, timeout: float) -> Iterator[None]:
        """See Locks."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{crc32(name.encode()) % FILES:03x}").open("wb") as file:
            _wait(lambda: _flock(file.fileno()), timeout, name)
            yield


class ThreadLocks:
    """Between the threads of this process: all that can share a database in memory."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._changing = threading.Lock()

    @contextmanager
    def hold(self, name: str, timeout: float) -> Iterator[None]:
        """See Locks."""
        _wait(lambda: self._take(name), timeout, name)
        try:
            yield
        finally:
            with self._changing:
                self._held.discard(name)

    def _take(self, name: str) -> bool:
        with self._changing:
            if name in self._held:
                return False
            self._held.add(name)
            return True


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(attempt: Callable[[], bool], timeout: float, name: str) -> None:
    deadline = time.monotonic() + timeout
    pause = 0.005
    while not attempt():
        left = deadline - time.monotonic()
        if left <= 0:
            raise Busy(f"{name} is busy")
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.1)
