"""Forgetting: one chat at once, or everything that nobody needs any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Delete, delete, exists, or_
from sqlalchemy.orm import Session

from storage.tables import (
    Answer,
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


def forget(s: Session, chat_id: int) -> bool:
    """Delete a chat with everything that hangs on it; False if there was none."""
    return _count(s, delete(Chat).where(Chat.id == chat_id)) > 0


def expire(s: Session, now: datetime) -> int:
    """Delete what sources said and nobody may be told any more; how many rows."""
    return _count(s, _expired(now))


def purge(s: Session, before: datetime, now: datetime) -> dict[str, int]:
    """Delete what is finished and older than `before`, and answers of sources that count no more; rows by table.

    Messages, tasks and files go by their own age (files can be made again). A chat goes as a whole once it has been
    silent since `before`, is owed nothing, and its last trip ended before that.
    """
    finished: dict[str, Delete] = {
        "inbox": delete(InboxMessage).where(InboxMessage.status != Work.OWED, InboxMessage.received_at < before),
        "fates": delete(Message).where(Message.changed_at < before),
        "outbox": delete(OutboxReply).where(OutboxReply.status != Work.OWED, OutboxReply.created_at < before),
        "tasks": delete(Task).where(Task.status != Work.OWED, Task.created_at < before),
        "documents": delete(Document).where(Document.created_at < before),
        "sent_ids": delete(SentId).where(SentId.sent_at < before),
        "clicks": delete(Click).where(Click.clicked_at < before),
        "links": delete(Link).where(
            Link.trip_id.is_(None), Link.created_at < before, ~exists().where(Click.token == Link.token)
        ),
        "answers": _expired(now),
        "chats": delete(Chat).where(Chat.seen_at < before, ~_still_needed(before)),
    }
    return {table: _count(s, statement) for table, statement in finished.items()}


def _expired(now: datetime) -> Delete:
    return delete(Answer).where(Answer.until <= now)


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
