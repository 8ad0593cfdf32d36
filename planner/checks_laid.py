"""A finished plan laid out for checking: what one does in order, the beds, and where each item came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.checks_required import great_circle_km
from planner.model import (
    ActivityOffer,
    Item,
    ItemType,
    Itinerary,
    Offers,
    StayOffer,
    TransferOffer,
    TransportOffer,
    TripRequest,
)

NOON = 12  # o'clock


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The itinerary laid out for checking."""

    itinerary: Itinerary
    request: TripRequest
    offers: Offers | None
    items: tuple[Item, ...]
    line: tuple[Item, ...]  # what one does, in order: beds and unscheduled meals left out
    beds: tuple[Item, ...]

    @classmethod
    def of(cls, itinerary: Itinerary, request: TripRequest, offers: Offers | None) -> LaidOut:
        """An itinerary with what it was asked for and, where known, what was on offer."""
        items = tuple(sorted(itinerary.items, key=lambda item: (item.start, item.end)))
        beds = tuple(i for i in items if i.type is ItemType.STAY or (i.type is ItemType.OWN and i.spot is not None))
        line = tuple(i for i in items if i not in beds and not (i.type is ItemType.MEAL and i.start == i.end))
        return cls(itinerary, request, offers, items, line, beds)

    def on_holiday(self, day: date) -> bool:
        """Whether a day is a public holiday, as far as the offers say."""
        return self.offers is not None and day in self.offers.holidays

    @property
    def moves(self) -> tuple[Item, ...]:
        """What leads from one spot to another."""
        return tuple(item for item in self.line if item.origin is not None)


def first_night(bed: Item) -> date:
    """Beds are taken in the afternoon; who comes before noon has come after midnight, for the night before."""
    return bed.start.date() - timedelta(days=bed.start.hour < NOON)


def nights_of(bed: Item) -> Iterator[date]:
    """The nights a bed is for."""
    night = first_night(bed)
    while night < bed.end.date():
        yield night
        night += timedelta(days=1)


def offer_of(trip: LaidOut, item: Item) -> object:
    """The offer an item came from; None when there is none."""
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


def _by_distance(trip: LaidOut, item: Item) -> TransferOffer | None:
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
