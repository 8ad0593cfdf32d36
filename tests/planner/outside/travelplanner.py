"""Queries and tables in the shape of TravelPlanner (Xie et al. 2024), made up, and their translation for the planner.

A query names a state and how many of its cities to see; a plan is a row a day with names in it. Everything is generated
from a seed together with a plan that keeps every rule, so that each query is known to have an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil, hypot
from random import Random
from zoneinfo import ZoneInfo

from planner import (
    ActivityOffer,
    AnyOf,
    Apart,
    Basis,
    Count,
    Every,
    Freedom,
    ItemType,
    Itinerary,
    Kind,
    MealTime,
    Mode,
    Offers,
    Party,
    Precision,
    Price,
    Requirement,
    Spot,
    SpotKind,
    StayClass,
    StayOffer,
    Stop,
    TransportOffer,
    TripRequest,
    Which,
)

ZONE = "America/Chicago"
MEALS = (
    MealTime("breakfast", time(7), time(10), 45),
    MealTime("lunch", time(11), time(15)),
    MealTime("dinner", time(17), time(22)),
)
CUISINES = ("Chinese", "American", "Italian", "Mexican", "Indian", "Mediterranean", "French")
ROOMS = ("Entire home/apt", "Private room", "Shared room")
HOUSE = ("smoking", "parties", "children under 10", "visitors", "pets")
ROOM_WORDS = {
    "entire home": {"Entire home/apt"},
    "private room": {"Private room"},
    "shared room": {"Shared room"},
    "not shared room": {"Entire home/apt", "Private room"},
}
DRIVES = (7, 11, 15)  # hours at which a car may leave
LONGEST = 14 * 60  # minutes of a drive within a day


@dataclass(frozen=True, slots=True)
class Flight:
    number: str
    price: int  # a person
    day: date
    leaves: time
    arrives: time
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Restaurant:
    name: str
    city: str
    cost: int  # a person
    cuisines: tuple[str, ...]
    rating: float


@dataclass(frozen=True, slots=True)
class Attraction:
    name: str
    city: str


@dataclass(frozen=True, slots=True)
class Accommodation:
    name: str
    city: str
    price: int  # a room and night
    room: str
    rules: tuple[str, ...]  # what is not allowed
    least_nights: int
    holds: int
    rating: float


@dataclass(frozen=True, slots=True)
class Tables:
    """The sandbox; distances are kilometres between cities."""

    cities: tuple[str, ...]  # of the state
    origin: str
    flights: tuple[Flight, ...]
    km: dict[tuple[str, str], int]
    restaurants: tuple[Restaurant, ...]
    attractions: tuple[Attraction, ...]
    accommodations: tuple[Accommodation, ...]


@dataclass(frozen=True, slots=True)
class Query:
    days: tuple[date, ...]
    cities: int
    people: int
    budget: int
    cuisines: tuple[str, ...] = ()
    room: str | None = None
    house: str | None = None  # must be allowed
    transportation: str | None = None  # "no flight", "no self-driving"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of a plan; "-" where there is nothing. Places to eat and see are "name, city"."""

    current_city: str
    transportation: str
    breakfast: str
    attraction: str
    lunch: str
    dinner: str
    accommodation: str


# -- translation -------------------------------------------------------------------------------------------------------


