"""Events as pages and services list them, and the offers they make: in which town, at which hours, for how much.

A listing is of a trip's town when its venue lies within NEAR_KM of it. Where the venue's position is not known the
town's name in its address decides, and where there is none, the town on whose own page it is listed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from planner.model import ActivityOffer, ItemType, Place, Price, Spot, SpotKind
from planner.places import distance_km
from providers import fx, gazetteer
from providers.base import Query
from providers.fx import PLANNED_IN, Rates
from providers.guidebook import centre, haversine, moment, slug

NEAR_KM = 20.0
_AROUND_KM = 50.0  # from a city, for its page to be worth asking
MOST = 40  # offers of one search
_ASTRAY_KM = 40.0  # between a venue and the town of its address: more, and the position counts
_NO_TOWN_KM = 60.0
_KENYA = ("", "ke", "ken", "kenya")
_ROADS = re.compile(r"[\w’']+ (?:super)?(?:road|rd|street|st|avenue|ave|highway|lane|drive)\b\.?", re.IGNORECASE)
_OPENS, _CLOSES = time(10), time(16)  # as for the guide's events
_LENGTH = timedelta(hours=3)
_ONE_NIGHT = timedelta(hours=18)  # an event that is over sooner is one session
_EVENING = time(15)
_LONGEST_VISIT = 300  # minutes: nobody stays for the whole of a ten-hour festival
_MOST_SESSIONS = 60
_SCORE = 0.6  # as for the guide's events
_TAGS = (
    ("music", r"music|concert|jazz|band|orchestra|dj|taarab|live in|benga|gospel|album"),
    ("comedy", r"comedy|comedian|stand.?up"),
    ("food", r"food|drink|wine|beer|brunch|dining|culinary|tasting|nyama"),
    ("culture", r"cultur\w*|heritage|theat\w+|performing|visual|museum|swahili|film|poetry"),
    ("art", r"arts?|gallery|exhibition"),
    ("sport", r"sports?|marathon|race|rugby|golf|run|football|fitness"),
    ("wellness", r"wellness|yoga|health"),
    ("nightlife", r"nightlife|party|rooftop|club night|rave"),
    ("beach", r"beach"),
    ("business", r"business|startup|conference|summit|expo|networking"),
    ("kids", r"kids|children|family"),
)
_TAG_PATTERNS = tuple((tag, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for tag, pattern in _TAGS)


@dataclass(frozen=True, slots=True)
class Tickets:
    """What one ticket costs: from `low` to `high`; `high` None means "from", with no word about the dearest."""

    low: Decimal
    high: Decimal | None = None
    currency: str = PLANNED_IN

    @property
    def converted(self) -> bool:
        """Whether an exchange rate is needed."""
        return self.currency != PLANNED_IN and bool(self.low or self.high)


@dataclass(frozen=True, slots=True)
class Listing:
    """An event as it is listed. Days and times are by the clocks of Kenya; a time is None where none is named.

    `town` and `country` are the words of its address, the exact ones first; `words` are those of its categories; `key`
    is its number at the site where that has one; `shelf` is the slug of the town on whose own page it stands. `off` is
    cancelled or postponed.
    """

    title: str
    url: str
    day: date
    clock: time | None = None
    last_day: date | None = None
    closes: time | None = None
    venue: str = ""
    town: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    tickets: Tickets | None = None
    online: bool = False
    off: bool = False
    sold_out: bool = False
    words: tuple[str, ...] = ()
    key: str = ""
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where events are listed: a short name for ids, one for sentences, and the host its links must have."""

    code: str
    name: str
    host: str

    def link(self, url: str) -> str | None:
        """The address of a listing without its tracking, None unless it is https and on this site."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        host = (parts.hostname or "").removeprefix("www.")
        if parts.scheme != "https" or host != self.host or port is not None or parts.username is not None:
            return None
        event = re.search(r"(?:^|&)eventId=[\w-]+", parts.query)
        return f"https://{parts.hostname}{parts.path}{'?' + event[0].lstrip('&') if event else ''}"


def offers(
    listings: Sequence[Listing], query: Query, site: Site, *, provider: str, seen_at: datetime, rates: Rates | None
) -> list[ActivityOffer]:
    """What of the listings takes place in the query's town between its days, and can be gone to; at most MOST, soonest
    first. `rates` are needed for tickets in another currency: without, their price is not known.
    """
    found: dict[str, ActivityOffer] = {}
    for listing in listings:
        if (town := town_asked_for(listing, query)) is None or not (hours := sessions(listing, query)):
            continue
        offer = _offer(listing, town, hours, query, site, provider, seen_at, rates)
        if (same := found.get(offer.id)) is not None:  # one event on several days
            offer = replace(same, sessions=tuple(sorted({*same.sessions, *hours})))
        found[offer.id] = offer
    return sorted(found.values(), key=lambda offer: (offer.sessions[0], offer.id))[:MOST]


def town_asked_for(listing: Listing, query: Query) -> Place | None:
    """The town of an event that one can go to from the query's place; None when it is elsewhere, online or off."""
    if listing.online or listing.off or listing.sold_out:
        return None
    asked, town = query.destination, _town(listing)
    if town is None or town.slug == asked.slug:
        return town
    here = _placed(asked)
    there = _placed(town if listing.lat is None else replace(town, lat=listing.lat, lon=listing.lon))
    km = distance_km(here, there)
    return town if km is not None and km <= NEAR_KM else None


