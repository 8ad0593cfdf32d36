"""The map of a trip as the numbers of a small inline SVG: the geometry of `bot.documents.map`, north up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.documents.map import KENYA, LOCATOR, View, land, locator_box, route_map
from bot.documents.map_labels import Leg, Pin, Point
from planner.model import Itinerary, Mode

WIDTH, HEIGHT = 170.0, 200.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A place; `stop` is one of the trip, the others are for orientation."""

    x: float
    y: float
    stop: bool


@dataclass(frozen=True, slots=True)
class Name:
    """Words on the map, from the left end of their base line."""

    x: float
    y: float
    size: float
    text: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Corner:
    """Where a close-up lies in Kenya: a small outline, and the shown part as x, y, width and height."""

    land: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Map:
    """What the template draws, in its order. `places` names the stops for those who cannot see it."""

    width: float
    height: float
    land: str
    legs: tuple[tuple[str, bool], ...]  # path, whether it is flown
    dots: tuple[Dot, ...]
    names: tuple[Name, ...]
    corner: Corner | None
    places: str


def draw(plan: Itinerary) -> Map | None:
    """The map of a trip, None when nothing on the way has a known position."""
    drawn = route_map(plan, WIDTH, HEIGHT)
    if not drawn.legs:
        return None
    pins = sorted(drawn.pins, key=lambda pin: pin.visited)
    return Map(
        width=WIDTH,
        height=HEIGHT,
        land=_outline(drawn.land),
        legs=tuple(dict.fromkeys((_curve(leg), leg.mode is Mode.FLIGHT) for leg in drawn.legs)),
        dots=tuple(Dot(*_down(pin.at), stop=pin.visited) for pin in pins),
        names=tuple(_name(pin) for pin in pins if pin.label),
        corner=_corner(drawn.locator) if drawn.locator else None,
        places=", ".join(pin.name for pin in drawn.pins if pin.visited),
    )


def _name(pin: Pin) -> Name:
    label = pin.label
    if label is None:
        raise ValueError(f"{pin.name} has no label")
    return Name(*_down(label.at), size=label.size, text=label.text, stop=pin.visited)


def _corner(shown: tuple[float, float, float, float]) -> Corner:
    left, bottom, *_ = locator_box(WIDTH, HEIGHT)
    small = View.of(KENYA, *LOCATOR)
    rings = [[(x + left, y + bottom) for x, y in ring] for ring in land(small)]
    west, south, east, north = shown
    (x0, y0), (x1, y1) = small.point(west, south), small.point(east, north)
    (x, y), (right, top) = _down((x0 + left, y0 + bottom)), _down((x1 + left, y1 + bottom))
    return Corner(_outline(rings), x, top, round(right - x, 1), round(y - top, 1))


def _down(at: Point) -> Point:
    """Paper counts upwards, a screen downwards."""
    return round(at[0], 1), round(HEIGHT - at[1], 1)


def _at(point: Point) -> str:
    x, y = _down(point)
    return f"{x:g} {y:g}"


def _curve(leg: Leg) -> str:
    return f"M{_at(leg.start)}Q{_at(leg.control)} {_at(leg.end)}"


def _outline(rings: Iterable[Sequence[Point]]) -> str:
    return "".join("M" + "L".join(map(_at, ring)) + "Z" for ring in rings)
