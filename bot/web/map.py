"""A trip drawn over Kenya's outline, as the numbers of a small inline SVG (about 3 KB)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.documents.phrases import place_name
from planner.model import ItemType, Itinerary, Spot

OUTLINE = Path(__file__).parents[1] / "documents" / "kenya_outline.geojson"
WEST, EAST, SOUTH, NORTH = 33.7, 42.1, -4.9, 5.2
WIDTH, HEIGHT = 320, 385
TOLERANCE = 1.1  # pixels a simplified border may be off
TRAVEL = (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT, ItemType.OWN)
NEAR = 14.0  # pixels under which two stops are one dot

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leg:
    """A line from town to town; `flight` is drawn bent and dashed."""

    path: str
    flight: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A town on the way. `left` puts its name to the left of it."""

    x: float
    y: float
    name: str
    left: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What the template draws. Empty `dots` means that nothing on the way has a position."""

    width: int
    height: int
    outline: str
    legs: tuple[Leg, ...]
    dots: tuple[Dot, ...]


def draw(itinerary: Itinerary) -> Map:
    """The map of a trip: every ride between two towns, in order."""
    legs: dict[str, Leg] = {}
    dots: list[Dot] = []
    for item in itinerary.items:
        if item.type not in TRAVEL or item.origin is None or item.destination is None:
            continue
        ends = _position(item.origin), _position(item.destination)
        if ends[0] is None or ends[1] is None:
            continue
        flight = item.type is ItemType.FLIGHT
        path = _path(ends[0], ends[1], 0.18 if flight else 0.04)
        legs[path] = Leg(path, flight)
        for spot, at in zip((item.origin, item.destination), ends, strict=True):
            if at is not None and all(math.dist(at, (dot.x, dot.y)) > NEAR for dot in dots):
                dots.append(Dot(*at, name=place_name(spot.place), left=at[0] > WIDTH * 0.62))
    return Map(WIDTH, HEIGHT, outline(), tuple(legs.values()), tuple(dots))


@cache
def outline() -> str:
    """Kenya's border as one SVG path. Natural Earth 1:10m, public domain, simplified to what the size can show."""
    shape = json.loads(OUTLINE.read_text(encoding="utf-8"))["features"][0]["geometry"]
    rings = [ring for polygon in shape["coordinates"] for ring in polygon]
    return "".join(_closed(_simplified([_project(lon, lat) for lon, lat in ring])) for ring in rings)


def _project(lon: float, lat: float) -> Point:
    # Kenya straddles the equator: degrees are square enough.
    x = (lon - WEST) / (EAST - WEST) * WIDTH
    y = (NORTH - lat) / (NORTH - SOUTH) * HEIGHT
    return round(x, 1), round(y, 1)


def _position(spot: Spot) -> Point | None:
    if spot.lat is None or spot.lon is None:
        return None
    return _project(spot.lon, spot.lat)


def _path(start: Point, end: Point, bend: float) -> str:
    middle_x = (start[0] + end[0]) / 2 + (end[1] - start[1]) * bend
    middle_y = (start[1] + end[1]) / 2 - (end[0] - start[0]) * bend
    return f"M{start[0]} {start[1]}Q{middle_x:.1f} {middle_y:.1f} {end[0]} {end[1]}"


def _closed(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _simplified(points: list[Point]) -> list[Point]:
    """Douglas–Peucker on a closed ring: split at the point farthest from the start."""
    far = max(range(len(points)), key=lambda i: math.dist(points[0], points[i]))
    return _thinned(points[: far + 1])[:-1] + _thinned(points[far:])[:-1]


def _thinned(points: list[Point]) -> list[Point]:
    if len(points) < 3:
        return points
    first, last = points[0], points[-1]
    distances = [_off(point, first, last) for point in points[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__) + 1
    if distances[farthest - 1] <= TOLERANCE:
        return [first, last]
    return _thinned(points[: farthest + 1])[:-1] + _thinned(points[farthest:])


def _off(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end)
    if length == 0:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
