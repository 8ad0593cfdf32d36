"""Redis as a memory that may fail: nothing here raises, nothing here waits long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar, cast

from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError
from redis.retry import Retry

from storage.outage import Outage
from storage.rates import LEAST_WAIT, Limit

R = TypeVar("R")

MISSED = 1000  # keys remembered whose change Redis missed

# One list of moments, newest first, serves all limits of a rate: all allow the use, or none counts it.
_ADMIT = """
if KEYS[2] then
  local left = redis.call('PTTL', KEYS[2])
  if left > 0 then return tostring(left / 1000) end
end
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local wait, most, longest = 0, 0, 0
for i = 1, #ARGV, 2 do
  local uses, seconds = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local moment = redis.call('LINDEX', KEYS[1], uses - 1)
  if moment then wait = math.max(wait, math.min(moment + seconds - now, seconds)) end
  most, longest = math.max(most, uses), math.max(longest, seconds)
end
if wait > 0 then return tostring(wait) end
redis.call('LPUSH', KEYS[1], string.format('%.6f', now))
redis.call('LTRIM', KEYS[1], 0, most - 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(longest * 1000))
return '0'
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_COUNT = "redis.call('SET', KEYS[1], 0, 'NX', 'PX', ARGV[1]) return redis.call('INCR', KEYS[1])"
_ADD = """
for i = 2, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 or redis.call('HLEN', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('HINCRBYFLOAT', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
"""


class Cache:
    """Text by key, or nothing; counts, claims, rates and sums by key likewise.

    After a failure Redis is left alone for `pause` seconds, so that an unreachable server costs one short wait and
    not one per call. Every caller keeps the truth in SQL or can do without, so a lost or refused value is only a slower
    answer. What could not be changed or dropped meanwhile is dropped when Redis is back, so that nothing old returns.
    """

    def __init__(self, redis: Redis | None, pause: float = 2.0) -> None:
        self._redis = bounded(redis) if redis is not None else None
        self._outage = Outage("redis", pause)
        self._missed: set[str] = set()

    def get(self, key: str) -> str | None:
        """The text under this key, None if there is none or nobody to ask."""
        return self._ask(lambda redis: _text(redis.get(key)))

    def get_all(self, keys: Sequence[str]) -> list[str | None]:
        """The same for several, in order, for the price of one."""
        found = self._ask(lambda redis: [_text(value) for value in cast("list[object]", redis.mget(keys))])
        return [None] * len(keys) if found is None else found

    def starts(self, keys: Sequence[str], length: int) -> list[str] | None:
        """The first characters (ASCII) of the texts under these keys, "" if there is none; None if nobody to ask."""

        def look(redis: Redis) -> list[str]:
            asking = redis.pipeline(transaction=False)
            for key in keys:
                asking.getrange(key, 0, length - 1)
            return [_text(found) or "" for found in asking.execute()]

        return self._ask(look)

    def put(self, key: str, text: str, ttl: timedelta) -> bool:
        """Remember for `ttl`, if possible."""
        return self.put_all({key: text}, ttl)

    def put_all(self, texts: Mapping[str, str], ttl: timedelta) -> bool:
        """Remember several by key for the price of one, if possible; False when one of them was not."""
        return self._change(lambda redis: _set(redis, texts, ttl), *texts)

    def drop(self, *keys: str) -> bool:
        """Forget, if possible; otherwise when Redis is back, or the ttl does it."""
        return self._change(lambda redis: redis.delete(*keys) is not None, *keys)

    def left(self, keys: Sequence[str]) -> list[timedelta] | None:
        """How long each of these will still be there, no time when it is not; None if nobody to ask."""

        def look(redis: Redis) -> list[timedelta]:
            asking = redis.pipeline(transaction=False)
            for key in keys:
                asking.pttl(key)
            return [timedelta(milliseconds=max(_number(left), 0)) for left in asking.execute()]

        return self._ask(look)

    def claim(self, key: str, token: str, ttl: timedelta) -> bool | None:
        """Whether this token now holds the key, None if nobody to ask."""
        return self._ask(lambda redis: redis.set(key, token, nx=True, px=_at_least_a_moment(ttl)) is not None)

    def release(self, key: str, token: str) -> None:
        """Let go of a claimed key, if this token still holds it; otherwise the ttl does it."""
        self._run(_RELEASE, [key], token)

    def count(self, key: str, ttl: timedelta) -> int | None:
        """One more: how many since the first, forgotten `ttl` after it; None if nobody to ask."""
        counted = self._run(_COUNT, [key], _at_least_a_moment(ttl))
        return None if counted is None else _number(counted)

    def admit(self, key: str, limits: Sequence[Limit], unless: str = "") -> float | None:
        """Count one use within limits: 0, or the seconds to wait (nothing was counted); None if nobody to ask.

        As long as the key `unless` is there, its time is waited for.
        """
        keys = [key, unless] if unless else [key]
        waited = self._run(_ADMIT, keys, *(part for limit in limits for part in (limit.uses, limit.seconds)))
        if waited is None:
            return None
        seconds = float(_text(waited) or 0)
        return max(seconds, LEAST_WAIT) if seconds > 0 else 0.0

    def add(self, key: str, amounts: Sequence[tuple[str, float]], most: int) -> bool:
        """Add to some of at most so many sums under a key, if possible."""
        return self._run(_ADD, [key], most, *(part for amount in amounts for part in amount)) is not None

    def sums(self, key: str) -> dict[str, float]:
        """The sums under a key by name; none if there is nobody to ask."""
        found: dict[Any, Any] | None = self._ask(lambda redis: redis.hgetall(key))
        return {_text(name) or "": float(amount) for name, amount in (found or {}).items()}

    def problem(self) -> str | None:
        """Why Redis cannot be reached right now; None if it can, or if there is none to reach."""
        if self._redis is None:
            return None
        try:
            self._redis.ping()
        except RedisError as exc:
            return f"not reachable ({type(exc).__name__})"
        return None

    def _run(self, script: str, keys: Sequence[str], *arguments: str | float) -> Any:
        return self._ask(lambda redis: redis.register_script(script)(keys, arguments))

    def _change(self, work: Callable[[Redis], bool], *keys: str) -> bool:
        done = self._ask(work)
        if done is None and self._redis is not None and len(self._missed) < MISSED:
            self._missed.update(keys)
        return bool(done)

    def _ask(self, work: Callable[[Redis], R]) -> R | None:
        """What Redis says, None when there is none or it is left alone."""
        if self._redis is None or self._outage.lasts:
            return None
        try:
            if missed := list(self._missed):
                self._redis.delete(*missed)
                self._missed.difference_update(missed)
            answer = work(self._redis)
        except RedisError as exc:
            self._outage.began(exc)
            return None
        self._outage.ended()
        return answer


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


def _set(redis: Redis, texts: Mapping[str, str], ttl: timedelta) -> bool:
    putting = redis.pipeline(transaction=False)
    for key, text in texts.items():
        putting.set(key, text, px=_at_least_a_moment(ttl))
    answers = dict(zip(texts, putting.execute(raise_on_error=False), strict=True))
    refused = [key for key, answer in answers.items() if isinstance(answer, OutOfMemoryError)]
    if refused:
        redis.delete(*refused)  # a full server can still forget, and what it had is no longer true
    for answer in answers.values():
        if isinstance(answer, RedisError) and not isinstance(answer, OutOfMemoryError):
            raise answer
    return not refused


def _text(value: object) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _at_least_a_moment(ttl: timedelta) -> int:
    return max(int(ttl / timedelta(milliseconds=1)), 1)
