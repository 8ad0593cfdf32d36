"""The tables. Columns marked `sealed` hold tokens of the vault, columns with `lookup_of` keyed hashes to find them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from planner.model import Basis, ItemType
from storage.db import Utc


class Work(StrEnum):
    """Where a piece of work is: owed, done, or given up after too many tries."""

    OWED = "owed"
    DONE = "done"
    DEAD = "dead"


class Fate(StrEnum):
    """What became of a message that an app took, as far as it has told; in the order in which that happens."""

    TAKEN = "taken"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"  # it may go another time
    REFUSED = "refused"  # it would fail each time


def _words(kind: type[StrEnum]) -> Enum:
    # Plain text in the database (a new member needs no migration), checked in Python both ways.
    return Enum(kind, native_enum=False, length=16, values_callable=lambda members: [str(m) for m in members])


# SQLite counts only INTEGER keys up by itself.
_Big = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_Big, primary_key=True)]
ChatId = Annotated[int, mapped_column(_Big, ForeignKey("chats.id", ondelete="CASCADE"))]
TripId = Annotated[str, mapped_column(Text, ForeignKey("trips.id", ondelete="CASCADE"))]
Sealed = Annotated[str, mapped_column(Text, info={"sealed": True})]
SealedBytes = Annotated[bytes, mapped_column(LargeBinary, info={"sealed": True})]

# Ids are handed to queues and pages: one that was deleted must not come back as somebody else's.
_NEVER_REUSED = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """Common naming, so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        str: Text,
        datetime: Utc,
        Work: _words(Work),
        Fate: _words(Fate),
        Basis: _words(Basis),
        ItemType: _words(ItemType),
    }


class Chat(Base):
    """A person or group in one app."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("channel", "address_hash"), _NEVER_REUSED)

    id: Mapped[Id]
    channel: Mapped[str]
    address_hash: Mapped[str] = mapped_column(info={"lookup_of": "address"})
    address: Mapped[Sealed]
    name: Mapped[Sealed]
    language: Mapped[str]
    blocked: Mapped[bool]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)  # to the day


class InboxMessage(Base):
    """A message that was accepted: it will be answered."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbox_chat_id", "chat_id", "status"),
        Index("ix_inbox_due_at", "status", "due_at"),
        _NEVER_REUSED,
    )

    id: Mapped[Id]
    chat_id: Mapped[ChatId]
    channel: Mapped[str]
    external_id: Mapped[str]
    payload: Mapped[Sealed]
    status: Mapped[Work]
    attempts: Mapped[int]
    reason: Mapped[str]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]


class OutboxReply(Base):
    """A reply that is owed to a chat, or was sent.

    `taken` are its parts that the app took, `attempts` the tries that were refused, `begun` those since then that never
    ended: their process died.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_chat_id", "chat_id", "status"),
        Index("ix_outbox_due_at", "status", "due_at"),
        _NEVER_REUSED,
    )

    id: Mapped[Id]
    chat_id: Mapped[ChatId]
    payload: Mapped[Sealed]
    progress: Mapped[str | None]
    status: Mapped[Work]
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    attempts: Mapped[int]
    begun: Mapped[int] = mapped_column(server_default=text("0"))
    reason: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Message(Base):
    """A message of ours in an app that tells what becomes of it. `settles_at`: how long what follows waits for that."""

    __tablename__ = "fates"
    __table_args__ = (UniqueConstraint("channel", "message_id"), Index("ix_fates_chat_id", "chat_id", "settles_at"))

    id: Mapped[Id]
    chat_id: Mapped[ChatId]
    channel: Mapped[str]
    message_id: Mapped[str]
    reply_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    part: Mapped[int]  # of the reply, from 0
    fate: Mapped[Fate]
    reason: Mapped[str]
    settles_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class Window(Base):
    """When free text may go to a chat, where an app takes it only for a while after the traveller wrote.

    `closed_at`: the app said so itself; `invited_at`: the traveller was last asked by template to write again.
    """

    __tablename__ = "windows"

    chat_id: Mapped[int] = mapped_column(
        _Big, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    closed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]


class OptOut(Base):
    """Somebody who wants nothing from us, by a keyed hash of the address alone: it outlives everything else of them.

    `by_app`: the app keeps a list of its own and refuses us. `last_reply`: the last reply that may still go out.
    """

    __tablename__ = "optouts"

    channel: Mapped[str] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(primary_key=True)
    by_app: Mapped[bool]
    last_reply: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime]


class Key(Base):
    """A key that must outlive the secrets: kept under them, so that it can be rotated without what was made with it."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Sealed]


