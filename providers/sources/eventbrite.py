"""Events in Kenya from Eventbrite's public city pages, its search, and its events by number.

What it is: GET /d/kenya--<city>/events/ (a schema.org list and the shelves of the page); with a token and
EVENTBRITE_SEARCH=1 POST /v3/destination/search/ for the page's place; with a token GET /v3/events/<id>/ for the soonest
events without a price. What the last two fail to answer is logged as a warning, and the page's events are shown.
Terms: the documented interface needs a private token; the search is undocumented, may vanish, and its terms were not
reviewed, hence its own switch. Answers are kept for six hours, and the client says who it is.
Limits: 2,000 calls an hour a token; a question makes one for the page, two for the search, six for prices at most.
GET /v3/events/search/ is dead since 2020. The first page of a city alone.
Oddities: the page's list has days without times, and events of other towns and countries, which are left out; its
shelves have times and no prices. A slash at the end of every path, or a redirect. Amounts are minor units (`value`)
beside text in major ones (`major_value`). The search may not heed `date_range`: days are checked here again. A
continuation is there even on the last page. A bot wall is a page (200) without data. EVENTBRITE_API_URL may end with
/v3 or not: it is added then.
Not verified: all of it, live; that the pages of Kisumu, Nakuru and Eldoret are named like those of Nairobi and Mombasa;
that pages are given to a client that does not pretend to be a browser; links to Eventbrite's sites of other countries
are left out.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from planner.model import ActivityOffer, Offer
from providers import jsonld, listings
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.eventbrite_events import by_number, described, results
from providers.fx import Desk, Rates
from providers.http import fetch, refusal
from providers.listings import Listing, Site

SITE = Site("eventbrite", "Eventbrite", "eventbrite.com")
API, WEB = "https://www.eventbriteapi.com/v3", "https://www.eventbrite.com"
_CITIES = ("nairobi", "mombasa", "kisumu", "nakuru", "eldoret")
_EXPAND = ("primary_venue", "ticket_availability", "event_sales_status")
_MOST_PAGES, _MOST_DETAILS = 2, 6
_PAGE_SIZE = 50
_PLACE_ID = re.compile(rb'"placeId":\s*"(\d{1,20})"')
_NUMBER = re.compile(r"[-/](\d{6,20})/?(?:[?#]|$)")
_log = logging.getLogger(__name__)


class _Shelf(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    events: list[object] = []


class _ServerData(BaseModel):
    """What the page's own script works with."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    buckets: list[_Shelf]


def parse(body: bytes, query: Query, *, seen_at: datetime, rates: Rates | None = None) -> list[ActivityOffer]:
    """What a city's page has for the query. Raises ProviderError when it is no such page."""
    return _offers(_listed(body, listings.city_near(query.destination, _CITIES) or ""), query, seen_at, rates)


def _offers(found: Sequence[Listing], query: Query, seen_at: datetime, rates: Rates | None) -> list[ActivityOffer]:
    return listings.offers(found, query, SITE, provider=Eventbrite.name, seen_at=seen_at, rates=rates)


def _listed(body: bytes, city: str) -> list[Listing]:
    """The events of a city's page: those of its list, with the times of its shelves, and those of its shelves alone."""
    shelved = _shelved(body)
    if shelved is None and not any("itemListElement" in node for node in jsonld.blocks(body)):
        raise ProviderError("Eventbrite shows a page without events: it may take us for a robot")
    found = {}
    for listing in jsonld.events(body):
        if number := _NUMBER.search(listing.url):
            found[number[1]] = replace(listing, key=number[1])
    for event in described(shelved or ()):
        same = found.get(event.key)
        found[event.key] = event if same is None else _with_hours(same, event)
    return [_of_kenya(listing, city) for listing in found.values()]


def _of_kenya(listing: Listing, city: str) -> Listing:
    """Other countries' events are on the page too: only one that says Kenya may be taken to be in the page's city."""
    return replace(listing, shelf=city) if listing.country.casefold() in ("ke", "kenya") else listing


def _shelved(body: bytes) -> list[object] | None:
    """The events on the page's shelves, None when it has none."""
    try:
        data = _ServerData.model_validate(jsonld.assigned(body, b"window.__SERVER_DATA__"))
    except ValidationError:
        return None
    return [event for shelf in data.buckets for event in shelf.events]


def _with_hours(listing: Listing, other: Listing) -> Listing:
    """A listing with the times, tickets and categories that another of the same event has."""
    return replace(
        listing,
        clock=listing.clock or other.clock,
        last_day=other.last_day or listing.last_day,
        closes=listing.closes or other.closes,
        tickets=listing.tickets or other.tickets,
        words=listing.words or other.words,
        off=listing.off or other.off,
        sold_out=listing.sold_out or other.sold_out,
    )


def _explained(response: httpx.Response, body: bytes) -> ProviderError | None:
    """A refusal of the interface, with Eventbrite's own name for it."""
    try:
        code = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    known = refusal(response, SITE.name)
    if not known.permanent or not isinstance(code, str) or not re.fullmatch(r"[A-Z_]{3,40}", code):
        return known
    return ProviderError(f"{known}: {code}", permanent=True)


