"""A bounded dictionary whose items have a time each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from cachetools import TLRUCache

V = TypeVar("V")
Timer = Callable[[], float]  # seconds since whenever


class _Item(NamedTuple, Generic[V]):
    value: V
    until: float


class Timed(Generic[V]):
    """Values by key, each for as long as it was put in for; the ones longest unused go when there are too many.

    Threads may share one; what is more than a single call needs a lock of its own.
    """

    def __init__(self, items: int, timer: Timer) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._items: TLRUCache[str, _Item[V], float] = TLRUCache(items, lambda _key, item, _now: item.until, timer)

    def get(self, key: str) -> V | None:
        """The value, None when there is none or its time is over."""
        with self._lock:
            item = self._items.get(key)
        return None if item is None else item.value

    def left(self, key: str) -> float:
        """For how many seconds it will still be there."""
        with self._lock:
            item = self._items.get(key)
        return 0.0 if item is None else max(item.until - self._timer(), 0.0)

    def put(self, key: str, value: V, seconds: float) -> None:
        """Hold for `seconds`; no time at all is the same as dropping it."""
        with self._lock:
            self._items[key] = _Item(value, self._timer() + seconds)

    def drop(self, key: str) -> None:
        """Let go of it, if it is there."""
        with self._lock:
            self._items.pop(key, None)
