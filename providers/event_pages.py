"""How the pages of Kenyan event sites are read: their schema.org data first, then their own markup.

Pure. The markup is that which public scrapers of 2026 read; days and prices are found by how they are written, not by
where they stand, so that a new layout does little harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from providers import jsonld
from providers.base import ProviderError
from providers.listings import Listing, Site, Tickets

TICKETSASA = Site("ticketsasa", "Ticketsasa", "ticketsasa.com")
ALLEVENTS = Site("allevents", "AllEvents", "allevents.in")
NAIROBI_EVENTS_GUIDE = Site("nairobieventsguide", "Nairobi Events Guide", "nairobieventsguide.com")
TIPSITICKETS = Site("tipsitickets", "Tipsitickets", "tipsitickets.com")
_PUBLIC = {  # links on a page are relative to its own site, whatever proxy it came through
    TICKETSASA: "https://www.ticketsasa.com",
    ALLEVENTS: "https://allevents.in",
    NAIROBI_EVENTS_GUIDE: "https://nairobieventsguide.com",
    TIPSITICKETS: "https://www.tipsitickets.com",
}

_MOST_BYTES = 800_000  # of a page looked at
_MOST_CARDS, _MOST_LINKS, _MOST_LEVELS = 300, 600, 5
_MOST_PIECES = 200  # elements and texts in a card: a larger box is no card, and looking through it takes time
_MOST_TEXTS, _LONGEST = 40, 160  # of a card, and characters of one
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    re.compile(rf"\b{_DAY}\s+{_MONTH}(?:,?\s+(?P<year>20\d\d))?\b", re.IGNORECASE),  # SAT 11 JUL 2026 · 28 Jun
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?:,?\s+(?P<year>20\d\d))?\b", re.IGNORECASE),  # Thu, July 2, 2026
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\s*([ap])\.?m\b", re.IGNORECASE)
_AMOUNT = r"(\d[\d,]*(?:\.\d+)?)"
_PRICE = re.compile(
    rf"(?P<begin>(?:start\w*|from)\s*(?:from\s*)?)?(?:kes|kshs?)\.?\s*{_AMOUNT}(?:\s*[-–]\s*(?:kes|kshs?)?\.?\s*{_AMOUNT})?",
    re.IGNORECASE,
)
_FREE = re.compile(r"free(?: entry| event)?", re.IGNORECASE)
_CHROME = re.compile(r"view details|buy (?:now|tickets?)|get tickets?|read more|share|interested", re.IGNORECASE)
_TICKETSASA_EVENT = re.compile(rb"/events/(?!category\b|listing\b)[\w-]+[\"']")
_EVENT_LISTS = ("events", "allEvents", "upcomingEvents", "featuredEvents")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site as it came on a day; `shelf` is the slug of the town that it is the own page of."""

    site: Site
    body: bytes
    asked_on: date
    shelf: str = ""


def read(page: Page) -> list[Listing]:
    """The events of a page. Raises ProviderError when there is nothing to be read in it."""
    if len(page.body) > _MOST_BYTES:
        page = replace(page, body=page.body[:_MOST_BYTES])
    try:
        own = {_key(listing): listing for listing in _OWN_MARKUP[page.site](page)}
    except (ParserRejectedMarkup, RecursionError) as exc:
        raise ProviderError(f"{page.site.name} sent a page that is none") from exc
    described = {_key(listing): listing for listing in jsonld.events(page.body)}
    for key, listing in described.items():
        if listing.tickets is None and not listing.sold_out and key in own:
            described[key] = replace(listing, tickets=own[key].tickets)
    found = own | described
    if not found and not _empty(page):
        raise ProviderError(f"{page.site.name} shows no events that could be read")
    return [replace(listing, shelf=page.shelf) for listing in found.values()]


def _empty(page: Page) -> bool:
    """Whether it is a listing with nothing in it: a vain search at Ticketsasa shows its categories and no event."""
    return page.site is TICKETSASA and b"/events/category" in page.body and not _TICKETSASA_EVENT.search(page.body)


