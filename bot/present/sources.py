"""How sources are called in sentences, and which of them could not be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.i18n import age, listed, soon, spoken, t
from planner.model import Basis, Offer, Price, StayOffer
from providers.base import Kind, Outcome, Status

# Of every source on the network, by its name; a test holds this against the sources, which the web must not import.
SERVICES: Final[Mapping[str, str]] = {
    "booking": "Booking.com",
    "buupass": "BuuPass",
    "duffel": "Duffel",
    "duffel_stays": "Duffel Stays",
    "eventbrite": "Eventbrite",
    "iabiri": "IABIRI",
    "karibu": "Karibu Taxi",
    "local_events": "Local event sites",
    "operator_pages": "Coach companies' pages",
    "overpass": "OpenStreetMap's Overpass",
}
_IN_SWAHILI: Final[Mapping[str, str]] = {  # of those that are no names
    "local_events": "Tovuti ya matukio",
    "operator_pages": "Tovuti ya kampuni za basi",
}
_GUIDE: Final[Mapping[str, str]] = {"sgr": "SGR"}
_SILENT: Final = (Status.TIMED_OUT, Status.FAILED)


def provider_name(name: str, lang: str = "en") -> str:
    """How a source is called in a sentence: "buupass" → "BuuPass", "guide_buses" → "Guide buses"."""
    swahili = _IN_SWAHILI.get(name) if spoken(lang) == "sw" else None
    return swahili or SERVICES.get(name) or _GUIDE.get(name) or name.replace("_", " ").capitalize()


def price_of(offer: Offer) -> Price | None:
    """What is charged for an offer, of a bed for one night."""
    return offer.nightly if isinstance(offer, StayOffer) else offer.price


def not_reached(
    kind: Kind, outcomes: Sequence[Outcome], offers: Sequence[Offer], lang: str, now: datetime | None
) -> str:
    """Who did not answer, with what is shown instead and when to ask again, in one line; "" when all did.

    Sources whose earlier prices are shown have a sentence each; those that ask to wait for as long share one, and so do
    the rest.
    """
    if kind is Kind.EVENTS and (names := _all_out(outcomes, lang)):
        return t(lang, "events_back_soon", names=listed(lang, names))
    silent = [o for o in outcomes if o.status in _SILENT or (o.status is Status.CACHED and o.detail and not o.offers)]
    older = [o for o in outcomes if o.offers and not o.reached]
    return " ".join((*_silent(silent, offers, lang), *(_older(outcome, lang, now) for outcome in older)))


def is_out(outcomes: Sequence[Outcome]) -> bool:
    """Whether a source on the network could not be reached and has nothing earlier to show."""
    return any(o.provider in SERVICES and o.status in _SILENT for o in outcomes)


def _all_out(outcomes: Sequence[Outcome], lang: str) -> list[str]:
    """The services asked, when none of them was reached and none has earlier offers."""
    asked = [o for o in outcomes if o.provider in SERVICES and o.status is not Status.SKIPPED]
    if any(o.reached or o.offers for o in asked):
        return []
    return list(dict.fromkeys(provider_name(o.provider, lang) for o in asked))


def _silent(silent: Sequence[Outcome], offers: Sequence[Offer], lang: str) -> Iterator[str]:
    prices = [price for offer in offers if (price := price_of(offer))]
    from_guide = (price.basis in (Basis.GUIDE, Basis.ESTIMATE) and not price.sample for price in prices)
    guide = "_guide" if prices and all(from_guide) else ""
    if mute := dict.fromkeys(provider_name(o.provider, lang) for o in silent if o.retry_after is None):
        yield t(lang, f"did_not_answer{guide}", names=listed(lang, list(mute)))
    waiting: dict[str, list[str]] = {}
    for outcome in silent:
        if outcome.retry_after is not None:
            waiting.setdefault(soon(lang, outcome.retry_after), []).append(provider_name(outcome.provider, lang))
    for asked_again, names in waiting.items():
        yield t(lang, f"busy{guide}", names=listed(lang, names), soon=asked_again)


def _older(outcome: Outcome, lang: str, now: datetime | None) -> str:
    """ "Duffel can't answer right now: prices from 12 min ago; try again in a minute."."""
    moments = [
        price.seen_at for offer in outcome.offers if (price := price_of(offer)) and isinstance(price.seen_at, datetime)
    ]
    name, when = provider_name(outcome.provider, lang), age(lang, min(moments, default=None), now)
    if outcome.retry_after is None:
        return t(lang, "older_prices", names=name, when=when)
    return t(lang, "busy_older", names=name, when=when, soon=soon(lang, outcome.retry_after))
