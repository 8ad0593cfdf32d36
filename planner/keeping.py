"""What of an earlier plan can still be had among new offers, and the offers narrowed so that the solver keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from planner.model import (
    ActivityOffer,
    Item,
    ItemType,
    Itinerary,
    Offers,
    Stop,
    TransportOffer,
    TripRequest,
)
from planner.operations import VISITS, lockable, named, nights_slept
from planner.shape import split_nights


class Hold(IntEnum):
    """How firmly the visits of the earlier plan are held, firmest first. "Near" are the days of what is touched."""

    PINNED = 0  # each on its day
    NEAR_MAY_MOVE = 1
    ANY_MAY_MOVE = 2
    NEAR_MAY_GO = 3  # left out where there is no other way
    ANY_MAY_GO = 4
    FREE = 5  # and others may come in their place


@dataclass(frozen=True, slots=True)
class Keep:
    """What is held when planning again."""

    visits: Hold = Hold.PINNED
    stays: bool = True
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """The earlier plan seen from the new request: offer ids that can stay, and the day of each visit.

    `loose` are ids of items the change is about. `fills`: other visits may be added from the start.
    """

    old: Itinerary
    after: TripRequest
    offers: Offers
    loose: frozenset[str]
    fills: bool

    @property
    def other_legs(self) -> bool:
        """Whether one travels between other towns, or in another order, than before."""
        before, after = self.old.request, self.after
        towns = [[asked.origin, *(stop.place for stop in asked.stops)] for asked in (before, after)]
        return towns[0] != towns[1]

    def request(self, keep: Keep) -> TripRequest:
        """The new request with the locks of `keep`, and the nights shared among the stops as they were."""
        held: set[str] = set(self.after.locked & self._on_offer())
        if keep.moves:
            held |= set(self._moves())
        if keep.stays:
            held |= set(self._stays())
        held |= {offer_id for offer_id in self._visits() if self._holds(offer_id, keep.visits)}
        stops = self.after.stops if keep.visits is Hold.FREE else self._stops()
        return replace(self.after, stops=stops, locked=frozenset(held))

    def narrowed(self, keep: Keep) -> Offers:
        """The offers without other visits (unless asked for), held ones only on their days."""
        if keep.visits is Hold.FREE:
            return self.offers
        days, chosen = self._visits(), []
        for activity in self.offers.activities:
            pinned = days.get(activity.id)
            if pinned is not None:
                near = keep.visits > Hold.PINNED and self._near(activity.id)
                free = near or keep.visits in (Hold.ANY_MAY_MOVE, Hold.ANY_MAY_GO)
                chosen.append(activity if free else _only_on(activity, pinned, self.after))
            elif self._welcome(activity):
                chosen.append(activity)
        return replace(self.offers, activities=tuple(chosen), transports=self._as_wished())

    def _holds(self, offer_id: str, hold: Hold) -> bool:
        may_go = hold >= Hold.ANY_MAY_GO or (hold is Hold.NEAR_MAY_GO and self._near(offer_id))
        return not may_go and not self._touched(offer_id)

    def _touched(self, offer_id: str) -> bool:
        return any(item.offer_id == offer_id and item.id in self.loose for item in self.old.items)

    def _near(self, offer_id: str) -> bool:
        """Whether a visit is on a day of something the change is about; any day is when that is nothing of the plan."""
        days = {d for item in self.old.items if item.id in self.loose for d in (item.start.date(), item.end.date())}
        return not days or any(item.offer_id == offer_id and item.start.date() in days for item in self.old.items)

    def _welcome(self, activity: ActivityOffer) -> bool:
        """Whether a visit that was not in the plan may come in: by name or lock, or because room is to be filled."""
        if any(item.offer_id == activity.id for item in self.old.items):
            return False  # it is there and the change is to be without it
        words, title = self.after.wishes.must_see, activity.name.casefold()
        asked = any(word == activity.id or word.casefold() in title for word in words)
        return self.fills or asked or activity.id in self.after.locked

    def _as_wished(self) -> tuple[TransportOffer, ...]:
        """Only departures of the modes newly wished for, on the legs that have any and do not go that way yet."""
        new = self.after.wishes.modes_wanted - self.old.request.wishes.modes_wanted
        zone, kept = ZoneInfo(self.offers.zone), frozenset(self._moves())
        legs = {
            offer.id: (offer.origin.place, offer.depart.astimezone(zone).date()) for offer in self.offers.transports
        }
        can = {legs[offer.id] for offer in self.offers.transports if offer.mode in new}
        return tuple(o for o in self.offers.transports if o.mode in new or o.id in kept or legs[o.id] not in can)

    def _on_offer(self) -> frozenset[str]:
        pools = (self.offers.transports, self.offers.stays, self.offers.activities)
        return frozenset(offer.id for pool in pools for offer in pool)

    # -- what can stay ---------------------------------------------------------------------------------------------

    def _moves(self) -> Iterator[str]:
        """The same departures, or the same services on the days the legs now have; after a change, as before it."""
        days, zone = self._leg_days(), ZoneInfo(self.offers.zone)
        shift: timedelta | None = None  # how far the departure before was moved
        for item in self.old.items:
            if item.origin is None or not lockable(item) or item.id in self.loose:
                continue
            again = [offer for offer in self.offers.transports if _same(offer, item, zone)]
            if item.continues and shift is not None:
                again = [offer for offer in again if offer.depart - item.start == shift]
            else:
                again = [offer for offer in again if offer.depart.astimezone(zone).date() in days]
            shift = None
            if again:
                kept = min(again, key=lambda offer: (offer.id != item.offer_id, abs(offer.depart - item.start)))
                shift = kept.depart - item.start
                yield kept.id

    def _stays(self) -> Iterator[str]:
        """The same beds where the party fits; one already of the class now asked for is no change at all."""
        by_id = {stay.id: stay for stay in self.offers.stays if stay.nightly}
        old, new = self.old.request.wishes, self.after.wishes
        new_class = new.stay_class if new == replace(old, stay_class=new.stay_class) else None
        for item in self.old.items:
            stay = by_id.get(item.offer_id or "") if item.type is ItemType.STAY else None
            if stay is None or stay.sleeps < self.after.party.size:
                continue
            if item.id not in self.loose or new_class is stay.stay_class:
                yield stay.id

    def _visits(self) -> Mapping[str, frozenset[date]]:
        """Offer ids of the visits that are still to be had → the days they fall on now."""
        on_offer = {activity.id: activity for activity in self.offers.activities}
        refused = self.after.wishes.avoid
        days: dict[str, set[date]] = {}
        for item in self.old.items:
            if item.type in VISITS and item.offer_id in on_offer and not any(named(item, word) for word in refused):
                if item.id in self.loose and self.after.wishes.pace is self.old.request.wishes.pace:
                    continue  # swapped or removed; a change of pace only loosens
                days.setdefault(str(item.offer_id), set()).add(self._day_now(item))
        return {offer_id: frozenset(found) for offer_id, found in days.items()}

    # -- days ------------------------------------------------------------------------------------------------------

    def _stops(self) -> tuple[Stop, ...]:
        """The stops with the nights they had; what is new or too much goes to, or comes off, the last of them."""
        stops, before = self.after.stops, [stop.place for stop in self.old.request.stops]
        slept, places = nights_slept(self.old), [stop.place for stop in stops]
        if any(stop.nights is not None for stop in stops) or sorted(before) != sorted(places):
            return stops
        # A place that is there more than once keeps the order of its nights.
        left = sorted(range(len(before)), key=lambda n: before[n])
        takes = sorted(range(len(places)), key=lambda n: places[n])
        had = dict(zip(takes, left, strict=True))
        nights = [slept[had[n]] for n in range(len(places))]
        nights[-1] += max(0, self.after.nights - sum(nights))
        for index in reversed(range(len(nights))):
            spare = min(max(0, nights[index] - 1), max(0, sum(nights) - self.after.nights))
            nights[index] -= spare
        same = sum(nights) == self.after.nights
        return tuple(Stop(s.place, n) for s, n in zip(stops, nights, strict=True)) if same else stops

    def _leg_days(self) -> frozenset[date]:
        """The days of the legs as planned now; who left for home the evening before may do so again."""
        evening = timedelta(days=1)
        left = {item.start.date() for item in self.old.items if lockable(item) and item.origin is not None}
        home = self.after.end - evening if self.old.request.end - evening in left else self.after.end
        return frozenset((*self._first_days().values(), self.after.end, home))

    def _first_days(self) -> dict[str, date]:
        """Place → the first day there, as planned now."""
        return _first_days(self.after, split_nights(replace(self.after, stops=self._stops())))

    def _day_now(self, item: Item) -> date:
        """The day of a visit: as many days after coming to its stop as before."""
        beds = [bed for bed in self.old.items if bed.type is ItemType.STAY and bed.start <= item.start]
        then = _first_days(self.old.request, nights_slept(self.old))
        now = self._first_days()
        place = beds[-1].place if beds else self.old.request.stops[0].place
        if place not in then or place not in now:
            return item.start.date()
        return item.start.date() + (now[place] - then[place])


def _first_days(request: TripRequest, nights: tuple[int, ...]) -> dict[str, date]:
    days: dict[str, date] = {}
    first = request.start
    for stop, count in zip(request.stops, nights, strict=True):
        days.setdefault(stop.place, first)
        first += timedelta(days=count)
    return days


def _same(offer: TransportOffer, item: Item, zone: ZoneInfo) -> bool:
    """The very departure, or the same service at the same hour."""
    if offer.id == item.offer_id:
        return True
    name = offer.service or offer.operator
    title = f"{name}, {offer.travel_class}" if offer.travel_class else name
    here = item.origin is not None and offer.origin.id == item.origin.id
    there = item.destination is not None and offer.destination.id == item.destination.id
    hours = {moment.astimezone(zone).time() for moment in (offer.depart, item.start)}
    return here and there and (offer.mode, title) == (item.mode, item.title) and len(hours) == 1


def _only_on(activity: ActivityOffer, days: frozenset[date], request: TripRequest) -> ActivityOffer:
    """The offer, closed on every other day of the trip; an event without a session on these days on all of them."""
    sessions = tuple(session for session in activity.sessions if session[0].date() in days)
    if sessions:
        return replace(activity, sessions=sessions)
    open_on = frozenset() if activity.sessions else days
    trip = (request.start + timedelta(days=n) for n in range(request.nights + 1))
    closed = {(day.month, day.day) for day in trip if day not in open_on}
    return replace(activity, sessions=(), closed_on=activity.closed_on | closed)
