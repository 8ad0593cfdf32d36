"""Three prices for one trip, and the package's front door."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import planner
from planner.checks import broken
from planner.tiering import Tier, request_for, tiers
from tests.planner import world


def test_the_tiers_rise_in_price_and_each_is_sound() -> None:
    asked, offers = world.request(None), world.offers()
    found = tiers(asked, offers, trip_id="t")
    totals = [plan.total_kes for plan in found.values()]
    assert list(found) == [Tier.SAVER, Tier.BALANCED, Tier.COMFORT]
    assert totals == sorted(set(totals))
    for tier, plan in found.items():
        assert not broken(planner.verify(plan, request_for(asked, tier), offers))


def test_tiers_that_cost_the_same_are_one() -> None:
    offers = replace(world.offers(), stays=world.offers().stays[:1], activities=())
    found = tiers(world.request(None), offers, trip_id="t")
    assert len({plan.total_kes for plan in found.values()}) == len(found)


def test_naming_a_type_does_not_load_the_solver() -> None:
    code = """
import sys, planner
planner.TripRequest
assert "ortools" not in sys.modules
planner.build
assert "ortools" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_front_door_has_no_other_names() -> None:
    assert all(getattr(planner, name) for name in planner.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        getattr(planner, "nothing")  # noqa: B009  (a plain attribute would not pass the type checker)
