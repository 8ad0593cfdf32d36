"""A plan with what is booked of it marked, for everything that shows a plan; what is kept of it stays unmarked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner.model import Item, Itinerary
from storage.bookings import BookingRow


def marked(plan: Itinerary, booked: Mapping[str, BookingRow]) -> Itinerary:
    """The plan with its booked items marked, and what was paid where that was told."""

    def mark(item: Item) -> Item:
        row = booked.get(item.offer_id or "")
        return item if row is None else replace(item, booked=True, paid_kes=row.paid_kes)

    days = (replace(day, items=tuple(mark(item) for item in day.items)) for day in plan.days)
    return replace(plan, days=tuple(days)) if booked else plan
