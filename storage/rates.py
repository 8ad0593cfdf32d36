"""Rates like "30/minute; 1/second": at most so many uses in any window of so many seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LIMIT = re.compile(r"(\d+) ?(?:/|per) ?(\d+)? ?(second|minute|hour|day)s?")
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
LEAST_WAIT = 0.001  # seconds; who is told to wait must not come back in the same moment for ever


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `uses` in any `seconds`."""

    uses: int
    seconds: float


@lru_cache(maxsize=256)
def parse(rate: str) -> tuple[Limit, ...]:
    """The limits of a rate, all of which hold. Raises ValueError for one that says nothing or allows nothing."""
    limits = []
    for part in rate.split(";"):
        found = _LIMIT.fullmatch(part.strip())
        if found is None or int(found[1]) < 1 or found[2] == "0":
            raise ValueError(f"not a rate: {rate!r}")
        limits.append(Limit(int(found[1]), int(found[2] or 1) * _SECONDS[found[3]]))
    return tuple(limits)


def wait(uses: Sequence[float], limits: Sequence[Limit], now: float) -> float:
    """Seconds until one more use is allowed, 0 for now. `uses` are the moments of earlier ones, newest first."""
    waits = [uses[limit.uses - 1] + limit.seconds - now for limit in limits if len(uses) >= limit.uses]
    longest = max(waits, default=0.0)
    return max(longest, LEAST_WAIT) if longest > 0 else 0.0
