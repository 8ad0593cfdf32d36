"""Facts of practice from the guide: papers, trains, money, ferries, park fees; each with its source and date."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from providers.guidebook import GuideRow, host, rows, table

Precision = Literal["day", "month", "approx", "undated"]
Value = int | str | tuple[int, ...] | tuple[str, ...] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where something was read and when, and how good the source is: "A" official, "B" press, "C" others, "" unsaid."""

    host: str
    as_of: date | None
    precision: Precision
    quality: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, as the guide has it: a number, English words, or several of them."""

    value: Value
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday; one by the moon is an estimate until it is announced."""

    on: date
    name: str
    estimated: bool
    stamp: Stamp


class Fee(GuideRow):
    """What a park or sight asks of one person a day under one tariff; None where it is not known.

    A sight has no named tariff and may ask visitors for shillings: then `nonres_currency` says so of the `_usd` fields.
    """

    park: str
    place_slug: str
    tariff: str | None
    citizen_adult_kes: int | None
    citizen_child_kes: int | None
    resident_adult_kes: int | None
    resident_child_kes: int | None
    african_adult_usd: int | None
    nonres_adult_usd: int | None
    nonres_child_usd: int | None
    note: str | None
    nonres_currency: str = "USD"

    @property
    def suspended(self) -> bool:
        """Whether a court has suspended the tariff."""
        return "High Court suspended" in (self.note or "")

    @property
    def stamp(self) -> Stamp:
        """Where the tariff was read."""
        return _stamp(self)


class _Sight(GuideRow):
    name: str
    town: str
    fee_citizen_adult_kes: int | None
    fee_citizen_child_kes: int | None
    fee_resident_adult_kes: int | None
    fee_resident_child_kes: int | None
    fee_nonres_adult: int | None
    fee_nonres_child: int | None
    fee_nonres_currency: str | None
    note: str | None

    def as_fee(self) -> Fee:
        """The same as a park's fee."""
        return Fee(
            source_url=self.source_url,
            as_of=self.as_of,
            as_of_precision=self.as_of_precision,
            quality=self.quality,
            park=self.name,
            place_slug=self.town,
            tariff=None,
            citizen_adult_kes=self.fee_citizen_adult_kes,
            citizen_child_kes=self.fee_citizen_child_kes,
            resident_adult_kes=self.fee_resident_adult_kes,
            resident_child_kes=self.fee_resident_child_kes,
            african_adult_usd=None,
            nonres_adult_usd=self.fee_nonres_adult,
            nonres_child_usd=self.fee_nonres_child,
            note=self.note,
            nonres_currency=self.fee_nonres_currency or "USD",
        )


class Ride(GuideRow):
    """A ride of `transfers.csv`, as far as crossing to the south coast needs it."""

    mode: str
    from_place: str
    fare_kes_low: int | None
    minutes_low: int | None
    minutes_high: int | None

    @property
    def stamp(self) -> Stamp:
        """Where it was read."""
        return _stamp(self)


class _Cell(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    value: int | str | tuple[int, ...] | tuple[str, ...] | dict[str, str]
    source_url: str
    as_of: date | None = None
    as_of_precision: Precision = "day"
    quality: str = ""

    @field_validator("as_of", mode="before")
    @classmethod
    def _empty_is_unknown(cls, value: object) -> object:
        return value or None


class _Day(BaseModel):
    on: date = Field(alias="date")
    name: str
    source_url: str
    as_of: date


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact of `practical.json` by its path: "eta.fee_usd", "sgr_rules.luggage", "mpesa"."""
    return MappingProxyType(dict(_facts(json.loads(table("practical.json")), "")))


@cache
def holidays() -> tuple[Holiday, ...]:
    """The public holidays of the guide, in order."""
    days = TypeAdapter(list[_Day]).validate_python(json.loads(table("practical.json"))["public_holidays"])
    return tuple(
        Holiday(
            day.on,
            day.name.removesuffix(" (estimated)"),
            day.name.endswith("(estimated)"),
            Stamp(host(day.source_url), day.as_of, "day", ""),
        )
        for day in sorted(days, key=lambda day: day.on)
    )


@cache
def fees() -> tuple[Fee, ...]:
    """Every tariff of every park, the one in force (or said to be) before the one it replaced; then sights' fees."""
    parks = tuple(rows(Fee, table("park_fees.csv")))
    known = {fee.park for fee in parks}
    sights = (sight for sight in rows(_Sight, table("attractions.csv")) if sight.name not in known)
    return (*parks, *(sight.as_fee() for sight in sights if _has_fee(sight)))


@cache
def south_coast() -> tuple[Ride, ...]:
    """Ways between Mombasa and the south coast: the Likoni ferry and the Dongo Kundu bypass."""
    found = rows(Ride, table("transfers.csv"))
    return tuple(ride for ride in found if "ferry" in ride.mode or "Dongo Kundu" in ride.mode)


def _has_fee(sight: _Sight) -> bool:
    """Whether its own fee is known; that of a park stands with the park."""
    amounts = (sight.fee_citizen_adult_kes, sight.fee_resident_adult_kes, sight.fee_nonres_adult)
    return any(amount is not None for amount in amounts) and "park_fees" not in (sight.note or "")


def _facts(tree: object, path: str) -> Iterator[tuple[str, Fact]]:
    if not isinstance(tree, dict):
        return
    if "value" in tree and tree["value"] is not None and "source_url" in tree:
        cell = _Cell.model_validate(tree)
        yield path, Fact(cell.value, Stamp(host(cell.source_url), cell.as_of, cell.as_of_precision, cell.quality))
        return
    for name, branch in tree.items():
        yield from _facts(branch, f"{path}.{name}" if path else str(name))


def _stamp(row: GuideRow) -> Stamp:
    return Stamp(host(row.source_url), row.as_of, row.as_of_precision, row.quality)
