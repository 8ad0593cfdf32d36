"""Rides between any two points whose positions are known, made from the ways of getting about on offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from planner.matching import kilometres
from planner.model import LocalMode, Precision, Price, Spot, TransferOffer


def rank(ride: TransferOffer, minute_value: float) -> tuple[float, int, str]:
    """How good a ride is, best first: price and time, a minute being worth `minute_value`."""
    return ride.price.kes + ride.minutes * minute_value, ride.minutes, ride.id


def ride(mode: LocalMode, origin: Spot, destination: Spot, people: int) -> TransferOffer | None:
    """The ride of so many people in this way, None where a position is not known or the way is too short or long."""
    if origin.lat is None or origin.lon is None or destination.lat is None or destination.lon is None:
        return None
    if origin.id == destination.id:
        return None
    km = mode.detour * kilometres(origin.lat, origin.lon, destination.lat, destination.lon)
    if not mode.least_km <= km <= mode.most_km:
        return None
    kes = round((mode.base + mode.per_km * km) * ceil(people / mode.seats))
    price = Price(kes, Decimal(kes), "KES", mode.basis, mode.source, None, Precision.UNDATED)
    minutes = max(1, round(mode.wait + 60 * km / mode.kmh))
    name = f"{mode.mode}:{origin.id}>{destination.id}"
    return TransferOffer(
        name, mode.mode, origin, destination, minutes, price, provider=mode.source, by_day=mode.by_day, km=round(km, 3)
    )


@dataclass(frozen=True, slots=True)
class Nearby:
    """The best ride between two points for a party, among several ways of getting about."""

    modes: tuple[LocalMode, ...]
    minute_value: float
    people: int
    permits: Callable[[TransferOffer], bool]

    def best(self, origin: Spot, destination: Spot) -> TransferOffer | None:
        """The ride to take, None when no way serves."""
        return min(self._all(origin, destination), key=self.rank, default=None)

    def rank(self, offer: TransferOffer) -> tuple[float, int, str]:
        """How good a ride is, best first."""
        return rank(offer, self.minute_value)

    def _all(self, origin: Spot, destination: Spot) -> Iterator[TransferOffer]:
        for mode in self.modes:
            found = ride(mode, origin, destination, self.people)
            if found is not None and self.permits(found):
                yield found