def sessions(listing: Listing, query: Query) -> tuple[tuple[datetime, datetime], ...]:
    """When it can be gone to between the query's days: once when it is over within a night, else every day of it."""
    last = max(listing.last_day or listing.day, listing.day)
    opens, closes = listing.clock or _OPENS, listing.closes if listing.clock else _CLOSES
    if listing.clock and closes:
        begins, ends = moment(listing.day, listing.clock), moment(last, closes)
        if timedelta(0) < ends - begins <= _ONE_NIGHT:
            return ((begins, ends),) if query.start <= listing.day <= query.end else ()
    over_midnight = closes is not None and closes <= opens
    if over_midnight or (closes is None and opens >= _EVENING):
        last = max(listing.day, last - timedelta(days=1))  # its last night ends on its last day
    found: list[tuple[datetime, datetime]] = []
    day = max(listing.day, query.start)
    while day <= min(last, query.end) and len(found) < _MOST_SESSIONS:
        begins = moment(day, opens)
        ends = begins + _LENGTH if closes is None else moment(day + timedelta(days=over_midnight), closes)
        found.append((begins, ends))
        day += timedelta(days=1)
    return tuple(found)


def city_near(town: Place, cities: Sequence[str]) -> str | None:
    """Of some cities with pages of their own (slugs), the one that a town is or lies near."""
    if town.slug in cities:
        return town.slug
    known = [(distance_km(_placed(town), city), city.slug) for city in map(gazetteer.load().get, cities) if city]
    near = [(km, name) for km, name in known if km is not None and km <= _AROUND_KM]
    return min(near)[1] if near else None


def needs_rates(listings: Sequence[Listing], query: Query) -> bool:
    """Whether something in the query's town and days is sold in another currency."""
    return any(
        listing.tickets is not None and listing.tickets.converted and sessions(listing, query)
        for listing in listings
        if town_asked_for(listing, query) is not None
    )


def _town(listing: Listing) -> Place | None:
    """Where it takes place, None when that is not known or not in the gazetteer."""
    places = gazetteer.load()
    if listing.country.casefold() not in _KENYA:
        return None
    named = _named(listing)
    if listing.lat is not None and listing.lon is not None:
        if named is not None and _km(_placed(named), listing.lat, listing.lon) <= _ASTRAY_KM:
            return named
        nearest = places.nearest(listing.lat, listing.lon)
        return nearest if nearest and _km(nearest, listing.lat, listing.lon) <= _NO_TOWN_KM else None
    return named or places.get(listing.shelf)


def _named(listing: Listing) -> Place | None:
    """The first town of the address, else the last one in the venue's name ("Ngong Race Course, Nairobi").

    A road named after a town leads there; it does not lie there.
    """
    places = gazetteer.load()
    parts = (places.find(part) for part in _ROADS.sub(" ", listing.town).split(",") if part.strip())
    mentions = places.mentions(_ROADS.sub(" ", listing.venue))
    return next((place for place in parts if place), None) or (mentions[-1].place if mentions else None)


