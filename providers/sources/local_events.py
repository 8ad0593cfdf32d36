"""Events in Kenya from the public listings of local sites.

What it is: the listing pages of Ticketsasa, AllEvents, Nairobi Events Guide and Tipsitickets, asked side by side. A
site that fails is left out and logged as a warning; only when all of them fail does the search.
Terms: not reviewed, nor are their robots.txt files. Off until LOCAL_EVENTS=1. One page a site and search, answers are
kept for six hours, the client says who it is, and only title, day, place, price and link are used, with the link.
Limits: the first page of each listing. AllEvents is asked for cities whose pages have been seen, Nairobi Events Guide
around Nairobi. No site tells how many tickets are left.
Oddities: AllEvents writes days without a year: the next such day is meant. Ticketsasa writes "Starting KES&nbsp;1,000",
Tipsitickets "Starting fromKES 2,750"; both are the cheapest ticket. Times without an offset are those of Kenya; in
Tipsitickets' data they are UTC and say so. Nairobi Events Guide names prices in its text alone.
Not verified: every one of these pages, live; that `?q=` of Ticketsasa looks for towns; the keys in Tipsitickets' data
and its links (`/event/<slug>?eventId=`), which are those of a public scraper.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import httpx

from planner.model import ActivityOffer, Offer
from providers import event_pages, listings
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.event_merging import without_repeats
from providers.event_pages import ALLEVENTS, NAIROBI_EVENTS_GUIDE, TICKETSASA, TIPSITICKETS, Page
from providers.fx import Desk, Rates
from providers.guidebook import KENYA_TIME
from providers.http import fetch
from providers.listings import Listing, Site

_ALLEVENTS_CITIES = ("nairobi", "mombasa", "kisumu")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a site is asked: the setting that may move it, its address, and the town whose own page it is."""

    site: Site
    setting: str
    base: str
    path: str
    params: Mapping[str, str] | None = None
    shelf: str = ""


def parse(
    body: bytes, query: Query, site: Site, *, seen_at: datetime, rates: Rates | None = None, shelf: str = ""
) -> list[ActivityOffer]:
    """The events of one page that the query asks for."""
    found = event_pages.read(Page(site, body, _day(seen_at), shelf))
    return listings.offers(found, query, site, provider=LocalEvents.name, seen_at=seen_at, rates=rates)


def _addresses(query: Query) -> Iterator[_Address]:
    town = query.destination
    yield _Address(TICKETSASA, "TICKETSASA_URL", "https://www.ticketsasa.com", "/events", {"q": town.name})
    yield _Address(TIPSITICKETS, "TIPSITICKETS_URL", "https://www.tipsitickets.com", "/")
    if city := listings.city_near(town, _ALLEVENTS_CITIES):
        yield _Address(ALLEVENTS, "ALLEVENTS_URL", "https://allevents.in", f"/{city}/all", shelf=city)
    if listings.city_near(town, ("nairobi",)):
        yield _Address(
            NAIROBI_EVENTS_GUIDE, "NAIROBIEVENTSGUIDE_URL", "https://nairobieventsguide.com", "/upcoming-events/",
            shelf="nairobi",
        )  # fmt: skip


def _day(seen_at: datetime) -> date:
    return seen_at.astimezone(KENYA_TIME).date()


def _together(errors: Sequence[ProviderError]) -> ProviderError:
    """One error for several sites that all failed."""
    waits = [error.retry_after for error in errors if error.retry_after is not None]
    return ProviderError(
        "; ".join(dict.fromkeys(str(error) for error in errors)),
        permanent=all(error.permanent for error in errors),
        retry_after=max(waits, default=None),
        at_once=all(error.at_once for error in errors),
    )


class LocalEvents:
    """Events from the listings of four local sites."""

    name: ClassVar[str] = "local_events"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.EVENTS})
    needs: ClassVar[tuple[str, ...]] = ("LOCAL_EVENTS",)
    policy: ClassVar[Policy] = Policy("Local event sites", "10/minute; 120/day", fresh=21_600)
    patience: float = 2.2  # seconds for one site: within the budget, or one that hangs would take the others along

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """Places in Kenya."""
        return query.kind in self.kinds and query.destination.country == "KE"

    async def search(self, query: Query) -> Sequence[Offer]:
        """The events of all sites that answer, each told once. Raises ProviderError when none of them does."""
        addresses = list(_addresses(query))
        answers = await asyncio.gather(*(self._listed(address) for address in addresses), return_exceptions=True)
        found, errors = [], []
        for address, answer in zip(addresses, answers, strict=True):
            if isinstance(answer, ProviderError):
                errors.append(answer)
                _log.warning("one of the event sites was left out: %s", answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found.append((address.site, *answer))
        if not found:
            raise _together(errors)
        rates = await self._rates([listing for _, each, _ in found for listing in each], query)
        offers: list[ActivityOffer] = []
        for site, each, seen_at in found:
            offers += listings.offers(each, query, site, provider=self.name, seen_at=seen_at, rates=rates)
        return without_repeats(offers)[: listings.MOST]

    async def _listed(self, address: _Address) -> tuple[list[Listing], datetime]:
        try:
            async with asyncio.timeout(self.patience):
                return await self._read(address)
        except TimeoutError as exc:
            raise ProviderError(f"{address.site.name} did not answer in {self.patience:g} s") from exc

    async def _read(self, address: _Address) -> tuple[list[Listing], datetime]:
        base = self._keys.get(address.setting, address.base).rstrip("/")
        body = await fetch(
            self._http, "GET", base + address.path, service=address.site.name, params=address.params, kind="html"
        )
        seen_at = datetime.now(UTC)
        page = Page(address.site, body, _day(seen_at), address.shelf)
        # Parsing a large page takes as long as the whole search may: the other sources are not kept waiting.
        return await asyncio.to_thread(event_pages.read, page), seen_at

    async def _rates(self, found: Sequence[Listing], query: Query) -> Rates | None:
        """Exchange rates if something needs them; None when there are none to be had."""
        if not listings.needs_rates(found, query):
            return None
        return await self.desk.if_any(self._http, self._keys)


PROVIDER: type[Provider] = LocalEvents
