"""What the model and the rules read differently is asked about; what one of them merely says better is not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.intents import Action, Context, Intent
from bot.parsers.rules import RulesParser
from bot.parsers.said import Said, believed
from providers import gazetteer
from tests.fakes.anthropic import said as answered

MONDAY = date(2026, 11, 23)
CONTEXT = Context(MONDAY)
DATA = Path(__file__).parents[2] / "data"
PLACES = gazetteer.load()
RULES = RulesParser(PLACES)
TWO_SUMS = "3 days in mombasa on friday with 3000 for food and 30000 for everything"


def read(text: str, context: Context = CONTEXT, **fields: object) -> Intent:
    """The intent when the model answers with these fields."""
    form = json.loads(json.loads(answered(**fields).body)["content"][0]["text"])
    return believed(Said.model_validate(form), text, context, RULES, PLACES)


def town(words: str, name: str = "") -> dict[str, str]:
    return {"words": words, "place": name or words}


def trip(place: str = "mombasa", **fields: object) -> dict[str, object]:
    return {"action": "create_itinerary", "destinations": [town(place)], **fields}


# Money


def test_two_amounts_are_one_question_and_the_rest_is_kept() -> None:
    intent = read(TWO_SUMS, **trip(budget_words="30000 for everything", date_words="friday", duration_days=3))
    assert intent.problems == ("unsure_budget:3000|30000",)
    assert (intent.budget_kes, intent.destination, intent.duration_days) == (None, "mombasa", 3)
    assert intent.start_date == date(2026, 11, 27)


@pytest.mark.parametrize("quoted", ["3000", "3000 for food", ""])
def test_the_same_amount_is_no_question(quoted: str) -> None:
    assert read(TWO_SUMS, **trip(budget_words=quoted)).budget_kes == 3000


def test_an_amount_quoted_without_its_each_is_no_question() -> None:
    intent = read("trip to diani 15k each 2 people", **trip("diani", budget_words="15k", passengers=2))
    assert (intent.budget_kes, intent.budget_per_person_kes, intent.problems) == (30_000, 15_000, ())


def test_a_piece_of_an_amount_is_no_amount() -> None:
    assert read("mombasa 3 days, budget 30,000", **trip(budget_words="30")).problems == ()


def test_each_and_a_night_are_different_readings() -> None:
    text = "diani for 3 days, rooms 4k a night, we have 15k each"
    rules = _Rules({text: "diani for 3 days, rooms 4k a night"})
    intent = _read_with(rules, text, **trip("diani", budget_words="15k each"))
    assert intent.problems == ("unsure_budget:night-4000|each-15000",)


def test_what_only_the_model_counts_multiplies_what_each_may_spend() -> None:
    text = "diani with my four cousins and me, 15k each"
    assert read(text, **trip("diani", passengers=5)).budget_kes == 75_000


# Days


def test_next_friday_is_asked_when_the_model_means_the_one_after() -> None:
    intent = read(
        "bus to mombasa next friday",
        action="search_buses", destinations=[town("mombasa")], date_words="next friday", start_date="2026-12-04",
    )  # fmt: skip
    assert intent.problems == ("unsure_start:2026-11-27|2026-12-04",)
    assert (intent.start_date, intent.destination) == (None, "mombasa")


@pytest.mark.parametrize(("words", "iso"), [("friday", "2026-12-04"), ("friday next week", "2026-12-11")])
def test_arithmetic_of_the_model_is_no_reading_of_plain_words(words: str, iso: str) -> None:
    fields = {"action": "search_buses", "destinations": [town("mombasa")], "date_words": words, "start_date": iso}
    assert read(f"bus to mombasa {words}", **fields).problems == ()


def test_another_day_of_the_message_is_a_question() -> None:
    intent = read(
        "I got back from Kisumu on monday, bus to Nakuru on friday",
        action="search_buses", destinations=[town("Nakuru")], date_words="friday",
    )  # fmt: skip
    assert "unsure_start:2026-11-30..2026-12-04|2026-11-27" in intent.problems
    assert (intent.start_date, intent.end_date) == (None, None)


def test_the_same_first_day_and_another_last_one_asks_for_the_last() -> None:
    rules = _Rules({"27 to 29 nov": "27 to 30 nov"})
    intent = _read_with(rules, "mombasa 27 to 29 nov", **trip(date_words="27 to 29 nov"))
    assert intent.problems == ("unsure_end:2026-11-29|2026-11-30",)
    assert (intent.start_date, intent.end_date) == (date(2026, 11, 27), None)


@pytest.mark.parametrize(
    ("text", "quoted", "start"),
    [
        ("mombasa 27 to 29 nov", "27", date(2026, 11, 27)),
        ("mombasa 27 to 29 nov", "27 to 29 nov", date(2026, 11, 27)),
        ("lamu in december, from 12 december", "12 december", date(2026, 12, 12)),
    ],
)
def test_a_quotation_that_says_less_or_more_is_no_question(text: str, quoted: str, start: date) -> None:
    place = text.split()[0]
    intent = read(text, **trip(place, date_words=quoted))
    assert (intent.problems, intent.start_date) == ((), start)


def test_two_months_are_asked_about() -> None:
    rules = _Rules({"december": "january"})
    intent = _read_with(rules, "december trip to mombasa 3 days", **trip(date_words="december"))
    assert intent.problems == ("unsure_start:2026-12|2027-01",)
    assert (intent.month, intent.duration_days) == (None, 3)


# Places


def test_two_towns_that_were_each_read_alone_are_a_question() -> None:
    rules = _Rules({"I like Malindi more than Mombasa, 3 days": "3 days in Mombasa"})
    intent = _read_with(rules, "I like Malindi more than Mombasa, 3 days", **trip("Malindi", duration_days=3))
    assert intent.problems == ("unsure_destination:mombasa|malindi",)
    assert (intent.destination, intent.duration_days) == (None, 3)


def test_one_town_more_is_no_question() -> None:
    intent = read("my sister is in Malindi, I want to see Mombasa for 3 days", **trip("Mombasa"))
    assert (intent.destination, intent.problems) == ("mombasa", ())


def test_another_start_is_a_question() -> None:
    rules = _Rules({"bus to Kisumu, Eldoret or Nakuru stage": "bus from Eldoret to Kisumu"})
    intent = _read_with(
        rules, "bus to Kisumu, Eldoret or Nakuru stage",
        action="search_buses", origin=town("Nakuru"), destinations=[town("Kisumu")],
    )  # fmt: skip
    assert intent.problems == ("unsure_origin:eldoret|nakuru",)
    assert (intent.origin, intent.destination) == (None, "kisumu")


def test_the_way_round_is_one_question() -> None:
    intent = read(
        "bus from Nairobi to Kisumu", action="search_buses", origin=town("Kisumu"), destinations=[town("Nairobi")]
    )
    assert intent.problems == ("unsure_route:nairobi>kisumu|kisumu>nairobi",)
    assert (intent.origin, intent.destination) == (None, None)


# When nothing is asked


def test_a_way_in_doubt_is_another_trip_not_a_change_of_the_plan_there_is() -> None:
    intent = read(
        "3 days from Nairobi to Kisumu",
        Context(MONDAY, has_trip=True),
        action="create_itinerary", origin=town("Kisumu"), destinations=[town("Nairobi")],
    )  # fmt: skip
    assert intent.action is Action.CREATE_ITINERARY


def test_what_was_just_asked_is_not_asked_again() -> None:
    context = Context(MONDAY, asked="dates")
    intent = read("next friday", context, action="refine_itinerary", date_words="next friday", start_date="2026-12-04")
    assert (intent.start_date, intent.problems) == (date(2026, 11, 27), ())


def test_thanks_are_not_questioned() -> None:
    intent = read("thanks, we had 3000 of 30000 left", action="other", topic="thanks", budget_words="30000")
    assert intent.problems == ()


def test_a_doubt_about_the_plan_there_is_does_not_begin_another() -> None:
    context = Context(MONDAY, has_trip=True)
    intent = read("with 3000 for food and 30000 for everything", context, **_money_only())
    assert intent.action is Action.REFINE_ITINERARY
    assert intent.problems == ("unsure_budget:3000|30000",)


def _money_only() -> dict[str, object]:
    return {"action": "create_itinerary", "budget_words": "30000 for everything"}


class _Rules:
    """The rules, misreading some words as others: stands for whatever the two may see differently."""

    def __init__(self, misread: dict[str, str]) -> None:
        self._misread = misread

    def parse(self, text: str, context: Context) -> Intent:
        return RULES.parse(self._misread.get(text, text), context)


def _read_with(rules: _Rules, text: str, **fields: object) -> Intent:
    form = json.loads(json.loads(answered(**fields).body)["content"][0]["text"])
    return believed(Said.model_validate(form), text, CONTEXT, rules, PLACES)


def _labelled() -> list[dict[str, object]]:
    """A third of all: each is read four times over."""
    files = ("intents-dev.jsonl", "intents-own.jsonl")
    lines = [line for name in files for line in (DATA / name).read_text("utf-8").splitlines() if line]
    return [json.loads(line) for line in lines[::3]]


def test_a_model_that_reads_rightly_raises_no_doubt_about_labelled_messages() -> None:
    raised = []
    for line in _labelled():
        text, label = str(line["text"]), line["expected"]
        assert isinstance(label, dict)
        mentioned = {mention.place.slug: mention.text for mention in PLACES.mentions(text)}
        goals = label.get("destinations") or [label["destination"]]
        start = label.get("origin")
        intent = read(
            text,
            Context(date.fromisoformat(str(line["today"]))),
            action=label["action"],
            origin=town(mentioned.get(start, "") if start else ""),
            destinations=[town(mentioned[slug]) for slug in goals if slug in mentioned],
            date_words=text,
            budget_words=text,
            start_date=label.get("start_date") or "",
            end_date=label.get("end_date") or "",
        )
        raised += [(text, problem) for problem in intent.problems if problem.startswith("unsure")]
    assert raised == []
