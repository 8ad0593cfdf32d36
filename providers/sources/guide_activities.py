"""Things to do, of the guide: parks, museums, beaches, walks.

What it is: `guide/attractions.csv` (what, where, how long, hours, fees) and `guide/park_fees.csv` (tariffs, old
and new).
Terms: published facts, each with its source and date; parks are paid on eCitizen.
Limits: many fees and hours are in no source: the price is then None and the hours are empty, never guessed.
Oddities: the KWS tariff of 1 October 2025 was suspended by the High Court the next day and the outcome was not found:
the higher of the two tariffs is planned with, the lower is the low end of the range. Fees printed in US dollars have no
price in shillings as no exchange rate is stored. Fees depend on the residency of the party; a citizen pays the
resident fee where only that was printed. A child without a child fee is planned at the adult fee.
Not verified: opening hours of old blogs, visit lengths (nearly all are estimates).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import ClassVar

import httpx

from planner.model import ActivityOffer, ItemType, Offer, OpenSpan, Party, Place, Price, Residency, Spot, SpotKind
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, km_between, places, price_of, rows, slug, table

_NEAR_KM = 30
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ALL_WEEK = frozenset(range(7))
_PARTS_OF_WEEK = {"weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}
_TAGS = {  # by category; the words are those that travellers' wishes are known by
    "wildlife": ("wildlife", "game_drive", "safari", "nature", "family", "kids"),
    "museum": ("museum", "culture", "history", "family", "kids"),
    "culture": ("culture",),
    "nature": ("nature",),
    "city walk": ("culture", "history", "walking"),
    "heritage": ("heritage", "history", "culture"),
    "landmark": ("landmark", "sightseeing"),
    "beach": ("beach", "romantic", "family", "kids"),
    "marine": ("marine", "snorkeling", "diving", "beach", "nature"),
    "hiking/cycling": ("hiking", "cycling", "nature"),
    "hiking": ("hiking", "nature"),
    "boat": ("boat", "romantic", "nature"),
    "tour": ("culture", "tour"),
}
_WHOSE = {
    Residency.CITIZEN: "Fee for citizens",
    Residency.RESIDENT: "Fee for residents",
    Residency.VISITOR: "Fee for non-residents",
}
_DAYS = r"daily|gates|weekdays|weekends|[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?"
_HOURS = re.compile(rf"(?:({_DAYS})? ?(?:and )?(public holidays)? )?(\d\d:\d\d)-(\d\d:\d\d)")
_NO_HOLIDAYS = re.compile(r"closed [^;]*\bpublic holidays")
_CLOSED = re.compile(r"closed (\d{1,2}) ([A-Z][a-z]{2})")


class _Attraction(GuideRow):
    name: str
    town: str
    category: str
    lat: float | None = None
    lon: float | None = None
    typical_duration_min: int
    opening_hours: str | None = None
    fee_citizen_adult_kes: int | None = None
    fee_citizen_child_kes: int | None = None
    fee_resident_adult_kes: int | None = None
    fee_resident_child_kes: int | None = None
    fee_nonres_adult: int | None = None
    fee_nonres_child: int | None = None
    fee_nonres_currency: str | None = None
    booking_url: str | None = None
    note: str | None = None


class _Tariff(GuideRow):
    park: str
    place_slug: str
    tariff: str
    citizen_adult_kes: int | None = None
    citizen_child_kes: int | None = None
    resident_adult_kes: int | None = None
    resident_child_kes: int | None = None
    nonres_adult_usd: int | None = None


@dataclass(frozen=True, slots=True)
class _Fee:
    """What one adult and one child pay. `currency` is KES unless the gate charges foreigners in dollars."""

    adult: int
    child: int
    currency: str = "KES"

    def of(self, party: Party) -> int:
        """The whole party's fee; children under 12 or of unknown age count as children."""
        young = sum(age < 12 for age in party.child_ages) if party.child_ages else party.children
        return (party.size - young) * self.adult + young * self.child


def parse(attractions: bytes, tariffs: bytes, query: Query) -> list[ActivityOffer]:
    """What there is to do in the query's place and within some 30 km of it, priced for the party's residency."""
    offers = []
    for sight in rows(_Attraction, attractions):
        if _near(sight, query.destination):
            offers.append(_offer(sight, rows(_Tariff, tariffs), query))
    return offers


