"""The times of exactly one order of visits: as early as it goes, with the rides between and time to eat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from planner.hours import Pause
from planner.model import ActivityOffer, Spot
from planner.shape import DAYTIME, Rides, up

Step = ActivityOffer | None  # None: back at the bed in between
_Starts = Callable[[ActivityOffer], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One visit in a timetable, in trip minutes. `lunch` is when an hour to eat begins right after it, if there."""

    activity: ActivityOffer
    start: int
    end: int
    lunch: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A local ride in a timetable: among which rides it was chosen, and the trip minute it ends."""

    rides: Rides
    origin: Spot
    destination: Spot
    ends: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """A programme with its times; `ends` is when one is back."""

    slots: tuple[Slot, ...]
    ways: tuple[Way, ...]
    ends: int


@dataclass(frozen=True, slots=True)
class _Stage:
    """A timetable in the making."""

    slots: tuple[Slot, ...]
    ways: tuple[Way, ...]
    time: int
    fed: bool
    here: Spot


@dataclass(frozen=True, slots=True)
class Timetabler:
    """Times orders of one day from one bed. `starts` gives the possible starts of a visit in trip minutes, `pause` is
    the hour to be kept free at midday, if any.
    """

    rides: Rides
    bed: Spot
    midnight: int
    starts: _Starts
    pause: Pause | None

    def timetable(self, order: Sequence[Step], ready: int, due: int) -> Timetable | None:
        """The times of this order between `ready` and `due`, None when it does not fit."""
        stages = list(self._begin(ready))
        for step in order:
            stages = [longer for stage in stages for longer in self._extend(stage, step)]
        closed = [table for stage in stages if (table := self._close(stage, due)) is not None]
        return min(closed, key=lambda table: (table.ends, sum(slot.start for slot in table.slots)), default=None)

    def _begin(self, ready: int) -> Iterator[_Stage]:
        """Go out at once, or have lunch first; whoever is ready only in the afternoon has eaten on the way."""
        start = max(ready, self.midnight + DAYTIME[0])
        late = self.pause is None or start > self.midnight + self.pause.missed
        yield _Stage((), (), start, late, self.bed)
        if self.pause is not None and not late:
            eaten = self.midnight + self.pause.begun(start - self.midnight) + self.pause.minutes
            yield _Stage((), (), eaten, True, self.bed)

    def _extend(self, stage: _Stage, step: Step) -> Iterator[_Stage]:
        for begun in self._with_lunch(stage):
            rides = self.rides.at(max(begun.time, self.midnight + DAYTIME[0]))
            to = self.bed if step is None else step.spot
            if not rides.reachable(begun.here, to):
                continue
            earliest = begun.time + rides.minutes(begun.here, to)
            if step is None:
                ways = (*begun.ways, *_way(rides, begun.here, to, earliest))
                yield replace(begun, ways=ways, time=earliest, here=to)
                continue
            span = next(((max(first, earliest), last) for first, last in self.starts(step) if earliest <= last), None)
            if span is None:
                continue
            for start, fed in self._begun(span, up(step.minutes), begun.fed):
                yield _Stage(
                    slots=(*begun.slots, Slot(step, start, start + up(step.minutes))),
                    ways=(*begun.ways, *_way(rides, begun.here, to, start)),
                    time=start + up(step.minutes),
                    fed=fed,
                    here=to,
                )

    def _begun(self, span: tuple[int, int], length: int, fed: bool) -> Iterator[tuple[int, bool]]:
        """When a visit may begin and whether one has eaten by its end: at once, or so late that one eats during it."""
        first, last = span
        if fed or self.pause is None:
            yield first, True
            return
        filled = self.pause.filled_by(first - self.midnight, first + length - self.midnight)
        yield first, filled
        later = self.pause.covering(first - self.midnight, length)
        if not filled and later is not None and self.midnight + later <= last:
            yield self.midnight + later, True

    def _close(self, stage: _Stage, due: int) -> Timetable | None:
        rides = self.rides.at(stage.time)
        hungry = self.pause is not None and not stage.fed and stage.time > self.midnight + self.pause.latest
        if hungry or not rides.reachable(stage.here, self.bed):
            return None
        ends = stage.time + rides.minutes(stage.here, self.bed)
        if ends > due:
            return None
        return Timetable(stage.slots, (*stage.ways, *_way(rides, stage.here, self.bed, ends)), ends)

    def _with_lunch(self, stage: _Stage) -> Iterable[_Stage]:
        """Go on at once, or eat first where that is possible."""
        yield stage
        pause = self.pause
        if pause is not None and stage.slots and not stage.fed and stage.time <= self.midnight + pause.latest:
            at = max(stage.time, self.midnight + pause.opens)
            slots = (*stage.slots[:-1], replace(stage.slots[-1], lunch=at))
            yield replace(stage, slots=slots, time=at + pause.minutes, fed=True)


def _way(rides: Rides, origin: Spot, destination: Spot, ends: int) -> tuple[Way, ...]:
    return () if origin.id == destination.id else (Way(rides, origin, destination, ends),)
