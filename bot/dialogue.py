"""The conversation: one message's intent in, the new memory, the replies and the work out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.actions import booking, create, edit, finished, house, refine, search, talk, undo
from bot.actions.asking import changes_one_thing, names_a_trip, says_something
from bot.buttons import TRIP, intent_for
from bot.commands import any_day, any_place, command, confirmed, number, plain_words
from bot.deeplinks import started
from bot.edits import Edit, Verb
from bot.i18n import spoken, t
from bot.intents import Action, Context, Intent, Lang
from bot.parsers import edits as edits_read
from bot.parsers.chatter import chatter
from bot.parsers.questions import question
from bot.parsers.references import Places
from bot.parsers.speech import clean, language
from bot.present.notices import welcome
from bot.replies import Reply
from bot.requests import KINDS
from bot.screen import screen_of
from bot.slots import span
from bot.state import NOBODY, Conversation, Decision, House, Scene, Towns
from bot.tasks import DocumentsTask, ForgetTask, Task
from bot.tripwords import let_go, named, opened
from bot.weighing import shows_a_pin
from planner.model import Itinerary

__all__ = [
    "Conversation", "Decision", "apologised", "context_of", "decide", "edited", "edits_in", "heard", "is_wanted",
    "offered", "told",
]  # fmt: skip

_ACT: Final[dict[Action, Callable[[Conversation, Intent, Scene], Decision]]] = {
    Action.CREATE_ITINERARY: create.create,
    Action.REFINE_ITINERARY: refine.refine,
    Action.BOOK_ITINERARY: booking.book,
    Action.EXPORT: finished.export,
    Action.TRACK_PRICE: finished.track,
    Action.HELP: house.help_,
    Action.GREETING: talk.greet,
    Action.CANCEL: talk.cancel,
    Action.OTHER: talk.other,
    **dict.fromkeys(KINDS, search.search),
}
BETWEEN_APOLOGIES: Final = timedelta(minutes=2)
_OF_SEARCHES: Final = frozenset({Verb.LIST, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER})  # after one, of it
_OF_ANSWERS: Final = frozenset({Verb.DAY, Verb.ORDER})  # a day or a town may be what was asked for
_SAYS_NOTHING: Final = frozenset({"media", "stale"})  # a sticker, a button of long ago
# With these an open question may be answered; anything else leaves it.
_ANSWERS: Final = frozenset({Action.OTHER, Action.CREATE_ITINERARY, Action.REFINE_ITINERARY})


def decide(
    state: Conversation, intent: Intent, today: date, *, gazetteer: Towns, house_facts: House = NOBODY
) -> Decision:
    """One turn. The intent may come from a parser, a button (`buttons.intent_for`) or a house word."""
    scene = Scene(today, gazetteer, house_facts)
    first = not state.welcomed
    state = replace(state, lang=_language(state, intent), turn=state.turn + 1, welcomed=True)
    if intent.choice is not None and not says_something(intent):
        decision = _choose(state, intent.choice, scene)
    else:
        decision = _act(state, intent, scene)
    if decision.state.unclear == state.unclear:
        decision = replace(decision, state=replace(decision.state, unclear=0))
    return _remembering(_welcoming(decision, intent, today) if first else decision)


def heard(state: Conversation, text: str, today: date, *, gazetteer: Towns | None = None) -> Intent | None:
    """What needs no parser: a yes that was waited for, a house word, a trip by name, a word about booking, the message
    of a payment (which no model is to see), a question, a number. Else None.

    Without a gazetteer places of trips are known by their slugs alone.
    """
    context = context_of(state, today)
    if shows_a_pin(text):
        return Intent(Action.OTHER, _lang(state), topic="pin")
    if state.confirming:
        context = replace(context, asked="")
        if (sure := confirmed(text)) is not None:
            return Intent(Action.OTHER, _lang(state), topic="delete:yes" if sure else "delete:no")
    if intent := started(text, context, gazetteer):
        return intent
    if intent := command(text, context) or named(text, context) or opened(text, state, gazetteer):
        return intent
    if intent := let_go(text, state, gazetteer):
        return intent
    for picked, (label, _) in enumerate(state.choices, start=1):  # where there are no buttons, labels are typed
        if plain_words(label) == plain_words(text):
            return Intent(Action.OTHER, _lang(state), choice=picked)
    if intent := booking.overheard(state, text, context):
        return intent
    small_talk = chatter(text, context) if state.welcomed else None
    nowhere = not state.asked and not state.trip.destinations and state.goal not in KINDS
    no_matter = any_day if state.asked == "dates" else any_place if state.asked == "destination" or nowhere else None
    if intent := question(text, context) or small_talk or (no_matter(text, context) if no_matter else None):
        return intent
    if chosen := number(text, context) if state.choices or state.asked == "party" else None:
        return chosen
    return _picked(state, text, context)


def edits_in(state: Conversation, text: str, places: Places) -> tuple[tuple[Edit, ...], str]:
    """Changes of single things of the plan on screen, and what of the message they leave to a parser."""
    if state.trip_id is None or state.problems:
        return (), text
    edits, rest = edits_read.split(text, state.screen, places)
    searching, asked = state.goal in KINDS, bool(state.asked)
    if any((searching and edit.verb in _OF_SEARCHES) or (asked and edit.verb in _OF_ANSWERS) for edit in edits):
        return (), text
    return edits, rest


def edited(
    edits: tuple[Edit, ...], rest: str, beside: Intent | None, state: Conversation, text: str, today: date
) -> Intent | None:
    """The intent of a message with changes in it; None where the rest of it is about something else.

    `beside` is what a parser read in the `rest`; what nobody understands of it is said, not lost.
    """
    if not edits:
        return None
    names = {word for item in state.screen.items for word in clean(item.title).split()}
    words = " ".join(word for word in clean(text).split() if word not in names)  # a name has no language
    lang = language(words, context_of(state, today))
    changes = Intent(Action.REFINE_ITINERARY, lang, edits=edits, topic=TRIP)
    if beside is None:
        return changes
    if beside.action not in _ANSWERS or beside.destination is not None:
        return None
    if says_something(beside):
        return replace(beside, action=Action.REFINE_ITINERARY, edits=edits)
    return replace(changes, edits=(*edits, Edit(Verb.UNREAD, name=rest)))


def _picked(state: Conversation, text: str, context: Context) -> Intent | None:
    """ "The cheaper one", "ile ya basi": one of the exchanges that were just offered."""
    offered = [(n, intent_for(action, context)) for n, (_, action) in enumerate(state.choices, 1)]
    swaps = [(n, intent.edits[0].other) for n, intent in offered if intent.edits and intent.edits[0].verb is Verb.SWAP]
    others = [
        state.screen.others[other] for _, other in swaps if other is not None and other < len(state.screen.others)
    ]
    if len(others) < len(swaps) or not others:
        return None
    words = clean(text)
    chosen = edits_read.picked(words, others)
    return None if chosen is None else Intent(Action.OTHER, language(words, context), choice=swaps[chosen][0])


def told(
    state: Conversation, replies: Sequence[Reply], *, key: str = "", itinerary: Itinerary | None = None
) -> Conversation:
    """The memory after a task has answered: what can be tapped now, and the trip if it made one."""
    if itinerary is not None:
        state = replace(
            undo.remembering(state, itinerary),
            trip_id=itinerary.id,
            trip_version=itinerary.version,
            screen=screen_of(itinerary),
        )
    if key and state.pending == key:
        state = replace(state, pending="")
    shown = _choices(replies)
    return replace(state, choices=shown, confirming="") if shown else state


def apologised(state: Conversation, now: datetime) -> Conversation | None:
    """The memory after an error message at `now`; None when the last is so fresh that another would only annoy."""
    if state.last_apology is not None and now - state.last_apology < BETWEEN_APOLOGIES:
        return None
    return replace(state, last_apology=now)


def is_wanted(state: Conversation, task: Task) -> bool:
    """Whether a task's answer is still wanted: a plan or search that was cancelled or overtaken is not, nor are files
    that follow a plan which is not on screen any more.
    """
    if isinstance(task, DocumentsTask) and task.follows:
        return (state.trip_id, state.trip_version) == (task.trip_id, task.version)
    return isinstance(task, ForgetTask) or not task.key or task.key.startswith("show-") or state.pending == task.key


def context_of(state: Conversation, today: date) -> Context:
    """What a parser may know of the conversation."""
    being_planned = state.pending.startswith("plan-") and bool(state.trip.destinations)
    summary = ", ".join(state.trip.destinations) if state.trip_id else ""
    days = _trip_days(state, today)
    return Context(today, state.lang, state.asked, state.trip_id is not None or being_planned, summary, *days)


def _trip_days(state: Conversation, today: date) -> tuple[date, date] | tuple[None, None]:
    """First and last day of the plan on screen, of what was asked for while it is being planned."""
    if state.screen.dates and not state.pending:
        return state.screen.dates[0], state.screen.dates[-1]
    known = span(state.trip, today)
    return (known.start, known.end) if known else (None, None)


def _act(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    if intent.topic != "delete:yes":  # whatever else is said keeps everything
        state = replace(state, confirming="")
    if intent.edits:
        return edit.edit(state, intent, scene)
    if _answers_question(state, intent):
        if state.goal in KINDS:
            return search.go_on(state, intent, scene)
        if state.trip_id is None:
            return create.go_on(state, intent, scene)
        return refine.refine(state, replace(intent, action=Action.REFINE_ITINERARY), scene)
    if _follows_a_search(state, intent):
        return search.go_on(state, intent, scene)
    if intent.action is Action.CREATE_ITINERARY and state.trip_id and changes_one_thing(intent):
        return refine.refine(state, replace(intent, action=Action.REFINE_ITINERARY), scene)
    return _ACT[intent.action](state, intent, scene)


def _answers_question(state: Conversation, intent: Intent) -> bool:
    """Whether this message answers what was asked. A whole new trip or another kind of search does not."""
    if not state.asked or state.goal is None:
        return False
    if intent.action in KINDS:
        return intent.action is state.goal and bool(state.problems)
    if intent.action not in _ANSWERS or not says_something(intent):
        return False
    if intent.action is Action.OTHER:
        return intent.topic in (None, "no_budget")
    if intent.action is Action.CREATE_ITINERARY:
        if state.goal in KINDS or state.trip_id is not None:
            return not names_a_trip(intent)
        return not _is_another_trip(state, intent)
    return True


def _follows_a_search(state: Conversation, intent: Intent) -> bool:
    """ "And on Friday?", "2 people", "cheaper" after a search: the same search, changed."""
    if state.goal not in KINDS or state.trip_id is not None or not state.search.destinations:
        return False
    if intent.action not in _ANSWERS or intent.topic or intent.destination is not None or not says_something(intent):
        return False
    whole = intent.duration_days is not None or intent.nights is not None
    return state.goal is Action.SEARCH_HOTELS or not whole


def _is_another_trip(state: Conversation, intent: Intent) -> bool:
    there = state.trip.destinations
    return bool(there) and intent.destination is not None and intent.destination not in there and names_a_trip(intent)


def _choose(state: Conversation, number: int, scene: Scene) -> Decision:
    """ "2", "ya pili": the button of that number; a number is a head count when people were asked for."""
    lang = _lang(state)
    if state.confirming and any(action == "delete:yes" for _, action in state.choices):
        return _act(state, Intent(Action.OTHER, lang, topic="delete:yes" if number == 1 else "delete:no"), scene)
    if state.asked == "party":
        return _act(state, Intent(Action.OTHER, lang, passengers=number), scene)
    if state.problems and state.problems[0].startswith("trip_long"):
        return _act(state, Intent(Action.OTHER, lang, duration_days=number), scene)
    if not state.choices:
        return Decision(state, (Reply((t(state.lang, "choice_none"),)),))
    if not 1 <= number <= len(state.choices):
        count = len(state.choices)
        said = t(state.lang, "choice_one") if count == 1 else t(state.lang, "choice_range", n=count)
        return Decision(state, (Reply((said,)),))
    label, action = state.choices[number - 1]
    if action.startswith(("http://", "https://")):
        return Decision(state, (Reply((t(state.lang, "choice_link", label=label, url=action),)),))
    chosen = intent_for(action, context_of(state, scene.today))
    if chosen.topic == "language":
        state = replace(state, lang=spoken(chosen.lang))
    return _act(state, chosen, scene)


def _lang(state: Conversation) -> Lang:
    return Lang.SW if state.lang == "sw" else Lang.EN


def _language(state: Conversation, intent: Intent) -> str:
    """The language to answer in. A bare answer ("Nakuru", "2") does not turn a Swahili conversation English."""
    if intent.topic == "language" or not state.lang:
        return spoken(intent.lang)
    if intent.choice is not None or intent.lang is Lang.MIXED or (state.asked and intent.lang is Lang.EN):
        return state.lang
    return spoken(intent.lang)


def _welcoming(decision: Decision, intent: Intent, today: date) -> Decision:
    """First contact: the welcome alone, or a line of it before the answer when there is something to answer."""
    state = decision.state
    if intent.action is Action.GREETING or (intent.action is Action.OTHER and not intent.topic and not decision.tasks):
        return replace(decision, replies=(welcome(state.lang, today),))
    if intent.topic == "group":
        return decision
    if (intent.topic or "").partition(":")[0] in _SAYS_NOTHING and decision.replies:
        whole = welcome(state.lang, today)
        return replace(decision, replies=(replace(whole, lines=(*whole.lines, *decision.replies[0].lines)),))
    if any(isinstance(task, ForgetTask) for task in decision.tasks):
        return decision
    hello = t(state.lang, "welcome_short")
    if decision.replies and decision.replies[0].progress is None:
        opening = decision.replies[0]
        return replace(decision, replies=(replace(opening, lines=(hello, *opening.lines)), *decision.replies[1:]))
    return replace(decision, replies=(Reply((hello,)), *decision.replies))


def _remembering(decision: Decision) -> Decision:
    """What was offered stays open until something else is; actions that end a subject clear it themselves."""
    return replace(decision, state=offered(decision.state, decision.replies))


def offered(state: Conversation, replies: Sequence[Reply]) -> Conversation:
    """The memory after these were said: what can be tapped now, or picked by its number."""
    shown = _choices([reply for reply in replies if reply.progress is None])
    return replace(state, choices=shown) if shown else state


def _choices(replies: Sequence[Reply]) -> tuple[tuple[str, str], ...]:
    for reply in reversed(replies):
        if reply.buttons:  # apps without buttons number what acts, beside links that are spelled out
            acting = tuple(button for button in reply.buttons if button.action) or reply.buttons
            return tuple((button.label, button.action or button.url) for button in acting)
    return ()
