"""The turn engine: takes what came in, lets the dialogue decide, keeps the outcome in one transaction, delivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import commands, flood, present
from bot.buttons import intent_for
from bot.channel import ChannelError, Chat, Incoming, IncomingKind
from bot.dialogue import Conversation, apologised, context_of, decide, edited, edits_in, heard
from bot.intents import Context, Intent
from bot.queue import Job
from bot.replies import Reply
from bot.state import Towns
from bot.tasks import kind_of
from bot.trying import trying
from bot.weighing import weighed
from bot.wiring import App
from storage import codec
from storage.db import Gone
from storage.inbox import InboxRow
from storage.tables import Work

log = structlog.get_logger(__name__)

TOGETHER = timedelta(seconds=2)  # texts sent so close to each other are one thought in pieces


def handle(app: App, inbox_id: int) -> None:
    """Answer a message and whatever else of its chat is unread, in order. Already answered: nothing happens.

    Raises storage.db.Gone for an unknown id, storage.locks.Busy when another worker has the chat for too long.
    """
    with app.store.reading() as s:
        row = app.store.inbox.get(s, inbox_id)
    if row.status is not Work.OWED:
        return
    owed: list[int] = []
    try:
        with app.store.lock(row.chat_id):
            with app.store.reading() as s:
                unread = app.store.inbox.unread(s, row.chat_id)
            for batch in _batches(unread):
                if begun := _begin(app, batch):
                    with trying(partial(_failed, app, row.chat_id, [message.id for message, _ in begun])):
                        owed += _turn(app, begun)
                deliver(app, row.chat_id)
    finally:
        for task_id in owed:
            app.queue.put(Job("run_task", (task_id,), "trips", key=f"task-{task_id}"))


def deliver(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, in order, up to the first reply that has to wait. The caller holds its lock."""
    store = app.store
    with store.reading() as s:
        row, owed = store.chats.get(s, chat_id), store.outbox.owed(s, chat_id)
    channel = app.channels.get(row.channel)
    if channel is None:
        if owed:
            log.warning("replies owed to a channel that is off", channel=row.channel, replies=len(owed))
        return
    chat = Chat(row.channel, row.address, row.name, row.language)
    for reply in owed:
        with store.session() as s:
            begun = store.outbox.begin(s, reply.id)
        if not begun:
            log.error("a reply was given up", reply=reply.id, channel=row.channel)
            continue
        try:
            channel.send(chat, [codec.load(Reply, reply.payload)])
        except ChannelError as exc:
            log.warning("reply not delivered", channel=row.channel, permanent=exc.permanent, error=str(exc))
            retry_at = datetime.now(UTC) + timedelta(seconds=exc.retry_after) if exc.retry_after else None
            with store.session() as s:
                store.outbox.fail(s, reply.id, "refused", dead=exc.permanent, retry_at=retry_at)
                if exc.permanent:
                    store.chats.block(s, chat_id)
            return
        except Gone:
            log.error("a reply's document is gone", reply=reply.id)
            with store.session() as s:
                store.outbox.fail(s, reply.id, "document gone", dead=True, retry_at=None)
            continue
        with store.session() as s:
            store.outbox.sent(s, reply.id)


def remembered(app: App, s: Session, chat_id: int) -> Conversation:
    """The conversation so far. One kept in a shape that is no longer known starts anew: better than silence."""
    saved = app.store.conversations.load(s, chat_id)
    try:
        return codec.load(Conversation, saved) if saved else Conversation()
    except codec.BadShape:
        log.error("a conversation could not be read and starts anew", chat=chat_id)
        return Conversation()


def apologise(app: App, s: Session, chat_id: int, state: Conversation, what: str = "") -> None:
    """Owe the traveller a word that something was given up, unless they were just told; keeps `state`."""
    sorry = apologised(state, app.now())
    if sorry is not None:
        app.store.outbox.add(s, chat_id, codec.dump(present.trouble(state.lang, what)))
    app.store.conversations.save(s, chat_id, codec.dump(sorry or state))


def _batches(rows: Sequence[InboxRow]) -> Iterator[list[tuple[InboxRow, Incoming]]]:
    """Messages one by one, but texts in quick succession together."""
    batch: list[tuple[InboxRow, Incoming]] = []
    for row in rows:
        message = codec.load(Incoming, row.payload)
        if batch and not (
            message.kind is batch[-1][1].kind is IncomingKind.TEXT
            and row.received_at - batch[-1][0].received_at <= TOGETHER
            and commands.command(message.text, Context(row.received_at.date())) is None
            and commands.command(batch[-1][1].text, Context(row.received_at.date())) is None
        ):
            yield batch
            batch = []
        batch.append((row, message))
    if batch:
        yield batch


