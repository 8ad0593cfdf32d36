"""What the solver's side takes a selector to pick: offers seen as things with a kind, names, tags and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from math import asin, cos, radians, sin, sqrt

from planner.kinds import ItemType, Mode, StayClass
from planner.model import ActivityOffer, Offer, Spot, StayOffer, TransferOffer, TransportOffer
from planner.requirements import Kind, Near, Which

EARTH_KM = 6371.0  # mean radius


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing a plan may hold. `kes` is for the whole party, of a stay for one night; None: the fee is not known."""

    kind: Kind
    id: str
    names: tuple[str, ...]
    place: str
    kes: int | None = 0
    tags: frozenset[str] = frozenset()
    spot: Spot | None = None
    out_of: str = ""
    mode: Mode | None = None
    stay_class: StayClass | None = None
    km: float | None = None
    score: float | None = None
    depart: datetime | None = None
    arrive: datetime | None = None


def thing(offer: Offer, zone: tzinfo) -> Thing:
    """An offer as a selector sees it; `zone` gives the local times of transport."""
    match offer:
        case TransportOffer():
            return Thing(
                Kind.TRANSPORT,
                offer.id,
                (offer.service, offer.operator),
                offer.destination.place,
                offer.price.kes,
                offer.tags,
                out_of=offer.origin.place,
                mode=offer.mode,
                km=offer.km,
                depart=offer.depart.astimezone(zone),
                arrive=offer.arrive.astimezone(zone),
            )
        case StayOffer():
            kes = offer.nightly.kes if offer.nightly else None
            return Thing(
                Kind.STAY,
                offer.id,
                (offer.name,),
                offer.spot.place,
                kes,
                offer.tags,
                offer.spot,
                stay_class=offer.stay_class,
                score=offer.rating,
            )
        case ActivityOffer():
            kind = Kind.MEAL if offer.kind is ItemType.MEAL else Kind.VISIT
            kes = offer.price.kes if offer.price else None
            names = (offer.name,)
            return Thing(kind, offer.id, names, offer.spot.place, kes, offer.tags, offer.spot, score=offer.score)
        case TransferOffer():
            names, place = (offer.operator,), offer.destination.place
            return Thing(Kind.RIDE, offer.id, names, place, offer.price.kes, mode=offer.mode, km=offer.km)


def picks(which: Which, it: Thing, days: frozenset[date] | None = None) -> bool:
    """Whether the selector picks this thing of these days; without days: whether it does on some day."""
    if days is not None and which.on and not which.on & days:
        return False
    if which.but is not None and not (days is None and which.but.dated) and picks(which.but, it, days):
        return False
    return all(test(which, it) for test in _TESTS)


def named(words: tuple[str, ...], it: Thing) -> bool:
    """Whether one of the words is the id of the thing or stands in one of its names."""
    return any(word == it.id or any(word.casefold() in name.casefold() for name in it.names) for word in words)


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance of two positions in degrees (haversine formula)."""
    up, across = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(up) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(across) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


def _near(near: Near, spot: Spot | None) -> bool:
    if spot is None or spot.lat is None or spot.lon is None:
        return False
    return kilometres(near.lat, near.lon, spot.lat, spot.lon) <= near.km


def _before(moment: datetime | None, limit: time | datetime) -> bool:
    if moment is None:
        return False
    return moment < limit if isinstance(limit, datetime) else moment.time() < limit


def _after(moment: datetime | None, limit: time | datetime) -> bool:
    if moment is None:
        return False
    return moment > limit if isinstance(limit, datetime) else moment.time() > limit


def _overnight(it: Thing) -> bool | None:
    return None if it.depart is None or it.arrive is None else it.arrive.date() > it.depart.date()


_TESTS: tuple[Callable[[Which, Thing], bool], ...] = (
    lambda w, it: not w.kinds or it.kind in w.kinds,
    lambda w, it: not w.names or named(w.names, it),
    lambda w, it: not w.tags or bool(w.tags & it.tags),
    lambda w, it: w.with_tags <= it.tags,
    lambda w, it: not w.without_tags & it.tags,
    lambda w, it: not w.places or it.place in w.places,
    lambda w, it: not w.out_of or it.out_of in w.out_of,
    lambda w, it: not w.modes or it.mode in w.modes,
    lambda w, it: not w.classes or it.stay_class in w.classes,
    lambda w, it: w.near is None or _near(w.near, it.spot),
    lambda w, it: w.shorter_km is None or (it.km is not None and it.km < w.shorter_km),
    lambda w, it: w.longer_km is None or (it.km is not None and it.km > w.longer_km),
    lambda w, it: w.most_kes is None or it.kes is None or it.kes <= w.most_kes,
    lambda w, it: w.least_score is None or (it.score is not None and it.score >= w.least_score),
    lambda w, it: w.overnight is None or _overnight(it) is w.overnight,
    lambda w, it: w.leaves_before is None or _before(it.depart, w.leaves_before),
    lambda w, it: w.leaves_after is None or _after(it.depart, w.leaves_after),
    lambda w, it: w.arrives_before is None or _before(it.arrive, w.arrives_before),
    lambda w, it: w.arrives_after is None or _after(it.arrive, w.arrives_after),
)
