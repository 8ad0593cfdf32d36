"""The second opinion: every hard rule derived again from the finished itinerary, sharing no rule code with solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from planner.checks_laid import LaidOut, first_night, nights_of, offer_of
from planner.checks_required import Required
from planner.checks_stops import meals, stops
from planner.model import (
    BOARDING_MINUTES,
    LEAVING_MINUTES,
    ActivityOffer,
    Finding,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    SpotKind,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)

DEPARTURES = (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT)
VISITS = (ItemType.ACTIVITY, ItemType.EVENT)
MORNING = time(3)  # a ride that ends after this has been the night
DAWN = time(5)  # by then who came after midnight is in bed
SERVICE = (time(5), time(23))  # what runs by day runs between these
OFF_THE_ROAD = frozenset({Mode.TRAIN, Mode.FLIGHT, Mode.FERRY, Mode.WALK})
GATES = frozenset({SpotKind.STAGE, SpotKind.STATION, SpotKind.AIRPORT, SpotKind.JETTY})
UNKNOWN_HOURS = (time(6), time(19))  # with no known hours a visit must at least be in daylight


def verify(itinerary: Itinerary, request: TripRequest, offers: Offers | None = None) -> tuple[Finding, ...]:
    """One finding per rule, in a fixed order, and one for each requirement by its name; `ok` False carries every breach
    in `detail`.

    With `offers`, every item is also traced back to the offer it came from (prices, times, capacity, opening hours).
    """
    trip = LaidOut.of(itinerary, request, offers)
    found = [_finding(name, rule(trip)) for name, rule in RULES.items()]
    required = Required(itinerary, request, lambda item: offer_of(trip, item))
    found += [_finding(each.name, required.breaches(each.rule)) for each in request.requirements]
    return tuple(found)


def _finding(rule: str, breaches: Iterator[str]) -> Finding:
    found = list(breaches)
    return Finding(rule, not found, "; ".join(found))


def _budget(trip: LaidOut) -> Iterator[str]:
    total = sum(item.price.kes for item in trip.items if item.price)
    limit = trip.request.budget_kes
    if limit is not None and total > limit:
        yield f"KES {total:,} is over the budget of {limit:,}"


def _dates(trip: LaidOut) -> Iterator[str]:
    for item in trip.line:
        if item.start.date() < trip.request.start or item.end.date() > trip.request.end + timedelta(days=1):
            yield f"{item.title} is outside the dates of the trip"
        elif item.end.date() > trip.request.end and item.end.time() > time(0):
            yield f"{item.title} ends after the last day"
    expected = [trip.request.start + timedelta(days=n) for n in range(trip.request.nights + 1)]
    if [day.date for day in trip.itinerary.days] != expected:
        yield "the days do not follow each other from the first to the last"


def _nights(trip: LaidOut) -> Iterator[str]:
    covers: dict[date, list[str]] = {}
    for bed in trip.beds:
        for night in nights_of(bed):
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


def _overlaps(trip: LaidOut) -> Iterator[str]:
    for before, after in zip(trip.line, trip.line[1:], strict=False):
        if after.start < before.end:
            yield f"{after.title} starts before {before.title} ends"


def _continuity(trip: LaidOut) -> Iterator[str]:
    """One is where one needs to be: each move and visit starts where the last move ended, and so does each night."""
    moves = trip.moves
    if not moves or moves[0].origin is None:
        return
    if moves[0].origin.place not in (trip.request.origin, trip.beds[0].place if trip.beds else None):
        yield f"the trip starts in {moves[0].origin.place}, not in {trip.request.origin}"
    home = trip.offers.centres.get(trip.request.origin) if trip.offers else None
    if home and moves[0].origin.place == home.place and moves[0].origin.id != home.id:
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
    elif trip.request.returns and home and here != home.id and trip.request.stops[-1].place != trip.request.origin:
        yield f"nothing leads back to {home.name}"
    for bed in trip.beds:
        for night in nights_of(bed):
            # Somebody may come after midnight or leave before the morning, but is there at some time in between.
            midnight = datetime.combine(night + timedelta(days=1), time(0), bed.start.tzinfo)
            dawn = midnight.replace(hour=DAWN.hour)
            spots = {_whereabouts(moves, at) for at in (midnight, dawn)}
            spots |= {move.destination.id for move in moves if move.destination and midnight <= move.end < dawn}
            if bed.spot and spots and bed.spot.id not in spots and None not in spots:
                yield f"the night of {night} is not spent at {bed.title}"


def _whereabouts(moves: Sequence[Item], moment: datetime) -> str | None:
    """The spot the last move begun before `moment` leads to; None before the first one."""
    last = next((move for move in reversed(moves) if move.start < moment), None)
    return last.destination.id if last and last.destination else None


def _connections(trip: LaidOut) -> Iterator[str]:
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


def _opening_hours(trip: LaidOut) -> Iterator[str]:
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
        offer = offer_of(trip, item)
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


def _hours(trip: LaidOut) -> Iterator[str]:
    earliest, latest = trip.request.wishes.earliest, trip.request.wishes.latest
    for item in (i for i in trip.line if i.type in (*DEPARTURES, *VISITS, ItemType.TRANSFER)):
        if item.type is not ItemType.TRANSFER and earliest is not None and item.start.time() < earliest:
            yield f"{item.title} is before {earliest:%H:%M}"
        if latest is not None and item.type not in (ItemType.EVENT, ItemType.TRANSFER) and item.end.time() > latest:
            yield f"{item.title} is after {latest:%H:%M}"
        if item.type is ItemType.TRANSFER and not SERVICE[0] <= item.start.time() <= SERVICE[1]:
            offer = offer_of(trip, item)
            if isinstance(offer, TransferOffer) and offer.by_day:
                yield f"{item.title} does not run at {item.start:%H:%M}"
        if item.type in DEPARTURES and not trip.request.wishes.night_travel and item.end.date() > item.start.date():
            yield f"{item.title} travels through the night"
    yield from _first_and_last(trip)


def _first_and_last(trip: LaidOut) -> Iterator[str]:
    """The hours asked for the way out and the way home, each counted from door to door."""
    wishes, request, moves = trip.request.wishes, trip.request, trip.moves
    if not moves:
        return
    zone = moves[0].start.tzinfo
    leave, arrive = _on(request.start, wishes.leave_after, zone), _on(request.start, wishes.arrive_by, zone)
    away, back = _on(request.end, wishes.leave_back_after, zone), _on(request.end, wishes.back_by, zone)
    if leave is not None and moves[0].start < leave:
        yield f"the trip begins at {moves[0].start:%H:%M}, before {leave:%H:%M}"
    if not request.returns:
        away = back = None
    if back is not None and moves[-1].end > back:
        yield f"one is home at {moves[-1].end:%H:%M}, after {back:%H:%M}"
    there, off = _arrival(moves), _setting_off(moves)
    if arrive is not None and request.stops[0].place != request.origin and there.end > arrive:
        yield f"one is there at {there.end:%H:%M}, after {arrive:%H:%M}"
    if away is not None and request.stops[-1].place != request.origin and off.start < away:
        yield f"the way home begins at {off.start:%H:%M}, before {away:%H:%M}"


def _arrival(moves: Sequence[Item]) -> Item:
    """The move that brings one to the first bed: on from every gate, and from a town's centre to a stay in it."""
    for move, onward in pairwise(moves):
        here, there = move.destination, onward.destination
        to_a_stay = here and there and here.kind is SpotKind.CENTRE and there.kind is SpotKind.STAY
        if not (here and (here.kind in GATES or to_a_stay)):
            return move
    return moves[-1]


