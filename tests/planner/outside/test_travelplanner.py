"""Plans for queries in the shape of TravelPlanner, held against that benchmark's own constraints, written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import pytest

from planner import Infeasible, Itinerary, best_effort, broken, build, verify
from tests.planner.outside import travelplanner as tp
from tests.planner.outside.travelplanner import DayRow, Query, Tables, generated, offers_of, request_of, rows_of


def faults(rows: list[DayRow], query: Query, tables: Tables) -> Iterator[str]:
    """Names of the constraints, commonsense and hard, that a plan does not keep."""
    route = list(_route(rows))
    meals = [meal for row in rows for meal in (row.breakfast, row.lunch, row.dinner) if meal != "-"]
    sights = [sight for row in rows if row.attraction != "-" for sight in row.attraction.split(";")]
    food = {f"{row.name}, {row.city}": row for row in tables.restaurants}
    beds = {f"{row.name}, {row.city}": row for row in tables.accommodations}
    to_see = {f"{row.name}, {row.city}" for row in tables.attractions}
    flights = {row.number: row for row in tables.flights}

    if len(rows) != len(query.days):
        yield "days"
    towns = [b for _, b in route[:-1]]
    if not route or route[0][0] != tables.origin or route[-1][1] != tables.origin or route[-1][0] != towns[-1]:
        yield "reasonable route"
    if len(set(towns)) != len(towns) or set(towns) - set(tables.cities) or len(towns) != query.cities:
        yield "number of cities"
    if len(set(meals)) != len(meals):
        yield "restaurants repeated"
    if len(set(sights)) != len(sights):
        yield "attractions repeated"
    slept = [row.accommodation for row in rows if row.accommodation != "-"]
    if set(meals) - set(food) or set(sights) - to_see or set(slept) - set(beds):
        yield "sandbox"
    for row, day in zip(rows, query.days, strict=True):
        here = _towns(row)
        travels = row.current_city.startswith("from ")
        if travels and row.transportation == "-":
            yield "no transportation"
        if not travels and row.attraction == "-":
            yield "no attraction"
        if day != query.days[-1] and row.accommodation == "-":
            yield "no accommodation"
        if not travels and "-" in (row.breakfast, row.lunch, row.dinner):
            yield "no meal"
        named = [row.breakfast, row.lunch, row.dinner, *row.attraction.split(";"), row.accommodation]
        if any(name != "-" and name.rpartition(", ")[2] not in here for name in named):
            yield "current city"
        if row.accommodation != "-" and row.accommodation.rpartition(", ")[2] != here[-1]:
            yield "sleeps elsewhere"
        if row.transportation.startswith("Flight"):
            flight = flights[row.transportation.removeprefix("Flight Number: ")]
            if [flight.origin, flight.destination, flight.day] != [*here, day]:
                yield "flight of another way or day"
    info = sum(value != "-" for row in rows for value in ("day", row.current_city, *_values(row)))
    if info < 3 * len(rows):
        yield "half the information"
    how = {row.transportation.split(" ")[0] for row in rows if row.transportation != "-"}
    if "car" in how and how & {"Flight", "taxi"}:
        yield "conflicting transportation"
    if any(slept.count(name) < beds[name].least_nights for name in set(slept)):
        yield "minimum nights"

    had = {cuisine for meal in meals for cuisine in food[meal].cuisines}
    if set(query.cuisines) - had:
        yield "cuisine"
    if query.house and any(query.house in beds[name].rules for name in slept):
        yield "house rule"
    if query.room and any(beds[name].room not in tp.ROOM_WORDS[query.room] for name in slept):
        yield "room type"
    if (query.transportation == "no flight" and "Flight" in how) or (
        query.transportation == "no self-driving" and "car" in how
    ):
        yield "transportation"
    if cost(rows, query, tables) > query.budget:
        yield "budget"


def cost(rows: list[DayRow], query: Query, tables: Tables) -> int:
    """What a plan costs everybody, by the rules of the benchmark."""
    food = {f"{row.name}, {row.city}": row.cost for row in tables.restaurants}
    beds = {f"{row.name}, {row.city}": row for row in tables.accommodations}
    flights = {row.number: row.price for row in tables.flights}
    total = 0
    for row in rows:
        total += query.people * sum(food[meal] for meal in (row.breakfast, row.lunch, row.dinner) if meal != "-")
        if row.accommodation != "-":
            bed = beds[row.accommodation]
            total += bed.price * ceil(query.people / bed.holds)
        if row.transportation == "car":
            total += int(tables.km[_pair(row)] * 0.05) * ceil(query.people / 5)
        elif row.transportation == "taxi":
            total += tables.km[_pair(row)] * ceil(query.people / 4)
        elif row.transportation != "-":
            total += flights[row.transportation.removeprefix("Flight Number: ")] * query.people
    return total


def _values(row: DayRow) -> list[str]:
    return [row.transportation, row.breakfast, row.attraction, row.lunch, row.dinner, row.accommodation]


def _towns(row: DayRow) -> list[str]:
    return row.current_city.removeprefix("from ").split(" to ")


def _pair(row: DayRow) -> tuple[str, str]:
    origin, destination = _towns(row)
    return origin, destination


def _route(rows: list[DayRow]) -> Iterator[tuple[str, str]]:
    return (_pair(row) for row in rows if row.current_city.startswith("from "))


@pytest.mark.parametrize(("seed", "days"), [(seed, days) for days in (3, 5, 7) for seed in range(1)])
def test_a_query_with_an_answer_is_answered_within_every_constraint(seed: int, days: int) -> None:
    query, tables = generated(seed, days)
    asked, on_offer = request_of(query, tables), offers_of(query, tables)
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, on_offer))
    assert list(faults(rows_of(plan), query, tables)) == []


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("budget", {"budget": 40}),
        ("cuisine Martian", {"cuisines": ("Martian",)}),
    ],
)
def test_one_impossible_wish_is_given_up_and_the_rest_kept(what: str, change: dict[str, object]) -> None:
    query, tables = generated(1, 3)
    impossible = replace(query, **change)  # type: ignore[arg-type]
    asked, on_offer = request_of(impossible, tables), offers_of(impossible, tables)
    assert isinstance(build(asked, on_offer, trip_id="t"), Infeasible)
    plan = best_effort(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert plan.given_up == (what,)
    assert set(faults(rows_of(plan), impossible, tables)) == {what.split(" ")[0]}
