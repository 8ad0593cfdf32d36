"""Every trip a small world allows, tried one by one: what the solver should find, derived again from the documents.

Each combination of a move per leg and a bed per stop is walked through; for each day every set of visits in every
order, at the earliest times of the five-minute grid. Nothing is left out but what costs no less and is worth no more
for the very same visits. Only for worlds of a handful of offers. Minutes count from the first midnight of the trip.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from zoneinfo import ZoneInfo

from planner.model import (
    BOARDING_MINUTES,
    LEAVING_MINUTES,
    ActivityOffer,
    Mode,
    Offers,
    Spot,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)
from planner.shape import DAY, DAYTIME, GRID, NIGHT_ENDS, Clock, Move
from planner.values import DAY_OUT, Tastes, activity_worth, move_worth, stay_worth, waking
from planner.ways import OWN_DEPARTURES, OWN_MINUTES

SETTLE = 30  # minutes between reaching the bed and going out
LUNCH, LUNCH_FROM, LAST_LUNCH = 60, 11 * 60 + 30, 14 * 60  # how long, and when it may begin
EATEN = LUNCH_FROM + LUNCH  # who sets out later has eaten
DAYLIGHT = (8 * 60 + 30, 17 * 60 + 30)  # visits without known hours

Way = tuple[int, int]  # minutes and price of a local ride
Value = tuple[int, int]  # what some visits cost, and what they are worth
Done = tuple[frozenset[str], tuple[tuple[str, int], ...]]  # visits, and for each tag on how many days it was had
Table = dict[Done, list[Value]]


def up(minutes: int) -> int:
    return -(-minutes // GRID) * GRID


def down(minutes: int) -> int:
    return minutes // GRID * GRID


@dataclass(frozen=True, slots=True)
class Rides:
    """Local rides. With `minute_value` (shillings) one for each pair of spots, without it all of them."""

    offers: Offers
    refused: frozenset[Mode]
    minute_value: float | None

    def exists(self, a: Spot, b: Spot) -> bool:
        return a.id == b.id or bool(self._best(a, b, night=False))

    def leaving(self, a: Spot, b: Spot, minute: int) -> list[Way]:
        """Those that start at a minute."""
        return self._ways(a, b, night=not DAYTIME[0] <= minute % DAY < DAYTIME[1])

    def arriving(self, a: Spot, b: Spot, minute: int) -> list[Way]:
        """Those that end at a minute: what runs by day starts and ends by day."""
        if not DAYTIME[0] <= minute % DAY < DAYTIME[1]:
            return self._ways(a, b, night=True)
        begins_at_night = any(
            ride.by_day and (minute - up(ride.minutes)) % DAY < DAYTIME[0] for ride in self._best(a, b, night=False)
        )
        return self._ways(a, b, night=begins_at_night)

    def _ways(self, a: Spot, b: Spot, *, night: bool) -> list[Way]:
        if a.id == b.id:
            return [(0, 0)]
        return [(up(ride.minutes), ride.price.kes) for ride in self._best(a, b, night=night)]

    def _best(self, a: Spot, b: Spot, *, night: bool) -> list[TransferOffer]:
        ends = (a.id, b.id)
        found = [
            ride
            for ride in self.offers.transfers
            if (ride.origin.id, ride.destination.id) == ends
            and ride.mode not in self.refused
            and not (night and ride.by_day)
        ]
        value = self.minute_value
        if value is None:
            return found
        return sorted(found, key=lambda r: (r.price.kes + r.minutes * value, r.minutes, r.id))[:1]


@dataclass(frozen=True, slots=True)
class Town:
    """The time at one stop; `into` and `out` are the indexes of the legs that lead there and away."""

    place: str
    first: int  # days after the start
    last: int
    into: int | None
    out: int | None


@dataclass(slots=True)
class Oracle:
    """All trips of one request with one set of local rides."""

    request: TripRequest
    offers: Offers
    rides: Rides
    tastes: Tastes = field(init=False)
    clock: Clock = field(init=False)
    _days: dict[tuple[object, ...], list[tuple[frozenset[str], Value]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tastes, self.clock = Tastes.of(self.request), Clock.of(self.request, self.offers)

    def cheapest(self) -> int | None:
        """The lowest total of a trip with only what was asked for by name, whatever the budget; None: there is none."""
        asked = replace(self.offers, activities=tuple(a for a in self.offers.activities if self._by_name(a)))
        return min((total for total, _ in Oracle(self.request, asked, self.rides).trips()), default=None)

    def best(self) -> int | None:
        """The highest objective of any trip within the budget, None when there is none."""
        budget, money = self.request.budget_kes, self.tastes.money
        found = ((total, worth) for total, worth in self.trips() if budget is None or total <= budget)
        return max((10 * worth - money * total for total, worth in found), default=None)

    def trips(self) -> Iterator[Value]:
        """Total and worth of every trip that keeps every rule but the budget."""
        meals = self.offers.meals.daily.kes * (self.request.nights + 1) if self.offers.meals else 0
        towns, legs = self.towns()
        ways = [self.moves(a, b, day) for a, b, day in legs]
        beds = [self.beds(town) for town in towns]
        for moves in product(*ways):
            for slept in product(*beds):
                yield from self._of(towns, moves, slept, meals)

    # -- the skeleton ----------------------------------------------------------------------------------------------

    def towns(self) -> tuple[list[Town], list[tuple[str, str, int]]]:
        request = self.request
        open_ = [n for n, stop in enumerate(request.stops) if stop.nights is None]
        left = request.nights - sum(stop.nights or 0 for stop in request.stops)
        legs: list[tuple[str, str, int]] = []
        found: list[Town] = []
        here, day = request.origin, 0
        for n, stop in enumerate(request.stops):
            into = None
            if stop.place != here:
                into = len(legs)
                legs.append((here, stop.place, day))
            nights = stop.nights
            if nights is None:
                nights = left // len(open_) + (1 if open_.index(n) < left % len(open_) else 0)
            found.append(Town(stop.place, day, day + nights, into, None))
            here, day = stop.place, day + nights
        if request.returns and here != request.origin:
            legs.append((here, request.origin, request.nights))
        outs = [town.into for town in found[1:]] + [
            len(legs) - 1 if request.returns and here != request.origin else None
        ]
        return [Town(t.place, t.first, t.last, t.into, out) for t, out in zip(found, outs, strict=True)], legs

    def moves(self, a: str, b: str, day: int) -> list[Move]:
        here, there = self.offers.centres[a], self.offers.centres[b]
        found = [
            self._move(offer)
            for offer in self.offers.transports
            if self.clock.minutes(offer.depart) // DAY == day
            and self.clock.minutes(offer.arrive) // DAY <= self.request.nights
            and self.rides.exists(here, offer.origin)
            and self.rides.exists(offer.destination, there)
            and self._permitted(offer)
        ]
        road = self.offers.road_minutes.get((a, b))
        drives = Mode.CAR in self.request.wishes.modes_wanted and road is not None
        if found and not drives:
            return found
        local = [] if drives else self.rides._best(here, there, night=False)
        ride = local[0] if local else None
        minutes = max(GRID, up(ride.minutes if ride else road or OWN_MINUTES))
        mode, cost = (ride.mode, ride.price.kes) if ride else (Mode.CAR, 0)
        starts = [day * DAY + 60 * hour for hour in OWN_DEPARTURES]
        return [Move(f"{a}>{b}@{s}", mode, here, there, s, s + minutes, cost, ride=ride) for s in starts]

    def _move(self, offer: TransportOffer) -> Move:
        asked = offer.check_in_minutes
        return Move(
            id=offer.id,
            mode=offer.mode,
            origin=offer.origin,
            destination=offer.destination,
            depart=self.clock.minutes(offer.depart),
            arrive=self.clock.minutes(offer.arrive),
            cost=offer.price.kes,
            boarding=BOARDING_MINUTES.get(offer.origin.kind, 0) if asked is None else asked,
            leaving=self.leaving(offer),
            parts=(offer,),
        )

    @staticmethod
    def leaving(offer: TransportOffer) -> int:
        """Minutes to get out after arriving."""
        return LEAVING_MINUTES.get(offer.destination.kind, 0)

    def _permitted(self, offer: TransportOffer) -> bool:
        wishes, zone = self.request.wishes, ZoneInfo(self.offers.zone)
        leaves, arrives = offer.depart.astimezone(zone), offer.arrive.astimezone(zone)
        if offer.mode in wishes.modes_refused or offer.operator.lower() in map(str.lower, wishes.operators_refused):
            return False
        if leaves.date() != arrives.date() and (wishes.latest or not wishes.night_travel):
            return False
        too_early = wishes.earliest is not None and leaves.time() < wishes.earliest
        return not too_early and not (wishes.latest is not None and arrives.time() > wishes.latest)

    def beds(self, town: Town) -> list[StayOffer | None]:
        """What one may sleep in; None is a bed of one's own in the middle of town."""
        if town.first == town.last:
            return [None]
        centre = self.offers.centres[town.place]
        found: list[StayOffer | None] = [
            stay
            for stay in self.offers.stays
            if stay.nightly and stay.sleeps >= self.request.party.size and self.rides.exists(centre, stay.spot)
        ]
        return found or [None]

    # -- one combination of moves and beds -------------------------------------------------------------------------

    def _of(
        self, towns: Sequence[Town], moves: Sequence[Move], slept: Sequence[StayOffer | None], meals: int
    ) -> Iterator[Value]:
        bases = [stay.spot if stay else self.offers.centres[t.place] for t, stay in zip(towns, slept, strict=True)]
        cost, worth = meals, 0
        held: set[str] = set()
        for move in moves:
            cost += move.cost
            worth += move_worth(move, self.request, self.clock, self.tastes)
            held.add(move.id)
        for town, stay in zip(towns, slept, strict=True):
            into = moves[town.into] if town.into is not None else None
            out = moves[town.out] if town.out is not None else None
            here = (waking(out.gate_in) if out else 0) - (waking(into.gate_out) if into else 0)
            worth += self.tastes.there * here * self.request.party.size
            night = max(town.first, (into.arrive - NIGHT_ENDS) // DAY) if into else town.first
            if night > town.last:
                return
            if stay is not None and stay.nightly is not None:
                nights = town.last - night
                cost += stay.nightly.kes * nights
                worth += stay_worth(stay, self.request) * nights
                held |= {stay.id} if nights else set()
        for ways in product(*self._local(towns, moves, bases)):
            tables, paid, ridden, possible = [], cost, 0, True
            for minutes, price in ways:
                paid, ridden = paid + price, ridden + minutes
            for town, base in zip(towns, bases, strict=True):
                ready, due = self._stay(town, moves, ways)
                possible &= max(ready, town.last * DAY) <= due <= (self.request.nights + 1) * DAY
                tables.append(self._visits(town, base, ready, due) if possible else [])
            if possible and self._fits(towns, moves, ways):
                lived = worth - self.tastes.minute * ridden * self.request.party.size
                for spent, gained in self._doing([day for days in tables for day in days], held):
                    yield paid + spent, lived + gained

    def _local(self, towns: Sequence[Town], moves: Sequence[Move], bases: Sequence[Spot]) -> list[list[Way]]:
        """For each move the rides to where it starts and from where it ends."""
        home = self.offers.centres[self.request.origin]
        found = []
        for n, move in enumerate(moves):
            before = next((base for t, base in zip(towns, bases, strict=True) if t.out == n), home)
            after = next((base for t, base in zip(towns, bases, strict=True) if t.into == n), home)
            found.append(self.rides.arriving(before, move.origin, move.gate_in))
            found.append(self.rides.leaving(move.destination, after, move.gate_out))
        return found

    def _stay(self, town: Town, moves: Sequence[Move], ways: Sequence[Way]) -> tuple[int, int]:
        """When one is at the bed of a town, and when one must leave it."""
        ready, due = town.first * DAY, (self.request.nights + 1) * DAY
        if town.into is not None:
            ready = up(moves[town.into].gate_out + ways[2 * town.into + 1][0])
        if town.out is not None:
            due = down(moves[town.out].gate_in - ways[2 * town.out][0])
        return ready, due

    def _fits(self, towns: Sequence[Town], moves: Sequence[Move], ways: Sequence[Way]) -> bool:
        """From home after the first midnight, and back before the last."""
        end = (self.request.nights + 1) * DAY
        starts = not moves or moves[0].gate_in - ways[0][0] >= 0
        return starts and (not moves or moves[-1].gate_out + ways[-1][0] <= end)

    # -- what is done ----------------------------------------------------------------------------------------------

    def _doing(self, days: Sequence[list[tuple[frozenset[str], Value]]], held: set[str]) -> Iterator[Value]:
        """Cost and worth of every choice of one programme a day that keeps the wishes."""
        activities = {a.id: a for a in self.offers.activities}
        table: Table = {(frozenset(), ()): [(0, 0)]}
        for programmes in days:
            longer: Table = defaultdict(list)
            for (done, kinds), values in table.items():
                for visits, (cost, worth) in programmes:
                    if any(not activities[one].repeatable for one in done & visits):
                        continue
                    count = dict(kinds)
                    for tag in {tag for one in visits for tag in activities[one].tags}:
                        count[tag] = count.get(tag, 0) + 1
                    longer[done | visits, tuple(sorted(count.items()))] += [(c + cost, w + worth) for c, w in values]
            table = {key: _undominated(values) for key, values in longer.items()}
        for (done, kinds), values in table.items():
            if not self._as_asked(done, held):
                continue
            again = sum(self.again(tag, times) for tag, times in kinds)
            for cost, worth in values:
                yield cost, worth - again

    def _as_asked(self, done: frozenset[str], held: set[str]) -> bool:
        visited = [a for a in self.offers.activities if a.id in done]
        seen = all(any(_named(a, (word,)) for a in visited) for word in self.request.wishes.must_see)
        return seen and self.request.locked <= held | done

    def again(self, tag: str, days: int) -> int:
        """What is lost by having a kind of thing on several days: a share of the least of it on offer, each time."""
        towns, _ = self.towns()
        offered = [self.lost(a) for t in towns for a in self._activities(t) if tag in a.tags]
        return (days - 1) * min(offered, default=0)

    def _activities(self, town: Town) -> list[ActivityOffer]:
        """What there is to do in a town that is open while one is there, or asked for by name."""
        spots = [stay.spot if stay else self.offers.centres[town.place] for stay in self.beds(town)]
        return [
            a
            for a in self.offers.activities
            if not _named(a, self.request.wishes.avoid)
            and any(self.rides.exists(spot, a.spot) and self.rides.exists(a.spot, spot) for spot in spots)
            and (self._by_name(a) or any(self._starts(a, day) for day in range(town.first, town.last + 1)))
        ]

    def _by_name(self, activity: ActivityOffer) -> bool:
        return _named(activity, self.request.wishes.must_see) or activity.id in self.request.locked

    def _visits(self, town: Town, base: Spot, ready: int, due: int) -> list[list[tuple[frozenset[str], Value]]]:
        """For each day at a town what may be done from a base."""
        return [
            self._programmes(town, base, day, max(day * DAY, ready + SETTLE), min(due, (day + 1) * DAY))
            for day in range(town.first, town.last + 1)
        ]

    def _programmes(self, town: Town, base: Spot, day: int, ready: int, due: int) -> list[tuple[frozenset[str], Value]]:
        key = (town.place, town.first, base.id, day, ready, due)
        if key not in self._days:
            found: dict[frozenset[str], list[Value]] = defaultdict(list)
            start = max(ready, day * DAY + DAYTIME[0])
            begins = [(start, start > day * DAY + EATEN)]
            if start <= day * DAY + EATEN:
                begins.append((day * DAY + EATEN, True))
            options = self._activities(town)
            for begun, fed in begins:
                for order, cost, ridden in self._walks(options, base, base, day, begun, fed, due, ()):
                    worth = self.worth_of_day(order) + self.outing(town, day) * bool(order)
                    worth -= self.tastes.minute * ridden * self.request.party.size
                    found[frozenset(a.id for a in order)].append((cost, worth))
            self._days[key] = [
                (frozenset(), (0, 0)),
                *((visits, value) for visits, values in found.items() for value in _undominated(values)),
            ]
        return self._days[key]

    def _walks(
        self,
        options: Sequence[ActivityOffer],
        base: Spot,
        here: Spot,
        day: int,
        now: int,
        fed: bool,
        due: int,
        order: tuple[ActivityOffer, ...],
    ) -> Iterator[tuple[tuple[ActivityOffer, ...], int, int]]:
        """Every way to go on from here: visits in order, price and minutes of rides, once one is back in time."""
        midnight = day * DAY
        if order and (fed or now <= midnight + LAST_LUNCH):
            for minutes, price in self.rides.leaving(here, base, now):
                if now + minutes <= due:
                    yield order, price, minutes
        if len(order) == self.tastes.visits:
            return
        leaves = [(now, fed)]
        if order and not fed and now <= midnight + LAST_LUNCH:
            leaves.append((max(now, midnight + LUNCH_FROM) + LUNCH, True))
        spent = sum(a.minutes for a in order)
        for activity in options:
            if activity in order or (order and spent + activity.minutes > self.tastes.active):
                continue
            for begun, ate in leaves:
                for minutes, price in self.rides.leaving(here, activity.spot, begun):
                    start = self._start(activity, day, begun + minutes)
                    if start is None:
                        continue
                    fee = activity.price.kes if activity.price else 0
                    for at in {start, self._during_lunch(activity, day, start)} - {None}:
                        end = at + up(activity.minutes)
                        through = at <= midnight + EATEN and end >= midnight + LAST_LUNCH
                        if at != start and (ate or not through):
                            continue
                        onward = self._walks(
                            options, base, activity.spot, day, end, ate or through, due, (*order, activity)
                        )
                        for found, cost, ridden in onward:
                            yield found, cost + price + fee, ridden + minutes

    def _during_lunch(self, activity: ActivityOffer, day: int, start: int) -> int | None:
        """A later start in the same opening, so that lunch is eaten during the visit."""
        later = max(start, day * DAY + LAST_LUNCH - up(activity.minutes))
        return later if any(a <= start and later <= b for a, b in self._starts(activity, day)) else None

    def _start(self, activity: ActivityOffer, day: int, earliest: int) -> int | None:
        return next((max(a, earliest) for a, b in self._starts(activity, day) if max(a, earliest) <= b), None)

    def _starts(self, activity: ActivityOffer, day: int) -> list[tuple[int, int]]:
        """When it may be begun on a day: from the first to the last minute, earliest first."""
        midnight, date_ = day * DAY, self.request.start + timedelta(days=day)
        if activity.sessions:
            found = []
            for begins, ends in activity.sessions:
                first = up(self.clock.minutes(begins))
                if first // DAY == day and not self._too_early(first - midnight):
                    found.append((first, max(first, down(self.clock.minutes(ends) - activity.minutes))))
            return sorted(found)
        if (date_.month, date_.day) in activity.closed_on:
            return []
        opens = [
            (60 * s.opens.hour + s.opens.minute, 60 * s.closes.hour + s.closes.minute)
            for s in activity.spans
            if date_.weekday() in s.weekdays
        ]
        found = []
        for open_, close in opens if activity.spans else [DAYLIGHT]:
            first = up(max(open_, self.tastes.opens))
            last = down(min(close + (DAY if close <= open_ else 0), self.tastes.closes) - activity.minutes)
            if first <= last:
                found.append((midnight + first, midnight + last))
        return sorted(found)

    def _too_early(self, minute: int) -> bool:
        """An event keeps its hours, and begins no earlier than the traveller will."""
        return self.request.wishes.earliest is not None and minute < self.tastes.opens

    def lost(self, activity: ActivityOffer) -> int:
        """What one of its tags takes off for a second thing of its kind."""
        return activity_worth(activity, self.request) * 3 // 10 // max(1, len(activity.tags))

    def outing(self, town: Town, day: int) -> int:
        """The worth of doing anything at all on a day: half on those of coming and going, where there are others."""
        whole = town.first < day < town.last or town.last - town.first <= 1
        person = DAY_OUT if whole else DAY_OUT // 2
        return person * self.request.party.size

    def worth_of_day(self, visits: Sequence[ActivityOffer]) -> int:
        """The worth of doing these on one day: each further one of a kind counts less."""
        worths = {a.id: activity_worth(a, self.request) for a in visits}
        again = 0
        for tag in {tag for a in visits for tag in a.tags}:
            alike = [self.lost(a) for a in visits if tag in a.tags]
            again += (len(alike) - 1) * min(alike)
        return sum(worths.values()) - again


def _named(activity: ActivityOffer, words: Sequence[str]) -> bool:
    return any(word == activity.id or word.lower() in activity.name.lower() for word in words)


def _undominated(values: Sequence[Value]) -> list[Value]:
    """Without what costs no less and is worth no more."""
    kept: list[Value] = []
    for cost, worth in sorted(values, key=lambda value: (value[0], -value[1])):
        if not kept or worth > kept[-1][1]:
            kept.append((cost, worth))
    return kept
