"""Deep links to flight searches, rides, maps and chat: pure builders, no secrets, no personal data.

Only https links are built: chat apps refuse tel:, whatsapp:// and hosts without a dot in buttons, and the whole
message with them. Uber's universal link, Google's Maps URLs and wa.me are documented by their owners; the parameters of
Skyscanner are those seen in public code; Google Flights understands words and promises nothing. Kenya Railways and
BuuPass have no deep link that could be verified: their front pages are linked. Hotels have providers.hotel_links.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlencode

from planner.model import Party, Spot

SGR = "https://metickets.krc.co.ke/"
BUUPASS = "https://buupass.com/"
_UNKNOWN_AGE = 8  # Booking and Skyscanner want an age per child; the middle of the child fare band when not told


def skyscanner(
    origin: str, destination: str, leave: date, back: date | None, party: Party, cabin: str = "economy"
) -> str:
    """A Skyscanner search between two IATA codes; `cabin` is economy, premiumeconomy, business or first."""
    days = [f"{day:%y%m%d}" for day in (leave, back) if day is not None]
    query = [("adultsv2", str(party.adults))]
    if party.children:
        query.append(("childrenv2", "|".join(str(age) for age in ages(party))))
    query.append(("cabinclass", cabin))
    query += [("rtn", "1")] if back is not None else []
    query += [("currency", "KES"), ("locale", "en-GB"), ("market", "KE")]
    path = "/".join([origin.lower(), destination.lower(), *days])
    return f"https://www.skyscanner.net/transport/flights/{path}/?{urlencode(query)}"


def google_flights(origin: str, destination: str, leave: date, back: date | None = None) -> str:
    """A Google Flights question in words, priced in KES. Best effort: Google promises no format."""
    words = f"Flights from {origin} to {destination} on {leave.isoformat()}"
    if back is not None:
        words += f" through {back.isoformat()}"
    return f"https://www.google.com/travel/flights?q={quote(words)}&curr=KES"


def uber(pickup: Spot | None, dropoff: Spot, address: str = "") -> str:
    """An Uber ride; `pickup` None starts where the phone is. Raises ValueError when a position is not known."""
    query = [("action", "setPickup")]
    if pickup is None:
        query.append(("pickup", "my_location"))
    else:
        query += _uber_point("pickup", pickup)
    query += _uber_point("dropoff", dropoff)
    if address:
        query.append(("dropoff[formatted_address]", address))
    return f"https://m.uber.com/ul/?{urlencode(query, quote_via=quote)}"


def _uber_point(end: str, spot: Spot) -> list[tuple[str, str]]:
    return [
        (f"{end}[latitude]", coordinate(spot.lat)),
        (f"{end}[longitude]", coordinate(spot.lon)),
        (f"{end}[nickname]", spot.name),
    ]


def google_maps_dir(origin: Spot, destination: Spot, mode: str = "driving") -> str:
    """Directions between two spots, by position where known and by name elsewhere."""
    query = [("api", "1"), ("origin", _maps_point(origin)), ("destination", _maps_point(destination))]
    return f"https://www.google.com/maps/dir/?{urlencode([*query, ('travelmode', mode)], quote_via=quote)}"


def google_maps_search(words: str) -> str:
    """A place by its name on Google Maps."""
    return f"https://www.google.com/maps/search/?{urlencode([('api', '1'), ('query', words)], quote_via=quote)}"


def _maps_point(spot: Spot) -> str:
    if spot.lat is None or spot.lon is None:
        return f"{spot.name}, Kenya"
    return f"{coordinate(spot.lat)},{coordinate(spot.lon)}"


def wa_me(text: str, number: str = "") -> str:
    """A WhatsApp chat with `text` filled in; `number` in any E.164 writing, or empty to choose a contact."""
    digits = "".join(char for char in number if char.isdecimal())
    return f"https://wa.me/{digits}?{urlencode([('text', text)], quote_via=quote)}"


def operator_site(url: str | None) -> str | None:
    """The site of a company as given, when it can be opened from a chat; None for anything but http(s)."""
    return url if url and url.startswith(("https://", "http://")) else None


def coordinate(value: float | None) -> str:
    """A latitude or longitude as sites read it. Raises ValueError when it is not known."""
    if value is None:
        raise ValueError("a position is needed")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def ages(party: Party) -> Sequence[int]:
    """One age per child."""
    return party.child_ages or (_UNKNOWN_AGE,) * party.children
