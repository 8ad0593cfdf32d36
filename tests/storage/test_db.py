"""SQLite and PostgreSQL behave alike."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from storage.db import Utc, connect, normalise
from storage.store import Store
from storage.vault import Vault
from tests.conftest import SECRET, Clock


@pytest.mark.parametrize("given_url", ["postgres://u:p%40ss@h/d", "postgresql://u:p%40ss@h/d"])
def test_any_postgres_url_means_psycopg(given_url: str) -> None:
    url = normalise(given_url)
    assert (url.drivername, url.password, url.host) == ("postgresql+psycopg", "p@ss", "h")


@pytest.mark.parametrize("given_url", ["postgresql+psycopg://h/d", "sqlite:///var/safiri.db"])
def test_other_urls_stay_as_they_are(given_url: str) -> None:
    assert normalise(given_url).render_as_string() == given_url


def test_moments_come_back_aware_and_equal(store: Store, chat: int, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 23, 30, 15, 123456, tzinfo=ZoneInfo("Africa/Nairobi"))
    with store.session() as s:
        message = store.inbox.accept(s, chat, "telegram", "1", "")
    assert message is not None
    with store.reading() as s:
        received = store.inbox.get(s, message).received_at
    assert received == clock.now
    assert received.utcoffset() == timedelta(0)


@given(st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(2199, 1, 1)), st.integers(-720, 840))  # noqa: DTZ001
def test_any_moment_survives_a_database_that_drops_zones(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    bound = Utc().process_bind_param(moment, sqlite.dialect())
    assert bound is not None
    assert Utc().process_result_value(bound.replace(tzinfo=None), sqlite.dialect()) == moment


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        Utc().process_bind_param(datetime.combine(date(2026, 1, 1), datetime.min.time()), sqlite.dialect())


def test_a_row_of_a_chat_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.session() as s:
        store.outbox.add(s, 99, "to nobody")


def test_a_reading_session_cannot_write(store: Store, chat: int) -> None:
    with pytest.raises(DBAPIError), store.reading() as s:
        store.chats.block(s, chat)
    with store.session() as s:  # and its connection can write again afterwards
        store.chats.block(s, chat)


def test_a_reader_does_not_wait_for_a_writer(store: Store, chat: int) -> None:
    with store.session() as writing:
        store.chats.block(writing, chat)
        with store.reading() as s:
            assert not store.chats.get(s, chat).blocked


def accept_many(url: str, name: str) -> list[int | None]:
    with closing(Store(url, Vault((SECRET,)))) as store:
        accepted = []
        for number in range(50):
            with store.session() as s:
                chat = store.chats.open(s, "telegram", f"chat {number % 7}", name)
                accepted.append(store.inbox.accept(s, chat, "telegram", str(number), f"{name} {number}"))
        return accepted


def test_processes_that_write_at_once_all_get_their_turn(store: Store, database_url: str) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("fork")) as pool:
        parts = list(pool.map(accept_many, [database_url] * 3, "abc"))
    kept = [message for part in parts for message in part if message is not None]
    assert len(kept) == len(set(kept)) == 50
    with store.reading() as s:
        chats = {store.inbox.get(s, message).chat_id for message in kept}
    assert len(chats) == 7


def test_a_sqlite_file_is_in_wal_mode_and_what_is_accepted_reaches_the_disk(sqlite_url: str, vault: Vault) -> None:
    def settings(s: Session) -> list[object]:
        return [s.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]

    with closing(Store(sqlite_url, vault)) as store:
        for _ in range(2):  # on the same connection, in turn
            with store.accepting() as s:
                assert settings(s) == ["wal", 2, 1]
            with store.session() as s:
                assert settings(s) == ["wal", 1, 1]


def test_a_connection_that_begins_by_itself_takes_its_first_write_back_with_the_others(sqlite_url: str) -> None:
    write = text("INSERT INTO contents (name, content_id, status) VALUES (:name, 'HX1', '')")
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        connection.execute(write, {"name": "one"})
        connection.execute(write, {"name": "two"})
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM contents")) == 0
        connection.execute(write, {"name": "three"})
        connection.commit()
        assert connection.scalar(text("SELECT count(*) FROM contents")) == 1
    engine.dispose()


def test_ids_of_deleted_rows_are_not_given_again(store: Store, clock: Clock) -> None:
    with store.session() as s:
        first = store.chats.open(s, "telegram", "1")
        store.forget(s, first)
    with store.session() as s:
        assert store.chats.open(s, "telegram", "1") > first


def test_a_database_in_memory_works_for_one_store(vault: Vault) -> None:
    with closing(Store("sqlite://", vault)) as store:
        store.migrate()
        with store.session() as s:
            chat = store.chats.open(s, "terminal", "me")
            store.inbox.accept(s, chat, "terminal", "1", "habari")
        with store.reading() as s:
            assert [row.payload for row in store.inbox.unread(s, chat)] == ["habari"]


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path, vault: Vault) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/a/b/safiri.db", vault)) as store:
        store.migrate()
        assert store.ping() == {}
    assert (tmp_path / "a/b/safiri.db").exists()
