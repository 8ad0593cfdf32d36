"""Open questions about the stops settled: which of them, in what order, with how many nights; the best guess first."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import Offers, TripRequest


def routes(request: TripRequest, offers: Offers) -> Iterator[TripRequest]:
    """Requests that leave nothing open."""
    yield request
