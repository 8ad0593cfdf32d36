"""How good day tours are on published instances of the team orienteering problem with time windows.

The gap is to the best value known, with as many rounds as take so much process time on this machine. What the files
hold and where they and the best values come from: tests/data/toptw/README.md.
"""

from __future__ import annotations

import csv
import math
import statistics
import time
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import click

from planner.tours import Day, Field, best_tours

DATA = Path(__file__).parents[1] / "data/toptw"
SECONDS = (1, 5)
TRIAL = 100  # rounds that tell how many a second has


def report() -> None:
    """Print the mean and the largest gap of every class, for each time."""
    click.echo("published day tours      days   runs" + "".join(f"    gap at {s} s, mean / most" for s in SECONDS))
    gaps: dict[tuple[str, int], list[list[float]]] = defaultdict(list)
    for name, days, best in best_known():
        runs = [(best - value) / best for value in (_value(name, days, seconds) for seconds in SECONDS)]
        gaps[name[:-2], days].append(runs)
    for (group, days), rows in sorted(gaps.items()):
        _row(group, str(days), rows)
    _row("all", "", [row for rows in gaps.values() for row in rows])


def best_known() -> list[tuple[str, int, int]]:
    """(instance, days, best value known) of every case."""
    with (DATA / "best.csv").open(encoding="utf-8", newline="") as file:
        return [(row["instance"], int(row["days"]), int(row["best"])) for row in csv.DictReader(file)]


def instance(name: str, days: int) -> tuple[Field, list[Day]]:
    """A published instance; distances are cut after one decimal, Cordeau's (pr) after two, and all made whole."""
    scale = 100 if name.startswith("pr") else 10
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    depot, *visits = ([Decimal(word) for word in line.split()] for line in lines)
    points = [(int(1000 * x), int(1000 * y)) for x, y, *_ in (*visits, depot)]
    minutes = tuple(
        tuple(math.isqrt(scale**2 * ((ax - bx) ** 2 + (ay - by) ** 2) // 10**6) for bx, by in points)
        for ax, ay in points
    )
    lengths, prizes, opens, closes = (tuple(int(visit[n]) for visit in visits) for n in (2, 3, 4, 5))
    field = Field(minutes, tuple(scale * length for length in lengths), prizes)
    windows = tuple(((scale * first, scale * last),) for first, last in zip(opens, closes, strict=True))
    home = len(visits)
    return field, [Day(home, home, scale * int(depot[4]), scale * int(depot[5]), windows)] * days


def _value(name: str, days: int, seconds: float) -> int:
    field, each = instance(name, days)
    began = time.process_time()
    best_tours(field, each, effort=TRIAL)
    took = time.process_time() - began
    return best_tours(field, each, effort=round(TRIAL * seconds / took)).value


def _row(group: str, days: str, rows: list[list[float]]) -> None:
    spread = "".join(f"{statistics.mean(gaps):17.2%} / {max(gaps):6.2%}" for gaps in zip(*rows, strict=True))
    click.echo(f"{group:<25}{days:>4}{len(rows):7}{spread}")
