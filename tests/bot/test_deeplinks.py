"""Links that open the chat with a destination already said."""

from __future__ import annotations

from datetime import date

import pytest

from bot.deeplinks import start_link
from bot.dialogue import Conversation, decide, heard
from bot.intents import Action
from providers import gazetteer

TODAY = date(2026, 11, 23)
TOWNS = gazetteer.load()


def test_every_place_has_a_link_that_begins_a_trip_there() -> None:
    for place in TOWNS.places:
        payload = start_link("SafiriBot", place.slug).partition("?start=")[2]
        intent = heard(Conversation(), f"/start {payload}", TODAY, gazetteer=TOWNS)
        assert intent is not None
        assert (intent.action, intent.destination) == (Action.CREATE_ITINERARY, place.slug)


def test_first_contact_through_a_link_says_who_this_is_and_asks_what_is_missing() -> None:
    intent = heard(Conversation(), "/start to_mombasa", TODAY, gazetteer=TOWNS)
    assert intent is not None
    decision = decide(Conversation(), intent, TODAY, gazetteer=TOWNS)
    said = "\n".join(str(line) for reply in decision.replies for line in reply.lines)
    assert "I'm Safiri" in said
    assert decision.state.trip.destinations == ("mombasa",)
    assert decision.state.asked == "dates"


@pytest.mark.parametrize("payload", ["", " src_radio", " to_atlantis", " to_", " trip_a1-b2", " to_mombasa now"])
def test_a_payload_nobody_knows_is_an_ordinary_hello(payload: str) -> None:
    intent = heard(Conversation(), f"/start{payload}", TODAY, gazetteer=TOWNS)
    assert intent is not None
    assert intent.action is Action.GREETING


def test_without_the_name_of_the_bot_there_is_no_link() -> None:
    assert start_link("", "mombasa") == ""
    assert start_link("SafiriBot") == "https://t.me/SafiriBot"
    assert start_link("SafiriBot", "x" * 70) == "https://t.me/SafiriBot"
