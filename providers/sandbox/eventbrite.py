"""A simulated Eventbrite: city pages, the undocumented search, and events by number, in their true formats.

Pages know no days, so a page lists its city's main event for every Saturday of two years, as days without times; the
search has all events of the days asked for. There is nothing in Eldoret.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import httpx

HOSTS = ("www.eventbrite.com", "www.eventbriteapi.com")
TOKEN = "SANDBOXEVENTBRITETOKEN"  # noqa: S105  # nothing it opens exists
KEYS = {"EVENTBRITE_TOKEN": TOKEN, "EVENTBRITE_SEARCH": "1"}
_FIRST, _WEEKS = date(2026, 10, 31), 110  # a Saturday
_MOST_DAYS = 400
_MOST_ON_A_PAGE = 50
_TIMED = 6  # events of a page that are on its shelves too


@dataclass(frozen=True, slots=True)
class _Weekly:
    """An event of every week. Prices are in shillings; one without any is free."""

    title: str
    venue: str
    street: str
    lat: str
    lon: str
    weekday: int
    starts: time
    hours: int
    low: int
    high: int
    category: str


_CITIES: dict[str, tuple[_Weekly, ...]] = {
    "nairobi": (
        _Weekly("Nairobi Jazz Evening", "Uhuru Gardens", "Langata Road", "-1.3180", "36.8000", 5, time(17), 6,
                2000, 6000, "Music"),
        _Weekly("Karura Forest Run", "Karura Forest", "Limuru Road", "-1.2420", "36.8330", 6, time(7), 3,
                1000, 1000, "Sports & Fitness"),
        _Weekly("Open Air Film Night", "Nairobi Arboretum", "State House Road", "-1.2760", "36.8040", 4, time(19), 3,
                0, 0, "Film, Media & Entertainment"),
    ),
    "mombasa": (
        _Weekly("Old Town Taarab Night", "Mama Ngina Waterfront", "Mama Ngina Drive", "-4.0745", "39.6766", 5,
                time(18), 5, 1500, 5000, "Music"),
        _Weekly("Swahili Food Walk", "Fort Jesus", "Nkrumah Road", "-4.0627", "39.6795", 6, time(9, 30), 4,
                2500, 2500, "Food & Drink"),
        _Weekly("Beach Clean-up", "Nyali Beach", "Nyali", "-4.0353", "39.7169", 0, time(7), 3,
                0, 0, "Community & Culture"),
    ),
    "kisumu": (
        _Weekly("Lakeside Benga Night", "Dunga Beach", "Dunga", "-0.1440", "34.7360", 5, time(18), 5,
                800, 2000, "Music"),
        _Weekly("Fish and Song Festival", "Impala Park", "Dunga Road", "-0.1260", "34.7500", 6, time(11), 6,
                500, 1500, "Food & Drink"),
    ),
    "nakuru": (
        _Weekly("Rift Valley Comedy Show", "Nakuru Players Theatre", "Kipchoge Avenue", "-0.2870", "36.0680", 5,
                time(19), 3, 700, 1500, "Performing & Visual Arts"),
    ),
    "eldoret": (),
}  # fmt: skip
_SLUGS = tuple(_CITIES)


@dataclass(frozen=True, slots=True)
class _Event:
    """One of them on its day. Its number tells which."""

    city: int
    which: int
    day: date

    @classmethod
    def of(cls, number: str) -> _Event | None:
        """The event with a number, if there is one."""
        if not re.fullmatch(r"19\d{8}", number):
            return None
        city, which, day = int(number[2]), int(number[3]), _FIRST + timedelta(days=int(number[4:]) - 100_000)
        known = city < len(_SLUGS) and which < len(_CITIES[_SLUGS[city]])
        return cls(city, which, day) if known and _CITIES[_SLUGS[city]][which].weekday == day.weekday() else None

    @property
    def number(self) -> str:
        """Ten digits."""
        return f"19{self.city}{self.which}{(self.day - _FIRST).days + 100_000}"

    @property
    def weekly(self) -> _Weekly:
        """What takes place."""
        return _CITIES[_SLUGS[self.city]][self.which]

    @property
    def town(self) -> str:
        """The name of its town."""
        return _SLUGS[self.city].title()

    @property
    def title(self) -> str:
        """Says that it is made up."""
        return f"{self.weekly.title} (sample)"

    @property
    def url(self) -> str:
        """Where it would be booked."""
        words = re.sub(r"[^a-z]+", "-", self.weekly.title.lower())
        return f"https://www.eventbrite.com/e/{words}-sample-tickets-{self.number}"

    @property
    def begins(self) -> datetime:
        """By local clocks."""
        return datetime.combine(self.day, self.weekly.starts)

    @property
    def ends(self) -> datetime:
        """By local clocks."""
        return self.begins + timedelta(hours=self.weekly.hours)


def answer(request: httpx.Request) -> httpx.Response:
    """Eventbrite's answer."""
    path = request.url.path
    if not path.endswith("/"):
        return httpx.Response(301, headers={"location": f"{path}/"})
    if page := re.fullmatch(r"/d/kenya--([a-z-]+)/events/", path):
        return _page(page[1])
    if not path.startswith("/v3/"):
        return httpx.Response(404, headers={"content-type": "text/html"}, content=b"<html><body>404</body></html>")
    given = request.headers.get("authorization")
    if given is None:
        return _refused(401, "NO_AUTH", "An OAuth token is required for all requests")
    if given != f"Bearer {TOKEN}":
        return _refused(401, "INVALID_AUTH", "The OAuth token you provided was invalid.")
    if path == "/v3/destination/search/" and request.method == "POST":
        return _search(request.content)
    event = re.fullmatch(r"/v3/events/(\d+)/", path)
    found = _Event.of(event[1]) if event and request.method == "GET" else None
    if found is None:
        return _refused(404, "NOT_FOUND", "The path you requested does not exist.")
    return httpx.Response(200, json=_detail(found, request.url.params.get("expand", "").split(",")))


