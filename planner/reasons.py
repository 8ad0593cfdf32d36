"""Why a choice won: one code per line of a plan, derived from what it was chosen among."""

from __future__ import annotations

from planner.model import ActivityOffer, StayOffer, TripRequest
from planner.shape import Leg, Move, Visit

# Codes: "locked" and "wished" come from the traveller, "only" had no rival, "cheapest" and "quickest" are facts about
# the rivals, "worth" is the balance of price, time and comfort; "interest:<tag>" names the wish a visit answers.

AT_HOME = "home"  # a night in one's own bed


def why_moved(move: Move, leg: Leg, request: TripRequest) -> str:
    """Why this way to make the leg, locks aside."""
    if move.mode in request.wishes.modes_wanted:
        return "wished"
    if len(leg.moves) == 1:
        return "only"
    quickest = min(_span(rival) for rival in leg.moves) == _span(move)
    if min(rival.cost for rival in leg.moves) == move.cost:
        return "cheapest and quickest" if quickest else "cheapest"
    return "quickest" if quickest else "worth"


def why_stayed(stay: StayOffer, visit: Visit, request: TripRequest) -> str:
    """Why this bed."""
    if stay.id in request.locked:
        return "locked"
    if stay.stay_class is request.wishes.stay_class:
        return "wished"
    if len(visit.stays) == 1:
        return "only"
    prices = [rival.nightly.kes for rival in visit.stays if rival.nightly]
    return "cheapest" if stay.nightly and stay.nightly.kes == min(prices) else "worth"


def why_done(activity: ActivityOffer, request: TripRequest) -> str:
    """Why this visit."""
    wishes, title = request.wishes, activity.name.casefold()
    if activity.id in request.locked:
        return "locked"
    if any(name == activity.id or name.casefold() in title for name in wishes.must_see):
        return "wished"
    interests = sorted(activity.tags & wishes.interests.keys(), key=lambda tag: (-wishes.interests[tag], tag))
    return f"interest:{interests[0]}" if interests else "worth"


def _span(move: Move) -> int:
    return move.gate_out - move.gate_in
