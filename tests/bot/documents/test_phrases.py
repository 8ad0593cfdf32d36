"""Small words of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.documents import findings, phrases
from bot.documents.labels import EN, SW
from planner.checks import RULES
from planner.model import Alternative, ItemType, Unknown
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
