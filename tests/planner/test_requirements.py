"""Requirements: each is kept by the solver and derived again by the checker; a broken one rings by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from planner.checks import broken, verify
from planner.kinds import ItemType, Mode, StayClass
from planner.model import Itinerary
from planner.requirements import (
    AllOf,
    AnyOf,
    Apart,
    Count,
    Every,
    Kind,
    Near,
    Order,
    Over,
    Rule,
    Spend,
    Timed,
    Which,
)
from tests.planner import dining, world
from tests.planner.dining import FOOD, OFFERS, asking, called, of, planned, refused

TRAINS, TAXIS, BUSES = (Which(modes=frozenset({mode})) for mode in (Mode.TRAIN, Mode.TAXI, Mode.BUS))
STAYS, RIDES = (Which(kinds=frozenset({kind})) for kind in (Kind.STAY, Kind.RIDE))
BY_FERRY = Which(modes=frozenset({Mode.FERRY}))
SATURDAY = frozenset({date(2026, 11, 28)})

# What can be required of the small country, each changing the plan that is made without it.
KEPT: list[tuple[str, Rule]] = [
    ("a cuisine at least once", Count(of("indian"), least=1)),
    ("each of several cuisines", AllOf(tuple(Count(of(tag), least=1) for tag in dining.CUISINES))),
    ("a place by name", Count(called("eatery 11"), least=1)),
    ("a cuisine never", Count(of("swahili"), most=0)),
    ("a sight never", Count(called("museum"), most=0)),
    ("any of two sights", Count(Which(names=("museum", "fort")), least=1)),
    ("one visit a day at most", Count(Which(kinds=frozenset({Kind.VISIT})), most=1, over=Over.DAY)),
    ("a visit each day at least", Count(Which(kinds=frozenset({Kind.VISIT}), places=frozenset({"coast"})), least=2)),
    ("at most so much on food", Spend(Which(kinds=FOOD), 5_500)),
    ("so much a meal on average", Spend(Which(kinds=FOOD), 900, over=Over.ITEM)),
    ("so much a meal and person", Spend(Which(kinds=FOOD), 500, over=Over.ITEM, per_person=True)),
    ("so much a night and person", Spend(STAYS, 2_000, over=Over.NIGHT, per_person=True)),
    ("at most so much on rides", Spend(Which(kinds=frozenset({Kind.RIDE})), 4_000)),
    ("at most so much between towns", Spend(Which(kinds=frozenset({Kind.TRANSPORT})), 4_800)),
    ("at most so much on tickets", Spend(Which(kinds=frozenset({Kind.VISIT})), 500)),
    ("a class of bed", Every(STAYS, Which(classes=frozenset({StayClass.HIGH})))),
    ("a mode never", Count(BUSES, most=0)),
    ("a mode at least once", Count(TRAINS, least=2)),
    ("an operator never", Count(Which(names=("railway",)), most=0)),
    ("a night on the train", Count(Which(overnight=True), least=1)),
    ("there by noon or not at all", Count(Which(places=frozenset({"coast"}), arrives_after=time(14, 30)), most=0)),
    ("home after three", Every(Which(out_of=frozenset({"coast"})), Which(leaves_after=time(14, 59)))),
    ("trains and taxis apart", Apart(TRAINS, TAXIS)),
    ("one sight before another", Order(called("museum"), called("fort"))),
    ("the other way round", Order(called("fort"), called("museum"))),
    ("at a place from two to four", Timed(called("museum"), begins=time(14), ends=time(16))),
    ("three hours somewhere", Timed(called("fort"), minutes=180)),
    ("a morning visit", Timed(Which(kinds=frozenset({Kind.VISIT})), not_after=time(11))),
    ("a late visit", Timed(called("fort"), not_before=time(15, 30))),
    ("this or that", AnyOf((Count(called("pyramids"), least=1), Count(called("museum"), least=1)))),
    ("on a day", Count(replace(called("fort"), on=SATURDAY), least=1)),
    ("on no other day", Count(replace(called("museum"), but=Which(on=SATURDAY)), most=0)),
    ("never on a day", Count(Which(kinds=FOOD, tags=frozenset({"indian"}), on=SATURDAY), most=0)),
    ("so much of one day", Spend(Which(kinds=FOOD, on=SATURDAY), 3_000)),
    ("so much of one night", Spend(Which(kinds=frozenset({Kind.STAY}), on=SATURDAY), 4_000)),
    ("something but a kind", Count(Which(kinds=FOOD, but=of("swahili")), least=3)),
    ("only certain rides", Every(RIDES, Which(modes=frozenset({Mode.TAXI, Mode.WALK})))),
    ("these rides or those", AnyOf((Every(RIDES, BY_FERRY), Every(RIDES, Which(but=BY_FERRY))))),
    ("a time or a sight", AnyOf((Timed(called("museum"), begins=time(23)), Count(called("fort"), least=1)))),
]


@pytest.mark.parametrize("rule", [rule for _, rule in KEPT], ids=[name for name, _ in KEPT])
def test_what_is_required_is_kept(rule: Rule) -> None:
    planned(asking(rule))


def about_food(rule: Rule) -> bool:
    return "MEAL" in repr(rule) or "eatery" in repr(rule)


@pytest.mark.parametrize("rule", [rule for _, rule in KEPT if not about_food(rule)])
def test_without_meals_the_same_is_kept(rule: Rule) -> None:
    planned(asking(rule, meals=()))


BROKEN: list[tuple[str, Rule]] = [
    ("too few", Count(of("indian"), least=9)),
    ("too many", Count(Which(kinds=FOOD), most=1)),
    ("too many a day", Count(Which(kinds=FOOD), most=1, over=Over.DAY)),
    ("too few at a stop", Count(Which(kinds=frozenset({Kind.STAY})), least=2, over=Over.STOP)),
    ("too dear", Spend(Which(), 1_000)),
    ("too dear on average", Spend(Which(kinds=FOOD), 100, over=Over.ITEM)),
    ("too dear a night", Spend(STAYS, 100, over=Over.NIGHT)),
    ("too dear a day", Spend(Which(kinds=FOOD), 100, over=Over.DAY)),
    ("not as it should be", Every(Which(kinds=FOOD), of("greek"))),
    ("together", Apart(Which(kinds=FOOD), STAYS)),
    ("in the wrong order", Order(called("fort"), called("eatery"))),
    ("one of two missing", Order(called("pyramids"), called("fort"))),
    ("at another time", Timed(called("fort"), begins=time(5))),
    ("not long enough", Timed(called("fort"), minutes=600)),
    ("ends too late", Timed(called("fort"), not_after=time(6))),
    ("begins too early", Timed(called("fort"), not_before=time(23))),
    ("there until", Timed(called("fort"), ends=time(23))),
    ("neither", AnyOf((Count(called("pyramids"), least=1), Count(Which(kinds=FOOD), most=0)))),
    ("not both", AllOf((Count(called("fort"), least=1), Count(called("pyramids"), least=1)))),
    ("too far", Every(STAYS, Which(near=Near(-4.0, 39.6, 1.0)))),
    ("too early home", Count(Which(out_of=frozenset({"coast"}), leaves_before=time(23)), most=0)),
    ("there too late", Count(Which(places=frozenset({"coast"}), arrives_after=world.at(world.FRIDAY, 1)), most=0)),
    ("by a wrong mode", Every(Which(kinds=frozenset({Kind.TRANSPORT})), Which(modes=frozenset({Mode.FERRY})))),
    ("unsung", Every(Which(kinds=FOOD), Which(least_score=0.9))),
    ("dear each", Every(Which(kinds=FOOD), Which(most_kes=10))),
    ("untagged", Every(STAYS, Which(with_tags=frozenset({"pool"})))),
    ("tagged", Every(Which(kinds=FOOD), Which(without_tags=frozenset(dining.CUISINES)))),
    ("short", Every(Which(kinds=frozenset({Kind.TRANSPORT})), Which(longer_km=5))),
    ("long", Every(Which(kinds=frozenset({Kind.TRANSPORT})), Which(shorter_km=5))),
    ("on another day", Count(replace(called("fort"), on=frozenset({date(2026, 12, 24)})), least=1)),
    ("on the wrong day", Count(Which(kinds=FOOD, on=SATURDAY), most=0)),
    ("too dear that day", Spend(Which(kinds=FOOD, on=SATURDAY), 100)),
    ("too dear that night", Spend(replace(STAYS, on=SATURDAY), 100)),
    ("too dear a night of these", Spend(replace(STAYS, on=SATURDAY), 100, over=Over.NIGHT)),
    ("something else", Count(Which(kinds=FOOD, but=of("swahili")), most=0)),
    ("by day", Count(Which(overnight=False), most=0)),
]


@pytest.fixture(scope="module")
def sound() -> Itinerary:
    return planned(asking(Count(called("fort"), least=1)))


@pytest.mark.parametrize("rule", [rule for _, rule in BROKEN], ids=[name for name, _ in BROKEN])
def test_a_requirement_the_plan_does_not_keep_rings(sound: Itinerary, rule: Rule) -> None:
    asked = asking(rule)
    assert "rule 0" in {finding.rule for finding in broken(verify(sound, asked, OFFERS))}


@pytest.mark.parametrize(
    "rule",
    [
        Count(called("pyramids"), least=1),
        Count(of("greek"), least=1),
        Spend(Which(kinds=FOOD), 100),
        Timed(called("museum"), begins=time(3)),
        AllOf((Order(called("museum"), called("fort")), Order(called("fort"), called("museum")))),
    ],
)
def test_what_cannot_be_had_is_refused_by_its_name(rule: Rule) -> None:
    assert refused(asking(rule)).rules == ("rule 0",)


def test_a_bed_with_a_least_number_of_nights_is_not_taken_for_fewer() -> None:
    long = replace(OFFERS, stays=tuple(replace(s, min_nights=3) if "Beach" in s.name else s for s in OFFERS.stays))
    plan = planned(asking(), long)
    assert not any(item.title == "Beach hotel" for item in plan.items)


def test_a_bed_let_for_too_few_nights_is_noticed_by_the_checker() -> None:
    plan = planned(asking())
    bed = next(item for item in plan.items if item.type is ItemType.STAY)
    long = replace(OFFERS, stays=tuple(replace(s, min_nights=3) if s.id == bed.offer_id else s for s in OFFERS.stays))
    assert "capacity" in {finding.rule for finding in broken(verify(plan, asking(), long))}


def test_features_wanted_and_forbidden_choose_the_bed() -> None:
    tagged = replace(
        OFFERS,
        stays=tuple(
            replace(s, tags=frozenset({"pool", "no smoking"} if s.name == "Resort" else {"pool"})) for s in OFFERS.stays
        ),
    )
    quiet = Every(STAYS, Which(with_tags=frozenset({"pool"}), without_tags=frozenset({"no smoking"})))
    smoke_free = Every(STAYS, Which(with_tags=frozenset({"no smoking"})))
    beds = [
        next(item.title for item in planned(asking(rule), tagged).items if item.type is ItemType.STAY)
        for rule in (quiet, smoke_free)
    ]
    assert beds[0] != "Resort"
    assert beds[1] == "Resort"


def test_a_dominated_departure_survives_where_a_requirement_tells_it_apart() -> None:
    slow = replace(
        OFFERS.transports[3],
        id="scenic@2026-11-27",
        service="Scenic",
        tags=frozenset({"scenic"}),
        price=world.price(9_000),
    )
    plan = planned(
        asking(Count(Which(tags=frozenset({"scenic"})), least=1)),
        replace(OFFERS, transports=(*OFFERS.transports, slow)),
    )
    assert "Scenic" in {item.title for item in plan.items}


def test_taxis_only_beyond_a_distance() -> None:
    measured = replace(OFFERS, transfers=tuple(replace(ride, km=ride.minutes / 4) for ride in OFFERS.transfers))
    walks = [
        replace(ride, id=f"walk {ride.id}", mode=Mode.WALK, minutes=ride.minutes * 2, price=world.price(0))
        for ride in measured.transfers
        if ride.minutes < 12 and ride.mode is Mode.TAXI
    ]
    on_offer = replace(measured, transfers=(*measured.transfers, *walks))
    rule = Count(Which(kinds=frozenset({Kind.RIDE}), modes=frozenset({Mode.TAXI}), shorter_km=3), most=0)
    km = {ride.id: ride.km or 0 for ride in on_offer.transfers}
    plan = planned(asking(rule), on_offer)
    assert all(km[item.offer_id or ""] >= 3 for item in plan.items if item.mode is Mode.TAXI)


def test_two_requirements_need_two_names() -> None:
    twice = asking(Count(called("fort"), least=1)).requirements * 2
    with pytest.raises(ValueError, match="same name"):
        world.request(requirements=twice)


def test_a_timed_visit_lasts_as_long_as_was_asked() -> None:
    plan = planned(asking(Timed(called("museum"), begins=time(14), ends=time(16))))
    museum = next(item for item in plan.items if item.title == "Museum")
    assert (museum.start.time(), museum.end.time()) == (time(14), time(16))
    assert museum.start.date() in {date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)}


def test_food_that_is_an_allowance_is_counted_once_a_day() -> None:
    planned(asking(Spend(Which(kinds=FOOD), 6_000), meals=()))
    assert refused(asking(Spend(Which(kinds=FOOD), 5_999), meals=())).rules == ("rule 0",)
