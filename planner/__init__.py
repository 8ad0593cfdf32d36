"""The trip as data, and how a good one is found. Pure: no I/O, no clock, no environment.

The public names load their modules when they are first used, so that importing a type does not load the solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.checks import verify
    from planner.model import Infeasible, Itinerary, Offers, Party, Stop, TripRequest, Wishes
    from planner.order import best_order
    from planner.solver import build, first
    from planner.tiers import Tier, tiers

__all__ = [
    "Infeasible",
    "Itinerary",
    "Offers",
    "Party",
    "Stop",
    "Tier",
    "TripRequest",
    "Wishes",
    "best_order",
    "build",
    "first",
    "tiers",
    "verify",
]
_HOMES = {
    "verify": "checks",
    "best_order": "order",
    "build": "solver",
    "first": "solver",
    "Tier": "tiers",
    "tiers": "tiers",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'model')}"), name)
