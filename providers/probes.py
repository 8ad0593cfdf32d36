"""One real question for each service on the network, to see whether it still answers the way it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from planner.model import Offer, Party, Place, StayOffer
from providers import fx
from providers import http as web
from providers import weather as forecasts
from providers.base import Kind, Outcome, Provider, ProviderError, Query, Status
from providers.guidebook import centre, places
from providers.memory import Memory
from providers.points import gates
from providers.search import Open, run, search_all
from providers.switchboard import Choice, connect

AHEAD = timedelta(days=21)  # far enough for seats, near enough to be on sale
PATIENCE = 15.0  # seconds for one source: nobody waits but the operator


def probe(kind: Kind, today: date) -> Query:
    """A question that somebody might well ask, and that ought to have an answer."""
    first, two = today + AHEAD, Party(2)
    coast, capital = _place("mombasa"), _place("nairobi")
    if kind in (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS):
        return Query(kind, coast, first, first, two, capital, newest=True)
    if kind is Kind.TRANSFERS:
        return Query(kind, coast, first, first, two, spots=(gates(coast.slug)[0], centre(coast)), newest=True)
    if kind is Kind.EVENTS:
        return Query(kind, capital, today, first, two, newest=True)
    return Query(kind, coast, first, first + timedelta(days=2), two, newest=True)


def ask(
    provider: type[Provider], keys: Mapping[str, str], memory: Memory, today: date, open_http: Open | None = None
) -> list[Outcome]:
    """What a source says to a question of each of its kinds, over the wire; `open_http` may listen in."""
    board = connect([Choice(provider)], keys, memory)
    queries = [probe(kind, today) for kind in sorted(provider.kinds)]
    return search_all(queries, board.providers, PATIENCE, keys=keys, open_http=open_http or board.open_http)


def rates(keys: Mapping[str, str]) -> tuple[str, bool]:
    """What the exchange rate services say, for an operator, and whether that is any good."""
    try:
        found = run(lambda http: fx.Desk().rates(http, keys), partial(web.client, web.agent(keys)))
    except ProviderError as exc:
        return str(exc), False
    return rate(found), not found.approximate


def rate(found: fx.Rates) -> str:
    """ "KES 129.25 for a dollar on 22 Nov 2026 (ExchangeRate-API)"."""
    when = "about" if found.approximate else f"on {found.as_of:%d %b %Y}"
    return f"KES {found.per_usd[fx.PLANNED_IN]:,.2f} for a dollar {when} ({found.source})"


def weather(keys: Mapping[str, str], today: date) -> tuple[str, bool]:
    """What the weather service says of tomorrow in Mombasa, for an operator, and whether it said anything."""
    day = today + timedelta(days=1)
    try:
        found = run(
            lambda http: forecasts.forecast(http, keys, [_place("mombasa")], day, day, today),
            partial(web.client, web.agent(keys)),
        )
    except ProviderError as exc:
        return str(exc), False
    return f"{len(found)} day forecast" if found else "answers, and forecasts nothing", bool(found)


def told(outcomes: Sequence[Outcome]) -> str:
    """What came of it, for an operator: "12 offers in 840 ms, from KES 8,900"."""
    offers = [offer for outcome in outcomes for offer in outcome.offers]
    slowest = max((outcome.millis for outcome in outcomes), default=0)
    if failed := [outcome.detail for outcome in outcomes if outcome.status in (Status.FAILED, Status.TIMED_OUT)]:
        return f"{'; '.join(failed)} (after {slowest} ms)"
    if not offers:
        return f"answers, and has nothing to our question ({slowest} ms)"
    prices = [kes for offer in offers if (kes := _kes(offer)) is not None]
    cheapest = f", from KES {min(prices):,}" if prices else ", none with a price"
    return f"{len(offers)} offers in {slowest} ms{cheapest}"


def _kes(offer: Offer) -> int | None:
    price = offer.nightly if isinstance(offer, StayOffer) else offer.price
    return None if price is None else price.kes


def _place(slug: str) -> Place:
    return places()[slug]
