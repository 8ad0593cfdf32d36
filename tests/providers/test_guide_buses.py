"""Coaches and matatus: fares of a range, published clock times, slots where there are none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.model import Mode, TransportOffer
from providers.base import Kind
from providers.gazetteer import load
from providers.guidebook import table
from providers.sources import guide_buses
from tests.providers.asking import ask, party

ROUTES, ROADS = table("bus_routes.csv"), table("intercity.csv")


def buses(origin: str, destination: str) -> list[TransportOffer]:
    return guide_buses.parse(ROUTES, ROADS, ask(Kind.BUSES, destination, origin=origin))


def table_of(*routes: Mapping[str, str]) -> bytes:
    """A table of routes like the guide's."""
    header = ROUTES.decode().splitlines()[0]
    always = {
        "both_ways": "1", "status": "seen", "source_url": "https://example.org/x", "as_of_precision": "undated",
        "quality": "C",
    }  # fmt: skip
    rows = [",".join((dict.fromkeys(header.split(","), "") | always | route).values()) for route in routes]
    return "\n".join([header, *rows]).encode()


def by(company: str, offers: list[TransportOffer]) -> list[TransportOffer]:
    return [offer for offer in offers if offer.operator.startswith(company)]


def test_the_high_end_of_a_range_is_planned_with_for_the_whole_party() -> None:
    price = by("Easy Coach", buses("nairobi", "kisumu"))[0].price
    assert (price.kes, price.low_kes, price.high_kes) == (4_000, 2_800, 4_000)
    assert "floor" in price.note


def test_without_clock_times_there_are_slots_that_say_so() -> None:
    found = by("Easy Coach", buses("nairobi", "kisumu"))
    assert [f"{offer.depart:%H:%M}" for offer in found] == ["07:30", "12:00", "21:00"]
    assert all(offer.times_assumed for offer in found)
    assert all("Departure times are not published; ask the company" in offer.notes for offer in found)
    assert found[0].minutes == 420
    assert (found[2].arrive.date() - found[2].depart.date()).days == 1


def test_short_rides_have_no_night_slot() -> None:
    found = by("Molo Line", buses("nairobi", "nakuru"))
    assert [f"{offer.depart:%H:%M}" for offer in found] == ["07:30", "12:00", "16:00"]
    assert {offer.mode for offer in found} == {Mode.MATATU}


def test_published_clock_times_are_kept() -> None:
    found = by("Easy Coach", buses("kitale", "nairobi"))
    assert [f"{offer.depart:%H:%M}" for offer in found] == ["08:30", "20:00"]
    assert not any(offer.times_assumed for offer in found)
    assert found[0].price.kes == 3_400, "the fare is the newest of the company, not the one beside the times"


def test_a_time_from_a_trip_report_stays_an_assumption() -> None:
    found = by("Dreamline", buses("nairobi", "mombasa"))
    assert [f"{offer.depart:%H:%M}" for offer in found] == ["10:00", "13:00"]
    assert all(offer.times_assumed for offer in found)
    assert all("The company's own fare is not known; this is the range of the route" in offer.notes for offer in found)
    assert found[0].price.kes == 6_000


def test_a_fare_printed_for_the_other_direction_serves_where_there_is_no_own_one() -> None:
    (offer, *_) = by("Tawakal", buses("lamu", "mombasa"))
    assert offer.price.kes == by("Tawakal", buses("mombasa", "lamu"))[0].price.kes
    assert "The fare is the one printed for the other direction" in offer.notes


def test_a_one_way_row_does_not_run_back() -> None:
    assert by("Easy Coach", buses("nairobi", "narok"))
    assert by("Easy Coach", buses("narok", "kisii")) == []


def test_a_company_without_any_fare_is_only_named() -> None:
    query = ask(Kind.BUSES, "malindi", origin="nairobi")
    assert guide_buses.parse(ROUTES, ROADS, query) == []
    assert [operator.name for operator in guide_buses.operators(query)] == ["Dreamline Express"]


def test_a_company_is_named_with_its_site_and_terminal() -> None:
    named = {
        operator.name: operator for operator in guide_buses.operators(ask(Kind.BUSES, "kampala", origin="nairobi"))
    }
    assert named["Easy Coach"].url == "https://easycoachkenya.com"
    assert named["Easy Coach"].terminal == "Easy Coach terminus, Haile Selassie Avenue, Nairobi"


