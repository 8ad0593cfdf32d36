"""Every sentence in English. Templates of `str.format`; the Swahili file has the same keys and blanks."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Small words
    "people_one": "{n} person",
    "people_many": "{n} people",
    "nights_one": "{n} night",
    "nights_many": "{n} nights",
    "days_one": "{n} day",
    "days_many": "{n} days",
    "about": "about {what}",
    "ago_now": "just now",
    "ago_minutes": "{n} min ago",
    "ago_hours": "{n} h ago",
    "ago_days": "{n} days ago",
    "time_unknown": "time not known",
    "basis_live": "live, {when}",
    "basis_cached": "seen {when}",
    "basis_guide": "guide price, {when}",
    "basis_tariff": "tariff {when}",
    "basis_tariff_undated": "tariff, undated",
    "basis_undated": "undated source",
    "basis_estimate": "estimate",
}
