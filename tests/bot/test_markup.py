"""Laying lines out as messages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import whatsapp
from bot.channels._telegram_html import unwritten, write
from bot.markup import pages, printable, units
from bot.replies import Bold, Line, Link
from tests.fakes.telegram_rules import parse_html

WORDS = st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'*_ \n\tàé😀🇰🇪\u200d")), max_size=400)
URLS = st.one_of(st.just("https://safiri.example/go/a1?x=1&y=2"), st.just("tel:+254700000001"), WORDS)
SPANS = st.one_of(WORDS, st.builds(Bold, WORDS), st.builds(Link, WORDS, URLS))
LINES = st.lists(st.one_of(SPANS, st.lists(SPANS, min_size=1, max_size=5).map(tuple)), max_size=8)


def said(line: Line) -> str:
    """Everything a line says, without its order of spaces."""
    return (
        "".join(said(span) if not isinstance(span, str) else span for span in line)
        if isinstance(line, tuple)
        else (line if isinstance(line, str) else line.text + (line.url if isinstance(line, Link) else ""))
    )


def bones(text: str) -> str:
    return "".join(printable(text).split())


@settings(max_examples=200, deadline=None)
@given(LINES, st.sampled_from([64, 200, 4096]))
def test_no_message_is_too_long_or_blank_and_no_text_is_lost(lines: list[Line], limit: int) -> None:
    messages = pages(lines, limit, lambda span: said(span))
    assert all(units(message) <= limit and message.strip() for message in messages)
    kept = "".join(bones(message).replace(":", "") for message in messages)
    assert kept == "".join(bones(said(line)) for line in lines).replace(":", "")


@settings(max_examples=200, deadline=None)
@given(LINES, st.sampled_from([80, 4096]))
def test_every_telegram_message_is_valid_html_that_shows_the_text(lines: list[Line], limit: int) -> None:
    for message in pages(lines, limit, write):
        text = parse_html(message)
        assert units(message) <= limit
        assert text.links or bones(text.shown) == bones(unwritten(message))


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_every_whatsapp_message_keeps_its_limit(lines: list[Line]) -> None:
    assert all(0 < units(message) <= 200 for message in pages(lines, 200, whatsapp.write))


def test_a_cut_is_made_between_paragraphs_when_there_are_any() -> None:
    day = ["Fri 27 Nov", "08:00 SGR to Mombasa", "16:30 Fort Jesus"]
    messages = pages([*day, "", *day, "", *day], 110, write)
    assert messages == ["\n".join([*day, "", *day]), "\n".join(day)]


def test_a_long_line_is_cut_between_words() -> None:
    messages = pages(["Nairobi to Mombasa by train"], 16, write)
    assert messages == ["Nairobi to", "Mombasa by train"]


def test_a_link_moves_to_the_next_message_whole() -> None:
    link = Link("Book", "https://safiri.example/go/abc")
    messages = pages([("A bus at 08:00, ", link)], 55, write)
    assert messages == ["A bus at 08:00, ", '<a href="https://safiri.example/go/abc">Book</a>']


def test_an_address_longer_than_a_message_is_still_shown() -> None:
    url = "https://safiri.example/" + "a" * 300
    assert "".join(pages([Link("Book", url)], 100, write)).replace("\n", "") == f"Book:{url}"


@pytest.mark.parametrize("cluster", ["👩🏾‍🦱", "é", "❤️"])
def test_what_is_drawn_as_one_is_not_torn_apart(cluster: str) -> None:
    for limit in range(12, 24):
        for message in pages([cluster * 12], limit, write):
            assert message.replace(cluster, "") == ""


def test_markup_counts_towards_the_limit() -> None:
    assert [len(message) for message in pages(["&" * 30], 50, write)] == [50, 50, 50]


def test_a_character_wider_than_the_limit_stands_alone() -> None:
    assert pages(["&&"], 3, write) == ["&amp;", "&amp;"]


def test_emoji_count_as_two() -> None:
    assert units("🚌a") == 3


def test_nul_bytes_and_halves_of_characters_are_dropped() -> None:
    assert printable("a\0b\ud800c") == "ab?c"