def test_companies_are_named_once_and_in_order() -> None:
    names = [operator.name for operator in guide_buses.operators(ask(Kind.BUSES, "kampala", origin="nairobi"))]
    assert names == ["Dreamline Express", "Easy Coach", "Tahmeed Coach"]


def test_what_several_rows_say_of_a_company_is_brought_together() -> None:
    body = table_of(
        {"operator": "Zebra Coach", "origin": "nairobi", "destination": "lodwar"},
        {"operator": "acacia line", "origin": "nairobi", "destination": "lodwar"},
        {"operator": "Zebra Coach", "origin": "nairobi", "destination": "lodwar", "terminal_origin": "Tea Room"},
        {
            "operator": "Zebra Coach",
            "origin": "nairobi",
            "destination": "kitale",
            "booking_url": "https://zebra.example",
        },
        {"operator": "(bus)", "origin": "nairobi", "destination": "lodwar"},
    )
    acacia, zebra = guide_buses.operators(ask(Kind.BUSES, "lodwar", origin="nairobi"), body)
    assert (acacia.name, acacia.url, acacia.terminal) == ("acacia line", None, "")
    assert (zebra.name, zebra.url, zebra.terminal) == ("Zebra Coach", "https://zebra.example", "Tea Room")


def test_no_company_is_named_with_a_telephone_number() -> None:
    towns = [town.slug for town in load().places]
    named = [
        operator
        for origin in ("nairobi", "mombasa", "kisumu")
        for town in towns
        if town != origin
        for operator in guide_buses.operators(ask(Kind.BUSES, town, origin=origin))
    ]
    assert len(named) > 10
    assert not [
        operator for operator in named if re.search(r"\+?\d[\d ]{7,}\d", f"{operator.note} {operator.terminal}")
    ]


def test_a_fare_in_dollars_is_not_turned_into_shillings() -> None:
    query = ask(Kind.BUSES, "arusha", origin="nairobi")
    assert guide_buses.parse(ROUTES, ROADS, query) == []
    assert "Riverside Shuttle" in {operator.name for operator in guide_buses.operators(query)}


def test_modern_coast_is_neither_offered_nor_named() -> None:
    for town in ("kampala", "kigali", "mombasa"):
        query = ask(Kind.BUSES, town, origin="nairobi")
        names = [o.operator for o in guide_buses.parse(ROUTES, ROADS, query)]
        names += [operator.name for operator in guide_buses.operators(query)]
        assert not any("modern" in name.casefold() for name in names)


def test_even_a_running_row_of_modern_coast_is_refused() -> None:
    ends = {"origin": "nairobi", "destination": "mombasa"}
    body = table_of({"operator": "Modern Coast", **ends, "fare_kes_low": "1500", "fare_kes_high": "2000"})
    assert guide_buses.parse(body, ROADS, ask(Kind.BUSES, "mombasa", origin="nairobi")) == []
    allowed = body.replace(b"Modern Coast", b"Modest Coach")
    assert len(guide_buses.parse(allowed, ROADS, ask(Kind.BUSES, "mombasa", origin="nairobi"))) == 3


def test_the_bus_to_lamu_ends_at_the_jetty() -> None:
    offer = buses("mombasa", "lamu")[0]
    assert offer.destination.name == "Mokowe jetty"
    assert f"{offer.depart:%H:%M}" == "07:00"


def test_everybody_takes_a_seat() -> None:
    alone = guide_buses.parse(ROUTES, ROADS, ask(Kind.BUSES, "nakuru", origin="nairobi", who=party(1)))
    family = guide_buses.parse(ROUTES, ROADS, ask(Kind.BUSES, "nakuru", origin="nairobi", who=party(2, 3)))
    assert [offer.price.kes * 5 for offer in alone] == [offer.price.kes for offer in family]


def test_a_company_without_a_site_is_looked_for_on_buupass_and_a_matatu_nowhere() -> None:
    dreamline, matatu = by("Dreamline", buses("nairobi", "mombasa"))[0], by("Matatu", buses("nairobi", "naivasha"))[0]
    assert dreamline.booking_url == "https://buupass.com/"
    assert any("BuuPass" in note and "not confirmed" in note for note in dreamline.notes)
    assert by("Easy Coach", buses("nairobi", "kisumu"))[0].booking_url == "https://easycoachkenya.com"
    assert matatu.booking_url is None
