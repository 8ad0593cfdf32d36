"""Everything a planner may choose from for one trip: asks sources leg by leg, stop by stop, then for local rides."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from planner.model import (
    ActivityOffer,
    ItemType,
    Mode,
    Offer,
    Offers,
    Place,
    Spot,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)
from planner.places import Gazetteer
from planner.shape import sleeps_at_home, split_nights
from providers.base import Kind, Outcome, Query, Status
from providers.choosing import best_known, real_first
from providers.guidebook import KENYA_TIME, centre, km_between, table
from providers.holidays import public_holidays
from providers.http import client
from providers.hubs import hubs
from providers.meals import meals_for
from providers.roads import between, network
from providers.search import NO_KEYS, Build, OnOutcome, Open, search_all

_TRAVEL = (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS)
_DAY_KINDS = (Kind.ACTIVITIES, Kind.EVENTS)
_FIRST_ROUND = 0.75
_UNREACHED = (Status.FAILED, Status.TIMED_OUT)


class UnknownPlace(Exception):
    """A trip names a place the gazetteer does not have; `slug` says which."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


@dataclass(frozen=True, slots=True)
class _Leg:
    origin: Place
    destination: Place
    day: date


@dataclass(frozen=True, slots=True)
class _Stop:
    place: Place
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Neighbourhood:
    place: Place
    spots: dict[str, Spot]

    def add(self, spot: Spot) -> None:
        """Remember a spot once."""
        self.spots.setdefault(spot.id, spot)


_Answer = tuple[Query, Outcome]


def offers_for(
    request: TripRequest,
    gazetteer: Gazetteer,
    providers: Sequence[Build],
    deadline: float,
    on_outcome: OnOutcome | None = None,
    *,
    keys: Mapping[str, str] = NO_KEYS,
    now: datetime | None = None,
    open_http: Open = client,
) -> tuple[Offers, list[Outcome]]:
    """Offers for every leg, stop and local ride of a trip, and how each source fared, within `deadline` seconds.

    A leg that nobody serves on the ground is asked for again by way of towns to change in: to there on its day, and on
    from there on that day and the next; the way home also from the evening before. One that is not served even so stays
    empty. Trains and flights may start or end at the hub nearest to a town (Mombasa terminus for Diani): the rides
    between the hub and the town are among the transfers, and only there, so that what can be reached from a stop's
    centre by transfers is what belongs to that stop. In a town one only changes in there are rides between its gates.
    With `now`, departures before it are left out. Raises UnknownPlace, and ValueError when the stops ask for more
    nights than the trip has.
    """
    started = time.monotonic()
    legs, stops = _skeleton(request, gazetteer)
    answers: list[_Answer] = []

    def ask(queries: Sequence[Query], seconds: float) -> None:
        def hear(query: Query, outcome: Outcome) -> None:
            answers.append((query, outcome))
            if on_outcome is not None:
                on_outcome(query, outcome)

        search_all(queries, providers, seconds, keys=keys, open_http=open_http, on_outcome=hear)

    def left(share: float) -> float:
        return max(deadline - (time.monotonic() - started), deadline * share)

    # Without local rides nothing can be reached: they keep a share of the time however slow the first rounds are.
    ask([*_travel_queries(request, legs), *_ride_queries(request, legs), *_stop_queries(request, stops)],
        deadline * _FIRST_ROUND)  # fmt: skip
    unserved = [leg for leg in legs if not _served(leg, request, answers)]
    others = [other for leg in unserved for other in (*_changes(leg, request), *_by_night(leg, request))]
    if others:
        ask(list(_travel_queries(request, others)), left(1 - _FIRST_ROUND) / 2)
    wanted = {offer.id for offer in real_first(best_known(_distinct(answers))) if _plannable(offer, now)}
    near = _neighbourhoods(legs, stops, answers, wanted)
    ask(_transfer_queries(request, near), left((1 - _FIRST_ROUND) / 2))
    known = real_first(best_known(_distinct(answers)))
    found = [offer for offer in known if isinstance(offer, TransferOffer) or offer.id in wanted]
    late = dict.fromkeys(outcome.provider for _, outcome in answers if outcome.status in _UNREACHED)
    older = dict.fromkeys(outcome.provider for _, outcome in answers if outcome.offers and not outcome.reached)
    return Offers(
        transports=tuple(offer for offer in found if isinstance(offer, TransportOffer)),
        stays=tuple(offer for offer in found if isinstance(offer, StayOffer)),
        activities=tuple(offer for offer in found if isinstance(offer, ActivityOffer)),
        transfers=tuple(offer for offer in found if isinstance(offer, TransferOffer)),
        meals=meals_for(request.party, request.wishes, _daily_budget(request)),
        centres={place.slug: centre(place) for place in _places(legs, stops)},
        road_minutes=_road_minutes(legs),
        holidays=public_holidays(request.start, request.end),
        unreached=tuple(late),
        older=tuple(name for name in older if name not in late),
    ), [outcome for _, outcome in answers]


