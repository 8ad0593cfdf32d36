"""What each chat is in the middle of: SQL holds the truth, Redis a copy that saves fetching it."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from storage.cache import Cache
from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Conversation
from storage.vault import Unreadable, Vault

TTL = timedelta(days=2)


class Conversations:
    """State of dialogues, as text the dialogue understands.

    A copy in Redis counts only while it carries the version and the random mark of the committed row, so neither a
    failed write, nor two writes out of order, nor a Redis left over from another database can bring back an old state.
    """

    def __init__(self, vault: Vault, clock: Clock, cache: Cache) -> None:
        self._vault = vault
        self._clock = clock
        self._cache = cache

    def load(self, s: Session, chat_id: int) -> str | None:
        """The state last saved, None for a chat that never had one."""
        here = Conversation.chat_id == chat_id
        current = s.execute(select(Conversation.version, Conversation.mark).where(here)).one_or_none()
        if current is None:
            return None
        stamp = _stamp(current.version, current.mark)
        if (copied := self._copy(chat_id, stamp)) is not None:
            return copied
        state = s.scalar(select(Conversation.state).where(here))
        return None if state is None else self._vault.open(state)

    def save(self, s: Session, chat_id: int, state: str) -> None:
        """Keep the state with this transaction; Redis learns of it after the commit."""
        sealed, mark, now = self._vault.seal(state), token_hex(8), self._clock()
        first = insert(dialect(s), Conversation).values(
            chat_id=chat_id, version=1, mark=mark, state=sealed, updated_at=now
        )
        version = s.scalar(
            first.on_conflict_do_update(
                index_elements=["chat_id"],
                set_={"version": Conversation.version + 1, "mark": mark, "state": sealed, "updated_at": now},
            ).returning(Conversation.version)
        )
        value = f"{_stamp(version, mark)}{sealed}"

        def copy(_session: Session) -> None:
            self._cache.put(_key(chat_id), value, TTL)

        event.listen(s, "after_commit", copy, once=True)

    def forget(self, s: Session, chat_id: int) -> None:
        """Drop the copy after the commit; the row goes with its chat."""

        def drop(_session: Session) -> None:
            self._cache.drop(_key(chat_id))

        event.listen(s, "after_commit", drop, once=True)

    def _copy(self, chat_id: int, stamp: str) -> str | None:
        value = self._cache.get(_key(chat_id))
        if value is None or not value.startswith(stamp):
            return None
        try:
            return self._vault.open(value.removeprefix(stamp))
        except Unreadable:
            return None


def _key(chat_id: int) -> str:
    return f"safiri:conversation:{chat_id}"


def _stamp(version: int | None, mark: str) -> str:
    return f"{version}:{mark}:"
