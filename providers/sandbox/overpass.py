"""Simulated Overpass: a few made-up sights around any position, nodes, ways and relations, some with odd hours."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import httpx

from providers.sandbox._made import Made

HOSTS = ("overpass-api.de",)
KEYS = {"OSM": "1"}
_AROUND = re.compile(r"\(around:(\d+),(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)\)")
_SIGHTS: tuple[dict[str, str], ...] = (
    {"name": "Elders' Museum (sample)", "tourism": "museum", "fee": "yes", "opening_hours": "Mo-Su 08:00-18:00"},
    {"name": "Ridge Viewpoint (sample)", "tourism": "viewpoint", "opening_hours": "24/7", "fee": "no"},
    {"name": "Caravan Fort (sample)", "historic": "fort", "tourism": "attraction", "wikidata": "Q0"},
    {"name": "Tortoise Garden (sample)", "tourism": "zoo", "opening_hours": "Tu-Su sunrise-sunset; PH off"},
    {"name": "Whispering Ruins (sample)", "historic": "ruins", "name:sw": "Magofu (sample)"},
    {"name": "Sandbar Beach (sample)", "natural": "beach"},
)
_ERROR = '<html><body><p><strong style="color:#FF0000">Error</strong>: {}</p></body></html>'


def answer(request: httpx.Request) -> httpx.Response:
    """Sights around the position of the question."""
    if request.url.path != "/api/interpreter":
        return _page(404, "not found")
    question = parse_qs(request.content.decode("utf-8", "replace")).get("data", [""])[0]
    around = _AROUND.search(question)
    if "[out:json]" not in question or around is None:
        return _page(400, "line 1: parse error: unexpected end of input")
    return httpx.Response(
        200,
        json={
            "version": 0.6,
            "generator": "Overpass API 0.7.62.8 (sample)",
            "osm3s": {"timestamp_osm_base": "2026-11-22T07:20:00Z", "copyright": "Made up for trying things out."},
            "elements": _elements(float(around[2]), float(around[3])),
        },
    )


def _page(status: int, why: str) -> httpx.Response:
    return httpx.Response(status, html=_ERROR.format(why))


def _elements(lat: float, lon: float) -> list[dict[str, object]]:
    made = Made(round(lat, 3), round(lon, 3))
    if made.number(10) == 0:
        return []
    found = []
    for number, tags in enumerate(_SIGHTS):
        if made.number(3) == 0 or ("natural" in tags and lon < 39):
            continue
        position = {
            "lat": round(lat + made.number(80) / 1000 - 0.04, 4),
            "lon": round(lon + made.number(80) / 1000 - 0.04, 4),
        }
        kind = ("node", "way", "relation")[number % 3]
        where = position if kind == "node" else {"center": position}
        found.append({"type": kind, "id": 900_000_000 + made.number(1_000_000), **where, "tags": tags})
    return found
