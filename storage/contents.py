"""Forms of message that were made at an app beforehand: under which id it knows each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.db import dialect, insert
from storage.tables import Content


@dataclass(frozen=True, slots=True)
class ContentRow:
    """`status` is the app's word on it ("approved", "rejected" …), "" where it needs none."""

    name: str
    content_id: str
    status: str


class Contents:
    """By name. A name holds a digest of what is behind it, so a row never changes its meaning."""

    def all(self, s: Session) -> dict[str, ContentRow]:
        """Every one that is known."""
        return {row.name: ContentRow(row.name, row.content_id, row.status) for row in s.scalars(select(Content))}

    def put(self, s: Session, name: str, content_id: str, status: str = "") -> None:
        """It exists."""
        values = {"content_id": content_id, "status": status}
        new = insert(dialect(s), Content).values(name=name, **values)
        s.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))
