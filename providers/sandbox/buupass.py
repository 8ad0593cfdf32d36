"""Simulated BuuPass: the request is the known one, the answer our guess, as no real one was ever recorded."""

from __future__ import annotations

import httpx

from providers.sandbox._made import Made

HOSTS = ("buupass.sandbox.invalid",)
KEYS = {"BUUPASS_API_KEY": "sandbox-buupass", "BUUPASS_API_URL": "https://buupass.sandbox.invalid"}
_COMPANIES = ("Sample Coach", "Sample Express", "Sample Shuttle")


def answer(request: httpx.Request) -> httpx.Response:
    """Three to five departures for any route, none on some days."""
    if request.headers.get("authorization") != f"Api-Key {KEYS['BUUPASS_API_KEY']}":
        return httpx.Response(403, json={"detail": "Authentication credentials were not provided."})
    if request.url.path.rstrip("/").endswith("/marketplace/cities"):
        cities = [{"id": 25, "name": "Nairobi", "alias": "nairobi"}, {"id": 27, "name": "Mombasa", "alias": "mombasa"}]
        return httpx.Response(200, json={"data": {"cities": {"sample": cities}}})
    if not request.url.path.rstrip("/").endswith("/marketplace/buses/stream-schedules"):
        return httpx.Response(404, json={"detail": "Not found."})
    asked = request.url.params
    missing = [name for name in ("leaving_from", "going_to", "departing_on") if not asked.get(name)]
    if missing:
        return httpx.Response(400, json={name: ["This field is required."] for name in missing})
    return httpx.Response(
        200, json={"data": _schedules(asked["leaving_from"], asked["going_to"], asked["departing_on"])}
    )


def _schedules(origin: str, destination: str, day: str) -> list[dict[str, object]]:
    made = Made("buupass", origin, destination, day)
    if made.number(12) == 0:
        return []
    route = Made(*sorted((origin, destination)))
    hours, fare = 3 + route.number(7), 800 + 100 * route.number(14)
    found = []
    for number, clock in enumerate((7, 10, 14, 20, 22)[made.number(3) :]):
        found.append(
            {
                "id": 100 + number,
                "rsc_id": 1,
                "alias": "sample",
                "operator": {"name": _COMPANIES[number % len(_COMPANIES)]},
                "origin": {"name": origin},
                "destination": {"name": destination},
                "start_point": 25,
                "end_point": 27,
                "departure_date": day,
                "departure_time": f"{clock:02}:30",
                "arrival_time": f"{(clock + hours) % 24:02}:30",
                "capacity": 45,
                "seats_available": 4 + made.number(40),
                "fare": fare + 50 * made.number(8),
                "currency": "KES",
            }
        )
    return found
