"""Day programmes: every sensible set of visits for one day, from the bed and back, in its best order with its times.

A dynamic programme over (visits done, last one, fed or not) keeps the labels that are best in time and money. What it
yields is exact for the candidates given; the solver only has to pick one programme a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from planner.hours import LUNCH, LUNCH_FROM, LUNCH_TO, windows
from planner.model import ActivityOffer, Spot, TripRequest
from planner.shape import DAY, DAYTIME, Clock, Rides, up
from planner.values import Tastes, activity_worth

KEEP = 250  # programmes a day and bed that the solver may choose from, best first


@dataclass(frozen=True, slots=True)
class Slot:
    """One visit in a programme, in trip minutes. `lunch` is when an hour to eat begins right after it, if there."""

    activity: ActivityOffer
    start: int
    end: int
    lunch: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A local ride in a programme: among which rides it was chosen, and the trip minute it ends."""

    rides: Rides
    origin: Spot
    destination: Spot
    ends: int


@dataclass(frozen=True, slots=True)
class Programme:
    """What is done on one day from one bed. `leaves` is the latest one may be ready, `ends` when one is back."""

    bed: Spot
    slots: tuple[Slot, ...]
    ways: tuple[Way, ...]
    leaves: int
    ends: int
    cost: int
    worth: int

    @property
    def ids(self) -> frozenset[str]:
        """Offer ids of what is visited."""
        return frozenset(slot.activity.id for slot in self.slots)


