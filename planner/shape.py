"""The skeleton of a trip: stops with their nights, legs with the ways to make them, and local rides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from planner.limits import Limits
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

GRID = 5  # minutes: local rides and visits are planned on a five-minute grid
DAY = 24 * 60
NIGHT_ENDS = 3 * 60  # a ride that arrives before this leaves the night to a bed
DAYTIME = (5 * 60 + 30, 21 * 60)  # when rides that run by day are counted on


def up(minutes: float) -> int:
    """Rounded up to the grid."""
    return int(-(-minutes // GRID) * GRID)


def down(minutes: float) -> int:
    """Rounded down to the grid."""
    return int(minutes // GRID * GRID)


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes since midnight of the first day, and back."""

    first: datetime

    @classmethod
    def of(cls, request: TripRequest, offers: Offers) -> Clock:
        """The clock of a trip in its own time zone."""
        return cls(datetime.combine(request.start, time(), ZoneInfo(offers.zone)))

    def minutes(self, moment: datetime) -> int:
        """Whole minutes from the first midnight to `moment`."""
        return int((moment - self.first) / timedelta(minutes=1))

    def moment(self, minutes: int) -> datetime:
        """The aware time `minutes` after the first midnight."""
        return self.first + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Move:
    """One way to make a leg, in trip minutes: a departure, a local ride between near towns, or an own arrangement.

    Neither `offer` nor `ride` set means that the traveller arranges it: the plan only keeps the time free.
    """

    id: str
    mode: Mode
    origin: Spot
    destination: Spot
    depart: int
    arrive: int
    cost: int = 0
    boarding: int = 0  # minutes to be there before
    leaving: int = 0  # minutes to get out after
    offer: TransportOffer | None = None
    ride: TransferOffer | None = None

    @property
    def gate_in(self) -> int:
        """When one must be at the departure spot."""
        return self.depart - self.boarding

    @property
    def gate_out(self) -> int:
        """When one stands outside the arrival spot."""
        return self.arrive + self.leaving


@dataclass(frozen=True, slots=True)
class Leg:
    """One long-distance move between towns and the ways to make it; or the way between home and a bed in one's town.

    `leaves` and `reaches` are the indexes of the visits at its ends, None for home.
    """

    index: int
    origin: str
    destination: str
    date: date
    moves: tuple[Move, ...]
    leaves: int | None = None
    reaches: int | None = None

    def in_time(self, rides: Rides, origin: Spot, destination: Spot, starts: int, limits: Limits) -> bool:
        """Whether a ride from the bed to a gate, or from a gate to the bed, keeps the hours asked for."""
        ride, ends = rides.get(origin, destination), starts + rides.minutes(origin, destination)
        inbound = any(move.destination.id == origin.id for move in self.moves)
        gate, town = (origin, self.destination) if inbound else (destination, self.origin)
        if ride is not None and not limits.ride(ride.mode, gate, town, starts, ends):
            return False
        late = inbound and self.leaves is None and ends > limits.arrive
        early = not inbound and self.reaches is None and starts < limits.leave_back
        return not (late or early)


