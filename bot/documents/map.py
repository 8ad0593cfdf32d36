"""A trip on the map of Kenya: pure geometry, from longitude and latitude to points on paper.

The border is Natural Earth 1:10m (public domain), in kenya_outline.geojson beside this file. Everything returned is in
PDF points with the origin at the lower left of the map.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.documents.map_labels import Box, Leg, Pin, Point, labelled
from bot.documents.phrases import place_name
from planner.model import Itinerary, Mode, SpotKind

Ring = tuple[Point, ...]
Ride = tuple[Mode, str, str]  # from one place to another, by slug

_OUTLINE = Path(__file__).with_name("kenya_outline.geojson")
KENYA = (33.9, -4.75, 41.95, 5.45)  # west, south, east, north: the border and a little air
_NEAR = 8.0  # points: pins closer than this are one pin
_LOCAL = 0.35  # degrees, some 40 km: a shorter ride is an outing
_TIGHT = 1.5  # degrees: a route smaller than this is drawn on a closer map
LOCATOR = (40.0, 49.0)  # points: the small map of Kenya in the corner of a close-up
_CLOSE_UP = 2.6  # degrees: the least that a closer map shows
_TOLERANCE = 0.35  # points: how far the simplified border may be from the real one
# Towns for orientation (GeoNames, CC BY 4.0): longitude, latitude.
_TOWNS: tuple[tuple[str, float, float], ...] = (
    ("Nairobi", 36.81667, -1.28333),
    ("Mombasa", 39.66359, -4.05466),
    ("Kisumu", 34.76171, -0.10221),
    ("Nakuru", 36.07225, -0.30719),
    ("Eldoret", 35.26993, 0.52036),
    ("Garissa", 39.64601, -0.45275),
    ("Marsabit", 37.99086, 2.33468),
    ("Lodwar", 35.59642, 3.11988),
    ("Malindi", 40.11692, -3.21799),
    ("Nanyuki", 37.07398, 0.00624),
    ("Narok", 35.87104, -1.08083),
)


@dataclass(frozen=True, slots=True)
class RouteMap:
    """Everything to draw. `locator` is the box of this map on a small map of Kenya, when this one is a close-up."""

    width: float
    height: float
    land: tuple[Ring, ...]
    pins: tuple[Pin, ...]
    legs: tuple[Leg, ...]
    close_up: bool
    locator: tuple[float, float, float, float] | None = None  # west, south, east, north in degrees


@dataclass(frozen=True, slots=True)
class View:
    """A box of degrees laid on a sheet, north up, the same scale both ways, centred. Exact enough at the equator."""

    west: float
    south: float
    scale: float  # points per degree
    dx: float
    dy: float

    @classmethod
    def of(cls, box: tuple[float, float, float, float], width: float, height: float) -> View:
        """The largest view of `box` that fits."""
        west, south, east, north = box
        scale = min(width / (east - west), height / (north - south))
        dx, dy = (width - scale * (east - west)) / 2, (height - scale * (north - south)) / 2
        return cls(west, south, scale, dx, dy)

    def point(self, lon: float, lat: float) -> Point:
        """Degrees to paper."""
        return (self.dx + (lon - self.west) * self.scale, self.dy + (lat - self.south) * self.scale)


@cache
def outline() -> tuple[Ring, ...]:
    """The border of Kenya, islands included, in degrees (longitude, latitude)."""
    features = json.loads(_OUTLINE.read_text())["features"]
    return tuple(
        tuple((lon, lat) for lon, lat in ring)
        for feature in features
        for polygon in feature["geometry"]["coordinates"]
        for ring in polygon[:1]
    )


def simplify(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Fewer points, none further than `tolerance` from the line they were on (Douglas–Peucker); the ends stay."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        gap, split = max(
            ((_distance(points[i], points[first], points[last]), i) for i in range(first + 1, last)),
            default=(0.0, first),
        )
        if gap > tolerance:
            keep.add(split)
            spans += [(first, split), (split, last)]
    return [points[i] for i in sorted(keep)]


@lru_cache(maxsize=32)  # nearly all trips are shown on one of two or three views
def land(view: View, tolerance: float = _TOLERANCE) -> tuple[Ring, ...]:
    """The border on paper, simplified; islands too small to show are left out."""
    rings = ([view.point(lon, lat) for lon, lat in ring] for ring in _simplified(tolerance / view.scale))
    return tuple(tuple((round(x, 1), round(y, 1)) for x, y in ring) for ring in rings)


@lru_cache(maxsize=32)  # views of one size differ only in where they look
def _simplified(tolerance: float) -> tuple[Ring, ...]:
    """The border in degrees, no more precise than this, without what is then too small to be an area."""
    rings = []
    for ring in outline():
        middle = len(ring) // 2  # a closed ring has equal ends: each half is simplified for itself
        rings.append(simplify(ring[: middle + 1], tolerance)[:-1] + simplify(ring[middle:], tolerance))
    return tuple(tuple(ring) for ring in rings if len(ring) > 2)


def route_map(plan: Itinerary, width: float, height: float) -> RouteMap:
    """The map of a trip. Outings and rides whose ends have no known position are left out."""
    at_place = _positions(plan)
    rides = [ride for ride in _rides(plan) if {ride[1], ride[2]} <= at_place.keys() and _far(ride, at_place, plan)]
    stops = {slug: at_place[slug] for _, *ends in rides for slug in ends}
    box, close_up = _frame(list(stops.values()))
    view = View.of(box, width, height)
    at = {slug: view.point(*position) for slug, position in stops.items()}
    pins = _pins(at, {stop.place for stop in plan.request.stops} | {plan.request.origin})
    towns = [(name, view.point(lon, lat)) for name, lon, lat in _TOWNS]
    legs = tuple(_legs(rides, at))
    return RouteMap(
        width,
        height,
        land(view),
        tuple(labelled(pins, towns, legs, width, height, [locator_box(width, height)] if close_up else [])),
        legs,
        close_up,
        box if close_up else None,
    )


def locator_box(width: float, height: float) -> Box:
    """The corner of a close-up that shows where it lies: left, bottom, right, top."""
    return (width - LOCATOR[0] - 12, height - LOCATOR[1] - 12, width - 4, height - 4)


def _rides(plan: Itinerary) -> Iterator[Ride]:
    for item in plan.items:
        if item.mode and item.origin and item.destination and item.origin.place != item.destination.place:
            yield item.mode, item.origin.place, item.destination.place


def _positions(plan: Itinerary) -> dict[str, Point]:
    """Where each place lies: its centre if known, else any spot in it, else the town of that name."""
    spots = [spot for item in plan.items for spot in (item.origin, item.destination, item.spot) if spot]
    spots.sort(key=lambda spot: spot.kind is not SpotKind.CENTRE)
    places: dict[str, Point] = {}
    for spot in spots:
        if spot.lat is not None and spot.lon is not None:
            places.setdefault(spot.place, (spot.lon, spot.lat))
    for name, lon, lat in _TOWNS:
        places.setdefault(name.lower(), (lon, lat))
    return places


def _far(ride: Ride, places: dict[str, Point], plan: Itinerary) -> bool:
    """Whether a ride is part of the journey: between two of its towns, or too far to be a local one."""
    _, origin, destination = ride
    towns = {plan.request.origin, *(stop.place for stop in plan.request.stops)}
    return {origin, destination} <= towns or math.dist(places[origin], places[destination]) > _LOCAL


def _frame(points: Sequence[Point]) -> tuple[tuple[float, float, float, float], bool]:
    """The box to show: all of Kenya and the route, or a close-up of a small route."""
    west, south, east, north = KENYA
    if not points:
        return KENYA, False
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    inside = west <= min(lons) and max(lons) <= east and south <= min(lats) and max(lats) <= north
    if inside and max(max(lons) - min(lons), max(lats) - min(lats)) < _TIGHT:
        mid_lon, mid_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        half = _CLOSE_UP / 2
        return (mid_lon - half, mid_lat - half, mid_lon + half, mid_lat + half), True
    pad = 0.0 if inside else 0.6
    box = (
        min(west, min(lons) - pad),
        min(south, min(lats) - pad),
        max(east, max(lons) + pad),
        max(north, max(lats) + pad),
    )
    return box, False


def _pins(at: dict[str, Point], wanted: set[str]) -> list[tuple[str, Point]]:
    """Places as pins; of several in one spot the one the traveller named stays."""
    pins: list[tuple[str, Point]] = []
    for slug in sorted(at, key=lambda slug: (slug not in wanted, list(at).index(slug))):
        if all(math.dist(at[slug], there) > _NEAR for _, there in pins):
            pins.append((place_name(slug), at[slug]))
    return pins


def _legs(rides: Iterable[Ride], at: dict[str, Point]) -> Iterator[Leg]:
    """Curves that bow to their left, so that the way back lies beside the way out; repeated rides bow further."""
    drawn: dict[tuple[str, str], int] = {}
    for mode, origin, destination in rides:
        start, end = at[origin], at[destination]
        key = (origin, destination)
        drawn[key] = drawn.get(key, 0) + 1
        bow = (0.22 if mode is Mode.FLIGHT else 0.09) * drawn[key]
        dx, dy = end[0] - start[0], end[1] - start[1]
        if math.hypot(dx, dy) > _NEAR / 2:
            yield Leg(mode, start, ((start[0] + end[0]) / 2 - dy * bow, (start[1] + end[1]) / 2 + dx * bow), end)


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if not length:
        return math.dist(point, start)
    t = max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    return math.dist(point, (start[0] + t * dx, start[1] + t * dy))
