"""Sends what is owed to a chat: in order, part by part, each noted before the next goes out."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import Channel, ChannelError, Chat, Part, Taken, Windowed
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.replies import Reply
from bot.wiring import App
from storage import codec
from storage.db import Gone
from storage.fates import Losses
from storage.optouts import Refusal
from storage.outbox import OutboxRow
from storage.tables import Fate
from storage.tries import BEGUN, MAX_TRIES

log = structlog.get_logger(__name__)

# An app in trouble is left alone for so many seconds: each try can cost a worker ten, and others need it meanwhile.
REST = 5.0
MOMENT = 0.05  # seconds in which parts of several chats are taken that are noted together
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
        dues = take(app, s, [chat_id])
    send(app, dues)


def take(app: App, s: Session, chat_ids: Sequence[int], alone: list[int] | None = None) -> list[Due]:
    """What there is to send now; to be handed to `send` once this transaction is kept. The caller holds the locks.

    Chats of which a reply once did not come to an end are added to `alone`, if that is given, and left for later.
    """
    owed = app.store.outbox.owed_all(s, chat_ids) if chat_ids else {}
    if alone is not None:
        alone += [chat_id for chat_id, replies in owed.items() if replies[0].begun]
        owed = {chat_id: replies for chat_id, replies in owed.items() if not replies[0].begun}
    if not owed:
        return []
    chats = app.store.chats.get_all(s, list(owed))
    refusals = app.store.optouts.of_all(s, [(row.channel, row.address) for row in chats.values()])
    dues = []
    for chat_id, replies in owed.items():
        row = chats[chat_id]
        chat = Chat(row.channel, row.address, row.name, row.language)
        wanted = _wanted(app, s, replies, refusals.get((row.channel, row.address)))
        if wanted and (due := _due(app, s, chat_id, chat, wanted)) is not None:
            dues.append(due)
    begun = app.store.outbox.begin(s, *(due.replies[0].id for due in dues if due.replies))
    return [due for due in dues if not due.replies or due.replies[0].id in begun]


def _due(app: App, s: Session, chat_id: int, chat: Chat, owed: Sequence[OutboxRow]) -> Due | None:
    channel = app.channels.get(chat.channel)
    if channel is None:
        log.warning("replies owed to a channel that is off", channel=chat.channel, replies=len(owed))
        return None
    settled_at = None
    if isinstance(channel, Windowed):
        standing = app.store.windows.standing(s, chat_id, channel.window)
        if not standing.is_open:
            return _held(app, s, chat, owed[0], invited=standing.invited)
        settled_at = app.store.fates.settled_at(s, chat_id)
    if wait_until := settled_at or _rested_at(app, chat.channel):
        return Due(chat_id, chat, not_before=wait_until)
    return Due(chat_id, chat, _hopeful(app, s, owed))


def send(app: App, dues: Sequence[Due]) -> None:
    """Send it, each part noted before the next of its chat goes out.

    No transaction is open; the caller holds the locks. Different chats are written to side by side, and what was taken
    in the same moment is noted together.
    """
    lines = []
    for due in dues:
        if due.invites is not None:
            _invite(app, due, due.invites)
        elif due.not_before is not None:
            _later(app, due.chat_id, due.not_before)
        elif due.replies:
            lines.append(_Line(due.chat, app.channels[due.chat.channel], due.replies))
    if len(lines) == 1:
        while lines:
            lines = _noted(app, [_try(app, lines[0])])
    elif lines:
        _send_side_by_side(app, lines)


def _send_side_by_side(app: App, lines: list[_Line]) -> None:
    """An error at one line leaves the others alone, and is raised when they are through."""
    waiting: set[Future[_Tried]] = set()
    errors: list[BaseException] = []
    try:
        while lines or waiting:
            for line in lines:
                waiting.add(app.hands.submit(_try, app, line))
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            if waiting:
                more, waiting = wait(waiting, MOMENT)
                done |= more
            errors += [error for future in done if (error := future.exception()) is not None]
            lines = _noted(app, [future.result() for future in done if future.exception() is None])
    finally:
        _end(app, waiting)
    if errors:
        raise errors[0]


def _end(app: App, waiting: Collection[Future[_Tried]]) -> None:
    """Let what is under way come to its end, and note it: the locks are let go after this."""
    under_way = [future for future in waiting if not future.cancel()]
    wait(under_way)
    tried = [future.result() for future in under_way if future.exception() is None]
    _took_each(app, [(line, outcome) for line, outcome in tried if isinstance(outcome, Taken)])


def _wanted(app: App, s: Session, owed: list[OutboxRow], refusal: Refusal | None) -> list[OutboxRow]:
    """Who opted out hears the last word about that, and nothing that was said since."""
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


def _hopeful(app: App, s: Session, replies: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """These from the first one on that is worth a try."""
    for number, reply in enumerate(replies):
        if reply.progress and number + 1 < len(replies):  # what follows says more, or is the answer itself
            app.store.outbox.pass_over(s, reply.id)
        elif reply.is_hopeless:
            app.store.outbox.give_up(s, reply.id, BEGUN)
            log.error("a reply was given up", reply=reply.id, reason="its tries never ended")
        else:
            return replies[number:]
    return ()


def _begun(app: App, s: Session, replies: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """The same, begun now."""
    hopeful = _hopeful(app, s, replies)
    return hopeful if app.store.outbox.begin(s, *(reply.id for reply in hopeful[:1])) else ()


def is_resting(app: App, channel: str) -> bool:
    """Whether this app was just in trouble and is spared for some seconds."""
    return _rested_at(app, channel) is not None


def _rested_at(app: App, channel: str) -> datetime | None:
    left = _rest(app, channel)
    return datetime.now(UTC) + timedelta(seconds=left) if left else None


def _rest(app: App, channel: str) -> float:
    """Seconds for which an app is still spared."""
    return max(app.resting.get(channel, 0.0) - time.monotonic(), 0.0)


@dataclass(slots=True)
class _Line:
    """What is owed to one chat, the first of it begun, and how far that is."""

    chat: Chat
    channel: Channel
    replies: Sequence[OutboxRow]
    parts: Sequence[Part] | None = None  # of the first reply, once it was looked at
    number: int = 0  # the part that is next
    lost: Losses = NOTHING_LOST

    @property
    def reply(self) -> OutboxRow:
        """The first."""
        return self.replies[0]

    @property
    def is_last(self) -> bool:
        """Whether no part follows the next one, if there is one at all."""
        return self.number + 1 >= len(self.parts or ())

    def on(self, replies: Sequence[OutboxRow]) -> list[_Line]:
        """The line with these in it; none when that is nothing."""
        return [_Line(self.chat, self.channel, replies)] if replies else []


class _Lost(Exception):
    """The app takes this reply each time and never delivers it."""


# A line, and what became of its next part: taken, None when there is none (left), or why not.
_Tried = tuple[_Line, Taken | ChannelError | Gone | _Lost | None]


def _try(app: App, line: _Line) -> _Tried:
    """Send the next part of a line. Any thread may do this."""
    try:
        if left := _rest(app, line.chat.channel):
            raise ChannelError("the app is spared", retry_after=left)
        if line.parts is None:
            line.lost = _lost(app, line.channel, line.reply)
            if line.lost.is_final or line.lost.count >= MAX_TRIES:
                return line, _Lost()
            line.parts = line.channel.parts(line.chat, codec.load(Reply, line.reply.payload))
            line.number = line.reply.taken
        if line.number >= len(line.parts):
            return line, None
        return line, Taken() if line.number in line.lost.standing else line.parts[line.number]()
    except ChannelError as exc:
        if exc.is_trouble:  # here, so that whoever is about to begin hears of it
            app.resting[line.chat.channel] = time.monotonic() + REST
        return line, exc
    except Gone as exc:
        return line, exc


def _noted(app: App, tried: Sequence[_Tried]) -> list[_Line]:
    """Keep what became of these parts, together what was taken; the lines that go on."""
    lines = _took_each(
        app, [(line, outcome) for line, outcome in tried if outcome is None or isinstance(outcome, Taken)]
    )
    for line, outcome in tried:
        match outcome:
            case ChannelError():
                lines += line.on(_refused(app, line.chat.channel, line.replies, outcome))
            case Gone():
                lines += line.on(_give_up(app, line.replies, "document gone"))
            case _Lost():
                lines += line.on(_give_up(app, line.replies, "not delivered"))
    return lines


def _took_each(app: App, tried: Sequence[tuple[_Line, Taken | None]]) -> list[_Line]:
    """Note that the app has these parts: together, or, when that fails, each for itself. The lines that go on now."""
    if not tried:
        return []
    try:
        return _took(app, tried)
    except SQLAlchemyError as exc:
        if len(tried) < 2:
            raise
        log.warning("what was sent is noted one by one", replies=len(tried), error=type(exc).__name__)
    return [line for one in tried for line in _took(app, [one])]


def _took(app: App, tried: Sequence[tuple[_Line, Taken | None]]) -> list[_Line]:
    going: list[_Line] = []
    following: list[_Line] = []
    waiting: list[tuple[int, datetime]] = []
    outbox, fates = app.store.outbox, app.store.fates
    now = datetime.now(UTC)
    known: dict[int, Fate] = {}
    settled: dict[int, datetime] = {}
    # Of one reply alone one statement says that it was taken, another that the next begins; neither needs the other.
    # Several stand or fall together, or trying one by one would count some twice, and so do parts with their fates.
    alone = len(tried) == 1 and not any(taken and (taken.message_id or taken.settles) for _, taken in tried)
    with app.store.statements() if alone else app.store.session() as s:
        # Fates before replies, like news from the app, or the two could wait for each other.
        for line, taken in tried:
            reply = line.reply
            if taken and taken.settles:
                settled[reply.id] = now + timedelta(seconds=taken.settles)
            if taken and taken.message_id:
                of, due = line.chat.channel, settled.get(reply.id)
                known[reply.id] = fates.took(s, reply.chat_id, of, taken.message_id, reply.id, line.number, due)
        outbox.took(s, *(line.reply.id for line, _ in tried if not line.is_last))
        outbox.sent(s, *(line.reply.id for line, _ in tried if line.is_last))
        for line, _ in tried:
            reply, fate = line.reply, known.get(line.reply.id, Fate.TAKEN)
            due = settled.get(reply.id)
            if fate in LOST:  # the app told so before we knew the message's id
                due = outbox.again(s, reply.id, line.number, "not delivered", pause=fate is Fate.FAILED) or now
            if due is not None:
                waiting.append((reply.chat_id, due))
            elif line.is_last:
                following += line.on(_hopeful(app, s, line.replies[1:]))
            else:
                going.append(line)
        begun = outbox.begin(s, *(line.reply.id for line in following))
    for line in going:  # now that it is kept
        line.number += 1
    for chat_id, at in waiting:
        _later(app, chat_id, at)
    return going + [line for line in following if line.reply.id in begun]


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
