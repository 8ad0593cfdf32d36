"""Every sentence in Swahili, as it is spoken in Kenya. The English file has the same keys and blanks."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Small words
    "people_one": "mtu {n}",
    "people_many": "watu {n}",
    "nights_one": "usiku {n}",
    "nights_many": "usiku {n}",
    "days_one": "siku {n}",
    "days_many": "siku {n}",
    "about": "takriban {what}",
    "ago_now": "sasa hivi",
    "ago_minutes": "dakika {n} zilizopita",
    "ago_hours": "saa {n} zilizopita",
    "ago_days": "siku {n} zilizopita",
    "time_unknown": "wakati haujulikani",
    "basis_live": "bei ya sasa, {when}",
    "basis_cached": "iliyoonekana {when}",
    "basis_guide": "bei ya mwongozo, {when}",
    "basis_tariff": "bei rasmi {when}",
    "basis_tariff_undated": "bei rasmi, bila tarehe",
    "basis_undated": "chanzo bila tarehe",
    "basis_estimate": "makadirio",
}
