"""A chat that sends more than anybody reads: answered together, late, with one sentence and without a model.

What counts is when its messages were accepted, in SQL and so the same for every process, with and without Redis: what
waited because we were down is no flood. Every message is answered; none is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.orm import Session

from bot import commands, present
from bot.channel import Incoming, IncomingKind
from bot.dialogue import Conversation, apologised
from bot.intents import Context
from bot.wiring import App
from storage import codec, rates
from storage.inbox import InboxRow

log = structlog.get_logger(__name__)

_ALWAYS = frozenset({"stop", "delete_data"})  # what somebody has a right to; both are cheap


def are_over(
    app: App, s: Session, batches: Sequence[tuple[Sequence[InboxRow], Conversation]], behind: int
) -> list[bool]:
    """For messages of several chats: whether the last came when its chat had used up CHAT_RATE.

    A wish to stop or to be deleted never is too much. `behind` these no chat has more unread messages than so many.
    """
    limits = rates.parse(app.settings.chat_rate)
    lasts = [rows[-1] for rows, _ in batches]
    most = max(limit.uses for limit in limits) + 1 + behind
    earlier = app.store.inbox.moments(s, lasts, max(limit.seconds for limit in limits), most)
    waits = [
        rates.wait([moment.timestamp() for moment in before], limits, last.received_at.timestamp())
        for last, before in zip(lasts, earlier, strict=True)
    ]
    return [
        bool(wait) and not (state.confirming or any(_is_a_right(row) for row in rows))
        for (rows, state), wait in zip(batches, waits, strict=True)
    ]


def answer(app: App, s: Session, rows: Sequence[InboxRow], state: Conversation) -> Conversation:
    """Done with these: one sentence for all that came within two minutes, and nothing else changes. The state, kept."""
    chat_id = rows[0].chat_id
    said = apologised(state, app.now())
    if said is not None:
        log.info("a chat floods", chat=chat_id)
        app.store.outbox.add(s, chat_id, codec.dump(present.too_many(state.lang)))
        app.store.conversations.save(s, chat_id, codec.dump(said))
    app.store.inbox.done(s, *(row.id for row in rows))
    return said or state


def _is_a_right(row: InboxRow) -> bool:
    try:
        message = codec.load(Incoming, row.payload)
    except codec.BadShape:
        return False
    if message.kind is not IncomingKind.TEXT:
        return False
    intent = commands.command(message.text, Context(row.received_at.date()))
    return intent is not None and intent.topic in _ALWAYS
