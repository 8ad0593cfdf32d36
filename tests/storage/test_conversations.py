"""A conversation is what SQL says it is; Redis may only make it faster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis

from storage.conversations import TTL
from storage.store import Store
from storage.vault import Vault
from tests.conftest import Clock
from tests.servers import RedisServer, redis_server


def save(store: Store, chat: int, state: str) -> None:
    with store.session() as s:
        store.conversations.save(s, chat, state)


def load(store: Store, chat: int) -> str | None:
    with store.reading() as s:
        return store.conversations.load_all(s, [chat], store.conversations.copies([chat])).get(chat)


def copy_of(client: redis.Redis, chat: int) -> bytes | None:
    value = client.get(f"safiri:conversation:{chat}")
    assert value is None or isinstance(value, bytes)
    return value


def test_a_chat_that_never_spoke_has_no_state(store: Store, chat: int) -> None:
    assert load(store, chat) is None


def test_the_last_state_saved_is_loaded(store: Store, chat: int) -> None:
    for state in ("one", "two", "three 🚌"):
        save(store, chat, state)
        assert load(store, chat) == state


def test_the_copy_in_redis_is_used_sealed_and_ends_by_itself(
    store: Store, chat: int, redis_client: redis.Redis, vault: Vault
) -> None:
    save(store, chat, "budget 60,000")
    value = copy_of(redis_client, chat)
    assert value is not None
    assert b"60,000" not in value
    assert 0 < int(redis_client.ttl(f"safiri:conversation:{chat}")) <= TTL.total_seconds()
    stamp = value.decode().rpartition(":")[0]
    redis_client.set(f"safiri:conversation:{chat}", f"{stamp}:{vault.seal('from Redis')}")
    assert load(store, chat) == "from Redis"


def test_an_empty_redis_costs_nothing_but_time(store: Store, chat: int, redis_client: redis.Redis) -> None:
    save(store, chat, "kept")
    redis_client.flushall()
    assert load(store, chat) == "kept"


def test_a_stale_copy_never_wins_over_a_newer_row(store: Store, chat: int, redis_client: redis.Redis) -> None:
    save(store, chat, "old")
    stale = copy_of(redis_client, chat)
    assert stale is not None
    save(store, chat, "new")
    redis_client.set(f"safiri:conversation:{chat}", stale)
    assert load(store, chat) == "new"


def test_a_copy_of_another_database_with_the_same_version_does_not_count(
    store: Store, chat: int, redis_client: redis.Redis, vault: Vault
) -> None:
    save(store, chat, "ours")
    with closing(Store("sqlite://", vault, redis_client)) as other:
        other.migrate()
        for address in range(chat):
            with other.session() as s:
                same_id = other.chats.open(s, "telegram", str(address))
        assert same_id == chat
        save(other, chat, "theirs")
    assert load(store, chat) == "ours"


@pytest.mark.parametrize("rubbish", [b"", b"1", b"1:2:3", b"\xff\xfe", b"::", b"{}"])
def test_rubbish_in_redis_is_ignored(store: Store, chat: int, redis_client: redis.Redis, rubbish: bytes) -> None:
    save(store, chat, "kept")
    redis_client.set(f"safiri:conversation:{chat}", rubbish)
    assert load(store, chat) == "kept"


def test_a_copy_that_no_key_opens_is_ignored(store: Store, chat: int, redis_client: redis.Redis) -> None:
    save(store, chat, "kept")
    value = copy_of(redis_client, chat)
    assert value is not None
    redis_client.set(f"safiri:conversation:{chat}", value[:-6])
    assert load(store, chat) == "kept"


def test_redis_learns_nothing_of_what_was_rolled_back(store: Store, chat: int, redis_client: redis.Redis) -> None:
    save(store, chat, "committed")
    before = copy_of(redis_client, chat)

    def interrupted() -> None:
        with store.session() as s:
            store.conversations.save(s, chat, "never")
            assert copy_of(redis_client, chat) == before  # nor before the commit
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert copy_of(redis_client, chat) == before
    assert load(store, chat) == "committed"


def test_a_state_is_seen_by_its_own_transaction(store: Store, chat: int) -> None:
    save(store, chat, "old")
    with store.session() as s:
        store.conversations.save(s, chat, "new")
        assert store.conversations.load(s, chat) == "new"


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A server that the test may stop."""
    with redis_server() as server:
        yield server


def test_redis_may_go_and_come_back_between_any_two_steps(
    database_url: str, vault: Vault, clock: Clock, own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = redis.Redis.from_url(own_redis.url)
    with closing(Store(database_url, vault, client, clock=clock, redis_pause=0)) as store:
        with store.session() as s:
            chat = store.chats.open(s, "telegram", "1")
        save(store, chat, "one")
        own_redis.stop()
        with caplog.at_level(logging.WARNING, "storage"):
            assert load(store, chat) == "one"
            save(store, chat, "two")
            assert load(store, chat) == "two"
            with store.lock(chat, 1):
                assert load(store, chat) == "two"
        assert len([r for r in caplog.records if "not reachable" in r.getMessage()]) == 1
        assert "redis" in store.ping()
        own_redis.start()
        assert load(store, chat) == "two"
        save(store, chat, "three")
        assert load(store, chat) == "three"
        assert copy_of(client, chat) is not None
        assert store.ping() == {}


def test_without_redis_everything_is_kept(database_url: str, vault: Vault) -> None:
    with closing(Store(database_url, vault, None)) as store:
        with store.session() as s:
            chat = store.chats.open(s, "telegram", "1")
        save(store, chat, "kept")
        assert load(store, chat) == "kept"
        assert store.ping() == {}
