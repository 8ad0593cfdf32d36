"""Simulated Demand API of Booking.com, 3.1: places around whatever point is asked for, without their names."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlencode

import httpx

from providers.sandbox._made import Made

HOSTS = ("demandapi.booking.com",)
KEYS = {"BOOKING_DEMAND_TOKEN": "sandbox-booking", "BOOKING_AID": "7654321"}
_PLACES = (  # the address of a page, what a room costs a night
    ("sample-backpackers", 1_900),
    ("sample-guest-house", 3_400),
    ("sample-garden-inn", 7_200),
    ("sample-court-hotel", 11_800),
    ("sample-beach-resort-and-spa", 21_500),
)


def answer(request: httpx.Request) -> httpx.Response:
    """Places that have rooms; on a few nights there is none."""
    affiliate = request.headers.get("x-affiliate-id", "")
    if (request.headers.get("authorization"), affiliate) != (
        f"Bearer {KEYS['BOOKING_DEMAND_TOKEN']}",
        KEYS["BOOKING_AID"],
    ):
        return _refusal(401, "unauthorized", "The token or the affiliate is not known.")
    if request.url.path != "/3.1/accommodations/search":
        return _refusal(404, "not_found", "There is no such endpoint.")
    if request.method != "POST":
        return _refusal(405, "method_not_allowed", "Use POST.")
    try:
        asked = json.loads(request.content)
        first, last = (date.fromisoformat(asked[name]) for name in ("checkin", "checkout"))
        where = tuple(round(float(asked["coordinates"][name]), 2) for name in ("latitude", "longitude", "radius"))
        adults, rooms = (int(asked["guests"][name]) for name in ("number_of_adults", "number_of_rooms"))
        children = [int(age) for age in asked["guests"].get("children", [])]
        booker = asked["booker"]["country"], asked["booker"]["platform"]
    except (KeyError, TypeError, ValueError):
        return _refusal(400, "bad_request", "A mandatory field is missing or malformed.")
    nights = (last - first).days
    if not 1 <= nights <= 90 or adults < rooms or rooms < 1 or booker[0] != booker[0].lower():
        return _refusal(400, "bad_request", "The stay, the guests or the booker cannot be.")
    made = Made(where, asked["checkin"])
    full = made.number(12) == 0
    places = [
        _place(number, where, nights, adults, rooms, children, asked)
        for number in range(len(_PLACES))
        if not full and made.number(5)
    ]
    body = {"request_id": f"01sample{made.number(10**9):09}", "data": places, "next_page": None}
    return httpx.Response(200, json=body)


def _place(
    number: int,
    where: tuple[float, ...],
    nights: int,
    adults: int,
    rooms: int,
    children: list[int],
    asked: dict[str, str],
) -> dict[str, object]:
    page, room = _PLACES[number]
    luck = Made(page, where)
    book = (room + 100 * luck.number(8)) * rooms * nights
    added = 100 * nights * rooms if number == 4 else 0
    query = {
        "aid": KEYS["BOOKING_AID"], "checkin": asked["checkin"], "checkout": asked["checkout"], "no_rooms": rooms,
        "group_adults": adults, "group_children": len(children),
    }  # fmt: skip
    return {
        "id": 900_000 + 10 * luck.number(9_000) + number,
        "commission": {"amount": 0, "percentage": 0},
        "currency": "KES",
        "price": {"book": float(book), "total": float(book + added)},
        "url": f"https://www.booking.com/hotel/ke/{page}.html?{urlencode(query)}",
    }


def _refusal(status: int, code: str, message: str) -> httpx.Response:
    body = {"request_id": "01sample", "errors": [{"id": code, "message": message}]}
    return httpx.Response(status, json=body)
