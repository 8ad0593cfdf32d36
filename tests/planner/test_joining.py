"""Legs of two departures: a village without any way to the coast but a change in the capital."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.amending import amend
from planner.checks import broken, verify
from planner.differing import diff
from planner.joining import BEST, LONGEST_WAIT
from planner.model import (
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    SpotKind,
    Stop,
    TransportOffer,
    TripRequest,
    Wishes,
)
from planner.operations import ChangeDates, Faster, Lock, RefuseMode, Swap, nights_slept
from planner.shape import Rides
from planner.solver import build
from planner.ways import legs, visits
from tests.planner import world
from tests.planner.examples import examples
from tests.planner.world import CAPITAL_STATION, COAST_STATION, FRIDAY, at, bus, ride, train

VILLAGE = world.Spot("village", "Village", "village", SpotKind.CENTRE)
VILLAGE_STAGE = world.Spot("village-stage", "Village stage", "village", SpotKind.STAGE)
CAPITAL_STAGE = world.Spot("capital-stage", "Capital stage", "capital", SpotKind.STAGE)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=n) for n in (1, 2, 3))
DEPARTURES = (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT)


def offers(*transports: TransportOffer) -> Offers:
    """The coast, with rides between the stages and stations of village and capital."""
    base = world.offers(nights=3)
    rides = (*ride(VILLAGE, VILLAGE_STAGE, 10, 100), *ride(CAPITAL_STAGE, CAPITAL_STATION, 45, 1500))
    return replace(
        base,
        transports=transports,
        transfers=(*base.transfers, *rides),
        centres={"village": VILLAGE, "coast": world.COAST},
        road_minutes={("village", "coast"): 900, ("coast", "village"): 900},
    )


def to_capital(
    hour: int, minutes: int = 300, kes: int = 1000, day: date = FRIDAY, name: str = "Rover"
) -> TransportOffer:
    return bus(name, VILLAGE_STAGE, CAPITAL_STAGE, at(day, hour), minutes, kes)


def to_coast(
    hour: int, minutes: int = 360, kes: int = 3000, day: date = FRIDAY, name: str = "Express"
) -> TransportOffer:
    return train(name, CAPITAL_STATION, COAST_STATION, at(day, hour), minutes, kes)


def home(first: int = 6, second: int = 15) -> tuple[TransportOffer, ...]:
    return (
        train("Express", COAST_STATION, CAPITAL_STATION, at(MONDAY, first), 360, 3000),
        bus("Rover", CAPITAL_STAGE, VILLAGE_STAGE, at(MONDAY, second), 300, 1000),
    )


def request(**more: object) -> TripRequest:
    return world.request(None, nights=3, origin="village", **more)


def planned(on_offer: Offers, asked: TripRequest | None = None) -> Itinerary:
    asked = asked or request()
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, on_offer)), broken(verify(plan, asked, on_offer))
    return plan


def out(plan: Itinerary) -> list[Item]:
    """The departures of the way there."""
    return [item for item in plan.items if item.type in DEPARTURES and item.start.date() < MONDAY]


def arranged(plan: Itinerary) -> list[str]:
    return [item.title for item in plan.items if item.type is ItemType.OWN]


USUAL = offers(to_capital(7), to_coast(15), *home())


def test_two_departures_with_a_ride_between_them_make_a_leg() -> None:
    plan = planned(USUAL)
    there = [(f"{i.start:%H:%M}", i.title) for i in plan.days[0].items if i.origin is not None]
    assert there == [
        ("06:20", "Village → Village stage"),
        ("07:00", "Rover"),
        ("12:10", "Capital stage → Capital Terminus"),
        ("15:00", "Express, economy"),
        ("21:20", "Coast Terminus → Coast town"),
    ]
    assert [item.continues for item in out(plan)] == [False, True]
    assert not arranged(plan)


def test_the_price_of_the_leg_is_both_fares_and_the_ride_between() -> None:
    plan = planned(offers(to_capital(7), to_coast(15)), request(returns=False))
    moving = sum(item.price_kes for item in plan.days[0].items if item.origin is not None)
    assert moving == 100 + 1000 + 1500 + 3000 + 900


def test_what_leaves_before_one_is_out_across_town_and_on_board_is_missed() -> None:
    # Out at 12:10, across town at 12:55, an hour to board.
    assert arranged(planned(offers(to_capital(7), to_coast(13), *home()))) == ["Village → Coast town"]
    assert not arranged(planned(offers(to_capital(7), to_coast(14), *home())))


def test_a_change_at_one_spot_needs_no_ride_but_the_time_to_get_out_and_in() -> None:
    def by_bus(minute: int) -> list[str]:
        on = bus("Coaster", CAPITAL_STAGE, world.COAST, at(FRIDAY, 12, minute), 420, 2000)
        return arranged(planned(offers(to_capital(7), on, *home())))

    assert by_bus(39) == ["Village → Coast town"]
    assert not by_bus(40)


def test_a_night_ride_goes_on_the_next_day() -> None:
    plan = planned(offers(to_capital(22, 420), to_coast(8, day=SATURDAY), *home()))
    assert [item.start.date() for item in out(plan)] == [FRIDAY, SATURDAY]
    (stay,) = [item for item in plan.items if item.type is ItemType.STAY]
    assert stay.start.date() == SATURDAY


def test_the_second_ride_may_be_the_night() -> None:
    plan = planned(offers(to_capital(10), to_coast(22), *home()))
    (stay,) = [item for item in plan.items if item.type is ItemType.STAY]
    assert (stay.end.date() - stay.start.date()).days == 2


def test_nobody_is_left_for_the_night_where_they_change() -> None:
    assert arranged(planned(offers(to_capital(16), to_coast(8, day=SATURDAY), *home()))) == ["Village → Coast town"]


def test_nobody_waits_longer_than_half_a_day() -> None:
    long = offers(to_capital(1, 240), to_coast(18 + 1), *home())
    assert LONGEST_WAIT == 12 * 60
    assert arranged(planned(long)) == ["Village → Coast town"]


def test_nobody_rides_out_and_back_to_where_both_towns_are_served() -> None:
    back = bus("Back", CAPITAL_STAGE, VILLAGE_STAGE, at(FRIDAY, 14), 300, 100)
    near = offers(to_capital(7, kes=100), back, *home())
    near = replace(near, transfers=(*near.transfers, *ride(VILLAGE_STAGE, world.COAST, 100, 3000)))
    assert "Back" not in [item.title for item in out(planned(near))]


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(modes_refused=frozenset({Mode.TRAIN})),
        Wishes(operators_refused=frozenset({"busline"})),
        Wishes(earliest=time(8)),
        Wishes(latest=time(20)),
    ],
)
def test_refusals_and_hours_hold_for_each_part(wishes: Wishes) -> None:
    assert "Village → Coast town" in arranged(planned(USUAL, request(wishes=wishes)))


def test_who_will_not_travel_at_night_is_put_on_neither_part_by_night() -> None:
    by_night = offers(to_capital(22, 420), to_coast(8, day=SATURDAY), *home())
    assert arranged(planned(by_night, request(wishes=Wishes(night_travel=False)))) == ["Village → Coast town"]


def test_what_goes_all_the_way_is_preferred_at_the_same_price_and_hours() -> None:
    direct = bus("Direct", VILLAGE_STAGE, world.COAST, at(FRIDAY, 7), 860, 5000)
    plan = planned(replace(USUAL, transports=(*USUAL.transports, direct)))
    assert [item.title for item in out(plan)] == ["Direct"]


def test_a_cheaper_change_wins_when_money_is_short() -> None:
    direct = bus("Direct", VILLAGE_STAGE, world.COAST, at(FRIDAY, 7), 860, 50_000)
    plan = planned(replace(USUAL, transports=(*USUAL.transports, direct)))
    assert [item.title for item in out(plan)] == ["Rover", "Express, economy"]


BY_NIGHT = offers(
    to_capital(7),
    to_coast(15),
    train("Night", COAST_STATION, CAPITAL_STATION, at(SUNDAY, 22), 360, 3000),
    train("Cheap night", COAST_STATION, CAPITAL_STATION, at(SUNDAY, 21), 420, 2500),
    bus("Rover", CAPITAL_STAGE, VILLAGE_STAGE, at(MONDAY, 7), 300, 1000),
)


def test_who_cannot_be_home_in_a_day_leaves_the_evening_before() -> None:
    plan = planned(BY_NIGHT, request(locked=frozenset({"Night@2026-11-29T22:00"})))
    assert [item.title for item in plan.items if item.type in DEPARTURES][2:] == ["Night, economy", "Rover"]
    (stay,) = [item for item in plan.items if item.type is ItemType.STAY]
    assert (stay.start.date(), stay.end.date()) == (FRIDAY, SUNDAY)


def test_who_can_be_home_in_a_day_stays_until_then() -> None:
    night = train("Night", COAST_STATION, CAPITAL_STATION, at(SUNDAY, 22), 360, 100)
    plan = planned(replace(USUAL, transports=(*USUAL.transports, night)))
    assert "Night, economy" not in [item.title for item in plan.items]


def test_nobody_who_refuses_the_night_leaves_the_evening_before() -> None:
    asked = request(wishes=Wishes(night_travel=False))
    assert arranged(planned(BY_NIGHT, asked)) == ["Coast town → Village"]


# -- changing a plan ---------------------------------------------------------------------------------------------------

RICH = offers(
    to_capital(7),
    to_capital(6, 300, 1200, name="Early"),
    to_coast(15),
    to_coast(14, 400, 2600, name="Slow"),
    to_coast(16, 200, 9000, name="Quick"),
    *home(),
)


def test_a_lock_on_either_part_holds_the_leg() -> None:
    for locked in ("Early@2026-11-27T06:00", "Slow@2026-11-27T14:00"):
        plan = planned(RICH, request(locked=frozenset({locked})))
        assert locked in {item.offer_id for item in out(plan)}
        assert [item.reason for item in out(plan) if item.offer_id == locked] == ["locked"]


def test_locks_on_both_parts_hold_both() -> None:
    locks = frozenset({"Early@2026-11-27T06:00", "Quick@2026-11-27T16:00"})
    assert {item.offer_id for item in out(planned(RICH, request(locked=locks)))} == locks


def test_each_alternative_can_be_swapped_in() -> None:
    plan = planned(RICH)
    assert plan.alternatives
    for other in plan.alternatives:
        again = amend(plan.request, plan, Swap(other.instead_of, other.offer_id), RICH)
        assert isinstance(again, Itinerary)
        assert other.offer_id in {item.offer_id for item in again.items}
        assert not broken(verify(again, again.request, RICH))


def test_a_change_of_something_else_keeps_both_parts() -> None:
    plan = planned(RICH)
    (visit,) = [item for item in plan.items if item.title == "Museum"]
    again = amend(plan.request, plan, Lock(visit.id), RICH)
    assert isinstance(again, Itinerary)
    assert [item.offer_id for item in out(again)] == [item.offer_id for item in out(plan)]


def test_the_same_services_are_taken_when_the_trip_moves_by_a_week() -> None:
    night = offers(to_capital(22, 420), to_coast(8, day=SATURDAY), *home())
    week = timedelta(days=7)
    both = replace(
        night,
        transports=(
            *night.transports,
            *(
                replace(o, id=f"{o.id}+7", depart=o.depart + week, arrive=o.arrive + week)
                for o in (*night.transports, to_coast(8))
            ),
        ),
    )
    plan = planned(night)
    again = amend(plan.request, plan, ChangeDates(FRIDAY + week), both)
    assert isinstance(again, Itinerary)
    titles = [(item.title, item.start) for item in plan.items if item.type in DEPARTURES]
    assert [(i.title, i.start - week) for i in again.items if i.type in DEPARTURES] == titles
    assert diff(plan, again).same


def test_who_left_the_evening_before_does_so_again_when_something_else_changes() -> None:
    plan = planned(BY_NIGHT)
    (visit,) = [item for item in plan.items if item.title == "Museum"]
    again = amend(plan.request, plan, Lock(visit.id), BY_NIGHT)
    assert isinstance(again, Itinerary)
    assert diff(plan, again).same


def test_a_night_on_board_between_two_stops_counts_to_where_it_leads() -> None:
    on_offer = replace(
        offers(
            train("Express", CAPITAL_STATION, COAST_STATION, at(FRIDAY, 8), 360, 3000),
            train("Night", COAST_STATION, CAPITAL_STATION, at(SUNDAY, 22), 360, 3000),
            bus("Rover", CAPITAL_STAGE, VILLAGE_STAGE, at(MONDAY, 7), 300, 1000),
            bus("Rover", VILLAGE_STAGE, world.CAPITAL, at(MONDAY + timedelta(days=1), 9), 300, 1000),
        ),
        centres={"village": VILLAGE, "coast": world.COAST, "capital": world.CAPITAL},
    )
    inn = world.stay("Inn", 3000, world.StayClass.BUDGET, VILLAGE)
    on_offer = replace(on_offer, stays=(*on_offer.stays, inn))
    plan = planned(on_offer, world.request(None, nights=4, stops=(Stop("coast"), Stop("village"))))
    assert len(plan.changes) == 1
    assert nights_slept(plan) == (2, 2)
    (visit,) = [item for item in plan.items if item.title == "Museum"]
    again = amend(plan.request, plan, Lock(visit.id), on_offer)
    assert isinstance(again, Itinerary)
    assert diff(plan, again).same


def test_where_no_change_is_quicker_the_plan_stays() -> None:
    plan = planned(USUAL)
    again = amend(plan.request, plan, Faster(), USUAL)
    assert isinstance(again, Itinerary)
    assert diff(plan, again).same


def test_a_refused_mode_takes_both_parts_along() -> None:
    coach = bus("Coaster", CAPITAL_STAGE, world.COAST, at(FRIDAY, 14), 420, 2000)
    on_offer = replace(RICH, transports=(*RICH.transports, coach))
    plan = planned(on_offer, request(locked=frozenset({"Express@2026-11-27T15:00"})))
    again = amend(plan.request, plan, RefuseMode(Mode.TRAIN), on_offer)
    assert isinstance(again, Itinerary)
    assert [item.mode for item in out(again)] == [Mode.BUS, Mode.BUS]


def test_quicker_is_quicker_by_either_part() -> None:
    slow = request(locked=frozenset({"Slow@2026-11-27T14:00"}))
    plan = planned(RICH, slow)
    again = amend(request(), replace(plan, request=request()), Faster(), RICH)
    assert isinstance(again, Itinerary)
    assert out(again)[-1].end < out(plan)[-1].end


def test_a_direct_way_in_place_of_two_parts_is_one_change_and_one_removal() -> None:
    direct = bus("Direct", VILLAGE_STAGE, world.COAST, at(FRIDAY, 7), 860, 5000)
    on_offer = replace(USUAL, transports=(*USUAL.transports, direct))
    pair, whole = planned(USUAL), planned(on_offer)
    found = diff(pair, whole)
    assert [(c.before.title, c.after.title) for c in found.changed] == [("Rover", "Direct")]
    assert [item.title for item in found.removed] == ["Express, economy"]


# -- the checker -------------------------------------------------------------------------------------------------------


def test_the_checker_misses_the_ride_between_two_departures() -> None:
    plan = planned(USUAL)
    days = tuple(
        replace(day, items=tuple(i for i in day.items if i.title != "Capital stage → Capital Terminus"))
        for day in plan.days
    )
    rules = {finding.rule for finding in broken(verify(replace(plan, days=days), plan.request, USUAL))}
    assert "continuity" in rules


def test_the_checker_counts_getting_out_and_in_where_one_changes_at_one_spot() -> None:
    on = bus("Coaster", CAPITAL_STAGE, world.COAST, at(FRIDAY, 12, 40), 420, 2000)
    plan = planned(offers(to_capital(7), on, *home()))
    late = {item.id: replace(item, start=item.start - timedelta(minutes=5)) for item in out(plan)[1:]}
    days = tuple(replace(day, items=tuple(late.get(i.id, i) for i in day.items)) for day in plan.days)
    rules = {finding.rule for finding in broken(verify(replace(plan, days=days), plan.request))}
    assert rules == {"connections"}


def test_the_checker_misses_a_bed_where_nobody_is_on_board_at_night() -> None:
    plan = planned(offers(to_capital(22, 420), to_coast(8, day=SATURDAY), *home()))
    early = {
        i.id: replace(i, start=i.start - timedelta(hours=7), end=i.end - timedelta(hours=7)) for i in out(plan)[:1]
    }
    days = tuple(replace(day, items=tuple(early.get(i.id, i) for i in day.items)) for day in plan.days)
    assert "nights" in {finding.rule for finding in broken(verify(replace(plan, days=days), plan.request))}


# -- many departures ---------------------------------------------------------------------------------------------------


def test_of_a_thousand_departures_the_cheapest_pair_is_kept() -> None:
    firsts = [to_capital(5 + n % 18, 240 + n % 97, 800 + 7 * n % 900, name=f"Rover {n}") for n in range(500)]
    seconds = [
        to_coast(n % 24, 300 + n % 89, 2000 + 11 * n % 1900, day=(FRIDAY, SATURDAY)[n % 2], name=f"Express {n}")
        for n in range(500)
    ]
    on_offer = offers(*firsts, *seconds)
    rides = Rides.of(on_offer, 8, request(returns=False))
    stops = visits(request(returns=False), on_offer, rides)
    (leg,) = legs(request(returns=False), on_offer, rides, stops)
    assert 4 <= len(leg.moves) <= 4 * BEST
    cheapest = min(
        a.price.kes + b.price.kes
        for a in firsts
        for b in seconds
        if timedelta(minutes=10 + 45 + 60) <= b.depart - a.arrive <= timedelta(hours=12)
        and (b.arrive < at(SATURDAY, 3) or (b.depart.date() == FRIDAY) or (a.arrive >= at(SATURDAY, 3)))
    )
    assert min(move.cost for move in leg.moves) == cheapest + 1500


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TripRequest, Offers]:
    """Only ways with a change, at any hour, some with another mode, some with a ride that runs by day alone."""

    def some(make: object, days: tuple[date, ...]) -> list[TransportOffer]:
        return [
            make(draw(st.integers(0, 23)), draw(st.integers(40, 700)), draw(st.integers(300, 9000)),  # type: ignore[operator]
                 draw(st.sampled_from(days)), f"{n}")
            for n in range(draw(st.integers(1, 4)))
        ]  # fmt: skip

    def back(hour: int, minutes: int, kes: int, day: date, name: str) -> TransportOffer:
        return train(f"Back {name}", COAST_STATION, CAPITAL_STATION, at(day, hour), minutes, kes)

    def last(hour: int, minutes: int, kes: int, day: date, name: str) -> TransportOffer:
        return bus(f"Last {name}", CAPITAL_STAGE, VILLAGE_STAGE, at(day, hour), minutes, kes)

    found = [
        *some(to_capital, (FRIDAY,)),
        *some(to_coast, (FRIDAY, SATURDAY)),
        *some(back, (SUNDAY, MONDAY)),
        *some(last, (SUNDAY, MONDAY)),
    ]
    unique = {offer.id: offer for offer in found}
    on_offer = offers(*unique.values())
    if draw(st.booleans()):
        transfers = tuple(replace(r, by_day=r.origin == CAPITAL_STAGE) for r in on_offer.transfers)
        on_offer = replace(on_offer, transfers=transfers)
    wishes = Wishes(
        cheap=draw(st.booleans()),
        comfort=draw(st.booleans()),
        night_travel=draw(st.booleans()),
        earliest=draw(st.sampled_from([None, time(7)])),
    )
    return request(wishes=wishes, returns=draw(st.booleans())), on_offer


@examples(60)
@given(worlds())
def test_whatever_changes_there_are_a_plan_passes_every_check(case: tuple[TripRequest, Offers]) -> None:
    asked, on_offer = case
    plan = build(asked, on_offer, trip_id="t")
    assume(isinstance(plan, Itinerary))
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, asked, on_offer))
