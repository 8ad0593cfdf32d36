"""One at a time, between threads and between processes, and never for longer than the holder lives."""

from __future__ import annotations

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import create_engine

from storage.locks import Busy, ThreadLocks, locks_of
from storage.store import Store
from storage.vault import Vault
from tests.conftest import SECRET

FORK = multiprocessing.get_context("fork")


def count_up(url: str, chat: int, times: int) -> None:
    """Read, pause, write: loses steps unless nobody else is between."""
    with closing(Store(url, Vault((SECRET,)))) as store:
        for _ in range(times):
            with store.lock(chat, 30):
                with store.reading() as s:
                    seen = int(store.conversations.load(s, chat) or 0)
                with store.session() as s:
                    store.conversations.save(s, chat, str(seen + 1))


def hold_until_killed(url: str, chat: int, held: Connection) -> None:
    with closing(Store(url, Vault((SECRET,)))) as store, store.lock(chat, 5):
        held.send(True)
        threading.Event().wait()


def test_processes_and_threads_work_on_a_chat_one_at_a_time(store: Store, chat: int, database_url: str) -> None:
    with ProcessPoolExecutor(2, mp_context=FORK) as processes, ThreadPoolExecutor(2) as threads:
        work = [pool.submit(count_up, database_url, chat, 20) for pool in (processes, processes, threads, threads)]
        for part in work:
            part.result(timeout=60)
    with store.reading() as s:
        assert store.conversations.load(s, chat) == "80"


def test_a_held_chat_is_busy_and_another_is_not(store: Store, database_url: str) -> None:
    with closing(Store(database_url, Vault((SECRET,)))) as other, store.lock(1, 0):
        with pytest.raises(Busy), other.lock(1, 0.05):
            pytest.fail("two held the lock")
        with other.lock(2, 0):
            pass
    with store.lock(1, 0):
        pass


def test_an_error_inside_gives_the_chat_back(store: Store) -> None:
    with pytest.raises(KeyError), store.lock(1, 0):
        raise KeyError
    with store.lock(1, 0):
        pass


def test_a_holder_that_is_killed_holds_nothing(store: Store, chat: int, database_url: str) -> None:
    held, told = FORK.Pipe(duplex=False)
    holder = FORK.Process(target=hold_until_killed, args=(database_url, chat, told))
    holder.start()
    try:
        assert held.poll(30)
        with pytest.raises(Busy), store.lock(chat, 0.05):
            pytest.fail("two held the lock")
    finally:
        holder.kill()
        holder.join()
    with store.lock(chat, 10):
        pass


def test_waiting_ends_when_the_holder_is_done(store: Store) -> None:
    inside = threading.Event()
    order: list[str] = []

    def first() -> None:
        with store.lock(1, 0):
            inside.set()
            threading.Event().wait(0.2)
            order.append("first")

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(first)
        assert inside.wait(5)
        with store.lock(1, 10):
            order.append("second")
        done.result()
    assert order == ["first", "second"]


def test_a_database_in_memory_is_locked_between_threads() -> None:
    locks = locks_of(create_engine("sqlite://"))
    assert isinstance(locks, ThreadLocks)
    with locks.hold(["a"], 0), pytest.raises(Busy), locks.hold(["a"], 0.02):
        pytest.fail("two held the lock")
    with locks.hold(["a"], 0), locks.hold(["b"], 0):
        pass


def test_busy_comes_no_later_than_it_was_asked_for(store: Store) -> None:
    with store.lock(1, 0):
        started = time.monotonic()
        with pytest.raises(Busy), store.lock(1, 0.2):
            pytest.fail("two held the lock")
        assert 0.2 <= time.monotonic() - started < 2
