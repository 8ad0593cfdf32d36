"""The turn engine: takes what came in, lets the dialogue decide, keeps the outcome in one transaction, delivers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from bot.owing import merged, owe
from bot.queue import HANDFUL, Job, do_task
from bot.recall import all_remembered, apologise, remembered
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


@dataclass(slots=True)
class _Afterwards:
    """What is queued once the locks are let go: tasks that were decided on, chats that a model is asked about, and
    chats that are answered alone.
    """

    tasks: list[int] = field(default_factory=list)
    thinking: dict[str, list[int]] = field(default_factory=dict)  # by app
    alone: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Question:
    """A text that only a model can read, and what it is read in."""

    text: str
    context: Context
    state: Conversation
    last: Incoming


def answer(app: App, *chat_ids: int) -> None:
    """Answer everything unread of these chats, each in order. Nothing unread: nothing happens.

    The first words of a request that leave something to be asked are answered when two seconds are over: the rest may
    be on its way. Raises storage.locks.Busy when another worker has a chat and there is no queue to come back later.

    A transaction costs as much for one chat as for eight, so several are answered in step. That is for what takes no
    time and has never failed: chats whose messages wait for a model do so apart, together (see `think`), and one whose
    message was tried before, or raises an error, goes alone.
    """
    _answer(app, chat_ids, _first_words, may_ask=len(chat_ids) == 1)


def think(app: App, *chat_ids: int) -> None:
    """The same, asking a model where one has to be asked: about several chats side by side."""
    _answer(app, chat_ids, _first_words, may_ask=True)


def answer_now(app: App, chat_id: int) -> None:
    """The same for one, without waiting for more."""
    _answer(app, [chat_id], lambda *_: 0.0, may_ask=True)


def _answer(app: App, chat_ids: Sequence[int], waits: Waits, *, may_ask: bool) -> None:
    left = list(dict.fromkeys(chat_ids))
    try:
        while left:
            after = _Afterwards()
            try:
                with app.store.lock_free(left, LOCK_WAIT) as mine:
                    left = [chat_id for chat_id in left if chat_id not in mine]
                    _answer_held(app, mine, waits, after, may_ask=may_ask)
            finally:
                _queue(app, after)
    except Busy:
        # Who has the chat may have looked already. Come back, but do not wait here, where others need us.
        for chat_id in left:
            again = Job("answer", (chat_id,), "chat", key=f"answer-{chat_id}-{int(time.time())}")
            if not app.queue.put_later(again, LOCK_WAIT):
                raise
        left = []
    finally:
        _queue(app, _Afterwards(alone=left))


def _answer_held(app: App, chat_ids: Sequence[int], waits: Waits, after: _Afterwards, *, may_ask: bool) -> None:
    """Answer chats that nobody else works on now. Several get one round, and who is behind goes on alone: nobody's lock
    is held for what another still has to say.
    """
    several = len(chat_ids) > 1
    with trying(lambda _: after.alone.extend(chat_ids if several else ())):
        dues, turns = _begin(app, chat_ids, after)
    _send(app, dues, turns, after)
    while turns:
        dues, turns = _turns(app, turns, waits, after, several=several, may_ask=may_ask)
        _send(app, dues, turns, after)


def _queue(app: App, after: _Afterwards) -> None:
    for task_id in after.tasks:
        app.queue.put(do_task(task_id))
    for name, thinking in after.thinking.items():
        for start in range(0, len(thinking), HANDFUL):
            chats = tuple(thinking[start : start + HANDFUL])
            key = f"think-{name}-{len(chats)}-{chats[0]}-{int(1000 * time.time())}"
            app.queue.put(Job("think", chats, "chat", key=key))
    for chat_id in dict.fromkeys(after.alone):
        app.queue.put(Job("answer", (chat_id,), "chat", key=f"alone-{chat_id}-{int(1000 * time.time())}"))


def _send(app: App, dues: Sequence[Due], turns: Sequence[Turn], after: _Afterwards) -> None:
    """Send what is due before these turns, whose time has not come when that fails."""
    with trying(lambda _: _part(app, turns, after)):
        send(app, dues)


def _begin(app: App, chat_ids: Sequence[int], after: _Afterwards) -> tuple[list[Due], list[Turn]]:
    """The first unread messages of chats, their tries counted; where there are none, what is owed."""
    several = len(chat_ids) > 1
    copies = app.store.conversations.copies(chat_ids)
    with app.store.session() as s:
        turns = _next(app, s, all_remembered(app, s, chat_ids, copies), after)
        quiet = set(chat_ids).difference(after.alone, (turn.chat_id for turn in turns))
        return take(app, s, sorted(quiet), after.alone if several else None), turns


def _next(app: App, s: Session, states: Mapping[int, Conversation], after: _Afterwards) -> list[Turn]:
    """What is unread now and belongs together, of each chat. What ended its worker each time is given up, and the
    traveller told.
    """
    unread = app.store.inbox.unread_all(s, list(states))
    if len(states) > 1:
        tried = {chat_id for chat_id, rows in unread.items() if any(row.attempts for row in rows)}
        after.alone += tried
        unread = {chat_id: rows for chat_id, rows in unread.items() if chat_id not in tried}
    firsts = {chat_id: _first(rows) for chat_id, rows in unread.items()}
    # Asked before anything is written: until then nobody waits for us.
    hopeful = [(chat_id, rows) for chat_id, (rows, _) in firsts.items() if rows]
    behind = max((len(rows) for rows in unread.values()), default=0)
    floods = flood.are_over(app, s, [(rows, states[chat_id]) for chat_id, rows in hopeful], behind)
    app.store.inbox.begin(s, *(row for rows, hopeless in firsts.values() for row in (*rows, *hopeless)))
    sorry = {}
    for chat_id, (_, hopeless) in firsts.items():
        if hopeless:
            log.error("message given up", chat=chat_id)
            sorry[chat_id] = apologise(app, s, chat_id, states[chat_id])
    kept = {**states, **sorry}
    return [Turn(chat_id, rows, kept[chat_id], over) for (chat_id, rows), over in zip(hopeful, floods, strict=True)]


def _first(rows: Sequence[InboxRow]) -> tuple[list[InboxRow], list[InboxRow]]:
    """The first messages that belong together and are worth a try; those before or among them that are not."""
    hopeless: list[InboxRow] = []
    for batch in _batches(rows):
        hopeless += [row for row in batch if row.is_hopeless]
        if hopeful := [row for row in batch if not row.is_hopeless]:
            return hopeful, hopeless
    return [], hopeless


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


@dataclass(frozen=True, slots=True)
class Decided:
    """A turn, what its messages say, and what is to be done about it; nothing of that for one of a flood."""

    turn: Turn
    messages: Sequence[Incoming]
    intent: Intent | None = None
    decision: Decision | None = None

    @property
    def address(self) -> tuple[str, str]:
        """The channel, and who writes there."""
        chat = self.messages[-1].chat
        return chat.channel, chat.address

    @property
    def stops(self) -> bool:
        """Whether nothing is wanted from us any more."""
        return self.intent is not None and self.intent.action is Action.CANCEL and self.intent.topic == commands.STOP

    @property
    def is_secret(self) -> bool:
        """Whether it holds names, numbers, balances, a secret number: nobody needs them."""
        intent = self.intent
        return intent is not None and (intent.topic == "pin" or (intent.booking is not None and intent.booking.pasted))


def _turns(
    app: App, turns: Sequence[Turn], waits: Waits, after: _Afterwards, *, several: bool, may_ask: bool
) -> tuple[list[Due], list[Turn]]:
    """Understand, decide, keep: what is to be sent now, and the next turn, where there is one chat alone.

    A turn for which more is waited for, or that waits for a model, is put back, and nothing more is done for its chat.
    """
    with trying(lambda reason: _part(app, turns, after) if several else _failed(app, turns[0], reason)):
        read = [(turn, [codec.load(Incoming, row.payload) for row in turn.rows]) for turn in turns]
        _acknowledge_all(app, [messages for _, messages in read])
        understood = _understand_all(app, read, after, may_ask=may_ask)
        made = [_decide(app, *one, waits) for one in understood]
        decided = [one for one in made if one is not None]
        if not decided:
            return [], []
        with app.store.session() as s:
            states, tasks = _keep(app, s, decided)
            if several:
                behind, following = app.store.inbox.waiting(s, list(states)), []
            else:
                behind, following = [], _next(app, s, states, after)
            dues = take(app, s, list(states), after.alone if several else None)
        after.alone += behind
        after.tasks += [number for numbers in tasks.values() for number in numbers]
        if app.parser is app.rules:  # with a model, typing was shown before it was asked
            waiting = [one.messages[-1] for one in decided if tasks.get(one.turn.chat_id)]
            app.side_by_side(partial(_show_typing, app), waiting)
    return dues, following


_Read = tuple[Turn, Sequence[Incoming]]


def _understand_all(
    app: App, read: Sequence[_Read], after: _Afterwards, *, may_ask: bool
) -> list[tuple[Turn, Sequence[Incoming], Intent | None]]:
    """What each turn says, None for one of a flood. One that is put back is left out: a model has to be asked, or more
    of the thought came while it was.
    """
    said = [None if turn.floods else _understand(app, messages, turn.state, app.today()) for turn, messages in read]
    asked = {turn.chat_id: one for (turn, _), one in zip(read, said, strict=True) if isinstance(one, _Question)}
    if not may_ask:
        parted = set(asked)
        waiting = [turn for turn, _ in read if turn.chat_id in parted]
        _put_back(app, waiting)
        for turn in waiting:
            after.thinking.setdefault(turn.rows[-1].channel, []).append(turn.chat_id)
        answers: dict[int, Intent] = {}
    else:
        answers = dict(zip(asked, app.side_by_side(partial(_ask, app), list(asked.values())), strict=True))
        parted = _wait_for_more(app, [turn for turn, _ in read if turn.chat_id in asked])
    return [
        (turn, messages, answers[turn.chat_id] if isinstance(one, _Question) else one)
        for (turn, messages), one in zip(read, said, strict=True)
        if turn.chat_id not in parted
    ]


def _ask(app: App, question: _Question) -> Intent:
    """What a model says; it takes a moment."""
    _show_typing(app, question.last)
    with app.memory.together():  # what it cost is counted in several meters
        return _parsed(app, question)


def _parsed(app: App, question: _Question) -> Intent:
    return weighed(app.parser.parse(question.text, question.context), question.text, question.state)


def _decide(app: App, turn: Turn, messages: Sequence[Incoming], intent: Intent | None, waits: Waits) -> Decided | None:
    """What to do about a turn. None: put back."""
    if intent is None:
        return Decided(turn, messages)
    decision = decide(turn.state, intent, app.today(), gazetteer=app.gazetteer, house_facts=app.house)
    if messages[-1].kind is IncomingKind.TEXT and _later(app, turn, waits(turn.state, decision, turn.rows[-1])):
        return None
    log.info("turn", chat=turn.chat_id, action=str(intent.action), lang=str(intent.lang), tasks=len(decision.tasks))
    return Decided(turn, messages, intent, decision)


def _keep(app: App, s: Session, decided: Sequence[Decided]) -> tuple[dict[int, Conversation], dict[int, list[int]]]:
    """Keep what was decided; the conversations, and the ids of tasks to do, by chat."""
    store = app.store
    states = {made.turn.chat_id: made.turn.state for made in decided}
    tasks: dict[int, list[int]] = {}
    read = [made for made in decided if made.decision is not None]
    said = _say(app, s, read)
    for made in decided:
        chat_id, decision = made.turn.chat_id, made.decision
        if decision is None:
            states[chat_id] = flood.answer(app, s, made.turn.rows, made.turn.state)
            continue
        fewer = len(said[chat_id]) < len(decision.replies)
        states[chat_id] = offered(decision.state, said[chat_id]) if fewer else decision.state
        tasks[chat_id] = [store.tasks.add(s, chat_id, kind_of(task), codec.dump(task)) for task in decision.tasks]
        if made.is_secret:
            for row, message in zip(made.turn.rows, made.messages, strict=True):
                store.inbox.redact(s, row.id, codec.dump(replace(message, text="")))
    store.conversations.save_all(s, {made.turn.chat_id: codec.dump(states[made.turn.chat_id]) for made in read})
    store.inbox.done(s, *(row.id for made in read for row in made.turn.rows))
    return states, tasks


def _say(app: App, s: Session, decided: Sequence[Decided]) -> dict[int, Sequence[Reply]]:
    """Owe the replies of turns; what is said, by chat.

    Who says STOP gets one word about it and then nothing, until they write again. Where the app keeps a list of its
    own, it says that word, and only START ends it: until then it refuses all we send.
    """
    optouts = app.store.optouts
    refusals = optouts.of_all(s, {made.address for made in decided})
    said: dict[int, Sequence[Reply]] = {}
    stopping: list[tuple[Decided, bool]] = []
    for made in decided:
        (channel, address), message, chat_id = made.address, made.messages[-1], made.turn.chat_id
        known = refusals.get(made.address)
        replies = made.decision.replies if made.decision else ()
        if made.stops:
            app.store.outbox.give_up_all(s, chat_id, "opted out")
            by_app = message.consent is False or (known is not None and known.by_app)
            stopping.append((made, by_app))
            if by_app or known:
                replies = ()
        elif known and (not known.by_app or message.consent or commands.wants_to_hear(message.text)):
            optouts.end(s, channel, address)
        said[chat_id] = merged(app, channel, replies)
    owed = [(chat_id, reply) for chat_id, replies in said.items() for reply in replies]
    last_ids = {chat_id: number for (chat_id, _), number in zip(owed, owe(app, s, owed), strict=True)}
    for made, by_app in stopping:
        optouts.add(s, *made.address, last_reply=last_ids.get(made.turn.chat_id, 0), by_app=by_app)
    return said


def _wait_for_more(app: App, turns: Sequence[Turn]) -> set[int]:
    """Put back turns of whose thought more came while a model read it, to read all of it together; their chats."""
    short = [turn for turn in turns if len(turn.rows) < PIECES]
    if not short:
        return set()
    with app.store.reading() as s:
        unread = app.store.inbox.unread_all(s, [turn.chat_id for turn in short])
    grown = [turn for turn in short if len(next(_batches(unread[turn.chat_id]))) > len(turn.rows)]
    return {turn.chat_id for turn in grown if _later(app, turn, 0.01)}


def _later(app: App, turn: Turn, seconds: float) -> bool:
    """Leave these for later; False: there is no need, or nobody would come back, so they are to be answered now."""
    last = turn.rows[-1].id
    if not seconds or not app.queue.put_later(
        Job("answer_now", (turn.chat_id,), "chat", key=f"now-{turn.chat_id}-{last}"), seconds
    ):
        return False
    _put_back(app, [turn])
    return True


def _put_back(app: App, turns: Sequence[Turn]) -> None:
    """None of these was tried after all."""
    if turns:
        with app.store.session() as s:
            app.store.inbox.put_back(s, *(row.id for turn in turns for row in turn.rows))


def _part(app: App, turns: Sequence[Turn], after: _Afterwards) -> None:
    """None of these was tried after all: each goes alone."""
    _put_back(app, turns)
    after.alone += [turn.chat_id for turn in turns]


def _acknowledge_all(app: App, several: Sequence[Sequence[Incoming]]) -> None:
    """Those of different chats side by side; none more once the app fails at one."""
    failed = threading.Event()

    def acknowledge(messages: Sequence[Incoming]) -> None:
        if not failed.is_set() and not _acknowledge(app, messages):
            failed.set()

    app.side_by_side(acknowledge, several)


def _acknowledge(app: App, messages: Sequence[Incoming]) -> bool:
    """False when the app failed."""
    name = messages[0].chat.channel
    channel = app.channels.get(name)
    if channel is None or is_resting(app, name):
        return True
    for message in messages:
        try:
            channel.acknowledge(message)
        except ChannelError as exc:
            log.info("not acknowledged", channel=name, error=str(exc))
            return False  # an app in trouble must not use up the time for the answer
    return True


def _show_typing(app: App, message: Incoming) -> None:
    name = message.chat.channel
    channel = app.channels.get(name)
    if channel is None or is_resting(app, name):
        return
    try:
        channel.show_typing(message)
    except ChannelError as exc:
        log.info("typing was not shown", channel=name, error=str(exc))


def _understand(app: App, messages: Sequence[Incoming], state: Conversation, today: date) -> Intent | _Question:
    """What messages say, or what a model has to be asked."""
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
    question = _Question(text, context, state, last)
    return question if app.parser is not app.rules else _parsed(app, question)


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
        dues = take(app, s, [turn.chat_id])
    send(app, dues)
    pause = backoff(turn.rows[0].attempts + 1).total_seconds()
    again = Job("answer", (turn.chat_id,), "chat", key=f"answer-{turn.chat_id}-{int(time.time() + pause)}")
    app.queue.put_later(again, pause)
