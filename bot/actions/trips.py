"""Several trips: the others are kept while one is talked about, listed, named, and come back to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.actions.asking import ask_slot, with_question
from bot.i18n import t
from bot.intents import Action, Intent
from bot.present.trips import Listed, trip_list
from bot.present.words import place_name
from bot.replies import Reply
from bot.screen import Screen
from bot.slots import Slots, span
from bot.state import Conversation, Decision, Kept, Scene, Towns
from bot.tasks import ShowTask, View

MOST: Final = 8  # trips that are kept beside the one being talked about
LONGEST_NAME: Final = 40
_COUNTED: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "kwanza": 1, "pili": 2, "tatu": 3, "nne": 4, "tano": 5,
}  # fmt: skip


def begin(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Another trip; the planned one is kept."""
    fresh = replace(put_aside(state), goal=Action.CREATE_ITINERARY)
    return ask_slot(fresh, "destination", Slots(), scene)


def restart(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """From the beginning: nothing of what was being worked on counts any more, planned trips are kept."""
    fresh = replace(put_aside(state), goal=Action.CREATE_ITINERARY, search=Slots())
    asked = ask_slot(fresh, "destination", Slots(), scene)
    question = asked.replies[0]
    said = t(state.lang, "restarted_kept" if fresh.kept else "restarted")
    return replace(asked, replies=(replace(question, lines=(said, *question.lines)),))


def show_all(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """The trips there are, to tap."""
    listed = tuple(_listed(state, scene))
    if not listed:
        return Decision(state, (Reply((t(state.lang, "trips_none"),)),))
    return Decision(state, (trip_list(listed, state.lang, current=state.trip_id or ""),))


def open_(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Back to one of the trips: it is the current one again, and its card is shown."""
    wanted = (intent.topic or "").removeprefix("open:")
    trip_id = wanted if wanted in _ids(state) else meant(state, wanted, scene.towns)
    if trip_id is None:
        count = len(_ids(state))
        listed = show_all(state, intent, scene)
        reply = listed.replies[0]
        missing = t(state.lang, "trip_unknown")
        return replace(listed, replies=(replace(reply, lines=(missing, *reply.lines)),)) if count else listed
    if trip_id != state.trip_id:
        state = _swapped(state, trip_id)
    state = replace(state, goal=Action.CREATE_ITINERARY, asked="", problems=(), pending="", choices=())
    back = Reply((t(state.lang, "trip_opened", trip=called(state, scene.towns)),))
    task = ShowTask(trip_id, state.trip_version, View.CARD, f"show-{state.turn}", state.lang)
    return Decision(state, (back,), (task,))


def let_go(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """A trip that is not wanted: the current one is put aside, a kept one is taken off the list."""
    wanted = (intent.topic or "").removeprefix("drop:")
    if wanted == state.trip_id:
        said = t(state.lang, "cancelled_trip", place=called(state, scene.towns))
        return Decision(put_aside(replace(state, search=Slots())), (Reply((said,)),))
    gone = next((kept for kept in state.kept if kept.trip_id == wanted), None)
    if gone is None:
        return open_(state, replace(intent, topic=f"open:{wanted}"), scene)
    name = gone.name or _places(gone.planned if gone.planned.destinations else gone.trip, scene.towns)
    fewer = replace(state, kept=tuple(kept for kept in state.kept if kept is not gone))
    return with_question(fewer, Reply((t(state.lang, "trip_taken_off", trip=name),)), scene)


def booking_elsewhere(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """How a booking is cancelled; the trip stays."""
    place = called(state, scene.towns)
    said = t(state.lang, "booking_cancelled_there", place=place) if place else t(state.lang, "booking_not_here")
    return with_question(state, Reply((said,)), scene)


def rename(state: Conversation, intent: Intent, scene: Scene) -> Decision:
    """Call the trip by a name of the traveller's own."""
    name = " ".join((intent.topic or "").removeprefix("name:").split())[:LONGEST_NAME]
    if state.trip_id is None or not name:
        return Decision(state, (Reply((t(state.lang, "no_trip"),)),))
    return Decision(replace(state, name=name), (Reply((t(state.lang, "trip_named", name=name),)),))


def put_aside(state: Conversation) -> Conversation:
    """The conversation without a current trip; one that was planned is kept, the oldest of too many is let go."""
    blank = replace(
        state,
        goal=None,
        trip=Slots(),
        trip_id=None,
        trip_version=0,
        asked="",
        problems=(),
        choices=(),
        pending="",
        planned=Slots(),
        past=(),
        future=(),
        screen=Screen(),
        name="",
    )
    current = _current(state)
    if current is None:
        return blank
    others = (kept for kept in state.kept if kept.trip_id != current.trip_id)
    return replace(blank, kept=(current, *others)[:MOST])


def called(state: Conversation, towns: Towns) -> str:
    """The trip by its name, or by its places: "Mombasa"."""
    return state.name or _places(state.trip, towns)


def count(state: Conversation) -> int:
    """How many planned trips are remembered."""
    return len(_ids(state))


def meant(state: Conversation, words: str, towns: Towns | None) -> str | None:
    """Which trip is meant by its place in the list, its name or a place it goes to; None for none of them."""
    trips = _all(state)
    said = " ".join(words.casefold().strip(" \"'“”.!?").split())
    if match := re.fullmatch(r"#?(?:ya |wa )?(\d{1,2}|[a-z]+)(?: one)?", said):
        which = _COUNTED.get(match[1]) or (int(match[1]) if match[1].isdigit() else 0)
        if 1 <= which <= len(trips):
            return trips[which - 1].trip_id
    for trip in trips:
        if trip.name and trip.name.casefold() == said:
            return trip.trip_id
    return next((trip.trip_id for trip in trips if said in _names(trip, towns)), None)


def is_counted(words: str) -> bool:
    """Whether these words are a place in the list: "second", "pili"."""
    return words in _COUNTED


def _ids(state: Conversation) -> tuple[str, ...]:
    return tuple(trip.trip_id for trip in _all(state))


def _all(state: Conversation) -> tuple[Kept, ...]:
    current = _current(state)
    others = tuple(kept for kept in state.kept if kept.trip_id != state.trip_id)
    return (current, *others) if current else others


def _current(state: Conversation) -> Kept | None:
    if state.trip_id is None or not state.trip_version:
        return None
    return Kept(
        state.trip_id,
        state.trip_version,
        state.trip,
        state.planned,
        state.past,
        state.future,
        state.screen,
        state.name,
    )


def _swapped(state: Conversation, trip_id: str) -> Conversation:
    found = next(kept for kept in state.kept if kept.trip_id == trip_id)
    aside = put_aside(replace(state, kept=tuple(kept for kept in state.kept if kept.trip_id != trip_id)))
    return replace(
        aside,
        trip=found.planned if found.planned.destinations else found.trip,  # a change that came to no plan is over
        trip_id=found.trip_id,
        trip_version=found.version,
        planned=found.planned,
        past=found.past,
        future=found.future,
        screen=found.screen,
        name=found.name,
    )


def _listed(state: Conversation, scene: Scene) -> Iterator[Listed]:
    for trip in _all(state):
        start, end = _days(trip, scene.today)
        places = _places(trip.planned if trip.planned.destinations else trip.trip, scene.towns)
        yield Listed(trip.trip_id, trip.name or places, places, start, end, trip.screen.total_kes)


def _days(trip: Kept, today: date) -> tuple[date | None, date | None]:
    if trip.screen.items:
        return trip.screen.items[0].day, max(item.end.date() for item in trip.screen.items)
    said = span(trip.planned, today)
    return (said.start, said.end) if said else (None, None)


def _places(slots: Slots, towns: Towns) -> str:
    return ", ".join(place_name(slug, towns) for slug in slots.destinations)


def _names(trip: Kept, towns: Towns | None) -> Sequence[str]:
    """What the places of a trip are called, in lower case; both ends of "Nakuru and Naivasha" do."""
    names: list[str] = []
    for slug in (trip.planned if trip.planned.destinations else trip.trip).destinations:
        place = towns.get(slug) if towns else None
        names += (slug.replace("-", " "), place_name(slug, towns), *(place.aliases if place else ()))
    joined = " and ".join(slug.replace("-", " ") for slug in trip.trip.destinations)
    return [name.casefold() for name in (*names, joined)]
