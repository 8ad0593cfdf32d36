"""Buttons and house words mean something without any model."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import STALE, TRIP, intent_for
from bot.commands import command, number
from bot.intents import Action, Context, Intent, Lang

CONTEXT = Context(date(2026, 11, 23), lang="en")
SWAHILI = Context(date(2026, 11, 23), lang="sw")


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("cheaper", Intent(Action.REFINE_ITINERARY, preferences=("cheap",), topic=TRIP)),
        ("book", Intent(Action.BOOK_ITINERARY)),
        ("pdf", Intent(Action.EXPORT, preferences=("pdf",))),
        ("change", Intent(Action.OTHER, topic="change")),
        ("ask:party", Intent(Action.OTHER, topic="ask:party")),
        ("slot:start:2026-11-28", Intent(Action.REFINE_ITINERARY, start_date=date(2026, 11, 28))),
        (
            "slot:weekend:2026-11-28",
            Intent(Action.REFINE_ITINERARY, start_date=date(2026, 11, 28), end_date=date(2026, 11, 29)),
        ),
        ("slot:party:2", Intent(Action.REFINE_ITINERARY, passengers=2)),
        ("slot:origin:mombasa", Intent(Action.REFINE_ITINERARY, origin="mombasa")),
        ("budget:24800", Intent(Action.REFINE_ITINERARY, budget_kes=24_800, topic=TRIP)),
        ("budget:none", Intent(Action.REFINE_ITINERARY, topic="no_budget")),
        (
            "way:days=20261127-20261128;budget=14600;cheap;stay=mid;mode=train;night;drop=naivasha",
            Intent(
                Action.REFINE_ITINERARY,
                start_date=date(2026, 11, 27),
                end_date=date(2026, 11, 28),
                budget_kes=14_600,
                preferences=("cheap", "night", "mid_range", "train", "sgr"),
                remove=("naivasha",),
                topic=TRIP,
            ),
        ),
        (
            "way:hand_luggage",
            Intent(Action.REFINE_ITINERARY, preferences=("hand_luggage",), topic="trip"),
        ),
        (
            "way:leave_after=1530;back_by=any;road_after_dark",
            Intent(
                Action.REFINE_ITINERARY,
                preferences=("road_after_dark",),
                leave_after=time(15, 30),
                back_by=time(23, 59),
                topic=TRIP,
            ),
        ),
        ("lang:sw", Intent(Action.OTHER, Lang.SW, topic="language")),
        (
            "search:flights:diani:nairobi:2027-01-02:3",
            Intent(
                Action.SEARCH_FLIGHTS,
                origin="diani",
                destination="nairobi",
                destinations=("nairobi",),
                start_date=date(2027, 1, 2),
                passengers=3,
            ),
        ),
    ],
)
def test_a_button_has_one_meaning(action: str, intent: Intent) -> None:
    assert intent_for(action, CONTEXT) == intent


def test_a_button_speaks_the_language_of_the_conversation() -> None:
    assert intent_for("cheaper", SWAHILI).lang is Lang.SW


@pytest.mark.parametrize(
    "action",
    ["", "slot", "slot:start:", "slot:start:yesterday", "slot:party:two", "budget:", "trip:mombasa",
     "search:spells:a:b:2026-01-01:2", "lang:fr", "stay:palace",
     "way:", "way:days=2026", "way:mode=broom", "way:cheap;colour=red", "mode:", "nonsense", "slot:colour:red"],
)  # fmt: skip
def test_a_button_that_cannot_be_read_is_stale(action: str) -> None:
    assert intent_for(action, CONTEXT).topic == STALE


@given(
    st.text(max_size=70)
    | st.from_regex(r"(slot|budget|trip|search|stay|mode|way|lang|ask):[\w:.;=-]{0,40}", fullmatch=True)
)
def test_no_action_string_breaks_anything(action: str) -> None:
    assert isinstance(intent_for(action, CONTEXT), Intent)


@pytest.mark.parametrize(
    ("text", "action", "topic", "lang"),
    [
        ("STOP", Action.CANCEL, "stop", Lang.EN),
        (" Simama. ", Action.CANCEL, "stop", Lang.SW),
        ("help", Action.HELP, None, Lang.EN),
        ("MSAADA", Action.HELP, None, Lang.SW),
        ("human", Action.OTHER, "human", Lang.EN),
        ("mtu", Action.OTHER, "human", Lang.SW),
        ("Delete  my DATA!", Action.OTHER, "delete_data", Lang.EN),
        ("futa data", Action.OTHER, "delete_data", Lang.SW),
        ("/start promo_code", Action.GREETING, None, Lang.EN),
        ("/help@safiri_bot", Action.HELP, None, Lang.EN),
        ("Kiswahili", Action.OTHER, "language", Lang.SW),
    ],
)
def test_house_words_work_alone(text: str, action: Action, topic: str | None, lang: Lang) -> None:
    assert command(text, CONTEXT) == Intent(action, lang, topic=topic)


@pytest.mark.parametrize(
    "text",
    ["do not stop at Voi", "mtu mmoja", "help me plan Mombasa", "", "stop " * 40, "/unknown", "delete my data plan"],
)
def test_house_words_inside_a_sentence_are_left_to_the_parser(text: str) -> None:
    assert command(text, CONTEXT) is None


@given(st.text())
def test_no_text_breaks_the_house_words(text: str) -> None:
    assert command(text, CONTEXT) is None or isinstance(command(text, CONTEXT), Intent)
    assert number(text, CONTEXT) is None or number(text, CONTEXT).choice is not None  # type: ignore[union-attr]


def test_a_bare_number_is_a_choice_or_a_head_count() -> None:
    asked = Context(date(2026, 11, 23), asked="party")
    assert number(" 2. ", CONTEXT) == Intent(Action.OTHER, choice=2)
    assert number("12", asked) == Intent(Action.REFINE_ITINERARY, passengers=12)
    assert number("2 people", CONTEXT) is None
