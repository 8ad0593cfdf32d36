"""Replies become owed: in as few messages as the app of the chat wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.channel import Merging
from bot.replies import Reply
from bot.wiring import App
from storage import codec


@dataclass(frozen=True, slots=True)
class Owed:
    """The replies as they will be said, and the id of the last of them, 0 for none."""

    replies: tuple[Reply, ...]
    last_id: int


def owe(app: App, s: Session, chat_id: int, channel: str, replies: Sequence[Reply]) -> Owed:
    """Keep what is said at one time as owed to a chat."""
    through = app.channels.get(channel)
    said = tuple(through.merged(replies)) if isinstance(through, Merging) else tuple(replies)
    ids = [app.store.outbox.add(s, chat_id, codec.dump(reply), reply.progress) for reply in said]
    return Owed(said, ids[-1] if ids else 0)
