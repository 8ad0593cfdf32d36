"""The small made-up country with places to eat, and words for requirements. Every figure is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from planner.checks import broken, verify
from planner.kinds import ItemType, Mode, SpotKind
from planner.model import ActivityOffer, Infeasible, Itinerary, Offers, OpenSpan, Spot, TripRequest
from planner.requirements import Kind, MealTime, Requirement, Rule, Which
from planner.solver import build
from tests.planner import world

MEALS = (
    MealTime("breakfast", time(7), time(10), 45),
    MealTime("lunch", time(11, 30), time(15)),
    MealTime("dinner", time(18), time(22)),
)
CUISINES = ("swahili", "italian", "indian", "chinese")
FOOD = frozenset({Kind.MEAL})


def eatery(number: int, kes: int, opens: int = 7, closes: int = 23, **more: object) -> ActivityOffer:
    offer = ActivityOffer(
        id=f"eat:{number:02}",
        name=f"Eatery {number:02}",
        spot=Spot(f"eat-{number:02}", f"Eatery {number:02}", "coast", SpotKind.SIGHT),
        kind=ItemType.MEAL,
        tags=frozenset({CUISINES[number % len(CUISINES)]}),
        minutes=60,
        price=world.price(kes),
        spans=(OpenSpan(world.EVERY_DAY, time(opens), time(closes)),),
        score=number % 5 / 5,
        provider="made up",
    )
    return replace(offer, **more)  # type: ignore[arg-type]


EATERIES = tuple(eatery(number, 500 + 300 * number) for number in range(12))


def offers(eateries: Sequence[ActivityOffer] = EATERIES, nights: int = 2) -> Offers:
    base = world.offers(nights=nights)
    rides = [
        ride
        for place in eateries
        for ride in (
            *world.ride(world.COAST, place.spot, 8, 200),
            *world.ride(world.FORT, place.spot, 6, 100),
            *world.ride(world.BEACH, place.spot, 15, 400),
            *world.ride(world.MUSEUM, place.spot, 5, 0, Mode.WALK),
        )
    ]
    return replace(base, activities=(*base.activities, *eateries), transfers=(*base.transfers, *rides))


OFFERS = offers()


def asking(
    *rules: Rule, budget: int | None = 60_000, meals: tuple[MealTime, ...] = MEALS, **more: object
) -> TripRequest:
    """A request with these rules as requirements, named by their place."""
    required = tuple(Requirement(f"rule {n}", rule) for n, rule in enumerate(rules))
    return world.request(budget, requirements=required, meals=meals, **more)


def planned(asked: TripRequest, on_offer: Offers = OFFERS) -> Itinerary:
    """The plan, which must exist and be sound."""
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    found = broken(verify(plan, asked, on_offer))
    assert not found, found
    return plan


def refused(asked: TripRequest, on_offer: Offers = OFFERS) -> Infeasible:
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Infeasible)
    return plan


def of(tag: str) -> Which:
    return Which(kinds=FOOD, tags=frozenset({tag}))


def called(name: str) -> Which:
    return Which(names=(name,))
