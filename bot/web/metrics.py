"""Counters of the web process, and what is waiting in the store, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import cast

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.web.parts import Parts, parts
from storage.memory import Labels

KEY = "safiri_meters"
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "OPTIONS", "PUT", "DELETE"})
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

CLAUDE = (
    ("claude_answers", "Questions to Claude by what for and how they ended", ("model", "use", "ended")),
    ("claude_tokens", "Tokens of Claude's answers by what they are charged as", ("model", "kind")),
    ("claude_cost_usd", "What they cost in USD at the prices that are set", ("model",)),
)


class Backlog(Collector):
    """What is owed and not done yet, read from the store when asked."""

    def __init__(self, app: Parts) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What waits and what was given up, each by kind of work; nothing while the database is away."""
        dead = GaugeMetricFamily("safiri_dead_letters", "Work given up after too many tries", labels=["kind"])
        gauge = GaugeMetricFamily("safiri_backlog", "Work accepted and not finished", labels=["kind"])
        store, now = self._app.store, datetime.now(UTC)
        try:
            with store.reading() as session:
                gauge.add_metric(["inbox"], len(store.inbox.overdue(session, now)))
                gauge.add_metric(["outbox_chats"], len(store.outbox.chats_owed(session, now, self._app.channels)))
                gauge.add_metric(["tasks"], len(store.tasks.overdue(session, now)))
                for kind, count in store.dead_letters(session).items():
                    dead.add_metric([kind], count)
        except SQLAlchemyError:
            return
        yield gauge
        yield dead


class Searches(Collector):
    """How the sources on the network fare, as all workers have counted it in the memory they share."""

    def __init__(self, app: Parts) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """Searches and answers from memory by source, seconds, and which sources are left alone after failures."""
        memory = self._app.store.memory
        told = memory.tallies()
        searches = told.get("provider_searches", {})
        yield _counter("provider_searches", "Searches at sources by how they ended", ("provider", "status"), searches)
        for name, what, labels in CLAUDE:
            if name in told:
                yield _counter(name, what, labels, told[name])
        remembered = told.get("provider_cache", {})
        yield _counter("provider_cache", "Answers of sources looked up in memory", ("provider", "answer"), remembered)
        yield _seconds(told.get("provider_seconds_bucket", {}), told.get("provider_seconds_sum", {}))
        is_open = GaugeMetricFamily(
            "safiri_provider_open", "1 while a failing source is left alone", labels=["provider"]
        )
        for provider in sorted({dict(labels)["provider"] for labels in searches}):
            is_open.add_metric([provider], float(memory.marked(f"open:{provider}") > 0))
        yield is_open


def _counter(name: str, what: str, names: Sequence[str], told: Mapping[Labels, float]) -> CounterMetricFamily:
    counter = CounterMetricFamily(f"safiri_{name}", what, labels=names)
    for labels, amount in told.items():
        of = dict(labels)
        counter.add_metric([of[label] for label in names], amount)
    return counter


def _seconds(buckets: Mapping[Labels, float], sums: Mapping[Labels, float]) -> HistogramMetricFamily:
    """One histogram. Workers count each search in the one bucket it falls into; Prometheus wants them to add up."""
    histogram = HistogramMetricFamily("safiri_provider_seconds", "Time sources took to answer", labels=["provider"])
    counted = {(dict(labels)["provider"], dict(labels)["le"]): number for labels, number in buckets.items()}
    bounds = sorted({le for _, le in counted} | {"+Inf"}, key=float)
    for labels, total in sums.items():
        provider = dict(labels)["provider"]
        below = accumulate(counted.get((provider, le), 0.0) for le in bounds)
        histogram.add_metric([provider], list(zip(bounds, below, strict=True)), total)
    return histogram


class Meters:
    """Counts requests by route, never by address: addresses carry secrets."""

    def __init__(self, directory: Path | None) -> None:
        own = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("safiri_http_requests", "HTTP requests answered", labels, registry=own)
        self._seconds = Histogram(
            "safiri_http_seconds", "Time to answer an HTTP request", ("route",), buckets=BUCKETS, registry=own
        )
        self._own, self._directory = own, directory
        # Looking up a meter by its labels costs as much as counting; there are few.
        self._of = cache(lambda *of: self._requests.labels(*of))
        self._of_route = cache(lambda route: self._seconds.labels(route))

    def watch(self, site: Flask) -> None:
        """Time every request of this application."""
        site.extensions[KEY] = self
        site.before_request(self._start)
        site.after_request(self._finish)

    def text(self) -> bytes:
        """Everything in Prometheus text format, all worker processes added up."""
        counted: CollectorRegistry = self._own
        if self._directory is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, path=str(self._directory))  # type: ignore[no-untyped-call]
        stored = CollectorRegistry()
        stored.register(Backlog(parts()))
        stored.register(Searches(parts()))
        return generate_latest(counted) + generate_latest(stored)

    def _start(self) -> None:
        g.started = time.perf_counter()

    def _finish(self, response: Response) -> Response:
        now, route = time.perf_counter(), request.url_rule.rule if request.url_rule else "none"
        self.note(request.method, route, response.status_code, now - g.get("started", now))
        return response

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        known = method if method in METHODS else "other"  # a stranger could invent any number
        self._of(known, route, str(int(status))).inc()
        self._of_route(route).observe(seconds)


def meters_of(site: Flask) -> Meters:
    """The meters of a web application."""
    return cast(Meters, site.extensions[KEY])
