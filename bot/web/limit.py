"""How much one visitor may send: a bucket that fills again with time, per process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

VISITORS = 10_000  # remembered at a time; the ones silent longest are forgotten


class Limit:
    """At most `burst` at once and `per_minute` in the long run, for each key."""

    def __init__(self, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, per_minute / 60, clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def allows(self, key: Hashable) -> bool:
        """Take one from the key's bucket; False when it is empty."""
        now = self._clock()
        left, since = self._left.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > VISITORS:
            self._left.popitem(last=False)
        return allowed
