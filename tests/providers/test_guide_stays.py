"""Stays: which bands apply where, rooms by party, and what is said about prices nobody printed."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Party, StayClass, StayOffer
from providers.base import Kind
from providers.guidebook import slug, table
from providers.sources import guide_stays
from tests.providers.asking import FRIDAY, SUNDAY, ask, party

BANDS, HOTELS = table("hotel_price_bands.csv"), table("hotels.csv")
# Bands that are not offered: priced by bed, for two families, or without a figure in shillings.
LEFT_OUT = {
    "hostel dorm bed",
    "two-bedroom holiday home with breakfast, Shanzu",
    "simple town hotel, Mtwapa",
}


def stays(town: str, start: date = FRIDAY, end: date = SUNDAY, who: Party | None = None) -> dict[str, StayOffer]:
    found = guide_stays.parse(BANDS, HOTELS, ask(Kind.HOTELS, town, start, end, who=who or party()))
    return {offer.id: offer for offer in found}


def nightly(offer: StayOffer) -> tuple[int, int | None, int | None]:
    assert offer.nightly is not None
    return offer.nightly.kes, offer.nightly.low_kes, offer.nightly.high_kes


def test_the_middle_of_a_range_is_planned_with() -> None:
    offer = stays("diani")["stay:diani:one-bedroom-holiday-home-coast"]
    assert nightly(offer) == (6_000, 5_000, 7_000)
    assert offer.name == "One-bedroom holiday home in Diani (guide band)"
    assert offer.stay_class is StayClass.MID


def test_in_the_festive_peak_the_high_end_is() -> None:
    offer = stays("diani", date(2026, 12, 26), date(2026, 12, 29))["stay:diani:one-bedroom-holiday-home-coast"]
    assert nightly(offer)[0] == 7_000


def test_an_open_ended_band_is_a_from_price_with_examples_that_have_no_rate() -> None:
    offer = stays("nakuru")["stay:nakuru:mid-range-hotel-or-lodge"]
    assert nightly(offer) == (8_000, 8_000, None)
    assert offer.nightly is not None
    assert offer.nightly.note.startswith("from")
    assert "For example Lake Nakuru Lodge, Midland Hotel: their own rates are not known" in offer.notes


def test_regional_bands_stay_in_their_region() -> None:
    assert not any("coast" in offer_id for offer_id in stays("nakuru"))
    assert not any("nairobi" in offer_id for offer_id in stays("mombasa"))
    assert "stay:nairobi:nairobi-hotel-average-night" in stays("nairobi")


def test_a_city_includes_its_suburbs_even_one_without_a_position() -> None:
    places = {offer.spot.place for offer in stays("mombasa").values()}
    assert places == {"mombasa", "nyali", "bamburi"}
    nyali = stays("mombasa")["stay:nyali:guest-house"]
    assert (nyali.spot.lat, nyali.spot.lon) == (None, None)
    assert {offer.spot.place for offer in stays("nyali").values()} == {"nyali"}


def test_a_hotel_with_a_printed_rate_is_offered_by_name() -> None:
    offer = stays("nyahururu")["stay:nyahururu:bettan-hotel-lodge"]
    assert (offer.name, nightly(offer)[0]) == ("Bettan Hotel & Lodge", 1_000)


def test_known_hotels_without_a_rate_are_named_without_a_price() -> None:
    offer = stays("maasai-mara")["stay:maasai-mara:mara-serena-safari-lodge"]
    assert offer.nightly is None
    assert (offer.stars, offer.stay_class) == (5, StayClass.HIGH)
    assert offer.notes == ("Its rate is not known",)


def test_a_price_for_several_rooms_says_for_how_many() -> None:
    assert any("The price is for 4 of them" in offer.notes for offer in stays("mombasa", who=party(8)).values())
    assert not any("The price is for" in note for offer in stays("mombasa").values() for note in offer.notes)


def test_no_town_lodging_is_put_into_a_park() -> None:
    assert {offer.stay_class for offer in stays("amboseli").values() if offer.nightly} == {StayClass.MID}


@pytest.mark.parametrize(
    ("who", "rooms"),
    [(party(1), 1), (party(2), 1), (party(3), 2), (party(2, 2), 1), (party(2, 3), 2), (party(1, 3), 1)],
)
def test_two_adults_share_a_room_and_children_join_them(who: Party, rooms: int) -> None:
    offer = stays("kisumu", who=who)["stay:kisumu:guest-house"]
    assert (offer.rooms, offer.sleeps) == (rooms, who.size)
    assert nightly(offer)[0] == 3_000 * rooms


@given(adults=st.integers(1, 30), children=st.integers(0, 20))
def test_nobody_sleeps_five_to_a_room_or_three_adults_to_one(adults: int, children: int) -> None:
    who = Party(adults, children)
    rooms, sleeps = guide_stays.rooms_for(who), guide_stays.sleeps_of(who)
    assert sleeps <= rooms * 4
    assert rooms * 2 >= adults
    assert (rooms - 1) * 2 < adults or (rooms - 1) * 4 < adults + children


@given(adults=st.integers(1, 10), children=st.integers(0, 20))
def test_no_room_has_children_alone(adults: int, children: int) -> None:
    who = Party(adults, children)
    assert guide_stays.rooms_for(who) <= adults
    assert (guide_stays.sleeps_of(who) < who.size) == (children > 3 * adults)


def test_who_has_more_children_than_a_room_takes_beside_one_adult_is_offered_no_bed_for_all() -> None:
    offer = stays("kisumu", who=party(1, 5))["stay:kisumu:guest-house"]
    assert (offer.rooms, offer.sleeps) == (1, 4)


def test_the_youngest_need_no_bed_of_their_own() -> None:
    assert guide_stays.rooms_for(party(2, 3, ages=(1, 5, 8))) == 1
    assert guide_stays.rooms_for(party(2, 3, ages=(4, 5, 8))) == 2
    assert guide_stays.sleeps_of(party(1, 4, ages=(2, 4, 6, 8))) == 5


def test_every_band_of_the_guide_is_either_offered_or_left_out_on_purpose() -> None:
    printed = {row["what"] for row in csv.DictReader(io.StringIO(BANDS.decode()))}
    towns = ("nairobi", "mombasa", "mtwapa", "nyahururu")
    used = {offer_id.split(":")[2] for town in towns for offer_id in stays(town)}
    assert {what for what in printed if slug(what) not in used} == LEFT_OUT