def day_and_clock(text: str, asked_on: date) -> tuple[date, time | None] | None:
    """The first day written in a text, with its time. Without a year it is the next one from the day of asking on."""
    found = min((match for each in _DATES if (match := each.search(text))), key=lambda m: m.start(), default=None)
    if found is None:
        return None
    month, day = _MONTHS.index(found["month"][:3].casefold()) + 1, int(found["day"])
    when = _date(int(found["year"]), month, day) if found["year"] else next_day(month, day, asked_on)
    return None if when is None else (when, _clock(text[found.end() :]))


def next_day(month: int, day: int, asked_on: date) -> date | None:
    """The next time this day of the year comes, today included; None for a day that never comes."""
    years = (_date(year, month, day) for year in range(asked_on.year, asked_on.year + 9))
    return next((when for when in years if when is not None and when >= asked_on), None)


def tickets_of(text: str) -> Tickets | None:
    """What a text says tickets cost: "KES 500-2000", "Starting KES 1,000", "KSh 3,500"; None when it says nothing."""
    if _FREE.fullmatch(text.strip()):
        return Tickets(Decimal(0), Decimal(0))
    lows, highs, begins = [], [], False
    for found in list(_PRICE.finditer(" ".join(text.split())))[:_MOST_TEXTS]:
        low, high = jsonld.number(found[2]), jsonld.number(found[3])
        if low is not None:
            lows.append(low)
            highs.append(high if high is not None and high >= low else low)
            begins = begins or found["begin"] is not None
    if not lows:
        return None
    return Tickets(min(lows), None if begins and max(highs) == min(lows) else max(highs))


def _ticketsasa(page: Page) -> Iterator[Listing]:
    yield from _cards(page, re.compile(r"/events/(?!category\b|listing\b)[\w-]+/?$"))


def _nairobi_events_guide(page: Page) -> Iterator[Listing]:
    yield from _cards(page, re.compile(r"/event/[\w-]+/?$"))


def _tipsitickets(page: Page) -> Iterator[Listing]:
    yield from _cards(page, re.compile(r"/event/[\w-]+/?$"))
    for text in jsonld.scripts(page.body, b"__next_data__"):
        for event in _next_events(jsonld.decoded(text)):
            if (listing := _next_event(event)) is not None:
                yield listing


def _allevents(page: Page) -> Iterator[Listing]:
    for card in _soup(page).select("li.event-card[data-link]", limit=_MOST_CARDS):
        title, said = _text(card, "div.title h3") or _text(card, "div.title"), _text(card, "div.date")
        if title and (when := day_and_clock(said, page.asked_on)) is not None:
            url = urljoin(_PUBLIC[page.site], str(card["data-link"])) if _sound(str(card["data-link"])) else ""
            yield Listing(
                title=title,
                url=url,
                day=when[0],
                clock=when[1],
                venue=_text(card, "div.location"),
                tickets=tickets_of(_text(card, "span.price")),
                key=re.sub(r"[^\w-]", "", str(card.get("data-eid") or ""))[:40],
            )


_OWN_MARKUP: Mapping[Site, Callable[[Page], Iterator[Listing]]] = {
    TICKETSASA: _ticketsasa,
    ALLEVENTS: _allevents,
    NAIROBI_EVENTS_GUIDE: _nairobi_events_guide,
    TIPSITICKETS: _tipsitickets,
}


def _cards(page: Page, path: re.Pattern[str]) -> Iterator[Listing]:
    """Listings made of a link to the event and the texts around it: title, venue, day, price, in whatever markup."""
    seen: set[str] = set()
    for link in _soup(page).find_all("a", href=True, limit=_MOST_LINKS):
        target = _target(page, link, path)
        if not target or target in seen or len(seen) >= _MOST_CARDS:
            continue
        texts = _around(page, link, path, target)
        listing = _card(texts, str(link.get("title") or ""), target, page.asked_on)
        if listing is not None:
            seen.add(target)
            yield listing


def _target(page: Page, link: Tag, path: re.Pattern[str]) -> str:
    """The event a link leads to, "" when it leads elsewhere."""
    href = str(link["href"])
    if not _sound(href):
        return ""
    url = urljoin(_PUBLIC[page.site], href)
    return url if page.site.link(url) is not None and path.match(urlsplit(url).path) else ""


