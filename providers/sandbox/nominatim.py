"""Simulated Nominatim: made-up points near the towns of Kenya, positions as texts, nothing found as an empty array."""

from __future__ import annotations

import httpx

from providers.guidebook import places, slug
from providers.sandbox._made import Made

HOSTS = ("nominatim.openstreetmap.org",)
KEYS = {"CONTACT_EMAIL": "sandbox@safiri.invalid"}  # OSM belongs to its neighbour's: a source has one service
_LICENCE = "Data © OpenStreetMap contributors, ODbL 1.0. https://osm.org/copyright"
_LIBRARIES = ("python-httpx", "python-requests", "curl")


def answer(request: httpx.Request) -> httpx.Response:
    """At most one match for the words asked for."""
    asked = request.url.params
    if request.headers.get("user-agent", "").startswith(_LIBRARIES):
        return httpx.Response(403, html="Usage limit reached")
    if request.url.path != "/search":
        return httpx.Response(404, json={"error": {"code": 404, "message": "Not Found"}})
    if asked.get("format") != "jsonv2":
        return httpx.Response(200, html="<html><body>Nominatim</body></html>")
    words = asked.get("q", "").strip()
    if not words:
        return httpx.Response(400, json={"error": {"code": 400, "message": "Nothing to search for."}})
    return httpx.Response(200, json=_matches(words))


def _matches(words: str) -> list[dict[str, object]]:
    """A town for its own name; within a town, a point near its middle, and now and then nothing."""
    name, _, within = words.partition(",")
    town = places().get(slug(within)) or places().get(slug(name))
    made = Made(slug(words))
    if town is None or town.lat is None or town.lon is None or (within and made.number(8) == 0):
        return []
    lat, lon = town.lat, town.lon
    if within:
        lat, lon = lat + made.number(60) / 1000 - 0.03, lon + made.number(60) / 1000 - 0.03
    shown = f"{name.strip()} (sample)" if within else town.name
    return [
        {
            "place_id": made.number(1_000_000), "licence": _LICENCE, "osm_type": "node",
            "osm_id": 900_000_000 + made.number(1_000_000), "lat": f"{lat:.7f}", "lon": f"{lon:.7f}",
            "category": "place", "type": "suburb" if within else "city", "place_rank": 19, "importance": 0.41,
            "addresstype": "suburb" if within else "city", "name": shown,
            "display_name": f"{shown}, {town.name}, Kenya" if within else f"{town.name}, Kenya",
            "boundingbox": [f"{lat - 0.02:.7f}", f"{lat + 0.02:.7f}", f"{lon - 0.02:.7f}", f"{lon + 0.02:.7f}"],
        }
    ]  # fmt: skip
