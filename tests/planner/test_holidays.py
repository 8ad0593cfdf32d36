"""Opening rules that depend on public holidays. FRIDAY of the small country is one where a test says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from planner.checks import broken, verify
from planner.model import Itinerary, Offers, OpenSpan, Wishes
from planner.requirements import Requirement, Timed, Which
from planner.solver import build
from tests.planner import dining, world
from tests.planner.world import FRIDAY, request

SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
DAYS = (FRIDAY, SATURDAY, SUNDAY)
WORKING = frozenset(range(5))


def offers(*spans: OpenSpan, holidays: tuple[date, ...]) -> Offers:
    base = world.offers()
    museum = replace(base.activities[2], spans=spans)
    return replace(base, activities=(museum,), holidays=frozenset(holidays))


def museum_at(*spans: OpenSpan, holidays: tuple[date, ...]) -> tuple[date, time] | None:
    """When the museum, which must be seen, is visited."""
    found, asked = offers(*spans, holidays=holidays), request(wishes=Wishes(must_see=("museum",)))
    plan = build(asked, found, trip_id="t")
    if not isinstance(plan, Itinerary):
        return None
    assert not broken(verify(plan, asked, found))
    visit = next(item for item in plan.items if item.offer_id == "do:museum")
    return visit.start.date(), visit.start.time()


def test_what_is_closed_on_public_holidays_is_visited_on_another_day() -> None:
    span = OpenSpan(world.EVERY_DAY, time(9), time(17), holidays=False)
    found = museum_at(span, holidays=(SATURDAY,))
    assert found is not None
    assert found[0] != SATURDAY
    assert museum_at(span, holidays=DAYS) is None


def test_what_opens_on_public_holidays_only_is_visited_on_one() -> None:
    span = OpenSpan(frozenset(), time(9), time(17), holidays=True)
    found = museum_at(span, holidays=(SATURDAY,))
    assert found is not None
    assert found[0] == SATURDAY
    assert museum_at(span, holidays=()) is None


def test_other_hours_of_a_public_holiday_are_kept() -> None:
    usual = OpenSpan(world.EVERY_DAY, time(8), time(10), holidays=False)
    festive = OpenSpan(frozenset(), time(14), time(16), holidays=True)
    found = museum_at(usual, festive, holidays=DAYS)
    assert found is not None
    assert found[1] >= time(14)


def test_a_public_holiday_in_the_week_counts_as_a_weekend_where_that_is_the_rule() -> None:
    monday = FRIDAY + timedelta(days=3)
    base = world.offers(monday, nights=1)
    span = OpenSpan(frozenset({5, 6}), time(9), time(17), holidays=True)
    museum = replace(base.activities[2], spans=(span,))
    asked = request(start=monday, end=monday + timedelta(days=1), wishes=Wishes(must_see=("museum",)))
    for holidays, possible in ((frozenset[date](), False), (frozenset({monday + timedelta(days=1)}), True)):
        plan = build(asked, replace(base, activities=(museum,), holidays=holidays), trip_id="t")
        assert isinstance(plan, Itinerary) is possible


def test_without_a_rule_a_public_holiday_is_a_day_like_any_other() -> None:
    span = OpenSpan(WORKING | {5}, time(9), time(17))
    assert museum_at(span, holidays=DAYS) == museum_at(span, holidays=())


def test_a_visit_at_a_given_time_keeps_the_rule_of_the_day() -> None:
    timed = Requirement("at ten", Timed(Which(names=("museum",)), begins=time(10)))
    for rule, holidays, possible in ((False, DAYS, False), (False, (SUNDAY,), True), (True, DAYS, True)):
        found = offers(OpenSpan(world.EVERY_DAY, time(9), time(17), holidays=rule), holidays=holidays)
        plan = build(request(requirements=(timed,)), found, trip_id="t")
        assert isinstance(plan, Itinerary) is possible


@pytest.mark.parametrize("rule", [None, False])
def test_nobody_eats_where_it_is_closed_on_the_holiday(rule: bool | None) -> None:
    shut = tuple(
        replace(place, spans=tuple(replace(span, holidays=rule) for span in place.spans)) for place in dining.EATERIES
    )
    found = replace(dining.offers(shut), holidays=frozenset({SATURDAY}))
    plan = dining.planned(dining.asking(), found)
    eaten = [item for item in plan.items if item.offer_id and item.offer_id.startswith("eat:")]
    assert any(item.start.date() == SATURDAY for item in eaten) is (rule is None)
