"""Opening hours as data."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """Open on these weekdays (Monday 0) from `opens` to `closes`; `closes` ≤ `opens` runs past midnight.

    On a public holiday (`Offers.holidays`): None as on any such weekday, True whatever the weekday, False not at all.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    holidays: bool | None = None

    def is_for(self, day: date, holidays: Set[date]) -> bool:
        """Whether it opens on a day, which may be a public holiday."""
        if day in holidays and self.holidays is not None:
            return self.holidays
        return day.weekday() in self.weekdays
