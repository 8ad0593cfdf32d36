"""The skeleton of a trip: its stops with their nights, its legs with the offers that can serve them, and local rides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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

GRID = 5  # minutes: local rides and visits are planned on a five-minute grid
DAY = 24 * 60


def up(minutes: float) -> int:
    """Rounded up to the grid."""
    return int(-(-minutes // GRID) * GRID)


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
class Leg:
    """One long-distance move. `offers` empty means that the traveller arranges it: an own-arrangement gap."""

    index: int
    origin: str
    destination: str
    date: date
    offers: tuple[TransportOffer, ...]


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

    def __init__(self, offers: Offers, minute_value: float, refused: frozenset[Mode]) -> None:
        best: dict[tuple[str, str], TransferOffer] = {}
        for ride in offers.transfers:
            if ride.mode in refused:
                continue
            key = (ride.origin.id, ride.destination.id)
            known = best.get(key)
            if known is None or self._rank(ride, minute_value) < self._rank(known, minute_value):
                best[key] = ride
        self._best: Mapping[tuple[str, str], TransferOffer] = best

    @staticmethod
    def _rank(ride: TransferOffer, minute_value: float) -> tuple[float, int, str]:
        return (ride.price.kes + ride.minutes * minute_value, ride.minutes, ride.id)

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


def boarding(offer: TransportOffer) -> int:
    """Minutes to be at the departure spot before the offer leaves."""
    if offer.check_in_minutes is not None:
        return offer.check_in_minutes
    return BOARDING_MINUTES.get(offer.origin.kind, 0)


def leaving(offer: TransportOffer) -> int:
    """Minutes from arrival until the party stands outside with its bags."""
    return LEAVING_MINUTES.get(offer.destination.kind, 0)


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


def legs(request: TripRequest, offers: Offers, rides: Rides, stops: tuple[Visit, ...]) -> tuple[Leg, ...]:
    """The moves in order. A town that is both origin and first stop needs no leg to get there."""
    towns = [request.origin, *(visit.place for visit in stops)]
    dates = [visit.first for visit in stops]
    if request.returns:
        towns.append(request.origin)
        dates.append(request.end)
    pairs = zip(towns, towns[1:], dates, strict=False)
    return tuple(
        Leg(index, a, b, day, _serving(a, b, day, request, offers, rides)) for index, (a, b, day) in enumerate(pairs)
    )


def _serving(
    origin: str, destination: str, day: date, request: TripRequest, offers: Offers, rides: Rides
) -> tuple[TransportOffer, ...]:
    zone = ZoneInfo(offers.zone)
    here, there = offers.centres[origin], offers.centres[destination]
    return tuple(
        offer
        for offer in offers.transports
        if offer.depart.astimezone(zone).date() == day
        and offer.arrive.astimezone(zone).date() <= request.end
        and rides.reachable(here, offer.origin)
        and rides.reachable(offer.destination, there)
        and allowed(offer, request, zone)
    )


def allowed(offer: TransportOffer, request: TripRequest, zone: ZoneInfo) -> bool:
    """Whether the traveller's refusals and hours permit this departure."""
    wishes = request.wishes
    depart, arrive = offer.depart.astimezone(zone), offer.arrive.astimezone(zone)
    return (
        offer.mode not in wishes.modes_refused
        and offer.operator.casefold() not in {name.casefold() for name in wishes.operators_refused}
        and (wishes.earliest is None or depart.time() >= wishes.earliest)
        and (wishes.latest is None or (arrive.time() <= wishes.latest and arrive.date() == depart.date()))
        and (wishes.night_travel or arrive.date() == depart.date())
    )
