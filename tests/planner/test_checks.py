"""The checker on trial: a sound plan broken in each way must ring the right rule."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache

import pytest

from planner import checks, checks_stops
from planner.checks import RULES, broken, verify
from planner.model import (
    ActivityOffer,
    Basis,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Party,
    Price,
    Spot,
    SpotKind,
    StayClass,
    Stop,
    TripRequest,
    Wishes,
)
from planner.requirements import Freedom, MealTime
from planner.solver import build
from tests.planner import dining, test_splitting, world
from tests.planner.world import FRIDAY

Change = Callable[[Item], Item | None]
Which = Callable[[Item], bool]

HOUR = timedelta(hours=1)
HILL = Spot("hill", "Hill town", "hill", SpotKind.CENTRE)
SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
NO_BUS = frozenset({Mode.BUS})


@dataclass(frozen=True, slots=True)
class Trip:
    """A request, what is on offer, and a sound plan of it."""

    asked: TripRequest
    offers: Offers
    plan: Itinerary


def trip(asked: TripRequest, offers: Offers) -> Trip:
    plan = build(asked, offers, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, asked, offers))
    return Trip(asked, offers, plan)


def by_train() -> Trip:
    return trip(world.request(60_000, wishes=Wishes(modes_refused=NO_BUS, must_see=("museum",))), world.offers())


def by_night_train() -> Trip:
    """Friday's night is spent on the train."""
    base = world.offers()
    late = tuple(o for o in base.transports if "Night" in o.id or o.depart.date() > FRIDAY)
    return trip(world.request(wishes=Wishes(modes_refused=NO_BUS)), replace(base, transports=late))


def to_two_towns() -> Trip:
    base = world.offers(nights=4)
    buses = (
        world.bus("Hill bus", world.COAST, HILL, world.at(SUNDAY, 9), 180, 900),
        world.bus("Home bus", HILL, world.CAPITAL, world.at(FRIDAY + timedelta(days=4), 9), 180, 900),
    )
    out = tuple(
        o for o in base.transports if o.depart.date() == FRIDAY and o.mode is Mode.TRAIN and "Night" not in o.id
    )
    offers = replace(
        base,
        transports=(*out, *buses),
        stays=(*base.stays, world.stay("Hill inn", 4000, StayClass.BUDGET, HILL)),
        centres={**base.centres, "hill": HILL},
    )
    return trip(world.request(None, nights=4, stops=(Stop("coast"), Stop("hill"))), offers)


def to_a_concert() -> Trip:
    """An event, a beach worth a second day, and a fort of which nobody knows the hours."""
    begins = world.at(SATURDAY, 18)
    concert = world.sight(
        world.MUSEUM, 90, 600, kind=ItemType.EVENT, spans=(), sessions=((begins, begins + 2 * HOUR),), score=1.0
    )
    fort = world.sight(world.FORT, 120, 400, spans=())
    wishes = Wishes(must_see=("museum", "fort"))
    return trip(world.request(wishes=wishes), replace(world.offers(), activities=(concert, fort)))


def by_own_car() -> Trip:
    """Nobody knows a bed there."""
    roads = {("capital", "coast"): 480, ("coast", "capital"): 480}
    offers = replace(world.offers(), road_minutes=roads, stays=())
    return trip(world.request(wishes=Wishes(modes_wanted=frozenset({Mode.CAR}))), offers)


def by_day_bus() -> Trip:
    """The ride to the beach runs by day."""
    base = world.offers()
    rides = tuple(replace(r, by_day=True) if "beach" in (r.origin.id, r.destination.id) else r for r in base.transfers)
    offers = replace(base, transfers=rides, activities=base.activities[1:2])
    return trip(world.request(wishes=Wishes(modes_refused=frozenset({Mode.TRAIN}))), offers)


def by_bags_bus() -> Trip:
    """A coach from a stage, met by a ride that is just in time."""
    return trip(world.request(wishes=Wishes(modes_refused=frozenset({Mode.TRAIN}))), world.by_coach())


def by_one_way() -> Trip:
    return trip(world.request(returns=False), world.offers())


def with_two_beds() -> Trip:
    return trip(test_splitting.ASKED, test_splitting.TWO_AND_TWO)


def to_eat() -> Trip:
    return trip(dining.asking(), dining.OFFERS)


