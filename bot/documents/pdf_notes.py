"""The last part of the PDF: other choices, what was and was not checked, sources and dates, the plan online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import segno
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from bot.documents import findings, phrases
from bot.documents.labels import label
from bot.documents.sheet import BOLD, CLAY, FAINT, GREEN, INK, LEFT, RED, RIGHT, SOFT, Sheet, wrap
from bot.i18n import seen
from planner.model import Finding, Itinerary

_GAP = 26.0
_COLUMN = (RIGHT - LEFT - _GAP) / 2
_QR = 78.0
_KEPT_WHOLE = 400.0  # a last list that is shorter is not split over two pages
_QR_MASK = 2  # all eight are readable; to try which one scores best takes three quarters of the time


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a list: a sign before it, its words, an address it leads to."""

    sign: str
    words: str
    colour: Color
    url: str = ""


def draw_notes(sheet: Sheet, plan: Itinerary, lang: str, share_url: str | None) -> None:
    """Everything after the days."""
    sheet.y -= 6
    _draw_alternatives(sheet, plan, lang)
    checks = [_verdict(lang, check) for check in plan.checks]
    _draw_list(sheet, label(lang, "checked"), checks, 8)
    unknowns = [Note("?", findings.unknown(lang, what), CLAY) for what in findings.merged(plan.unknowns)]
    _draw_list(sheet, label(lang, "not_checked"), unknowns, 8)
    print_height = _small_print_height(lang, plan, share_url)
    _draw_list(sheet, label(lang, "sources"), _sources(plan, lang), 6.8, after=print_height)
    sheet.need(print_height)
    _draw_small_print(sheet, lang, plan, share_url)


def _verdict(lang: str, check: Finding) -> Note:
    return Note("✓" if check.ok else "✗", findings.finding(lang, check), GREEN if check.ok else RED)


def _heading(sheet: Sheet, words: str, room: float) -> None:
    """A heading that stays with what follows it."""
    sheet.need(34 + room)
    sheet.y -= 24
    sheet.text(LEFT, sheet.y, words, 11, INK, BOLD)
    sheet.rule(sheet.y - 6)
    sheet.y -= 20


def _draw_alternatives(sheet: Sheet, plan: Itinerary, lang: str) -> None:
    if not plan.alternatives:
        return
    titles = {item.id: item.title for item in plan.items}
    for number, other in enumerate(plan.alternatives):
        instead = titles.get(other.instead_of, "")
        name = wrap(phrases.rival(lang, other), 250, 9, BOLD, most=2)
        under = wrap(label(lang, "instead_of", title=instead), 250, 7.5, most=2) if instead else []
        differs = wrap(phrases.difference(lang, other, plan.request.party.size), 235, 8.5, most=3)
        height = max(12 * len(name) + 10 * len(under), 11 * len(differs)) + 7
        if number == 0:
            _heading(sheet, label(lang, "alternatives"), height)
        sheet.need(height)
        for n, line in enumerate(differs):
            sheet.right(RIGHT, sheet.y - 11 * n, line, 8.5, INK)
        y = sheet.y
        for line in name:
            sheet.text(LEFT, y, line, 9, INK, BOLD)
            y -= 12
        sheet.lines(LEFT, y + 1, under, 7.5, 10, SOFT)
        sheet.y -= height


def _draw_list(sheet: Sheet, heading: str, notes: Sequence[Note], size: float, after: float = 0) -> None:
    """Two columns, read row by row, so that a page can end after any row; a long note has a row to itself.

    The last row stays with what comes `after` it, which is so high, and so does a list that is short: no page has but
    a line of it.
    """
    if not notes:
        return
    leading = size * 1.38
    rows = _rows(notes, size)
    heights = [max(len(lines) for _, lines in row) * leading + size * 0.55 for row in rows]
    whole = sum(heights) + after
    _heading(sheet, heading, whole if after and whole < _KEPT_WHOLE else 2 * leading)
    for row, height in zip(rows, heights, strict=True):
        sheet.need(height + (after if row is rows[-1] else 0))
        for column, (note, lines) in enumerate(row):
            x = LEFT + column * (_COLUMN + _GAP)
            sheet.text(x, sheet.y, note.sign, size, note.colour, BOLD)
            if note.url:
                _draw_linked(sheet, x + 14, lines, note.url, size, leading)
            else:
                sheet.lines(x + 14, sheet.y, lines, size, leading, INK)
        sheet.y -= height


