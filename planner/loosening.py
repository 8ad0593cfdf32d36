"""Rules loosened by no more than it takes: wider hours, more money on something, fewer or more of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from planner.easings import Easing, with_rule, without_requirement
from planner.requirements import Count, Requirement, Spend

TENTATIVE = 100  # the least amount that is tried for a higher one …
RAISES = 10  # … which is made four times as much so often, until it is enough
MOST_MORE = 6  # more of a kind than were allowed

Needs = Callable[[Easing], int | None]  # what an easing needs of the budget, 0: nothing more, None: it does not help


def least(steps: Sequence[int], easing_of: Callable[[int], Easing], needs: Needs) -> Iterator[Easing]:
    """The first of ever wider steps that is as good as the widest: inside the budget if that can be, else possible."""
    if not steps:
        return
    widest = needs(easing_of(steps[-1]))
    if widest is None:
        return
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if _as_good(needs(easing_of(steps[middle])), widest):
            high = middle
        else:
            low = middle + 1
    yield easing_of(steps[high])


def loosened(requirement: Requirement, needs: Needs) -> Iterator[Easing]:
    """A requirement about money or a number with the least of it that helps, where giving it up would."""
    without = needs(without_requirement(requirement))
    if without is None:
        return
    match requirement.rule:
        case Spend() as rule:
            yield from _spending(requirement, rule, without, needs)
        case Count() as rule:
            fewer = range(1, rule.least + (rule.most is not None))
            yield from least(
                fewer, lambda n: with_rule(requirement, replace(rule, least=rule.least - n), _pain(n)), needs
            )
            more = range(1, MOST_MORE + 1) if rule.most is not None else ()
            yield from least(
                more, lambda n: with_rule(requirement, replace(rule, most=(rule.most or 0) + n), _pain(n)), needs
            )
        case _:
            pass


def _spending(requirement: Requirement, rule: Spend, without: int, needs: Needs) -> Iterator[Easing]:
    """The lowest amount that helps as much as none would, to the shilling."""

    def up_to(amount: int) -> Easing:
        over = 100 * (amount - rule.most_kes) // max(1, rule.most_kes)
        return with_rule(requirement, replace(rule, most_kes=amount), _pain(over // 10))

    low = rule.most_kes
    for _ in range(RAISES):
        high = max(TENTATIVE, 4 * low)
        if _as_good(needs(up_to(high)), without):
            yield from least(range(low + 1, high + 1), up_to, needs)
            return
        low = high


def _pain(much: int) -> int:
    """Always less than giving the requirement up."""
    return 10 + min(15, much)


def _as_good(needed: int | None, other: int) -> bool:
    """Whether it helps, and within the budget where the other does."""
    return needed is not None and (not needed or bool(other))