TRIPS = {
    make.__name__: make
    for make in (
        by_train,
        by_night_train,
        to_two_towns,
        to_a_concert,
        by_own_car,
        by_day_bus,
        by_bags_bus,
        by_one_way,
        with_two_beds,
        to_eat,
    )
}


@cache
def sound(name: str) -> Trip:
    return TRIPS[name]()


def changed(plan: Itinerary, which: Callable[[Item], bool], change: Callable[[Item], Item | None]) -> Itinerary:
    """The plan with its first matching item changed, or dropped when the change gives None."""
    target = next(item for item in plan.items if which(item))
    return replace(
        plan,
        days=tuple(
            replace(day, items=tuple(new for i in day.items if (new := change(i) if i is target else i) is not None))
            for day in plan.days
        ),
    )


def of(kind: ItemType) -> Callable[[Item], bool]:
    return lambda item: item.type is kind


def later(hours: float) -> Callable[[Item], Item]:
    return lambda item: replace(item, start=item.start + hours * HOUR, end=item.end + hours * HOUR)


def pricier(item: Item) -> Item:
    assert item.price is not None
    return replace(item, price=replace(item.price, kes=item.price.kes + 100_000))


def named(title: str) -> Callable[[Item], bool]:
    return lambda item: item.title == title


def dropped(item: Item) -> None:
    return None


def earlier_end(hours: float) -> Change:
    return lambda item: replace(item, end=item.end - hours * HOUR)


def later_end(hours: float) -> Change:
    return lambda item: replace(item, end=item.end + hours * HOUR)


def earlier_start(hours: float) -> Change:
    return lambda item: replace(item, start=item.start - hours * HOUR)


def with_(**changes: object) -> Change:
    return lambda item: replace(item, **changes)  # type: ignore[arg-type]


def last(which: Which) -> Which:
    """The last item of a kind is found by its day."""
    return lambda item: which(item) and item.start.date() >= SUNDAY


ELSEWHERE = Spot("elsewhere", "Elsewhere", "coast", SpotKind.SIGHT)
ABROAD = Spot("abroad", "Abroad", "abroad", SpotKind.CENTRE)
UNSOURCED = Price(100, Decimal(100), "KES", Basis.GUIDE, "", world.date(2024, 1, 1), world.Precision.DAY)
BED, TRAIN, BUS, RIDE, SIGHT, MEAL, OWN = (
    of(kind)
    for kind in (
        ItemType.STAY, ItemType.TRAIN, ItemType.BUS, ItemType.TRANSFER, ItemType.ACTIVITY, ItemType.MEAL, ItemType.OWN
    )
)  # fmt: skip
EVENT = of(ItemType.EVENT)


def own_bed(item: Item) -> bool:
    return item.type is ItemType.OWN and item.spot is not None


