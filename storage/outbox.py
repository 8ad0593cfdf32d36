"""Replies that are owed to a chat, in order, until the app took them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.clock import Clock, backoff, brief
from storage.tables import Chat, OutboxReply, Work
from storage.tries import BEGUN, MAX_TRIES
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A reply, in clear. `taken`: how many of its parts the app has."""

    id: int
    chat_id: int
    payload: str
    progress: str | None
    taken: int
    attempts: int
    created_at: datetime


class Outbox:
    """What goes out."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def add(self, s: Session, chat_id: int, payload: str, progress: str | None = None) -> int:
        """Owe a reply; its id. `progress` is the key under which later replies replace this one."""
        now = self._clock()
        reply = OutboxReply(
            chat_id=chat_id,
            payload=self._vault.seal(payload),
            progress=progress,
            status=Work.OWED,
            taken=0,
            attempts=0,
            begun=0,
            reason="",
            created_at=now,
            due_at=now,
            sent_at=None,
        )
        s.add(reply)
        s.flush()
        return reply.id

    def owed(self, s: Session, chat_id: int) -> list[OutboxRow]:
        """What can be sent now, in order: a reply that must wait holds back all that follow it."""
        owed = (OutboxReply.chat_id == chat_id) & (OutboxReply.status == Work.OWED)
        now = self._clock()
        replies = s.scalars(select(OutboxReply).where(owed).order_by(OutboxReply.id)).all()
        # A new reply never waits, even if it was made on a machine whose clock is ahead of ours.
        return [self._row(reply) for reply in takewhile(lambda r: not r.attempts or r.due_at <= now, replies)]

    def begin(self, s: Session, reply_id: int) -> bool:
        """Count a try that starts now. False: not owed any more, or given up, because three tries never ended.

        Refusals of the app (`fail`) are no such tries: an app that is away for an hour loses nothing.
        """
        reply = s.get(OutboxReply, reply_id, with_for_update=True)
        if reply is None or reply.status is not Work.OWED:
            return False
        if reply.begun >= MAX_TRIES:
            reply.status = Work.DEAD
            return False
        reply.begun += 1
        reply.reason = BEGUN
        return True

    def took(self, s: Session, reply_id: int) -> None:
        """The app took one more part; there are others."""
        self._change(s, reply_id, taken=OutboxReply.taken + 1, begun=1)

    def sent(self, s: Session, reply_id: int) -> None:
        """The app took the last part."""
        self._change(s, reply_id, status=Work.DONE, sent_at=self._clock(), taken=OutboxReply.taken + 1, begun=0)

    def pass_over(self, s: Session, reply_id: int) -> None:
        """It need not be sent any more."""
        self._change(s, reply_id, status=Work.DONE, begun=0)

    def fail(self, s: Session, reply_id: int, reason: str, *, retry_at: datetime | None) -> datetime | None:
        """The app refused the try begun last, until `retry_at` (None: a pause that grows); when to try again.

        None when the reply is owed no more. `reason` must hold no message text.
        """
        reply = s.get(OutboxReply, reply_id, with_for_update=True)
        if reply is None or reply.status is not Work.OWED:
            return None
        reply.attempts += 1
        reply.begun = 0
        reply.reason = brief(reason)
        reply.due_at = retry_at or self._clock() + backoff(reply.attempts)
        return reply.due_at

    def give_up(self, s: Session, reply_id: int, reason: str) -> None:
        """It will never be sent. `reason` must hold no message text."""
        owed = (OutboxReply.id == reply_id) & (OutboxReply.status == Work.OWED)
        s.execute(update(OutboxReply).where(owed).values(status=Work.DEAD, begun=0, reason=brief(reason)))

    def chats_owed(self, s: Session, before: datetime, channels: Collection[str]) -> list[int]:
        """Ids of chats of these channels that can be written to, with a first owed reply due before this moment."""
        first = (
            select(OutboxReply.id)
            .where(OutboxReply.chat_id == Chat.id, OutboxReply.status == Work.OWED)
            .order_by(OutboxReply.id)
            .limit(1)
            .correlate(Chat)
            .scalar_subquery()
        )
        due = select(Chat.id).join(OutboxReply, OutboxReply.id == first).where(OutboxReply.due_at < before)
        writable = due.where(Chat.blocked.is_(False), Chat.channel.in_(channels))
        return list(s.scalars(writable.order_by(OutboxReply.id)))

    def since(self, s: Session, chat_id: int, after_id: int) -> list[OutboxRow]:
        """Replies already sent with an id after this one, in order."""
        sent = (OutboxReply.chat_id == chat_id) & (OutboxReply.status == Work.DONE) & (OutboxReply.id > after_id)
        return [self._row(reply) for reply in s.scalars(select(OutboxReply).where(sent).order_by(OutboxReply.id))]

    def _change(self, s: Session, reply_id: int, **values: object) -> None:
        s.execute(update(OutboxReply).where(OutboxReply.id == reply_id).values(values))

    def _row(self, r: OutboxReply) -> OutboxRow:
        return OutboxRow(r.id, r.chat_id, self._vault.open(r.payload), r.progress, r.taken, r.attempts, r.created_at)
