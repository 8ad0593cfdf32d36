"""How good one day's tour is: Solomon-like tours with prizes and time windows, against a far wider search."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import time as clock_time
from random import Random

import click

from planner.model import ActivityOffer, ItemType, Offers, OpenSpan, Party, Spot, SpotKind, Stop, TripRequest
from planner.programmes import BEAM, Planner
from planner.shape import DAY, Clock, Rides
from planner.values import Tastes
from tests.planner.world import EVERY_DAY, FRIDAY, price, ride

# class → whether its points are clustered (c), random (r) or half and half (rc), and how wide its windows are
CLASSES = {f"{layout}{width}": (layout, width) for layout in ("c", "r", "rc") for width in (1, 2)}
WIDE = 1_000  # states a layer of the yardstick: with few candidates all there are
SIZES = ((12, 5), (30, 8), (50, 10))  # candidates, visits at most


def report() -> None:
    """Print the gap of the beam in use to the widest one, and the time it takes."""
    click.echo("day tours                       gap, mean / most     median time")
    for candidates, visits in SIZES:
        runs = [_gap(_instance(name, candidates, visits, seed)) for name in CLASSES for seed in range(1)]
        gaps, took = [gap for gap, _ in runs], [seconds for _, seconds in runs]
        name = f"{candidates} candidates, {visits} visits"
        click.echo(
            f"{name:<32}{statistics.mean(gaps):6.2%} / {max(gaps):6.2%}    {1000 * statistics.median(took):6.0f} ms"
        )


def _gap(planner_of: tuple[Planner, Spot, Sequence[ActivityOffer]]) -> tuple[float, float]:
    planner, bed, activities = planner_of
    began = time.process_time()
    found = _score(replace(planner, beam=BEAM), bed, activities)
    took = time.process_time() - began
    best = max(found, _score(replace(planner, beam=WIDE), bed, activities))
    return (best - found) / best, took


def _score(planner: Planner, bed: Spot, activities: Sequence[ActivityOffer]) -> int:
    orders = planner.orders(FRIDAY, bed, activities, 8 * 60, 20 * 60, frozenset())
    offered = planner.fitted(FRIDAY, bed, orders[:20], (8 * 60,), 20 * 60, frozenset())
    return max(programme.score for programme in offered)


def _instance(name: str, candidates: int, visits: int, seed: int) -> tuple[Planner, Spot, list[ActivityOffer]]:
    layout, width = CLASSES[name]
    random = Random(f"{name}/{candidates}/{seed}")
    centres = [(random.uniform(5, 35), random.uniform(5, 35)) for _ in range(max(3, candidates // 10))]
    points = {"bed": (20.0, 20.0)}
    spots = [Spot("bed", "bed", "town", SpotKind.CENTRE)]
    activities = []
    for n in range(candidates):
        spot = Spot(f"s{n}", f"s{n}", "town", SpotKind.SIGHT)
        clustered = layout == "c" or (layout == "rc" and n % 2 == 0)
        x, y = random.choice(centres) if clustered else (random.uniform(0, 40), random.uniform(0, 40))
        points[spot.id] = (x + random.gauss(0, 2), y + random.gauss(0, 2)) if clustered else (x, y)
        opens = random.randint(8 * 4, 17 * 4) * 15
        closes = min(20 * 60, opens + 60 + width * random.randint(60, 180))
        span = OpenSpan(EVERY_DAY, clock_time(*divmod(opens, 60)), clock_time(*divmod(closes, 60)))
        spots.append(spot)
        activities.append(
            ActivityOffer(
                f"do{n}", f"do{n}", spot, ItemType.ACTIVITY, frozenset(), 30, price(0), (span,), score=random.random()
            )
        )
    rides = [
        way
        for i, a in enumerate(spots)
        for b in spots[:i]
        for way in ride(a, b, 2 + round(abs(complex(*points[a.id]) - complex(*points[b.id]))), 0)
    ]
    asked = TripRequest("home", (Stop("town"),), FRIDAY, FRIDAY, Party(1))
    offers = Offers(transfers=tuple(rides))
    tastes = replace(Tastes.of(asked), visits=visits, active=DAY, opens=8 * 60, minute=0)
    planner = Planner(asked, Rides.of(offers, 0, asked), Clock.of(asked, offers), tastes)
    return planner, spots[0], activities
