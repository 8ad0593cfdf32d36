"""What sources remember between searches: a port that storage fills with Redis, SQL and the process's own memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

T = TypeVar("T")
Meter = tuple[str, Mapping[str, str], float]  # name, labels, what is added


class Claim(Protocol):
    """The right to do something alone."""

    def release(self) -> None:
        """Give it back; nothing happens when its time was over."""
        ...


class Memory(Protocol):
    """What is remembered between searches, by all processes when there is a Redis or a database, else by this one.

    Nothing here raises and nothing waits long: what cannot be remembered is asked again.
    """

    def recall(self, key: str, kind: type[T], *, brief: bool = False) -> T | None:
        """The dataclass kept under this key, None when there is none or its time is over.

        `brief`: only what was kept just now, or is of brief interest.
        """
        ...

    def recall_all(self, keys: Sequence[str], kind: type[T], *, brief: bool = False) -> dict[str, T]:
        """The same for several, for the price of one: what there is, by key."""
        ...

    def keep(self, key: str, value: object, seconds: float, *, brief: bool = False) -> None:
        """Remember a dataclass for so long; also when Redis is restarted, unless it is only of brief interest."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """What this thread keeps until the block ends is made lasting then, and what it tallies is added then, each for
        the price of one.
        """
        ...

    def claim(self, key: str, seconds: float) -> Claim | None:
        """The right to do something alone for at most so long; None: somebody else has it."""
        ...

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        """Count one use under a rate like "30/minute; 1/second": 0, or the seconds to wait, and nothing was counted.

        While the flag `unless` is up, everybody waits until it is over.
        """
        ...

    def note_wait(self, key: str, seconds: float) -> None:
        """This process need not ask about this for so long, for it knows what it would be told."""
        ...

    def known_wait(self, key: str) -> float:
        """For how many seconds more that was noted, 0 when it was not. Asks nobody."""
        ...

    def mark(self, key: str, seconds: float) -> None:
        """Put up a flag for so long."""
        ...

    def marked(self, key: str) -> float:
        """For how many seconds the flag still stands, 0 when it does not."""
        ...

    def all_marked(self, keys: Sequence[str]) -> Sequence[float]:
        """The same for several flags, for the price of one."""
        ...

    def count(self, key: str, seconds: float) -> int:
        """One more: how many since the first, which is forgotten after `seconds`."""
        ...

    def clear(self, *keys: str) -> None:
        """Take down these flags, and begin these counts anew."""
        ...

    def forget(self, key: str) -> None:
        """Drop value, flag and count of this key."""
        ...

    def tally(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        """Add to a meter that /metrics shows."""
        ...

    def tally_all(self, meters: Sequence[Meter]) -> None:
        """The same for several, for the price of one."""
        ...


class Apart:
    """A part of a memory that shares nothing with the rest of it: keys of its own, and no meters."""

    def __init__(self, memory: Memory, name: str) -> None:
        self._memory, self._name = memory, name

    def recall(self, key: str, kind: type[T], *, brief: bool = False) -> T | None:
        """See Memory."""
        return self._memory.recall(self._own(key), kind, brief=brief)

    def recall_all(self, keys: Sequence[str], kind: type[T], *, brief: bool = False) -> dict[str, T]:
        """See Memory."""
        own = {self._own(key): key for key in keys}
        return {own[name]: value for name, value in self._memory.recall_all(list(own), kind, brief=brief).items()}

    def keep(self, key: str, value: object, seconds: float, *, brief: bool = False) -> None:
        """See Memory."""
        self._memory.keep(self._own(key), value, seconds, brief=brief)

    def together(self) -> AbstractContextManager[None]:
        """See Memory."""
        return self._memory.together()

    def claim(self, key: str, seconds: float) -> Claim | None:
        """See Memory."""
        return self._memory.claim(self._own(key), seconds)

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        """See Memory."""
        return self._memory.wait_before(self._own(key), rate, self._own(unless) if unless else "")

    def note_wait(self, key: str, seconds: float) -> None:
        """See Memory."""
        self._memory.note_wait(self._own(key), seconds)

    def known_wait(self, key: str) -> float:
        """See Memory."""
        return self._memory.known_wait(self._own(key))

    def mark(self, key: str, seconds: float) -> None:
        """See Memory."""
        self._memory.mark(self._own(key), seconds)

    def marked(self, key: str) -> float:
        """See Memory."""
        return self._memory.marked(self._own(key))

    def all_marked(self, keys: Sequence[str]) -> Sequence[float]:
        """See Memory."""
        return self._memory.all_marked([self._own(key) for key in keys])

    def count(self, key: str, seconds: float) -> int:
        """See Memory."""
        return self._memory.count(self._own(key), seconds)

    def clear(self, *keys: str) -> None:
        """See Memory."""
        self._memory.clear(*map(self._own, keys))

    def forget(self, key: str) -> None:
        """See Memory."""
        self._memory.forget(self._own(key))

    def tally(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        """Nothing: what is not real is not measured."""

    def tally_all(self, meters: Sequence[Meter]) -> None:
        """Nothing, either."""

    def _own(self, key: str) -> str:
        return f"{self._name}:{key}"
