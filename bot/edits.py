"""Changes of single things of the plan on screen: what was asked for, by position on that screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verb(StrEnum):
    """What to do. The values begin the action of a button."""

    LIST = "other"  # show what could take the place of an item
    SWAP = "swap"
    CHEAPER = "less"  # take the next cheaper in its place
    BETTER = "better"  # take the next better in its place
    EARLIER = "earlier"
    LATER = "later"
    KEEP = "keep"
    FREE = "free"
    DROP = "drop"
    ADD = "add"
    MOVE = "move"
    LONGER = "longer"
    SHORTER = "shorter"
    STOP = "stop"  # another town to stop in
    ORDER = "order"
    FASTER = "faster"
    SLOWER = "slower"
    FULLER = "fuller"
    DAY = "day"  # show one day in full
    TOTAL = "total"  # say what it costs in all
    UNREAD = "unread"  # words beside other changes that were not understood
    MENU = "menu"  # show what can be done about a part of the plan


# Those about one item of the plan, or one visit that could come in: buttons name it by its position.
ABOUT_ITEMS: Final = frozenset(
    {
        Verb.LIST, Verb.SWAP, Verb.CHEAPER, Verb.BETTER, Verb.EARLIER, Verb.LATER,
        Verb.KEEP, Verb.FREE, Verb.DROP, Verb.ADD, Verb.MOVE,
    }
)  # fmt: skip


class Part(StrEnum):
    """Parts of a plan with a menu of their own."""

    STAYS = "stays"
    RIDES = "rides"
    VISITS = "visits"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change. `items` are positions in `Screen.items`, `other` one in `Screen.others`; `day` counts from 1.

    Several `items` where one is needed make a question. `version` is that of the plan they are positions in, 0 for
    the one on screen when the words were read.
    """

    verb: Verb
    items: tuple[int, ...] = ()
    other: int | None = None
    day: int | None = None
    count: int = 1
    places: tuple[str, ...] = ()
    part: Part | None = None
    name: str = ""  # of a sight that is not on the screen; words that were not understood
    version: int = 0
