"""The best valid trip when not everything can be had: as many requirements as can be kept together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from planner.limits import any_hour
from planner.model import Infeasible, Itinerary, Offers, TripRequest
from planner.problem import Problem
from planner.requirements import Count, Kind, Requirement, Which
from planner.routes import routes
from planner.shape import Rides
from planner.solver import build
from planner.splitting import splits
from planner.values import Tastes

ROUTES = 6  # choices of stops among which the one that keeps most is looked for
BUDGET_WEIGHT = 1
GUESSES = 6  # sets of requirements that look as if they went together tried, before they are dropped one by one


def _wishing(request: TripRequest, **changes: object) -> TripRequest:
    return replace(request, wishes=replace(request.wishes, **changes))  # type: ignore[arg-type]


# What is given up only when nothing else helps, in this order: rules that are no requirements of their own.
LAST: dict[str, Callable[[TripRequest], TripRequest]] = {
    "meals": lambda r: replace(r, meals=()),
    "hours": lambda r: replace(r, wishes=any_hour(r.wishes)),
    "after_dark": lambda r: _wishing(r, road_after_dark=True),
    "refused": lambda r: _wishing(r, modes_refused=frozenset(), operators_refused=frozenset()),
    "own_arrangements": lambda r: replace(r, own_arrangements=True),
}


def best_effort(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """The plan of `build`, or else the best one that keeps as many requirements (by weight) as can be kept together.

    `Itinerary.given_up` names the others: requirements by their names, "budget", "must_see:…", "locked:…", "avoid:…",
    or one of the rules of `LAST`. Infeasible only when no trip exists at all.
    """
    plan = build(request, offers, trip_id=trip_id, version=version, explained=False)
    if isinstance(plan, Itinerary):
        return plan
    softened = _softened(request)
    for asked, lost in _last_resorts(softened):
        kept, refused = _most(asked, offers, ()), list[frozenset[str]]()
        while kept is not None:
            guessed = len(refused) + 1 < GUESSES  # from then on it has to be known what stands in the way
            found = _within_reach(_keeping(asked, kept), offers, kept, trip_id, version, explained=not guessed)
            if isinstance(found, Itinerary):
                found, kept = _with_more(found, kept, asked, offers)
                return replace(found, given_up=(*_given_up(softened, kept), *lost))
            refused.append(kept)
            kept = _most(asked, offers, refused) if guessed else _less(asked, kept, found)
    return build(request, offers, trip_id=trip_id, version=version)


def _with_more(
    plan: Itinerary, kept: frozenset[str], request: TripRequest, offers: Offers
) -> tuple[Itinerary, frozenset[str]]:
    """The plan with whatever else can be kept after all: what was first thought to go together may not have."""
    lost = sorted(
        (each for each in request.requirements if each.name not in kept), key=lambda each: (-each.weight, each.name)
    )
    for each in lost:
        more = kept | {each.name}
        found = _within_reach(_keeping(request, more), offers, more, plan.id, plan.version, explained=False)
        if isinstance(found, Itinerary):
            plan, kept = found, more
    return plan, kept


def _last_resorts(request: TripRequest) -> Iterator[tuple[TripRequest, tuple[str, ...]]]:
    lost: tuple[str, ...] = ()
    yield request, lost
    for name, ease in LAST.items():
        eased = ease(request)
        if eased != request:
            request, lost = eased, (*lost, name)
            yield request, lost


def _softened(request: TripRequest) -> TripRequest:
    """The request with its hard wishes as requirements that can be given up one by one."""
    wishes, must, never = request.wishes, _must, _never
    found = [
        *(must(f"must_see:{name}", Which(kinds=frozenset({Kind.VISIT}), names=(name,))) for name in wishes.must_see),
        *(must(f"locked:{name}", Which(names=(name,))) for name in sorted(request.locked)),
        *(never(f"avoid:{name}", Which(kinds=frozenset({Kind.VISIT}), names=(name,))) for name in wishes.avoid),
    ]
    bare = replace(wishes, must_see=(), avoid=())
    return replace(request, wishes=bare, locked=frozenset(), requirements=(*request.requirements, *found))


def _must(name: str, which: Which) -> Requirement:
    return Requirement(name, Count(which, least=1))


def _never(name: str, which: Which) -> Requirement:
    return Requirement(name, Count(which, most=0))


def _most(request: TripRequest, offers: Offers, refused: Sequence[frozenset[str]]) -> frozenset[str] | None:
    """Names of the requirements that can be kept together, judged on the most promising routes.

    Visits at given hours are judged too kindly here, so that what is found may have to be `refused` later.
    """
    found = []
    plain = replace(request, requirements=())
    for route in islice(_stops_settled(plain, offers), ROUTES):
        asked = replace(route, requirements=request.requirements)
        rides = Rides.of(offers, 0.01, plain)
        most = Problem(asked, offers, rides, Tastes.of(asked), 0, soft=True).most(BUDGET_WEIGHT, refused)
        if most is not None:
            found.append(most)
    return max(found, key=lambda one: (one[0], sorted(one[1])), default=(0, None))[1]


def _stops_settled(request: TripRequest, offers: Offers) -> Iterator[TripRequest]:
    for route in routes(request, offers):
        yield route
        yield from splits(route, offers)


def _keeping(request: TripRequest, kept: frozenset[str]) -> TripRequest:
    return replace(request, requirements=tuple(each for each in request.requirements if each.name in kept))


def _within_reach(
    request: TripRequest, offers: Offers, kept: frozenset[str], trip_id: str, version: int, *, explained: bool = True
) -> Itinerary | Infeasible:
    """The plan; a budget that cannot be kept is overrun by as little as can be."""
    found = build(request, offers, trip_id=trip_id, version=version, explained=explained)
    over = isinstance(found, Infeasible) and found.rules == ("budget",) and "budget" not in kept
    if isinstance(found, Infeasible) and over:
        return build(replace(request, budget_kes=found.cheapest_kes), offers, trip_id=trip_id, version=version)
    return found


def _less(request: TripRequest, kept: frozenset[str], refused: Infeasible) -> frozenset[str] | None:
    """One requirement less: one that stands in the way, else the least dear one."""
    blamed = [name for name in refused.rules if name in kept]
    dear = {each.name: each.weight for each in request.requirements}
    left = blamed or sorted(kept, key=lambda name: (dear.get(name, BUDGET_WEIGHT), name))
    return kept - {left[0]} if left else None


def _given_up(request: TripRequest, kept: frozenset[str]) -> tuple[str, ...]:
    names = [each.name for each in request.requirements]
    names += ["budget"] if request.budget_kes is not None else []
    return tuple(name for name in names if name not in kept)