def _around(page: Page, link: Tag, path: re.Pattern[str], target: str) -> list[str]:
    """The texts of the smallest box around a link that tells a day, and of no other event."""
    box: Tag | None = link
    for _ in range(_MOST_LEVELS):
        if box is None:
            break
        pieces = list(islice(box.descendants, _MOST_PIECES))
        links = (each for each in pieces if isinstance(each, Tag) and each.name == "a" and each.get("href"))
        if len(pieces) == _MOST_PIECES or any(_target(page, each, path) not in ("", target) for each in links):
            break
        texts = [" ".join(text.split()) for text in box.stripped_strings][:_MOST_TEXTS]
        if any(day_and_clock(text, page.asked_on) for text in texts):
            return texts
        box = box.parent
    return []


def _card(texts: list[str], title: str, target: str, asked_on: date) -> Listing | None:
    """The listing that a card's texts make: its title first, then the venue, around them the day and the price."""
    plain = [
        text
        for text in texts
        if not day_and_clock(text, asked_on) and not _FREE.fullmatch(text) and not _CHROME.fullmatch(text)
    ]
    title = " ".join(title.split()) or next(iter(plain), "")
    dated = sorted(texts, key=lambda text: text == title)  # a title may hold a day of its own: it is asked last
    when = next((found for text in dated if (found := day_and_clock(text, asked_on))), None)
    if when is None or not title:
        return None
    venues = [text for text in plain if text != title and tickets_of(text) is None and len(text) <= _LONGEST]
    priced = (tickets_of(text) for text in texts if text != title)
    return Listing(
        title=title[:_LONGEST],
        url=target,
        day=when[0],
        clock=when[1],
        venue=venues[0] if venues else "",
        tickets=next((found for found in priced if found), None),
    )


def _next_events(data: object) -> Iterator[Mapping[str, Any]]:
    """The events in a Next.js page's data; in which of the lists they are, and their keys, is from public code."""
    for name in ("props", "pageProps"):
        data = data.get(name) if isinstance(data, Mapping) else None
    lists = [data.get(name) for name in _EVENT_LISTS] if isinstance(data, Mapping) else []
    for events in lists:
        if isinstance(events, list):
            yield from (event for event in events[:_MOST_CARDS] if isinstance(event, Mapping))


def _next_event(event: Mapping[str, Any]) -> Listing | None:
    title, start = jsonld.words(event.get("name") or event.get("title")), jsonld.moment(event.get("startDate"))
    if not title or start is None:
        return None
    end, low = jsonld.moment(event.get("endDate")), jsonld.number(event.get("minPrice"))
    slug, number = (re.sub(r"[^\w-]", "", jsonld.words(event.get(name))) for name in ("slug", "id"))
    return Listing(
        title=title,
        url=f"{_PUBLIC[TIPSITICKETS]}/event/{slug}{f'?eventId={number}' if number else ''}" if slug else "",
        day=start[0],
        clock=start[1],
        last_day=end[0] if end else None,
        closes=end[1] if end else None,
        venue=jsonld.words(event.get("venue")),
        town=jsonld.words(event.get("city")),
        tickets=None if low is None else Tickets(low),
        words=tuple(filter(None, (jsonld.words(event.get("category")),))),
    )


def _soup(page: Page) -> BeautifulSoup:
    text = page.body.decode("utf-8", "replace")
    return BeautifulSoup(text if "<" in text else "", "html.parser")


def _text(card: Tag, selector: str) -> str:
    found = card.select_one(selector)
    return " ".join(found.get_text(" ").split())[:_LONGEST] if found is not None else ""


def _key(listing: Listing) -> str:
    """What one event has in common in a page's markup and in its schema.org data."""
    path = urlsplit(listing.url).path if _sound(listing.url) else ""
    return f"{path.rstrip('/').rpartition('/')[2] or listing.title.casefold()} {listing.day}"


def _sound(url: str) -> bool:
    try:
        return urlsplit(url) is not None
    except ValueError:
        return False


def _clock(text: str) -> time | None:
    found = _CLOCK.search(text)
    if found is None or not 1 <= int(found[1]) <= 12 or int(found[2]) > 59:
        return None
    return time(int(found[1]) % 12 + (12 if found[3].casefold() == "p" else 0), int(found[2]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
