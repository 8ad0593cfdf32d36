"""The store as a whole: what it says about its health, and that it survives a fork."""

from __future__ import annotations

import multiprocessing
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import redis
from sqlalchemy import text

from storage.store import Store
from storage.vault import Vault
from tests.servers import PostgresServer, spare_port


def test_a_healthy_store_has_no_problems(store: Store) -> None:
    assert store.ping() == {}


def test_problems_are_named_without_addresses_or_passwords(vault: Vault) -> None:
    url = f"postgresql://someone:hunter2@127.0.0.1:{spare_port()}/safiri"
    client = redis.Redis(port=spare_port(), password="hunter2")
    with closing(Store(url, vault, client)) as store:
        problems = store.ping()
    assert problems == {
        "database": "not usable (OperationalError)",
        "redis": "not reachable (ConnectionError)",
    }


def test_a_database_without_tables_is_a_problem(tmp_path: Path, vault: Vault) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'new.db'}", vault)) as store:
        assert list(store.ping()) == ["database"]


def test_building_a_store_touches_nothing(tmp_path: Path, vault: Vault) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'a' / 'new.db'}", vault, redis.Redis(port=spare_port()))):
        assert list(tmp_path.iterdir()) == []


def work_in_child(store: Store, chat: int, name: str) -> None:
    store.after_fork()
    for number in range(20):
        with store.lock(chat, 30), store.session() as s:
            store.inbox.accept(s, chat, "telegram", f"{name} {number}", "habari")
            store.conversations.save(s, chat, f"{name} {number}")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_that_the_server_has_ended_are_not_used_again(
    postgres: PostgresServer, store: Store, chat: int
) -> None:
    with ExitStack() as open_at_once:
        for _ in range(3):
            open_at_once.enter_context(store.reading()).execute(text("SELECT 1"))
    postgres.run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'safiri'")
    for _ in range(3):
        with store.session() as s:
            assert store.chats.get(s, chat).channel == "telegram"


def test_children_of_a_fork_have_connections_of_their_own(store: Store, chat: int) -> None:
    with store.reading() as s:  # so that there is a connection to inherit
        store.chats.get(s, chat)
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=work_in_child, args=(store, chat, name)) for name in "abc"]
    for child in children:
        child.start()
    work_in_parent = [f"parent {number}" for number in range(20)]
    for external_id in work_in_parent:
        with store.session() as s:
            store.inbox.accept(s, chat, "telegram", external_id, "habari")
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    with store.reading() as s:
        assert len(store.inbox.unread(s, chat)) == 80
        assert store.conversations.load(s, chat) in {"a 19", "b 19", "c 19"}
