"""The skeleton of a trip: stops with their nights, legs with the ways to make them, and local rides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.matching import thing
from planner.model import (
    BOARDING_MINUTES,
    LEAVING_MINUTES,
    ActivityOffer,
    LocalMode,
    Mode,
    Offers,
    Spot,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)
from planner.narrowing import permits
from planner.nearby import Nearby, rank

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
    """One long-distance move between towns and the ways to make it."""

    index: int
    origin: str
    destination: str
    date: date
    moves: tuple[Move, ...]


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

    def __init__(
        self, best: Mapping[tuple[str, str], TransferOffer], night: Rides | None = None, near: Nearby | None = None
    ) -> None:
        self._best = dict(best)
        self._night = night
        self._near = near
        self._asked: set[tuple[str, str]] = set()

    @classmethod
    def of(cls, offers: Offers, minute_value: float, request: TripRequest) -> Rides:
        """For each pair the ride with the best price, a minute being worth `minute_value` shillings."""
        refused, allowed = request.wishes.modes_refused, permits(request)
        zone = ZoneInfo(offers.zone)
        rides = [r for r in offers.transfers if r.mode not in refused and allowed(thing(r, zone))]
        modes = tuple(mode for mode in offers.local if mode.mode not in refused)

        def near(modes: tuple[LocalMode, ...]) -> Nearby | None:
            return Nearby(modes, minute_value, request.party.size, lambda r: allowed(thing(r, zone))) if modes else None

        late = tuple(mode for mode in modes if not mode.by_day)
        night = cls(_best([ride for ride in rides if not ride.by_day], minute_value), near=near(late))
        return cls(_best(rides, minute_value), night, near(modes))

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
        key = (origin.id, destination.id)
        found = self._best.get(key)
        if self._near is not None and key not in self._asked:
            self._asked.add(key)
            ride = self._near.best(origin, destination)
            if ride is not None and (found is None or self._near.rank(ride) < self._near.rank(found)):
                found = self._best[key] = ride
        return found

    def reachable(self, origin: Spot, destination: Spot) -> bool:
        """Whether one can get there: the same spot, or a ride exists."""
        return origin.id == destination.id or self.get(origin, destination) is not None

    def minutes(self, origin: Spot, destination: Spot) -> int:
        """Ride time on the planning grid, 0 on the spot. Only for reachable pairs."""
        return 0 if origin.id == destination.id else up(self._ride(origin, destination).minutes)

    def cost(self, origin: Spot, destination: Spot) -> int:
        """Price for the party, 0 on the spot. Only for reachable pairs."""
        return 0 if origin.id == destination.id else self._ride(origin, destination).price.kes

    def _ride(self, origin: Spot, destination: Spot) -> TransferOffer:
        ride = self.get(origin, destination)
        if ride is None:
            raise LookupError(f"no ride from {origin.id} to {destination.id}")
        return ride


def _best(allowed: Sequence[TransferOffer], minute_value: float) -> dict[tuple[str, str], TransferOffer]:
    found: dict[tuple[str, str], TransferOffer] = {}
    for ride in allowed:
        key = (ride.origin.id, ride.destination.id)
        if key not in found or rank(ride, minute_value) < rank(found[key], minute_value):
            found[key] = ride
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


def visits(request: TripRequest, offers: Offers, rides: Rides) -> tuple[Visit, ...]:
    """The stops in order with the stays and activities that can be reached in them."""
    found = []
    first = request.start
    for index, (stop, nights) in enumerate(zip(request.stops, split_nights(request), strict=True)):
        last = first + timedelta(days=nights)
        centre = offers.centres[stop.place]
        stays = tuple(
            s for s in offers.stays if rides.reachable(centre, s.spot) and s.sleeps >= request.party.size and s.nightly
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
OWN_MINUTES = 8 * 60  # kept free for an own arrangement over a road of unknown length


def legs(request: TripRequest, offers: Offers, rides: Rides, stops: tuple[Visit, ...]) -> tuple[Leg, ...]:
    """The moves in order, each with at least one way to make it (at worst the traveller's own).

    Who is already in a town needs no leg to it. Who comes in an own car drives every leg that has a known road.
    """
    towns = [request.origin, *(visit.place for visit in stops)]
    dates = [visit.first for visit in stops]
    if request.returns:
        towns.append(request.origin)
        dates.append(request.end)
    clock = Clock.of(request, offers)
    pairs = [(a, b, day) for a, b, day in zip(towns, towns[1:], dates, strict=False) if a != b]
    found = []
    for index, (origin, destination, day) in enumerate(pairs):
        here, there = offers.centres[origin], offers.centres[destination]
        moves = tuple(
            _departure(offer, clock)
            for offer in offers.transports
            if offer.depart.astimezone(clock.first.tzinfo).date() == day
            and offer.arrive.astimezone(clock.first.tzinfo).date() <= request.end
            and rides.reachable(here, offer.origin)
            and rides.reachable(offer.destination, there)
            and allowed(offer, request, clock)
        )
        drives = Mode.CAR in request.wishes.modes_wanted and (origin, destination) in offers.road_minutes
        if drives or not moves:
            moves = _by_road(here, there, day, offers, None if drives else rides.get(here, there), clock)
        found.append(Leg(index, origin, destination, day, moves))
    return tuple(found)


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
    here: Spot, there: Spot, day: date, offers: Offers, ride: TransferOffer | None, clock: Clock
) -> tuple[Move, ...]:
    if ride is not None:
        minutes, mode, cost, name = up(ride.minutes), ride.mode, ride.price.kes, ride.id
    else:
        minutes = up(offers.road_minutes.get((here.place, there.place), OWN_MINUTES))
        mode, cost, name = Mode.CAR, 0, f"own:{here.place}>{there.place}"
    midnight = clock.minutes(datetime.combine(day, time(), clock.first.tzinfo))
    return tuple(
        Move(
            id=f"{name}@{day}T{hour:02}",
            mode=mode,
            origin=here,
            destination=there,
            depart=midnight + hour * 60,
            arrive=midnight + hour * 60 + max(minutes, GRID),
            cost=cost,
            ride=ride,
        )
        for hour in OWN_DEPARTURES
    )


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
