"""The guide: curated, sourced and dated Kenyan facts in `guide/*.csv`, read as typed rows, and prices made of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from planner.model import Basis, Place, Precision, Price, Spot, SpotKind
from providers import gazetteer
from providers.base import ProviderError, Query

KENYA_TIME = ZoneInfo("Africa/Nairobi")


class GuideRow(BaseModel):
    """What every row has: where the fact was read and how exactly its date is known. Empty cells are None."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source_url: str
    as_of: date | None
    as_of_precision: Literal["day", "month", "approx", "undated"]
    quality: str = ""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unknown(cls, cells: Mapping[str, object]) -> dict[str, object]:
        return {name: None if value in ("", None) else value for name, value in cells.items()}


RowT = TypeVar("RowT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Operator:
    """A company known to serve a route whose fare or times are not known: worth naming, not worth planning with."""

    name: str
    url: str | None
    terminal: str
    note: str


@cache
def table(name: str) -> bytes:
    """The bytes of `guide/<name>`, for example `sgr.csv`."""
    return (files("providers") / "guide" / name).read_bytes()


def rows(model: type[RowT], body: bytes) -> Sequence[RowT]:
    """The rows of a CSV file as `model`s. Raises a permanent ProviderError that names the first bad line."""
    return _rows(model, body)


@cache
def _rows(model: type[RowT], body: bytes) -> tuple[RowT, ...]:
    found = []
    for line, cells in enumerate(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))), start=2):
        try:
            found.append(model.model_validate(cells))
        except ValidationError as exc:
            wrong = ", ".join(".".join(str(part) for part in error["loc"]) for error in exc.errors())
            raise ProviderError(f"{model.__name__} line {line}: bad {wrong}", permanent=True) from exc
    return tuple(found)


def price_of(
    row: GuideRow,
    kes: int,
    *,
    low: int | None = None,
    high: int | None = None,
    note: str = "",
    basis: Basis = Basis.GUIDE,
) -> Price:
    """A guide price in KES for the whole party, with the birth certificate of its row."""
    return Price(
        kes=kes,
        amount=Decimal(kes),
        currency="KES",
        basis=basis,
        source=host(row.source_url),
        seen_at=row.as_of,
        precision=Precision.UNDATED if row.as_of is None else Precision(row.as_of_precision),
        source_url=row.source_url,
        low_kes=low,
        high_kes=high,
        note=note,
    )


def estimate(kes: int, how: str) -> Price:
    """A figure of our own making; `how` says what it rests on."""
    return Price(
        kes=kes,
        amount=Decimal(kes),
        currency="KES",
        basis=Basis.ESTIMATE,
        source="Safiri estimate",
        seen_at=None,
        precision=Precision.UNDATED,
        note=how,
    )


def host(url: str) -> str:
    """The site of a URL as people name it: `www.tuko.co.ke/…` → `tuko.co.ke`."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Words as a stable id: `Hell's Gate` → `hells-gate`."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().replace("'", "")).strip("-")


def moment(day: date, clock: time) -> datetime:
    """A clock time on a day in Kenya."""
    return datetime.combine(day, clock, KENYA_TIME)


def hours_of_ride(day: date, leaves: time, arrives: time) -> tuple[datetime, datetime]:
    """When a departure of a day leaves and arrives: who arrives earlier than he leaves arrives the next day."""
    start, end = moment(day, leaves), moment(day, arrives)
    return start, end if end > start else end + timedelta(days=1)


def between_kenyan_towns(query: Query) -> bool:
    """Whether a question is about a way from one place in Kenya to another."""
    ends = (query.origin, query.destination)
    return query.origin != query.destination and all(end is not None and end.country == "KE" for end in ends)


def km_between(a: Place | Spot, b: Place | Spot) -> float | None:
    """Great-circle distance in km, None when a position is not known."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return haversine(a.lat, a.lon, b.lat, b.lon)


def haversine(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance between two positions in degrees, in km."""
    phi_a, phi_b = radians(lat_a), radians(lat_b)
    chord = sin((phi_b - phi_a) / 2) ** 2 + cos(phi_a) * cos(phi_b) * sin(radians(lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(chord))


def festive_peak(day: date) -> bool:
    """Whether fares are at their yearly high: about 8 December to 5 January (events.csv, "Festive travel peak")."""
    return (day.month, day.day) >= (12, 8) or (day.month, day.day) <= (1, 5)


def centre(place: Place) -> Spot:
    """The middle of a town, from which everything without a position of its own is reckoned."""
    return Spot(f"centre:{place.slug}", place.name, place.slug, SpotKind.CENTRE, place.lat, place.lon)


def stage(place: Place) -> Spot:
    """Where coaches and matatus of a town leave: taken to be in its middle, as exact positions are not sourced."""
    return Spot(f"stage:{place.slug}", f"{place.name} bus stage", place.slug, SpotKind.STAGE, place.lat, place.lon)


@cache
def places() -> Mapping[str, Place]:
    """The towns, parks and beaches of the gazetteer by slug."""
    return MappingProxyType({place.slug: place for place in gazetteer.load().places})
