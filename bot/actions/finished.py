"""What can be done with a finished plan beside booking it: have it as files, watch its prices."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.asking import again, ask_slot
from bot.i18n import t
from bot.intents import Action, Intent
from bot.replies import DocumentKind, Reply
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene
from bot.tasks import DocumentsTask

_CALENDAR = frozenset({"calendar", "ics", "ical"})


def export(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The files of the plan; without a word on which, both."""
    if state.trip_id is None:
        return nothing_yet(state, "no_files_yet", scene)
    calendar, email = bool(_CALENDAR & set(intent.preferences)), "email" in intent.preferences
    if calendar and "pdf" not in intent.preferences:
        kinds: tuple[DocumentKind, ...] = (DocumentKind.ICS,)
    elif "pdf" in intent.preferences and not calendar:
        kinds = (DocumentKind.PDF,)
    else:
        kinds = (DocumentKind.PDF, DocumentKind.ICS)
    say = t(state.lang, "no_email") if email else ""
    task = DocumentsTask(state.trip_id, state.trip_version, kinds, say, lang=state.lang)
    return Decision(state, (), (task,))


def track(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Watching a price is not possible yet, and is not promised."""
    return Decision(state, (Reply((t(state.lang, "track_not_yet"),)),))


def nothing_yet(state: Conversation, key: str, scene: Scene) -> Decision:
    """There is no plan: say so, and go on with whatever is open."""
    if state.pending and state.goal is Action.CREATE_ITINERARY:
        return Decision(state, (Reply((t(state.lang, "still_planning"),)),))
    if question := again(state, scene):
        return Decision(state, (question,))
    asked = ask_slot(replace(state, goal=Action.CREATE_ITINERARY), "destination", Slots(), scene)
    return replace(asked, replies=(replace(asked.replies[0], lines=(t(state.lang, key),)),))
