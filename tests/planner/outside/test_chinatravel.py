"""Plans for queries in the shape of ChinaTravel, held against that benchmark's own constraints, written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from math import ceil, hypot
from random import Random

import pytest

from planner import Infeasible, Itinerary, Kind, Mode, Pace, Wishes, best_effort, broken, build, verify
from tests.planner.outside import chinatravel as ct
from tests.planner.outside.chinatravel import Poi, Query, Row, Tables, Term, bare, offers_of, request_of, rows_of


def faults(rows: list[Row], query: Query, tables: Tables) -> Iterator[str]:
    """What a plan does not keep, of the sandbox, of common sense and of the query's terms."""
    last = query.start + timedelta(days=query.days - 1)
    moves = [row for row in rows if row.kind is Kind.TRANSPORT]
    if [(row.origin == "home", row.destination == "home") for row in moves] != [(True, False), (False, True)]:
        yield "there and back"
        return
    if moves[0].start.date() != query.start or moves[1].end.date() != last:
        yield "first and last day"
    yield from _prices(rows, query, tables)
    yield from _visits(rows, query, tables)
    yield from _ways(rows, query, tables)
    nights = {row.end.date() - timedelta(days=n + 1) for row in _all(rows, Kind.STAY) for n in range(_nights(row))}
    if nights != {query.start + timedelta(days=n) for n in range(query.days - 1)}:
        yield "a night without a bed"
    for term in query.terms:
        if not holds(term, rows, query, tables):
            yield f"term {term}"


def _all(rows: list[Row], kind: Kind) -> list[Row]:
    return [row for row in rows if row.kind is kind]


def _nights(row: Row) -> int:
    """Who comes before noon has come for the night before."""
    return (row.end.date() - row.start.date()).days + (row.start.hour < 12)


def _pois(tables: Tables) -> dict[str, Poi]:
    return {poi.name: poi for poi in (*tables.sights, *tables.food, *tables.hotels)}


def _prices(rows: list[Row], query: Query, tables: Tables) -> Iterator[str]:
    pois = _pois(tables)
    for row in rows:
        if row.kind in (Kind.VISIT, Kind.MEAL) and row.cost != pois[row.name].price * query.people:
            yield f"the price of {row.name}"
        if row.kind is Kind.STAY:
            hotel = pois[row.name]
            if hotel.beds * query.rooms < query.people or row.cost != hotel.price * query.rooms * _nights(row):
                yield f"rooms or price of {row.name}"
        if row.kind is Kind.TRANSPORT:
            known = next(one for one in tables.departures if one.number == row.name)
            took = timedelta(minutes=known.minutes)
            if (row.start.time(), row.end - row.start, row.cost) != (known.leaves, took, known.price * query.people):
                yield f"{row.name} is another departure"


def _visits(rows: list[Row], query: Query, tables: Tables) -> Iterator[str]:
    pois = _pois(tables)
    done = [row for row in rows if row.kind in (Kind.VISIT, Kind.MEAL)]
    if len({row.name for row in done}) != len(done):
        yield "done twice"
    for row in done:
        poi = pois[row.name]
        if row.start.time() < poi.opens or row.end.time() > poi.closes or row.start.date() != row.end.date():
            yield f"{row.name} is closed"
        if row.end - row.start < timedelta(minutes=poi.minutes):
            yield f"{row.name} is hurried"
    for n in range(1, query.days - 1):
        day = query.start + timedelta(days=n)
        eaten = sorted(row.start.hour for row in _all(rows, Kind.MEAL) if row.start.date() == day)
        if len(eaten) != 2 or not (11 <= eaten[0] < 14 and 17 <= eaten[1] < 21):
            yield f"meals of {day}"


