"""The single things a traveller might give up so that a trip becomes possible, each with a name and how much it hurts.

`pain` is in hundredths of the trip: half of the days is about 50. The figures are Safiri's own judgement; they only put
ways that all work in an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

from planner.limits import any_hour
from planner.model import Mode, StayClass, Stop, TripRequest, Wishes
from planner.requirements import Requirement, Rule

CLASSES = (StayClass.BUDGET, StayClass.MID, StayClass.HIGH)  # simplest first
SHARED = frozenset({Mode.BUS, Mode.MATATU})  # to most people both are "the bus"


@dataclass(frozen=True, slots=True)
class Easing:
    """One change of a request. `code` says what kind, `subject` what exactly; two of one code never go together."""

    code: str
    subject: str
    pain: int
    apply: Callable[[TripRequest], TripRequest]


def easings(request: TripRequest, modes: frozenset[Mode] = frozenset()) -> list[Easing]:
    """What can be eased without asking for other days; `modes` are the ways to travel that are on offer."""
    found = [*_comfort(request.wishes), *_modes(request.wishes, modes), *_names(request)]
    if not request.wishes.night_travel:
        found.append(Easing("night", "", 25, lambda r: _wishing(r, night_travel=True)))
    if not request.wishes.road_after_dark:
        found.append(Easing("after_dark", "", 25, lambda r: _wishing(r, road_after_dark=True)))
    if request.wishes.heavy_bags:
        found.append(Easing("bags", "", 20, lambda r: _wishing(r, heavy_bags=False)))
    if not request.own_arrangements:
        found.append(Easing("own_arrangements", "", 25, lambda r: replace(r, own_arrangements=True)))
    return [*found, *_meals(request), *_fewer_stops(request), *map(without_requirement, request.requirements)]


def shorter(request: TripRequest, nights: int) -> Easing:
    """Home earlier, with so many nights. Stops with a fixed number of nights give up theirs, the longest first."""
    lost = request.nights - nights
    pain = 5 + 100 * lost // (request.nights + 1)
    return Easing("nights", str(nights), pain, lambda r: _with_nights(r, nights))


def longer(request: TripRequest, nights: int) -> Easing:
    """A night more: only where time is what lacks."""
    return Easing("nights", str(nights), 25, lambda r: _with_nights(r, nights))


def later(days: int) -> Easing:
    """The same trip some days later."""
    shift = timedelta(days=days)
    return Easing("dates", str(days), 15 + 5 * days, lambda r: replace(r, start=r.start + shift, end=r.end + shift))


def without_stop(request: TripRequest, index: int) -> Easing:
    """Leave out one of several stops."""
    stops = request.stops[:index] + request.stops[index + 1 :]

    def apply(asked: TripRequest) -> TripRequest:
        fixed = sum(stop.nights or 0 for stop in stops)
        if all(stop.nights is not None for stop in stops):
            return replace(asked, stops=stops, end=asked.start + timedelta(days=fixed))
        return replace(asked, stops=stops)

    return Easing("stops", request.stops[index].place, 100 // len(request.stops), apply)


def without_requirement(requirement: Requirement) -> Easing:
    """A requirement given up; one that is dearer to the traveller hurts more."""
    name, pain = requirement.name, min(60, 25 + 5 * requirement.weight)
    return Easing("requirement", name, pain, lambda r: _requiring(r, name, None))


def with_rule(requirement: Requirement, rule: Rule, pain: int) -> Easing:
    """A requirement with another rule in the place of its own."""
    return Easing("requirement", requirement.name, pain, lambda r: _requiring(r, requirement.name, rule))


def _requiring(request: TripRequest, name: str, rule: Rule | None) -> TripRequest:
    required = (
        replace(each, rule=rule) if each.name == name and rule is not None else each
        for each in request.requirements
        if each.name != name or rule is not None
    )
    return replace(request, requirements=tuple(required))


# The hours a traveller can set, and whether an earlier one is the wider.
HOURS = {
    "earliest": True, "latest": False,
    "leave_after": True, "arrive_by": False, "leave_back_after": True, "back_by": False,
}  # fmt: skip


def hours(name: str, at: time | None, steps: int) -> Easing:
    """Another hour for one of HOURS (None: any), `steps` half hours wider than the one asked for."""
    return Easing("hours", f"{name} {at}", 10 + min(30, 2 * steps), lambda r: _wishing(r, **{name: at}))


def rules(request: TripRequest) -> list[tuple[str, Callable[[TripRequest], TripRequest]]]:
    """The rules of a request by name with the request without each; those least often to blame come first."""
    *wishes, budget = WITHOUT.items()
    required = [(each.name, without_requirement(each).apply) for each in request.requirements]
    return [(name, ease) for name, ease in (*wishes, *required, budget) if ease(request) != request]


# The rules that every request has, and the request without each.
WITHOUT: dict[str, Callable[[TripRequest], TripRequest]] = {
    "stay_class": lambda r: _wishing(r, stay_class=None),
    "bags": lambda r: _wishing(r, heavy_bags=False),
    "own_arrangements": lambda r: replace(r, own_arrangements=True),
    "meals": lambda r: replace(r, meals=()),
    "pick": lambda r: _picking(r, 1),
    "hours": lambda r: replace(r, wishes=any_hour(r.wishes)),
    "after_dark": lambda r: _wishing(r, road_after_dark=True),
    "refused": lambda r: _wishing(r, modes_refused=frozenset(), operators_refused=frozenset(), avoid=()),
    "locked": lambda r: replace(r, locked=frozenset()),
    "must_see": lambda r: _wishing(r, must_see=()),
    "budget": lambda r: replace(r, budget_kes=None),
}


def _picking(request: TripRequest, pick: int) -> TripRequest:
    fewer = request.free.pick is not None and pick < request.free.pick
    return replace(request, free=replace(request.free, pick=pick)) if fewer else request


def _meals(request: TripRequest) -> Iterator[Easing]:
    """Food as one likes, or one meal less that is planned."""
    if request.meals:
        yield Easing("meals", "", 25, lambda r: replace(r, meals=()))
    for meal in request.meals if len(request.meals) > 1 else ():
        yield Easing("meals", meal.name, 15, lambda r, m=meal: replace(r, meals=tuple(o for o in r.meals if o != m)))  # type: ignore[misc]


def _fewer_stops(request: TripRequest) -> Iterator[Easing]:
    pick = request.free.pick or 1
    if pick > 1:
        yield Easing("pick", str(pick - 1), 100 // pick, lambda r: _picking(r, pick - 1))


def _comfort(wishes: Wishes) -> Iterator[Easing]:
    lavish = wishes.comfort or wishes.stay_class is StayClass.HIGH
    if not wishes.cheap:
        yield Easing("cheap", "", 30 if lavish else 15, lambda r: _wishing(r, cheap=True))
    wanted = CLASSES.index(wishes.stay_class) if wishes.stay_class else 0
    for steps, simpler in enumerate(reversed(CLASSES[:wanted]), 1):
        yield Easing("stay_class", simpler, 15 * steps, lambda r, s=simpler: _wishing(r, stay_class=s, comfort=False))  # type: ignore[misc]


def _modes(wishes: Wishes, offered: frozenset[Mode]) -> Iterator[Easing]:
    """A refused way to travel after all, or another one than the wanted; who is given it is taken to want it."""
    for family in _families(wishes.modes_refused):
        yield _by(family, pain=20)
    if wishes.modes_wanted:
        for family in _families(offered - wishes.modes_wanted - wishes.modes_refused):
            yield _by(family, pain=10)
    for name in sorted(wishes.operators_refused):
        yield Easing("operator", name, 15, _taking_out("operators_refused", name))


def _by(family: frozenset[Mode], pain: int) -> Easing:
    def apply(request: TripRequest) -> TripRequest:
        return _wishing(request, modes_refused=request.wishes.modes_refused - family, modes_wanted=family)

    return Easing("mode", min(family), pain, apply)


def _families(modes: frozenset[Mode]) -> list[frozenset[Mode]]:
    shared = modes & SHARED
    rest = [frozenset({mode}) for mode in sorted(modes - SHARED)]
    return [SHARED, *rest] if shared else rest


def _names(request: TripRequest) -> Iterator[Easing]:
    for name in request.wishes.must_see:
        yield Easing("must_see", name, 40, _taking_out("must_see", name))
    for name in sorted(request.locked):
        yield Easing("locked", name, 30, lambda r, n=name: replace(r, locked=r.locked - {n}))  # type: ignore[misc]
    for name in request.wishes.avoid:
        yield Easing("avoid", name, 30, _taking_out("avoid", name))


def _taking_out(field: str, name: str) -> Callable[[TripRequest], TripRequest]:
    def apply(request: TripRequest) -> TripRequest:
        names = getattr(request.wishes, field)
        return _wishing(request, **{field: type(names)(each for each in names if each != name)})

    return apply


def _wishing(request: TripRequest, **changes: object) -> TripRequest:
    return replace(request, wishes=replace(request.wishes, **changes))  # type: ignore[arg-type]


def _with_nights(request: TripRequest, nights: int) -> TripRequest:
    """Raises ValueError for more nights when every stop has its own."""
    return replace(request, end=request.start + timedelta(days=nights), stops=_trimmed(request.stops, nights))


def _trimmed(stops: Sequence[Stop], nights: int) -> tuple[Stop, ...]:
    left = list(stops)
    while (asked := sum(stop.nights or 0 for stop in left)) > nights:
        longest = max(range(len(left)), key=lambda n: (left[n].nights or 0, n))
        left[longest] = replace(left[longest], nights=(left[longest].nights or 0) - 1)
    if asked < nights and all(stop.nights is not None for stop in left):
        left[-1] = replace(left[-1], nights=(left[-1].nights or 0) + nights - asked)
    return tuple(left)
