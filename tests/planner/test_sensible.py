"""Plans read with a traveller's eyes: nothing silly is left in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from planner.checks import broken, verify
from planner.model import ItemType, Itinerary, Mode, Offers, Pace, Spot, SpotKind, StayClass, Stop, TripRequest, Wishes
from planner.solver import build
from tests.planner import world
from tests.planner.world import FRIDAY, at, request, ride, sight, stay, train


def planned(asked: TripRequest, offers: Offers) -> Itinerary:
    plan = build(asked, offers, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, offers))
    return plan


def outings(plan: Itinerary) -> list[int]:
    """Things to do on each day."""
    return [sum(item.type is ItemType.ACTIVITY for item in day.items) for day in plan.days]


def out(plan: Itinerary) -> time:
    return next(item.start.time() for item in plan.items if item.type is ItemType.TRAIN)


def test_nobody_gets_up_at_two_for_a_train_that_goes_at_eight_for_the_same_money() -> None:
    base = world.offers()
    night = train("Red-eye", world.CAPITAL_STATION, world.COAST_STATION, at(FRIDAY, 3), 360, 3000)
    morning = [offer for offer in base.transports if offer.service in ("Morning", "Afternoon")]
    assert out(planned(request(60_000), replace(base, transports=(night, *morning)))) == time(8)


def test_the_way_asked_for_is_taken_even_where_another_is_far_cheaper() -> None:
    base = world.offers()
    plane = train("Flight", world.CAPITAL, world.COAST, at(FRIDAY, 9), 60, 25_000, mode=Mode.FLIGHT)
    offers = replace(base, transports=(plane, *base.transports))
    wishes = Wishes(modes_wanted=frozenset({Mode.FLIGHT}))
    taken = {item.type for item in planned(request(90_000, wishes=wishes), offers).items}
    assert ItemType.FLIGHT in taken


def test_comfort_sits_in_first_class() -> None:
    base = world.offers()
    trains = [offer for offer in base.transports if offer.mode is Mode.TRAIN]
    first = [replace(o, id=f"{o.id}:first", travel_class="first", price=world.price(6_000)) for o in trains]
    offers = replace(base, transports=(*trains, *first))

    def classes(wishes: Wishes) -> set[str]:
        plan = planned(request(200_000, wishes=wishes), offers)
        return {item.title.split(", ")[1] for item in plan.items if item.type is ItemType.TRAIN}

    assert classes(Wishes(comfort=True, stay_class=StayClass.HIGH)) == {"first"}
    assert classes(Wishes()) == {"economy"}


def test_a_day_in_the_park_is_not_spent_at_the_lodge_before_a_drive_on_the_last_morning() -> None:
    plan = planned(request(60_000), only(sight(world.FORT, 240, 6_000)))
    assert outings(plan) == [0, 1, 0]


def test_what_there_is_to_do_is_spread_over_the_days() -> None:
    base = world.offers(nights=4)
    spots = [Spot(f"cave-{n}", f"Cave {n}", "coast", SpotKind.SIGHT) for n in range(3)]
    near = [r for a, b in ((0, 1), (1, 2), (0, 2)) for r in ride(spots[a], spots[b], 10, 50)]
    offers = replace(
        base,
        activities=tuple(sight(spot, 90, 0) for spot in spots),
        transfers=(*base.transfers, *near, *(r for spot in spots for r in ride(world.COAST, spot, 10, 50))),
    )
    assert outings(planned(request(90_000, nights=4), offers))[1:4] == [1, 1, 1]


def test_full_days_are_fuller_than_others() -> None:
    dear = only(sight(world.FORT, 120, 7_500))
    assert sum(outings(planned(request(90_000, wishes=Wishes(pace=Pace.PACKED)), dear))) == 1
    assert sum(outings(planned(request(90_000, wishes=Wishes(pace=Pace.RELAXED)), dear))) == 0


def test_nobody_drives_far_into_the_night_who_can_be_home_by_day() -> None:
    base = world.offers()
    roads = {("capital", "coast"): 360, ("coast", "capital"): 360}
    offers = replace(base, transports=(), road_minutes=roads)
    plan = planned(request(60_000), offers)
    drives = [item for item in plan.items if item.type is ItemType.OWN and item.mode is None]
    assert [drive.start.time() >= time(6) and drive.end.time() <= time(20) for drive in drives] == [True, True]


def test_on_the_last_day_one_eats_before_going_home() -> None:
    there = train("Out", world.CAPITAL_STATION, world.COAST_STATION, at(FRIDAY, 8), 120, 3_000)
    back = train("Home", world.COAST_STATION, world.CAPITAL_STATION, at(FRIDAY, 17), 120, 3_000)
    late = replace(only(sight(world.FORT, 180, 0, 11, 14)), transports=(there, back))
    plan = planned(request(60_000, nights=0, stops=(Stop("coast"),)), late)
    (meal,) = [item for item in plan.items if item.type is ItemType.MEAL]
    home = [item for item in plan.items if item.type in (ItemType.TRAIN, ItemType.BUS)][-1]
    assert meal.start < home.start


def only(*activities: object) -> Offers:
    return replace(world.offers(), activities=activities)  # type: ignore[arg-type]


def test_nobody_is_put_off_a_bus_at_three_who_could_arrive_in_the_evening() -> None:
    base = world.offers()
    evening = train("Evening", world.CAPITAL_STATION, world.COAST_STATION, at(FRIDAY, 16), 360, 3_000)
    small_hours = train("Late", world.CAPITAL_STATION, world.COAST_STATION, at(FRIDAY, 21), 360, 2_000)
    home = [offer for offer in base.transports if offer.depart.date() > FRIDAY]
    assert out(planned(request(60_000), replace(base, transports=(evening, small_hours, *home)))) == time(16)


def test_even_a_day_from_dawn_to_night_has_minutes_to_eat() -> None:
    base = world.offers()
    far = Spot("far", "Far Cave", "coast", SpotKind.SIGHT)
    offers = replace(
        base,
        activities=(sight(far, 600, 0, 8, 21, score=1.0),),
        transfers=(*base.transfers, *ride(world.COAST, far, 110, 0)),
        stays=(stay("Hotel", 5_000, StayClass.MID),),
    )
    asked = request(60_000, wishes=Wishes(must_see=("far cave",), earliest=time(6)))
    meals = [item for item in planned(asked, offers).items if item.type is ItemType.MEAL]
    assert all(meal.end > meal.start for meal in meals)


def test_two_parks_with_many_words_for_the_same_are_both_worth_seeing() -> None:
    base = world.offers()
    words = frozenset({"wildlife", "game_drive", "safari", "nature", "family", "kids"})
    parks = [sight(spot, 240, 4_000, tags=words) for spot in (world.FORT, world.BEACH)]
    plan = planned(request(90_000), replace(base, activities=tuple(parks)))
    assert sum(outings(plan)) == 2


def test_a_town_of_one_night_is_not_come_to_for_nothing() -> None:
    offers = replace(world.offers(nights=1), activities=(sight(world.FORT, 120, 5_800),))
    assert sum(outings(planned(request(60_000, nights=1), offers))) == 1
