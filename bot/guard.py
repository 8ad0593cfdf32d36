"""Ends the demo's processes when the demo itself is gone, however it went: `python -m bot.guard` reads their ids."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

PATIENCE = 25  # seconds between asking to end and ending


@contextmanager
def guard() -> Iterator[Callable[[int], None]]:
    """Run a guard while entered; gives the function that names a process group to it."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.guard"], stdin=subprocess.PIPE, text=True, start_new_session=True
    ) as process:

        def tell(line: object) -> None:
            if process.stdin is not None:
                with suppress(BrokenPipeError):  # a guard that is gone is not missed
                    process.stdin.write(f"{line}\n")
                    process.stdin.flush()

        try:
            yield tell
        finally:
            tell("done")


def main() -> None:
    """Read process group ids, one a line, until the pipe closes; end them unless `done` was among the lines."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    lines = [line.strip() for line in sys.stdin]
    if "done" not in lines:
        end({int(line) for line in lines})


def end(groups: Iterable[int]) -> None:
    """Ask these process groups to end, and after a while make them."""
    left = {group for group in groups if _signalled(group, signal.SIGTERM)}
    deadline = time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if _signalled(group, 0)}
    for group in left:
        _signalled(group, signal.SIGKILL)


def _signalled(group: int, number: int) -> bool:
    """Send a signal; False when nothing of the group is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