# What is done to which plan, and the rule that must ring.
MUTATIONS: list[tuple[str, str, Which, Change, str]] = [
    ("a stay costs more than the budget", "by_train", BED, pricier, "budget"),
    ("a train leaves after the last day", "by_train", TRAIN, later(72), "dates"),
    ("a train leaves before the first day", "by_train", TRAIN, later(-24), "dates"),
    ("the way home ends after the last day", "by_train", last(TRAIN), later(8), "dates"),
    ("a drive begins before the trip", "by_own_car", OWN, later(-24), "dates"),
    ("the bed is missing", "by_train", BED, dropped, "nights"),
    ("the bed ends a night early", "by_train", BED, earlier_end(24), "nights"),
    ("the bed begins a night early", "by_train", BED, earlier_start(24), "nights"),
    ("the bed lasts a night too long", "by_train", BED, later_end(24), "nights"),
    ("the night on the train is paid in a bed as well", "by_night_train", BED, earlier_start(24), "nights"),
    ("the night train is gone", "by_night_train", TRAIN, dropped, "nights"),
    ("the night train arrives before midnight", "by_night_train", TRAIN, earlier_end(5), "nights"),
    ("the first of two beds lasts into the second", "to_two_towns", BED, later_end(24), "nights"),
    ("the second of two beds is missing", "to_two_towns", named("Hill inn"), dropped, "nights"),
    ("the own bed is missing", "by_own_car", own_bed, dropped, "nights"),
    ("a drive lasts through a night", "by_own_car", OWN, later_end(24), "nights"),
    ("one bed ends a night before the other begins", "with_two_beds", BED, earlier_end(24), "nights"),
    ("the ride from bed to bed is missing", "with_two_beds", named("Lodge → Villa"), dropped, "continuity"),
    ("the second bed is the first again", "with_two_beds", named("Villa"), with_(offer_id="stay:Lodge"), "stops"),
    ("a visit moves into another", "by_train", named("Museum"), later(-1), "overlaps"),
    ("a drive lasts into the day", "by_own_car", OWN, later_end(30), "overlaps"),
    ("an event lasts until the bus", "to_a_concert", EVENT, later_end(24), "overlaps"),
    ("the ride to the first station is missing", "by_train", RIDE, dropped, "continuity"),
    ("the ride home is missing", "by_train", named("Capital Terminus → Capital"), dropped, "continuity"),
    ("a ride ends elsewhere", "by_train", RIDE, with_(destination=ELSEWHERE), "continuity"),
    ("a sight is somewhere else", "by_train", SIGHT, with_(spot=ELSEWHERE), "continuity"),
    ("the bed is somewhere else", "by_train", BED, with_(spot=ELSEWHERE), "continuity"),
    ("the trip begins in another town", "by_train", RIDE, with_(origin=ABROAD), "continuity"),
    ("the drive begins in another town", "by_own_car", OWN, with_(origin=ABROAD), "continuity"),
    ("the last ride leads to another town", "by_train", last(RIDE), with_(destination=ABROAD), "continuity"),
    ("the last bus leads to another town", "to_two_towns", named("Home bus"), with_(destination=ABROAD), "continuity"),
    ("the bus to the second town is missing", "to_two_towns", named("Hill bus"), dropped, "continuity"),
    ("the bed is in the other town", "to_two_towns", named("Hill inn"), with_(spot=world.COAST), "continuity"),
    ("an event is somewhere else", "to_a_concert", EVENT, with_(spot=ELSEWHERE), "continuity"),
    ("the bed after the night train is elsewhere", "by_night_train", BED, with_(spot=ELSEWHERE), "continuity"),
    ("the own bed is elsewhere", "by_own_car", own_bed, with_(spot=ELSEWHERE), "continuity"),
    ("the ride reaches the station too late", "by_train", RIDE, later(0.25), "connections"),
    ("one is out of the station at once", "by_train", named("Coast Terminus → Coast town"), later(-0.2), "connections"),
    ("a visit starts before opening", "by_train", last(SIGHT), later(-6), "opening_hours"),
    ("a visit ends after closing", "by_train", SIGHT, later(11), "opening_hours"),
    ("a visit claims hours it has not", "by_train", SIGHT, with_(opens=None), "opening_hours"),
    ("a visit of unknown hours is at night", "to_a_concert", SIGHT, later(11), "opening_hours"),
    ("a visit of unknown hours begins before light", "to_a_concert", SIGHT, later(-11), "opening_hours"),
    ("an event is on another day", "to_a_concert", EVENT, later(-24), "opening_hours"),
    ("an event is visited before it begins", "to_a_concert", EVENT, later(-1), "opening_hours"),
    ("a ride that runs by day goes at night", "by_day_bus", named("Coast town → White Beach"), later(16), "hours"),
    ("a refused mode is used", "by_train", TRAIN, with_(mode=Mode.BUS), "refused"),
    ("what must be seen is gone", "by_train", named("Museum"), dropped, "must_see"),
    ("the event that must be seen is gone", "to_a_concert", EVENT, dropped, "must_see"),
    ("a price has no source", "by_train", RIDE, with_(price=UNSOURCED), "prices"),
    *(
        (f"a {name} has no price", "by_train", which, with_(price=None), "prices")
        for name, which in (("train", TRAIN), ("ride", RIDE), ("bed", BED), ("meal", MEAL))
    ),
    ("a train leaves at a time nobody offered", "by_train", TRAIN, later(0.1), "provenance"),
    ("a train arrives at a time nobody offered", "by_train", TRAIN, later_end(-0.1), "provenance"),
    ("a train costs other than offered", "by_train", TRAIN, pricier, "provenance"),
    ("a train leaves from another station", "by_train", TRAIN, with_(origin=ELSEWHERE), "provenance"),
    ("a train goes to another station", "by_train", TRAIN, with_(destination=ELSEWHERE), "provenance"),
    ("a train is called a flight", "by_train", TRAIN, with_(mode=Mode.FLIGHT), "provenance"),
    ("a ride costs other than offered", "by_train", RIDE, pricier, "provenance"),
    ("a ride goes elsewhere", "by_train", RIDE, with_(destination=ELSEWHERE), "provenance"),
    ("a ride is quicker than it takes", "by_train", RIDE, earlier_end(0.5), "provenance"),
    ("a visit costs other than offered", "by_train", SIGHT, pricier, "provenance"),
    ("a visit is shorter than it takes", "by_train", SIGHT, earlier_end(1), "provenance"),
    ("a visit is in another place", "by_train", SIGHT, with_(spot=ELSEWHERE), "provenance"),
    ("an event costs other than offered", "to_a_concert", EVENT, pricier, "provenance"),
    ("a stay is cheaper than offered", "by_train", BED, with_(price=world.price(1)), "provenance"),
    ("a stay is in another place", "by_train", BED, with_(spot=ELSEWHERE), "provenance"),
    ("a night after the night train is not paid", "by_night_train", BED, with_(price=world.price(1)), "provenance"),
    ("a meal is dearer than offered", "by_train", MEAL, with_(price=world.price(1)), "provenance"),
    ("an item comes from no offer", "by_train", TRAIN, with_(offer_id="nobody"), "provenance"),
    ("a train comes from nobody", "by_train", TRAIN, with_(offer_id=None), "provenance"),
    ("a drive costs money nobody asked for", "by_own_car", OWN, with_(price=world.price(1)), "provenance"),
]  # fmt: skip


