"""Day tours on plain numbers: which visits on which day and in which order.

A prize-collecting tour with time windows (team orienteering, TOPTW). Each round takes a string of stops out of some
days, puts visits back where they bring much for the time they take, and keeps the result by threshold acceptance:
ruin and recreate after Schrimpf et al., "Record breaking optimization results using the ruin and recreate principle"
(2000) and Christiaens and Vanden Berghe, "Slack induction by string removals" (2020), insertion by ratio after
Vansteenwegen et al. (`planner/tourtimes.py`). Nothing is proven: the result is the best seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from planner.tourtimes import Day, Field, Line, Pause, Timetable, View

__all__ = ["Day", "Field", "Pause", "Tour", "Tours", "best_tours", "timed"]

STRING = 10  # stops taken out of a day in one round, at most
HEAT = 0.3  # of a mean prize: how much worse a round may leave things in the beginning; falls to nothing
NOISE = (0.3, 0.6, 1.0)  # the most that a visit's worth is understated on a day, one of them in each round
SQUARED = (0, 1, 2)  # times that what a visit is worth is squared against its minutes, one of them in each round
LOOKS = 0.75  # share of the rounds that look at losses when they insert
KEPT, KEPT_EACH = 60, 3  # tours of a day in the pool: the best, and some with every single visit


@dataclass(frozen=True, slots=True)
class Tour:
    """A feasible order of visits for one day; `value` is prizes less losses, `ends` the earliest time of being back."""

    day: int
    order: tuple[int, ...]
    value: int
    ends: int


@dataclass(frozen=True, slots=True)
class Tours:
    """The best tours found, one a day; `missing` are mandatory visits that no place was found for.

    `pool` has good tours of all days, best first, no two of a day with the same visits.
    """

    days: tuple[Tour, ...]
    value: int
    missing: frozenset[int]
    pool: tuple[Tour, ...]


def best_tours(field: Field, days: Sequence[Day], *, effort: int, seed: int = 1) -> Tours:
    """The tours with the highest value that `effort` rounds find. The same input gives the same tours."""
    return _Search(field, days, Random(seed)).run(effort)


def timed(field: Field, days: Sequence[Day], day: int, order: tuple[int, ...]) -> Tour | None:
    """Exactly this order on a day, None where it does not fit."""
    line = Timetable(field, days[day]).line(order)
    return _tour(day, line) if line.fits else None


class _Search:
    """Ruin and recreate over all days."""

    def __init__(self, field: Field, days: Sequence[Day], random: Random) -> None:
        self._field, self._random = field, random
        self._tables = [Timetable(field, day) for day in days]
        self._pool: dict[tuple[int, frozenset[int]], Tour] = {}
        gains = [max(0, prize) for prize in field.prize]
        self._mean = sum(gains) / max(1, len(gains))
        furthest = max((abs(loss) for row in field.loss or () for loss in row), default=0)
        # more than all else together can bring
        self._must = 1 + sum(map(abs, field.prize)) + 2 * furthest * (len(gains) + len(days))
        worth = np.array([gain + self._must * (v in field.mandatory) for v, gain in enumerate(gains)], dtype=np.float64)
        self._worth = np.tile(worth, (len(days), 1))

    def run(self, effort: int) -> Tours:
        """The best of so many rounds, after a first one that leaves nothing to chance."""
        lines = [table.line(()) for table in self._tables]
        self._recreate(lines, View(self._worth.copy(), losses=1, squared=1))
        current = best = self._rank(lines), lines
        for done in range(effort):
            lines = self._ruined(current[1])
            self._recreate(lines, self._view())
            rank = self._rank(lines)
            threshold = HEAT * self._mean * (1 - done / effort) * self._random.random()
            if rank[0] >= current[0][0] - threshold:
                current = rank, lines
                if rank > best[0]:
                    best = current
        return self._result(best[1])

    def _rank(self, lines: Iterable[Line]) -> tuple[int, int]:
        """Value and, among equals, early ends."""
        value = early = 0
        for line in lines:
            value += line.value + self._must * len(self._field.mandatory.intersection(line.order))
            early -= line.ends
        return value, early

    def _ruined(self, lines: Sequence[Line]) -> list[Line]:
        """Without a string of stops on some days."""
        random, found = self._random, list(lines)
        full = [d for d, line in enumerate(lines) if line.order]
        for d in random.sample(full, random.randint(1, len(full)) if full else 0):
            order = lines[d].order
            string = random.randint(1, min(STRING, len(order)))
            at = random.randint(0, len(order) - string)
            shorter = self._tables[d].line(order[:at] + order[at + string :])
            # where a detour is shorter than the direct way, what is left may not fit
            found[d] = shorter if shorter.fits else self._tables[d].line(())
        return found

    def _view(self) -> View:
        random = self._random
        most = random.choice(NOISE)
        noise = np.array([1 - most * random.random() for _ in range(self._worth.size)]).reshape(self._worth.shape)
        # what does not pay alone may pay beside something else, so now and then losses are left out of sight
        return View(self._worth * noise, losses=int(random.random() < LOOKS), squared=random.choice(SQUARED))

    def _recreate(self, lines: list[Line], view: View) -> None:
        """Insert visits, the best score first, until nothing fits, and take out again what does not pay."""
        for line in lines:
            view.worth[:, line.order] = 0.0
        found = [table.insertion(lines[d], view, d) for d, table in enumerate(self._tables)]
        while (best := max(range(len(found)), key=lambda d: found[d][0], default=None)) is not None:
            score, gap, visit = found[best]
            if score <= 0:
                break
            order = lines[best].order
            lines[best] = self._tables[best].line((*order[:gap], visit, *order[gap:]))
            view.worth[:, visit] = 0.0
            for d, (_, _, wanted) in enumerate(found):
                if d == best or wanted == visit:
                    found[d] = self._tables[d].insertion(lines[d], view, d)
        for d, line in enumerate(lines):
            lines[d] = self._trimmed(d, line) if self._field.loss is not None else line
            self._remember(_tour(d, lines[d]))

    def _trimmed(self, d: int, line: Line) -> Line:
        """Without the stops that cost more than they bring, the worst first."""
        while True:
            order = line.order
            shorter = [
                self._tables[d].line(order[:n] + order[n + 1 :])
                for n, v in enumerate(order)
                if v not in self._field.mandatory
            ]
            better = [other for other in shorter if other.fits and other.value > line.value]
            if not better:
                return line
            line = max(better, key=lambda other: other.value)

    def _remember(self, tour: Tour) -> None:
        key = tour.day, frozenset(tour.order)
        known = self._pool.get(key)
        if tour.order and (known is None or (tour.value, -tour.ends) > (known.value, -known.ends)):
            self._pool[key] = tour

    def _result(self, lines: Sequence[Line]) -> Tours:
        days = tuple(_tour(d, line) for d, line in enumerate(lines))
        missing = self._field.mandatory.difference(*(tour.order for tour in days))
        ranked = sorted(self._pool.values(), key=lambda tour: (-tour.value, tour.ends, tour.day, tour.order))
        return Tours(days, sum(tour.value for tour in days), missing, tuple(_varied(ranked)))


def _tour(day: int, line: Line) -> Tour:
    return Tour(day, line.order, line.value, line.ends)


def _varied(ranked: Iterable[Tour]) -> Iterator[Tour]:
    """The best of every day, and of the others those with a visit that has been rare so far."""
    kept: Counter[int] = Counter()
    times: Counter[tuple[int, int]] = Counter()
    for tour in ranked:
        if kept[tour.day] < KEPT or any(times[tour.day, v] < KEPT_EACH for v in tour.order):
            kept[tour.day] += 1
            times.update((tour.day, v) for v in tour.order)
            yield tour
