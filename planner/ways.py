"""The stops and legs of a trip: what can be done at each stop, and every way to make each leg that is permitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from planner.joining import joined
from planner.model import Mode, Offers, Spot, TransferOffer, TransportOffer, TripRequest
from planner.shape import DAY, GRID, NIGHT_ENDS, Clock, Leg, Move, Rides, Visit, boarding, leaving, split_nights, up

OWN_DEPARTURES = (6, 8, 11, 14, 16)  # hours at which an own arrangement or a ride between near towns may leave
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
            s for s in offers.stays if rides.linked(centre, s.spot) and s.sleeps >= request.party.size and s.nightly
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
    """The moves between these stops in order, with the ways to make each.

    Who is already in a town needs no leg to it. Who comes in an own car drives every leg that has a known road.
    """
    towns = [request.origin, *(visit.place for visit in stops)]
    dates = [visit.first for visit in stops]
    if request.returns:
        towns.append(request.origin)
        dates.append(stops[-1].last)
    timetable = Timetable.of(request, offers, rides)
    pairs = [(a, b, day) for a, b, day in zip(towns, towns[1:], dates, strict=False) if a != b]
    found = []
    for index, (origin, destination, day) in enumerate(pairs):
        here, there = offers.centres[origin], offers.centres[destination]
        last = index + 1 == len(pairs)
        if last and day < request.end and request.returns:
            found.append(Leg(index, origin, destination, day, timetable.overnight(here, there)))
            continue
        moves = timetable.between(origin, destination, day, request.end if last else pairs[index + 1][2])
        found.append(Leg(index, origin, destination, day, moves))
    return tuple(found)


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

    def between(self, origin: str, destination: str, day: date, until: date) -> tuple[Move, ...]:
        """Every way from town to town on a day: departures, a ride between near towns, at worst the traveller's own."""
        request, offers = self.request, self.offers
        here, there = offers.centres[origin], offers.centres[destination]
        if Mode.CAR in request.wishes.modes_wanted and (origin, destination) in offers.road_minutes:
            return _by_road(here, there, day, offers, None, self.clock)
        moves = self.moves(here, there, day, until)
        ride = None if any(len(move.parts) == 1 for move in moves) else self.rides.get(here, there)
        if ride is not None or (not moves and request.own_arrangements):
            return (*_by_road(here, there, day, offers, ride, self.clock), *moves)
        return moves

    def moves(self, here: Spot, there: Spot, day: date, until: date) -> tuple[Move, ...]:
        """Departures of a day that lead from town to town, then pairs of them that are there by the end of `until`."""
        leaving_here = self._from(here, day)
        direct = [offer for offer in leaving_here if self.rides.linked(offer.destination, there)]
        ways = tuple(_departure(offer, self.clock) for offer in direct)
        if not self.request.most_changes:
            return ways
        firsts = [offer for offer in leaving_here if offer not in direct]
        seconds = [
            offer
            for offer in (*self._on(day), *self._on(day + timedelta(days=1)))
            if self.rides.linked(offer.destination, there) and not self.rides.linked(here, offer.origin)
        ]
        pairs = joined(
            [_departure(offer, self.clock) for offer in firsts],
            [_departure(offer, self.clock) for offer in seconds],
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


def _departure(offer: TransportOffer, clock: Clock) -> Move:
    return Move(
        id=offer.id,
        mode=offer.mode,
        origin=offer.origin,
        destination=offer.destination,
        depart=clock.minutes(offer.depart),
        arrive=clock.minutes(offer.arrive),
        cost=offer.price.kes,
        boarding=boarding(offer),
        leaving=leaving(offer),
        parts=(offer,),
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
        arrive.date() <= request.end
        and offer.mode not in wishes.modes_refused
        and offer.operator.casefold() not in {name.casefold() for name in wishes.operators_refused}
        and (wishes.earliest is None or depart.time() >= wishes.earliest)
        and (wishes.latest is None or (arrive.time() <= wishes.latest and arrive.date() == depart.date()))
        and (wishes.night_travel or arrive.date() == depart.date())
    )
