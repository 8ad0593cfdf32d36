"""What a traveller may require of a trip, as data: rules over whatever a selector picks, each with a name.

A `Requirement` is hard: `planner.solver.build` keeps it, `planner.checks.verify` derives it again from the finished
plan, and `planner.best.best_effort` says by name which ones it had to give up. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from planner.kinds import Mode, StayClass


class Kind(StrEnum):
    """The kinds of thing a selector picks from; also the heads under which money is spent."""

    TRANSPORT = "transport"  # between towns
    STAY = "stay"
    VISIT = "visit"  # sights and events: their tickets
    MEAL = "meal"  # places to eat, and the daily allowance where there are none
    RIDE = "ride"  # local


class Over(StrEnum):
    """What a count or an amount is taken over; amounts per item, night and day are means."""

    TRIP = "trip"
    DAY = "day"
    STOP = "stop"
    ITEM = "item"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Near:
    """Within so many kilometres, as the crow flies, of a position in degrees."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Which:
    """Picks what matches every field that is given; an empty selector picks everything.

    `names` are offer ids or words found in a name (or, for transport, in its operator or service), any of them.
    Fields about times only ever match transport. What is not known about a thing (a position, a length) never matches.
    """

    kinds: frozenset[Kind] = frozenset()
    names: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()  # at least one of these …
    with_tags: frozenset[str] = frozenset()  # … all of these …
    without_tags: frozenset[str] = frozenset()  # … none of these
    places: frozenset[str] = frozenset()  # town slugs: where it is, for transport where it leads to
    out_of: frozenset[str] = frozenset()  # town slugs transport leaves from
    modes: frozenset[Mode] = frozenset()
    classes: frozenset[StayClass] = frozenset()
    near: Near | None = None
    shorter_km: float | None = None  # rides and transport shorter than this
    longer_km: float | None = None  # … longer than this
    most_kes: int | None = None  # price for the whole party at most (a stay: of a night); an unknown fee matches
    least_score: float | None = None
    overnight: bool | None = None  # whether transport arrives on a later date than it leaves
    leaves_before: time | datetime | None = None
    leaves_after: time | datetime | None = None
    arrives_before: time | datetime | None = None
    arrives_after: time | datetime | None = None
    on: frozenset[date] = frozenset()  # what begins on one of these dates; a bed: is slept in on one of these nights
    but: Which | None = None  # and not what this one picks

    @property
    def dated(self) -> bool:
        """Whether it depends on the day what is picked."""
        return bool(self.on) or (self.but is not None and self.but.dated)


@dataclass(frozen=True, slots=True)
class Count:
    """At least and at most so many of these. Must: `least` 1; must not: `most` 0; any of: a selector with many names.

    `over` TRIP, DAY or STOP: in all, on each day, at each stop.
    """

    which: Which
    least: int = 0
    most: int | None = None
    over: Over = Over.TRIP
    rule: Literal["count"] = "count"


@dataclass(frozen=True, slots=True)
class Spend:
    """At most so much money on these: in all, or on average over days, items or nights; per person if so said.

    `over` NIGHT divides by the nights slept in the stays picked, ITEM by the number of things picked.
    """

    which: Which
    most_kes: int
    over: Over = Over.TRIP
    per_person: bool = False
    rule: Literal["spend"] = "spend"


@dataclass(frozen=True, slots=True)
class Every:
    """Everything in the plan that `which` picks is also picked by `must`."""

    which: Which
    must: Which
    rule: Literal["every"] = "every"


@dataclass(frozen=True, slots=True)
class Apart:
    """The plan has nothing of `one` or nothing of `other`: one's own car, say, or flights and taxis."""

    one: Which
    other: Which
    rule: Literal["apart"] = "apart"


@dataclass(frozen=True, slots=True)
class Order:
    """Both are visited, and all of `first` before any of `then`."""

    first: Which
    then: Which
    rule: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class Timed:
    """One visit of `which` that keeps these times (local clock): there at `begins` until `ends`, all of it between
    `not_before` and `not_after`, at least `minutes` long.
    """

    which: Which
    begins: time | None = None
    ends: time | None = None
    not_before: time | None = None
    not_after: time | None = None
    minutes: int | None = None
    rule: Literal["timed"] = "timed"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these rules."""

    rules: tuple[Rule, ...]
    rule: Literal["any"] = "any"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these rules."""

    rules: tuple[Rule, ...]
    rule: Literal["all"] = "all"


Rule = Count | Spend | Every | Apart | Order | Timed | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Requirement:
    """A rule with the name it is known by. `weight` says how dear it is where not all can be kept."""

    name: str
    rule: Rule
    weight: int = 1


@dataclass(frozen=True, slots=True)
class MealTime:
    """A meal of every day and when it may begin and must be over, on the local clock.

    It is eaten at a place to eat of the offers, unless the party arrives after it begins, leaves before it is over,
    or is at something that fills the whole time. It takes `minutes`, whatever the place.
    """

    name: str
    opens: time
    closes: time
    minutes: int = 60

    def __post_init__(self) -> None:
        if self.closes <= self.opens or self.minutes <= 0:
            raise ValueError(f"{self.name}: a meal has a time of the day")


@dataclass(frozen=True, slots=True)
class Freedom:
    """What a request leaves open about its stops; nothing by default: all of them, as ordered, nights split evenly."""

    pick: int | None = None  # so many of the stops
    order: bool = False  # in any order
    nights: bool = False  # nights not fixed are split as is best, each stop having at least its `least`

    def __post_init__(self) -> None:
        if self.pick is not None and self.pick < 1:
            raise ValueError("at least one stop is to be picked")
