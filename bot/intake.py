"""Messages on their way in: kept, then handed to the workers; those of threads that wait at one moment go together.

A transaction and a trip to Redis cost as much for one message as for ten. The thread that comes first takes what came
with it; what comes while it writes is taken by the next. So one message alone never waits, and a crowd shares.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.channel import Incoming
from bot.queue import Job, Queue, answer_all
from storage import codec
from storage.chats import Writer
from storage.db import Gone, clashed
from storage.inbox import Arrival
from storage.store import Store

GATHERING = 0.002  # seconds, at most, to wait for others in a crowd

log = structlog.get_logger(__name__)


class Intake:
    """The way in for every message, from any thread."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue
        self._door = threading.Lock()
        self._waiting: list[_Parcel] = []
        self._led = False  # somebody is writing, and wakes who comes next
        self._wanted = 0  # so many are worth a transaction, of a crowd as large as it was a moment ago
        self._enough = threading.Event()

    def accept(self, channel: str, incoming: Sequence[Incoming]) -> None:
        """Keep the messages, then tell the workers. A repeat is kept once; an untold worker finds it in its sweep.

        Raises SQLAlchemyError or storage.locks.Busy when nothing was kept.
        """
        if not incoming:
            return
        mine = _Parcel([self._read(channel, message) for message in incoming])
        if self._comes_first(mine):
            self._lead(mine)
        elif not mine.settled_by_another():
            self._enough.wait(GATHERING)
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        if not mine.kept:
            self._queue.put_all(self._keep([mine]))

    def _read(self, channel: str, message: Incoming) -> tuple[Writer, Arrival]:
        chat = message.chat
        writer = self._store.chats.writer(channel, chat.address, chat.name, chat.language)
        return writer, self._store.inbox.arrival(channel, message.external_id, codec.dump(message))

    def _comes_first(self, parcel: _Parcel) -> bool:
        with self._door:
            self._waiting.append(parcel)
            first = not self._led
            self._led = True
            if len(self._waiting) == self._wanted:
                self._enough.set()
        return first

    def _lead(self, mine: _Parcel) -> None:
        """Write everything that waits, and let the next write before the workers are told."""
        with self._door:
            batch, self._waiting = self._waiting, []
            self._wanted = 0
        try:
            try:
                jobs = self._keep(batch)
            finally:
                self._hand_on(len(batch))
            for parcel in batch:
                parcel.kept = True
            self._queue.put_all(jobs)
        except (SQLAlchemyError, Gone) as exc:
            if _is_an_outage(exc):
                for parcel in batch:
                    parcel.error = exc
            else:  # nobody is to suffer for another's message: each tries alone, which is also a second look
                log.info("messages are kept one by one", messages=len(batch), error=type(exc).__name__)
        finally:
            for parcel in batch:
                if parcel is not mine:
                    parcel.settle()

    def _hand_on(self, written: int) -> None:
        with self._door:
            if self._waiting:
                # Those just written come back soon, in turn with those who wait: half of all make a fair share. Without
                # this the next would write alone, and everybody else with the one after.
                self._wanted = (written + len(self._waiting)) // 2
                self._enough.clear() if len(self._waiting) < self._wanted else self._enough.set()
                self._waiting[0].wake()
            else:
                self._led = False

    def _keep(self, batch: Sequence[_Parcel]) -> list[Job]:
        """Keep them; the jobs that answer those that were not kept before."""
        read = [message for parcel in batch for message in parcel.read]
        firsts: dict[str, dict[int, int]] = {}  # by app and chat
        for number, chat_id, app in self._store.acceptance.keep(read):
            firsts.setdefault(app, {}).setdefault(chat_id, number)
        return [job for app, messages in firsts.items() for job in answer_all(app, messages)]


class _Parcel:
    """The messages of one request, and the thread that waits for them."""

    __slots__ = ("_settled", "_woken", "error", "kept", "read")

    def __init__(self, read: Sequence[tuple[Writer, Arrival]]) -> None:
        self.read = read
        self.kept = False
        self.error: SQLAlchemyError | Gone | None = None
        self._settled = False
        self._woken = threading.Lock()  # lighter than an Event: acquired here, released by who wakes us
        self._woken.acquire()

    def settled_by_another(self) -> bool:
        """Wait. False: it is this thread's turn to write."""
        self._woken.acquire()
        return self._settled

    def settle(self) -> None:
        """Its thread can go on."""
        self._settled = True
        self._woken.release()

    def wake(self) -> None:
        """Its thread writes next."""
        self._woken.release()


def _is_an_outage(exc: SQLAlchemyError | Gone) -> bool:
    """Whether it would have failed with any message."""
    return isinstance(exc, OperationalError | NoConnection) and not clashed(exc)
