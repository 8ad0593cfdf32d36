"""Sends what is owed to a chat: in order, part by part, each noted before the next goes out."""

from __future__ import annotations

from collections.abc import Sequence
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

# An app in trouble is left alone for so many seconds, by all workers: each try can cost one of them ten.
REST = 5.0
HELD = 3600.0  # seconds: so often the sweep looks whether a chat whose traveller must write first can be asked to
LOST = (Fate.FAILED, Fate.REFUSED)
ARRIVED = (Fate.DELIVERED, Fate.READ)
NOTHING_LOST = Losses(0, False, frozenset())


def deliver(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, up to the first part that has to wait. The caller holds the chat's lock.

    A part may be sent twice in two cases alone: the app took it, and this process or the database died before that was
    noted; or its answer was lost on the way. Raises storage.db.Gone for an unknown chat.
    """
    store = app.store
    with store.reading() as s:
        row, owed = store.chats.get(s, chat_id), store.outbox.owed(s, chat_id)
        settled = store.fates.settled_at(s, chat_id)
        refusal = store.optouts.of(s, row.channel, row.address) if owed else None
    channel = app.channels.get(row.channel)
    if channel is None:
        if owed:
            log.warning("replies owed to a channel that is off", channel=row.channel, replies=len(owed))
        return
    if refusal is not None:
        owed = _leave_alone(app, owed, refusal.last_reply)
    chat = Chat(row.channel, row.address, row.name, row.language)
    if owed and isinstance(channel, Windowed) and _is_closed(app, channel, chat, owed[0]):
        return
    if owed and settled is not None:
        _later(app, chat_id, settled)
        return
    for reply in owed:
        if is_resting(app, row.channel):
            _later(app, chat_id, datetime.now(UTC) + timedelta(seconds=REST))
            return
        if not _send(app, channel, chat, reply):
            return


def _leave_alone(app: App, owed: Sequence[OutboxRow], last: int) -> list[OutboxRow]:
    """Who opted out hears the last word about that, and nothing that was said since."""
    with app.store.session() as s:
        for reply in owed:
            if reply.id > last:
                app.store.outbox.give_up(s, reply.id, "opted out")
    return [reply for reply in owed if reply.id <= last]


def is_resting(app: App, channel: str) -> bool:
    """Whether this app was just in trouble and is spared for some seconds."""
    return app.memory.marked(_trouble(channel)) > 0


def rest(app: App, channel: str) -> None:
    """Spare an app that is away or in trouble."""
    app.memory.mark(_trouble(channel), REST)


def _trouble(channel: str) -> str:
    return f"trouble:{channel}"


def _is_closed(app: App, channel: Windowed, chat: Chat, first: OutboxRow) -> bool:
    """Whether the traveller must write before anything goes; then what is owed waits, and they are asked to, once."""
    store = app.store
    with store.session() as s:
        standing = store.windows.standing(s, first.chat_id, channel.window)
        if standing.is_open:
            return False
        store.outbox.hold(s, first.id, HELD)
        lang = remembered(app, s, first.chat_id).lang
        if not standing.invited:  # noted before it goes: better never than twice
            store.windows.invite(s, first.chat_id)
    if standing.invited:
        return True
    why: ChannelError | None = None
    try:
        taken = channel.invite(chat, lang)
    except ChannelError as exc:
        taken, why = None, exc
        log.warning("not asked to write again", channel=chat.channel, error=str(exc))
    with store.session() as s:
        if taken is not None:
            store.fates.took(s, first.chat_id, chat.channel, taken.message_id, None, 0, None)
        elif why is None or not why.permanent:  # no template (yet), or the app is in trouble
            store.windows.uninvite(s, first.chat_id)
        if why is not None and why.gone:
            _stop_writing(app, s, first.chat_id, why)
    return True


def _stop_writing(app: App, s: Session, chat_id: int, why: ChannelError) -> None:
    app.store.stop_writing(s, chat_id, opted_out=why.opted_out, by_app=why.listed)


def _send(app: App, channel: Channel, chat: Chat, reply: OutboxRow) -> bool:
    """Send what is left of a reply; False when what follows has to wait."""
    store = app.store
    with store.session() as s:
        begun = store.outbox.begin(s, reply.id)
        lost = store.fates.losses(s, reply.id) if isinstance(channel, Windowed) else NOTHING_LOST
    if not begun:
        log.error("a reply was given up", reply=reply.id, channel=chat.channel)
        return True
    if lost.is_final or lost.count >= MAX_TRIES:
        _give_up(app, reply, "not delivered")
        return True
    try:
        parts = channel.parts(chat, codec.load(Reply, reply.payload))
        for number in range(reply.taken, len(parts)):
            taken = Taken() if number in lost.standing else parts[number]()
            waits_until = _note(app, chat.channel, reply, number, len(parts), taken)
            if waits_until is not None:
                _later(app, reply.chat_id, waits_until)
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
        fate = Fate.TAKEN
        if taken.message_id:
            fate = store.fates.took(s, reply.chat_id, channel, taken.message_id, reply.id, number, settles_at)
        if number + 1 < parts:
            store.outbox.took(s, reply.id)
        else:
            store.outbox.sent(s, reply.id)
        if fate in LOST:  # the app told so before we knew the message's id
            again = store.outbox.again(s, reply.id, number, "not delivered", pause=fate is Fate.FAILED)
            return again or datetime.now(UTC)
    return None if fate in ARRIVED else settles_at


def _refused(app: App, channel: str, reply: OutboxRow, exc: ChannelError) -> bool:
    """The app did not take a part; False when what follows has to wait."""
    log.warning("reply not delivered", channel=channel, reply=reply.id, permanent=exc.permanent, error=str(exc))
    if exc.gone:
        with app.store.session() as s:
            _stop_writing(app, s, reply.chat_id, exc)
        return False
    if exc.closed:
        with app.store.session() as s:
            app.store.windows.close(s, reply.chat_id)
            app.store.outbox.hold(s, reply.id, HELD)
        _later(app, reply.chat_id, datetime.now(UTC))  # to ask them to write
        return False
    if exc.permanent:
        _give_up(app, reply, "refused")
        return True
    if exc.retry_after is None:
        rest(app, channel)
    retry_at = datetime.now(UTC) + timedelta(seconds=exc.retry_after) if exc.retry_after else None
    with app.store.session() as s:
        due = app.store.outbox.fail(s, reply.id, "refused", retry_at=retry_at)
    if due is not None:
        _later(app, reply.chat_id, due)
    return False


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
