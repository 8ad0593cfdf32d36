"""Two departures joined to one move, with a change between them.

Only what is not beaten is joined, and departures are looked up by spot and time: a thousand of them stay quick.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from dataclasses import dataclass

from planner.dominance import unbeaten
from planner.model import Spot
from planner.shape import DAY, NIGHT_ENDS, Move, Rides

LONGEST_WAIT = 12 * 60  # minutes between getting out and having to be there for the next departure
BEST = 10  # pairs kept for each way to look at them


def joined(
    firsts: Sequence[Move], seconds: Sequence[Move], rides: Rides, end: int, locked: Set[str] = frozenset()
) -> list[Move]:
    """Moves of one of `firsts` and one of `seconds` that are there before `end`, in trip minutes.

    Between them one stays at the spot or takes a local ride, has the time to leave and to board, waits LONGEST_WAIT at
    most, and needs no bed: every night of the way is spent on board. Nobody rides out and back to the town of the
    first departure, where both ends of a leg are served from one station. Of all pairs the BEST by price, by time under
    way, by arrival and by departure are kept; those with a `locked` departure are looked at apart.
    """
    stages = _stages(_unbeaten(seconds, locked))
    pairs = _unbeaten(
        [move for first in _unbeaten(firsts, locked) for move in _onward(first, stages, rides) if move.gate_out <= end],
        locked,
    )
    held = [move for move in pairs if move.offer_ids & locked]
    free = [move for move in pairs if not move.offer_ids & locked]
    kept = {move.id for some in (held, free) for rank in _RANKS for move in sorted(some, key=rank)[:BEST]}
    return [move for move in pairs if move.id in kept]


_RANKS: tuple[Callable[[Move], tuple[int, ...]], ...] = (
    lambda move: (move.cost, move.gate_out - move.gate_in, move.gate_out),
    lambda move: (move.gate_out - move.gate_in, move.cost, move.gate_out),
    lambda move: (move.gate_out, move.cost, -move.gate_in),
    lambda move: (-move.gate_in, move.cost, move.gate_out),
)


@dataclass(frozen=True, slots=True)
class _Stage:
    """The departures from one spot by when one must be there."""

    spot: Spot
    moves: Sequence[Move]
    gates: Sequence[int]

    def between(self, ready: int, latest: int) -> Sequence[Move]:
        return self.moves[bisect_left(self.gates, ready) : bisect_right(self.gates, latest)]


def _stages(seconds: Sequence[Move]) -> list[_Stage]:
    by_spot: dict[str, list[Move]] = defaultdict(list)
    for move in sorted(seconds, key=lambda move: (move.gate_in, move.id)):
        by_spot[move.origin.id].append(move)
    return [_Stage(moves[0].origin, moves, [move.gate_in for move in moves]) for moves in by_spot.values()]


def _onward(first: Move, stages: Sequence[_Stage], rides: Rides) -> Iterator[Move]:
    rides = rides.at(first.gate_out)
    for stage in stages:
        if not rides.reachable(first.destination, stage.spot):
            continue
        ready = first.gate_out + rides.minutes(first.destination, stage.spot)
        for second in stage.between(ready, first.gate_out + LONGEST_WAIT):
            back = second.destination.place == first.origin.place
            if not back and _needs_no_bed(first, second):
                yield _pair(first, second, rides)


def _needs_no_bed(first: Move, second: Move) -> bool:
    """Whether each night between leaving and arriving is spent on one of the two."""
    nights = range(first.depart // DAY, (second.arrive - NIGHT_ENDS) // DAY)
    return all(
        any(part.depart // DAY == night and part.arrive >= (night + 1) * DAY + NIGHT_ENDS for part in (first, second))
        for night in nights
    )


def _pair(first: Move, second: Move, rides: Rides) -> Move:
    longer = max(first, second, key=lambda move: move.arrive - move.depart)
    return Move(
        id=f"{first.id}+{second.id}",
        mode=longer.mode,
        origin=first.origin,
        destination=second.destination,
        depart=first.depart,
        arrive=second.arrive,
        cost=first.cost + second.cost + rides.cost(first.destination, second.origin),
        boarding=first.boarding,
        leaving=second.leaving,
        parts=(*first.parts, *second.parts),
        change=rides.get(first.destination, second.origin) if first.destination.id != second.origin.id else None,
    )


def _unbeaten(moves: Sequence[Move], locked: Set[str]) -> list[Move]:
    """Without those that another one of the same modes and classes beats in price, departure and arrival."""

    def kind(move: Move) -> Hashable:
        seats = tuple((part.mode, part.travel_class, part.times_assumed) for part in move.parts)
        nights = (move.arrive - NIGHT_ENDS) // DAY
        return move.origin.id, move.destination.id, seats, nights, move.offer_ids & locked

    return unbeaten(moves, kind, lambda move: (move.cost, move.gate_out, -move.gate_in))
