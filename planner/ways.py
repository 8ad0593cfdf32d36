"""The stops and legs of a trip: what can be done at each stop, and every way to make each leg that is permitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise

from planner.joining import joined
from planner.limits import Limits
from planner.model import Mode, Offers, Spot, TransferOffer, TransportOffer, TripRequest
from planner.shape import (
    DAY,
    GRID,
    NIGHT_ENDS,
    Clock,
    Leg,
    Move,
    Rides,
    Visit,
    boarding,
    down,
    leaving,
    sleeps_at_home,
    split_nights,
    up,
)
from planner.values import stay_worth

OWN_DEPARTURES = (6, 8, 10, 12, 14, 16)  # hours at which an own arrangement or a ride between near towns may leave
LATE_DEPARTURES = (18, 20)  # … where one is free only then
TOWN_DEPARTURES = (8, 10, 12, 14, 16, 18, 20)  # hours to go to a bed in one's own town, or home from it
CHECK_OUTS = (8, 10)  # hours to leave one bed of a town for another
PROMISING = 4  # beds of each kind between which rides are looked at one by one
OWN_MINUTES = 8 * 60  # kept free for an own arrangement over a road of unknown length


def visits(request: TripRequest, offers: Offers, rides: Rides) -> tuple[Visit, ...]:
    """The stops in order with the stays and activities that can be reached in them.

    The last one ends an evening early where only a ride through the night is home in time.
    """
    found = []
    first = request.start
    for index, (stop, nights) in enumerate(zip(request.stops, split_nights(request), strict=True)):
        last = first + timedelta(days=nights)
        centre = offers.centres[stop.place]
        stays = tuple(
            s
            for s in offers.stays
            if not sleeps_at_home(request, stop.place)
            and rides.linked(centre, s.spot)
            and s.sleeps >= request.party.size
            and s.nightly
        )
        spots = {s.spot.id: s.spot for s in stays} or {centre.id: centre}
        activities = tuple(
            a
            for a in offers.activities
            if any(rides.linked(spot, a.spot) and rides.linked(a.spot, spot) for spot in spots.values())
        )
        found.append(Visit(index, stop.place, first, last, stays, activities))
        first = last
    if _leaves_early(found[-1], request, offers, rides):
        found[-1] = replace(found[-1], last=request.end - timedelta(days=1))
    return tuple(found)


def _leaves_early(stop: Visit, request: TripRequest, offers: Offers, rides: Rides) -> bool:
    """Whether nothing leads home on the last day, but a night under way does. One night at the stop must be left."""
    if not request.returns or stop.place == request.origin or (stop.last - stop.first).days < 2:
        return False
    here, there = offers.centres[stop.place], offers.centres[request.origin]
    drives = Mode.CAR in request.wishes.modes_wanted and (stop.place, request.origin) in offers.road_minutes
    if drives or rides.get(here, there) is not None:
        return False
    timetable = Timetable.of(request, offers, rides)
    return not timetable.moves(here, there, request.end, request.end) and bool(timetable.overnight(here, there))


def legs(request: TripRequest, offers: Offers, rides: Rides, stops: tuple[Visit, ...]) -> tuple[Leg, ...]:
    """The moves between these stops in order, with the ways to make each, the hours permitting.

    Who is already in a town needs no leg to it, but for a bed in the own town or from one bed to another. Who comes in
    an own car drives every leg that has a known road.
    """
    ends: list[Visit | None] = [None, *stops, *([None] if request.returns else [])]
    timetable, limits = Timetable.of(request, offers, rides), Limits.of(request, offers)
    home = offers.centres[request.origin]
    pairs = list(pairwise(ends))
    found = list[Leg]()
    for nth, (left, reached) in enumerate(pairs):
        origin, destination = (visit.place if visit else request.origin for visit in (left, reached))
        day = reached.first if reached else stops[-1].last
        leaves, reaches = (visit.index if visit else None for visit in (left, reached))
        leg = Leg(len(found), origin, destination, day, (), leaves, reaches)
        in_time = partial(_in_time, leg=leg, rides=rides, home=home, limits=limits)
        if left and reached and origin == destination:
            change = _between_beds(left, reached, request, offers, rides, timetable.clock)
            found.append(replace(leg, moves=tuple(filter(in_time, change))))
            continue
        if origin == destination:
            if _changes_beds(left) or _changes_beds(reached):
                found.append(replace(leg, moves=tuple(filter(in_time, _across_town(home, day, timetable.clock)))))
            continue
        if reached is None and day < request.end:
            ways = timetable.overnight(offers.centres[origin], offers.centres[destination])
            found.append(replace(leg, moves=tuple(filter(in_time, ways))))
            continue
        following = pairs[nth + 1][1] if nth + 1 < len(pairs) else None
        until = following.first if following else request.end
        found.append(replace(leg, moves=timetable.between(origin, destination, day, until, in_time)))
    return tuple(found)


def _changes_beds(visit: Visit | None) -> bool:
    """Whether one sleeps there in a bed that is not one's own."""
    return visit is not None and bool(visit.stays) and visit.last > visit.first