def _rows(notes: Sequence[Note], size: float) -> list[list[tuple[Note, list[str]]]]:
    """The notes in pairs, wrapped to a column each; those over three lines stand alone, wrapped to the full width."""
    rows: list[list[tuple[Note, list[str]]]] = []
    open_row: list[tuple[Note, list[str]]] = []
    for note in notes:
        lines = wrap(note.words, _COLUMN - 14, size)
        if len(lines) > 3:
            rows.append([(note, wrap(note.words, RIGHT - LEFT - 14, size))])
            continue
        if not open_row:
            rows.append(open_row)
        open_row.append((note, lines))
        if len(open_row) == 2:
            open_row = []
    return rows


def _draw_linked(sheet: Sheet, x: float, lines: Sequence[str], url: str, size: float, leading: float) -> None:
    for number, line in enumerate(lines):
        sheet.link(x, sheet.y - number * leading, line, url, size)


def _sources(plan: Itinerary, lang: str) -> list[Note]:
    """Each source once, with how and when its prices were known."""
    found: dict[tuple[str, str], Note] = {}
    for item in plan.items:
        if item.price is None:
            continue
        words = f"{phrases.clean(item.price.source)} · {seen(lang, item.price)}"
        url = phrases.web_link(item.price.source_url)
        found.setdefault((words, url), Note("·", words, FAINT, url))
    notes = list(found.values())
    if credit := phrases.credit(plan):
        notes.append(Note("·", credit.text, FAINT, credit.url))
    return notes


def _small_print(lang: str, plan: Itinerary, room: float) -> list[str]:
    return wrap(phrases.trust(lang, plan), room, 6.8) + wrap(label(lang, "map_credit"), room, 6.8)


def _small_print_height(lang: str, plan: Itinerary, share_url: str | None) -> float:
    if phrases.web_link(share_url):
        return _QR + 16
    return len(_small_print(lang, plan, RIGHT - LEFT)) * 9.4 + 16


def _draw_small_print(sheet: Sheet, lang: str, plan: Itinerary, share_url: str | None) -> None:
    """What prices mean and whose map it is; beside a QR code when the plan has a page."""
    url = phrases.web_link(share_url)
    x = LEFT + _QR + 18 if url else LEFT
    lines = _small_print(lang, plan, RIGHT - x)
    sheet.y -= 16
    y = sheet.y
    if url:
        _draw_qr(sheet.canvas, url, LEFT, sheet.y - _QR, _QR)
        y -= 9
        sheet.text(x, y, label(lang, "share"), 10, INK, BOLD)
        y = sheet.lines(x, y - 13, wrap(label(lang, "share_hint"), RIGHT - x, 8), 8, 11, SOFT)
        for line in wrap(url, RIGHT - x, 8):
            sheet.link(x, y, line, url, 8)
            y -= 11
        y -= 4
    sheet.y = sheet.lines(x, y, lines, 6.8, 9.4, FAINT)


def _draw_qr(canvas: Canvas, url: str, x: float, y: float, side: float) -> None:
    """A QR code as vectors: one rectangle for each run of dark modules, in whole modules, which are quickly written."""
    rows = segno.make(url, error="m", micro=False, mask=_QR_MASK).matrix
    runs: list[str] = []
    for base, row in enumerate(reversed(rows)):
        column = 0
        for dark, modules in groupby(row):
            run = len(list(modules))
            if dark:
                runs.append(f"{column} {base} {run} 1 re")
            column += run
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(side / len(rows), side / len(rows))
    canvas.setFillColor(INK)
    canvas.drawPath(PDFPathObject(runs), stroke=0, fill=1)
    canvas.restoreState()
