"""Everything a planner needs for a trip, gathered from the guide."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import httpx
import pytest

from planner.checks import broken, verify
from planner.model import ItemType, Itinerary, Mode, Offer, Offers, Party, SpotKind, Stop, TripRequest, Wishes
from planner.solver import build
from providers.base import Kind, Outcome, ProviderError, Query, Status
from providers.collect import UnknownPlace, offers_for
from providers.gazetteer import load
from providers.registry import enabled
from providers.sources.guide_buses import GuideBuses
from tests.providers.asking import FRIDAY, SUNDAY

GUIDE = enabled({}, offline=True)


def trip(
    *stops: str, origin: str = "nairobi", start: date = FRIDAY, end: date = SUNDAY, returns: bool = True
) -> TripRequest:
    return TripRequest(origin, tuple(Stop(slug) for slug in stops), start, end, Party(2), 60_000, returns)


def gather(request: TripRequest, now: datetime | None = None) -> Offers:
    offers, _ = offers_for(request, load(), GUIDE, 10, now=now)
    return offers


def linked(offers: Offers) -> set[tuple[str, str]]:
    return {(ride.origin.id, ride.destination.id) for ride in offers.transfers}


@pytest.fixture(scope="module")
def mombasa() -> Offers:
    return gather(trip("mombasa"))


def test_a_weekend_in_mombasa_has_everything_a_plan_needs(mombasa: Offers) -> None:
    out = {offer.mode for offer in mombasa.transports if offer.depart.date() == FRIDAY}
    back = {offer.mode for offer in mombasa.transports if offer.depart.date() == SUNDAY}
    assert out == back == {Mode.BUS, Mode.TRAIN, Mode.FLIGHT}
    assert {offer.depart.date() for offer in mombasa.transports} == {FRIDAY, SUNDAY}, "never the evening before"
    assert len(mombasa.stays) > 10
    assert "Fort Jesus" in {offer.name for offer in mombasa.activities}
    assert mombasa.meals is not None
    assert mombasa.centres.keys() == {"nairobi", "mombasa"}
    assert mombasa.road_minutes["nairobi", "mombasa"] == 480
    assert mombasa.unreached == ()


def test_every_gate_bed_and_sight_can_be_reached_from_the_centre_of_its_stop(mombasa: Offers) -> None:
    rides = linked(mombasa)
    for offer in mombasa.transports:
        home, away = ("nairobi", "mombasa") if offer.depart.date() == FRIDAY else ("mombasa", "nairobi")
        assert (f"centre:{home}", offer.origin.id) in rides
        assert (offer.destination.id, f"centre:{away}") in rides
    for spot in {offer.spot for offer in mombasa.stays} | {offer.spot for offer in mombasa.activities}:
        assert ("centre:mombasa", spot.id) in rides
        assert (spot.id, "centre:mombasa") in rides


def test_public_holidays_of_the_trip_are_among_the_offers(mombasa: Offers) -> None:
    assert mombasa.holidays == frozenset()
    christmas = gather(trip("mombasa", start=date(2026, 12, 24), end=date(2026, 12, 27)))
    assert christmas.holidays == {date(2026, 12, 25), date(2026, 12, 26)}


def test_only_priced_stays_are_planned_with(mombasa: Offers) -> None:
    assert all(offer.nightly is not None for offer in mombasa.stays)
    assert all(offer.nightly is not None for offer in gather(trip("maasai-mara")).stays)


def test_only_events_with_a_date_are_planned_with(mombasa: Offers) -> None:
    assert not [offer for offer in mombasa.activities if offer.kind is ItemType.EVENT]
    found = gather(trip("maralal", start=date(2027, 8, 6), end=date(2027, 8, 9)))
    derby = next(offer for offer in found.activities if offer.kind is ItemType.EVENT)
    assert len(derby.sessions) == 2
    assert ("centre:maralal", derby.spot.id) in linked(found)


def test_a_beach_is_reached_through_the_hub_of_the_coast() -> None:
    offers = gather(trip("diani"))
    terminus = {offer.destination.id for offer in offers.transports if offer.depart.date() == FRIDAY}
    assert terminus == {"station:mombasa-terminus"}
    assert ("station:mombasa-terminus", "centre:diani") in linked(offers)


def test_neighbouring_stops_do_not_share_beds_or_sights() -> None:
    offers = gather(trip("mombasa", "diani", end=date(2026, 12, 3)))
    rides = linked(offers)
    assert ("centre:mombasa", "centre:diani") in rides, "a taxi serves the leg that no bus does"
    for offer in offers.stays:
        near, far = ("diani", "mombasa") if offer.spot.place == "diani" else ("mombasa", "diani")
        assert (f"centre:{near}", offer.spot.id) in rides
        assert (f"centre:{far}", offer.spot.id) not in rides
    beach = next(offer for offer in offers.activities if offer.name == "Diani Beach")
    assert ("centre:mombasa", beach.spot.id) not in rides
    assert len({offer.id for offer in offers.activities}) == len(offers.activities)


def test_a_leg_nobody_serves_stays_empty() -> None:
    offers = gather(trip("maasai-mara"))
    assert offers.transports == ()
    assert offers.road_minutes["nairobi", "maasai-mara"] == 360
    assert ("centre:nairobi", "centre:maasai-mara") not in linked(offers)


def test_where_nothing_goes_all_the_way_both_parts_are_asked_for_and_the_rides_between_them() -> None:
    offers = gather(trip("mombasa", origin="kisumu", returns=False))
    days = {(o.origin.place, o.destination.place, o.depart.date()) for o in offers.transports}
    saturday = FRIDAY + timedelta(days=1)
    assert {("kisumu", "nairobi", FRIDAY), ("nairobi", "mombasa", FRIDAY), ("nairobi", "mombasa", saturday)} <= days
    assert ("kisumu", "nairobi", saturday) not in days
    rides = linked(offers)
    assert ("stage:nairobi", "station:nairobi-terminus") in rides
    assert ("centre:kisumu", "stage:kisumu") in rides
    assert ("station:mombasa-terminus", "centre:mombasa") in rides
    assert offers.centres.keys() == {"kisumu", "mombasa"}
    assert not [ride for ride in offers.transfers if "centre:nairobi" in (ride.origin.id, ride.destination.id)]


def test_what_goes_all_the_way_is_not_asked_for_by_another_town(mombasa: Offers) -> None:
    assert {offer.origin.place for offer in mombasa.transports} == {"nairobi", "mombasa"}


def test_a_flight_alone_is_not_the_only_choice_given() -> None:
    offers = gather(trip("mombasa", origin="kisumu", returns=False))
    assert ("kisumu", "mombasa") in {(o.origin.place, o.destination.place) for o in offers.transports}


def test_who_drives_changes_nowhere() -> None:
    asked = replace(trip("mombasa", origin="kisumu"), wishes=Wishes(modes_wanted=frozenset({Mode.CAR})))
    assert "nairobi" not in {offer.origin.place for offer in gather(asked).transports}


def test_a_trip_with_a_change_is_planned_soundly() -> None:
    asked = trip("diani", origin="kakamega", end=FRIDAY + timedelta(days=3), returns=False)
    offers = gather(asked)
    plan = build(replace(asked, budget_kes=None), offers, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, plan.request, offers))
    ((first, second),) = plan.changes
    assert (first.origin and first.origin.place, second.origin and second.origin.place) == ("kakamega", "nairobi")


def test_who_cannot_be_home_in_a_day_gets_the_night_before_as_well() -> None:
    asked = trip("diani", origin="kakamega", end=FRIDAY + timedelta(days=3))
    offers = gather(asked)
    evening = FRIDAY + timedelta(days=2)
    assert ("mombasa", "nairobi", evening) in {
        (o.origin.place, o.destination.place, o.depart.date()) for o in offers.transports
    }
    plan = build(replace(asked, budget_kes=None), offers, trip_id="t")
    assert isinstance(plan, Itinerary)
    assert not broken(verify(plan, plan.request, offers))
    assert len(plan.changes) == 2


def test_legs_are_on_the_days_the_nights_say() -> None:
    stops = (Stop("nakuru", 1), Stop("kisumu", 2))
    offers = gather(TripRequest("nairobi", stops, FRIDAY, date(2026, 11, 30), Party(2)))
    days = {(o.origin.place, o.destination.place): o.depart.day for o in offers.transports if o.mode is not Mode.TRAIN}
    assert days["nairobi", "nakuru"] == 27
    assert days["kisumu", "nairobi"] == 30


def test_a_one_way_trip_has_no_way_back() -> None:
    assert {o.depart.date() for o in gather(trip("mombasa", returns=False)).transports} == {FRIDAY}


def test_a_day_trip_needs_no_bed() -> None:
    offers = gather(trip("naivasha", end=FRIDAY))
    assert offers.stays == ()
    assert {f"{o.depart:%H:%M}" for o in offers.transports} == {"07:30", "12:00", "16:00"}


def test_what_has_left_is_not_offered() -> None:
    noon = datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("Africa/Nairobi"))
    offers = gather(trip("mombasa"), now=noon)
    assert min(offer.depart for offer in offers.transports) >= noon
    assert {offer.mode for offer in offers.transports if offer.depart.date() == FRIDAY} >= {Mode.TRAIN, Mode.BUS}


def test_a_town_without_a_position_can_be_slept_in() -> None:
    offers = gather(trip("nyali"))
    assert {offer.spot.place for offer in offers.stays} == {"nyali"}
    assert ("station:mombasa-terminus", "centre:nyali") in linked(offers)
    assert "Fort Jesus" in {offer.name for offer in offers.activities}


def test_an_unknown_place_is_named() -> None:
    with pytest.raises(UnknownPlace) as caught:
        gather(trip("atlantis"))
    assert caught.value.slug == "atlantis"


def test_the_same_trip_gets_the_same_offers(mombasa: Offers) -> None:
    assert gather(trip("mombasa")) == mombasa


class Hanging:
    """A source of everything that never answers."""

    name: ClassVar[str] = "hanging"
    kinds: ClassVar[frozenset[Kind]] = frozenset(Kind)
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        return True

    async def search(self, query: Query) -> Sequence[Offer]:
        await asyncio.Event().wait()
        return ()


def test_a_source_that_hangs_costs_time_but_no_ride() -> None:
    heard: list[Kind] = []

    def hear(query: Query, outcome: Outcome) -> None:
        heard.append(query.kind)

    started = time.monotonic()
    offers, outcomes = offers_for(trip("mombasa"), load(), [Hanging, *GUIDE], 0.8, on_outcome=hear)
    assert time.monotonic() - started < 3
    assert offers.unreached == ("hanging",)
    assert {offer.origin.kind for offer in offers.transports} == {SpotKind.STAGE, SpotKind.STATION, SpotKind.AIRPORT}
    assert ("centre:mombasa", "stay:nyali") in linked(offers)
    assert {outcome.status for outcome in outcomes if outcome.provider == "hanging"} == {Status.TIMED_OUT}
    assert len(heard) == len(outcomes)
    assert set(heard) == set(Kind)


class Failing(Hanging):
    """A source that fails, with older buses to show instead."""

    name: ClassVar[str] = "failing"

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        self.http = http

    async def search(self, query: Query) -> Sequence[Offer]:
        remembered = await GuideBuses(self.http, {}).search(query) if query.kind is Kind.BUSES else ()
        raise ProviderError("has trouble", offers=tuple(replace(o, id=f"{o.id}:older") for o in remembered))


def test_a_source_whose_earlier_offers_are_used_is_told_apart_from_one_that_has_none() -> None:
    class Remembering(Failing):
        name: ClassVar[str] = "remembering"
        kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})

    offers, _ = offers_for(trip("mombasa"), load(), [Failing, Remembering, *GUIDE], 6)
    assert (offers.unreached, offers.older) == (("failing",), ("remembering",))
    plan = build(trip("mombasa"), offers, trip_id="t")
    assert isinstance(plan, Itinerary)
    told = [(unknown.code, unknown.subject) for unknown in plan.unknowns if unknown.code in ("unreached", "older")]
    assert told == [("unreached", "failing"), ("older", "remembering")]
