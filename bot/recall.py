"""What a chat is in the middle of, and the word that something of it was given up."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

from bot import present
from bot.dialogue import Conversation, apologised
from bot.wiring import App
from storage import codec

log = structlog.get_logger(__name__)


def remembered(app: App, s: Session, chat_id: int, copied: str | None = None) -> Conversation:
    """The conversation so far. One kept in a shape that is no longer known starts anew: better than silence.

    `copied` is what Redis has of it, see storage.conversations.
    """
    saved = app.store.conversations.load(s, chat_id, copied)
    try:
        return codec.load(Conversation, saved) if saved else Conversation()
    except codec.BadShape:
        log.error("a conversation could not be read and starts anew", chat=chat_id)
        return Conversation()


def apologise(app: App, s: Session, chat_id: int, state: Conversation, what: str = "") -> Conversation:
    """Owe the traveller a word that something was given up, unless they were just told; the state, which is kept."""
    sorry = apologised(state, app.now())
    if sorry is not None:
        app.store.outbox.add(s, chat_id, codec.dump(present.trouble(state.lang, what)))
    app.store.conversations.save(s, chat_id, codec.dump(sorry or state))
    return sorry or state
