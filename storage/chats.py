"""People and groups: one row per address of an app, found by keyed hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import Gone, dialect, insert
from storage.tables import Chat, InboxMessage, Message, OutboxReply, Task, Trip, Work
from storage.vault import Vault

SEEN_STEP = timedelta(days=1)  # so that an ordinary message costs no UPDATE
LABEL = Chat.address_hash.key

_SAME = select(Chat).where(  # built once: every webhook asks this
    Chat.channel == bindparam("channel"), Chat.address_hash.in_(bindparam("hashes", expanding=True))
)


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

    def open(self, s: Session, channel: str, address: str, name: str = "", language: str = "") -> int:
        """The id of the chat that just wrote, made if it is new.

        Keeps name and language up to date when given; somebody who writes again is no longer blocked.
        """
        chat = self._find(s, channel, address)
        if chat is None:
            self._create(s, channel, address, name, language)
            chat = self._find(s, channel, address)
            if chat is None:  # forgotten by another process between the two statements
                raise Gone("the chat was deleted while it was opened")
        self._refresh(chat, address, name, language)
        return chat.id

    def find(self, s: Session, channel: str, address: str) -> int | None:
        """The id of a chat that wrote before."""
        chat = self._find(s, channel, address)
        return None if chat is None else chat.id

    def get(self, s: Session, chat_id: int) -> ChatRow:
        """The chat. Raises Gone."""
        chat = s.get(Chat, chat_id)
        if chat is None:
            raise Gone(f"chat {chat_id}")
        return ChatRow(
            id=chat.id,
            channel=chat.channel,
            address=self._vault.open(chat.address),
            name=self._vault.open(chat.name),
            language=chat.language,
            blocked=chat.blocked,
        )

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
        there = self._find(s, chat.channel, address)
        if there is not None and there.id != chat_id:
            for kind in (InboxMessage, OutboxReply, Message, Task, Trip):
                s.execute(update(kind).where(kind.chat_id == there.id).values(chat_id=chat_id))
            s.execute(delete(Chat).where(Chat.id == there.id))
        chat.address_hash, chat.address = self._vault.lookup(LABEL, address), self._vault.seal(address)

    def _find(self, s: Session, channel: str, address: str) -> Chat | None:
        hashes = self._vault.lookups(LABEL, address)
        found = {row.address_hash: row for row in s.scalars(_SAME, {"channel": channel, "hashes": hashes})}
        return next((found[known] for known in hashes if known in found), None)  # the newest secret's first

    def _create(self, s: Session, channel: str, address: str, name: str, language: str) -> None:
        now = self._clock()
        s.execute(
            insert(dialect(s), Chat)
            .values(
                channel=channel,
                address_hash=self._vault.lookup(LABEL, address),
                address=self._vault.seal(address),
                name=self._vault.seal(name),
                language=language,
                blocked=False,
                created_at=now,
                seen_at=now,
            )
            .on_conflict_do_nothing()
        )

    def _refresh(self, chat: Chat, address: str, name: str, language: str) -> None:
        newest = self._vault.lookup(LABEL, address)
        if chat.address_hash != newest:
            chat.address_hash, chat.address = newest, self._vault.seal(address)
        if name and self._vault.open(chat.name) != name:
            chat.name = self._vault.seal(name)
        if language and chat.language != language:
            chat.language = language
        if chat.blocked:
            chat.blocked = False
        if (now := self._clock()) - chat.seen_at >= SEEN_STEP:
            chat.seen_at = now
