"""Bringing every sealed column and every lookup under the newest secret."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Column, Row, Table, and_, exists, select, tuple_, update
from sqlalchemy.orm import Session

from storage.tables import Base
from storage.vault import Unreadable, Vault

BATCH = 50  # a row may hold a file


def reencrypt(session: Callable[[], AbstractContextManager[Session]], vault: Vault) -> dict[str, int]:
    """Rewrite what an older secret made; how many rows by table. Safe to repeat and to run while serving.

    Raises Unreadable, which names the table, when a row is under none of the secrets; rows before it are done.
    """
    tables = [table for table in Base.metadata.sorted_tables if _sealed(table)]
    return {table.name: _table(session, vault, table) for table in tables}


def _table(session: Callable[[], AbstractContextManager[Session]], vault: Vault, table: Table) -> int:
    changed, last = 0, None
    while True:
        with session() as s:  # a short transaction for each batch: writers wait milliseconds
            rows = _batch(s, table, last)
            try:
                changed += sum(_row(s, vault, table, row) for row in rows)
            except Unreadable as exc:
                raise Unreadable(f"a row of {table.name} is under none of the keys") from exc
        if not rows:
            return changed
        last = _key(table, rows[-1])


def _batch(s: Session, table: Table, last: tuple[Any, ...] | None) -> list[Row[Any]]:
    key = list(table.primary_key)
    query = select(table).order_by(*key).limit(BATCH).with_for_update()
    if last is not None:
        query = query.where(tuple_(*key) > last)
    return list(s.execute(query))


def _row(s: Session, vault: Vault, table: Table, row: Row[Any]) -> bool:
    values = row._mapping
    new: dict[str, Any] = {}
    for column in _sealed(table):
        token = values[column]
        if token is not None and not vault.is_current(token):
            new[column.name] = vault.rotate_bytes(token) if isinstance(token, bytes) else vault.rotate(token)
    for column in (c for c in table.c if "lookup_of" in c.info):
        token = values[table.c[column.info["lookup_of"]]]
        if token is None:
            continue
        newest = vault.lookup(column.name, vault.open(token))
        if newest != values[column] and not _taken(s, table, column, newest, values):
            new[column.name] = newest
    if new:
        s.execute(update(table).where(*_same(table, row)).values(new))
    return bool(new)


def _taken(s: Session, table: Table, column: Column[Any], value: str, values: Any) -> bool:
    # Processes with different secrets may have opened the same address twice. The row under the newest secret is the
    # one in use; the other keeps its old hash, is found no more, and goes with retention.
    beside = [table.c.channel == values[table.c.channel]] if "channel" in table.c else []
    return bool(s.scalar(select(exists().where(and_(column == value, *beside)))))


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.info.get("sealed")]


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in table.primary_key)


def _same(table: Table, row: Row[Any]) -> list[Any]:
    return [column == row._mapping[column] for column in table.primary_key]