def _skeleton(request: TripRequest, gazetteer: Gazetteer) -> tuple[list[_Leg], list[_Stop]]:
    def place(slug: str) -> Place:
        found = gazetteer.get(slug)
        if found is None:
            raise UnknownPlace(slug)
        return found

    stops, first = [], request.start
    for stop, nights in zip(request.stops, split_nights(request), strict=True):
        stops.append(_Stop(place(stop.place), first, first + timedelta(days=nights)))
        first += timedelta(days=nights)
    towns = [place(request.origin), *(stop.place for stop in stops)]
    days = [stop.first for stop in stops]
    if request.returns:
        towns.append(towns[0])
        days.append(request.end)
    legs = [_Leg(a, b, day) for (a, b), day in zip(pairwise(towns), days, strict=True) if a.slug != b.slug]
    return legs, stops


def _places(legs: Sequence[_Leg], stops: Sequence[_Stop]) -> list[Place]:
    ends = [place for leg in legs for place in (leg.origin, leg.destination)]
    return list({place.slug: place for place in [*ends, *(stop.place for stop in stops)]}.values())


def _travel_queries(request: TripRequest, legs: Sequence[_Leg]) -> Iterator[Query]:
    for leg in legs:
        for kind in _TRAVEL:
            yield Query(kind, leg.destination, leg.day, leg.day, request.party, leg.origin, request.wishes)


def _served(leg: _Leg, request: TripRequest, answers: Sequence[_Answer]) -> bool:
    """Whether something goes all the way in time that does not fly and is not refused: a flight alone is no choice."""
    ends = (leg.origin, leg.destination)
    ways = [
        offer.mode
        for query, outcome in answers
        if (query.origin, query.destination) == ends and query.start == leg.day
        for offer in outcome.offers
        if isinstance(offer, TransferOffer)
        or (isinstance(offer, TransportOffer) and offer.arrive.astimezone(KENYA_TIME).date() <= request.end)
    ]
    return not request.wishes.modes_refused.issuperset(mode for mode in ways if mode is not Mode.FLIGHT)


def _changes(leg: _Leg, request: TripRequest) -> Iterator[_Leg]:
    """The parts of a leg by way of each town to change in; on from there on that day or, after a night, the next."""
    if Mode.CAR in request.wishes.modes_wanted:
        return
    for hub in hubs(leg.origin, leg.destination):
        yield _Leg(leg.origin, hub, leg.day)
        for day in (leg.day, leg.day + timedelta(days=1)):
            if day <= request.end:
                yield _Leg(hub, leg.destination, day)


def _by_night(leg: _Leg, request: TripRequest) -> Iterator[_Leg]:
    """The way home the evening before, all the way or with a change, for who cannot be home in a day."""
    home = request.returns and leg.destination.slug == request.origin and leg.day == request.end
    if home and request.nights > 1:
        evening = replace(leg, day=leg.day - timedelta(days=1))
        yield evening
        yield from _changes(evening, request)


