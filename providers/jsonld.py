"""Data that pages carry in their scripts: schema.org descriptions (JSON-LD), the events among them, and other JSON.

Pure, and without a parser of pages: a page of 800 KB is read in milliseconds. What is broken is left out, never fatal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from providers.guidebook import KENYA_TIME
from providers.listings import Listing, Tickets

Node = Mapping[str, Any]  # of a page's JSON: nothing about its values is known

_MOST_SCRIPTS, _MOST_NODES, _DEEPEST = 100, 2_000, 12
_LONGEST = 300  # characters of a title, a venue, a town
_LONGEST_URL = 1_000
_WITHIN = ("@graph", "itemListElement", "item", "mainEntity", "subEvent")  # where nodes hold more nodes
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ALSO_EVENTS = ("festival", "hackathon")
_OFF = ("eventcancelled", "eventcanceled", "eventpostponed")
_GONE = ("soldout", "discontinued")


def scripts(html: bytes, mark: bytes) -> Iterator[str]:
    """The text of every script element whose tag holds `mark` (in lower case)."""
    lower, at = html.lower(), 0
    for _ in range(_MOST_SCRIPTS * 10):
        at = lower.find(b"<script", at)
        opened = lower.find(b">", at)
        closed = lower.find(b"</script", opened)
        if at < 0 or opened < 0 or closed < 0:
            return
        if mark in lower[at:opened]:
            yield html[opened + 1 : closed].decode("utf-8", "replace")
        at = closed


def decoded(text: str) -> object:
    """JSON with amounts as Decimal, None for what is none. Raw line breaks in strings, which sites leave in, are let
    through.
    """
    try:
        return json.loads(text.strip(), strict=False, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def assigned(html: bytes, name: bytes) -> object:
    """The JSON that a script assigns to a global; whatever follows it in the same script is not looked at."""
    at = html.find(name)
    opened = html.find(b"{", at)
    if at < 0 or opened < 0:
        return None
    rest = html[opened:].decode("utf-8", "replace")
    try:
        return json.JSONDecoder(strict=False, parse_float=Decimal).raw_decode(rest)[0]
    except (ValueError, RecursionError):
        return None


def blocks(html: bytes) -> list[Node]:
    """Every node of the page's JSON-LD, in order: those of lists, of `@graph` and of `itemListElement` too.

    Blocks that are no JSON are left out.
    """
    found: list[Node] = []
    for number, text in enumerate(scripts(html, b"application/ld+json")):
        if number >= _MOST_SCRIPTS:
            break
        _collect(decoded(text), found, _DEEPEST)
    return found[:_MOST_NODES]


def events(html: bytes) -> list[Listing]:
    """The page's events by their JSON-LD. Those without a title or a date that can be read are left out."""
    found = (_event(node) for node in blocks(html) if _is_event(node))
    return [event for event in found if event is not None]


def words(value: object) -> str:
    """One line of text out of a string, or of a node with a name; "" for anything else."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("text")
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def moment(raw: object) -> tuple[date, time | None] | None:
    """A date, or a date and a time, by the clocks of Kenya: a time without an offset is one of there already."""
    if not isinstance(raw, str):
        return None
    text = raw.strip()
    try:
        if len(text) <= 10:
            day, clock = date.fromisoformat(text), None
        else:
            both = datetime.fromisoformat(text)
            if not _FIRST_YEAR <= both.year <= _LAST_YEAR:
                return None
            both = both.astimezone(KENYA_TIME) if both.tzinfo else both
            day, clock = both.date(), both.time().replace(second=0, microsecond=0)
    except (ValueError, OverflowError):
        return None
    return (day, clock) if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def number(value: object) -> Decimal | None:
    """An amount that is zero or more, as a number or in digits like "1,500.00"."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        amount = Decimal(value.replace(",", "").strip()[:20] if isinstance(value, str) else value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**9 else None


def position(lat: object, lon: object) -> tuple[float, float] | None:
    """A position in degrees; none at 0, 0, where sites put what they do not know."""
    try:
        found = float(lat), float(lon)  # type: ignore[arg-type]  # whatever it is, float() tells
    except (TypeError, ValueError, OverflowError):
        return None
    fits = -90 <= found[0] <= 90 and -180 <= found[1] <= 180
    return found if fits and found != (0.0, 0.0) else None


