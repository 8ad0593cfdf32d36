"""A trip on the map of Kenya: pure geometry, from longitude and latitude to points on paper.

The border is Natural Earth 1:10m (public domain), in kenya_outline.geojson beside this file. Everything returned is in
PDF points with the origin at the lower left of the map.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.documents.phrases import place_name
from planner.model import Itinerary, Mode, Spot

Point = tuple[float, float]
Ring = tuple[Point, ...]

LABEL_SIZE = 7.5
TOWN_SIZE = 6.0
_OUTLINE = Path(__file__).with_name("kenya_outline.geojson")
_KENYA = (33.9, -4.75, 41.95, 5.45)  # west, south, east, north: the border and a little air
_NEAR = 8.0  # points: pins closer than this are one pin
_TIGHT = 1.5  # degrees: a route smaller than this is drawn on a closer map
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
class Label:
    """Words beside a dot: the left end of the base line."""

    text: str
    at: Point
    size: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A place of the trip (`visited`) or a town for orientation. `label` is None where there is no room for it."""

    name: str
    at: Point
    visited: bool
    label: Label | None


@dataclass(frozen=True, slots=True)
class Leg:
    """A ride between two places as a quadratic curve: both ends and the control point."""

    mode: Mode
    start: Point
    control: Point
    end: Point


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


def land(view: View, tolerance: float = _TOLERANCE) -> tuple[Ring, ...]:
    """The border on paper, simplified; islands too small to show are left out."""
    rings = (_simplified([view.point(lon, lat) for lon, lat in ring], tolerance) for ring in outline())
    return tuple(ring for ring in rings if len(ring) > 2)


def _simplified(ring: Sequence[Point], tolerance: float) -> Ring:
    middle = len(ring) // 2  # a closed ring has equal ends: each half is simplified for itself
    points = simplify(ring[: middle + 1], tolerance)[:-1] + simplify(ring[middle:], tolerance)
    return tuple((round(x, 1), round(y, 1)) for x, y in points)


def route_map(plan: Itinerary, width: float, height: float) -> RouteMap:
    """The map of a trip. Rides whose ends have no known position are left out."""
    rides = list(_rides(plan))
    stops = _stops(rides)
    box, close_up = _frame([spot for _, *ends in rides for spot in ends])
    view = View.of(box, width, height)
    at = {slug: view.point(*position) for slug, position in stops.items()}
    pins = _pins(at, {stop.place for stop in plan.request.stops} | {plan.request.origin})
    towns = [(name, view.point(lon, lat)) for name, lon, lat in _TOWNS]
    legs = tuple(_legs(rides, at))
    return RouteMap(
        width,
        height,
        land(view),
        tuple(_labelled(pins, towns, legs, width, height)),
        legs,
        close_up,
        box if close_up else None,
    )


def _rides(plan: Itinerary) -> Iterator[tuple[Mode, Spot, Spot]]:
    for item in plan.items:
        start, end = item.origin, item.destination
        if item.mode and start and end and start.place != end.place and _position(start) and _position(end):
            yield item.mode, start, end


def _position(spot: Spot) -> Point | None:
    return None if spot.lat is None or spot.lon is None else (spot.lon, spot.lat)


def _stops(rides: Iterable[tuple[Mode, Spot, Spot]]) -> dict[str, Point]:
    places: dict[str, Point] = {}
    for _, *ends in rides:
        for spot in ends:
            if (position := _position(spot)) is not None:
                places.setdefault(spot.place, position)
    return places


def _frame(spots: Sequence[Spot]) -> tuple[tuple[float, float, float, float], bool]:
    """The box to show: all of Kenya and the route, or a close-up of a small route."""
    west, south, east, north = _KENYA
    points = [position for spot in spots if (position := _position(spot)) is not None]
    if not points:
        return _KENYA, False
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


