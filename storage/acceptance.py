"""Messages that just came: kept with their chats, so that they can be acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, TypeAlias

from sqlalchemy import Engine, Integer, Text, bindparam, column, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSON, insert
from sqlalchemy.orm import Session

from storage.chats import Chats, Writer
from storage.clock import Clock
from storage.db import one_by_one
from storage.inbox import Arrival, Inbox
from storage.tables import Chat, InboxMessage, Work

# What came, a row each, out of one parameter: so it is one statement, however many came, and is planned once.
_CAME = (
    func.json_to_recordset(bindparam("came", type_=JSON))
    .table_valued(
        column("place", Integer),
        column("channel", Text),
        column("address_hash", Text),
        column("external_id", Text),
        column("payload", Text),
    )
    .render_derived(name="came", with_types=True)
)
# With a limit each chat is looked up by its index: without one PostgreSQL, which expects a hundred, reads all chats.
_CHAT = (
    select(Chat.id, Chat.address_hash, Chat.name, Chat.language, Chat.blocked, Chat.seen_at)
    .where(Chat.channel == _CAME.c.channel, Chat.address_hash == _CAME.c.address_hash)
    .limit(literal_column("1"))
    .lateral("chat")
)
_KNOWN = (
    select(_CAME.c.place, _CAME.c.channel, _CAME.c.external_id, _CAME.c.payload, *_CHAT.c)
    .join_from(_CAME, _CHAT, literal(True))
    .cte("known")
)
_NEW = (
    insert(InboxMessage)
    .from_select(
        ["chat_id", "channel", "external_id", "payload", "status", "attempts", "reason", "received_at", "due_at"],
        select(
            _KNOWN.c.id,
            _KNOWN.c.channel,
            _KNOWN.c.external_id,
            _KNOWN.c.payload,
            literal(Work.OWED, InboxMessage.status.type),
            literal(0),
            literal(""),
            bindparam("now", type_=InboxMessage.received_at.type),
            bindparam("now", type_=InboxMessage.due_at.type),
        ).order_by(_KNOWN.c.place),
        include_defaults=False,
    )
    .on_conflict_do_nothing(index_elements=["channel", "external_id"])
    .returning(InboxMessage.id, InboxMessage.channel, InboxMessage.external_id)
    .cte("new")
)
_EXPRESS = select(
    _KNOWN.c.place,
    _KNOWN.c.id,
    _KNOWN.c.address_hash,
    _KNOWN.c.name,
    _KNOWN.c.language,
    _KNOWN.c.blocked,
    _KNOWN.c.seen_at,
    _NEW.c.id.label("number"),
).outerjoin_from(_KNOWN, _NEW, (_NEW.c.channel == _KNOWN.c.channel) & (_NEW.c.external_id == _KNOWN.c.external_id))

Came: TypeAlias = Sequence[tuple[Writer, Arrival]]


class Kept(NamedTuple):
    """A message that was not kept before: its id, its chat's and the app."""

    id: int
    chat_id: int
    channel: str


class Acceptance:
    """Keeps messages. `accepting` opens a transaction that is on the disk once it is committed."""

    def __init__(
        self,
        engine: Engine,
        chats: Chats,
        inbox: Inbox,
        clock: Clock,
        accepting: Callable[[], AbstractContextManager[Session]],
    ) -> None:
        self._chats, self._inbox, self._clock, self._accepting = chats, inbox, clock, accepting
        is_postgresql = engine.dialect.name == "postgresql"
        self._express = one_by_one(engine) if is_postgresql else None

    def keep(self, came: Came, tell: Callable[[Sequence[Kept]], object] = lambda _: None) -> list[Kept]:
        """Keep messages and who wrote them, in order; those not kept before.

        What is kept is told at once, for what follows may fail. Raises SQLAlchemyError, storage.locks.Busy or
        storage.db.Gone; what was told until then stays, and the rest was not kept.
        """
        kept: list[Kept] = []
        if self._express is not None:
            kept, came = self._keep_known(self._express, came)
            tell(kept)
        if came:
            more = self._keep(came)
            tell(more)
            kept = sorted([*kept, *more])
        return kept

    def _keep(self, came: Came) -> list[Kept]:
        with self._accepting() as s:
            chats = self._chats.open_all(s, [writer for writer, _ in came])
            kept = self._inbox.accept_all(s, zip(chats, (arrival for _, arrival in came), strict=True))
        apps = {chat_id: writer.channel for chat_id, (writer, _) in zip(chats, came, strict=True)}
        return [Kept(number, chat_id, apps[chat_id]) for number, chat_id in kept]

    def _keep_known(self, express: Engine, came: Came) -> tuple[list[Kept], Came]:
        """Keep messages of chats that are known, by one statement that commits itself, where a transaction takes four
        trips; what was kept, and those whose chat has yet to be made or brought up to date.
        """
        rows = [
            {
                "place": place,
                "channel": writer.channel,
                "address_hash": writer.hashes[0],
                "external_id": arrival.external_id,
                "payload": arrival.payload,
            }
            for place, (writer, arrival) in enumerate(came)
        ]
        with express.connect() as connection:
            found = connection.execute(_EXPRESS, {"came": rows, "now": self._clock()}).all()
        current = {row.place for row in found if not self._chats.news(row, came[row.place][0])}
        others = [message for place, message in enumerate(came) if place not in current]
        kept = {Kept(row.number, row.id, came[row.place][0].channel) for row in found if row.number is not None}
        return sorted(kept), others
