"""A day as arrays: visits with their hours and rides as numbers, and labels that go from one to the next.

Times are minutes after the midnight of the day. Several labels can lead to the same visits: one is back earlier,
another has cheaper rides, another has eaten. Only those that no other beats are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from planner.hours import Pause
from planner.model import ActivityOffer
from planner.shape import DAY, DAYTIME
from planner.values import again_loss

FAR = 10**6  # minutes to where no ride goes

# (time, loss in tenths of a shilling, pauses done, cost, minutes of rides, path); in a path a visit is its index,
# the pause number k is -(k + 1)
Label = tuple[int, int, int, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rides from one spot to every candidate, or from every candidate to one spot, by index."""

    minutes: tuple[int, ...]
    loss: tuple[int, ...]
    cost: tuple[int, ...]


Tables = tuple[Table, Table]  # by day, by night


@dataclass(frozen=True, slots=True)
class Field:
    """The candidates of one day as arrays. `after` has for each visit those that must not come before it, as bits."""

    activities: tuple[ActivityOffer, ...]
    spans: tuple[Sequence[tuple[int, int]], ...]
    length: tuple[int, ...]
    price: tuple[int, ...]
    money: int
    values: tuple[int, ...]  # worth of each alone
    rides: tuple[Tables, ...]
    pauses: tuple[Pause, ...]
    after: tuple[int, ...]
    worths: dict[int, int] = field(default_factory=dict)

    def begin(self, ready: int) -> list[Label]:
        """Go out at once, or eat first; who sets out late has eaten on the way."""
        start, done = max(ready, DAYTIME[0]), 0
        while done < len(self.pauses) and start > self.pauses[done].missed:
            done += 1
        labels: list[Label] = [(start, 0, done, 0, 0, ())]
        for number, pause in enumerate(self.pauses[done:], done):
            at, path = pause.begun(labels[-1][0]), labels[-1][5]
            if at > pause.latest:
                break
            labels.append((at + pause.minutes, 0, number + 1, 0, 0, (*path, -number - 1)))
        return labels

    def onward(self, labels: Iterable[Label], here: Tables, there: int, first: bool = False) -> list[Label]:
        """The labels of going on to `there` with the rides from `here`, best ones only; `first`: from the bed."""
        found: list[Label] = []
        length, spans, price, pauses = self.length[there], self.spans[there], self.price[there], self.pauses
        last_pause = len(pauses)
        for time, loss, done, cost, moving, path in labels:
            begun, ate, way = time, done, path
            while True:
                table = here[begun >= DAYTIME[1]]
                ride = table.minutes[there]
                earliest = begun + ride
                for opens, closes in spans:
                    if earliest <= closes:
                        start = earliest if earliest > opens else opens
                        end = start + length
                        fed = ate
                        while fed < last_pause and pauses[fed].filled_by(start, end):
                            fed += 1
                        lost = loss + table.loss[there] + self.money * price
                        paid = cost + table.cost[there] + price
                        if fed == last_pause or end <= pauses[fed].latest:
                            found.append((end, lost, fed, paid, moving + ride, (*way, there)))
                        if fed < last_pause:
                            later = pauses[fed].covering(start, length)
                            if later is not None and later <= closes:
                                found.append((later + length, lost, fed + 1, paid, moving + ride, (*way, there)))
                        break
                if first or ate == last_pause or begun > pauses[ate].latest:
                    break
                begun = max(begun, pauses[ate].opens) + pauses[ate].minutes
                way, ate = (*way, -ate - 1), ate + 1
        return found if len(found) < 2 else best(found)

    def closed(self, label: Label, back: Tables, due: int) -> tuple[int, int, int, int]:
        """(end, loss, cost, minutes of rides) with the ride back to bed; the end is far off where that cannot be."""
        time, loss, done, cost, moving, path = label
        for pause in self.pauses[done:]:
            if pause.placed and due < pause.opens + pause.minutes:
                break  # one leaves before it
            if max(time, pause.opens if pause.placed else 0) > pause.latest:
                return FAR, FAR, 0, 0
            if pause.placed:
                time = max(time, pause.opens) + pause.minutes
        table = back[not DAYTIME[0] <= time % DAY < DAYTIME[1]]
        last = next(n for n in reversed(path) if n >= 0)
        ride = table.minutes[last]
        return time + ride, loss + table.loss[last], cost + table.cost[last], moving + ride

    def walked(
        self, path: Sequence[int], out: Tables, back: Tables, ready: int, due: int
    ) -> list[tuple[int, int, int, int, Label]]:
        """(end, loss, cost, minutes of rides, label) of one order from a bed: the earliest end first, then less and
        less lossy ones.
        """
        labels, here = self.begin(ready), out
        for nth, n in enumerate(path):
            labels = self.onward(labels, here, n, first=nth == 0)
            here = self.rides[n]
        found: list[tuple[int, int, int, int, Label]] = []
        for closed, label in sorted((self.closed(label, back, due), label) for label in labels):
            if closed[0] <= due and (not found or closed[1] < found[-1][1]):
                found.append((*closed, label))
        return found

    def worth(self, mask: int) -> int:
        """Worth of doing these on one day: the second of a kind counts less."""
        if mask not in self.worths:
            total, least, count = 0, dict[str, int](), dict[str, int]()
            for n, activity in enumerate(self.activities):
                if mask >> n & 1:
                    worth = self.values[n]
                    total += worth
                    lost = again_loss(activity, worth)
                    for tag in activity.tags:
                        least[tag] = min(lost, least.get(tag, lost))
                        count[tag] = count.get(tag, 0) + 1
            again = sum(least[tag] * (times - 1) for tag, times in count.items() if times > 1)
            self.worths[mask] = total - again
        return self.worths[mask]


def best(labels: list[Label]) -> list[Label]:
    """Without the labels that another one beats: no later, no more lossy, and with as many pauses done."""
    labels.sort()
    kept: list[Label] = []
    lossless: dict[int, int] = {}  # pauses done → least loss so far
    for label in labels:
        if all(label[1] < loss for done, loss in lossless.items() if done >= label[2]):
            lossless[label[2]] = label[1]
            kept.append(label)
    return kept
