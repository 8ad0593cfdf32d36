"""Booking a plan thing by thing, most urgent first, and remembering what is booked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.actions.finished import nothing_yet
from bot.actions.refine import refine
from bot.bookable import find, of_kind, queue, tag, wanted
from bot.i18n import t
from bot.intents import Action, Booking, BookingStep, Context, Intent, Lang, Receipt
from bot.likeness import named
from bot.parsers import bookings
from bot.parsers.bookings import Heard
from bot.parsers.speech import clean, language
from bot.present.booking import which
from bot.replies import Reply
from bot.screen import Shown
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene, Step, Walk
from bot.tasks import BookedTask, NotBookedTask, ShowTask, View

_FEW_WORDS: Final = 2  # these many tell no language unless they are Swahili


def book(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Where to book the first or a named thing; what was booked or passed over; what is left.

    A party that differs from the plan's is a change first.
    """
    if state.trip_id is None:
        return nothing_yet(state, "no_trip", scene)
    said = intent.booking
    if said is not None:
        return _STEPS[said.step](_here(state), said)
    if intent.passengers is not None and intent.passengers != state.trip.passengers:
        return refine(state, replace(intent, action=Action.REFINE_ITINERARY, preferences=(), topic="trip"), scene)
    begun = replace(state, walk=Walk(state.trip_id))
    return _show(begun, _next(begun), View.BOOKING)


def overheard(state: Conversation, text: str, context: Context) -> Intent | None:
    """A word about booking in a message, matched with the plan on screen; None where it is about something else."""
    said = bookings.heard(text)
    if said is None or not (state.trip_id or said.pasted):
        return None
    here = _here(replace(state, turn=state.turn + 1))
    if said.only_name and here.walk.receipt is None:
        return None
    if (said.bare and (state.asked or not here.walk.at)) or (
        said.step is BookingStep.NOT_BOOKED and not state.trip.booked
    ):
        return None
    found, by_name = _meant(here, said)
    loose = said.about and not (said.pasted or said.receipt.reference or by_name)
    if loose or (said.step is BookingStep.SHOW and not found):
        return None
    told = Booking(said.step, tuple(tag(item.id) for item in found), by_name, said.receipt, said.pasted)
    return Intent(Action.BOOK_ITINERARY, _language(said, text, context), booking=told)


# -- what a message is about -----------------------------------------------------------------------------------------


def _meant(state: Conversation, said: Heard) -> tuple[list[Shown], bool]:
    """The things of the plan that a message may be about, the likeliest alone where one stands out; whether one was
    named. Without a name it is about the one shown last.
    """
    items, by_name = wanted(state.screen), True
    booked = [item for item in items if item.offer_id in state.trip.booked]
    if said.about and (found := named(of_kind(items, said.kind, said.back) if said.kind else items, said.about)):
        found = of_kind(found, found[0].type, said.back)
    elif said.kind is not None and (said.receipt.reference or not said.about):
        found = of_kind(items, said.kind, said.back)
    else:
        found, by_name = ([] if said.about else items), False
    if not found and said.pasted and said.receipt.paid_kes:
        found = [item for item in items if item.price_kes == said.receipt.paid_kes]
    if said.step is BookingStep.NOT_BOOKED:
        latest = sorted((i for i in found if i in booked), key=lambda i: state.trip.booked.index(i.offer_id))
        return latest[-1:], by_name
    return _likeliest(state, said, [item for item in found if item not in booked] or found, by_name=by_name), by_name


def _likeliest(state: Conversation, said: Heard, found: list[Shown], *, by_name: bool) -> list[Shown]:
    """The one shown last, or one of the very price that was paid; all where nothing tells them apart."""
    if said.step is BookingStep.SHOW:
        return sorted(found, key=lambda item: not item.bookable)[:1]
    shown = [item for item in found if tag(item.id) == state.walk.at]
    priced = [item for item in found if item.price_kes == said.receipt.paid_kes]
    if shown and (not said.pasted or by_name or shown[0] in priced):
        return shown
    return priced if len(priced) == 1 and said.pasted else found


def _language(said: Heard, text: str, context: Context) -> Lang:
    """What was pasted is in nobody's own language, and "booked" is said in both."""
    known = Lang.SW if context.lang == "sw" else Lang.EN
    if said.pasted:
        return known
    if said.swahili:
        return Lang.SW
    words = clean(text)
    return known if len(words.split()) <= _FEW_WORDS or said.receipt.reference else language(words, context)


# -- the steps -------------------------------------------------------------------------------------------------------


def _here(state: Conversation) -> Conversation:
    """With the walk through the trip on screen, a new one where the last was through another trip or plan."""
    walk = state.walk if state.walk.trip_id == state.trip_id else Walk(state.trip_id or "")
    walk = walk if state.turn == walk.asked + 1 else replace(walk, receipt=None)  # what is not answered is let go
    return replace(state, walk=walk if find(state.screen, walk.at) else replace(walk, at=""), asked="")


