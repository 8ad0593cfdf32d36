"""Towns in the order that spends the least time on the road."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

from hypothesis import example, given
from hypothesis import strategies as st

from planner.model import Stop, TripRequest
from planner.order import best_order
from tests.planner.world import request

LINE = {"capital": 0, "near": 10, "middle": 50, "far": 100}


def asked(*towns: str, returns: bool = True) -> TripRequest:
    return replace(request(), stops=tuple(Stop(town) for town in towns), returns=returns)


def along(a: str, b: str) -> float:
    return abs(LINE[a] - LINE[b])


def places(found: TripRequest) -> list[str]:
    return [stop.place for stop in found.stops]


def test_one_way_goes_from_near_to_far() -> None:
    assert places(best_order(asked("far", "near", "middle", returns=False), along)) == ["near", "middle", "far"]


def test_between_equal_orders_the_one_named_is_kept() -> None:
    assert places(best_order(asked("middle", "far"), along)) == ["middle", "far"]
    assert places(best_order(asked("far", "middle"), along)) == ["far", "middle"]


def test_nights_stay_with_their_town() -> None:
    trip = replace(request(nights=3), stops=(Stop("far", 2), Stop("near", 1)), returns=False)
    assert best_order(trip, along).stops == (Stop("near", 1), Stop("far", 2))


points = st.dictionaries(
    st.sampled_from("abcdefghij"), st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=10
)


@given(points, st.booleans())
@example({"a": (1, 1), **dict.fromkeys("bcdef", (0, 0)), "g": (3, 0), "h": (97, 0)}, False)  # nearest first is longer
def test_no_order_of_a_few_towns_is_shorter_and_many_towns_lose_none(
    towns: dict[str, tuple[int, int]], returns: bool
) -> None:
    spots = {**towns, "capital": (50, 50)}

    def between(a: str, b: str) -> float:
        return float(abs(spots[a][0] - spots[b][0]) + abs(spots[a][1] - spots[b][1]))

    def length(order: list[str]) -> float:
        way = ["capital", *order, *(["capital"] if returns else [])]
        return sum(between(a, b) for a, b in pairwise(way))

    found = places(best_order(asked(*towns, returns=returns), between))
    assert sorted(found) == sorted(towns)
    assert length(found) <= length(list(towns))
    if len(towns) <= 5:
        assert length(found) == min(length(list(order)) for order in permutations(towns))