@dataclass(frozen=True, slots=True)
class _Label:
    """A beginning of a programme."""

    slots: tuple[Slot, ...]
    ways: tuple[Way, ...]
    time: int
    cost: int
    moving: int  # minutes of local rides
    active: int
    fed: bool


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes programmes for one request."""

    request: TripRequest
    rides: Rides
    clock: Clock
    tastes: Tastes
    _worths: dict[str, int] = field(default_factory=dict)
    _windows: dict[tuple[str, date], list[tuple[int, int]]] = field(default_factory=dict)

    def programmes(
        self, day: date, bed: Spot, candidates: Sequence[ActivityOffer], ready: int, due: int, keep: frozenset[str]
    ) -> list[Programme]:
        """Programmes possible between `ready` and `due` (trip minutes), the empty one first.

        Of each set of visits the order that is best in worth and money; all sets that touch `keep`, of the others the
        best ones.
        """
        best: dict[frozenset[str], Programme] = {}
        for label in self._labels(day, bed, candidates, ready, due):
            programme = self._close(label, bed, ready, due)
            if programme is None:
                continue
            known = best.get(programme.ids)
            if known is None or self._rank(programme) < self._rank(known):
                best[programme.ids] = programme
        ranked = sorted(best.values(), key=lambda p: (not (p.ids & keep), self._rank(p)))
        return [Programme(bed, (), (), ready, ready, 0, 0), *ranked[:KEEP]]

    def openings(self, day: date, candidates: Sequence[ActivityOffer], midnight: int) -> tuple[object, ...]:
        """What distinguishes a day: the possible starts of every candidate, in minutes after its midnight."""
        return tuple(
            (a.id, tuple((first - midnight, last - midnight) for first, last in self._spans(a, day)))
            for a in candidates
        )

    def timetable(self, day: date, bed: Spot, order: Sequence[ActivityOffer], ready: int, due: int) -> Programme:
        """The programme of exactly this order, as early as it goes. Raises LookupError when it does not fit."""
        labels = list(self._starts(day, ready))
        for activity in order:
            labels = [
                longer for label in labels for longer in self._extend(label, activity, day, bed) if longer is not None
            ]
        closed = [p for label in labels if (p := self._close(label, bed, ready, due)) is not None]
        if not closed:
            raise LookupError(f"no time on {day} for {', '.join(activity.id for activity in order)}")
        return min(closed, key=lambda p: (p.ends, sum(slot.start for slot in p.slots)))

    def _rank(self, programme: Programme) -> tuple[int, int, tuple[str, ...]]:
        score = self.tastes.money * programme.cost - 10 * programme.worth
        return (score, programme.ends, tuple(slot.activity.id for slot in programme.slots))

    def _labels(
        self, day: date, bed: Spot, candidates: Sequence[ActivityOffer], ready: int, due: int
    ) -> Iterator[_Label]:
        possible = [a for a in candidates if self.rides.reachable(bed, a.spot) and self.rides.reachable(a.spot, bed)]
        layer = list(self._starts(day, ready))
        for _ in range(self.tastes.visits):
            best: dict[tuple[frozenset[str], str, bool], list[_Label]] = {}
            for label in layer:
                seen = {slot.activity.id for slot in label.slots}
                for activity in possible:
                    if activity.id in seen or not self._fits_pace(label, activity):
                        continue
                    for longer in self._extend(label, activity, day, bed):
                        if longer.time <= due:
                            _keep(best, longer, frozenset(seen | {activity.id}))
            layer = [label for labels in best.values() for label in labels]
            yield from layer

    def _fits_pace(self, label: _Label, activity: ActivityOffer) -> bool:
        return not label.slots or label.active + activity.minutes <= self.tastes.active

    def _starts(self, day: date, ready: int) -> Iterator[_Label]:
        """Go out at once, or have lunch first; whoever is ready only in the afternoon has eaten on the way."""
        noon = (day - self.request.start).days * DAY + LUNCH_FROM + LUNCH
        start = max(ready, noon - LUNCH_FROM - LUNCH)
        yield _Label((), (), start, 0, 0, 0, fed=start > noon)
        if start <= noon:
            yield _Label((), (), noon, 0, 0, 0, fed=True)

    def _extend(self, label: _Label, activity: ActivityOffer, day: date, bed: Spot) -> Iterator[_Label]:
        here = label.slots[-1].activity.spot if label.slots else bed
        midnight = (day - self.request.start).days * DAY
        for begun in _with_lunch(label, midnight):
            rides = self.rides.at(max(begun.time, midnight + DAYTIME[0]))
            if not rides.reachable(here, activity.spot):
                continue
            earliest = begun.time + rides.minutes(here, activity.spot)
            spans = self._spans(activity, day)
            start = next((max(first, earliest) for first, last in spans if max(first, earliest) <= last), None)
            if start is None:
                continue
            end = start + up(activity.minutes)
            through = start <= midnight + LUNCH_FROM + LUNCH and end >= midnight + LUNCH_TO - LUNCH
            yield _Label(
                slots=(*begun.slots, Slot(activity, start, end)),
                ways=(*begun.ways, *_way(rides, here, activity.spot, start)),
                time=end,
                cost=begun.cost + rides.cost(here, activity.spot) + (activity.price.kes if activity.price else 0),
                moving=begun.moving + rides.minutes(here, activity.spot),
                active=begun.active + activity.minutes,
                fed=begun.fed or through,
            )

    def _close(self, label: _Label, bed: Spot, ready: int, due: int) -> Programme | None:
        last = label.slots[-1].activity.spot
        midnight = label.slots[-1].start // DAY * DAY
        rides = self.rides.at(label.time)
        if not rides.reachable(last, bed) or not (label.fed or label.time <= midnight + LUNCH_TO - LUNCH):
            return None
        ends = label.time + rides.minutes(last, bed)
        if ends > due:
            return None
        moving = label.moving + rides.minutes(last, bed)
        return Programme(
            bed=bed,
            slots=label.slots,
            ways=(*label.ways, *_way(rides, last, bed, ends)),
            leaves=ready,
            ends=ends,
            cost=label.cost + rides.cost(last, bed),
            worth=self._worth([slot.activity for slot in label.slots])
            - self.tastes.minute * moving * self.request.party.size,
        )

    def _worth(self, activities: Sequence[ActivityOffer]) -> int:
        """Worth of doing these on one day: the second of a kind counts less."""
        total, least, count = 0, dict[str, int](), dict[str, int]()
        for activity in activities:
            worth = self._activity_worth(activity)
            total += worth
            for tag in activity.tags:
                least[tag] = min(worth, least.get(tag, worth))
                count[tag] = count.get(tag, 0) + 1
        return total - sum(least[tag] * 3 // 10 * (times - 1) for tag, times in count.items() if times > 1)

    def _activity_worth(self, activity: ActivityOffer) -> int:
        if activity.id not in self._worths:
            self._worths[activity.id] = activity_worth(activity, self.request)
        return self._worths[activity.id]

    def _spans(self, activity: ActivityOffer, day: date) -> list[tuple[int, int]]:
        key = (activity.id, day)
        if key not in self._windows:
            self._windows[key] = windows(activity, day, self.clock, self.tastes.opens, self.tastes.closes)
        return self._windows[key]


def _way(rides: Rides, origin: Spot, destination: Spot, ends: int) -> tuple[Way, ...]:
    return () if origin.id == destination.id else (Way(rides, origin, destination, ends),)


def _with_lunch(label: _Label, midnight: int) -> Iterable[_Label]:
    """Go on at once, or eat first where that is possible."""
    yield label
    if label.slots and not label.fed and label.time <= midnight + LUNCH_TO - LUNCH:
        at = max(label.time, midnight + LUNCH_FROM)
        slots = (*label.slots[:-1], replace(label.slots[-1], lunch=at))
        yield replace(label, slots=slots, time=at + LUNCH, fed=True)


def _keep(best: dict[tuple[frozenset[str], str, bool], list[_Label]], label: _Label, ids: frozenset[str]) -> None:
    """Keep a label unless one with the same visits, place and meal is no later and no dearer."""
    key = (ids, label.slots[-1].activity.id, label.fed)
    rivals = best.setdefault(key, [])
    if any(rival.time <= label.time and rival.cost <= label.cost for rival in rivals):
        return
    rivals[:] = [rival for rival in rivals if not (label.time <= rival.time and label.cost <= rival.cost)]
    rivals.append(label)
