"""Where to get a local ride: Uber, a taxi company on WhatsApp, the way on a map. Nobody is told before one taps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.i18n import day, people, t
from bot.replies import Link
from bot.tasks import SearchTask
from planner.model import Mode, Offer, TransferOffer
from providers import links
from providers.sources.guide_transfers import UBER_TOWNS

_LONGEST = 80  # of a place in a traveller's own words


def ride_links(offers: Sequence[Offer], task: SearchTask, keys: Mapping[str, str]) -> tuple[Link, ...]:
    """The links for the ride that an answer is about, none for other answers.

    A taxi between two known points in a town of Uber's has Uber as its booking link already. From a point without a
    position (the SGR termini) Uber starts where the phone is. The message to the taxi company says from where to where
    when and for how many, and waits for the traveller to send it.
    """
    rides = [offer for offer in offers if isinstance(offer, TransferOffer)]
    return tuple(_links(rides, task, keys.get("TAXI_WHATSAPP", ""))) if rides else ()


def _links(rides: Sequence[TransferOffer], task: SearchTask, number: str) -> Iterator[Link]:
    ride, lang = rides[0], task.lang
    origin, destination = ride.origin, ride.destination
    driven = any(offer.mode is Mode.TAXI for offer in rides)
    unlinked = driven and not any(offer.booking_url for offer in rides)
    if unlinked and {origin.place, destination.place} <= UBER_TOWNS and destination.lat is not None:
        yield Link(t(lang, "uber_link"), links.uber(None, destination))
    if driven and number:
        words = t(
            lang, "taxi_question", start=origin.name[:_LONGEST], end=destination.name[:_LONGEST],
            day=day(lang, task.start), people=people(lang, task.party.size),
        )  # fmt: skip
        yield Link(t(lang, "taxi_link"), links.wa_me(words, number))
    yield Link(t(lang, "map_link"), links.google_maps_dir(origin, destination))
