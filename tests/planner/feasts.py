"""Generated countries with places to eat, and requirements drawn at random. Every figure is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from random import Random

from planner.kinds import ItemType, Mode, SpotKind, StayClass
from planner.model import ActivityOffer, Offers, OpenSpan, Spot, TransferOffer, TripRequest
from planner.requirements import (
    AllOf,
    AnyOf,
    Apart,
    Count,
    Every,
    Kind,
    MealTime,
    Order,
    Over,
    Requirement,
    Rule,
    Spend,
    Timed,
    Which,
)
from tests.bench.worlds import TAGS, Size, world
from tests.planner.world import EVERY_DAY, price

SMALL = Size(days=3, towns=1, transports=10, stays=8, activities=10)
TWO_TOWNS = Size(days=4, towns=2, transports=18, stays=8, activities=12)
MEALS = (
    MealTime("breakfast", time(7), time(10), 45),
    MealTime("lunch", time(11, 30), time(15)),
    MealTime("dinner", time(18), time(22, 30), 75),
)
CUISINES = ("swahili", "italian", "indian", "chinese", "grill")
VISITS, FOOD, STAYS, RIDES, MOVES = (
    frozenset({kind}) for kind in (Kind.VISIT, Kind.MEAL, Kind.STAY, Kind.RIDE, Kind.TRANSPORT)
)


def feast(random: Random) -> tuple[TripRequest, Offers]:
    """A request with some meals and up to four requirements, and what is on offer for it."""
    asked, offers = world(random.choice((SMALL, SMALL, TWO_TOWNS)), random.randrange(10**6))
    meals = tuple(meal for meal in MEALS if random.random() < 0.8)
    places = list(eateries(random, asked, offers))
    rides = [ride for place in places for ride in ways(random, asked, offers, place.spot)]
    rules = [drawn(random, offers, asked.party.size) for _ in range(random.randint(0, 4))]
    return (
        replace(asked, meals=meals, requirements=tuple(Requirement(f"rule {n}", rule) for n, rule in enumerate(rules))),
        replace(offers, activities=(*offers.activities, *places), transfers=(*offers.transfers, *rides)),
    )


def eateries(random: Random, asked: TripRequest, offers: Offers) -> Iterator[ActivityOffer]:
    for stop in asked.stops:
        for n in range(random.choice((9, 12, 14))):
            name = f"{stop.place}-eatery{n}"
            opens, closes = random.choice(((6, 22), (7, 23), (11, 23), (17, 2), (7, 15)))
            yield ActivityOffer(
                id=f"eat-{name}",
                name=f"Eatery {n} {stop.place}",
                spot=Spot(name, name, stop.place, SpotKind.SIGHT),
                kind=ItemType.MEAL,
                tags=frozenset({random.choice(CUISINES)}),
                minutes=60,
                price=random.choice((None, price(random.randint(150, 2_500) * asked.party.size))),
                spans=(OpenSpan(EVERY_DAY, time(opens), time(closes)),) if random.random() < 0.9 else (),
                score=round(random.random(), 2),
                repeatable=random.random() < 0.1,
            )


def ways(random: Random, asked: TripRequest, offers: Offers, place: Spot) -> Iterator[TransferOffer]:
    """Rides to and from everything in town, some of them long."""
    spots = {ride.origin.id: ride.origin for ride in offers.transfers if ride.origin.place == place.place}
    for spot in spots.values():
        minutes, mode = random.randint(3, 25), random.choice((Mode.WALK, Mode.TAXI))
        fare = price(0 if mode is Mode.WALK else 100 + 30 * minutes)
        for a, b in ((spot, place), (place, spot)):
            yield TransferOffer(f"eat-{mode}:{a.id}>{b.id}", mode, a, b, minutes, fare, km=minutes / 3)


def drawn(random: Random, offers: Offers, people: int) -> Rule:
    sights = [a.name for a in offers.activities if a.kind is not ItemType.MEAL]
    one, other = random.sample(sights, 2)
    tag, another = random.sample(TAGS, 2)
    cuisine = random.choice(CUISINES)
    hour = random.randint(8, 18)
    rules: list[Rule] = [
        Count(Which(kinds=FOOD, tags=frozenset({cuisine})), least=random.randint(1, 2)),
        Count(Which(kinds=FOOD, tags=frozenset({cuisine})), most=random.randint(0, 2)),
        Count(Which(kinds=VISITS, tags=frozenset({tag})), least=1),
        Count(Which(kinds=VISITS, tags=frozenset({tag, another})), most=1),
        Count(Which(kinds=VISITS), most=random.randint(1, 2), over=Over.DAY),
        Count(Which(kinds=VISITS, names=(one,)), least=1),
        Count(Which(kinds=MOVES, modes=frozenset({Mode.BUS})), least=1),
        Count(Which(modes=frozenset({random.choice((Mode.BUS, Mode.FLIGHT, Mode.TAXI))})), most=0),
        Spend(Which(kinds=FOOD), random.randint(500, 2_000) * people, over=Over.ITEM),
        Spend(Which(kinds=RIDES), random.randint(1_000, 8_000)),
        Spend(Which(kinds=STAYS), random.randint(1_000, 6_000), over=Over.NIGHT, per_person=True),
        Spend(Which(kinds=VISITS), random.randint(0, 9_000)),
        Spend(Which(kinds=MOVES), random.randint(2_000, 30_000)),
        Every(Which(kinds=STAYS), Which(classes=frozenset({random.choice(tuple(StayClass))}))),
        Every(Which(kinds=STAYS), Which(tags=frozenset({tag, another}))),
        Apart(Which(modes=frozenset({Mode.FLIGHT})), Which(modes=frozenset({Mode.TAXI, Mode.BUS}))),
        Order(Which(kinds=VISITS, names=(one,)), Which(kinds=VISITS, names=(other,))),
        Timed(Which(kinds=VISITS, names=(one,)), begins=time(hour), minutes=random.choice((None, 60, 150))),
        Timed(Which(kinds=VISITS, tags=frozenset({tag})), not_before=time(hour - 2), not_after=time(hour + 4)),
    ]
    rule = random.choice(rules)
    if random.random() < 0.2:
        return AnyOf((rule, AllOf(tuple(random.sample(rules, 2)))))
    return rule
