"""Offers of many sources as one list: the same thing once, and no guess of the guide beside what a source has seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeGuard

from planner.model import (
    ActivityOffer,
    Basis,
    ItemType,
    Mode,
    Offer,
    Price,
    StayClass,
    StayOffer,
    TransferOffer,
    TransportOffer,
)
from providers import event_merging, merging

_SEEN = (Basis.LIVE, Basis.CACHED)
Flight = tuple[str, str, date]  # from which town to which, on which day
Bed = tuple[str, StayClass]


def best_known(offers: Sequence[Offer]) -> list[Offer]:
    """What is worth choosing from, in the order given: no departure and no event twice.

    Where a source has seen seats on flights between two towns on a day, flights that the guide only supposes (no times
    of their own) are left out; where one has seen beds of a class in a town, so are the guide's beds of that class,
    whose price is a band and whose availability nobody knows.
    """
    flown = {_flight(offer) for offer in offers if _is_flight(offer) and _is_seen(offer)}
    let = {_bed(offer) for offer in offers if isinstance(offer, StayOffer) and _is_seen(offer)}

    def is_guess(offer: Offer) -> bool:
        if isinstance(offer, StayOffer):
            return _bed(offer) in let and not _is_seen(offer)
        return _is_flight(offer) and _flight(offer) in flown and not _is_seen(offer) and _supposed(offer)

    once: dict[str, Offer] = {}
    for departure in merging.without_repeats([offer for offer in offers if isinstance(offer, TransportOffer)]):
        once[departure.id] = departure
    for event in event_merging.without_repeats([offer for offer in offers if _is_event(offer)]):
        once[event.id] = event
    found: list[Offer] = []
    for offer in offers:
        single = once.get(offer.id) if _is_event(offer) or isinstance(offer, TransportOffer) else offer
        if single is not None and not is_guess(single):
            found.append(single)
    return found


def real_first(offers: Sequence[Offer]) -> list[Offer]:
    """Without made-up offers wherever there is a real one for the same way and day, or for the same town."""
    real = {_for_what(offer) for offer in offers if (price := _price(offer)) is not None and not price.sample}
    return [offer for offer in offers if not _is_sample(offer) or _for_what(offer) not in real]


def _for_what(offer: Offer) -> tuple[object, ...]:
    """What an offer is a choice for: travelling a way on a day, a ride, a bed in a town, something to do there."""
    if isinstance(offer, TransportOffer):
        return type(offer), offer.origin.place, offer.destination.place, offer.depart.date()
    if isinstance(offer, TransferOffer):
        return type(offer), offer.origin.id, offer.destination.id
    return type(offer), offer.spot.place


def _is_sample(offer: Offer) -> bool:
    price = _price(offer)
    return price is not None and price.sample


def _price(offer: Offer) -> Price | None:
    return offer.nightly if isinstance(offer, StayOffer) else offer.price


def _is_event(offer: Offer) -> TypeGuard[ActivityOffer]:
    return isinstance(offer, ActivityOffer) and offer.kind is ItemType.EVENT


def _is_flight(offer: Offer) -> bool:
    return isinstance(offer, TransportOffer) and offer.mode is Mode.FLIGHT


def _supposed(offer: Offer) -> bool:
    return isinstance(offer, TransportOffer) and offer.times_assumed


def _flight(offer: Offer) -> Flight | None:
    if not isinstance(offer, TransportOffer):
        return None
    return offer.origin.place, offer.destination.place, offer.depart.date()


def _bed(offer: StayOffer) -> Bed:
    return offer.spot.place, offer.stay_class


def _is_seen(offer: Offer) -> bool:
    price = _price(offer)
    return price is not None and price.basis in _SEEN
