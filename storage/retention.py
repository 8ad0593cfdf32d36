"""Forgetting: one chat at once, or everything that nobody needs any more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Delete, and_, delete, exists, inspect, or_, select, tuple_
from sqlalchemy.orm import Session

from storage.tables import (
    Answer,
    Base,
    Chat,
    Click,
    Document,
    InboxMessage,
    Link,
    Message,
    OutboxReply,
    SentId,
    Task,
    Trip,
    TripVersion,
    Work,
)

Sessions = Callable[[], AbstractContextManager[Session]]

BATCH = 200  # rows a transaction: some milliseconds for whoever waits to write
CHATS = 10  # a chat takes everything that hangs on it along
RUN = 100  # batches of a table in one call: it runs where travellers are answered


def forget(s: Session, chat_id: int) -> bool:
    """Delete a chat with everything that hangs on it; False if there was none."""
    return _count(s, delete(Chat).where(Chat.id == chat_id)) > 0


def purge(reading: Sessions, writing: Sessions, before: datetime, now: datetime) -> dict[str, int]:
    """Delete what is finished and older than `before`, and answers of sources that count no more; rows by table.

    Messages, tasks and files go by their own age (files can be made again). A chat goes as a whole once it has been
    silent since `before`, is owed nothing, and its last trip ended before that. What is to go is looked for without
    holding up writers and deleted in short transactions; what one call leaves (RUN batches of a table) the next takes.
    """
    finished: tuple[tuple[type[Base], int, ColumnElement[bool]], ...] = (
        (InboxMessage, BATCH, and_(InboxMessage.status != Work.OWED, InboxMessage.received_at < before)),
        (Message, BATCH, Message.changed_at < before),
        (OutboxReply, BATCH, and_(OutboxReply.status != Work.OWED, OutboxReply.created_at < before)),
        (Task, BATCH, and_(Task.status != Work.OWED, Task.created_at < before)),
        (Document, BATCH, Document.created_at < before),
        (SentId, BATCH, SentId.sent_at < before),
        (Click, BATCH, Click.clicked_at < before),
        (Link, BATCH, _nobodys(before)),
        (Answer, BATCH, Answer.until <= now),
        (Chat, CHATS, and_(Chat.seen_at < before, ~_still_needed(before))),
    )
    return {table.__tablename__: _in_batches(reading, writing, table, size, goes) for table, size, goes in finished}


def _nobodys(before: datetime) -> ColumnElement[bool]:
    """Links of no trip that were not followed lately."""
    return and_(Link.trip_id.is_(None), Link.created_at < before, ~exists().where(Click.token == Link.token))


def _in_batches(reading: Sessions, writing: Sessions, table: type[Base], size: int, goes: ColumnElement[bool]) -> int:
    """Delete the rows of which `goes` is true, a few at a time; how many went."""
    key = list(inspect(table).primary_key)
    gone, last = 0, None
    for _ in range(RUN):
        query = select(*key).where(goes).order_by(*key).limit(size)
        with reading() as s:
            found = s.execute(query if last is None else query.where(tuple_(*key) > last)).all()
        if not found:
            break
        last = tuple(found[-1])
        with writing() as s:  # asked again: a chat may have written meanwhile
            gone += _count(s, delete(table).where(tuple_(*key).in_([tuple(row) for row in found]), goes))
    return gone


def _still_needed(before: datetime) -> ColumnElement[bool]:
    ahead = exists().where(
        Trip.chat_id == Chat.id, TripVersion.trip_id == Trip.id, TripVersion.last_day >= before.date()
    )
    owed = [exists().where(kind.chat_id == Chat.id, kind.status == Work.OWED) for kind in (InboxMessage, Task)]
    # A reply may wait for ever for a traveller who does not write again; it need not keep them.
    reply = exists().where(
        OutboxReply.chat_id == Chat.id, OutboxReply.status == Work.OWED, OutboxReply.created_at >= before
    )
    return or_(ahead, reply, *owed)


def _count(s: Session, statement: Delete) -> int:
    result: CursorResult[Any] = s.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    return result.rowcount
