"""Simulated IABIRI: its numbers as texts, its twelve-hour clocks, its failures with a 200."""

from __future__ import annotations

import json

import httpx

from providers.sandbox._made import Made

HOSTS = ("api.iabiri.com",)
KEYS = {"IABIRI_TOKEN": "sandbox-iabiri"}
_TOWNS = {
    1: "NAIROBI", 114: "MOMBASA", 12: "KISUMU", 13: "NAKURU", 14: "ELDORET", 15: "MALINDI", 16: "KAKAMEGA",
    17: "BUSIA", 18: "KITALE", 19: "VOI", 20: "NYERI", 21: "MERU",
}  # fmt: skip
_COMPANIES = ("SAMPLE COOL EXPRESS", "SAMPLE POA VIP", "SAMPLE COACH")


def answer(request: httpx.Request) -> httpx.Response:
    """Towns, and departures between any two of them."""
    if not request.headers.get("authorization"):
        return httpx.Response(401, json={"message": "Unauthorized", "isSuccess": False})
    if request.headers["authorization"] != KEYS["IABIRI_TOKEN"]:
        return httpx.Response(200, json={"data": [], "message": "Invalid token", "isSuccess": False})
    if request.method != "POST":
        return httpx.Response(405, json={"message": "Method Not Allowed"})
    try:
        asked = json.loads(request.content)
    except ValueError:
        return httpx.Response(400, json={"message": "Bad Request", "isSuccess": False})
    if request.url.path.endswith("/common/getCity"):
        left_out = asked.get("city_id") if asked.get("city_type") == "destination" else None
        towns = [{"id": number, "name": name} for number, name in _TOWNS.items() if number != left_out]
        return httpx.Response(200, json={"data": towns, "isSuccess": True})
    if request.url.path.endswith("/booking/filterBuses"):
        buses = _buses(asked)
        return httpx.Response(200, json={"data": buses, "available_buses_count": len(buses), "isSuccess": True})
    return httpx.Response(404, json={"message": "Not Found"})


def _buses(asked: dict[str, object]) -> list[dict[str, object]]:
    source, destination, day = (str(asked.get(f)) for f in ("source_city_id", "destination_city_id", "travel_date"))
    made, route = Made(source, destination, day), Made(*sorted((source, destination)))
    if made.number(12) == 0:
        return []
    hours, fare = 4 + route.number(6), 1000 + 100 * route.number(10)
    return [_bus(number, clock, hours, fare, made) for number, clock in enumerate((8, 13, 21, 22)[made.number(2) :])]


def _bus(number: int, clock: int, hours: int, fare: int, made: Made) -> dict[str, object]:
    prices = [{"currencyCode": "KES", "amount": f"{fare}.00", "seatType": "normal"}]
    prices += [{"currencyCode": "KES", "amount": f"{fare + 800}.00", "seatType": "vip"}] if number == 1 else []
    return {
        "bus_id": str(7000 + number), "route_id": "1201", "bus_title": _COMPANIES[number % len(_COMPANIES)],
        "bus_type": "45 - SEATER", "amenities": "WiFi,AC" if number == 1 else None,
        "departure_time": _twelve_hours(clock), "arrival_time": _twelve_hours((clock + hours) % 24),
        "available_seat_count": made.number(40), "total_journey_time": f"{hours - 1:02}:26", "avg_rating": "0.0",
        "rating_count": "0", "multi_seat": False, "defaultTripPriceList": prices, "flatPriceList": [],
        "highWayDirectRoute": "Direct", "trip_code": "SAMPLE", "ticket_amount": prices[0]["amount"], "sort_time": 0,
        "message": "", "isPromotional": False, "seatSelectionLimit": "0", "delayedDate": 0, "delayedFlag": 0,
        "delayedMsg": "",
    }  # fmt: skip


def _twelve_hours(clock: int) -> str:
    return f"{(clock - 1) % 12 + 1:02}:30 {'AM' if clock < 12 else 'PM'}"
