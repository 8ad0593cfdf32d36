"""Day programmes: good sets of visits for one day, from the bed and back, in their best order with their times.

A dynamic programme over (visits done, last one) keeps the labels that are best in time and loss, in minutes after
midnight and small integers (`_Field`). Up to BEAM states a layer it is exact for the candidates given; beyond, the
most promising are kept. The orders found for one bed are timed again for every other bed and moment of the day, which
is far cheaper than searching again. The solver then picks one programme a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from planner.hours import LUNCH, LUNCH_FROM, LUNCH_TO, windows
from planner.model import ActivityOffer, Spot, TripRequest
from planner.shape import DAY, DAYTIME, Clock, Rides, up
from planner.values import Tastes, activity_worth

BEAM = 120  # (visits, last one) pairs kept a layer
BEAM_NAMED = 4_000  # … of those with a visit that was asked for by name
SEARCHED = 12  # candidates of one search; named ones come on top
POOL = 160  # orders tried with each bed and moment of a day
KEEP = 20  # programmes a day and bed that the solver may choose from, best first …
KEEP_NAMED = 250  # … those with a visit asked for by name …
KEEP_EACH = 3  # … and for each thing to do at least so many with it
APART = 60  # minutes between the moments of a day from which programmes are made
FAR = 10**6  # minutes to where no ride goes
NOON = LUNCH_FROM + LUNCH  # whoever sets out later has eaten on the way
LAST_LUNCH = LUNCH_TO - LUNCH

# (time, loss in tenths of a shilling, fed, cost, minutes of rides, indexes of the visits in order)
_Label = tuple[int, int, bool, int, int, tuple[int, ...]]


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
class Programme:
    """What is done on one day from one bed, in order. `leaves` is the latest one may be ready, `ends` when one is back.

    `score` weighs worth against cost, in tenths of a shilling.
    """

    bed: Spot
    order: tuple[ActivityOffer, ...]
    leaves: int
    ends: int
    cost: int
    worth: int
    score: int = 0

    @property
    def ids(self) -> frozenset[str]:
        """Offer ids of what is visited."""
        return frozenset(activity.id for activity in self.order)


@dataclass(frozen=True, slots=True)
class _Stage:
    """A timetable in the making."""

    slots: tuple[Slot, ...]
    ways: tuple[Way, ...]
    time: int
    fed: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """Rides from one spot to every candidate, or from every candidate to one spot, by index."""

    minutes: tuple[int, ...]
    loss: tuple[int, ...]
    cost: tuple[int, ...]


_Tables = tuple[_Table, _Table]  # by day, by night


@dataclass(frozen=True, slots=True)
class _Field:
    """The candidates of one day as arrays, times in minutes after its midnight."""

    activities: tuple[ActivityOffer, ...]
    spans: tuple[Sequence[tuple[int, int]], ...]
    length: tuple[int, ...]
    price: tuple[int, ...]
    money: int
    values: tuple[int, ...]  # worth of each alone
    rides: tuple[_Tables, ...]
    worths: dict[int, int] = field(default_factory=dict)

    def onward(self, labels: Iterable[_Label], here: _Tables, there: int) -> list[_Label]:
        """The labels of going on to `there` with the rides from `here`, by time, each less lossy than those before."""
        found: list[_Label] = []
        length, spans, price = self.length[there], self.spans[there], self.price[there]
        for time, loss, fed, cost, moving, path in labels:
            begun, ate = time, fed
            while True:
                table = here[begun >= DAYTIME[1]]
                ride = table.minutes[there]
                earliest = begun + ride
                for first, last in spans:
                    if earliest <= last:
                        start = earliest if earliest > first else first
                        end = start + length
                        through = start <= NOON and end >= LAST_LUNCH
                        lost = loss + table.loss[there] + self.money * price
                        paid = cost + table.cost[there] + price
                        found.append((end, lost, ate or through, paid, moving + ride, (*path, there)))
                        break
                if ate or not path or time > LAST_LUNCH:
                    break
                begun, ate = max(time, LUNCH_FROM) + LUNCH, True
        return found if len(found) < 2 else _best(found)

    def worth(self, mask: int) -> int:
        """Worth of doing these on one day: the second of a kind counts less."""
        if mask not in self.worths:
            total, least, count = 0, dict[str, int](), dict[str, int]()
            for n, activity in enumerate(self.activities):
                if mask >> n & 1:
                    worth = self.values[n]
                    total += worth
                    for tag in activity.tags:
                        least[tag] = min(worth, least.get(tag, worth))
                        count[tag] = count.get(tag, 0) + 1
            again = sum(least[tag] * 3 // 10 * (times - 1) for tag, times in count.items() if times > 1)
            self.worths[mask] = total - again
        return self.worths[mask]


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes programmes for one request."""

    request: TripRequest
    rides: Rides
    clock: Clock
    tastes: Tastes
    beam: int = BEAM
    _worths: dict[str, int] = field(default_factory=dict)
    _windows: dict[tuple[str, date], list[tuple[int, int]]] = field(default_factory=dict)
    _fields: dict[tuple[date, tuple[str, ...]], _Field] = field(default_factory=dict)
    _known_rides: dict[tuple[int, str, str], tuple[int, int, int]] = field(default_factory=dict)

    def programmes(
        self, day: date, bed: Spot, candidates: Sequence[ActivityOffer], ready: int, due: int, keep: frozenset[str]
    ) -> list[Programme]:
        """Programmes possible between `ready` and `due` (trip minutes), the empty one first.

        Of each set of visits the order that is best in worth and money; those with something of `keep` come first.
        """
        orders = self.orders(day, bed, candidates, ready, due, keep)
        return self.fitted(day, bed, orders, (ready,), due, keep)

    def orders(
        self, day: date, bed: Spot, candidates: Sequence[ActivityOffer], ready: int, due: int, keep: frozenset[str]
    ) -> list[tuple[ActivityOffer, ...]]:
        """Sets of visits, each in its best and its quickest order from this bed, what has something of `keep` first."""
        midnight = self._midnight(day)
        grid = self._field(day, tuple(a for a in candidates if self._spans(a, day)))
        named = sum(1 << n for n, activity in enumerate(grid.activities) if activity.id in keep)
        out, back = self._out(bed, grid.activities), self._back(bed, grid.activities)
        best: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        soonest: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        for mask, label in self._labels(grid, out, ready - midnight, due - midnight, named):
            ends, loss, _, _ = _closed(label, back)
            if ends <= due - midnight:
                rank = (loss - 10 * grid.worth(mask), ends, label[5])
                if mask not in best or rank < best[mask]:
                    best[mask] = rank
                if mask not in soonest or (ends, rank) < (soonest[mask][1], soonest[mask]):
                    soonest[mask] = rank
        both = {(mask, rank) for found in (best, soonest) for mask, rank in found.items()}
        ranked = sorted(both, key=lambda pair: (not pair[0] & named, pair[1]))
        return [tuple(grid.activities[n] for n in path) for _, (_, _, path) in ranked]

    def fitted(
        self,
        day: date,
        bed: Spot,
        orders: Sequence[tuple[ActivityOffer, ...]],
        moments: Sequence[int],
        due: int,
        keep: frozenset[str],
    ) -> list[Programme]:
        """The programmes these orders make from this bed, begun at the latest of `moments` that serves; empty first.

        What another programme beats with fewer visits, in no more time and for no more money, is left out. Where
        nobody waits in the evening (`due` is midnight), being back earlier is worth nothing.
        """
        midnight = self._midnight(day)
        activities = tuple({activity.id: activity for order in orders for activity in order}.values())
        index = {activity.id: n for n, activity in enumerate(activities)}
        grid = self._field(day, activities)
        out, back = self._out(bed, activities), self._back(bed, activities)
        late_first = sorted(moments, reverse=True)
        awaited = due < midnight + DAY
        found: dict[frozenset[str], list[Programme]] = {}
        for order in orders:
            path = [index[activity.id] for activity in order]
            worth = grid.worth(sum(1 << n for n in path))
            rivals = found.setdefault(frozenset(activity.id for activity in order), [])
            for moment in late_first:
                walks = _walked(grid, path, out, back, moment - midnight, due - midnight)
                for ends, loss, cost, moving in walks if awaited else walks[-1:]:
                    ridden = self.tastes.minute * moving * self.request.party.size
                    back_by = midnight + ends if awaited else due
                    made = Programme(bed, order, moment, back_by, cost, worth - ridden, 10 * worth - loss)
                    if not any(_beats(rival, made) for rival in rivals):
                        rivals[:] = [rival for rival in rivals if not _beats(made, rival)]
                        rivals.append(made)
                if walks and not awaited:
                    break
        return [Programme(bed, (), late_first[-1], late_first[-1], 0, 0), *_chosen(_worthwhile(found, keep), keep)]

    def opens(self, activity: ActivityOffer, day: date) -> bool:
        """Whether it can be begun on a day at all."""
        return bool(self._spans(activity, day))

    def alone(self, activity: ActivityOffer, bed: Spot) -> int:
        """What going there and nowhere else would be worth, price and rides taken off, in tenths of a shilling."""
        paid = self.tastes.money * activity.price.kes if activity.price else 0
        rides = self._ride(self.rides.at(NOON), bed, activity.spot)[1] if bed.id != activity.spot.id else 0
        return 10 * self._activity_worth(activity) - paid - rides

    def openings(self, day: date, candidates: Sequence[ActivityOffer]) -> tuple[object, ...]:
        """What distinguishes a day: the possible starts of every candidate, in minutes after its midnight."""
        return tuple((a.id, tuple(self._spans(a, day))) for a in candidates)

    def timetable(self, day: date, bed: Spot, order: Sequence[ActivityOffer], ready: int, due: int) -> Timetable:
        """The times of exactly this order, as early as it goes. Raises LookupError when it does not fit."""
        stages = list(self._starts(day, ready))
        for activity in order:
            stages = [longer for stage in stages for longer in self._extend(stage, activity, day, bed)]
        closed = [table for stage in stages if (table := self._close(stage, bed, day, due)) is not None]
        if not closed:
            raise LookupError(f"no time on {day} for {', '.join(activity.id for activity in order)}")
        return min(closed, key=lambda table: (table.ends, sum(slot.start for slot in table.slots)))

    # -- searching -------------------------------------------------------------------------------------------------

    def _labels(self, grid: _Field, out: _Tables, ready: int, due: int, named: int) -> Iterator[tuple[int, _Label]]:
        """Every beginning of a programme that is worth going on with, with its visits as bits; shortest first."""
        layer: dict[tuple[int, int], list[_Label]] = {(0, -1): _begin(ready)}
        active = [activity.minutes for activity in grid.activities]
        spent = {0: 0}
        for _ in range(self.tastes.visits):
            longer: dict[tuple[int, int], list[_Label]] = {}
            for (mask, last), labels in layer.items():
                here = out if last < 0 else grid.rides[last]
                left = self.tastes.active - spent[mask]
                for there, minutes in enumerate(active):
                    bit = 1 << there
                    if mask & bit or (mask and minutes > left):
                        continue
                    found = [label for label in grid.onward(labels, here, there) if label[0] <= due]
                    if found:
                        spent[mask | bit] = spent[mask] + minutes
                        key = (mask | bit, there)
                        longer[key] = _best(longer[key] + found) if key in longer else found
            layer = _promising(grid, longer, named, self.beam)
            for (mask, _), labels in layer.items():
                for label in labels:
                    yield mask, label

    # -- arrays ----------------------------------------------------------------------------------------------------

    def _midnight(self, day: date) -> int:
        return (day - self.request.start).days * DAY

    def _field(self, day: date, activities: tuple[ActivityOffer, ...]) -> _Field:
        key = (day, tuple(activity.id for activity in activities))
        if key not in self._fields:
            self._fields[key] = self._new_field(day, activities)
        return self._fields[key]

    def _new_field(self, day: date, activities: tuple[ActivityOffer, ...]) -> _Field:
        return _Field(
            activities=activities,
            spans=tuple(self._spans(activity, day) for activity in activities),
            length=tuple(up(activity.minutes) for activity in activities),
            price=tuple(activity.price.kes if activity.price else 0 for activity in activities),
            money=self.tastes.money,
            values=tuple(self._activity_worth(activity) for activity in activities),
            rides=tuple(self._out(activity.spot, activities) for activity in activities),
        )

    def _out(self, spot: Spot, activities: tuple[ActivityOffer, ...]) -> _Tables:
        by_day, by_night = self.rides.at(NOON), self.rides.at(0)
        pairs = [(spot, activity.spot) for activity in activities]
        return self._table(by_day, pairs), self._table(by_night, pairs)

    def _back(self, spot: Spot, activities: tuple[ActivityOffer, ...]) -> _Tables:
        by_day, by_night = self.rides.at(NOON), self.rides.at(0)
        pairs = [(activity.spot, spot) for activity in activities]
        return self._table(by_day, pairs), self._table(by_night, pairs)

    def _table(self, rides: Rides, pairs: Sequence[tuple[Spot, Spot]]) -> _Table:
        found = [self._ride(rides, origin, destination) for origin, destination in pairs]
        return _Table(*(tuple(column) for column in zip(*found, strict=True))) if found else _Table((), (), ())

    def _ride(self, rides: Rides, origin: Spot, destination: Spot) -> tuple[int, int, int]:
        key = (id(rides), origin.id, destination.id)
        known = self._known_rides.get(key)
        if known is None:
            if rides.reachable(origin, destination):
                minutes, cost = rides.minutes(origin, destination), rides.cost(origin, destination)
                ridden = 10 * self.tastes.minute * minutes * self.request.party.size
                known = (minutes, self.tastes.money * cost + ridden, cost)
            else:
                known = (FAR, FAR, 0)
            self._known_rides[key] = known
        return known

    def _spans(self, activity: ActivityOffer, day: date) -> list[tuple[int, int]]:
        """Possible starts, in minutes after midnight of the day."""
        key = (activity.id, day)
        if key not in self._windows:
            midnight = self._midnight(day)
            found = windows(activity, day, self.clock, self.tastes.opens, self.tastes.closes)
            if activity.sessions and self.request.wishes.earliest is not None:
                found = [span for span in found if span[0] - midnight >= self.tastes.opens]
            self._windows[key] = [(first - midnight, last - midnight) for first, last in found]
        return self._windows[key]

    def _activity_worth(self, activity: ActivityOffer) -> int:
        if activity.id not in self._worths:
            self._worths[activity.id] = activity_worth(activity, self.request)
        return self._worths[activity.id]

    # -- times of one order ----------------------------------------------------------------------------------------

    def _starts(self, day: date, ready: int) -> Iterator[_Stage]:
        """Go out at once, or have lunch first; whoever is ready only in the afternoon has eaten on the way."""
        midnight = self._midnight(day)
        start = max(ready, midnight + DAYTIME[0])
        yield _Stage((), (), start, fed=start > midnight + NOON)
        if start <= midnight + NOON:
            yield _Stage((), (), midnight + NOON, fed=True)

    def _extend(self, stage: _Stage, activity: ActivityOffer, day: date, bed: Spot) -> Iterator[_Stage]:
        here = stage.slots[-1].activity.spot if stage.slots else bed
        midnight = self._midnight(day)
        for begun in _with_lunch(stage, midnight):
            rides = self.rides.at(max(begun.time, midnight + DAYTIME[0]))
            if not rides.reachable(here, activity.spot):
                continue
            earliest = begun.time + rides.minutes(here, activity.spot) - midnight
            spans = self._spans(activity, day)
            start = next((max(first, earliest) for first, last in spans if max(first, earliest) <= last), None)
            if start is None:
                continue
            end = start + up(activity.minutes)
            yield _Stage(
                slots=(*begun.slots, Slot(activity, midnight + start, midnight + end)),
                ways=(*begun.ways, *_way(rides, here, activity.spot, midnight + start)),
                time=midnight + end,
                fed=begun.fed or (start <= NOON and end >= LAST_LUNCH),
            )

    def _close(self, stage: _Stage, bed: Spot, day: date, due: int) -> Timetable | None:
        last = stage.slots[-1].activity.spot
        rides = self.rides.at(stage.time)
        if not rides.reachable(last, bed) or not (stage.fed or stage.time <= self._midnight(day) + LAST_LUNCH):
            return None
        ends = stage.time + rides.minutes(last, bed)
        return None if ends > due else Timetable(stage.slots, (*stage.ways, *_way(rides, last, bed, ends)), ends)


