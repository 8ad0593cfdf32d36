"""Whether Redis is there, asked now and then."""

from __future__ import annotations

import time

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)


class Watch:
    """Whether Redis is away. It is once it failed twice in a row, and until it has answered for `LINGER` seconds."""

    PATIENCE = 1.0  # seconds to wait for an answer, and between two questions
    LINGER = 5.0  # the web process may still believe that Redis is away, and queue nothing

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=self.PATIENCE, socket_connect_timeout=self.PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._next = 0.0  # monotonic, like all of these
        self._failures = 0
        self._back_at: float | None = None
        self.away = False

    def look(self) -> bool:
        """Ask again if it is time to; True while Redis is away."""
        if (now := time.monotonic()) < self._next:
            return self.away
        well = self._answers()
        self._next = time.monotonic() + self.PATIENCE
        self._failures = 0 if well else self._failures + 1
        if not self.away and self._failures >= 2:
            self.away = True
            log.warning("redis is away: what is owed is done from the database")
        if not well:
            self._back_at = None
        elif self._back_at is None:
            self._back_at = now
        elif self.away and now - self._back_at >= self.LINGER:
            self.away = False
            log.warning("redis is back")
        return self.away

    def _answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False
