"""Sights of OpenStreetMap that the guide does not have.

What it is: an Overpass server, asked for what is within 15 km of a place: attractions, museums, zoos, viewpoints,
forts, monuments, ruins and beaches that have a name.
Terms: data under the ODbL, to be credited as "© OpenStreetMap contributors"; every offer says so. Fair use of the
public server is below 10,000 questions a day, with answers kept: a place is asked about once a week. A contact of the
operator goes with each question.
Limits: neither fees nor any hint of what is worth a visit. Of the first 60 things found at most 20 are offered, those
with an article in Wikipedia or an entry in Wikidata first, then the nearest. They count for little, so that what the
guide has wins. How long a visit takes is our own guess by its kind.
Oddities: a node has a position, ways and relations only a `center`; tags are free text. A busy server answers 429 or
504 with an HTML page; one that ran out of time answers 200 with a `remark` and whatever it had found until then. Hours
are read when they are one span for one run of weekdays, and told as they are otherwise.
Not verified: nothing was asked live; the format is from the documentation and from public recordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import SequenceMatcher
from typing import ClassVar, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.model import ActivityOffer, ItemType, Offer, OpenSpan, Place, Spot, SpotKind
from providers.base import Kind, Policy, Provider, ProviderError, Query
from providers.guidebook import haversine, places, slug, table
from providers.http import fetch
from providers.links import coordinate
from providers.points import MAP_CREDIT
from providers.sources import guide_activities

MOST = 20
KNOWN, UNKNOWN = 0.3, 0.2  # scores; the least of the guide is 0.4
_SERVICE = "OpenStreetMap's Overpass"
_WEEK = 7 * 24 * 3600.0
_METRES = 15_000
_QUERY = """[out:json][timeout:5];
(
  nwr["tourism"~"^(attraction|museum|viewpoint|zoo|theme_park|aquarium)$"]["name"](around:{around});
  nwr["historic"~"^(fort|monument|ruins|castle)$"]["name"](around:{around});
  nwr["natural"="beach"]["name"](around:{around});
);
out center tags 60;
"""
_ALIKE = 0.88  # of 1: "Gedi ruins" and "Gede Ruins" are one
_LONGEST = 80  # letters of a name or of hours
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOURS = re.compile(
    rf"(?:({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))? )?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)"
)
_ALL_WEEK = frozenset(range(7))


class _Position(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class _Element(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    type: Literal["node", "way", "relation"]
    id: int
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    center: _Position | None = None
    tags: dict[str, str] = {}

    @property
    def name(self) -> str:
        """In one line of letters that can be read in Kenya; empty when it has none."""
        names = (self.tags.get(key, "") for key in ("name", "name:en", "name:sw"))
        return next((_in_one_line(name) for name in names if slug(name)), "")

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, where it has any."""
        if self.center is not None:
            return self.center.lat, self.center.lon
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)

    elements: list[_Element]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a tag makes of a thing; the words are those of the guide's sights."""

    key: str
    values: frozenset[str]
    minutes: int
    tags: tuple[str, ...]


_KINDS = (
    _Kind("tourism", frozenset({"museum"}), 90, ("museum", "culture", "history", "family", "kids")),
    _Kind("tourism", frozenset({"zoo", "aquarium"}), 120, ("wildlife", "nature", "family", "kids")),
    _Kind("tourism", frozenset({"theme_park"}), 180, ("family", "kids")),
    _Kind("tourism", frozenset({"viewpoint"}), 45, ("sightseeing", "nature")),
    _Kind("historic", frozenset({"fort", "monument", "ruins", "castle"}), 60, ("heritage", "history", "culture")),
    _Kind("natural", frozenset({"beach"}), 180, ("beach", "romantic", "family", "kids")),
    _Kind("tourism", frozenset({"attraction"}), 60, ("landmark", "sightseeing")),
)


