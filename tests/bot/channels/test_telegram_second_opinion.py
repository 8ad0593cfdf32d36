"""The Telegram channel against a Bot API emulator that nobody here wrote (PyPI lo-bot-api-emulator)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from lo_bot_api_emulator import CONTRACT, LoBotApiEmulator

from bot.channel import Chat, Incoming, IncomingKind
from bot.channels.telegram import Telegram, webhook
from bot.replies import Bold, Button, Link, Reply
from storage.memory import ProcessMemory
from tests.bot.channels.parts import CONTENT, DATA, ICS, PDF, Memory, Shelf, send, settings

TEXTS = ("Name", "Description", "ShortDescription")


@dataclass
class Running:
    emulator: LoBotApiEmulator
    url: str


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    # It knows what these are not yet, and takes them unread.
    for method, unread in {
        "sendMessage": "link_preview_options",
        "editMessageText": "link_preview_options",
        "sendDocument": "thumbnail",
    }.items():
        known = CONTRACT["methods"][method]
        monkeypatch.setitem(known, "parameters", [*known["parameters"], unread])
    emulator = LoBotApiEmulator()
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(emulator.app(), access_log=None)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    port = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield Running(emulator, f"http://127.0.0.1:{port}")
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_another_server_takes_everything_that_is_sent(running: Running) -> None:
    chat = Chat("telegram", "4242", "Amina", "en")
    with_url = settings(telegram_url=running.url)
    channel = Telegram(with_url, Shelf(), Memory(), ProcessMemory())
    webhook(with_url, "set")
    channel.acknowledge(Incoming(chat, "1", IncomingKind.TEXT, "hi"))
    channel.acknowledge(Incoming(chat, "2", IncomingKind.BUTTON, action="a", reply_token="4000000001"))
    for line in ("buses …", "buses ✓"):
        send(channel, chat, [Reply((line,), progress="search-1")])
    plan = Reply(
        (Bold("Mombasa & <Nyali>"), Link("Book", "https://safiri.example/go/a?x=1&y=2"), "🚌 " * 2000),
        (
            Button("Cheaper", "trip:cheaper"),
            Button("Map", url="https://safiri.example/t/x"),
            Button("Taxi", url="tel:911"),
        ),
        (PDF, ICS, DATA),
    )
    send(channel, Chat("telegram", "4343"), [plan])
    calls = [(call["method"], call["status"]) for call in running.emulator.requests]
    not_modelled = {"sendMessageDraft"} | {f"{verb}My{text}" for verb in ("get", "set") for text in TEXTS}
    assert {(method, status) for method, status in calls if status != 200 and method not in not_modelled} == set()
    assert [method for method, _ in calls if method in ("sendMessage", "editMessageText", "sendDocument")] == [
        "sendMessage", "editMessageText", "sendMessage", "sendMessage", "sendMessage",
        "sendDocument", "sendDocument", "sendDocument",
    ]  # fmt: skip
    kept = [(asset["filename"], asset["data"]) for asset in running.emulator.assets.values()]
    assert kept == [(file.name, CONTENT[file.kind]) for file in (PDF, ICS, DATA)]
