"""Whatever is required, with meals or without: plans are sound, and a best effort names just what it gives up."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from planner.best import LAST, best_effort
from planner.checks import RULES, broken, verify
from planner.model import Infeasible, Itinerary
from planner.solver import build, first
from tests.planner.examples import examples
from tests.planner.feasts import feast


@examples(12)
@given(st.integers(0, 10**6))
def test_a_plan_keeps_every_rule_and_requirement_and_a_best_effort_all_it_does_not_name(seed: int) -> None:
    asked, offers = feast(Random(seed))
    plan, draft = (make(asked, offers, trip_id="t") for make in (build, first))
    assert isinstance(plan, Infeasible) is isinstance(draft, Infeasible)
    for made in (plan, draft):
        if isinstance(made, Itinerary):
            assert not broken(verify(made, asked, offers)), broken(verify(made, asked, offers))
    if isinstance(plan, Infeasible):
        assert plan.rules
        effort = best_effort(asked, offers, trip_id="t")
        if isinstance(effort, Itinerary):
            found = {finding.rule for finding in broken(verify(effort, asked, offers))}
            assert found <= set(effort.given_up)
            assert not found & (set(RULES) - {"budget"} - set(LAST))
