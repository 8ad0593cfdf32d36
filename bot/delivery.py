"""Sends what is owed to a chat: in order, part by part, each noted before the next goes out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.channel import Channel, ChannelError, Chat, Taken, Windowed
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.replies import Reply
from bot.wiring import App
from storage import codec
from storage.db import Gone
from storage.fates import Losses
from storage.outbox import OutboxRow
from storage.tables import Fate
from storage.tries import MAX_TRIES

log = structlog.get_logger(__name__)

# An app in trouble is left alone for so many seconds: each try can cost a worker ten, and others need it meanwhile.
REST = 5.0
HELD = 3600.0  # seconds: so often the sweep looks whether a chat whose traveller must write first can be asked to
LOST = (Fate.FAILED, Fate.REFUSED)
NOTHING_LOST = Losses(0, False, frozenset())


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed to a chat, in order, the first of it begun; or until when that has to wait.

    `invites`: nothing may go before the traveller has written again, and they are to be asked to, in this language.
    """

    chat_id: int
    chat: Chat
    replies: Sequence[OutboxRow] = ()
    not_before: datetime | None = None
    invites: str | None = None


def deliver(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, up to the first part that has to wait. The caller holds the chat's lock.

    A part may be sent twice in two cases alone: the app took it, and this process or the database died before that was
    noted; or its answer was lost on the way. Raises storage.db.Gone for an unknown chat.
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
    channel = app.channels.get(row.channel)
    if channel is None:
        log.warning("replies owed to a channel that is off", channel=row.channel, replies=len(owed))
        return None
    owed = _wanted(app, s, chat, owed)
    if not owed:
        return None
    if isinstance(channel, Windowed):
        standing = app.store.windows.standing(s, chat_id, channel.window)
        if not standing.is_open:
            return _held(app, s, chat, owed[0], invited=standing.invited)
    settled_at = app.store.fates.settled_at(s, chat_id) if isinstance(channel, Windowed) else None
    if wait_until := settled_at or _rested_at(app, row.channel):
        return Due(chat_id, chat, not_before=wait_until)
    return Due(chat_id, chat, _begun(app, s, owed))


def send(app: App, due: Due | None) -> None:
    """Send it, each part noted before the next goes out. No transaction is open; the caller holds the chat's lock."""
    if due is None:
        return
    if due.invites is not None:
        _invite(app, due, due.invites)
        return
    if due.not_before is not None:
        _later(app, due.chat_id, due.not_before)
        return
    replies: Sequence[OutboxRow] | None = due.replies
    while replies:
        replies = _send(app, app.channels[due.chat.channel], due.chat, replies)


def _wanted(app: App, s: Session, chat: Chat, owed: list[OutboxRow]) -> list[OutboxRow]:
    """Who opted out hears the last word about that, and nothing that was said since."""
    refusal = app.store.optouts.of(s, chat.channel, chat.address)
    if refusal is None:
        return owed
    for reply in owed:
        if reply.id > refusal.last_reply:
            app.store.outbox.give_up(s, reply.id, "opted out")
    return [reply for reply in owed if reply.id <= refusal.last_reply]


def _held(app: App, s: Session, chat: Chat, first: OutboxRow, *, invited: bool) -> Due | None:
    """What is owed waits for the traveller to write; they are asked to, once. Noted before it goes: better never than
    twice.
    """
    app.store.outbox.hold(s, first.id, HELD)
    if invited:
        return None
    app.store.windows.invite(s, first.chat_id)
    return Due(first.chat_id, chat, invites=remembered(app, s, first.chat_id).lang)


def _invite(app: App, due: Due, lang: str) -> None:
    """Ask a traveller to write again, where the app lets us."""
    store, channel, why = app.store, app.channels[due.chat.channel], None
    taken: Taken | None = None
    try:
        taken = channel.invite(due.chat, lang) if isinstance(channel, Windowed) else None
    except ChannelError as exc:
        why = exc
        log.warning("not asked to write again", channel=due.chat.channel, error=str(exc))
    with store.session() as s:
        if taken is not None:
            store.fates.took(s, due.chat_id, due.chat.channel, taken.message_id, None, 0, None)
        elif why is None or not why.permanent:  # no template (yet), or the app is in trouble
            store.windows.uninvite(s, due.chat_id)
        if why is not None and why.gone:
            store.stop_writing(s, due.chat_id, opted_out=why.opted_out, by_app=why.listed)


def _begun(app: App, s: Session, replies: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """These from the first one on that is not given up, which is begun now."""
    for number, reply in enumerate(replies):
        if reply.progress and number + 1 < len(replies):  # what follows says more, or is the answer itself
            app.store.outbox.pass_over(s, reply.id)
            continue
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
    lost = _lost(app, channel, reply)
    if lost.is_final or lost.count >= MAX_TRIES:
        return _give_up(app, replies, "not delivered")
    try:
        parts = channel.parts(chat, codec.load(Reply, reply.payload))
        for number in range(reply.taken, len(parts)):
            taken = Taken() if number in lost.standing else parts[number]()
            settles_at = datetime.now(UTC) + timedelta(seconds=taken.settles) if taken.settles else None
            with app.store.session() as s:
                fate = Fate.TAKEN
                if taken.message_id:
                    fate = app.store.fates.took(
                        s, reply.chat_id, chat.channel, taken.message_id, reply.id, number, settles_at
                    )
                if number + 1 < len(parts):
                    app.store.outbox.took(s, reply.id)
                    following = replies
                else:
                    app.store.outbox.sent(s, reply.id)
                    following = () if settles_at or fate in LOST else _begun(app, s, rest)
                if fate in LOST:  # the app told so before we knew the message's id
                    pause = fate is Fate.FAILED
                    settles_at = app.store.outbox.again(s, reply.id, number, "not delivered", pause=pause)
            if settles_at is not None or fate in LOST:
                _later(app, reply.chat_id, settles_at or datetime.now(UTC))
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


def _lost(app: App, channel: Channel, reply: OutboxRow) -> Losses:
    """What of a reply went and did not arrive, where the app tells."""
    if not isinstance(channel, Windowed):
        return NOTHING_LOST
    with app.store.reading() as s:
        return app.store.fates.losses(s, reply.id)


def _refused(app: App, channel: str, replies: Sequence[OutboxRow], exc: ChannelError) -> Sequence[OutboxRow]:
    """The app did not take a part of the first reply; those that follow, if they need not wait."""
    reply = replies[0]
    told = log.info if exc.retry_after or exc.moved_to else log.warning
    told("reply not delivered", channel=channel, reply=reply.id, permanent=exc.permanent, error=str(exc))
    if exc.moved_to:
        with app.store.session() as s:
            app.store.chats.move(s, reply.chat_id, exc.moved_to)
        _later(app, reply.chat_id, datetime.now(UTC))
        return ()
    if exc.gone:
        with app.store.session() as s:
            app.store.stop_writing(s, reply.chat_id, opted_out=exc.opted_out, by_app=exc.listed)
        return ()
    if exc.closed:
        with app.store.session() as s:
            app.store.windows.close(s, reply.chat_id)
            app.store.outbox.hold(s, reply.id, HELD)
        _later(app, reply.chat_id, datetime.now(UTC))  # to ask them to write
        return ()
    if exc.permanent and not reply.progress:
        return _give_up(app, replies, "refused")
    if exc.retry_after is None and not exc.permanent:
        app.resting[channel] = time.monotonic() + REST
    if reply.progress:  # by the time it could be sent it would be old
        with app.store.session() as s:
            app.store.outbox.pass_over(s, reply.id)
            return _begun(app, s, replies[1:])
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
