"""The webhook and the bot's profile, as `python -m bot webhook set` leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from bot.channel import ChannelError
from bot.channels.telegram import unusable, webhook
from bot.commands import command
from bot.intents import Context
from tests.bot.channels.parts import PUBLIC_URL, SECRET, settings
from tests.fakes.telegram import FakeTelegram

pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after")  # the library announces a change of type
HANDLED = ["message", "edited_message", "callback_query", "my_chat_member"]


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def test_the_webhook_is_set_with_secret_and_only_what_is_handled(server: FakeTelegram) -> None:
    told = webhook(settings(telegram_url=server.url), "set")
    assert told["url"] == f"{PUBLIC_URL}/webhooks/telegram"
    assert server.webhook["secret_token"] == SECRET
    assert server.webhook["allowed_updates"] == HANDLED
    assert dict(server.calls)["setWebhook"].get("drop_pending_updates") in (None, "false")


def test_every_command_of_a_menu_is_understood_in_both_languages(server: FakeTelegram) -> None:
    webhook(settings(telegram_url=server.url), "set")
    context = Context(today=date(2026, 11, 23))
    scopes = {"default", "all_private_chats", "all_group_chats"}
    assert set(server.commands) == {(scope, language) for scope in scopes for language in ("", "sw")}
    for scope in scopes:
        english, swahili = ([entry["command"] for entry in server.commands[scope, lang]] for lang in ("", "sw"))
        assert english == swahili
        assert [name for name in english if command(f"/{name}", context) is None] == []
    assert len(server.commands["all_group_chats", ""]) < len(server.commands["all_private_chats", ""])


def test_the_profile_is_told_in_both_languages(server: FakeTelegram) -> None:
    webhook(settings(telegram_url=server.url), "set")
    texts = {(text, lang) for text in ("name", "description", "short_description") for lang in ("", "sw")}
    assert set(server.profile) == texts
    assert len(set(server.profile.values())) == 6


def test_setting_it_again_changes_nothing(server: FakeTelegram) -> None:
    webhook(settings(telegram_url=server.url), "set")
    before = len(server.calls)
    assert webhook(settings(telegram_url=server.url), "set")["profile"] == "up to date"
    changes = [method for method, _ in server.calls[before:] if method.startswith("set")]
    assert changes == ["setWebhook"]


def test_a_name_that_may_not_be_changed_now_stops_nothing_else(server: FakeTelegram) -> None:
    server.fail("setMyName", 429, "Too Many Requests: retry after 70000", retry_after=70000)
    told = str(webhook(settings(telegram_url=server.url), "set")["profile"])
    assert "name (en) not set: Telegram asks to wait 70000 s" in told
    assert ("name", "sw") in server.profile
    assert server.commands


def test_the_webhook_is_shown_and_deleted(server: FakeTelegram) -> None:
    with_url = settings(telegram_url=server.url)
    webhook(with_url, "set")
    server.trouble = {"last_error_message": "Wrong response: 502 Bad Gateway", "last_error_date": 1795759200}
    assert webhook(with_url, "info") == {
        "url": f"{PUBLIC_URL}/webhooks/telegram", "allowed_updates": ", ".join(HANDLED), "pending": 0,
        "ip": "203.0.113.7", "max_connections": 40, "last_error": "Wrong response: 502 Bad Gateway",
        "last_error_at": "2026-11-27T06:00:00+00:00",
    }  # fmt: skip
    assert webhook(with_url, "delete")["url"] == ""


def test_a_webhook_address_telegram_cannot_use_is_explained(server: FakeTelegram) -> None:
    with pytest.raises(ChannelError, match=r"(?i)an https url must be provided"):
        webhook(settings(telegram_url=server.url, public_url="http://127.0.0.1:8000"), "set")


@pytest.mark.parametrize(
    ("url", "problem"),
    [("https://safiri.example", ""), ("https://safiri.example:8443", ""), ("https://safiri.example:88", ""),
     ("https://safiri.example:8000", "only the ports 443, 80, 88 and 8443"), ("http://safiri.example", "https")],
)  # fmt: skip
def test_an_address_is_looked_at_before_telegram_is_asked(url: str, problem: str) -> None:
    assert problem in unusable(url)
    assert bool(unusable(url)) == bool(problem)