def rung(plan: Itinerary, asked: TripRequest, offers: Offers) -> dict[str, str]:
    """Broken rules and what they say."""
    return {finding.rule: finding.detail for finding in broken(verify(plan, asked, offers))}


def mutated(name: str, which: Which, change: Change) -> dict[str, str]:
    trip = sound(name)
    return rung(changed(trip.plan, which, change), trip.asked, trip.offers)


@pytest.mark.parametrize(("name", "which", "change", "rule"), [m[1:] for m in MUTATIONS], ids=[m[0] for m in MUTATIONS])
def test_a_broken_plan_rings_its_rule(name: str, which: Which, change: Change, rule: str) -> None:
    assert rule in mutated(name, which, change)


def wishing(**wishes: object) -> Callable[[TripRequest], TripRequest]:
    return lambda asked: replace(asked, wishes=replace(asked.wishes, **wishes))  # type: ignore[arg-type]


def asking(**changes: object) -> Callable[[TripRequest], TripRequest]:
    return lambda asked: replace(asked, **changes)  # type: ignore[arg-type]


TWO_DINNERS = MealTime("dinner", time(18), time(20)), MealTime("supper", time(20), time(23))

# A sound plan held against another request, and the rule that must ring.
OTHERS: list[tuple[str, str, Callable[[TripRequest], TripRequest], str]] = [
    ("less money", "by_train", asking(budget_kes=1), "budget"),
    ("other days", "by_train", asking(start=SATURDAY, end=SUNDAY + timedelta(days=1)), "dates"),
    ("a night less", "by_train", asking(end=SATURDAY), "nights"),
    ("more people", "by_train", asking(party=Party(adults=3)), "capacity"),
    ("three beds in one town", "with_two_beds", asking(stops=(Stop("coast"),) * 3), "stops"),
    ("more people in two towns", "to_two_towns", asking(party=Party(adults=3)), "capacity"),
    ("a lock", "by_train", asking(locked=frozenset({"something else"})), "locked"),
    ("without the museum", "by_train", wishing(avoid=("museum",), must_see=()), "refused"),
    ("without the concert", "to_a_concert", wishing(avoid=("museum",)), "refused"),
    ("without the railway", "by_train", wishing(operators_refused=frozenset({"RAILWAY"})), "refused"),
    ("without taxis", "by_train", wishing(modes_refused=frozenset({Mode.TAXI})), "refused"),
    ("later mornings", "by_train", wishing(earliest=time(11)), "hours"),
    ("a concert after the first hour", "to_a_concert", wishing(earliest=time(19)), "hours"),
    ("earlier evenings", "by_train", wishing(latest=time(13)), "hours"),
    ("no night on the train", "by_night_train", wishing(night_travel=False), "hours"),
    ("another sight", "by_own_car", wishing(must_see=("Eiffel Tower",)), "must_see"),
    ("from another town", "by_train", asking(origin="elsewhere"), "continuity"),
    ("there and back", "by_one_way", asking(returns=True), "continuity"),
    ("with bags to get onto a coach", "by_bags_bus", wishing(heavy_bags=True), "connections"),
    ("with bags to get out of a station", "by_train", wishing(heavy_bags=True), "connections"),
    ("in light only", "by_day_bus", wishing(road_after_dark=False), "after_dark"),
    ("the towns the other way round", "to_two_towns", asking(stops=(Stop("hill"), Stop("coast"))), "stops"),
    ("another town", "to_two_towns", asking(stops=(Stop("coast"), Stop("lake"))), "stops"),
    ("more towns", "to_two_towns", asking(stops=(Stop("coast"), Stop("lake"), Stop("hill"))), "stops"),
    ("one of the towns", "to_two_towns", asking(free=Freedom(pick=1, order=True)), "stops"),
    ("longer in a town", "to_two_towns", asking(stops=(Stop("coast", 3), Stop("hill", 1))), "stops"),
    ("no breakfast", "to_eat", asking(meals=dining.MEALS[1:]), "meals"),
    ("a second dinner", "to_eat", asking(meals=(*dining.MEALS[:2], *TWO_DINNERS)), "meals"),
]


