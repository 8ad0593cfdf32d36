"""Who goes first where there is too little processor for all."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

# Niceness. A tenth of the share of what somebody waits for, and all that nobody else wants; beside processes of one
# session or container, which is as far as the kernel compares.
UNHURRIED = 10


def unhurried(work: Callable[[], T]) -> T:
    """What comes of work done with what processor others leave, in a thread of its own: none gets its rank back."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="unhurried", initializer=_stand_back) as aside:
        return aside.submit(work).result()


def _stand_back() -> None:
    if sys.platform == "linux":  # where the threads of a process have a rank each, against POSIX (setpriority(2))
        me = threading.get_native_id()
        with suppress(OSError):  # where a service may not even stand back, it goes on as it is
            os.setpriority(os.PRIO_PROCESS, me, max(UNHURRIED, os.getpriority(os.PRIO_PROCESS, me)))