def parse(body: bytes, query: Query) -> list[ActivityOffer]:
    """Sights near the query's place that the guide does not have there. Raises ProviderError."""
    try:
        told = _Answer.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{_SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    if "runtime" in told.remark:
        raise ProviderError(f"{_SERVICE} ran out of time or memory")
    known = [slug(sight.name) for sight in _guide(query)]
    offers: list[ActivityOffer] = []
    for element in sorted(told.elements, key=lambda element: _rank(element, query.destination)):
        offer = _offer(element)
        if offer is not None and len(offers) < MOST and not any(_same(slug(offer.name), name) for name in known):
            known.append(slug(offer.name))
            offers.append(offer)
    return offers


def _guide(query: Query) -> Sequence[ActivityOffer]:
    return guide_activities.parse(table("attractions.csv"), table("park_fees.csv"), query)


def _rank(element: _Element, place: Place) -> tuple[object, ...]:
    position = element.position
    here = None if place.lat is None or place.lon is None else (place.lat, place.lon)
    km = haversine(*position, *here) if position and here else 0.0
    return not _is_known(element), round(km, 1), element.type, element.id


def _is_known(element: _Element) -> bool:
    return not element.tags.keys().isdisjoint(("wikidata", "wikipedia"))


def _same(one: str, other: str) -> bool:
    """Nearly the same name, or one within the other: "Old Town" is the guide's "Mombasa Old Town walk"."""
    less, more = sorted((frozenset(name.split("-")) - {"the", "of", "and", "sample"} for name in (one, other)), key=len)
    within = less <= more and (len(less) > 1 or less == more)
    return within or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _offer(element: _Element) -> ActivityOffer | None:
    """None for what has no name that can be read, no position, or is closed to the public."""
    kinds = [kind for kind in _KINDS if element.tags.get(kind.key) in kind.values]
    position, tags = element.position, element.tags
    if not kinds or position is None or not element.name or tags.get("access") in ("private", "no"):
        return None
    key = f"osm:{element.type}-{element.id}"
    return ActivityOffer(
        id=f"activity:{key}",
        name=element.name,
        spot=Spot(f"sight:{key}", element.name, _town(*position), SpotKind.SIGHT, *position),
        kind=ItemType.ACTIVITY,
        tags=frozenset(tag for kind in kinds for tag in kind.tags),
        minutes=kinds[0].minutes,
        price=None,
        spans=opening_spans(tags.get("opening_hours", "")),
        score=KNOWN if _is_known(element) else UNKNOWN,
        repeatable=tags.get("natural") == "beach",
        notes=tuple(_notes(tags)),
        provider=Overpass.name,
    )


def _town(lat: float, lon: float) -> str:
    """The place of the gazetteer it is nearest to, whichever was asked about: a spot is the same in all answers."""
    return min(_positions(), key=lambda place: haversine(lat, lon, *place[1:]))[0]


def _positions() -> Iterator[tuple[str, float, float]]:
    for place in places().values():
        if place.country == "KE" and place.lat is not None and place.lon is not None:
            yield place.slug, place.lat, place.lon


def opening_spans(text: str) -> tuple[OpenSpan, ...]:
    """Hours in the simplest of OpenStreetMap's words: `24/7`, `Mo-Su 08:00-18:00`, `09:00-17:00`. Others → empty."""
    if text.strip() == "24/7":
        return (OpenSpan(_ALL_WEEK, time(), time()),)
    found = _HOURS.fullmatch(text.strip())
    if found is None or (found[5] == "24" and found[6] != "00"):
        return ()
    opens, closes = time(int(found[3]), int(found[4])), time(int(found[5]) % 24, int(found[6]))
    return (OpenSpan(_weekdays(found[1], found[2]), opens, closes),)


def _weekdays(first: str | None, last: str | None) -> frozenset[int]:
    if first is None:
        return _ALL_WEEK
    start = _DAYS.index(first)
    return frozenset((start + more) % 7 for more in range((_DAYS.index(last or first) - start) % 7 + 1))


def _notes(tags: Mapping[str, str]) -> Iterator[str]:
    yield "OpenStreetMap says that there is no fee" if tags.get("fee") == "no" else "The fee is not known"
    hours = _in_one_line(tags.get("opening_hours", ""))
    if hours and not opening_spans(hours):
        yield f"Hours: {hours}"
    yield MAP_CREDIT


def _in_one_line(text: str) -> str:
    """What anybody may have written into the map, short and without characters that are not seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST]


class Overpass:
    """Sights from OpenStreetMap."""

    name: ClassVar[str] = "overpass"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.ACTIVITIES})
    needs: ClassVar[tuple[str, ...]] = ("OSM",)
    policy: ClassVar[Policy] = Policy(_SERVICE, "1/second; 5000/day", fresh=_WEEK, timeless=True)

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self._http = http
        self._url = (keys.get("OVERPASS_URL") or "https://overpass-api.de").rstrip("/")

    def covers(self, query: Query) -> bool:
        """Places in Kenya whose position is known."""
        place = query.destination
        known = place.lat is not None and place.lon is not None
        return query.kind in self.kinds and place.country == "KE" and known

    async def search(self, query: Query) -> Sequence[Offer]:
        """Sights within 15 km. Raises ProviderError."""
        around = f"{_METRES},{coordinate(query.destination.lat)},{coordinate(query.destination.lon)}"
        form = {"data": _QUERY.format(around=around)}
        body = await fetch(self._http, "POST", f"{self._url}/api/interpreter", service=_SERVICE, form=form)
        return parse(body, query)


PROVIDER: type[Provider] = Overpass
