"""How fast and how good plans over generated worlds are: the table of docs/planner.md."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from planner.checks import broken, verify
from planner.model import Infeasible, Itinerary, Offers, TripRequest
from planner.problem import EFFORT
from planner.solver import build, coarse, drafts, fine, first
from tests.bench.worlds import Size, world

TRIPS = 200
HEAD = (
    "CPU time, one core              first, median / p95     final, median / p95     planned  broken"
    "    proven   gap, mean / most"
)
PROVEN = 1e-6  # a gap below this is none
GROWTH = 5  # trips for each other size
DAYS = (2, 3, 7, 10, 14)
OFFERS = (50, 100, 400, 1_000)


@dataclass(frozen=True, slots=True)
class Run:
    """One trip planned: seconds to the first and to the final plan, and what came of it.

    `gap` is how far the final plan is from what is proven possible with the programmes offered, None without a plan.
    """

    first: float
    final: float
    planned: bool
    breaches: tuple[str, ...]
    gap: float | None


def report() -> None:
    """Print the table."""
    build(*world(Size(days=2), 0), trip_id="warm")  # loads the solver
    click.echo(HEAD)
    size = Size()
    _row(f"{size.days} days, {_offers(size)} offers, {TRIPS} trips", [_run(size, seed) for seed in range(TRIPS)])
    for size in _growth():
        _row(f"{size.days} days, {_offers(size)} offers", [_run(size, seed) for seed in range(GROWTH)])


def _growth() -> Iterator[Size]:
    for days in DAYS:
        yield Size(days=days)
    for offers in OFFERS:
        yield Size().scaled(offers)


def _offers(size: Size) -> int:
    return size.transports + size.stays + size.activities


def _run(size: Size, seed: int) -> Run:
    asked, offers = world(size, seed)
    began = time.process_time()
    draft = first(asked, offers, trip_id="bench")
    at_first = time.process_time() - began
    began = time.process_time()
    plan = build(asked, offers, trip_id="bench")
    at_final = time.process_time() - began
    found: list[str] = []
    for each in (draft, plan):
        if isinstance(each, Itinerary):
            found += [finding.rule for finding in broken(verify(each, asked, offers))]
    return Run(at_first, at_final, not isinstance(plan, Infeasible), tuple(sorted(set(found))), _gap(asked, offers))


def _gap(asked: TripRequest, offers: Offers) -> float | None:
    draft = next(drafts(asked, offers))
    return None if isinstance(draft, Infeasible) else fine(coarse(draft, EFFORT), EFFORT).gap


def _row(name: str, runs: Sequence[Run]) -> None:
    breaches = sorted({rule for run in runs for rule in run.breaches})
    gaps = [run.gap for run in runs if run.gap is not None]
    click.echo(
        f"{name:<32}{_spread([run.first for run in runs])}    {_spread([run.final for run in runs])}"
        f"    {sum(run.planned for run in runs)}/{len(runs)}"
        f"    {sum(bool(run.breaches) for run in runs):>6} {' '.join(breaches)}"
        f"   {sum(gap < PROVEN for gap in gaps)}/{len(gaps)}   {statistics.mean(gaps):.2%} / {max(gaps):.2%}"
    )


def _spread(took: Sequence[float]) -> str:
    hundredths = statistics.quantiles(took, n=100, method="inclusive")
    return f"{1000 * hundredths[49]:6.0f} /{1000 * hundredths[94]:6.0f} ms "
