"""Messages that were accepted: each is kept until it is answered, and answered once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage import tries
from storage.clock import Clock, backoff
from storage.db import Gone, dialect, insert
from storage.tables import InboxMessage, Work
from storage.tries import BEGUN, MAX_TRIES
from storage.vault import Unreadable, Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message, in clear."""

    id: int
    chat_id: int
    channel: str
    payload: str  # "" when it cannot be decrypted
    status: Work
    received_at: datetime
    attempts: int

    @property
    def is_hopeless(self) -> bool:
        """It was tried three times in vain."""
        return self.attempts >= MAX_TRIES


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to keep, its payload sealed."""

    channel: str
    external_id: str
    payload: str


_UNREAD = (  # built once, like the others: every message asks these
    select(InboxMessage.__table__)
    .where(InboxMessage.chat_id.in_(bindparam("chats", expanding=True)), InboxMessage.status == Work.OWED)
    .order_by(InboxMessage.id)
)
_WAITING = (
    select(InboxMessage.chat_id)
    .where(InboxMessage.chat_id.in_(bindparam("chats", expanding=True)), InboxMessage.status == Work.OWED)
    .distinct()
)
_THIS = InboxMessage.id == bindparam("this")
_ONE = select(InboxMessage.__table__).where(_THIS)
_NEWEST = (
    select(
        InboxMessage.id,
        InboxMessage.chat_id,
        InboxMessage.received_at,
        func.row_number().over(partition_by=InboxMessage.chat_id, order_by=InboxMessage.id.desc()).label("place"),
    )
    .where(InboxMessage.chat_id.in_(bindparam("chats", expanding=True)), InboxMessage.received_at > bindparam("since"))
    .subquery("newest")
)
_MOMENTS = (
    select(_NEWEST.c.id, _NEWEST.c.chat_id, _NEWEST.c.received_at)
    .where(_NEWEST.c.place <= bindparam("most"))
    .order_by(_NEWEST.c.id.desc())
)
_BEGUN = (
    update(InboxMessage).where(_THIS).values(attempts=InboxMessage.attempts + 1, reason=BEGUN, due_at=bindparam("due"))
)
_DONE = update(InboxMessage).where(_THIS).values(status=Work.DONE)
_DEAD = update(InboxMessage).where(_THIS).values(status=Work.DEAD)


@lru_cache
def _accept(dialect: str) -> Executable:
    # Every webhook waits for this one, so it is built once: that is half of its time.
    repeats = ["channel", "external_id"]
    return (
        insert(dialect, InboxMessage)
        .on_conflict_do_nothing(index_elements=repeats)
        .returning(InboxMessage.id, InboxMessage.chat_id)
    )


class Inbox:
    """What came in."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def arrival(self, channel: str, external_id: str, payload: str) -> Arrival:
        """A message as it is kept: what can be done outside of a transaction."""
        return Arrival(channel, external_id, self._vault.seal(payload))

    def accept_all(self, s: Session, arrivals: Iterable[tuple[int, Arrival]]) -> list[tuple[int, int]]:
        """Keep messages with the ids of their chats, in order; the (id, chat id) of those not accepted before.

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
        kept = s.connection().execute(_accept(dialect(s)), values)
        return sorted((int(number), int(chat_id)) for number, chat_id in kept)

    def accept(self, s: Session, chat_id: int, channel: str, external_id: str, payload: str) -> int | None:
        """Keep a message; its id, or None when this (channel, external_id) was accepted before."""
        kept = self.accept_all(s, [(chat_id, self.arrival(channel, external_id, payload))])
        return kept[0][0] if kept else None

    def get(self, s: Session, inbox_id: int) -> InboxRow:
        """The message. Raises Gone."""
        row = s.connection().execute(_ONE, {"this": inbox_id}).one_or_none()
        if row is None:
            raise Gone(f"inbox message {inbox_id}")
        return self._row(row)

    def unread_all(self, s: Session, chat_ids: Sequence[int]) -> dict[int, list[InboxRow]]:
        """Everything not yet answered in these chats, by chat and as it came in; nothing of a chat without any."""
        unread: dict[int, list[InboxRow]] = {}
        for row in s.connection().execute(_UNREAD, {"chats": chat_ids}):
            unread.setdefault(row.chat_id, []).append(self._row(row))
        return unread

    def unread(self, s: Session, chat_id: int) -> list[InboxRow]:
        """The same of one chat."""
        return self.unread_all(s, [chat_id]).get(chat_id, [])

    def waiting(self, s: Session, chat_ids: Sequence[int]) -> list[int]:
        """Those of these chats in which something is not yet answered."""
        return list(s.connection().execute(_WAITING, {"chats": chat_ids}).scalars())

    def moments(self, s: Session, lasts: Sequence[InboxRow], within: float, most: int) -> list[list[datetime]]:
        """For each of these, one a chat: when its chat's messages of the `within` seconds before it were accepted,
        newest first. Looks at the `most` newest of each chat.
        """
        if not lasts:
            return []
        since = min(row.received_at for row in lasts) - timedelta(seconds=within)
        wanted = {"chats": [row.chat_id for row in lasts], "since": since, "most": most}
        moments: dict[int, list[datetime]] = {row.chat_id: [] for row in lasts}
        before = {row.chat_id: row.id for row in lasts}
        for number, chat_id, received_at in s.connection().execute(_MOMENTS, wanted):
            if number < before[chat_id]:
                moments[chat_id].append(received_at)
        return [moments[row.chat_id] for row in lasts]

    def done(self, s: Session, *inbox_ids: int) -> None:
        """Answered."""
        if inbox_ids:
            s.connection().execute(_DONE, [{"this": inbox_id} for inbox_id in inbox_ids])

    def redact(self, s: Session, inbox_id: int, payload: str) -> None:
        """Keep this in the place of what came in."""
        sealed = self._vault.seal(payload)
        s.execute(update(InboxMessage).where(InboxMessage.id == inbox_id).values(payload=sealed))

    def begin(self, s: Session, *rows: InboxRow) -> list[InboxRow]:
        """Count tries that start now; the caller holds the locks of the chats. Those begun: where three were in vain,
        a message is dead.
        """
        now = self._clock()
        begun = [row for row in rows if not row.is_hopeless]
        if begun:
            tries_now = [{"this": row.id, "due": now + backoff(row.attempts + 1)} for row in begun]
            s.connection().execute(_BEGUN, tries_now)
        if dead := [{"this": row.id} for row in rows if row.is_hopeless]:
            s.connection().execute(_DEAD, dead)
        return begun

    def put_back(self, s: Session, *inbox_ids: int) -> None:
        """The try begun last is left for later, and was none."""
        still = (InboxMessage.status == Work.OWED) & (InboxMessage.reason == BEGUN)
        begun = InboxMessage.id.in_(inbox_ids) & still
        s.execute(update(InboxMessage).where(begun).values(attempts=InboxMessage.attempts - 1, reason=""))

    def fail(self, s: Session, row: InboxRow, reason: str) -> bool:
        """The try begun last was in vain: due again after a pause, dead after three (then True). See storage.tries."""
        message = s.get(InboxMessage, row.id, with_for_update=True, populate_existing=True)
        if message is None or message.status is not Work.OWED:
            return False
        return tries.fail(message, self._clock(), reason)

    def overdue(self, s: Session, before: datetime) -> list[int]:
        """Ids of chats with a message that was due before this moment and is not answered, longest waiting first."""
        due = (InboxMessage.due_at < before) | (InboxMessage.due_at > before + tries.LONGEST)
        late = (InboxMessage.status == Work.OWED) & due
        oldest = func.min(InboxMessage.id)
        return list(s.scalars(select(InboxMessage.chat_id).where(late).group_by(InboxMessage.chat_id).order_by(oldest)))

    def _row(self, m: Row[*tuple[Any, ...]]) -> InboxRow:
        try:
            payload = self._vault.open(m.payload)
        except Unreadable:  # under a secret that was taken away: given up like whatever else cannot be read
            log.error("message %d cannot be decrypted", m.id)
            payload = ""
        return InboxRow(m.id, m.chat_id, m.channel, payload, m.status, m.received_at, m.attempts)
