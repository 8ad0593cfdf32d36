"""When the stops of a day tour are reached, and all that can still be put between them at once.

Feasibility of an insertion is tested without timing the tour again, as in Vansteenwegen et al., "Iterated local search
for the team orienteering problem with time windows" (2009): the earliest time to go on from every stop and the latest
arrival that keeps everything behind it possible. Several windows a visit and a pause change nothing about that, since
being earlier never hurts. Times are whole minutes on any clock of the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Matrix = Sequence[Sequence[int]]
Spans = tuple[tuple[int, int], ...]  # (first, last) possible starts, ascending and apart
Array = NDArray[np.float64]  # of whole numbers, which are exact up to 2**53

NEVER = 10**9
REMEMBERED = 4_000  # timed orders of a day …
OPENED = 500  # … and of so many what can still be put into them


@dataclass(frozen=True, slots=True)
class Pause:
    """A break that begins between `first` and `last`, at the start or after a visit, before the way on.

    A visit under way from `first + minutes` to `last` counts as one. None is owed by a day that leaves after
    `first + minutes`, or whose last visit is over by `last`.
    """

    minutes: int
    first: int
    last: int

    def over(self, time: int) -> int:
        """When a pause taken from `time` on is over, NEVER where it is too late for one."""
        return max(time, self.first) + self.minutes if time <= self.last else NEVER

    def before(self, time: int) -> int:
        """The latest time to be free for a pause that is over by `time`."""
        latest = time - self.minutes
        return min(latest, self.last) if latest >= self.first else -NEVER

    def within(self, spans: Spans, minutes: int) -> Spans:
        """The starts from which a visit of so many minutes counts as the pause."""
        cut = ((max(low, self.last - minutes), min(high, self.first + self.minutes)) for low, high in spans)
        return tuple((low, high) for low, high in cut if low <= high)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: a way from the point `start`, not before `leaves`, to the point `end`, not after `back`.

    `windows` has the possible starts of every visit on this day, none if it cannot be done then. `most` bounds the
    visits, `active` their minutes together; a visit longer than that is possible alone.
    """

    start: int
    end: int
    leaves: int
    back: int
    windows: tuple[Spans, ...]
    most: int | None = None
    active: int | None = None
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """Visits 0 to n-1 with their `length` and `prize`; `minutes` (and `loss`) lead from point to point.

    Points below n are the visits, the others where days start and end. `loss` is in the unit of `prize`.
    `mandatory` visits come before any prize.
    """

    minutes: Matrix
    length: tuple[int, ...]
    prize: tuple[int, ...]
    loss: Matrix | None = None
    mandatory: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class View:
    """How insertions are looked at.

    `worth` of each visit (column) on each day (row), 0 once it has a place, squared so many times; losses count
    `losses` times.
    """

    worth: Array
    losses: int
    squared: int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """An order of one day with, for each gap between its stops, what an insertion has to know.

    `free` is when one can go on from the stop before, `late` the latest arrival at the stop after, `direct` the arrival
    there without a detour: columns, once before the pause and, where one is owed, once after it.
    """

    order: tuple[int, ...]
    fits: bool
    value: int  # prizes less losses
    ends: int  # the earliest time of being back
    before: NDArray[np.intp]
    after: NDArray[np.intp]
    free: tuple[Array, ...]
    late: tuple[Array, ...]
    direct: tuple[Array, ...]


