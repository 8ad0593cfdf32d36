"""Messages that were accepted: each is kept until it is answered, and answered once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, select, update
from sqlalchemy.orm import Session

from storage import tries
from storage.clock import Clock
from storage.db import Gone, dialect, insert
from storage.tables import InboxMessage, Work
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message, in clear."""

    id: int
    chat_id: int
    channel: str
    payload: str
    status: Work
    received_at: datetime
    due_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to keep, its payload sealed."""

    channel: str
    external_id: str
    payload: str


@lru_cache
def _accept(dialect: str) -> Executable:
    # Every webhook waits for this one, so it is built once: that is half of its time.
    repeats = ["channel", "external_id"]
    return insert(dialect, InboxMessage).on_conflict_do_nothing(index_elements=repeats).returning(InboxMessage.id)


class Inbox:
    """What came in."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def arrival(self, channel: str, external_id: str, payload: str) -> Arrival:
        """A message as it is kept: what can be done outside of a transaction."""
        return Arrival(channel, external_id, self._vault.seal(payload))

    def accept_all(self, s: Session, arrivals: Iterable[tuple[int, Arrival]]) -> list[int]:
        """Keep messages with the ids of their chats, in order; the ids of those not accepted before.

        A (channel, external_id) is accepted once.
        """
        now = self._clock()
        common = {"status": Work.OWED, "attempts": 0, "reason": "", "received_at": now, "due_at": now}
        values = [
            {
                "chat_id": chat_id,
                "channel": arrival.channel,
                "external_id": arrival.external_id,
                "payload": arrival.payload,
                **common,
            }
            for chat_id, arrival in arrivals
        ]
        return sorted(s.connection().execute(_accept(dialect(s)), values).scalars())

    def accept(self, s: Session, chat_id: int, channel: str, external_id: str, payload: str) -> int | None:
        """Keep a message; its id, or None when this (channel, external_id) was accepted before."""
        return next(iter(self.accept_all(s, [(chat_id, self.arrival(channel, external_id, payload))])), None)

    def get(self, s: Session, inbox_id: int) -> InboxRow:
        """The message. Raises Gone."""
        message = s.get(InboxMessage, inbox_id)
        if message is None:
            raise Gone(f"inbox message {inbox_id}")
        return self._row(message)

    def unread(self, s: Session, chat_id: int) -> list[InboxRow]:
        """Everything not yet answered in this chat, as it came in."""
        unread = (InboxMessage.chat_id == chat_id) & (InboxMessage.status == Work.OWED)
        return [self._row(m) for m in s.scalars(select(InboxMessage).where(unread).order_by(InboxMessage.id))]

    def done(self, s: Session, inbox_id: int) -> None:
        """Answered."""
        s.execute(update(InboxMessage).where(InboxMessage.id == inbox_id).values(status=Work.DONE))

    def redact(self, s: Session, inbox_id: int, payload: str) -> None:
        """Keep this in the place of what came in."""
        sealed = self._vault.seal(payload)
        s.execute(update(InboxMessage).where(InboxMessage.id == inbox_id).values(payload=sealed))

    def begin(self, s: Session, inbox_id: int) -> bool:
        """Count a try that starts now. False: not owed any more, or three were begun in vain and it is dead."""
        message = s.get(InboxMessage, inbox_id, with_for_update=True)
        return message is not None and message.status is Work.OWED and tries.begin(message, self._clock())

    def put_back(self, s: Session, inbox_id: int) -> None:
        """The try begun last is left for later, and was none."""
        begun = (InboxMessage.id == inbox_id) & (InboxMessage.status == Work.OWED)
        s.execute(update(InboxMessage).where(begun).values(attempts=InboxMessage.attempts - 1, reason=""))

    def fail(self, s: Session, inbox_id: int, reason: str) -> bool:
        """The try begun last was in vain: due again after a pause, dead after three (then True). See storage.tries."""
        message = s.get(InboxMessage, inbox_id, with_for_update=True)
        if message is None or message.status is not Work.OWED:
            return False
        return tries.fail(message, self._clock(), reason)

    def overdue(self, s: Session, before: datetime) -> dict[int, int]:
        """Messages that were due before this moment and are still not answered, oldest first: tries by id."""
        due = (InboxMessage.due_at < before) | (InboxMessage.due_at > before + tries.LONGEST)
        late = (InboxMessage.status == Work.OWED) & due
        tries_by_id = select(InboxMessage.id, InboxMessage.attempts).where(late).order_by(InboxMessage.id)
        return {row.id: row.attempts for row in s.execute(tries_by_id)}

    def _row(self, m: InboxMessage) -> InboxRow:
        payload = self._vault.open(m.payload)
        return InboxRow(m.id, m.chat_id, m.channel, payload, m.status, m.received_at, m.due_at, m.attempts)
