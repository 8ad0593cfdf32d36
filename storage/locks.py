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
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
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

    def hold(self, names: Sequence[str], timeout: float) -> AbstractContextManager[list[str]]:
        """Hold those of these that are free until the block ends; they are its value.

        When none is, wait up to `timeout` seconds for one. Raises Busy. Who takes several waits while holding none, so
        nobody waits for each other.
        """
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
    """PostgreSQL session locks: what is held together keeps one connection of the pool."""

    _take = text(
        "SELECT name FROM unnest(CAST(:names AS text[])) AS name"
        " WHERE pg_try_advisory_lock(hashtextextended('safiri ' || name, 0))"
    )
    _release = text("SELECT pg_advisory_unlock_all()")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")  # no transaction idles meanwhile

    @contextmanager
    def hold(self, names: Sequence[str], timeout: float) -> Iterator[list[str]]:
        """See Locks."""
        wanted = {"names": list(names)}
        with self._engine.connect() as connection:
            try:
                yield _wait(lambda: list(connection.scalars(self._take, wanted)), timeout, names)
            finally:
                try:
                    connection.execute(self._release)
                except DBAPIError:
                    connection.invalidate()
                    log.warning("connection lost while holding locks: %s", ", ".join(names))


class FileLocks:
    """`flock` on files in one folder: between threads and processes of the machine that has the SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, names: Sequence[str], timeout: float) -> Iterator[list[str]]:
        """See Locks."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            yield _wait(lambda: [name for name in names if self._took(name, held)], timeout, names)

    def _took(self, name: str, held: ExitStack) -> bool:
        file = (self._folder / f"{crc32(name.encode()) % FILES:03x}").open("wb")
        if took := _flock(file.fileno()):
            held.enter_context(file)
        else:
            file.close()
        return took


class ThreadLocks:
    """Between the threads of this process: all that can share a database in memory."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._changing = threading.Lock()

    @contextmanager
    def hold(self, names: Sequence[str], timeout: float) -> Iterator[list[str]]:
        """See Locks."""
        mine = _wait(lambda: [name for name in names if self._take(name)], timeout, names)
        try:
            yield mine
        finally:
            with self._changing:
                self._held.difference_update(mine)

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


def _wait(attempt: Callable[[], list[str]], timeout: float, names: Sequence[str]) -> list[str]:
    """What the first attempt got that got anything."""
    deadline = time.monotonic() + timeout
    pause = 0.005
    while not (got := attempt()):
        left = deadline - time.monotonic()
        if left <= 0:
            raise Busy(f"{', '.join(names)}: busy")
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.1)
    return got
