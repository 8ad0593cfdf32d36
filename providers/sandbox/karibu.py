"""A simulated company of cars that speaks the interface which Safiri proposes (providers.sources.karibu)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from math import cos, hypot, radians

import httpx

HOSTS = ("karibu.sandbox.invalid",)
KEYS = {"KARIBU_API_KEY": "sandbox-karibu", "KARIBU_API_URL": "https://karibu.sandbox.invalid"}
_CLASSES = (("saloon", 4, 1.0), ("van", 8, 1.7))
_FARTHEST_KM = 150


def answer(request: httpx.Request) -> httpx.Response:
    """Two cars for every way within 150 km."""
    if request.headers.get("authorization") != f"Bearer {KEYS['KARIBU_API_KEY']}":
        return httpx.Response(401, json={"error": "unauthorized"})
    if (request.method, request.url.path) != ("POST", "/v1/quotes"):
        return httpx.Response(404, json={"error": "not_found"})
    try:
        asked = json.loads(request.content)
        leaves = datetime.fromisoformat(asked["pickup_at"])
        people = int(asked["passengers"])
        ways = [{"quotes": _quotes(way, leaves, people)} for way in asked["ways"]]
    except (KeyError, TypeError, ValueError):
        return httpx.Response(422, json={"error": "invalid"})
    return httpx.Response(200, json={"ways": ways})


def _quotes(way: dict[str, dict[str, float]], leaves: datetime, people: int) -> list[dict[str, object]]:
    start, end = (way[name]["lat"] for name in ("pickup", "dropoff"))
    east = (way["dropoff"]["lng"] - way["pickup"]["lng"]) * cos(radians(start))
    km = 1.3 * 111 * hypot(end - start, east)
    if km > _FARTHEST_KM or people < 1:
        return []
    return [
        {
            "id": f"sample-{name}",
            "vehicle_class": name,
            "seats": seats,
            "price": {"amount": f"{50 * round((400 + 70 * km * factor) / 50)}.00", "currency": "KES"},
            "duration_min": max(10, round(km * 1.7)),
            "expires_at": (leaves - timedelta(hours=1)).isoformat(),
        }
        for name, seats, factor in _CLASSES
    ]
