"""Three prices for one trip: what it costs as a saver, in balance, and in comfort."""

from __future__ import annotations

from dataclasses import replace

from planner.kinds import Tier
from planner.model import Itinerary, Offers, TripRequest
from planner.solver import build


def request_for(request: TripRequest, tier: Tier) -> TripRequest:
    """The request with the taste of a tier; everything else, a budget too, stays."""
    wishes = replace(request.wishes, cheap=tier is Tier.SAVER, comfort=tier is Tier.COMFORT)
    return replace(request, wishes=wishes)


def tiers(request: TripRequest, offers: Offers, *, trip_id: str) -> dict[Tier, Itinerary]:
    """The trip in each tier that can be had, cheapest first; one that costs no more than the tier below is left out."""
    found: dict[Tier, Itinerary] = {}
    most = -1
    for tier in Tier:
        plan = build(request_for(request, tier), offers, trip_id=trip_id)
        if isinstance(plan, Itinerary) and plan.total_kes > most:
            found[tier], most = plan, plan.total_kes
    return found
