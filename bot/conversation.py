"""The turn engine: takes what came in, lets the dialogue decide, keeps the outcome in one transaction, delivers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import commands, flood
from bot.buttons import intent_for
from bot.channel import ChannelError, Incoming, IncomingKind
from bot.delivery import Due, is_resting, send, take
from bot.dialogue import Conversation, context_of, decide, edited, edits_in, heard, offered
from bot.intents import Action, Context, Intent
from bot.owing import Owed, owe
from bot.queue import Job
from bot.recall import apologise, remembered
from bot.replies import Reply
from bot.state import Decision, Towns
from bot.tasks import kind_of
from bot.trying import trying
from bot.weighing import weighed
from bot.wiring import App
from storage import codec
from storage.clock import backoff
from storage.inbox import InboxRow
from storage.locks import Busy

log = structlog.get_logger(__name__)

TOGETHER = timedelta(seconds=2)  # texts sent so close to each other are one thought in pieces
PIECES = 4  # a thought of more pieces is read as it is, whatever else comes
NEAR = 150.0  # km; who is farther from every town we know is not in Kenya
LOCK_WAIT = 1.0  # seconds to wait for a chat that another worker has


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages to be answered together, begun, and what was remembered before them."""

    chat_id: int
    rows: Sequence[InboxRow]
    state: Conversation
    floods: bool  # they came faster than anybody reads


# Seconds to wait for more of a thought, 0 for none, by what was remembered, what would be said, and its last piece.
Waits = Callable[[Conversation, Decision, InboxRow], float]


def answer(app: App, chat_id: int) -> None:
    """Answer everything unread of a chat, in order. Nothing unread: nothing happens.

    The first words of a request that leave something to be asked are answered when two seconds are over: the rest may
    be on its way. Raises storage.locks.Busy when another worker has the chat and there is no queue to come back later.
    """
    _answer(app, chat_id, _first_words)


def answer_now(app: App, chat_id: int) -> None:
    """The same, without waiting for more."""
    _answer(app, chat_id, lambda *_: 0.0)


def _answer(app: App, chat_id: int, waits: Waits) -> None:
    owed: list[int] = []
    try:
        with app.store.lock(chat_id, LOCK_WAIT):
            due, turn = _begin(app, chat_id)
            send(app, due)
            while turn is not None:
                with trying(partial(_failed, app, turn)):
                    done = _turn(app, turn, waits, owed)
                if done is None:
                    return
                due, turn = done
                send(app, due)
    except Busy:
        # Who has the chat may have looked already. Come back, but do not wait here, where others need us.
        again = Job("answer", (chat_id,), "chat", key=f"answer-{chat_id}-{int(time.time())}")
        if not app.queue.put_later(again, LOCK_WAIT):
            raise
    finally:
        for task_id in owed:
            app.queue.put(Job("run_task", (task_id,), "trips", key=f"task-{task_id}"))


def _begin(app: App, chat_id: int) -> tuple[Due | None, Turn | None]:
    """The first unread messages of a chat, their try counted; without any, what is owed to it."""
    copied = app.store.conversations.copied(chat_id)
    with app.store.session() as s:
        turn = _next(app, s, chat_id, remembered(app, s, chat_id, copied))
        return (take(app, s, chat_id) if turn is None else None), turn


def _next(app: App, s: Session, chat_id: int, state: Conversation) -> Turn | None:
    """What is unread now and belongs together. What ended its worker each time is given up, and the traveller told."""
    for batch in _batches(app.store.inbox.unread(s, chat_id)):
        floods = flood.is_over(app, s, batch, state)  # asked before anything is written: until then nobody waits for us
        begun = [row for row in batch if app.store.inbox.begin(s, row)]
        if len(begun) < len(batch):
            log.error("message given up", chat=chat_id)
            state = apologise(app, s, chat_id, state)
        if begun:
            return Turn(chat_id, begun, state, floods)
    return None


def _first_words(before: Conversation, decision: Decision, last: InboxRow) -> float:
    """Wait when a request has just been begun, and all there is to say to it is a question."""
    asks = bool(decision.state.asked) or decision.state.unclear > before.unclear
    if not asks or before.asked or decision.tasks:
        return 0.0
    left = last.received_at + TOGETHER - datetime.now(UTC)
    return min(max(left, timedelta()), TOGETHER).total_seconds()


def _batches(rows: Sequence[InboxRow]) -> Iterator[list[InboxRow]]:
    """Messages one by one, but texts in quick succession together."""
    batch: list[InboxRow] = []
    for row in rows:
        if batch and not (
            row.received_at - batch[-1].received_at <= TOGETHER and _is_prose(batch[-1]) and _is_prose(row)
        ):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _is_prose(row: InboxRow) -> bool:
    """Whether a message is of words, and none of those that are always answered by themselves."""
    try:
        message = codec.load(Incoming, row.payload)
    except codec.BadShape:  # it is tried alone
        return False
    is_text = message.kind is IncomingKind.TEXT
    return is_text and commands.command(message.text, Context(row.received_at.date())) is None