def _stop_queries(request: TripRequest, stops: Sequence[_Stop]) -> Iterator[Query]:
    for stop in stops:
        away = stop.last > stop.first and not sleeps_at_home(request, stop.place.slug)
        kinds = (Kind.HOTELS, *_DAY_KINDS) if away else _DAY_KINDS
        for kind in kinds:
            yield Query(kind, stop.place, stop.first, stop.last, request.party, wishes=request.wishes)


def _ride_queries(request: TripRequest, legs: Sequence[_Leg]) -> Iterator[Query]:
    """From centre to centre, for legs that nothing else serves and a taxi can."""
    for leg in legs:
        ends = (centre(leg.origin), centre(leg.destination))
        yield Query(Kind.TRANSFERS, leg.destination, leg.day, leg.day, request.party, leg.origin, spots=ends)


def _daily_budget(request: TripRequest) -> float | None:
    if request.budget_kes is None:
        return None
    return request.budget_kes / (request.party.size * (request.nights + 1))


def _road_minutes(legs: Sequence[_Leg]) -> dict[tuple[str, str], int]:
    roads = network(table("intercity.csv"))
    found = {(leg.origin.slug, leg.destination.slug): between(leg.origin, leg.destination, roads) for leg in legs}
    return {ends: road.minutes for ends, road in found.items() if road is not None}


def _transfer_queries(request: TripRequest, neighbourhoods: Mapping[str, _Neighbourhood]) -> list[Query]:
    return [
        Query(
            Kind.TRANSFERS, near.place, request.start, request.end, request.party, wishes=request.wishes,
            spots=tuple(near.spots.values()),
        )
        for near in neighbourhoods.values()
        if len(near.spots) > 1
    ]  # fmt: skip


def _neighbourhoods(
    legs: Sequence[_Leg], stops: Sequence[_Stop], answers: Sequence[_Answer], wanted: Set[str]
) -> dict[str, _Neighbourhood]:
    """Per town, the spots between which one may want a ride: centre, gates of its departures, beds, things to do."""
    near = {place.slug: _Neighbourhood(place, {}) for place in _places(legs, stops)}
    for each in near.values():
        each.add(centre(each.place))
    for query, _ in answers:  # of a town one only changes in, nothing but the gates
        for town in (query.origin, query.destination):
            if town is not None:
                near.setdefault(town.slug, _Neighbourhood(town, {}))
    for query, outcome in answers:
        for offer in outcome.offers:
            if offer.id not in wanted:
                continue
            if isinstance(offer, TransportOffer) and query.origin is not None:
                near[query.origin.slug].add(offer.origin)
                near[query.destination.slug].add(offer.destination)
            elif isinstance(offer, StayOffer):
                near[query.destination.slug].add(offer.spot)
            elif isinstance(offer, ActivityOffer):
                near[_home(offer, query, answers)].add(offer.spot)
    return near


def _home(activity: ActivityOffer, query: Query, answers: Sequence[_Answer]) -> str:
    """The one stop an activity is visited from, when it lies near several: its own town, else the nearest."""
    rivals = [
        asked.destination
        for asked, outcome in answers
        if asked.kind is query.kind and any(offer.id == activity.id for offer in outcome.offers)
    ]
    if any(place.slug == activity.spot.place for place in rivals):
        return activity.spot.place
    return min(rivals, key=lambda place: km_between(place, activity.spot) or 0.0).slug


def _distinct(answers: Sequence[_Answer]) -> list[Offer]:
    return list({offer.id: offer for _, outcome in reversed(answers) for offer in reversed(outcome.offers)}.values())[
        ::-1
    ]


def _plannable(offer: Offer, now: datetime | None) -> bool:
    """Whether a planner can use it: it has not left yet, has a price to sleep at, or is an event with a date."""
    if isinstance(offer, TransportOffer):
        return now is None or offer.depart >= now
    if isinstance(offer, StayOffer):
        return offer.nightly is not None
    if isinstance(offer, ActivityOffer) and offer.kind is ItemType.EVENT:
        return any(now is None or start >= now for start, _ in offer.sessions)
    return True
