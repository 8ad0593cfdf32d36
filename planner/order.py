"""In which order to visit towns when the traveller leaves it open: the least time on the road."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, permutations

from planner.model import Stop, TripRequest

EXACT = 7  # up to so many stops every order is tried

Minutes = Callable[[str, str], float]


def best_order(request: TripRequest, minutes: Minutes) -> TripRequest:
    """The request with its stops in the order that spends the least time between towns, home and back included.

    `minutes` gives the travel time between two place slugs. Exact for up to seven stops; beyond, the better of
    two ways improved by reversing stretches (2-opt): as named, and always to the nearest town. Ties keep the order in
    which the traveller named the towns.
    """
    stops = request.stops
    if len(stops) < 2:
        return request
    named = {stop: rank for rank, stop in enumerate(stops)}
    orders: Sequence[tuple[Stop, ...]]
    if len(stops) <= EXACT:
        orders = list(permutations(stops))
    else:
        orders = [_improved(start, request, minutes) for start in (stops, _nearest(request, minutes))]
    best = min(orders, key=lambda order: (round(_length(order, request, minutes)), [named[stop] for stop in order]))
    return replace(request, stops=tuple(best))


def _length(order: Sequence[Stop], request: TripRequest, minutes: Minutes) -> float:
    towns = [request.origin, *(stop.place for stop in order), *([request.origin] if request.returns else [])]
    return sum(minutes(a, b) for a, b in pairwise(towns) if a != b)


def _nearest(request: TripRequest, minutes: Minutes) -> tuple[Stop, ...]:
    here, left, order = request.origin, list(request.stops), list[Stop]()
    while left:
        following = min(left, key=lambda stop: (minutes(here, stop.place), stop.place))
        left.remove(following)
        order.append(following)
        here = following.place
    return tuple(order)


def _improved(order: tuple[Stop, ...], request: TripRequest, minutes: Minutes) -> tuple[Stop, ...]:
    best, length = order, _length(order, request, minutes)
    better = True
    while better:
        better = False
        for first in range(len(best) - 1):
            for last in range(first + 2, len(best) + 1):
                turned = (*best[:first], *reversed(best[first:last]), *best[last:])
                if (shorter := _length(turned, request, minutes)) < length - 1e-9:
                    best, length, better = turned, shorter, True
    return best
