"""Departures of several sources as one list: the same coach once, told by whoever knows most about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from planner.kinds import Basis, Mode
from planner.model import TransportOffer
from providers.sources.guide_buses import names_of

SAME = timedelta(minutes=10)  # between the times two sellers print for one departure
_TRUST = {basis: rank for rank, basis in enumerate(Basis)}  # live, cached, guide, estimate


def without_repeats(offers: Sequence[TransportOffer]) -> list[TransportOffer]:
    """Each departure once, in the order given: coaches of one company that leave for one town together are one.

    A price that was seen goes before one that was printed, then the cheaper one. Where hours of a company's coaches are
    known, those that the guide only supposes are left out. What is made up replaces nothing that is real.
    """
    coaches = [offer for offer in offers if offer.mode in (Mode.BUS, Mode.MATATU)]
    kept: dict[tuple[str, str], list[TransportOffer]] = {}
    for offer in sorted(coaches, key=_best_first):
        others = kept.setdefault(_way(offer), [])
        if not any(_replaces(other, offer) for other in others):
            others.append(offer)
    ids = {offer.id for found in kept.values() for offer in found}
    return [offer for offer in offers if offer.mode not in (Mode.BUS, Mode.MATATU) or offer.id in ids]


def _best_first(offer: TransportOffer) -> tuple[bool, bool, int, int, str]:
    return offer.price.sample, offer.times_assumed, _TRUST[offer.price.basis], offer.price.kes, offer.id


def _way(offer: TransportOffer) -> tuple[str, str]:
    return offer.origin.place, offer.destination.place


def _replaces(other: TransportOffer, offer: TransportOffer) -> bool:
    """Whether the better one of two on the same way is the other one once more."""
    if other.provider == offer.provider or not _one_company(other.operator, offer.operator):
        return False
    same_day = other.depart.date() == offer.depart.date()
    if offer.times_assumed and not other.times_assumed:
        return same_day
    return abs(other.depart - offer.depart) <= SAME


def _one_company(one: str, other: str) -> bool:
    return one.casefold() == other.casefold() or bool(names_of(one) & names_of(other))
