"""What can be left out before choosing: whatever something else replaces in every plan, for no more money.

Exact: no rule and no wish can tell the difference, so neither feasibility nor the best plan is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from planner.model import StayOffer
from planner.shape import DAY, DAYTIME, Move

Option = TypeVar("Option")
FIRST_RIDE = 120  # minutes; a ride to the gate that starts before the day does is another kind of ride


def undominated_moves(
    moves: Sequence[Move],
    worth: Callable[[Move], int],
    night_ends: int,
    alike: Callable[[Move], Hashable] = lambda move: None,
) -> list[Move]:
    """Without the moves that another one between the same spots beats.

    It leaves no earlier, arrives no later, costs no more, is worth no less, and needs the same nights and the same
    kind of local rides. `night_ends` is the minute after midnight until which an arrival leaves the night to a bed;
    moves that are not `alike` to the requirements replace nothing.
    """

    def kind(move: Move) -> Hashable:
        nights = (move.arrive - night_ends) // DAY
        rides = _by_day(move.gate_in), _by_day(move.gate_in - FIRST_RIDE), _by_day(move.gate_out)
        return move.origin.id, move.destination.id, nights, rides, alike(move)

    def figures(move: Move) -> tuple[int, ...]:
        return move.cost, -worth(move), move.gate_out, -move.gate_in

    return unbeaten(moves, kind, figures)


def undominated_stays(
    stays: Sequence[StayOffer],
    worth: Callable[[StayOffer], int],
    alike: Callable[[StayOffer], Hashable] = lambda stay: None,
) -> list[StayOffer]:
    """Without the stays that another one at the same spot beats in price and worth, for the same numbers of nights."""

    def figures(stay: StayOffer) -> tuple[int, ...]:
        return stay.kes, -worth(stay)

    def kind(stay: StayOffer) -> Hashable:
        return stay.spot.id, stay.min_nights, stay.max_nights, stay.nights, alike(stay)

    return unbeaten(stays, kind, figures)


def _by_day(minute: int) -> bool:
    return DAYTIME[0] <= minute % DAY < DAYTIME[1]


def unbeaten(
    options: Sequence[Option], kind: Callable[[Option], Hashable], figures: Callable[[Option], tuple[int, ...]]
) -> list[Option]:
    """Of each kind those that no other has beaten in all figures (less is better); of equals the first."""
    kept: dict[Hashable, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
    for place, option in sorted(enumerate(options), key=lambda pair: (figures(pair[1]), pair[0])):
        mine, rivals = figures(option), kept[kind(option)]
        if not any(all(a <= b for a, b in zip(theirs, mine, strict=True)) for theirs, _ in rivals):
            rivals.append((mine, place))
    places = sorted(place for rivals in kept.values() for _, place in rivals)
    return [options[place] for place in places]
