"""Plan a trip: take in what was said, ask for what is missing, hand the request to the planner."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.asking import ask_problem, ask_slot, take_in
from bot.actions.trips import put_aside
from bot.intents import Action, Intent
from bot.present.trip import assurances, cautions, understood
from bot.requests import missing_for_trip, trip_request
from bot.slots import Slots, has_budget, has_dates, has_length, merge
from bot.state import Conversation, Decision, Scene
from bot.tasks import PlanTask
from planner.model import TripRequest


def create(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A new trip; what was said of one that is still being asked about is kept."""
    if _goes_on(state, intent):
        return go_on(state, intent, scene)
    fresh = replace(put_aside(state), goal=Action.CREATE_ITINERARY, choices=state.choices)
    return advance(fresh, merge(Slots(), intent), intent, scene)


def go_on(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The answer to a question about the trip, or one more thing about it."""
    state = replace(state, goal=Action.CREATE_ITINERARY)
    return advance(state, merge(state.trip, _as_answer(state, intent)), intent, scene)


def advance(state: Conversation, slots: Slots, intent: Intent, scene: Scene, *, says: tuple[str, ...] = ()) -> Decision:
    """Ask the next question, or plan.

    Who has said how long or for how much gets a plan at once, for the coming weekend if no day was named; otherwise
    the day is asked for once.
    """
    taken = take_in(state, slots, intent, scene)
    if taken.problems:
        return ask_problem(state, taken, scene)
    missing = missing_for_trip(taken.slots)
    dates_can_wait = state.asked == "dates" or has_length(taken.slots) or has_budget(taken.slots)
    if missing and not (missing == "dates" and dates_can_wait):
        return ask_slot(state, missing, taken.slots, scene)
    return _plan(state, taken.slots, scene, says)


def request_of(slots: Slots, scene: Scene) -> TripRequest | None:
    """The request that these slots stand for, None while something is missing."""
    if missing_for_trip(slots) in ("destination", "origin"):
        return None
    return trip_request(slots, scene.today)


def _plan(state: Conversation, slots: Slots, scene: Scene, says: tuple[str, ...]) -> Decision:
    request = trip_request(slots, scene.today)
    key = f"plan-{state.turn}"
    if not has_dates(slots):  # the assumed day is kept, so that a later change does not move it
        slots = replace(slots, start=request.start, end=request.end, nights=None, duration_days=None)
    state = replace(state, goal=Action.CREATE_ITINERARY, trip=slots, asked="", problems=(), pending=key, choices=())
    moved = slots.any_order and [stop.place for stop in request.stops] != list(slots.destinations)
    kept = assurances(request, state.lang, scene.towns, reordered=moved)
    says = (*says, *kept, *cautions(request, state.lang, scene.towns))
    echo = understood(request, state.lang, scene.towns, key=key, says=says)
    return Decision(state, (echo,), (PlanTask(request, state.trip_id, key, state.lang, says, state.trip_version),))


def _goes_on(state: Conversation, intent: Intent) -> bool:
    """Whether this is still the same trip: a question is open, it is being planned, or it never was planned."""
    if state.trip_id is not None or (state.goal is not Action.CREATE_ITINERARY and not state.trip.destinations):
        return False
    if intent.destination is None:
        return bool(state.asked or state.trip.destinations)
    another = bool(state.trip.destinations) and intent.destination not in state.trip.destinations
    with_dates = intent.start_date is not None or intent.duration_days is not None or intent.nights is not None
    return not (another and with_dates) if state.asked else bool(state.pending) and not with_dates


def _as_answer(state: Conversation, intent: Intent) -> Intent:
    """Read a bare date as the day of coming back when that is what was asked, a bare place as where one starts."""
    coming_back = bool(state.problems) and state.problems[0].startswith(("end_before_start", "unsure_end"))
    if coming_back and intent.start_date and not intent.end_date:
        return replace(intent, start_date=None, end_date=intent.start_date)
    if state.asked == "origin" and intent.destination and intent.origin is None and state.trip.destinations:
        return replace(intent, origin=intent.destination, destination=None, destinations=())
    return intent
