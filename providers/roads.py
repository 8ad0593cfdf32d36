"""Roads between towns: kilometres and driving minutes, printed where known, else reckoned from the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from planner.model import Place
from providers.guidebook import GuideRow, km_between, rows

ROAD_FACTOR = 1.3  # how much longer a road is than the line
COUNTRY_KMH = 50


class _Row(GuideRow):
    origin: str
    destination: str
    road_km: int
    drive_min_high: int
    km_basis: str
    min_basis: str


@dataclass(frozen=True, slots=True)
class Road:
    """A way by road between two towns. `printed` tells a time found in a source from a reckoned one."""

    km: int
    minutes: int
    printed: bool


@cache
def network(table: bytes) -> Mapping[frozenset[str], Road]:
    """The roads of `intercity.csv` by the slugs of their two ends; the slower of a range of times."""
    return {
        frozenset((row.origin, row.destination)): Road(row.road_km, row.drive_min_high, row.min_basis == "sourced")
        for row in rows(_Row, table)
    }


def between(origin: Place, destination: Place, table: bytes) -> Road | None:
    """The road between two towns, reckoned when none is listed; None when a position is not known."""
    listed = network(table).get(frozenset((origin.slug, destination.slug)))
    if listed is not None:
        return listed
    km = km_between(origin, destination)
    if km is None:
        return None
    road_km = round(km * ROAD_FACTOR)
    return Road(road_km, max(10, round(road_km / COUNTRY_KMH * 60)), printed=False)
