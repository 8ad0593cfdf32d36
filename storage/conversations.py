"""What each chat is in the middle of: SQL holds the truth, Redis a copy that saves fetching it."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from secrets import token_hex

from sqlalchemy import Executable, bindparam, event, select
from sqlalchemy.orm import Session

from storage.cache import Cache
from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Conversation
from storage.vault import Unreadable, Vault

TTL = timedelta(days=2)
_HERE = Conversation.chat_id == bindparam("chat")
_STAMP = select(Conversation.version, Conversation.mark).where(_HERE)  # built once: every message asks these
_STATE = select(Conversation.state).where(_HERE)


class Conversations:
    """State of dialogues, as text the dialogue understands.

    A copy in Redis counts only while it carries the version and the random mark of the committed row, so neither a
    failed write, nor two writes out of order, nor a Redis left over from another database can bring back an old state.
    """

    def __init__(self, vault: Vault, clock: Clock, cache: Cache) -> None:
        self._vault = vault
        self._clock = clock
        self._cache = cache

    def copied(self, chat_id: int) -> str | None:
        """The copy in Redis, for `load`: to be asked for before a transaction begins, since Redis may be slow."""
        return self._cache.get(_key(chat_id))

    def load(self, s: Session, chat_id: int, copied: str | None = None) -> str | None:
        """The state last saved, None for a chat that never had one."""
        current = s.connection().execute(_STAMP, {"chat": chat_id}).one_or_none()
        if current is None:
            return None
        if copied is not None and (state := self._of_copy(copied, _stamp(current.version, current.mark))) is not None:
            return state
        sealed = s.connection().scalar(_STATE, {"chat": chat_id})
        return None if sealed is None else self._vault.open(sealed)

    def save(self, s: Session, chat_id: int, state: str) -> None:
        """Keep the state with this transaction; Redis learns of it after the commit."""
        sealed, mark = self._vault.seal(state), token_hex(8)
        values = {"chat_id": chat_id, "version": 1, "mark": mark, "state": sealed, "updated_at": self._clock()}
        version = s.connection().scalar(_save(dialect(s)), values)
        value = f"{_stamp(version, mark)}{sealed}"

        def copy(_session: Session) -> None:
            self._cache.put(_key(chat_id), value, TTL)

        event.listen(s, "after_commit", copy, once=True)

    def forget(self, s: Session, chat_id: int) -> None:
        """Drop the copy after the commit; the row goes with its chat."""

        def drop(_session: Session) -> None:
            self._cache.drop(_key(chat_id))

        event.listen(s, "after_commit", drop, once=True)

    def _of_copy(self, copied: str, stamp: str) -> str | None:
        if not copied.startswith(stamp):
            return None
        try:
            return self._vault.open(copied.removeprefix(stamp))
        except Unreadable:
            return None


@lru_cache
def _save(dialect: str) -> Executable:
    first = insert(dialect, Conversation)
    new = {name: first.excluded[name] for name in ("mark", "state", "updated_at")}
    again = first.on_conflict_do_update(index_elements=["chat_id"], set_={"version": Conversation.version + 1, **new})
    return again.returning(Conversation.version)


def _key(chat_id: int) -> str:
    return f"safiri:conversation:{chat_id}"


def _stamp(version: int | None, mark: str) -> str:
    return f"{version}:{mark}:"