def _next(state: Conversation) -> Shown | None:
    """What to book next: neither booked nor passed over."""
    done, passed = state.trip.booked, state.walk.passed
    items = queue(state.screen)
    return next((item for item in items if item.offer_id not in done and tag(item.id) not in passed), None)


def _show(state: Conversation, item: Shown | None, view: View) -> Decision:
    """Where to book a thing; what is left when there is none. A plan that is not remembered is left to the worker."""
    at = tag(item.id) if item else ""
    view = view if item or not state.screen.items else View.LEFT
    state = replace(state, walk=replace(state.walk, at=at))
    key, shown = f"show-{state.turn}", item.id if item else ""
    return Decision(state, (), (ShowTask(state.trip_id or "", state.trip_version, view, key, state.lang, shown),))


def _named(state: Conversation, said: Booking) -> Decision:
    item = next((item for name in said.items if (item := find(state.screen, name))), None)
    if item is None:
        return Decision(state, (Reply((t(state.lang, "stale_button"),)),))
    if not item.bookable:
        return Decision(state, (Reply((t(state.lang, "booking_no_link", names=item.title),)),))
    return _show(replace(state, walk=replace(state.walk, passed=())), item, View.BOOKING)


def _skip(state: Conversation, said: Booking) -> Decision:
    passed = (*state.walk.passed, *(said.items if said.named else (state.walk.at,)))
    state = replace(state, walk=replace(state.walk, passed=tuple(dict.fromkeys(passed))))
    return _show(state, _next(state), View.NEXT)


def _left(state: Conversation, said: Booking) -> Decision:
    return _show(state, None, View.LEFT)


def _booked(state: Conversation, said: Booking) -> Decision:
    """Mark the thing; where it may be several, or none was recognised, ask which."""
    if said.receipt.received:
        return Decision(state, (Reply((t(state.lang, "paid_to_you"),)),))
    items = [item for name in said.items if (item := find(state.screen, name))]
    receipt = said.receipt if said.receipt != Receipt() else state.walk.receipt or Receipt()
    if len(items) != 1:
        state = replace(state, walk=replace(state.walk, receipt=receipt, asked=state.turn))
        open_ = items or [item for item in wanted(state.screen) if item.offer_id not in state.trip.booked]
        if not open_:
            return _show(state, None, View.LEFT)
        return Decision(state, (which(open_, receipt, state.lang, known=bool(items)),))
    item = items[0]
    walking = bool(state.walk.at)
    state = _everywhere(state, lambda slots: _with(slots, item.offer_id))
    state = replace(state, walk=replace(state.walk, receipt=None))
    then = _next(state) if walking else None
    state = replace(state, walk=replace(state.walk, at=tag(then.id) if then else ""))
    key, trip_id = f"show-{state.turn}", state.trip_id or ""
    on = then.id if then else ""
    task = BookedTask(trip_id, state.trip_version, item.id, item.offer_id, receipt, on, key, state.lang)
    return Decision(state, (), (task,))


def _not_booked(state: Conversation, said: Booking) -> Decision:
    item = next((item for name in said.items if (item := find(state.screen, name))), None)
    if item is None or item.offer_id not in state.trip.booked:
        return Decision(state, (Reply((t(state.lang, "not_marked"),)),))
    state = _everywhere(state, lambda slots: _without(slots, item.offer_id))
    key = f"show-{state.turn}"
    task = NotBookedTask(state.trip_id or "", state.trip_version, item.id, item.offer_id, key, state.lang)
    return Decision(state, (), (task,))


def _for_nothing(state: Conversation, said: Booking) -> Decision:
    """The payment was for nothing of this plan, and is forgotten."""
    state = replace(state, walk=replace(state.walk, receipt=None))
    return Decision(state, (Reply((t(state.lang, "paid_for_else"),)),))


# -- what is remembered ----------------------------------------------------------------------------------------------


def _everywhere(state: Conversation, change: Callable[[Slots], Slots]) -> Conversation:
    """In what was said of the trip, and of each version that can be gone to: what is booked outlives every change."""

    def changed(step: Step) -> Step:
        return replace(step, slots=change(step.slots))

    return replace(
        state,
        trip=change(state.trip),
        planned=change(state.planned),
        past=tuple(changed(step) for step in state.past),
        future=tuple(changed(step) for step in state.future),
    )


def _with(slots: Slots, offer_id: str) -> Slots:
    locked = tuple(dict.fromkeys((*slots.locked, offer_id)))
    return replace(slots, locked=locked, booked=tuple(dict.fromkeys((*slots.booked, offer_id))))


def _without(slots: Slots, offer_id: str) -> Slots:
    def rest(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in ids if one != offer_id)

    return replace(slots, locked=rest(slots.locked), booked=rest(slots.booked))


_STEPS: Final[dict[BookingStep, Callable[[Conversation, Booking], Decision]]] = {
    BookingStep.SHOW: _named,
    BookingStep.SKIP: _skip,
    BookingStep.BOOKED: _booked,
    BookingStep.NOT_BOOKED: _not_booked,
    BookingStep.NONE: _for_nothing,
    BookingStep.LEFT: _left,
}
