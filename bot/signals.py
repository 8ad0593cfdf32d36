"""Being asked to stop, as something a loop can wait for."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Self

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """While entered, SIGINT, SIGTERM and SIGHUP are counted instead of ending the process. Main thread only."""

    def __init__(self) -> None:
        # A pipe wakes a waiting select; an Event can deadlock when its own handler interrupts it.
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self.count = 0

    def __enter__(self) -> Self:
        self._before = [(number, signal.signal(number, self._heard)) for number in STOP_SIGNALS]
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)
        os.close(self._read)
        os.close(self._write)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        os.write(self._write, b".")

    def fileno(self) -> int:
        """Readable once a stop was asked for, so that it can be waited for among other things."""
        return self._read

    def wait(self, seconds: float) -> bool:
        """Wait until a stop is asked for, `seconds` at most. True when it was."""
        return bool(select.select([self._read], [], [], seconds)[0])
