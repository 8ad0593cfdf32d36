"""A traveller's search as a question to the sources, and what came back, with the nearest thing when nothing did."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bot.planning import Sources
from bot.tasks import SearchTask
from planner.model import Offer
from planner.places import Gazetteer
from providers import geocode
from providers.base import Kind, Outcome, Query
from providers.choosing import best_known
from providers.hubs import hubs
from providers.search import run
from providers.sources import guide_buses, guide_transfers

DEADLINE = 3.0  # seconds
AT_LEAST = 0.3  # … that a second look gets, which is enough for the guide
_OVERLAND = (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the sources. `extras` are operators without a known fare, `instead` other ways to get there.

    `change` is the town to change in (a slug) where the guide knows of no way without.
    """

    offers: tuple[Offer, ...]
    outcomes: tuple[Outcome, ...]
    extras: tuple[str, ...] = ()
    instead: tuple[Offer, ...] = ()
    change: str = ""


def query_of(task: SearchTask, gazetteer: Gazetteer) -> Query:
    """The task with places for slugs. Raises KeyError for a slug the gazetteer does not have."""
    destination = gazetteer.get(task.destination)
    if destination is None:
        raise KeyError(task.destination)
    return Query(
        kind=task.kind,
        destination=destination,
        start=task.start,
        end=task.end,
        party=task.party,
        origin=gazetteer.get(task.origin) if task.origin else None,
        wishes=task.wishes,
        budget_kes=task.budget_kes,
        origin_point=task.origin_point,
        destination_point=task.destination_point,
    )


def ask(query: Query, sources: Sources) -> Found:
    """Ask every source that covers the query; without any offer, ask for the other ways to get there."""
    query = on_the_map(query, sources)
    began = time.monotonic()
    outcomes = sources.search([query], DEADLINE)
    offers = _offers(outcomes)
    extras = tuple(o.name for o in guide_buses.operators(query)) if query.kind is Kind.BUSES else ()
    instead: tuple[Offer, ...] = ()
    change = ""
    if not offers and query.kind in _OVERLAND:
        others = [replace(query, kind=kind) for kind in _OVERLAND if kind is not query.kind]
        left = DEADLINE - (time.monotonic() - began)
        instead = _offers(sources.search(others, max(left, AT_LEAST)))
        if query.origin is not None and not extras:
            change = next((town.slug for town in hubs(query.origin, query.destination)), "")
    return Found(offers, tuple(outcomes), extras, instead, change)


def on_the_map(query: Query, sources: Sources) -> Query:
    """A ride to or from a point that is known by a traveller's words alone: with its position, where the map has it."""
    memory = sources.map_memory
    ways = guide_transfers.pairs(query) if query.kind is Kind.TRANSFERS else []
    if memory is None or len(ways) != 1 or not any(geocode.is_only_words(spot) for spot in ways[0]):
        return query
    origin, destination = run(lambda http: geocode.placed(http, sources.keys, memory, ways[0]), sources.open_http)
    return replace(query, ends=(origin, destination))


def _offers(outcomes: list[Outcome]) -> tuple[Offer, ...]:
    return tuple(best_known([offer for outcome in outcomes for offer in outcome.offers]))