def request_of(query: Query, tables: Tables) -> TripRequest:
    """What a query asks."""
    visits, stays, meals = (Which(kinds=frozenset({kind})) for kind in (Kind.VISIT, Kind.STAY, Kind.MEAL))
    rules: dict[str, object] = {
        f"cuisine {name}": Count(replace(meals, tags=frozenset({name})), least=1) for name in query.cuisines
    }
    if query.room:
        rules["room type"] = Every(stays, Which(tags=frozenset(ROOM_WORDS[query.room])))
    if query.house:
        rules["house rule"] = Every(stays, Which(without_tags=frozenset({f"No {query.house}"})))
    if query.transportation:
        mode = Mode.FLIGHT if query.transportation == "no flight" else Mode.CAR
        rules["transportation"] = Count(Which(modes=frozenset({mode})), most=0)
    rules["one car"] = Apart(Which(modes=frozenset({Mode.CAR})), Which(modes=frozenset({Mode.FLIGHT, Mode.TAXI})))
    for day in query.days:
        today = frozenset({day})
        moves = Which(kinds=frozenset({Kind.TRANSPORT}), on=today)
        rules[f"something to see on {day}"] = AnyOf((Count(moves, least=1), Count(replace(visits, on=today), least=1)))
    return TripRequest(
        origin=tables.origin,
        stops=tuple(Stop(city) for city in tables.cities),
        start=query.days[0],
        end=query.days[-1],
        party=Party(adults=query.people),
        budget_kes=query.budget,
        requirements=tuple(Requirement(name, rule) for name, rule in rules.items()),  # type: ignore[arg-type]
        meals=MEALS,
        free=Freedom(pick=query.cities, order=True, nights=True),
        most_changes=0,
        own_arrangements=False,
    )


def offers_of(query: Query, tables: Tables) -> Offers:
    """What the tables offer to so many people on these days."""
    spots = {city: Spot(city, city, city, SpotKind.CENTRE) for city in (*tables.cities, tables.origin)}
    stays, food, sights = tables.accommodations, tables.restaurants, tables.attractions
    return Offers(
        transports=(*_flights(query, tables, spots), *_drives(query, tables, spots)),
        stays=tuple(_stay(row, query.people, spots) for row in stays),
        activities=(
            *(_eat(row, query.people, spots) for row in food),
            *(_see(row, spots) for row in sights),
        ),
        centres=spots,
        zone=ZONE,
    )


def price(amount: int) -> Price:
    return Price(amount, Decimal(amount), "USD", Basis.GUIDE, "table", None, Precision.UNDATED)


def _flights(query: Query, tables: Tables, spots: dict[str, Spot]) -> Iterator[TransportOffer]:
    zone = ZoneInfo(ZONE)
    for row in tables.flights:
        yield TransportOffer(
            id=row.number,
            mode=Mode.FLIGHT,
            operator="",
            service=row.number,
            origin=spots[row.origin],
            destination=spots[row.destination],
            depart=datetime.combine(row.day, row.leaves, zone),
            arrive=datetime.combine(row.day, row.arrives, zone),
            price=price(row.price * query.people),
        )


def _drives(query: Query, tables: Tables, spots: dict[str, Spot]) -> Iterator[TransportOffer]:
    zone = ZoneInfo(ZONE)
    for (origin, destination), km in tables.km.items():
        minutes = drive_minutes(km)
        if minutes > LONGEST:
            continue
        for mode, cost in ((Mode.CAR, self_driving(km, query.people)), (Mode.TAXI, taxi(km, query.people))):
            for day in query.days:
                for hour in DRIVES:
                    leaves = datetime.combine(day, time(hour), zone)
                    if hour * 60 + minutes < 24 * 60:
                        yield TransportOffer(
                            id=f"{mode}:{origin}>{destination}@{day}T{hour}",
                            mode=mode,
                            operator="",
                            service=mode.value,
                            origin=spots[origin],
                            destination=spots[destination],
                            depart=leaves,
                            arrive=leaves + timedelta(minutes=minutes),
                            price=price(cost),
                        )


