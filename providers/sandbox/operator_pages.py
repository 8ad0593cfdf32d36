"""A simulated coach company that describes its departures on its pages, as none in Kenya is known to do."""

from __future__ import annotations

import json

import httpx

from providers.sandbox._made import Made

HOSTS = ("coaches.sandbox.invalid",)
KEYS = {"OPERATOR_PAGES": "https://coaches.sandbox.invalid/timetable/{origin}/{destination}?day={date}"}


def answer(request: httpx.Request) -> httpx.Response:
    """A page for each way and day, with a block that is broken before the one that is not."""
    parts = request.url.path.strip("/").split("/")
    day = request.url.params.get("day", "")
    if len(parts) != 3 or parts[0] != "timetable" or not day:
        return httpx.Response(404, html="<html><body><h1>Not found</h1></body></html>")
    origin, destination = parts[1].replace("-", " ").title(), parts[2].replace("-", " ").title()
    trips = json.dumps({"@context": "https://schema.org", "@graph": _trips(origin, destination, day)})
    page = (
        f"<html><head><title>Sample Line (sample)</title>"
        f'<script type="application/ld+json">{{"@type": "BusTrip", </script>'
        f'<script type="application/ld+json">{trips}</script></head>'
        f"<body><h1>{origin} to {destination}</h1></body></html>"
    )
    return httpx.Response(200, html=page)


def _trips(origin: str, destination: str, day: str) -> list[dict[str, object]]:
    route = Made("pages", *sorted((origin, destination)))
    hours, fare = 3 + route.number(6), 900 + 100 * route.number(12)
    return [
        {
            "@type": "BusTrip",
            "provider": {"@type": "Organization", "name": "Sample Line"},
            "departureBusStop": {"@type": "BusStop", "name": f"{origin}, Sample Road"},
            "arrivalBusStop": {"@type": "BusStop", "name": destination},
            "departureTime": f"{day}T{clock:02}:15:00+03:00",
            "arrivalTime": f"{day}T{clock + hours:02}:15:00+03:00",
            "offers": {"@type": "Offer", "price": f"{fare}", "priceCurrency": "KES"},
        }
        for clock in (6, 9, 14)
    ]
