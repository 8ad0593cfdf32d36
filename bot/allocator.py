"""How the C library hands out memory in processes with many threads."""

from __future__ import annotations

import ctypes
import sys

M_ARENA_MAX = -8  # of glibc's malloc.h


def share_one_arena() -> None:
    """Have all threads, of forked children too, take memory from one heap. Only glibc needs to be told.

    It gives each thread a heap of its own so that they need not wait for each other. Ours take turns anyway, and what
    each of a worker's eight once used would stay its own: 20 MB (mallopt(3)).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