def _legs(rides: Iterable[tuple[Mode, Spot, Spot]], at: dict[str, Point]) -> Iterator[Leg]:
    """Curves that bow to their left, so that the way back lies beside the way out; repeated rides bow further."""
    drawn: dict[tuple[str, str], int] = {}
    for mode, origin, destination in rides:
        start, end = at[origin.place], at[destination.place]
        key = (origin.place, destination.place)
        drawn[key] = drawn.get(key, 0) + 1
        bow = (0.22 if mode is Mode.FLIGHT else 0.09) * drawn[key]
        dx, dy = end[0] - start[0], end[1] - start[1]
        if math.hypot(dx, dy) > _NEAR / 2:
            yield Leg(mode, start, ((start[0] + end[0]) / 2 - dy * bow, (start[1] + end[1]) / 2 + dx * bow), end)


def _labelled(
    pins: Sequence[tuple[str, Point]],
    towns: Sequence[tuple[str, Point]],
    legs: Sequence[Leg],
    width: float,
    height: float,
) -> Iterator[Pin]:
    """Pins with their labels where no other label, pin or line is in the way; towns only where there is room."""
    points = [at for _, at in pins]
    lines = [spot for leg in legs for spot in _along(leg)]
    taken: list[tuple[float, float, float, float]] = []
    for name, at in pins:
        label, box = _place(name, at, LABEL_SIZE, (taken, points, lines), (width, height))
        if label is None:
            label, box = _place(name, at, LABEL_SIZE, (taken, points, []), (width, height))
        if box:
            taken.append(box)
        yield Pin(name, at, True, label)
    for name, at in towns:
        inside = 4 < at[0] < width - 4 and 4 < at[1] < height - 4
        if inside and all(math.dist(at, point) > 12 for point in (*points, *lines)):
            label, box = _place(name, at, TOWN_SIZE, (taken, points, lines), (width, height))
            if label and box:
                taken.append(box)
                points.append(at)
                yield Pin(name, at, False, label)


def _along(leg: Leg) -> list[Point]:
    steps = (n / 16 for n in range(1, 16))
    return [
        (
            (1 - t) ** 2 * leg.start[0] + 2 * t * (1 - t) * leg.control[0] + t * t * leg.end[0],
            (1 - t) ** 2 * leg.start[1] + 2 * t * (1 - t) * leg.control[1] + t * t * leg.end[1],
        )
        for t in steps
    ]


def _place(
    text: str,
    at: Point,
    size: float,
    obstacles: tuple[list[tuple[float, float, float, float]], list[Point], list[Point]],
    sheet: Point,
) -> tuple[Label | None, tuple[float, float, float, float] | None]:
    """The first free position of right, left, above, below."""
    taken, points, lines = obstacles
    wide, gap = 0.62 * size * len(text), size * 0.75
    x, y = at
    for left, base in (
        (x + gap, y - size * 0.35),
        (x - gap - wide, y - size * 0.35),
        (x - wide / 2, y + gap),
        (x - wide / 2, y - gap - size * 0.7),
        (x + gap * 0.6, y + gap * 0.8),
        (x + gap * 0.6, y - gap * 1.3),
        (x - gap * 0.6 - wide, y + gap * 0.8),
        (x - gap * 0.6 - wide, y - gap * 1.3),
    ):
        box = (left, base - size * 0.2, left + wide, base + size * 0.8)
        inside = 0 <= box[0] and box[2] <= sheet[0] and 0 <= box[1] and box[3] <= sheet[1]
        clear = not any(_within(point, box, 2.0) for point in (*points, *lines) if point != at)
        if inside and clear and not any(_overlap(box, other) for other in taken):
            return Label(text, (left, base), size), box
    return None, None


def _within(point: Point, box: tuple[float, float, float, float], air: float) -> bool:
    return box[0] - air < point[0] < box[2] + air and box[1] - air < point[1] < box[3] + air


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if not length:
        return math.dist(point, start)
    t = max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    return math.dist(point, (start[0] + t * dx, start[1] + t * dy))
