"""Back to the version of the trip before the last change, and forward again. A version is never taken away: what is
gone back to becomes the newest version, so that calendars and shared pages follow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.bookable import lost
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present.booking import would_drop
from bot.replies import Reply
from bot.state import Conversation, Decision, Scene, Step
from bot.tasks import RestoreTask, ShowTask, View, Way
from planner.model import Itinerary
from planner.operations import lockable

_FARTHEST: Final = 10  # versions one can go back


def remembering(state: Conversation, plan: Itinerary) -> Conversation:
    """The memory when a plan is about to be shown: a plan that is not the last one can be undone, unless it is one
    that was gone back to, which has its place already.
    """
    if state.trip_id != plan.id:
        return replace(state, planned=state.trip, past=(), future=())
    known = {item.offer_id for item in state.screen.items if item.offer_id}
    same = known == {item.offer_id for item in plan.items if item.offer_id and lockable(item)}
    if state.trip == state.planned and (same or state.pending.startswith("restore-")):
        return state
    past = (*state.past, *_here(state)) if state.planned.destinations else ()
    return replace(state, planned=state.trip, past=past[-_FARTHEST:], future=())


def undo(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The version before. A change that has come to no plan (yet) is simply forgotten."""
    if state.trip_id is None:
        return Decision(state, (Reply((t(state.lang, "no_trip"),)),))
    state = replace(state, goal=Action.CREATE_ITINERARY, asked="", problems=())
    if state.trip != state.planned and state.planned.destinations:
        key = f"show-{state.turn}"
        state = replace(state, trip=state.planned, pending="")
        task = ShowTask(state.trip_id or "", state.trip_version, View.CARD, key, state.lang)
        return Decision(state, (Reply((t(state.lang, "as_it_was"),)),), (task,))
    if not state.past:
        return Decision(state, (Reply((t(state.lang, "undo_nothing"),)),))
    *past, step = state.past
    return _go_to(replace(state, past=tuple(past), future=(*state.future, *_here(state))), state, step, Way.BACK)


def redo(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The version that was undone last."""
    if state.trip_id is None:
        return Decision(state, (Reply((t(state.lang, "no_trip"),)),))
    if not state.future:
        return Decision(state, (Reply((t(state.lang, "redo_nothing"),)),))
    *future, step = state.future
    return _go_to(replace(state, future=tuple(future), past=(*state.past, *_here(state))), state, step, Way.FORWARD)


def _here(state: Conversation) -> tuple[Step, ...]:
    offers = tuple(item.offer_id for item in state.screen.items if item.offer_id)
    return (Step(state.trip_version, state.planned, offers),) if state.trip_version else ()


def _go_to(state: Conversation, before: Conversation, step: Step, way: Way) -> Decision:
    if step.offers and (booked := lost(before.screen, before.trip.booked, step.offers)):
        return Decision(before, (would_drop(booked, state.lang),))
    key = f"restore-{state.turn}"
    task = RestoreTask(state.trip_id or "", step.version, before.trip_version, way, key, state.lang)
    there = replace(
        state,
        goal=Action.CREATE_ITINERARY,
        trip=step.slots,
        planned=step.slots,
        trip_version=step.version,
        asked="",
        problems=(),
        pending=key,
    )
    return Decision(there, (), (task,))
