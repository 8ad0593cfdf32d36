"""Ways by road between towns and between points in them: printed where known, else reckoned from the map.

km       great-circle distance x 1.3 (roads wind), plus the way from a terminus to its town's centre (20 km for
         Nairobi's, 11 km for Mombasa's: sourced), plus 8 km for an end whose place in town is not known; between
         towns of intercity.csv the road distance printed there; 1 km at least to or from a point that is only
         known as "the town"
minutes  in and around towns the first 10 km at 20 km/h (10 km in 30 min is printed for Mombasa airport), the rest
         at 50 km/h; across the country 50 km/h
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from planner.model import Place, Spot, SpotKind
from providers.guidebook import GuideRow, haversine, km_between, places, rows, table
from providers.points import TERMINUS_KM

ROAD_FACTOR, COUNTRY_KMH = 1.3, 50
UNKNOWN_KM, LEAST_KM = 8.0, 1.0
VAGUE = frozenset({SpotKind.CENTRE, SpotKind.STAGE, SpotKind.STAY})  # points that may only be known as "the town"
_SLOW_KM, _SLOW_KMH, _FAST_KMH = 10, 20, 50


class _Row(GuideRow):
    origin: str
    destination: str
    road_km: int
    drive_min_high: int


@dataclass(frozen=True, slots=True)
class Road:
    """A way by road and `how` its length was found."""

    km: float
    minutes: int
    how: str


Network = Mapping[frozenset[str], Road]


@cache
def network(table: bytes) -> Network:
    """The roads of `intercity.csv` by the slugs of their two ends; the slower of a range of times."""
    return {
        frozenset((row.origin, row.destination)): Road(row.road_km, row.drive_min_high, "road between the towns")
        for row in rows(_Row, table)
    }


def minutes_by_road(origin: str, destination: str) -> float:
    """Minutes between two towns by slug; a day where a position is not known."""
    a, b = places().get(origin), places().get(destination)
    road = between(a, b, network(table("intercity.csv"))) if a and b else None
    return road.minutes if road is not None else 24 * 60


def between(origin: Place, destination: Place, roads: Network) -> Road | None:
    """The road between two towns, reckoned when none is listed; None when a position is not known."""
    listed = roads.get(frozenset((origin.slug, destination.slug)))
    if listed is not None:
        return listed
    km = km_between(origin, destination)
    if km is None:
        return None
    return Road(km * ROAD_FACTOR, max(10, round(km * ROAD_FACTOR / COUNTRY_KMH * 60)), "from the map")


def way_between(origin: Spot, destination: Spot, roads: Network) -> Road:
    """The way between two points, however little is known of where they are."""
    listed = roads.get(frozenset((origin.place, destination.place)))
    if listed is not None and origin.place != destination.place:
        extra = sum(TERMINUS_KM.get(spot.id, 0.0) for spot in (origin, destination))
        return Road(listed.km + extra, listed.minutes + (drive_minutes(extra) if extra else 0), listed.how)
    (lat_a, lon_a, off_a), (lat_b, lon_b, off_b) = _anchor(origin), _anchor(destination)
    unknown = UNKNOWN_KM in (off_a, off_b)
    off = UNKNOWN_KM if off_a == off_b == UNKNOWN_KM else off_a + off_b
    km = haversine(lat_a, lon_a, lat_b, lon_b) * ROAD_FACTOR + off
    kinds = {origin.kind, destination.kind}
    if kinds & VAGUE and kinds != {SpotKind.CENTRE, SpotKind.STAY}:
        km = max(km, LEAST_KM)
    return Road(km, drive_minutes(km), "guessed within the town" if unknown else "from the map")


def drive_minutes(km: float) -> int:
    """Minutes by car in and around a town."""
    slow = min(km, _SLOW_KM)
    return max(5, 5 * round((slow / _SLOW_KMH + (km - slow) / _FAST_KMH) * 60 / 5))


def _anchor(spot: Spot) -> tuple[float, float, float]:
    """A position to measure from and the km to add for not knowing better."""
    if spot.lat is not None and spot.lon is not None:
        return spot.lat, spot.lon, 0.0
    town = places().get(spot.place)
    if town is None or town.lat is None or town.lon is None:
        # A suburb without a position is reckoned from the city of its county.
        county = town.county if town is not None else ""
        town = next((p for p in places().values() if p.kind == "city" and p.county == county), places()["nairobi"])
    if town.lat is None or town.lon is None:
        raise ValueError(f"{town.slug} has no position")
    return town.lat, town.lon, TERMINUS_KM.get(spot.id, UNKNOWN_KM)
