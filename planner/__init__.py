"""The trip as data, and how a good one is found. Pure: no I/O, no clock, no environment.

The public names load their modules when they are first used, so that importing a type does not load the solver.
docs/planner.md shows how they go together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.amending import amend
    from planner.best import best_effort
    from planner.checks import broken, verify
    from planner.differing import diff
    from planner.kinds import Basis, ItemType, Mode, Pace, Precision, Residency, SpotKind, StayClass, Tier
    from planner.model import (
        ActivityOffer,
        Infeasible,
        Itinerary,
        LocalMode,
        Meals,
        Offers,
        OpenSpan,
        Party,
        Place,
        Price,
        Spot,
        StayOffer,
        Stop,
        TransferOffer,
        TransportOffer,
        TripRequest,
        Wishes,
    )
    from planner.order import best_order
    from planner.relaxing import relax
    from planner.requirements import (
        AllOf,
        AnyOf,
        Apart,
        Count,
        Every,
        Freedom,
        Kind,
        MealTime,
        Near,
        Order,
        Over,
        Requirement,
        Spend,
        Timed,
        Which,
    )
    from planner.solver import build, first, improving
    from planner.tiering import tiers

_HOMES = {
    "amending": ("amend",),
    "best": ("best_effort",),
    "checks": ("broken", "verify"),
    "differing": ("diff",),
    "kinds": ("Basis", "ItemType", "Mode", "Pace", "Precision", "Residency", "SpotKind", "StayClass", "Tier"),
    "model": (
        "ActivityOffer",
        "Infeasible",
        "Itinerary",
        "LocalMode",
        "Meals",
        "Offers",
        "OpenSpan",
        "Party",
        "Place",
        "Price",
        "Spot",
        "StayOffer",
        "Stop",
        "TransferOffer",
        "TransportOffer",
        "TripRequest",
        "Wishes",
    ),
    "order": ("best_order",),
    "relaxing": ("relax",),
    "requirements": (
        "AllOf",
        "AnyOf",
        "Apart",
        "Count",
        "Every",
        "Freedom",
        "Kind",
        "MealTime",
        "Near",
        "Order",
        "Over",
        "Requirement",
        "Spend",
        "Timed",
        "Which",
    ),
    "solver": ("build", "first", "improving"),
    "tiering": ("tiers",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: PLE0604, RUF100
    "ActivityOffer", "AllOf", "AnyOf", "Apart", "Basis", "Count", "Every", "Freedom", "Infeasible", "ItemType",
    "Itinerary", "Kind", "LocalMode", "MealTime", "Meals", "Mode", "Near", "Offers", "OpenSpan", "Order", "Over",
    "Pace", "Party", "Place", "Precision", "Price", "Requirement", "Residency", "Spend", "Spot", "SpotKind",
    "StayClass", "StayOffer", "Stop", "Tier", "Timed", "TransferOffer", "TransportOffer", "TripRequest", "Which",
    "Wishes", "amend", "best_effort", "best_order", "broken", "build", "diff", "first", "improving", "relax", "tiers",
    "verify",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
