"""The fakes push to a webhook as the real services do: the channels accept what they post, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from werkzeug.wrappers import Request as WebRequest
from werkzeug.wrappers import Response

from bot.channel import BadSignature, Channel, Chat, Incoming, IncomingKind, Request
from bot.channels.telegram import Telegram, webhook
from bot.channels.whatsapp import WhatsApp
from bot.replies import Button, Reply
from storage.memory import ProcessMemory
from tests.bot.channels.parts import Contents, Memory, Pace, Shelf, send, settings
from tests.fakes.loopback import Loopback
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import TRAVELLER, FakeTwilio


class Web(Loopback):
    """The web process at its smallest: hands what is posted to one channel."""

    channel: Channel

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        super().__init__()

    def answer(self, request: WebRequest) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.get_data(), headers, self.url + request.path, request.content_type or "")
        with suppress(BadSignature):
            self.heard += self.channel.receive(asked)
            return Response(status=200)
        return Response(status=403)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


def test_telegram_posts_messages_and_taps_to_the_webhook_that_was_set(web: Web) -> None:
    with FakeTelegram(https_only=False) as server:
        chosen = settings(telegram_url=server.url, public_url=web.url)
        web.channel = Telegram(chosen, Shelf(), Memory(), ProcessMemory())
        webhook(chosen, "set")
        assert server.push(server.message("Mombasa")).status_code == 200
        send(web.channel, Chat("telegram", "4242"), [Reply(("Your trip",), (Button("Cheaper", "d"),))])
        server.wait_for(lambda: len(server.sent) == 1)
        assert server.tap(server.sent[0].button("Cheaper")).status_code == 200
        assert server.push(server.message("again"), secret="wrong").status_code == 403
    assert [(heard.kind, heard.text, heard.action) for heard in web.heard] == [
        (IncomingKind.TEXT, "Mombasa", ""),
        (IncomingKind.BUTTON, "", "d"),
    ]
    assert len({heard.external_id for heard in web.heard}) == 2


def test_telegram_posts_only_what_was_asked_for(web: Web) -> None:
    with FakeTelegram(https_only=False) as server:
        web.channel = Telegram(settings(telegram_url=server.url), Shelf(), Memory(), ProcessMemory())
        webhook(settings(telegram_url=server.url, public_url=web.url), "set")
        with pytest.raises(AssertionError, match="never asked"):
            server.push({"poll": {"id": "1"}})


def test_twilio_posts_signed_forms(web: Web) -> None:
    with FakeTwilio() as service:
        web.channel = WhatsApp(settings(twilio_url=service.url), Shelf(), Memory(), Pace(), Contents())
        address = f"{web.url}/webhooks/whatsapp"
        assert service.push(address, "Mombasa for 2 & 🏖").status_code == 200
        assert service.post(address, service.form("hi"), signed_for="https://other.example/").status_code == 403
    assert [(heard.text, heard.chat.address) for heard in web.heard] == [("Mombasa for 2 & 🏖", TRAVELLER)]


def test_what_does_not_happen_is_said_in_time() -> None:
    with FakeTwilio() as service, pytest.raises(AssertionError, match="in time"):
        service.wait_for(lambda: service.sent != [], seconds=0.05)
