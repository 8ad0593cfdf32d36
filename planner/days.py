"""What may be done on each day: the candidates of a stop, and the programmes the solver may choose from.

With a settled choice only the days are open, and they are searched among more candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from planner.choice import Choice
from planner.hours import SETTLE, pauses, windows
from planner.limits import Limits
from planner.matching import picks, thing
from planner.meals import BEST, CHEAPEST, Eating, Laid
from planner.model import ActivityOffer, ItemType, MealTime, Offers, Spot, TripRequest
from planner.programmes import Planner, Programme
from planner.requirements import AllOf, AnyOf, Count, Order, Rule, Timed, Which
from planner.shape import DAY, Visit, down, up
from planner.touring import Order as Visits
from planner.touring import tours
from planner.values import day_out, meal_worth

APART = 60  # minutes between the moments of a day from which programmes are made
LONG = 12  # visits there may be at a stop from which its days are planned together …
ROUNDS = 60  # … in so many rounds
PLACES = 40  # places to eat considered per stop, best first; half as many of the cheapest come on top
COARSE_PLACES = 3  # places tried for one meal before it is settled how to move and where to sleep


def wanted(offer: ActivityOffer, names: Sequence[str]) -> bool:
    """Whether a list of ids and words names this activity."""
    title = offer.name.casefold()
    return any(name == offer.id or name.casefold() in title for name in names)


def needed(request: TripRequest) -> Iterator[tuple[Which, int]]:
    """Kinds of thing the requirements want in the plan, and how many."""
    for requirement in request.requirements:
        yield from _needed(requirement.rule, request.nights + 1)


def _needed(rule: Rule, days: int) -> Iterator[tuple[Which, int]]:
    match rule:
        case Count(which, least, _, over) if least:
            yield which, least * (days if over != "trip" else 1)
        case Timed(which):
            yield which, 1
        case Order(first, then):
            yield first, 1
            yield then, 1
        case AnyOf(rules) | AllOf(rules):
            for each in rules:
                yield from _needed(each, days)
        case _:
            pass


@dataclass(frozen=True, slots=True)
class BedTimes:
    """A place to sleep in (or the middle of town), and when each move brings one there or takes one away."""

    spot: Spot
    ready: Mapping[str, int]  # move id → minute one stands at the bed
    due: Mapping[str, int]  # move id → minute one must leave it


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A programme, and how it is laid out where meals are eaten at places.

    `outing` is what it is worth to do anything at all that day.
    """

    programme: Programme
    laid: Laid | None = None
    eating: Eating | None = None
    outing: int = 0

    @property
    def busy(self) -> bool:
        """Whether one must be there for it."""
        return bool(self.programme.order or (self.laid and self.laid.gaps))

    @property
    def ends(self) -> int:
        """When one is back."""
        return self.laid.ends if self.laid else self.programme.ends

    @property
    def rides_kes(self) -> int:
        """What its local rides cost, ways to places to eat left out."""
        return self.laid.rides_kes if self.laid else self.programme.cost - self.tickets_kes

    @property
    def tickets_kes(self) -> int:
        """What its visits cost."""
        return sum(a.price.kes for a in self.programme.order if a.price)

    @property
    def worth(self) -> int:
        """What it is worth to the party."""
        return self.programme.worth + (self.outing if self.programme.order else 0)