@dataclass(frozen=True, slots=True)
class Visit:
    """The time at one stop: the nights asked for, where to sleep and what to do there."""

    index: int
    place: str
    first: date
    last: date
    stays: tuple[StayOffer, ...]
    activities: tuple[ActivityOffer, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Every date touched, arrival and departure included."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class Rides:
    """Local rides by pair of spots, already narrowed to the one that suits the traveller best."""

    def __init__(self, best: Mapping[tuple[str, str], TransferOffer], night: Rides | None = None) -> None:
        self._best = best
        self._night = night

    @classmethod
    def of(cls, offers: Offers, minute_value: float, refused: frozenset[Mode]) -> Rides:
        """For each pair the ride with the best price, a minute being worth `minute_value` shillings."""
        allowed = [ride for ride in offers.transfers if ride.mode not in refused]
        night = cls(_best(allowed=[ride for ride in allowed if not ride.by_day], minute_value=minute_value))
        return cls(_best(allowed, minute_value), night)

    def at(self, minute: int) -> Rides:
        """The rides that run at a trip minute."""
        by_day = DAYTIME[0] <= minute % DAY < DAYTIME[1]
        return self if by_day or self._night is None else self._night

    def until(self, minute: int, origin: Spot, destination: Spot) -> Rides:
        """The rides with which one can be at `destination` at a trip minute: what runs by day must start by day too."""
        rides = self.at(minute)
        ride = rides.get(origin, destination)
        return rides if ride is None or not ride.by_day else self.at(minute - up(ride.minutes))

    def get(self, origin: Spot, destination: Spot) -> TransferOffer | None:
        """The ride to take, None when there is none (or none is needed: see `reachable`)."""
        return self._best.get((origin.id, destination.id))

    def reachable(self, origin: Spot, destination: Spot) -> bool:
        """Whether one can get there: the same spot, or a ride exists."""
        return origin.id == destination.id or (origin.id, destination.id) in self._best

    def minutes(self, origin: Spot, destination: Spot) -> int:
        """Ride time on the planning grid, 0 on the spot. Only for reachable pairs."""
        return 0 if origin.id == destination.id else up(self._best[origin.id, destination.id].minutes)

    def cost(self, origin: Spot, destination: Spot) -> int:
        """Price for the party, 0 on the spot. Only for reachable pairs."""
        return 0 if origin.id == destination.id else self._best[origin.id, destination.id].price.kes


def _best(allowed: Sequence[TransferOffer], minute_value: float) -> dict[tuple[str, str], TransferOffer]:
    best: dict[tuple[str, str], tuple[float, int, str]] = {}
    found: dict[tuple[str, str], TransferOffer] = {}
    for ride in allowed:
        key, rank = (
            (ride.origin.id, ride.destination.id),
            (ride.price.kes + ride.minutes * minute_value, ride.minutes, ride.id),
        )
        if key not in best or rank < best[key]:
            best[key], found[key] = rank, ride
    return found


def first_night(move: Move, visit: Visit, request: TripRequest) -> int:
    """The day, counted from the first, whose night is the first in a bed there: the ride may itself be a night."""
    return max((move.arrive - NIGHT_ENDS) // DAY, (visit.first - request.start).days)


def split_nights(request: TripRequest) -> tuple[int, ...]:
    """Nights per stop: as asked, the rest spread evenly with the earlier stops getting the odd ones.

    Raises ValueError when the stops ask for more nights than the trip has.
    """
    asked = sum(stop.nights or 0 for stop in request.stops)
    open_stops = [n for n, stop in enumerate(request.stops) if stop.nights is None]
    left = request.nights - asked
    if left < 0 or (left > 0 and not open_stops):
        raise ValueError(f"the stops ask for {asked} nights, the trip has {request.nights}")
    share, odd = divmod(left, len(open_stops)) if open_stops else (0, 0)
    extra = {n: share + (1 if rank < odd else 0) for rank, n in enumerate(open_stops)}
    return tuple(stop.nights if stop.nights is not None else extra[n] for n, stop in enumerate(request.stops))


def sleeps_at_home(request: TripRequest, place: str) -> bool:
    """Whether the nights at a stop are at home: in the town one lives in, unless a place to stay was asked for."""
    wishes = request.wishes
    return place == request.origin and wishes.stay_class is None and not wishes.stay_in_town


def visits(request: TripRequest, offers: Offers, rides: Rides) -> tuple[Visit, ...]:
    """The stops in order with the stays and activities that can be reached in them."""
    found = []
    first = request.start
    for index, (stop, nights) in enumerate(zip(request.stops, split_nights(request), strict=True)):
        last = first + timedelta(days=nights)
        centre = offers.centres[stop.place]
        stays = tuple(
            s
            for s in offers.stays
            if not sleeps_at_home(request, stop.place)
            and rides.reachable(centre, s.spot)
            and s.sleeps >= request.party.size
            and s.nightly
        )
        spots = {s.spot.id: s.spot for s in stays} or {centre.id: centre}
        activities = tuple(
            a
            for a in offers.activities
            if any(rides.reachable(spot, a.spot) and rides.reachable(a.spot, spot) for spot in spots.values())
        )
        found.append(Visit(index, stop.place, first, last, stays, activities))
        first = last
    return tuple(found)


OWN_DEPARTURES = (6, 8, 11, 14, 16)  # hours at which an own arrangement or a ride between near towns may leave
LATE_DEPARTURES = (18, 20)  # … where one is free only then
TOWN_DEPARTURES = (8, 10, 12, 14, 16, 18, 20)  # hours to go to a bed in one's own town, or home from it
OWN_MINUTES = 8 * 60  # kept free for an own arrangement over a road of unknown length


def legs(request: TripRequest, offers: Offers, rides: Rides, stops: tuple[Visit, ...]) -> tuple[Leg, ...]:
    """The moves in order, each with at least one way to make it (at worst the traveller's own), the hours permitting.

    Who is already in a town needs no leg to it, but for a bed in the own town. Who comes in an own car drives every
    leg that has a known road.
    """
    ends: list[Visit | None] = [None, *stops, *([None] if request.returns else [])]
    clock, limits = Clock.of(request, offers), Limits.of(request, offers)
    found = list[Leg]()
    for left, reached in pairwise(ends):
        origin, destination = (visit.place if visit else request.origin for visit in (left, reached))
        day, index = reached.first if reached else request.end, len(found)
        here, there = offers.centres[origin], offers.centres[destination]
        leaves, reaches = (visit.index if visit else None for visit in (left, reached))
        leg = Leg(index, origin, destination, day, (), leaves, reaches)
        if origin == destination:
            if _changes_beds(left) or _changes_beds(reached):
                ways = _across_town(here, day, clock)
                in_time = tuple(move for move in ways if _in_time(move, leg, rides, here, limits))
                found.append(replace(leg, moves=in_time))
            continue
        moves = tuple(
            _departure(offer, clock)
            for offer in offers.transports
            if offer.depart.astimezone(clock.first.tzinfo).date() == day
            and offer.arrive.astimezone(clock.first.tzinfo).date() <= request.end
            and rides.reachable(here, offer.origin)
            and rides.reachable(offer.destination, there)
            and allowed(offer, request, clock)
        )
        moves = tuple(move for move in moves if _in_time(move, leg, rides, offers.centres[request.origin], limits))
        drives = Mode.CAR in request.wishes.modes_wanted and (origin, destination) in offers.road_minutes
        if drives or not moves:
            own = _by_road(here, there, day, offers, None if drives else rides.get(here, there), clock, limits)
            moves = tuple(move for move in own if _in_time(move, leg, rides, offers.centres[request.origin], limits))
        found.append(replace(leg, moves=moves))
    return tuple(found)


def _changes_beds(visit: Visit | None) -> bool:
    """Whether one sleeps there in a bed that is not one's own."""
    return visit is not None and bool(visit.stays) and visit.last > visit.first


def _across_town(home: Spot, day: date, clock: Clock) -> tuple[Move, ...]:
    """Hours to set out to a bed in one's own town, or home from it; the ride itself is a local one."""
    midnight = clock.minutes(datetime.combine(day, time(), clock.first.tzinfo))
    at = [midnight + hour * 60 for hour in TOWN_DEPARTURES]
    return tuple(Move(f"town@{day}T{minute // 60 % 24:02}", Mode.WALK, home, home, minute, minute) for minute in at)


def _in_time(move: Move, leg: Leg, rides: Rides, home: Spot, limits: Limits) -> bool:
    """Whether a move and the rides between its ends and home keep the hours of departure and of daylight."""
    starts, ends = move.gate_in, move.gate_out
    if not limits.road(move.mode, move.depart, move.arrive):
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


def _departure(offer: TransportOffer, clock: Clock) -> Move:
    boarding = offer.check_in_minutes
    return Move(
        id=offer.id,
        mode=offer.mode,
        origin=offer.origin,
        destination=offer.destination,
        depart=clock.minutes(offer.depart),
        arrive=clock.minutes(offer.arrive),
        cost=offer.price.kes,
        boarding=BOARDING_MINUTES.get(offer.origin.kind, 0) if boarding is None else boarding,
        leaving=LEAVING_MINUTES.get(offer.destination.kind, 0),
        offer=offer,
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
        offer.mode not in wishes.modes_refused
        and offer.operator.casefold() not in {name.casefold() for name in wishes.operators_refused}
        and (wishes.earliest is None or depart.time() >= wishes.earliest)
        and (wishes.latest is None or (arrive.time() <= wishes.latest and arrive.date() == depart.date()))
        and (wishes.night_travel or arrive.date() == depart.date())
    )
