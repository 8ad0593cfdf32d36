"""Slips of one letter are mended where only one word can be meant, and nothing else is touched."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import Context
from bot.parsers.rules import RulesParser
from bot.parsers.speech import clean
from bot.parsers.spelling import spelt
from providers.gazetteer import load

DATA = Path(__file__).parents[2] / "data"
GAZETTEER = load()
PARSER = RulesParser(GAZETTEER)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("wrote", "meant"),
    [
        ("flihgt to lamu tomorow", "flight to lamu tomorrow"),
        ("hotle kisumu satruday budjet 5k", "hotel kisumu saturday budget 5k"),
        ("treni jumamoci asubui", "treni jumamosi asubuhi"),
        ("kutka nairobi kweda diani, bajet elfu kumi", "kutoka nairobi kwenda diani, bajeti elfu kumi"),
        ("2 adlts 1 child this wekend", "2 adults 1 child this weekend"),
    ],
)
def test_a_single_slip_is_mended(wrote: str, meant: str) -> None:
    assert spelt(wrote, GAZETTEER) == meant
    assert PARSER.parse(wrote, Context(MONDAY)) == PARSER.parse(meant, Context(MONDAY))


@pytest.mark.parametrize(
    "text",
    [
        "a fight in mombasa",
        "one adult",
        "mchanga wa diani",
        "hostels in nairobi",
        "malindi, kitale and kajiado",
        "easy coach",
        "send it to tikets@example.com",
        "xmas",
    ],
)
def test_words_and_names_of_their_own_stay_as_they_are(text: str) -> None:
    assert spelt(text, GAZETTEER) == text


def test_what_travellers_write_rightly_stays_as_it_is() -> None:
    lines = (DATA / "intents-dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [clean(str(json.loads(line)["text"])) for line in lines]
    assert [text for text in texts if spelt(text, GAZETTEER) != text] == []


@given(st.text(max_size=200))
def test_no_text_makes_it_raise_and_mending_twice_mends_no_more(text: str) -> None:
    once = spelt(clean(text), GAZETTEER)
    assert spelt(once, GAZETTEER) == once
