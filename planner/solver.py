"""The best plan for a request, or why there is none.

What a request leaves open (which stops, in what order, one of several readings of its requirements) is settled first;
each reading that can be had at all is then planned in three steps: the cheapest plan, the best one on coarse days, and
the days once more with moves and beds settled. `planner.problem` is the model behind each step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from planner.choice import Choice
from planner.compose import compose
from planner.limits import any_hour
from planner.model import Infeasible, Itinerary, Offers, Relaxation, Requirement, Stop, TripRequest
from planner.narrowing import Branch, branches
from planner.problem import CANDIDATES, EFFORT, REFINED, Problem
from planner.routes import routes
from planner.shape import Rides
from planner.splitting import splits
from planner.values import Tastes

THRIFT, HURRY = 0.01, 1_000.0  # shillings a minute of local rides, for the cheapest and the quickest of them
NEARLY = 110  # percent of a budget up to which a lowest total is looked at again with visits nobody asked for
DRAFTS = 3  # readings of a request, where it leaves something open, that are planned in full …
READINGS = 60  # … out of so many tried …
ROUTES = 5  # choices of stops in which a change of beds is tried
BLAMED = 5  # … and so many looked at again where none can be had


def build(
    request: TripRequest,
    offers: Offers,
    *,
    trip_id: str,
    version: int = 1,
    effort: float = EFFORT,
    explained: bool = True,
) -> Itinerary | Infeasible:
    """The best plan found for a request, unchecked (see checks.verify), or why there is none.

    `effort` bounds each step, in deterministic seconds (about those of one core): the same input and effort give the
    same plan. A refusal that is not `explained` is quicker: it names no rule where money is not what is missing.
    Raises KeyError when `offers.centres` lacks a town of the request, ValueError when its nights do not add up.
    """
    *_, last = _steps(request, offers, effort, explained)
    return last if isinstance(last, Infeasible) else last.composed(offers, trip_id, version)


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
    for step in _steps(request, offers, effort):
        yield step if isinstance(step, Infeasible) else step.composed(offers, trip_id, version)


def lowest(request: TripRequest, offers: Offers) -> int | None:
    """The lowest total in KES of all plans that keep the hard rules but for the budget; None when there is none."""
    draft = next(drafts(replace(request, budget_kes=1), offers))  # so that the search stops there
    if isinstance(draft, Infeasible):
        return draft.cheapest_kes
    return draft.composed(offers, "", 1).total_kes


def _steps(request: TripRequest, offers: Offers, effort: float, explained: bool = True) -> Iterator[Draft | Infeasible]:
    found = list[Draft]()
    for draft in drafts(request, offers):
        if isinstance(draft, Infeasible):
            yield draft if draft.rules or not explained else replace(draft, rules=_blame(request, offers))
            return
        if not found:
            yield draft
        found.append(draft)
    best = max((coarse(draft, effort) for draft in found), key=lambda draft: draft.score)
    if best.settled:
        yield best
        yield fine(best, effort)


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
    stops: tuple[Stop, ...] = ()  # those of the request, where some are cut in two

    def composed(self, offers: Offers, trip_id: str, version: int) -> Itinerary:
        """The choice written out, from all that was on offer."""
        plan = compose(self.choice, self.request, offers, self.rides, trip_id=trip_id, version=version)
        return replace(plan, request=replace(plan.request, stops=self.stops)) if self.stops else plan


def drafts(request: TripRequest, offers: Offers) -> Iterator[Draft | Infeasible]:
    """The cheapest choices of a few readings of a request that can be had, the most promising first; or a refusal, that
    names no rule where money would not help.
    """
    refused = list[Infeasible]()
    for readings, most, cheapest in (
        (_readings, READINGS, _cheapest),
        (_readings, BLAMED, _cheapest_with_visits),
        (_with_changes_of_beds, READINGS, _cheapest),
    ):
        if cheapest is _cheapest_with_visits and _far_too_dear(refused, request):
            continue
        found = 0
        for branch in islice(readings(request, offers), most):
            draft = cheapest(branch.request, branch.offers)
            if isinstance(draft, Infeasible):
                refused.append(draft)
                continue
            yield replace(draft, stops=branch.stops)
            found += 1
            if found == DRAFTS:
                break
        if found:
            return
    priced = [one for one in refused if one.cheapest_kes is not None]
    least = min(priced, key=lambda one: one.cheapest_kes or 0, default=None)
    yield least or Infeasible((), None)


def _far_too_dear(refused: Sequence[Infeasible], request: TripRequest) -> bool:
    """Whether the lowest total is so far over the budget that no visit can save as much."""
    floors = [one.cheapest_kes for one in refused if one.cheapest_kes is not None]
    return bool(floors) and min(floors) * 100 > (request.budget_kes or 0) * NEARLY


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

    A slow ride can miss the only, or the cheapest, departure.
    """
    rides = bool(offers.transfers or offers.local)
    return _within_budget(request, offers, (THRIFT, HURRY) if rides else (THRIFT,), candidates=0)


def _cheapest_with_visits(request: TripRequest, offers: Offers) -> Draft | Infeasible:
    """The same with visits nobody asked for: one may save a dearer ride, or fill the time of a meal."""
    comfort = float(Tastes.of(request).minute * request.party.size)
    return _within_budget(request, offers, (comfort, THRIFT, HURRY), CANDIDATES)


def _within_budget(
    request: TripRequest, offers: Offers, minutes: Sequence[float], candidates: int
) -> Draft | Infeasible:
    """With the first of several values of a minute by which local rides are chosen that serves."""
    tastes, floor = Tastes.of(request), None
    for minute in minutes:
        rides = Rides.of(offers, minute, request)
        found = Problem(request, offers, rides, tastes, candidates).cheapest()
        if found is not None and (request.budget_kes is None or found[0] <= request.budget_kes):
            return Draft(request, offers, rides, found[1])
        if found is not None:
            floor = found[0] if floor is None else min(floor, found[0])
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


def _with_changes_of_beds(request: TripRequest, offers: Offers) -> Iterator[Branch]:
    for route in islice(routes(request, offers), ROUTES):
        for cut in splits(route, offers):
            yield from (replace(branch, stops=route.stops) for branch in branches(cut, offers))


def _readings(request: TripRequest, offers: Offers) -> Iterator[Branch]:
    return (branch for route in routes(request, offers) for branch in branches(route, offers))
