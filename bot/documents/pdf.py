"""An itinerary as a PDF one would print: summary and map, the days as a timeline, what was checked, sources.

Paper does not age: prices are dated, never "3 min ago". The same itinerary gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.documents import findings, map_drawing, phrases
from bot.documents.labels import label
from bot.documents.map import route_map
from bot.documents.pdf_notes import draw_notes
from bot.documents.pdf_rows import BODY_X, ICON_X, Row, row
from bot.documents.sheet import (
    BOLD,
    CLAY,
    FAINT,
    GREEN,
    INK,
    LEFT,
    MINT,
    RED,
    RIGHT,
    RULE,
    SOFT,
    TOP,
    Sheet,
    wrap,
)
from bot.i18n import day, day_full, kes, spoken
from planner.model import Day, Itinerary

_MAP = (190.0, 192.0)
_DAY_HEAD = 40.0  # room for the heading of a day and the line under it
_KEPT_WHOLE = 300.0  # a shorter day is not split over two pages
_TITLE_SIZES = (27.0, 22.0, 18.0, 15.0)


def render(itinerary: Itinerary, *, lang: str, share_url: str | None = None) -> bytes:
    """The PDF. `lang` is the language of the labels; `share_url` adds a QR code of the trip's page."""
    dates = phrases.trip_dates(lang, itinerary.request)

    def footer(sheet: Sheet, number: int, total: int) -> None:
        sheet.rule(44)
        left = wrap(f"{itinerary.title} · {dates}", RIGHT - LEFT - 60, 7, most=1)
        sheet.lines(LEFT, 32, left, 7, 9, FAINT)
        sheet.right(RIGHT, 32, label(lang, "page", n=number, total=total), 7, FAINT)

    sheet = Sheet(footer, title=phrases.clean(itinerary.title), lang=spoken(lang), subject=dates)
    _draw_head(sheet, itinerary, lang)
    for number, one in enumerate(itinerary.days, 1):
        _draw_day(sheet, itinerary, lang, one, number)
    draw_notes(sheet, itinerary, lang, share_url)
    return sheet.bytes()


def _draw_head(sheet: Sheet, plan: Itinerary, lang: str) -> None:
    sheet.mark(label(lang, "outline_summary"))
    made = [label(lang, "version", n=plan.version)]
    if plan.created_at:
        made.append(label(lang, "made", date=day_full(lang, plan.created_at.date())))
    sheet.text(LEFT, TOP, "Safiri", 11, GREEN, BOLD)
    sheet.right(RIGHT, TOP, " · ".join(made), 7.5, FAINT)
    sheet.rule(TOP - 10)
    size, title = _fit_title(plan.title)
    sheet.y = TOP - 22 - size
    for line in title:
        sheet.text(LEFT, sheet.y, line, size, INK, BOLD)
        sheet.y -= size * 1.2
    sheet.y -= 2 - size * 0.22
    request = plan.request
    facts = " · ".join(phrases.trip_facts(lang, request))
    sheet.y = sheet.lines(LEFT, sheet.y, wrap(facts, RIGHT - LEFT, 10.5), 10.5, 15, SOFT)
    top = sheet.y - 8
    map_drawing.draw(sheet.canvas, route_map(plan, *_MAP), RIGHT - _MAP[0], top - _MAP[1])
    after = _draw_money(sheet, plan, lang, top, RIGHT - _MAP[0] - 34)
    sheet.y = min(after, top - _MAP[1]) - 2


def _fit_title(title: str) -> tuple[float, list[str]]:
    """The largest size at which a title takes two lines, and its lines."""
    for size in _TITLE_SIZES:
        lines = wrap(title, RIGHT - LEFT, size, BOLD)
        if len(lines) == 1 or (len(lines) == 2 and size <= _TITLE_SIZES[1]):
            return size, lines
    return _TITLE_SIZES[-1], wrap(title, RIGHT - LEFT, _TITLE_SIZES[-1], BOLD, most=3)


