"""Made-up figures that are the same every time for the same question."""

from __future__ import annotations

import hashlib
from random import Random


class Made:
    """A source of figures for one question; different questions have different ones."""

    def __init__(self, *question: object) -> None:
        digest = hashlib.sha256(repr(question).encode()).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))

    def number(self, below: int) -> int:
        """A whole number from 0 to `below` - 1."""
        return self._random.randrange(below)