def _ways(rows: list[Row], query: Query, tables: Tables) -> Iterator[str]:
    """One is where the last thing left one, rides take and cost what they must, and nothing overlaps."""
    at = {name: (poi.lat, poi.lon) for name, poi in _pois(tables).items()}
    at |= {"station": tables.station, "airport": tables.airport}
    here, free = "home", None
    for row in sorted((row for row in rows if row.kind is not Kind.STAY), key=lambda row: row.start):
        if free is not None and row.start < free:
            yield f"{row.name} overlaps"
        starts, ends = (row.origin, row.destination) if row.origin else (row.name, row.name)
        if starts != here:
            yield f"{row.name} begins at {starts}, not at {here}"
        if row.kind is Kind.RIDE:
            km = 1.3 * 111.2 * hypot(at[starts][0] - at[ends][0], at[starts][1] - at[ends][1])
            minutes, kes = _ride(row.mode, km, query.people)
            if abs(row.cost - kes) > 1 or row.end - row.start < timedelta(minutes=minutes - 1):
                yield f"a ride of {km:.1f} km by {row.mode}: {row.cost} not {kes:.0f}"
        here, free = ends, row.end
    if here != "home":
        yield "not home"


def _ride(mode: Mode | None, km: float, people: int) -> tuple[float, float]:
    """Minutes, and the cost for so many people."""
    if mode is Mode.WALK:
        return km / 5 * 60, 0
    if mode is Mode.TAXI:
        return 4 + km / 35 * 60, (9 + 2.6 * km) * ceil(people / 4)
    return 12 + km / 30 * 60, (3 + 0.3 * km) * people


def holds(term: Term, rows: list[Row], query: Query, tables: Tables) -> bool:
    """Whether a plan keeps a term."""
    pois = _pois(tables)
    match term:
        case ("not", inner):
            return not holds(inner, rows, query, tables)
        case ("and", *parts):
            return all(holds(part, rows, query, tables) for part in parts)
        case ("or", *parts):
            return any(holds(part, rows, query, tables) for part in parts)
        case ("has", kind, "name", *names):
            return any(row.name in names for row in _all(rows, kind))
        case ("has", kind, "tag", *tags):
            return any(set(pois[row.name].tags) & set(tags) for row in _all(rows, kind))
        case ("rides only", *modes):
            return all(row.mode in modes for row in _all(rows, Kind.RIDE))
        case ("travels by", mode):
            return all(row.mode is mode for row in _all(rows, Kind.TRANSPORT))
        case ("cost", "all", most):
            return sum(row.cost for row in rows) <= most
        case ("cost", kind, most):
            return sum(row.cost for row in _all(rows, kind)) <= most
        case ("cost a night", most):
            stays = _all(rows, Kind.STAY)
            return sum(row.cost for row in stays) <= most * sum(_nights(row) for row in stays)
        case ("cost of day", kind, day, most):
            return sum(row.cost for row in _all(rows, kind) if row.start.date() == day) <= most
        case ("hotel near", name, km):
            return all(ct.apart_km(pois[row.name], pois[name]) <= km + 0.01 for row in _all(rows, Kind.STAY))
        case ("there from", name, begins, ends):
            there = [row for row in rows if row.name == name]
            return any(row.start.time() <= begins and row.end.time() >= ends for row in there)
        case ("before", one, other):
            when = {row.name: row.start for row in rows}
            return one in when and other in when and when[one] < when[other]
        case ("on day", name, day):
            return any(row.name == name and row.start.date() == day for row in rows)
        case ("sights a day", least):
            days = [query.start + timedelta(days=n) for n in range(query.days)]
            return all(sum(row.start.date() == day for row in _all(rows, Kind.VISIT)) >= least for day in days)
        case ("arrives by", at):
            return _all(rows, Kind.TRANSPORT)[0].end.time() <= at
        case ("leaves after", at):
            return _all(rows, Kind.TRANSPORT)[1].start.time() > at
        case ("beds a room", many):
            return all(pois[row.name].beds == many for row in _all(rows, Kind.STAY))
        case ("taxi beyond", km):
            return all(_straight(row, tables) >= km for row in _all(rows, Kind.RIDE) if row.mode is Mode.TAXI)
    raise AssertionError(term)


