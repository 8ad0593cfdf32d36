"""The choice: CP-SAT picks how to move, where to sleep and what to do each day, within the budget. Only ortools here.

One boolean for each way to make a leg, each stay, and each day programme (planner.programmes). Times are settled when
programmes are made, so what is left is a selection with a budget, which CP-SAT solves exactly and fast. One thread,
fixed seed, deterministic time limit: the same input gives the same plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ortools.sat.python import cp_model

from planner.choice import Choice, Tour
from planner.compose import compose
from planner.dominance import undominated_moves, undominated_stays
from planner.hours import SETTLE
from planner.model import ActivityOffer, Infeasible, Itinerary, Offers, Relaxation, Spot, StayOffer, TripRequest
from planner.programmes import Planner, Programme, thinned
from planner.shape import DAY, NIGHT_ENDS, Clock, Leg, Move, Rides, Visit, down, first_night, legs, up, visits
from planner.values import Tastes, activity_worth, move_worth, stay_worth, waking

EFFORT = 2.0  # deterministic seconds (about wall seconds of one core) to improve a plan; most end far earlier
CANDIDATES = 10  # activities considered per stop, best first; wished-for ones always are
REFINED = 32  # … once it is settled how to move and where to sleep
THRIFT, HURRY = 0.01, 1_000.0  # shillings a minute of local rides, for the cheapest and the quickest of them

Lit = cp_model.IntVar
Sum = cp_model.LinearExprT


def build(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """The best plan found for a request, unchecked (see checks.verify), or why there is none.

    Raises KeyError when `offers.centres` lacks a town of the request, ValueError when its nights do not add up.
    """
    tastes = Tastes.of(request)
    cheapest = _cheapest(request, offers, tastes)
    if isinstance(cheapest, Infeasible):
        return cheapest
    choice, sufficient = cheapest
    comfortable = Rides.of(offers, tastes.minute * request.party.size, request.wishes.modes_refused)
    for rides in (comfortable, sufficient):
        best = _Problem(request, offers, rides, tastes).best(choice)
        if best is not None:
            best = _Problem(request, offers, rides, tastes, candidates=REFINED, settled=best).best(best) or best
            return compose(best, request, offers, rides, trip_id=trip_id, version=version)
    return compose(choice, request, offers, sufficient, trip_id=trip_id, version=version)


def first(request: TripRequest, offers: Offers, *, trip_id: str, version: int = 1) -> Itinerary | Infeasible:
    """A plan that keeps every hard rule, as soon as there is one: the cheapest, with nothing done that was not asked.

    Infeasible, and raises, exactly when `build` is and does.
    """
    cheapest = _cheapest(request, offers, Tastes.of(request))
    if isinstance(cheapest, Infeasible):
        return cheapest
    choice, rides = cheapest
    return compose(choice, request, offers, rides, trip_id=trip_id, version=version)


def _cheapest(request: TripRequest, offers: Offers, tastes: Tastes) -> tuple[Choice, Rides] | Infeasible:
    """The cheapest choice, when the budget holds it, by the cheapest local rides; the quickest where those will not do.

    A slow ride can miss the only, or the cheapest, departure.
    """
    thrifty, quick = (Rides.of(offers, minute, request.wishes.modes_refused) for minute in (THRIFT, HURRY))
    floors = []
    for rides in (thrifty, quick):
        cheapest = _Problem(request, offers, rides, tastes, candidates=0).cheapest()
        if cheapest is not None and (request.budget_kes is None or cheapest[0] <= request.budget_kes):
            return cheapest[1], rides
        floors += [cheapest[0]] if cheapest else []
    if not floors:
        return Infeasible(rules=_blame(request, offers, thrifty, tastes), cheapest_kes=None)
    raised = replace(request, budget_kes=min(floors))
    return Infeasible(("budget",), min(floors), (Relaxation("budget", raised, min(floors)),))


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
        if eased != request and _Problem(eased, offers, rides, tastes, candidates=0).cheapest() is not None:
            return (rule,)
    return ("time",)


def wanted(offer: ActivityOffer, names: Sequence[str]) -> bool:
    """Whether a list of ids and words names this activity."""
    title = offer.name.casefold()
    return any(name == offer.id or name.casefold() in title for name in names)


@dataclass(frozen=True, slots=True)
class _Bed:
    """A place to sleep in (or the middle of town), whether it is chosen, and when each move brings one there."""

    spot: Spot
    on: Lit
    ready: dict[str, int]  # move id → minute one stands at the bed
    due: dict[str, int]  # move id → minute one must leave it


class _Problem:
    """One CP-SAT model of one request; every method adds one family of rules.

    `candidates` is how many activities per stop are considered beside those asked for by name; with a `settled` choice
    only the days are open.
    """

    def __init__(
        self,
        request: TripRequest,
        offers: Offers,
        rides: Rides,
        tastes: Tastes,
        candidates: int = CANDIDATES,
        settled: Choice | None = None,
    ) -> None:
        self.model = cp_model.CpModel()
        self.request, self.offers, self.rides, self.tastes = request, offers, rides, tastes
        self.limit, self.settled = candidates, settled
        self.clock = Clock.of(request, offers)
        self.planner = Planner(request, rides, self.clock, tastes)
        self.visits = visits(request, offers, rides)
        ways = legs(request, offers, rides, self.visits)
        self.way_home = len(ways) - 1 if request.returns and self.visits[-1].place != request.origin else None
        self.legs = tuple(self._possible(leg) for leg in ways)
        self.costs: list[Sum] = []
        self.worth: list[Sum] = []  # in shillings
        self.hopeless = False  # a rule was found broken while building
        self._seen_days: dict[object, list[tuple[ActivityOffer, ...]]] = {}
        self.move_on = [self._moves(leg) for leg in self.legs]
        self.stay_on = [self._stays(visit) for visit in self.visits]
        self.beds = [self._beds(visit, on) for visit, on in zip(self.visits, self.stay_on, strict=True)]
        self.candidates = [self._candidates(visit) for visit in self.visits]
        self.days: list[tuple[Visit, date, list[tuple[Programme, Lit]]]] = []
        if not self.hopeless:
            self.days = [(visit, day, self._day(visit, day)) for visit in self.visits for day in visit.days]
            self._once()
            self._keep_wishes()
        meals = offers.meals.daily.kes * (request.nights + 1) if offers.meals else 0
        self.total = cp_model.LinearExpr.sum(self.costs) + meals

    # -- solving ---------------------------------------------------------------------------------------------------

    def cheapest(self) -> tuple[int, Choice] | None:
        """The lowest total any plan has, with that plan; the budget is not looked at."""
        self.model.minimize(self.total)
        solver = self._run()
        return None if solver is None else (round(solver.value(self.total)), self._read(solver))

    def best(self, known: Choice) -> Choice | None:
        """The most worthwhile plan within the budget; `known` is one to start from."""
        if self.request.budget_kes is not None:
            self.model.add(self.total <= self.request.budget_kes)
        self.model.maximize(10 * cp_model.LinearExpr.sum(self.worth) - self.tastes.money * self.total)
        self._hint(known)
        solver = self._run()
        return None if solver is None else self._read(solver)

    def _hint(self, known: Choice) -> None:
        for leg, literals in zip(self.legs, self.move_on, strict=True):
            for move, on in zip(leg.moves, literals, strict=True):
                self.model.add_hint(on, move.id == known.moves[leg.index].id)
        for pairs, chosen in zip(self.stay_on, known.stays, strict=True):
            for stay, on in pairs:
                self.model.add_hint(on, chosen is not None and stay.id == chosen.id)
        orders = {(tour.visit, tour.date): tour.order for tour in known.tours}
        for visit, day, programmes in self.days:
            for programme, on in programmes:
                if programme.order != orders.get((visit.index, day), ()):
                    self.model.add_hint(on, False)

    def _run(self) -> cp_model.CpSolver | None:
        if self.hopeless:
            return None
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT
        # Measured: the LP carries this problem, and looking for symmetries and probing cost more than they bring.
        solver.parameters.linearization_level = 2
        solver.parameters.symmetry_level = 0
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.max_presolve_iterations = 1
        status = solver.solve(self.model)
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def _read(self, solver: cp_model.CpSolver) -> Choice:
        moves = [
            next(move for move, on in zip(leg.moves, literals, strict=True) if solver.value(on))
            for leg, literals in zip(self.legs, self.move_on, strict=True)
        ]
        stays = [next((stay for stay, on in literals if solver.value(on)), None) for literals in self.stay_on]
        tours = [
            Tour(visit.index, day, programme.order)
            for visit, day, programmes in self.days
            for programme, on in programmes
            if solver.value(on)
        ]
        return Choice(tuple(moves), tuple(stays), tuple(tours))

    # -- moving ----------------------------------------------------------------------------------------------------

    def _possible(self, leg: Leg) -> Leg:
        """Without the moves that would start before the first day or end after the last."""
        end = (self.request.nights + 1) * DAY
        kept = tuple(
            move
            for move in leg.moves
            if move.depart - move.boarding - self._first_mile(leg, move)[0] >= 0
            and move.arrive + move.leaving + self._last_mile(leg, move)[0] <= end
        )
        if self.settled is not None:
            chosen = self.settled.moves[leg.index].id
            return replace(leg, moves=tuple(move for move in kept if move.id == chosen))
        locked = tuple(move for move in kept if move.id in self.request.locked)
        open_ = [move for move in kept if move not in locked]
        better = undominated_moves(open_, lambda move: self._move_worth(leg, move), NIGHT_ENDS)
        return replace(leg, moves=(*locked, *better))

    def _first_mile(self, leg: Leg, move: Move) -> tuple[int, int]:
        """Minutes and price from home to where the first leg starts."""
        if not self._leaves_home(leg):
            return 0, 0
        home = self.offers.centres[self.request.origin]
        return self._mile(self.rides.until(move.gate_in, home, move.origin), home, move.origin)

    def _last_mile(self, leg: Leg, move: Move) -> tuple[int, int]:
        """Minutes and price from where the last leg ends to home."""
        if not self._leads_home(leg):
            return 0, 0
        home = self.offers.centres[self.request.origin]
        return self._mile(self.rides.at(move.gate_out), move.destination, home)

    def _leaves_home(self, leg: Leg) -> bool:
        """Whether it begins the trip, not at a stop that happens to be in the town of origin."""
        return leg.index == 0 and self.visits[0].place != leg.origin

    def _leads_home(self, leg: Leg) -> bool:
        """Whether it ends the trip, not at a stop that happens to be in the town of origin."""
        return leg.index == self.way_home

    @staticmethod
    def _mile(rides: Rides, origin: Spot, destination: Spot) -> tuple[int, int]:
        if not rides.reachable(origin, destination):
            return DAY * 99, 0  # no ride at that hour: the move drops out
        return rides.minutes(origin, destination), rides.cost(origin, destination)

    def _moves(self, leg: Leg) -> list[Lit]:
        literals = [self.model.new_bool_var("") for _ in leg.moves]
        self.model.add_exactly_one(literals)
        self.hopeless |= not literals
        for move, on in zip(leg.moves, literals, strict=True):
            (first, first_cost), (last, last_cost) = self._first_mile(leg, move), self._last_mile(leg, move)
            self.costs.append((move.cost + first_cost + last_cost) * on)
            riding = self.tastes.minute * (first + last) * self.request.party.size
            self.worth.append((self._move_worth(leg, move) - riding) * on)
        return literals

    def _move_worth(self, leg: Leg, move: Move) -> int:
        """Worth of a move, with the waking time it leaves at the stops."""
        arriving = 0 if self._leads_home(leg) else waking(move.gate_out)
        time_there = (0 if self._leaves_home(leg) else waking(move.gate_in)) - arriving
        worth = move_worth(move, self.request, self.clock, self.tastes)
        return worth + self.tastes.there * time_there * self.request.party.size

    def _leg_into(self, visit: Visit) -> Leg | None:
        return next((leg for leg in self.legs if leg.destination == visit.place and leg.date == visit.first), None)

    def _leg_out(self, visit: Visit) -> Leg | None:
        arriving = self._leg_into(visit)
        index = arriving.index + 1 if arriving else 0
        return self.legs[index] if index < len(self.legs) else None

    def _pairs(self, leg: Leg | None) -> list[tuple[Move, Lit]]:
        return list(zip(leg.moves, self.move_on[leg.index], strict=True)) if leg else []

    # -- sleeping --------------------------------------------------------------------------------------------------

    def _stays(self, visit: Visit) -> list[tuple[StayOffer, Lit]]:
        """One bed per stop; its price and worth count for each night slept there."""
        if visit.first == visit.last or not visit.stays:
            return []
        stays = self._open_stays(visit)
        literals = [self.model.new_bool_var("") for _ in stays]
        self.model.add_exactly_one(literals)
        by_nights = self._nights(visit)
        self.hopeless |= not by_nights
        shared: dict[int, list[Lit]] = defaultdict(list)
        for stay, on in zip(stays, literals, strict=True):
            nightly = stay.nightly.kes if stay.nightly else 0
            parts = {nights: self.model.new_bool_var("") for nights in by_nights}
            self.model.add(cp_model.LinearExpr.sum(list(parts.values())) == on)
            for nights, part in parts.items():
                shared[nights].append(part)
                if not nights and stay.id in self.request.locked:  # what is to stay is slept in
                    self.model.add(part == 0)
                self.costs.append(nightly * nights * part)
                self.worth.append(stay_worth(stay, self.request) * nights * part)
        for nights, moves in by_nights.items():
            self.model.add(cp_model.LinearExpr.sum(shared[nights]) == moves)
        return list(zip(stays, literals, strict=True))

    def _open_stays(self, visit: Visit) -> list[StayOffer]:
        if self.settled is not None:
            chosen = self.settled.stays[visit.index]
            return [stay for stay in visit.stays if chosen is not None and stay.id == chosen.id]
        locked = [stay for stay in visit.stays if stay.id in self.request.locked]
        open_ = [stay for stay in visit.stays if stay.id not in self.request.locked]
        return locked + undominated_stays(open_, lambda stay: stay_worth(stay, self.request))

    def _nights(self, visit: Visit) -> dict[int, Sum]:
        """Nights slept at the stop → whether it is so many: a ride that arrives in the morning is itself the night."""
        leave = (visit.last - self.request.start).days
        arriving = self._leg_into(visit)
        if arriving is None:
            return {leave - (visit.first - self.request.start).days: 1}
        found: dict[int, list[Lit]] = defaultdict(list)
        for move, on in self._pairs(arriving):
            nights = leave - first_night(move, visit, self.request)
            if nights < 0:
                self.model.add(on == 0)
            else:
                found[nights].append(on)
        return {nights: cp_model.LinearExpr.sum(literals) for nights, literals in found.items()}

    def _beds(self, visit: Visit, stays: Sequence[tuple[StayOffer, Lit]]) -> list[_Bed]:
        """The distinct places a bed can be in, tied to how one gets there and away."""
        by_spot: dict[str, tuple[Spot, list[Lit]]] = {}
        for stay, on in stays:
            by_spot.setdefault(stay.spot.id, (stay.spot, []))[1].append(on)
        if not by_spot:
            centre = self.offers.centres[visit.place]
            by_spot[centre.id] = (centre, [self.model.new_constant(1)])
        beds = []
        for spot, members in by_spot.values():
            here = self.model.new_bool_var("")
            self.model.add(cp_model.LinearExpr.sum(members) == here)
            ready = self._connect(self._leg_into(visit), spot, here, inbound=True)
            due = self._connect(self._leg_out(visit), spot, here, inbound=False)
            beds.append(_Bed(spot, here, ready, due))
            self._arrive_before_leaving(visit, beds[-1])
        return beds

    def _connect(self, leg: Leg | None, bed: Spot, here: Lit, *, inbound: bool) -> dict[str, int]:
        """Ride between gates and bed: when one is there (or must leave) by each move, and what the ride costs."""
        times: dict[str, int] = {}
        by_gate: dict[tuple[str, Rides], tuple[Spot, list[Lit]]] = {}
        for move, on in self._pairs(leg):
            gate, minute = (move.destination, move.gate_out) if inbound else (move.origin, move.gate_in)
            a, b = (gate, bed) if inbound else (bed, gate)
            rides = self.rides.at(minute) if inbound else self.rides.until(minute, a, b)
            by_gate.setdefault((gate.id, rides), (gate, []))[1].append(on)
            if rides.reachable(a, b):
                times[move.id] = up(minute + rides.minutes(a, b)) if inbound else down(minute - rides.minutes(a, b))
        for (_, rides), (gate, literals) in by_gate.items():
            a, b = (gate, bed) if inbound else (bed, gate)
            both = self.model.new_bool_var("")
            self.model.add(both >= cp_model.LinearExpr.sum(literals) + here - 1)
            if not rides.reachable(a, b):
                self.model.add(both == 0)
                continue
            self.costs.append(rides.cost(a, b) * both)
            self.worth.append(-self.tastes.minute * rides.minutes(a, b) * self.request.party.size * both)
        return times

    def _arrive_before_leaving(self, visit: Visit, bed: _Bed) -> None:
        """A bed is left on the day of departure, after one has come to it, and reached before the trip is over."""
        ins, outs = self._pairs(self._leg_into(visit)), self._pairs(self._leg_out(visit))
        midnight, end = (visit.last - self.request.start).days * DAY, (self.request.nights + 1) * DAY
        astray = [on for move, on in outs if bed.due.get(move.id, midnight) < midnight]
        astray += [on for move, on in ins if bed.ready.get(move.id, end) > end]
        for on in astray:
            self.model.add_at_most_one(on, bed.on)
        for move, on in ins:
            ready = bed.ready.get(move.id, 0)
            late = [out for other, out in outs if bed.due.get(other.id, 0) < ready]
            if late:
                self.model.add(cp_model.LinearExpr.sum(late) == 0).only_enforce_if(on, bed.on)

    # -- things to do ----------------------------------------------------------------------------------------------

    def _candidates(self, visit: Visit) -> list[ActivityOffer]:
        """What was asked for by name, and of the rest that is open the best for its price and the way there."""
        request = self.request
        pool = [a for a in visit.activities if not wanted(a, request.wishes.avoid)]
        named = [a for a in pool if self._named(a)]
        if not self.limit:
            return named
        bed = self._nearest(visit, pool)
        open_ = [a for a in pool if not self._named(a) and any(self.planner.opens(a, day) for day in visit.days)]
        ranked = sorted(open_, key=lambda a: (-self.planner.alone(a, bed), a.id))
        enough = max(self.limit, self.tastes.visits * len(visit.days) * 3 // 2) if self.settled else self.limit
        return named + ranked[:enough]

    def _named(self, activity: ActivityOffer) -> bool:
        return wanted(activity, self.request.wishes.must_see) or activity.id in self.request.locked

    def _day(self, visit: Visit, day: date) -> list[tuple[Programme, Lit]]:
        """Exactly one programme a day, possible with the bed and the moves of that day."""
        candidates = self.candidates[visit.index]
        keep = frozenset(a.id for a in candidates if self._named(a))
        arriving = day == visit.first or self._overnight(visit)
        chosen: list[tuple[Programme, Lit]] = []
        for bed in self.beds[visit.index]:
            mine = []
            for programme in self._programmes(visit, day, bed, candidates, keep):
                on = self.model.new_bool_var("")
                mine.append((programme, on))
                if programme.order:
                    self.costs.append(programme.cost * on)
                    self.worth.append(programme.worth * on)
            self.model.add(cp_model.LinearExpr.sum([on for _, on in mine]) == bed.on)
            if arriving and self._leg_into(visit):
                self._after_arriving(mine, visit, bed)
            if day == visit.last and self._leg_out(visit):
                self._before_leaving(mine, visit, bed)
            chosen += mine
        return chosen

    def _after_arriving(self, mine: Sequence[tuple[Programme, Lit]], visit: Visit, bed: _Bed) -> None:
        """For each moment: a programme that begins by then needs a move that brings one there by then."""
        moves = [(bed.ready.get(move.id, DAY * 99) + SETTLE, on) for move, on in self._pairs(self._leg_into(visit))]
        for moment in sorted({programme.leaves for programme, _ in mine if programme.order}):
            early = [on for programme, on in mine if programme.order and programme.leaves <= moment]
            there = [on for ready, on in moves if ready <= moment]
            if len(there) < len(moves):
                self.model.add(cp_model.LinearExpr.sum(early) <= cp_model.LinearExpr.sum(there))

    def _before_leaving(self, mine: Sequence[tuple[Programme, Lit]], visit: Visit, bed: _Bed) -> None:
        """For each moment one must leave the bed: no programme that ends later goes with a move that needs it."""
        moves = [(bed.due.get(move.id, -1), on) for move, on in self._pairs(self._leg_out(visit))]
        for moment in sorted({due for due, _ in moves}):
            late = [on for programme, on in mine if programme.order and programme.ends > moment]
            if late:
                gone = [on for due, on in moves if due <= moment]
                self.model.add(cp_model.LinearExpr.sum(late) + cp_model.LinearExpr.sum(gone) <= 1)

    def _overnight(self, visit: Visit) -> bool:
        """Whether some way in arrives on a later date than it leaves."""
        return any(move.arrive // DAY > move.depart // DAY for move, _ in self._pairs(self._leg_into(visit)))

    def _programmes(
        self, visit: Visit, day: date, bed: _Bed, candidates: Sequence[ActivityOffer], keep: frozenset[str]
    ) -> list[Programme]:
        """What can be done from this bed, for each moment one may be ready that day."""
        midnight = (day - self.request.start).days * DAY
        due = max(bed.due.values(), default=midnight + DAY) if day == visit.last else midnight + DAY
        moments = self._moments(bed, midnight)
        if self.limit:
            moments = thinned(moments)
        orders = self._orders(visit, day, candidates, keep)
        return self.planner.fitted(day, bed.spot, orders, moments, due, keep)

    def _moments(self, bed: _Bed, midnight: int) -> list[int]:
        """When one may be ready to go out from a bed that day, earliest first."""
        ready = [at + SETTLE for at in bed.ready.values()]
        return sorted({max(midnight, at) for at in ready if at < midnight + DAY}) or [midnight]

    def _orders(
        self, visit: Visit, day: date, candidates: Sequence[ActivityOffer], keep: frozenset[str]
    ) -> list[tuple[ActivityOffer, ...]]:
        """Sets of visits in good orders, searched from the bed nearest to everything; like days share them."""
        midnight = (day - self.request.start).days * DAY
        moments = sorted({moment for bed in self.beds[visit.index] for moment in self._moments(bed, midnight)})
        due = midnight + DAY
        if day == visit.last:
            due = max((max(bed.due.values(), default=due) for bed in self.beds[visit.index]), default=due)
        windows = {(moments[0], due), (moments[-1], due)}
        opened = self.planner.openings(day, candidates)
        key = (
            visit.index,
            day if self.settled else None,
            opened,
            tuple((a - midnight, b - midnight) for a, b in sorted(windows)),
        )
        if key not in self._seen_days:
            found: dict[tuple[str, ...], tuple[ActivityOffer, ...]] = {}
            for tour in self.settled.tours if self.settled is not None else ():
                if (tour.visit, tour.date) == (visit.index, day) and tour.order:
                    found[tuple(a.id for a in tour.order)] = tour.order
            for spot in self._searched_from(visit, candidates):
                for ready, until in sorted(windows):
                    for order in self.planner.orders(day, spot, candidates, ready, until, keep):
                        found.setdefault(tuple(a.id for a in order), order)
            self._seen_days[key] = list(found.values())
        return self._seen_days[key]

    def _searched_from(self, visit: Visit, candidates: Sequence[ActivityOffer]) -> list[Spot]:
        """The beds from which days are searched: every one where the answer may be that there is no plan."""
        return [self._nearest(visit, candidates)] if self.limit else [bed.spot for bed in self.beds[visit.index]]

    def _nearest(self, visit: Visit, candidates: Sequence[ActivityOffer]) -> Spot:
        """The bed with the shortest rides to the candidates and back."""
        rides = self.rides

        def total(spot: Spot) -> int:
            ways = [way for a in candidates for way in ((spot, a.spot), (a.spot, spot))]
            return sum(rides.minutes(*way) if rides.reachable(*way) else DAY for way in ways)

        return min((bed.spot for bed in self.beds[visit.index]), key=lambda spot: (total(spot), spot.id))

    def _once(self) -> None:
        """Nothing is done twice; each further day with a kind of thing loses a share of the least of it to be had."""
        by_offer: dict[str, list[Lit]] = defaultdict(list)
        by_tag: dict[str, list[tuple[Programme, Lit]]] = defaultdict(list)
        for _, _, programmes in self.days:
            for programme, on in programmes:
                for activity in programme.order:
                    by_offer[activity.id].append(on)
                for tag in {tag for activity in programme.order for tag in activity.tags}:
                    by_tag[tag].append((programme, on))
        once = {a.id for visit in self.visits for a in visit.activities if not a.repeatable}
        for offer_id, literals in by_offer.items():
            if offer_id in once:
                self.model.add_at_most_one(literals)
        for tag, found in by_tag.items():
            again = self.model.new_int_var(0, len(self.days), "")
            self.model.add(again >= cp_model.LinearExpr.sum([on for _, on in found]) - 1)
            alike = (a for candidates in self.candidates for a in candidates if tag in a.tags)
            least = min(activity_worth(activity, self.request) for activity in alike)
            self.worth.append(-(least * 3 // 10) * again)

    def _keep_wishes(self) -> None:
        """Must-see and locked things are in the plan; a name that matches nothing makes it impossible."""
        doing = [(activity, on) for _, _, programmes in self.days for p, on in programmes for activity in p.order]
        for name in self.request.wishes.must_see:
            self._require([on for activity, on in doing if wanted(activity, (name,))])
        choices = [(activity.id, on) for activity, on in doing]
        choices += [(move.id, on) for leg in self.legs for move, on in self._pairs(leg)]
        choices += [(stay.id, on) for pairs in self.stay_on for stay, on in pairs]
        for offer_id in sorted(self.request.locked):
            self._require([on for name, on in choices if name == offer_id])

    def _require(self, literals: Sequence[Lit]) -> None:
        self.hopeless |= not literals
        self.model.add_bool_or(list(literals))
