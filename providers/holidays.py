"""Public holidays of Kenya (PyPI `holidays`); those by the moon are its estimate until they are announced."""

from __future__ import annotations

from datetime import date

import holidays


def public_holidays(first: date, last: date) -> frozenset[date]:
    """Those from `first` to `last`, both included; a day off in place of one on a Sunday is one, too."""
    known = holidays.country_holidays("KE", years=range(first.year, last.year + 1))
    return frozenset(day for day in known if first <= day <= last)