def _page_refused(response: httpx.Response, body: bytes) -> ProviderError | None:
    """Pages need no key, so a refusal is not about one."""
    if response.status_code in (401, 403):
        return ProviderError(f"Eventbrite does not show us its pages ({response.status_code})", permanent=True)
    return None


class Eventbrite:
    """Events from Eventbrite."""

    name: ClassVar[str] = "eventbrite"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.EVENTS})
    needs: ClassVar[tuple[str, ...]] = ("EVENTBRITE_TOKEN|EVENTBRITE_WEB_URL|LOCAL_EVENTS",)
    policy: ClassVar[Policy] = Policy("Eventbrite", "20/minute; 200/hour", fresh=21_600)
    patience: float = 2.2  # seconds, then what there is must do; within the budget: prices never cost the events

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http, self._keys = http, keys
        self.desk = Desk()

    def covers(self, query: Query) -> bool:
        """Kenyan towns in or near a city that has a page."""
        town = query.destination
        return query.kind in self.kinds and town.country == "KE" and listings.city_near(town, _CITIES) is not None

    async def search(self, query: Query) -> Sequence[Offer]:
        """The page's events; the search and the events by number add to it as far as they answer in time."""
        deadline = time.monotonic() + self.patience
        city = listings.city_near(query.destination, _CITIES) or ""
        web = self._keys.get("EVENTBRITE_WEB_URL", WEB).rstrip("/")
        page = await fetch(
            self._http, "GET", f"{web}/d/kenya--{city}/events/", service=SITE.name, kind="html", explain=_page_refused
        )
        found = {listing.key: listing for listing in _listed(page, city)}
        if self._keys.get("EVENTBRITE_TOKEN"):
            place = _PLACE_ID.search(page)
            if self._keys.get("EVENTBRITE_SEARCH") == "1" and place is not None:
                searched = await self._searched(place[1].decode(), query, deadline)
                found |= {listing.key: _of_kenya(listing, city) for listing in searched}
            found |= {listing.key: listing for listing in await self._detailed(list(found.values()), query, deadline)}
        shown = list(found.values())
        return _offers(shown, query, datetime.now(UTC), await self._rates(shown, query))

    async def _searched(self, place: str, query: Query, deadline: float) -> list[Listing]:
        found: list[Listing] = []
        wanted: dict[str, object] = {
            "q": "",
            "places": [place],
            "dates": ["current_future"],
            "date_range": {"from": query.start.isoformat(), "to": query.end.isoformat()},
            "online_events_only": False,
            "dedup": True,
            "page_size": _PAGE_SIZE,
        }
        for _ in range(_MOST_PAGES):
            asked = {"browse_surface": "search", "event_search": wanted, "expand.destination_event": list(_EXPAND)}
            body = await self._in_time(deadline, self._api("POST", "/destination/search/", json=asked))
            events, more = results(body) if body is not None else ([], None)
            found += events
            if not more:
                break
            wanted = {**wanted, "continuation": more}
        return found

    async def _detailed(self, found: Sequence[Listing], query: Query, deadline: float) -> list[Listing]:
        """The soonest of those that have no price, asked for by their number."""
        wanted = [
            (hours[0], listing)
            for listing in found
            if listing.tickets is None
            and listings.town_asked_for(listing, query) is not None
            and (hours := listings.sessions(listing, query))
        ]
        soonest = [listing for _, listing in sorted(wanted, key=lambda each: (each[0], each[1].key))[:_MOST_DETAILS]]
        params = {"expand": "venue,organizer,ticket_availability"}
        bodies = await asyncio.gather(
            *(
                self._in_time(deadline, self._api("GET", f"/events/{listing.key}/", params=params))
                for listing in soonest
            )
        )
        return [by_number(body, event) for event, body in zip(soonest, bodies, strict=True) if body is not None]

    async def _api(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, json: object = None
    ) -> bytes:
        base = self._keys.get("EVENTBRITE_API_URL", API).rstrip("/")
        return await fetch(
            self._http, method, f"{base if base.endswith('/v3') else base + '/v3'}{path}", service=SITE.name,
            headers={"Authorization": f"Bearer {self._keys['EVENTBRITE_TOKEN']}"}, params=params, json=json,
            explain=_explained,
        )  # fmt: skip

    async def _in_time(self, deadline: float, answer: Awaitable[bytes]) -> bytes | None:
        """An answer that the page's events do without if need be; None when there is none before the deadline."""
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await answer
        except TimeoutError:
            _log.warning("Eventbrite's interface did not answer in time")
        except ProviderError as exc:
            _log.warning("Eventbrite's interface did not answer: %s", exc)
        return None

    async def _rates(self, found: Sequence[Listing], query: Query) -> Rates | None:
        """Exchange rates if something needs them; None when there are none to be had."""
        if not listings.needs_rates(found, query):
            return None
        return await self.desk.if_any(self._http, self._keys)


PROVIDER: type[Provider] = Eventbrite
