"""Simulated listings of four Kenyan event sites, each with the markup it has.

Ticketsasa has something in nearly every town it is asked for; AllEvents has pages for three cities; Nairobi Events
Guide and Tipsitickets have what they have. Pages know no days of a question: they cover two years, week by week.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import escape

import httpx

HOSTS = ("www.ticketsasa.com", "allevents.in", "nairobieventsguide.com", "www.tipsitickets.com")
KEYS = {"LOCAL_EVENTS": "1"}
_FIRST, _WEEKS, _YEAR = date(2026, 10, 31), 110, 52  # a Saturday
_FRIDAY, _SUNDAY, _THURSDAY = timedelta(days=-1), timedelta(days=1), timedelta(days=5)
_CITIES = {"nairobi": "KICC, Nairobi", "mombasa": "Tamarind Mombasa", "kisumu": "Kisumu Yacht Club"}
_COMEDY = (("Mombasa", "Little Theatre Club"), ("Nairobi", "Kenya National Theatre"), ("Kisumu", "Kisumu Social Hall"))
_EMPTY_SHARE = 5  # one town in so many has nothing at Ticketsasa


def answer(request: httpx.Request) -> httpx.Response:
    """The page of the site that has such a path."""
    path = request.url.path
    if request.method != "GET":
        return _html("<h1>405</h1>", 405)
    if path == "/events":
        return _html(_ticketsasa(request.url.params.get("q", "Nairobi")))
    if path == "/upcoming-events/":
        return _html(_nairobi_events_guide())
    if path == "/":
        return _html(_tipsitickets())
    if (city := re.fullmatch(r"/([a-z-]+)(?:/all)?", path)) and city[1] in _CITIES:
        return _html(_allevents(city[1]))
    return _html("<h1>404</h1>", 404)


def _html(body: str, status: int = 200) -> httpx.Response:
    page = f"<!DOCTYPE html><html><body>{body}</body></html>"
    return httpx.Response(status, headers={"content-type": "text/html; charset=UTF-8"}, content=page.encode())


def _weeks(count: int, offset: timedelta = timedelta(0)) -> list[date]:
    return [_FIRST + timedelta(days=7 * week) + offset for week in range(count)]


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.casefold().encode()).hexdigest()[:8], 16)


def _ticketsasa(town: str) -> str:
    name = escape(" ".join(town.split())[:60])
    cards = []
    busy = town.casefold() in _CITIES or _digest(town) % _EMPTY_SHARE
    for day in _weeks(_WEEKS, _FRIDAY) if name and busy else []:
        slug = f"{re.sub(r'[^a-z]+', '-', town.lower())}-cultural-night-sample-{day:%d-%m-%Y}"
        when = f"{day:%a %d %b %Y} 6:00 PM".upper()
        price = "FREE" if day.day > 24 else f"Starting KES&nbsp;{500 + _digest(town) % 5 * 250:,}"
        cards.append(
            f'<a href="/events/{slug}" title="{name} Cultural Night (sample)">'
            f'<img src="https://admin.ticketsasa.com/storage/events/sample.jpg"><h6>{name} Cultural Night (sample)</h6>'
            f"<p>Community Hall, {name}</p><small>{when}</small><span>{price}</span></a>"
        )
    return f'<div class="row">{"".join(cards)}<a href="/events/category/music">Music</a></div>'


def _allevents(city: str) -> str:
    cards = []
    for day in _weeks(_YEAR):
        number = 200029000000000 + _digest(city) % 1000 * 1000 + day.toordinal() % 1000
        link = f"https://allevents.in/{city}/jazz-night-sample/{number}"
        price = ("Free", "KES 1,500", "KES 500-2000")[day.toordinal() % 3]
        cards.append(
            f'<li class="event-card event-card-link" data-link="{link}" data-eid="{number}"><div class="banner-cont">'
            '<img class="banner-img" data-src="https://cdn.allevents.in/thumbs/sample.jpg"></div><div class="meta">'
            '<div class="meta-top"><div class="meta-top-info">'
            f'<div class="date">{day:%a, %d %b} • 07:00 PM</div></div></div><div class="meta-middle">'
            f'<div class="title"><a href="{link}"><h3>{city.title()} Jazz Night (sample)</h3></a></div>'
            f'<div class="location">{_CITIES[city]}</div></div><div class="meta-bottom"><div class="price-container">'
            f'<span class="price">{price}</span></div></div></div></li>'
        )
    return f'<ul class="event-list">{"".join(cards)}</ul>'


def _nairobi_events_guide() -> str:
    cards = []
    for day in _weeks(_WEEKS, _THURSDAY):
        url = f"https://nairobieventsguide.com/event/poetry-slam-sample-{day:%Y-%m-%d}/"
        cards.append(
            f'<article><a href="{url}"><img src="https://nairobieventsguide.com/wp-content/uploads/sample.jpg"></a>'
            f'<h3><a href="{url}">Poetry Slam (sample)</a></h3><p>Goethe-Institut, Nairobi</p>'
            f"<p>{day:%a, %B} {day.day}, {day:%Y} 06:30 PM</p>"
            "<p>Poets and a band. Tickets from KSh 1,000.</p></article>"
        )
    return "".join(cards)


def _tipsitickets() -> str:
    events = []
    for week, day in enumerate(_weeks(_WEEKS, _SUNDAY)):
        city, venue = _COMEDY[week % len(_COMEDY)]
        starts = datetime.combine(day, time(14), UTC)
        events.append(
            {
                "id": f"6f1a0000-0000-4000-8000-{day:%Y%m%d}0000", "slug": f"comedy-sunday-sample-{day:%Y-%m-%d}",
                "name": "Comedy Sunday (sample)", "description": "<p>Stand-up.</p>",
                "startDate": f"{starts:%Y-%m-%dT%H:%M:%S.000Z}",
                "endDate": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:%M:%S.000Z}",
                "venue": {"name": venue}, "city": city, "category": "Comedy", "minPrice": 1250,
                "bannerUrl": "sample.webp",
            }
        )  # fmt: skip
    data = {"props": {"pageProps": {"events": events}}}
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
