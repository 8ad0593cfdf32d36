"""The second opinion: every hard rule derived again from the finished itinerary, sharing no rule code with solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from planner.checks_required import Required, great_circle_km
from planner.model import (
    BOARDING_MINUTES,
    LEAVING_MINUTES,
    ActivityOffer,
    Finding,
    Item,
    ItemType,
    Itinerary,
    Offers,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)

DEPARTURES = (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT)
VISITS = (ItemType.ACTIVITY, ItemType.EVENT)
MORNING = time(3)  # a ride that ends after this has been the night
DAWN = time(5)  # by then who came after midnight is in bed
NOON = 12  # o'clock
SERVICE = (time(5), time(23))  # what runs by day runs between these
MEAL_SLACK = 60  # minutes before and after a meal without which it may be left out
UNKNOWN_HOURS = (time(6), time(19))  # with no known hours a visit must at least be in daylight


def verify(itinerary: Itinerary, request: TripRequest, offers: Offers | None = None) -> tuple[Finding, ...]:
    """One finding per rule, in a fixed order, and one for each requirement by its name; `ok` False carries every breach
    in `detail`.

    With `offers`, every item is also traced back to the offer it came from (prices, times, capacity, opening hours).
    """
    trip = _Trip.of(itinerary, request, offers)
    found = [_finding(name, rule(trip)) for name, rule in RULES.items()]
    required = Required(itinerary, request, lambda item: _offer(trip, item))
    found += [_finding(each.name, required.breaches(each.rule)) for each in request.requirements]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Trip:
    """The itinerary laid out for checking."""

    itinerary: Itinerary
    request: TripRequest
    offers: Offers | None
    items: tuple[Item, ...]
    line: tuple[Item, ...]  # what one does, in order: beds and unscheduled meals left out
    beds: tuple[Item, ...]

    @classmethod
    def of(cls, itinerary: Itinerary, request: TripRequest, offers: Offers | None) -> _Trip:
        items = tuple(sorted(itinerary.items, key=lambda item: (item.start, item.end)))
        beds = tuple(i for i in items if i.type is ItemType.STAY or (i.type is ItemType.OWN and i.spot is not None))
        line = tuple(i for i in items if i not in beds and not (i.type is ItemType.MEAL and i.start == i.end))
        return cls(itinerary, request, offers, items, line, beds)

    @property
    def moves(self) -> tuple[Item, ...]:
        return tuple(item for item in self.line if item.origin is not None)


def _finding(rule: str, breaches: Iterator[str]) -> Finding:
    found = list(breaches)
    return Finding(rule, not found, "; ".join(found))


def _budget(trip: _Trip) -> Iterator[str]:
    total = sum(item.price.kes for item in trip.items if item.price)
    limit = trip.request.budget_kes
    if limit is not None and total > limit:
        yield f"KES {total:,} is over the budget of {limit:,}"


def _dates(trip: _Trip) -> Iterator[str]:
    for item in trip.line:
        if item.start.date() < trip.request.start or item.end.date() > trip.request.end + timedelta(days=1):
            yield f"{item.title} is outside the dates of the trip"
        elif item.end.date() > trip.request.end and item.end.time() > time(0):
            yield f"{item.title} ends after the last day"
    expected = [trip.request.start + timedelta(days=n) for n in range(trip.request.nights + 1)]
    if [day.date for day in trip.itinerary.days] != expected:
        yield "the days do not follow each other from the first to the last"


def _nights(trip: _Trip) -> Iterator[str]:
    covers: dict[date, list[str]] = {}
    for bed in trip.beds:
        for night in _nights_of(bed):
            covers.setdefault(night, []).append(bed.title)
    for item in trip.moves:
        if item.end.date() > item.start.date() and item.end.time() >= MORNING:
            covers.setdefault(item.start.date(), []).append(item.title)
    for n in range(trip.request.nights):
        night = trip.request.start + timedelta(days=n)
        if len(covers.get(night, [])) != 1:
            yield f"the night of {night} is covered {len(covers.get(night, []))} times"
    for night in covers:
        if not trip.request.start <= night < trip.request.end:
            yield f"a bed on {night}, which is not a night of the trip"


def _overlaps(trip: _Trip) -> Iterator[str]:
    for before, after in zip(trip.line, trip.line[1:], strict=False):
        if after.start < before.end:
            yield f"{after.title} starts before {before.title} ends"


def _continuity(trip: _Trip) -> Iterator[str]:
    """One is where one needs to be: each move and visit starts where the last move ended, and so does each night."""
    moves = trip.moves
    if not moves or moves[0].origin is None:
        return
    if moves[0].origin.place not in (trip.request.origin, trip.beds[0].place if trip.beds else None):
        yield f"the trip starts in {moves[0].origin.place}, not in {trip.request.origin}"
    home = trip.offers.centres.get(trip.request.origin) if trip.offers else None
    there_already = trip.request.stops[0].place == trip.request.origin
    if home and not there_already and moves[0].origin.place == home.place and moves[0].origin.id != home.id:
        yield f"nothing leads from {home.name} to {moves[0].origin.name}"
    here = moves[0].origin.id
    for item in trip.line:
        if item.origin is not None and item.destination is not None:
            if item.origin.id != here:
                yield f"{item.title} starts at {item.origin.name}, but one is elsewhere"
            here = item.destination.id
        elif item.type in VISITS and item.spot is not None and item.spot.id != here:
            yield f"{item.title} is not reached by any ride"
    if trip.request.returns and moves[-1].destination and moves[-1].destination.place != trip.request.origin:
        yield f"the trip does not end in {trip.request.origin}"
    elif trip.request.returns and home and here != home.id:
        yield f"nothing leads back to {home.name}"
    for bed in trip.beds:
        for night in _nights_of(bed):
            # Somebody may come after midnight or leave before the morning, but is there at one of the two.
            spots = {_whereabouts(moves, datetime.combine(night + timedelta(days=1), at, bed.start.tzinfo))
                     for at in (time(0), MORNING, DAWN)}  # fmt: skip
            if bed.spot and spots and bed.spot.id not in spots and None not in spots:
                yield f"the night of {night} is not spent at {bed.title}"


def _first_night(bed: Item) -> date:
    """Beds are taken in the afternoon; who comes before noon has come after midnight, for the night before."""
    return bed.start.date() - timedelta(days=bed.start.hour < NOON)


def _whereabouts(moves: Sequence[Item], moment: datetime) -> str | None:
    """The spot the last move begun before `moment` leads to; None before the first one."""
    last = next((move for move in reversed(moves) if move.start < moment), None)
    return last.destination.id if last and last.destination else None


def _nights_of(bed: Item) -> Iterator[date]:
    night = _first_night(bed)
    while night < bed.end.date():
        yield night
        night += timedelta(days=1)


def _connections(trip: _Trip) -> Iterator[str]:
    for index, item in enumerate(trip.line):
        if item.type not in DEPARTURES or item.origin is None or item.destination is None:
            continue
        needed = item.check_in_minutes
        if trip.offers and not any(
            o.id == item.offer_id and o.check_in_minutes is not None for o in trip.offers.transports
        ):
            needed = max(needed, BOARDING_MINUTES.get(item.origin.kind, 0))
        before = trip.line[index - 1] if index else None
        if before and before.type in DEPARTURES and before.destination:
            needed += LEAVING_MINUTES.get(before.destination.kind, 0)  # out of one and into the other
        if before and item.start - before.end < timedelta(minutes=needed):
            yield f"less than {needed} min at {item.origin.name} before {item.title}"
        out = timedelta(minutes=LEAVING_MINUTES.get(item.destination.kind, 0))
        if index + 1 < len(trip.line) and trip.line[index + 1].start - item.end < out:
            yield f"too little time to get out at {item.destination.name} after {item.title}"


def _opening_hours(trip: _Trip) -> Iterator[str]:
    for item in (i for i in trip.items if i.type in VISITS or (i.type is ItemType.MEAL and i.offer_id)):
        if item.hours_known:
            if item.opens is None or item.closes is None or item.start < item.opens:
                yield f"{item.title} starts before it opens"
            elif item.end > item.closes:
                yield f"{item.title} ends after it closes"
        elif item.type in VISITS and not (
            UNKNOWN_HOURS[0] <= item.start.time() and item.end.time() <= UNKNOWN_HOURS[1]
        ):
            yield f"{item.title} has no known hours and is not in daylight"
        offer = _offer(trip, item)
        if isinstance(offer, ActivityOffer) and not _open(offer, item):
            yield f"{item.title} is closed then"


def _in_daylight(item: Item) -> bool:
    return UNKNOWN_HOURS[0] <= item.start.time() and item.end.time() <= UNKNOWN_HOURS[1]


def _open(offer: ActivityOffer, item: Item) -> bool:
    if offer.sessions:
        return any(begins <= item.start < ends for begins, ends in offer.sessions)
    if (item.start.month, item.start.day) in offer.closed_on:
        return False
    if not offer.spans:
        return True
    for span in offer.spans:
        opens = item.start.replace(hour=span.opens.hour, minute=span.opens.minute)
        closes = item.start.replace(hour=span.closes.hour, minute=span.closes.minute)
        if closes <= opens:
            closes += timedelta(days=1)
        if item.start.weekday() in span.weekdays and opens <= item.start and item.end <= closes:
            return True
    return False


def _hours(trip: _Trip) -> Iterator[str]:
    earliest, latest = trip.request.wishes.earliest, trip.request.wishes.latest
    for item in (i for i in trip.line if i.type in (*DEPARTURES, *VISITS, ItemType.TRANSFER)):
        if item.type is not ItemType.TRANSFER and earliest is not None and item.start.time() < earliest:
            yield f"{item.title} is before {earliest:%H:%M}"
        if latest is not None and item.type not in (ItemType.EVENT, ItemType.TRANSFER) and item.end.time() > latest:
            yield f"{item.title} is after {latest:%H:%M}"
        if item.type is ItemType.TRANSFER and not SERVICE[0] <= item.start.time() <= SERVICE[1]:
            offer = _offer(trip, item)
            if isinstance(offer, TransferOffer) and offer.by_day:
                yield f"{item.title} does not run at {item.start:%H:%M}"
        if item.type in DEPARTURES and not trip.request.wishes.night_travel and item.end.date() > item.start.date():
            yield f"{item.title} travels through the night"


def _refused(trip: _Trip) -> Iterator[str]:
    wishes = trip.request.wishes
    operators = {name.casefold() for name in wishes.operators_refused}
    for item in trip.items:
        offer = _offer(trip, item)
        if item.mode in wishes.modes_refused and item.type is not ItemType.OWN:
            yield f"{item.title} goes by {item.mode}, which was refused"
        if isinstance(offer, TransportOffer) and offer.operator.casefold() in operators:
            yield f"{item.title} is run by {offer.operator}, which was refused"
        if item.type in VISITS and any(_names(word, item) for word in wishes.avoid):
            yield f"{item.title} was to be avoided"


def _must_see(trip: _Trip) -> Iterator[str]:
    for word in trip.request.wishes.must_see:
        if not any(_names(word, item) for item in trip.items if item.type in VISITS):
            yield f"{word} is missing"


def _locked(trip: _Trip) -> Iterator[str]:
    here = {item.offer_id for item in trip.items}
    for offer_id in sorted(trip.request.locked - {offer_id for offer_id in here if offer_id}):
        yield f"{offer_id} was to stay"


def _capacity(trip: _Trip) -> Iterator[str]:
    for bed in trip.beds:
        offer = _offer(trip, bed)
        if not isinstance(offer, StayOffer):
            continue
        if offer.sleeps < trip.request.party.size:
            yield f"{bed.title} sleeps {offer.sleeps}, not {trip.request.party.size}"
        nights = len(list(_nights_of(bed)))
        if not offer.min_nights <= nights <= (offer.max_nights or nights):
            yield f"{bed.title} is not let for {nights} nights"


def _once(trip: _Trip) -> Iterator[str]:
    seen: set[str] = set()
    visited: set[str] = set()
    for item in trip.items:
        if item.id in seen:
            yield f"{item.title} is there twice"
        seen.add(item.id)
        offer = _offer(trip, item)
        if isinstance(offer, ActivityOffer) and not offer.repeatable:
            if offer.id in visited:
                yield f"{item.title} is visited twice"
            visited.add(offer.id)


def _prices(trip: _Trip) -> Iterator[str]:
    """Whatever costs money says where its price comes from; what came from an offer costs what the offer costs."""
    for item in trip.items:
        if item.price is not None and not item.price.source:
            yield f"the price of {item.title} has no source"
        if item.price is None and item.type in (*DEPARTURES, ItemType.TRANSFER, ItemType.STAY, ItemType.MEAL):
            yield f"{item.title} has no price"


def _provenance(trip: _Trip) -> Iterator[str]:
    if trip.offers is None:
        return
    for item in trip.items:
        if item.type is ItemType.MEAL and item.offer_id is None:
            if trip.offers.meals is None or item.price != trip.offers.meals.daily:
                yield f"{item.title} was not offered at this price"
            continue
        if item.offer_id is None:
            if item.type is not ItemType.OWN or item.price is not None:
                yield f"{item.title} comes from no offer"
            continue
        breach = _differs(item, _offer(trip, item))
        if breach:
            yield f"{item.title} {breach}"


def _differs(item: Item, offer: object) -> str:
    if isinstance(offer, TransportOffer):
        same = (item.start, item.end, item.price) == (offer.depart, offer.arrive, offer.price)
        return "" if same else "differs from the departure offered"
    if isinstance(offer, TransferOffer):
        if item.price != offer.price:
            return "costs other than offered"
        return "" if item.end - item.start >= timedelta(minutes=offer.minutes) else "is quicker than the ride takes"
    if isinstance(offer, ActivityOffer):
        if item.price != offer.price:
            return "costs other than offered"
        meal = offer.kind is ItemType.MEAL
        return (
            "" if meal or item.end - item.start >= timedelta(minutes=offer.minutes) else "is shorter than a visit takes"
        )
    if isinstance(offer, StayOffer):
        nights = (item.end.date() - _first_night(item)).days
        same = offer.nightly is not None and item.price == offer.nightly.times(nights)
        return "" if same else f"costs other than {nights} nights as offered"
    return "comes from no offer"


def _offer(trip: _Trip, item: Item) -> object:
    if trip.offers is None or item.offer_id is None:
        return None
    pools: Sequence[Sequence[TransportOffer | StayOffer | ActivityOffer | TransferOffer]] = (
        trip.offers.transports,
        trip.offers.stays,
        trip.offers.activities,
        trip.offers.transfers,
    )
    found = next((offer for pool in pools for offer in pool if offer.id == item.offer_id), None)
    return _by_distance(trip, item) if found is None and item.type is ItemType.TRANSFER else found


def _by_distance(trip: _Trip, item: Item) -> TransferOffer | None:
    """The ride that one of the ways of getting about makes between these two points, derived from their positions."""
    a, b = item.origin, item.destination
    if trip.offers is None or a is None or b is None or None in (a.lat, a.lon, b.lat, b.lon):
        return None
    for mode in trip.offers.local:
        if item.offer_id != f"{mode.mode}:{a.id}>{b.id}" or item.price is None:
            continue
        km = mode.detour * great_circle_km(a, b)
        vehicles = -(-trip.request.party.size // mode.seats)
        kes = round((mode.base + mode.per_km * km) * vehicles)
        minutes = max(1, round(mode.wait + 60 * km / mode.kmh))
        if mode.least_km <= km <= mode.most_km and abs(kes - item.price.kes) <= 1:
            return TransferOffer(
                item.offer_id, mode.mode, a, b, minutes, item.price, by_day=mode.by_day, km=round(km, 1)
            )
    return None


def _names(word: str, item: Item) -> bool:
    return word == item.offer_id or word.casefold() in item.title.casefold()


def _stops(trip: _Trip) -> Iterator[str]:
    """The nights, in order, are spent at the stops asked for, as many at each as asked; day trips are visited."""
    stops, free = trip.request.stops, trip.request.free
    runs: list[tuple[str, int]] = []
    for night in sorted({night for bed in trip.beds for night in _nights_of(bed)}):
        bed = next(bed for bed in trip.beds if night in set(_nights_of(bed)))
        town = _stop_at(trip, bed)
        runs = [*runs[:-1], (town, runs[-1][1] + 1)] if runs and runs[-1][0] == town else [*runs, (town, 1)]
    slept = [town for town, _ in runs]
    seen = {spot.place for item in trip.line for spot in (item.spot, item.destination) if spot is not None}
    wanted = [stop.place for stop in stops]
    if free.pick is not None and len(set(slept)) > free.pick:
        yield f"{len(set(slept))} towns instead of {free.pick}"
    if not free.order and not _in_order(slept, wanted):
        yield f"the nights are in {', '.join(slept)}, not in the order {', '.join(wanted)}"
    for town, nights in runs:
        asked = [stop for stop in stops if stop.place == town]
        if not asked:
            yield f"{town} is no stop of this trip"
        most = sum(stop.nights or trip.request.nights for stop in asked)
        if nights > most:
            yield f"{nights} nights in {town} instead of {most}"
    for stop in stops:
        if free.pick is None and stop.place not in slept and stop.place not in seen:
            yield f"{stop.place} is left out"


def _in_order(slept: Sequence[str], wanted: Sequence[str]) -> bool:
    left = list(wanted)
    for town in slept:
        while left and left[0] != town:
            left.pop(0)
        if not left:
            return False
        left.pop(0)
    return True


def _stop_at(trip: _Trip, bed: Item) -> str:
    """The stop a bed belongs to: its own town, or one with a ride from the middle of it to the bed."""
    names = [stop.place for stop in trip.request.stops]
    if bed.place in names or trip.offers is None or bed.spot is None:
        return bed.place
    rides = {ride.origin.id for ride in trip.offers.transfers if ride.destination.id == bed.spot.id}
    linked = [name for name in names if trip.offers.centres[name].id in rides]
    return linked[0] if linked else bed.place


def _meals(trip: _Trip) -> Iterator[str]:
    """Each meal asked for is eaten once a day, where there is a place for it and nothing else fills its time."""
    eaten = [item for item in trip.items if item.type is ItemType.MEAL and item.offer_id]
    zone = trip.items[0].start.tzinfo if trip.items else None
    for item in eaten:
        length = item.end - item.start
        if not any(
            meal.opens <= item.start.time()
            and item.end.time() <= meal.closes
            and length >= timedelta(minutes=meal.minutes)
            for meal in trip.request.meals
        ):
            yield f"{item.title} is at no meal time, or too short"
    if trip.offers is None:
        return
    for n in range(trip.request.nights + 1):
        day = trip.request.start + timedelta(days=n)
        for meal in trip.request.meals:
            opens, closes = (datetime.combine(day, at, zone) for at in (meal.opens, meal.closes))
            had = [item for item in eaten if opens <= item.start and item.end <= closes]
            town = _town_during(trip, opens, closes)
            time_left = _longest_gap(trip, opens, closes) >= timedelta(minutes=meal.minutes + 2 * MEAL_SLACK)
            if not had and town and time_left and _serves(trip.offers, town, opens, closes, meal.minutes):
                yield f"no {meal.name} on {day}"


def _town_during(trip: _Trip, opens: datetime, closes: datetime) -> str | None:
    """The town one is in through a whole stretch of time; None on the way and at home."""
    long_ways = [item for item in trip.moves if item.type is not ItemType.TRANSFER]
    if any(item.start < closes and item.end > opens for item in long_ways):
        return None
    before = [item for item in long_ways if item.end <= opens]
    if not before or len(before) == len(long_ways):
        there = trip.request.origin == trip.request.stops[0].place and not before
        ends = len(before) == len(long_ways) and trip.request.returns
        if (not before and not there) or ends:
            return None
    return before[-1].destination.place if before and before[-1].destination else trip.request.stops[0].place


def _longest_gap(trip: _Trip, opens: datetime, closes: datetime) -> timedelta:
    gap, free = timedelta(0), opens
    for item in trip.line:
        if item.start < closes and item.end > opens:
            gap, free = max(gap, item.start - free), max(free, item.end)
    return max(gap, closes - free)


def _serves(offers: Offers, town: str, opens: datetime, closes: datetime, minutes: int) -> bool:
    """Whether a place to eat in a town is open long enough between two times."""
    for offer in offers.activities:
        if offer.kind is not ItemType.MEAL or offer.spot.place != town:
            continue
        if not offer.spans and not offer.sessions:
            return True
        for span in offer.spans if (opens.month, opens.day) not in offer.closed_on else ():
            begins = datetime.combine(opens.date(), span.opens, opens.tzinfo)
            ends = datetime.combine(opens.date(), span.closes, opens.tzinfo)
            ends += timedelta(days=ends <= begins)
            here = opens.weekday() in span.weekdays
            if here and min(ends, closes) - max(begins, opens) >= timedelta(minutes=minutes + 5):
                return True
    return False


RULES: dict[str, Callable[[_Trip], Iterator[str]]] = {
    "budget": _budget,
    "dates": _dates,
    "nights": _nights,
    "overlaps": _overlaps,
    "continuity": _continuity,
    "connections": _connections,
    "opening_hours": _opening_hours,
    "hours": _hours,
    "refused": _refused,
    "must_see": _must_see,
    "locked": _locked,
    "capacity": _capacity,
    "once": _once,
    "stops": _stops,
    "meals": _meals,
    "prices": _prices,
    "provenance": _provenance,
}


def broken(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The rules that do not hold."""
    return tuple(finding for finding in findings if not finding.ok)
