"""The choice: CP-SAT picks how to move, where to sleep, what to do each day and where to eat.

One boolean for each way to make a leg, each stay, each day programme (planner.days) and each meal at a place. Times are
settled when programmes are made, so what is left is a selection with a budget, which CP-SAT solves exactly and fast.
One thread, fixed seed, deterministic time limit: the same input gives the same plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from planner.choice import Choice, Found, Tour
from planner.cpsat import Model, cp_model
from planner.days import BedTimes, DayPlan, Days, wanted
from planner.demands import All, Demand, Linear, Part, Trip
from planner.dominance import undominated_stays
from planner.hours import SETTLE
from planner.limits import Limits
from planner.matching import Thing
from planner.meals import Sitting, allowance_days, menu_of
from planner.miles import Miles
from planner.model import Offers, Spot, StayOffer, TripRequest
from planner.narrowing import precedence
from planner.options import Options
from planner.programmes import Planner, anyhow
from planner.requirements import Kind
from planner.shape import DAY, Clock, Leg, Move, Rides, Visit, down, first_night, up
from planner.values import Tastes, activity_worth, again_loss, stay_worth
from planner.ways import legs, visits

EFFORT = 2.0  # deterministic seconds (about wall seconds of one core) to improve a plan; most end far earlier
CANDIDATES = 10  # activities considered per stop, best first; wished-for ones always are
REFINED = 32  # … once it is settled how to move and where to sleep
TRIES = 5  # times a day is chosen again whose meals do not go together after all

Lit = cp_model.IntVar
Sum = cp_model.LinearExprT
_Ways = Sequence[tuple[Move, Lit]]


@dataclass(frozen=True, slots=True)
class _Bed:
    """A place to sleep in (or the middle of town) with its times, and whether it is chosen."""

    times: BedTimes
    on: Lit


@dataclass(frozen=True, slots=True)
class _Today:
    """What may be done on one day of a visit, with what may be eaten: gaps with the same places share their choice."""

    visit: Visit
    day: date
    plans: list[tuple[DayPlan, Lit]]
    eaten: dict[Hashable, list[tuple[Sitting, Lit]]]  # by what a gap offers
    fed: dict[Hashable, list[Lit]]  # … the plans with such a gap

    def chosen(self, solver: cp_model.CpSolver) -> tuple[DayPlan, list[Sitting], list[Lit]]:
        """What the solver took: the plan and its meals, and the choices that they are."""
        plan, taken = next((plan, on) for plan, on in self.plans if solver.value(on))
        sittings, literals = list[Sitting](), [taken]
        for gap in plan.laid.gaps if plan.eating and plan.laid else ():
            here = plan.eating.sittings(self.day, gap) if plan.eating else []
            at, on = next((n, on) for n, (_, on) in enumerate(self.eaten[menu_of(gap, here)]) if solver.value(on))
            sittings.append(here[at])
            literals.append(on)
        return plan, sittings, literals


class Problem:
    """One CP-SAT model of one request; every method adds one family of rules.

    `candidates` is how many activities per stop are considered beside those asked for by name; with a `settled` choice
    only the days are open. A `soft` one need not keep the requirements (see `most`).
    """

    def __init__(
        self,
        request: TripRequest,
        offers: Offers,
        rides: Rides,
        tastes: Tastes,
        candidates: int,
        settled: Choice | None = None,
        *,
        soft: bool = False,
        effort: float = EFFORT,
    ) -> None:
        self.model = Model()
        self.request, self.offers, self.rides, self.tastes = request, offers, rides, tastes
        self.settled, self.soft, self.effort = settled, soft, effort
        self.kept: dict[str, tuple[Lit, int]] = {}  # requirements by name: whether kept, and how dear
        self.clock, self.limits = Clock.of(request, offers), Limits.of(request, offers)
        self.zone = ZoneInfo(offers.zone)
        self.miles = Miles(request, offers, rides, self.clock, tastes)
        self.parts = Options[Lit](request, self.zone)
        planner = Planner(request, rides, self.clock, tastes, before=precedence(request) or anyhow)
        self.days_of = Days(request, offers, planner, candidates, settled, self.limits)
        self.visits = visits(request, offers, rides)
        self.changes = [(one, then) for one, then in pairwise(self.visits) if one.place == then.place]
        self.legs = tuple(self._open_moves(leg) for leg in legs(request, offers, rides, self.visits))
        self.costs: list[Sum] = []
        self.worth: list[Sum] = []  # in shillings
        self.hopeless = False  # a rule was found broken while building
        self.move_on = [self._moves(leg) for leg in self.legs]
        self.stay_on = [self._stays(visit) for visit in self.visits]
        self._change_beds()
        self.beds = [self._beds(visit, on) for visit, on in zip(self.visits, self.stay_on, strict=True)]
        self.days: list[_Today] = []
        allowance = offers.meals.daily.kes if offers.meals else 0
        fed = allowance_days(request, self.visits)
        if not self.hopeless:
            self.days = [self._day(visit, day) for visit in self.visits for day in visit.days]
            self._once()
            self._keep_wishes()
            eaten = Thing(Kind.MEAL, "allowance", ("meals",), "")
            self._keep_requirements([Part(eaten, allowance, days=frozenset({day})) for day in fed])
        self.total = cp_model.LinearExpr.sum(self.costs) + allowance * len(fed)

    # -- solving ---------------------------------------------------------------------------------------------------

    def cheapest(self) -> tuple[int, Choice] | None:
        """The lowest total any plan has, with that plan; the budget is not looked at."""
        self.model.minimize(self.total)
        solver = self._run()
        return None if solver is None else (round(solver.value(self.total)), self._read(solver))

    def best(self, known: Choice) -> Found | None:
        """The most worthwhile plan within the budget; `known` is one to start from."""
        if self.request.budget_kes is not None:
            self.model.add(self.total <= self.request.budget_kes)
        self.model.maximize(10 * cp_model.LinearExpr.sum(self.worth) - self.tastes.money * self.total)
        self._hint(known)
        solver = self._run()
        if solver is None:
            return None
        score = round(solver.objective_value)
        return Found(self._read(solver), score, (solver.best_objective_bound - score) / max(1, abs(score)))

    def most(self, budget_weight: int, refused: Sequence[frozenset[str]]) -> tuple[int, frozenset[str]] | None:
        """The most requirements that can be kept together, by weight, and their names; "budget" is one of them.

        Sets that were `refused` cannot, whatever it looks like here.
        """
        if self.request.budget_kes is not None:
            within = self._kept("budget", budget_weight)
            self.model.add(self.total <= self.request.budget_kes).only_enforce_if(within)
        for names in refused:
            self.model.add_bool_or([~on for name, (on, _) in self.kept.items() if name in names])
        self.model.maximize(cp_model.LinearExpr.sum([weight * on for on, weight in self.kept.values()]))
        solver = self._run()
        if solver is None:
            return None
        names = frozenset(name for name, (on, _) in self.kept.items() if solver.value(on))
        return sum(weight for name, (_, weight) in self.kept.items() if name in names), names

    def _hint(self, known: Choice) -> None:
        for leg, literals in zip(self.legs, self.move_on, strict=True):
            for move, on in zip(leg.moves, literals, strict=True):
                self.model.add_hint(on, move.id == known.moves[leg.index].id)
        for pairs, chosen in zip(self.stay_on, known.stays, strict=True):
            for stay, on in pairs:
                self.model.add_hint(on, chosen is not None and stay.id == chosen.id)
        if self.request.meals:
            return
        orders = {(tour.visit, tour.date): tour.order for tour in known.tours}
        for today in self.days:
            for plan, on in today.plans:
                if plan.programme.order != orders.get((today.visit.index, today.day), ()):
                    self.model.add_hint(on, False)

    def _run(self) -> cp_model.CpSolver | None:
        """A solution whose days can be kept to the minute; those that turn out not to are ruled out."""
        for _ in range(TRIES):
            if (solver := self._once_run()) is None:
                return None
            clashes = [clash for today in self.days if (clash := self._clash(today, solver))]
            if not clashes:
                return solver
            for clash in clashes:
                self.model.add(cp_model.LinearExpr.sum(clash) <= len(clash) - 1)
        return None

    def _clash(self, today: _Today, solver: cp_model.CpSolver) -> list[Lit]:
        """What was chosen for a day and does not go together."""
        plan, sittings, taken = today.chosen(solver)
        if plan.eating is None or plan.laid is None or not sittings:
            return []
        steps = plan.eating.steps(plan.programme, plan.laid, sittings)
        midnight = (today.day - self.request.start).days * DAY
        ready, due = max(plan.programme.leaves, midnight), midnight + DAY
        try:
            plan.eating.planner.timetable(today.day, plan.programme.bed, steps, ready, due)
        except LookupError:
            return taken
        return []

    def _once_run(self) -> cp_model.CpSolver | None:
        if self.hopeless:
            return None
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = self.effort
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
        return Choice(tuple(moves), tuple(stays), tuple(self._tour(today, solver) for today in self.days))

    def _tour(self, today: _Today, solver: cp_model.CpSolver) -> Tour:
        plan, sittings, _ = today.chosen(solver)
        if plan.eating is None or plan.laid is None:
            return Tour(today.visit.index, today.day, plan.programme.order)
        steps = plan.eating.steps(plan.programme, plan.laid, sittings)
        return Tour(today.visit.index, today.day, steps, eats_out=True)

    # -- moving ----------------------------------------------------------------------------------------------------

    def _open_moves(self, leg: Leg) -> Leg:
        possible = self.miles.possible(leg)
        if self.settled is not None:
            chosen = self.settled.moves[leg.index].id
            return replace(leg, moves=tuple(move for move in possible if move.id == chosen))
        if self.limits.by_day:  # the light at the hour of a ride to the gate tells moves apart that are else alike
            return replace(leg, moves=possible)
        return replace(leg, moves=self.miles.undominated(leg, possible, self.parts.signature))

    def _moves(self, leg: Leg) -> list[Lit]:
        literals = [self.model.new_bool_var("") for _ in leg.moves]
        self.model.add_exactly_one(literals)
        self.hopeless |= not literals
        for move, on in zip(leg.moves, literals, strict=True):
            (first, first_cost), (last, last_cost) = self.miles.first(leg, move), self.miles.last(leg, move)
            self.costs.append((move.cost + first_cost + last_cost) * on)
            brings = self.parts.of_move(move, self.miles.rides_to_and_from(leg, move))
            self.parts.add(on, brings, move.depart // DAY, leg.destination)
            riding = self.tastes.minute * (first + last) * self.request.party.size
            self.worth.append((self.miles.worth(leg, move) - riding) * on)
        return literals

    def _leg_into(self, visit: Visit) -> Leg | None:
        return next((leg for leg in self.legs if leg.reaches == visit.index), None)

    def _leg_out(self, visit: Visit) -> Leg | None:
        return next((leg for leg in self.legs if leg.leaves == visit.index), None)

    def _pairs(self, leg: Leg | None) -> list[tuple[Move, Lit]]:
        return list(zip(leg.moves, self.move_on[leg.index], strict=True)) if leg else []

    # -- sleeping --------------------------------------------------------------------------------------------------

    def _stays(self, visit: Visit) -> list[tuple[StayOffer, Lit]]:
        """One bed per stop; its price and worth count for each night slept there."""
        if visit.first == visit.last or not visit.stays:
            self.hopeless |= visit.first != visit.last and not self.request.own_arrangements
            return []
        stays = self._open_stays(visit)
        literals = [self.model.new_bool_var("") for _ in stays]
        self.model.add_exactly_one(literals)
        by_nights = self._nights(visit)
        self.hopeless |= not by_nights
        shared: dict[int, list[Lit]] = defaultdict(list)
        for stay, on in zip(stays, literals, strict=True):
            fits = [n for n in by_nights if n == 0 or stay.is_let(visit.last - timedelta(days=n), n)]
            parts = {nights: self.model.new_bool_var("") for nights in fits}
            self.model.add(cp_model.LinearExpr.sum(list(parts.values())) == on)
            for nights, part in parts.items():
                shared[nights].append(part)
                if not nights and stay.id in self.request.locked:  # what is to stay is slept in
                    self.model.add(part == 0)
                self.costs.append(stay.kes * nights * part)
                slept = (Part(self.parts.thing(stay), stay.kes * nights, nights),) if nights else ()
                self.parts.add(part, slept, self._nth(visit.last) - nights, visit.place)
                self.worth.append(stay_worth(stay, self.request) * nights * part)
        for nights, moves in by_nights.items():
            self.model.add(cp_model.LinearExpr.sum(shared[nights]) == moves)
        return list(zip(stays, literals, strict=True))

    def _change_beds(self) -> None:
        """Who stays on in a town does so in another bed."""
        for one, then in self.changes:
            for stay, on in self.stay_on[one.index]:
                self.model.add_at_most_one(on, *(other for second, other in self.stay_on[then.index] if second == stay))

    def _open_stays(self, visit: Visit) -> list[StayOffer]:
        if self.settled is not None:
            chosen = self.settled.stays[visit.index]
            return [stay for stay in visit.stays if chosen is not None and stay.id == chosen.id]
        if any(visit in pair for pair in self.changes):
            return list(visit.stays)  # what another one replaces may be the second bed
        locked = [stay for stay in visit.stays if stay.id in self.request.locked]
        open_ = [stay for stay in visit.stays if stay.id not in self.request.locked]
        return locked + undominated_stays(open_, lambda stay: stay_worth(stay, self.request), self.parts.signature)

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
            ready = self._connect(self._leg_into(visit), spot, here, visit, inbound=True)
            due = self._connect(self._leg_out(visit), spot, here, visit, inbound=False)
            beds.append(_Bed(BedTimes(spot, ready, due), here))
            self._arrive_before_leaving(visit, beds[-1])
        return beds

    def _connect(self, leg: Leg | None, bed: Spot, here: Lit, visit: Visit, *, inbound: bool) -> dict[str, int]:
        """Ride between gates and bed: when one is there (or must leave) by each move, and what the ride costs."""
        times: dict[str, int] = {}
        by_gate: dict[tuple[str, Rides, int], tuple[Spot, list[Lit]]] = {}
        for move, on in self._pairs(leg):
            gate, minute = (move.destination, move.gate_out) if inbound else (move.origin, move.gate_in)
            a, b = (gate, bed) if inbound else (bed, gate)
            rides = self.rides.at(minute) if inbound else self.rides.until(minute, a, b)
            by_gate.setdefault((gate.id, rides, minute // DAY), (gate, []))[1].append(on)
            if rides.reachable(a, b):
                minutes = rides.minutes(a, b)
                times[move.id] = up(minute + minutes) if inbound else down(minute - minutes)
                starts = minute if inbound else minute - minutes
                if leg and not leg.in_time(rides, a, b, starts, self.limits):
                    self.model.add(on + here <= 1)
        for (_, rides, nth), (gate, literals) in by_gate.items():
            a, b = (gate, bed) if inbound else (bed, gate)
            both = self.model.new_bool_var("")
            self.model.add(both >= cp_model.LinearExpr.sum(literals) + here - 1)
            if not rides.reachable(a, b):
                self.model.add(both == 0)
                continue
            self.costs.append(rides.cost(a, b) * both)
            self.parts.add(both, self.parts.of_rides([(rides, a, b)]), nth, visit.place)
            self.worth.append(-self.tastes.minute * rides.minutes(a, b) * self.request.party.size * both)
        return times

    def _arrive_before_leaving(self, visit: Visit, bed: _Bed) -> None:
        """A bed is left on the day of departure, after one has come to it, and reached before the trip is over."""
        ins, outs = self._pairs(self._leg_into(visit)), self._pairs(self._leg_out(visit))
        midnight, end = self._nth(visit.last) * DAY, (self.request.nights + 1) * DAY
        astray = [on for move, on in outs if bed.times.due.get(move.id, midnight) < midnight]
        astray += [on for move, on in ins if bed.times.ready.get(move.id, end) > end]
        for on in astray:
            self.model.add_at_most_one(on, bed.on)
        for move, on in ins:
            ready = bed.times.ready.get(move.id, 0)
            late = [out for other, out in outs if bed.times.due.get(other.id, 0) < ready]
            if late:
                self.model.add(cp_model.LinearExpr.sum(late) == 0).only_enforce_if(on, bed.on)

    # -- things to do ----------------------------------------------------------------------------------------------

    def _day(self, visit: Visit, day: date) -> _Today:
        """Exactly one programme a day, possible with the bed and the moves of that day."""
        ins = [move for move, _ in self._pairs(self._leg_into(visit))]
        overnight = any(move.arrive // DAY > move.depart // DAY for move in ins)
        arriving = bool(self._leg_into(visit)) and (day == visit.first or overnight)
        leaving = day == visit.last and bool(self._leg_out(visit))
        today = _Today(visit, day, [], {}, defaultdict(list))
        times = [bed.times for bed in self.beds[visit.index]]
        for bed in self.beds[visit.index]:
            mine = [(plan, self.model.new_bool_var("")) for plan in self.days_of.plans(visit, day, bed.times, times)]
            for plan, on in mine:
                if plan.busy:
                    self.costs.append((plan.tickets_kes + plan.rides_kes) * on)
                    self.worth.append(plan.worth * on)
                    brings = self.parts.of_plan(plan, day, self.days_of.planner)
                    self.parts.add(on, brings, self._nth(day), visit.place)
                self._sit(today, plan, on)
            self.model.add(cp_model.LinearExpr.sum([on for _, on in mine]) == bed.on)
            if arriving:
                self._after_arriving(mine, visit, bed)
            if leaving:
                self._before_leaving(mine, visit, bed)
            into = self._pairs(self._leg_into(visit)) if arriving else []
            self._miss_meals(mine, day, bed, into, self._pairs(self._leg_out(visit)) if leaving else [])
            today.plans.extend(mine)
        for menu, eaten in today.eaten.items():
            sits = cp_model.LinearExpr.sum([on for _, on in eaten])
            self.model.add(sits == cp_model.LinearExpr.sum(today.fed[menu]))
        return today

    def _nth(self, day: date) -> int:
        """Days from the first."""
        return (day - self.request.start).days

    def _sit(self, today: _Today, plan: DayPlan, on: Lit) -> None:
        """One place in each gap of a programme."""
        if plan.eating is None or plan.laid is None:
            return
        for gap in plan.laid.gaps:
            here = plan.eating.sittings(today.day, gap)
            menu = menu_of(gap, here)
            today.fed[menu].append(on)
            if menu in today.eaten:
                continue
            today.eaten[menu] = [(sitting, self.model.new_bool_var("")) for sitting in here]
            for sitting, sits in today.eaten[menu]:
                self.costs.append(sitting.kes * sits)
                self.worth.append(plan.eating.worth(sitting) * sits)
                self.parts.add(sits, self.parts.of_meal(sitting), self._nth(today.day), today.visit.place)

    def _miss_meals(self, mine: Sequence[tuple[DayPlan, Lit]], day: date, bed: _Bed, ins: _Ways, outs: _Ways) -> None:
        """A meal is missed only by who arrives after it may begin, or leaves before it is over."""
        midnight = self._nth(day) * DAY
        for plan, on in mine:
            if plan.eating is None or plan.laid is None:
                continue
            for meal in (*plan.laid.early, *plan.laid.late):
                pause = plan.eating.planner.pauses[meal]
                opens, closes = midnight + pause.opens, midnight + pause.latest + pause.minutes
                late = [move_on for move, move_on in ins if bed.times.ready.get(move.id, 0) > opens]
                gone = [move_on for move, move_on in outs if bed.times.due.get(move.id, DAY * 99) < closes]
                self.model.add(cp_model.LinearExpr.sum([*late, *gone]) >= on)

    def _after_arriving(self, mine: Sequence[tuple[DayPlan, Lit]], visit: Visit, bed: _Bed) -> None:
        """For each moment: a programme that begins by then needs a move that brings one there by then."""
        ins, never = self._pairs(self._leg_into(visit)), DAY * 99
        moves = [(bed.times.ready.get(move.id, never) + SETTLE, on) for move, on in ins]
        for moment in sorted({plan.programme.leaves for plan, _ in mine if plan.busy}):
            early = [on for plan, on in mine if plan.busy and plan.programme.leaves <= moment]
            there = [on for ready, on in moves if ready <= moment]
            if len(there) < len(moves):
                self.model.add(cp_model.LinearExpr.sum(early) <= cp_model.LinearExpr.sum(there))

    def _before_leaving(self, mine: Sequence[tuple[DayPlan, Lit]], visit: Visit, bed: _Bed) -> None:
        """For each moment one must leave the bed: no programme that ends later goes with a move that needs it."""
        moves = [(bed.times.due.get(move.id, -1), on) for move, on in self._pairs(self._leg_out(visit))]
        for moment in sorted({due for due, _ in moves}):
            late = [on for plan, on in mine if plan.busy and plan.ends > moment]
            if late:
                gone = [on for due, on in moves if due <= moment]
                self.model.add(cp_model.LinearExpr.sum(late) + cp_model.LinearExpr.sum(gone) <= 1)

    def _once(self) -> None:
        """Nothing is done twice; each further day with a kind of thing loses a share of the least of it to be had."""
        by_offer: dict[str, list[Lit]] = defaultdict(list)
        by_tag: dict[str, list[Lit]] = defaultdict(list)
        for today in self.days:
            for plan, on in today.plans:
                for activity in plan.programme.order:
                    by_offer[activity.id].append(on)
                for tag in sorted({tag for activity in plan.programme.order for tag in activity.tags}):
                    by_tag[tag].append(on)
            for sitting, on in chain.from_iterable(today.eaten.values()):
                by_offer[sitting.place.id].append(on)
        beds = ([bed.times for bed in beds] for beds in self.beds)
        candidates = [self.days_of.candidates(visit, times) for visit, times in zip(self.visits, beds, strict=True)]
        once = {a.id for visit in self.visits for a in visit.activities if not a.repeatable}
        for offer_id, literals in by_offer.items():
            if offer_id in once:
                self.model.add_at_most_one(literals)
        for tag, found in by_tag.items():
            again = self.model.new_int_var(0, len(self.days), "")
            self.model.add(again >= cp_model.LinearExpr.sum(found) - 1)
            alike = (a for some in candidates for a in some if tag in a.tags)
            least = min(again_loss(activity, activity_worth(activity, self.request)) for activity in alike)
            self.worth.append(-least * again)

    def _keep_wishes(self) -> None:
        """Must-see and locked things are in the plan; a name that matches nothing makes it impossible."""
        doing = [(a, on) for today in self.days for plan, on in today.plans for a in plan.programme.order]
        doing += [(s.place, on) for today in self.days for eaten in today.eaten.values() for s, on in eaten]
        for name in self.request.wishes.must_see:
            self._require([on for activity, on in doing if wanted(activity, (name,))])
        choices = [(activity.id, on) for activity, on in doing]
        choices += [(name, on) for leg in self.legs for move, on in self._pairs(leg) for name in move.offer_ids]
        choices += [(stay.id, on) for pairs in self.stay_on for stay, on in pairs]
        for offer_id in sorted(self.request.locked):
            self._require([on for name, on in choices if name == offer_id])

    # -- requirements ----------------------------------------------------------------------------------------------

    def _keep_requirements(self, allowances: Sequence[Part]) -> None:
        request = self.request
        towns = tuple(dict.fromkeys(visit.place for visit in self.visits))
        trip = Trip(self.parts.options, request.party.size, request.nights + 1, towns, allowances)
        for requirement in request.requirements:
            when = [self._kept(requirement.name, requirement.weight)] if self.soft else []
            self._hold(trip.demand(requirement.rule), when)

    def _kept(self, name: str, weight: int) -> Lit:
        """Whether a requirement is kept, where not all need be."""
        on = self.model.new_bool_var(name)
        self.kept[name] = (on, weight)
        return on

    def _hold(self, demand: Demand, when: Sequence[Lit]) -> None:
        """Make a demand hold, whenever all of `when` do."""
        match demand:
            case Linear(terms, low, high):
                total = cp_model.LinearExpr.sum([factor * self.parts.literals[number] for number, factor in terms])
                if low is not None:
                    self.model.add(total >= low).only_enforce_if(*when)
                if high is not None:
                    self.model.add(total <= high).only_enforce_if(*when)
            case All(of):
                for each in of:
                    self._hold(each, when)
            case _:
                sides = [self.model.new_bool_var("") for _ in demand.of]
                self.model.add_bool_or(sides).only_enforce_if(*when)
                for each, side in zip(demand.of, sides, strict=True):
                    self._hold(each, [side])

    def _require(self, literals: Sequence[Lit]) -> None:
        self.hopeless |= not literals
        self.model.add_bool_or(list(literals))
