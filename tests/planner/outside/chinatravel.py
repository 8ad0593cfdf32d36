"""Queries and tables in the shape of ChinaTravel (Shao et al. 2024), made up, and their translation for the planner.

One city with positions, opening times and prices, trains and flights to it and back, walks, metro and taxis within, and
constraints as a small language of tuples: leaves under "and", "or" and "not".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from planner import (
    ActivityOffer,
    AllOf,
    AnyOf,
    Basis,
    Count,
    Every,
    ItemType,
    Itinerary,
    Kind,
    LocalMode,
    MealTime,
    Mode,
    Near,
    Offers,
    OpenSpan,
    Order,
    Over,
    Party,
    Precision,
    Price,
    Requirement,
    Spend,
    Spot,
    SpotKind,
    StayClass,
    StayOffer,
    Stop,
    Timed,
    TransportOffer,
    TripRequest,
    Which,
)

ZONE = "Asia/Shanghai"
MEALS = (MealTime("lunch", time(11), time(14), 60), MealTime("dinner", time(17), time(20, 30), 60))
KINDS_OF_SIGHT = ("museum", "park", "temple", "old street", "university", "tower")
CUISINES = ("local", "hotpot", "noodles", "western", "japanese", "vegetarian")
FEATURES = ("pool", "gym", "parking", "family room", "robot", "laundry")
METRO = Mode.TRAIN  # within the city
WALK = LocalMode(Mode.WALK, kmh=5, most_km=3)
METRO_WAY = LocalMode(METRO, kmh=30, wait=12, base=3, per_km=0.3, seats=1, least_km=0.8)
TAXI = LocalMode(Mode.TAXI, kmh=35, wait=4, base=9, per_km=2.6, seats=4)

Term = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Poi:
    """A sight, a place to eat or a hotel; `price` a person, of a hotel a room and night."""

    name: str
    lat: float
    lon: float
    price: int
    tags: tuple[str, ...]
    opens: time = time(0)
    closes: time = time(23, 59)
    minutes: int = 60
    beds: int = 1  # of a hotel's room


@dataclass(frozen=True, slots=True)
class Departure:
    """A train or flight of every day; `price` a person."""

    number: str
    mode: Mode
    out: bool  # to the city, or back
    leaves: time
    minutes: int
    price: int


@dataclass(frozen=True, slots=True)
class Tables:
    sights: tuple[Poi, ...]
    food: tuple[Poi, ...]
    hotels: tuple[Poi, ...]
    departures: tuple[Departure, ...]
    station: tuple[float, float]
    airport: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Query:
    start: date
    days: int
    people: int
    rooms: int
    terms: tuple[Term, ...] = ()


# -- translation -------------------------------------------------------------------------------------------------------


def request_of(query: Query, tables: Tables) -> TripRequest:
    """What a query asks, each of its terms a requirement named by its words."""
    return TripRequest(
        origin="home",
        stops=(Stop("city"),),
        start=query.start,
        end=query.start + timedelta(days=query.days - 1),
        party=Party(adults=query.people),
        requirements=tuple(Requirement(f"{n} {term[0]}", rule_of(term, tables)) for n, term in enumerate(query.terms)),
        meals=MEALS,
        most_changes=0,
        own_arrangements=False,
    )


def rule_of(term: Term, tables: Tables, *, holds: bool = True) -> Any:
    """A term as a rule, or the rule of its opposite."""
    match term:
        case ("not", inner):
            return rule_of(inner, tables, holds=not holds)
        case ("and" | "or", *parts):
            rules = tuple(rule_of(part, tables, holds=holds) for part in parts)
            return AllOf(rules) if (term[0] == "and") is holds else AnyOf(rules)
        case ("has", kind, "name", *names):
            return _count(_of(kind, names=tuple(names)), holds)
        case ("has", kind, "tag", *tags):
            return _count(_of(kind, tags=frozenset(tags)), holds)
        case ("rides only", *modes) if holds:
            return Every(_of(Kind.RIDE), Which(modes=frozenset(modes)))
        case ("rides only", *modes):
            return Count(_of(Kind.RIDE, but=Which(modes=frozenset(modes))), least=1)
        case ("travels by", mode):
            if holds:
                return Every(_of(Kind.TRANSPORT), Which(modes=frozenset({mode})))
            return Count(_of(Kind.TRANSPORT, but=Which(modes=frozenset({mode}))), least=1)
        case ("taxi beyond", km):
            return Count(_of(Kind.RIDE, modes=frozenset({Mode.TAXI}), shorter_km=km), most=0)
        case ("cost", "all", most):
            return Spend(Which(), most)
        case ("cost", kind, most):
            return Spend(_of(kind), most)
        case ("cost a night", most):
            return Spend(_of(Kind.STAY), most, over=Over.NIGHT)
        case ("cost of day", kind, day, most):
            return Spend(_of(kind, on=frozenset({day})), most)
        case ("hotel near", name, km):
            at = next(poi for poi in (*tables.sights, *tables.food) if poi.name == name)
            return Every(_of(Kind.STAY), Which(near=Near(at.lat, at.lon, km)))
        case ("there from", name, begins, ends):
            return Timed(Which(names=(name,)), begins=begins, ends=ends)
        case ("before", one, other):
            return Order(Which(names=(one,)), Which(names=(other,)))
        case ("on day", name, day):
            return _count(Which(names=(name,), on=frozenset({day})), holds)
        case ("sights a day", least):
            return Count(_of(Kind.VISIT), least=least, over=Over.DAY)
        case ("arrives by", at):
            return Count(_of(Kind.TRANSPORT, places=frozenset({"city"}), arrives_after=at), most=0)
        case ("leaves after", at):
            return Every(_of(Kind.TRANSPORT, out_of=frozenset({"city"})), Which(leaves_after=at))
        case ("beds a room", many):
            return Every(_of(Kind.STAY), Which(tags=frozenset({f"{many} beds"})))
    raise ValueError(f"no such term: {term}")


def _of(kind: Kind, **more: Any) -> Which:
    return Which(kinds=frozenset({kind}), **more)


def _count(which: Which, holds: bool) -> Count:
    return Count(which, least=1) if holds else Count(which, most=0)


def offers_of(query: Query, tables: Tables) -> Offers:
    """What the tables offer to so many people on these days."""
    home = Spot("home", "home", "home", SpotKind.CENTRE)
    city = Spot("city", "city", "city", SpotKind.CENTRE, 0.0, 0.0)
    gates = {
        METRO: Spot("station", "station", "city", SpotKind.CENTRE, *tables.station),
        Mode.FLIGHT: Spot("airport", "airport", "city", SpotKind.CENTRE, *tables.airport),
    }
    return Offers(
        transports=tuple(_departures(query, tables, home, gates)),
        stays=tuple(_hotel(poi, query) for poi in tables.hotels),
        activities=(
            *(_thing(poi, ItemType.ACTIVITY, query.people) for poi in tables.sights),
            *(_thing(poi, ItemType.MEAL, query.people) for poi in tables.food),
        ),
        centres={"home": home, "city": city},
        local=(WALK, METRO_WAY, TAXI),
        zone=ZONE,
    )


def _departures(query: Query, tables: Tables, home: Spot, gates: dict[Mode, Spot]) -> Iterator[TransportOffer]:
    for row in tables.departures:
        for n in range(query.days):
            day = query.start + timedelta(days=n)
            leaves = datetime.combine(day, row.leaves, ZoneInfo(ZONE))
            yield TransportOffer(
                id=f"{row.number}@{day}",
                mode=row.mode,
                operator="",
                service=row.number,
                origin=home if row.out else gates[row.mode],
                destination=gates[row.mode] if row.out else home,
                depart=leaves,
                arrive=leaves + timedelta(minutes=row.minutes),
                price=price(row.price * query.people),
            )


def price(amount: int) -> Price:
    return Price(amount, Decimal(amount), "CNY", Basis.GUIDE, "table", None, Precision.UNDATED)


def _spot(poi: Poi) -> Spot:
    return Spot(poi.name, poi.name, "city", SpotKind.SIGHT, poi.lat, poi.lon)


def _hotel(poi: Poi, query: Query) -> StayOffer:
    return StayOffer(
        id=poi.name,
        name=poi.name,
        spot=_spot(poi),
        stay_class=StayClass.MID,
        nightly=price(poi.price * query.rooms),
        rooms=query.rooms,
        sleeps=poi.beds * query.rooms,
        tags=frozenset({*poi.tags, f"{poi.beds} beds"}),
        check_in=time(0),
        check_out=time(23, 59),
    )


def _thing(poi: Poi, kind: ItemType, people: int) -> ActivityOffer:
    hours = OpenSpan(frozenset(range(7)), poi.opens, poi.closes)
    return ActivityOffer(
        poi.name, poi.name, _spot(poi), kind, frozenset(poi.tags), poi.minutes, price(poi.price * people), (hours,)
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One activity of a plan: travel, ride, sight, meal, or a hotel's nights."""

    kind: Kind
    name: str
    start: datetime
    end: datetime
    cost: int
    mode: Mode | None = None
    origin: str = ""
    destination: str = ""


