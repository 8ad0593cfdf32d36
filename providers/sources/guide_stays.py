"""Places to sleep, as price bands of the guide.

What it is: `guide/hotel_price_bands.csv`: nightly prices by kind of stay as printed somewhere, and `guide/hotels.csv`:
hotels with their official stars. Single hotels have no known rate (one has), so an offer is a kind of stay in a town;
hotels of the same town and class are named as examples only.
Terms: published facts, each with its source and date; booking links open a search, not a room.
Limits: no availability. Bands are old and rough; the middle is planned with (the high end in the festive peak), or the
low end ("from") where no upper end was printed.
Oddities: two adults share a room and children sleep with them, two to a room; no room has
children alone. Suburbs of a city count as the city.
Not verified: what a night costs today. No band is known for high-class stays off the coast: none is priced there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import httpx

from planner.model import Offer, Party, Place, Spot, SpotKind, StayClass, StayOffer
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, festive_peak, km_between, places, price_of, rows, slug, table
from providers.hotel_links import PLAIN, hotel_search, room_night

_COAST = frozenset({"Mombasa", "Kwale", "Kilifi", "Lamu"})
_SUBURB_KM = 15
_BEDS = 4  # people to a room
_OWN_BED = 3  # years: younger children share a bed
_EXAMPLES = 3
_RADIUS_KM = {"city": 10, "park": 25, "lake": 15}  # by kind of place
_NEAR_KM = 5
_TOWNS = frozenset({"city", "town", "suburb", "beach", "island", "border"})
_ANYWHERE = _TOWNS | {"park", "lake"}


@dataclass(frozen=True, slots=True)
class _Sort:
    """What a band is for us: its class, its name to a traveller, the kinds of place it can be met in."""

    stay_class: StayClass
    label: str
    kinds: frozenset[str] = _TOWNS
    tags: frozenset[str] = frozenset()


_SORTS = {  # by `what` of the band; a band that is not listed is not offered, and a test names it
    "small-town budget hotel": _Sort(StayClass.BUDGET, "Small-town budget hotel", frozenset({"town", "border"})),
    "guest house": _Sort(StayClass.BUDGET, "Guest house"),
    "guest house room, Nairobi": _Sort(StayClass.BUDGET, "Guest house room"),
    "basic budget hotel": _Sort(StayClass.BUDGET, "Basic hotel"),
    "one-bedroom holiday home, coast": _Sort(StayClass.MID, "One-bedroom holiday home"),
    "one-bedroom homestay, coast": _Sort(StayClass.MID, "Homestay with pool", tags=frozenset({"pool", "wifi"})),
    "mid-range hotel or lodge": _Sort(StayClass.MID, "Mid-range hotel or lodge", _ANYWHERE),
    "Nairobi hotel average night": _Sort(StayClass.HIGH, "Hotel at the city's average rate"),
    "coast hotel double, half or full board": _Sort(
        StayClass.HIGH, "Beach hotel, half or full board", tags=frozenset({"breakfast"})
    ),
}


class _Band(GuideRow):
    what: str
    region: str
    nightly_kes_low: int | None = None
    nightly_kes_high: int | None = None
    note: str | None = None


class _Hotel(GuideRow):
    name: str
    town: str
    star: int | None = None
    tier: StayClass
    lat: float | None = None
    lon: float | None = None
    nightly_kes_low: int | None = None
    nightly_kes_high: int | None = None
    note: str | None = None


def parse(bands: bytes, hotels: bytes, query: Query, *, keys: Mapping[str, str] = PLAIN) -> list[StayOffer]:
    """Kinds of stay in the query's town and its suburbs for its nights, then hotels whose own price is known.

    Towns with hotels of a class for which no price is known get one offer without a price naming them. `keys` are the
    settings that booking links are made by.
    """
    known = rows(_Hotel, hotels)
    offers: list[StayOffer] = []
    for town in towns(query.destination):
        local = [hotel for hotel in known if hotel.town == town.slug]
        link = _search_link(town, query, keys)
        priced = [_band_offer(band, town, local, query, link) for band in rows(_Band, bands) if _applies(band, town)]
        priced += [_hotel_offer(hotel, town, query, link) for hotel in local if hotel.nightly_kes_low]
        offers += priced
        covered = {offer.stay_class for offer in priced}
        offers += list(_unpriced(town, [hotel for hotel in local if hotel.tier not in covered], query, link))
    return offers


def towns(place: Place) -> list[Place]:
    """Where one may sleep for a stay in `place`: there, and for a city its suburbs within 15 km."""
    found = [place]
    if place.kind == "city":
        for other in places().values():
            km = km_between(place, other)
            near = km is not None and km <= _SUBURB_KM
            # A suburb without a position counts for the city of its county.
            if other.kind == "suburb" and other.county == place.county and (near or km is None):
                found.append(other)
    return found


def radius_km(place: Place) -> int:
    """How far from the middle of a place one may sleep for a stay in it, for sources that are asked by position."""
    return _RADIUS_KM.get(place.kind, _NEAR_KM)


def _applies(band: _Band, town: Place) -> bool:
    sort = _SORTS.get(band.what)
    if sort is None or band.nightly_kes_low is None or town.country != "KE" or town.kind not in sort.kinds:
        return False
    return band.region in ("any", town.slug) or (band.region == "coast" and town.county in _COAST)


def _band_offer(band: _Band, town: Place, local: Sequence[_Hotel], query: Query, link: str | None) -> StayOffer:
    sort = _SORTS[band.what]
    rooms = rooms_for(query.party)
    low, high = band.nightly_kes_low or 0, band.nightly_kes_high
    kes = low if high is None else high if festive_peak(query.start) else (low + high) // 2
    note = "from; the upper end is not known" if high is None else "of a range"
    examples = [hotel.name for hotel in local if hotel.tier is sort.stay_class][:_EXAMPLES]
    notes = [f"For example {', '.join(examples)}: their own rates are not known"] if examples else []
    remark = (band.note or "").removeprefix("as above").lstrip("; ")
    notes += [f"Guide band: {remark}"] if remark and not remark.startswith('"') else []
    notes += [f"The price is for {rooms} of them"] if rooms > 1 else []
    return StayOffer(
        id=f"stay:{town.slug}:{slug(band.what)}",
        name=f"{sort.label} in {town.name} (guide band)",
        spot=stay_spot(town),
        stay_class=sort.stay_class,
        nightly=price_of(band, kes, low=low, high=high, note=note).times(rooms),
        rooms=rooms,
        sleeps=sleeps_of(query.party),
        tags=sort.tags,
        booking_url=link,
        notes=(*notes, "Availability is not checked"),
        provider=GuideStays.name,
    )


def _hotel_offer(hotel: _Hotel, town: Place, query: Query, link: str | None) -> StayOffer:
    rooms = rooms_for(query.party)
    low = hotel.nightly_kes_low or 0
    high = hotel.nightly_kes_high or low
    return StayOffer(
        id=f"stay:{town.slug}:{slug(hotel.name)}",
        name=hotel.name,
        spot=_hotel_spot(hotel, town),
        stay_class=hotel.tier,
        nightly=price_of(hotel, (low + high) // 2, low=low, high=high).times(rooms),
        rooms=rooms,
        sleeps=sleeps_of(query.party),
        stars=hotel.star,
        booking_url=link,
        notes=tuple(note for note in (hotel.note, "Availability is not checked") if note),
        provider=GuideStays.name,
    )


def _unpriced(town: Place, hotels: Sequence[_Hotel], query: Query, link: str | None) -> Iterator[StayOffer]:
    for hotel in hotels:
        yield StayOffer(
            id=f"stay:{town.slug}:{slug(hotel.name)}",
            name=hotel.name,
            spot=_hotel_spot(hotel, town),
            stay_class=hotel.tier,
            nightly=None,
            rooms=rooms_for(query.party),
            sleeps=sleeps_of(query.party),
            stars=hotel.star,
            booking_url=link,
            notes=("Its rate is not known",),
            provider=GuideStays.name,
        )


def rooms_for(party: Party) -> int:
    """Rooms for a party: at most two adults and four people to a room, and an adult in each."""
    return min(party.adults, max(-(-party.adults // 2), -(-_in_beds(party) // _BEDS)))


def sleeps_of(party: Party) -> int:
    """How many of a party its rooms take: all, unless there are more children than adults can sleep with."""
    spare = _in_beds(party) - _BEDS * rooms_for(party)
    return party.size - max(0, spare)


def _in_beds(party: Party) -> int:
    """Those who need a bed: the youngest sleep with their parents."""
    return party.size - sum(age < _OWN_BED for age in party.child_ages)


def stay_spot(town: Place) -> Spot:
    """Where a stay without an address is taken to be: the middle of its town, or nowhere known."""
    return Spot(f"stay:{town.slug}", f"{town.name} stay", town.slug, SpotKind.STAY, town.lat, town.lon)


def _hotel_spot(hotel: _Hotel, town: Place) -> Spot:
    if hotel.lat is None or hotel.lon is None:
        return stay_spot(town)
    return Spot(f"stay:{slug(hotel.name)}", hotel.name, town.slug, SpotKind.STAY, hotel.lat, hotel.lon)


def _search_link(town: Place, query: Query, keys: Mapping[str, str]) -> str | None:
    """A search of the town. Of a budget for the stay, it shows what each room and night may cost."""
    nights = (query.end - query.start).days
    if nights <= 0:
        return None
    where = f"{town.name}, Kenya" if town.country == "KE" else town.name
    rooms = rooms_for(query.party)
    most = room_night(query.budget_kes, nights, rooms)
    return hotel_search(where, query.start, query.end, query.party, keys, rooms=rooms, max_per_night=most)


class GuideStays:
    """Hotels, guest houses and holiday homes, from the guide."""

    name: ClassVar[str] = "guide_stays"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.HOTELS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._keys = keys

    def covers(self, query: Query) -> bool:
        """Places in Kenya."""
        return query.kind in self.kinds and query.destination.country == "KE"

    async def search(self, query: Query) -> Sequence[Offer]:
        """Stays from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("hotel_price_bands.csv"), table("hotels.csv"), query, keys=self._keys)


PROVIDER: type[Provider] = GuideStays
