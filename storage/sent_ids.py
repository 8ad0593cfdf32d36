"""Ids of sent messages that will be edited, for channels that can edit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.chats import Chats
from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Chat, SentId

_GET = (  # built once: every plan asks this several times
    select(SentId.message_id)
    .join(Chat, Chat.id == SentId.chat_id)
    .where(
        Chat.channel == bindparam("channel"),
        Chat.address_hash.in_(bindparam("hashes", expanding=True)),
        SentId.key == bindparam("key"),
    )
)
Sessions = Callable[[], AbstractContextManager[Session]]


class Addressed(Protocol):
    """All that matters of a chat here."""

    @property
    def address(self) -> str:
        """What the app needs to write there."""
        ...


class SentIds:
    """Remembered ids of one channel.

    Each call is a transaction of its own: a channel must not send while the caller holds one open, or SQLite would
    let the two wait for each other.
    """

    def __init__(self, channel: str, chats: Chats, clock: Clock, *, read: Sessions, write: Sessions) -> None:
        self._channel = channel
        self._chats = chats
        self._clock = clock
        self._read = read
        self._write = write

    def get(self, chat: Addressed, key: str) -> str | None:
        """The id last put under this key, if it is still known."""
        hashes = self._chats.writer(self._channel, chat.address).hashes
        with self._read() as s:
            return s.connection().scalar(_GET, {"channel": self._channel, "hashes": hashes, "key": key})

    def put(self, chat: Addressed, key: str, message_id: str) -> None:
        """Remember an id; not for a chat that never wrote, or was forgotten."""
        now = self._clock()
        with self._write() as s:
            chat_id = self._chats.find(s, self._channel, chat.address)
            if chat_id is None:
                return
            new = insert(dialect(s), SentId).values(chat_id=chat_id, key=key, message_id=message_id, sent_at=now)
            same = ["chat_id", "key"]
            s.execute(new.on_conflict_do_update(index_elements=same, set_={"message_id": message_id, "sent_at": now}))