@cache
def sights_near(town: str) -> tuple[str, ...]:
    """Names of what there is to see in a town (by slug) and near it, as the guide writes them."""
    place = places().get(town)
    if place is None:
        return ()
    return tuple(sight.name for sight in rows(_Attraction, table("attractions.csv")) if _near(sight, place))


def _near(sight: _Attraction, place: Place) -> bool:
    if sight.town == place.slug:
        return True
    town = places().get(sight.town)
    if town is None:
        return False
    # A town without a position has the sights of the other towns of its county.
    km = km_between(place, _spot(sight) if sight.lat is not None else town)
    return km <= _NEAR_KM if km is not None else town.county == place.county


def _offer(sight: _Attraction, tariffs: Sequence[_Tariff], query: Query) -> ActivityOffer:
    price, notes = _price(sight, tariffs, query)
    return ActivityOffer(
        id=f"activity:{slug(sight.name)}",
        name=sight.name,
        spot=_spot(sight),
        kind=ItemType.ACTIVITY,
        tags=frozenset(_TAGS.get(sight.category, (sight.category,))),
        minutes=sight.typical_duration_min,
        price=price,
        spans=opening_spans(sight.opening_hours or ""),
        closed_on=closed_days(sight.opening_hours or ""),
        score=_score(sight, price, query.destination),
        repeatable=sight.category == "beach" or _safari(sight),
        booking_url=links.operator_site(sight.booking_url),
        notes=(*notes, *_remarks(sight)),
        provider=GuideActivities.name,
    )


def _safari(sight: _Attraction) -> bool:
    """Whether it is what one comes to a park for, day after day."""
    town = places().get(sight.town)
    return sight.category == "wildlife" and town is not None and town.kind == "park"


def _price(sight: _Attraction, tariffs: Sequence[_Tariff], query: Query) -> tuple[Price | None, list[str]]:
    party = query.party
    fee = _fee(sight, party.residency)
    if fee is None:
        if not _charges(sight) and re.search(r"\bfree\b", sight.note or ""):
            return price_of(sight, 0, note="free"), []
        return None, ["The fee is not known"]
    whose = [_WHOSE[party.residency]] if _differs(sight) else []
    season = _seasonal_dollars(sight, tariffs, query)
    if fee.currency != "KES":
        adult = season or fee.adult
        return None, [f"The gate charges {fee.currency} {adult} an adult; no exchange rate is stored"]
    before = _fee_before(sight, tariffs, party.residency)
    total = fee.of(party)
    if before is not None and before.of(party) < total:
        low = before.of(party)
        note = "disputed tariff of October 2025; the older one is the low end"
        return price_of(sight, total, low=low, high=total, note=note), [
            *whose,
            "The KWS tariff of October 2025 was suspended by court; check eCitizen for what is charged",
        ]
    if "disputed" in (sight.note or ""):
        return price_of(sight, total, note="disputed tariff of October 2025"), [
            *whose,
            "The KWS tariff of October 2025 was suspended by court; check eCitizen for what is charged",
        ]
    return price_of(sight, total), whose


def _differs(sight: _Attraction) -> bool:
    """Whether it matters who one is."""
    fees = (sight.fee_citizen_adult_kes, sight.fee_resident_adult_kes, sight.fee_nonres_adult)
    return len({fee for fee in fees if fee is not None}) > 1


def _charges(sight: _Attraction) -> bool:
    return any((sight.fee_citizen_adult_kes, sight.fee_resident_adult_kes, sight.fee_nonres_adult))


def _fee(sight: _Attraction, residency: Residency) -> _Fee | None:
    """The printed fee of a residency class; None when it was not printed."""
    citizen = (sight.fee_citizen_adult_kes, sight.fee_citizen_child_kes, "KES")
    resident = (sight.fee_resident_adult_kes, sight.fee_resident_child_kes, "KES")
    visitor = (sight.fee_nonres_adult, sight.fee_nonres_child, sight.fee_nonres_currency or "KES")
    choices = {
        Residency.CITIZEN: (citizen, resident),
        Residency.RESIDENT: (resident,),
        Residency.VISITOR: (visitor,),
    }[residency]
    for adult, child, currency in choices:
        if adult is not None:
            return _Fee(adult, adult if child is None else child, currency)
    return None


