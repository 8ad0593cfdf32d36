"""What eating costs a party in a day: one printed figure, and estimates above it."""

from __future__ import annotations

import json
from functools import cache

from planner.model import Meals, Party, StayClass, Wishes
from providers.guidebook import GuideRow, estimate, price_of, table

# Only the cheap day was printed (630 in 2019: breakfast 150, lunch 130, dinner 350). A day of sit-down meals is
# reckoned at two and a half times that, one in good restaurants at four times; nothing better was found.
_MID_FACTOR, _HIGH_FACTOR = 2.5, 4.0


class _Daily(GuideRow):
    low: int


@cache
def _daily() -> _Daily:
    cells = json.loads(table("practical.json"))["meals"]["daily_kes"]
    return _Daily.model_validate({"as_of_precision": "day", **cells})


def meals_for(party: Party, wishes: Wishes) -> Meals:
    """The daily allowance of a party; children eat like adults. The class follows the wishes."""
    daily = _daily()
    if wishes.cheap or wishes.stay_class is StayClass.BUDGET:
        return Meals(
            price_of(daily, daily.low * party.size, note="local eating places in 2019; prices have risen since")
        )
    lavish = wishes.comfort or wishes.stay_class is StayClass.HIGH
    factor = _HIGH_FACTOR if lavish else _MID_FACTOR
    each = 50 * round(daily.low * factor / 50)
    how = f"{factor:g} times the KES {daily.low} a day that cheap eating cost in 2019"
    return Meals(estimate(each * party.size, how))
