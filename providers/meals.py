"""What eating costs a party in a day: one printed figure, and estimates above it."""

from __future__ import annotations

import json
from functools import cache

from planner.model import Meals, Party, StayClass, Wishes
from providers.guidebook import GuideRow, estimate, price_of, table

# Only the cheap day was printed (630 in 2019: breakfast 150, lunch 130, dinner 350). A day of sit-down meals is
# reckoned at two and a half times that, one in good restaurants at four times; nothing better was found.
_MID_FACTOR, _HIGH_FACTOR = 2.5, 4.0
_SHARE = 0.4  # of a day's budget that meals may take; our own judgement


class _Daily(GuideRow):
    low: int


@cache
def _daily() -> _Daily:
    cells = json.loads(table("practical.json"))["meals"]["daily_kes"]
    return _Daily.model_validate({"as_of_precision": "day", **cells})


def meals_for(party: Party, wishes: Wishes, daily_budget: float | None = None) -> Meals:
    """The daily allowance of a party; children eat like adults.

    The class follows the wishes, and the budget: where the usual allowance would take most of `daily_budget` (KES for
    one person and day, everything included), the party eats where locals do.
    """
    daily = _daily()
    tight = daily_budget is not None and daily.low * _MID_FACTOR > daily_budget * _SHARE
    if wishes.cheap or wishes.stay_class is StayClass.BUDGET or tight:
        return Meals(
            price_of(daily, daily.low * party.size, note="local eating places in 2019; prices have risen since")
        )
    lavish = wishes.comfort or wishes.stay_class is StayClass.HIGH
    factor = _HIGH_FACTOR if lavish else _MID_FACTOR
    each = 50 * round(daily.low * factor / 50)
    how = f"{factor:g} times the KES {daily.low} a day that cheap eating cost in 2019"
    return Meals(estimate(each * party.size, how))
