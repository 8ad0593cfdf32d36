"""What a stranger may ask for has a limit, which all processes keep together; webhooks have none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis
from flask import Flask

from bot.queue import connect
from bot.web.app import create_app
from bot.web.limit import Limit
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import SECRET, settings, site_of
from tests.servers import RedisServer


@contextmanager
def process(folder: Path, redis_url: str, **changes: object) -> Iterator[Flask]:
    """A web process of its own: its memory, its connection, the database that all share."""
    client = connect(redis_url) if redis_url else None
    store = Store(f"sqlite:///{folder}/shared.db", Vault((SECRET,)), client)
    with closing(store):
        store.migrate()
        yield create_app(site_of(settings(**changes), store))


def codes(flask: Flask, path: str, times: int, address: str = "203.0.113.7") -> list[int]:
    headers = {"X-Forwarded-For": address}
    return [flask.test_client().get(path, headers=headers).status_code for _ in range(times)]


def test_processes_count_a_visitor_together(tmp_path: Path, redis_url: str) -> None:
    rate = {"visitor_rate": "4/minute"}
    with process(tmp_path, redis_url, **rate) as one, process(tmp_path, redis_url, **rate) as other:
        assert codes(one, "/privacy", 3) == [200] * 3
        assert codes(other, "/privacy", 3) == [200, 429, 429]
        assert codes(one, "/privacy", 1) == [429]


def test_visitors_do_not_take_from_each_other(tmp_path: Path, redis_url: str) -> None:
    with process(tmp_path, redis_url, visitor_rate="2/minute") as flask:
        assert codes(flask, "/privacy", 3, "203.0.113.7") == [200, 200, 429]
        assert codes(flask, "/privacy", 1, "203.0.113.8") == [200]
        assert codes(flask, "/privacy", 1, "198.51.100.1, 203.0.113.7") == [429], "what a visitor claims counts nothing"


def test_all_together_have_a_limit_too(tmp_path: Path, redis_url: str) -> None:
    with process(tmp_path, redis_url, site_rate="3/minute") as flask:
        assert [codes(flask, "/privacy", 1, f"203.0.113.{n}")[0] for n in range(5)] == [200, 200, 200, 429, 429]


@pytest.mark.parametrize(
    "path", ["/", "/plan", "/t/x", "/go/x", "/files/x", "/cal/x.ics", "/chat", "/api/v1/openapi.json"]
)
def test_every_page_counts(tmp_path: Path, redis_url: str, path: str) -> None:
    with process(tmp_path, redis_url, visitor_rate="1/minute") as flask:
        assert 429 not in codes(flask, path, 1)
        answer = flask.test_client().get(path, headers={"X-Forwarded-For": "203.0.113.7"})
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 61


def test_webhooks_and_what_watches_the_service_are_never_refused(tmp_path: Path, redis_url: str) -> None:
    with process(tmp_path, redis_url, visitor_rate="1/minute", site_rate="1/minute") as flask:
        assert set(codes(flask, "/healthz", 5)) == {200}
        assert set(codes(flask, "/static/style.css", 5)) <= {200, 404}
        client = flask.test_client()
        headers = {"X-Forwarded-For": "149.154.160.1", "X-Telegram-Bot-Api-Secret-Token": "hush"}
        answers = {
            client.post("/webhooks/telegram", data=b'{"update_id": 1}', headers=headers).status_code for _ in range(9)
        }
        assert answers == {200}


def test_while_redis_is_away_each_process_counts_for_itself(tmp_path: Path, redis_running: RedisServer) -> None:
    dead = redis_running.url.replace(str(redis_running.port), "1")
    with (
        process(tmp_path, dead, visitor_rate="2/minute") as one,
        process(tmp_path, dead, visitor_rate="2/minute") as other,
    ):
        assert codes(one, "/privacy", 3) == [200, 200, 429]
        assert codes(other, "/privacy", 3) == [200, 200, 429]


def test_who_visits_is_not_to_be_read_in_redis(tmp_path: Path, redis_client: redis.Redis, redis_url: str) -> None:
    with process(tmp_path, redis_url) as flask:
        codes(flask, "/privacy", 1)
    keys = [bytes(key) for key in redis_client.scan_iter("*")]
    assert keys
    assert not [key for key in keys if b"203.0.113" in key]
    assert all(redis_client.ttl(key) > 0 for key in keys)


def test_limits_of_different_things_are_apart(flask: Flask) -> None:
    with flask.test_request_context("/"):
        one, other = Limit("one", "1/minute"), Limit("other", "1/minute")
        assert (one.allows("a"), one.allows("a"), one.allows("b"), other.allows("a")) == (True, False, True, True)


def test_visitors_behind_the_proxy_do_not_share_a_bucket(flask: Flask) -> None:
    def last_code(address: str, posts: int) -> int:
        codes = []
        for _ in range(posts):  # each from a browser of its own
            browser = flask.test_client()
            codes.append(browser.post("/plan", headers={"X-Forwarded-For": f"10.0.0.1, {address}"}).status_code)
        return codes[-1]

    assert last_code("203.0.113.7", 70) == 429
    assert last_code("203.0.113.8", 1) == 422