def thinned(moments: Sequence[int]) -> list[int]:
    """The latest of those that are within an hour of each other: whoever is ready earlier can wait."""
    kept: list[int] = []
    for moment in sorted(moments, reverse=True):
        if not kept or kept[-1] - moment >= APART:
            kept.append(moment)
    return kept


def _begin(ready: int) -> list[_Label]:
    """Go out at once, or have lunch first; whoever is ready only in the afternoon has eaten on the way."""
    start = max(ready, DAYTIME[0])
    at_once: _Label = (start, 0, start > NOON, 0, 0, ())
    return [at_once] if start > NOON else [at_once, (NOON, 0, True, 0, 0, ())]


def _closed(label: _Label, back: _Tables) -> tuple[int, int, int, int]:
    """(end, loss, cost, minutes of rides) with the ride back to bed; the end is far off where that cannot be."""
    time, loss, fed, cost, moving, path = label
    if not (fed or time <= LAST_LUNCH):
        return FAR, FAR, 0, 0
    table = back[not DAYTIME[0] <= time % DAY < DAYTIME[1]]
    ride = table.minutes[path[-1]]
    return time + ride, loss + table.loss[path[-1]], cost + table.cost[path[-1]], moving + ride


def _walked(
    grid: _Field, path: Sequence[int], out: _Tables, back: _Tables, ready: int, due: int
) -> list[tuple[int, int, int, int]]:
    """(end, loss, cost, minutes of rides) of one order from a bed: the earliest end first, then less and less lossy."""
    labels, here = _begin(ready), out
    for n in path:
        labels = grid.onward(labels, here, n)
        here = grid.rides[n]
    found: list[tuple[int, int, int, int]] = []
    for closed in sorted(_closed(label, back) for label in labels):
        if closed[0] <= due and (not found or closed[1] < found[-1][1]):
            found.append(closed)
    return found


