"""Towns to change in, from the guide's own connections."""

from __future__ import annotations

import pytest

from providers.hubs import MOST, hubs
from tests.providers.asking import place


def names(origin: str, destination: str) -> list[str]:
    return [town.slug for town in hubs(place(origin), place(destination))]


@pytest.mark.parametrize(
    ("origin", "destination", "town"),
    [
        ("kisumu", "mombasa", "nairobi"),
        ("mombasa", "kisumu", "nairobi"),
        ("kakamega", "diani", "nairobi"),
        ("nairobi", "lamu", "mombasa"),
        ("nairobi", "lodwar", "kitale"),
    ],
)
def test_one_changes_in_the_town_with_the_most_connections_on_the_way(origin: str, destination: str, town: str) -> None:
    assert names(origin, destination)[0] == town


def test_a_town_without_a_departure_both_ways_is_no_place_to_change() -> None:
    assert names("nanyuki", "lamu") == []
    assert names("nairobi", "maasai-mara") == []


def test_nobody_is_sent_the_long_way_round() -> None:
    assert names("nakuru", "naivasha") == [], "both have departures to Nairobi, but lie beside each other"


def test_neither_end_is_a_town_to_change_in_and_only_a_few_are_asked_about() -> None:
    found = names("kitale", "mombasa")
    assert not {"kitale", "mombasa"} & set(found)
    assert len(found) <= MOST