def _across_town(home: Spot, day: date, clock: Clock) -> tuple[Move, ...]:
    """Hours to set out to a bed in one's own town, or home from it; the ride itself is a local one."""
    midnight = clock.minutes(datetime.combine(day, time(), clock.first.tzinfo))
    at = [midnight + hour * 60 for hour in TOWN_DEPARTURES]
    return tuple(Move(f"town@{day}T{minute // 60 % 24:02}", Mode.WALK, home, home, minute, minute) for minute in at)


def _between_beds(
    left: Visit, reached: Visit, request: TripRequest, offers: Offers, rides: Rides, clock: Clock
) -> Iterator[Move]:
    """Hours of the morning to change beds in a town: straight from one to the other, or by way of its middle."""
    day, middle = reached.first, offers.centres[left.place]
    midnight = clock.minutes(datetime.combine(day, time(), clock.first.tzinfo))
    firsts, seconds = (_promising(visit, request) for visit in (left, reached))
    ways = [(a, b) for a in firsts for b in seconds if a.id != b.id and rides.get(a, b) is not None]
    stays = [(spot, spot) for spot in {s.spot.id: s.spot for s in left.stays}.values()]
    for hour in CHECK_OUTS:
        minute = midnight + hour * 60
        for a, b in {(a.id, b.id): (a, b) for a, b in ((middle, middle), *stays, *ways)}.values():
            ride, on = rides.get(a, b), minute + rides.minutes(a, b)
            yield Move(
                id=f"beds:{a.id}>{b.id}@{day}T{hour:02}",
                mode=ride.mode if ride and a.id != b.id else Mode.WALK,
                origin=a,
                destination=b,
                depart=minute,
                arrive=on,
                cost=rides.cost(a, b),
                ride=ride if a.id != b.id else None,
            )


def _promising(visit: Visit, request: TripRequest) -> list[Spot]:
    """Where the beds are between which rides are looked at one by one: those held, the cheapest and the best."""
    held = [stay for stay in visit.stays if stay.id in request.locked]
    cheapest = sorted(visit.stays, key=lambda stay: (stay.kes, stay.id))
    best = sorted(visit.stays, key=lambda stay: (-stay_worth(stay, request), stay.id))
    return list({s.spot.id: s.spot for s in (*held, *cheapest[:PROMISING], *best[:PROMISING])}.values())


def _in_time(move: Move, leg: Leg, rides: Rides, home: Spot, limits: Limits) -> bool:
    """Whether a move and the rides between its ends and home keep the hours of departure and of daylight."""
    starts, ends = move.gate_in, move.gate_out
    if not all(limits.road(mode, depart, arrive) for mode, depart, arrive in move.stretches):
        return False
    if leg.leaves is None and (first := rides.until(move.gate_in, home, move.origin).get(home, move.origin)):
        starts -= up(first.minutes)
        if not limits.ride(first.mode, move.origin, leg.origin, starts, move.gate_in):
            return False
    if leg.reaches is None and (last := rides.at(move.gate_out).get(move.destination, home)):
        ends += up(last.minutes)
        if not limits.ride(last.mode, move.destination, leg.destination, move.gate_out, ends):
            return False
    out, back = leg.leaves is None, leg.reaches is None
    return (not out or limits.out(starts, ends)) and (not back or limits.home(starts, ends))


