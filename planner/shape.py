"""The skeleton of a trip: stops with their nights, legs with the ways to make them, and local rides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.limits import Limits
from planner.matching import thing
from planner.model import (
    BAGS_BOARDING,
    BAGS_LEAVING,
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
    Wishes,
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
    """Minutes since midnight of the first day, and back; and which days are public holidays."""

    first: datetime
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, request: TripRequest, offers: Offers) -> Clock:
        """The clock of a trip in its own time zone."""
        return cls(datetime.combine(request.start, time(), ZoneInfo(offers.zone)), offers.holidays)

    def minutes(self, moment: datetime) -> int:
        """Whole minutes from the first midnight to `moment`."""
        return int((moment - self.first) / timedelta(minutes=1))

    def moment(self, minutes: int) -> datetime:
        """The aware time `minutes` after the first midnight."""
        return self.first + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Move:
    """One way to make a leg, in trip minutes: departures, a local ride between near towns, or an own arrangement.

    `parts` are one departure, or two with a change between them, for which `change` is the ride (None: from the same
    spot), taken on arrival. Neither `parts` nor `ride` means that the traveller arranges it: the plan only keeps the
    time free.
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
    parts: tuple[TransportOffer, ...] = ()
    change: TransferOffer | None = None
    ride: TransferOffer | None = None

    @property
    def offer_ids(self) -> frozenset[str]:
        """Ids of its departures; a lock on any of them holds the move."""
        return frozenset(part.id for part in self.parts)

    @property
    def stretches(self) -> list[tuple[Mode, int, int]]:
        """Mode, departure and arrival of each stretch between towns, in trip minutes."""
        if not self.parts:
            return [(self.mode, self.depart, self.arrive)]
        zero = self.parts[0].depart - timedelta(minutes=self.depart)
        return [(part.mode, _since(zero, part.depart), _since(zero, part.arrive)) for part in self.parts]

    @property
    def gate_in(self) -> int:
        """When one must be at the departure spot."""
        return self.depart - self.boarding

    @property
    def gate_out(self) -> int:
        """When one stands outside the arrival spot."""
        return self.arrive + self.leaving


def _since(zero: datetime, moment: datetime) -> int:
    return int((moment - zero) / timedelta(minutes=1))


def boarding(offer: TransportOffer, wishes: Wishes) -> int:
    """Minutes to be at the departure spot before it leaves."""
    if offer.check_in_minutes is not None:
        return offer.check_in_minutes
    kind = offer.origin.kind
    return BOARDING_MINUTES.get(kind, 0) + (BAGS_BOARDING.get(kind, 0) if wishes.heavy_bags else 0)


def leaving(spot: Spot, wishes: Wishes) -> int:
    """Minutes to get out of the spot a departure arrives at."""
    return LEAVING_MINUTES.get(spot.kind, 0) + (BAGS_LEAVING.get(spot.kind, 0) if wishes.heavy_bags else 0)


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

    def __init__(
        self, best: Mapping[tuple[str, str], TransferOffer], night: Rides | None = None, near: Nearby | None = None
    ) -> None:
        self._listed = best
        self._night = night
        self._near = near
        self._known: dict[tuple[str, str], TransferOffer | None] = {}

    @classmethod
    def of(cls, offers: Offers, minute_value: float, request: TripRequest) -> Rides:
        """For each pair the ride with the best price, a minute being worth `minute_value` shillings."""
        refused, allowed = request.wishes.modes_refused, permits(request)
        zone = ZoneInfo(offers.zone)
        plain = not request.requirements
        rides = [r for r in offers.transfers if r.mode not in refused and (plain or allowed(thing(r, zone)))]
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
        try:
            return self._known[key]
        except KeyError:
            found = self._known[key] = self._find(key, origin, destination)
            return found

    def _find(self, key: tuple[str, str], origin: Spot, destination: Spot) -> TransferOffer | None:
        listed = self._listed.get(key)
        ride = self._near.best(origin, destination) if self._near is not None else None
        if self._near is None or ride is None or (listed and self._near.rank(listed) <= self._near.rank(ride)):
            return listed
        return ride

    def reachable(self, origin: Spot, destination: Spot) -> bool:
        """Whether one can get there: the same spot, or a ride exists."""
        return origin.id == destination.id or self.get(origin, destination) is not None

    def linked(self, origin: Spot, destination: Spot) -> bool:
        """Whether one belongs to where the other is: reachable, and in the same town or by a ride offered for it."""
        same_town = origin.place == destination.place and self.reachable(origin, destination)
        return origin.id == destination.id or same_town or (origin.id, destination.id) in self._listed

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


def sleeps_at_home(request: TripRequest, place: str) -> bool:
    """Whether the nights at a stop are at home: in the town one lives in, unless a place to stay was asked for."""
    wishes = request.wishes
    return place == request.origin and wishes.stay_class is None and not wishes.stay_in_town