def _placed(place: Place) -> Place:
    """The place with a position: that of the town its county is named after when its own is not known."""
    if place.lat is not None:
        return place
    town = gazetteer.load().get(slug(place.county))
    return place if town is None else replace(place, lat=town.lat, lon=town.lon)


def _km(place: Place, lat: float, lon: float) -> float:
    return haversine(place.lat, place.lon, lat, lon) if place.lat is not None and place.lon is not None else 0.0


def _offer(
    listing: Listing,
    town: Place,
    hours: tuple[tuple[datetime, datetime], ...],
    query: Query,
    site: Site,
    provider: str,
    seen_at: datetime,
    rates: Rates | None,
) -> ActivityOffer:
    link = site.link(listing.url)
    key = listing.key or slug(urlsplit(link).path.rstrip("/").rpartition("/")[2] if link else "")
    length = int((hours[0][1] - hours[0][0]) / timedelta(minutes=1))
    price = _price(listing, query, site, link, seen_at, rates)
    return ActivityOffer(
        id=f"event:{site.code}:{key or slug(listing.title) or _digest(listing.title)}",
        name=listing.title,
        spot=_spot(listing, town),
        kind=ItemType.EVENT,
        tags=_tags(listing),
        minutes=min(length, _LONGEST_VISIT),
        price=price,
        sessions=hours,
        score=_SCORE,
        booking_url=link,
        notes=tuple(_notes(listing, town, price)),
        provider=provider,
    )


def _spot(listing: Listing, town: Place) -> Spot:
    if listing.lat is None or listing.lon is None:
        return centre(town)
    name, lat, lon = listing.venue or f"Venue in {town.name}", round(listing.lat, 5), round(listing.lon, 5)
    return Spot(f"venue:{slug(name)}:{_digest(name, town.slug, lat, lon)}", name, town.slug, SpotKind.SIGHT, lat, lon)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def _tags(listing: Listing) -> frozenset[str]:
    """By the words of its categories and its title; the planner weighs them against a traveller's interests."""
    said = " ".join((*listing.words, listing.title))
    return frozenset({"events", *(tag for tag, pattern in _TAG_PATTERNS if pattern.search(said))})


def _price(
    listing: Listing, query: Query, site: Site, link: str | None, seen_at: datetime, rates: Rates | None
) -> Price | None:
    """The cheapest ticket for everybody, with the range where dearer ones are known."""
    if (tickets := listing.tickets) is None:
        return None
    people, currency = query.party.size, tickets.currency if tickets.converted else PLANNED_IN
    try:
        found, highest = (
            fx.price(
                amount * people,
                currency,
                rates,
                source=site.name,
                seen_at=seen_at,
                source_url=link,
                note=_each(tickets),
            )
            for amount in (tickets.low, tickets.high or tickets.low)
        )
    except KeyError:
        return None
    return replace(found, low_kes=found.kes, high_kes=highest.kes) if highest.kes > found.kes else found


def _each(tickets: Tickets) -> str:
    """ "from KES 1,500 each, the dearest KES 5,000"."""
    low = f"{tickets.currency} {tickets.low.normalize():,f}"
    if tickets.high is None:
        return f"from {low} each"
    if tickets.high > tickets.low:
        return f"from {low} each, the dearest {tickets.currency} {tickets.high.normalize():,f}"
    return f"{low} each" if tickets.low else "free"


def _notes(listing: Listing, town: Place, price: Price | None) -> Iterator[str]:
    if listing.clock is None:
        yield f"The listing names no hours: {_OPENS:%H:%M}–{_CLOSES:%H:%M} is assumed"
    elif listing.closes is None:
        yield f"The listing names no end: {_LENGTH.seconds // 3600} hours are assumed"
    if listing.last_day is not None and listing.last_day > listing.day + timedelta(days=1):
        yield f"Runs from {listing.day:%d %b %Y} to {listing.last_day:%d %b %Y}"
    if listing.venue and listing.lat is None:
        yield f"Venue: {listing.venue}"
    if listing.lat is None and _named(listing) is None:
        yield f"Taken to be in {town.name}, on whose page it is listed"
    if listing.tickets is None:
        yield "The listing names no ticket price"
    elif price is None:
        yield f"Tickets: {_each(listing.tickets)}; there is no rate to shillings"
