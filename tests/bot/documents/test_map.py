"""The map: the right country, the right places, few points, readable names."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.map import Point, RouteMap, View, land, outline, route_map, simplify
from planner.model import Itinerary, Mode
from tests import samples

BOX = (33.9, -4.75, 41.95, 5.45)


def of(plan: Itinerary) -> RouteMap:
    return route_map(plan, 190, 200)


def between(origin: tuple[str, float, float], destination: tuple[str, float, float]) -> Itinerary:
    """A trip of one ride."""
    plan = samples.mombasa()
    start = replace(samples.SYOKIMAU, place=origin[0], lon=origin[1], lat=origin[2])
    end = replace(samples.MIRITINI, place=destination[0], lon=destination[1], lat=destination[2])
    item = replace(plan.days[0].items[2], origin=start, destination=end)
    return replace(plan, days=(replace(plan.days[0], items=(item,)),))


def test_the_border_is_that_of_kenya() -> None:
    points = [point for ring in outline() for point in ring]
    assert min(lon for lon, _ in points) == pytest.approx(33.9, abs=0.1)
    assert max(lon for lon, _ in points) == pytest.approx(41.9, abs=0.1)
    assert min(lat for _, lat in points) == pytest.approx(-4.7, abs=0.1)
    assert max(lat for _, lat in points) == pytest.approx(5.0, abs=0.6)


def test_the_drawn_border_needs_far_fewer_points() -> None:
    drawn = sum(len(ring) for ring in land(View.of(BOX, 190, 200)))
    assert 60 < drawn < sum(len(ring) for ring in outline()) / 3


def test_a_return_trip_has_two_rails_that_bow_apart() -> None:
    out, back = of(samples.mombasa()).legs
    assert (out.mode, back.mode) == (Mode.TRAIN, Mode.TRAIN)
    assert (out.start, out.end) == (back.end, back.start)
    assert math.dist(out.control, back.control) > 5


def test_nairobi_lies_north_west_of_mombasa() -> None:
    pins = {pin.name: pin.at for pin in of(samples.mombasa()).pins if pin.visited}
    assert pins.keys() == {"Nairobi", "Mombasa"}
    assert pins["Nairobi"][0] < pins["Mombasa"][0]
    assert pins["Nairobi"][1] > pins["Mombasa"][1]


@pytest.mark.parametrize("plan", [samples.mombasa(), samples.fortnight()])
def test_every_place_has_its_name_and_no_two_names_overlap(plan: Itinerary) -> None:
    pins = of(plan).pins
    assert all(pin.label for pin in pins if pin.visited)
    labels = [pin.label for pin in pins if pin.label]
    for n, one in enumerate(labels):
        for other in labels[n + 1 :]:
            apart_x = abs(one.at[0] - other.at[0]) > 0.5 * one.size * min(len(one.text), len(other.text))
            apart_y = abs(one.at[1] - other.at[1]) > 0.6 * min(one.size, other.size)
            assert apart_x or apart_y, (one, other)


def test_a_short_trip_is_drawn_closer_with_its_place_in_the_country() -> None:
    drawn = of(between(("nairobi", 36.81, -1.28), ("naivasha", 36.43, -0.71)))
    (leg,) = drawn.legs
    assert drawn.close_up
    assert drawn.locator is not None
    assert math.dist(leg.start, leg.end) > 40


def test_a_trip_abroad_stays_on_the_sheet() -> None:
    drawn = of(between(("nairobi", 36.81, -1.28), ("zanzibar", 39.2, -6.16)))
    assert all(0 <= x <= 190 and 0 <= y <= 200 for leg in drawn.legs for x, y in (leg.start, leg.end))


def test_rides_to_places_nobody_can_locate_are_left_out() -> None:
    plan = between(("nairobi", 36.81, -1.28), ("atlantis", 39.6, -4.0))
    item = plan.days[0].items[0]
    assert item.destination is not None
    lost = replace(item, destination=replace(item.destination, lat=None, lon=None))
    drawn = of(replace(plan, days=(replace(plan.days[0], items=(lost,)),)))
    assert drawn.legs == ()
    assert not any(pin.visited for pin in drawn.pins)


def test_a_station_without_a_position_lies_in_its_town() -> None:
    plan = samples.mombasa()
    items = [
        replace(item, destination=replace(item.destination, lat=None, lon=None)) if item.destination else item
        for item in plan.days[0].items
    ]
    drawn = of(replace(plan, days=(replace(plan.days[0], items=tuple(items)),)))
    assert {pin.name for pin in drawn.pins if pin.visited} == {"Nairobi", "Mombasa"}


def test_an_outing_is_no_part_of_the_route() -> None:
    assert of(between(("mombasa", 39.66, -4.05), ("bamburi", 39.73, -4.0))).legs == ()


coordinate = st.integers(-100_000, 100_000).map(lambda thousandths: thousandths / 1000)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=40), st.floats(min_value=0.1, max_value=20))
def test_simplifying_keeps_the_ends_and_stays_near_the_line(points: list[Point], tolerance: float) -> None:
    short = simplify(points, tolerance)
    assert (short[0], short[-1]) == (points[0], points[-1])
    for point in points:
        assert min(_to_segment(point, a, b) for a, b in pairwise(short)) <= tolerance + 1e-6


def _to_segment(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b)
    if length == 0:
        return math.dist(point, a)
    t = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length**2
    t = min(1.0, max(0.0, t))
    return math.dist(point, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
