"""Offers of many sources as one list: the same thing once, and no guess of the guide beside what a source has seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.kinds import Basis, Mode, StayClass
from planner.model import Offer, Price, StayOffer, TransportOffer

_SEEN = (Basis.LIVE, Basis.CACHED)
Flight = tuple[str, str, date]  # from which town to which, on which day
Bed = tuple[str, StayClass]


def best_known(offers: Sequence[Offer]) -> list[Offer]:
    """What is worth choosing from, in the order given.

    Where a source has seen seats on flights between two towns on a day, flights that the guide only supposes (no times
    of their own) are left out; where one has seen beds of a class in a town, so are the guide's beds of that class,
    whose price is a band and whose availability nobody knows.
    """
    flown = {_flight(offer) for offer in offers if _is_flight(offer) and _is_seen(_price(offer))}
    let = {_bed(offer) for offer in offers if isinstance(offer, StayOffer) and _is_seen(offer.nightly)}

    def is_guess(offer: Offer) -> bool:
        if isinstance(offer, StayOffer):
            return _bed(offer) in let and not _is_seen(offer.nightly)
        return _is_flight(offer) and _flight(offer) in flown and not _is_seen(_price(offer)) and _supposed(offer)

    return [offer for offer in offers if not is_guess(offer)]


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


def _price(offer: Offer) -> Price | None:
    return offer.nightly if isinstance(offer, StayOffer) else offer.price


def _is_seen(price: Price | None) -> bool:
    return price is not None and price.basis in _SEEN