def _setting_off(moves: Sequence[Item]) -> Item:
    """The move that takes one from the last bed."""
    for move, before in zip(moves[::-1], moves[-2::-1], strict=False):
        here, there = move.origin, before.origin
        from_a_stay = here and there and here.kind is SpotKind.CENTRE and there.kind is SpotKind.STAY
        if not (here and (here.kind in GATES or from_a_stay)):
            return move
    return moves[0]


def _on(day: date, at: time | None, zone: tzinfo | None) -> datetime | None:
    return None if at is None else datetime.combine(day, at, zone)


def _after_dark(trip: LaidOut) -> Iterator[str]:
    """Between towns nobody is on the road before it is light or after it is dark, where that was asked for."""
    if trip.request.wishes.road_after_dark:
        return
    dawn, dusk = trip.offers.daylight if trip.offers else Offers().daylight
    sights = {item.spot.id for item in trip.line if item.type in VISITS and item.spot}
    towns = {trip.request.origin, *(stop.place for stop in trip.request.stops)}
    for item in trip.moves:
        dark = item.start.time() < dawn or item.end.time() > dusk or item.end.date() > item.start.date()
        if dark and _by_road_between_towns(item, sights, towns):
            yield f"{item.title} is on the road at {item.start:%H:%M}–{item.end:%H:%M}"


