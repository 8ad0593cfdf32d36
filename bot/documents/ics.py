"""An itinerary as an iCalendar file (RFC 5545) that strict readers accept: one event per item, updated in place.

Written for the habits of icalendar: UID and DTSTAMP are random or now unless given, and its own time zone carries a
COMMENT that strict parsers refuse. There is no METHOD: a published calendar would need an ORGANIZER in every event.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vUri
from icalendar.parser import Contentline

from bot.documents import phrases
from bot.documents.labels import label
from bot.i18n import spoken
from planner.model import Item, ItemType, Itinerary

ZONE = "Africa/Nairobi"
_OFFSET = timedelta(hours=3)
_SHORT = 75  # octets of a line that need no folding (RFC 5545, 3.1)
_NAMED_BY_KIND = (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT, ItemType.STAY)


def render(itinerary: Itinerary, *, lang: str, share_url: str | None = None) -> bytes:
    """The calendar as UTF-8 with CRLF and folded lines. A later version updates the same events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Safiri//Safiri trip planner//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", phrases.clean(itinerary.title))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    page = phrases.web_link(share_url)
    for item in (item for item in itinerary.items if not phrases.at_home(item)):
        calendar.add_component(_event(itinerary, item, spoken(lang), page))
    return b"".join(_folded(line) + b"\r\n" for line in calendar.content_lines(sorted=False) if line)


def _folded(line: Contentline) -> bytes:
    """A line as it is written. The library looks at every character of each for where to fold it."""
    short = len(line) <= _SHORT and line.isascii()
    return line.encode() if short else bytes(line.to_ical())  # type: ignore[no-untyped-call]


def _zone() -> Timezone:
    """East Africa Time: three hours ahead of UTC, no summer time."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - VTIMEZONE onsets are local times by definition
    standard.add("tzoffsetfrom", _OFFSET)
    standard.add("tzoffsetto", _OFFSET)
    standard.add("tzname", "EAT")
    zone.add_component(standard)
    return zone


def _event(plan: Itinerary, item: Item, lang: str, page: str) -> Event:
    event = Event()
    event.add("uid", f"{item.id}@{plan.id}")
    # A plan that was never saved has no time of writing; its first day is at least the same each time.
    event.add("dtstamp", (plan.created_at or plan.items[0].start).astimezone(UTC).replace(microsecond=0))
    event.add("sequence", max(0, plan.version - 1))
    event.add("dtstart", item.start)
    if item.end > item.start:
        event.add("dtend", item.end)
    event.add("summary", _summary(lang, item))
    if where := _location(item):
        event.add("location", where)
    spot = item.spot or item.origin
    if spot is not None and spot.lat is not None and spot.lon is not None:
        event.add("geo", (spot.lat, spot.lon))
    event.add("description", _description(lang, item, page))
    if url := phrases.web_link(item.booking_url) or page:
        event.add("url", vUri(url))
    event.add("categories", [label(lang, f"type_{item.type.value}")])
    event.add("status", "CONFIRMED" if item.booked else "TENTATIVE")
    # Beds and meals run beside other things: they must not make the traveller busy.
    event.add("transp", "TRANSPARENT" if phrases.bed(item) or item.type is ItemType.MEAL else "OPAQUE")
    return event


def _summary(lang: str, item: Item) -> str:
    """The title, after the kind of thing where the title alone would not tell."""
    title = phrases.title(lang, item)
    return f"{label(lang, f'type_{item.type.value}')}: {title}" if item.type in _NAMED_BY_KIND else title


def _location(item: Item) -> str:
    """Where to be: the start of a ride, else the spot, else the town."""
    spot = item.origin or item.spot
    place = phrases.place_name(item.place if item.origin is None else item.origin.place)
    if spot is None:
        return place
    name = phrases.clean(spot.name)
    return name if place in name else f"{name}, {place}"


def _description(lang: str, item: Item, page: str) -> str:
    lines = [label(lang, "price", price=phrases.priced(lang, item)), *phrases.remarks(lang, item)]
    if url := phrases.web_link(item.booking_url):
        lines.append(phrases.disclosed(lang, label(lang, "booking", url=url), url))
    if page:
        lines.append(f"{label(lang, 'share')}: {page}")
    return "\n".join(lines)