class Content(Base):
    """A form of message that was made at an app beforehand. `status` is the app's word on it, "" if it needs none."""

    __tablename__ = "contents"

    name: Mapped[str] = mapped_column(primary_key=True)
    content_id: Mapped[str]
    status: Mapped[str]


class Task(Base):
    """Longer work owed to a chat: a plan, a search."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_chat_id", "chat_id"),
        Index("ix_tasks_due_at", "status", "due_at"),
        _NEVER_REUSED,
    )

    id: Mapped[Id]
    chat_id: Mapped[ChatId]
    kind: Mapped[str]
    payload: Mapped[Sealed]
    status: Mapped[Work]
    attempts: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]


class Conversation(Base):
    """What a chat is in the middle of. `version` counts saves; `mark` is new and random with each of them."""

    __tablename__ = "conversations"

    chat_id: Mapped[int] = mapped_column(
        _Big, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]
    mark: Mapped[str]
    state: Mapped[Sealed]
    updated_at: Mapped[datetime]


class Trip(Base):
    """A trip of a chat, in as many versions as it was planned."""

    __tablename__ = "trips"

    id: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(index=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True, info={"lookup_of": "token"})
    token: Mapped[Sealed | None]
    created_at: Mapped[datetime]


class TripVersion(Base):
    """One planned version, whole."""

    __tablename__ = "itineraries"

    trip_id: Mapped[TripId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[Sealed]
    body: Mapped[Sealed]
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    total_kes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class TripItem(Base):
    """A line of a version, for questions that need SQL."""

    __tablename__ = "items"

    trip_id: Mapped[TripId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    type: Mapped[ItemType]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    price_kes: Mapped[int | None] = mapped_column(BigInteger)  # NULL: not known
    basis: Mapped[Basis | None]


class Document(Base):
    """A rendered file of a version."""

    __tablename__ = "documents"

    trip_id: Mapped[TripId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    content: Mapped[SealedBytes]
    created_at: Mapped[datetime]


class Booking(Base):
    """An offer of a trip that its traveller has booked elsewhere."""

    __tablename__ = "bookings"

    trip_id: Mapped[TripId] = mapped_column(primary_key=True)
    offer_id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[Sealed]  # an empty text where none was told
    paid_kes: Mapped[int | None] = mapped_column(BigInteger)
    paid_at: Mapped[datetime | None]
    booked_at: Mapped[datetime]


class Answer(Base):
    """What a source said to a question, or a rate of exchange: nothing about a person."""

    __tablename__ = "answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    kept_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Link(Base):
    """An address on a booking site behind a short token. `fingerprint` is of address, trip and item together.

    Where the price behind it may have changed since it was told (`kes`), `asks` is the question to put to its source
    from `due_at` on, before it is handed out, and `verdict` what came of that.
    """

    __tablename__ = "links"

    token: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    trip_id: Mapped[TripId | None] = mapped_column(index=True)
    item_id: Mapped[str | None]
    created_at: Mapped[datetime]
    asks: Mapped[Sealed | None]
    kes: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None]
    verdict: Mapped[Sealed | None]
    verdict_at: Mapped[datetime | None]


class Click(Base):
    """Somebody followed a link; who is not kept."""

    __tablename__ = "clicks"

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(ForeignKey("links.token", ondelete="CASCADE"), index=True)
    clicked_at: Mapped[datetime]


class SentId(Base):
    """An app's id of a message that will be edited."""

    __tablename__ = "sent_ids"

    chat_id: Mapped[int] = mapped_column(
        _Big, ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)