def _by_road_between_towns(item: Item, sights: set[str], towns: set[str]) -> bool:
    """Buses and what one arranges are. A ride is when it leaves a town, but for one to a suburb or an outing."""
    if item.mode in OFF_THE_ROAD or item.origin is None or item.destination is None:
        return False
    if item.type is not ItemType.TRANSFER:
        return True
    if item.origin.place == item.destination.place or {item.origin.id, item.destination.id} & sights:
        return False
    gates = [spot for spot in (item.origin, item.destination) if spot.kind in GATES]
    suburb = len({item.origin.place, item.destination.place} & towns) == 1 and any(g.place in towns for g in gates)
    return not suburb


def _refused(trip: LaidOut) -> Iterator[str]:
    wishes = trip.request.wishes
    operators = {name.casefold() for name in wishes.operators_refused}
    for item in trip.items:
        offer = offer_of(trip, item)
        if item.mode in wishes.modes_refused and item.type is not ItemType.OWN:
            yield f"{item.title} goes by {item.mode}, which was refused"
        if isinstance(offer, TransportOffer) and offer.operator.casefold() in operators:
            yield f"{item.title} is run by {offer.operator}, which was refused"
        if item.type in VISITS and any(_names(word, item) for word in wishes.avoid):
            yield f"{item.title} was to be avoided"


def _must_see(trip: LaidOut) -> Iterator[str]:
    for word in trip.request.wishes.must_see:
        if not any(_names(word, item) for item in trip.items if item.type in VISITS):
            yield f"{word} is missing"


def _locked(trip: LaidOut) -> Iterator[str]:
    here = {item.offer_id for item in trip.items}
    for offer_id in sorted(trip.request.locked - {offer_id for offer_id in here if offer_id}):
        yield f"{offer_id} was to stay"


def _capacity(trip: LaidOut) -> Iterator[str]:
    for bed in trip.beds:
        offer = offer_of(trip, bed)
        if not isinstance(offer, StayOffer):
            continue
        if offer.sleeps < trip.request.party.size:
            yield f"{bed.title} sleeps {offer.sleeps}, not {trip.request.party.size}"
        nights = len(list(nights_of(bed)))
        if not offer.min_nights <= nights <= (offer.max_nights or nights):
            yield f"{bed.title} is not let for {nights} nights"


def _once(trip: LaidOut) -> Iterator[str]:
    seen: set[str] = set()
    visited: set[str] = set()
    for item in trip.items:
        if item.id in seen:
            yield f"{item.title} is there twice"
        seen.add(item.id)
        offer = offer_of(trip, item)
        if isinstance(offer, ActivityOffer) and not offer.repeatable:
            if offer.id in visited:
                yield f"{item.title} is visited twice"
            visited.add(offer.id)


def _prices(trip: LaidOut) -> Iterator[str]:
    """Whatever costs money says where its price comes from; what came from an offer costs what the offer costs."""
    for item in trip.items:
        if item.price is not None and not item.price.source:
            yield f"the price of {item.title} has no source"
        allowance = item.type is ItemType.MEAL and item.offer_id is None  # what a place to eat asks need not be known
        if item.price is None and (allowance or item.type in (*DEPARTURES, ItemType.TRANSFER, ItemType.STAY)):
            yield f"{item.title} has no price"


def _provenance(trip: LaidOut) -> Iterator[str]:
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
        breach = _differs(item, offer_of(trip, item))
        if breach:
            yield f"{item.title} {breach}"


def _differs(item: Item, offer: object) -> str:
    if isinstance(offer, TransportOffer | TransferOffer) and (item.origin, item.destination, item.mode) != (
        offer.origin,
        offer.destination,
        offer.mode,
    ):
        return "goes another way than offered"
    if isinstance(offer, ActivityOffer | StayOffer) and item.spot != offer.spot:
        return "is somewhere else than offered"
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
        nights = (item.end.date() - first_night(item)).days
        same = offer.nightly is not None and item.price == offer.nightly.times(nights)
        return "" if same else f"costs other than {nights} nights as offered"
    return "comes from no offer"


def _names(word: str, item: Item) -> bool:
    return word == item.offer_id or word.casefold() in item.title.casefold()


RULES: dict[str, Callable[[LaidOut], Iterator[str]]] = {
    "budget": _budget,
    "dates": _dates,
    "nights": _nights,
    "overlaps": _overlaps,
    "continuity": _continuity,
    "connections": _connections,
    "opening_hours": _opening_hours,
    "hours": _hours,
    "after_dark": _after_dark,
    "refused": _refused,
    "must_see": _must_see,
    "locked": _locked,
    "capacity": _capacity,
    "once": _once,
    "stops": stops,
    "meals": meals,
    "prices": _prices,
    "provenance": _provenance,
}


def broken(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The rules that do not hold."""
    return tuple(finding for finding in findings if not finding.ok)
