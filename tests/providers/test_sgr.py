"""Trains: timetable, fares by stretch and class, children, stops on the way."""

from __future__ import annotations

from datetime import date

import pytest

from planner.model import Party, Precision, SpotKind, TransportOffer
from providers.base import Kind, ProviderError
from providers.guidebook import table
from providers.sources import sgr
from tests.providers.asking import FRIDAY, ask, party

TIMETABLE, TARIFF = table("sgr.csv"), table("sgr_fares.csv")


def trains(origin: str, destination: str, day: date = FRIDAY, who: Party | None = None) -> list[TransportOffer]:
    return sgr.parse(TIMETABLE, TARIFF, ask(Kind.TRAINS, destination, day, origin=origin, who=who or party()))


def clocks(offers: list[TransportOffer]) -> list[str]:
    return [f"{o.depart:%H:%M}-{o.arrive:%H:%M}" for o in offers if o.travel_class == "economy"]


def test_the_morning_train_to_mombasa_as_printed() -> None:
    offer = trains("nairobi", "mombasa")[0]
    assert f"{offer.depart:%Y-%m-%d %H:%M %z}" == "2026-11-27 08:00 +0300"
    assert f"{offer.arrive:%H:%M}" == "14:00"
    assert (offer.travel_class, offer.price.kes, offer.times_assumed) == ("economy", 3_000, False)
    assert (offer.price.seen_at, offer.price.precision) == (date(2024, 1, 1), Precision.DAY)
    assert offer.price.source == "nairobinews.nation.africa"
    assert (offer.origin.place, offer.origin.kind) == ("nairobi", SpotKind.STATION)
    assert offer.destination.name == "Mombasa Terminus (Miritini)"
    assert offer.booking_url == "https://metickets.krc.co.ke/"
    assert offer.check_in_minutes == 60


def test_the_night_train_arrives_the_next_day() -> None:
    night = next(offer for offer in trains("mombasa", "nairobi") if offer.depart.hour == 22)
    assert night.arrive.date() == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("who", "economy", "first"),
    [
        (party(1), 1_500, 4_500),
        (party(2, 1, ages=(9,)), 3_750, 11_250),
        (party(2, 1, ages=(2,)), 3_000, 9_000),
        (party(2, 1, ages=(12,)), 4_500, 13_500),
        (party(2, 2), 4_500, 13_500),
    ],
    ids=["alone", "child of 9", "baby", "child of 12", "ages not told"],
)
def test_children_pay_by_age(who: Party, economy: int, first: int) -> None:
    found = {offer.travel_class: offer.price.kes for offer in trains("nairobi", "mombasa", who=who)}
    assert (found["economy"], found["first"]) == (economy, first)


def test_a_published_stop_has_its_printed_time_and_others_are_reckoned() -> None:
    found = [offer for offer in trains("nairobi", "voi") if offer.travel_class == "economy"]
    assert clocks(found) == ["08:00-12:10", "15:00-18:48", "22:00-02:05"]
    assert [offer.times_assumed for offer in found] == [True, False, False]
    assert [offer.price.kes for offer in found] == [2_100] * 3


def test_a_night_train_calls_after_midnight_on_the_day_asked_for() -> None:
    found = [offer for offer in trains("voi", "mombasa") if offer.travel_class == "economy"]
    assert clocks(found) == ["02:08-03:35", "12:10-14:00", "18:53-20:30"]
    assert {offer.depart.date() for offer in found} == {FRIDAY}


def test_a_beach_is_reached_by_its_nearest_terminus() -> None:
    offer = trains("nairobi", "diani")[0]
    assert offer.destination.place == "mombasa"
    assert "Mombasa Terminus is the station for Diani" in offer.notes


def test_a_fare_of_a_booking_site_is_marked_unconfirmed() -> None:
    assert any("not confirmed" in note for note in trains("nairobi", "voi")[0].notes)
    assert not any("not confirmed" in note for note in trains("nairobi", "mombasa")[0].notes)


def test_safari_trains_run_on_their_days_only() -> None:
    friday, saturday, sunday = (trains("nairobi", "kisumu", date(2026, 11, day)) for day in (27, 28, 29))
    assert [offer.price.kes for offer in friday] == [1_200, 4_000]
    assert saturday == sunday == []
    assert len(trains("kisumu", "nairobi", date(2026, 11, 29))) == 2
    assert all(any("50%" in note for note in offer.notes) for offer in friday)


def test_a_train_without_a_timetable_is_not_offered() -> None:
    assert trains("nairobi", "naivasha", date(2026, 11, 28)) == []


def test_a_timetable_of_another_shape_is_a_provider_error() -> None:
    with pytest.raises(ProviderError, match="line 2") as caught:
        sgr.parse(TIMETABLE.replace(b"08:00", b"eight", 1), TARIFF, ask(Kind.TRAINS, "mombasa", origin="nairobi"))
    assert caught.value.permanent


def test_the_rules_of_the_railway_are_told_and_large_groups_that_they_book_in_parts() -> None:
    ten, eleven = trains("nairobi", "mombasa", who=party(10))[0], trains("nairobi", "mombasa", who=party(11))[0]
    assert any("60 days ahead" in note for note in ten.notes)
    assert not any("at most 10 people" in note for note in ten.notes)
    assert "A booking takes at most 10 people: book several times" in eleven.notes


def test_nothing_is_said_of_how_to_book_that_has_no_source() -> None:
    for offer in trains("nairobi", "mombasa") + trains("mombasa", "nairobi"):
        assert "*639#" not in " ".join(offer.notes)
        assert offer.booking_url in (None, "https://metickets.krc.co.ke/")