def _best(labels: list[_Label]) -> list[_Label]:
    """Without the labels that another one beats: no later, no more lossy, and fed if they are."""
    labels.sort()
    kept: list[_Label] = []
    hungry = fed = FAR * FAR
    for label in labels:
        if label[2]:
            if label[1] < fed:
                fed = label[1]
                kept.append(label)
        elif label[1] < hungry and label[1] < fed:
            hungry = label[1]
            kept.append(label)
    return kept


def _promising(
    grid: _Field, layer: dict[tuple[int, int], list[_Label]], named: int, beam: int
) -> dict[tuple[int, int], list[_Label]]:
    """The states with the highest score, those with a visit asked for by name apart."""
    if len(layer) <= beam:
        return layer
    ranked = sorted(layer, key=lambda key: (min(label[1] for label in layer[key]) - 10 * grid.worth(key[0]), key))
    asked = [key for key in ranked if key[0] & named]
    others = [key for key in ranked if not key[0] & named]
    return {key: layer[key] for key in (*asked[:BEAM_NAMED], *others[:beam])}


def _beats(one: Programme, other: Programme) -> bool:
    """Whether `one` serves wherever `other` does, at least as well."""
    return one.score >= other.score and one.cost <= other.cost and one.leaves >= other.leaves and one.ends <= other.ends


