"""Lays lines out as messages within an app's limit, cut where a reader would cut them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from bot.replies import Bold, Line, Link, Span, plain

Write = Callable[[Span], str]  # a span in the markup of one app
Row = tuple[Span, ...]  # a line without line breaks

_JOINER, _VARIATION = "\u200d", "\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_LONGEST_CLUSTER = 32


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how the chat apps count (most emoji are two)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def printable(text: str) -> str:
    """The text without NUL bytes and halves of surrogate pairs: no database, and no app, takes those."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def pages(lines: Sequence[Line], limit: int, write: Write) -> list[str]:
    """The lines in an app's markup, as messages of at most `limit` UTF-16 units, markup included.

    Cut between paragraphs where possible, else between lines, else between words; a link is never cut unless it alone
    is longer than a message. Nothing but white space is lost. No message is blank.
    """
    rows = [row for line in lines for row in _rows(line)]
    return _packed([text for row in rows for text in _fitting(row, limit, write)], limit)


def _rows(line: Line) -> list[Row]:
    """A line as rows: texts may hold line breaks, rows do not."""
    rows: list[list[Span]] = [[]]
    for span in line if isinstance(line, tuple) else (line,):
        if isinstance(span, Link):
            rows[-1].append(Link(" ".join(printable(span.text).split()), printable(span.url)))
            continue
        first, *rest = re.split(r"\r\n|\r|\n", printable(_text(span)))
        rows[-1].append(_like(span, first))
        rows += [[_like(span, text)] for text in rest]
    return [tuple(row) for row in rows]


def _text(span: str | Bold) -> str:
    return span.text if isinstance(span, Bold) else span


def _like(span: str | Bold, text: str) -> str | Bold:
    return Bold(text) if isinstance(span, Bold) else text


def _fitting(row: Row, limit: int, write: Write) -> Iterator[str]:
    while True:
        text = "".join(write(span) for span in row)
        if units(text) <= limit:
            yield text
            return
        head, row = _broken(row, limit, write)
        yield "".join(write(span) for span in head)


def _broken(row: Row, limit: int, write: Write) -> tuple[Row, Row]:
    """A row that is too long as the part that fits and the rest."""
    used = index = 0
    while used + (size := units(write(row[index]))) <= limit:
        used, index = used + size, index + 1
    before, span, after = row[:index], row[index], row[index + 1 :]
    if isinstance(span, Link):
        if size <= limit:
            return before, row[index:]
        return before, (plain(span), *after)  # an address longer than a message cannot be tapped, only read
    text = _text(span)
    cut, between_words = _cut(text, lambda start: used + units(write(_like(span, start))) <= limit)
    if before and size <= limit and not between_words:
        return before, row[index:]
    if not before:
        cut = max(cut, 1)
    return (*before, _like(span, text[:cut].rstrip())), (_like(span, text[cut:].lstrip()), *after)


def _cut(text: str, fits: Callable[[str], bool]) -> tuple[int, bool]:
    """Where to cut so that the start fits, and whether that is between words."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    spaces = [match.start() for match in re.finditer(r"\s", text[: low + 1])]
    if spaces and spaces[-1] > 0:
        return spaces[-1], True
    whole = low
    while whole > max(1, low - _LONGEST_CLUSTER) and _joined(text[whole - 1], text[whole]):
        whole -= 1
    return whole, False


def _joined(left: str, right: str) -> bool:
    """Whether two characters are drawn as one."""
    return (
        left == _JOINER
        or right in (_JOINER, _VARIATION)
        or ord(right) in _SKIN_TONES
        or unicodedata.combining(right) > 0
    )


def _packed(texts: Sequence[str], limit: int) -> list[str]:
    """Rows joined to messages."""
    done: list[list[str]] = []
    page: list[str] = []
    for text in texts:
        while page and sum(units(row) + 1 for row in page) + units(text) > limit:
            cut = _last_gap(page)
            done.append(page[:cut])
            page = page[cut:]
        page.append(text)
    joined = ["\n".join(rows).strip("\n") for rows in [*done, page]]
    return [message for message in joined if message.strip()]


def _last_gap(page: Sequence[str]) -> int:
    """The index after the last blank row of the second half, or the end."""
    gaps = [index for index, row in enumerate(page) if not row.strip() and index >= len(page) // 2]
    return gaps[-1] + 1 if gaps else len(page)
