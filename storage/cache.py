"""Redis as a memory that may fail: nothing here raises, nothing here waits long."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)


class Cache:
    """Text by key, or nothing.

    After a failure Redis is left alone for `pause` seconds, so that an unreachable server costs one short wait and
    not one per call. Every caller keeps the truth in SQL, so a lost or refused value is only a slower answer.
    """

    def __init__(self, redis: Redis | None, pause: float = 2.0) -> None:
        self._redis = bounded(redis) if redis is not None else None
        self._pause = pause
        self._down_until: float | None = None  # monotonic; None while all is well

    def get(self, key: str) -> str | None:
        """The text under this key, None if there is none or nobody to ask."""
        if (redis := self._reachable()) is None:
            return None
        try:
            value = redis.get(key)
        except RedisError as exc:
            self._failed(exc)
            return None
        self._worked()
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else None

    def put(self, key: str, text: str, ttl: timedelta) -> None:
        """Remember for `ttl`, if possible."""
        if (redis := self._reachable()) is None:
            return
        try:
            redis.set(key, text, ex=ttl)
        except RedisError as exc:
            self._failed(exc)
        else:
            self._worked()

    def drop(self, key: str) -> None:
        """Forget, if possible; otherwise the ttl does it."""
        if (redis := self._reachable()) is None:
            return
        try:
            redis.delete(key)
        except RedisError as exc:
            self._failed(exc)
        else:
            self._worked()

    def problem(self) -> str | None:
        """Why Redis cannot be reached right now; None if it can, or if there is none to reach."""
        if self._redis is None:
            return None
        try:
            self._redis.ping()
        except RedisError as exc:
            return f"not reachable ({type(exc).__name__})"
        return None

    def _reachable(self) -> Redis | None:
        waiting = self._down_until is not None and time.monotonic() < self._down_until
        return None if waiting else self._redis

    def _failed(self, exc: RedisError) -> None:
        if self._down_until is None:  # once per outage
            log.warning("redis is not reachable (%s), going on without it", type(exc).__name__)
        self._down_until = time.monotonic() + self._pause

    def _worked(self) -> None:
        if self._down_until is not None:
            log.warning("redis is back")
            self._down_until = None


def bounded(redis: Redis) -> Redis:
    """A client of the same server that gives up within half a second.

    Clients of redis-py 8 retry ten times with growing pauses unless told otherwise; a traveller would wait minutes.
    None is needed for a server that was restarted: dead connections are noticed when they are taken from the pool.
    """
    pool = redis.connection_pool
    given = {name: value for name, value in pool.connection_kwargs.items() if name in _KEPT and value is not None}
    return Redis(
        connection_pool=ConnectionPool(
            connection_class=pool.connection_class,
            **given,
            socket_timeout=0.5,
            socket_connect_timeout=0.5,
            retry=Retry(NoBackoff(), 0),
        )
    )


_KEPT = frozenset(
    {"host", "port", "db", "username", "password", "path", "protocol", "client_name", "credential_provider"}
) | {f"ssl_{name}" for name in ("keyfile", "certfile", "cert_reqs", "ca_certs", "ca_path", "check_hostname")}
