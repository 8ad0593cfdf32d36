"""Answers to puzzles in the shape of NATURAL PLAN's trip planning keep days, flights and events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from planner import Itinerary, broken, build, verify
from tests.planner.outside.natural import Puzzle, days_of, generated, offers_of, request_of


def faults(days: dict[str, list[int]], puzzle: Puzzle) -> Iterator[str]:
    if {city: len(there) for city, there in days.items()} != puzzle.days:
        yield "days in each city"
    order = sorted(days, key=lambda city: days[city][0])
    if any(pair not in puzzle.flights for pair in pairwise(order)):
        yield "no such flight"
    if any(days[a][-1] != days[b][0] for a, b in pairwise(order)) or days[order[0]][0] != 1:
        yield "not on end"
    for city, (first, last) in puzzle.events.items():
        if not set(range(first, last + 1)) <= set(days.get(city, [])):
            yield f"misses the event in {city}"


@pytest.mark.parametrize(("seed", "cities"), [(seed, cities) for cities in (3, 5, 8, 10) for seed in range(3)])
def test_a_puzzle_with_an_answer_is_solved(seed: int, cities: int) -> None:
    puzzle = generated(seed, cities)
    asked, on_offer = request_of(puzzle), offers_of(puzzle)
    plan = build(asked, on_offer, trip_id="t")
    assert isinstance(plan, Itinerary), plan
    assert not broken(verify(plan, asked, on_offer))
    assert list(faults(days_of(plan), puzzle)) == []
