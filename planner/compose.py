"""A choice written out: every item with its times, rides and meals, what stayed unknown, what else there was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from planner.alternatives import Frame, Rivals, service_name
from planner.choice import Choice, Tour
from planner.hours import LUNCH, LUNCH_FROM, LUNCH_TO, MIDDAY, SETTLE, open_span
from planner.kinds import TYPE_OF_MODE
from planner.limits import Limits
from planner.meals import allowance_days
from planner.model import (
    ActivityOffer,
    Basis,
    Day,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Spot,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
    Unknown,
)
from planner.programmes import Planner
from planner.reasons import AT_HOME, why_done, why_moved, why_stayed
from planner.shape import DAY, Clock, Leg, Move, Rides, Visit, boarding, down, first_night, leaving, sleeps_at_home, up
from planner.values import Tastes
from planner.ways import legs, visits

AWAKE = (7 * 60, 22 * 60)
LONG_DAY = (5 * 60 + 30, 23 * 60)  # when a full one begins and ends
EVENING = (18 * 60, 21 * 60, 60)  # when a meal is had that there was no time for at midday: from, to, minutes
LUNCH_LATE = 16 * 60 + 30  # … on the day one goes home


def compose(
    choice: Choice, request: TripRequest, offers: Offers, rides: Rides, *, trip_id: str, version: int
) -> Itinerary:
    """The itinerary of a choice. Times are the earliest that keep the order, openings and lunch of the choice."""
    writer = _Writer(choice, request, offers, rides)
    items = writer.write()
    days = tuple(_days(request, items))
    total = sum(item.price.kes for item in items if item.price)
    spare = None if request.budget_kes is None else request.budget_kes - total
    rivals = Rivals(choice, request, offers, rides, writer.legs, writer.frames, spare)
    return Itinerary(
        id=trip_id,
        version=version,
        title=" – ".join(offers.centres[place].name for place, _ in groupby(stop.place for stop in request.stops)),
        request=request,
        days=days,
        unknowns=tuple(_unknowns(items, request, offers)),
        alternatives=tuple(rivals.found()),
    )


@dataclass(slots=True)
class _Writer:
    """Walks through the trip once, in order."""

    choice: Choice
    request: TripRequest
    offers: Offers
    rides: Rides
    items: list[Item] = field(default_factory=list)
    legs: tuple[Leg, ...] = ()
    frames: dict[tuple[int, date], Frame] = field(default_factory=dict)
    clock: Clock = field(init=False)
    tastes: Tastes = field(init=False)

    def write(self) -> list[Item]:
        request, offers = self.request, self.offers
        self.clock, self.tastes, limits = Clock.of(request, offers), Tastes.of(request), Limits.of(request, offers)
        stops = visits(request, offers, self.rides)
        self.legs = legs(request, offers, self.rides, stops)
        home = offers.centres[request.origin]
        pending = list(zip(self.legs, self.choice.moves, strict=True))
        here = home
        for visit, stay in zip(stops, self.choice.stays, strict=True):
            bed = stay.spot if stay else offers.centres[visit.place]
            slept_from = (visit.first - request.start).days
            ready = max(slept_from * DAY, limits.leave)
            if pending and pending[0][0].reaches == visit.index:
                leg, move = pending.pop(0)
                ready = self._leg(leg, move, here, bed)
                slept_from = first_night(move, visit, request)
            here = bed
            nights = (visit.last - request.start).days - slept_from
            if nights > 0:
                self._stay(visit, stay, bed, ready, nights)
            for tour in self.choice.tours:
                if tour.visit == visit.index:
                    arrived = any(leg.reaches == visit.index for leg in self.legs)
                    midnight = (tour.date - request.start).days * DAY
                    free = max(up(ready) + SETTLE * arrived, midnight)
                    due = min(self._due(pending, bed, limits), midnight + DAY)
                    self.frames[visit.index, tour.date] = frame = Frame(bed, free, due)
                    self._tour(tour, frame)
        if pending:
            self._leg(*pending[0], here, home)
        self._meals()
        return sorted(self.items, key=lambda item: (item.start, _is_bed(item), item.end, item.id))

    def _due(self, pending: Sequence[tuple[Leg, Move]], bed: Spot, limits: Limits) -> int:
        """When one must leave the bed for the next leg; the end of the trip when there is none."""
        if not pending:
            return down(min((self.request.nights + 1) * DAY, limits.back))
        move = pending[0][1]
        rides = self.rides.until(move.gate_in, bed, move.origin)
        return down(move.gate_in - rides.minutes(bed, move.origin))

    # -- moving ----------------------------------------------------------------------------------------------------

    def _leg(self, leg: Leg, move: Move, origin: Spot, bed: Spot) -> int:
        """Ride out, the long way, ride in; returns the minute one stands at the bed."""
        if origin.id != move.origin.id:
            rides = self.rides.until(move.gate_in, origin, move.origin)
            self._ride(rides, origin, move.origin, ends=move.gate_in)
        if leg.origin == leg.destination and move.ride is not None:
            self._transfer(move.ride, move.origin, move.destination, ends=move.arrive)
        else:
            self._move(move, why_moved(move, leg, self.request))
        if move.destination.id == bed.id:
            return move.gate_out
        rides = self.rides.at(move.gate_out)
        ends = move.gate_out + rides.minutes(move.destination, bed)
        self._ride(rides, move.destination, bed, ends=ends)
        return ends

    def _move(self, move: Move, reason: str) -> None:
        if move.origin.id == move.destination.id:  # from bed to bed, or home: the rides there and on are the way
            return
        moment, ride = self.clock.moment, move.ride
        for before, offer in zip((None, *move.parts), move.parts, strict=False):
            if before is not None and move.change is not None:
                off = self.clock.minutes(before.arrive) + leaving(before.destination, self.request.wishes)
                self._transfer(move.change, before.destination, offer.origin, ends=off + up(move.change.minutes))
            self._departure(offer, reason, continues=before is not None)
        if move.parts:
            return
        self._add(
            Item(
                id=move.id,
                type=ItemType.TRANSFER if ride else ItemType.OWN,
                title=f"{move.origin.name} → {move.destination.name}",
                start=moment(move.depart),
                end=moment(move.arrive),
                place=move.destination.place,
                price=ride.price if ride else None,
                offer_id=ride.id if ride else None,
                provider=ride.provider if ride else "",
                booking_url=ride.booking_url if ride else None,
                mode=move.mode if ride or Mode.CAR in self.request.wishes.modes_wanted else None,
                origin=move.origin,
                destination=move.destination,
                times_assumed=True,
                notes=ride.notes if ride else (),
            )
        )

    def _departure(self, offer: TransportOffer, reason: str, *, continues: bool) -> None:
        locked = offer.id in self.request.locked
        self._add(
            Item(
                id=offer.id,
                type=TYPE_OF_MODE.get(offer.mode, ItemType.OWN),
                title=service_name(offer),
                start=offer.depart,
                end=offer.arrive,
                place=offer.destination.place,
                price=offer.price,
                offer_id=offer.id,
                provider=offer.provider,
                booking_url=offer.booking_url,
                mode=offer.mode,
                origin=offer.origin,
                destination=offer.destination,
                check_in_minutes=boarding(offer, self.request.wishes),
                continues=continues,
                times_assumed=offer.times_assumed,
                locked=locked,
                notes=offer.notes,
                reason="locked" if locked else reason,
            )
        )

    def _ride(self, rides: Rides, origin: Spot, destination: Spot, *, ends: int) -> None:
        ride = rides.get(origin, destination)
        if ride is None:
            raise LookupError(f"no ride from {origin.id} to {destination.id}")
        self._transfer(ride, origin, destination, ends=ends)

    def _transfer(self, ride: TransferOffer, origin: Spot, destination: Spot, *, ends: int) -> None:
        start = self.clock.moment(ends - up(ride.minutes))
        self._add(
            Item(
                id=f"{ride.id}@{start:%m%dT%H%M}",
                type=ItemType.TRANSFER,
                title=f"{origin.name} → {destination.name}",
                start=start,
                end=self.clock.moment(ends),
                place=destination.place,
                price=ride.price,
                offer_id=ride.id,
                provider=ride.provider,
                booking_url=ride.booking_url,
                mode=ride.mode,
                origin=origin,
                destination=destination,
                notes=ride.notes,
            )
        )

    # -- staying ---------------------------------------------------------------------------------------------------

    def _stay(self, visit: Visit, stay: StayOffer | None, bed: Spot, ready: int, nights: int) -> None:
        """From check-in (or arrival, if later) to check-out; without a known stay, a bed of the traveller's own."""
        zone, last, index = self.clock.first.tzinfo, visit.last, visit.index
        check_in = datetime.combine(last - timedelta(days=nights), stay.check_in if stay else time(14), zone)
        noon = check_in.replace(hour=12, minute=0)  # a bed taken before noon is one of the night before
        start = max(check_in, noon, self.clock.moment(ready))
        end = datetime.combine(last, stay.check_out if stay else time(10), zone)
        if sleeps_at_home(self.request, visit.place):
            self._add(Item(f"home#{index}", ItemType.OWN, "At home", start, end, bed.place, spot=bed, reason=AT_HOME))
            return
        if stay is None:
            self._add(Item(f"own-stay#{index}", ItemType.OWN, bed.name, start, end, bed.place, spot=bed))
            return
        self._add(
            Item(
                id=f"{stay.id}#{index}",
                type=ItemType.STAY,
                title=stay.name,
                start=start,
                end=end,
                place=stay.spot.place,
                price=stay.nightly.times(nights) if stay.nightly else None,
                offer_id=stay.id,
                provider=stay.provider,
                booking_url=stay.booking_url,
                spot=stay.spot,
                locked=stay.id in self.request.locked,
                notes=stay.notes,
                reason=why_stayed(stay, visit, self.request),
            )
        )

    def _tour(self, tour: Tour, frame: Frame) -> None:
        if not tour.order:
            return
        pauses = () if tour.eats_out else (MIDDAY,)
        planner = Planner(self.request, self.rides, self.clock, self.tastes, pauses=pauses)
        programme = planner.timetable(tour.date, frame.bed, tour.order, frame.ready, frame.due)
        for way in programme.ways:
            self._ride(way.rides, way.origin, way.destination, ends=way.ends)
        for slot in programme.slots:
            self._visit(slot.activity, slot.start)
            if slot.lunch is not None:
                self._meal(tour.date, slot.lunch, slot.lunch + LUNCH, slot.activity.spot)

    def _visit(self, activity: ActivityOffer, start: int) -> None:
        span = open_span(activity, start, self.clock)
        offered = next((a for a in self.offers.activities if a.id == activity.id), activity)
        self._add(
            Item(
                id=f"{activity.id}@{self.clock.moment(start):%m%dT%H%M}" if activity.repeatable else activity.id,
                type=activity.kind,
                title=activity.name,
                start=self.clock.moment(start),
                end=self.clock.moment(start + up(activity.minutes)),
                place=activity.spot.place,
                price=activity.price,
                offer_id=activity.id,
                provider=activity.provider,
                booking_url=activity.booking_url,
                spot=activity.spot,
                opens=self.clock.moment(span[0]) if span else None,
                closes=self.clock.moment(span[1]) if span else None,
                hours_known=span is not None and bool(offered.spans or offered.sessions),
                locked=activity.id in self.request.locked,
                notes=activity.notes,
                reason=why_done(activity, self.request),
            )
        )

    # -- eating ----------------------------------------------------------------------------------------------------

    def _meals(self) -> None:
        """One allowance a day, shown where there is time to eat: around noon, else in the evening, else any gap.

        On the last day one rather eats late and there than at home.
        """
        done = {item.start.date() for item in self.items if item.type is ItemType.MEAL}
        for day in allowance_days(self.request, visits(self.request, self.offers, self.rides)):
            if self.offers.meals is None or day in done:
                continue
            n = (day - self.request.start).days
            busy = [self._busy(item) for item in self.items if not _is_bed(item)]
            at = n * DAY
            last = day == self.request.end and self.request.returns
            late = (LUNCH_FROM, LUNCH_LATE, LUNCH) if last else EVENING
            tries = [(LUNCH_FROM, LUNCH_TO, LUNCH), late, EVENING, (*AWAKE, 30), (*LONG_DAY, 30)]
            slot = next((s for low, high, size in tries if (s := _gap(busy, at + low, at + high, size))), None)
            begins, ends = slot or (at + LUNCH_FROM, at + LUNCH_FROM)
            self._meal(day, begins, ends, None)

    def _busy(self, item: Item) -> tuple[int, int]:
        """The minutes an item takes, getting on and off included."""
        out = leaving(item.destination, self.request.wishes) if item.destination else 0
        return self.clock.minutes(item.start) - item.check_in_minutes, self.clock.minutes(item.end) + out

    def _meal(self, day: date, begins: int, ends: int, spot: Spot | None) -> None:
        if self.offers.meals is None:
            return
        place = spot.place if spot else self._place_on(day)
        self._add(
            Item(
                id=f"meals@{day}",
                type=ItemType.MEAL,
                title="Meals for the day",
                start=self.clock.moment(begins),
                end=self.clock.moment(ends),
                place=place,
                price=self.offers.meals.daily,
                spot=spot,
            )
        )

    def _place_on(self, day: date) -> str:
        for visit in visits(self.request, self.offers, self.rides):
            if visit.first <= day <= visit.last:
                return visit.place
        return self.request.stops[-1].place

    def _add(self, item: Item) -> None:
        self.items.append(item)


