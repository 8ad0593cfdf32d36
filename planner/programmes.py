"""Day programmes: good sets of visits for one day, from the bed and back, in their best order with their times.

A dynamic programme over (visits done, last one) keeps the labels that are best in time and loss (`planner.fields`). Up
to BEAM states a layer it is exact for the candidates given; beyond, the most promising are kept. The orders found for
one bed are timed again for every other bed and moment of the day, which is far cheaper than searching again. The solver
then picks one programme a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from planner.fields import FAR, Field, Label, Table, Tables, best
from planner.hours import LUNCH, LUNCH_FROM, MIDDAY, Pause, windows
from planner.model import ActivityOffer, Spot, TripRequest
from planner.shape import DAY, Clock, Rides, up
from planner.timetables import Step, Timetable, Timetabler
from planner.values import Tastes, activity_worth

BEAM = 120  # (visits, last one) pairs kept a layer
BEAM_NAMED = 4_000  # … of those with a visit that was asked for by name
KEEP = 20  # programmes a day and bed that the solver may choose from, best first …
KEEP_NAMED = 250  # … those with a visit asked for by name …
KEEP_EACH = 3  # … and for each thing to do at least so many with it
NOON = LUNCH_FROM + LUNCH

Before = Callable[[ActivityOffer, ActivityOffer], bool]  # whether the first must never come after the second


def anyhow(one: ActivityOffer, other: ActivityOffer) -> bool:
    """No order is asked for."""
    return False


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
    label: Label = (0, 0, 0, 0, 0, ())  # how it goes, meals included (planner.fields)

    @property
    def ids(self) -> frozenset[str]:
        """Offer ids of what is visited."""
        return frozenset(activity.id for activity in self.order)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes programmes for one request."""

    request: TripRequest
    rides: Rides
    clock: Clock
    tastes: Tastes
    beam: int = BEAM
    pauses: tuple[Pause, ...] = (MIDDAY,)
    before: Before = anyhow
    _worths: dict[str, int] = field(default_factory=dict)
    _windows: dict[tuple[object, ...], list[tuple[int, int]]] = field(default_factory=dict)
    _fields: dict[tuple[date, tuple[str, ...]], Field] = field(default_factory=dict)
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
        midnight = self.midnight(day)
        grid = self._field(day, tuple(a for a in candidates if self.starts(a, day)))
        named = sum(1 << n for n, activity in enumerate(grid.activities) if activity.id in keep)
        out, back = self._out(bed, grid.activities), self._back(bed, grid.activities)
        best: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        soonest: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        for mask, label in self._labels(grid, out, ready - midnight, due - midnight, named):
            ends, loss, _, _ = grid.closed(label, back, due - midnight)
            if ends <= due - midnight:
                rank = (loss - 10 * grid.worth(mask), ends, tuple(n for n in label[5] if n >= 0))
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
        outing: int = 0,
    ) -> list[Programme]:
        """The programmes these orders make from this bed, begun at the latest of `moments` that serves; empty first.

        What another programme beats with fewer visits, in no more time and for no more money, is left out; a single
        visit may lose as much as an `outing` of any kind is worth, in shillings. Where nobody waits in the evening
        (`due` is midnight), being back earlier is worth nothing.
        """
        midnight = self.midnight(day)
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
            least = FAR * FAR
            for moment in late_first:
                walks = grid.walked(path, out, back, moment - midnight, due - midnight)
                for ends, loss, cost, moving, label in walks if awaited else walks[-1:]:
                    ridden = self.tastes.minute * moving * self.request.party.size
                    back_by = midnight + ends if awaited else due
                    made = Programme(bed, order, moment, back_by, cost, worth - ridden, 10 * worth - loss, label)
                    if not any(_beats(rival, made) for rival in rivals):
                        rivals[:] = [rival for rival in rivals if not _beats(made, rival)]
                        rivals.append(made)
                if walks and not awaited:  # an earlier start is only worth it for cheaper rides
                    if walks[-1][1] >= least:
                        break
                    least = walks[-1][1]
        return [
            Programme(bed, (), late_first[-1], late_first[-1], 0, 0),
            *_chosen(_worthwhile(found, keep, -10 * outing), keep),
        ]

    def opens(self, activity: ActivityOffer, day: date) -> bool:
        """Whether it can be begun on a day at all."""
        return bool(self.starts(activity, day))

    def alone(self, activity: ActivityOffer, bed: Spot) -> int:
        """What going there and nowhere else would be worth, price and rides taken off, in tenths of a shilling."""
        return self.prize(activity) - self.ride(bed, activity.spot)[1]

    def prize(self, activity: ActivityOffer) -> int:
        """What it is worth less its price, in tenths of a shilling."""
        paid = self.tastes.money * activity.price.kes if activity.price else 0
        return 10 * self._activity_worth(activity) - paid

    def ride(self, origin: Spot, destination: Spot) -> tuple[int, int, int]:
        """Minutes, loss in tenths of a shilling and price of a ride by day; far off where none goes."""
        return self._ride(self.rides.at(NOON), origin, destination)

    def openings(self, day: date, candidates: Sequence[ActivityOffer]) -> tuple[object, ...]:
        """What distinguishes a day: the possible starts of every candidate, in minutes after its midnight."""
        return tuple((a.id, tuple(self.starts(a, day))) for a in candidates)

    def timetable(self, day: date, bed: Spot, order: Sequence[Step], ready: int, due: int) -> Timetable:
        """The times of exactly this order, as early as it goes. Raises LookupError when it does not fit."""
        midnight = self.midnight(day)
        pause = self.pauses[0] if self.pauses and not self.pauses[0].placed else None

        def starts(activity: ActivityOffer) -> list[tuple[int, int]]:
            return [(first + midnight, last + midnight) for first, last in self.starts(activity, day)]

        table = Timetabler(self.rides, bed, midnight, starts, pause).timetable(order, ready, due)
        if table is None:
            raise LookupError(f"no time on {day} for {', '.join(step.id for step in order if step)}")
        return table

    # -- searching -------------------------------------------------------------------------------------------------

    def _labels(self, grid: Field, out: Tables, ready: int, due: int, named: int) -> Iterator[tuple[int, Label]]:
        """Every beginning of a programme that is worth going on with, with its visits as bits; shortest first."""
        layer: dict[tuple[int, int], list[Label]] = {(0, -1): grid.begin(ready)}
        active = [activity.minutes for activity in grid.activities]
        spent = {0: 0}
        for _ in range(self.tastes.visits):
            longer: dict[tuple[int, int], list[Label]] = {}
            for (mask, last), labels in layer.items():
                here = out if last < 0 else grid.rides[last]
                left = self.tastes.active - spent[mask]
                for there, minutes in enumerate(active):
                    bit = 1 << there
                    if mask & (bit | grid.after[there]) or (mask and minutes > left):
                        continue
                    found = [label for label in grid.onward(labels, here, there, last < 0) if label[0] <= due]
                    if found:
                        spent[mask | bit] = spent[mask] + minutes
                        key = (mask | bit, there)
                        longer[key] = best(longer[key] + found) if key in longer else found
            layer = _promising(grid, longer, named, self.beam)
            for (mask, _), labels in layer.items():
                for label in labels:
                    yield mask, label

    # -- arrays ----------------------------------------------------------------------------------------------------

    def midnight(self, day: date) -> int:
        """The trip minute a day begins."""
        return (day - self.request.start).days * DAY

    def _field(self, day: date, activities: tuple[ActivityOffer, ...]) -> Field:
        key = (day, tuple(activity.id for activity in activities))
        if key not in self._fields:
            self._fields[key] = self._new_field(day, activities)
        return self._fields[key]

    def _new_field(self, day: date, activities: tuple[ActivityOffer, ...]) -> Field:
        return Field(
            activities=activities,
            spans=tuple(self.starts(activity, day) for activity in activities),
            length=tuple(up(activity.minutes) for activity in activities),
            price=tuple(activity.price.kes if activity.price else 0 for activity in activities),
            money=self.tastes.money,
            values=tuple(self._activity_worth(activity) for activity in activities),
            rides=tuple(self._out(activity.spot, activities) for activity in activities),
            pauses=self.pauses,
            after=tuple(sum(1 << n for n, b in enumerate(activities) if self.before(a, b)) for a in activities),
        )

    def _out(self, spot: Spot, activities: tuple[ActivityOffer, ...]) -> Tables:
        by_day, by_night = self.rides.at(NOON), self.rides.at(0)
        pairs = [(spot, activity.spot) for activity in activities]
        return self._table(by_day, pairs), self._table(by_night, pairs)

    def _back(self, spot: Spot, activities: tuple[ActivityOffer, ...]) -> Tables:
        by_day, by_night = self.rides.at(NOON), self.rides.at(0)
        pairs = [(activity.spot, spot) for activity in activities]
        return self._table(by_day, pairs), self._table(by_night, pairs)

    def _table(self, rides: Rides, pairs: Sequence[tuple[Spot, Spot]]) -> Table:
        found = [self._ride(rides, origin, destination) for origin, destination in pairs]
        return Table(*(tuple(column) for column in zip(*found, strict=True))) if found else Table((), (), ())

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

    def starts(self, activity: ActivityOffer, day: date) -> list[tuple[int, int]]:
        """Possible starts, in minutes after midnight of the day."""
        key = (activity.id, day, activity.sessions)
        if key not in self._windows:
            midnight = self.midnight(day)
            found = windows(activity, day, self.clock, self.tastes.opens, self.tastes.closes)
            if activity.sessions and self.request.wishes.earliest is not None:
                found = [span for span in found if span[0] - midnight >= self.tastes.opens]
            self._windows[key] = [(first - midnight, last - midnight) for first, last in found]
        return self._windows[key]

    def _activity_worth(self, activity: ActivityOffer) -> int:
        if activity.id not in self._worths:
            self._worths[activity.id] = activity_worth(activity, self.request)
        return self._worths[activity.id]


def _promising(
    grid: Field, layer: dict[tuple[int, int], list[Label]], named: int, beam: int
) -> dict[tuple[int, int], list[Label]]:
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


def _worthwhile(
    found: Mapping[frozenset[str], Sequence[Programme]], keep: frozenset[str], least: int
) -> list[Programme]:
    """Without the programmes that are no better for one of their visits (which nobody asked for by name)."""
    kept = []
    for ids, programmes in found.items():
        fewer = [found.get(ids - {one}, ()) for one in sorted(ids - keep)]
        for programme in programmes:
            if len(ids) == 1 and not ids & keep and programme.score <= least:
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