def rows_of(plan: Itinerary) -> list[Row]:
    """A plan as the activities that are handed in."""
    kinds = {ItemType.STAY: Kind.STAY, ItemType.ACTIVITY: Kind.VISIT, ItemType.MEAL: Kind.MEAL}
    rows = []
    for item in plan.items:
        kind = kinds.get(item.type, Kind.RIDE if item.type is ItemType.TRANSFER else Kind.TRANSPORT)
        ends = [spot.id if spot else "" for spot in (item.origin, item.destination)]
        name = (item.offer_id or "").partition("@")[0]
        rows.append(Row(kind, name, item.start, item.end, item.price_kes, item.mode, *ends))
    return rows


# -- generation --------------------------------------------------------------------------------------------------------


def tables(seed: int, *, sights: int = 40, food: int = 40, hotels: int = 30) -> Tables:
    """A city of some ten kilometres across."""
    random = Random(f"city {seed}")

    def at() -> tuple[float, float]:
        return random.gauss(0, 0.03), random.gauss(0, 0.03)

    def clock(low: int, high: int) -> time:
        return time(random.randrange(low, high), random.choice((0, 30)))

    departures = []
    for out in (True, False):
        for n in range(24):
            mode = METRO if n % 3 else Mode.FLIGHT
            leaves = random.randrange(6 * 60, 20 * 60)
            minutes = random.randrange(90, 220)
            departures.append(
                Departure(
                    f"{'G' if n % 3 else 'FL'}{n}{'' if out else 'B'}",
                    mode,
                    out,
                    time(leaves // 60, leaves % 60),
                    minutes,
                    random.randrange(100, 900),
                )
            )
    return Tables(
        tuple(
            Poi(
                f"Sight {n:02}",
                *at(),
                random.choice((0, 0, 20, 60, 120)),
                (random.choice(KINDS_OF_SIGHT),),
                clock(7, 10),
                clock(17, 22),
                random.choice((60, 90, 120, 180)),
            )
            for n in range(sights)
        ),
        tuple(
            Poi(f"Table {n:02}", *at(), random.randrange(15, 200), (random.choice(CUISINES),), clock(10, 12), time(22))
            for n in range(food)
        ),
        tuple(
            Poi(
                f"Hotel {n:02}",
                *at(),
                random.randrange(150, 1_500),
                tuple(random.sample(FEATURES, random.randrange(3))),
                beds=random.choice((1, 2, 2)),
            )
            for n in range(hotels)
        ),
        tuple(departures),
        at(),
        (random.choice((-0.15, 0.15)), random.choice((-0.1, 0.1))),
    )


def bare(seed: int, days: int) -> Query:
    """A query without constraints."""
    random = Random(f"query {seed} {days}")
    people = random.choice((1, 2, 2, 3, 4, 5))
    start = date(2024, 5, 1) + timedelta(days=random.randrange(60))
    return Query(start, days, people, people if random.random() < 0.3 else ceil(people / 2))


def terms_of(rows: list[Row], tables: Tables, query: Query, random: Random) -> tuple[Term, ...]:
    """Constraints that a plan keeps."""
    sights = [row for row in rows if row.kind is Kind.VISIT]
    meals = [row for row in rows if row.kind is Kind.MEAL]
    hotel = next(poi for poi in tables.hotels if any(row.name == poi.name for row in rows))
    of = {poi.name: poi for poi in (*tables.sights, *tables.food)}
    out, back = (row for row in rows if row.kind is Kind.TRANSPORT)
    unseen = [poi for poi in tables.sights if all(row.name != poi.name for row in sights)]
    sight, meal, other = random.choice(sights), random.choice(meals), random.choice(unseen)

    def spent(kind: Kind | None) -> int:
        return sum(row.cost for row in rows if kind in (None, row.kind))

    def loosely(amount: float) -> int:
        return ceil(amount * random.choice((1.0, 1.05, 1.2)))

    rides = [row for row in rows if row.kind is Kind.RIDE]
    day = sight.start.date()
    today = sum(row.cost for row in sights if row.start.date() == day)
    pool: list[Term] = [
        ("cost", "all", loosely(spent(None))),
        *(("cost", kind, loosely(spent(kind))) for kind in (Kind.MEAL, Kind.RIDE, Kind.VISIT, Kind.TRANSPORT)),
        ("cost a night", loosely(spent(Kind.STAY) / max(1, query.days - 1))),
        ("cost of day", Kind.VISIT, day, loosely(today)),
        ("has", Kind.VISIT, "name", sight.name),
        ("has", Kind.VISIT, "tag", *of[sight.name].tags),
        ("not", ("has", Kind.VISIT, "name", other.name)),
        ("has", Kind.MEAL, "tag", *of[meal.name].tags),
        ("has", Kind.MEAL, "name", meal.name),
        ("or", ("has", Kind.VISIT, "name", "Atlantis"), ("has", Kind.VISIT, "name", sight.name)),
        ("or", ("rides only", Mode.WALK, Mode.TUKTUK), ("has", Kind.MEAL, "tag", *of[meal.name].tags)),
        ("not", ("and", ("has", Kind.VISIT, "name", sight.name), ("has", Kind.VISIT, "name", other.name))),
        ("hotel near", sight.name, 0.1 + apart_km(hotel, of[sight.name])),
        ("there from", sight.name, sight.start.time(), sight.end.time()),
        ("on day", sight.name, day),
        ("not", ("on day", sight.name, query.start + timedelta(days=40))),
        ("travels by", out.mode) if out.mode is back.mode else ("not", ("travels by", out.mode)),
        ("arrives by", out.end.time()),
        ("leaves after", (back.start - timedelta(minutes=1)).time()),
        ("beds a room", hotel.beds),
        ("rides only", *sorted({row.mode for row in rides if row.mode})),
    ]
    pool += [("has", Kind.STAY, "tag", tag) for tag in hotel.tags]
    pool += [("before", one.name, two.name) for one, two in [random.sample(sights, 2)] if one.start < two.start]
    return tuple(random.sample(pool, random.randint(1, 6)))


def apart_km(one: Poi, other: Poi) -> float:
    """Near the equator a degree is the same both ways."""
    return float(((one.lat - other.lat) ** 2 + (one.lon - other.lon) ** 2) ** 0.5 * 111.2)