def _worthwhile(found: Mapping[frozenset[str], Sequence[Programme]], keep: frozenset[str]) -> list[Programme]:
    """Without the programmes that are no better for one of their visits (which nobody asked for by name)."""
    kept = []
    for ids, programmes in found.items():
        fewer = [found.get(ids - {one}, ()) for one in sorted(ids - keep)]
        for programme in programmes:
            if len(ids) == 1 and not ids & keep and programme.score <= 0:
                continue
            if not any(_beats(smaller, programme) for smalls in fewer for smaller in smalls):
                kept.append(programme)
    return kept


def _chosen(programmes: Sequence[Programme], keep: frozenset[str]) -> list[Programme]:
    """The best by score, all with a visit asked for by name (up to a bound), and some with every single visit."""
    ranked = sorted(programmes, key=lambda p: (-p.score, p.ends, tuple(activity.id for activity in p.order)))
    asked = [programme for programme in ranked if programme.ids & keep]
    kept: list[Programme] = []
    times: dict[str, int] = {}
    for programme in ranked:
        ids = programme.ids
        if ids & keep:
            continue
        if len(kept) < KEEP or any(times.get(one, 0) < KEEP_EACH for one in ids):
            kept.append(programme)
            for one in ids:
                times[one] = times.get(one, 0) + 1
    return asked[:KEEP_NAMED] + kept


def _way(rides: Rides, origin: Spot, destination: Spot, ends: int) -> tuple[Way, ...]:
    return () if origin.id == destination.id else (Way(rides, origin, destination, ends),)


def _with_lunch(stage: _Stage, midnight: int) -> Iterable[_Stage]:
    """Go on at once, or eat first where that is possible."""
    yield stage
    if stage.slots and not stage.fed and stage.time <= midnight + LAST_LUNCH:
        at = max(stage.time, midnight + LUNCH_FROM)
        slots = (*stage.slots[:-1], replace(stage.slots[-1], lunch=at))
        yield replace(stage, slots=slots, time=at + LUNCH, fed=True)
