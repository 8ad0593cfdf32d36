"""What an action needs to know before it can be done."""

from __future__ import annotations

from collections.abc import Mapping

from bot.intents import Action, Intent

NEEDS: Mapping[Action, tuple[str, ...]] = {
    Action.CREATE_ITINERARY: ("destination", "dates"),
    Action.SEARCH_BUSES: ("destination",),
    Action.SEARCH_TRAINS: ("destination",),
    Action.SEARCH_FLIGHTS: ("destination",),
    Action.SEARCH_HOTELS: ("destination", "dates"),
    Action.SEARCH_TRANSFERS: ("origin", "destination"),
    Action.SEARCH_EVENTS: ("destination",),
    Action.TRACK_PRICE: ("destination",),
}


def missing(intent: Intent) -> tuple[str, ...]:
    """The slots that the action needs and the message lacks."""
    has = {
        "destination": intent.destination is not None,
        "origin": intent.origin is not None,
        "dates": intent.start_date is not None or intent.end_date is not None,
    }
    return tuple(slot for slot in NEEDS.get(intent.action, ()) if not has[slot])
