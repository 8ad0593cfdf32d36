"""Replies that are owed to a chat, in order, until the app took them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm import Session

from storage.clock import Clock, backoff, brief
from storage.tables import Chat, OutboxReply, Work
from storage.tries import BEGUN, MAX_TRIES
from storage.vault import Vault

_OWED = (  # built once, like the others: every message asks these
    select(OutboxReply.__table__)
    .where(OutboxReply.chat_id.in_(bindparam("chats", expanding=True)), OutboxReply.status == Work.OWED)
    .order_by(OutboxReply.id)
)
_THIS = OutboxReply.id == bindparam("this")
_STILL = _THIS & (OutboxReply.status == Work.OWED)
_BEGUN = (
    update(OutboxReply)
    .where(OutboxReply.id.in_(bindparam("these", expanding=True)), OutboxReply.status == Work.OWED)
    .values(begun=OutboxReply.begun + 1, reason=BEGUN)
    .returning(OutboxReply.id)
)
_DEAD = update(OutboxReply).where(_STILL).values(status=Work.DEAD, begun=0, reason=bindparam("why"))
_TOOK = update(OutboxReply).where(_THIS).values(taken=OutboxReply.taken + 1, begun=1)
_SENT = (
    update(OutboxReply)
    .where(_THIS)
    .values(status=Work.DONE, sent_at=bindparam("now"), taken=OutboxReply.taken + 1, begun=0)
)
_ADD = insert(OutboxReply).returning(OutboxReply.id, sort_by_parameter_order=True)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A reply, in clear. `taken`: how many of its parts the app has; `begun`: tries that did not end (yet)."""

    id: int
    chat_id: int
    payload: str
    progress: str | None
    taken: int
    attempts: int
    begun: int

    @property
    def is_hopeless(self) -> bool:
        """Three tries to send it never ended. Refusals are no such tries: an app that is away loses nothing."""
        return self.begun >= MAX_TRIES


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply to owe. `progress` is the key under which later replies replace this one."""

    chat_id: int
    payload: str
    progress: str | None = None


class Outbox:
    """What goes out."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def add_all(self, s: Session, replies: Sequence[NewReply]) -> list[int]:
        """Owe replies, those of a chat in this order; their ids."""
        now = self._clock()
        common = {
            "status": Work.OWED,
            "taken": 0,
            "attempts": 0,
            "begun": 0,
            "reason": "",
            "created_at": now,
            "due_at": now,
            "sent_at": None,
        }
        rows = [
            {
                "chat_id": reply.chat_id,
                "payload": self._vault.seal(reply.payload),
                "progress": reply.progress,
                **common,
            }
            for reply in replies
        ]
        return list(s.connection().execute(_ADD, rows).scalars()) if rows else []

    def add(self, s: Session, chat_id: int, payload: str, progress: str | None = None) -> int:
        """Owe one reply; its id."""
        return self.add_all(s, [NewReply(chat_id, payload, progress)])[0]

    def owed_all(self, s: Session, chat_ids: Sequence[int]) -> dict[int, list[OutboxRow]]:
        """What can be sent now, by chat and in order: a reply that must wait holds back all that follow it."""
        now = self._clock()
        replies: dict[int, list[Row[*tuple[Any, ...]]]] = {}
        for reply in s.connection().execute(_OWED, {"chats": chat_ids}):
            replies.setdefault(reply.chat_id, []).append(reply)
        # A new reply never waits, even if it was made on a machine whose clock is ahead of ours.
        can_go = {
            chat_id: [self._row(reply) for reply in takewhile(lambda r: not r.attempts or r.due_at <= now, owed)]
            for chat_id, owed in replies.items()
        }
        return {chat_id: owed for chat_id, owed in can_go.items() if owed}

    def owed(self, s: Session, chat_id: int) -> list[OutboxRow]:
        """The same of one chat."""
        return self.owed_all(s, [chat_id]).get(chat_id, [])

    def begin(self, s: Session, *reply_ids: int) -> set[int]:
        """Count tries that start now; the ids of those still owed: a chat may have been given up meanwhile."""
        return set(s.connection().execute(_BEGUN, {"these": reply_ids}).scalars()) if reply_ids else set()

    def took(self, s: Session, *reply_ids: int) -> None:
        """The app took one more part of each; there are others."""
        if reply_ids:
            s.connection().execute(_TOOK, [{"this": reply_id} for reply_id in reply_ids])

    def sent(self, s: Session, *reply_ids: int) -> None:
        """The app took the last part of each."""
        if reply_ids:
            now = self._clock()
            s.connection().execute(_SENT, [{"this": reply_id, "now": now} for reply_id in reply_ids])

    def pass_over(self, s: Session, reply_id: int) -> None:
        """It need not be sent any more."""
        s.execute(update(OutboxReply).where(OutboxReply.id == reply_id).values(status=Work.DONE, begun=0))

    def fail(self, s: Session, reply_id: int, reason: str, *, retry_at: datetime | None) -> datetime | None:
        """The app refused the try begun last, until `retry_at` (None: a pause that grows); when to try again.

        None when the reply is owed no more. `reason` must hold no message text.
        """
        reply = s.get(OutboxReply, reply_id, with_for_update=True, populate_existing=True)
        if reply is None or reply.status is not Work.OWED:
            return None
        reply.attempts += 1
        reply.begun = 0
        reply.reason = brief(reason)
        reply.due_at = retry_at or self._clock() + backoff(reply.attempts)
        return reply.due_at

    def again(self, s: Session, reply_id: int, part: int, reason: str, *, pause: bool = True) -> datetime | None:
        """The app took this part and did not deliver it: the reply is owed again from there on; when to try.

        None when it was given up. `reason` must hold no message text.
        """
        reply = s.get(OutboxReply, reply_id, with_for_update=True, populate_existing=True)
        if reply is None or reply.status is Work.DEAD:
            return None
        reply.status, reply.sent_at = Work.OWED, None
        reply.taken, reply.begun = min(reply.taken, part), 0
        reply.attempts += 1
        reply.reason = brief(reason)
        reply.due_at = self._clock() + backoff(reply.attempts) if pause else self._clock()
        return reply.due_at

    def hold(self, s: Session, reply_id: int, seconds: float) -> None:
        """It cannot go out before the traveller writes. Then it goes at once; the sweep looks after so many seconds."""
        until = self._clock() + timedelta(seconds=seconds)
        held = update(OutboxReply).where(OutboxReply.id == reply_id, OutboxReply.status == Work.OWED)
        s.execute(held.values(attempts=0, begun=0, due_at=until))

    def give_up(self, s: Session, reply_id: int, reason: str) -> None:
        """It will never be sent. `reason` must hold no message text."""
        s.connection().execute(_DEAD, {"this": reply_id, "why": brief(reason)})

    def give_up_all(self, s: Session, chat_id: int, reason: str) -> None:
        """Nothing of what is owed to a chat will be sent."""
        owed = (OutboxReply.chat_id == chat_id) & (OutboxReply.status == Work.OWED)
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

    def _row(self, r: OutboxReply | Row[*tuple[Any, ...]]) -> OutboxRow:
        return OutboxRow(r.id, r.chat_id, self._vault.open(r.payload), r.progress, r.taken, r.attempts, r.begun)
