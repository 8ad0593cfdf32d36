"""What a plan keeps because the traveller asked for it, in words that chats and documents share."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n import t
from planner.model import Residency, TripRequest

HOURS = ("leave_after", "arrive_by", "leave_back_after", "back_by")


def terms(request: TripRequest, lang: str) -> tuple[str, ...]:
    """Hours of the way out and home, travel in the dark, bags, whose fees are paid; empty when nothing was said."""
    return tuple(_terms(request, lang))


def in_own_town(request: TripRequest) -> bool:
    """Whether the whole trip is within the town one lives in."""
    return {stop.place for stop in request.stops} == {request.origin}


def _terms(request: TripRequest, lang: str) -> Iterator[str]:
    wishes = request.wishes
    for name in HOURS:
        at = getattr(wishes, name)
        if at is not None:
            yield t(lang, f"term_{name}", time=f"{at:%H:%M}")
    if not wishes.road_after_dark:
        yield t(lang, "term_after_dark")
    if not wishes.night_travel:
        yield t(lang, "term_night")
    if wishes.heavy_bags:
        yield t(lang, "term_bags")
    if request.party.residency is not Residency.CITIZEN:
        yield t(lang, f"term_fees_{request.party.residency.value}")
