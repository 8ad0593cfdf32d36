"""What is not understood: asked about once, then the best guess from what is known, or what can be said."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import create, house, search, trips
from bot.actions.asking import current, with_question
from bot.i18n import t
from bot.intents import Action, Intent
from bot.replies import Reply
from bot.requests import KINDS
from bot.state import Conversation, Decision, Scene


def not_understood(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The first time the open question again; the second in a row no question, but a guess or help."""
    counted = replace(state, unclear=state.unclear + 1)
    if state.unclear:
        return guess(counted, intent, scene) or _help(counted, intent, scene)
    if state.asked:
        return with_question(counted, Reply((t(state.lang, "not_understood"),)), scene)
    return off_topic(counted, intent, scene)


def off_topic(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """What this is not for, in a line; what was open stays open."""
    if state.asked:
        return with_question(state, Reply((t(state.lang, "off_topic_plain"),)), scene)
    if state.trip_id:
        said = t(state.lang, "off_topic_trip", place=trips.called(state, scene.towns))
        return Decision(state, (Reply((said,)),))
    return Decision(state, (Reply((t(state.lang, "off_topic"),)),))


def any_day(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """ "Any day": the plan or search goes on with a day of our choice, said aloud."""
    return guess(state, intent, scene, say="") or not_understood(state, intent, scene)


def any_place(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """ "I don't know": places to begin with."""
    asked = state if state.asked else replace(state, goal=Action.CREATE_ITINERARY, asked="destination")
    return with_question(asked, Reply((t(state.lang, "any_place"),)), scene)


def guess(state: Conversation, intent: Intent, scene: Scene, say: str = "best_guess") -> Decision | None:
    """What was asked for, with guesses in place of what is missing; None where too little is known for one."""
    if not state.asked or state.trip_id is not None or not current(state).destinations:
        return None
    blank = Intent(Action.OTHER, intent.lang)
    ready = replace(state, problems=(), asked="dates")
    decision = search.go_on(ready, blank, scene) if state.goal in KINDS else create.go_on(ready, blank, scene)
    if not decision.tasks:
        return None
    said = (Reply((t(state.lang, say),)),) if say else ()
    return replace(decision, state=replace(decision.state, unclear=0), replies=(*said, *decision.replies))


def _help(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    helped = house.help_(replace(state, asked=""), intent, scene)
    reply = helped.replies[0]
    said = t(state.lang, "unclear_again")
    return Decision(state, (replace(reply, lines=(said, *reply.lines)),))
