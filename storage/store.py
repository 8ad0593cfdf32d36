"""Everything that is kept, in one place: sessions, repositories, locks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta

from redis import Redis
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from storage import clock as clocks
from storage import db, export, retention, rotation
from storage.acceptance import Acceptance
from storage.answers import Answers
from storage.bookings import Bookings
from storage.cache import Cache
from storage.chats import Chats
from storage.contents import Contents
from storage.conversations import Conversations
from storage.export import Row
from storage.fates import Fates
from storage.inbox import Inbox
from storage.links import Links
from storage.locks import Busy, locks_of
from storage.memory import ProcessMemory
from storage.optouts import OptOuts
from storage.outbox import Outbox
from storage.sent_ids import SentIds
from storage.shared_memory import SharedMemory
from storage.tables import Base, InboxMessage, OutboxReply, Task, Work
from storage.tasks import Tasks
from storage.trips import Trips
from storage.vault import Vault
from storage.windows import Windows

SCHEMA = "0005"  # the newest migration; a test keeps it true
PATIENCE = 0.2  # seconds for which what may be lost waits for the database


class Store:
    """The database, with Redis as a memory beside it. Building one connects to nothing.

    `redis_pause` is for how many seconds Redis is left alone after a failure.
    """

    def __init__(
        self,
        database_url: str,
        vault: Vault,
        redis: Redis | None = None,
        *,
        clock: clocks.Clock = clocks.real,
        redis_pause: float = 2.0,
    ) -> None:
        self._engine = db.connect(database_url)
        self._vault = vault
        self._clock = clock
        self._cache = Cache(redis, redis_pause)
        self._writing, self._lasting, self._reading, self._one_by_one = (
            sessionmaker(engine, class_=db.Transaction, expire_on_commit=False)
            for engine in (
                self._engine, db.lasting(self._engine), db.read_only(self._engine), db.one_by_one(self._engine),
            )
        )  # fmt: skip
        self._locks = locks_of(self._engine)
        self._task_locks = locks_of(self._engine, "task-locks")
        # Threads that wait for SQLite's one writer inside SQLite sleep in steps; a lock in front wakes them at once.
        self._turns = threading.Lock() if self._engine.dialect.name == "sqlite" else None
        self.chats = Chats(vault, clock)
        self.inbox = Inbox(vault, clock)
        self.acceptance = Acceptance(self._engine, self.chats, self.inbox, clock, self.accepting)
        self.outbox = Outbox(vault, clock)
        self.fates = Fates(clock)
        self.windows = Windows(clock)
        self.optouts = OptOuts(vault, clock)
        self.contents = Contents()
        self.tasks = Tasks(vault, clock)
        self.conversations = Conversations(vault, clock, self._cache)
        self.trips = Trips(vault, clock)
        self.links = Links(vault, clock)
        self.bookings = Bookings(vault, clock)
        writing, reading = (
            sessionmaker(db.impatient(engine, PATIENCE), class_=db.Transaction)
            for engine in (self._engine, db.read_only(self._engine))
        )
        answers = Answers(clock, read=reading.begin, write=lambda: self._brief(writing))
        self.memory = SharedMemory(self._cache, answers, ProcessMemory(timer=lambda: clock().timestamp()), clock)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed on success, rolled back on any error.

        On SQLite writers take turns, so keep it short: nothing slow and no second session inside.
        """
        with self._turn(), self._writing.begin() as s:
            yield s

    @contextmanager
    def accepting(self) -> Iterator[Session]:
        """The same for what is promised by its commit: it survives a power cut, too. See docs/reliability.md."""
        with self._turn(), self._lasting.begin() as s:
            yield s

    @contextmanager
    def statements(self) -> Iterator[Session]:
        """For statements that need not stand or fall together: after an error, those before it may have been kept."""
        with self._turn(), self._one_by_one.begin() as s:
            yield s

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that cannot write and never waits for writers."""
        with self._reading.begin() as s:
            yield s

    def lock(self, chat_id: int, timeout: float = 30.0) -> AbstractContextManager[object]:
        """Work on a chat alone, across threads, processes and (PostgreSQL) machines. Not reentrant.

        Waits up to `timeout` seconds, then raises storage.locks.Busy. Redis has no part in it; see storage.locks.
        """
        return self.lock_free([chat_id], timeout)

    @contextmanager
    def lock_free(self, chat_ids: Sequence[int], timeout: float) -> Iterator[list[int]]:
        """The same for those of these chats that nobody works on; waits only when there is none."""
        named = {f"chat {chat_id}": chat_id for chat_id in chat_ids}
        with self._locks.hold(list(named), timeout) as held:
            yield [named[name] for name in held]

    @contextmanager
    def alone(self, task_ids: Sequence[int]) -> Iterator[list[int]]:
        """Those of these tasks that nobody else is at, and until the block ends nobody will be. Does not wait."""
        named = {f"task {task_id}": task_id for task_id in task_ids}
        with ExitStack() as held:
            try:
                mine = held.enter_context(self._task_locks.hold(list(named), 0.0))
            except Busy:
                mine = []
            yield [named[name] for name in mine]

    def sent_ids(self, channel: str) -> SentIds:
        """Ids of sent messages of one channel."""
        return SentIds(channel, self.chats, self._clock, read=self.reading, write=self.session)

    def dead_letters(self, s: Session) -> dict[str, int]:
        """How many messages, replies and tasks were given up, by table."""
        statuses = {"inbox": InboxMessage.status, "outbox": OutboxReply.status, "tasks": Task.status}
        return {
            name: s.scalar(select(func.count(status)).where(status == Work.DEAD)) or 0
            for name, status in statuses.items()
        }

    def stop_writing(self, s: Session, chat_id: int, *, opted_out: bool, by_app: bool) -> None:
        """Nothing arrives in a chat any more, or (`opted_out`) nothing is wanted there; what was owed is given up."""
        if opted_out:
            chat = self.chats.get(s, chat_id)
            self.optouts.add(s, chat.channel, chat.address, last_reply=0, by_app=by_app)
        self.chats.block(s, chat_id)

    def forget(self, s: Session, chat_id: int) -> bool:
        """Delete everything of a chat, its trips and links included; False if there was no such chat."""
        self.conversations.forget(s, chat_id)
        return retention.forget(s, chat_id)

    def export(self, s: Session, chat_id: int) -> dict[str, list[Row]]:
        """Everything kept about a chat, by table, readable and without secrets. See storage.export."""
        return export.gather(s, self._vault, chat_id)

    def purge(self, age: timedelta) -> dict[str, int]:
        """Delete what is finished and older than `age`, in transactions of its own; rows by table.

        See storage.retention.
        """
        now = self._clock()
        return retention.purge(self.reading, self.session, now - age, now)

    def reencrypt(self) -> dict[str, int]:
        """Bring everything under the newest secret; how many rows were rewritten, by table."""
        return rotation.reencrypt(self.session, self._vault)

    def ping(self) -> dict[str, str]:
        """What is wrong, by name ("database", "redis"); empty when all is well. Tells no address or password."""
        problems = {"database": self._database_problem(), "redis": self._cache.problem()}
        return {name: problem for name, problem in problems.items() if problem is not None}

    def connections(self) -> int | None:
        """How many connections the database server allows in all; None for SQLite, which counts none."""
        if self._engine.dialect.name == "sqlite":
            return None
        with self.reading() as s:
            return int(str(s.scalar(text("SHOW max_connections"))))

    def migrate(self) -> None:
        """Bring the tables up to date; safe to call from several processes at once."""
        # Alembic takes 0.3 s to import, which a web worker that only checks the schema need not pay.
        from storage.migrate import upgrade

        if (file := db.sqlite_file(self._engine.url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        with self._locks.hold(["migrations"], 120.0):
            upgrade(self._engine)

    def make_tables(self) -> None:
        """Make the tables of a database that nobody will ever bring up to date, for it ends with this process."""
        Base.metadata.create_all(self._engine)

    def after_fork(self) -> None:
        """Call first thing in a forked child: connections belong to the parent."""
        self._engine.dispose(close=False)

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()

    @contextmanager
    def _brief(self, sessions: sessionmaker[db.Transaction]) -> Iterator[Session]:
        """A transaction of what may as well be lost. Raises Busy or SQLAlchemyError sooner than queue for long."""
        with self._turn(PATIENCE), sessions.begin() as s:
            yield s

    @contextmanager
    def _turn(self, timeout: float = -1) -> Iterator[None]:
        if self._turns is None:
            yield
            return
        if not self._turns.acquire(timeout=timeout):
            raise Busy("other writers are before")
        try:
            yield
        finally:
            self._turns.release()

    def _database_problem(self) -> str | None:
        try:
            with self.reading() as s:
                found = s.scalar(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as exc:
            return f"not usable ({type(exc).__name__})"
        return None if found == SCHEMA else f"at schema {found}, not {SCHEMA}"
