"""Short ways to ask the guide something in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from planner.model import Offer, Party, Place, Residency, Spot, StayOffer
from providers import gazetteer
from providers.base import Kind, Outcome, Query
from providers.registry import enabled
from providers.search import search_all

FRIDAY = date(2026, 11, 27)
SUNDAY = date(2026, 11, 29)
TWO = Party(2)
NO_KEYS: Mapping[str, str] = {}


def place(slug: str) -> Place:
    """A place that must exist."""
    found = gazetteer.load().get(slug)
    assert found is not None, slug
    return found


def party(
    adults: int = 2, children: int = 0, residency: Residency = Residency.CITIZEN, ages: tuple[int, ...] = ()
) -> Party:
    """A party of any kind."""
    return Party(adults, children, ages, residency)


def ask(
    kind: Kind,
    destination: str,
    start: date = FRIDAY,
    end: date | None = None,
    *,
    origin: str | None = None,
    who: Party = TWO,
    spots: tuple[Spot, ...] = (),
    origin_point: str = "",
    destination_point: str = "",
    budget: int | None = None,
) -> Query:
    """A query by slugs."""
    return Query(
        kind=kind,
        destination=place(destination),
        start=start,
        end=end or start,
        party=who,
        origin=place(origin) if origin else None,
        spots=spots,
        origin_point=origin_point,
        destination_point=destination_point,
        budget_kes=budget,
    )


def answers(query: Query) -> list[Outcome]:
    """What the whole guide says to one query."""
    return search_all([query], enabled(NO_KEYS, offline=True), deadline=10)


def offered(query: Query) -> list[Offer]:
    """Everything the whole guide offers for one query."""
    return [offer for outcome in answers(query) for offer in outcome.offers]


def prices(offers: Sequence[Offer]) -> list[int | None]:
    """The planning amounts of some offers, in order."""
    found = [offer.nightly if isinstance(offer, StayOffer) else offer.price for offer in offers]
    return [None if price is None else price.kes for price in found]
