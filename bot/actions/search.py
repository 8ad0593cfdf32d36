"""The six searches: buses, trains, flights, stays, local rides, events."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.asking import ask_problem, ask_slot, take_in
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present.answers import subject
from bot.replies import Reply
from bot.requests import KINDS, missing_for_search, search_task
from bot.slots import Slots, has_dates, merge
from bot.state import Conversation, Decision, Scene


def search(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A search. What it does not say is taken from the last search or the trip when the place is the same."""
    base = _base(state, intent)
    if intent.start_date is not None or intent.month is not None:
        base = replace(base, start=None, end=None, window=False, month=None, nights=None, duration_days=None)
    state = replace(state, goal=intent.action, search=base, asked="", problems=())
    return _advance(state, merge(base, intent), intent, scene)


def go_on(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The answer to a question about the search, or a change of it."""
    answer = intent
    base = state.search
    if state.asked == "origin" and intent.destination and intent.origin is None and base.destinations:
        answer = replace(intent, origin=intent.destination, destination=None, destinations=())
    if intent.start_date is not None and state.goal is not Action.SEARCH_HOTELS:
        base = replace(base, end=None, window=False, nights=None, duration_days=None)
    return _advance(state, merge(base, answer), intent, scene)


def _advance(state: Conversation, slots: Slots, intent: Intent, scene: Scene) -> Decision:
    if state.goal is None or state.goal not in KINDS:
        raise ValueError(f"not a search: {state.goal}")
    kind = KINDS[state.goal]
    taken = take_in(state, slots, intent, scene)
    if taken.problems:
        return ask_problem(state, taken, scene)
    if missing := missing_for_search(taken.slots, kind):
        return ask_slot(state, missing, taken.slots, scene)
    key = f"search-{state.turn}"
    task = search_task(taken.slots, kind, scene.today, key=key, lang=state.lang)
    looking = Reply((t(state.lang, "searching", what=subject(task, scene.towns)),), progress=key)
    state = replace(state, search=taken.slots, asked="", problems=(), choices=(), pending=key)
    return Decision(state, (looking,), (task,))


def _base(state: Conversation, intent: Intent) -> Slots:
    last = state.search if state.goal in KINDS else state.trip
    for slots in (last, state.search, state.trip):
        same = intent.destination is None or intent.destination in slots.destinations
        if slots.destinations and same:
            return _carried(slots, intent)
    return Slots()


def _carried(slots: Slots, intent: Intent) -> Slots:
    """Where, when and who; tastes, money and points of pick-up belong to the earlier question."""
    there = intent.destination or slots.destinations[0]
    origin = slots.origin if intent.destination_point is None and intent.origin_point is None else None
    return Slots(
        origin=origin,
        destinations=(there,),
        start=slots.start if has_dates(slots) else None,
        end=slots.end,
        window=slots.window,
        month=slots.month,
        nights=slots.nights,
        duration_days=slots.duration_days,
        passengers=slots.passengers,
        children=slots.children,
    )
