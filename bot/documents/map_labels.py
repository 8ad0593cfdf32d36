"""Names on a map: each beside its dot, where no other name, dot or line is in the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.model import Mode

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top

LABEL_SIZE = 7.5
TOWN_SIZE = 6.0
_MARGIN = 22.0  # points that a label may stand out of the map


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


def labelled(
    pins: Sequence[tuple[str, Point]],
    towns: Sequence[tuple[str, Point]],
    legs: Sequence[Leg],
    width: float,
    height: float,
    reserved: Sequence[Box] = (),
) -> Iterator[Pin]:
    """Pins with their labels where nothing else is in the way; towns only where there is room.

    `reserved` are boxes that belong to something else.
    """
    points = [at for _, at in pins]
    lines = [spot for leg in legs for spot in _along(leg)]
    taken = list(reserved)
    for name, at in pins:
        label, box = _place(name, at, LABEL_SIZE, (taken, points, lines), (width, height))
        if label is None:
            label, box = _place(name, at, LABEL_SIZE, (taken, points, []), (width, height))
        if box:
            taken.append(box)
        yield Pin(name, at, True, label)
    for name, at in towns:
        inside = 4 < at[0] < width - 4 and 4 < at[1] < height - 4
        free = not any(_within(at, box, 3.0) for box in reserved)
        if inside and free and all(math.dist(at, point) > 12 for point in (*points, *lines)):
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
    obstacles: tuple[list[Box], list[Point], list[Point]],
    sheet: Point,
) -> tuple[Label | None, Box | None]:
    """The first free position of right, left, above, below."""
    taken, points, lines = obstacles
    wide, gap = 0.7 * size * len(text), size * 0.75
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
        inside = box[0] >= -_MARGIN and box[2] <= sheet[0] + _MARGIN and box[1] >= 0 and box[3] <= sheet[1]
        clear = not any(_within(point, box, 2.0) for point in (*points, *lines) if point != at)
        if inside and clear and not any(_overlap(box, other) for other in taken):
            return Label(text, (left, base), size), box
    return None, None


def _within(point: Point, box: Box, air: float) -> bool:
    return box[0] - air < point[0] < box[2] + air and box[1] - air < point[1] < box[3] + air


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
