"""Leaving alone for a while what does not answer, so that an outage costs one short wait and not one per call."""

from __future__ import annotations

import logging
import time

log = logging.getLogger(__name__)


class Outage:
    """Whether something is away, said once when it goes and once when it is back."""

    def __init__(self, what: str, pause: float) -> None:
        self._what = what
        self._pause = pause
        self._until: float | None = None  # monotonic; None while all is well

    @property
    def lasts(self) -> bool:
        """True while nobody should even ask."""
        return self._until is not None and time.monotonic() < self._until

    def began(self, exc: Exception) -> None:
        """It failed: it is left alone for `pause` seconds."""
        if self._until is None:  # once per outage
            log.warning("%s is not reachable (%s), going on without it", self._what, type(exc).__name__)
        self._until = time.monotonic() + self._pause

    def ended(self) -> None:
        """It worked."""
        if self._until is not None:
            log.warning("%s is back", self._what)
            self._until = None