def _turn(app: App, turn: Turn, waits: Waits, owed: list[int]) -> tuple[Due | None, Turn | None] | None:
    """Understand, decide, keep: what is to be sent now, and the next turn. None: put back, because more is waited for.

    Ids of tasks to do are added to `owed`.
    """
    store, state, last = app.store, turn.state, turn.rows[-1]
    messages = [codec.load(Incoming, row.payload) for row in turn.rows]
    message = messages[-1]
    _acknowledge(app, messages)
    if turn.floods:
        with store.session() as s:
            following = _next(app, s, turn.chat_id, flood.answer(app, s, turn.rows, state))
            return take(app, s, turn.chat_id), following
    today = app.today()
    intent = _understand(app, messages, state, today)
    decision = decide(state, intent, today, gazetteer=app.gazetteer, house_facts=app.house)
    if message.kind is IncomingKind.TEXT and _put_back(app, turn, _for_more(app, turn) or waits(state, decision, last)):
        return None
    log.info("turn", chat=turn.chat_id, action=str(intent.action), lang=str(intent.lang), tasks=len(decision.tasks))
    with store.session() as s:
        said = _owe(app, s, turn.chat_id, message, intent, decision.replies)
        kept = offered(decision.state, said) if len(said) < len(decision.replies) else decision.state
        store.conversations.save(s, turn.chat_id, codec.dump(kept))
        tasks = [store.tasks.add(s, turn.chat_id, kind_of(task), codec.dump(task)) for task in decision.tasks]
        for row, read in zip(turn.rows, messages, strict=True):
            store.inbox.done(s, row.id)
            # Names, numbers, balances, a secret number: nobody needs them.
            if intent.topic == "pin" or (intent.booking is not None and intent.booking.pasted):
                store.inbox.redact(s, row.id, codec.dump(replace(read, text="")))
        following = _next(app, s, turn.chat_id, kept)
        due = take(app, s, turn.chat_id)
    owed += tasks
    if tasks and app.parser is app.rules:  # with a model, typing was shown before it was asked
        _show_typing(app, message)
    return due, following


def _owe(
    app: App, s: Session, chat_id: int, message: Incoming, intent: Intent, replies: Sequence[Reply]
) -> Sequence[Reply]:
    """Owe the replies of a turn. Who says STOP gets one word about it and then nothing, until they write again.

    Where the app keeps a list of its own, it says that word, and only START ends it: until then it refuses all we send.
    """
    chat, optouts = message.chat, app.store.optouts
    known = optouts.of(s, chat.channel, chat.address)
    if intent.action is Action.CANCEL and intent.topic == commands.STOP:
        app.store.outbox.give_up_all(s, chat_id, "opted out")
        by_app = message.consent is False or (known is not None and known.by_app)
        owed = Owed((), 0) if by_app or known else owe(app, s, chat_id, chat.channel, replies)
        optouts.add(s, chat.channel, chat.address, last_reply=owed.last_id, by_app=by_app)
        return owed.replies
    if known and (not known.by_app or message.consent or commands.wants_to_hear(message.text)):
        optouts.end(s, chat.channel, chat.address)
    return owe(app, s, chat_id, chat.channel, replies).replies


def _for_more(app: App, turn: Turn) -> float:
    """Wait a moment when more of the thought came while a model read it; then all of it is read together."""
    if app.parser is app.rules or len(turn.rows) >= PIECES:
        return 0.0
    with app.store.reading() as s:
        unread = app.store.inbox.unread(s, turn.chat_id)
    return 0.01 if len(next(_batches(unread))) > len(turn.rows) else 0.0


def _put_back(app: App, turn: Turn, seconds: float) -> bool:
    """Leave these for later; False: there is no need, or nobody would come back, so they are to be answered now."""
    last = turn.rows[-1].id
    if not seconds or not app.queue.put_later(
        Job("answer_now", (turn.chat_id,), "chat", key=f"now-{turn.chat_id}-{last}"), seconds
    ):
        return False
    with app.store.session() as s:
        for row in turn.rows:
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
    if last.consent is not None:
        return commands.consent(last.consent, context)
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


def _failed(app: App, turn: Turn, reason: str) -> None:
    with app.store.session() as s:
        dead = [row for row in turn.rows if app.store.inbox.fail(s, row, reason)]
        if dead:
            log.error("message given up", chat=turn.chat_id)
            apologise(app, s, turn.chat_id, remembered(app, s, turn.chat_id))
        due = take(app, s, turn.chat_id)
    send(app, due)
    pause = backoff(turn.rows[0].attempts + 1).total_seconds()
    again = Job("answer", (turn.chat_id,), "chat", key=f"answer-{turn.chat_id}-{int(time.time() + pause)}")
    app.queue.put_later(again, pause)
