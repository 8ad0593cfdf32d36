"""Change single things of the plan on screen: another bed or ride, something kept, left out, added or moved."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

from bot import changes
from bot.actions.replan import replanned
from bot.edits import Edit, Verb
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present import editing
from bot.present.booking import stands
from bot.present.questions import change_menu
from bot.replies import Reply
from bot.screen import Shown
from bot.slots import Slots, merge, party
from bot.state import Conversation, Decision, Scene
from bot.tasks import ShowTask, View

# With these a thing may go, which is not to be while it is booked.
_LETS_GO = frozenset({Verb.SWAP, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER, Verb.DROP, Verb.MOVE, Verb.FREE})
# Of several things only one can be exchanged, left out or moved.
_NEEDS_ONE = frozenset(
    {Verb.LIST, Verb.SWAP, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER, Verb.DROP, Verb.MOVE}
)


def stamp(state: Conversation) -> int:
    """The version on screen as a number that no version of another trip has, for buttons."""
    return zlib.crc32((state.trip_id or "").encode()) % 100_000 * 1_000 + state.trip_version


def edit(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """One message's changes, in order. What only shows or asks something is answered at once; the rest is planned."""
    if state.problems and state.planned.destinations:  # what could not be is asked about no more
        state = replace(state, trip=state.planned)
    state = replace(state, goal=Action.CREATE_ITINERARY, asked="", problems=())
    begun = slots = state.trip
    about, quicker, said = list[str](), False, list[Reply]()
    asked: list[str] = []
    if not all(_is_of_screen(change, state) for change in intent.edits):
        return Decision(state, (editing.stale(state.lang),))
    if booked := _booked(state, intent.edits):
        return Decision(state, (stands(booked, state.lang),))
    for change in intent.edits:
        if answer := _shown(state, change, scene):
            said.append(answer)
            continue
        match change.verb:
            case Verb.DAY:
                task = ShowTask(state.trip_id or "", state.trip_version, View.DAY, f"show-{state.turn}", state.lang)
                return Decision(state, (), (replace(task, day=change.day or 1),))
            case Verb.KEEP | Verb.FREE:
                state = held(state, change)
                slots = changes.held(slots, change, state.screen)
                said.append(_told_held(state, change))
            case Verb.FASTER:
                quicker = True
                asked.append(t(state.lang, "change_faster"))
            case _:
                changed = changes.CHANGES[change.verb](slots, change, state.screen)
                asked += _exchange_words(slots, changed, change, state)
                about += [state.screen.items[n].id for n in change.items]
                slots = changed
    facts = _without_edits(intent)
    if facts != Intent(intent.action, intent.lang):
        slots = merge(slots, facts)
    held_late = state.pending.startswith("plan-") and any(change.verb is Verb.KEEP for change in intent.edits)
    if slots == state.trip and not quicker and not held_late:  # a plan on its way does not know yet what is kept
        return Decision(state, tuple(said) or (change_menu(state.lang, state.screen),))
    if held_late:
        state = replace(state, trip=begun)
    decision = replanned(state, slots, facts, scene, about=tuple(about), quicker=quicker, asked=asked)
    return replace(decision, replies=(*said, *decision.replies))


def _is_of_screen(change: Edit, state: Conversation) -> bool:
    """Whether a change is about the plan on screen; an old or foreign button may not be."""
    screen = state.screen
    if not screen.items or change.version not in (0, stamp(state)):
        return False
    if any(not 0 <= n < len(screen.items) or not screen.items[n].offer_id for n in change.items):
        return False
    if change.verb is Verb.SWAP and (change.other is None or len(change.items) != 1):
        return False
    if change.other is not None:
        if not 0 <= change.other < len(screen.others):
            return False
        instead = screen.others[change.other].instead_of
        if instead and instead not in {screen.items[n].id for n in change.items}:
            return False
    towns = {stop.place for stop in screen.stops}
    if change.verb is Verb.STOP:
        return not towns.intersection(change.places)
    return (change.day is None or 1 <= change.day <= len(screen.dates)) and towns.issuperset(change.places)


def _booked(state: Conversation, edits: Sequence[Edit]) -> list[Shown]:
    """The booked things that some change is about, and nothing else."""
    for change in edits:
        items = [state.screen.items[n] for n in change.items]
        if change.verb in _LETS_GO and items and all(item.offer_id in state.trip.booked for item in items):
            return items
    return []


def _exchange_words(before: Slots, after: Slots, change: Edit, state: Conversation) -> list[str]:
    """ "Guest house in Diani instead of Holiday home in Diani", where something was picked."""
    new = next((offer_id for offer_id in after.locked if offer_id not in before.locked), None)
    other = next((other for other in state.screen.others if other.offer_id == new), None)
    if other is None or not change.items:
        return []
    return [editing.exchange(state.screen.items[change.items[0]], other, state.lang)]


def held(state: Conversation, change: Edit) -> Conversation:
    """The memory with items kept or set free in every version, so that going back does not lose it."""

    def over(slots: Slots) -> Slots:
        return changes.held(slots, change, state.screen)

    return replace(
        state,
        trip=over(state.trip),
        planned=over(state.planned),
        past=tuple(replace(step, slots=over(step.slots)) for step in state.past),
        future=tuple(replace(step, slots=over(step.slots)) for step in state.future),
    )


def _told_held(state: Conversation, change: Edit) -> Reply:
    items = [state.screen.items[n] for n in change.items]
    return editing.held(items, state.lang, kept=change.verb is Verb.KEEP)


def _without_edits(intent: Intent) -> Intent:
    return replace(intent, edits=(), action=Action.REFINE_ITINERARY, missing=())


def _shown(state: Conversation, change: Edit, scene: Scene) -> Reply | None:
    """The answer to what asks or only wants to see something; None for what can be done."""
    screen, lang, number = state.screen, state.lang, stamp(state)
    if change.verb is Verb.TOTAL:
        return editing.total(screen, party(state.trip).size, lang)
    if change.verb is Verb.UNREAD:
        return Reply((t(lang, "edit_unread", words=change.name),))
    if change.verb is Verb.MENU and change.part is not None:
        return editing.part_menu(change.part, screen, number, lang, scene.towns)
    if change.verb in _NEEDS_ONE and len(change.items) > 1:
        return editing.which(change, screen, number, lang, scene.towns)
    if change.verb is Verb.LIST:
        return editing.alternatives(change.items[0], screen, number, lang)
    if change.verb in (Verb.CHEAPER, Verb.BETTER) and changes.in_its_place(change, screen) is None:
        return editing.none_such(change, screen, number, lang)
    if change.verb is Verb.SHORTER and changes.stretched(state.trip, change, screen) == state.trip:
        return Reply((t(lang, "edit_no_night"),), change_menu(lang, screen).buttons)
    if change.verb in (Verb.EARLIER, Verb.LATER) and changes.at_another_hour(state.trip, change, screen) is None:
        return editing.alternatives(change.items[0], screen, number, lang)
    return None
