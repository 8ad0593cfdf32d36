"""How fast a webhook is acknowledged, its message stored and its job queued, beside two routes without our work."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass

import click

from tests.bench import load
from tests.bench.stack import Database, databases, stack_on

ROUNDS = 3  # of each route in turn, so that what else the machine does meets all of them
SECONDS = 4.0
ONLY_ANSWERS, ENQUEUES, OURS = "a route that only answers", "a route with one rq enqueue", "our webhook"


@dataclass(frozen=True, slots=True)
class Figures:
    """The medians of the rounds."""

    per_second: float
    p50: float
    p99: float
    refused: int


def report() -> None:
    """On SQLite and PostgreSQL."""
    with databases() as kinds:
        for kind in kinds:
            figures = measure(kind)
            click.echo(f"webhook on {kind.name}, {load.UPDATE_BYTES}-byte update, 16 connections:")
            for name, found in figures.items():
                refused = f", {found.refused} REFUSED" if found.refused else ""
                click.echo(
                    f"  {name}: {found.per_second:.0f}/s, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms{refused}"
                )
            ours, theirs = figures[OURS], figures[ENQUEUES]
            click.echo(
                f"  ours to rq's: throughput × {ours.per_second / theirs.per_second:.2f} (goal ≥ 1), "
                f"p99 × {ours.p99 / theirs.p99:.2f} (goal ≤ 2)"
            )


def measure(kind: Database, seconds: float = SECONDS) -> dict[str, Figures]:
    """Each route, served by the same settings of gunicorn."""
    found: dict[str, list[load.Result]] = {}
    with stack_on(kind, telegram="http://127.0.0.1:1") as stack:
        ours, theirs = stack.start_web(), stack.start_web("tests.bench.routes:app", "routes")
        routes = {ONLY_ANSWERS: (theirs, "/plain"), ENQUEUES: (theirs, "/rq"), OURS: (ours, "/webhooks/telegram")}
        first = itertools.count(700_000_000, 1_000_000)
        for port, path in routes.values():  # connections, compiled statements and the chats themselves
            load.post(load.Order(port, path, next(first), 1.0))
        for _ in range(ROUNDS):
            for name, (port, path) in routes.items():
                stack.empty_redis()
                found.setdefault(name, []).append(load.post(load.Order(port, path, next(first), seconds)))
    return {name: _medians(results) for name, results in found.items()}


def _medians(results: list[load.Result]) -> Figures:
    return Figures(
        statistics.median(result.per_second for result in results),
        statistics.median(result.p50 for result in results),
        statistics.median(result.p99 for result in results),
        sum(result.refused for result in results),
    )
