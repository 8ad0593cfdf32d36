"""The calendar of a trip: strict, stable, updated in place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.documents import ics
from planner.model import Itinerary
from tests import samples
from tests.bot.documents.strict_ics import NotStrict, Part, read

SHARE = "https://safiri.example/t/abc"


def events(plan: Itinerary, lang: str = "en") -> dict[str, Part]:
    calendar = read(ics.render(plan, lang=lang, share_url=SHARE))
    return {part.value("UID"): part for part in calendar.parts if part.name == "VEVENT"}


@pytest.mark.parametrize("plan", [samples.mombasa(), samples.fortnight(), samples.no_budget()])
@pytest.mark.parametrize("lang", ["en", "sw"])
def test_a_strict_reader_finds_one_event_for_every_item(plan: Itinerary, lang: str) -> None:
    assert set(events(plan, lang)) == {f"{item.id}@{plan.id}" for item in plan.items}


def test_nights_at_home_are_no_events() -> None:
    plan = samples.at_home()
    assert set(events(plan)) == {f"{item.id}@{plan.id}" for item in plan.items if item.reason != "home"}


def test_an_independent_library_reads_the_same_moments() -> None:
    plan = samples.mombasa()
    calendar = Calendar.from_ical(ics.render(plan, lang="en"))
    found = {(str(event["UID"]), event.start, event.end) for event in calendar.walk("VEVENT")}
    assert found == {(f"{item.id}@{plan.id}", item.start, item.end) for item in plan.items}


def test_the_same_version_gives_the_same_bytes() -> None:
    assert ics.render(samples.mombasa(), lang="en") == ics.render(samples.mombasa(), lang="en")


def test_a_later_version_keeps_the_ids_and_raises_the_sequence() -> None:
    plan = samples.mombasa()
    before, after = events(plan), events(replace(plan, version=plan.version + 1))
    assert before.keys() == after.keys()
    assert {event.value("SEQUENCE") for event in before.values()} == {"1"}
    assert {event.value("SEQUENCE") for event in after.values()} == {"2"}


def test_the_zone_is_nairobi_without_a_comment_and_there_is_no_method() -> None:
    calendar = read(ics.render(samples.mombasa(), lang="en"))
    (zone,) = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    assert zone.value("TZID") == "Africa/Nairobi"
    assert "COMMENT" not in zone.properties
    assert "METHOD" not in calendar.properties


def test_a_train_tells_where_to_be_what_it_costs_and_where_to_book() -> None:
    train = events(samples.mombasa())["train-1@k7Qm2xPa"]
    assert train.properties["DTSTART"][0] == ({"TZID": "Africa/Nairobi"}, "20261127T080000")
    assert train.text("LOCATION") == "Nairobi Terminus"
    assert train.value("GEO") == "-1.3607;36.9133"
    assert train.value("URL") == samples.SGR_URL
    assert train.value("TRANSP") == "OPAQUE"
    assert "KES 3,000 (tariff Jan 2024)" in train.text("DESCRIPTION")
    assert f"Booking: {samples.SGR_URL}" in train.text("DESCRIPTION")


def test_stays_and_meals_leave_the_traveller_free() -> None:
    found = events(samples.mombasa())
    stay = found["stay-1@k7Qm2xPa"]
    assert (stay.value("DTSTART"), stay.value("DTEND")) == ("20261127T140000", "20261129T100000")
    assert stay.value("TRANSP") == "TRANSPARENT"
    assert found["meals-1127@k7Qm2xPa"].value("TRANSP") == "TRANSPARENT"


def test_a_departure_without_a_timetable_is_tentative() -> None:
    found = events(samples.fortnight())
    assert found["leg-0@Zz81aBcd"].value("STATUS") == "TENTATIVE"
    assert "Times to be confirmed" in found["leg-0@Zz81aBcd"].text("DESCRIPTION")


def test_what_is_booked_is_confirmed_and_all_else_tentative() -> None:
    plan = samples.mombasa()
    first, *others = plan.days
    booked = replace(first, items=tuple(replace(item, booked=item.id == "train-1") for item in first.items))
    found = events(replace(plan, days=(booked, *others)))
    confirmed = [uid for uid, event in found.items() if event.value("STATUS") == "CONFIRMED"]
    assert confirmed == ["train-1@k7Qm2xPa"]
    assert {event.value("STATUS") for event in found.values()} == {"CONFIRMED", "TENTATIVE"}


def test_an_item_without_a_booking_page_leads_to_the_shared_plan() -> None:
    assert events(samples.mombasa())["visit-1@k7Qm2xPa"].value("URL") == SHARE


@given(st.text(max_size=300))
def test_no_title_or_note_can_break_the_file(words: str) -> None:
    plan = samples.mombasa()
    item = replace(plan.days[0].items[0], title=words, notes=(words,))
    day = replace(plan.days[0], items=(item,))
    (event,) = events(replace(plan, title=words, days=(day,))).values()
    assert event.text("SUMMARY").startswith("Taxi:")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"\r\n", b"\n", "CRLF"),
        (b"DTSTAMP:20261123T070400Z", b"DTSTAMP:20261123T070400", "UTC"),
        (b"TRANSP:OPAQUE", b"TRANSP:BUSY", "TRANSP"),
        (b"END:VTIMEZONE", b"COMMENT:x\r\nEND:VTIMEZONE", "COMMENT"),
        (b"SUMMARY:", b"SUMMARY:a;b", "unescaped"),
        (b"UID:ride-1@", b"UID:ride-2@", "share a UID"),
        (b"TZID:Africa/Nairobi", b"TZID:Elsewhere", "unknown zone"),
    ],
)
def test_the_strict_reader_refuses_what_is_wrong(old: bytes, new: bytes, problem: str) -> None:
    broken = ics.render(samples.mombasa(), lang="en").replace(old, new)
    with pytest.raises(NotStrict, match=problem):
        read(broken)
