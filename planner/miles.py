"""Long moves with their ends: the rides from home and home again, what they are worth with the time they leave."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from planner.dominance import undominated_moves
from planner.model import Offers, Spot, TripRequest
from planner.shape import DAY, NIGHT_ENDS, Clock, Leg, Move, Rides
from planner.values import Tastes, move_worth, waking


@dataclass(frozen=True, slots=True)
class Miles:
    """What lies before and behind the moves of one request."""

    request: TripRequest
    offers: Offers
    rides: Rides
    clock: Clock
    tastes: Tastes

    def possible(self, leg: Leg) -> tuple[Move, ...]:
        """The moves of a leg without those that would start before the first day or end after the last."""
        end = (self.request.nights + 1) * DAY
        return tuple(
            move
            for move in leg.moves
            if move.gate_in - self.first(leg, move)[0] >= 0 and move.gate_out + self.last(leg, move)[0] <= end
        )

    def undominated(self, leg: Leg, moves: Sequence[Move], alike: Callable[[Move], Hashable]) -> tuple[Move, ...]:
        """Those that no other one replaces in every plan, and all that are locked."""
        locked = [move for move in moves if move.offer_ids & self.request.locked]
        others = [move for move in moves if move not in locked]
        return (*locked, *undominated_moves(others, lambda move: self.worth(leg, move), NIGHT_ENDS, alike))

    def rides_to_and_from(self, leg: Leg, move: Move) -> list[tuple[Rides, Spot, Spot]]:
        """The rides from home to a move and from it home."""
        home, found = self.offers.centres[self.request.origin], []
        if leg.leaves is None:
            found.append((self.rides.until(move.gate_in, home, move.origin), home, move.origin))
        if leg.reaches is None:
            found.append((self.rides.at(move.gate_out), move.destination, home))
        return found

    def first(self, leg: Leg, move: Move) -> tuple[int, int]:
        """Minutes and price from home to where the first leg starts."""
        if leg.leaves is not None:
            return 0, 0
        home = self.offers.centres[self.request.origin]
        return self._mile(self.rides.until(move.gate_in, home, move.origin), home, move.origin)

    def last(self, leg: Leg, move: Move) -> tuple[int, int]:
        """Minutes and price from where the last leg ends to home."""
        if leg.reaches is not None:
            return 0, 0
        home = self.offers.centres[self.request.origin]
        return self._mile(self.rides.at(move.gate_out), move.destination, home)

    @staticmethod
    def _mile(rides: Rides, origin: Spot, destination: Spot) -> tuple[int, int]:
        if not rides.reachable(origin, destination):
            return DAY * 99, 0  # no ride at that hour: the move drops out
        return rides.minutes(origin, destination), rides.cost(origin, destination)

    def worth(self, leg: Leg, move: Move) -> int:
        """Worth of a move, with the waking time it leaves at the stops."""
        worth = move_worth(move, self.request, self.clock, self.tastes)
        return worth + self.tastes.there * self.time_there(leg, move) * self.request.party.size

    @staticmethod
    def time_there(leg: Leg, move: Move) -> int:
        """Waking minutes it leaves at the stops on its two sides; only its differences to other moves mean anything."""
        arriving = 0 if leg.reaches is None else waking(move.gate_out)
        return (0 if leg.leaves is None else waking(move.gate_in)) - arriving
