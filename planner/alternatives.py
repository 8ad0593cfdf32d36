"""What lost against a choice, and why: other departures, other beds, and visits that were left out.

A reason is one code of `REASONS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.choice import Choice, Tour
from planner.days import wanted
from planner.hours import MIDDAY
from planner.kinds import TYPE_OF_MODE
from planner.miles import Miles
from planner.model import (
    ActivityOffer,
    Alternative,
    ItemType,
    Offers,
    Spot,
    StayClass,
    StayOffer,
    TransportOffer,
    TripRequest,
)
from planner.programmes import Planner
from planner.shape import Clock, Leg, Move, Rides, Visit, first_night
from planner.values import Tastes, activity_worth, bad_hours, seat_worth, stay_worth
from planner.ways import visits

REASONS = frozenset(
    {
        "budget",  # the total would pass it
        "price",  # not worth what it costs more
        "time",  # a way: longer
        "change",  # a way: with a change, or one more
        "hours",  # a way: in the dead of night
        "there",  # a way: less time at the stops
        "seat",  # a way: in a simpler seat
        "doubt",  # a way: its times or price are less sure
        "wish",  # a bed: not of the class asked for
        "class",  # a bed: of a lower class
        "rating",  # a bed: rated lower, or fewer stars
        "way",  # a bed: elsewhere, with other rides
        "closed",  # a visit: not open on any day there
        "far",  # a visit: the rides cost more than it is worth
        "pace",  # a visit: the days are full enough
        "no_time",  # a visit: it does not fit into any day
        "worth",  # a visit: others are worth more
        "alike",  # nothing tells them apart
    }
)
LEFT_OUT = 3  # visits a stop that are named, the best first
RANK = {StayClass.BUDGET: 0, StayClass.MID: 1, StayClass.HIGH: 2}


@dataclass(frozen=True, slots=True)
class Frame:
    """One day at a stop: from which bed, and the trip minutes between which one is free."""

    bed: Spot
    ready: int
    due: int


@dataclass(frozen=True, slots=True)
class _Way:
    """A leg made one way, from bed to bed: shillings with its rides and the nights it leaves, and minutes."""

    move: Move
    kes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Rivals:
    """What else there was for one choice. `spare` is what the budget leaves over, None without a budget."""

    choice: Choice
    request: TripRequest
    offers: Offers
    rides: Rides
    legs: Sequence[Leg]
    frames: Mapping[tuple[int, date], Frame]
    spare: int | None

    def found(self) -> Iterator[Alternative]:
        """Other ways of each leg, then other beds and visits of each stop."""
        request, offers, rides = self.request, self.offers, self.rides
        stops = visits(request, offers, rides)
        for leg, chosen in zip(self.legs, self.choice.moves, strict=True):
            yield from self._ways(leg, chosen, stops)
        clock, tastes = Clock.of(request, offers), Tastes.of(request)
        planner = Planner(request, rides, clock, tastes)
        for visit, stay in zip(stops, self.choice.stays, strict=True):
            if stay is not None:
                yield from self._beds(visit, stay, tastes)
            yield from self._left_out(visit, planner)

    # -- ways ------------------------------------------------------------------------------------------------------

    def _ways(self, leg: Leg, chosen: Move, stops: Sequence[Visit]) -> Iterator[Alternative]:
        """The cheapest and the quickest other way, as the departure to ask for in place of one in the plan."""
        taken = self._way(leg, chosen, stops)
        if not chosen.parts or taken is None:
            return
        others = [move for move in leg.moves if move.parts and move.id != chosen.id]
        ways = [way for move in others if (way := self._way(leg, move, stops)) is not None]
        ranks = [
            sorted(ways, key=lambda way: (way.kes, way.minutes, way.move.id)),
            sorted(ways, key=lambda way: (way.minutes, way.kes, way.move.id)),
        ]
        for way in {ranked[0].move.id: ranked[0] for ranked in ranks if ranked}.values():
            new = next((part for part in way.move.parts if part not in chosen.parts), None)
            if new is None:
                continue
            alike = len(way.move.parts) == len(chosen.parts)
            yield Alternative(
                offer_id=new.id,
                title=" + ".join(service_name(part) for part in way.move.parts),
                type=TYPE_OF_MODE.get(way.move.mode, ItemType.OWN),
                delta_kes=way.kes - taken.kes,
                delta_minutes=way.minutes - taken.minutes,
                instead_of=chosen.parts[way.move.parts.index(new) if alike else 0].id,
                reason=self._why_not_way(leg, way, taken),
                depart=way.move.parts[0].depart,
            )

    def _way(self, leg: Leg, move: Move, stops: Sequence[Visit]) -> _Way | None:
        """From bed to bed; None where no ride joins them at that hour."""
        home = self.offers.centres[self.request.origin]
        left, reached = (self._bed(n, stops) if n is not None else home for n in (leg.leaves, leg.reaches))
        out, back = self.rides.until(move.gate_in, left, move.origin), self.rides.at(move.gate_out)
        if not (out.reachable(left, move.origin) and back.reachable(move.destination, reached)):
            return None
        kes = move.cost + out.cost(left, move.origin) + back.cost(move.destination, reached)
        minutes = out.minutes(left, move.origin) + back.minutes(move.destination, reached)
        if leg.reaches is not None and (stay := self.choice.stays[leg.reaches]) is not None:
            visit = stops[leg.reaches]
            nights = (visit.last - self.request.start).days - first_night(move, visit, self.request)
            kes += max(nights, 0) * _nightly(stay)
        return _Way(move, kes, minutes + move.gate_out - move.gate_in)

    def _bed(self, index: int, stops: Sequence[Visit]) -> Spot:
        stay = self.choice.stays[index]
        return stay.spot if stay else self.offers.centres[stops[index].place]

    def _why_not_way(self, leg: Leg, way: _Way, taken: _Way) -> str:
        if self.spare is not None and way.kes - taken.kes > self.spare:
            return "budget"
        if way.kes > taken.kes:
            return "price"
        if way.minutes > taken.minutes:
            return "time"
        if len(way.move.parts) > len(taken.move.parts):
            return "change"
        clock, wishes = Clock.of(self.request, self.offers), self.request.wishes
        if bad_hours(way.move, clock, wishes) > bad_hours(taken.move, clock, wishes):
            return "hours"
        miles = Miles(self.request, self.offers, self.rides, clock, Tastes.of(self.request))
        if miles.time_there(leg, way.move) < miles.time_there(leg, taken.move):
            return "there"
        if self._seats(way.move) < self._seats(taken.move):
            return "seat"
        return "doubt" if miles.worth(leg, way.move) < miles.worth(leg, taken.move) else "alike"

    def _seats(self, move: Move) -> int:
        return sum(seat_worth(part, self.request) for part in move.parts)

    # -- beds ------------------------------------------------------------------------------------------------------

    def _beds(self, visit: Visit, chosen: StayOffer, tastes: Tastes) -> Iterator[Alternative]:
        """The cheapest other bed, and the best one of a higher class (of any, where there is none)."""
        move = next((m for leg, m in self._moves() if leg.reaches == visit.index), None)
        slept_from = first_night(move, visit, self.request) if move else (visit.first - self.request.start).days
        nights = (visit.last - self.request.start).days - slept_from
        others = [s for s in visit.stays if s.id != chosen.id and s.min_nights <= nights <= (s.max_nights or nights)]
        if nights <= 0 or not others:
            return

        def score(stay: StayOffer) -> tuple[int, str]:
            return tastes.money * _nightly(stay) - 10 * stay_worth(stay, self.request), stay.id

        higher = [stay for stay in others if RANK[stay.stay_class] > RANK[chosen.stay_class]]
        cheapest = min(others, key=lambda stay: (_nightly(stay), *score(stay)))
        for stay in {s.id: s for s in (cheapest, min(higher or others, key=score))}.values():
            yield Alternative(
                offer_id=stay.id,
                title=stay.name,
                type=ItemType.STAY,
                delta_kes=(_nightly(stay) - _nightly(chosen)) * nights,
                delta_minutes=0,
                instead_of=f"{chosen.id}#{visit.index}",
                reason=self._why_not_bed(stay, chosen, nights),
                nights=nights,
                stay_class=stay.stay_class if stay.stay_class is not chosen.stay_class else None,
            )

    def _moves(self) -> Iterator[tuple[Leg, Move]]:
        return zip(self.legs, self.choice.moves, strict=True)

    def _why_not_bed(self, stay: StayOffer, chosen: StayOffer, nights: int) -> str:
        more = (_nightly(stay) - _nightly(chosen)) * nights
        if self.spare is not None and more > self.spare:
            return "budget"
        if self.request.wishes.stay_class in {chosen.stay_class} - {stay.stay_class}:
            return "wish"
        if more > 0:
            return "price"
        if RANK[stay.stay_class] < RANK[chosen.stay_class]:
            return "class"
        if (stay.rating or 0, stay.stars or 0) < (chosen.rating or 0, chosen.stars or 0):
            return "rating"
        return "way" if stay.spot.id != chosen.spot.id else "alike"

    # -- visits ----------------------------------------------------------------------------------------------------

    def _left_out(self, visit: Visit, planner: Planner) -> Iterator[Alternative]:
        """The best of what is not visited, with what stands in its way."""
        tours = [tour for tour in self.choice.tours if tour.visit == visit.index]
        done = {a.id for tour in self.choice.tours for a in tour.order if a is not None}
        frames = [self.frames[visit.index, tour.date] for tour in tours if (visit.index, tour.date) in self.frames]
        if not frames:
            return
        bed, avoid = frames[0].bed, self.request.wishes.avoid
        pool = [a for a in visit.activities if a.kind is not ItemType.MEAL and a.id not in done]
        pool = [a for a in pool if not wanted(a, avoid) and planner.rides.reachable(bed, a.spot)]
        pool = [a for a in pool if planner.rides.reachable(a.spot, bed)]
        worths = {a.id: activity_worth(a, self.request) for a in pool}
        for activity in sorted(pool, key=lambda a: (-worths[a.id], a.id))[:LEFT_OUT]:
            yield Alternative(
                offer_id=activity.id,
                title=activity.name,
                type=activity.kind,
                delta_kes=activity.price.kes if activity.price else 0,
                delta_minutes=activity.minutes,
                instead_of="",
                reason=self._why_not_done(activity, bed, tours, planner),
            )

    def _why_not_done(self, activity: ActivityOffer, bed: Spot, tours: Sequence[Tour], planner: Planner) -> str:
        if not any(planner.opens(activity, tour.date) for tour in tours):
            return "closed"
        rides = planner.rides.cost(bed, activity.spot) + planner.rides.cost(activity.spot, bed)
        price = activity.price.kes if activity.price else 0
        if planner.alone(activity, bed) < 0:
            return "far" if planner.alone(activity, activity.spot) >= 0 else "price"
        if self.spare is not None and price + rides > self.spare:
            return "budget"
        open_days = [tour for tour in tours if self._room(activity, tour, planner.tastes)]
        if not open_days:
            return "pace"
        return "worth" if any(self._fits(activity, tour, planner) for tour in open_days) else "no_time"

    def _room(self, activity: ActivityOffer, tour: Tour, tastes: Tastes) -> bool:
        """Whether the pace leaves room for one more."""
        done = [a for a in tour.order if a is not None and a.kind is not ItemType.MEAL]
        active = sum(a.minutes for a in done) + activity.minutes
        return not done or (len(done) < tastes.visits and active <= tastes.active)

    def _fits(self, activity: ActivityOffer, tour: Tour, planner: Planner) -> bool:
        """Whether the day has time for it, somewhere in its order."""
        frame = self.frames.get((tour.visit, tour.date))
        if frame is None or not planner.opens(activity, tour.date):
            return False
        daily = replace(planner, pauses=() if tour.eats_out else (MIDDAY,))
        for at in range(len(tour.order) + 1):
            order = (*tour.order[:at], activity, *tour.order[at:])
            try:
                daily.timetable(tour.date, frame.bed, order, frame.ready, frame.due)
            except LookupError:
                continue
            return True
        return False


def service_name(offer: TransportOffer) -> str:
    """What a departure is called: its service or operator, and the class."""
    name = offer.service or offer.operator
    return f"{name}, {offer.travel_class}" if offer.travel_class else name


def _nightly(stay: StayOffer) -> int:
    return stay.nightly.kes if stay.nightly else 0