def _collect(value: object, found: list[Node], deep: int) -> None:
    if len(found) >= _MOST_NODES or deep < 0:
        return
    if isinstance(value, list):
        for each in value[:_MOST_NODES]:
            _collect(each, found, deep - 1)
    elif isinstance(value, dict):
        found.append(value)
        for name in _WITHIN:
            _collect(value.get(name), found, deep - 1)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _types(node: Node) -> list[str]:
    return [each.rpartition("/")[2].rpartition(":")[2] for each in _listed(node.get("@type")) if isinstance(each, str)]


def _is_event(node: Node) -> bool:
    return any(each.endswith("Event") or each.casefold() in _ALSO_EVENTS for each in _types(node))


def _event(node: Node) -> Listing | None:
    title, start = words(node.get("name")), moment(node.get("startDate"))
    if not title or start is None:
        return None
    end = moment(node.get("endDate"))
    start, end = _whole_days(start, end)
    status, mode = _tail(node.get("eventStatus")), _tail(node.get("eventAttendanceMode"))
    venue, town, country, spot, virtual = _location(node.get("location"))
    tickets, gone = _tickets(node)
    return Listing(
        title=title,
        url=_url(node),
        day=start[0],
        clock=start[1],
        last_day=end[0] if end else None,
        closes=end[1] if end else None,
        venue=venue,
        town=town,
        country=country,
        lat=spot[0] if spot else None,
        lon=spot[1] if spot else None,
        tickets=tickets,
        online=virtual or mode.startswith("online") or status == "eventmovedonline",
        off=status in _OFF,
        sold_out=gone,
        words=tuple(each.removesuffix("Event") for each in _types(node) if each not in ("Event", "Thing")),
    )


def _whole_days(
    start: tuple[date, time | None], end: tuple[date, time | None] | None
) -> tuple[tuple[date, time | None], tuple[date, time | None] | None]:
    """Calendars write "all day" as midnight to midnight: no time is known then."""
    if start[1] != time(0) or (end is not None and end[1] not in (None, time(0), time(23, 59))):
        return start, end
    if end is not None and end[1] == time(0) and end[0] > start[0]:
        end = (end[0] - timedelta(days=1), None)
    return (start[0], None), (end[0], None) if end else None


def _tail(value: object) -> str:
    """`https://schema.org/EventScheduled` → `eventscheduled`."""
    return value.rpartition("/")[2].casefold() if isinstance(value, str) else ""


def _url(node: Node) -> str:
    for value in (node.get("url"), node.get("@id")):
        if isinstance(value, str) and len(value) <= _LONGEST_URL and _is_address(value):
            return value.strip()
    return ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _location(value: object) -> tuple[str, str, str, tuple[float, float] | None, bool]:
    """Venue, town (the words of the address, from the most to the least exact), country, position, and whether it is
    nowhere but online.
    """
    given = _listed(value)
    real = [each for each in given if not (isinstance(each, Mapping) and "VirtualLocation" in _types(each))]
    if not real:
        return "", "", "", None, bool(given)
    first = real[0]
    if not isinstance(first, Mapping):
        return words(first), "", "", None, False
    address = next(iter(_listed(first.get("address"))), None)
    geo = next(iter(_listed(first.get("geo"))), None)
    spot = position(geo.get("latitude"), geo.get("longitude")) if isinstance(geo, Mapping) else None
    if not isinstance(address, Mapping):
        return words(first), words(address), "", spot, False
    town = ", ".join(filter(None, (words(address.get("addressLocality")), words(address.get("addressRegion")))))
    venue = words(first) or words(address.get("streetAddress"))
    return venue, town, words(address.get("addressCountry")), spot, False


def _tickets(node: Node) -> tuple[Tickets | None, bool]:
    """What a ticket costs, from the cheapest to the dearest, and whether none is left."""
    if node.get("isAccessibleForFree") is True:
        return Tickets(Decimal(0), Decimal(0)), False
    offers = [each for each in _listed(node.get("offers")) if isinstance(each, Mapping)]
    left = [each for each in offers if _tail(each.get("availability")) not in _GONE]
    if offers and not left:
        return None, True
    amounts: dict[str, list[Decimal]] = {}
    for offer in left:
        currency = words(offer.get("priceCurrency")).upper()
        found = [number(offer.get(name)) for name in ("price", "lowPrice", "highPrice")]
        if len(currency) == 3 and any(amount is not None for amount in found):
            amounts.setdefault(currency, []).extend(amount for amount in found if amount is not None)
    if not amounts:
        return None, False
    currency = "KES" if "KES" in amounts else next(iter(amounts))
    return Tickets(min(amounts[currency]), max(amounts[currency]), currency), False
