"""Requirements as linear inequalities over the choices of a trip: what planner.solver adds to its model.

A choice is something the solver takes or leaves (a departure, a bed for so many nights, the programme of a day, a meal
at a place) with the things it brings into the plan. A rule becomes a tree: `Linear` leaves under `All` and `Some`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from planner.matching import Thing, picks
from planner.requirements import AllOf, AnyOf, Apart, Count, Every, Order, Over, Rule, Spend, Timed, Which


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a choice brings: what it costs the party in all, the nights slept in it, the trip minute it begins."""

    thing: Thing
    kes: int = 0
    nights: int = 0
    begins: int = 0
    many: int = 1  # -1: one less of what another choice brings


@dataclass(frozen=True, slots=True)
class Option:
    """A choice by its number, the things it brings, the day (counted from the first) and the stop it belongs to."""

    number: int
    parts: tuple[Part, ...]
    day: int
    stop: int


@dataclass(frozen=True, slots=True)
class Linear:
    """Sum of factor times choice (1 when taken) is at least `low` and at most `high`."""

    terms: tuple[tuple[int, int], ...]  # choice number, factor
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds."""

    of: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds."""

    of: tuple[Demand, ...]


Demand = Linear | All | Some

_Test = Callable[[Part], bool]


@dataclass(frozen=True, slots=True)
class Trip:
    """What rules are about: the choices there are, and the figures of the request."""

    options: Sequence[Option]
    people: int
    days: int
    stops: int
    allowance: Part | None = None  # meals that are no choice
    _picked: dict[tuple[int, int], bool] = field(default_factory=dict)

    def demand(self, rule: Rule) -> Demand:
        """The rule over these choices."""
        match rule:
            case Count():
                return self._count(rule)
            case Spend():
                return self._spend(rule)
            case Every(which, must):
                terms = self._terms(lambda part: self._picks(which, part) and not self._picks(must, part))
                return Linear(terms, high=0)
            case Apart(one, other):
                return Some((self._none(one), self._none(other)))
            case Order(first, then):
                return All((self._some(first), self._some(then), *self._in_order(first, then)))
            case Timed(which):
                return self._some(which)  # its times are those of the offer: planner.narrowing
            case AnyOf(rules):
                return Some(tuple(self.demand(each) for each in rules))
            case AllOf(rules):
                return All(tuple(self.demand(each) for each in rules))

    def _picks(self, which: Which, part: Part) -> bool:
        """Whether a selector picks a part; the same thing comes in many choices."""
        key = (id(which), id(part.thing))
        if key not in self._picked:
            self._picked[key] = picks(which, part.thing)
        return self._picked[key]

    # -- one rule each ---------------------------------------------------------------------------------------------

    def _count(self, rule: Count) -> Demand:
        groups: dict[Hashable, list[Option]] = defaultdict(list)
        for option in self.options:
            groups[{Over.DAY: option.day, Over.STOP: option.stop}.get(rule.over, 0)].append(option)
        keys: Sequence[Hashable] = {Over.DAY: range(self.days), Over.STOP: range(self.stops)}.get(rule.over, (0,))
        low = rule.least or None
        return All(
            tuple(
                Linear(self._terms(lambda part: self._picks(rule.which, part), groups[key]), low, rule.most)
                for key in keys
            )
        )

    def _spend(self, rule: Spend) -> Demand:
        limit = rule.most_kes * (self.people if rule.per_person else 1)
        mean = rule.over in (Over.ITEM, Over.NIGHT)

        def over(part: Part) -> int:
            """What a part costs more than the mean may be, or at all."""
            units = part.nights if rule.over is Over.NIGHT else 1
            return part.kes - (limit * units * part.many if mean else 0)

        spent = 0
        if self.allowance is not None and picks(rule.which, self.allowance.thing):
            spent = self.allowance.kes * self.days
        terms = tuple(
            (option.number, factor)
            for option in self.options
            if (factor := sum(over(part) for part in option.parts if self._picks(rule.which, part)))
        )
        if mean:
            return Linear(terms, high=0)
        return Linear(terms, high=limit * {Over.DAY: self.days, Over.STOP: self.stops}.get(rule.over, 1) - spent)

    def _none(self, which: Which) -> Linear:
        return Linear(self._terms(lambda part: self._picks(which, part)), high=0)

    def _some(self, which: Which) -> Linear:
        return Linear(self._terms(lambda part: self._picks(which, part)), low=1)

    def _in_order(self, first: Which, then: Which) -> Iterator[Linear]:
        """Nothing of `then` begins before anything of `first`."""
        firsts = [
            (part.begins, option.number) for option in self.options for part in option.parts if self._picks(first, part)
        ]
        for option in self.options:
            begins = min((part.begins for part in option.parts if self._picks(then, part)), default=None)
            if begins is None:
                continue
            later = {number for at, number in firsts if at > begins}
            if option.number in later:
                yield Linear(((option.number, 1),), high=0)
            elif later:
                size = len(later)
                yield Linear(((option.number, size), *((number, 1) for number in sorted(later))), high=size)

    def _terms(self, wanted: _Test, among: Sequence[Option] | None = None) -> tuple[tuple[int, int], ...]:
        found = []
        for option in self.options if among is None else among:
            if many := sum(part.many for part in option.parts if wanted(part)):
                found.append((option.number, many))
        return tuple(found)
