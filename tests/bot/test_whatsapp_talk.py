"""Whole conversations as WhatsApp shows them: how many messages, what can be tapped, places, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.i18n import t
from tests.bot.whatsapp_phone import Phone, phone
from tests.fakes.twilio import TRAVELLER

PLAN = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
OPEN = "Plan a trip: 2 nights Nakuru then 2 nights Kisumu from Nairobi on 4 December for 2"  # names no budget
TALKS = {
    "towns and changes": [OPEN, "2", "another hotel in Kisumu", "undo", "more"],
    "booking": [PLAN, "book it", "skip", "skip", "done"],
    "search": ["buses to Kisumu tomorrow", "2 people", "cheaper", "hotels in Diani on Friday for 2 nights"],
    "trouble": [PLAN.replace("60,000", "9,000"), "1", "asdf qwer", "99", "who won the match?", "delete my data", "no"],
    "swahili": ["habari", "nataka kwenda Mombasa", "Ijumaa", "wawili", "ya pili", "msaada", "asante"],
}


@pytest.fixture(params=[True, False], ids=["buttons", "numbers"])
def amina(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[Phone]:
    """A phone, once with forms made at Twilio and once without."""
    with phone(sqlite_url, tmp_path, forms=request.param) as made:
        yield made


@pytest.fixture
def tapping(sqlite_url: str, tmp_path: Path) -> Iterator[Phone]:
    with phone(sqlite_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("lines", TALKS.values(), ids=TALKS.keys())
def test_a_turn_is_one_message_and_its_documents(amina: Phone, lines: list[str]) -> None:
    for line in lines:
        came = amina.say(line)
        texts, documents = [m for m in came if not m.media_url], [m for m in came if m.media_url]
        # The very first words may be a line of welcome before the answer, which takes a while.
        assert len(texts) == 1 or (line == lines[0] and len(texts) <= 2), amina.transcript()
        assert len(documents) <= 1
        assert not [m for m in came if m.error]
        assert all(len(m.body) <= (1024 if m.choices else 1600) for m in texts)
    assert len(amina.mine) <= 2 * len(lines) <= 20
    assert "…" not in [m.body for m in amina.mine], "progress is shown as typing"
    assert amina.twilio.typing


def test_a_finished_plan_is_a_card_and_a_pdf_that_was_fetched(amina: Phone) -> None:
    *_, card, document = amina.say(PLAN)
    assert "of 60,000" in card.body
    assert document.media.startswith(b"%PDF")
    assert re.fullmatch(r"\S{1,20}\.pdf", document.filename)
    assert len(document.filename) <= 20
    assert not document.error


def test_what_can_be_tapped_can_be_typed(tapping: Phone) -> None:
    *_, card, _ = tapping.say(PLAN)
    assert card.labels == ["Change", "Cheaper", "Book", "More"]
    assert card.opens
    (booking,) = tapping.tap("Book")
    assert booking.labels
    assert booking.opens == "", "three or fewer are buttons"
    assert "/go/" in booking.body, "a link stays a line"
    before = len(tapping.mine)
    tapping.say("2")
    assert len(tapping.mine) == before + 1
    assert tapping.mine[-1].body != booking.body


@pytest.mark.parametrize(("number", "label"), [("3", "Book"), ("5", "Saver")])
def test_numbers_mean_one_thing_where_a_message_offers_two_kinds_of_choices(
    amina: Phone, number: str, label: str
) -> None:
    said = amina.say(OPEN)
    card = next(m for m in said if "in all" in m.body)
    if card.labels:
        assert card.labels[int(number) - 1].startswith(label)
    else:
        assert f"\n{number}. {label}" in card.body
    came = amina.say(number)
    assert ("/go/" in came[0].body) is (label == "Book"), amina.transcript()


def test_a_form_that_twilio_does_not_know_any_more_is_sent_as_text(tapping: Phone) -> None:
    tapping.twilio.contents.made.clear()
    (hello,) = tapping.say("hello")
    assert hello.labels == []
    assert "\n1. " in hello.body


def test_a_place_is_where_one_starts(amina: Phone) -> None:
    amina.say("hello")
    (answer,) = amina.say(Latitude="-0.1022", Longitude="34.7617", Address="Oginga Odinga St", Label="Home")
    assert "Kisumu" in answer.body
    with amina.app.store.reading() as s:
        assert "Oginga" not in str(amina.app.store.export(s, amina.chat_id)), "an address is nothing we need"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("voice", {"MediaContentType0": "audio/ogg; codecs=opus", "MessageType": "audio"}),
        ("photo", {"MediaContentType0": "image/jpeg", "MessageType": "image"}),
        ("video", {"MediaContentType0": "video/mp4", "MessageType": "video"}),
        ("sticker", {"MediaContentType0": "image/webp", "MessageType": "sticker"}),
        ("contact", {"MediaContentType0": "text/vcard", "MessageType": "contacts"}),
        ("file", {"MediaContentType0": "application/pdf", "MessageType": "document"}),
    ],
)
@pytest.mark.parametrize(("greeting", "lang"), [("hello", "en"), ("habari", "sw")])
def test_what_is_no_text_gets_a_sentence_that_fits(
    tapping: Phone, kind: str, fields: dict[str, str], greeting: str, lang: str
) -> None:
    tapping.say(greeting)
    (answer,) = tapping.say(NumMedia="1", MediaUrl0="https://api.twilio.com/x", **fields)
    assert answer.body.startswith(t(lang, f"media_{kind}"))


def test_words_under_a_picture_are_read(tapping: Phone) -> None:
    fields = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
    said = tapping.say("buses to Kisumu tomorrow", **fields)
    assert "Kisumu" in said[-1].body


def test_a_reaction_is_no_message_to_answer(tapping: Phone) -> None:
    tapping.say("hello")
    assert tapping.say("👍", MessageType="reaction") == []


def test_who_comes_from_an_advertisement_is_answered_like_anybody(tapping: Phone) -> None:
    said = tapping.say(
        "hello",
        ReferralSourceUrl="https://fb.me/x",
        ReferralHeadline="Beach",
        ReferralBody="Diani",
        ReferralCtwaClid="1",
    )
    assert len(said) == 1
    assert "Diani" not in said[0].body


def test_who_writes_faster_than_whatsapp_takes_answers_gets_them_all_in_order(tapping: Phone) -> None:
    for number in range(12):
        form = tapping.twilio.form(("help", "privacy")[number % 2], TRAVELLER)
        assert tapping.twilio.post("https://safiri.example/webhooks/whatsapp", form).status_code == 200
    tapping.run()
    assert len(tapping.mine) <= 10
    held = len(tapping.mine)
    for _ in range(12):
        tapping.ahead += timedelta(seconds=20)
        tapping.deliver()
    assert len(tapping.mine) == 12 > held
    bodies = [m.body for m in tapping.mine[1:]]
    assert bodies[0::2] == [bodies[0]] * 6
    assert bodies[1::2] == [bodies[1]] * 5
