"""Two versions of a trip compared: figures, and which items are the same thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.amending import amend
from planner.differing import Diff, diff
from planner.model import Item, ItemType, Itinerary, Mode, Offers, StayClass
from planner.operations import AddDay, ChangeDates, Cheaper, Operation, Remove, StayClassTo, UseMode
from tests.planner import world
from tests.planner.test_amending import planned
from tests.planner.world import FRIDAY
from tests.samples import mombasa

OFFERS = world.offers()


def changed(operation: Operation, offers: Offers = OFFERS) -> tuple[Itinerary, Itinerary, Diff]:
    old = planned()
    new = amend(old.request, old, operation, offers)
    assert isinstance(new, Itinerary)
    return old, new, diff(old, new)


def with_item(plan: Itinerary, old: Item, new: Item) -> Itinerary:
    """The plan with one item exchanged, nothing else adjusted."""
    days = (replace(day, items=tuple(new if item == old else item for item in day.items)) for day in plan.days)
    return replace(plan, days=tuple(days))


def test_a_plan_does_not_differ_from_itself() -> None:
    found = diff(planned(), planned())
    assert found.same
    assert (found.delta_kes, found.delta_minutes) == (0, 0)


def test_another_ride_on_the_same_leg_is_a_change_with_its_figures() -> None:
    _, _, found = changed(UseMode(Mode.TRAIN))
    assert [(c.before.title, c.after.title) for c in found.changed] == [
        ("Day bus", "Morning, economy"),
        ("Day bus", "Afternoon, economy"),
    ]
    there, _ = found.changed
    assert there.delta_kes == 600
    assert there.delta_minutes == 360 - 510
    assert (there.start_minutes, there.end_minutes) == (30, 30 + 360 - 510)
    assert not found.added
    assert not found.removed


def test_another_bed_is_a_change_and_its_price_is_the_difference_of_the_trip() -> None:
    old, new, found = changed(StayClassTo(StayClass.HIGH))
    (bed,) = found.changed
    assert (bed.before.title, bed.after.title, bed.delta_kes) == ("Beach hotel", "Resort", 16_000)
    assert found.delta_kes == 16_000 == new.total_kes - old.total_kes


def test_a_removed_visit_is_removed_and_what_follows_moves() -> None:
    _, _, found = changed(Remove("do:museum"))
    assert [item.title for item in found.removed] == ["Museum"]
    assert {change.after.title for change in found.moved} == {"White Beach"}
    assert not found.changed


def test_a_trip_moved_to_other_days_has_not_changed_otherwise() -> None:
    _, _, found = changed(ChangeDates(FRIDAY + timedelta(days=1)), world.offers(first=FRIDAY + timedelta(days=1)))
    assert found.same


def test_a_day_more_moves_the_way_back_and_lengthens_the_stay() -> None:
    _, _, found = changed(AddDay(), world.offers(nights=3))
    assert "Beach hotel" in {change.after.title for change in found.moved}
    assert "Day bus" in {change.after.title for change in found.moved}
    assert not found.repriced  # a third night costs more, but no other price


def test_another_price_for_the_same_thing_is_told_apart_from_a_change() -> None:
    plan = planned()
    bus = next(item for item in plan.items if item.title == "Day bus")
    found = diff(plan, with_item(plan, bus, replace(bus, price=world.price(2_700))))
    assert [change.delta_kes for change in found.repriced] == [300]
    assert not found.changed
    assert not found.moved
    assert found.delta_kes == 300


def test_rides_and_meals_are_counted_but_not_listed() -> None:
    old, new, found = changed(UseMode(Mode.TRAIN))
    rides = [sum(i.price_kes for i in plan.items if i.type == "transfer") for plan in (old, new)]
    assert found.rides_kes == rides[1] - rides[0] > 0
    assert found.meals_kes == 0
    listed = [*found.added, *found.removed, *(c.after for c in (*found.changed, *found.moved))]
    assert not any(item.type in ("transfer", "meal") for item in listed)


@given(st.sampled_from([Cheaper(), UseMode(Mode.TRAIN), StayClassTo(StayClass.BUDGET), Remove("do:fort")]))
def test_comparing_the_other_way_round_gives_the_opposite(operation: Operation) -> None:
    old, new, there = changed(operation)
    back = diff(new, old)
    assert (back.delta_kes, back.delta_minutes) == (-there.delta_kes, -there.delta_minutes)
    assert (back.added, back.removed) == (there.removed, there.added)
    assert {(c.after.id, c.before.id) for c in back.changed} == {(c.before.id, c.after.id) for c in there.changed}


def test_a_bed_of_the_same_nights_in_the_next_town_took_the_place_of_the_other() -> None:
    old = mombasa()
    beds = [item for item in old.items if item.type is ItemType.STAY]
    elsewhere = replace(beds[0], id="stay-x", offer_id="guide:bamburi", title="Guest house in Bamburi", place="bamburi")
    days = tuple(replace(d, items=tuple(elsewhere if i is beds[0] else i for i in d.items)) for d in old.days)
    found = diff(old, replace(old, days=days))
    assert [(change.before, change.after) for change in found.changed] == [(beds[0], elsewhere)]
    assert found.added == found.removed == ()
