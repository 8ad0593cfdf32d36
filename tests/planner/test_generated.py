"""Plans for generated countries: whatever the seed, the checker finds nothing."""

from __future__ import annotations

import pytest

from planner.checks import broken, verify
from planner.model import Infeasible, Itinerary
from planner.solver import build, first
from tests.bench.worlds import Size, world
from tests.planner.examples import times

SMALL = Size(days=4, towns=2, transports=24, stays=16, activities=24)


@pytest.mark.parametrize("seed", range(24 * times()))
def test_a_plan_of_a_generated_country_is_sound_and_comes_out_the_same_again(seed: int) -> None:
    asked, offers = world(SMALL, seed)
    plan = build(asked, offers, trip_id="t")
    if isinstance(plan, Infeasible):
        assert plan.rules
        return
    assert not broken(verify(plan, asked, offers))
    assert build(asked, offers, trip_id="t") == plan


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_the_first_plan_is_sound_too_and_costs_no_more_than_the_best(seed: int) -> None:
    asked, offers = world(SMALL, seed)
    quick, best = (make(asked, offers, trip_id="t") for make in (first, build))
    assert isinstance(quick, Itinerary)
    assert isinstance(best, Itinerary)
    assert not broken(verify(quick, asked, offers))
    assert quick.total_kes <= best.total_kes
