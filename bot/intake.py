"""Messages on their way in: kept, then handed to the workers.

A transaction and a trip to Redis cost as much for one message as for ten: what comes at one moment goes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.channel import Incoming
from bot.queue import Queue, answer_all
from storage import codec
from storage.acceptance import Kept
from storage.chats import Writer
from storage.db import Gone, clashed
from storage.inbox import Arrival
from storage.locks import Busy
from storage.store import Store

Delivery: TypeAlias = tuple[str, Sequence[Incoming]]  # what one request brought: the name of its channel, its messages
NOT_KEPT = (SQLAlchemyError, Busy, Gone)
NotKept: TypeAlias = SQLAlchemyError | Busy | Gone

log = structlog.get_logger(__name__)


class Intake:
    """The way in for every message, from any thread."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    def accept(self, channel: str, incoming: Sequence[Incoming]) -> None:
        """Keep the messages, then tell the workers. A repeat is kept once; an untold worker finds it in its sweep.

        Raises one of NOT_KEPT when nothing was kept.
        """
        (problem,) = self.accept_all([(channel, incoming)])
        if problem is not None:
            raise problem

    def accept_all(self, deliveries: Sequence[Delivery]) -> list[NotKept | None]:
        """The same for what several requests brought, together; what went wrong with each, None where it was kept."""
        read = [
            [self._read(channel, message) for message in incoming] if incoming else []
            for channel, incoming in deliveries
        ]
        problem = self._kept(read)
        if problem is None or _is_an_outage(problem):
            return [problem if messages else None for messages in read]
        # Nobody is to suffer for another's message: each by itself, which is also a second look at one that came alone.
        log.info("messages are kept one by one", requests=len(read), error=type(problem).__name__)
        problems: list[NotKept | None] = []
        outage: NotKept | None = None  # begins meanwhile: not every one of them waits for it to end
        for messages in read:
            problem = (outage or self._kept([messages])) if messages else None
            outage = problem if problem is not None and _is_an_outage(problem) else outage
            problems.append(problem)
        return problems

    def _read(self, channel: str, message: Incoming) -> tuple[Writer, Arrival]:
        chat = message.chat
        writer = self._store.chats.writer(channel, chat.address, chat.name, chat.language)
        return writer, self._store.inbox.arrival(channel, message.external_id, codec.dump(message))

    def _kept(self, read: Sequence[Sequence[tuple[Writer, Arrival]]]) -> NotKept | None:
        """Keep them, and tell the workers of what was not kept before; why some were not kept, or none."""
        if came := [message for messages in read for message in messages]:
            try:
                self._store.acceptance.keep(came, self._tell)
            except NOT_KEPT as exc:
                return exc
        return None

    def _tell(self, kept: Sequence[Kept]) -> None:
        """Queue what answers these messages."""
        firsts: dict[str, dict[int, int]] = {}  # by app and chat
        for number, chat_id, app in kept:
            firsts.setdefault(app, {}).setdefault(chat_id, number)
        if firsts:
            self._queue.put_all([job for app, messages in firsts.items() for job in answer_all(app, messages)])


def _is_an_outage(exc: NotKept) -> bool:
    """Whether it would have failed with any message."""
    return isinstance(exc, Busy | OperationalError | NoConnection) and not clashed(exc)