def _refused(status: int, code: str, why: str) -> httpx.Response:
    return httpx.Response(status, json={"status_code": status, "error_description": why, "error": code})


def _page(city: str) -> httpx.Response:
    if city not in _CITIES:
        return httpx.Response(404, headers={"content-type": "text/html"}, content=b"<html><body>404</body></html>")
    number = _SLUGS.index(city)
    saturdays = [_FIRST + timedelta(days=7 * week) for week in range(_WEEKS)] if _CITIES[city] else []
    events = [_Event(number, 0, day) for day in saturdays]
    elements = [_described(event) for event in events]
    if events:
        elements[1:1] = [_elsewhere(saturdays[0]), _online(saturdays[0])]
    items = [{"@type": "ListItem", "position": n, "item": item} for n, item in enumerate(elements, 1)]
    described = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}
    data = {
        "app_version": "10.14.68", "placeId": str(100000001 + number), "cityPlaceId": str(100000001 + number),
        "currentPlace": city.title(), "citySlug": f"kenya--{city}", "country": "Kenya",
        "buckets": [
            {"key": "popular_events", "name": f"Popular in {city.title()}",
             "events": [_found(event, priced=False) for event in events[:_TIMED]]},
            {"key": "trending_searches", "name": "Trending searches", "events": []},
        ],
    }  # fmt: skip
    html = (
        f"<!DOCTYPE html><html><head><title>Events in {city.title()} | Eventbrite</title>"
        f'<script type="application/ld+json">{json.dumps(described)}</script></head><body><div id="root"></div>'
        f"<script>window.__SERVER_DATA__ = {json.dumps(data)};\n"
        'window.__REACT_QUERY_STATE__ = {"mutations":[],"queries":[]};</script></body></html>'
    )
    return httpx.Response(200, headers={"content-type": "text/html; charset=utf-8"}, content=html.encode())


def _described(event: _Event) -> dict[str, object]:
    weekly = event.weekly
    return {
        "@type": "Event", "name": event.title, "description": event.title, "url": event.url,
        "startDate": event.begins.date().isoformat(), "endDate": event.ends.date().isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place", "name": weekly.venue,
            "address": {"@type": "PostalAddress", "streetAddress": weekly.street, "addressLocality": event.town,
                        "addressCountry": "KE"},
            "geo": {"@type": "GeoCoordinates", "latitude": weekly.lat, "longitude": weekly.lon},
        },
    }  # fmt: skip


def _elsewhere(day: date) -> dict[str, object]:
    return {
        "@type": "Event", "name": "Kenyan Night in London (sample)", "startDate": day.isoformat(),
        "url": "https://www.eventbrite.com/e/kenyan-night-in-london-sample-tickets-1800000001",
        "location": {"@type": "Place", "name": "Town Hall",
                     "address": {"@type": "PostalAddress", "addressLocality": "London", "addressCountry": "GB"}},
    }  # fmt: skip


def _online(day: date) -> dict[str, object]:
    url = "https://www.eventbrite.com/e/startup-webinar-sample-tickets-1800000002"
    return {
        "@type": "Event", "name": "Startup Webinar (sample)", "startDate": day.isoformat(), "url": url,
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
    }  # fmt: skip


