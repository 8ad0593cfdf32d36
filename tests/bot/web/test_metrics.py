"""How sources fare, as workers have counted it and the web process tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from flask.testing import FlaskClient

from bot.web.app import create_app
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import SECRET, Site, settings, site_of
from tests.bot.web.test_health import value
from tests.servers import redis_server


def told(client: FlaskClient) -> str:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def searched(store: Store, provider: str, status: str, bucket: str, seconds: float) -> None:
    """As the workers count one search."""
    tally = store.memory.tally
    tally("provider_searches", {"provider": provider, "status": status})
    tally("provider_seconds_bucket", {"provider": provider, "le": bucket})
    tally("provider_seconds_sum", {"provider": provider}, seconds)
    tally("provider_seconds_count", {"provider": provider})


def test_searches_are_counted_by_source_and_how_they_ended(client: FlaskClient, site: Site) -> None:
    for status in ("ok", "ok", "failed"):
        searched(site.store, "duffel", status, "1", 0.7)
    site.store.memory.tally("provider_cache", {"provider": "duffel", "answer": "fresh"})
    text = told(client)
    assert value(text, "safiri_provider_searches_total", provider="duffel", status="ok") == 2
    assert value(text, "safiri_provider_searches_total", provider="duffel", status="failed") == 1
    assert value(text, "safiri_provider_cache_total", provider="duffel", answer="fresh") == 1


def test_seconds_are_one_histogram_whose_buckets_add_up(client: FlaskClient, site: Site) -> None:
    for bucket, seconds in (("0.5", 0.4), ("2", 1.5), ("0.5", 0.3), ("+Inf", 30.0)):
        searched(site.store, "duffel", "ok", bucket, seconds)
    searched(site.store, "buupass", "ok", "1", 0.9)
    text = told(client)
    buckets = {le: value(text, "safiri_provider_seconds_bucket", provider="duffel", le=le) for le in BOUNDS}
    assert buckets == {"0.5": 2, "1": 2, "2": 3, "+Inf": 4}
    assert value(text, "safiri_provider_seconds_count", provider="duffel") == 4
    assert value(text, "safiri_provider_seconds_sum", provider="duffel") == pytest.approx(32.2)
    assert value(text, "safiri_provider_seconds_bucket", provider="buupass", le="0.5") == 0
    assert value(text, "safiri_provider_seconds_count", provider="buupass") == 1


BOUNDS = ("0.5", "1", "2", "+Inf")


def test_a_source_that_is_left_alone_is_shown_as_open(client: FlaskClient, site: Site) -> None:
    searched(site.store, "duffel", "failed", "1", 0.7)
    searched(site.store, "buupass", "ok", "1", 0.7)
    site.store.memory.mark("open:duffel", 300)
    text = told(client)
    assert value(text, "safiri_provider_open", provider="duffel") == 1
    assert value(text, "safiri_provider_open", provider="buupass") == 0


def test_before_the_first_search_there_is_nothing_to_tell(client: FlaskClient) -> None:
    assert "safiri_provider_searches_total{" not in told(client)


def test_tokens_and_cost_of_claude_are_told_by_model(client: FlaskClient, site: Site) -> None:
    tally, model = site.store.memory.tally, {"model": "claude-haiku-5-5"}
    assert "safiri_claude" not in told(client)
    tally("claude_answers", {**model, "use": "reading", "ended": "answered"})
    tally("claude_tokens", {**model, "kind": "input"}, 412)
    tally("claude_tokens", {**model, "kind": "cache_read"}, 1536)
    tally("claude_cost_usd", model, 0.0000412)
    text = told(client)
    assert value(text, "safiri_claude_answers_total", **model, use="reading", ended="answered") == 1
    assert value(text, "safiri_claude_tokens_total", **model, kind="input") == 412
    assert value(text, "safiri_claude_tokens_total", **model, kind="cache_read") == 1536
    assert value(text, "safiri_claude_cost_usd_total", **model) == pytest.approx(0.0000412)


@pytest.fixture
def worker(tmp_path: Path, redis_url: str) -> Iterator[Store]:
    """The store of another process."""
    with closing(Store(f"sqlite:///{tmp_path}/web.db", Vault((SECRET,)), redis.Redis.from_url(redis_url))) as store:
        yield store


def test_what_workers_count_the_web_process_tells(worker: Store, redis_url: str) -> None:
    worker.migrate()
    searched(worker, "duffel", "ok", "1", 0.7)
    own = Store("sqlite://", Vault((SECRET,)), redis.Redis.from_url(redis_url))
    with closing(own):
        text = told(create_app(site_of(settings(), own)).test_client())
    assert value(text, "safiri_provider_searches_total", provider="duffel", status="ok") == 1


def test_metrics_answer_without_redis(tmp_path: Path) -> None:
    with redis_server() as server:
        store = Store(f"sqlite:///{tmp_path}/web.db", Vault((SECRET,)), redis.Redis.from_url(server.url))
        with closing(store):
            store.migrate()
            client = create_app(site_of(settings(), store)).test_client()
            searched(store, "duffel", "ok", "1", 0.7)
            server.stop()
            text = told(client)
    assert value(text, "safiri_backlog", kind="inbox") == 0
    assert "duffel" not in text
