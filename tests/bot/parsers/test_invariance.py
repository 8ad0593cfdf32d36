"""What changes nothing for a reader changes nothing for the parser, over all labelled messages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.intents import Action, Context, Intent, Lang
from bot.parsers.rules import RulesParser
from providers.gazetteer import load

DATA = Path(__file__).parents[2] / "data"
GAZETTEER = load()
PARSER = RulesParser(GAZETTEER)
EXAMPLES = settings(max_examples=400, deadline=None)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled message with the day it was written on."""

    text: str
    today: date


def _labelled() -> list[Labelled]:
    lines = [
        json.loads(line)
        for name in ("intents-dev.jsonl", "intents-own.jsonl")
        for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    ]
    return [Labelled(str(line["text"]), date.fromisoformat(line["today"])) for line in lines]


MESSAGES = _labelled()
ANY = st.sampled_from(MESSAGES)


def read(text: str, today: date) -> Intent:
    """The intent without its language, which courtesies may well change."""
    return replace(PARSER.parse(text, Context(today)), lang=Lang.EN)


def is_wish(intent: Intent) -> bool:
    """Whether a message is about travel: to small talk, a courtesy is all there is."""
    talk = {Action.OTHER, Action.GREETING, Action.HELP, Action.CANCEL, Action.BOOK_ITINERARY, Action.EXPORT}
    return intent.action not in talk


@EXAMPLES
@given(ANY, st.sampled_from((str.upper, str.lower, str.capitalize, str.swapcase)))
def test_the_case_of_letters_changes_nothing(message: Labelled, recased: object) -> None:
    assert callable(recased)
    assert read(recased(message.text), message.today) == read(message.text, message.today)


@EXAMPLES
@given(ANY, st.sampled_from((" ", "  ", "\n", "\t", " ")), st.sampled_from(("", ".", "!", "...", " ", "\n")))
def test_extra_spaces_and_a_closing_mark_change_nothing(message: Labelled, space: str, end: str) -> None:
    spaced = message.text.replace(" ", f" {space}") + (end if message.text[-1].isalnum() else "")
    assert read(spaced, message.today) == read(message.text, message.today)


@EXAMPLES
@given(ANY, st.sampled_from(("tafadhali ", "please ", "boss ", "hi, ", "kindly ", "niaje, ", "hello ", "ebu ")))
def test_a_courtesy_before_a_wish_changes_nothing(message: Labelled, courtesy: str) -> None:
    intent = read(message.text, message.today)
    assume(is_wish(intent))
    assert read(courtesy + message.text, message.today) == intent


@EXAMPLES
@given(ANY, st.sampled_from((" tafadhali", " please", " boss", ", thanks", " asante", " pls", " bro")))
def test_a_courtesy_after_a_wish_changes_nothing(message: Labelled, courtesy: str) -> None:
    intent = read(message.text, message.today)
    assume(is_wish(intent))
    assert read(message.text.rstrip(" .?!") + courtesy, message.today) == intent


THOUSANDS = re.compile(r"(?<![\w,./-])(\d{1,3})k(?!\w)")
STYLES = ("{n},000", "{n}000", "ksh {n}000", "{n},000/=", "KES {n},000", "{n} thousand", "sh. {n},000", "{n}K")


@EXAMPLES
@given(st.sampled_from([each for each in MESSAGES if THOUSANDS.search(each.text)]), st.sampled_from(STYLES))
def test_the_style_of_an_amount_changes_nothing(message: Labelled, style: str) -> None:
    restyled = THOUSANDS.sub(lambda found: style.format(n=found[1]), message.text)
    assert read(restyled, message.today) == read(message.text, message.today)


LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONG_NAMES = {
    word
    for place in GAZETTEER.places
    for word in (place.name.lower(),)
    if len(word) >= 6 and word.isalpha() and word not in ("samburu", "nairobi")
}
NAMED = [
    (message, name)
    for message in MESSAGES
    for name in sorted(LONG_NAMES)
    if re.search(rf"\b{name}\b(?! (?:airport|sgr|terminus|national|park|town))", message.text.lower())
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMED), st.data())
def test_one_wrong_letter_in_a_long_name_changes_nothing(named: tuple[Labelled, str], data: st.DataObject) -> None:
    message, name = named
    at = data.draw(st.integers(1, len(name) - 2), label="at")
    slips = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] * 2 + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    wrong = data.draw(st.sampled_from(slips), label="wrong")
    near = GAZETTEER.find(wrong)
    assume(near is not None and near == GAZETTEER.find(name))
    text = re.sub(rf"\b{name}\b", wrong, message.text.lower(), count=1)
    wrote, meant = read(text, message.today), read(message.text, message.today)
    assert replace(wrote, remove=()) == replace(meant, remove=())  # what is refused is kept in the words written


RELATIVE = re.compile(
    r"\b(?:tomorrow|kesho(?: kutwa)?|leo|tonight|today|friday|saturday|sunday|monday|tuesday|wednesday|thursday|"
    r"ijumaa|jumamosi|jumapili|jumatatu|jumanne|jumatano|alhamisi|weekend|wikendi|sato|sande|next week|wiki ijayo)\b",
    re.IGNORECASE,
)
# Names of months and holidays, and numbered days, stay where they are in the year.
FIXED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|des)|mwezi|month|tarehe|\d/\d|\dth|\dst|\dnd|\drd|holiday|"
    r"christmas|xmas|krismasi|new year|mwaka|easter|pasaka|jamhuri|mashujaa|madaraka day|labour|boxing|valentine|"
    r"good friday|eid",
    re.IGNORECASE,
)


@EXAMPLES
@given(
    st.sampled_from([each for each in MESSAGES if RELATIVE.search(each.text) and not FIXED.search(each.text)]),
    st.integers(1, 60),
)
def test_some_weeks_later_relative_days_lie_the_same_weeks_later(message: Labelled, weeks: int) -> None:
    later = timedelta(weeks=weeks)
    now, then = read(message.text, message.today), read(message.text, message.today + later)
    moved = replace(
        now,
        start_date=now.start_date and now.start_date + later,
        end_date=now.end_date and now.end_date + later,
    )
    assert then == moved


@pytest.mark.parametrize(
    "parts",
    [
        ("bus to Kisumu", "kesho", "watu wawili", "isizidi 1500"),
        ("hotel in Nakuru", "12-14 Dec", "2 adults 1 child", "4k per night"),
        ("nipangie safari ya Diani kutoka Nairobi", "ijumaa hadi jumapili", "mi na mabeshte watatu", "8k kila mtu"),
        ("plan a trip to Lamu", "from 20th to 24th december", "family of 4", "budget 120k"),
    ],
)
@given(data=st.data())
@settings(max_examples=24, deadline=None)
def test_the_order_of_independent_parts_changes_nothing(parts: tuple[str, ...], data: st.DataObject) -> None:
    today = date(2026, 11, 23)
    moved = ", ".join(data.draw(st.permutations(parts)))
    assert read(moved, today) == read(", ".join(parts), today)
