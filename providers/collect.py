"""Everything a planner may choose from for one trip: asks sources leg by leg, stop by stop, then for local rides."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from planner.model import (
    ActivityOffer,
    ItemType,
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
from providers.guidebook import centre, km_between, table
from providers.meals import meals_for
from providers.roads import between, network
from providers.search import NO_KEYS, Build, OnOutcome, Open, open_http, search_all

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
    open_http: Open = open_http,
) -> tuple[Offers, list[Outcome]]:
    """Offers for every leg, stop and local ride of a trip, and how each source fared, within `deadline` seconds.

    A leg nobody serves stays empty. Trains and flights may start or end at the hub nearest to a town (Mombasa terminus
    for Diani): the rides between the hub and the town are among the transfers, and only there, so that what can be
    reached from a stop's centre by transfers is what belongs to that stop. With `now`, departures before it are left
    out. Raises UnknownPlace, and ValueError when the stops ask for more nights than the trip has.
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

    # Without local rides nothing can be reached: they keep a share of the time however slow the first round is.
    ask([*_travel_queries(request, legs), *_stop_queries(request, stops)], deadline * _FIRST_ROUND)
    wanted = {offer.id for offer in _distinct(answers) if _plannable(offer, now)}
    near = _neighbourhoods(legs, stops, answers, wanted)
    left = max(deadline - (time.monotonic() - started), deadline * (1 - _FIRST_ROUND))
    ask([*_ride_queries(request, legs), *_transfer_queries(request, near)], left)
    found = [offer for offer in _distinct(answers) if isinstance(offer, TransferOffer) or offer.id in wanted]
    late = [outcome.provider for _, outcome in answers if outcome.status in _UNREACHED]
    return Offers(
        transports=tuple(offer for offer in found if isinstance(offer, TransportOffer)),
        stays=tuple(offer for offer in found if isinstance(offer, StayOffer)),
        activities=tuple(offer for offer in found if isinstance(offer, ActivityOffer)),
        transfers=tuple(offer for offer in found if isinstance(offer, TransferOffer)),
        meals=meals_for(request.party, request.wishes, _daily_budget(request)),
        centres={place.slug: centre(place) for place in _places(legs, stops)},
        road_minutes=_road_minutes(legs),
        unreached=tuple(dict.fromkeys(late)),
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
    """Per town, the spots between which one may want a ride: centre, gates of its legs, beds, things to do."""
    near = {place.slug: _Neighbourhood(place, {}) for place in _places(legs, stops)}
    for each in near.values():
        each.add(centre(each.place))
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
