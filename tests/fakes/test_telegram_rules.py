"""The fake's rules against the table of addresses that the real server's code takes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels._telegram_html import acceptable
from tests.fakes.telegram_rules import Refused, Text, checked_link, parse_html

ROWS = json.loads((Path(__file__).parents[1] / "fixtures/telegram/url_button_acceptance.json").read_text())["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["url"])
def test_an_address_is_taken_or_refused_as_by_the_server(row: dict[str, str]) -> None:
    if row["accepted"]:
        assert checked_link(row["url"], "button URL") == row["normalised"]
    else:
        with pytest.raises(Refused, match=row["error"]):
            checked_link(row["url"], "button URL")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["url"])
def test_no_address_is_offered_that_the_server_refuses(row: dict[str, str]) -> None:
    complete = row["url"].startswith(("http://", "https://", "tg://"))
    assert acceptable(row["url"]) == (bool(row["accepted"]) and complete)


@pytest.mark.parametrize(
    "url",
    ["https://a b.example", "https://x.example/ y", "https://x.example:0/", "https://x.example:99999/", "http://[::1",
     "https://user:word@x.example/", "https://x.example/%zz", "https://.example", "https://x.example/" + "a" * 2048],
)  # fmt: skip
def test_doubtful_addresses_are_not_offered(url: str) -> None:
    assert not acceptable(url)


def test_html_is_read_as_telegram_reads_it() -> None:
    text = parse_html('<b>Fri</b> &amp; <a href="https://x.example/?a=1&amp;b=2">Book</a> 5 &gt; 3 & more')
    assert text == Text("Fri & Book 5 > 3 & more", ("Fri",), (("Book", "https://x.example/?a=1&b=2"),))


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("a <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a </b>", "Unexpected end tag at byte offset 2"),
        ("🏟 <b>x</i>", 'Unmatched end tag at byte offset 9, expected "</b>", found "</i>"'),
        ("a <script>x</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ('<a href="tel:911">x</a>', "Wrong HTTP URL"),
    ],
)
def test_bad_html_is_refused(source: str, error: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(source)
    assert error in str(refused.value)