def _begin(app: App, batch: Sequence[tuple[InboxRow, Incoming]]) -> list[tuple[InboxRow, Incoming]]:
    """What of a batch is tried now, counted. What ended its worker each time is given up, and the traveller told."""
    with app.store.session() as s:
        begun = [(row, message) for row, message in batch if app.store.inbox.begin(s, row.id)]
    if len(begun) < len(batch):
        _give_up(app, batch[0][0].chat_id)
    return begun


def _turn(app: App, batch: Sequence[tuple[InboxRow, Incoming]]) -> list[int]:
    """Understand, decide, keep; the ids of the tasks that are now owed."""
    store, chat_id = app.store, batch[0][0].chat_id
    messages = [message for _, message in batch]
    with store.reading() as s:
        state = remembered(app, s, chat_id)
        floods = flood.is_over(app, s, batch, state)
    if floods:
        with store.session() as s:
            flood.answer(app, s, batch, state)
        return []
    _acknowledge(app, messages)
    today = app.today()
    intent = _understand(app, messages, state, today)
    decision = decide(state, intent, today, gazetteer=app.gazetteer, house_facts=app.house)
    log.info("turn", chat=chat_id, action=str(intent.action), lang=str(intent.lang), tasks=len(decision.tasks))
    with store.session() as s:
        store.conversations.save(s, chat_id, codec.dump(decision.state))
        for reply in decision.replies:
            store.outbox.add(s, chat_id, codec.dump(reply), reply.progress)
        owed = [store.tasks.add(s, chat_id, kind_of(task), codec.dump(task)) for task in decision.tasks]
        for row, message in batch:
            store.inbox.done(s, row.id)
            # Names, numbers, balances, a secret number: nobody needs them.
            if intent.topic == "pin" or (intent.booking is not None and intent.booking.pasted):
                store.inbox.redact(s, row.id, codec.dump(replace(message, text="")))
    return owed


def _acknowledge(app: App, messages: Sequence[Incoming]) -> None:
    channel = app.channels.get(messages[0].chat.channel)
    if channel is None:
        return
    for message in messages:
        try:
            channel.acknowledge(message)
        except ChannelError as exc:
            log.info("not acknowledged", channel=message.chat.channel, error=str(exc))
            return  # an app in trouble must not use up the time for the answer


def _understand(app: App, messages: Sequence[Incoming], state: Conversation, today: date) -> Intent:
    last, context = messages[-1], context_of(state, today)
    if last.kind is IncomingKind.BUTTON:
        return _tapped(last.action, context, app.gazetteer)
    if last.kind is IncomingKind.MEDIA:
        return commands.media(context)
    if last.kind is IncomingKind.LOCATION:
        near = None
        if last.latitude is not None and last.longitude is not None:
            near = app.gazetteer.nearest(last.latitude, last.longitude)
        return commands.location(near.slug if near else None, context)
    text = "\n".join(message.text for message in messages)
    language = context.lang or last.chat.language[:2]
    if intent := heard(state, text, today, gazetteer=app.gazetteer):
        return intent
    context = replace(context, lang=language)
    edits, rest = edits_in(state, text, app.gazetteer)
    # What stands beside a change is short, and the model is asked once a turn at most.
    beside = app.rules.parse(rest, context) if edits and rest else None
    return edited(edits, rest, beside, state, text, today) or weighed(app.parser.parse(text, context), text, state)


def _tapped(action: str, context: Context, towns: Towns) -> Intent:
    """A button's intent. One that names a place we do not have was not made by us, or long ago."""
    intent = intent_for(action, context)
    places = (place for edit in intent.edits for place in edit.places)
    named = [slug for slug in (intent.origin, intent.destination, *intent.destinations, *places) if slug]
    return intent if all(towns.get(slug) for slug in named) else intent_for("", context)


def _failed(app: App, chat_id: int, inbox_ids: Sequence[int], reason: str) -> None:
    with app.store.session() as s:
        dead = [inbox_id for inbox_id in inbox_ids if app.store.inbox.fail(s, inbox_id, reason)]
    if dead:
        _give_up(app, chat_id)
        deliver(app, chat_id)


def _give_up(app: App, chat_id: int) -> None:
    log.error("message given up", chat=chat_id)
    with app.store.session() as s:
        apologise(app, s, chat_id, remembered(app, s, chat_id))
