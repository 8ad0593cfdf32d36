"""What every channel promises, whatever its app."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from bot.channel import BadPayload, BadSignature, Channel, Chat, IncomingKind, Request
from bot.channels.browser import Browser
from bot.channels.registry import discover
from bot.channels.telegram import Telegram
from bot.channels.terminal import Terminal
from bot.channels.whatsapp import WhatsApp
from bot.replies import Bold, Button, Link, Reply
from storage.memory import ProcessMemory
from tests.bot.channels.parts import (
    DATA,
    ICS,
    PDF,
    PUBLIC_URL,
    SECRET,
    Contents,
    Memory,
    Pace,
    Shelf,
    request,
    send,
    settings,
)
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import NUMBER, TRAVELLER, FakeTwilio


@dataclass
class Bench:
    """A channel with the other side of it: a true request that says `text`, and everything that was shown."""

    channel: Channel
    says: Callable[[str], Request]
    shown: Callable[[], str] | None
    address: str


def telegram(stack: list[object], tmp_path: Path) -> Bench:
    server = FakeTelegram()
    stack.append(server)

    def says(text: str) -> Request:
        message = server.message(text)["message"]
        return request(
            json.dumps({"update_id": 1, "message": message}).encode(), x_telegram_bot_api_secret_token=SECRET
        )

    channel = Telegram(settings(telegram_url=server.url), Shelf(), Memory(), ProcessMemory())
    return Bench(channel, says, lambda: "\n".join(sent.shown for sent in server.sent), "4242")


def whatsapp(stack: list[object], tmp_path: Path) -> Bench:
    service = FakeTwilio()
    stack.append(service)

    def says(text: str) -> Request:
        form = service.form(text)
        signature = service.signature(f"{PUBLIC_URL}/webhooks/x", form)
        kind = "application/x-www-form-urlencoded"
        return request(urlencode(form).encode(), kind, x_twilio_signature=signature)

    channel = WhatsApp(settings(twilio_url=service.url), Shelf(), Memory(), Pace(), Contents())
    return Bench(channel, says, lambda: "\n".join(sent.body for sent in service.sent), TRAVELLER)


def terminal(stack: list[object], tmp_path: Path) -> Bench:
    out = io.StringIO()
    return Bench(Terminal(out, Shelf(), tmp_path), lambda text: request(text.encode()), out.getvalue, "local")


def browser(stack: list[object], tmp_path: Path) -> Bench:
    def says(text: str) -> Request:
        return request(json.dumps({"chat": "c1", "id": "m1", "text": text}).encode(), "application/json")

    return Bench(Browser(), says, None, "c1")


BENCHES = {"telegram": telegram, "whatsapp": whatsapp, "terminal": terminal, "browser": browser}


@pytest.fixture(params=BENCHES)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    servers: list[FakeTelegram | FakeTwilio] = []
    yield BENCHES[request.param](servers, tmp_path)  # type: ignore[arg-type]
    for server in servers:
        server.close()


def test_every_channel_is_held_to_it() -> None:
    assert sorted(BENCHES) == sorted(kind.name for kind in discover())


def test_a_message_says_where_to_answer_and_who_it_is_once(bench: Bench) -> None:
    (incoming,) = bench.channel.receive(bench.says("Mombasa for 2 🏖"))
    assert incoming.text == "Mombasa for 2 🏖"
    assert incoming.kind is IncomingKind.TEXT
    assert (incoming.chat.channel, incoming.chat.address) == (bench.channel.name, bench.address)
    assert incoming.external_id


@pytest.mark.parametrize("text", ["x" * 10_000, "🦒" * 500, "ممباسا", "a\u200bb", "<b>&amp;</b> *x* _y_ `z`"])
def test_any_text_is_taken(bench: Bench, text: str) -> None:
    assert [incoming.text for incoming in bench.channel.receive(bench.says(text))] == [text]


def test_nul_bytes_do_not_get_through(bench: Bench) -> None:
    assert [incoming.text for incoming in bench.channel.receive(bench.says("Mom\0basa"))] == ["Mombasa"]


@given(st.binary(max_size=60))
@with_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_junk_is_refused_or_heard_but_never_an_error(bench: Bench, body: bytes) -> None:
    for headers in ({}, {"x_telegram_bot_api_secret_token": SECRET}):
        with suppress(BadPayload, BadSignature):
            assert isinstance(bench.channel.receive(request(body, "text/plain", **headers)), list)


def test_an_acknowledgement_says_nothing(bench: Bench) -> None:
    (incoming,) = bench.channel.receive(bench.says("hi"))
    bench.channel.acknowledge(incoming)
    bench.channel.show_typing(incoming)
    assert not (bench.shown and bench.shown().strip())


def test_a_reply_arrives_with_all_it_says(bench: Bench) -> None:
    reply = Reply(
        ((Bold("Mombasa"), " from Nairobi"), "KES 41,300 <of> 60,000 & more", Link("Call", "tel:+254700000001")),
        (Button("Cheaper", "trip:cheaper"), Button("Taxi", url="tel:+254700000002")),
        (PDF, ICS, DATA),
    )
    chat = Chat(bench.channel.name, bench.address)
    send(bench.channel, chat, [reply, Reply(("Where to next?",))])
    if bench.shown is None:
        return  # the page reads its replies from the store
    shown = bench.shown()
    for words in ("Mombasa", " from Nairobi", "KES 41,300 <of> 60,000 & more", "+254700000001", "+254700000002"):
        assert words in shown
    assert PDF.caption in shown
    assert shown.index("Mombasa") < shown.index("Where to next?")


def test_a_long_reply_loses_nothing(bench: Bench) -> None:
    lines = tuple(f"{number}. 🚌 " + "word " * 30 for number in range(40))
    send(bench.channel, Chat(bench.channel.name, bench.address), [Reply(lines)])
    if bench.shown is not None:
        assert "".join(bench.shown().split()) == "".join("".join(lines).split())


def test_its_number_at_twilio_is_not_a_traveller() -> None:
    assert NUMBER != TRAVELLER
