"""Puts a route map on paper: land, rides by mode, places with their names."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from bot.documents.map import KENYA, LOCATOR, Ring, RouteMap, View, land, locator_box
from bot.documents.map_labels import Label, Leg, Pin
from bot.documents.shapes import closed, lines
from bot.documents.sheet import BOLD, CLAY, COAST, FAINT, GREEN, INK, LAND, PAPER, REGULAR, drawable
from planner.model import Mode


def draw(canvas: Canvas, route: RouteMap, x: float, y: float) -> None:
    """Draw the map with its lower left corner at (x, y)."""
    canvas.saveState()
    canvas.translate(x, y)
    if route.close_up:
        frame = canvas.beginPath()
        frame.roundRect(0, 0, route.width, route.height, 6)
        canvas.clipPath(frame, stroke=0, fill=0)
    _ground(canvas, route.land)
    for leg in route.legs:
        _leg(canvas, leg)
    for pin in route.pins:
        _dot(canvas, *pin.at, 3.1 if pin.visited else 1.3, visited=pin.visited)
        if pin.label:
            _name(canvas, pin, pin.label)
    if route.locator:
        _locator(canvas, route, route.locator)
    canvas.restoreState()


def _ground(canvas: Canvas, rings: tuple[Ring, ...]) -> None:
    canvas.setFillColor(LAND)
    canvas.setStrokeColor(COAST)
    canvas.setLineWidth(0.7)
    canvas.setLineJoin(1)
    for ring in rings:
        canvas.drawPath(closed(ring), stroke=1, fill=1)


def _leg(canvas: Canvas, leg: Leg) -> None:
    """Rail is a line with ties, a flight is dashed, water is dotted, roads are plain."""
    canvas.saveState()
    canvas.setLineCap(1)
    canvas.setStrokeColor(CLAY if leg.mode is Mode.FLIGHT else GREEN)
    canvas.setLineWidth(1.5)
    if leg.mode is Mode.FLIGHT:
        canvas.setDash(4, 3)
    elif leg.mode is Mode.FERRY:
        canvas.setDash(0.1, 3)
    canvas.drawPath(_curve(canvas, leg), stroke=1, fill=0)
    if leg.mode is Mode.TRAIN:
        canvas.setLineCap(0)
        canvas.setLineWidth(4.2)
        canvas.setDash([0.9, 4.1])
        canvas.drawPath(_curve(canvas, leg), stroke=1, fill=0)
    canvas.restoreState()


def _curve(canvas: Canvas, leg: Leg) -> PDFPathObject:
    (ax, ay), (cx, cy), (bx, by) = leg.start, leg.control, leg.end
    path = canvas.beginPath()
    path.moveTo(ax, ay)
    path.curveTo(ax + (cx - ax) * 2 / 3, ay + (cy - ay) * 2 / 3, bx + (cx - bx) * 2 / 3, by + (cy - by) * 2 / 3, bx, by)
    return path


def _name(canvas: Canvas, pin: Pin, label: Label) -> None:
    """The name of a place, with a rim of paper so that a line under it does not cross the letters."""
    words, font = drawable(label.text), BOLD if pin.visited else REGULAR
    canvas.setFont(font, label.size)
    if pin.visited:
        canvas.saveState()
        canvas.setStrokeColor(LAND)
        canvas.setLineWidth(2.2)
        canvas.drawString(*label.at, words, mode=1)
        canvas.restoreState()
    canvas.setFillColor(INK if pin.visited else FAINT)
    canvas.drawString(*label.at, words, mode=0)


def _dot(canvas: Canvas, x: float, y: float, radius: float, *, visited: bool) -> None:
    canvas.setFillColor(PAPER if visited else COAST)
    canvas.setStrokeColor(GREEN)
    canvas.setLineWidth(1.6)
    canvas.circle(x, y, radius, stroke=int(visited), fill=1)


def _locator(canvas: Canvas, route: RouteMap, box: tuple[float, float, float, float]) -> None:
    """Where the close-up lies: all of Kenya, small, with a square on it."""
    left, base, right, top = locator_box(route.width, route.height)
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(COAST)
    canvas.setLineWidth(0.5)
    canvas.roundRect(left, base, right - left, top - base, 4, stroke=1, fill=1)
    view = View.of(KENYA, *LOCATOR)
    canvas.translate(left + 4, base + 4)
    canvas.setLineWidth(0.6)
    canvas.drawPath(lines(land(view, 0.4)), stroke=1, fill=0)
    (west, south), (east, north) = view.point(box[0], box[1]), view.point(box[2], box[3])
    canvas.setStrokeColor(CLAY)
    canvas.setLineWidth(1)
    canvas.rect(west, south, east - west, north - south, stroke=1, fill=0)
