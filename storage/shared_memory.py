"""What all processes remember: Redis first, SQL behind it for answers, and this process when both are away."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TypeVar

from storage import rates
from storage.answers import Answers, Away
from storage.cache import Cache
from storage.clock import Clock
from storage.codec import BadShape, dump, load
from storage.memory import (
    METERS,
    Labels,
    Meter,
    ProcessClaim,
    ProcessMemory,
    Tallies,
    at_hand,
    by_name,
    handed_out,
    sorted_labels,
)
from storage.timed import Timed

T = TypeVar("T")

COPIES = 500  # answers this process has at hand
LASTING = timedelta(seconds=30)  # so long a copy counts without Redis before SQL is asked
_TALLIES = "safiri:tallies"
_STAMP = 16


@dataclass(frozen=True, slots=True)
class _Copy:
    """A value at hand, with the random stamp that it carries in Redis."""

    held: object
    stamp: str
    looked_at: datetime


class SharedMemory:
    """Nothing here raises and nothing waits long; what cannot be remembered is asked again.

    A value has three levels. This process has it ready to hand out, and asks Redis only whether it still carries the
    same stamp, so that what others keep or forget is seen at once. Redis has the text. So does SQL, unless it is of
    brief interest: that survives a restart of Redis, to which it is put back. Without Redis a copy at hand counts for
    half a minute, then SQL is asked; with neither, the copy is all there is.

    Flags, counts, claims, rates and meters live in Redis. While it is away each process has its own: two processes may
    then hold one claim, and together use a rate twice.

    Answers are written in transactions of their own, so never call this inside one (see storage.answers).
    """

    def __init__(self, cache: Cache, answers: Answers, process: ProcessMemory, clock: Clock) -> None:
        self._cache = cache
        self._answers = answers
        self._process = process
        self._clock = clock
        self._copies: Timed[_Copy] = Timed(COPIES, lambda: clock().timestamp())
        self._waits: Timed[None] = Timed(COPIES, time.monotonic)
        self._here = threading.local()

    def recall(self, key: str, kind: type[T], *, brief: bool = False) -> T | None:
        """The dataclass kept under this key, None when there is none, its time is over or it is of another kind.

        `brief`: what was kept just now, or only for a while; SQL is not asked.
        """
        return self.recall_all([key], kind, brief=brief).get(key)

    def recall_all(self, keys: Sequence[str], kind: type[T], *, brief: bool = False) -> dict[str, T]:
        """The same for several, for the price of one: what there is, by key."""
        if not keys:
            return {}
        found: dict[str, T] = {}
        copies = {key: self._copies.get(key) for key in keys}
        told = self._cache.starts([_answer(key) for key in keys], _STAMP)
        stamps: dict[str, str | None] = dict.fromkeys(keys) if told is None else dict(zip(keys, told, strict=True))
        for key, copy in copies.items():
            if copy is None or not self._counts(copy, stamps[key]):
                continue
            if (held := handed_out(copy.held, kind)) is not None:
                found[key] = held
        fresh = [key for key, stamp in stamps.items() if stamp and key not in found]
        broken = set()
        for key, text in zip(fresh, self._cache.get_all([_answer(key) for key in fresh]) if fresh else [], strict=True):
            if text is not None and (value := self._read(key, kind, text)) is not None:
                found[key] = value
            elif text is not None:
                broken.add(key)
        missing = [key for key in keys if key not in found and key not in broken]
        return found if brief or not missing else found | self._behind(missing, kind, copies)

    def _behind(self, keys: Sequence[str], kind: type[T], copies: Mapping[str, _Copy | None]) -> dict[str, T]:
        """What SQL has of these, put back into Redis; the copies at hand when SQL is away, too."""
        found: dict[str, T] = {}
        try:
            answers = self._answers.find(keys)
        except Away:
            for key in keys:
                if (copy := copies[key]) is not None and (held := handed_out(copy.held, kind)) is not None:
                    found[key] = held
            return found
        for key in keys:
            if (answer := answers.get(key)) is None:
                self._copies.drop(key)
            elif (value := self._read(key, kind, self._write(key, answer.text, answer.until))) is not None:
                found[key] = value
        return found

    def keep(self, key: str, value: object, seconds: float, *, brief: bool = False) -> None:
        """Remember a dataclass for so long; also when Redis is restarted, unless it is only of brief interest."""
        if seconds <= 0:
            self.forget(key)
            return
        until = self._clock() + timedelta(seconds=seconds)
        text = dump(value)
        written = self._write(key, text, until)
        self._copy(key, value, written[:_STAMP], until)
        if not brief:
            self._answers.put(key, text, until)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread keeps until the block ends is written to SQL then, and what it tallies is added then, each
        for the price of one.
        """
        if self._gathered is not None:
            yield
            return
        meters = self._here.meters = list[Meter]()
        try:
            with self._answers.together():
                yield
        finally:
            self._here.meters = None
            if meters:
                self.tally_all(meters)

    @property
    def _gathered(self) -> list[Meter] | None:
        """What this thread tallies together; None when it does not."""
        meters: list[Meter] | None = getattr(self._here, "meters", None)
        return meters

    def claim(self, key: str, seconds: float) -> SharedClaim | None:
        """The right to do something alone for at most so long; None: somebody else has it."""
        here = self._process.claim(key, seconds)
        if here is None:
            return None
        name, token = f"safiri:claim:{key}", token_hex(8)
        if self._cache.claim(name, token, timedelta(seconds=seconds)) is False:
            here.release()
            return None
        return SharedClaim(here, self._cache, name, token)

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        """Count one use under a rate like "30/minute; 1/second": 0, or the seconds to wait, and nothing was counted.

        While the flag `unless` is up, everybody waits until it is over.
        """
        if unless and (left := self._process.marked(unless)):
            return left
        seconds = self._cache.admit(f"safiri:rate:{key}", rates.parse(rate), _flag(unless) if unless else "")
        return self._process.wait_before(key, rate) if seconds is None else seconds

    def note_wait(self, key: str, seconds: float) -> None:
        """This process need not ask about this for so long, for it knows what it would be told."""
        self._waits.put(key, None, seconds)

    def known_wait(self, key: str) -> float:
        """For how many seconds more that was noted, 0 when it was not."""
        return self._waits.left(key)

    def mark(self, key: str, seconds: float) -> None:
        """Put up a flag for so long."""
        redis, flag = self._cache, _flag(key)
        taken = redis.put(flag, "1", timedelta(seconds=seconds)) if seconds > 0 else redis.drop(flag)
        self._process.mark(key, 0 if taken else seconds)

    def marked(self, key: str) -> float:
        """For how many seconds the flag still stands, 0 when it does not."""
        return self.all_marked([key])[0]

    def all_marked(self, keys: Sequence[str]) -> Sequence[float]:
        """The same for several flags, for the price of one."""
        shared = self._cache.left([_flag(key) for key in keys]) or [timedelta()] * len(keys)
        return [max(left.total_seconds(), self._process.marked(key)) for left, key in zip(shared, keys, strict=True)]

    def count(self, key: str, seconds: float) -> int:
        """One more: how many since the first, which is forgotten after `seconds`."""
        counted = self._cache.count(_count(key), timedelta(seconds=seconds))
        return self._process.count(key, seconds) if counted is None else counted

    def clear(self, *keys: str) -> None:
        """Take down these flags, and begin these counts anew."""
        self._process.clear(*keys)
        self._cache.drop(*(name for key in keys for name in (_flag(key), _count(key))))

    def forget(self, key: str) -> None:
        """Drop value, flag and count of this key."""
        self._copies.drop(key)
        self._process.forget(key)
        self._cache.drop(_answer(key), _flag(key), _count(key))
        self._answers.drop(key)

    def tally(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        """Add to a meter that /metrics shows."""
        self.tally_all([(name, labels, amount)])

    def tally_all(self, meters: Sequence[Meter]) -> None:
        """The same for several, for the price of one."""
        if (gathered := self._gathered) is not None:
            gathered += meters
            return
        amounts: defaultdict[str, float] = defaultdict(float)
        for name, labels, amount in meters:
            amounts[_field(name, labels)] += amount
        if not self._cache.add(_TALLIES, list(amounts.items()), METERS):
            self._process.tally_all(meters)

    def tallies(self) -> Tallies:
        """All meters, what this process alone has counted included: sums by name and labels."""
        meters: defaultdict[tuple[str, Labels], float] = defaultdict(float)
        for field, amount in self._cache.sums(_TALLIES).items():
            meters[_meter(field)] += amount
        for name, told in self._process.tallies().items():
            for labels, amount in told.items():
                meters[name, labels] += amount
        return by_name(meters)

    def _counts(self, copy: _Copy, stamp: str | None) -> bool:
        if stamp is None:  # nobody to ask
            return self._clock() - copy.looked_at < LASTING
        return stamp == copy.stamp

    def _copy(self, key: str, value: object, stamp: str, until: datetime) -> None:
        now = self._clock()
        self._copies.put(key, _Copy(at_hand(value), stamp, now), (until - now).total_seconds())

    def _write(self, key: str, text: str, until: datetime) -> str:
        """Put text into Redis with a new stamp; what was put there."""
        written = f"{token_hex(_STAMP // 2)}{until.isoformat()}\n{text}"
        self._cache.put(_answer(key), written, until - self._clock())
        return written

    def _read(self, key: str, kind: type[T], written: str) -> T | None:
        """The value of such text, which is also held at hand; text that makes none is deleted."""
        head, _, text = written.partition("\n")
        try:
            until = datetime.fromisoformat(head[_STAMP:])
            value = load(kind, text)
        except (ValueError, BadShape):
            self._copies.drop(key)
            self._cache.drop(_answer(key))
            self._answers.drop(key)
            return None
        if until <= self._clock():
            return None
        self._copy(key, value, head[:_STAMP], until)
        return value


class SharedClaim:
    """See SharedMemory.claim."""

    def __init__(self, here: ProcessClaim, cache: Cache, key: str, token: str) -> None:
        self._here = here
        self._cache = cache
        self._key = key
        self._token = token

    def release(self) -> None:
        """Give it back; nothing happens when its time was over."""
        self._cache.release(self._key, self._token)
        self._here.release()


def _answer(key: str) -> str:
    return f"safiri:answer:{key}"


def _flag(key: str) -> str:
    return f"safiri:flag:{key}"


def _count(key: str) -> str:
    return f"safiri:count:{key}"


def _field(name: str, labels: Mapping[str, str]) -> str:
    return json.dumps([name, sorted_labels(labels)])


def _meter(field: str) -> tuple[str, Labels]:
    name, labels = json.loads(field)
    return name, tuple((label, value) for label, value in labels)
