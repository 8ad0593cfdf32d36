"""The small picture beside a plan's PDF in a chat: a page with the name on it, the same for all."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def thumbnail() -> bytes:
    """A JPEG; Telegram takes 320 by 320 pixels and 200 kB at most.

    Kept as a file: a library to draw it would take 3 MB in each worker.
    """
    return Path(__file__).with_suffix(".jpg").read_bytes()
