"""People and groups: one row per address of an app, found by keyed hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import Gone, dialect, insert
from storage.tables import Chat, InboxMessage, Message, OutboxReply, Task, Trip, Work
from storage.vault import Unreadable, Vault

SEEN_STEP = timedelta(days=1)  # so that an ordinary message costs no UPDATE
LABEL = Chat.address_hash.key
_Known: TypeAlias = Mapping[tuple[str, str], Row[*tuple[Any, ...]]]  # by channel and hash of address

_KNOWN = select(  # built once, like the others: every webhook asks these
    Chat.id, Chat.channel, Chat.address_hash, Chat.name, Chat.language, Chat.blocked, Chat.seen_at
)
# The index of chats begins with the channel: without it every webhook would look through all chats there are.
_KNOWN_MANY = _KNOWN.where(
    Chat.channel.in_(bindparam("channels", expanding=True)), Chat.address_hash.in_(bindparam("hashes", expanding=True))
)
_KNOWN_ONE = _KNOWN.where(  # for most webhooks; a list is written out each time
    Chat.channel == bindparam("channel"), Chat.address_hash == bindparam("hash")
)
_THESE = select(Chat.__table__).where(Chat.id.in_(bindparam("these", expanding=True)))
_NAME = Chat.name.key
_NAMES = 10_000  # whose names are known by their hash without decrypting them


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes to us, as the app says it; `hashes` find the address, one per secret, newest first."""

    channel: str
    address: str
    name: str
    language: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat, in clear."""

    id: int
    channel: str
    address: str
    name: str
    language: str
    blocked: bool


class Chats:
    """Who writes to us."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        # Decrypting is the dearest part of reading a chat. What is remembered is a hash: no name stays in memory.
        self._name_hash = lru_cache(_NAMES)(self._hash_of_name)

    def writer(self, channel: str, address: str, name: str = "", language: str = "") -> Writer:
        """Who writes: what can be done outside of a transaction."""
        return Writer(channel, address, name, language, self._vault.lookups(LABEL, address))

    def open_all(self, s: Session, writers: Sequence[Writer]) -> list[int]:
        """The ids of the chats that just wrote, in order; those that are new are made.

        Keeps names and languages up to date where given; somebody who writes again is no longer blocked.
        Raises Gone when one was forgotten by another process at this very moment.
        """
        known = self._known(s, writers)
        if new := [writer for writer in writers if _row(known, writer) is None]:
            self._create(s, new)
            known = self._known(s, writers)
        return [self._refreshed(s, _row(known, writer), writer) for writer in writers]

    def open(self, s: Session, channel: str, address: str, name: str = "", language: str = "") -> int:
        """The id of one chat that just wrote; see open_all."""
        return self.open_all(s, [self.writer(channel, address, name, language)])[0]

    def find(self, s: Session, channel: str, address: str) -> int | None:
        """The id of a chat that wrote before."""
        writer = self.writer(channel, address)
        row = _row(self._known(s, [writer]), writer)
        return None if row is None else int(row.id)

    def get_all(self, s: Session, chat_ids: Sequence[int]) -> dict[int, ChatRow]:
        """The chats by id. Raises Gone when one of them is not there."""
        chats = {
            chat.id: ChatRow(
                id=chat.id,
                channel=chat.channel,
                address=self._vault.open(chat.address),
                name=self._vault.open(chat.name),
                language=chat.language,
                blocked=chat.blocked,
            )
            for chat in s.connection().execute(_THESE, {"these": chat_ids})
        }
        if missing := set(chat_ids) - set(chats):
            raise Gone(f"chats {sorted(missing)}")
        return chats

    def get(self, s: Session, chat_id: int) -> ChatRow:
        """One chat. Raises Gone."""
        return self.get_all(s, [chat_id])[chat_id]

    def block(self, s: Session, chat_id: int) -> None:
        """The app refuses us there: stop writing, and give up what was still owed."""
        s.execute(update(Chat).where(Chat.id == chat_id).values(blocked=True))
        owed = (OutboxReply.chat_id == chat_id) & (OutboxReply.status == Work.OWED)
        s.execute(update(OutboxReply).where(owed).values(status=Work.DEAD, reason="blocked"))

    def move(self, s: Session, chat_id: int, address: str) -> None:
        """The chat has another address from now on, to which what was said there already comes along."""
        chat = s.get(Chat, chat_id, with_for_update=True)
        if chat is None:
            return
        there = self.find(s, chat.channel, address)
        if there is not None and there != chat_id:
            for kind in (InboxMessage, OutboxReply, Message, Task, Trip):
                s.execute(update(kind).where(kind.chat_id == there).values(chat_id=chat_id))
            s.execute(delete(Chat).where(Chat.id == there))
        chat.address_hash, chat.address = self._vault.lookup(LABEL, address), self._vault.seal(address)

    def _hash_of_name(self, token: str) -> str:
        """By which a name is compared; none for one that cannot be read, which is written anew when it comes again."""
        try:
            return self._vault.lookup(_NAME, self._vault.open(token))
        except Unreadable:
            return ""

    def _known(self, s: Session, writers: Sequence[Writer]) -> _Known:
        wanted = {(writer.channel, digest) for writer in writers for digest in writer.hashes}
        if len(wanted) == 1:
            ((channel, digest),) = wanted
            rows = s.connection().execute(_KNOWN_ONE, {"channel": channel, "hash": digest})
        else:
            channels, hashes = (list(set(column)) for column in zip(*wanted, strict=True)) if wanted else ([], [])
            rows = s.connection().execute(_KNOWN_MANY, {"channels": channels, "hashes": hashes})
        return {(row.channel, row.address_hash): row for row in rows}

    def _create(self, s: Session, writers: Sequence[Writer]) -> None:
        now = self._clock()
        values = [
            {
                "channel": writer.channel,
                "address_hash": writer.hashes[0],
                "address": self._vault.seal(writer.address),
                "name": self._vault.seal(writer.name),
                "language": writer.language,
                "blocked": False,
                "created_at": now,
                "seen_at": now,
            }
            # Two processes that make the same chats in the same order wait for each other only one way.
            for writer in sorted(writers, key=lambda writer: (writer.channel, writer.hashes[0]))
        ]
        s.connection().execute(insert(dialect(s), Chat).on_conflict_do_nothing(), values)

    def news(self, row: Row[*tuple[Any, ...]], writer: Writer) -> dict[str, object]:
        """What is to be written about a known chat that wrote again; mostly nothing."""
        news: dict[str, object] = {}
        if row.address_hash != writer.hashes[0]:
            news |= {"address_hash": writer.hashes[0], "address": self._vault.seal(writer.address)}
        if writer.name and self._name_hash(row.name) != self._vault.lookup(_NAME, writer.name):
            news["name"] = self._vault.seal(writer.name)
        if writer.language and row.language != writer.language:
            news["language"] = writer.language
        if row.blocked:
            news["blocked"] = False
        if (now := self._clock()) - row.seen_at >= SEEN_STEP:
            news["seen_at"] = now
        return news

    def _refreshed(self, s: Session, row: Row[*tuple[Any, ...]] | None, writer: Writer) -> int:
        """Bring what is known of a chat up to date; its id."""
        if row is None:
            raise Gone("the chat was deleted while it was opened")
        if news := self.news(row, writer):
            s.execute(update(Chat).where(Chat.id == row.id).values(news))
        return int(row.id)


def _row(known: _Known, writer: Writer) -> Row[*tuple[Any, ...]] | None:
    """The newest secret's first."""
    return next((known[key] for digest in writer.hashes if (key := (writer.channel, digest)) in known), None)
