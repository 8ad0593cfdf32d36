"""Asking sources again what something costs, before anybody is sent off to pay for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

import httpx
import structlog

from bot import outward
from bot.outward import Looked
from bot.planning import Sources
from bot.wiring import App
from planner.model import Item, Itinerary, Offer
from providers import duffel_links
from providers.base import Outcome, Provider, ProviderError, Query
from providers.repricing import Asked, Standing, Verdict, about_item, due_at, question, verdict
from providers.search import Build, run, search_all
from storage import codec
from storage.links import LinkRow

log = structlog.get_logger(__name__)

DEADLINE = 3.0  # seconds for all sources together: somebody is waiting to pay
Key = TypeVar("Key", bound=Hashable)


def check_link(app: App, token: str) -> None:
    """Look at the price behind a link again and keep what came of it, with a page to book on where one is made."""
    with app.store.reading() as s:
        link = app.store.links.get(s, token)
    if link is None or link.told is None or link.verdict is not None:
        return
    asked = outward.question_of(link.told)
    if asked is None:
        found = Verdict(Standing.UNKNOWN)
    elif link.due:
        found = again({token: (asked, link.told.kes)}, app.sources, app.now())[token]
    else:
        found = Verdict(Standing.SAME)
    wanted = found.standing is not Standing.GONE and outward.is_booked_by_session(link.told, app.settings.providers)
    made = Looked(found, _session(app, link) if wanted else "")
    with app.store.session() as s:
        app.store.links.judge(s, token, codec.dump(made))


def of_trip(trip: Itinerary, sources: Sources, now: datetime) -> dict[str, Verdict]:
    """What became of the prices of a trip that are no longer new, by item id. What is booked is not asked for."""
    return of_items([item for item in trip.items if not item.booked], trip, sources, now)


def of_items(items: Sequence[Item], trip: Itinerary, sources: Sources, now: datetime) -> dict[str, Verdict]:
    """The same for some of its items."""
    asked: dict[str, tuple[Asked, int]] = {}
    for item in items:
        due, about = due_at(item.price), about_item(item, trip.request)
        if due is not None and due <= now and about is not None and item.price is not None:
            asked[item.id] = about, item.price.kes
    return again(asked, sources, now)


def again(asked: Mapping[Key, tuple[Asked, int]], sources: Sources, now: datetime) -> dict[Key, Verdict]:
    """Ask each source its own questions anew, all at once, and compare with what was told. The past is not asked."""
    queries = {
        key: question(about, sources.gazetteer.get) for key, (about, _) in asked.items() if about.start >= now.date()
    }
    own: dict[str, list[Query]] = {}
    for key, query in queries.items():
        if query is not None:
            own.setdefault(asked[key][0].provider, []).append(query)
    heard: list[tuple[Query, Outcome]] = []
    if own:
        builds = [_Own(build, own[name]) for build in sources.providers if (name := getattr(build, "name", "")) in own]
        search_all(
            [query for mine in own.values() for query in mine], builds, DEADLINE,
            keys=sources.keys, open_http=sources.open_http, on_outcome=lambda *answer: heard.append(answer),
        )  # fmt: skip
    return {
        key: verdict(about, kes, [outcome for query, outcome in heard if query == queries.get(key)])
        for key, (about, kes) in asked.items()
    }


@dataclass(frozen=True, slots=True)
class _Own:
    """Builds a source that is asked its own questions alone, and not those that are for others of its kind."""

    build: Build
    queries: Sequence[Query]

    def __call__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Provider:
        return cast(Provider, _Narrowed(self.build(http, keys), self.queries))


class _Narrowed:
    def __init__(self, source: Provider, queries: Sequence[Query]) -> None:
        self._source, self._queries = source, queries
        self.name, self.kinds, self.needs = source.name, source.kinds, source.needs

    def covers(self, query: Query) -> bool:
        return query in self._queries and self._source.covers(query)

    async def search(self, query: Query) -> Sequence[Offer]:
        return await self._source.search(query)


def _session(app: App, link: LinkRow) -> str:
    """The address of a page to book on, "" when none could be made: the offer's own address serves as well."""
    keys, page = app.sources.keys, app.settings.public_url
    if link.trip_id is not None:
        with app.store.session() as s:
            page = f"{page}/t/{app.store.trips.token(s, link.trip_id)}"

    async def ask(http: httpx.AsyncClient) -> str:
        return await duffel_links.session(
            http, keys, reference=link.token, success_url=page, failure_url=page, abandonment_url=page
        )

    try:
        url = run(ask, app.sources.open_http)
    except ProviderError as exc:
        log.warning("no booking page was made", error=str(exc))
        return ""
    return url if outward.is_session(url) else ""
