"""What is booked stays in the plan whatever the sources say, and is marked wherever a plan is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.bookable import find, queue, tag
from bot.booked import marked, with_booked
from bot.documents import pdf
from bot.documents.json import export
from bot.likeness import named
from bot.present.card import plan_card
from bot.present.words import written
from bot.screen import screen_of
from planner.checks import broken, verify
from planner.model import Offers, Stop
from storage.bookings import BookingRow
from tests.bot.test_rechecks import Chat, chat, flown
from tests.samples import mombasa

__all__ = ["chat"]  # the fixture is used by name
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def row(offer_id: str, paid_kes: int | None = None) -> dict[str, BookingRow]:
    return {offer_id: BookingRow(offer_id, "QJH7K2", paid_kes, None, NOW)}


def test_a_booked_flight_that_is_sold_out_since_is_kept_by_a_change(chat: Chat) -> None:
    plan = flown(chat)
    chat.say("booked the flight there, ref QJH7K2")
    chat.fares.offered = False
    said = chat.say("make it cheaper")
    now = chat.trip()
    assert now.version == plan.version + 1
    kept = [item.offer_id for item in now.items if item.provider == "duffel"]
    assert kept == [item.offer_id for item in plan.items if item.provider == "duffel"][:1]
    assert "not in this plan any more" not in said


def test_everything_that_is_booked_can_be_offered_again() -> None:
    plan = mombasa()
    ids = [item.offer_id for item in plan.items if item.type in ("train", "stay", "activity") and item.offer_id]
    request = replace(plan.request, stops=(Stop("mombasa"), Stop("nyali")))
    offers = with_booked(Offers(), plan, request, ids)
    found = [offer.id for pool in (offers.transports, offers.stays, offers.activities) for offer in pool]
    assert sorted(found) == sorted(set(ids))
    assert with_booked(offers, plan, request, ids) == offers


def test_what_is_booked_for_other_days_or_places_is_not_offered() -> None:
    plan = mombasa()
    ids = [item.offer_id for item in plan.items if item.offer_id]
    month = timedelta(days=30)
    later = replace(plan.request, start=plan.request.start + month, end=plan.request.end + month)
    elsewhere = replace(plan.request, stops=(Stop("naivasha"),))
    for request in (later, elsewhere):
        assert with_booked(Offers(), plan, request, ids) == Offers()


def test_the_card_ticks_what_is_booked_and_counts_what_is_not() -> None:
    booked = {**row("sgr:train-1", 3_200), **row("sgr:train-2")}
    card = written(plan_card(marked(mombasa(), booked), "en", share_url="https://s.example/t", now=NOW))
    assert "Still to book: 1 of 3." in card
    trains = [line for line in card.splitlines() if line.startswith("🚆")]
    assert [line.rsplit(")", 1)[1] for line in trains] == [" ✓ paid 3,200", " ✓"]
    assert "QJH7K2" not in card


def test_a_plan_without_bookings_is_shown_as_before() -> None:
    card = written(plan_card(marked(mombasa(), {}), "sw", share_url="https://s.example/t", now=NOW))
    assert "Bado kuhifadhi" not in card
    assert marked(mombasa(), {}) == mombasa()


@pytest.mark.parametrize(("lang", "word"), [("en", "Booked ✓"), ("sw", "Imehifadhiwa ✓")])
def test_paper_says_what_is_booked_and_never_the_reference(lang: str, word: str) -> None:
    plan = marked(mombasa(), row("sgr:train-1"))
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(plan, lang=lang))).pages)
    assert printed.count(word) == 1
    assert "QJH7K2" not in printed


def test_programs_are_told_what_is_booked() -> None:
    told = export(marked(mombasa(), row("sgr:train-1")))
    assert "QJH7K2" not in repr(told)
    days = told["days"]
    assert isinstance(days, list)
    assert [item["id"] for day in days for item in day["items"] if item["booked"]] == ["train-1"]


def test_marks_change_nothing_that_is_checked() -> None:
    plan = mombasa()
    assert broken(verify(marked(plan, row("sgr:train-1", 1)), plan.request)) == broken(verify(plan, plan.request))


def test_things_are_found_by_their_tag_in_the_order_in_which_they_sell_out() -> None:
    screen = screen_of(mombasa())
    assert [item.id for item in queue(screen)] == ["train-1", "train-2", "stay-1"]
    assert find(screen, tag("stay-1")) == screen.item("stay-1")
    assert find(screen, "") is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("MADARAKA EXPRESS", ["train-1", "train-2"]),
        ("KENYA RAILWAYS CORPORATION", ["train-1", "train-2"]),
        ("Nyali holiday homes ltd", ["stay-1"]),
        ("fort jesus museum", ["visit-1"]),
        ("NAIVAS SUPERMARKET", []),
        ("MOMBASA HOTEL LIMITED", []),
        ("", []),
    ],
)
def test_a_payee_is_matched_with_what_it_sells(words: str, found: list[str]) -> None:
    items = [item for item in screen_of(mombasa()).items if item.offer_id]
    assert [item.id for item in named(items, words)] == found
