"""An impossible request → the rules in conflict, and the least painful changes that make it possible, each solved.

Every probe is a call of the public solver, so whatever rules it learns are respected here. The work is bounded by
counts, not by a clock: the same request and offers give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from functools import partial
from itertools import combinations

from planner.checks import broken, verify
from planner.easings import CLASSES, HOURS, Easing, easings, hours, later, longer, rules, shorter, without_stop
from planner.limits import any_hour
from planner.loosening import least, loosened
from planner.model import Infeasible, ItemType, Itinerary, Offers, Relaxation, TripRequest
from planner.solver import build, lowest

MOST_SOLVES = 150  # searches for a lowest total; most requests need about thirty
MOST_RAISES = 3  # times a budget is raised again because what it buys has changed
MOST_GATHERS = 50  # times other offers are asked for
MOST_PLANS = 10  # whole plans made of the ways that look best
WORTHWHILE = 90  # percent: giving up one thing more must make the trip at least that much cheaper
HALF_HOUR = 30
DAY_ENDS = 24 * 60

Regather = Callable[[TripRequest], Offers | None]
Solve = Callable[[TripRequest, Offers], Itinerary | Infeasible]
_Rule = tuple[str, Callable[[TripRequest], TripRequest]]


def _build(request: TripRequest, offers: Offers) -> Itinerary | Infeasible:
    return build(request, offers, trip_id="probe", explained=False)


def relax(
    request: TripRequest,
    offers: Offers,
    infeasible: Infeasible,
    *,
    regather: Regather | None = None,
    most: int = 3,
    solve: Solve = _build,
) -> Infeasible:
    """`infeasible` with the smallest set of rules that clash and up to `most` ways out, least painful first.

    Each way has been planned and checked: building its request on its offers gives a plan of `total_kes`. Its offers
    are those of `regather`, which is asked for changed dates, stops and tastes and may return None when it cannot say;
    without it only what the given offers can serve is tried. `solve` plans a chosen way, where that is not `build`: the
    change of a trip that is planned already, say. `Relaxation.change` is a code ("budget", "nights",
    "stay_class", "cheap", "mode", "operator", "must_see", "locked", "avoid", "hours", "night", "after_dark", "stops",
    "dates", "meals", "pick", "bags", "own_arrangements", "requirement"), or several joined by "+".
    """
    lab = _Lab(request, offers, regather, solve)
    clash = _conflict(lab) or infeasible.rules
    ways = _checked(lab, _sensible(list(_ways(lab, most))), most)
    return replace(infeasible, rules=clash, relaxations=tuple(ways))


@dataclass(frozen=True, slots=True)
class _Way:
    """Changes that make a plan possible; `needed` is what the budget must rise to, 0 when it need not."""

    easings: tuple[Easing, ...]
    request: TripRequest
    floor: int
    needed: int
    pain: int

    def rank(self) -> tuple[int, int, str]:
        """Little given up first, then little money."""
        return self.pain, self.floor, self.change + "".join(easing.subject for easing in self.easings)

    @property
    def change(self) -> str:
        codes = [easing.code for easing in self.easings] + (["budget"] if self.needed else [])
        return "+".join(codes)

    def pointless_beside(self, other: _Way) -> bool:
        """Whether it gives up everything the other does and more, for little."""
        mine, others = _names(self.easings), _names(other.easings)
        little = not other.needed or self.needed * 100 > other.needed * WORTHWHILE
        return others < mine and little

    def says_the_same_as(self, other: _Way) -> bool:
        """Two lengths of trip are one idea; two different sights to leave out are two."""
        if self.change != other.change:
            return False
        many = {"must_see", "locked", "mode", "operator", "stops", "avoid", "requirement"}
        return {n for n in _names(self.easings) if n[0] in many} == {n for n in _names(other.easings) if n[0] in many}


def _names(several: Sequence[Easing]) -> set[tuple[str, str]]:
    return {(easing.code, easing.subject) for easing in several}


@dataclass(slots=True)
class _Lab:
    """Where requests are tried out, each once, until the allowance is used up."""

    request: TripRequest
    offers: Offers
    regather: Regather | None
    solve: Solve
    _floors: list[tuple[TripRequest, Offers, int | None]] = field(default_factory=list)
    _gathered: list[tuple[TripRequest, Offers | None]] = field(default_factory=list)

    def offers_of(self, request: TripRequest) -> Offers | None:
        """What is on offer for a changed request."""
        key = _gathering(request)
        if key == _gathering(self.request):
            return self.offers
        if self.regather is not None:
            known = [found for asked, found in self._gathered if asked == key]
            if not known and len(self._gathered) < MOST_GATHERS:
                known = [self.regather(request)]
                self._gathered.append((key, known[0]))
            if known and known[0] is not None:
                return known[0]
        before, after = _unpriced(self.request), _unpriced(request)
        tastes_only = replace(after, wishes=before.wishes) == before
        return self.offers if tastes_only and (self.regather is None or after == before) else None

    def floor(self, request: TripRequest, offers: Offers | None = None) -> int | None:
        """The lowest total of the request, None when nothing keeps its rules whatever it costs."""
        offers = offers or self.offers_of(request)
        if offers is None:
            return None
        asked = replace(request, budget_kes=None)
        known = [found for before, used, found in self._floors if used is offers and before == asked]
        if known:
            return known[0]
        if len(self._floors) >= MOST_SOLVES:
            return None
        floor = lowest(asked, offers)
        self._floors.append((asked, offers, floor))
        return floor

    def plan(self, request: TripRequest) -> Itinerary | None:
        """The plan that choosing this request gives, if it passes every check."""
        offers = self.offers_of(request)
        if offers is None:
            return None
        plan = self.solve(request, offers)
        if isinstance(plan, Infeasible) or broken(verify(plan, request, offers)):
            return None
        return plan if self._is_worth_it(plan, request) and self._sleeps_as_said(plan, request, offers) else None

    def _is_worth_it(self, plan: Itinerary, request: TripRequest) -> bool:
        """A shorter trip still has a night or a visit: days on the road for nothing are no way out."""
        beds = any(item.type is ItemType.STAY or (item.type is ItemType.OWN and item.spot) for item in plan.items)
        visits = any(item.type in (ItemType.ACTIVITY, ItemType.EVENT) for item in plan.items)
        return beds or visits or request.nights >= self.request.nights

    def _sleeps_as_said(self, plan: Itinerary, request: TripRequest, offers: Offers) -> bool:
        """Who is offered another class of bed gets no lesser one than that to make ends meet."""
        offered = request.wishes.stay_class
        if offered is None or offered is self.request.wishes.stay_class:
            return True
        taken = {item.offer_id for item in plan.items}
        classes = [CLASSES.index(stay.stay_class) for stay in offers.stays if stay.id in taken]
        return all(found >= CLASSES.index(offered) for found in classes)


def _gathering(request: TripRequest) -> TripRequest:
    """What offers may depend on: all but locks, requirements and the wishes that only choose among them."""
    wishes = replace(any_hour(request.wishes), road_after_dark=True, must_see=(), avoid=(), heavy_bags=False)
    free = replace(request.free, pick=None if request.free.pick is None else 1)
    bare = replace(request, locked=frozenset(), requirements=(), meals=(), own_arrangements=True, free=free)
    return replace(bare, wishes=wishes)


def _unpriced(request: TripRequest) -> TripRequest:
    return replace(_gathering(request), budget_kes=None)


# -- why ---------------------------------------------------------------------------------------------------------------


def _conflict(lab: _Lab) -> tuple[str, ...]:
    """Rules that cannot be kept together while any of them less can: what is left after deleting all that may go."""
    held = rules(lab.request)
    if not _possible(lab, ()):
        return ("time",)
    before = None
    while before != held:  # again, for a rule less can make things harder: with a bus there is no own arrangement
        before = held
        for one in tuple(held):
            rest = [other for other in held if other is not one]
            if not _possible(lab, rest):
                held = rest
    return tuple(name for name, _ in held)


def _possible(lab: _Lab, held: Sequence[_Rule]) -> bool:
    """Whether a plan exists when only these rules hold, on the offers as they are."""
    asked, names = lab.request, {name for name, _ in held}
    for name, ease in rules(lab.request):
        asked = asked if name in names else ease(asked)
    floor = lab.floor(asked, lab.offers)
    return floor is not None and (asked.budget_kes is None or floor <= asked.budget_kes)


# -- ways out ----------------------------------------------------------------------------------------------------------


def _ways(lab: _Lab, most: int) -> Iterator[_Way]:
    """A raised budget, every single easing, and pairs of easings as long as too few ways keep the budget."""
    raised = _try(lab, ())
    if raised is not None:
        yield raised
    plain = [*_plain_easings(lab), *_hours(lab), *_loosened(lab)]
    singles = [*plain, *_days(lab, possible=raised is not None), *_stops(lab)]
    tried = [(easing, _try(lab, (easing,))) for easing in singles]
    yield from (way for _, way in tried if way is not None)
    if sum(way is not None and not way.needed for _, way in tried) >= most:
        return
    left = [easing for easing, way in tried if way is None or way.needed]
    pairs = [(a, b) for a, b in combinations(left, 2) if a.code != b.code]
    for pair in sorted(pairs, key=lambda pair: sum(easing.pain for easing in pair)):
        if (way := _try(lab, pair)) is not None:
            yield way


def _try(lab: _Lab, several: Sequence[Easing]) -> _Way | None:
    """These easings with, if need be, the least higher budget they still ask for; None when they do not help."""
    eased = lab.request
    for easing in several:
        eased = easing.apply(eased)
    pain, floor, needed = sum(easing.pain for easing in several), lab.floor(eased), 0
    for _ in range(MOST_RAISES):
        budget = eased.budget_kes
        if floor is None or budget is None or floor <= budget:
            break
        needed, eased = floor, replace(eased, budget_kes=floor)
        floor = lab.floor(eased)  # with more money there may be other offers: better meals, say
    if floor is None or (eased.budget_kes is not None and floor > eased.budget_kes):
        return None
    if needed and lab.request.budget_kes is not None:
        over = needed - lab.request.budget_kes
        pain += 5 + 150 * over // lab.request.budget_kes  # a budget is given up last
    return _Way(tuple(several), eased, floor, needed, pain)


def _plain_easings(lab: _Lab) -> list[Easing]:
    return easings(lab.request, frozenset(offer.mode for offer in lab.offers.transports))


def _hours(lab: _Lab) -> Iterator[Easing]:
    """Hours widened just as far as it takes, earlier or later."""
    for name, earlier_is_wider in HOURS.items():
        at: time | None = getattr(lab.request.wishes, name)
        if at is None:
            continue
        room, wider = (_minutes(at), _earlier) if earlier_is_wider else (DAY_ENDS - _minutes(at), _later)
        steps = range(1, room // HALF_HOUR + 2)
        yield from least(steps, partial(_widened, name, at, wider), partial(_one, lab))


def _widened(name: str, at: time, wider: Callable[[time, int], time | None], steps: int) -> Easing:
    return hours(name, wider(at, steps), steps)


def _one(lab: _Lab, easing: Easing) -> int | None:
    """What a single easing needs of the budget, 0 when nothing more; None when it does not help."""
    way = _try(lab, (easing,))
    return None if way is None else way.needed


def _loosened(lab: _Lab) -> Iterator[Easing]:
    for requirement in lab.request.requirements:
        yield from loosened(requirement, partial(_one, lab))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _earlier(at: time, steps: int) -> time | None:
    minutes = _minutes(at) - steps * HALF_HOUR
    return time(minutes // 60, minutes % 60) if minutes > 0 else None


def _later(at: time, steps: int) -> time | None:
    minutes = _minutes(at) + steps * HALF_HOUR
    return time(minutes // 60, minutes % 60) if minutes < DAY_ENDS else None


def _days(lab: _Lab, *, possible: bool) -> Iterator[Easing]:
    """Fewer nights where money lacks: one less, and as many as should fit. Where time lacks: a night more, or later."""
    request = lab.request
    if lab.regather is None:
        return
    if not possible:
        yield from (longer(request, request.nights + 1), later(1), later(2))
    stops = request.free.pick or len(request.stops)
    fewest = stops if stops > 1 else 0
    if request.nights > fewest:
        simpler = [(easing,) for easing in _plain_easings(lab) if easing.code in ("cheap", "stay_class")]
        fitting = {n for several in ((), *simpler) for n in _fitting(lab, several)}
        wanted = sorted({n for n in fitting if fewest <= n < request.nights} | {request.nights - 1}, reverse=True)
        yield from (shorter(request, n) for n in wanted)


def _fitting(lab: _Lab, several: tuple[Easing, ...]) -> tuple[int, ...]:
    """Nights that the budget should hold, judged by what one night less saves, and a night fewer to be safe."""
    budget, nights = lab.request.budget_kes, lab.request.nights
    whole, fewer = _try(lab, several), _try(lab, (*several, shorter(lab.request, nights - 1)))
    if budget is None or whole is None or fewer is None or not fewer.needed:
        return ()
    saved = whole.floor - fewer.floor
    fit = nights + (budget - whole.floor) // saved if saved > 0 else 0
    return (fit, fit - 1) if fit > 0 else (1, 0)


def _stops(lab: _Lab) -> Iterator[Easing]:
    if lab.regather is not None and len(lab.request.stops) > 1 and lab.request.free.pick is None:
        yield from (without_stop(lab.request, index) for index in range(len(lab.request.stops)))


# -- choosing ----------------------------------------------------------------------------------------------------------


def _sensible(ways: Sequence[_Way]) -> list[_Way]:
    """Without those that give up something for nothing, the least painful first."""
    return sorted((way for way in ways if not any(way.pointless_beside(other) for other in ways)), key=_Way.rank)


def _checked(lab: _Lab, ranked: Sequence[_Way], most: int) -> list[Relaxation]:
    """The best ways that hold when planned in full and that each say something of their own."""
    chosen: list[tuple[_Way, Itinerary]] = []
    tried = 0
    # A higher budget alone always belongs to the choice: it changes nothing else.
    raise_only = [way for way in ranked if not way.easings]
    for way in [*raise_only, *(way for way in ranked if way.easings)]:
        others = [other for other, _ in chosen]
        if any(way.says_the_same_as(other) for other in others):
            continue
        if len(chosen) == most or tried == MOST_PLANS:
            break
        tried += 1
        plan = lab.plan(way.request)
        if plan is not None and not any(_same(plan, other) for _, other in chosen) and not _gappier(plan, chosen):
            chosen.append((way, plan))
    chosen.sort(key=lambda pair: pair[0].rank())
    return [Relaxation(way.change, way.request, plan.total_kes) for way, plan in chosen]


def _same(plan: Itinerary, other: Itinerary) -> bool:
    return [(item.id, item.price_kes) for item in plan.items] == [(item.id, item.price_kes) for item in other.items]


def _gappier(plan: Itinerary, chosen: Sequence[tuple[_Way, Itinerary]]) -> bool:
    """Whether it leaves more to the traveller than another way: a gap without a price only looks cheap."""
    gaps = [_gaps(other) for _, other in chosen]
    return bool(gaps) and _gaps(plan) > min(gaps)


def _gaps(plan: Itinerary) -> int:
    return sum(item.type is ItemType.OWN and item.price is None for item in plan.items)
