"""Sends what is owed to a chat: in order, part by part, each noted before the next goes out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.channel import Channel, ChannelError, Chat
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.replies import Reply
from bot.wiring import App
from storage import codec
from storage.db import Gone
from storage.outbox import OutboxRow

log = structlog.get_logger(__name__)

# An app in trouble is left alone for so many seconds: each try can cost a worker ten, and others need it meanwhile.
REST = 5.0


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed to a chat, in order, the first of it begun; or until when that has to wait."""

    chat_id: int
    chat: Chat
    replies: Sequence[OutboxRow] = ()
    not_before: datetime | None = None


def deliver(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, up to the first part that has to wait. The caller holds the chat's lock.

    A part may be sent twice in one case alone: the app took it, and this process or the database died before that was
    noted. Raises storage.db.Gone for an unknown chat.
    """
    with app.store.session() as s:
        due = take(app, s, chat_id)
    send(app, due)


def take(app: App, s: Session, chat_id: int) -> Due | None:
    """What there is to send now; to be handed to `send` once this transaction is kept. The caller holds the lock."""
    owed = app.store.outbox.owed(s, chat_id)
    if not owed:
        return None
    row = app.store.chats.get(s, chat_id)
    chat = Chat(row.channel, row.address, row.name, row.language)
    if row.channel not in app.channels:
        log.warning("replies owed to a channel that is off", channel=row.channel, replies=len(owed))
        return None
    wait_until = app.store.fates.settled_at(s, chat_id) or _rested_at(app, row.channel)
    if wait_until is not None:
        return Due(chat_id, chat, not_before=wait_until)
    return Due(chat_id, chat, _begun(app, s, owed))


def send(app: App, due: Due | None) -> None:
    """Send it, each part noted before the next goes out. No transaction is open; the caller holds the chat's lock."""
    if due is None:
        return
    if due.not_before is not None:
        _later(app, due.chat_id, due.not_before)
        return
    replies: Sequence[OutboxRow] | None = due.replies
    while replies:
        replies = _send(app, app.channels[due.chat.channel], due.chat, replies)


def _begun(app: App, s: Session, replies: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """These from the first one on that is not given up, which is begun now."""
    for number, reply in enumerate(replies):
        if app.store.outbox.begin(s, reply.id):
            return replies[number:]
        log.error("a reply was given up", reply=reply.id, reason="its tries never ended")
    return ()


def is_resting(app: App, channel: str) -> bool:
    """Whether this app was just in trouble and is spared for some seconds."""
    return _rested_at(app, channel) is not None


def _rested_at(app: App, channel: str) -> datetime | None:
    left = app.resting.get(channel, 0.0) - time.monotonic()
    return datetime.now(UTC) + timedelta(seconds=left) if left > 0 else None


def _send(app: App, channel: Channel, chat: Chat, replies: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """Send what is left of the first reply; those that follow, the first of them begun, if they need not wait."""
    reply, *rest = replies
    try:
        parts = channel.parts(chat, codec.load(Reply, reply.payload))
        for number in range(reply.taken, len(parts)):
            taken = parts[number]()
            settles_at = datetime.now(UTC) + timedelta(seconds=taken.settles) if taken.settles else None
            with app.store.session() as s:
                if taken.message_id:
                    app.store.fates.took(s, reply.chat_id, chat.channel, taken.message_id, reply.id, number, settles_at)
                if number + 1 < len(parts):
                    app.store.outbox.took(s, reply.id)
                    following = replies
                else:
                    app.store.outbox.sent(s, reply.id)
                    following = () if settles_at else _begun(app, s, rest)
            if settles_at is not None:
                _later(app, reply.chat_id, settles_at)
                return ()
    except ChannelError as exc:
        return _refused(app, chat.channel, replies, exc)
    except Gone:
        return _give_up(app, replies, "document gone")
    if reply.taken >= len(parts):  # it says nothing in this app, or its process died before the last note
        with app.store.session() as s:
            app.store.outbox.sent(s, reply.id)
            following = _begun(app, s, rest)
    return following


def _refused(app: App, channel: str, replies: Sequence[OutboxRow], exc: ChannelError) -> Sequence[OutboxRow]:
    """The app did not take a part of the first reply; those that follow, if they need not wait."""
    reply = replies[0]
    log.warning("reply not delivered", channel=channel, reply=reply.id, permanent=exc.permanent, error=str(exc))
    if exc.gone:
        with app.store.session() as s:
            app.store.chats.block(s, reply.chat_id)
        return ()
    if exc.permanent:
        return _give_up(app, replies, "refused")
    if exc.retry_after is None:
        app.resting[channel] = time.monotonic() + REST
    retry_at = datetime.now(UTC) + timedelta(seconds=exc.retry_after) if exc.retry_after else None
    with app.store.session() as s:
        due = app.store.outbox.fail(s, reply.id, "refused", retry_at=retry_at)
    if due is not None:
        _later(app, reply.chat_id, due)
    return ()


def _give_up(app: App, replies: Sequence[OutboxRow], reason: str) -> Sequence[OutboxRow]:
    """A reply that will never arrive: the traveller hears that something is missing, the chat goes on."""
    reply, *rest = replies
    log.error("a reply was given up", reply=reply.id, reason=reason)
    with app.store.session() as s:
        app.store.outbox.give_up(s, reply.id, reason)
        apologise(app, s, reply.chat_id, remembered(app, s, reply.chat_id))
        following = _begun(app, s, rest)
    # The word of it stands behind what was owed already.
    app.queue.put(Job("deliver", (reply.chat_id,), "chat", key=f"deliver-{reply.chat_id}-sorry-{reply.id}"))
    return following


def _later(app: App, chat_id: int, due: datetime) -> None:
    """Come back when something is due; should that be lost, the sweep finds it."""
    seconds = max((due - datetime.now(UTC)).total_seconds(), 0.0) + 0.01
    # A key of its own each time: a running delivery may already have looked when the next reply was added.
    key = f"deliver-{chat_id}-at-{int(due.timestamp() * 10)}"
    app.queue.put_later(Job("deliver", (chat_id,), "chat", key=key), seconds)
