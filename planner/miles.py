"""The ends of a long move: the rides from home to it and from it home, and what it is worth with the time it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model import Offers, Spot, TripRequest
from planner.shape import DAY, Clock, Leg, Move, Rides
from planner.values import Tastes, move_worth, waking


@dataclass(frozen=True, slots=True)
class Miles:
    """What lies before and behind the moves of one request."""

    request: TripRequest
    offers: Offers
    rides: Rides
    clock: Clock
    tastes: Tastes

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