def drive_minutes(km: int) -> int:
    return max(30, km * 60 // 95)


def self_driving(km: int, people: int) -> int:
    return int(km * 0.05) * ceil(people / 5)


def taxi(km: int, people: int) -> int:
    return km * ceil(people / 4)


def _stay(row: Accommodation, people: int, spots: dict[str, Spot]) -> StayOffer:
    rooms = ceil(people / row.holds)
    return StayOffer(
        id=f"{row.name}, {row.city}",
        name=row.name,
        spot=spots[row.city],
        stay_class=StayClass.MID,
        nightly=price(row.price * rooms),
        rooms=rooms,
        sleeps=rooms * row.holds,
        rating=row.rating,
        tags=frozenset({row.room, *(f"No {rule}" for rule in row.rules)}),
        min_nights=row.least_nights,
    )


def _eat(row: Restaurant, people: int, spots: dict[str, Spot]) -> ActivityOffer:
    return ActivityOffer(
        id=f"{row.name}, {row.city}",
        name=row.name,
        spot=spots[row.city],
        kind=ItemType.MEAL,
        tags=frozenset(row.cuisines),
        minutes=60,
        price=price(row.cost * people),
        score=row.rating / 5,
    )


def _see(row: Attraction, spots: dict[str, Spot]) -> ActivityOffer:
    name = f"{row.name}, {row.city}"
    return ActivityOffer(name, row.name, spots[row.city], ItemType.ACTIVITY, frozenset(), 120, price(0))


def rows_of(plan: Itinerary) -> list[DayRow]:
    """A plan as the rows that are handed in."""
    rows = []
    here = plan.request.origin
    for day in plan.days:
        moves = [item for item in day.items if item.mode and item.type is not ItemType.TRANSFER]
        city = here
        how = "-"
        if moves:
            move = moves[0]
            assert move.origin is not None
            assert move.destination is not None
            here = move.destination.place
            city = f"from {move.origin.place} to {here}"
            how = f"{'Flight Number: ' if move.mode is Mode.FLIGHT else ''}{move.title}"
        eaten = {"breakfast": "-", "lunch": "-", "dinner": "-"}
        for item in day.items:
            if item.type is ItemType.MEAL and item.offer_id:
                name = next(meal.name for meal in MEALS if meal.opens <= item.start.time() < meal.closes)
                eaten[name] = item.offer_id
        seen = ";".join(item.offer_id or "" for item in day.items if item.type is ItemType.ACTIVITY) or "-"
        night = datetime.combine(day.date, time(23, 59), ZoneInfo(ZONE))
        beds = [i.offer_id or "-" for i in plan.items if i.type is ItemType.STAY and i.start <= night < i.end]
        bed = beds[0] if beds else "-"
        rows.append(DayRow(city, how, eaten["breakfast"], seen, eaten["lunch"], eaten["dinner"], bed))
    return rows


# -- generation --------------------------------------------------------------------------------------------------------


def generated(
    seed: int, days: int, *, cities: int = 10, restaurants: int = 40, slack: float = 0.1
) -> tuple[Query, Tables]:
    """Tables and a query with an answer: its budget is what a known plan costs, and `slack` of it more."""
    random = Random(f"{seed} {days}")
    start = date(2022, 3, 1) + timedelta(days=random.randrange(30))
    dates = tuple(start + timedelta(days=n) for n in range(days))
    tables = _tables(random, dates, cities, restaurants)
    people = random.choice((1, 1, 2, 2, 3, 4, 6, 8))
    return _query(random, tables, dates, people, slack), tables


def _tables(random: Random, dates: Sequence[date], many: int, restaurants: int) -> Tables:
    towns = tuple(f"City {chr(65 + n)}" for n in range(many))
    at = {town: (random.uniform(0, 700), random.uniform(0, 500)) for town in towns}
    at["Home"] = (random.uniform(-900, 0), random.uniform(-300, 800))
    pairs = [(a, b) for a in at for b in at if a != b]
    km = {(a, b): int(1.25 * hypot(at[a][0] - at[b][0], at[a][1] - at[b][1])) + 5 for a, b in pairs}
    flights = []
    for a, b in pairs:
        if random.random() < 0.5:
            continue
        for day in dates:
            for _ in range(random.choice((0, 1, 2, 4))):
                leaves = random.randrange(5 * 60, 20 * 60)
                arrives = leaves + 40 + km[a, b] // 10
                clock = [time(minute // 60, minute % 60) for minute in (leaves, arrives)]
                number = f"F{len(flights):07}"
                flights.append(Flight(number, random.randrange(50, 400), day, clock[0], clock[1], a, b))
    food = tuple(
        Restaurant(
            f"Table {town[-1]}{n}",
            town,
            random.randrange(10, 100),
            tuple(random.sample(CUISINES, random.choice((1, 2, 3)))),
            round(random.uniform(2, 5), 1),
        )
        for town in towns
        for n in range(restaurants)
    )
    sights = tuple(Attraction(f"Sight {town[-1]}{n}", town) for town in towns for n in range(random.randrange(6, 20)))
    beds = tuple(
        Accommodation(
            f"House {town[-1]}{n}",
            town,
            random.randrange(50, 1_200),
            random.choice((*ROOMS, *ROOMS[:2])),
            tuple(random.sample(HOUSE, random.choice((0, 1, 1, 2)))),
            random.choice((1, 1, 1, 2, 2, 3, 5)),
            random.choice((1, 2, 2, 4, 6)),
            random.choice((2.0, 3.0, 4.0)),
        )
        for town in towns
        for n in range(random.randrange(12, 30))
    )
    return Tables(towns, "Home", tuple(flights), km, food, sights, beds)


def _query(random: Random, tables: Tables, dates: tuple[date, ...], people: int, slack: float) -> Query:
    """What a plan drawn at random keeps."""
    number = {3: 1, 5: 2, 7: 3}[len(dates)]
    while True:
        towns = random.sample(tables.cities, number)
        cuts = sorted(random.sample(range(1, len(dates) - 1), number - 1))
        nights = [b - a for a, b in pairwise((0, *cuts, len(dates) - 1))]
        moves = list(zip((tables.origin, *towns), (*towns, tables.origin), (0, *cuts, len(dates) - 1), strict=True))
        driving = random.random() < 0.5
        fares = [_fare(random, tables, a, b, dates[n], people, driving=driving) for a, b, n in moves]
        house, room = random.choice((None, *HOUSE)), random.choice((None, *ROOM_WORDS))
        beds = [
            [
                bed
                for bed in tables.accommodations
                if bed.city == town
                and bed.least_nights <= stayed
                and house not in bed.rules
                and (room is None or bed.room in ROOM_WORDS[room])
            ]
            for town, stayed in zip(towns, nights, strict=True)
        ]
        if None in fares or not all(beds):
            continue
        slept = [random.choice(pool) for pool in beds]
        eaten = [
            meal
            for town, stayed in zip(towns, nights, strict=True)
            for meal in random.sample([row for row in tables.restaurants if row.city == town], 3 * stayed + 1)
        ]
        spent = sum(fare or 0 for fare in fares) + people * sum(row.cost for row in eaten)
        spent += sum(bed.price * ceil(people / bed.holds) * n for bed, n in zip(slept, nights, strict=True))
        had = sorted({cuisine for row in eaten for cuisine in row.cuisines})
        ban = random.choice((None, "no flight" if driving else "no self-driving"))
        cuisines = tuple(random.sample(had, min(len(had), random.choice((0, 0, 1, 2, 4)))))
        return Query(dates, number, people, int(spent * (1 + slack)), cuisines, room, house, ban)


def _fare(random: Random, tables: Tables, a: str, b: str, day: date, people: int, *, driving: bool) -> int | None:
    km = tables.km[a, b]
    if driving:
        return self_driving(km, people) if drive_minutes(km) <= LONGEST else None
    flights = [row for row in tables.flights if (row.origin, row.destination, row.day) == (a, b, day)]
    if flights:
        return random.choice(flights).price * people
    return taxi(km, people) if drive_minutes(km) <= LONGEST else None
