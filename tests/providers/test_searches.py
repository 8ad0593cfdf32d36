"""The searches travellers make most, answered by the guide alone."""

from __future__ import annotations

from datetime import date

import pytest

from planner.model import ActivityOffer, Mode, StayOffer, TransferOffer, TransportOffer
from providers.base import Kind
from tests.providers.asking import FRIDAY, SUNDAY, ask, offered


def transports(kind: Kind, origin: str, destination: str, day: date = FRIDAY) -> list[TransportOffer]:
    return [o for o in offered(ask(kind, destination, day, origin=origin)) if isinstance(o, TransportOffer)]


@pytest.mark.parametrize(
    ("origin", "destination", "company"),
    [
        ("nairobi", "mombasa", "Tahmeed Coach"),
        ("mombasa", "nairobi", "Tahmeed Coach"),
        ("nairobi", "kisumu", "Easy Coach"),
        ("kisumu", "nairobi", "Easy Coach"),
        ("nairobi", "nakuru", "Molo Line (Mololine Services)"),
        ("nairobi", "eldoret", "Easy Coach"),
        ("nairobi", "kitale", "Easy Coach"),
        ("mombasa", "lamu", "Tawakal"),
    ],
)
def test_buses_run_between_the_big_towns(origin: str, destination: str, company: str) -> None:
    found = transports(Kind.BUSES, origin, destination)
    assert company in {offer.operator for offer in found}
    assert all(offer.price.kes > 0 for offer in found)


def test_three_trains_a_day_run_to_mombasa_in_three_classes() -> None:
    found = transports(Kind.TRAINS, "nairobi", "mombasa")
    assert sorted({f"{offer.depart:%H:%M}" for offer in found}) == ["08:00", "15:00", "22:00"]
    assert {offer.travel_class for offer in found} == {"economy", "first", "premium"}


@pytest.mark.parametrize(
    ("origin", "destination"), [("nairobi", "kisumu"), ("nairobi", "mombasa"), ("malindi", "nairobi")]
)
def test_flights_join_nairobi_with_the_lake_and_the_coast(origin: str, destination: str) -> None:
    found = transports(Kind.FLIGHTS, origin, destination)
    assert {offer.operator for offer in found} == {"Jambojet"}
    assert all(offer.times_assumed for offer in found)


@pytest.mark.parametrize("town", ["mombasa", "nakuru", "kisumu", "nairobi", "diani"])
def test_there_is_a_priced_bed_in_every_tourist_town(town: str) -> None:
    found = [o for o in offered(ask(Kind.HOTELS, town, FRIDAY, SUNDAY)) if isinstance(o, StayOffer)]
    assert len([offer for offer in found if offer.nightly is not None]) >= 3
    assert all(offer.booking_url and "checkin=2026-11-27&checkout=2026-11-29" in offer.booking_url for offer in found)


def rides(destination: str, start: str, end: str) -> list[TransferOffer]:
    query = ask(Kind.TRANSFERS, destination, origin_point=start, destination_point=end)
    return [offer for offer in offered(query) if isinstance(offer, TransferOffer)]


def test_a_taxi_from_jkia_to_the_centre_has_its_printed_floor() -> None:
    taxi = next(offer for offer in rides("nairobi", "JKIA", "CBD") if offer.mode is Mode.TAXI)
    assert (taxi.price.kes, str(taxi.price.basis)) == (600, "guide")
    assert "floor" in taxi.price.note


def test_a_taxi_from_jkia_to_westlands_is_an_estimate_that_says_so() -> None:
    taxi = next(offer for offer in rides("nairobi", "JKIA", "Westlands") if offer.mode is Mode.TAXI)
    assert taxi.destination.name == "Westlands"
    assert str(taxi.price.basis) == "estimate"
    assert "guessed" in taxi.price.note
    assert 1_000 <= taxi.price.kes <= 2_500


def test_events_in_nairobi_are_dated_by_rule_or_only_hinted_at() -> None:
    found = [
        o
        for o in offered(ask(Kind.EVENTS, "nairobi", date(2026, 11, 1), date(2026, 11, 30)))
        if isinstance(o, ActivityOffer)
    ]
    dated = {offer.name: [start.date() for start, _ in offer.sessions] for offer in found if offer.sessions}
    assert dated == {"Safari Sevens rugby": [date(2026, 11, 7), date(2026, 11, 8)]}
    assert "Blankets & Wine" in {offer.name for offer in found if not offer.sessions}


def test_no_bus_fare_is_known_to_the_mara_so_none_is_offered() -> None:
    assert transports(Kind.BUSES, "nairobi", "maasai-mara") == []
