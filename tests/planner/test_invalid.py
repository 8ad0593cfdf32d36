"""What cannot be meant is refused where it is written down, with one clear sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from planner.model import Offers, Party, Stop
from planner.requirements import Freedom, MealTime
from tests.planner import world
from tests.planner.world import request

LUNCH, TEA = MealTime("lunch", time(12), time(15)), MealTime("tea", time(15), time(17))
NAIVE = datetime.combine(world.FRIDAY, time(8))


def same_ids() -> Offers:
    base = world.offers()
    return replace(base, stays=(*base.stays, replace(base.stays[0], name="Another")))


def same_ids_of_two_kinds() -> Offers:
    base = world.offers()
    return replace(base, stays=(replace(base.stays[0], id=base.transports[0].id),))


REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("negative nights", lambda: Stop("coast", -1), "coast: nights are no negative number"),
    ("a negative least", lambda: Stop("coast", least=-1), "coast: nights are no negative number"),
    ("too many nights", lambda: request(stops=(Stop("coast", 5),)), "the stops ask for 5 nights, the trip has 2"),
    ("no stops", lambda: request(stops=()), "a trip needs a destination"),
    ("more picked than named", lambda: request(free=Freedom(pick=2)), "2 stops cannot be picked of 1"),
    ("none picked", lambda: Freedom(pick=0), "at least one stop is to be picked"),
    ("meals out of order", lambda: request(meals=(TEA, LUNCH)), "lunch may begin before tea is over"),
    ("meals that overlap", lambda: request(meals=(LUNCH, replace(TEA, opens=time(14)))), "tea may begin before lunch"),
    ("nobody", lambda: Party(0), "impossible party"),
    ("an id twice", same_ids, "several offers have the same id: stay:Guest house"),
    ("an id of two kinds", same_ids_of_two_kinds, "several offers have the same id: Morning@2026-11-27T08:00"),
    (
        "a departure without a zone",
        lambda: replace(world.offers().transports[0], depart=NAIVE, arrive=NAIVE + timedelta(hours=6)),
        "Morning@2026-11-27T08:00: a time without a time zone",
    ),
    (
        "a session without a zone",
        lambda: world.sight(world.FORT, 60, 0, sessions=((NAIVE, NAIVE + timedelta(hours=1)),)),
        "do:fort: a time without a time zone",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "why"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_meant_is_refused_in_words(make: Callable[[], object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make()


def test_stops_to_pick_from_may_ask_for_more_nights_together_than_the_trip_has() -> None:
    asked = request(stops=(Stop("coast", 2), Stop("hill", 2)), free=Freedom(pick=1))
    assert asked.nights == 2


def test_meals_may_follow_each_other_without_a_gap() -> None:
    assert request(meals=(LUNCH, TEA)).meals == (LUNCH, TEA)
