"""The places Safiri knows, read from the package's own table (GeoNames, OpenStreetMap; sources in each row)."""

from __future__ import annotations

import csv
import io
from calendar import month_abbr
from functools import cache
from importlib.resources import files

from planner.model import Place
from planner.places import Gazetteer

_MONTHS = {name: number for number, name in enumerate(month_abbr) if name}


@cache
def load() -> Gazetteer:
    """The gazetteer of the package, built once per process."""
    return Gazetteer(parse((files("providers") / "guide" / "places.csv").read_text(encoding="utf-8")))


def parse(table: str) -> list[Place]:
    """Rows of places.csv as places. An empty cell is "not known", never zero."""
    return [_place(row) for row in csv.DictReader(io.StringIO(table))]


def _place(row: dict[str, str]) -> Place:
    return Place(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        county=row["county"],
        country=row["country"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip()),
        airport=row["nearest_airport_iata"] or None,
        station=row["sgr_station"] or None,
        good_months=tuple(_MONTHS[month] for month in row["good_months"].split(";") if month),
    )
