"""What is said becomes owed: in as few messages as the app of the chat wants."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.channel import Merging
from bot.replies import Reply
from bot.wiring import App
from storage import codec
from storage.outbox import NewReply


def merged(app: App, channel: str, replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """What is said at one time, as this app will be given it."""
    through = app.channels.get(channel)
    return tuple(through.merged(replies)) if isinstance(through, Merging) else tuple(replies)


def owe(app: App, s: Session, said: Sequence[tuple[int, Reply]]) -> list[int]:
    """Keep replies as owed to chats, those of a chat in this order; their ids."""
    return app.store.outbox.add_all(
        s, [NewReply(chat_id, codec.dump(reply), reply.progress) for chat_id, reply in said]
    )
