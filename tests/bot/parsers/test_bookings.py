"""What people say about booking, and what payment and ticket services send, is read without any model."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import NAIROBI
from bot.intents import BookingStep, Receipt
from bot.parsers.bookings import Heard, heard, pasted, typed
from planner.model import ItemType

MORNING = datetime(2026, 11, 24, 9, 41, tzinfo=NAIROBI)
SENT = (
    "SJK4H5T6GD Confirmed. Ksh1,510.00 sent to MADARAKA EXPRESS for account 123 on 24/11/26 at 9:41 AM. New M-PESA "
    "balance is Ksh2,345.00. Transaction cost, Ksh0.00. Amount you can transact within the day is 498,490.00."
)


def read(text: str) -> Heard:
    found = heard(text)
    assert found is not None
    return found


# -- M-Pesa


@pytest.mark.parametrize(
    ("text", "kes", "payee"),
    [
        (SENT, 1_510, "MADARAKA EXPRESS"),
        (
            "SJK4H5T6GD Confirmed. Ksh1,500.00 paid to EASY COACH. on 24/11/26 at 9:41 AM.New M-PESA",
            1_500,
            "EASY COACH",
        ),
        ("SJK4H5T6GD Imethibitishwa. Ksh1,510.00 imelipwa kwa TAHMEED tarehe 24/11/26 saa 9:41 AM.", 1_510, "TAHMEED"),
        (
            "SJK4H5T6GD Imethibitishwa. Ksh970.00 imetumwa kwa SGR kwa akaunti 77 tarehe 24/11/26 saa 9:41 AM",
            970,
            "SGR",
        ),
        ("SJK4H5T6GD imethibitishwa.Umelipa Ksh16,000.00 kwa SERENA tarehe 24/11/2026 saa 9:41 AM", 16_000, "SERENA"),
        ("look: SJK4H5T6GD confirmed.Ksh 50 sent to BUUPASS on 24/11/26 at 9:41 am", 50, "BUUPASS"),
    ],
)
def test_a_confirmation_of_m_pesa_tells_code_amount_payee_and_hour(text: str, kes: int, payee: str) -> None:
    said = read(text)
    assert said.receipt == Receipt("SJK4H5T6GD", kes, MORNING)
    assert (said.step, said.about, said.pasted) == (BookingStep.BOOKED, payee, True)


def test_a_person_who_was_paid_is_not_kept() -> None:
    for number in ("0712345678", "+254712345678", "0712***678"):
        said = read(f"SJK4H5T6GD Confirmed. Ksh1,510.00 sent to JANE DOE {number} on 24/11/26 at 9:41 PM.")
        assert said.about == ""
        assert said.receipt.paid_kes == 1_510
        assert "JANE" not in repr(said)
        assert number not in repr(said)


def test_money_that_came_in_is_no_payment() -> None:
    for text in (
        "SJK4H5T6GD Confirmed.You have received Ksh500.00 from JANE DOE 0712345678 on 24/11/26 at 9:41 PM",
        "SJK4H5T6GD Imethibitishwa.Umepokea Ksh500.00 kutoka JANE DOE 0712345678 tarehe 24/11/26 saa 9:41 PM",
    ):
        assert read(text).receipt.received


def test_an_hour_that_cannot_be_is_left_out() -> None:
    assert read("SJK4H5T6GD Confirmed. Ksh1 sent to X LTD on 34/13/26 at 9:41 AM").receipt.paid_at is None
    assert read("SJK4H5T6GD Confirmed. Ksh1,510.00 sent to MADARAKA EXPRESS").receipt.paid_at is None


def test_midnight_and_noon_are_told_apart() -> None:
    hours = [
        found.hour
        for half in ("12:05 AM", "12:05 PM", "1:05 PM")
        if (found := read(f"SJK4H5T6GD Confirmed. Ksh1 sent to X LTD on 24/11/26 at {half}").receipt.paid_at)
    ]
    assert hours == [0, 12, 13]


# -- tickets


def test_a_ticket_without_a_reference_is_no_ticket() -> None:
    assert pasted("Your seat is confirmed for Friday, the booking reference follows by e-mail tomorrow") is None


@pytest.mark.parametrize(
    ("text", "reference", "kes"),
    [
        (
            "Dear Jane Doe, your Easy Coach booking is confirmed. Ticket No: EC12345, seat 4A. Fare Ksh 1,450.",
            "EC12345",
            1_450,
        ),
        (
            "Madaraka Express: PNR 8KD3LM, coach 4 seat 12. Nairobi to Mombasa 27/11/26. Amount KES 3000",
            "8KD3LM",
            3_000,
        ),
        (
            "Your stay at Serena Beach is confirmed. Booking reference: BK-77812. Friday. Total KES 16,000.00",
            "BK-77812",
            16_000,
        ),
        ("Your reservation at Serena Beach Resort is confirmed. Confirmation number 4412 887 001", "4412887001", None),
        ("Tiketi yako imethibitishwa. Tiketi nambari EC12345, kiti 4A, Ijumaa. Nauli Ksh 1,450", "EC12345", 1_450),
        ("Jambojet e-ticket. Booking ref ABCDEF for your flight on Friday 27 Nov at 10:00", "ABCDEF", None),
    ],
)
def test_a_ticket_tells_its_reference_and_its_fare(text: str, reference: str, kes: int | None) -> None:
    found = pasted(text)
    assert found is not None
    assert (found.receipt.reference, found.receipt.paid_kes, found.pasted) == (reference, kes, True)


# -- what is typed


@pytest.mark.parametrize(
    ("text", "step", "kind", "reference", "kes"),
    [
        ("booked", BookingStep.BOOKED, None, "", None),
        ("Booked it!", BookingStep.BOOKED, None, "", None),
        ("i've paid", BookingStep.BOOKED, None, "", None),
        ("nimebook", BookingStep.BOOKED, None, "", None),
        ("nimelipa", BookingStep.BOOKED, None, "", None),
        ("nishalipa basi", BookingStep.BOOKED, ItemType.BUS, "", None),
        ("booked, ref QJH7K2", BookingStep.BOOKED, None, "QJH7K2", None),
        ("booked qjh7k2", BookingStep.BOOKED, None, "", None),
        ("nimebook SGR PNR 8KD3LM", BookingStep.BOOKED, ItemType.TRAIN, "8KD3LM", None),
        ("booked the hotel, ref ABC123", BookingStep.BOOKED, ItemType.STAY, "ABC123", None),
        ("nimelipa hoteli 16,000", BookingStep.BOOKED, ItemType.STAY, "", 16_000),
        ("paid ksh 1510 for the sgr", BookingStep.BOOKED, ItemType.TRAIN, "", 1_510),
        ("nimelipa SJK4H5T6GD", BookingStep.BOOKED, None, "SJK4H5T6GD", None),
        ("PNR 8KD3LM", BookingStep.BOOKED, None, "8KD3LM", None),
        ("not booked after all", BookingStep.NOT_BOOKED, None, "", None),
        ("I didn't book the hotel", BookingStep.NOT_BOOKED, ItemType.STAY, "", None),
        ("sijabook hoteli", BookingStep.NOT_BOOKED, ItemType.STAY, "", None),
        ("haijalipwa", BookingStep.NOT_BOOKED, None, "", None),
        ("book the hotel", BookingStep.SHOW, ItemType.STAY, "", None),
        ("nibookie hoteli", BookingStep.SHOW, ItemType.STAY, "", None),
        ("nilipie treni tafadhali", BookingStep.SHOW, ItemType.TRAIN, "", None),
        ("skip", BookingStep.SKIP, None, "", None),
        ("ruka hii", BookingStep.SKIP, None, "", None),
        ("next", BookingStep.SKIP, None, "", None),
        ("ifuatayo", BookingStep.SKIP, None, "", None),
        ("What's left to book?", BookingStep.LEFT, None, "", None),
        ("what do I still need to pay for", BookingStep.LEFT, None, "", None),
        ("bado nini?", BookingStep.LEFT, None, "", None),
        ("nimebook nini", BookingStep.LEFT, None, "", None),
    ],
)
def test_what_is_typed_about_booking_is_read(
    text: str, step: BookingStep, kind: ItemType | None, reference: str, kes: int | None
) -> None:
    said = read(text)
    assert (said.step, said.kind, said.receipt.reference, said.receipt.paid_kes) == (step, kind, reference, kes)
    assert not said.pasted


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("book the train", None),
        ("book the train back", True),
        ("nimelipa basi ya kwenda", False),
        ("booked the return flight", True),
    ],
)
def test_the_way_home_is_told_from_the_way_out(text: str, back: bool | None) -> None:
    assert read(text).back is back


@pytest.mark.parametrize(
    "text",
    [
        "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES",
        "booked my leave, please plan a trip to Diani for three days for me",
        "nimebook likizo yangu naenda diani kesho kutwa na familia",
        "train ticket 3000 is too expensive",
        "book it",
        "lipia",
        "hifadhi nafasi",
        "next Friday",
        "what is the weather",
        "sitaki treni",
        "nimekataa",
        "undo",
        "skip Fort Jesus",
        "",
    ],
)
def test_other_messages_are_left_to_others(text: str) -> None:
    assert heard(text) is None


@given(st.text(max_size=300))
def test_no_text_is_read_as_money_it_does_not_name(text: str) -> None:
    said = heard(text)
    paid = said.receipt.paid_kes if said else None
    assert paid is None or str(paid) in text.replace(",", "")


@pytest.mark.parametrize(
    "piece", ["A1", "SJK4H5T6GD Confirmed. ", "ref ", "sent to X ", "booked ", "Ksh1,", "what left "]
)
def test_of_a_long_text_the_beginning_is_read(piece: str) -> None:
    """A pattern that blows up on it ends in the timeout of the suite."""
    long = piece * 2_000
    assert pasted(long) == pasted(long[:20_000])
    assert typed(long) == typed(long[:20_000])


@pytest.mark.parametrize(
    "text",
    [
        "Airtel Money: You have sent Ksh 1,500.00 to EASY COACH LTD on 24/11/26. Bal: Ksh 2,310.50 TID: 8837201923",
        "Dear JANE, KES 12,000.00 has been debited from A/C 0110XXXX to SERENA BEACH. Available balance KES 44,210",
        "Umetuma Ksh 800 kwa JOHN DOE 0722000111. Salio lako ni Ksh 120. Gharama Ksh 13",
    ],
)
def test_messages_of_banks_and_other_wallets_are_for_no_model(text: str) -> None:
    said = heard(text)
    assert said is not None
    assert said.pasted
    assert said.receipt.paid_kes in (1_500, 12_000, 800)
