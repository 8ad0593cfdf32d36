"""Changing a planned trip: what an operation changes, and that everything else comes through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.amending import amend
from planner.checks import broken, verify
from planner.model import (
    Infeasible,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    Pace,
    Party,
    StayClass,
    Stop,
    TripRequest,
    Wishes,
)
from planner.operations import (
    AddActivity,
    AddDay,
    Become,
    ChangeBudget,
    ChangeDates,
    ChangeParty,
    Cheaper,
    DropDay,
    Faster,
    Lock,
    MoreRelaxed,
    Operation,
    RefuseMode,
    Remove,
    ReorderStops,
    StayClassTo,
    Swap,
    Unlock,
    UseMode,
    changed,
    lockable,
    touched,
)
from planner.solver import build
from storage import codec
from tests.planner import world
from tests.planner.asked import held_still
from tests.planner.examples import examples
from tests.planner.world import FRIDAY, request

OFFERS = world.offers()
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=n) for n in (1, 2, 3))


def planned(asked: TripRequest | None = None, offers: Offers = OFFERS) -> Itinerary:
    """A plan to start from; without a request one by bus, to the beach hotel, that sees everything."""
    if asked is None and offers == OFFERS:
        return _usual()
    plan = build(asked or request(), offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    return plan


@cache
def _usual() -> Itinerary:
    """Held to these choices, so that what the planner prefers does not matter; then let go."""
    buses = {offer.id for offer in OFFERS.transports if offer.mode is Mode.BUS}
    held = planned(request(locked=frozenset({*buses, "stay:Beach hotel", "do:fort", "do:beach", "do:museum"})))
    free = amend(held.request, held, Become(request()), OFFERS, version=1)
    assert isinstance(free, Itinerary)
    return free


def after(operation: Operation, plan: Itinerary | None = None, offers: Offers = OFFERS) -> Itinerary:
    plan = plan or planned()
    again = amend(plan.request, plan, operation, offers)
    assert isinstance(again, Itinerary), again
    assert not broken(verify(again, again.request, offers))
    return again


def by_type(plan: Itinerary, *types: ItemType) -> list[Item]:
    return [item for item in plan.items if item.type in types]


def moves(plan: Itinerary) -> list[str]:
    return [item.title for item in by_type(plan, ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT)]


def beds(plan: Itinerary) -> list[str]:
    return [item.title for item in by_type(plan, ItemType.STAY)]


def sights(plan: Itinerary) -> dict[str, date]:
    return {item.title: item.start.date() for item in by_type(plan, ItemType.ACTIVITY)}


def test_another_way_to_travel_leaves_bed_and_visits_as_they_are() -> None:
    old = planned()
    new = after(UseMode(Mode.TRAIN), old)
    assert moves(old) == ["Day bus", "Day bus"]
    assert all("bus" not in title for title in moves(new))
    assert (beds(new), sights(new)) == (beds(old), sights(old))


def test_a_refused_way_to_travel_goes_and_the_rest_stays() -> None:
    new = after(RefuseMode(Mode.BUS))
    assert {item.mode for item in by_type(new, ItemType.BUS, ItemType.TRAIN)} == {Mode.TRAIN}
    assert sights(new) == sights(planned())


def test_refusing_what_is_not_used_changes_nothing() -> None:
    assert after(RefuseMode(Mode.TRAIN)).days == planned().days


def test_another_class_of_bed_changes_the_bed_alone() -> None:
    new = after(StayClassTo(StayClass.HIGH))
    assert beds(new) == ["Resort"]
    assert (moves(new), sights(new)) == (moves(planned()), sights(planned()))


def test_the_class_one_already_sleeps_in_is_no_change() -> None:
    assert after(StayClassTo(StayClass.MID)).days == planned().days


def test_cheaper_is_cheaper_and_keeps_what_there_is_to_do() -> None:
    new = after(Cheaper())
    assert new.total_kes < planned().total_kes
    assert sights(new) == sights(planned())


def test_when_nothing_is_cheaper_the_plan_stays() -> None:
    cheapest = after(Cheaper(), after(Cheaper()))
    assert after(Cheaper(), cheapest).days == cheapest.days


def test_faster_spends_less_time_under_way() -> None:
    old, new = planned(), after(Faster())
    old_time = sum((i.end - i.start for i in by_type(old, ItemType.BUS, ItemType.TRAIN)), timedelta())
    new_time = sum((i.end - i.start for i in by_type(new, ItemType.BUS, ItemType.TRAIN)), timedelta())
    assert new_time < old_time
    assert sights(new) == sights(old)


def test_when_nothing_is_faster_the_plan_stays() -> None:
    trains = replace(OFFERS, transports=tuple(o for o in OFFERS.transports if "Afternoon" in o.service))
    old = planned(offers=trains)
    assert after(Faster(), old, trains).days == old.days


def test_more_relaxed_does_less_and_never_something_else() -> None:
    new = after(MoreRelaxed())
    assert new.request.wishes.pace is Pace.RELAXED
    assert set(sights(new)) < set(sights(planned()))
    assert (moves(new), beds(new)) == (moves(planned()), beds(planned()))


def test_a_removed_visit_is_gone_for_good_and_nothing_takes_its_place() -> None:
    old = planned()
    new = after(Remove("do:beach"), old)
    assert sights(new) == {name: day for name, day in sights(old).items() if name != "White Beach"}
    assert "White Beach" not in sights(after(ChangeBudget(None), new))


def test_a_removed_ride_is_replaced_by_another() -> None:
    old = planned()
    ride = by_type(old, ItemType.BUS)[0]
    new = after(Remove(ride.id), old)
    assert ride.offer_id not in {item.offer_id for item in new.items}
    assert len(moves(new)) == 2


def test_a_swapped_item_is_locked_and_the_old_one_does_not_come_back() -> None:
    old = planned()
    new = after(Swap("stay:Beach hotel#0", "stay:Resort"), old)
    assert beds(new) == ["Resort"]
    assert new.request.locked == {"stay:Resort"}
    assert [item.locked for item in by_type(new, ItemType.STAY)] == [True]
    assert (moves(new), sights(new)) == (moves(old), sights(old))
    assert beds(after(Cheaper(), new)) == ["Resort"]


def test_keeping_the_rest_in_place_is_not_shown_as_a_lock() -> None:
    new = after(UseMode(Mode.TRAIN))
    assert new.request.locked == frozenset()
    assert not any(item.locked for item in new.items)


def test_a_locked_bed_stays_until_it_is_unlocked() -> None:
    old = planned()
    locked = after(Lock("stay:Beach hotel#0"), old)
    assert beds(after(Cheaper(), locked)) == ["Beach hotel"]
    assert beds(after(Cheaper(), after(Unlock("stay:Beach hotel#0"), locked))) == ["Guest house"]


def test_an_added_activity_comes_in_beside_the_others() -> None:
    old = planned(request(wishes=Wishes(avoid=("museum",))))
    assert "Museum" not in sights(old)
    new = after(AddActivity("museum"), old)
    assert set(sights(new)) == {*sights(old), "Museum"}
    assert all(sights(new)[name] == day for name, day in sights(old).items())


def test_a_kind_of_thing_asked_for_comes_in() -> None:
    old = planned(request(wishes=Wishes(avoid=("museum",))))
    wanted = replace(old.request, wishes=Wishes(interests={"museum": 2}))
    assert set(sights(after(Become(wanted), old))) == {*sights(old), "Museum"}


def test_a_day_more_keeps_the_days_there_were() -> None:
    longer = world.offers(nights=3)
    old = planned(offers=OFFERS)
    new = after(AddDay(), old, longer)
    assert new.request.end == MONDAY
    assert moves(new) == moves(old)
    assert beds(new) == beds(old)
    assert all(sights(new)[name] == day for name, day in sights(old).items())


def test_a_day_less_keeps_what_still_fits() -> None:
    new = after(DropDay(), planned(), world.offers(nights=1))
    assert new.request.end == SATURDAY
    assert beds(new) == beds(planned())
    assert set(sights(new)) <= set(sights(planned()))


def test_other_dates_move_the_whole_trip() -> None:
    later = world.offers(first=SATURDAY)
    new = after(ChangeDates(SATURDAY), planned(), later)
    assert (new.request.start, new.request.end) == (SATURDAY, MONDAY)
    assert (moves(new), beds(new)) == (moves(planned()), beds(planned()))
    assert sights(new) == {name: day + timedelta(days=1) for name, day in sights(planned()).items()}


def test_a_smaller_budget_that_still_holds_the_plan_changes_nothing() -> None:
    old = planned()
    assert after(ChangeBudget(old.total_kes), old).days == old.days


def test_a_smaller_budget_takes_a_cheaper_bed_before_it_takes_a_visit() -> None:
    old = planned()
    new = after(ChangeBudget(old.total_kes - 1_000), old)
    assert beds(new) == ["Guest house"]
    assert sights(new) == sights(old)


def test_an_impossible_budget_is_refused_with_what_would_do() -> None:
    old = planned()
    refused = amend(old.request, old, ChangeBudget(5_000), OFFERS)
    assert isinstance(refused, Infeasible)
    assert refused.rules == ("budget",)
    assert refused.cheapest_kes is not None


def test_more_people_get_beds_that_hold_them() -> None:
    big = world.stay("Family house", 9000, StayClass.MID, sleeps=4)
    offers = replace(OFFERS, stays=(*OFFERS.stays, big))
    new = after(ChangeParty(Party(adults=4)), planned(), offers)
    assert beds(new) == ["Family house"]
    assert (moves(new), sights(new)) == (moves(planned()), sights(planned()))


def test_visits_that_the_new_ride_leaves_no_time_for_are_the_first_to_move() -> None:
    """The only train comes in at night and leaves at noon: what was on the first day has to go elsewhere."""
    old = planned(request(wishes=Wishes(modes_refused=frozenset({Mode.BUS}))))
    new = after(Swap(by_type(old, ItemType.TRAIN)[0].id, f"Night@{FRIDAY}T22:00"), old)
    assert moves(new)[0].startswith("Night")
    assert beds(new) == beds(old)


def test_a_plan_read_from_storage_is_changed_alike() -> None:
    old = planned()
    stored = codec.load(Itinerary, codec.dump(old))
    later = world.offers(first=SATURDAY)
    assert after(ChangeDates(SATURDAY), stored, later) == after(ChangeDates(SATURDAY), old, later)


def test_versions_go_up_and_may_be_named() -> None:
    old = planned()
    assert after(Cheaper(), old).version == 2
    named = amend(old.request, old, Cheaper(), OFFERS, version=7)
    assert isinstance(named, Itinerary)
    assert (named.id, named.version) == ("t", 7)


def two_towns(nights: int, leaves: int) -> Offers:
    """The coast, then a hill town from the day with this number on; `nights` in all."""
    hill = world.Spot("hill", "Hill town", "hill", world.SpotKind.CENTRE)
    base = world.offers(nights=nights)
    return replace(
        base,
        transports=(
            *(o for o in base.transports if o.depart.date() == FRIDAY),
            *(world.bus("Hill bus", world.COAST, hill, world.at(FRIDAY + timedelta(days=n), 9), 180, 900)
              for n in (leaves, leaves + 1)),
            *(world.bus("Home bus", hill, world.CAPITAL, world.at(FRIDAY + timedelta(days=n), 9), 180, 900)
              for n in (nights, nights + 1)),
        ),
        stays=(*base.stays, world.stay("Hill inn", 4000, StayClass.BUDGET, hill),
               world.stay("Hill lodge", 8000, StayClass.MID, hill)),
        centres={**base.centres, "hill": hill},
    )  # fmt: skip


def test_a_day_more_in_the_first_town_moves_the_second_and_changes_neither() -> None:
    offers = two_towns(4, 2)
    old = planned(request(nights=4, stops=(Stop("coast"), Stop("hill"))), offers)
    new = after(AddDay("coast"), old, offers)
    assert [day.place for day in new.days] == ["coast", "coast", "coast", "hill", "hill", "hill"]
    assert (moves(new), beds(new)) == (moves(old), beds(old))
    assert all(sights(new)[name] == day for name, day in sights(old).items())


def test_nights_are_shared_among_the_towns_as_they_were() -> None:
    offers = two_towns(4, 2)
    old = planned(request(nights=4, stops=(Stop("coast", 2), Stop("hill", 2))), offers)
    loose = replace(old, request=replace(old.request, stops=(Stop("coast"), Stop("hill"))))
    new = after(Become(replace(loose.request, end=loose.request.end + timedelta(days=1))), loose, offers)
    assert [day.place for day in new.days][:4] == ["coast", "coast", "hill", "hill"]


# -- the request alone ---------------------------------------------------------------------------------------------


def test_amending_locks_everything_that_is_not_touched() -> None:
    old = planned()
    asked = held_still(old.request, old, StayClassTo(StayClass.HIGH))
    assert asked.wishes.stay_class is StayClass.HIGH
    assert asked.locked == {str(i.offer_id) for i in old.items if lockable(i) and i.type is not ItemType.STAY}


def test_on_other_days_departures_are_not_locked() -> None:
    old = planned()
    asked = held_still(old.request, old, ChangeDates(SATURDAY))
    assert asked.locked == {str(i.offer_id) for i in old.items if lockable(i) and i.origin is None}


def test_saying_something_ends_its_guess() -> None:
    guessed = request(assumed=("party", "start"))
    plan = planned(guessed)
    assert changed(guessed, plan, ChangeParty(Party(3))).assumed == ("start",)
    assert changed(guessed, plan, ChangeDates(SATURDAY)).assumed == ("party",)


def test_stops_are_put_in_the_order_asked_for_and_no_other() -> None:
    two = request(nights=4, stops=(Stop("coast", 2), Stop("hill", 2)))
    plan = planned()
    assert changed(two, plan, ReorderStops(("hill", "coast"))).stops == (Stop("hill", 2), Stop("coast", 2))
    with pytest.raises(ValueError, match="not the stops"):
        changed(two, plan, ReorderStops(("hill", "moon")))


def test_a_day_more_at_a_stop_is_a_night_more_there() -> None:
    plan = planned()
    asked = changed(plan.request, plan, AddDay("coast"))
    assert (asked.stops, asked.end) == ((Stop("coast", 3),), MONDAY)
    with pytest.raises(ValueError, match="not a stop"):
        changed(plan.request, plan, AddDay("moon"))


def test_a_trip_of_one_day_has_none_to_spare() -> None:
    short = request(nights=0)
    with pytest.raises(ValueError, match="no day to spare"):
        changed(short, planned(), DropDay())


def test_items_the_plan_does_not_have_and_items_that_follow_are_refused() -> None:
    plan = planned()
    with pytest.raises(LookupError, match="no item"):
        changed(plan.request, plan, Remove("nothing"))
    with pytest.raises(ValueError, match="follows"):
        changed(plan.request, plan, Remove(by_type(plan, ItemType.MEAL)[0].id))


# -- generated worlds ----------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> tuple[TripRequest, Offers]:
    nights = draw(st.integers(1, 3))
    base = world.offers(nights=nights)
    sights = (
        world.sight(world.FORT, draw(st.integers(30, 240)), draw(st.integers(0, 1500)), 8, draw(st.integers(13, 20))),
        world.sight(world.BEACH, draw(st.integers(60, 300)), 0, 6, 18),
        world.sight(world.MUSEUM, draw(st.integers(30, 200)), draw(st.none() | st.integers(0, 900)), 9, 17),
    )
    transports = tuple(offer for offer in base.transports if draw(st.integers(0, 3)))
    wishes = Wishes(pace=draw(st.sampled_from(Pace)), earliest=draw(st.sampled_from([None, time(7)])))
    budget = draw(st.none() | st.integers(20_000, 90_000))
    return request(budget, nights=nights, wishes=wishes), replace(base, activities=sights, transports=transports)


def operations(plan: Itinerary) -> st.SearchStrategy[Operation]:
    items = [item.id for item in plan.items if lockable(item)]
    any_item = st.sampled_from(items) if items else st.nothing()
    return st.one_of(
        st.sampled_from([Cheaper(), Faster(), MoreRelaxed()]),
        st.sampled_from([*map(UseMode, (Mode.TRAIN, Mode.BUS)), *map(RefuseMode, (Mode.TRAIN, Mode.BUS))]),
        st.builds(StayClassTo, st.sampled_from(StayClass)),
        st.builds(ChangeBudget, st.none() | st.integers(15_000, 90_000)),
        st.builds(Remove, any_item),
        st.builds(Lock, any_item),
        st.builds(AddActivity, st.sampled_from(["fort", "do:museum", "beach"])),
    )


@examples(50)
@given(cases(), st.data())
def test_whatever_is_changed_the_result_is_checked_and_what_was_not_touched_stays_if_it_can(
    case: tuple[TripRequest, Offers], data: st.DataObject
) -> None:
    asked, offers = case
    old = build(asked, offers, trip_id="t")
    assume(isinstance(old, Itinerary))
    assert isinstance(old, Itinerary)
    operation = data.draw(operations(old))
    new = amend(asked, old, operation, offers)
    wanted = changed(asked, old, operation)
    if isinstance(new, Infeasible):
        assert isinstance(build(wanted, offers, trip_id="t"), Infeasible)
        return
    assert not broken(verify(new, wanted, offers))
    assert new.request == wanted
    if isinstance(operation, Cheaper) and new.days != old.days:
        assert new.total_kes <= old.total_kes
    if isinstance(operation, Lock):
        assert [(i.id, i.start) for i in new.items] == [(i.id, i.start) for i in old.items]
    held = held_still(asked, old, operation)
    if isinstance(operation, Remove):  # it is no longer to be had
        lost = {i.offer_id for i in old.items if i.id == operation.item_id}
        offers = replace(
            offers,
            transports=tuple(o for o in offers.transports if o.id not in lost),
            stays=tuple(o for o in offers.stays if o.id not in lost),
        )
    weighs = isinstance(operation, Cheaper | Faster | MoreRelaxed | UseMode)  # these may give up a visit for their aim
    if not weighs and isinstance(build(held, offers, trip_id="t"), Itinerary):
        # Everything untouched can stay, so it does; only hours may move, and visits to another day.
        gone = {i.offer_id for i in old.items if lockable(i) and i.id not in touched(asked, old, operation)}
        if not beds(new):  # the night is spent on the way
            gone -= {offer.id for offer in offers.stays}
        assert gone <= {item.offer_id for item in new.items}


def test_an_hour_of_the_way_home_touches_that_way_alone() -> None:
    plan = planned(request(wishes=Wishes(modes_wanted=frozenset({Mode.TRAIN}))))
    wishes = replace(plan.request.wishes, back_by=time(16))
    asked = replace(plan.request, wishes=wishes)
    loose = touched(plan.request, plan, Become(asked))
    assert [item.start.date() for item in plan.items if item.id in loose] == [SUNDAY]
    again = amend(plan.request, plan, Become(asked), OFFERS)
    assert isinstance(again, Itinerary)
    assert not broken(verify(again, asked, OFFERS))
    kept = [[item.offer_id for item in p.items if item.type in (ItemType.TRAIN, ItemType.STAY)] for p in (plan, again)]
    assert kept[0][:2] == kept[1][:2]


def test_what_runs_in_daylight_already_is_left_alone() -> None:
    plan = planned(request(wishes=Wishes(modes_wanted=frozenset({Mode.TRAIN}))))
    asked = replace(plan.request, wishes=replace(plan.request.wishes, road_after_dark=False))
    assert touched(plan.request, plan, Become(asked)) == frozenset()
