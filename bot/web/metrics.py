"""Counters of the web process, and what is waiting in the store, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.web.parts import Parts, parts

KEY = "safiri_meters"
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "OPTIONS", "PUT", "DELETE"})
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Backlog(Collector):
    """What is owed and not done yet, read from the store when asked."""

    def __init__(self, app: Parts) -> None:
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge with a sample for each kind of work; nothing while the database is away."""
        gauge = GaugeMetricFamily("safiri_backlog", "Work accepted and not finished", labels=["kind"])
        store, now = self._app.store, datetime.now(UTC)
        try:
            with store.reading() as session:
                gauge.add_metric(["inbox"], len(store.inbox.overdue(session, now)))
                gauge.add_metric(["outbox_chats"], len(store.outbox.chats_owed(session, now, self._app.channels)))
                gauge.add_metric(["tasks"], len(store.tasks.overdue(session, now)))
        except SQLAlchemyError:
            return
        yield gauge


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
        return generate_latest(counted) + generate_latest(stored)

    def _start(self) -> None:
        g.started = time.perf_counter()

    def _finish(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in METHODS else "other"  # a stranger could invent any number
        self._requests.labels(method, route, str(response.status_code)).inc()
        if "started" in g:
            self._seconds.labels(route).observe(time.perf_counter() - g.started)
        return response


def meters() -> Meters:
    """The meters of the application that serves this request."""
    return cast(Meters, current_app.extensions[KEY])
