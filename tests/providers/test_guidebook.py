"""Reading the guide: unknown stays unknown, bad rows are named."""

from __future__ import annotations

import csv
import io
from datetime import date
from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Party, Precision, StayClass, Wishes
from providers.base import ProviderError
from providers.guidebook import GuideRow, festive_peak, haversine, places, price_of, rows, slug, table
from providers.meals import meals_for

HEADER = b"source_url,as_of,as_of_precision,quality,fare\n"
TABLES = sorted(path.name for path in (files("providers") / "guide").iterdir() if path.name.endswith(".csv"))


class Fare(GuideRow):
    fare: int | None = None


def test_an_empty_cell_is_unknown_not_zero() -> None:
    row = rows(Fare, HEADER + b"https://a.example/x,,undated,B,\n")[0]
    assert (row.fare, row.as_of) == (None, None)
    price = price_of(row, 100)
    assert (price.seen_at, price.precision, price.basis) == (None, Precision.UNDATED, Basis.GUIDE)
    assert price.source == "a.example"


def test_a_dated_row_keeps_its_date() -> None:
    price = price_of(rows(Fare, HEADER + b"https://www.a.example/x,2024-01-02,month,B,5\n")[0], 5, low=4, high=5)
    assert (price.seen_at, price.precision, price.source) == (date(2024, 1, 2), Precision.MONTH, "a.example")


def test_a_bad_row_is_named_by_line_and_column() -> None:
    body = HEADER + b"https://a.example/x,,undated,B,1\nhttps://a.example/x,,undated,B,many\n"
    with pytest.raises(ProviderError, match="line 3: bad fare") as caught:
        rows(Fare, body)
    assert caught.value.permanent


@pytest.mark.parametrize("name", [name for name in TABLES if name != "places.csv"])
def test_every_row_of_the_guide_has_a_source_and_an_honest_date(name: str) -> None:
    known = places().keys()
    for row in csv.DictReader(io.StringIO(table(name).decode())):
        assert urlsplit(row["source_url"]).scheme in ("http", "https")
        assert (row["as_of"] == "") == (row["as_of_precision"] == "undated")
        ends = [row[column] for column in ("origin", "destination", "from_slug", "to_slug") if column in row]
        if name in ("bus_routes.csv", "intercity.csv", "transfers.csv"):
            assert set(ends) <= known


@given(st.text(max_size=40))
def test_a_slug_is_stable_and_plain(text: str) -> None:
    assert slug(slug(text)) == slug(text)
    assert slug(text).isascii()


def test_the_festive_peak_is_five_weeks_over_new_year() -> None:
    days = (date(2026, 12, 7), date(2026, 12, 8), date(2027, 1, 5), date(2027, 1, 6))
    assert [festive_peak(day) for day in days] == [False, True, True, False]


def test_nairobi_and_mombasa_are_some_440_km_apart_as_the_crow_flies() -> None:
    nairobi, mombasa = places()["nairobi"], places()["mombasa"]
    assert None not in (nairobi.lat, nairobi.lon, mombasa.lat, mombasa.lon)
    assert round(haversine(nairobi.lat or 0, nairobi.lon or 0, mombasa.lat or 0, mombasa.lon or 0)) == 442


def test_a_cheap_day_of_meals_is_printed_and_better_ones_are_estimates() -> None:
    two = Party(1, 1)
    tight = meals_for(two, Wishes(), daily_budget=2_500).daily
    assert tight == meals_for(two, Wishes(cheap=True)).daily
    assert meals_for(two, Wishes(), daily_budget=10_000).daily == meals_for(two, Wishes()).daily
    cheap, usual = meals_for(two, Wishes(cheap=True)).daily, meals_for(two, Wishes()).daily
    lavish = meals_for(two, Wishes(stay_class=StayClass.HIGH)).daily
    assert (cheap.kes, cheap.basis, cheap.seen_at) == (1_260, Basis.GUIDE, date(2019, 4, 6))
    assert (usual.kes, usual.basis) == (3_200, Basis.ESTIMATE)
    assert lavish.kes > usual.kes
    assert "630" in usual.note
