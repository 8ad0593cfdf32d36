"""Taking in what was said, and asking: one question at a time, the rest kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import problems, suggest
from bot.intents import Action, Intent
from bot.present.questions import ask, ask_about
from bot.replies import Reply
from bot.requests import KINDS
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene

_RIDES = frozenset({"bus", "train", "flight"})  # who wants one of these wants to leave the town
_WITHIN_A_TOWN = frozenset({Action.SEARCH_TRANSFERS, Action.SEARCH_HOTELS, Action.SEARCH_EVENTS})


@dataclass(frozen=True, slots=True)
class Taken:
    """Slots free of impossible values, and what is still to be asked about, most urgent first."""

    slots: Slots
    problems: tuple[str, ...]


def take_in(state: Conversation, slots: Slots, intent: Intent, scene: Scene) -> Taken:
    """Sort the possible from the impossible in merged slots; earlier problems stay until they are answered."""
    kept, wrong = problems.settled(slots, scene.today)
    within = state.goal in _WITHIN_A_TOWN or (
        state.goal is Action.CREATE_ITINERARY and not _RIDES & {*slots.preferences}
    )
    if within and slots.origin is not None and kept.origin is None:
        kept, wrong = replace(kept, origin=slots.origin), tuple(p for p in wrong if problems.code_of(p) != "same_place")
    new = problems.joined(problems.of_intent(intent, state.asked), wrong)
    kept = problems.cleaned(kept, (problem for problem in new if problem not in wrong))
    waived = "budget" if intent.topic == "no_budget" else ""
    # Money in another currency is asked about once: who goes on without it is planned for without a budget.
    open_still = state.problems[1:] if problems.is_foreign_money(state.problems[:1]) else state.problems
    old = problems.unanswered(open_still, kept, waived=waived)
    return Taken(kept, problems.joined(new, old))


def ask_problem(state: Conversation, taken: Taken, scene: Scene) -> Decision:
    """Ask about the first problem."""
    first = taken.problems[0]
    slot = problems.slot_of(first)
    state = replace(with_slots(state, taken.slots), problems=taken.problems, asked=slot)
    places = suggest.for_slot(slot, taken.slots, scene.today, scene.towns)
    return Decision(state, (ask_about(first, taken.slots, state.lang, scene.today, places, scene.towns),))


def ask_slot(state: Conversation, slot: str, slots: Slots, scene: Scene) -> Decision:
    """Ask for a slot."""
    state = replace(with_slots(state, slots), problems=(), asked=slot)
    return Decision(state, (slot_question(state, slot, slots, scene),))


def slot_question(state: Conversation, slot: str, slots: Slots, scene: Scene) -> Reply:
    """The question for a slot with suggestions to tap."""
    places = suggest.for_slot(slot, slots, scene.today, scene.towns)
    if slot == "origin" and state.goal is Action.CREATE_ITINERARY:  # one may live where one wants to look around
        places = (*slots.destinations[:1], *places)
    return ask(slot, slots, state.lang, scene.today, places, scene.towns)


def again(state: Conversation, scene: Scene) -> Reply | None:
    """The question that is still open, or None."""
    if state.problems:
        first = state.problems[0]
        places = suggest.for_slot(state.asked, current(state), scene.today, scene.towns)
        return ask_about(first, current(state), state.lang, scene.today, places, scene.towns)
    return slot_question(state, state.asked, current(state), scene) if state.asked else None


def with_question(state: Conversation, reply: Reply, scene: Scene) -> Decision:
    """The reply, and the open question after it: one message."""
    question = again(state, scene)
    if question is None:
        return Decision(state, (reply,))
    return Decision(state, (replace(reply, lines=(*reply.lines, *question.lines), buttons=question.buttons),))


def current(state: Conversation) -> Slots:
    """The slots of what is being worked on."""
    return state.search if state.goal in KINDS else state.trip


def with_slots(state: Conversation, slots: Slots) -> Conversation:
    """The conversation with these slots for what is being worked on."""
    return replace(state, search=slots) if state.goal in KINDS else replace(state, trip=slots)


def says_something(intent: Intent) -> bool:
    """Whether the intent carries any slot at all."""
    blank = Intent(intent.action, intent.lang, topic=intent.topic, choice=intent.choice, missing=intent.missing)
    return intent != blank or intent.topic == "no_budget"


def names_a_trip(intent: Intent) -> bool:
    """Whether the message is about a whole trip, not an answer to a question about something else."""
    whole = (intent.budget_kes, intent.budget_per_person_kes, intent.duration_days, intent.nights)
    return intent.action is Action.CREATE_ITINERARY and any(value is not None for value in whole)


def changes_one_thing(intent: Intent) -> bool:
    """Whether a message without a place names a single fact ("3 people", "from Friday"): a change of what there is."""
    facts = (
        intent.start_date or intent.end_date or intent.month,
        intent.nights or intent.duration_days,
        intent.passengers or intent.children,
        intent.budget_kes or intent.budget_per_person_kes or intent.budget_per_night_kes,
        intent.origin,
    )
    return intent.destination is None and not intent.problems and sum(fact is not None for fact in facts) == 1