def _is_bed(item: Item) -> bool:
    """A stay, known or the traveller's own."""
    return item.type is ItemType.STAY or (item.type is ItemType.OWN and item.spot is not None)


def _gap(busy: Sequence[tuple[int, int]], low: int, high: int, size: int) -> tuple[int, int] | None:
    """The first free stretch of `size` minutes inside [low, high]."""
    start = low
    for begins, ends in sorted(busy):
        if ends <= start or begins >= high:
            continue
        if begins - start >= size:
            break
        start = max(start, up(ends))
    return (start, start + size) if start + size <= high else None


def _days(request: TripRequest, items: Sequence[Item]) -> Iterator[Day]:
    place = request.stops[0].place
    for n in range(request.nights + 1):
        day = request.start + timedelta(days=n)
        todays = tuple(
            item
            for item in items
            if item.start.date() == day
            or (n == 0 and item.start.date() < day)
            or (n == request.nights and item.start.date() > day)
        )
        place = next((item.place for item in todays if _is_bed(item)), place)
        yield Day(day, place, todays)


def _unknowns(items: Sequence[Item], request: TripRequest, offers: Offers) -> Iterator[Unknown]:
    for item in items:
        if item.type is ItemType.OWN and item.price is None and item.reason != AT_HOME:
            yield Unknown("no_stay" if item.spot else "own_arrangement", item.title)
        elif item.times_assumed and item.type is not ItemType.TRANSFER:
            yield Unknown("times_assumed", item.title)
        if item.type in (ItemType.ACTIVITY, ItemType.EVENT) or (item.type is ItemType.MEAL and item.offer_id):
            if item.price is None:
                yield Unknown("fee_unknown", item.title)
            if not item.hours_known:
                yield Unknown("hours_unknown", item.title)
        if item.type is ItemType.STAY and (item.price is None or item.price.basis is not Basis.LIVE):
            yield Unknown("availability", item.title)
    seats = [item for item in items if item.type in TYPE_OF_MODE.values() and item.price and item.price.seen_at]
    for item in seats:
        if item.price and item.price.seen_at and item.price.basis is Basis.GUIDE:
            seen = item.price.seen_at
            seen_on = seen.date() if isinstance(seen, datetime) else seen
            if (request.start - seen_on).days > 365:
                yield Unknown("old_price", item.title, seen_on.isoformat())
    for name in offers.unreached:
        yield Unknown("unreached", name)
    for name in offers.older:
        yield Unknown("older", name)
