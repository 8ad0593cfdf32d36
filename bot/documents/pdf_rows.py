"""The lines of a day in the PDF: what one does in full, the local rides between in one line each."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Protocol

from bot.documents import icons, phrases
from bot.documents.labels import label
from bot.documents.sheet import BOLD, CLAY, FAINT, INK, LEFT, RIGHT, SOFT, Sheet, width, wrap
from planner.model import Item, ItemType

ICON_X = LEFT + 84
BODY_X = LEFT + 106
_LOCAL = timedelta(minutes=90)  # a longer ride is part of the journey
_TIME_ROOM = 70.0
_PRICE_ROOM = 130.0
_BODY_ROOM = RIGHT - BODY_X - _PRICE_ROOM - 10


class Row(Protocol):
    """A line of the timeline, measured before it is drawn. `radius` is that of its disc."""

    radius: ClassVar[float]

    @property
    def height(self) -> float:
        """Room it takes."""
        ...

    def draw(self, sheet: Sheet, middle: float) -> None:
        """Draw with the disc at height `middle`; the first line of text stands beside it."""
        ...


def row(item: Item, lang: str) -> Row:
    """The right kind of row for an item."""
    local = item.type is ItemType.TRANSFER and item.end - item.start < _LOCAL
    return _Ride(item, lang) if local else _Entry(item, lang)


class _Entry:
    """Anything but a local ride: big time, title, what to know, where to book, price with its basis."""

    radius: ClassVar[float] = 9.0

    def __init__(self, item: Item, lang: str) -> None:
        self._item = item
        self._start, self._end = phrases.times(lang, item)
        self._title = wrap(phrases.title(lang, item), _BODY_ROOM, 10, BOLD, most=3)
        self._facts = wrap(" · ".join(phrases.facts(lang, item)), _BODY_ROOM, 8, most=3)
        self._notes = wrap(" · ".join(phrases.notes(lang, item)), _BODY_ROOM, 7, most=3)
        self._url = phrases.web_link(item.booking_url)
        book = label(lang, "book", host=phrases.host(self._url)) if self._url else ""
        self._book = phrases.disclosed(lang, book, self._url)
        self._amount = phrases.amount(lang, item)
        paid = item.price if item.price is not None and item.price.kes else None
        self._basis = [line for part in phrases.basis(lang, paid) for line in wrap(part, _PRICE_ROOM, 7, most=2)]

    @property
    def height(self) -> float:
        """Room for whichever column is longest."""
        body = 12.5 * len(self._title) + 11 * len(self._facts) + 9.5 * len(self._notes) + (12 if self._book else 0)
        return max(33.0 if self._start else 29.0, body + 13, 22 + 9.5 * len(self._basis))

    def draw(self, sheet: Sheet, middle: float) -> None:
        """Time, disc, words, price: four columns."""
        base = middle - 3.5
        if self._start:
            sheet.text(LEFT, middle - 5.5, self._start, 15, INK, BOLD)
        if self._end:
            sheet.lines(LEFT + 1, middle - 16, wrap(f"– {self._end}", _TIME_ROOM, 7.5), 7.5, 9.5, SOFT)
        icons.draw(sheet.canvas, self._item, ICON_X, middle, self.radius)
        y = base
        for line in self._title:
            sheet.text(BODY_X, y, line, 10, INK, BOLD)
            y -= 12.5
        y = sheet.lines(BODY_X, y, self._facts, 8, 11, SOFT)
        y = sheet.lines(BODY_X, y + 0.5, self._notes, 7, 9.5, FAINT) - 0.5
        if self._url:
            sheet.link(BODY_X, y - 0.5, self._book, self._url, 8)
        known = self._item.price is not None
        size = 10.5 if known and width(self._amount, 10.5, BOLD) < _PRICE_ROOM else 8.5
        sheet.right(RIGHT, base, self._amount, size, INK if known else CLAY, BOLD)
        y = base - 10.5
        for line in self._basis:
            sheet.right(RIGHT, y, line, 7, FAINT)
            y -= 9.5


class _Ride:
    """A local ride: one quiet line, so that the things worth remembering stand out."""

    radius: ClassVar[float] = 6.0

    def __init__(self, item: Item, lang: str) -> None:
        self._item = item
        self._start, self._end = phrases.times(lang, item)
        self._url = phrases.web_link(item.booking_url)
        self._book = label(lang, "book_short") if self._url else ""
        self._amount = phrases.amount(lang, item)
        paid = item.price if item.price is not None and item.price.kes else None
        self._basis = phrases.basis(lang, paid)[:1]
        priced = max(width(self._amount, 9), 24) + sum(6 + width(words, 7) for words in self._basis)
        room = RIGHT - BODY_X - max(priced, _PRICE_ROOM * 2 / 3) - 10 - (width(self._book, 8) + 10 if self._book else 0)
        self._title = wrap(phrases.short_ride(lang, item), room, 9, most=2)

    @property
    def height(self) -> float:
        """One line, two for a long name."""
        return 11.5 * len(self._title) + 12

    def draw(self, sheet: Sheet, middle: float) -> None:
        """The same columns as other rows, smaller, with the basis before the price."""
        base = middle - 3.2
        end = sheet.text(LEFT, base - 0.5, self._start, 10.5, SOFT, BOLD)
        if self._end and width(f"– {self._end}", 7.5) < ICON_X - end - 14:
            sheet.text(end + 4, base, f"– {self._end}", 7.5, SOFT)
        icons.draw(sheet.canvas, self._item, ICON_X, middle, self.radius)
        y = base
        for line in self._title:
            end = sheet.text(BODY_X, y, line, 9, INK)
            y -= 11.5
        if self._url:
            sheet.link(end + 8, y + 11.5, self._book, self._url, 8)
        known = self._item.price is not None
        sheet.right(RIGHT, base, self._amount, 9 if known else 8, INK if known else CLAY)
        for words in self._basis:
            sheet.right(RIGHT - max(width(self._amount, 9), 24) - 6, base, words, 7, FAINT)
