"""The PDF of a trip: small, complete, clickable, the same every time, and nothing outside of the paper."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from bot.documents import pdf
from bot.documents.sheet import BOLD, BOTTOM, LEFT, REGULAR, RIGHT, TOP, load_fonts, width, wrap
from planner.model import ItemType, Itinerary
from tests import samples

SHARE = "https://safiri.example/t/AbCdEf123456789xyz"
PLANS = [samples.mombasa(), samples.fortnight(), samples.no_budget(), samples.over_budget()]


def opened(plan: Itinerary, lang: str = "en", share_url: str | None = SHARE) -> PdfReader:
    return PdfReader(BytesIO(pdf.render(plan, lang=lang, share_url=share_url)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def links(reader: PdfReader) -> list[tuple[str, str]]:
    """Address and description of every link."""
    annotations = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    return [(note["/A"]["/URI"], note["/Contents"]) for note in annotations if note["/Subtype"] == "/Link"]


def runs(page: PageObject) -> list[tuple[float, float, float, str]]:
    """Every piece of text on a page: left end, right end, base line, words."""
    found: list[tuple[float, float, float, str]] = []

    def note(text: str, cm: list[float], tm: list[float], font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font:
            x, y = cm[4] + tm[4], cm[5] + tm[5]
            found.append((x, x + width(text.strip(), size, BOLD if "Bold" in font["/BaseFont"] else REGULAR), y, text))

    page.extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("lang", ["en", "sw"])
def test_it_is_small_and_says_every_title_and_time(plan: Itinerary, lang: str) -> None:
    content = pdf.render(plan, lang=lang, share_url=SHARE)
    said = words(PdfReader(BytesIO(content)))
    assert len(content) < 200_000
    for item in plan.items:
        if item.type is ItemType.MEAL:
            continue
        ride = item.type is ItemType.TRANSFER and item.destination
        assert (item.destination.name if ride else item.title) in said
        assert f"{item.start:%H:%M}" in said
    assert f"KES {plan.total_kes:,}" in said


@pytest.mark.parametrize("plan", PLANS)
def test_it_takes_at_most_one_page_for_two_days_and_one_more(plan: Itinerary) -> None:
    assert len(opened(plan).pages) <= -(-len(plan.days) // 2) + 1


def test_three_days_fit_one_sheet_of_paper() -> None:
    assert len(opened(samples.mombasa()).pages) == 2


def test_the_same_trip_gives_the_same_bytes() -> None:
    first, again = (pdf.render(samples.mombasa(), lang="en", share_url=SHARE) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("lang", ["en", "sw"])
def test_nothing_is_written_outside_of_the_margins(plan: Itinerary, lang: str) -> None:
    for page in opened(plan, lang).pages:
        written = runs(page)
        assert written
        for left, right, y, text in written:
            assert left >= LEFT - 0.1, text
            assert right <= RIGHT + 0.6, text
            assert 30 <= y <= TOP + 1, text


def test_bookings_the_plan_online_and_sources_can_be_clicked() -> None:
    found = links(opened(samples.mombasa()))
    assert (samples.SGR_URL, "Book: metickets.krc.co.ke") in found
    assert (SHARE, SHARE) in found
    assert samples.TARIFF_URL in {url for url, _ in found}


def test_a_local_ride_takes_one_line_with_its_booking_link() -> None:
    plan = samples.mombasa()
    item = replace(plan.days[0].items[0], booking_url="https://m.uber.com/ul/")
    reader = opened(replace(plan, days=(replace(plan.days[0], items=(item,)),)), share_url=None)
    assert "Taxi to Nairobi Terminus" in words(reader)
    assert ("https://m.uber.com/ul/", "Book") in links(reader)


def test_a_long_ride_is_told_in_full() -> None:
    plan = samples.mombasa()
    ride = samples.ride("far", samples.at(samples.FRIDAY, 9), 240, samples.NAIROBI, samples.MIRITINI, 9_000)
    ride = replace(ride, times_assumed=True)
    said = words(opened(replace(plan, days=(replace(plan.days[0], items=(ride,)),))))
    assert "Taxi: Nairobi CBD → Mombasa Terminus" in said
    assert "Times to be confirmed" in said


def test_without_a_shared_page_there_is_no_invitation_to_scan() -> None:
    reader = opened(samples.mombasa(), share_url=None)
    assert "This plan online" not in words(reader)
    assert "Prices are for the whole party." in words(reader)


def test_title_language_and_outline_are_set() -> None:
    reader = opened(samples.mombasa(), "sw")
    assert reader.metadata is not None
    assert reader.metadata.title == "Mombasa, 3 days"
    assert reader.trailer["/Root"]["/Lang"] == "sw"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [entry.title for entry in reader.outline] == [
        "Muhtasari",
        "Siku ya 1 · Ijumaa 27 Nov · Nyali",
        "Siku ya 2 · Jumamosi 28 Nov · Nyali",
        "Siku ya 3 · Jumapili 29 Nov · Nairobi",
    ]


def test_an_entry_of_the_outline_leads_to_the_page_of_its_day() -> None:
    reader = opened(samples.fortnight())
    for entry in reader.outline:
        number = reader.get_destination_page_number(entry)
        assert number is not None
        heading = entry.title.split(" · ")[1] if " · " in entry.title else "Safiri"
        assert heading in reader.pages[number].extract_text().splitlines()


def test_pages_are_numbered_with_their_total() -> None:
    pages = opened(samples.fortnight()).pages
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page.extract_text()


def test_every_font_is_embedded() -> None:
    fonts = [
        font.get_object() for page in opened(samples.mombasa()).pages for font in page["/Resources"]["/Font"].values()
    ]
    assert {font["/BaseFont"].split("+")[-1] for font in fonts} == {"DejaVuSans", "DejaVuSans-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_summary_tells_what_is_checked_and_what_is_not() -> None:
    said = words(opened(samples.mombasa()))
    assert "All 6 checks passed" in said
    assert "2 costs are not known and not in the total" in said
    assert "fee not known" in said
    assert "tariff Jan 2024" in said
    assert "KES 100 more per person, 2 h longer" in said


def test_a_trip_over_budget_is_not_called_checked() -> None:
    said = words(opened(samples.over_budget()))
    assert "1 of 6 checks failed" in said
    assert "KES 7,980 over budget" in said


def test_a_link_that_is_not_a_web_page_is_left_out() -> None:
    plan = samples.mombasa()
    item = replace(plan.days[0].items[2], booking_url="javascript:alert(1)")
    day = replace(plan.days[0], items=(item,))
    assert [url for url, _ in links(opened(replace(plan, days=(day,)), share_url=None))] == [samples.TARIFF_URL]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400))
def test_any_title_and_note_can_be_printed(text: str) -> None:
    plan = samples.mombasa()
    item = replace(plan.days[0].items[2], title=text, notes=(text,))
    days = (replace(plan.days[0], items=(item,)), *plan.days[1:])
    assert pdf.render(replace(plan, title=text, days=days), lang="en").startswith(b"%PDF-")


@given(st.text(max_size=200), st.floats(min_value=20, max_value=400))
def test_wrapped_lines_fit_their_column(text: str, room: float) -> None:
    load_fonts()
    lines = wrap(text, room, 9, most=4)
    assert len(lines) <= 4
    assert all(width(line, 9) <= room + 0.01 for line in lines)


def test_the_writing_area_lies_on_the_paper() -> None:
    assert 0 < LEFT < RIGHT < 595
    assert 44 < BOTTOM < TOP < 842


def test_the_basis_of_a_ride_never_runs_into_its_title() -> None:
    plan = samples.mombasa()
    day = plan.days[0]
    ride = day.items[0]
    assert ride.price is not None
    assert ride.destination is not None
    far = replace(ride.destination, name="Moi International Airport Mombasa, arrivals hall, meeting point by the gate")
    long = replace(ride, destination=far, price=replace(ride.price, sample=True))
    reader = opened(replace(plan, days=(replace(day, items=(long,)),)), "en", None)
    found = [run for page in reader.pages for run in runs(page)]
    (basis,) = [run for run in found if run[3].strip() == "sample, not a real price"]
    beside = [run for run in found if abs(run[2] - basis[2]) < 2 and run[0] < basis[0]]
    assert beside
    assert max(end for _, end, _, _ in beside) < basis[0]
