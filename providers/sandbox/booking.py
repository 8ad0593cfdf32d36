"""Simulated Booking.com Demand API: rates without names, in the currency asked for, pages of a hundred."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import httpx

from providers.sandbox._made import Made

HOSTS = ("demandapi.booking.com",)
KEYS = {"BOOKING_DEMAND_TOKEN": "sandbox-booking", "BOOKING_AID": "0"}
_SEARCH = "/3.1/accommodations/search"
_KINDS = ("guest-house", "lodge", "beach-hotel", "apartments", "inn", "resort", "suites", "camp")
_PER_KES = {"KES": 1.0, "USD": 0.0077, "EUR": 0.0067}


def answer(request: httpx.Request) -> httpx.Response:
    """Places around any point, for any party of adults."""
    if request.headers.get("authorization") != f"Bearer {KEYS['BOOKING_DEMAND_TOKEN']}":
        return httpx.Response(401, json=_errors("unauthorized", "Invalid or missing token"))
    if not request.headers.get("x-affiliate-id", "").isdecimal():
        return httpx.Response(400, json=_errors("header_invalid", "X-Affiliate-Id must be a number"))
    if request.url.path != _SEARCH:
        return httpx.Response(404, json=_errors("not_found", "No such endpoint"))
    if request.method != "POST":
        return httpx.Response(405, json=_errors("method_not_allowed", "Use POST"))
    try:
        asked = json.loads(request.content)
        problem, places = _problem(asked), _places(asked, request.headers["x-affiliate-id"])
    except (KeyError, TypeError, ValueError):
        return httpx.Response(400, json=_errors("body_invalid", "The body is not what it must be"))
    if problem:
        return httpx.Response(400, json=_errors("parameter_invalid", problem))
    made = Made(request.content)
    return httpx.Response(200, json={"request_id": f"01h{made.number(10**12):012}", "data": places, "next_page": None})


def _errors(name: str, message: str) -> dict[str, object]:
    return {"request_id": "01hsample", "errors": [{"id": name, "message": message}]}


def _problem(asked: Mapping[str, object]) -> str:
    nights = _nights(asked)
    where = {"city", "country", "region", "coordinates", "accommodations"} & asked.keys()
    if len(where) != 1:
        return "Exactly one of city, country, region, coordinates, accommodations"
    if not 1 <= nights <= 90:
        return "checkout must be 1 to 90 days after checkin"
    if asked.get("currency", "KES") not in _PER_KES:
        return "currency is not known"
    return "" if str(asked["booker"]["country"]).islower() else "booker.country must be in lower case"  # type: ignore[index]


def _nights(asked: Mapping[str, object]) -> int:
    return (date.fromisoformat(str(asked["checkout"])) - date.fromisoformat(str(asked["checkin"]))).days


def _places(asked: Mapping[str, object], affiliate: str) -> list[dict[str, object]]:
    point, guests, nights = asked.get("coordinates"), asked["guests"], _nights(asked)
    rooms, adults = int(guests["number_of_rooms"]), int(guests["number_of_adults"])  # type: ignore[index]
    if rooms < 1 or adults < rooms:
        raise ValueError("an adult to each room")
    known, found = _KINDS[: 3 + Made(point).number(6)], Made(point, asked["checkin"], asked["checkout"], rooms)
    currency = str(asked.get("currency", "KES"))
    return [
        _place(90_000_000 + Made(point, kind).number(10**6), kind, affiliate, currency, nights * rooms, found)
        for kind in known
        if found.number(6)  # one in six is full
    ]


def _place(place: int, kind: str, affiliate: str, currency: str, room_nights: int, found: Made) -> dict[str, object]:
    kes = (2_500 + 1_700 * _KINDS.index(kind) + 100 * found.number(15)) * room_nights
    base = round(kes * _PER_KES[currency], 2)
    total = round(base * 1.16, 2)
    return {
        "id": place,
        "currency": currency,
        "url": f"https://www.booking.com/hotel/ke/sample-{kind}.html?aid={affiliate}",
        "price": {"base": base, "book": total, "total": total},
        "products": [{"id": f"{place}01_94101042_2_0_0"}],
    }
