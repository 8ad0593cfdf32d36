"""The simulator's page."""

from __future__ import annotations

import json

import pytest

from bot.channel import BadPayload, Chat, Incoming, IncomingKind
from bot.channels.browser import Browser, to_json
from bot.replies import Bold, Button, Link, Reply
from tests.bot.channels.parts import PDF, PUBLIC_URL, Shelf, request

POSTED = {"chat": "c-1", "id": "m_1", "text": "Mombasa"}


def receive(posted: object) -> list[Incoming]:
    return Browser().receive(request(json.dumps(posted).encode(), "application/json"))


def test_a_posted_text_is_a_message() -> None:
    assert receive(POSTED | {"lang": "sw"}) == [
        Incoming(Chat("browser", "c-1", language="sw"), "c-1:m_1", IncomingKind.TEXT, "Mombasa", reply_token="m_1")
    ]


def test_a_posted_action_is_a_tap() -> None:
    (incoming,) = receive(POSTED | {"text": "Cheaper", "action": "trip:cheaper"})
    assert (incoming.kind, incoming.action, incoming.text) == (IncomingKind.BUTTON, "trip:cheaper", "Cheaper")


@pytest.mark.parametrize(
    "posted",
    [[], {}, {"chat": "c", "id": "m"}, POSTED | {"text": " "}, POSTED | {"chat": "../x"}, POSTED | {"chat": ""},
     POSTED | {"id": "a" * 65}, POSTED | {"text": 7}, POSTED | {"chat": "c\n"}],
    ids=json.dumps,
)  # fmt: skip
def test_anything_else_is_refused(posted: object) -> None:
    with pytest.raises(BadPayload):
        receive(posted)


def test_a_reply_is_handed_to_the_page_as_it_is() -> None:
    reply = Reply(
        ("Your <trip>", (Bold("Fri"), Link("Book", "https://x.example/"))),
        (Button("Cheaper", "d"), Button("Map", url="https://safiri.example/t/x")),
        (PDF,),
        progress="search-1",
    )
    assert to_json(reply, Shelf()) == {
        "lines": [
            [{"text": "Your <trip>"}],
            [{"text": "Fri", "bold": True}, {"text": "Book", "url": "https://x.example/"}],
        ],
        "buttons": [{"label": "Cheaper", "action": "d"}, {"label": "Map", "url": "https://safiri.example/t/x"}],
        "attachments": [
            {"kind": "pdf", "name": "Mombasa.pdf", "caption": PDF.caption, "url": f"{PUBLIC_URL}/files/Mombasa.pdf"}
        ],
        "progress": "search-1",
    }


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x.example", "JAVASCRIPT:x"])
def test_an_address_that_could_be_a_script_is_only_text(url: str) -> None:
    told = to_json(Reply((Link("Book", url),), (Button("Book", url=url),)), Shelf())
    assert told["lines"] == [[{"text": f"Book: {url}"}], [{"text": f"Book: {url}"}]]
    assert told["buttons"] == []
