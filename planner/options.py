"""What each choice of the solver brings into a plan, as the requirements see it: things with their cost and time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from planner.days import DayPlan
from planner.demands import Option, Part
from planner.matching import Thing, picks, thing
from planner.meals import Sitting
from planner.model import Offer, Spot, StayOffer, TripRequest
from planner.narrowing import precedence, selectors
from planner.programmes import Planner
from planner.requirements import Kind, Which
from planner.shape import DAY, Move, Rides

RIDES = Thing(Kind.RIDE, "rides", (), "")  # several of them, where it does not matter which

Literal = TypeVar("Literal")


@dataclass(slots=True)
class Options(Generic[Literal]):
    """The choices with what they bring, by number; nothing is kept when there are no requirements."""

    request: TripRequest
    zone: ZoneInfo
    literals: list[Literal] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    _things: dict[str, Thing] = field(default_factory=dict)
    _selectors: tuple[Which, ...] = field(init=False)
    _exact: bool = field(init=False)  # whether each ride counts apart, and the minute of a visit

    def __post_init__(self) -> None:
        self._selectors = tuple(selectors(self.request))
        singly = any(which.modes or Kind.RIDE in which.kinds for which in self._selectors)
        self._exact = singly or precedence(self.request) is not None

    def thing(self, offer: Offer) -> Thing:
        """An offer as a selector sees it, made once."""
        if offer.id not in self._things:
            self._things[offer.id] = thing(offer, self.zone)
        return self._things[offer.id]

    def add(self, on: Literal, parts: Iterable[Part], day: int, stop: int) -> None:
        """Remember what a choice brings."""
        if self.request.requirements and (held := tuple(parts)):
            self.options.append(Option(len(self.literals), held, day, stop))
            self.literals.append(on)

    def signature(self, offer: Move | StayOffer) -> Hashable:
        """What the selectors make of an offer: what differs here replaces nothing."""
        its = [self.thing(offer)] if isinstance(offer, StayOffer) else [p.thing for p in self._moved(offer)]
        return tuple(sum(picks(which, it) for it in its) for which in self._selectors)

    def of_move(self, move: Move, ways: Iterable[tuple[Rides, Spot, Spot]]) -> list[Part]:
        """A long way, and the rides from home to it and from it home."""
        changes = [Part(self.thing(move.change), move.change.price.kes)] if move.change else []
        return [*self._moved(move), *changes, *self.of_rides(ways)]

    def of_rides(self, ways: Iterable[tuple[Rides, Spot, Spot]]) -> list[Part]:
        """Each ride by itself."""
        found = [ride for rides, a, b in ways if a.id != b.id and (ride := rides.get(a, b)) is not None]
        return [Part(self.thing(ride), ride.price.kes) for ride in found]

    def of_meal(self, sitting: Sitting) -> list[Part]:
        """A meal, and the rides it brings instead of the direct one."""
        paid = sitting.kes - sitting.detour_kes
        eaten = Part(self.thing(sitting.place), paid, begins=sitting.starts[0])
        if not self._exact:
            return [eaten, Part(RIDES, sitting.detour_kes)]
        ways = sitting.gap.ways(sitting.place.spot, sitting.onward)
        rides = [(ride, many) for (rides, a, b), many in ways if a.id != b.id and (ride := rides.get(a, b)) is not None]
        return [eaten, *(Part(self.thing(ride), many * ride.price.kes, many=many) for ride, many in rides)]

    def of_plan(self, plan: DayPlan, day: date, planner: Planner) -> list[Part]:
        """The visits of a day and its rides."""
        if not self.request.requirements:
            return []
        programme, starts = plan.programme, plan.laid.starts if plan.laid else ()
        rides = [Part(RIDES, plan.rides_kes)]
        if self._exact and plan.laid is not None:
            rides = self.of_rides(plan.laid.ways)
        elif self._exact and programme.order:
            midnight = (day - self.request.start).days * DAY
            table = planner.timetable(day, programme.bed, programme.order, programme.leaves, midnight + DAY)
            starts = tuple(slot.start for slot in table.slots)
            rides = self.of_rides((way.rides, way.origin, way.destination) for way in table.ways)
        begins = starts or range(len(programme.order))
        seen = [
            Part(self.thing(a), a.price.kes if a.price else 0, begins=at)
            for a, at in zip(programme.order, begins, strict=True)
        ]
        return [*seen, *rides]

    def _moved(self, move: Move) -> list[Part]:
        if move.parts:
            return [Part(self.thing(part), part.price.kes, begins=move.depart) for part in move.parts]
        if move.ride is not None:
            return [Part(self.thing(move.ride), move.cost, begins=move.depart)]
        own = Thing(Kind.TRANSPORT, move.id, (), move.destination.place, out_of=move.origin.place, mode=move.mode)
        return [Part(own, begins=move.depart)]
