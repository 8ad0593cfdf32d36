"""Duffel simulated: offer requests, offers, Links sessions and Stays, in test mode, with its errors.

What it says depends on the request alone. Its clock stands still in headers, and two weeks before departure in offers;
a search that times out (STN to LHR, where Duffel keeps one waiting) is answered at once with 504.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

import httpx

from providers.sandbox import _duffel_flights as flights
from providers.sandbox import _duffel_stays as stays
from providers.sandbox._duffel_flights import Hop, Journey

TOKEN = "duffel_test_sandbox"  # opens nothing but this  # noqa: S105
HOSTS = ("api.duffel.com",)
KEYS: Mapping[str, str] = {"DUFFEL_TOKEN": TOKEN, "DUFFEL_STAYS": "1", "DUFFEL_LINKS": "1"}

_DOCS = "https://duffel.com/docs/api/overview/response-handling"
_CODE = re.compile(r"[A-Z]{3}")
_HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "ratelimit-limit": "60",
    "ratelimit-remaining": "59",
    "ratelimit-reset": "Sun, 22 Nov 2026 07:31:00 GMT",
    "date": "Sun, 22 Nov 2026 07:30:18 GMT",
}
_TITLES = {
    "missing_authorization_header": (401, "authentication_error", "Missing authorization header"),
    "access_token_not_found": (401, "authentication_error", "Access token not found"),
    "missing_version_header": (400, "invalid_request_error", "Missing version header"),
    "unsupported_version": (400, "invalid_request_error", "Unsupported version"),
    "missing_data_param": (400, "invalid_request_error", "Missing data param"),
    "malformed_data_param": (400, "invalid_request_error", "Malformed data param"),
    "not_found": (404, "invalid_request_error", "Not found"),
    "validation_required": (422, "validation_error", "Required field"),
    "validation_format": (422, "validation_error", "Invalid format"),
    "validation_inclusion": (422, "validation_error", "Invalid value"),
    "validation_length": (422, "validation_error", "Invalid length"),
    "gateway_timeout": (504, "api_error", "Gateway timeout"),
}


class _Refused(Exception):
    """An answer with an error: its code, and the field it is about."""

    def __init__(self, code: str, pointer: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer


def answer(request: httpx.Request) -> httpx.Response:
    """What Duffel says to this request."""
    request_id = base64.urlsafe_b64encode(hashlib.sha256(str(request.url).encode() + request.content).digest())[:20]
    headers = {**_HEADERS, "x-request-id": request_id.decode()}
    try:
        status, body = _served(request)
    except _Refused as refused:
        status, kind, title = _TITLES[refused.code]
        field = refused.pointer.rpartition("/")[2]
        error: dict[str, object] = {
            "type": kind, "code": refused.code, "title": title,
            "message": f"Field '{field}': {title.lower()}" if field else title, "documentation_url": _DOCS,
        }  # fmt: skip
        if field:
            error["source"] = {"field": field, "pointer": refused.pointer}
        body = {"errors": [error], "meta": {"status": status, "request_id": headers["x-request-id"]}}
    return httpx.Response(status, headers=headers, content=json.dumps(body).encode())


def _served(request: httpx.Request) -> tuple[int, object]:
    authorization = request.headers.get("authorization")
    if not authorization:
        raise _Refused("missing_authorization_header")
    if authorization != f"Bearer {TOKEN}":
        raise _Refused("access_token_not_found")
    if "duffel-version" not in request.headers:
        raise _Refused("missing_version_header")
    if request.headers["duffel-version"] != "v2":
        raise _Refused("unsupported_version")
    path = request.url.path.rstrip("/")
    serve = _ROUTES.get((request.method, path))
    if serve is not None:
        return serve(request)
    if request.method == "GET" and path.startswith("/air/offers/"):
        return 200, {"data": {**_offer(path.rpartition("/")[2]), "available_services": []}}
    raise _Refused("not_found")


def _data(request: httpx.Request) -> dict[str, object]:
    try:
        body = json.loads(request.content)
    except ValueError as exc:
        raise _Refused("malformed_data_param") from exc
    if not isinstance(body, dict) or "data" not in body:
        raise _Refused("missing_data_param")
    if not isinstance(body["data"], dict):
        raise _Refused("malformed_data_param")
    return body["data"]


def _request_offers(request: httpx.Request) -> tuple[int, object]:
    journey = _journey(_data(request))
    if any(hop.ends == flights.TIMES_OUT for hop in journey.hops):
        raise _Refused("gateway_timeout")
    data = flights.request(journey)
    if request.url.params.get("return_offers", "true") != "false":
        data["offers"] = flights.offers(journey)
    return 201, {"data": data}


def _journey(data: dict[str, object]) -> Journey:
    slices, passengers, cabin = data.get("slices"), data.get("passengers"), data.get("cabin_class") or "economy"
    for name, value in (("slices", slices), ("passengers", passengers)):
        if not isinstance(value, list) or not value:
            raise _Refused("validation_required", f"/{name}")
    if cabin not in flights.CABINS:
        raise _Refused("validation_inclusion", "/cabin_class")
    connections = data.get("max_connections", 1)
    if connections not in (0, 1, 2):
        raise _Refused("validation_inclusion", "/max_connections")
    hops = tuple(_hop(each, f"/slices/{n}") for n, each in enumerate(slices if isinstance(slices, list) else ()))
    people = enumerate(passengers if isinstance(passengers, list) else ())
    ages = tuple(_age(each, f"/passengers/{n}") for n, each in people)
    return Journey(hops, ages, str(cabin), int(str(connections)))


def _hop(asked: object, pointer: str) -> Hop:
    given = asked if isinstance(asked, dict) else {}
    for name in ("origin", "destination", "departure_date"):
        if not given.get(name):
            raise _Refused("validation_required", f"{pointer}/{name}")
    for name in ("origin", "destination"):
        if not isinstance(given[name], str) or not _CODE.fullmatch(given[name]):
            raise _Refused("validation_format", f"{pointer}/{name}")
    return Hop(given["origin"], given["destination"], _day(given["departure_date"], f"{pointer}/departure_date"))


def _day(given: object, pointer: str) -> date:
    try:
        return datetime.strptime(str(given), "%Y-%m-%d").date()  # noqa: DTZ007  # a day, not a moment
    except ValueError as exc:
        raise _Refused("validation_format", pointer) from exc


def _age(asked: object, pointer: str) -> int | None:
    """The age of a child, None for an adult: a passenger has one of them, never both."""
    given = asked if isinstance(asked, dict) else {}
    told = [name for name in ("type", "age", "fare_type") if given.get(name) is not None]
    if not told:
        raise _Refused("validation_required", f"{pointer}/type")
    if len(told) > 1:
        raise _Refused("validation_format", f"{pointer}/{told[1]}")
    if told == ["age"] and not (isinstance(given["age"], int) and 0 <= given["age"] < 18):
        raise _Refused("validation_inclusion", f"{pointer}/age")
    if told == ["type"] and given["type"] != "adult":
        raise _Refused("validation_inclusion", f"{pointer}/type")
    return given.get("age")


def _list_offers(request: httpx.Request) -> tuple[int, object]:
    params = request.url.params
    asked = params.get("offer_request_id")
    if not asked:
        raise _Refused("validation_required", "/offer_request_id")
    journey = Journey.read(asked.removeprefix("orq_"))
    if journey is None:
        raise _Refused("not_found")
    found = sorted(flights.offers(journey), key=lambda offer: str(offer["id"]))
    order = params.get("sort", "")
    if order.lstrip("-") == "total_amount":
        found.sort(key=lambda offer: float(str(offer["total_amount"])), reverse=order.startswith("-"))
    limit = params.get("limit", "50")
    if not limit.isdecimal() or not 1 <= int(limit) <= 200:
        raise _Refused("validation_inclusion", "/limit")
    first, most = _offset(params.get("after", "")), int(limit)
    meta = {
        "limit": most,
        "before": _cursor(first) if first else None,
        "after": _cursor(first + most) if first + most < len(found) else None,
    }
    return 200, {"data": found[first : first + most], "meta": meta}


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset {offset:06}".encode()).decode().rstrip("=")


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        words = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return int(words.removeprefix("offset "))
    except (binascii.Error, ValueError) as exc:
        raise _Refused("validation_format", "/after") from exc


def _offer(offer_id: str) -> dict[str, object]:
    journey = Journey.read(offer_id.removeprefix("off_").rpartition("_")[0])
    offers = flights.offers(journey) if journey else []
    for offer in offers:
        if offer["id"] == offer_id:
            return offer
    raise _Refused("not_found")


def _open_session(request: httpx.Request) -> tuple[int, object]:
    data = _data(request)
    for name in ("reference", "success_url", "failure_url", "abandonment_url"):
        if not data.get(name):
            raise _Refused("validation_required", f"/{name}")
    if len(str(data["reference"])) > 500:
        raise _Refused("validation_length", "/reference")
    token = base64.urlsafe_b64encode(hashlib.sha256(request.content).digest()[:15]).decode()
    return 201, {"data": {"url": f"https://links.duffel.com?token={token}"}}


def _search_stays(request: httpx.Request) -> tuple[int, object]:
    data = _data(request)
    for name in ("check_in_date", "check_out_date", "rooms", "guests", "location"):
        if not data.get(name):
            raise _Refused("validation_required", f"/{name}")
    first, last = (_day(data[name], f"/{name}") for name in ("check_in_date", "check_out_date"))
    if last <= first:
        raise _Refused("validation_inclusion", "/check_out_date")
    guests = data["guests"]
    for n, guest in enumerate(guests if isinstance(guests, list) else [None]):
        child = isinstance(guest, dict) and guest.get("type") == "child" and isinstance(guest.get("age"), int)
        if not child and guest != {"type": "adult"}:
            raise _Refused("validation_format", f"/guests/{n}")
    place = data["location"].get("geographic_coordinates") if isinstance(data["location"], dict) else None
    given = (place.get("latitude"), place.get("longitude")) if isinstance(place, dict) else (None, None)
    lat, lon = (float(degrees) if isinstance(degrees, int | float) else None for degrees in given)
    if lat is None or lon is None:
        raise _Refused("validation_required", "/location/geographic_coordinates")
    rooms = data["rooms"]
    if not isinstance(rooms, int) or rooms < 1:
        raise _Refused("validation_inclusion", "/rooms")
    found = stays.results(first, last, rooms, guests, lat, lon)
    return 200, {"data": {"created_at": f"{stays.asked_at(first):%Y-%m-%dT%H:%M:%SZ}", "results": found}}


_ROUTES: Mapping[tuple[str, str], Callable[[httpx.Request], tuple[int, object]]] = {
    ("POST", "/air/offer_requests"): _request_offers,
    ("GET", "/air/offers"): _list_offers,
    ("POST", "/links/sessions"): _open_session,
    ("POST", "/stays/search"): _search_stays,
}
