"""Meals at places to eat: where in a day there is time for each, and which places serve there.

Day programmes keep a block of time free for every meal (planner.hours.Pause). `Eating.laid` gives such a programme its
times and turns the blocks into gaps; any place that fits its gap can be chosen there, whatever is chosen in the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from planner.hours import Pause, windows
from planner.matching import picks, thing
from planner.model import ActivityOffer, ItemType, MealTime, Mode, Spot, TripRequest
from planner.programmes import Planner, Programme
from planner.requirements import Which
from planner.shape import DAY, DAYTIME, Rides, Visit, up
from planner.timetables import Step
from planner.values import meal_worth

BEST, CHEAPEST = 8, 2  # places offered to the solver for one gap, at the least
OF_A_KIND = 2  # … and of each kind that was asked for


def allowance_days(request: TripRequest, stops: Sequence[Visit]) -> tuple[date, ...]:
    """The days whose food is an allowance: all of them, or those at stops without places to eat."""
    days = [request.start + timedelta(days=n) for n in range(request.nights + 1)]
    if not request.meals:
        return tuple(days)
    placed = [visit for visit in stops if any(a.kind is ItemType.MEAL for a in visit.activities)]
    return tuple(day for day in days if not any(visit.first <= day <= visit.last for visit in placed))


Ride = tuple[Rides, Spot, Spot]  # among which rides, from where, to where


@dataclass(frozen=True, slots=True)
class Gap:
    """Time for one meal: free at `origin` from `begins`, back on one's way at `destination` by `until` (trip minutes).

    `rides` are those that run then; the day is planned as if one went from `origin` to `destination` directly, which
    costs and takes `direct`.
    """

    meal: int
    origin: Spot
    destination: Spot
    begins: int
    until: int
    rides: Rides
    direct: tuple[int, int] = (0, 0)
    direct_rides: Rides | None = None

    def ways(self, place: Spot, onward: Rides) -> tuple[tuple[Ride, int], ...]:
        """The rides that a place brings (1) and the one it saves (-1)."""
        there, on = (self.rides, self.origin, place), (onward, place, self.destination)
        direct = (self.direct_rides or self.rides, self.origin, self.destination)
        return (there, 1), (on, 1), (direct, -1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meal at a place in a gap: when it may begin, and what getting there costs beyond the direct way."""

    gap: Gap
    place: ActivityOffer
    starts: tuple[int, int]
    detour_kes: int
    detour_minutes: int
    onward: Rides

    @property
    def kes(self) -> int:
        """What it costs in all, way included."""
        return self.detour_kes + (self.place.price.kes if self.place.price else 0)


def menu_of(gap: Gap, sittings: Sequence[Sitting]) -> Hashable:
    """What tells the choice of a place in one gap from that in another: the places, when, how and at what expense."""
    return gap.meal, tuple((s.place.id, s.kes, s.detour_minutes, s.starts[0], *_how(s)) for s in sittings)


def _how(sitting: Sitting) -> list[tuple[Mode, float | None]]:
    """By what modes and how far one rides for a meal."""
    ways = sitting.gap.ways(sitting.place.spot, sitting.onward)
    rides = (rides.get(a, b) for (rides, a, b), _ in ways if a.id != b.id)
    return [(ride.mode, ride.km) for ride in rides if ride is not None]


@dataclass(frozen=True, slots=True)
class Laid:
    """A programme with its times. `early` and `late` are the meals one misses by coming late or leaving early."""

    gaps: tuple[Gap, ...]
    starts: tuple[int, ...]  # of the visits, in order
    ends: int
    rides_kes: int
    rides_minutes: int
    ways: tuple[Ride, ...]
    early: tuple[int, ...]
    late: tuple[int, ...]


@dataclass(slots=True)
class _Walk:
    """A day gone through in order."""

    time: int
    here: Spot
    gaps: list[Gap] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    kes: int = 0
    minutes: int = 0
    ways: list[Ride] = field(default_factory=list)

    def ride(self, rides: Rides, to: Spot) -> tuple[int, int]:
        """Go on to a spot; what that costs and takes."""
        self.ways.append((rides, self.here, to))
        kes, minutes = rides.cost(self.here, to), rides.minutes(self.here, to)
        self.kes, self.minutes, self.time, self.here = self.kes + kes, self.minutes + minutes, self.time + minutes, to
        return kes, minutes


