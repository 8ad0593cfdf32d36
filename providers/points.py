"""The known points of a town that travellers arrive at and name: airports, termini, its centre."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel, ConfigDict, model_validator

from planner.model import Place, Spot, SpotKind
from providers.guidebook import centre, places, rows, slug, table

POINT = "point:"  # starts the ids of points that are known by a traveller's words alone
MAP_CREDIT, MAP_CREDIT_URL = "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"
# Termini lie outside their towns. Their positions are in no source; their way to the centre is (transfers.csv).
TERMINUS_KM = {"station:nairobi-terminus": 20.0, "station:mombasa-terminus": 11.0}
_STATIONS = {  # station → town; stations named like their town are found by name
    "Nairobi Terminus": "nairobi",
    "Nairobi Central Station": "nairobi",
    "Mombasa Terminus": "mombasa",
    "Maai Mahiu": "naivasha",
    "Suswa": "narok",
}
_SHOWN = {"Nairobi Terminus": "Nairobi Terminus (Syokimau)", "Mombasa Terminus": "Mombasa Terminus (Miritini)"}
_CENTRAL = "Nairobi Central Station"
_WORDS = (  # what travellers call them, by pattern; the first that fits wins
    (re.compile(r"\bjkia\b|jomo kenyatta|\bnbo\b"), "airport:NBO"),
    (re.compile(r"\bwilson\b|\bwil\b"), "airport:WIL"),
    (re.compile(r"\bmoi (int|air)|mombasa (int\w* )?airport|\bmba\b"), "airport:MBA"),
    (re.compile(r"syokimau|nairobi (sgr )?terminus"), "station:nairobi-terminus"),
    (re.compile(r"miritini|mombasa (sgr )?terminus"), "station:mombasa-terminus"),
    (re.compile(r"central (railway )?station"), "station:nairobi-central-station"),
)
_AIRPORT = re.compile(r"airport|airstrip|uwanja wa ndege|kiwanja cha ndege|\bplane\b")
_TERMINUS = re.compile(r"\bsgr\b|terminus|railway|train station|madaraka|stesheni")
_MIDDLE = ("town", "city", "centre", "center", "cbd", "mjini", "the")
_CENTRE = re.compile(r"\bcbd\b|\btown\b|\btao\b|city cent|\bcentre\b|\bmjini\b|\bhotel\b|hoteli")


class _Airport(BaseModel):
    model_config = ConfigDict(frozen=True)

    iata: str | None = None
    name: str
    place_slug: str
    lat: float
    lon: float

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unknown(cls, cells: dict[str, str]) -> dict[str, str | None]:
        return {name: text or None for name, text in cells.items()}


def town_of(station: str) -> str:
    """The slug of the town a station belongs to."""
    return _STATIONS.get(station, slug(station))


def station_spot(station: str) -> Spot:
    """A station as a point. SGR termini have no known position; others are taken to be in the middle of their town."""
    town = places().get(town_of(station))
    outside = station in _STATIONS and station != _CENTRAL
    within = None if outside else town
    return Spot(
        id=f"station:{slug(station)}",
        name=_SHOWN.get(station, station if station == _CENTRAL else f"{station} station"),
        place=town_of(station),
        kind=SpotKind.STATION,
        lat=within.lat if within else None,
        lon=within.lon if within else None,
    )


def airport_spot(code: str, name: str, place: str, lat: float, lon: float) -> Spot:
    """An airport as a point."""
    return Spot(f"airport:{code}", name, place, SpotKind.AIRPORT, lat, lon)


@cache
def gates(town: str) -> tuple[Spot, ...]:
    """Airports and termini of a town, the main ones first."""
    stations = [station_spot(name) for name, place in _STATIONS.items() if place == town]
    airports = [
        airport_spot(row.iata, row.name, row.place_slug, row.lat, row.lon)
        for row in rows(_Airport, table("airports.csv"))
        if row.iata and row.place_slug == town
    ]
    return (*airports, *stations)


def named(words: str, place: Place) -> Spot:
    """The point a traveller means by `words` in or near `place`.

    A known airport, terminus, town, sight or hotel, or the centre; anything else becomes a point of that name without
    a position.
    """
    text = words.casefold()
    known = {spot.id: spot for town in (place.slug, "nairobi", "mombasa") for spot in gates(town)}
    for pattern, spot_id in _WORDS:
        if pattern.search(text):
            return known[spot_id]
    for pattern, kind in ((_AIRPORT, SpotKind.AIRPORT), (_TERMINUS, SpotKind.STATION)):
        if pattern.search(text):
            return next((spot for spot in _near(place) if spot.kind is kind), centre(place))
    for town in places().values():
        if text in (town.slug, town.name.casefold()) and town.slug != place.slug:
            return centre(town)
    if set(slug(text).split("-")) <= {*slug(place.name).split("-"), *_MIDDLE}:
        return centre(place)
    if sight := _sight(text):
        return sight
    if not text.strip() or text in (place.slug, place.name.casefold()) or _CENTRE.search(text):
        return centre(place)
    return Spot(f"{POINT}{slug(words)}", words.strip(), place.slug, SpotKind.SIGHT)


class _Landmark(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    town: str
    lat: float | None = None
    lon: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unknown(cls, cells: dict[str, str]) -> dict[str, str | None]:
        return {name: text or None for name, text in cells.items()}


def _sight(text: str) -> Spot | None:
    """A sight or hotel with a known position whose name holds all the words, or whose name is in them."""
    words = set(slug(text).split("-"))
    for file, kind, prefix in (("attractions.csv", SpotKind.SIGHT, "sight"), ("hotels.csv", SpotKind.STAY, "stay")):
        for row in rows(_Landmark, table(file)):
            name = set(slug(row.name).split("-"))
            if row.lat is not None and row.lon is not None and len(words) > 1 and (words <= name or name <= words):
                return Spot(f"{prefix}:{slug(row.name)}", row.name, row.town, kind, row.lat, row.lon)
    return None


def _near(place: Place) -> Iterator[Spot]:
    """The gates of a town, then those the gazetteer names as its nearest."""
    yield from gates(place.slug)
    for town in places().values():
        for spot in gates(town.slug):
            if spot.id == f"airport:{place.airport}" or spot.id == f"station:{slug(place.station or '-')}":
                yield spot
