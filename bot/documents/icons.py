"""Small drawn pictures, white on a coloured disc: one for each way to travel and each kind of thing to do.

Every glyph is drawn in a box of 24 by 24 units around the middle (0, 0), in shapes a printer cannot get wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from bot.documents.phrases import bed
from bot.documents.shapes import box, circle, closed, rounded
from bot.documents.sheet import CLAY, GREEN, NIGHT, OCHRE, PAPER, SOFT
from planner.model import Item, ItemType, Mode

Glyph = Callable[[Canvas, Color], None]


def draw(canvas: Canvas, item: Item, x: float, y: float, radius: float) -> None:
    """The disc of an item around (x, y)."""
    glyph, colour = picture(item)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(radius / 12, radius / 12)
    canvas.setFillColor(colour)
    _fill(canvas, circle(0, 0, 12))
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(PAPER)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    glyph(canvas, colour)
    canvas.restoreState()


def picture(item: Item) -> tuple[Glyph, Color]:
    """The glyph and the colour of an item."""
    if bed(item):
        return _bed, NIGHT
    match item.type:
        case ItemType.MEAL:
            return _plate, OCHRE
        case ItemType.EVENT:
            return _ticket, CLAY
        case ItemType.ACTIVITY:
            return _star, CLAY
        case ItemType.TRANSFER | ItemType.OWN:
            return _BY_MODE.get(item.mode or Mode.TAXI, _car), SOFT
        case _:
            return _BY_MODE.get(item.mode or _MODE_OF[item.type], _bus), GREEN


def _fill(canvas: Canvas, path: PDFPathObject) -> None:
    canvas.drawPath(path, stroke=0, fill=1)


def _bus(canvas: Canvas, back: Color) -> None:
    _fill(canvas, rounded(-7, -4, 14, 9.5, 1.6))
    _fill(canvas, circle(-3.8, -4.4, 1.9))
    _fill(canvas, circle(3.8, -4.4, 1.9))
    canvas.setFillColor(back)
    for x in (-5.6, -1.6, 2.4):
        _fill(canvas, box(x, 0.6, 3.2, 3))


def _train(canvas: Canvas, back: Color) -> None:
    _fill(canvas, rounded(-5.2, -4.2, 10.4, 11.4, 2.4))
    canvas.setLineWidth(1.4)
    canvas.line(-3.4, -4.8, -5.2, -7.4)
    canvas.line(3.4, -4.8, 5.2, -7.4)
    canvas.setFillColor(back)
    _fill(canvas, rounded(-3.6, 0.8, 7.2, 4, 0.8))
    _fill(canvas, circle(-2.4, -1.6, 1))
    _fill(canvas, circle(2.4, -1.6, 1))


def _plane(canvas: Canvas, back: Color) -> None:
    canvas.rotate(-45)
    _fill(canvas, rounded(-1.2, -7, 2.4, 14.6, 1.2))
    _fill(
        canvas, closed(((-1, 2.4), (-7.6, -2), (-7.6, -3.6), (-1, -1.6), (1, -1.6), (7.6, -3.6), (7.6, -2), (1, 2.4)))
    )
    _fill(canvas, closed(((-1, -4.6), (-3.4, -6.6), (-3.4, -7.6), (3.4, -7.6), (3.4, -6.6), (1, -4.6))))


def _car(canvas: Canvas, back: Color) -> None:
    _fill(canvas, closed(((-7.4, -3), (-7.4, 0.4), (-5.4, 1), (-3.2, 4.4), (3, 4.4), (5.4, 1), (7.4, 0.2), (7.4, -3))))
    _fill(canvas, circle(-4, -3.2, 2))
    _fill(canvas, circle(4, -3.2, 2))
    canvas.setFillColor(back)
    _fill(canvas, closed(((-3.8, 1), (-2.4, 3.2), (-0.5, 3.2), (-0.5, 1))))
    _fill(canvas, closed(((0.5, 1), (0.5, 3.2), (2.4, 3.2), (3.9, 1))))
    _fill(canvas, circle(-4, -3.2, 0.9))
    _fill(canvas, circle(4, -3.2, 0.9))


def _ferry(canvas: Canvas, back: Color) -> None:
    _fill(canvas, closed(((-7.5, -1), (-5, -5), (5, -5), (7.5, -1))))
    _fill(canvas, box(-4.4, 0, 8.8, 3.2))
    _fill(canvas, box(-1, 3.2, 2.4, 3))
    canvas.setFillColor(back)
    for x in (-3, -0.4, 2.2):
        _fill(canvas, box(x, 1, 1.2, 1.2))


def _walk(canvas: Canvas, back: Color) -> None:
    _fill(canvas, circle(0.8, 6.2, 1.7))
    canvas.setLineWidth(1.9)
    for line in (
        (0.6, 3.4, -0.4, -1),
        (-0.4, -1, 2.4, -6.6),
        (-0.4, -1, -3.4, -6.4),
        (0.6, 3, 3.8, 0.6),
        (0.4, 3, -3, 1),
    ):
        canvas.line(*line)


def _bed(canvas: Canvas, back: Color) -> None:
    canvas.setLineWidth(1.7)
    canvas.line(-7, 4.6, -7, -5)
    canvas.line(7, -2, 7, -5)
    _fill(canvas, rounded(-7, -3.2, 14, 3.4, 0.8))
    _fill(canvas, circle(-3.9, 2.6, 1.8))
    _fill(canvas, rounded(-1.2, 1, 8.2, 3, 1.4))


def _plate(canvas: Canvas, back: Color) -> None:
    canvas.setLineWidth(1.3)
    for x in (-5.4, -3.6, -1.8):
        canvas.line(x, 6.6, x, 2.8)
    canvas.setLineWidth(1.7)
    canvas.line(-5.2, 2.4, -2, 2.4)
    canvas.line(-3.6, 2, -3.6, -6.6)
    canvas.line(3.6, 6.4, 3.6, -6.6)
    _fill(canvas, closed(((3.4, 7), (6, 4), (6, -0.6), (3.4, -0.6))))


def _ticket(canvas: Canvas, back: Color) -> None:
    _fill(canvas, rounded(-7.4, -4.4, 14.8, 8.8, 1.2))
    canvas.setFillColor(back)
    _fill(canvas, circle(-7.4, 0, 1.7))
    _fill(canvas, circle(7.4, 0, 1.7))
    for y in (-3, -0.6, 1.8):
        _fill(canvas, box(1.8, y, 1, 1.4))


def _star(canvas: Canvas, back: Color) -> None:
    outer = ((0, 7.6), (-7.23, 2.35), (-4.47, -6.15), (4.47, -6.15), (7.23, 2.35))
    inner = ((-1.9, 2.6), (-3.06, -1), (0, -3.2), (3.06, -1), (1.9, 2.6))
    _fill(canvas, closed(tuple(point for pair in zip(outer, inner, strict=True) for point in pair)))


_BY_MODE: Mapping[Mode, Glyph] = {
    Mode.BUS: _bus,
    Mode.MATATU: _bus,
    Mode.TRAIN: _train,
    Mode.FLIGHT: _plane,
    Mode.CAR: _car,
    Mode.TAXI: _car,
    Mode.TUKTUK: _car,
    Mode.FERRY: _ferry,
    Mode.WALK: _walk,
}
_MODE_OF: Mapping[ItemType, Mode] = {
    ItemType.BUS: Mode.BUS,
    ItemType.TRAIN: Mode.TRAIN,
    ItemType.FLIGHT: Mode.FLIGHT,
}