@dataclass(slots=True)
class Eating:
    """Lays out programmes of one stop, where `places` are to be had; `asked` are kinds of place asked for."""

    planner: Planner
    meals: tuple[MealTime, ...]
    places: tuple[ActivityOffer, ...]
    asked: tuple[Which, ...]
    zone: ZoneInfo
    best: int = BEST
    cheapest: int = CHEAPEST
    _of_kind: dict[Which, frozenset[str]] = field(init=False)
    _sittings: dict[tuple[date, Gap], list[Sitting]] = field(default_factory=dict)
    _hours: dict[tuple[date, int], list[tuple[ActivityOffer, list[tuple[int, int]]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        things = [thing(place, self.zone) for place in self.places]
        kinds = {which: frozenset(it.id for it in things if picks(which, it)) for which in self.asked}
        self._of_kind = kinds

    def laid(self, day: date, programme: Programme, due: int) -> Laid | None:
        """The programme with its times and gaps, back by `due`; None where the meals do not fit after all."""
        midnight, pauses = self._midnight(day), self.planner.pauses
        start = max(programme.leaves, midnight + DAYTIME[0])
        early = [n for n, pause in enumerate(pauses) if start > midnight + pause.missed]
        first = len(early)
        elements, done = list[ActivityOffer | int](), first
        visits = iter(programme.order)
        for mark in programme.label[5]:
            elements.append(next(visits) if mark >= 0 else -mark - 1)
        if programme.order:
            done = programme.label[2]
        after = [n for n in range(done, len(pauses)) if due >= midnight + pauses[n].opens + pauses[n].minutes]
        late = [n for n in range(done, len(pauses)) if n not in after]
        walk = self._walk(day, programme.bed, [*elements, *after], start)
        if walk is None or walk.time > due:
            return None
        return Laid(
            tuple(walk.gaps),
            tuple(walk.starts),
            walk.time,
            walk.kes,
            walk.minutes,
            tuple(walk.ways),
            tuple(early),
            tuple(late),
        )

    def sittings(self, day: date, gap: Gap) -> list[Sitting]:
        """The places that fit a gap: the best, the cheapest, and some of each kind asked for; best first."""
        if (day, gap) not in self._sittings:
            self._sittings[day, gap] = self._find_sittings(day, gap)
        return self._sittings[day, gap]

    def _find_sittings(self, day: date, gap: Gap) -> list[Sitting]:
        found = [s for place, spans in self._open(day, gap.meal) if (s := self._sitting(gap, place, spans)) is not None]
        ranked = sorted(found, key=lambda s: (-self.score(s), s.place.id))
        cheap = sorted(found, key=lambda s: (s.kes, s.place.id))
        kept = {s.place.id: s for s in (*ranked[: self.best], *cheap[: self.cheapest])}
        for which in self.asked:
            of_kind = [s for s in ranked if s.place.id in self._of_kind[which]]
            cheapest = sorted(of_kind, key=lambda s: (s.kes, s.place.id))
            kept.update({s.place.id: s for s in (*of_kind[:OF_A_KIND], *cheapest[:OF_A_KIND])})
        return [sitting for sitting in ranked if sitting.place.id in kept]

    def worth(self, sitting: Sitting) -> int:
        """What eating there is worth to the party, the way there taken off."""
        request, tastes = self.planner.request, self.planner.tastes
        return meal_worth(sitting.place, request) - tastes.minute * sitting.detour_minutes * request.party.size

    def score(self, sitting: Sitting) -> int:
        """Worth against cost, in tenths of a shilling."""
        return 10 * self.worth(sitting) - self.planner.tastes.money * sitting.kes

    def steps(self, programme: Programme, laid: Laid, chosen: Sequence[Sitting]) -> tuple[Step, ...]:
        """The visits and the places to eat of a day in order, None where one goes back to bed in between."""
        bed, clock = programme.bed, self.planner.clock
        timed = [(start, visit) for start, visit in zip(laid.starts, programme.order, strict=True)]
        steps: list[Step] = []
        for sitting in sorted(chosen, key=lambda s: s.gap.meal):
            while timed and timed[0][0] <= sitting.gap.begins:
                steps.append(timed.pop(0)[1])
            first = clock.moment(sitting.starts[0])
            ends = clock.moment(sitting.starts[1] + up(sitting.place.minutes))
            steps.append(replace(sitting.place, sessions=((first, ends),)))
            if sitting.gap.destination.id == bed.id:
                steps.append(None)
        steps += [visit for _, visit in timed]
        return tuple(steps[:-1] if steps and steps[-1] is None else steps)

    # -- one day ---------------------------------------------------------------------------------------------------

    def _walk(self, day: date, bed: Spot, elements: Sequence[ActivityOffer | int], start: int) -> _Walk | None:
        midnight, rides_of = self._midnight(day), self.planner.rides
        walk = _Walk(start, bed)
        for n, element in enumerate(elements):
            following = elements[n + 1] if n + 1 < len(elements) else None
            if isinstance(element, int):
                pause = self.planner.pauses[element]
                if not self._eat(walk, midnight, element, pause, bed, following):
                    return None
                continue
            rides = rides_of.at(walk.time)
            if not rides.reachable(walk.here, element.spot):
                return None
            direct = walk.ride(rides, element.spot)
            spans = ((first + midnight, last + midnight) for first, last in self.planner.starts(element, day))
            begins = next((max(first, walk.time) for first, last in spans if walk.time <= last), None)
            if begins is None:
                return None
            if walk.gaps and walk.gaps[-1].until < 0:  # the gap before this visit ends when it begins
                walk.gaps[-1] = replace(walk.gaps[-1], until=begins, direct=direct, direct_rides=rides)
            walk.starts.append(begins)
            walk.time = begins + up(element.minutes)
        rides = rides_of.at(walk.time)
        if not rides.reachable(walk.here, bed):
            return None
        walk.ride(rides, bed)
        return walk

    def _eat(
        self, walk: _Walk, midnight: int, meal: int, pause: Pause, bed: Spot, following: ActivityOffer | int | None
    ) -> bool:
        """Keep the block of a meal free; without a visit right after it one goes back to the bed. Whether it fits."""
        begins, here = walk.time, walk.here
        block = max(begins, midnight + pause.opens)
        if block > midnight + pause.latest:
            return False
        rides = self.planner.rides.at(begins)
        walk.time = block + pause.minutes
        if isinstance(following, ActivityOffer):
            walk.gaps.append(Gap(meal, here, following.spot, begins, -1, rides))
            return True
        later = self.planner.rides.at(walk.time)
        if not later.reachable(here, bed):
            return False
        direct = walk.ride(later, bed)
        until = walk.time if following is None else max(walk.time, midnight + self.planner.pauses[following].opens)
        walk.gaps.append(Gap(meal, here, bed, begins, until, rides, direct, later))
        return True

    def _open(self, day: date, meal: int) -> list[tuple[ActivityOffer, list[tuple[int, int]]]]:
        """The places to be had for a meal of a day, with the trip minutes at which it may begin there."""
        if (day, meal) not in self._hours:
            opens, closes = (at.hour * 60 + at.minute for at in (self.meals[meal].opens, self.meals[meal].closes))
            places = [replace(place, minutes=self.meals[meal].minutes) for place in self.places]
            hours = [(place, windows(place, day, self.planner.clock, opens, closes)) for place in places]
            self._hours[day, meal] = [(place, spans) for place, spans in hours if spans]
        return self._hours[day, meal]

    def _sitting(self, gap: Gap, place: ActivityOffer, spans: Sequence[tuple[int, int]]) -> Sitting | None:
        rides = gap.rides
        if not rides.reachable(gap.origin, place.spot):
            return None
        there = gap.begins + rides.minutes(gap.origin, place.spot)
        onward = self.planner.rides.at(there + up(place.minutes))
        if not onward.reachable(place.spot, gap.destination):
            return None
        leave = gap.until - onward.minutes(place.spot, gap.destination) - up(place.minutes)
        for first, last in spans:
            if max(first, there) <= min(last, leave):
                ways = (rides.cost(gap.origin, place.spot), onward.cost(place.spot, gap.destination))
                minutes = rides.minutes(gap.origin, place.spot) + onward.minutes(place.spot, gap.destination)
                starts = (max(first, there), min(last, leave))
                return Sitting(gap, place, starts, sum(ways) - gap.direct[0], minutes - gap.direct[1], onward)
        return None

    def _midnight(self, day: date) -> int:
        return (day - self.planner.request.start).days * DAY
