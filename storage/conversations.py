"""What each chat is in the middle of: SQL holds the truth, Redis a copy that saves fetching it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_HERE = Conversation.chat_id.in_(bindparam("chats", expanding=True))
_STAMPS = select(Conversation.chat_id, Conversation.version, Conversation.mark).where(
    _HERE
)  # built once: all ask these
_STATES = select(Conversation.chat_id, Conversation.state).where(_HERE)


class Conversations:
    """State of dialogues, as text the dialogue understands.

    A copy in Redis counts only while it carries the version and the random mark of the committed row, so neither a
    failed write, nor two writes out of order, nor a Redis left over from another database can bring back an old state.
    """

    def __init__(self, vault: Vault, clock: Clock, cache: Cache) -> None:
        self._vault = vault
        self._clock = clock
        self._cache = cache

    def copies(self, chat_ids: Sequence[int]) -> dict[int, str]:
        """The copies in Redis, for `load_all`: to be asked for before a transaction begins, since Redis may be slow."""
        found = self._cache.get_all([_key(chat_id) for chat_id in chat_ids])
        return {chat_id: copy for chat_id, copy in zip(chat_ids, found, strict=True) if copy is not None}

    def load_all(self, s: Session, chat_ids: Sequence[int], copies: Mapping[int, str]) -> dict[int, str]:
        """The states last saved, by chat; none for a chat that never had one."""
        states: dict[int, str] = {}
        missing = []
        for chat_id, version, mark in s.connection().execute(_STAMPS, {"chats": chat_ids}):
            copy = self._of_copy(copies.get(chat_id, ""), _stamp(version, mark))
            if copy is None:
                missing.append(chat_id)
            else:
                states[chat_id] = copy
        if missing:
            for chat_id, state in s.connection().execute(_STATES, {"chats": missing}):
                states[chat_id] = self._vault.open(state)
        return states

    def load(self, s: Session, chat_id: int) -> str | None:
        """The state of one chat."""
        return self.load_all(s, [chat_id], {}).get(chat_id)

    def save_all(self, s: Session, states: Mapping[int, str]) -> None:
        """Keep states by chat with this transaction; Redis learns of them after the commit."""
        if not states:
            return
        common = {"version": 1, "updated_at": self._clock()}
        sealed = {chat_id: (token_hex(8), self._vault.seal(state)) for chat_id, state in sorted(states.items())}
        rows = [
            {"chat_id": chat_id, "mark": mark, "state": state, **common} for chat_id, (mark, state) in sealed.items()
        ]
        copies = {}
        for row in s.connection().execute(_save(dialect(s)), rows):
            mark, state = sealed[row.chat_id]
            copies[_key(row.chat_id)] = f"{_stamp(row.version, mark)}{state}"

        def copy(_session: Session) -> None:
            self._cache.put_all(copies, TTL)

        event.listen(s, "after_commit", copy, once=True)

    def save(self, s: Session, chat_id: int, state: str) -> None:
        """Keep the state of one chat."""
        self.save_all(s, {chat_id: state})

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
    return again.returning(Conversation.chat_id, Conversation.version)


def _key(chat_id: int) -> str:
    return f"safiri:conversation:{chat_id}"


def _stamp(version: int | None, mark: str) -> str:
    return f"{version}:{mark}:"
