"""Trips, their versions and the files made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from secrets import token_hex, token_urlsafe

from sqlalchemy import Executable, bindparam, delete, func, select
from sqlalchemy import insert as new
from sqlalchemy.orm import Session

from planner.model import Itinerary
from storage import codec
from storage.clock import Clock
from storage.db import Gone, dialect, insert
from storage.tables import Base, Document, Trip, TripItem, TripVersion
from storage.vault import Vault

LABEL = Trip.token_hash.key
_NO_ITEMS = delete(TripItem).where(TripItem.trip_id == bindparam("trip"), TripItem.version == bindparam("of"))
_ITEMS = new(TripItem)
_NEW = new(Trip)
_TOKEN = select(Trip.token).where(Trip.id == bindparam("trip"))


@dataclass(frozen=True, slots=True)
class TripRow:
    """The latest version of a trip at a glance."""

    id: str
    version: int
    title: str
    first_day: date
    last_day: date
    total_kes: int
    created_at: datetime


class Trips:
    """What was planned."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def create(self, s: Session, chat_id: int) -> str:
        """A trip without a version yet; its id (16 hex digits, fit for URLs and job ids)."""
        trip_id, token = token_hex(8), token_urlsafe(16)
        row = {
            "id": trip_id,
            "chat_id": chat_id,
            "token_hash": self._vault.lookup(LABEL, token),
            "token": self._vault.seal(token),
            "created_at": self._clock(),
        }
        s.connection().execute(_NEW, row)
        return trip_id

    def save(self, s: Session, itinerary: Itinerary) -> None:
        """Keep a version; saving the same version again replaces it. Raises Gone if its trip was never created."""
        self._trip(s, itinerary.id)
        key = {"trip_id": itinerary.id, "version": itinerary.version}
        version = {
            **key,
            "title": self._vault.seal(itinerary.title),
            "body": self._vault.seal(codec.dump(itinerary)),
            "first_day": itinerary.request.start,
            "last_day": itinerary.request.end,
            "total_kes": itinerary.total_kes,
            "created_at": self._clock(),
        }
        items = [
            {
                **key,
                "item_id": item.id,
                "position": position,
                "type": item.type,
                "title": item.title.replace("\0", ""),
                "starts_at": item.start,
                "ends_at": item.end,
                "price_kes": item.price.kes if item.price else None,
                "basis": item.price.basis if item.price else None,
            }
            for position, item in enumerate(itinerary.items)
        ]
        database = s.connection()
        database.execute(_put(dialect(s), TripVersion), version)
        database.execute(_NO_ITEMS, {"trip": itinerary.id, "of": itinerary.version})
        if items:
            database.execute(_ITEMS, items)

    def get(self, s: Session, trip_id: str, version: int | None = None) -> Itinerary | None:
        """A version, by default the latest; None if there is none."""
        wanted = select(TripVersion.body).where(TripVersion.trip_id == trip_id)
        if version is not None:
            wanted = wanted.where(TripVersion.version == version)
        body = s.scalar(wanted.order_by(TripVersion.version.desc()).limit(1))
        return None if body is None else codec.load(Itinerary, self._vault.open(body))

    def newest(self, s: Session, trip_id: str) -> int | None:
        """The number of the latest version; None if there is none."""
        return s.scalar(select(func.max(TripVersion.version)).where(TripVersion.trip_id == trip_id))

    def chat_of(self, s: Session, trip_id: str) -> int | None:
        """Whose trip it is."""
        return s.scalar(select(Trip.chat_id).where(Trip.id == trip_id))

    def of_chat(self, s: Session, chat_id: int) -> list[TripRow]:
        """The chat's planned trips, the newest first."""
        latest = (
            select(TripVersion)
            .join(Trip, Trip.id == TripVersion.trip_id)
            .where(Trip.chat_id == chat_id)
            .order_by(Trip.created_at.desc(), Trip.id, TripVersion.version.desc())
        )
        rows: dict[str, TripRow] = {}
        for v in s.scalars(latest):
            if v.trip_id not in rows:
                title = self._vault.open(v.title)
                rows[v.trip_id] = TripRow(
                    v.trip_id, v.version, title, v.first_day, v.last_day, v.total_kes, v.created_at
                )
        return list(rows.values())

    def token(self, s: Session, trip_id: str) -> str:
        """The token of the share page: 128 random bits; a new one after it was revoked. Raises Gone."""
        if (sealed := s.connection().scalar(_TOKEN, {"trip": trip_id})) is not None:
            return self._vault.open(sealed)
        trip = self._trip(s, trip_id)
        if trip.token is not None:
            return self._vault.open(trip.token)
        token = token_urlsafe(16)
        trip.token, trip.token_hash = self._vault.seal(token), self._vault.lookup(LABEL, token)
        s.flush()
        return token

    def by_token(self, s: Session, token: str) -> str | None:
        """The trip that is shared under this token."""
        return s.scalar(select(Trip.id).where(Trip.token_hash.in_(self._vault.lookups(LABEL, token))))

    def revoke(self, s: Session, trip_id: str) -> None:
        """The token leads nowhere from now on; the next `token` is a new one. Raises Gone."""
        trip = self._trip(s, trip_id)
        trip.token, trip.token_hash = None, None
        s.flush()

    def put_document(
        self,
        s: Session,
        trip_id: str,
        version: int,
        kind: str,
        name: str,
        content: bytes,
        *,
        replaces: bool = True,
    ) -> None:
        """Keep a rendered file: in place of the one of the same version and kind, or only where there is none."""
        row = {
            "trip_id": trip_id,
            "version": version,
            "kind": kind,
            "name": name,
            "content": self._vault.seal_bytes(content),
            "created_at": self._clock(),
        }
        s.connection().execute((_put if replaces else _add)(dialect(s), Document), row)

    def drawn(self, s: Session, trip_id: str, version: int) -> set[str]:
        """The kinds of files that there are of a version."""
        kinds = select(Document.kind).where(Document.trip_id == trip_id, Document.version == version)
        return set(s.scalars(kinds))

    def document(self, s: Session, trip_id: str, version: int | None, kind: str) -> tuple[str, bytes, int] | None:
        """(file name, content, version) of a version, by default the latest that has such a file."""
        wanted = select(Document).where(Document.trip_id == trip_id, Document.kind == kind)
        if version is not None:
            wanted = wanted.where(Document.version == version)
        found = s.scalar(wanted.order_by(Document.version.desc()).limit(1))
        return None if found is None else (found.name, self._vault.open_bytes(found.content), found.version)

    def _trip(self, s: Session, trip_id: str) -> Trip:
        trip = s.get(Trip, trip_id, with_for_update=True)
        if trip is None:
            raise Gone(f"trip {trip_id}")
        return trip


@lru_cache
def _put(dialect: str, table: type[Base]) -> Executable:
    """A row of its own, or in place of the one with the same key."""
    first = insert(dialect, table)
    keys = [column.name for column in table.__table__.primary_key]
    names = [column.name for column in table.__table__.columns]
    others = {name: first.excluded[name] for name in names if name not in keys}
    return first.on_conflict_do_update(index_elements=keys, set_=others)


@lru_cache
def _add(dialect: str, table: type[Base]) -> Executable:
    """A row of its own, where there is none with the same key."""
    keys = [column.name for column in table.__table__.primary_key]
    return insert(dialect, table).on_conflict_do_nothing(index_elements=keys)