def on_holiday(holidays: bool | None, weekdays: frozenset[int]) -> Callable[[Offers], Offers]:
    """Every day of the trip is a public holiday, for which sights and places to eat have a rule."""

    def other(offers: Offers) -> Offers:
        def ruled(activity: ActivityOffer) -> ActivityOffer:
            spans = (replace(span, weekdays=weekdays, holidays=holidays) for span in activity.spans)
            return replace(activity, spans=tuple(spans))

        return replace(
            offers, activities=tuple(map(ruled, offers.activities)), holidays=frozenset({FRIDAY, SATURDAY, SUNDAY})
        )

    return other


def with_rooms_on(day: date) -> Callable[[Offers], Offers]:
    return lambda offers: replace(offers, stays=tuple(replace(stay, nights=frozenset({day})) for stay in offers.stays))


def let_for(nights: int) -> Callable[[Offers], Offers]:
    return lambda offers: replace(offers, stays=tuple(replace(stay, min_nights=nights) for stay in offers.stays))


# A sound plan held against other offers, and the rule that must ring.
OTHER_OFFERS: list[tuple[str, str, Callable[[Offers], Offers], str]] = [
    ("beds for a week only", "by_train", let_for(7), "capacity"),
    ("sights closed on public holidays", "by_train", on_holiday(False, world.EVERY_DAY), "opening_hours"),
    ("a bed without room on a night", "with_two_beds", with_rooms_on(FRIDAY), "capacity"),
    ("sights never open", "by_train", on_holiday(None, frozenset()), "opening_hours"),
]


@pytest.mark.parametrize(("name", "other", "rule"), [o[1:] for o in OTHER_OFFERS], ids=[o[0] for o in OTHER_OFFERS])
def test_a_plan_that_is_not_on_offer_is_noticed(name: str, other: Callable[[Offers], Offers], rule: str) -> None:
    trip = sound(name)
    assert rule in rung(trip.plan, trip.asked, other(trip.offers))


def test_sights_open_on_public_holidays_only_are_open_on_one() -> None:
    trip = sound("by_train")
    assert rung(trip.plan, trip.asked, on_holiday(True, frozenset())(trip.offers)) == {}


@pytest.mark.parametrize(("name", "other", "rule"), [o[1:] for o in OTHERS], ids=[o[0] for o in OTHERS])
def test_a_plan_that_is_not_what_was_asked_is_noticed(
    name: str, other: Callable[[TripRequest], TripRequest], rule: str
) -> None:
    trip = sound(name)
    assert rule in rung(trip.plan, other(trip.asked), trip.offers)


