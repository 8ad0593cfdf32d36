"""The turn engine: takes what came in, lets the dialogue decide, keeps the outcome in one transaction, delivers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog

from bot import commands
from bot.buttons import intent_for
from bot.channel import ChannelError, Incoming, IncomingKind
from bot.delivery import deliver, is_resting
from bot.dialogue import Conversation, context_of, decide, edited, edits_in, heard
from bot.intents import Context, Intent
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.state import Decision, Towns
from bot.tasks import kind_of
from bot.trying import trying
from bot.weighing import weighed
from bot.wiring import App
from storage import codec
from storage.inbox import InboxRow
from storage.locks import Busy
from storage.tables import Work

log = structlog.get_logger(__name__)

TOGETHER = timedelta(seconds=2)  # texts sent so close to each other are one thought in pieces
PIECES = 4  # a thought of more pieces is read as it is, whatever else comes
NEAR = 150.0  # km; who is farther from every town we know is not in Kenya
LOCK_WAIT = 1.0  # seconds to wait for a chat that another worker has

# Seconds to wait for more of a thought, 0 for none, by what was remembered, what would be said, and its last piece.
Waits = Callable[[Conversation, Decision, InboxRow], float]


def handle(app: App, inbox_id: int) -> None:
    """Answer a message and whatever else of its chat is unread, in order. Already answered: nothing happens.

    The first words of a request that leave something to be asked are answered when two seconds are over: the rest may
    be on its way. Raises storage.db.Gone for an unknown id, storage.locks.Busy when another worker has the chat and
    there is no queue to come back later.
    """
    _handle(app, inbox_id, _first_words)


def answer(app: App, inbox_id: int) -> None:
    """The same, without waiting for more."""
    _handle(app, inbox_id, lambda *_: 0.0)


def _handle(app: App, inbox_id: int, waits: Waits) -> None:
    with app.store.reading() as s:
        row = app.store.inbox.get(s, inbox_id)
    if row.status is not Work.OWED:
        return
    owed: list[int] = []
    try:
        with app.store.lock(row.chat_id, LOCK_WAIT):
            _answer(app, row.chat_id, waits, owed)
    except Busy:
        # Who has the chat will see this message. In case not: come back, but do not wait here, where others need us.
        again = Job("handle_message", (inbox_id,), "chat", key=f"inbox-{inbox_id}-{int(time.time())}")
        if not app.queue.put_later(again, LOCK_WAIT):
            raise
    finally:
        for task_id in owed:
            app.queue.put(Job("run_task", (task_id,), "trips", key=f"task-{task_id}"))


def _answer(app: App, chat_id: int, waits: Waits, owed: list[int]) -> None:
    """Answer everything unread, also what comes in meanwhile; ids of tasks to do are added to `owed`.

    The caller holds the chat's lock.
    """
    while unread := _unread(app, chat_id):
        for batch in _batches(unread):
            if begun := _begin(app, batch):
                with trying(partial(_failed, app, chat_id, [row.id for row, _ in begun])):
                    if not _turn(app, begun, waits, owed):
                        return
            deliver(app, chat_id)


def _unread(app: App, chat_id: int) -> list[InboxRow]:
    with app.store.reading() as s:
        return app.store.inbox.unread(s, chat_id)


def _first_words(before: Conversation, decision: Decision, last: InboxRow) -> float:
    """Wait when a request has just been begun, and all there is to say to it is a question."""
    asks = bool(decision.state.asked) or decision.state.unclear > before.unclear
    if not asks or before.asked or decision.tasks:
        return 0.0
    left = last.received_at + TOGETHER - datetime.now(UTC)
    return min(max(left, timedelta()), TOGETHER).total_seconds()


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


def _turn(app: App, batch: Sequence[tuple[InboxRow, Incoming]], waits: Waits, owed: list[int]) -> bool:
    """Understand, decide, keep. False: put back, because more is waited for."""
    store, (last, message) = app.store, batch[-1]
    messages = [message for _, message in batch]
    _acknowledge(app, messages)
    with store.reading() as s:
        state = remembered(app, s, last.chat_id)
    today = app.today()
    intent = _understand(app, messages, state, today)
    decision = decide(state, intent, today, gazetteer=app.gazetteer, house_facts=app.house)
    wait = _for_more(app, batch) or waits(state, decision, last) if message.kind is IncomingKind.TEXT else 0.0
    if wait and _put_back(app, batch, wait):
        return False
    log.info("turn", chat=last.chat_id, action=str(intent.action), lang=str(intent.lang), tasks=len(decision.tasks))
    with store.session() as s:
        store.conversations.save(s, last.chat_id, codec.dump(decision.state))
        for reply in decision.replies:
            store.outbox.add(s, last.chat_id, codec.dump(reply), reply.progress)
        tasks = [store.tasks.add(s, last.chat_id, kind_of(task), codec.dump(task)) for task in decision.tasks]
        for row, read in batch:
            store.inbox.done(s, row.id)
            # Names, numbers, balances, a secret number: nobody needs them.
            if intent.topic == "pin" or (intent.booking is not None and intent.booking.pasted):
                store.inbox.redact(s, row.id, codec.dump(replace(read, text="")))
    owed += tasks
    if tasks and app.parser is app.rules:  # with a model, typing was shown before it was asked
        _show_typing(app, message)
    return True


def _for_more(app: App, batch: Sequence[tuple[InboxRow, Incoming]]) -> float:
    """Wait a moment when more of the thought came while a model read it; then all of it is read together."""
    if app.parser is app.rules or len(batch) >= PIECES:
        return 0.0
    *_, last = batch
    with app.store.reading() as s:
        newer = [row for row in app.store.inbox.unread(s, last[0].chat_id) if row.id > last[0].id]
    together = next(_batches([row for row, _ in batch] + newer[:1]))
    return 0.01 if len(together) > len(batch) else 0.0


def _put_back(app: App, batch: Sequence[tuple[InboxRow, Incoming]], seconds: float) -> bool:
    """Leave these for later; False: nobody would come back to them, so they are to be answered now."""
    last, _ = batch[-1]
    if not app.queue.put_later(Job("answer", (last.id,), "chat", key=f"answer-{last.id}"), seconds):
        return False
    with app.store.session() as s:
        for row, _ in batch:
            app.store.inbox.put_back(s, row.id)
    return True


def _acknowledge(app: App, messages: Sequence[Incoming]) -> None:
    name = messages[0].chat.channel
    channel = app.channels.get(name)
    if channel is None or is_resting(app, name):
        return
    for message in messages:
        try:
            channel.acknowledge(message)
        except ChannelError as exc:
            log.info("not acknowledged", channel=name, error=str(exc))
            return  # an app in trouble must not use up the time for the answer


def _show_typing(app: App, message: Incoming) -> None:
    name = message.chat.channel
    channel = app.channels.get(name)
    if channel is None or is_resting(app, name):
        return
    try:
        channel.show_typing(message)
    except ChannelError as exc:
        log.info("typing was not shown", channel=name, error=str(exc))


def _understand(app: App, messages: Sequence[Incoming], state: Conversation, today: date) -> Intent:
    last, context = messages[-1], context_of(state, today)
    if last.kind is IncomingKind.BUTTON:
        return _tapped(last.action, context, app.gazetteer)
    if last.kind is IncomingKind.MEDIA:
        return commands.media(context, last.media)
    if last.kind is IncomingKind.ADDED:
        return commands.added(replace(context, lang=context.lang or last.chat.language[:2]))
    if last.kind is IncomingKind.LOCATION:
        near = None
        if last.latitude is not None and last.longitude is not None:
            near = app.gazetteer.nearest(last.latitude, last.longitude, NEAR)
        return commands.location(near.slug if near else None, context)
    text = "\n".join(message.text for message in messages)
    language = context.lang or last.chat.language[:2]
    if intent := heard(state, text, today, gazetteer=app.gazetteer):
        return intent
    context = replace(context, lang=language)
    edits, rest = edits_in(state, text, app.gazetteer)
    # What stands beside a change is short, and the model is asked once a turn at most.
    beside = app.rules.parse(rest, context) if edits and rest else None
    if intent := edited(edits, rest, beside, state, text, today):
        return intent
    if app.parser is not app.rules:
        _show_typing(app, last)
    return weighed(app.parser.parse(text, context), text, state)


def _tapped(action: str, context: Context, towns: Towns) -> Intent:
    """A button's intent. One that names a place we do not have was not made by us, or long ago."""
    intent = intent_for(action, context)
    places = (place for edit in intent.edits for place in edit.places)
    named = [slug for slug in (intent.origin, intent.destination, *intent.destinations, *places) if slug]
    return intent if all(towns.get(slug) for slug in named) else intent_for("", context)


def _failed(app: App, chat_id: int, inbox_ids: Sequence[int], reason: str) -> None:
    with app.store.session() as s:
        dead = [inbox_id for inbox_id in inbox_ids if app.store.inbox.fail(s, inbox_id, reason)]
        due = app.store.inbox.get(s, inbox_ids[0]).due_at
    if dead:
        _give_up(app, chat_id)
        deliver(app, chat_id)
    else:
        again = Job("handle_message", (inbox_ids[0],), "chat", key=f"inbox-{inbox_ids[0]}-{int(due.timestamp())}")
        app.queue.put_later(again, (due - datetime.now(UTC)).total_seconds())


def _give_up(app: App, chat_id: int) -> None:
    log.error("message given up", chat=chat_id)
    with app.store.session() as s:
        apologise(app, s, chat_id, remembered(app, s, chat_id))
