"""Open questions about the stops settled: which of them, in what order, with how many nights; the best guess first.

A guess adds up what the best single departure, bed and things to do of each part of a route would be worth against what
they cost, with the weights of planner.values, without looking at how they go together. Routes that cannot be had are
left out: with a leg that nobody serves where that may not be, or without something that is required.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from planner.days import needed
from planner.matching import picks, thing
from planner.model import ActivityOffer, Freedom, ItemType, Offers, StayOffer, Stop, TripRequest
from planner.narrowing import narrowed
from planner.requirements import Kind, Which
from planner.shape import Clock, Move, Rides, split_nights
from planner.values import Tastes, activity_worth, move_worth, stay_worth
from planner.ways import Timetable

BEAM = (
    2_000  # beginnings of routes kept at each stop, the best guess through the same towns first; others may be missed
)
GAP = 1_000_000  # tenths of a shilling that a leg nobody serves counts against a route
HERE = frozenset({Kind.VISIT, Kind.MEAL, Kind.STAY})  # kinds of thing that are in a town


def routes(request: TripRequest, offers: Offers) -> Iterator[TripRequest]:
    """Requests that leave nothing open, best guess first; those over the budget by any reckoning come last."""
    if request.free == Freedom():
        yield request
        return
    pick = len(request.stops) if request.free.pick is None else request.free.pick
    finder = _Finder(request, narrowed(offers, request), pick)
    best = sorted(finder.routes(), key=lambda route: (finder.too_dear(route), -route.value, route.key))
    for route in best if request.budget_kes is None else _with_cheap_ones(best):
        closed = tuple(Stop(stop.place, nights, stop.least) for stop, nights in route.legs)
        yield replace(request, stops=closed, free=Freedom())


def _with_cheap_ones(best: Sequence[_Route]) -> Iterator[_Route]:
    """Best and cheapest routes in turn: where money is short the best ones may all be too dear after all."""
    cheapest = sorted(best, key=lambda route: (route.likely, -route.value, route.key))
    yield from dict.fromkeys(chain.from_iterable(zip(best, cheapest, strict=True)))


@dataclass(frozen=True, slots=True)
class _Route:
    """The beginning of a route: stops with their nights, the guess so far, the least it can cost and what it is likely
    to cost at the least.
    """

    legs: tuple[tuple[Stop, int], ...]
    nights: int
    value: int
    kes: int
    likely: int

    @property
    def key(self) -> tuple[tuple[str, int], ...]:
        return tuple((stop.place, nights) for stop, nights in self.legs)

    @property
    def state(self) -> Hashable:
        """What all that can follow depends on."""
        return frozenset(stop for stop, _ in self.legs), self.here, self.nights

    @property
    def here(self) -> str | None:
        return self.legs[-1][0].place if self.legs else None


@dataclass(slots=True)
class _Finder:
    """Builds routes stop by stop."""

    request: TripRequest
    offers: Offers
    pick: int
    tastes: Tastes = field(init=False)
    rides: Rides = field(init=False)
    clock: Clock = field(init=False)
    timetable: Timetable = field(init=False)
    direct: Timetable = field(init=False)  # without changes, which a guess does without where it can
    _legs: dict[tuple[str, str, date], tuple[int, int] | None] = field(default_factory=dict)
    _beds: dict[tuple[str, int], tuple[int, int] | None] = field(default_factory=dict)
    _meals: dict[str, tuple[list[int], int]] = field(default_factory=dict)
    _things: dict[str, list[int]] = field(default_factory=dict)
    _found: list[set[str]] | None = None

    def __post_init__(self) -> None:
        request = self.request
        self.tastes = Tastes.of(request)
        self.rides = Rides.of(self.offers, self.tastes.minute * request.party.size, request)
        self.clock = Clock.of(request, self.offers)
        self.timetable = Timetable.of(request, self.offers, self.rides)
        self.direct = replace(self.timetable, request=replace(request, most_changes=0, own_arrangements=False))

    def routes(self) -> list[_Route]:
        """Whole routes that have what is required."""
        layer = [_Route((), 0, 0, 0, 0)]
        for nth in range(self.pick):
            grown = [longer for route in layer for longer in self._grown(route, last=nth == self.pick - 1)]
            layer = self._promising(grown) if len(grown) > BEAM else grown
        return [self._closed(route) for route in layer if self._has_required(route)]

    def _promising(self, grown: Sequence[_Route]) -> list[_Route]:
        ahead, seen = self._ahead(), set[Hashable]()
        found: tuple[list[_Route], list[_Route]] = ([], [])
        guesses = sorted(grown, key=lambda r: (r.value + ahead * (self.request.nights - r.nights), r.key), reverse=True)
        for route in guesses:
            found[route.state in seen].append(route)
            seen.add(route.state)
        return [*found[0], *found[1]][:BEAM]

    def too_dear(self, route: _Route) -> bool:
        """Whether even the cheapest of everything is over the budget."""
        return self.request.budget_kes is not None and route.kes > self.request.budget_kes

    def _grown(self, route: _Route, *, last: bool) -> Iterator[_Route]:
        for stop in self._next(route):
            for nights in self._nights(route, stop, last=last):
                bed = self._bed(stop.place, nights)
                if bed is None:
                    continue
                leg = self._leg(route.here or self.request.origin, stop.place, route.nights)
                if leg is None:
                    continue
                value = route.value + leg[0] + bed[0] + self._worth(stop.place, nights)
                grown = (*route.legs, (stop, nights))
                kes = route.kes + leg[1] + bed[1] + self._food(stop.place, nights - 1)
                nightly = bed[1] // (nights - 1) if nights > 1 else bed[1]
                likely = route.likely + leg[1] + bed[1] + nightly * (nights > 1) + self._food(stop.place, nights)
                yield _Route(grown, route.nights + nights, value, kes, likely)

    def _next(self, route: _Route) -> Sequence[Stop]:
        stops, taken = self.request.stops, [stop for stop, _ in route.legs]
        if self.request.free.order:
            return list(dict.fromkeys(_without(stops, taken)))
        after = 0
        for stop in taken:
            after = stops.index(stop, after) + 1
        left = self.pick - len(taken)
        return stops[after : len(stops) - left + 1]

    def _nights(self, route: _Route, stop: Stop, *, last: bool) -> Sequence[int]:
        """Nights that can be spent at the next stop so that the rest still fit."""
        left = self.request.nights - route.nights
        if not self.request.free.nights:
            taken = [each for each, _ in route.legs]
            try:
                share = split_nights(replace(self.request, stops=self._evenly(taken, stop), free=Freedom()))
            except ValueError:  # the nights of these stops do not add up to those of the trip
                return []
            return [share[len(taken)]]
        if last:
            fits = stop.nights in (None, left) and (stop.nights is not None or left >= stop.least)
            return [left] if fits else []
        if stop.nights is not None:
            return [stop.nights] if stop.nights <= left else []
        others = self.pick - len(route.legs) - 1
        return range(stop.least, left - others + 1) if left - others >= stop.least else []

    def _evenly(self, taken: Sequence[Stop], stop: Stop) -> tuple[Stop, ...]:
        """The stops so far with others that stand for those still to come."""
        rest = _without(self.request.stops, (*taken, stop))
        return (*taken, stop, *rest[: self.pick - len(taken) - 1])

    def _closed(self, route: _Route) -> _Route:
        if not self.request.returns or route.here is None:
            return route
        value, kes = self._leg(route.here, self.request.origin, self.request.nights) or (-10 * GAP, 0)
        return replace(route, value=route.value + value, kes=route.kes + kes, likely=route.likely + kes)

    # -- guesses ---------------------------------------------------------------------------------------------------

    def _leg(self, origin: str, destination: str, night: int) -> tuple[int, int] | None:
        """The best departure's worth against cost, and the lowest cost of any, on a day; None where there is no way."""
        if origin == destination:
            return 0, 0
        day = self.request.start + timedelta(days=night)
        key = (origin, destination, day)
        if key not in self._legs:
            until = min(self.request.end, day + timedelta(days=1))
            moves = self.direct.between(origin, destination, day, until)
            self._legs[key] = self._judged(moves or self.timetable.between(origin, destination, day, until))
        return self._legs[key]

    def _judged(self, moves: Sequence[Move]) -> tuple[int, int] | None:
        if not moves:
            return None
        values = (
            10 * move_worth(move, self.request, self.clock, self.tastes) - self.tastes.money * move.cost
            for move in moves
        )
        own = all(not move.parts and move.ride is None for move in moves)
        return max(values) - (GAP if own else 0), min(move.cost for move in moves)

    def _bed(self, place: str, nights: int) -> tuple[int, int] | None:
        """The best bed's worth against cost, and the lowest cost of any; None where none is let for so long."""
        if (place, nights) not in self._beds:
            stays = [stay for stay in self.offers.stays if self._in_town(place, stay) and self._fits(stay)]
            let = [s for s in stays if s.min_nights <= nights <= (s.max_nights or nights)]
            found: tuple[int, int] | None = (0, 0)
            if nights and stays:
                values = [(10 * stay_worth(s, self.request) - self.tastes.money * s.kes) * nights for s in let]
                found = (max(values), min(s.kes * max(0, nights - 1) for s in let)) if let else None
            elif nights and not self.request.own_arrangements:
                found = None
            self._beds[place, nights] = found
        return self._beds[place, nights]

    def _worth(self, place: str, nights: int) -> int:
        """What the best things to do in so many days are worth, at most."""
        if place not in self._things:
            sights = (a for a in self.offers.activities if a.kind is not ItemType.MEAL and self._in_town(place, a))
            worths = sorted((self._alone(a) for a in sights), reverse=True)
            total, sums = 0, [0]
            for worth in worths:
                total += max(0, worth)
                sums.append(total)
            self._things[place] = sums
        sums = self._things[place]
        return sums[min(len(sums) - 1, self.tastes.visits * max(1, nights))]

    def _food(self, place: str, days: int) -> int:
        """The least that the meals of so many days can cost at places to eat."""
        if place not in self._meals:
            places = (a for a in self.offers.activities if a.kind is ItemType.MEAL and self._in_town(place, a))
            prices = sorted((a.price.kes if a.price else 0, a.repeatable) for a in places)
            often = next((n for n, (_, repeatable) in enumerate(prices) if repeatable), len(prices))
            self._meals[place] = [kes for kes, _ in prices[:often]], prices[often][0] if often < len(prices) else 0
        once, again = self._meals[place]
        many = max(0, days) * len(self.request.meals)
        return sum(once[:many]) + again * max(0, many - len(once))

    def _alone(self, activity: ActivityOffer) -> int:
        price = activity.price.kes if activity.price else 0
        return 10 * activity_worth(activity, self.request) - self.tastes.money * price

    def _ahead(self) -> int:
        """What a night yet to be planned may be worth."""
        per_night = [bed[0] // nights for (_, nights), bed in self._beds.items() if bed and nights]
        return max(per_night, default=0)

    def _fits(self, stay: StayOffer) -> bool:
        return stay.nightly is not None and stay.sleeps >= self.request.party.size

    def _in_town(self, place: str, offer: StayOffer | ActivityOffer) -> bool:
        return offer.spot.place == place or self.rides.linked(self.offers.centres[place], offer.spot)

    # -- what must be there ----------------------------------------------------------------------------------------

    def _has_required(self, route: _Route) -> bool:
        """Whether the towns of a route have at least one of each kind of thing that is required."""
        towns = {stop.place for stop, _ in route.legs}
        return all(towns & where for where in self._where())

    def _where(self) -> list[set[str]]:
        """For each thing that is required in a town, the stops that have one."""
        if self._found is None:
            zone = ZoneInfo(self.offers.zone)
            here: list[StayOffer | ActivityOffer] = [*self.offers.activities, *self.offers.stays]
            pool = [(offer, thing(offer, zone)) for offer in here]
            asked = [which for which, _ in needed(self.request) if which.kinds and which.kinds <= HERE]
            asked += [Which(names=(name,)) for name in self.request.wishes.must_see]
            places = [stop.place for stop in self.request.stops]
            self._found = [
                {place for offer, it in pool if picks(which, it) for place in places if self._in_town(place, offer)}
                for which in asked
            ]
        return self._found


def _without(stops: Sequence[Stop], taken: Sequence[Stop]) -> list[Stop]:
    """The stops left; two of them may be the same."""
    left = list(stops)
    for stop in taken:
        left.remove(stop)
    return left
