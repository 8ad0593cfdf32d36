"""The best plan for a request, or why there is none.

What a request leaves open (which stops, in what order, one of several readings of its requirements) is settled first;
each reading that can be had at all is then planned in three steps: the cheapest plan, the best one on coarse days, and
the days once more with moves and beds settled. `planner.problem` is the model behind each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from planner.choice import Choice
from planner.compose import compose
from planner.limits import any_hour
from planner.model import Infeasible, Itinerary, Offers, Relaxation, Requirement, TripRequest
from planner.narrowing import Branch, branches
from planner.problem import CANDIDATES, EFFORT, REFINED, Problem
from planner.routes import routes
from planner.shape import Rides
from planner.values import Tastes

THRIFT, HURRY = 0.01, 1_000.0  # shillings a minute of local rides, for the cheapest and the quickest of them
NEARLY = 110  # percent of a budget up to which a lowest total is looked at again with more visits
DRAFTS = 3  # readings of a request, where it leaves something open, that are planned in full …
READINGS = 60  # … out of so many tried …
BLAMED = 5  # … and so many to find out what stands in the way


def build(
    request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1, effort: float = EFFORT
) -> Itinerary | Infeasible:
    """The best plan found for a request, unchecked (see checks.verify), or why there is none.

    `effort` bounds each step, in deterministic seconds (about those of one core): the same input and effort give the
    same plan. Raises KeyError when `offers.centres` lacks a town of the request, ValueError when its nights do not add
    up.
    """
    *_, plan = improving(request, offers, trip_id=trip_id, version=version, effort=effort)
    return plan


def first(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """A plan that keeps every hard rule, as soon as there is one: the cheapest, with nothing done that was not asked.

    Infeasible, and raises, exactly when `build` is and does.
    """
    return next(improving(request, offers, trip_id=trip_id, version=version))


def improving(
    request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1, effort: float = EFFORT
) -> Iterator[Itinerary | Infeasible]:
    """Ever better plans, the first as soon as there is one, or why there is none; who runs out of time takes the last.

    The steps are those of `build`, with its arguments and errors.
    """
    found = list[Draft]()
    for draft in drafts(request, offers):
        if isinstance(draft, Infeasible):
            yield draft
            return
        if not found:
            yield draft.composed(offers, trip_id, version)
        found.append(draft)
    best = max((coarse(draft, effort) for draft in found), key=lambda draft: draft.score)
    if best.settled:
        yield best.composed(offers, trip_id, version)
        yield fine(best, effort).composed(offers, trip_id, version)


@dataclass(frozen=True, slots=True)
class Draft:
    """One way of reading a request with its open questions settled, and the choice found for it.

    `gap` is how far, as a share of the score, it is from what is proven to be possible with the programmes offered.
    """

    request: TripRequest
    offers: Offers
    rides: Rides
    choice: Choice
    score: int = -(10**12)
    settled: bool = False
    gap: float = 1.0

    def composed(self, offers: Offers, trip_id: str, version: int) -> Itinerary:
        """The choice written out, from all that was on offer."""
        return compose(self.choice, self.request, offers, self.rides, trip_id=trip_id, version=version)


def drafts(request: TripRequest, offers: Offers) -> Iterator[Draft | Infeasible]:
    """The cheapest choices of a few readings of a request that can be had, the most promising first; or a refusal."""
    found, refused = 0, list[Infeasible]()
    for branch in islice(_readings(request, offers), READINGS):
        draft = _cheapest(branch.request, branch.offers)
        if isinstance(draft, Infeasible):
            refused.append(draft)
            continue
        yield draft
        found += 1
        if found == DRAFTS:
            return
    if not found:
        dearest = [one for one in refused if one.cheapest_kes is not None]
        yield (
            min(dearest, key=lambda one: one.cheapest_kes or 0)
            if dearest
            else Infeasible(_blame(request, offers), None)
        )


def coarse(draft: Draft, effort: float) -> Draft:
    """The best choice on coarse days, for a reading that has any."""
    request, offers, tastes = draft.request, draft.offers, Tastes.of(draft.request)
    comfortable = Rides.of(offers, tastes.minute * request.party.size, request)
    for rides in (comfortable, draft.rides):
        found = Problem(request, offers, rides, tastes, CANDIDATES, effort=effort).best(draft.choice)
        if found is not None:
            return replace(draft, rides=rides, score=found.score, choice=found.choice, gap=found.gap, settled=True)
    return draft


def fine(draft: Draft, effort: float) -> Draft:
    """The days once more, with moves and beds settled."""
    tastes = Tastes.of(draft.request)
    problem = Problem(draft.request, draft.offers, draft.rides, tastes, REFINED, settled=draft.choice, effort=effort)
    found = problem.best(draft.choice)
    return draft if found is None else replace(draft, score=found.score, choice=found.choice, gap=found.gap)


def _cheapest(request: TripRequest, offers: Offers) -> Draft | Infeasible:
    """The cheapest choice, when the budget holds it, by the cheapest local rides; the quickest where those will not do.

    A slow ride can miss the only, or the cheapest, departure; and where money nearly suffices, a visit nobody asked for
    may save a dearer ride.
    """
    tastes = Tastes.of(request)
    comfort = float(tastes.minute * request.party.size)
    tries = [(THRIFT, 0), (HURRY, 0), (comfort, CANDIDATES), (THRIFT, CANDIDATES), (HURRY, CANDIDATES)]
    floor: int | None = None
    for minute, candidates in tries:
        if candidates and (floor is None or floor * 100 > (request.budget_kes or 0) * NEARLY):
            break
        rides = Rides.of(offers, minute, request)
        found = Problem(request, offers, rides, tastes, candidates).cheapest()
        if found is not None and (request.budget_kes is None or found[0] <= request.budget_kes):
            return Draft(request, offers, rides, found[1])
        floor = min((total for total in (floor, found and found[0]) if total is not None), default=None)
    if floor is None:
        return Infeasible(("time",), None)
    return Infeasible(("budget",), floor, (Relaxation("budget", replace(request, budget_kes=floor), floor),))


def _blame(request: TripRequest, offers: Offers) -> tuple[str, ...]:
    """The first wish or requirement whose removal makes a trip possible at all; "time" when none does."""
    wishes = request.wishes
    without = {
        "must_see": replace(request, wishes=replace(wishes, must_see=())),
        "locked": replace(request, locked=frozenset()),
        "hours": replace(request, wishes=any_hour(wishes)),
        "after_dark": replace(request, wishes=replace(wishes, road_after_dark=True)),
        "refused": replace(request, wishes=replace(wishes, modes_refused=frozenset(), operators_refused=frozenset())),
        **{each.name: _without(request, each) for each in request.requirements},
        "meals": replace(request, meals=()),
    }
    for rule, eased in without.items():
        if eased != request and _possible(replace(eased, budget_kes=None), offers):
            return (rule,)
    return ("time",)


def _without(request: TripRequest, requirement: Requirement) -> TripRequest:
    return replace(request, requirements=tuple(each for each in request.requirements if each != requirement))


def _possible(request: TripRequest, offers: Offers) -> bool:
    return any(
        isinstance(_cheapest(branch.request, branch.offers), Draft)
        for branch in islice(_readings(request, offers), BLAMED)
    )


def _readings(request: TripRequest, offers: Offers) -> Iterator[Branch]:
    return (branch for route in routes(request, offers) for branch in branches(route, offers))