def _straight(row: Row, tables: Tables) -> float:
    at = {name: (poi.lat, poi.lon) for name, poi in _pois(tables).items()}
    at |= {"station": tables.station, "airport": tables.airport}
    (a, b), (c, d) = at[row.origin], at[row.destination]
    return 1.3 * 111.2 * hypot(a - c, b - d)


def answered(seed: int, days: int, places: int = 12, hotels: int = 6) -> tuple[Query, Tables]:
    """A query with an answer: constraints of a plan made with other tastes, which is checked here."""
    tables, query, random = (
        ct.tables(seed, sights=places, food=places, hotels=hotels),
        bare(seed, days),
        Random(f"terms {seed}"),
    )
    on_offer = offers_of(query, tables)
    shuffled = tuple(replace(offer, score=random.random()) for offer in on_offer.activities)
    wishes = Wishes(pace=random.choice(tuple(Pace)), cheap=random.random() < 0.3)
    known = build(
        replace(request_of(query, tables), wishes=wishes), replace(on_offer, activities=shuffled), trip_id="k"
    )
    assert isinstance(known, Itinerary)
    rows = rows_of(known)
    query = replace(query, terms=ct.terms_of(rows, tables, query, random))
    assert not list(faults(rows, query, tables))
    return query, tables


def checked(query: Query, tables: Tables) -> Itinerary:
    """The plan, which must exist and have no faults."""
    asked, on_offer = request_of(query, tables), offers_of(query, tables)
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, on_offer))
    assert list(faults(rows_of(plan), query, tables)) == []
    return plan


@pytest.mark.parametrize(("seed", "days"), [(seed, days) for days in (2, 3) for seed in range(1)])
def test_a_query_with_an_answer_is_answered_within_every_constraint(seed: int, days: int) -> None:
    checked(*answered(seed, days))


@pytest.mark.parametrize(
    "terms",
    [
        [("taxi beyond", 4.0)],
        [("rides only", Mode.WALK, Mode.TAXI)],
        [("or", ("rides only", Mode.WALK, ct.METRO), ("rides only", Mode.WALK, Mode.TAXI))],
        [("not", ("or", ("has", Kind.VISIT, "tag", "museum"), ("has", Kind.MEAL, "tag", "hotpot")))],
        [("sights a day", 1)],
        [("cost of day", Kind.MEAL, date(2024, 5, 20), 60), ("cost of day", Kind.VISIT, date(2024, 5, 21), 0)],
        [("on day", "Sight 03", date(2024, 5, 21)), ("before", "Sight 05", "Sight 03")],
        [("there from", "Sight 04", time(13), time(15)), ("not", ("travels by", Mode.FLIGHT))],
    ],
)
def test_what_is_asked_in_the_words_of_the_benchmark_is_kept(terms: list[Term]) -> None:
    query = Query(date(2024, 5, 20), 3, 2, 1, tuple(terms))
    checked(query, ct.tables(7, sights=8, food=10, hotels=5))


@pytest.mark.parametrize(
    "impossible",
    [
        ("has", Kind.VISIT, "name", "Atlantis"),
        ("cost", Kind.TRANSPORT, 1),
        ("cost", Kind.MEAL, 1),
        ("arrives by", time(1)),
        ("and", ("has", Kind.VISIT, "name", "Sight 01"), ("not", ("has", Kind.VISIT, "name", "Sight 01"))),
    ],
)
def test_one_impossible_term_is_given_up_by_its_name_and_the_rest_kept(impossible: Term) -> None:
    query, tables = answered(3, 2, places=8, hotels=4)
    both = replace(query, terms=(*query.terms, impossible))
    asked, on_offer = request_of(both, tables), offers_of(both, tables)
    assert isinstance(build(asked, on_offer, trip_id="t"), Infeasible)
    plan = best_effort(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert plan.given_up == (asked.requirements[-1].name,)
    assert list(faults(rows_of(plan), query, tables)) == []