@dataclass(slots=True)
class Days:
    """Makes the day programmes of one request."""

    request: TripRequest
    offers: Offers
    planner: Planner
    limit: int  # candidates per stop beside those asked for by name
    settled: Choice | None
    limits: Limits
    _orders_of: dict[object, list[tuple[ActivityOffer, ...]]] = field(default_factory=dict)
    _eating: dict[object, Eating | None] = field(default_factory=dict)
    _tours: dict[int, Mapping[date, Sequence[Visits]]] = field(default_factory=dict)
    _candidates: dict[int, list[ActivityOffer]] = field(default_factory=dict)

    def plans(self, visit: Visit, day: date, bed: BedTimes, beds: Sequence[BedTimes]) -> list[DayPlan]:
        """What can be done from this bed, for each moment one may be ready that day."""
        midnight = (day - self.request.start).days * DAY
        due = max(bed.due.values(), default=self._indoors(midnight)) if day == visit.last else midnight + DAY
        moments = self._moments(bed, midnight)
        if self.limit:
            moments = _thinned(moments)
        eating = self._eating_on(visit, day)
        planner = eating.planner if eating else self.planner
        orders = self._orders(visit, day, beds, planner)
        keep = self.named_ids(visit, beds)
        short = visit.last - visit.first <= timedelta(days=1)  # there is no other day to see anything of it
        outing = day_out(self.request, whole=short or visit.first < day < visit.last)
        if eating is None:
            return [
                DayPlan(p, outing=outing) for p in planner.fitted(day, bed.spot, orders, moments, due, keep, outing)
            ]
        dues = self._dues(bed, midnight, eating) if day == visit.last and bed.due else [due]
        found = [_away(eating, bed.spot, moments[0])]
        for until in dues:
            made = planner.fitted(day, bed.spot, orders, moments, until, keep, outing)[1:]
            made += [Programme(bed.spot, (), moment, moment, 0, 0) for moment in moments]
            for programme in made:
                laid = eating.laid(day, programme, until)
                if laid is not None and all(eating.sittings(day, gap) for gap in laid.gaps):
                    found.append(DayPlan(_as_laid(programme, laid, planner), laid, eating, outing))
        return found

    def candidates(self, visit: Visit, beds: Sequence[BedTimes]) -> list[ActivityOffer]:
        """What was asked for by name or requirement, and of the rest the best for its price and the way there."""
        if visit.index not in self._candidates:
            self._candidates[visit.index] = self._find_candidates(visit, beds)
        return self._candidates[visit.index]

    def named_ids(self, visit: Visit, beds: Sequence[BedTimes]) -> frozenset[str]:
        """Ids of the candidates that are asked for."""
        found = self.candidates(visit, beds)
        return frozenset(a.id for a in found if self._named(a)) | self._required(visit, found)

    # -- candidates ------------------------------------------------------------------------------------------------

    def _find_candidates(self, visit: Visit, beds: Sequence[BedTimes]) -> list[ActivityOffer]:
        request = self.request
        pool = [a for a in visit.activities if a.kind is not ItemType.MEAL and not wanted(a, request.wishes.avoid)]
        open_ = [a for a in pool if any(self.planner.opens(a, day) for day in visit.days)]
        required = self._required(visit, open_)
        named = [a for a in pool if self._named(a) or a.id in required]
        if not self.limit:
            return named
        bed, asked = self._nearest(beds, pool), {a.id for a in named}
        ranked = sorted((a for a in open_ if a.id not in asked), key=lambda a: (-self.planner.alone(a, bed), a.id))
        tastes = self.planner.tastes
        enough = max(self.limit, tastes.visits * len(visit.days) * 3 // 2) if self.settled else self.limit
        return named + ranked[:enough]

    def _named(self, activity: ActivityOffer) -> bool:
        return wanted(activity, self.request.wishes.must_see) or activity.id in self.request.locked

    def _required(self, visit: Visit, pool: Sequence[ActivityOffer]) -> frozenset[str]:
        """Of each kind the requirements want, the best and the cheapest few."""
        zone, found = ZoneInfo(self.offers.zone), set[str]()
        for which, many in needed(self.request):
            mine = [a for a in pool if picks(which, thing(a, zone))]
            best = sorted(mine, key=lambda a: (-self.planner.alone(a, a.spot), a.id))
            cheap = sorted(mine, key=lambda a: (a.price.kes if a.price else 0, a.minutes, a.id))
            found |= {a.id for a in (*best[: many + 1], *cheap[: many + 1])}
        return frozenset(found)

    def _searched_from(self, beds: Sequence[BedTimes], candidates: Sequence[ActivityOffer]) -> list[Spot]:
        """The beds from which days are searched: every one where the answer may be that there is no plan."""
        return [self._nearest(beds, candidates)] if self.limit else [bed.spot for bed in beds]

    def _nearest(self, beds: Sequence[BedTimes], candidates: Sequence[ActivityOffer]) -> Spot:
        """The bed with the shortest rides to the candidates and back."""
        rides, far = self.planner.rides, DAY

        def minutes(a: Spot, b: Spot) -> int:
            return rides.minutes(a, b) if rides.reachable(a, b) else far

        def total(spot: Spot) -> int:
            return sum(minutes(spot, a.spot) + minutes(a.spot, spot) for a in candidates)

        return min((bed.spot for bed in beds), key=lambda spot: (total(spot), spot.id))

    # -- programmes ------------------------------------------------------------------------------------------------

    def _moments(self, bed: BedTimes, midnight: int) -> list[int]:
        """When one may be ready to go out from a bed that day, earliest first."""
        ready = [at + SETTLE for at in bed.ready.values()]
        free = up(max(midnight, self.limits.leave))  # from home: nothing brings one here
        return sorted({max(midnight, at) for at in ready if at < midnight + DAY}) or [free]

    def _indoors(self, midnight: int) -> int:
        """When a day ends that no leg ends: at midnight, or when one wants to be home."""
        return down(min(midnight + DAY, self.limits.back))

    def _orders(
        self, visit: Visit, day: date, beds: Sequence[BedTimes], planner: Planner
    ) -> list[tuple[ActivityOffer, ...]]:
        """Sets of visits in good orders, searched from the bed nearest to everything; like days share them."""
        candidates, keep = self.candidates(visit, beds), self.named_ids(visit, beds)
        midnight = (day - self.request.start).days * DAY
        moments = sorted({moment for bed in beds for moment in self._moments(bed, midnight)})
        due = midnight + DAY
        if day == visit.last:
            due = self._indoors(midnight)
            due = max((max(bed.due.values(), default=due) for bed in beds), default=due)
        spans = {(moments[0], due), (moments[-1], due)}
        key = (
            visit.index,
            day if self.settled else None,
            planner.openings(day, candidates),
            planner.pauses,
            tuple((a - midnight, b - midnight) for a, b in sorted(spans)),
        )
        if key not in self._orders_of:
            found: dict[tuple[str, ...], tuple[ActivityOffer, ...]] = {}
            for tour in self.settled.tours if self.settled is not None else ():
                order = tuple(a for a in tour.order if a is not None and a.kind is not ItemType.MEAL)
                if (tour.visit, tour.date) == (visit.index, day) and order:
                    found[tuple(a.id for a in order)] = order
            for spot in self._searched_from(beds, candidates):
                for ready, until in sorted(spans):
                    for order in planner.orders(day, spot, candidates, ready, until, keep):
                        found.setdefault(tuple(a.id for a in order), order)
            for order in self._toured(visit, beds, planner).get(day, ()):
                found.setdefault(tuple(a.id for a in order), order)
            self._orders_of[key] = list(found.values())
        return self._orders_of[key]

    def _toured(self, visit: Visit, beds: Sequence[BedTimes], planner: Planner) -> Mapping[date, Sequence[Visits]]:
        """What planning the days of a long stop together finds, once it is settled where one sleeps."""
        if self.settled is None or len(visit.days) * self.planner.tastes.visits < LONG:
            return {}
        if visit.index not in self._tours:
            (bed,) = beds
            spans = {}
            for day in visit.days:
                midnight = self.planner.midnight(day)
                leaves = min(bed.due.values(), default=self._indoors(midnight)) if day == visit.last else DAY * 99
                spans[day] = (self._moments(bed, midnight)[0], min(leaves, midnight + DAY))
            asked = self.named_ids(visit, beds)
            self._tours[visit.index] = tours(planner, bed.spot, self.candidates(visit, beds), spans, asked, ROUNDS)
        return self._tours[visit.index]

    # -- meals -----------------------------------------------------------------------------------------------------

    def _eating_on(self, visit: Visit, day: date) -> Eating | None:
        """Who lays out the meals of a day: those for which a place is open; None where there are no such places."""
        if not self.request.meals:
            return None
        places = [a for a in visit.activities if a.kind is ItemType.MEAL and not wanted(a, self.request.wishes.avoid)]
        meals = tuple(meal for meal in self.request.meals if any(self._serves(a, day, meal) for a in places))
        key = (visit.index, meals)
        if key not in self._eating:
            self._eating[key] = self._new_eating(meals, places, len(visit.days)) if meals else None
        return self._eating[key]

    def _serves(self, place: ActivityOffer, day: date, meal: MealTime) -> bool:
        opens, closes = (at.hour * 60 + at.minute for at in (meal.opens, meal.closes))
        return bool(windows(replace(place, minutes=meal.minutes), day, self.planner.clock, opens, closes))

    def _new_eating(self, meals: tuple[MealTime, ...], places: Sequence[ActivityOffer], days: int) -> Eating:
        """With as many places a meal as there are meals, since none may be eaten at twice."""
        request, money = self.request, self.planner.tastes.money
        priced = [a for a in places if a.price is not None or self._named(a)]
        places = priced if len(priced) >= len(meals) * (request.nights + 1) else places
        asked = tuple(which for which, _ in needed(request))
        ranked = sorted(places, key=lambda a: (money * _kes(a) - 10 * meal_worth(a, request), a.id))
        cheap = sorted(places, key=lambda a: (_kes(a), a.id))
        kept = {a.id: a for a in (*ranked[:PLACES], *cheap[: PLACES // 2])}
        zone = ZoneInfo(self.offers.zone)
        for which in asked:
            mine = [a for a in ranked if picks(which, thing(a, zone))]
            mine = mine[: PLACES // 4] + sorted(mine, key=lambda a: (_kes(a), a.id))[: PLACES // 4]
            kept.update({a.id: a for a in mine})
        kept.update({a.id: a for a in places if self._named(a)})
        asked += tuple(Which(names=(a.id,)) for a in places if self._named(a))
        planner = replace(self.planner, pauses=pauses(meals), _windows={}, _fields={})
        best, cheapest = (max(few, len(meals) * days) for few in (BEST if self.settled else COARSE_PLACES, CHEAPEST))
        return Eating(planner, meals, tuple(kept.values()), asked, zone, best, cheapest)

    def _dues(self, bed: BedTimes, midnight: int, eating: Eating) -> list[int]:
        """For each number of meals one can still have before leaving, the latest moment of leaving."""
        latest: dict[int, int] = {}
        for due in bed.due.values():
            had = sum(due >= midnight + pause.opens + pause.minutes for pause in eating.planner.pauses)
            latest[had] = max(due, latest.get(had, due))
        return sorted(latest.values())


def _away(eating: Eating, bed: Spot, moment: int) -> DayPlan:
    """Not there at all: every meal is missed."""
    missed = Laid((), (), moment, 0, 0, (), tuple(range(len(eating.meals))), ())
    return DayPlan(Programme(bed, (), moment, moment, 0, 0), missed, eating)


def _as_laid(programme: Programme, laid: Laid, planner: Planner) -> Programme:
    """The programme with the worth of its exact rides."""
    if not programme.order:
        return programme
    tickets = sum(a.price.kes for a in programme.order if a.price)
    minute = planner.tastes.minute * planner.request.party.size
    more = laid.rides_minutes - programme.label[4]
    return replace(programme, cost=tickets + laid.rides_kes, worth=programme.worth - minute * more)


def _kes(place: ActivityOffer) -> int:
    return place.price.kes if place.price else 0


def _thinned(moments: Sequence[int]) -> list[int]:
    """The latest of those that are within an hour of each other: whoever is ready earlier can wait."""
    kept: list[int] = []
    for moment in sorted(moments, reverse=True):
        if not kept or kept[-1] - moment >= APART:
            kept.append(moment)
    return kept
