"""What one process remembers: all there is without Redis and SQL, and what is left when they are away."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as hour
from decimal import Decimal
from enum import Enum
from functools import cache
from types import EllipsisType, MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from storage import rates
from storage.codec import BadShape, dump, load
from storage.timed import Timed, Timer

log = logging.getLogger(__name__)

T = TypeVar("T")
Labels = tuple[tuple[str, str], ...]  # sorted by name
Tallies = Mapping[str, Mapping[Labels, float]]
Meter = tuple[str, Mapping[str, str], float]  # name, labels, what is added

ITEMS = 5000
METERS = 2000  # sets of labels; more would be a label that grows with traffic, a mistake


class ProcessMemory:
    """Values, flags, counts, claims, rates and meters of this process. Threads may share it.

    Frozen dataclasses are handed out as they were put in. `timer` counts seconds from whenever.
    """

    def __init__(self, items: int = ITEMS, timer: Timer = time.monotonic) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._values: Timed[object] = Timed(items, timer)
        self._flags: Timed[bool] = Timed(items, timer)
        self._waits: Timed[None] = Timed(items, timer)
        self._counts: Timed[list[int]] = Timed(items, timer)
        self._claims: Timed[object] = Timed(items, timer)
        self._uses: Timed[deque[float]] = Timed(items, timer)
        self._meters: dict[tuple[str, Labels], float] = {}

    def recall(self, key: str, kind: type[T], *, brief: bool = False) -> T | None:
        """The dataclass kept under this key, None when there is none, its time is over or it is of another kind."""
        return handed_out(self._values.get(key), kind)

    def recall_all(self, keys: Sequence[str], kind: type[T], *, brief: bool = False) -> dict[str, T]:
        """The same for several: what there is, by key."""
        found = {key: self.recall(key, kind) for key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def keep(self, key: str, value: object, seconds: float, *, brief: bool = False) -> None:
        """Remember a dataclass for so long."""
        self._values.put(key, at_hand(value), seconds)

    def together(self) -> AbstractContextManager[None]:
        """Nothing is written here that could be written together."""
        return nullcontext()

    def claim(self, key: str, seconds: float) -> ProcessClaim | None:
        """The right to do something alone for at most so long; None: another thread has it."""
        claim = ProcessClaim(self, key)
        with self._lock:
            if self._claims.get(key) is not None:
                return None
            self._claims.put(key, claim, seconds)
        return claim

    def released(self, claim: ProcessClaim) -> None:
        """A claim is over, if it still held."""
        with self._lock:
            if self._claims.get(claim.key) is claim:
                self._claims.drop(claim.key)

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        """Count one use under a rate like "30/minute; 1/second": 0, or the seconds to wait, and nothing was counted.

        While the flag `unless` is up, everybody waits until it is over.
        """
        if unless and (left := self.marked(unless)):
            return left
        limits, now = rates.parse(rate), self._timer()
        most = max(limit.uses for limit in limits)
        with self._lock:
            uses = deque(self._uses.get(key) or (), maxlen=most)
            if seconds := rates.wait(uses, limits, now):
                return seconds
            uses.appendleft(now)
            self._uses.put(key, uses, max(limit.seconds for limit in limits))
        return 0.0

    def note_wait(self, key: str, seconds: float) -> None:
        """This process need not ask about this for so long, for it knows what it would be told."""
        self._waits.put(key, None, seconds)

    def known_wait(self, key: str) -> float:
        """For how many seconds more that was noted, 0 when it was not."""
        return self._waits.left(key)

    def mark(self, key: str, seconds: float) -> None:
        """Put up a flag for so long."""
        self._flags.put(key, True, seconds)

    def marked(self, key: str) -> float:
        """For how many seconds the flag still stands, 0 when it does not."""
        return self._flags.left(key)

    def all_marked(self, keys: Sequence[str]) -> Sequence[float]:
        """The same for several flags."""
        return [self.marked(key) for key in keys]

    def count(self, key: str, seconds: float) -> int:
        """One more: how many since the first, which is forgotten after `seconds`."""
        with self._lock:
            counted = self._counts.get(key)
            if counted is None:
                counted = [0]
                self._counts.put(key, counted, seconds)
            counted[0] += 1
            return counted[0]

    def clear(self, *keys: str) -> None:
        """Take down these flags, and begin these counts anew."""
        with self._lock:
            for key in keys:
                self._flags.drop(key)
                self._counts.drop(key)

    def forget(self, key: str) -> None:
        """Drop value, flag and count of this key."""
        self.clear(key)
        self._values.drop(key)

    def tally(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        """Add to a meter."""
        meter = (name, sorted_labels(labels))
        with self._lock:
            if meter not in self._meters and len(self._meters) >= METERS:
                log.warning("meter %s has too many labels, not counted", name)
                return
            self._meters[meter] = self._meters.get(meter, 0.0) + amount

    def tally_all(self, meters: Sequence[Meter]) -> None:
        """Add to several."""
        for name, labels, amount in meters:
            self.tally(name, labels, amount)

    def tallies(self) -> Tallies:
        """All meters: what was added by name and labels."""
        with self._lock:
            meters = dict(self._meters)
        return by_name(meters)


class ProcessClaim:
    """See ProcessMemory.claim."""

    def __init__(self, memory: ProcessMemory, key: str) -> None:
        self._memory = memory
        self.key = key

    def release(self) -> None:
        """Give it back; nothing happens when its time was over."""
        self._memory.released(self)


def sorted_labels(labels: Mapping[str, str]) -> Labels:
    """The same labels in the same words, however they were put."""
    return tuple(sorted(labels.items()))


def by_name(meters: Mapping[tuple[str, Labels], float]) -> Tallies:
    """Meters sorted by name."""
    told: dict[str, dict[Labels, float]] = {}
    for (name, labels), amount in sorted(meters.items()):
        told.setdefault(name, {})[labels] = amount
    return MappingProxyType(told)


@dataclass(frozen=True, slots=True)
class _Text:
    """A value that could be changed by whom it is handed to is kept as text, and made anew each time."""

    text: str


def at_hand(value: object) -> object:
    """A dataclass in a form in which it can be held and handed out again and again."""
    kind: Any = type(value)
    return value if _unchanging_kind(kind) else _Text(dump(value))


def handed_out(held: object, kind: type[T]) -> T | None:
    """What was made ready by `at_hand`, None when it is not of this kind."""
    if isinstance(held, _Text):
        try:
            return load(kind, held.text)
        except BadShape:
            return None
    return held if isinstance(held, kind) else None


_SIMPLE = (str, int, float, bytes, Decimal, date, datetime, hour, timedelta, tzinfo, Enum, NoneType, EllipsisType)


@cache
def _unchanging_kind(kind: type[Any]) -> bool:
    """Whether nobody can change a value of this type: frozen dataclasses and tuples, all the way down."""
    return _unchanging(kind, frozenset())


def _unchanging(hint: Any, within: frozenset[type[Any]]) -> bool:
    origin = get_origin(hint)
    if origin is Literal or hint is Ellipsis:
        return True
    if origin in (Union, UnionType, tuple, frozenset):
        return all(_unchanging(part, within) for part in get_args(hint))
    if not isinstance(hint, type) or origin is not None:
        return False
    if not dataclasses.is_dataclass(hint):
        return issubclass(hint, _SIMPLE)
    if hint in within:  # a type that contains itself says nothing new
        return True
    parts = get_type_hints(hint)
    frozen: bool = hint.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return frozen and all(_unchanging(parts[f.name], within | {hint}) for f in dataclasses.fields(hint))
