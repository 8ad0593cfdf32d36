"""What people write, and who they are, is nowhere to be read on the disk or in Redis."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from storage.store import Store
from storage.vault import Vault
from tests.samples import mombasa

PHONE = "+254711000111"
SECRETS = (PHONE, "254711000111", "Wanjiku", "surprise for mum", "honeymoon", "Mombasa, just us", "8KD3LM")


def speak(store: Store) -> str:
    with store.session() as s:
        chat = store.chats.open(s, "whatsapp", f"whatsapp:{PHONE}", "Wanjiku Kamau", "sw")
        store.inbox.accept(s, chat, "whatsapp", "SM1", f"surprise for mum, call {PHONE}")
        store.outbox.add(s, chat, "A surprise for mum it is")
        store.tasks.add(s, chat, "plan", '{"note": "surprise for mum"}')
        store.conversations.save(s, chat, '{"note": "honeymoon"}')
        trip = store.trips.create(s, chat)
        store.trips.save(s, replace(mombasa(), id=trip, title="Mombasa, just us"))
        store.trips.put_document(s, trip, 1, "pdf", "trip.pdf", b"%PDF for Wanjiku's honeymoon")
        store.bookings.put(s, trip, "sgr:out", "8KD3LM", 3_000)
        return store.trips.token(s, trip)


def readable(content: bytes, *more: str) -> list[str]:
    return [secret for secret in (*SECRETS, *more) if secret.lower().encode() in content.lower()]


def test_nothing_personal_is_readable_in_the_database_file(sqlite_url: str, vault: Vault) -> None:
    with closing(Store(sqlite_url, vault)) as store:
        token = speak(store)
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        kept = b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")) if part.is_file())
    assert b"whatsapp" in kept  # the right file, with its rows in it
    assert readable(kept, token) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_personal_is_readable_in_postgresql(store: Store, database_url: str) -> None:
    token = speak(store)
    kept = b""
    with psycopg.connect(database_url) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT'.encode()) as rows:
                kept += b"".join(bytes(row) for row in rows)
    assert b"whatsapp" in kept
    assert readable(kept, token) == []


def test_nothing_personal_is_readable_in_redis(store: Store, redis_client: redis.Redis) -> None:
    speak(store)
    keys = list(redis_client.scan_iter("*"))
    values = [redis_client.get(key) for key in keys]
    assert len(keys) == 1
    assert readable(b"".join(bytes(part) for part in (*keys, *values) if isinstance(part, bytes))) == []
