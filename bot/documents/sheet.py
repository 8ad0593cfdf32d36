"""A sheet of paper to write on from top to bottom: fonts, colours, wrapped text, links, page breaks.

Coordinates are PDF points, y grows upwards. Nothing here knows what a trip is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

INK: Final = HexColor("#1d2524")
SOFT: Final = HexColor("#5d6966")
FAINT: Final = HexColor("#8d9794")
RULE: Final = HexColor("#dfe3df")
PAPER: Final = HexColor("#ffffff")
LAND: Final = HexColor("#f1eee5")
COAST: Final = HexColor("#c9c3b2")
GREEN: Final = HexColor("#0f6b4f")
MINT: Final = HexColor("#e3efe9")
CLAY: Final = HexColor("#b8502c")
NIGHT: Final = HexColor("#3f4f7c")
OCHRE: Final = HexColor("#a9771d")
RED: Final = HexColor("#a8261c")

WIDTH, HEIGHT = A4
LEFT, RIGHT = 50.0, WIDTH - 50.0
TOP, BOTTOM = HEIGHT - 48.0, 56.0

REGULAR: Final = "Safiri"
BOLD: Final = "Safiri-Bold"
_FONTS = Path(__file__).with_name("fonts")
# Streams are stored as they are: text armour, which reportlab puts around them, takes a quarter more room and time.
rl_config.useA85 = 0


@cache
def load_fonts() -> frozenset[int]:
    """Make the two embedded fonts known to reportlab; gives the characters both can draw.

    Only the glyphs that are used end up in a file.
    """
    fonts = TTFont(REGULAR, _FONTS / "DejaVuSans.ttf"), TTFont(BOLD, _FONTS / "DejaVuSans-Bold.ttf")
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def drawable(text: str) -> str:
    """The text without characters that the fonts cannot draw (emoji, most scripts), which would print as boxes."""
    known = load_fonts()
    if not (text.isprintable() and known.issuperset(map(ord, text))):
        text = "".join(char for char in text if ord(char) in known and char.isprintable())
    return " ".join(text.split())


def width(text: str, size: float, font: str = REGULAR) -> float:
    """How wide the text is, in points."""
    return _ems(text, font) * size


@lru_cache(maxsize=8192)
def _ems(text: str, font: str) -> float:
    """How wide the text is at size 1. Remembered: reportlab adds up the glyphs one by one."""
    return float(pdfmetrics.stringWidth(text, font, 1))


def wrap(text: str, room: float, size: float, font: str = REGULAR, most: int = 99) -> list[str]:
    """The text in lines of at most `room` points; long words are cut; line `most` ends in … when more follows."""
    lines: list[str] = []
    line, used = "", 0.0
    space = width(" ", size, font)
    for word in _pieces(drawable(text), room, size, font):
        wide = width(word, size, font)
        if line and used + space + wide > room:  # there is no kerning: a line is as wide as its words
            lines.append(line)
            line, used = word, wide
        else:
            line, used = (f"{line} {word}", used + space + wide) if line else (word, wide)
    lines += [line] if line else []
    if len(lines) > most:
        lines = [*lines[: most - 1], _shorten(lines[most - 1], room, size, font)]
    return lines


def _pieces(text: str, room: float, size: float, font: str) -> list[str]:
    pieces: list[str] = []
    for word in text.split():
        while width(word, size, font) > room:
            cut = max(1, next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], size, font) <= room))
            pieces.append(word[:cut])
            word = word[cut:]
        pieces += [word] if word else []
    return pieces


def _shorten(line: str, room: float, size: float, font: str) -> str:
    while line and width(line + "…", size, font) > room:
        line = line[:-1]
    return line.rstrip(" ,·") + "…"


class Sheet:
    """A document being written. `y` is where the next thing goes; `pages` the number of pages so far.

    `footer` is handed the sheet, a page number and the number of pages. It is drawn last, when the total is known, as a
    form to which its page refers. Writing pages out late instead would send bookmarks to the wrong ones.
    """

    def __init__(self, footer: Callable[[Sheet, int, int], None], *, title: str, lang: str, subject: str) -> None:
        load_fonts()
        self._out = BytesIO()
        # Named here, or every page would also carry Helvetica, which is not embedded. The stubs take it for a number.
        self.canvas = Canvas(
            self._out,
            pagesize=A4,
            invariant=1,
            pageCompression=1,
            lang=lang,
            initialFontName=REGULAR,  # type: ignore[arg-type]
        )
        self.canvas.setTitle(title)
        self.canvas.setSubject(subject)
        self.canvas.setAuthor("Safiri")
        self.canvas.setCreator("Safiri")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self._footer = footer
        self.pages = 1
        self.y = TOP

    def text(self, x: float, y: float, words: str, size: float, colour: Color = INK, font: str = REGULAR) -> float:
        """One line from x to the right, on base line y; gives the x after it."""
        words = drawable(words)
        self._pen(size, colour, font)
        self.canvas.drawString(x, y, words)
        return x + width(words, size, font)

    def right(self, x: float, y: float, words: str, size: float, colour: Color = INK, font: str = REGULAR) -> None:
        """One line that ends at x."""
        self._pen(size, colour, font)
        self.canvas.drawRightString(x, y, drawable(words))

    def lines(self, x: float, y: float, lines: list[str], size: float, leading: float, colour: Color = INK) -> float:
        """Several lines downwards; gives the base line after the last one."""
        for line in lines:
            self.text(x, y, line, size, colour)
            y -= leading
        return y

    def link(self, x: float, y: float, words: str, url: str, size: float) -> None:
        """Words that lead to `url` when clicked."""
        end = self.text(x, y, words, size, GREEN)
        box = (x - 1, y - size * 0.35, end + 1, y + size)
        self.canvas.linkURL(url, box, relative=0, thickness=0, Contents=PDFString(drawable(words)))

    def rule(self, y: float, x: float = LEFT, end: float = RIGHT, colour: Color = RULE, weight: float = 0.6) -> None:
        """A thin horizontal line."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x, y, end, y)

    def mark(self, title: str, level: int = 0) -> None:
        """An entry of the outline that leads to here."""
        key = f"mark-{self.pages}-{round(self.y)}-{level}"
        self.canvas.bookmarkHorizontal(key, 0, self.y + 24)
        self.canvas.addOutlineEntry(drawable(title), key, level=level, closed=0)

    def need(self, height: float) -> bool:
        """Begin a new page when less than `height` is left on this one; tells whether it did."""
        if self.y - height >= BOTTOM:
            return False
        self._finish_page()
        self.pages += 1
        self.y = TOP
        return True

    def bytes(self) -> bytes:
        """Finish the document."""
        self._finish_page()
        for number in range(1, self.pages + 1):
            self.canvas.beginForm(_footer_name(number))
            self._footer(self, number, self.pages)
            self.canvas.endForm()
        self.canvas.showOutline()
        self.canvas.save()
        return self._out.getvalue()

    def _finish_page(self) -> None:
        self.canvas.doForm(_footer_name(self.pages))
        self.canvas.showPage()

    def _pen(self, size: float, colour: Color, font: str) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)


def _footer_name(page: int) -> str:
    return f"footer-{page}"
