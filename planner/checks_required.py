"""The second opinion on requirements: each derived again from the finished plan, sharing no code with the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from math import acos, cos, radians, sin

from planner.model import (
    ActivityOffer,
    Item,
    ItemType,
    Itinerary,
    Spot,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)
from planner.requirements import (
    AllOf,
    AnyOf,
    Apart,
    Count,
    Every,
    Kind,
    Order,
    Over,
    Rule,
    Spend,
    Timed,
    Which,
)

KINDS = {
    ItemType.BUS: Kind.TRANSPORT,
    ItemType.TRAIN: Kind.TRANSPORT,
    ItemType.FLIGHT: Kind.TRANSPORT,
    ItemType.TRANSFER: Kind.RIDE,
    ItemType.STAY: Kind.STAY,
    ItemType.ACTIVITY: Kind.VISIT,
    ItemType.EVENT: Kind.VISIT,
    ItemType.MEAL: Kind.MEAL,
}
KM_A_DEGREE = 6371.0 * 3.141592653589793 / 180  # along a great circle of a sphere of the mean radius

OfferOf = Callable[[Item], object]


@dataclass(frozen=True, slots=True)
class Required:
    """A finished plan that requirements are held against; `offer_of` traces an item back."""

    itinerary: Itinerary
    request: TripRequest
    offer_of: OfferOf

    def breaches(self, rule: Rule) -> Iterator[str]:
        """What breaks a rule, in words; nothing when it is kept."""
        match rule:
            case Count():
                yield from self._count(rule)
            case Spend():
                yield from self._spend(rule)
            case Every(which, must):
                for item in self._items(which):
                    if not self._is(item, must):
                        yield f"{item.title} is not as required"
            case Apart(one, other):
                if self._items(one) and self._items(other):
                    yield f"{self._items(one)[0].title} does not go with {self._items(other)[0].title}"
            case Order(first, then):
                yield from self._order(self._items(first), self._items(then))
            case Timed():
                if not any(_keeps(item, rule) for item in self._items(rule.which)):
                    yield "no visit at the required time"
            case AnyOf(rules):
                broken = [list(self.breaches(each)) for each in rules]
                if all(broken):
                    yield " and ".join(found[0] for found in broken)
            case AllOf(rules):
                for each in rules:
                    yield from self.breaches(each)

    # -- rules -----------------------------------------------------------------------------------------------------

    def _count(self, rule: Count) -> Iterator[str]:
        found = [item for item in self._items(rule.which) if not _is_allowance(item)]
        groups: Sequence[Hashable] = (0,)
        counts = Counter[Hashable]([0] * len(found))
        if rule.over is Over.DAY:
            groups = [self.request.start + timedelta(days=n) for n in range(self.request.nights + 1)]
            counts = Counter(item.start.date() for item in found)
        elif rule.over is Over.STOP:
            groups = self._towns
            counts = Counter(self._stop_of(item) for item in found)
        for group in groups:
            label = f" ({group})" if group else ""
            if counts[group] < rule.least:
                yield f"{counts[group]} of at least {rule.least}{label}"
            if rule.most is not None and counts[group] > rule.most:
                yield f"{counts[group]} of at most {rule.most}{label}"

    def _spend(self, rule: Spend) -> Iterator[str]:
        found = self._items(rule.which)
        if rule.over in (Over.ITEM, Over.NIGHT):
            found = [item for item in found if not _is_allowance(item)]
        spent = sum(_cost(item, rule.which) for item in found)
        units = {
            Over.DAY: self.request.nights + 1,
            Over.STOP: len(self._towns),
            Over.ITEM: len(found),
            Over.NIGHT: sum(len(_nights(item, rule.which)) for item in found),
        }.get(rule.over, 1)
        limit = rule.most_kes * units * (self.request.party.size if rule.per_person else 1)
        if spent > limit:
            yield f"{spent:,} is over {limit:,}"

    def _order(self, first: Sequence[Item], then: Sequence[Item]) -> Iterator[str]:
        if not first or not then:
            yield "one of the two is missing"
        elif max(item.start for item in first) >= min(item.start for item in then):
            yield f"{then[0].title} comes before {first[-1].title}"

    # -- selecting -------------------------------------------------------------------------------------------------

    def _items(self, which: Which) -> list[Item]:
        found = (item for item in self.itinerary.items if self._is(item, which))
        return sorted(found, key=lambda item: item.start)

    def _is(self, item: Item, which: Which) -> bool:
        kind = KINDS.get(item.type)
        if item.type is ItemType.OWN:
            if item.spot is not None:
                return False  # a bed of one's own
            kind = Kind.TRANSPORT
        offer = self.offer_of(item)
        if which.kinds and kind not in which.kinds:
            return False
        if which.but is not None and self._is(item, which.but):
            return False
        if which.on and not _dates(item) & which.on:
            return False
        return (
            _is_called(item, offer, which)
            and _is_tagged(offer, which)
            and _is_where(item, offer, which)
            and _is_sized(item, offer, which)
            and _is_timed(item, kind, which)
        )

    def _stop_of(self, item: Item) -> str:
        """The stop one is at: that of the next bed, or the last one's after all beds. A town's beds are one stop's."""
        beds = sorted((i for i in self.itinerary.items if i.type is ItemType.STAY), key=lambda i: i.end)
        ends = [list(some)[-1].end for _, some in groupby(beds, key=lambda bed: bed.place)]
        names = [place for place, _ in groupby(stop.place for stop in self.itinerary.request.stops)]
        later = [n for n, end in enumerate(ends) if item.start <= end]
        return names[min(later[0] if later else len(names) - 1, len(names) - 1)]

    @property
    def _towns(self) -> list[str]:
        """Those stopped in, each once."""
        return list(dict.fromkeys(stop.place for stop in self.itinerary.request.stops))


