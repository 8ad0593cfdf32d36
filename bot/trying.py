"""Counting a failed try without swallowing it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def trying(failed: Callable[[str], None]) -> Iterator[None]:
    """When the block raises, `failed` is told the name of the exception (never its text) before it goes on its way."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            kind, _, _ = sys.exc_info()
            failed(kind.__name__ if kind else "interrupted")
