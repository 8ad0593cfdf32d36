"""Changes of a plan are heard without a verb of change, and small talk is not taken for one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.intents import Action, Context, Intent
from bot.parsers.rules import RulesParser
from providers.gazetteer import load

PARSER = RulesParser(load())
MONDAY = date(2026, 11, 23)


def said(text: str, *, has_trip: bool = False) -> Intent:
    return PARSER.parse(text, Context(MONDAY, has_trip=has_trip))


@pytest.mark.parametrize("has_trip", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "let's go slower",
        "more beach less museums",
        "badilisha hoteli",
        "tukae siku moja zaidi",
        "too expensive, bring the price down",
        "give me other hotel options",
        "ifanye ikuwe cheap kiasi",
        "tuchukue ndege badala ya basi",
    ],
)
def test_a_comparison_or_a_verb_of_change_changes_the_plan(text: str, has_trip: bool) -> None:
    assert said(text, has_trip=has_trip).action is Action.REFINE_ITINERARY


@pytest.mark.parametrize("text", ["lol", "sana", "bye", "tell me more", "how much more is it", "the food was too hot"])
def test_small_talk_neither_changes_nor_books_nor_ends_a_plan(text: str) -> None:
    assert said(text, has_trip=True).action is Action.OTHER


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("sina pesa, wacha tu", Action.CANCEL),
        ("usiendelee, nimeghairi", Action.CANCEL),
        ("nisaidie tafadhali sijui nianzie wapi", Action.HELP),
        ("I really appreciate your help", Action.OTHER),
        ("hey, anyone there?", Action.GREETING),
    ],
)
def test_the_strongest_word_of_a_short_message_tells_what_is_wanted(text: str, action: Action) -> None:
    assert said(text).action is action


@pytest.mark.parametrize(
    ("text", "out", "into"),
    [
        ("can you swap the flight for a train", "flight", "train"),
        ("change the bus to a flight", "bus", "flight"),
        ("use a matatu rather than a taxi", "taxi", "bus"),
        ("usitumie matatu, weka treni", "bus", "train"),
        ("I don't like the matatu, use SGR", "bus", "train"),
    ],
)
def test_one_ride_given_up_for_another_is_removed(text: str, out: str, into: str) -> None:
    intent = said(text)
    assert intent.remove == (out,)
    assert into in intent.preferences
    assert out not in intent.preferences


def test_a_day_that_does_not_suit_is_not_the_day_of_travel() -> None:
    assert said("leo hatuwezi, tuanze kesho").start_date == date(2026, 11, 24)
    assert said("si jumamosi, tuende jumapili").start_date == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("sheng", "plain"), [("xana", "sana"), ("hio", "hiyo"), ("xaxa", "xaxa"), ("nxt", "nxt"), ("maximum", "maximum")]
)
def test_sheng_spelt_by_ear_is_read_and_other_words_are_left(sheng: str, plain: str) -> None:
    from bot.parsers.spelling import spelt

    assert spelt(sheng, load()) == plain


def test_a_ride_wanted_from_where_one_is_starts_there() -> None:
    intent = said("tuko wawili Naks tunataka mat ya Nai sahii")
    assert (intent.action, intent.origin, intent.destination) == (Action.SEARCH_BUSES, "nakuru", "nairobi")