def _is_called(item: Item, offer: object, which: Which) -> bool:
    if which.modes and item.mode not in which.modes:
        return False
    if which.classes and not (isinstance(offer, StayOffer) and offer.stay_class in which.classes):
        return False
    if not which.names:
        return True
    said = [item.title.casefold()]
    if isinstance(offer, TransportOffer | TransferOffer):
        said = [offer.operator.casefold(), *([offer.service.casefold()] if isinstance(offer, TransportOffer) else [])]
    return any(name == item.offer_id or any(name.casefold() in each for each in said) for name in which.names)


def _is_tagged(offer: object, which: Which) -> bool:
    tags = offer.tags if isinstance(offer, TransportOffer | StayOffer | ActivityOffer) else frozenset[str]()
    some = not which.tags or any(tag in tags for tag in which.tags)
    return some and all(tag in tags for tag in which.with_tags) and not any(tag in tags for tag in which.without_tags)


def _is_where(item: Item, offer: object, which: Which) -> bool:
    spot = item.spot if item.spot is not None else item.destination
    if which.places and (spot is None or spot.place not in which.places):
        return False
    if which.out_of and not (item.type is not ItemType.TRANSFER and item.origin and item.origin.place in which.out_of):
        return False
    if which.near is None:
        return True
    at = item.spot
    if at is None or at.lat is None or at.lon is None:
        return False
    return _apart_km(at.lat, at.lon, which.near.lat, which.near.lon) <= which.near.km + 1e-6


def _is_sized(item: Item, offer: object, which: Which) -> bool:
    km = offer.km if isinstance(offer, TransportOffer | TransferOffer) else None
    if which.shorter_km is not None and (km is None or km >= which.shorter_km):
        return False
    if which.longer_km is not None and (km is None or km <= which.longer_km):
        return False
    score = offer.rating if isinstance(offer, StayOffer) else offer.score if isinstance(offer, ActivityOffer) else None
    if which.least_score is not None and (score is None or score < which.least_score):
        return False
    if which.most_kes is None or item.price is None:
        return True
    price = item.price.kes
    if isinstance(offer, StayOffer) and offer.nightly is not None:
        price = offer.nightly.kes
    return price <= which.most_kes


def _is_timed(item: Item, kind: Kind | None, which: Which) -> bool:
    limits = (which.leaves_before, which.leaves_after, which.arrives_before, which.arrives_after)
    if which.overnight is None and all(limit is None for limit in limits):
        return True
    if kind is not Kind.TRANSPORT or item.offer_id is None:
        return False
    if which.overnight is not None and (item.end.date() > item.start.date()) is not which.overnight:
        return False
    return (
        _is_before(item.start, which.leaves_before)
        and _is_before(which.leaves_after, item.start)
        and _is_before(item.end, which.arrives_before)
        and _is_before(which.arrives_after, item.end)
    )


def _is_before(one: time | datetime | None, other: time | datetime | None) -> bool:
    """Whether one moment is before another; a bare time is compared with the time of day."""
    if one is None or other is None:
        return True
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return _clock(one) < _clock(other)


def _clock(moment: time | datetime) -> time:
    return moment.time() if isinstance(moment, datetime) else moment


def great_circle_km(one: Spot, other: Spot) -> float:
    """Distance of two spots with known positions."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        raise ValueError(f"the position of {one.id} or {other.id} is not known")
    return _apart_km(one.lat, one.lon, other.lat, other.lon)


def _apart_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance by the spherical law of cosines."""
    a, b, turn = radians(lat), radians(other_lat), radians(other_lon - lon)
    cosine = min(1.0, max(-1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(turn)))
    return acos(cosine) * 180 / 3.141592653589793 * KM_A_DEGREE


def _keeps(item: Item, rule: Timed) -> bool:
    """Whether a visit is at the times of the rule."""
    begins, ends = item.start, item.end
    day = begins.date()

    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, begins.tzinfo)

    return (
        item.type in (ItemType.ACTIVITY, ItemType.EVENT, ItemType.MEAL)
        and (rule.begins is None or begins <= at(rule.begins) <= ends)
        and (rule.ends is None or begins <= at(rule.ends) <= ends)
        and (rule.not_before is None or begins >= at(rule.not_before))
        and (rule.not_after is None or ends <= at(rule.not_after))
        and (rule.minutes is None or ends - begins >= timedelta(minutes=rule.minutes))
    )


def _is_allowance(item: Item) -> bool:
    return item.type is ItemType.MEAL and item.offer_id is None


def _nights(item: Item, which: Which) -> set[date]:
    """Nights of a bed that a selector is about: who comes before noon has come for the night before."""
    if item.type is not ItemType.STAY:
        return set()
    first: date = item.start.date() - timedelta(days=item.start.hour < 12)
    nights = {first + timedelta(days=n) for n in range((item.end.date() - first).days)}
    return nights & which.on if which.on else nights


def _dates(item: Item) -> set[date]:
    """The dates an item belongs to: of a bed its nights."""
    return _nights(item, Which()) if item.type is ItemType.STAY else {item.start.date()}


def _cost(item: Item, which: Which) -> int:
    """What an item costs on the dates of a selector."""
    if item.type is ItemType.STAY and which.on:
        return item.price_kes * len(_nights(item, which)) // len(_nights(item, Which()))
    return item.price_kes
