"""Answers of sources in SQL: what is left of them when Redis is restarted or away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

from sqlalchemy import Executable, bindparam, delete, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import dialect, insert
from storage.locks import Busy
from storage.outage import Outage
from storage.tables import Answer

R = TypeVar("R")
_Row = dict[str, object]
Sessions = Callable[[], AbstractContextManager[Session]]

_THIS = Answer.key == bindparam("this")
_FIND = select(Answer.key, Answer.text, Answer.until).where(  # built once, like the others
    Answer.key.in_(bindparam("these", expanding=True)), Answer.until > bindparam("now")
)
_THERE = select(exists().where(_THIS))
_DROP = delete(Answer).where(_THIS)

PAUSE = 10.0  # seconds for which a database that failed or was busy is left alone


@lru_cache
def _put(dialect: str) -> Executable:
    new = insert(dialect, Answer)
    changed = {name: new.excluded[name] for name in ("text", "kept_at", "until")}
    return new.on_conflict_do_update(index_elements=["key"], set_=changed)


class Away(Exception):
    """The database cannot say."""


class Found(NamedTuple):
    """An answer that still counts."""

    text: str
    until: datetime


class Answers:
    """Text by key until a moment, where losing some is allowed: nothing is written to a database that is busy.

    Each call is a transaction of its own: nobody who holds one open may call, or SQLite would let the two wait for
    each other until this one gives up.
    """

    def __init__(self, clock: Clock, *, read: Sessions, write: Sessions, pause: float = PAUSE) -> None:
        self._clock = clock
        self._read = read
        self._write = write
        self._here = threading.local()
        self._reading = Outage("the database", pause)
        self._writing = Outage("the database for remembering answers", pause)

    def find(self, keys: Sequence[str]) -> dict[str, Found]:
        """The texts under these keys, as far as there are any that count. Raises Away."""
        wanted = {"these": keys, "now": self._clock()}

        def look(s: Session) -> dict[str, Found]:
            return {row.key: Found(row.text, row.until) for row in s.connection().execute(_FIND, wanted)}

        return _try(self._reading, self._read, look)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread puts meanwhile is written when the block ends, for the price of one."""
        if self._gathered is not None:
            yield
            return
        rows = self._here.rows = dict[str, _Row]()
        try:
            yield
        finally:
            self._here.rows = None
            if rows:
                self._put_all([rows[key] for key in sorted(rows)])  # in one order, or two could wait for each other

    def put(self, key: str, text: str, until: datetime) -> None:
        """Remember, if possible."""
        row: _Row = {"key": key, "text": text, "kept_at": self._clock(), "until": until}
        if (rows := self._gathered) is not None:
            rows[key] = row
        else:
            self._put_all([row])

    def drop(self, key: str) -> None:
        """Forget, if possible; otherwise its time does it. Takes a turn to write only when there is something."""
        if (rows := self._gathered) is not None:
            rows.pop(key, None)
        try:
            there = _try(self._reading, self._read, lambda s: s.connection().scalar(_THERE, {"this": key}))
        except Away:
            return
        if there:
            self._if_possible(lambda s: s.connection().execute(_DROP, {"this": key}))

    @property
    def _gathered(self) -> dict[str, _Row] | None:
        """What this thread puts together, by key; None when it does not."""
        rows: dict[str, _Row] | None = getattr(self._here, "rows", None)
        return rows

    def _put_all(self, rows: Sequence[_Row]) -> None:
        self._if_possible(lambda s: s.connection().execute(_put(dialect(s)), rows))

    def _if_possible(self, work: Callable[[Session], object]) -> None:
        try:
            _try(self._writing, self._write, work)
        except Away:
            return


def _try(outage: Outage, sessions: Sessions, work: Callable[[Session], R]) -> R:
    if outage.lasts:
        raise Away
    try:
        with sessions() as s:
            answer = work(s)
    except (SQLAlchemyError, Busy) as exc:
        outage.began(exc)
        raise Away from exc
    outage.ended()
    return answer
