"""Everything that is not a trip: hello, thanks, menus, practical questions, and what is off the road."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import house, trips, unclear, undo
from bot.actions.asking import again, ask_slot, current, with_question, with_slots
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present import editing, facts
from bot.present.questions import change_menu, more_menu, pick_day
from bot.present.words import place_name
from bot.replies import Reply
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene
from bot.tasks import ShowTask, View


def greet(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Hello again; the very first one is answered by the welcome."""
    return with_question(state, Reply((_hello(state, scene),)), scene)


def cancel(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Let go of what is being worked on; a finished trip is only put aside when it is all there is."""
    lang, place = state.lang, trips.called(state, scene.towns)
    idle = replace(state, goal=None, search=Slots(), asked="", problems=(), choices=(), pending="")
    if state.trip_id and state.planned.destinations:  # a change that came to no plan is let go of, too
        idle = replace(idle, trip=state.planned)
    if intent.topic == "stop":
        idle = idle if state.trip_id else replace(idle, trip=Slots())
        return Decision(idle, (Reply((t(lang, "stopped"),)),))
    if state.trip_id is None:
        return Decision(replace(idle, trip=Slots()), (Reply((t(lang, "cancelled"),)),))
    if state.asked or state.pending or state.goal not in (None, Action.CREATE_ITINERARY):
        return Decision(idle, (Reply((t(lang, "cancelled_trip_kept", place=place),)),))
    return Decision(trips.put_aside(idle), (Reply((t(lang, "cancelled_trip", place=place),)),))


def other(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """House words, menus, practical questions; one friendly line for the rest."""
    topic = intent.topic or ""
    if facts.is_known(topic):
        residency = next(iter(intent.preferences), "")
        return with_question(state, facts.answer(topic, state.lang, scene.today, residency), scene)
    if topic.startswith("ask:"):
        return _ask(state, topic.removeprefix("ask:"), scene)
    if handler := _TOPICS.get(topic) or _WITH_WORDS.get(topic.partition(":")[0]):
        return handler(state, intent, scene)
    return unclear.not_understood(state, intent, scene)


def _hello(state: Conversation, scene: Scene) -> str:
    if state.trip_id:
        return t(state.lang, "hello_trip", place=trips.called(state, scene.towns))
    return t(state.lang, "hello_short" if state.asked else "hello_again")


def _line(state: Conversation, key: str, **values: object) -> Decision:
    return Decision(state, (Reply((t(state.lang, key, **values),)),))


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


def _thanks(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return with_question(state, Reply((t(state.lang, "thanks"),)), scene)


def _chat(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Small talk gets one line."""
    what = (intent.topic or "").removeprefix("chat:")
    if what == "off":
        return unclear.off_topic(state, intent, scene)
    return with_question(state, Reply((t(state.lang, f"chat_{what}"),)), scene)


def _stale(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    return _line(state, "stale_button")


def _change(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if not state.trip.destinations:
        return trips.begin(state, intent, scene)
    return Decision(replace(state, goal=Action.CREATE_ITINERARY, asked=""), (change_menu(state.lang, state.screen),))


def _more(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if state.trip_id is None:
        return _line(state, "no_files_yet")
    return Decision(state, (more_menu(state.lang, trips.called(state, scene.towns)),))


def _located(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A shared position is where one starts; the trip goes on from there."""
    state = state if state.goal else replace(state, goal=Action.CREATE_ITINERARY)
    if intent.origin is None:
        return _line(replace(state, asked="origin"), "located_nowhere")
    state = with_slots(state, replace(current(state), origin=intent.origin))
    state = replace(state, asked="destination") if not current(state).destinations else state
    said = Reply((t(state.lang, "located", place=place_name(intent.origin, scene.towns)),))
    return with_question(state, said, scene)


def _agreed(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """ "Yes" to nothing in particular: the open question again, or a fresh start."""
    if state.pending:
        return _line(state, "still_planning")
    question = again(state, scene)
    return Decision(state, (question,)) if question else _line(state, "hello_again")


def _pin(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Somebody's secret number: not kept, and never needed."""
    return with_question(state, Reply((t(state.lang, "pin"),)), scene)


def _about_a_place(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A question that names a place while a plan is on screen: what it says of that place, or what could be done."""
    slug = (intent.topic or "").removeprefix("about:")
    return Decision(state, (editing.about_place(slug, state.screen, state.lang, scene.towns),))


def _again(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """ "Say it again": the open question, else the plan."""
    question = again(state, scene)
    if state.pending or question or state.trip_id is None:
        return _agreed(state, intent, scene)
    task = ShowTask(state.trip_id, state.trip_version, View.CARD, f"show-{state.turn}", state.lang)
    return Decision(state, (), (task,))


_TOPICS = {
    "yes": _agreed,
    "human": house.human,
    "who": house.who,
    "privacy": house.privacy,
    "my_data": house.my_data,
    "delete_data": house.ask_to_forget,
    "delete:yes": house.forget,
    "delete:no": house.keep,
    "language": house.language,
    "group": house.group,
    "thanks": _thanks,
    "stale": _stale,
    "change": _change,
    "more": _more,
    "new": trips.begin,
    "restart": trips.restart,
    "trips": trips.show_all,
    "again": _again,
    "pin": _pin,
    "cancel_booking": trips.booking_elsewhere,
    "any_day": unclear.any_day,
    "any_place": unclear.any_place,
    "location": _located,
    "undo": undo.undo,
    "redo": undo.redo,
}
_WITH_WORDS = {
    "media": house.media,
    "open": trips.open_,
    "name": trips.rename,
    "drop": trips.let_go,
    "chat": _chat,
    "about": _about_a_place,
}
