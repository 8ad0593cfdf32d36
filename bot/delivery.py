"""Sends what is owed to a chat: in order, part by part, each noted before the next goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from bot.channel import Channel, ChannelError, Chat, Taken
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.replies import Reply
from bot.wiring import App
from storage import codec
from storage.db import Gone
from storage.outbox import OutboxRow

log = structlog.get_logger(__name__)

# An app in trouble is left alone for so many seconds, by all workers: each try can cost one of them ten.
REST = 5.0


def deliver(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, up to the first part that has to wait. The caller holds the chat's lock.

    A part may be sent twice in one case alone: the app took it, and this process or the database died before that was
    noted. Raises storage.db.Gone for an unknown chat.
    """
    store = app.store
    with store.reading() as s:
        row, owed = store.chats.get(s, chat_id), store.outbox.owed(s, chat_id)
        settled = store.fates.settled_at(s, chat_id)
    channel = app.channels.get(row.channel)
    if channel is None:
        if owed:
            log.warning("replies owed to a channel that is off", channel=row.channel, replies=len(owed))
        return
    if owed and settled is not None:
        _later(app, chat_id, settled)
        return
    chat = Chat(row.channel, row.address, row.name, row.language)
    for number, reply in enumerate(owed, start=1):
        if reply.progress and number < len(owed):  # what follows says more, or is the answer itself
            _pass_over(app, reply)
            continue
        if is_resting(app, row.channel):
            _later(app, chat_id, datetime.now(UTC) + timedelta(seconds=REST))
            return
        if not _send(app, channel, chat, reply):
            return


def is_resting(app: App, channel: str) -> bool:
    """Whether this app was just in trouble and is spared for some seconds."""
    return app.memory.marked(_trouble(channel)) > 0


def rest(app: App, channel: str) -> None:
    """Spare an app that is away or in trouble."""
    app.memory.mark(_trouble(channel), REST)


def _trouble(channel: str) -> str:
    return f"trouble:{channel}"


def _send(app: App, channel: Channel, chat: Chat, reply: OutboxRow) -> bool:
    """Send what is left of a reply; False when what follows has to wait."""
    store = app.store
    with store.session() as s:
        begun = store.outbox.begin(s, reply.id)
    if not begun:
        log.error("a reply was given up", reply=reply.id, channel=chat.channel)
        return True
    try:
        parts = channel.parts(chat, codec.load(Reply, reply.payload))
        for number in range(reply.taken, len(parts)):
            taken = parts[number]()
            settles_at = _note(app, chat.channel, reply, number, len(parts), taken)
            if settles_at is not None:
                _later(app, reply.chat_id, settles_at)
                return False
    except ChannelError as exc:
        return _refused(app, chat.channel, reply, exc)
    except Gone:
        _give_up(app, reply, "document gone")
        return True
    if reply.taken >= len(parts):  # it says nothing in this app, or its process died before the last note
        with store.session() as s:
            store.outbox.sent(s, reply.id)
    return True


def _note(app: App, channel: str, reply: OutboxRow, number: int, parts: int, taken: Taken) -> datetime | None:
    """Keep that the app took a part; until when what follows waits for it, None if it need not."""
    store = app.store
    settles_at = datetime.now(UTC) + timedelta(seconds=taken.settles) if taken.settles else None
    with store.session() as s:
        if taken.message_id:
            store.fates.took(s, reply.chat_id, channel, taken.message_id, reply.id, number, settles_at)
        if number + 1 < parts:
            store.outbox.took(s, reply.id)
        else:
            store.outbox.sent(s, reply.id)
    return settles_at


def _refused(app: App, channel: str, reply: OutboxRow, exc: ChannelError) -> bool:
    """The app did not take a part; False when what follows has to wait."""
    told = log.info if exc.retry_after or exc.moved_to else log.warning
    told("reply not delivered", channel=channel, reply=reply.id, permanent=exc.permanent, error=str(exc))
    if exc.moved_to:
        with app.store.session() as s:
            app.store.chats.move(s, reply.chat_id, exc.moved_to)
        _later(app, reply.chat_id, datetime.now(UTC))
        return False
    if exc.gone:
        with app.store.session() as s:
            app.store.chats.block(s, reply.chat_id)
        return False
    if exc.permanent and not reply.progress:
        _give_up(app, reply, "refused")
        return True
    if exc.retry_after is None and not exc.permanent:
        rest(app, channel)
    if reply.progress:  # by the time it could be sent it would be old
        _pass_over(app, reply)
        return True
    retry_at = datetime.now(UTC) + timedelta(seconds=exc.retry_after) if exc.retry_after else None
    with app.store.session() as s:
        due = app.store.outbox.fail(s, reply.id, "refused", retry_at=retry_at)
    if due is not None:
        _later(app, reply.chat_id, due)
    return False


def _pass_over(app: App, reply: OutboxRow) -> None:
    with app.store.session() as s:
        app.store.outbox.pass_over(s, reply.id)


def _give_up(app: App, reply: OutboxRow, reason: str) -> None:
    """A reply that will never arrive: the traveller hears that something is missing, the chat goes on."""
    log.error("a reply was given up", reply=reply.id, reason=reason)
    with app.store.session() as s:
        app.store.outbox.give_up(s, reply.id, reason)
        told = apologise(app, s, reply.chat_id, remembered(app, s, reply.chat_id))
    if told:
        app.queue.put(_job(reply.chat_id, f"sorry-{reply.id}"))


def _later(app: App, chat_id: int, due: datetime) -> None:
    """Come back when something is due; should that be lost, the sweep finds it."""
    seconds = (due - datetime.now(UTC)).total_seconds()
    app.queue.put_later(_job(chat_id, f"at-{int(due.timestamp() * 10)}"), max(seconds, 0) + 0.01)


def _job(chat_id: int, why: str) -> Job:
    # A key of its own each time: a running delivery may already have looked when the next reply was added.
    return Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{why}")