def _fee_before(sight: _Attraction, tariffs: Sequence[_Tariff], residency: Residency) -> _Fee | None:
    """The KWS fee before October 2025, where it is known."""
    for row in tariffs:
        if row.place_slug == sight.town and row.tariff.startswith("KWS before") and _same_park(row, sight):
            citizen = residency is Residency.CITIZEN
            adult = row.citizen_adult_kes if citizen else row.resident_adult_kes
            child = row.citizen_child_kes if citizen else row.resident_child_kes
            if residency is not Residency.VISITOR and adult is not None:
                return _Fee(adult, adult if child is None else child)
    return None


def _seasonal_dollars(sight: _Attraction, tariffs: Sequence[_Tariff], query: Query) -> int | None:
    """The dollar fee of the season, where a park has two: "(Jan-Jun)" and "(Jul-Dec)"."""
    half = "(Jan-Jun)" if query.start.month <= 6 else "(Jul-Dec)"
    for row in tariffs:
        if row.place_slug == sight.town and row.park.endswith(half) and _same_park(row, sight):
            return row.nonres_adult_usd
    return None


def _same_park(row: _Tariff, sight: _Attraction) -> bool:
    park = row.park.split(" (")[0]
    words = {"national", "park", "reserve", "hike", "day", "walk", "mount"}
    mine, theirs = (set(slug(name).split("-")) - words for name in (sight.name, park))
    return bool(theirs) and theirs <= mine


def opening_spans(text: str) -> tuple[OpenSpan, ...]:
    """Opening hours as printed: `daily 09:00-17:00`, `Mon-Fri 08:00-17:00, Sat 09:00-14:00`, `weekends and public
    holidays 09:00-17:00`, `daily 09:00-17:00, closed on public holidays`. Unreadable → empty.

    Where some hours are those of public holidays, the others are not.
    """
    found = _HOURS.findall(text)
    other_hours = _NO_HOLIDAYS.search(text) is not None or any(holidays for _, holidays, _, _ in found)
    return tuple(
        OpenSpan(
            frozenset() if holidays and not days else _weekdays(days),
            time.fromisoformat(opens),
            time.fromisoformat(closes),
            bool(holidays) if other_hours else None,
        )
        for days, holidays, opens, closes in found
    )


def _weekdays(text: str) -> frozenset[int]:
    if text in _PARTS_OF_WEEK:
        return _PARTS_OF_WEEK[text]
    first, _, last = text.partition("-")
    if first not in _WEEK:
        return _ALL_WEEK
    start = _WEEK.index(first)
    return frozenset(range(start, _WEEK.index(last or first) + 1))


def closed_days(text: str) -> frozenset[tuple[int, int]]:
    """Yearly closing days as (month, day): `closed 25 Dec` → {(12, 25)}."""
    return frozenset((_MONTHS.index(month) + 1, int(day)) for day, month in _CLOSED.findall(text))


def _score(sight: _Attraction, price: Price | None, place: Place) -> float:
    """How well the guide can vouch for the visit, 0.4 … 0.85.

    Half a point for being in the guide at all; less for a source that is only a blog; more for a visit whose price,
    hours and position are known, and for being in the town itself. Popularity is in no source and not invented.
    """
    score = 0.5 if sight.quality in ("A", "B") else 0.4
    score += 0.1 if price is not None else 0.0
    score += 0.05 if sight.opening_hours else 0.0
    score += 0.1 if sight.lat is not None else 0.0
    score += 0.1 if sight.town == place.slug else 0.0
    return round(score, 2)


def _remarks(sight: _Attraction) -> Iterator[str]:
    if sight.opening_hours and not _HOURS.fullmatch(sight.opening_hours):
        yield f"Hours: {sight.opening_hours}"
    if sight.note and not sight.note.startswith(("fee disputed", "fee not found", "see park_fees")):
        yield sight.note[0].upper() + sight.note[1:]


def _spot(sight: _Attraction) -> Spot:
    return Spot(f"sight:{slug(sight.name)}", sight.name, sight.town, SpotKind.SIGHT, sight.lat, sight.lon)


class GuideActivities:
    """Sights and outings, from the guide."""

    name: ClassVar[str] = "guide_activities"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.ACTIVITIES})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Places in Kenya."""
        return query.kind in self.kinds and query.destination.country == "KE"

    async def search(self, query: Query) -> Sequence[Offer]:
        """Sights from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("attractions.csv"), table("park_fees.csv"), query)


PROVIDER: type[Provider] = GuideActivities
