"""The best plan for a request, or why there is none.

What a request leaves open (which stops, in what order, one of several readings of its requirements) is settled first;
each reading that can be had at all is then planned in three steps: the cheapest plan, the best one on coarse days, and
the days once more with moves and beds settled. `planner.problem` is the model behind each step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from planner.choice import Choice
from planner.compose import compose
from planner.model import Infeasible, Itinerary, Offers, Relaxation, TripRequest
from planner.narrowing import branches
from planner.problem import CANDIDATES, REFINED, Problem
from planner.routes import routes
from planner.shape import Rides
from planner.values import Tastes

DRAFTS = 3  # readings of a request, where it leaves something open, that are planned in full …
READINGS = 60  # … out of so many tried


def build(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """The best plan found for a request, unchecked (see checks.verify), or why there is none.

    Raises KeyError when `offers.centres` lacks a town of the request, ValueError when its nights do not add up.
    """
    ready = _ready(request, offers)
    if isinstance(ready, Infeasible):
        return ready
    drafts = [_improved(draft) for draft in ready]
    return max(drafts, key=lambda draft: draft.score).composed(offers, trip_id, version)


def first(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """A plan that keeps every hard rule, as soon as there is one: the cheapest, with nothing done that was not asked.

    Infeasible, and raises, exactly when `build` is and does.
    """
    ready = _ready(request, offers, most=1)
    return ready if isinstance(ready, Infeasible) else ready[0].composed(offers, trip_id, version)


@dataclass(frozen=True, slots=True)
class _Draft:
    """One way of reading a request with its open questions settled, and the choice found for it."""

    request: TripRequest
    offers: Offers
    rides: Rides
    choice: Choice
    score: int = 0

    def composed(self, offers: Offers, trip_id: str, version: int) -> Itinerary:
        """The choice written out, from all that was on offer."""
        return compose(self.choice, self.request, offers, self.rides, trip_id=trip_id, version=version)


def _ready(request: TripRequest, offers: Offers, most: int = DRAFTS) -> list[_Draft] | Infeasible:
    """The cheapest choices of up to `most` readings of a request that can be had, the most promising readings first."""
    found: list[_Draft] = []
    refused: list[Infeasible] = []
    readings = (branch for route in routes(request, offers) for branch in branches(route, offers))
    for branch in islice(readings, READINGS):
        thrifty = Rides.of(branch.offers, 0.01, branch.request)
        choice = _cheapest(branch.request, branch.offers, thrifty)
        if isinstance(choice, Infeasible):
            refused.append(choice)
            continue
        found.append(_Draft(branch.request, branch.offers, thrifty, choice))
        if len(found) == most:
            break
    if found:
        return found
    cheapest = min((one for one in refused if one.cheapest_kes is not None), key=_floor, default=None)
    return cheapest or next(iter(refused), Infeasible(("stops",), None))


def _floor(refused: Infeasible) -> int:
    return refused.cheapest_kes or 0


def _improved(draft: _Draft) -> _Draft:
    """The best choice found for a reading that has one."""
    request, offers, tastes = draft.request, draft.offers, Tastes.of(draft.request)
    comfortable = Rides.of(offers, tastes.minute * request.party.size, request)
    for rides in (comfortable, draft.rides):
        coarse = Problem(request, offers, rides, tastes, CANDIDATES).best(draft.choice)
        if coarse is not None:
            fine = Problem(request, offers, rides, tastes, candidates=REFINED, settled=coarse[1]).best(coarse[1])
            score, choice = fine or coarse
            return replace(draft, rides=rides, choice=choice, score=score)
    return replace(draft, score=-(10**12))


def _cheapest(request: TripRequest, offers: Offers, rides: Rides) -> Choice | Infeasible:
    """The cheapest choice, when the budget holds it."""
    tastes = Tastes.of(request)
    cheapest = Problem(request, offers, rides, tastes, candidates=0).cheapest()
    if cheapest is None:
        return Infeasible(rules=_blame(request, offers, rides, tastes), cheapest_kes=None)
    floor, choice = cheapest
    if request.budget_kes is not None and floor > request.budget_kes:
        raised = replace(request, budget_kes=floor)
        return Infeasible(("budget",), floor, (Relaxation("budget", raised, floor),))
    return choice


def _blame(request: TripRequest, offers: Offers, rides: Rides, tastes: Tastes) -> tuple[str, ...]:
    """The first wish or requirement whose removal makes a trip possible at all; "time" when none does."""
    wishes = request.wishes
    without = {
        "must_see": replace(request, wishes=replace(wishes, must_see=())),
        "locked": replace(request, locked=frozenset()),
        "hours": replace(request, wishes=replace(wishes, earliest=None, latest=None, night_travel=True)),
        "refused": replace(request, wishes=replace(wishes, modes_refused=frozenset(), operators_refused=frozenset())),
        **{
            requirement.name: replace(request, requirements=tuple(r for r in request.requirements if r != requirement))
            for requirement in request.requirements
        },
        "meals": replace(request, meals=()),
    }
    for rule, eased in without.items():
        if eased != request and Problem(eased, offers, rides, tastes, candidates=0).cheapest() is not None:
            return (rule,)
    return ("time",)
