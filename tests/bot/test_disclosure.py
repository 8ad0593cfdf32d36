"""Who is paid for a hotel link says so beside it, wherever it is shown; nobody else's link does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from bot.documents import ics, pdf
from bot.documents import text as as_text
from bot.present.answers import search_answer
from bot.present.booking import booking
from bot.present.words import written
from bot.tasks import SearchTask
from planner.model import Day, ItemType, Itinerary, Party
from providers.base import Kind
from providers.gazetteer import load
from providers.guidebook import table
from providers.hotel_links import hotel_search
from providers.sources import guide_stays
from tests.providers.asking import ask
from tests.samples import mombasa

IN, OUT = date(2026, 11, 27), date(2026, 11, 29)
DIRECT = {"BOOKING_AID": "1234567"}
AWIN = {"BOOKING_AWIN_MID": "6776", "BOOKING_AWIN_AFFID": "999999"}
CJ = {"BOOKING_CJ_PID": "11", "BOOKING_CJ_AID": "22"}
SAID = {"en": "(affiliate link)", "sw": "(kiungo cha kamisheni)"}
NAKED = {lang: words.strip("()") for lang, words in SAID.items()}
each_way = pytest.mark.parametrize("keys", [DIRECT, AWIN, CJ], ids=["direct", "awin", "cj"])
each_language = pytest.mark.parametrize("lang", ["en", "sw"])


def shortened(url: str, about: str) -> str:
    return f"https://s.example/{about}"


def trip(keys: dict[str, str]) -> Itinerary:
    """The sample trip with its bed linked as these settings say."""
    plan, url = mombasa(), hotel_search("Nyali, Kenya", IN, OUT, Party(2), keys)

    def linked(day: Day) -> Day:
        items = (replace(item, booking_url=url) if item.type is ItemType.STAY else item for item in day.items)
        return replace(day, items=tuple(items))

    return replace(plan, days=tuple(linked(day) for day in plan.days))


def found(keys: dict[str, str], lang: str) -> str:
    """The answer to a search for hotels."""
    query = ask(Kind.HOTELS, "nakuru", IN, OUT)
    offers = guide_stays.parse(table("hotel_price_bands.csv"), table("hotels.csv"), query, keys=keys)
    task = SearchTask(Kind.HOTELS, "nakuru", IN, OUT, Party(2), lang=lang)
    return written(search_answer(task, offers, (), link=shortened, gazetteer=load()))


@each_way
@each_language
def test_every_hotel_of_an_answer_says_it_beside_its_shortened_link(keys: dict[str, str], lang: str) -> None:
    lines = [line for line in found(keys, lang).splitlines() if "https://s.example/" in line]
    assert lines
    assert all(line.endswith(SAID[lang]) for line in lines)
    assert NAKED[lang] not in found({}, lang)


@each_way
@each_language
def test_booking_says_it_of_the_hotel_alone(keys: dict[str, str], lang: str) -> None:
    items = [item for item in trip(keys).items if item.booking_url]
    said = {item.type: written(booking(trip(keys), lang, link=shortened, item_id=item.id)) for item in items}
    assert [kind for kind, words in said.items() if SAID[lang] in words] == [ItemType.STAY]
    assert "Holiday home in Nyali" in said[ItemType.STAY]
    bed = next(item for item in items if item.type is ItemType.STAY)
    assert NAKED[lang] not in written(booking(trip({}), lang, link=shortened, item_id=bed.id))


@each_way
@each_language
def test_the_documents_say_it_and_name_the_site_that_sells(keys: dict[str, str], lang: str) -> None:
    plan = trip(keys)
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(plan, lang=lang))).pages)
    assert f"booking.com {SAID[lang]}" in " ".join(printed.split())
    assert as_text.render(plan, lang).count(SAID[lang]) == 1
    calendar = Calendar.from_ical(ics.render(plan, lang=lang))
    assert [SAID[lang] in str(event["description"]) for event in calendar.walk("VEVENT")].count(True) == 1


@each_language
def test_no_document_says_it_of_a_plain_link(lang: str) -> None:
    plan = trip({})
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(plan, lang=lang))).pages)
    assert NAKED[lang] not in " ".join(printed.split())
    assert NAKED[lang] not in as_text.render(plan, lang)