def _draw_money(sheet: Sheet, plan: Itinerary, lang: str, top: float, end: float) -> float:
    """Total against budget, what it is made of, how sure it is; gives the y below it."""
    limit, y = plan.request.budget_kes, top - 6
    over = limit is not None and plan.total_kes > limit
    sheet.text(LEFT, y, label(lang, "total"), 8, SOFT)
    y -= 27
    sheet.text(LEFT, y, kes(plan.total_kes), 25, RED if over else INK, BOLD)
    y -= 17
    y = sheet.lines(LEFT, y, wrap(phrases.budget(lang, plan), end - LEFT, 9), 9, 12, RED if over else SOFT)
    if limit is not None:
        y += 2
        sheet.canvas.setFillColor(MINT)
        sheet.canvas.roundRect(LEFT, y - 4, end - LEFT, 4.5, 2.2, stroke=0, fill=1)
        sheet.canvas.setFillColor(RED if over else GREEN)
        filled = max(4.5, (end - LEFT) * min(1.0, plan.total_kes / limit))
        sheet.canvas.roundRect(LEFT, y - 4, filled, 4.5, 2.2, stroke=0, fill=1)
        y -= 20
    else:
        y -= 4
    for key in phrases.GROUPS:
        spent = sum(item.price_kes for item in plan.items if phrases.group(item) == key)
        if spent:
            sheet.text(LEFT, y, label(lang, key), 9, INK)
            sheet.right(end, y, f"{spent:,}", 9, INK)
            sheet.rule(y - 4.8, LEFT, end)
            y -= 15.5
    y -= 1.5
    if plan.request.party.size > 1:
        sheet.text(LEFT, y, label(lang, "per_person", amount=kes(plan.per_person_kes)), 9, INK, BOLD)
        y -= 18
    return _draw_verdict(sheet, plan, lang, y, end)


def _draw_verdict(sheet: Sheet, plan: Itinerary, lang: str, y: float, end: float) -> float:
    """Whether the plan holds, and what its total leaves out."""
    good, words = findings.verdict(lang, plan)
    colour = GREEN if good else RED
    y -= 2
    sheet.text(LEFT, y, "✓" if good else "!", 10, colour, BOLD)
    y = sheet.lines(LEFT + 14, y, wrap(words, end - LEFT - 14, 9), 9, 12, colour) - 2
    if note := phrases.unpriced_note(lang, plan):
        sheet.text(LEFT + 2, y, "?", 9, CLAY, BOLD)
        y = sheet.lines(LEFT + 14, y, wrap(note, end - LEFT - 14, 8), 8, 11, CLAY)
    return y


def _draw_day(sheet: Sheet, plan: Itinerary, lang: str, one: Day, number: int) -> None:
    rows = [row(item, lang) for item in phrases.in_order(one.items)]
    stay = phrases.night(plan, one.date)
    whole = sum(row.height for row in rows) + _DAY_HEAD + (10 if stay else 0)
    sheet.need(whole if whole < _KEPT_WHOLE else _DAY_HEAD + rows[0].height)
    sheet.y -= 26
    sheet.mark(f"{label(lang, 'day', n=number)} · {day(lang, one.date)} · {phrases.place_name(one.place)}")
    end = sheet.text(LEFT, sheet.y, day(lang, one.date), 15, INK, BOLD)
    sheet.text(end + 10, sheet.y, phrases.place_name(one.place), 10, SOFT)
    if spent := sum(item.price_kes for item in one.items):
        sheet.right(RIGHT, sheet.y, kes(spent), 10, SOFT)
    sheet.rule(sheet.y - 9, colour=INK, weight=0.9)
    sheet.y -= 14
    _draw_rows(sheet, rows, lang, one.date)
    if not rows:
        sheet.text(BODY_X, sheet.y - 14, label(lang, "nothing"), 9, SOFT)
        sheet.y -= 24
    if stay:
        words = wrap(label(lang, "night_at", stay=stay.title), RIGHT - BODY_X, 8, most=1)
        sheet.y = sheet.lines(BODY_X, sheet.y - 10, words, 8, 10, FAINT)


def _draw_rows(sheet: Sheet, rows: Sequence[Row], lang: str, on: date) -> None:
    """The timeline of a day: discs joined by a thin line, broken only where the page is."""
    joint: float | None = None
    for one in rows:
        if sheet.need(one.height):
            sheet.text(LEFT, sheet.y, f"{day(lang, on)} …", 9, SOFT, BOLD)
            sheet.y -= 12
            joint = None
        middle = sheet.y - one.radius - 6
        if joint is not None:
            sheet.canvas.setStrokeColor(RULE)
            sheet.canvas.setLineWidth(1.1)
            sheet.canvas.line(ICON_X, joint, ICON_X, middle + one.radius + 2)
        one.draw(sheet, middle)
        joint = middle - one.radius - 2
        sheet.y -= one.height
