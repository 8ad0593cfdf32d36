"""Shapes that are drawn again and again, as paths: they belong to no canvas, so each is written out once for all.

Writing numbers is what costs most in a small drawing. A path is not to be changed by those who are handed it.
"""

from __future__ import annotations

from functools import lru_cache

from reportlab.pdfgen.pathobject import PDFPathObject

Points = tuple[tuple[float, float], ...]


@lru_cache(maxsize=64)
def circle(x: float, y: float, radius: float) -> PDFPathObject:
    """A circle around (x, y)."""
    path = PDFPathObject()
    path.circle(x, y, radius)
    return path


@lru_cache(maxsize=64)
def box(x: float, y: float, width: float, height: float) -> PDFPathObject:
    """A rectangle from its lower left corner."""
    path = PDFPathObject()
    path.rect(x, y, width, height)
    return path


@lru_cache(maxsize=64)
def rounded(x: float, y: float, width: float, height: float, radius: float) -> PDFPathObject:
    """A rectangle with round corners."""
    path = PDFPathObject()
    path.roundRect(x, y, width, height, radius)
    return path


@lru_cache(maxsize=128)
def closed(points: Points) -> PDFPathObject:
    """A polygon."""
    path = PDFPathObject()
    _trace(path, points)
    path.close()
    return path


@lru_cache(maxsize=16)
def lines(strokes: tuple[Points, ...]) -> PDFPathObject:
    """Several open lines."""
    path = PDFPathObject()
    for points in strokes:
        _trace(path, points)
    return path


def _trace(path: PDFPathObject, points: Points) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
