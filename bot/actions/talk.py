"""Everything that is not a trip: hello, help, house words, thanks, practical questions, and what is off the road."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import undo
from bot.actions.asking import again, ask_slot, current, with_slots
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present import notices
from bot.present.questions import change_menu, more_menu, pick_day
from bot.present.words import place_name
from bot.replies import Reply
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene
from bot.tasks import ForgetTask

_FACTS = frozenset({"visa", "weather", "safety", "payment", "emergency", "health", "currency"})


def greet(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Hello again; the very first one is answered by the welcome."""
    return _with_question(state, Reply((_hello(state, scene),)), scene)


def help_(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """What can be said. An open question stays open."""
    return Decision(state, (notices.help_text(state.lang),))


def cancel(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Let go of what is being worked on; a finished trip is only put aside when it is all there is."""
    lang, place = state.lang, trip_name(state, scene)
    idle = replace(state, goal=None, search=Slots(), asked="", problems=(), choices=(), pending="")
    if intent.topic == "stop":
        idle = idle if state.trip_id else replace(idle, trip=Slots())
        return Decision(idle, (Reply((t(lang, "stopped"),)),))
    if state.trip_id is None:
        return Decision(replace(idle, trip=Slots()), (Reply((t(lang, "cancelled"),)),))
    if state.asked or state.pending or state.goal not in (None, Action.CREATE_ITINERARY):
        return Decision(idle, (Reply((t(lang, "cancelled_trip_kept", place=place),)),))
    put_aside = replace(idle, trip=Slots(), trip_id=None, trip_version=0)
    return Decision(put_aside, (Reply((t(lang, "cancelled_trip", place=place),)),))


def other(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """House words, menus, practical questions; one friendly line for the rest."""
    topic = intent.topic or ""
    if topic in _FACTS:
        return _with_question(state, notices.fact(state.lang, topic), scene)
    if topic.startswith("ask:"):
        return _ask(state, topic.removeprefix("ask:"), scene)
    if handler := _TOPICS.get(topic):
        return handler(state, intent, scene)
    if state.asked:
        return _with_question(state, Reply((t(state.lang, "not_understood"),)), scene)
    if state.trip_id:
        return _line(state, "off_topic_trip", place=trip_name(state, scene))
    return _line(state, "off_topic")


def trip_name(state: Conversation, scene: Scene) -> str:
    """The trip by its places: "Mombasa"."""
    return ", ".join(place_name(slug, scene.towns) for slug in state.trip.destinations)


def _hello(state: Conversation, scene: Scene) -> str:
    if state.trip_id:
        return t(state.lang, "hello_trip", place=trip_name(state, scene))
    return t(state.lang, "hello_short" if state.asked else "hello_again")


def _line(state: Conversation, key: str, **values: object) -> Decision:
    return Decision(state, (Reply((t(state.lang, key, **values),)),))


def _with_question(state: Conversation, reply: Reply, scene: Scene) -> Decision:
    """The reply, and the open question after it: one message."""
    question = again(state, scene)
    if question is None:
        return Decision(state, (reply,))
    return Decision(state, (replace(reply, lines=(*reply.lines, *question.lines), buttons=question.buttons),))


def _ask(state: Conversation, what: str, scene: Scene) -> Decision:
    """A slot picked from a menu, or from an answer that was a guess."""
    if what == "day":
        return Decision(replace(state, asked="dates"), (pick_day(state.lang),))
    if what == "wish":
        return _line(replace(state, asked=""), "ask_wish")
    if what == "dates" and current(state).destinations:
        return Decision(replace(state, asked="dates"), (pick_day(state.lang),))
    state = state if state.goal else replace(state, goal=Action.CREATE_ITINERARY)
    asked = ask_slot(state, what, current(state), scene)
    question = asked.replies[0]
    return replace(asked, replies=(replace(question, lines=question.lines[-1:]),))


def _human(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return Decision(state, (Reply((t(state.lang, "human"), t(state.lang, "human_emergency"))),))


def _forget(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    blank = Conversation(lang=state.lang, turn=state.turn)
    return Decision(blank, (Reply((t(state.lang, "forgetting"),)),), (ForgetTask(state.lang),))


def _language(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return _with_question(state, Reply((t(state.lang, "language_set"),)), scene)


def _media(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return _with_question(state, notices.media(state.lang), scene)


def _thanks(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return _with_question(state, Reply((t(state.lang, "thanks"),)), scene)


def _stale(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return _line(state, "stale_button")


def _change(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if not state.trip.destinations:
        return _new(state, intent, scene)
    return Decision(replace(state, goal=Action.CREATE_ITINERARY, asked=""), (change_menu(state.lang, state.screen),))


def _more(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if state.trip_id is None:
        return _line(state, "no_files_yet")
    return Decision(state, (more_menu(state.lang, trip_name(state, scene)),))


def _new(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    fresh = replace(
        state, goal=Action.CREATE_ITINERARY, trip=Slots(), trip_id=None, trip_version=0, pending="", problems=()
    )
    return ask_slot(fresh, "destination", Slots(), scene)


def _located(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A shared position is where one starts; the trip goes on from there."""
    state = state if state.goal else replace(state, goal=Action.CREATE_ITINERARY)
    if intent.origin is None:
        return _line(replace(state, asked="origin"), "located_nowhere")
    state = with_slots(state, replace(current(state), origin=intent.origin))
    state = replace(state, asked="destination") if not current(state).destinations else state
    said = Reply((t(state.lang, "located", place=place_name(intent.origin, scene.towns)),))
    return _with_question(state, said, scene)


def _agreed(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """ "Yes" to nothing in particular: the open question again, or a fresh start."""
    if state.pending:
        return _line(state, "still_planning")
    question = again(state, scene)
    return Decision(state, (question,)) if question else _line(state, "hello_again")


_TOPICS = {
    "yes": _agreed,
    "human": _human,
    "delete_data": _forget,
    "language": _language,
    "media": _media,
    "thanks": _thanks,
    "stale": _stale,
    "change": _change,
    "more": _more,
    "new": _new,
    "location": _located,
    "undo": undo.undo,
    "redo": undo.redo,
}
