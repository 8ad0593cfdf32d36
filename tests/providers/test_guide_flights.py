"""Flights: newest fare on ordinary days, the dearest in the festive peak, and how long they fly."""

from __future__ import annotations

from datetime import date

from planner.model import SpotKind, TransportOffer
from providers.base import Kind
from providers.guidebook import table
from providers.sources import guide_flights
from tests.providers.asking import FRIDAY, ask, party

FLIGHTS, AIRPORTS = table("flights.csv"), table("airports.csv")


def flights(origin: str, destination: str, day: date = FRIDAY, adults: int = 1) -> list[TransportOffer]:
    return guide_flights.parse(FLIGHTS, AIRPORTS, ask(Kind.FLIGHTS, destination, day, origin=origin, who=party(adults)))


def test_an_ordinary_day_has_the_newest_fare_and_the_peak_the_dearest() -> None:
    ordinary, peak = flights("nairobi", "mombasa")[0], flights("nairobi", "mombasa", date(2026, 12, 23))[0]
    assert (ordinary.price.kes, ordinary.price.seen_at) == (8_100, date(2022, 12, 13))
    assert (peak.price.kes, peak.price.seen_at) == (12_000, date(2021, 12, 15))


def test_slots_stand_in_for_unknown_times() -> None:
    found = flights("nairobi", "kisumu", adults=2)
    assert [f"{offer.depart:%H:%M}" for offer in found] == ["09:00", "17:00"]
    assert all(offer.times_assumed for offer in found)
    assert found[0].price.kes == 25_600
    assert (found[0].origin.id, found[0].destination.id) == ("airport:NBO", "airport:KIS")
    assert found[0].origin.kind is SpotKind.AIRPORT


def test_a_published_flight_runs_on_its_days_at_its_time() -> None:
    friday, saturday = flights("mombasa", "kisumu"), flights("mombasa", "kisumu", date(2026, 11, 28))
    assert [f"{o.depart:%H:%M}-{o.arrive:%H:%M}" for o in friday] == ["13:15-15:55"]
    assert not friday[0].times_assumed
    assert saturday == []


def test_the_way_back_uses_the_fare_of_the_way_there_and_says_so() -> None:
    back = flights("malindi", "nairobi")[0]
    assert back.price.kes == 11_100
    assert "The fare was printed for the other direction" in back.notes
    assert back.minutes == 90


def test_a_flight_in_a_town_without_one_uses_the_nearest_airport() -> None:
    found = flights("nairobi", "watamu")
    assert {offer.destination.id for offer in found} == {"airport:MYD"}
    assert all("Malindi Airport is the airport for Watamu" in offer.notes for offer in found)


def test_an_airport_a_day_away_is_not_the_airport_of_a_town() -> None:
    assert flights("nairobi", "voi") == []


def test_the_link_opens_a_search_of_that_day() -> None:
    url = flights("nairobi", "mombasa", adults=2)[0].booking_url or ""
    assert url.startswith("https://www.skyscanner.net/transport/flights/nbo/mba/261127/?adultsv2=2")


def test_airlines_without_a_known_fare_are_named() -> None:
    names = {operator.name for operator in guide_flights.operators(ask(Kind.FLIGHTS, "diani", origin="nairobi"))}
    assert names == {"Jambojet", "Skyward Express", "Safarilink"}
    assert flights("nairobi", "diani") == []
    assert guide_flights.operators(ask(Kind.FLIGHTS, "wajir", origin="nairobi")) == []
