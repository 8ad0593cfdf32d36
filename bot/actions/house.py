"""House words: help for where one is, people, the language, and what is kept: told, handed over, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.actions import trips
from bot.actions.asking import with_question
from bot.i18n import t
from bot.intents import Intent
from bot.present import notices
from bot.replies import Reply
from bot.state import Conversation, Decision, Scene
from bot.tasks import ExportTask, ForgetTask

DELETE: Final = "delete"  # the value of Conversation.confirming


def help_(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """What can be said right now. An open question stays open."""
    if state.asked:
        return with_question(state, notices.help_answering(state.lang, state.asked), scene)
    if state.trip_id:
        return Decision(state, (notices.help_trip(state.lang, trips.called(state, scene.towns)),))
    return Decision(state, (notices.help_text(state.lang),))


def who(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Who this is, in a line."""
    return with_question(state, notices.who(state.lang), scene)


def human(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """How to reach a person, and the emergency numbers."""
    return Decision(state, (notices.human(state.lang, scene.house.contact),))


def privacy(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """What is kept, and how to have it or have it deleted."""
    return Decision(state, (notices.privacy(state.lang, scene.house.privacy_url),))


def language(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The language was changed already; say so in it."""
    return with_question(state, Reply((t(state.lang, "language_set"),)), scene)


def media(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A voice note, photo or sticker."""
    return with_question(state, notices.media(state.lang, (intent.topic or "").partition(":")[2]), scene)


def group(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Put into a group: how to be spoken to there."""
    return Decision(state, (notices.group(state.lang),))


def my_data(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Everything kept about this chat, as a file."""
    task = ExportTask(f"show-{state.turn}", state.lang)
    return Decision(state, (Reply((t(state.lang, "exporting"),)),), (task,))


def ask_to_forget(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Nothing is deleted before the traveller has said so twice."""
    return Decision(replace(state, confirming=DELETE), (notices.sure_to_forget(state.lang, trips.count(state)),))


def forget(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The yes to that question; a button of long ago asks it again."""
    if state.confirming != DELETE:
        return ask_to_forget(state, intent, scene)
    blank = Conversation(lang=state.lang, turn=state.turn)
    return Decision(blank, (Reply((t(state.lang, "forgetting"),)),), (ForgetTask(state.lang),))


def keep(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The no to that question; what was open before it goes on."""
    return with_question(replace(state, choices=()), Reply((t(state.lang, "nothing_deleted"),)), scene)
