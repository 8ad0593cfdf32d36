"""What has been kept long enough goes by itself, once an hour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import cached_property

import pytest
import redis

from bot import jobs
from bot.config import Settings
from bot.queue import InlineQueue
from bot.wiring import App
from storage.store import Store
from storage.vault import Vault
from tests.conftest import SECRET, Clock
from tests.storage.test_retention import counts, full_chat


class AtATime(App):
    """The application with the time of a test."""

    def __init__(self, settings: Settings, redis_client: redis.Redis, clock: Clock) -> None:
        super().__init__(settings, queue=InlineQueue(lambda job: None))
        self._client, self._clock = redis_client, clock

    @cached_property
    def store(self) -> Store:
        return Store(self.settings.database_url, Vault((SECRET,)), self._client, clock=self._clock)


@pytest.fixture
def app(database_url: str, redis_client: redis.Redis, clock: Clock) -> Iterator[AtATime]:
    made = AtATime(Settings(database_url=database_url, offline=True, retention_days=30), redis_client, clock)
    with closing(made.store):
        yield made


def later(clock: Clock, redis_client: redis.Redis, by: timedelta) -> None:
    """Time passes, in Redis too, whose clock cannot be moved."""
    clock.advance(by)
    for key in redis_client.scan_iter("*"):
        assert redis_client.ttl(key) > 0, f"{key!r} would stay for ever"
        redis_client.delete(key)


def test_messages_go_after_so_many_days_and_the_chat_after_its_trip(
    app: AtATime, clock: Clock, redis_client: redis.Redis
) -> None:
    chat, _ = full_chat(app.store, "1")
    later(clock, redis_client, timedelta(days=29))
    jobs.tidy(app)
    assert counts(app.store)["inbox"] == 1
    later(clock, redis_client, timedelta(days=2))
    jobs.tidy(app)
    left = counts(app.store)
    assert {name for name in ("inbox", "outbox", "tasks", "documents", "sent_ids", "clicks") if left[name]} == set()
    later(clock, redis_client, timedelta(days=31))
    jobs.tidy(app)
    assert not any(counts(app.store).values())
    with app.store.reading() as s:
        assert app.store.chats.find(s, "telegram", "1") is None
    assert chat


def test_it_is_done_once_an_hour_and_by_one_process(app: AtATime, clock: Clock, redis_client: redis.Redis) -> None:
    full_chat(app.store, "1")
    jobs.tidy(app)
    clock.advance(timedelta(days=31))  # the hour of the claim is over here, and not in Redis: another process has it
    jobs.tidy(app)
    assert counts(app.store)["inbox"] == 1
    later(clock, redis_client, timedelta(hours=1))
    jobs.tidy(app)
    assert counts(app.store)["inbox"] == 0