def _any(move: Move) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Timetable:
    """The permitted departures by the day they leave."""

    request: TripRequest
    offers: Offers
    rides: Rides
    clock: Clock
    by_day: Mapping[date, Mapping[str, Sequence[TransportOffer]]]  # day → id of the spot it leaves from

    @classmethod
    def of(cls, request: TripRequest, offers: Offers, rides: Rides) -> Timetable:
        """The departures of these offers that the traveller's refusals and hours permit."""
        clock = Clock.of(request, offers)
        by_day: dict[date, dict[str, list[TransportOffer]]] = {}
        for offer in offers.transports:
            if allowed(offer, request, clock):
                day = offer.depart.astimezone(clock.first.tzinfo).date()
                by_day.setdefault(day, {}).setdefault(offer.origin.id, []).append(offer)
        return cls(request, offers, rides, clock, by_day)

    def between(
        self, origin: str, destination: str, day: date, until: date, in_time: Callable[[Move], bool] = _any
    ) -> tuple[Move, ...]:
        """Every way from town to town on a day: departures, a ride between near towns, at worst the traveller's own.

        Only those that are `in_time` count.
        """
        request, offers = self.request, self.offers
        here, there = offers.centres[origin], offers.centres[destination]
        limits = Limits.of(request, offers)
        if Mode.CAR in request.wishes.modes_wanted and (origin, destination) in offers.road_minutes:
            return tuple(filter(in_time, _by_road(here, there, day, offers, None, self.clock, limits)))
        moves = tuple(filter(in_time, self.moves(here, there, day, until)))
        ride = None if any(len(move.parts) == 1 for move in moves) else self.rides.get(here, there)
        if ride is None and (moves or not request.own_arrangements):
            return moves
        return (*filter(in_time, _by_road(here, there, day, offers, ride, self.clock, limits)), *moves)

    def moves(self, here: Spot, there: Spot, day: date, until: date) -> tuple[Move, ...]:
        """Departures of a day that lead from town to town, then pairs of them that are there by the end of `until`."""
        leaving_here = self._from(here, day)
        direct = [offer for offer in leaving_here if self.rides.linked(offer.destination, there)]
        ways = tuple(_departure(offer, self.request, self.clock) for offer in direct)
        if not self.request.most_changes:
            return ways
        firsts = [offer for offer in leaving_here if offer not in direct]
        seconds = [
            offer
            for offer in (*self._on(day), *self._on(day + timedelta(days=1)))
            if self.rides.linked(offer.destination, there) and not self.rides.linked(here, offer.origin)
        ]
        pairs = joined(
            [_departure(offer, self.request, self.clock) for offer in firsts],
            [_departure(offer, self.request, self.clock) for offer in seconds],
            self.rides,
            ((until - self.request.start).days + 1) * DAY,
            self.request.locked,
        )
        return (*ways, *pairs)

    def overnight(self, here: Spot, there: Spot) -> tuple[Move, ...]:
        """Ways home that leave the evening before the last day and are the night."""
        moves = self.moves(here, there, self.request.end - timedelta(days=1), self.request.end)
        return tuple(move for move in moves if move.arrive >= self.request.nights * DAY + NIGHT_ENDS)

    def _from(self, here: Spot, day: date) -> list[TransportOffer]:
        """Departures of a day from a town."""
        at = self.by_day.get(day, {})
        return [offer for offers in at.values() if self.rides.linked(here, offers[0].origin) for offer in offers]

    def _on(self, day: date) -> Iterator[TransportOffer]:
        for offers in self.by_day.get(day, {}).values():
            yield from offers


def _departure(offer: TransportOffer, request: TripRequest, clock: Clock) -> Move:
    return Move(
        id=offer.id,
        mode=offer.mode,
        origin=offer.origin,
        destination=offer.destination,
        depart=clock.minutes(offer.depart),
        arrive=clock.minutes(offer.arrive),
        cost=offer.price.kes,
        boarding=boarding(offer, request.wishes),
        leaving=leaving(offer.destination, request.wishes),
        parts=(offer,),
    )


def _by_road(
    here: Spot, there: Spot, day: date, offers: Offers, ride: TransferOffer | None, clock: Clock, limits: Limits
) -> tuple[Move, ...]:
    """At round hours, and just within the hours asked for."""
    if ride is not None:
        minutes, mode, cost, name = up(ride.minutes), ride.mode, ride.price.kes, ride.id
    else:
        minutes = up(offers.road_minutes.get((here.place, there.place), OWN_MINUTES))
        mode, cost, name = Mode.CAR, 0, f"own:{here.place}>{there.place}"
    midnight = clock.minutes(datetime.combine(day, time(), clock.first.tzinfo))
    minutes = max(minutes, GRID)
    late = LATE_DEPARTURES if limits.late(midnight) else ()
    round_hours = (midnight + hour * 60 for hour in (*OWN_DEPARTURES, *late))
    edges = {up(first) for first in limits.begins(midnight)} | {down(end - minutes) for end in limits.ends(midnight)}
    return tuple(
        Move(
            id=f"{name}@{day}T{_clock(depart - midnight)}",
            mode=mode,
            origin=here,
            destination=there,
            depart=depart,
            arrive=depart + minutes,
            cost=cost,
            ride=ride,
        )
        for depart in sorted({*round_hours, *(edge for edge in edges if 0 <= edge - midnight < DAY)})
    )


def _clock(minute: int) -> str:
    """ "08" for a full hour, "0815" else."""
    hour, rest = divmod(minute, 60)
    return f"{hour:02}{rest:02}" if rest else f"{hour:02}"


def allowed(offer: TransportOffer, request: TripRequest, clock: Clock) -> bool:
    """Whether the traveller's refusals and hours permit this departure."""
    wishes = request.wishes
    depart, arrive = offer.depart.astimezone(clock.first.tzinfo), offer.arrive.astimezone(clock.first.tzinfo)
    return (
        arrive.date() <= request.end
        and offer.mode not in wishes.modes_refused
        and offer.operator.casefold() not in {name.casefold() for name in wishes.operators_refused}
        and (wishes.earliest is None or depart.time() >= wishes.earliest)
        and (wishes.latest is None or (arrive.time() <= wishes.latest and arrive.date() == depart.date()))
        and (wishes.night_travel or arrive.date() == depart.date())
    )
