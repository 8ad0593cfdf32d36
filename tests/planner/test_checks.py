"""The checker on trial: a sound plan broken in each way must ring the right rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from planner.checks import RULES, broken, verify
from planner.model import Basis, Item, ItemType, Itinerary, Mode, Offers, Party, Price, Spot, SpotKind, Wishes
from planner.solver import build
from tests.planner import world

ASKED = world.request(60_000, wishes=Wishes(modes_refused=frozenset({Mode.BUS}), must_see=("museum",)))
OFFERS = world.offers()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def sound() -> Itinerary:
    plan = build(ASKED, OFFERS, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, ASKED, OFFERS))
    return plan


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


ELSEWHERE = Spot("elsewhere", "Elsewhere", "coast", SpotKind.SIGHT)
UNSOURCED = Price(100, Decimal(100), "KES", Basis.GUIDE, "", world.date(2024, 1, 1), world.Precision.DAY)

MUTATIONS: list[tuple[str, Callable[[Item], bool], Callable[[Item], Item | None], str]] = [
    ("a stay costs more than the budget", of(ItemType.STAY), pricier, "budget"),
    ("a train leaves after the last day", of(ItemType.TRAIN), later(72), "dates"),
    ("the bed is missing", of(ItemType.STAY), dropped, "nights"),
    ("the bed ends a night early", of(ItemType.STAY), lambda i: replace(i, end=i.end - 24 * HOUR), "nights"),
    ("the bed begins a night early", of(ItemType.STAY), lambda i: replace(i, start=i.start - 24 * HOUR), "nights"),
    ("a visit moves into another", named("Museum"), later(-1), "overlaps"),
    ("the ride to the first station is missing", of(ItemType.TRANSFER), dropped, "continuity"),
    ("the ride home is missing", named("Capital Terminus → Capital"), dropped, "continuity"),
    ("a ride ends elsewhere", of(ItemType.TRANSFER), lambda i: replace(i, destination=ELSEWHERE), "continuity"),
    ("a sight is somewhere else", of(ItemType.ACTIVITY), lambda i: replace(i, spot=ELSEWHERE), "continuity"),
    ("the bed is somewhere else", of(ItemType.STAY), lambda i: replace(i, spot=ELSEWHERE), "continuity"),
    ("the ride reaches the station too late", of(ItemType.TRANSFER), later(0.25), "connections"),
    ("a visit starts before opening", of(ItemType.ACTIVITY), later(-6), "opening_hours"),
    ("a visit ends after closing", of(ItemType.ACTIVITY), later(11), "opening_hours"),
    ("a visit claims hours it has not", of(ItemType.ACTIVITY), lambda i: replace(i, opens=None), "opening_hours"),
    ("a refused mode is used", of(ItemType.TRAIN), lambda i: replace(i, mode=Mode.BUS), "refused"),
    ("what must be seen is gone", named("Museum"), dropped, "must_see"),
    ("a price has no source", of(ItemType.TRANSFER), lambda i: replace(i, price=UNSOURCED), "prices"),
    ("a train has no price", of(ItemType.TRAIN), lambda i: replace(i, price=None), "prices"),
    ("a train leaves at a time nobody offered", of(ItemType.TRAIN), later(0.1), "provenance"),
    (
        "a ride is quicker than it takes",
        of(ItemType.TRANSFER),
        lambda i: replace(i, end=i.end - HOUR / 2),
        "provenance",
    ),
    ("a visit is shorter than it takes", of(ItemType.ACTIVITY), lambda i: replace(i, end=i.end - HOUR), "provenance"),
    ("a stay is cheaper than offered", of(ItemType.STAY), lambda i: replace(i, price=world.price(1)), "provenance"),
    ("a meal is dearer than offered", of(ItemType.MEAL), lambda i: replace(i, price=world.price(1)), "provenance"),
    ("an item comes from no offer", of(ItemType.TRAIN), lambda i: replace(i, offer_id="nobody"), "provenance"),
]


@pytest.mark.parametrize(("which", "change", "rule"), [m[1:] for m in MUTATIONS], ids=[m[0] for m in MUTATIONS])
def test_a_broken_plan_rings_its_rule(
    sound: Itinerary, which: Callable[[Item], bool], change: Callable[[Item], Item | None], rule: str
) -> None:
    rules = {finding.rule for finding in broken(verify(changed(sound, which, change), ASKED, OFFERS))}
    assert rule in rules


def test_a_doubled_item_is_noticed(sound: Itinerary) -> None:
    first = sound.days[0]
    doubled = replace(sound, days=(replace(first, items=(*first.items, first.items[0])), *sound.days[1:]))
    assert "once" in {finding.rule for finding in broken(verify(doubled, ASKED, OFFERS))}


def test_a_day_left_out_is_noticed(sound: Itinerary) -> None:
    assert "dates" in {f.rule for f in broken(verify(replace(sound, days=sound.days[1:]), ASKED, OFFERS))}


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (replace(ASKED, budget_kes=1), "budget"),
        (replace(ASKED, party=Party(adults=3)), "capacity"),
        (replace(ASKED, locked=frozenset({"something else"})), "locked"),
        (replace(ASKED, wishes=Wishes(avoid=("museum",))), "refused"),
        (replace(ASKED, wishes=Wishes(operators_refused=frozenset({"RAILWAY"}))), "refused"),
        (replace(ASKED, wishes=Wishes(earliest=time(11))), "hours"),
        (replace(ASKED, wishes=Wishes(latest=time(13))), "hours"),
        (replace(ASKED, origin="elsewhere"), "continuity"),
    ],
)
def test_a_plan_that_is_not_what_was_asked_is_noticed(sound: Itinerary, asked: object, rule: str) -> None:
    assert rule in {finding.rule for finding in broken(verify(sound, asked, OFFERS))}  # type: ignore[arg-type]


def test_a_sight_closed_that_day_is_noticed_from_the_offers(sound: Itinerary) -> None:
    day = next(item.start for item in sound.items if item.title == "Museum")
    closed = replace(
        OFFERS,
        activities=tuple(replace(a, closed_on=frozenset({(day.month, day.day)})) for a in OFFERS.activities),
    )
    assert "opening_hours" in {finding.rule for finding in broken(verify(sound, ASKED, closed))}


def test_every_rule_is_reported_in_a_fixed_order(sound: Itinerary) -> None:
    assert [finding.rule for finding in verify(sound, ASKED, OFFERS)] == list(RULES)


def test_a_night_train_cannot_hide_from_someone_who_refuses_it() -> None:
    offers: Offers = replace(OFFERS, transports=tuple(o for o in OFFERS.transports if "Morning@2026-11-27" not in o.id))
    only_night = replace(offers, transports=tuple(o for o in offers.transports if "Afternoon@2026-11-27" not in o.id))
    plan = build(replace(ASKED, wishes=Wishes(modes_refused=frozenset({Mode.BUS}))), only_night, trip_id="t")
    assert isinstance(plan, Itinerary)
    strict = replace(ASKED, wishes=Wishes(night_travel=False))
    assert "hours" in {finding.rule for finding in broken(verify(plan, strict, only_night))}
