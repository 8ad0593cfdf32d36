"""The choice: CP-SAT picks how to move, where to sleep and what to do, within budget and hours. Only ortools is here.

One boolean for each way to make a leg, each stay, and each activity on each day; one circuit a day orders the visits
from the bed back to the bed. Integer minutes since the first midnight, whole shillings. Single-threaded, fixed seed,
deterministic time limit: the same input gives the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ortools.sat.python import cp_model

from planner.choice import Choice, Tour
from planner.compose import compose
from planner.hours import LUNCH, LUNCH_FROM, LUNCH_TO, SETTLE, windows
from planner.model import (
    ActivityOffer,
    Infeasible,
    Itinerary,
    Offers,
    Relaxation,
    Spot,
    StayOffer,
    TripRequest,
)
from planner.shape import DAY, Clock, Leg, Move, Rides, Visit, down, legs, up, visits
from planner.values import Tastes, activity_worth, move_worth, stay_worth

EFFORT = 1.5  # deterministic seconds (about wall seconds of one core) spent improving a plan
CANDIDATES = 12  # activities considered per stop, best first; wished-for ones always are
NIGHT_ENDS = 3 * 60  # a ride that arrives before this does not count as the night
FAR = 10**9

Lit = cp_model.IntVar


def build(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """The best plan found for a request, unchecked (see checks.verify), or why there is none.

    Raises KeyError when `offers.centres` lacks a town of the request, ValueError when its nights do not add up.
    """
    tastes = Tastes.of(request)
    thrifty = Rides(offers, 0.01, request.wishes.modes_refused)
    cheapest = _Problem(request, offers, thrifty, tastes).solve_cheapest()
    if cheapest is None:
        return Infeasible(rules=_blame(request, offers, thrifty, tastes), cheapest_kes=None)
    floor, choice = cheapest
    if request.budget_kes is not None and floor > request.budget_kes:
        raised = replace(request, budget_kes=floor)
        return Infeasible(("budget",), floor, (Relaxation("budget", raised, floor),))
    comfortable = Rides(offers, tastes.minute * request.party.size, request.wishes.modes_refused)
    for rides, hint in ((comfortable, None), (thrifty, choice)):
        found = _Problem(request, offers, rides, tastes).solve_best(hint)
        if found is not None:
            return compose(found, request, offers, rides, trip_id=trip_id, version=version)
    return compose(choice, request, offers, thrifty, trip_id=trip_id, version=version)


def _blame(request: TripRequest, offers: Offers, rides: Rides, tastes: Tastes) -> tuple[str, ...]:
    """The first wish whose removal makes a trip possible at all; "time" when none does."""
    wishes = request.wishes
    without = {
        "must_see": replace(request, wishes=replace(wishes, must_see=())),
        "locked": replace(request, locked=frozenset()),
        "hours": replace(request, wishes=replace(wishes, earliest=None, latest=None, night_travel=True)),
        "refused": replace(request, wishes=replace(wishes, modes_refused=frozenset(), operators_refused=frozenset())),
    }
    for rule, eased in without.items():
        if eased != request and _Problem(eased, offers, rides, tastes).solve_cheapest() is not None:
            return (rule,)
    return ("time",)


def wanted(offer: ActivityOffer, names: Sequence[str]) -> bool:
    """Whether a list of ids and words names this activity."""
    title = offer.name.casefold()
    return any(name == offer.id or name.casefold() in title for name in names)


@dataclass(slots=True)
class _Node:
    """An activity on one day: whether it is done and when it starts."""

    activity: ActivityOffer
    done: Lit
    start: Lit


@dataclass(slots=True)
class _Tour:
    """One day at one stop: its nodes and the arcs between them (index -1 is the bed)."""

    visit: int
    date: date
    nodes: list[_Node]
    arcs: dict[tuple[int, int], Lit] = field(default_factory=dict)
    lunches: dict[tuple[int, int], Lit] = field(default_factory=dict)
    floors: list[tuple[int, int, Lit]] = field(default_factory=list)  # node, not before, when this literal is on


class _Problem:
    """One CP-SAT model of one request; every method adds one family of rules."""

    def __init__(self, request: TripRequest, offers: Offers, rides: Rides, tastes: Tastes) -> None:
        self.model = cp_model.CpModel()
        self.request, self.offers, self.rides, self.tastes = request, offers, rides, tastes
        self.clock = Clock.of(request, offers)
        self.visits = visits(request, offers, rides)
        self.legs = tuple(self._possible(leg) for leg in legs(request, offers, rides, self.visits))
        self.costs: list[cp_model.LinearExprT] = []
        self.worth: list[cp_model.LinearExprT] = []  # in shillings
        self.hopeless = False  # a rule was found broken while building
        self._moves()
        self._stays()
        self._bounds()
        self.tours = [self._tour(visit, day) for visit in self.visits for day in visit.days]
        self._once()
        self._keep_wishes()
        meals = offers.meals.daily.kes * (request.nights + 1) if offers.meals else 0
        self.total = cp_model.LinearExpr.sum(self.costs) + meals

    # -- solving ---------------------------------------------------------------------------------------------------

    def solve_cheapest(self) -> tuple[int, Choice] | None:
        """The lowest total any plan has, with that plan; the budget is not looked at."""
        self.model.minimize(self.total)
        solver = self._run()
        return None if solver is None else (round(solver.value(self.total)), self._read(solver))

    def solve_best(self, hint: Choice | None) -> Choice | None:
        """The most worthwhile plan within the budget."""
        if self.request.budget_kes is not None:
            self.model.add(self.total <= self.request.budget_kes)
        if hint is not None:
            self._hint(hint)
        self.model.maximize(10 * cp_model.LinearExpr.sum(self.worth) - self.tastes.money * self.total)
        solver = self._run()
        return None if solver is None else self._read(solver)

    def _run(self) -> cp_model.CpSolver | None:
        if self.hopeless:
            return None
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT
        status = solver.solve(self.model)
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def _hint(self, choice: Choice) -> None:
        for leg, literals, move in zip(self.legs, self.move_on, choice.moves, strict=True):
            for candidate, literal in zip(leg.moves, literals, strict=True):
                self.model.add_hint(literal, candidate.id == move.id)
        for visit, literals, stay in zip(self.visits, self.stay_on, choice.stays, strict=True):
            for bed, literal in zip(visit.stays if literals else (), literals, strict=True):
                self.model.add_hint(literal, bed is stay)

    def _read(self, solver: cp_model.CpSolver) -> Choice:
        moves = tuple(
            next(move for move, on in zip(leg.moves, literals, strict=True) if solver.value(on))
            for leg, literals in zip(self.legs, self.move_on, strict=True)
        )
        stays = tuple(
            next(
                (stay for stay, on in zip(visit.stays if literals else (), literals, strict=True) if solver.value(on)),
                None,
            )
            for visit, literals in zip(self.visits, self.stay_on, strict=True)
        )
        return Choice(moves, stays, tuple(self._walk(tour, solver) for tour in self.tours))

    @staticmethod
    def _walk(tour: _Tour, solver: cp_model.CpSolver) -> Tour:
        after = {a: b for (a, b), arc in tour.arcs.items() if a != b and solver.value(arc)}
        lunch = next((pair for pair, on in tour.lunches.items() if solver.value(on)), None)
        order: list[int] = []
        here = after.get(-1, -1)
        while here != -1:
            order.append(here)
            here = after[here]
        position = None if lunch is None else order.index(lunch[0])
        floors = dict.fromkeys(order, 0)
        for n, minute, on in tour.floors:
            if n in floors and solver.value(on):
                floors[n] = max(floors[n], minute)
        return Tour(
            visit=tour.visit,
            date=tour.date,
            order=tuple(tour.nodes[n].activity for n in order),
            not_before=tuple(floors[n] for n in order),
            lunch_after=position,
        )

    # -- moving and sleeping ---------------------------------------------------------------------------------------

    def _possible(self, leg: Leg) -> Leg:
        """Without the moves that would start before the first day or end after the last."""
        home = self.offers.centres[self.request.origin]
        end = (self.request.nights + 1) * DAY
        kept = []
        for move in leg.moves:
            first_mile = self.rides.minutes(home, move.origin) if leg.index == 0 and leg.origin == home.place else 0
            last_mile = self.rides.minutes(move.destination, home) if leg.destination == home.place else 0
            if move.depart - move.boarding - first_mile >= 0 and move.arrive + move.leaving + last_mile <= end:
                kept.append(move)
        return replace(leg, moves=tuple(kept))

    def _moves(self) -> None:
        home = self.offers.centres[self.request.origin]
        self.move_on: list[list[Lit]] = []
        for leg in self.legs:
            literals = [self.model.new_bool_var("") for _ in leg.moves]
            self.model.add_exactly_one(literals)
            self.hopeless |= not literals
            self.move_on.append(literals)
            for move, on in zip(leg.moves, literals, strict=True):
                rides = 0
                if leg.index == 0 and leg.origin == self.request.origin:
                    rides += self.rides.cost(home, move.origin)
                if leg.destination == self.request.origin:
                    rides += self.rides.cost(move.destination, home)
                self.costs.append((move.cost + rides) * on)
                self.worth.append(move_worth(move, self.request, self.clock, self.tastes) * on)

    def _stays(self) -> None:
        """One bed per stop; its price and worth count for each night slept there."""
        self.stay_on: list[list[Lit]] = []
        self.spots: list[list[tuple[Spot, Lit]]] = []  # per visit: where the bed can be, and whether it is
        for visit in self.visits:
            nights = self._nights(visit)
            longest = (visit.last - visit.first).days
            stays = [] if longest == 0 else list(visit.stays)
            literals = [self.model.new_bool_var("") for _ in stays]
            self.stay_on.append(literals if stays else [])
            if stays:
                self.model.add_exactly_one(literals)
                top_price = max(_nightly(stay) for stay in stays) * longest
                top_worth = max(stay_worth(stay, self.request) for stay in stays) * longest
                price, worth = self.model.new_int_var(0, top_price, ""), self.model.new_int_var(-FAR, top_worth, "")
                for stay, on in zip(stays, literals, strict=True):
                    self.model.add(price >= _nightly(stay) * nights).only_enforce_if(on)
                    self.model.add(worth <= stay_worth(stay, self.request) * nights).only_enforce_if(on)
                self.costs.append(price)
                self.worth.append(worth)
            self.spots.append(self._beds(visit, stays, literals))

    def _beds(self, visit: Visit, stays: Sequence[StayOffer], literals: Sequence[Lit]) -> list[tuple[Spot, Lit]]:
        """The distinct places a bed can be in; without a known stay, the middle of the town."""
        if not stays:
            return [(self.offers.centres[visit.place], self.model.new_constant(1))]
        spots: dict[str, tuple[Spot, list[Lit]]] = {}
        for stay, on in zip(stays, literals, strict=True):
            spots.setdefault(stay.spot.id, (stay.spot, []))[1].append(on)
        beds = []
        for spot, members in spots.values():
            here = self.model.new_bool_var("")
            self.model.add(cp_model.LinearExpr.sum(members) == here)
            beds.append((spot, here))
        return beds

    def _nights(self, visit: Visit) -> cp_model.LinearExprT:
        """Nights slept at the stop: an overnight ride that arrives in the morning is itself the night."""
        leave = (visit.last - self.request.start).days
        arriving = self._leg_into(visit)
        if arriving is None:
            return leave - (visit.first - self.request.start).days
        terms = [
            (leave - (move.arrive - NIGHT_ENDS) // DAY) * on
            for move, on in zip(arriving.moves, self.move_on[arriving.index], strict=True)
        ]
        nights = cp_model.LinearExpr.sum(terms)
        self.model.add(nights >= 0)
        return nights

    def _leg_into(self, visit: Visit) -> Leg | None:
        return next((leg for leg in self.legs if leg.destination == visit.place and leg.date == visit.first), None)

    def _leg_out(self, visit: Visit) -> Leg | None:
        arriving = self._leg_into(visit)
        index = arriving.index + 1 if arriving else 0
        return self.legs[index] if index < len(self.legs) else None

    def _bounds(self) -> None:
        """When one is ready at each stop and when one must leave the bed for the next leg; rides there are paid."""
        self.ready: list[Lit] = []
        self.due: list[Lit] = []
        end = (self.request.nights + 1) * DAY
        for visit, beds in zip(self.visits, self.spots, strict=True):
            start = (visit.first - self.request.start).days * DAY
            ready = self.model.new_int_var(start, end, "")
            due = self.model.new_int_var(start, end, "")
            self.model.add(ready <= due)
            if (arriving := self._leg_into(visit)) is not None:
                self._connect(arriving, beds, ready, inbound=True)
            if (leaving := self._leg_out(visit)) is not None:
                self._connect(leaving, beds, due, inbound=False)
            self.worth.append(self.request.party.size * (due - ready))  # a shilling a minute for time spent there
            self.ready.append(ready)
            self.due.append(due)

    def _connect(self, leg: Leg, beds: list[tuple[Spot, Lit]], bound: Lit, *, inbound: bool) -> None:
        literals = self.move_on[leg.index]
        by_spot: dict[str, tuple[Spot, list[tuple[Move, Lit]]]] = {}
        for move, on in zip(leg.moves, literals, strict=True):
            spot = move.destination if inbound else move.origin
            by_spot.setdefault(spot.id, (spot, []))[1].append((move, on))
        for spot, members in by_spot.values():
            for bed, here in beds:
                a, b = (spot, bed) if inbound else (bed, spot)
                both = self._all_of([cp_model.LinearExpr.sum([on for _, on in members]), here])
                if not self.rides.reachable(a, b):
                    self.model.add(both == 0)
                    continue
                ride = self.rides.minutes(a, b)
                self.costs.append(self.rides.cost(a, b) * both)
                self.worth.append(-self.tastes.minute * ride * self.request.party.size * both)
                for move, on in members:
                    if inbound:
                        at = up(move.arrive + move.leaving + ride)
                        self.model.add(bound >= at).only_enforce_if(both, on)
                    else:
                        at = down(move.depart - move.boarding - ride)
                        self.model.add(bound <= at).only_enforce_if(both, on)

    def _all_of(self, terms: Sequence[cp_model.LinearExprT]) -> Lit:
        """A literal that must be on when every term (each 0 or 1) is."""
        both = self.model.new_bool_var("")
        self.model.add(both >= cp_model.LinearExpr.sum(list(terms)) - (len(terms) - 1))
        return both

    # -- things to do ----------------------------------------------------------------------------------------------

    def _candidates(self, visit: Visit) -> list[ActivityOffer]:
        request = self.request
        pool = [a for a in visit.activities if not wanted(a, request.wishes.avoid)]
        named = [a for a in pool if wanted(a, request.wishes.must_see) or a.id in request.locked]
        rest = sorted((a for a in pool if a not in named), key=lambda a: (-activity_worth(a, request), a.id))
        return named + rest[:CANDIDATES]

    def _tour(self, visit: Visit, day: date) -> _Tour:
        tour = _Tour(visit.index, day, [])
        midnight = (day - self.request.start).days * DAY
        for activity in self._candidates(visit):
            starts = windows(activity, day, self.clock, self.tastes.opens, self.tastes.closes)
            if starts:
                domain = cp_model.Domain.from_intervals([list(span) for span in starts])
                done = self.model.new_bool_var("")
                start = self.model.new_int_var_from_domain(domain, "")
                tour.nodes.append(_Node(activity, done, start))
        if not tour.nodes:
            return tour
        self._circuit(tour, visit)
        self._pace(tour)
        self._lunch(tour, midnight)
        return tour

    def _circuit(self, tour: _Tour, visit: Visit) -> None:
        """From the bed through the chosen visits and back, with the rides between them in time and money."""
        model, rides, beds = self.model, self.rides, self.spots[visit.index]
        ready, due = self.ready[visit.index], self.due[visit.index]
        count = len(tour.nodes)
        arcs: list[tuple[int, int, cp_model.LiteralT]] = [
            (count, count, model.new_bool_var(""))
        ]  # nothing done that day
        for n, node in enumerate(tour.nodes):
            arcs.append((n, n, node.done.negated()))
            end = node.start + node.activity.minutes
            out, back = model.new_bool_var(""), model.new_bool_var("")
            arcs += [(count, n, out), (n, count, back)]
            tour.arcs[-1, n], tour.arcs[n, -1] = out, back
            for bed, here in beds:
                there, home = rides.reachable(bed, node.activity.spot), rides.reachable(node.activity.spot, bed)
                if not (there and home):
                    model.add_bool_or(here.negated(), node.done.negated())
                    continue
                model.add(node.start >= ready + SETTLE + rides.minutes(bed, node.activity.spot)).only_enforce_if(
                    out, here
                )
                model.add(end + rides.minutes(node.activity.spot, bed) <= due).only_enforce_if(back, here)
                self._pay_ride(bed, node.activity.spot, self._all_of([out, here]))
                self._pay_ride(node.activity.spot, bed, self._all_of([back, here]))
            for m, other in enumerate(tour.nodes):
                if m == n or not rides.reachable(node.activity.spot, other.activity.spot):
                    continue
                arc = model.new_bool_var("")
                arcs.append((n, m, arc))
                tour.arcs[n, m] = arc
                gap = rides.minutes(node.activity.spot, other.activity.spot)
                model.add(other.start >= end + gap).only_enforce_if(arc)
                self._pay_ride(node.activity.spot, other.activity.spot, arc)
            if node.activity.price is not None:
                self.costs.append(node.activity.price.kes * node.done)
            self.worth.append(activity_worth(node.activity, self.request) * node.done)
        model.add_circuit(arcs)

    def _pay_ride(self, origin: Spot, destination: Spot, on: Lit) -> None:
        self.costs.append(self.rides.cost(origin, destination) * on)
        minutes = self.rides.minutes(origin, destination)
        self.worth.append(-self.tastes.minute * minutes * self.request.party.size * on)

    def _pace(self, tour: _Tour) -> None:
        done = cp_model.LinearExpr.sum([node.done for node in tour.nodes])
        self.model.add(done <= self.tastes.visits)
        longest = max(node.activity.minutes for node in tour.nodes)
        active = cp_model.LinearExpr.weighted_sum(
            [node.done for node in tour.nodes], [node.activity.minutes for node in tour.nodes]
        )
        self.model.add(active <= max(self.tastes.active, longest))

    def _lunch(self, tour: _Tour, midnight: int) -> None:
        """An hour to eat: between two visits, before the first, after the last, or packed along on a long one."""
        model = self.model
        late, early = model.new_bool_var(""), model.new_bool_var("")
        ways: list[Lit] = [late, early]
        for n, node in enumerate(tour.nodes):
            end = node.start + node.activity.minutes
            model.add(node.start >= midnight + LUNCH_FROM + LUNCH).only_enforce_if(late, node.done)
            tour.floors.append((n, midnight + LUNCH_FROM + LUNCH, late))
            model.add(end <= midnight + LUNCH_TO - LUNCH).only_enforce_if(early, node.done)
            if node.activity.minutes >= LUNCH_TO - LUNCH_FROM - LUNCH:
                through = model.new_bool_var("")
                model.add_implication(through, node.done)
                model.add(node.start <= midnight + LUNCH_FROM + LUNCH).only_enforce_if(through)
                model.add(end >= up(midnight + LUNCH_TO - LUNCH)).only_enforce_if(through)
                tour.floors.append((n, up(midnight + LUNCH_TO - LUNCH - node.activity.minutes), through))
                ways.append(through)
            for m, other in enumerate(tour.nodes):
                if (n, m) not in tour.arcs or m == n:
                    continue
                lunch = model.new_bool_var("")
                gap = self.rides.minutes(node.activity.spot, other.activity.spot)
                model.add_implication(lunch, tour.arcs[n, m])
                model.add(other.start >= end + LUNCH + gap).only_enforce_if(lunch)
                model.add(other.start >= midnight + LUNCH_FROM + LUNCH + gap).only_enforce_if(lunch)
                model.add(end <= midnight + LUNCH_TO - LUNCH).only_enforce_if(lunch)
                tour.lunches[n, m] = lunch
                ways.append(lunch)
        model.add_bool_or(ways)

    def _once(self) -> None:
        """Nothing is done twice, and more of the same kind is worth less."""
        by_offer: dict[str, list[Lit]] = {}
        by_tag: dict[str, list[_Node]] = {}
        for tour in self.tours:
            for node in tour.nodes:
                by_offer.setdefault(node.activity.id, []).append(node.done)
                for tag in node.activity.tags:
                    by_tag.setdefault(tag, []).append(node)
        for literals in by_offer.values():
            self.model.add_at_most_one(literals)
        for nodes in by_tag.values():
            if len({node.activity.id for node in nodes}) > 1:
                again = self.model.new_int_var(0, len(nodes), "")
                self.model.add(again >= cp_model.LinearExpr.sum([node.done for node in nodes]) - 1)
                least = min(activity_worth(node.activity, self.request) for node in nodes)
                self.worth.append(-(least * 3 // 10) * again)

    def _keep_wishes(self) -> None:
        """Must-see and locked things are in the plan; a name that matches nothing makes it impossible."""
        request = self.request
        nodes = [node for tour in self.tours for node in tour.nodes]
        for name in request.wishes.must_see:
            self._require([node.done for node in nodes if wanted(node.activity, (name,))])
        chosen: Mapping[str, list[Lit]] = {
            offer_id: [node.done for node in nodes if node.activity.id == offer_id]
            + [on for leg, lits in zip(self.legs, self.move_on, strict=True)
               for move, on in zip(leg.moves, lits, strict=True) if move.offer is not None and move.id == offer_id]
            + [on for visit, lits in zip(self.visits, self.stay_on, strict=True) if lits
               for stay, on in zip(visit.stays, lits, strict=True) if stay.id == offer_id]
            for offer_id in sorted(request.locked)
        }  # fmt: skip
        for literals in chosen.values():
            self._require(literals)

    def _require(self, literals: Sequence[Lit]) -> None:
        if literals:
            self.model.add_bool_or(list(literals))
        else:
            self.hopeless = True


def _nightly(stay: StayOffer) -> int:
    return stay.nightly.kes if stay.nightly else 0
