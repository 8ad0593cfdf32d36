"""Small words of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.documents import findings, phrases
from bot.documents.labels import EN, SW, has
from planner.alternatives import REASONS
from planner.checks import RULES
from planner.model import Alternative, ItemType, StayClass, Unknown
from tests import samples


def test_both_languages_have_the_same_labels_with_the_same_blanks() -> None:
    def blanks(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    assert EN.keys() == SW.keys()
    for key, text in EN.items():
        assert blanks(text) == blanks(SW[key]), key


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.com/a b", "https://www.example.com/a%20b"),
        ("https://example.com/é?x=1&y=%20", "https://example.com/%C3%A9?x=1&y=%20"),
        ("javascript:alert(1)", ""),
        ("tel:+254700000000", ""),
        ("https://", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_followed(url: str | None, shown: str) -> None:
    assert phrases.web_link(url) == shown


def way(kes: int, minutes: int, reason: str) -> Alternative:
    return Alternative("x", "Molo Line", ItemType.BUS, kes, minutes, "leg-1", reason)


def bed(kes: int, reason: str, stay_class: StayClass | None) -> Alternative:
    return Alternative("x", "Hotel", ItemType.STAY, kes, 0, "stay-1", reason, nights=3, stay_class=stay_class)


def visit(reason: str) -> Alternative:
    return Alternative("x", "Museum", ItemType.ACTIVITY, 500, 90, "", reason)


@pytest.mark.parametrize(
    ("kes", "minutes", "said"),
    [
        (-400, 75, "KES 400 cheaper, 1 h 15 longer"),
        (200, -45, "KES 200 more, 45 min shorter"),
        (0, 120, "same price, 2 h longer"),
        (0, 0, "same price"),
    ],
)
def test_an_alternative_says_how_it_differs(kes: int, minutes: int, said: str) -> None:
    assert phrases.difference("en", Alternative("x", "y", ItemType.BUS, kes, minutes, "z")) == said


@pytest.mark.parametrize(
    ("lang", "other", "said"),
    [
        ("en", way(-1_600, 50, "time"), "KES 800 cheaper per person, 50 min longer"),
        ("sw", way(-1_600, 50, "time"), "nafuu kwa KES 800 kila mtu, ndefu kwa 50 min"),
        ("en", way(0, -10, "hours"), "same price, 10 min shorter; in the dead of night"),
        ("en", bed(12_000, "price", StayClass.HIGH), "KES 4,000 more a night, high class; not worth its price"),
        ("en", bed(0, "rating", None), "same price; rated lower"),
        ("en", visit("no_time"), "left out: no time for it"),
        ("sw", visit("closed"), "imeachwa: imefungwa siku hizo"),
        ("en", visit("a code of tomorrow"), "left out"),
    ],
)
def test_an_alternative_says_why_it_lost_to_one_person(lang: str, other: Alternative, said: str) -> None:
    assert phrases.difference(lang, other, people=2) == said


def test_another_departure_is_told_apart_by_its_hour() -> None:
    leaves = samples.at(date(2026, 11, 27), 16)
    assert phrases.rival("en", replace(way(0, 0, "there"), depart=leaves)) == "Molo Line 16:00"


def test_every_reason_to_lose_has_words_or_is_said_by_the_figures() -> None:
    said_by_figures = {"time", "class", "alike"}
    assert all(has(f"lost_{code}") for code in REASONS - said_by_figures)


def test_a_night_train_says_that_it_arrives_the_next_day() -> None:
    train = samples.mombasa().days[0].items[2]
    late = replace(train, start=train.start + timedelta(hours=14), end=train.end + timedelta(hours=13, minutes=35))
    assert phrases.times("en", late) == ("22:00", "03:35 +1")


def test_an_unknown_code_still_makes_a_sentence() -> None:
    assert findings.unknown("en", Unknown("visa_rules", "Tanzania", "ask the embassy")) == (
        "Visa rules: Tanzania – ask the embassy"
    )


def test_a_family_is_told_apart() -> None:
    assert phrases.party("en", samples.fortnight().request.party) == "2 adults and 3 children"
    assert phrases.party("sw", samples.mombasa().request.party) == "watu 2"


@pytest.mark.parametrize(
    ("slug", "name"),
    [("mtito-andei", "Mtito Andei"), ("dar-es-salaam", "Dar es Salaam"), ("hells-gate", "Hell's Gate")],
)
def test_places_have_readable_names(slug: str, name: str) -> None:
    assert phrases.place_name(slug) == name


def test_notes_do_not_repeat_the_line_in_any_language() -> None:
    walk = replace(samples.mombasa().days[1].items[2], notes=("Free", "Starts at Fort Jesus"))
    assert phrases.notes("sw", walk) == ("Starts at Fort Jesus",)


def test_a_broken_rule_tells_what_is_wrong_not_what_should_be() -> None:
    check = samples.over_budget().checks[0]
    assert findings.finding("sw", check) == check.detail
    assert findings.finding("en", replace(check, ok=True, detail="")) == "The total stays within the budget."


def test_every_rule_of_the_checker_has_its_sentence() -> None:
    assert {f"rule_{name}" for name in RULES} <= EN.keys()
