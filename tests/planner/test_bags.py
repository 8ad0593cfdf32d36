"""Heavy bags: earlier at the coach, later out of the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planner.checks import broken, verify
from planner.model import Infeasible, Item, Itinerary, Offers, Spot, SpotKind, TransportOffer, TripRequest, Wishes
from planner.solver import build
from tests.planner import world
from tests.planner.world import FRIDAY, request

BAGS = Wishes(heavy_bags=True)


def planned(asked: TripRequest, found: Offers) -> Itinerary:
    plan = build(asked, found, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, asked, found))
    return plan


def before_and_after(plan: Itinerary, title: str) -> tuple[int, int]:
    """Minutes between the rides around a departure and the departure."""
    line = [item for item in plan.items if item.origin is not None]
    at = next(n for n, item in enumerate(line) if item.title == title)

    def gap(one: Item, other: Item) -> int:
        return int((other.start - one.end) / timedelta(minutes=1))

    return gap(line[at - 1], line[at]), gap(line[at], line[at + 1])


@pytest.mark.parametrize(("wishes", "gaps"), [(Wishes(), (30, 10)), (BAGS, (45, 15))])
def test_who_has_heavy_bags_is_earlier_at_the_coach_and_longer_in_getting_off(
    wishes: Wishes, gaps: tuple[int, int]
) -> None:
    assert before_and_after(planned(request(wishes=wishes), world.by_coach()), "Coach") == gaps


@pytest.mark.parametrize(
    ("kind", "light", "heavy"),
    [
        (SpotKind.AIRPORT, (90, 30), (90, 50)),
        (SpotKind.STATION, (60, 20), (60, 30)),
        (SpotKind.STAGE, (30, 10), (45, 15)),
    ],
)
def test_each_kind_of_gate_has_its_minutes(kind: SpotKind, light: tuple[int, int], heavy: tuple[int, int]) -> None:
    found = of_kind(kind)
    for wishes, gaps in ((Wishes(), light), (BAGS, heavy)):
        assert before_and_after(planned(request(wishes=wishes), found), "Coach") == gaps


def of_kind(kind: SpotKind) -> Offers:
    """The coaches, between gates of another kind."""
    base = world.by_coach()

    def gate(spot: Spot) -> Spot:
        return replace(spot, kind=kind) if spot.kind is SpotKind.STAGE else spot

    return replace(
        base,
        transports=tuple(replace(o, origin=gate(o.origin), destination=gate(o.destination)) for o in base.transports),
        transfers=tuple(replace(o, origin=gate(o.origin), destination=gate(o.destination)) for o in base.transfers),
    )


def test_what_a_departure_says_itself_goes_for_bags_too() -> None:
    base = world.by_coach()
    found = replace(base, transports=tuple(replace(offer, check_in_minutes=5) for offer in base.transports))
    assert before_and_after(planned(request(wishes=BAGS), found), "Coach")[0] == 5


def test_a_change_too_short_for_bags_is_no_change() -> None:
    hub = Spot("hub", "Hub stage", "hub", SpotKind.STAGE)

    def coach(name: str, a: Spot, b: Spot, hour: int, minute: int) -> TransportOffer:
        return world.bus(name, a, b, world.at(FRIDAY, hour, minute), 120, 500)

    base = world.by_coach()
    there = (coach("First", world.CAPITAL_STAGE, hub, 8, 0), coach("Second", hub, world.COAST_STAGE, 10, 45))
    found = replace(base, transports=(*there, base.transports[1]))
    assert isinstance(build(request(own_arrangements=False), found, trip_id="t"), Itinerary)
    assert isinstance(build(request(own_arrangements=False, wishes=BAGS), found, trip_id="t"), Infeasible)
