"""What the tests of failures stand on: a stack of processes with servers of its own that may be killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis import RedisError
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.queue import Job, RqQueue, connect
from storage.store import Store
from storage.tables import InboxMessage, OutboxReply, Task, Work
from storage.tries import BEGUN
from storage.vault import Vault
from tests.conftest import migrate
from tests.servers import RedisServer, redis_server
from tests.stack import Stack, running

OWED = (InboxMessage, OutboxReply, Task)


@dataclass
class Ground:
    """A running stack, its Redis, and its database as seen from outside."""

    stack: Stack
    redis: RedisServer
    store: Store

    def hurry(self) -> None:
        """As if an hour had passed for all that is owed: no pause is left, and a sweep is asked for now.

        Pauses between tries are minutes long; what they are is tested with the store's clock.
        """
        past = datetime.now(UTC) - timedelta(hours=1)
        with suppress(SQLAlchemyError), self.store.session() as s:
            for table in OWED:
                s.execute(update(table).where(table.status == Work.OWED).values(due_at=past))
        self.sweep()

    def sweep(self) -> None:
        """What the clock does every few seconds."""
        with connect(self.redis.url) as client:
            RqQueue(client).put(Job("sweep", (), "chat", key=f"sweep-now-{time.monotonic_ns()}"))

    def kill_workers(self) -> int:
        """Kill every worker child at once, in the middle of whatever it does; see `kill_all`."""
        return self.kill_all(self.stack.children("worker"))

    def kill_all(self, children: Sequence[int]) -> int:
        """Kill these processes at the same moment.

        Says how many replies were on their way just then: the app may have taken them, and nobody noted it.
        """
        with self.frozen(children) as on_their_way:
            for pid in children:
                os.kill(pid, signal.SIGKILL)
        return on_their_way

    @contextmanager
    def frozen(self, pids: Sequence[int]) -> Iterator[int]:
        """These processes stand still meanwhile; how many replies are on their way just then."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            with self.store.reading() as s:
                begun = (OutboxReply.status == Work.OWED) & (OutboxReply.reason == BEGUN)
                on_their_way = s.scalar(select(func.count()).select_from(OutboxReply).where(begun)) or 0
            yield on_their_way
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):  # killed meanwhile, and buried already
                    os.kill(pid, signal.SIGCONT)

    def count(self, table: type[InboxMessage | OutboxReply | Task], status: Work) -> int:
        """How many rows of a table are owed, done or dead."""
        with self.store.reading() as s:
            return s.scalar(select(func.count()).select_from(table).where(table.status == status)) or 0

    def idle(self) -> bool:
        """Whether nothing is owed and no job waits or runs: nothing more will be said."""
        try:
            if any(self.count(table, Work.OWED) for table in OWED):
                return False
            with connect(self.redis.url) as client:
                return not any(client.llen(f"rq:queue:{name}") for name in ("chat", "trips", "files", "later"))
        except (SQLAlchemyError, RedisError):
            return False


@contextmanager
def ground(url: str, folder: Path, env: Mapping[str, str]) -> Iterator[Ground]:
    """All processes on a fresh database at `url`, with a Redis of their own."""
    migrate(url)
    with redis_server() as redis:
        store = Store(url, Vault(("end to end secret end to end secret",)))
        try:
            with running({"DATABASE_URL": url, "REDIS_URL": redis.url, **env}, folder) as stack:
                yield Ground(stack, redis, store)
        finally:
            store.close()
