"""What a conversation asks of the database is found by an index: with many chats it takes no longer than with one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Engine, event, make_url

from tests.bot.on_sqlite import database_url
from tests.bot.test_conversation import SENTENCE, Desk, desk

__all__ = ["database_url", "desk"]  # the fixtures are used by name

SAID = ("hi", SENTENCE, "cheaper hotel", "undo", "book", "my trips", "my data", "help", "bus to Kisumu tomorrow")


@contextmanager
def heard() -> Iterator[dict[str, Any]]:
    """Every statement executed meanwhile, with its parameters."""
    statements: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        statements.setdefault(statement, parameters[0] if many else parameters)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_no_statement_of_a_conversation_looks_through_a_whole_table(desk: Desk) -> None:
    store = desk.app.store
    with heard() as statements:
        for words in SAID:
            desk.say(words)
        with store.accepting() as s:  # several who write at once
            store.chats.open_all(s, [store.chats.writer("test", address) for address in ("one", "another", "one")])
    asked = {sql: said for sql, said in statements.items() if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", sql)}
    assert len(asked) > 20
    with closing(sqlite3.connect(make_url(desk.app.settings.database_url).database or "")) as database:
        scans = {
            sql: step
            for sql, parameters in asked.items()
            for _, _, _, step in database.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            if step.startswith("SCAN") and "CONSTANT" not in step
            if not step.startswith(("SCAN newest", "SCAN (subquery"))  # in what was searched for before
        }
    assert scans == {}
