"""Departures of several sources as one list: the same coach once, told by whoever knows most about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from planner.kinds import Basis, Mode
from planner.model import TransportOffer
from providers.sources.guide_buses import name_words

SAME = timedelta(minutes=10)  # between the times two sellers print for one departure
_TRUST = {basis: rank for rank, basis in enumerate(Basis)}  # live, cached, guide, estimate


def without_repeats(offers: Sequence[TransportOffer]) -> list[TransportOffer]:
    """Each departure once, in the order given: coaches of one company that leave for one town together are one.

    A price that was seen goes before one that was printed, then the cheaper one. Where hours of a company's coaches are
    known, those that the guide only supposes are left out.
    """
    coaches = [offer for offer in offers if offer.mode in (Mode.BUS, Mode.MATATU)]
    kept: dict[tuple[object, ...], list[TransportOffer]] = {}
    for offer in sorted(coaches, key=_best_first):
        others = kept.setdefault(_way(offer), [])
        if not any(_replaces(other, offer) for other in others):
            others.append(offer)
    ids = {offer.id for found in kept.values() for offer in found}
    return [offer for offer in offers if offer.mode not in (Mode.BUS, Mode.MATATU) or offer.id in ids]


def _best_first(offer: TransportOffer) -> tuple[bool, bool, int, int, str]:
    return offer.times_assumed, offer.price.sample, _TRUST[offer.price.basis], offer.price.kes, offer.id


def _way(offer: TransportOffer) -> tuple[object, ...]:
    return name_words(offer.operator) or offer.operator, offer.origin.place, offer.destination.place


def _replaces(other: TransportOffer, offer: TransportOffer) -> bool:
    if other.provider == offer.provider:
        return False
    same_day = other.depart.date() == offer.depart.date()
    if offer.times_assumed and not other.times_assumed:
        return same_day
    return abs(other.depart - offer.depart) <= SAME
