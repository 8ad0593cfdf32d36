"""A text that is read piece by piece, so that nothing is understood twice."""

from __future__ import annotations

import re

READ = "\x00"
"""Stands for every character already understood."""


class Reading:
    """`original` as it was, `rest` with what was understood blanked out; offsets are the same in both."""

    def __init__(self, text: str) -> None:
        self.original = text.replace(READ, " ")
        self.rest = self.original
        self.spans: list[tuple[int, int]] = []

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match in what is still unread; marks them as read."""
        found = list(pattern.finditer(self.rest))
        for match in found:
            self.blank(*match.span())
        return found

    def blank(self, start: int, end: int) -> None:
        """Mark a part as read."""
        self.rest = self.rest[:start] + READ * (end - start) + self.rest[end:]
        self.spans.append((start, end))
