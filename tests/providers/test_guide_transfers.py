"""Local rides: printed fares, estimates by distance, walks, boats, and points travellers name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Mode, Party, Spot, SpotKind, TransferOffer
from providers.base import Kind
from providers.guidebook import centre, stage, table
from providers.points import gates, named, station_spot
from providers.roads import drive_minutes
from providers.sources import guide_transfers
from providers.sources.guide_stays import stay_spot
from tests.providers.asking import ask, party, place

ROWS, ROADS = table("transfers.csv"), table("intercity.csv")
MIRITINI, SYOKIMAU = station_spot("Mombasa Terminus"), station_spot("Nairobi Terminus")
FORT_JESUS = Spot("sight:fort-jesus", "Fort Jesus", "mombasa", SpotKind.SIGHT, -4.06269, 39.67963)
OLD_TOWN = Spot("sight:old-town", "Old Town", "mombasa", SpotKind.SIGHT, -4.06285, 39.67981)


def rides(origin: Spot, destination: Spot, who: Party | None = None) -> dict[Mode, TransferOffer]:
    query = ask(Kind.TRANSFERS, "mombasa", who=who or party(), spots=(origin, destination))
    found = guide_transfers.parse(ROWS, ROADS, query)
    return {offer.mode: offer for offer in found if offer.origin.id == origin.id}


def test_the_terminus_to_diani_has_its_printed_fare_by_the_bypass() -> None:
    taxi = rides(MIRITINI, stay_spot(place("diani")))[Mode.TAXI]
    assert (taxi.price.kes, taxi.price.basis, taxi.minutes) == (4_000, Basis.GUIDE, 45)
    assert "By the toll-free Dongo Kundu bypass, no ferry" in taxi.notes


def test_the_terminus_to_the_city_has_a_cheap_slow_matatu_and_an_estimated_taxi() -> None:
    found = rides(MIRITINI, centre(place("mombasa")))
    assert (found[Mode.MATATU].price.kes, found[Mode.MATATU].minutes) == (200, 60)
    assert found[Mode.TAXI].price.basis is Basis.ESTIMATE
    assert found[Mode.TAXI].price.kes == 850  # 200 + 60 x 11 km, to the nearest 50
    assert "11 km" in found[Mode.TAXI].price.note


def test_a_taxi_takes_four() -> None:
    one, two = (
        rides(MIRITINI, stay_spot(place("diani")), party(4)),
        rides(MIRITINI, stay_spot(place("diani")), party(5)),
    )
    assert two[Mode.TAXI].price.kes == 2 * one[Mode.TAXI].price.kes
    assert "2 cars" in two[Mode.TAXI].notes


def test_a_town_without_a_position_is_reached_by_a_guess_that_says_so() -> None:
    taxi = rides(MIRITINI, stay_spot(place("nyali")))[Mode.TAXI]
    assert taxi.price.kes == 1_350  # 200 + 60 x (11 + 8) km, to the nearest 50
    assert "guessed" in taxi.price.note


def test_neighbours_walk() -> None:
    found = rides(FORT_JESUS, OLD_TOWN)
    assert set(found) == {Mode.WALK}
    assert (found[Mode.WALK].price.kes, found[Mode.WALK].minutes) == (0, 5)


def test_after_dark_a_taxi_goes_where_one_walks_by_day() -> None:
    found = rides(stay_spot(place("nairobi")), stage(place("nairobi")))
    assert set(found) == {Mode.WALK, Mode.TAXI}
    assert (found[Mode.WALK].by_day, found[Mode.TAXI].by_day) == (True, False)


def test_on_an_island_one_goes_by_boat() -> None:
    airport = next(spot for spot in gates("lamu") if spot.kind is SpotKind.AIRPORT)
    found = rides(airport, stay_spot(place("lamu")))
    assert set(found) == {Mode.FERRY}
    boat = found[Mode.FERRY]
    assert boat.price.basis is Basis.ESTIMATE
    assert boat.notes == ("By boat; no fare is published, so it is counted like a taxi",)


def test_the_boat_from_mokowe_takes_its_printed_time() -> None:
    jetty = Spot("jetty:mokowe", "Mokowe jetty", "lamu", SpotKind.JETTY)
    assert rides(jetty, stay_spot(place("lamu")))[Mode.FERRY].minutes == 30


def test_a_ride_through_nairobi_by_matatu_is_planned_at_the_high_end() -> None:
    gallery = Spot("sight:a", "A", "nairobi", SpotKind.SIGHT, -1.2868, 36.8179)
    karura = Spot("sight:b", "B", "nairobi", SpotKind.SIGHT, -1.2387, 36.8326)
    price = rides(gallery, karura)[Mode.MATATU].price
    assert (price.kes, price.low_kes, price.high_kes) == (200, 40, 200)


def test_the_strip_of_diani_has_tuktuks() -> None:
    airstrip = next(spot for spot in gates("diani"))
    tuktuk = rides(airstrip, stay_spot(place("diani")))[Mode.TUKTUK]
    assert (tuktuk.price.kes, tuktuk.minutes) == (100, 10)


def test_towns_far_apart_have_no_local_ride() -> None:
    assert rides(centre(place("nairobi")), centre(place("mombasa"))) == {}


@pytest.mark.parametrize(
    "town", ["nairobi", "mombasa", "kisumu", "eldoret", "malindi", "diani", "lamu", "voi", "nyali"]
)
def test_every_gate_of_a_town_has_a_ride_both_ways(town: str) -> None:
    bed = stay_spot(place(town))
    for gate in (*gates(town), MIRITINI) if town == "nyali" else gates(town):
        assert rides(gate, bed), gate
        assert rides(bed, gate), gate


def test_every_ordered_pair_of_spots_is_answered() -> None:
    spots = (MIRITINI, FORT_JESUS, stay_spot(place("mombasa")), stay_spot(place("nyali")))
    found = guide_transfers.parse(ROWS, ROADS, ask(Kind.TRANSFERS, "mombasa", spots=spots))
    assert len({(offer.origin.id, offer.destination.id) for offer in found}) == 12


@pytest.mark.parametrize(
    ("words", "town", "spot_id"),
    [
        ("JKIA", "nairobi", "airport:NBO"),
        ("Jomo Kenyatta airport", "nairobi", "airport:NBO"),
        ("Wilson", "nairobi", "airport:WIL"),
        ("the airport", "kisumu", "airport:KIS"),
        ("Moi airport", "diani", "airport:MBA"),
        ("uwanja wa ndege", "mombasa", "airport:MBA"),
        ("SGR", "mombasa", "station:mombasa-terminus"),
        ("Syokimau", "nairobi", "station:nairobi-terminus"),
        ("sgr", "nyali", "station:mombasa-terminus"),
        ("CBD", "nairobi", "centre:nairobi"),
        ("", "nakuru", "centre:nakuru"),
        ("Nyali", "mombasa", "centre:nyali"),
        ("Fort Jesus", "mombasa", "sight:fort-jesus"),
        ("Westlands", "nairobi", "point:westlands"),
    ],
)
def test_points_are_found_by_what_travellers_call_them(words: str, town: str, spot_id: str) -> None:
    assert named(words, place(town)).id == spot_id


def test_an_unknown_point_has_no_invented_position() -> None:
    westlands = named("Westlands", place("nairobi"))
    assert (westlands.name, westlands.lat, westlands.lon) == ("Westlands", None, None)


@given(st.text(max_size=40))
def test_any_words_name_some_point(words: str) -> None:
    assert named(words, place("mombasa")).name


@given(a=st.floats(0, 200), b=st.floats(0, 200))
def test_a_longer_way_never_takes_less_time(a: float, b: float) -> None:
    assert (drive_minutes(min(a, b)) <= drive_minutes(max(a, b))) is True
    assert drive_minutes(a) % 5 == 0
