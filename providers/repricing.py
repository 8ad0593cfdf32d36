"""Whether a price that was told still holds: what to ask its source again, and what the answer means. Pure.

Prices of the guide and estimates have no source that could be asked; what a live source said is good for as long as
the source holds to it, and for a quarter of an hour at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from planner.model import (
    Basis,
    Item,
    ItemType,
    Mode,
    Offer,
    Party,
    Place,
    Price,
    Spot,
    StayOffer,
    TransportOffer,
    TripRequest,
    Wishes,
)
from providers.base import Kind, Outcome, Query

GOOD_FOR = timedelta(minutes=15)
_KINDS = {
    ItemType.BUS: Kind.BUSES,
    ItemType.TRAIN: Kind.TRAINS,
    ItemType.FLIGHT: Kind.FLIGHTS,
    ItemType.STAY: Kind.HOTELS,
    ItemType.ACTIVITY: Kind.ACTIVITIES,
    ItemType.EVENT: Kind.EVENTS,
    ItemType.TRANSFER: Kind.TRANSFERS,
}
_MODES = {Mode.BUS: Kind.BUSES, Mode.MATATU: Kind.BUSES, Mode.TRAIN: Kind.TRAINS, Mode.FLIGHT: Kind.FLIGHTS}
_LAST_NIGHTS_ARRIVAL = timedelta(hours=12)  # who comes before noon sleeps the night before


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that an offer answered, with slugs where a Query has places: enough to put it again."""

    provider: str
    kind: Kind
    offer_id: str
    destination: str
    start: date
    end: date
    party: Party
    origin: str | None = None
    spots: tuple[Spot, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    origin_point: str = ""
    destination_point: str = ""


class Standing(StrEnum):
    """What became of a price; UNKNOWN when its source could not be reached."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a price, and the newer one of an offer that is still there."""

    standing: Standing
    price: Price | None = None

    @property
    def kes(self) -> int | None:
        """The newer price in shillings."""
        return None if self.price is None else self.price.kes


def due_at(price: Price | None) -> datetime | None:
    """From when on a price has to be asked for again before one acts on it; None where nobody can be asked."""
    if price is None or price.basis not in (Basis.LIVE, Basis.CACHED) or not isinstance(price.seen_at, datetime):
        return None
    limit = price.seen_at + GOOD_FOR
    return limit if price.expires_at is None else min(limit, price.expires_at)


def about_item(item: Item, request: TripRequest) -> Asked | None:
    """The question behind a line of a trip; None for a line no source offered, or whose place is not known."""
    kind, spot = _KINDS.get(item.type), item.spot or item.destination
    if kind is None or spot is None or item.offer_id is None or not item.provider:
        return None
    start, end = item.start.date(), item.start.date()
    if kind is Kind.HOTELS:
        start, end = (item.start - _LAST_NIGHTS_ARRIVAL).date(), item.end.date()
    spots = (item.origin, item.destination) if kind is Kind.TRANSFERS and item.origin and item.destination else ()
    origin = item.origin.place if item.origin is not None else None
    return Asked(
        item.provider, kind, item.offer_id, spot.place, start, end, request.party, origin, spots, request.wishes
    )


def about_offer(offer: Offer, query: Query) -> Asked:
    """The question behind an offer that answered this one, or one like it for another way to travel."""
    kind = _MODES.get(offer.mode, query.kind) if isinstance(offer, TransportOffer) else query.kind
    return Asked(
        offer.provider,
        kind,
        offer.id,
        query.destination.slug,
        query.start,
        query.end,
        query.party,
        query.origin.slug if query.origin else None,
        query.spots,
        query.wishes,
        query.origin_point,
        query.destination_point,
    )


def question(asked: Asked, place: Callable[[str], Place | None]) -> Query | None:
    """The question to put, to be answered afresh; None when a place is no longer known. `place` finds one by slug."""
    destination, origin = place(asked.destination), place(asked.origin) if asked.origin else None
    if destination is None or (asked.origin and origin is None):
        return None
    return Query(
        asked.kind, destination, asked.start, asked.end, asked.party, origin, asked.wishes,
        spots=asked.spots, origin_point=asked.origin_point, destination_point=asked.destination_point, newest=True,
    )  # fmt: skip


def verdict(asked: Asked, told_kes: int, outcomes: Sequence[Outcome]) -> Verdict:
    """What the source's answers say about an offer for which `told_kes` was told, of a stay for all its nights."""
    heard = [outcome for outcome in outcomes if outcome.provider == asked.provider and outcome.reached]
    if not heard:
        return Verdict(Standing.UNKNOWN)
    offer = next((o for outcome in heard for o in outcome.offers if o.id == asked.offer_id), None)
    if offer is None:
        return Verdict(Standing.GONE)
    price = price_for(offer, asked.start, asked.end)
    if price is None:
        return Verdict(Standing.UNKNOWN)
    return Verdict(Standing.SAME if price.kes == told_kes else Standing.CHANGED, price)


def renewed(item: Item, verdicts: Mapping[str, Verdict]) -> Item:
    """A line with the price as it was just seen, where it was looked at again."""
    found = verdicts.get(item.id)
    return item if found is None or found.price is None else replace(item, price=found.price)


def price_for(offer: Offer, start: date, end: date) -> Price | None:
    """What is paid for an offer, of a bed for all nights from `start` to `end`."""
    if isinstance(offer, StayOffer):
        return offer.nightly and offer.nightly.times(max(1, (end - start).days))
    return offer.price
