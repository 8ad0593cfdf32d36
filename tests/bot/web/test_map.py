"""The map on the page of a trip."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.web.map import HEIGHT, WIDTH, draw
from planner.model import Day, Itinerary, Spot, Stop
from tests.samples import fortnight, mombasa


def moved(plan: Itinerary, places: dict[str, Spot]) -> Itinerary:
    """The plan with the spots of its rides replaced, by slug of their place."""

    def at(spot: Spot | None) -> Spot | None:
        return places.get(spot.place, spot) if spot else None

    days = tuple(
        Day(
            day.date,
            day.place,
            tuple(replace(i, origin=at(i.origin), destination=at(i.destination)) for i in day.items),
        )
        for day in plan.days
    )
    return replace(plan, days=days, request=replace(plan.request, stops=(Stop("naivasha", 2),)))


def test_north_is_up_and_everything_is_on_the_sheet() -> None:
    drawn = draw(mombasa())
    assert drawn is not None
    by_name = {name.text: name for name in drawn.names}
    assert by_name["Nairobi"].y < by_name["Mombasa"].y
    assert drawn.places == "Nairobi, Mombasa"
    stops = [dot for dot in drawn.dots if dot.stop]
    assert len(stops) == 2
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in drawn.dots)
    assert drawn.corner is None


def test_the_way_there_and_the_way_back_are_two_lines() -> None:
    drawn = draw(mombasa())
    assert drawn is not None
    assert len(drawn.legs) == len(set(drawn.legs)) == 2
    assert all(re.fullmatch(r"M[\d.]+ [\d.]+Q[\d.-]+ [\d.-]+ [\d.]+ [\d.]+", path) for path, _ in drawn.legs)


def test_flights_are_told_from_rides() -> None:
    drawn = draw(fortnight())
    assert drawn is not None
    assert {flown for _, flown in drawn.legs} == {True, False}


def test_a_short_trip_is_drawn_close_with_a_corner_that_says_where() -> None:
    tour = {item.destination.place: item.destination for item in fortnight().items if item.destination}
    near = moved(mombasa(), {"mombasa": tour["naivasha"], "nyali": tour["naivasha"]})
    drawn = draw(near)
    assert drawn is not None
    corner = drawn.corner
    assert corner is not None
    assert corner.x > WIDTH / 2
    assert 0 < corner.width < WIDTH / 4
    assert 0 < corner.height < HEIGHT / 4


def test_without_a_journey_there_is_no_map() -> None:
    plan = mombasa()
    still = replace(plan, days=tuple(Day(day.date, day.place, ()) for day in plan.days))
    assert draw(still) is None
