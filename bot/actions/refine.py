"""Change the trip: the changed request is planned again as its next version. What cannot be done is said."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.asking import ask_slot, says_something
from bot.actions.create import create
from bot.actions.edit import stamp
from bot.actions.replan import replanned
from bot.actions.search import go_on as go_on_searching
from bot.actions.undo import undo
from bot.buttons import TRIP
from bot.changes import lengthened
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present import editing
from bot.present.questions import change_menu
from bot.replies import Reply
from bot.requests import KINDS
from bot.slots import Slots, merge
from bot.state import Conversation, Decision, Scene
from bot.wishes import BEDS, HOURS, MODES

_PRICE = frozenset({"price", "prices", "cost", "costs", "bei", "gharama"})


def refine(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Change what is being worked on: the last search when only its facts change, else the trip."""
    intent = _with_price_words(intent)
    if _means_the_search(state, intent):
        return go_on_searching(state, intent, scene)
    if not state.trip.destinations:
        if says_something(intent):
            return create(replace(state, goal=Action.CREATE_ITINERARY), intent, scene)
        asked = ask_slot(replace(state, goal=Action.CREATE_ITINERARY), "destination", state.trip, scene)
        question = asked.replies[0]
        return replace(asked, replies=(replace(question, lines=(t(state.lang, "no_trip"),)),))
    if intent.topic == "undo":
        return undo(state, intent, scene)
    if not says_something(intent):
        return Decision(replace(state, goal=Action.CREATE_ITINERARY), (change_menu(state.lang, state.screen),))
    return _change(replace(state, goal=Action.CREATE_ITINERARY), intent, scene)


def _change(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if gone := _not_in_plan(state, intent):
        return Decision(state, (editing.not_in_plan(gone, state.screen, stamp(state), state.lang, scene.towns),))
    wanted = _cheaper_still(state.trip, _places(state.trip, intent))
    if wanted is None:
        return Decision(
            state, (Reply((t(state.lang, "cheapest_already"),), change_menu(state.lang, state.screen).buttons),)
        )
    notes = [t(state.lang, "cannot_pin_day", n=intent.day)] if intent.day is not None else []
    slots = _longer_at(state, wanted) or merge(state.trip, wanted)
    return replanned(state, slots, intent, scene, notes=notes)


def _not_in_plan(state: Conversation, intent: Intent) -> str:
    """What should be taken out and is not there; "" where it is, or where more is asked for."""
    alone = replace(Intent(intent.action, intent.lang, topic=intent.topic), remove=intent.remove) == intent
    known = {*MODES, *HOURS, *BEDS, *state.trip.destinations}
    if not state.screen.items or not alone or any(word in known for word in intent.remove):
        return ""
    titles = [item.title.casefold() for item in state.screen.items]
    absent = [word for word in intent.remove if not any(word.casefold() in title for title in titles)]
    return absent[0] if absent and len(absent) == len(intent.remove) else ""


def _longer_at(state: Conversation, intent: Intent) -> Slots | None:
    """ "One more day in Diani": the nights elsewhere stay as they are. None for any other change."""
    days, places = intent.duration_delta_days, {stop.place for stop in state.screen.stops}
    if not days or intent.destination not in places or len(places) < 2 or intent.start_date or intent.end_date:
        return None
    slots = merge(state.trip, replace(intent, duration_delta_days=None, destination=None, destinations=()))
    return lengthened(slots, state.screen, intent.destination, max(-30, min(30, days)))


def _means_the_search(state: Conversation, intent: Intent) -> bool:
    if state.goal not in KINDS or intent.topic == TRIP:
        return False
    about_a_trip = bool(
        intent.preferences
        or set(intent.remove).difference(state.search.destinations)
        or intent.duration_delta_days
        or intent.budget_kes
        or intent.day
    )
    return says_something(intent) and not (about_a_trip and state.trip.destinations)


def _places(slots: Slots, intent: Intent) -> Intent:
    """A place that comes with more days is another stop; a removed stop is left out; else the place replaces."""
    gone = [slug for slug in slots.destinations if slug in intent.remove]
    new = intent.destinations or ((intent.destination,) if intent.destination else ())
    if gone and not set(new) <= set(gone):  # "Diani instead of Mombasa": in its place among the stops
        stops = (town for slug in slots.destinations for town in (new if slug == gone[0] else (slug,)))
        words = tuple(word for word in intent.remove if word not in gone)
        there = tuple(dict.fromkeys(slug for slug in stops if slug not in gone))
        return replace(intent, destinations=there, remove=words)
    if gone and len(gone) < len(slots.destinations):
        rest = tuple(slug for slug in slots.destinations if slug not in gone)
        words = tuple(word for word in intent.remove if word not in gone)
        return replace(intent, destinations=rest, remove=words)
    if not new:
        return intent
    if (intent.duration_delta_days or 0) > 0 or set(new) <= set(slots.destinations):
        joined = tuple(dict.fromkeys((*slots.destinations, *new)))
        return replace(intent, destinations=joined)
    return replace(intent, destinations=new)


def _with_price_words(intent: Intent) -> Intent:
    """ "Cut the price" is no thing to take out of the plan but a wish for a cheaper one."""
    if not _PRICE & set(intent.remove):
        return intent
    rest = tuple(word for word in intent.remove if word not in _PRICE)
    return replace(intent, remove=rest, preferences=tuple(dict.fromkeys(("cheap", *intent.preferences))))


def _cheaper_still(slots: Slots, intent: Intent) -> Intent | None:
    """ "Cheaper" said again asks for the simplest beds; said a third time there is nothing left to give: None."""
    if intent.preferences != ("cheap",) or "cheap" not in slots.preferences:
        return intent
    if "budget_stay" in slots.preferences:
        return None
    return replace(intent, preferences=("cheap", "budget_stay"))
