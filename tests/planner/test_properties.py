"""What holds for every request, every country and every change: few examples here, thousands in `make property`."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.amending import amend
from planner.checks import broken, verify
from planner.model import Infeasible, Itinerary, Offers, TripRequest
from planner.operations import Cheaper, Faster, Operation, Remove, Swap, UseMode, changed, lockable, touched
from planner.relaxing import relax
from planner.solver import build, first
from tests.planner.asked import Gather, Trip, change, held_still, of_a_tiny_country, of_the_guide
from tests.planner.examples import examples

seeds = st.integers(0, 10**6)


def sound(plan: Itinerary, asked: TripRequest, offers: Offers) -> None:
    assert not broken(verify(plan, asked, offers)), broken(verify(plan, asked, offers))


@examples(30)
@given(seeds)
def test_a_plan_of_a_tiny_country_is_sound_or_every_way_out_of_the_refusal_is(seed: int) -> None:
    holds(of_a_tiny_country(Random(seed)))


@examples(15)
@given(seeds)
def test_a_plan_of_the_guide_is_sound_or_every_way_out_of_the_refusal_is(seed: int) -> None:
    holds(of_the_guide(Random(seed)))


def holds(trip: Trip) -> None:
    plan, draft = (make(trip.asked, trip.offers, trip_id="t") for make in (build, first))
    assert isinstance(plan, Infeasible) is isinstance(draft, Infeasible)
    if isinstance(plan, Itinerary) and isinstance(draft, Itinerary):
        sound(plan, trip.asked, trip.offers)
        sound(draft, trip.asked, trip.offers)
        return
    assert isinstance(plan, Infeasible)
    for way in relax(trip.asked, trip.offers, plan, regather=trip.gather).relaxations:
        offers = trip.gather(way.request) if trip.gather else trip.offers
        out = build(way.request, offers, trip_id="t")
        assert isinstance(out, Itinerary)
        sound(out, way.request, offers)
        assert out.total_kes == way.total_kes


@examples(30)
@given(seeds)
def test_a_changed_trip_of_a_tiny_country_is_sound_and_keeps_what_can_stay(seed: int) -> None:
    random = Random(seed)
    changes(of_a_tiny_country(random), random)


@examples(18)
@given(seeds)
def test_a_changed_trip_of_the_guide_is_sound_and_keeps_what_can_stay(seed: int) -> None:
    random = Random(seed)
    changes(of_the_guide(random), random)


def changes(trip: Trip, random: Random) -> None:
    plan = build(trip.asked, trip.offers, trip_id="t")
    assume(isinstance(plan, Itinerary))
    assert isinstance(plan, Itinerary)
    operation = change(random, plan, trip.offers)
    try:
        asked = changed(trip.asked, plan, operation)
    except ValueError:
        with pytest.raises(ValueError, match=" "):
            amend(trip.asked, plan, operation, trip.offers)
        return
    offers = on_offer(trip.gather, asked, trip.offers)
    again = amend(trip.asked, plan, operation, offers)
    if isinstance(again, Infeasible):
        return
    sound(again, again.request, offers)
    assert again.version == plan.version + 1
    if isinstance(operation, Cheaper):
        assert again.total_kes <= plan.total_kes or offers != trip.offers
        return
    if isinstance(operation, Faster | UseMode):
        return  # only such departures will do, whatever has to go for it
    left = without_what_goes(plan, operation, offers)
    if all_can_stay(trip.asked, plan, operation, left):
        assert untouched(trip.asked, plan, operation, left) <= {item.offer_id for item in again.items}


def on_offer(gather: Gather | None, asked: TripRequest, offers: Offers) -> Offers:
    return gather(asked) if gather else offers


def without_what_goes(plan: Itinerary, operation: Operation, offers: Offers) -> Offers:
    gone = {i.offer_id for i in plan.items if isinstance(operation, Swap | Remove) and i.id == operation.item_id}
    return replace(
        offers,
        transports=tuple(offer for offer in offers.transports if offer.id not in gone),
        stays=tuple(offer for offer in offers.stays if offer.id not in gone),
        activities=tuple(offer for offer in offers.activities if offer.id not in gone),
    )


def untouched(asked: TripRequest, plan: Itinerary, operation: Operation, offers: Offers) -> frozenset[str]:
    """Offers of the plan that the operation is not about and that can still be had."""
    loose = touched(asked, plan, operation)
    had = {offer.id for pool in (offers.transports, offers.stays, offers.activities) for offer in pool}
    stay = (item.offer_id for item in plan.items if lockable(item) and item.id not in loose)
    return frozenset(offer_id for offer_id in stay if offer_id in had)


def all_can_stay(asked: TripRequest, plan: Itinerary, operation: Operation, offers: Offers) -> bool:
    """Whether a trip with all of that exists."""
    held = held_still(asked, plan, operation)
    locks = held.locked & {offer.id for pool in (offers.transports, offers.stays, offers.activities) for offer in pool}
    wanted = untouched(asked, plan, operation, offers)
    return wanted <= locks and isinstance(build(replace(held, locked=locks), offers, trip_id="t"), Itinerary)
