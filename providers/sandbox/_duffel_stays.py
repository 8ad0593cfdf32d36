"""Made-up hotels of the simulated Duffel, around whatever point is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from providers.sandbox._duffel_airports import Json
from providers.sandbox._duffel_flights import chance

_NAMES = (  # name, stars (some hotels have none), what a room costs a night in cents
    ("Duffel Backpackers", 2, 2_350),
    ("Duffel Guest House", None, 3_125),
    ("Duffel Garden Hotel", 3, 5_890),
    ("Duffel Court Hotel", 4, 9_940),
    ("Duffel Grand Resort", 5, 21_075),
)


def asked_at(first: date) -> datetime:
    """When the search is taken to be made: two weeks before the first night."""
    return datetime.combine(first - timedelta(days=14), time(7, 30, 1), UTC)


def results(first: date, last: date, rooms: int, guests: object, lat: float, lon: float) -> list[Json]:
    """The hotels that have rooms for these nights; on a few there is none."""
    where = (round(lat, 2), round(lon, 2))
    if chance(*where, first) % 13 == 0:
        return []
    return [
        _result(n, first, last, rooms, guests, where)
        for n in range(len(_NAMES))
        if chance(n, *where, first, last) % 5
    ]  # fmt: skip


def _result(n: int, first: date, last: date, rooms: int, guests: object, where: tuple[float, float]) -> Json:
    name, stars, nightly = _NAMES[n]
    luck = chance(name, *where)
    cents = (nightly + luck % 1_000) * rooms * (last - first).days
    total, tag = f"{cents // 100}.{cents % 100:02}", f"0000Sandbox{luck:010}"
    return {
        "id": f"srr_{tag}",
        "check_in_date": first.isoformat(),
        "check_out_date": last.isoformat(),
        "rooms": rooms,
        "guests": guests,
        "cheapest_rate_total_amount": total,
        "cheapest_rate_currency": "USD",
        "cheapest_rate_public_amount": None,
        "cheapest_rate_public_currency": "USD",
        "cheapest_rate_base_amount": total,
        "cheapest_rate_base_currency": "USD",
        "cheapest_rate_due_at_accommodation_amount": "0.00" if n else "4.50",
        "cheapest_rate_due_at_accommodation_currency": "USD",
        "supported_negotiated_rates": [],
        "expires_at": f"{asked_at(first) + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        "accommodation": {
            "id": f"acc_{tag}",
            "name": name,
            "description": "Made up.",
            "rating": stars,
            "ratings": [],
            "review_score": None if stars is None else 6 + luck % 40 / 10,
            "review_count": 0 if stars is None else luck % 900 + 3,
            "amenities": [{"type": "wifi", "description": "Wi-Fi available"}],
            "photos": [],
            "phone_number": None,
            "email": None,
            "check_in_information": {"check_in_after_time": "14:00", "check_out_before_time": "10:00"},
            "location": {
                "geographic_coordinates": {
                    "latitude": where[0] + (luck % 41 - 20) / 1_000,
                    "longitude": where[1] + (luck % 31 - 15) / 1_000,
                },
                "address": {
                    "line_one": "Example Road", "city_name": None, "region": None, "postal_code": None,
                    "country_code": "KE",
                },
            },
            "brand": None,
            "chain": None,
            "supported_loyalty_programme": None,
            "rooms": [],
        },
    }  # fmt: skip
