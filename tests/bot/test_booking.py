"""Booking a trip in a chat, over a real store: what is marked, kept, shown, and what is forgotten at once."""

from __future__ import annotations

from icalendar import Calendar
from sqlalchemy import delete, select

from bot.i18n import t
from bot.intents import Context, Intent
from bot.parsers.rules import RulesParser
from bot.present.card import LONGEST
from bot.replies import DocumentKind, Reply, plain
from planner.model import ItemType, Itinerary
from providers.gazetteer import load
from storage.bookings import BookingRow
from storage.tables import InboxMessage, Trip
from tests.bot.on_sqlite import database_url
from tests.bot.test_conversation import SENTENCE, Desk, desk

__all__ = ["database_url", "desk"]  # the fixtures are used by name

SENT = (
    "SJK4H5T6GD Confirmed. Ksh3,010.00 sent to MADARAKA EXPRESS for account 123 on 24/11/26 at 9:41 AM. New M-PESA "
    "balance is Ksh2,345.00. Transaction cost, Ksh0.00."
)
STRANGER = "SJL1A2B3C4 Confirmed. Ksh870.00 sent to JANE DOE 0712345678 on 24/11/26 at 9:41 AM. New balance Ksh7."


def trip(at: Desk) -> Itinerary:
    with at.app.store.reading() as s:
        (row,) = at.app.store.trips.of_chat(s, at.chat_id())
        found = at.app.store.trips.get(s, row.id)
    assert found is not None
    return found


def booked(at: Desk) -> dict[str, BookingRow]:
    with at.app.store.reading() as s:
        (row,) = at.app.store.trips.of_chat(s, at.chat_id())
        return at.app.store.bookings.of_trip(s, row.id)


def said(at: Desk, text: str = "", **more: object) -> str:
    at.channel.sent.clear()
    at.say(text, **more)
    return at.channel.said


def buttons(at: Desk) -> list[str]:
    return [button.label for button in at.channel.sent[-1].buttons]


def card(at: Desk) -> str:
    reply: Reply = next(
        reply for reply in reversed(at.channel.sent) if any(button.action == "more" for button in reply.buttons)
    )
    return "\n".join(plain(line) for line in reply.lines)


def bed(plan: Itinerary) -> str:
    (found,) = {item.offer_id for item in plan.items if item.type is ItemType.STAY}
    assert found is not None
    return found


def test_a_plan_is_booked_thing_by_thing_until_nothing_is_left(desk: Desk) -> None:
    desk.say(SENTENCE)
    assert said(desk, "book it").startswith("1 of 3 · 🚆 Fri 27 Nov 08:00")
    assert "Never send an M-Pesa PIN" in desk.channel.said
    assert buttons(desk) == ["Open booking", "Booked ✓", "Skip"]
    second = said(desk, "booked, ref QJH7K2")
    assert second.splitlines()[0].endswith("ref QJH7K2.")
    assert "2 of 3 · 🚆 Sun 29 Nov" in second
    assert "PIN" not in second
    assert "3 of 3 · 🛏" in said(desk, "done")
    assert "Everything with a booking link is booked." in said(desk, "booked")
    assert [row.reference for row in booked(desk).values()] == ["QJH7K2", "", ""]


