"""What a chat is in the middle of, and the word that something of it was given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.orm import Session

from bot import present
from bot.dialogue import Conversation, apologised
from bot.wiring import App
from storage import codec

log = structlog.get_logger(__name__)


def all_remembered(app: App, s: Session, chat_ids: Sequence[int], copies: Mapping[int, str]) -> dict[int, Conversation]:
    """The conversations so far, by chat. One kept in a shape that is no longer known starts anew: better than silence.

    `copies` are what Redis has of them, see storage.conversations.
    """
    saved = app.store.conversations.load_all(s, chat_ids, copies)
    return {chat_id: _read(chat_id, saved.get(chat_id)) for chat_id in chat_ids}


def remembered(app: App, s: Session, chat_id: int) -> Conversation:
    """The conversation of one chat."""
    return all_remembered(app, s, [chat_id], {})[chat_id]


def _read(chat_id: int, saved: str | None) -> Conversation:
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
