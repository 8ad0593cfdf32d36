"""What programs may send to the REST API, checked strictly."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

PlaceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
People = Annotated[int, Field(ge=1, le=60)]
Shillings = Annotated[int, Field(ge=100, le=100_000_000)]


class Searched(StrEnum):
    """The kinds of search: the last part of the path."""

    BUSES = "buses"
    TRAINS = "trains"
    FLIGHTS = "flights"
    HOTELS = "hotels"
    TRANSFERS = "transfers"
    EVENTS = "events"


NEEDS_ORIGIN = (Searched.BUSES, Searched.TRAINS, Searched.FLIGHTS)


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SearchBody(_Body):
    """One question to the sources. Places are names or slugs; `until` is the day of leaving (hotels, events)."""

    destination: PlaceName
    start: Annotated[date, Field(description="Day of travel or check-in")]
    origin: PlaceName | None = None
    until: date | None = None
    passengers: People = 1
    children: Annotated[int, Field(ge=0, le=59, description="How many of the passengers are children")] = 0
    budget_kes: Shillings | None = None
    origin_point: Words = ""
    destination_point: Words = ""
    preferences: Annotated[list[Words], Field(max_length=20)] = []
    lang: Literal["en", "sw"] = "en"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.until is not None and self.until < self.start:
            raise ValueError("until lies before start")
        if self.children >= self.passengers:
            raise ValueError("at least one passenger must be an adult")
        return self


class StopBody(_Body):
    """A town to visit; without `nights` the planner shares them out."""

    place: PlaceName
    nights: Annotated[int, Field(ge=0, le=30)] | None = None


class TripBody(_Body):
    """A trip to plan: first and last day away, budget for everybody in KES."""

    origin: PlaceName
    stops: Annotated[list[StopBody], Field(min_length=1, max_length=8)]
    start: date
    end: date
    passengers: People = 1
    children: Annotated[int, Field(ge=0, le=59, description="How many of the passengers are children")] = 0
    budget_kes: Shillings | None = None
    returns: bool = True
    preferences: Annotated[list[Words], Field(max_length=20)] = []
    lang: Literal["en", "sw"] = "en"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.end < self.start:
            raise ValueError("end lies before start")
        if self.end - self.start > timedelta(days=30):
            raise ValueError("a trip has at most 30 nights")
        if self.children >= self.passengers:
            raise ValueError("at least one passenger must be an adult")
        return self


class ChangeBody(_Body):
    """Changes of a planned trip; what is left out stays. `lock` and `remove` name items of its newest version."""

    origin: PlaceName | None = None
    stops: Annotated[list[StopBody], Field(min_length=1, max_length=8)] | None = None
    start: date | None = None
    end: date | None = None
    passengers: People | None = None
    children: Annotated[int, Field(ge=0, le=59)] | None = None
    budget_kes: Shillings | None = None
    preferences: Annotated[list[Words], Field(max_length=20)] | None = None
    lock: Annotated[list[Words], Field(max_length=100)] = []
    remove: Annotated[list[Words], Field(max_length=100)] = []
    lang: Literal["en", "sw"] = "en"

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not self.model_fields_set - {"lang"}:
            raise ValueError("nothing to change")
        return self
