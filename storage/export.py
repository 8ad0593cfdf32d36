"""Everything that is kept about one chat, readable, without what would open something for whoever finds the file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, select
from sqlalchemy.orm import Session

from storage.tables import Base, Chat
from storage.vault import Vault

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Row = dict[str, Json]

# Tokens open pages, marks and fingerprints mean nothing outside of the tables, the app's callback ids are not ours.
_NOT_TOLD = frozenset({"token", "fingerprint", "mark", "reply_token"})
_ADDRESS = re.compile(r"(/(?:t|cal|go|files)/)[\w.~-]{12,}")


def gather(s: Session, vault: Vault, chat_id: int) -> dict[str, list[Row]]:
    """The rows of a chat by table, in order; no row of another chat. A table without such rows has an empty list.

    Files are named, not contained; tokens of pages and links are left out, also where they stand in an address.
    Raises storage.vault.Unreadable.
    """
    found: dict[str, list[Row]] = {}
    for table in Base.metadata.sorted_tables:
        theirs = _of(table, chat_id)
        if theirs is not None:
            rows = s.execute(select(table).where(theirs).order_by(*table.primary_key)).mappings()
            found[table.name] = [_row(table, row, vault) for row in rows]
    return found


def tables() -> tuple[str, ...]:
    """The names of all tables that hold something about a chat."""
    return tuple(table.name for table in Base.metadata.sorted_tables if _of(table, 0) is not None)


def _of(table: Table, chat_id: int) -> ColumnElement[bool] | None:
    """Which rows hang on the chat, by way of whatever they refer to; None for a table that knows no chats."""
    if table.name == Chat.__tablename__:
        return table.c.id == chat_id
    for key in table.foreign_keys:
        owner = key.column.table
        if isinstance(owner, Table) and owner is not table and (theirs := _of(owner, chat_id)) is not None:
            return key.parent.in_(select(key.column).where(theirs))
    return None


def _row(table: Table, row: Mapping[Any, Any], vault: Vault) -> Row:
    return {column.name: _cell(column, row[column], vault) for column in table.c if _is_told(column)}


def _is_told(column: Column[Any]) -> bool:
    is_file = isinstance(column.type, LargeBinary)
    return column.name not in _NOT_TOLD and "lookup_of" not in column.info and not is_file


def _cell(column: Column[Any], value: Any, vault: Vault) -> Json:
    if value is None:
        return None
    if column.info.get("sealed"):
        return _opened(vault.open(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return _tame(value)


def _opened(text: str) -> Json:
    """What stood in a sealed column; it is often JSON."""
    try:
        return _tame(json.loads(text)) if text[:1] in ("{", "[") else _tame(text)
    except ValueError:
        return _tame(text)


def _tame(value: Any) -> Json:
    if isinstance(value, dict):
        return {str(key): _tame(item) for key, item in value.items() if key not in _NOT_TOLD}
    if isinstance(value, list):
        return [_tame(item) for item in value]
    if isinstance(value, str):
        return _ADDRESS.sub(r"\1…", value.encode("utf-8", "replace").decode())
    return value if isinstance(value, bool | int | float) or value is None else str(value)