def _search(body: bytes) -> httpx.Response:
    try:
        search = json.loads(body)["event_search"]
        size, places = int(search.get("page_size", 20)), [str(place) for place in search["places"]]
        days = search.get("date_range") or {}
        first, last = (date.fromisoformat(days.get(end, _FIRST.isoformat())) for end in ("from", "to"))
        page = json.loads(base64.b64decode(search["continuation"]))["page"] if search.get("continuation") else 1
        cities = [number for number in range(len(_SLUGS)) if str(100000001 + number) in places]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _wrong("event_search - Bad request")
    if "location" in search or not cities:
        return _wrong("event_search.location - Unknown parameter" if "location" in search else "event_search.places")
    events, size = list(_events(cities, first, last)), min(max(size, 1), _MOST_ON_A_PAGE)
    shown = events[(page - 1) * size : page * size]
    pagination = {
        "object_count": len(events), "page_number": page, "page_size": size, "page_count": -(-len(events) // size),
        "continuation": base64.b64encode(json.dumps({"page": page + 1}).encode()).decode(),
    }  # fmt: skip
    results = [_found(event, priced=True) for event in shown]
    return httpx.Response(200, json={"events": {"pagination": pagination, "results": results}, "search_id": "0"})


def _wrong(what: str) -> httpx.Response:
    return _refused(400, "ARGUMENTS_ERROR", f"There are errors with your arguments: {what}")


def _events(cities: list[int], first: date, last: date) -> Iterator[_Event]:
    for ahead in range(min((last - first).days, _MOST_DAYS) + 1):
        day = first + timedelta(days=ahead)
        for city in cities:
            for which, weekly in enumerate(_CITIES[_SLUGS[city]]):
                if weekly.weekday == day.weekday() and day >= _FIRST:
                    yield _Event(city, which, day)


def _found(event: _Event, *, priced: bool) -> dict[str, object]:
    weekly = event.weekly
    shown = f"{weekly.street}, {event.town}"
    address = {
        "address_1": weekly.street, "address_2": "", "city": event.town, "region": "", "postal_code": "",
        "country": "KE", "latitude": weekly.lat, "longitude": weekly.lon, "localized_address_display": shown,
    }  # fmt: skip
    found: dict[str, object] = {
        "id": event.number, "name": event.title, "url": event.url, "timezone": "Africa/Nairobi",
        "start_date": f"{event.begins:%Y-%m-%d}", "start_time": f"{event.begins:%H:%M}", "is_online_event": False,
        "primary_venue": {"_type": "destination_venue", "name": weekly.venue, "address": address},
    }  # fmt: skip
    if priced:
        found |= {
            "_type": "destination_event", "end_date": f"{event.ends:%Y-%m-%d}", "end_time": f"{event.ends:%H:%M}",
            "is_cancelled": None, "urgency_signals": {"messages": [], "categories": []},
            "ticket_availability": _availability(event) | {"has_bogo_tickets": False},
            "event_sales_status": {"sales_status": "on_sale", "currency": "KES"},
            "tags": [{"prefix": "EventbriteCategory", "tag": "EventbriteCategory/0", "display_name": weekly.category}],
        }  # fmt: skip
    return found


def _availability(event: _Event) -> dict[str, object]:
    sold_out = event.which == 1 and event.day.toordinal() % 9 == 4
    return {
        "minimum_ticket_price": _money(event.weekly.low), "maximum_ticket_price": _money(event.weekly.high),
        "is_free": not event.weekly.high, "has_available_tickets": not sold_out, "is_sold_out": sold_out,
    }  # fmt: skip


def _money(shillings: int) -> dict[str, object]:
    major = f"{shillings}.00"
    return {"currency": "KES", "value": shillings * 100, "major_value": major, "display": f"{major} KES"}


def _detail(event: _Event, expand: list[str]) -> dict[str, object]:
    weekly = event.weekly
    detail: dict[str, object] = {
        "id": event.number, "name": {"text": event.title, "html": event.title}, "url": event.url,
        "start": _moment(event.begins), "end": _moment(event.ends), "status": "live", "currency": "KES",
        "online_event": False, "is_free": not weekly.high, "venue_id": "300000001",
    }  # fmt: skip
    if "ticket_availability" in expand:
        detail["ticket_availability"] = _availability(event) | {"start_sales_date": None, "waitlist_available": False}
    if "venue" in expand:
        detail["venue"] = {"name": weekly.venue, "latitude": weekly.lat, "longitude": weekly.lon,
                           "address": {"city": event.town, "country": "KE"}}  # fmt: skip
    return detail


def _moment(local: datetime) -> dict[str, str]:
    utc = local - timedelta(hours=3)
    return {"timezone": "Africa/Nairobi", "local": f"{local:%Y-%m-%dT%H:%M:%S}", "utc": f"{utc:%Y-%m-%dT%H:%M:%SZ}"}