def test_a_number_picks_among_what_acts_and_not_the_link(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("book it")
    assert "2 of 3" in said(desk, "2")
    assert "Booked ✓ 🚆 Sun 29 Nov" in said(desk, "1")


def test_an_open_question_is_not_answered_by_a_word_of_booking(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("book it")
    desk.say(action="ask:dates")
    assert "2 of 3" not in said(desk, "later")


def test_a_payment_that_is_pasted_is_matched_and_nothing_personal_of_it_stays(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("book it")
    told = said(desk, SENT)
    assert "You paid 3,010; the plan has 3,000." in told
    (row,) = booked(desk).values()
    assert (row.reference, row.paid_kes) == ("SJK4H5T6GD", 3_010)
    assert row.paid_at is not None
    with desk.app.store.reading() as s:
        kept = [desk.app.store.inbox.get(s, number).payload for number in s.scalars(select(InboxMessage.id))]
        kept.append(desk.app.store.conversations.load(s, desk.chat_id()) or "")
    assert not any("2,345" in text or "MADARAKA" in text for text in kept)


def test_a_payment_that_fits_nothing_is_asked_about_and_its_payee_is_not_kept(desk: Desk) -> None:
    desk.say(SENTENCE)
    assert "Which one was it for?" in said(desk, STRANGER)
    assert buttons(desk)[-1] == "None of these"
    with desk.app.store.reading() as s:
        assert "JANE" not in (desk.app.store.conversations.load(s, desk.chat_id()) or "")
    assert said(desk, "the hotel").startswith("Booked ✓ 🛏")
    (row,) = booked(desk).values()
    assert (row.reference, row.paid_kes) == ("SJL1A2B3C4", 870)


def test_a_payment_never_reaches_a_model(desk: Desk) -> None:
    heard: list[str] = []

    class Listening:
        def parse(self, text: str, context: Context) -> Intent:
            heard.append(text)
            return RulesParser(load()).parse(text, context)

    desk.app.parser = Listening()
    desk.say(SENT)
    desk.say(SENTENCE)
    for text in (SENT, STRANGER, "booked, ref QJH7K2", "what's left to book?"):
        desk.say(text)
    assert heard == [SENTENCE]


def test_what_is_booked_is_kept_by_a_change_and_shown_on_the_card(desk: Desk) -> None:
    desk.say(SENTENCE)
    held = bed(trip(desk))
    desk.say("booked the hotel, ref ABC123, 12,500")
    said(desk, "make it cheaper")
    assert bed(trip(desk)) == held
    assert trip(desk).version == 2
    assert "Still to book: 2 of 3." in card(desk)
    assert "✓ paid 12,500" in card(desk)
    assert "ABC123" not in card(desk)
    assert len(card(desk)) <= LONGEST


def test_a_change_that_what_is_booked_does_not_allow_says_so(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the train there")
    assert "🚆 Madaraka Express Inter-County: booked, so I keep it." in said(desk, "use the bus, no train")
    assert trip(desk).version == 1


def test_a_change_of_place_says_what_is_booked_in_vain_and_undo_brings_it_back(desk: Desk) -> None:
    desk.say(SENTENCE)
    held = bed(trip(desk))
    desk.say("booked the hotel")
    assert "booked, but not in this plan any more" in said(desk, "Naivasha instead")
    assert bed(trip(desk)) != held
    desk.say("undo")
    assert bed(trip(desk)) == held
    assert "Still to book: 2 of 3." in card(desk)


def test_what_is_booked_is_neither_exchanged_nor_left_out(desk: Desk) -> None:
    desk.say(SENTENCE)
    held = bed(trip(desk))
    desk.say("booked the hotel")
    for wish in ("cheaper hotel", "a better hotel"):
        assert "booked, so it stays as it is" in said(desk, wish), wish
        assert buttons(desk) == ["Not booked"]
    assert (trip(desk).version, bed(trip(desk))) == (1, held)


def test_more_people_than_it_was_booked_for_is_said(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the hotel")
    assert "booked when you were 2 people" in said(desk, "we are 3 people")


def test_what_is_not_booked_after_all_may_change_again(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the train there")
    assert "Not booked: 🚆" in said(desk, "not booked after all")
    assert booked(desk) == {}
    desk.say("use the bus, no train")
    assert trip(desk).version == 2


def test_the_calendar_and_the_page_say_what_is_booked_and_not_its_reference(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the hotel, ref ABC123")
    with desk.app.store.reading() as s:
        name, feed, version = desk.app.store.trips.document(s, trip(desk).id, None, str(DocumentKind.ICS)) or (
            "",
            b"",
            0,
        )
        _, paper, _ = desk.app.store.trips.document(s, trip(desk).id, None, str(DocumentKind.PDF)) or ("", b"", 0)
    assert version == 1
    statuses = {
        str(event["status"]) for event in Calendar.from_ical(feed).walk("VEVENT") if event["uid"].startswith("stay:")
    }
    assert statuses == {"CONFIRMED"}
    assert b"ABC123" not in feed
    assert paper[:4] == b"%PDF"
    assert name.endswith(".ics")


def test_forgetting_the_chat_forgets_what_is_booked(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the hotel, ref ABC123")
    trip_id = trip(desk).id
    with desk.app.store.session() as s:
        desk.app.store.forget(s, desk.chat_id())
        assert desk.app.store.bookings.of_trip(s, trip_id) == {}


def test_marking_a_trip_that_was_forgotten_meanwhile_marks_nothing(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.hold = True
    desk.say("booked the hotel")
    with desk.app.store.session() as s:
        s.execute(delete(Trip))
    desk.channel.sent.clear()
    desk.run_held()
    assert desk.channel.said == t("en", "trouble")


def test_marking_twice_changes_nothing(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("booked the hotel, ref ABC123")
    before = booked(desk)
    desk.say("booked the hotel")
    assert booked(desk) == before