def closed(offer: ActivityOffer, day: date) -> ActivityOffer:
    return replace(offer, closed_on=frozenset({(day.month, day.day)}))


def shut(offer: ActivityOffer, day: date) -> ActivityOffer:
    return replace(offer, spans=tuple(replace(span, weekdays=frozenset()) for span in offer.spans))


def cut(offer: ActivityOffer, day: date) -> ActivityOffer:
    return replace(offer, spans=tuple(replace(span, closes=time(8, 30)) for span in offer.spans))


@pytest.mark.parametrize("changes", [closed, shut, cut])
def test_a_sight_closed_then_is_noticed_from_the_offers(
    changes: Callable[[ActivityOffer, date], ActivityOffer],
) -> None:
    trip = sound("by_train")
    day = next(item.start.date() for item in trip.plan.items if item.title == "Museum")
    offers = replace(trip.offers, activities=tuple(changes(a, day) for a in trip.offers.activities))
    assert "opening_hours" in rung(trip.plan, trip.asked, offers)


def test_a_doubled_item_is_noticed() -> None:
    assert "once" in doubled("by_train")


def doubled(name: str) -> dict[str, str]:
    trip = sound(name)
    first, *others = trip.plan.days
    days = (replace(first, items=(*first.items, first.items[0])), *others)
    return rung(replace(trip.plan, days=days), trip.asked, trip.offers)


def test_a_second_visit_is_noticed() -> None:
    assert "once" in again_on_another_day("by_train", "Museum")


def again_on_another_day(name: str, title: str) -> dict[str, str]:
    trip = sound(name)
    item = next(item for item in trip.plan.items if item.title == title)
    second = replace(later(24)(item), id="again")
    *others, day = trip.plan.days
    return rung(replace(trip.plan, days=(*others, replace(day, items=(*day.items, second)))), trip.asked, trip.offers)


def test_days_left_out_or_out_of_order_are_noticed() -> None:
    trip = sound("by_train")
    for days in (trip.plan.days[1:], trip.plan.days[::-1]):
        assert "dates" in rung(replace(trip.plan, days=days), trip.asked, trip.offers)


def test_every_rule_is_reported_in_a_fixed_order() -> None:
    trip = sound("by_train")
    assert [finding.rule for finding in verify(trip.plan, trip.asked, trip.offers)] == list(RULES)


def test_every_rule_has_a_mutation() -> None:
    assert {m[4] for m in MUTATIONS} | {o[3] for o in OTHERS} | {"once"} == set(RULES)


def test_every_breach_the_checker_can_name_is_named_by_some_mutation() -> None:
    said = [mutated(name, which, change) for _, name, which, change, _ in MUTATIONS]
    said += [rung(sound(name).plan, other(sound(name).asked), sound(name).offers) for _, name, other, _ in OTHERS]
    said += [rung(sound(name).plan, sound(name).asked, other(sound(name).offers)) for _, name, other, _ in OTHER_OFFERS]
    said += [doubled("by_train"), again_on_another_day("by_train", "Museum")]
    details = [part for found in said for detail in found.values() for part in detail.split("; ")]
    silent = [text for text in sayings() if not any(re.search(text, detail) for detail in details)]
    assert silent == []


def sayings() -> list[str]:
    """What rules yield and what `_differs` returns, as patterns, read from the source of the checker."""
    sources = [ast.parse(inspect.getsource(module)) for module in (checks, checks_stops)]
    parts = [node for source in sources for node in ast.walk(source) if isinstance(node, ast.FunctionDef)]
    rules = {rule.__name__ for rule in RULES.values()} | {"_differs", "_beds"}
    spoken = [
        node.value
        for function in parts
        if function.name in rules
        for node in ast.walk(function)
        if isinstance(node, ast.Yield | ast.Return)
    ]
    patterns = ["".join(literal(part) for part in texts(value)) for one in spoken for value in alternatives(one)]
    return [pattern for pattern in patterns if re.sub(r"\.\*|\\ ", "", pattern)]


def alternatives(node: ast.expr | None) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node] if node is not None else []


def texts(node: ast.expr) -> list[ast.expr]:
    return node.values if isinstance(node, ast.JoinedStr) else [node]


def literal(node: ast.expr) -> str:
    return re.escape(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ".*"