class Timetable:
    """Times of one day."""

    def __init__(self, field: Field, day: Day) -> None:
        self._field, self._day = field, day
        pause = day.pause if day.pause and day.leaves <= day.pause.first + day.pause.minutes else None
        self._pause = pause
        each = list(zip(day.windows, field.length, strict=True))
        self._through = [pause.within(spans, minutes) if pause else () for spans, minutes in each]
        n = len(each)
        minutes = np.array(field.minutes, dtype=np.float64)
        self._there, self._back = np.ascontiguousarray(minutes[:, :n]), np.ascontiguousarray(minutes[:n].T)
        self._length = np.array(field.length, dtype=np.float64)
        self._starts, self._starts_through = _columns(day.windows), _columns(self._through)
        self._loss = None if field.loss is None else np.array(field.loss, dtype=np.float64)
        self._known: dict[tuple[int, ...], Line] = {}
        self._opened: dict[tuple[int, ...], tuple[Array, Array | None]] = {}

    def line(self, order: tuple[int, ...]) -> Line:
        """The order as early as it goes; the empty one always fits."""
        found = self._known.get(order)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[order] = self._line(order)
        return found

    def insertion(self, line: Line, view: View, d: int) -> tuple[float, int, int]:
        """(score, gap, visit) of the best insertion on day `d`; the score is 0 where there is none.

        A visit scores what it is worth, squared as the view says, by the minutes that it delays what follows.
        """
        worth = view.worth[d]
        if not worth.size or (self._day.most is not None and len(line.order) >= self._day.most):
            return 0.0, 0, 0
        delay, detour = self._openings(line)
        if view.losses and detour is not None:
            worth = np.maximum(worth - view.losses * detour, 0.0) * (worth > 0)
        for _ in range(view.squared):
            worth = worth * worth
        score = worth / delay
        gap, visit = divmod(int(score.argmax()), view.worth.shape[1])
        return float(score[gap, visit]), gap, visit

    def _openings(self, line: Line) -> tuple[Array, Array | None]:
        """For every gap (row) and visit (column) the minutes, 1 at least, that it delays what follows, endless where
        it cannot be put, and what the detour loses. It is the same however insertions are looked at.
        """
        found = self._opened.get(line.order)
        if found is None:
            if len(self._opened) >= OPENED:
                self._opened.clear()
            found = self._opened[line.order] = self._open(line)
        return found

    def _open(self, line: Line) -> tuple[Array, Array | None]:
        day, pause = self._day, self._pause
        there, back = self._there[line.before], self._back[line.after]
        arrival = there + line.free[0]
        done = _begin(arrival, self._starts) + self._length
        delay = done + back
        possible = delay <= line.late[0]
        delay -= line.direct[0]
        if pause:
            possible[-1] &= done[-1] <= pause.last
            full = np.minimum(_begin(there + line.free[1], self._starts), _begin(arrival, self._starts_through))
            paused = np.where(done <= pause.last, np.maximum(done, pause.first) + pause.minutes, NEVER)
            reached = np.minimum(full + self._length, paused) + back
            delay = np.where(possible, delay, reached - line.direct[1])
            possible |= reached <= line.late[1]
        if day.active is not None and line.order:
            possible &= self._length <= day.active - sum(self._field.length[v] for v in line.order)
        detour = None
        if self._loss is not None:
            before, after, n = line.before, line.after, len(self._length)
            detour = self._loss[before, :n] + self._loss[:n, after].T - self._loss[before, after][:, None]
        return np.where(possible, np.maximum(delay, 1.0), np.inf), detour

    def _line(self, order: tuple[int, ...]) -> Line:
        field, day, pause = self._field, self._day, self._pause
        points = (day.start, *order, day.end)
        ways = list(pairwise(points))
        rides = [field.minutes[a][b] for a, b in ways]
        free, late = self._free(order, rides), self._late(order, rides)
        hungry, full = free[-1]
        ends = rides[-1] + (hungry if not pause or hungry <= pause.last else full)
        within = (day.most is None or len(order) <= day.most) and (
            day.active is None or len(order) < 2 or sum(field.length[v] for v in order) <= day.active
        )
        losses = 0 if field.loss is None else sum(field.loss[a][b] for a, b in ways)
        labels = (0, 1) if pause else (0,)
        return Line(
            order=order,
            fits=not order or (within and ends <= day.back),
            value=sum(field.prize[v] for v in order) - losses,
            ends=ends,
            before=np.array(points[:-1], dtype=np.intp),
            after=np.array(points[1:], dtype=np.intp),
            free=tuple(_column([times[k] for times in free]) for k in labels),
            late=tuple(_column([times[k] for times in late]) for k in labels),
            direct=tuple(_column([times[k] + ride for times, ride in zip(free, rides, strict=True)]) for k in labels),
        )

    def _free(self, order: Sequence[int], rides: Sequence[int]) -> list[tuple[int, int]]:
        """When one can go on from the start and from every visit, before a pause and after it."""
        pause, windows, length = self._pause, self._day.windows, self._field.length
        hungry = self._day.leaves
        full = pause.over(hungry) if pause else NEVER
        free = [(hungry, full)]
        for v, ride in zip(order, rides, strict=False):
            arrival, hungry = hungry + ride, _earliest(windows[v], hungry + ride) + length[v]
            if pause:
                start = min(_earliest(windows[v], full + ride), _earliest(self._through[v], arrival))
                full = min(start + length[v], pause.over(hungry))
            free.append((hungry, full))
        return free

    def _late(self, order: Sequence[int], rides: Sequence[int]) -> list[tuple[int, int]]:
        """The latest arrivals at every visit and at the end, before a pause and after it."""
        pause, windows, length = self._pause, self._day.windows, self._field.length
        hungry = full = self._day.back
        late = [(hungry, full)]
        over = pause.last if pause else NEVER  # the last visit, where there is no pause
        for v, ride in zip(reversed(order), reversed(rides), strict=False):
            latest = _latest(windows[v], min(hungry - ride, over) - length[v])
            if pause:
                leaves = full - ride
                latest = max(
                    latest,
                    _latest(windows[v], pause.before(leaves) - length[v]),
                    _latest(self._through[v], leaves - length[v]),
                )
                full = _latest(windows[v], leaves - length[v])
            hungry, over = latest, NEVER
            late.append((hungry, full))
        return late[::-1]


def _earliest(spans: Spans, time: int) -> int:
    """The first possible start from `time` on."""
    for first, last in spans:
        if time <= last:
            return max(time, first)
    return NEVER


def _latest(spans: Spans, time: int) -> int:
    """The last possible start up to `time`."""
    for first, last in reversed(spans):
        if first <= time:
            return min(time, last)
    return -NEVER


def _columns(spans: Sequence[Spans]) -> list[tuple[Array, Array]]:
    """First and last starts of all visits: of their last window, of the one before it and so on."""
    most = max(map(len, spans), default=0)
    padded = np.array([(*own, *((NEVER, -NEVER),) * (most - len(own))) for own in spans], dtype=np.float64)
    return [(padded[:, k, 0].copy(), padded[:, k, 1].copy()) for k in reversed(range(most))]


def _begin(arrival: Array, spans: Sequence[tuple[Array, Array]]) -> Array:
    """The first possible starts of all visits (columns) from their arrivals in each gap (rows) on."""
    start = np.array(NEVER, dtype=np.float64)
    for first, last in spans:
        start = np.where(arrival <= last, np.maximum(arrival, first), start)
    return start


def _column(times: Sequence[int]) -> Array:
    return np.array(times, dtype=np.float64)[:, None]
