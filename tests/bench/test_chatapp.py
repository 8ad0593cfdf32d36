"""The lean Telegram of the benchmarks is one that python-telegram-bot believes."""

from __future__ import annotations

import asyncio

from telegram import Bot, InputFile, Message

from bot.channel import Request
from bot.channels.telegram import Telegram
from bot.config import Settings
from storage.memory import ProcessMemory
from tests.bench.chatapp import SECRET, TOKEN, UPDATE_BYTES, ChatApp, update
from tests.bot.web.conftest import NoDocuments


async def spoken() -> tuple[list[object], ChatApp]:
    """Every kind of answer that a delivery meets."""
    async with ChatApp() as telegram, Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        said = await bot.send_message(7, "Habari & karibu")
        answers: list[object] = [
            said,
            await bot.edit_message_text("Sawa", chat_id=7, message_id=said.message_id),
            await bot.send_document(7, InputFile(b"%PDF", filename="trip.pdf"), caption="Your trip"),
            await bot.send_chat_action(7, "typing"),
            await bot.answer_callback_query("4"),
        ]
        return answers, telegram


def test_the_library_takes_its_answers() -> None:
    answers, _ = asyncio.run(spoken())
    said, edited, sent, *done = answers
    assert isinstance(said, Message)
    assert (said.text, said.chat.id) == ("Habari & karibu", 7)
    assert isinstance(edited, Message)
    assert (edited.text, edited.message_id) == ("Sawa", said.message_id)
    assert isinstance(sent, Message)
    assert sent.document
    assert sent.caption == "Your trip"
    assert done == [True, True]


def test_it_remembers_who_got_what_in_order() -> None:
    _, telegram = asyncio.run(spoken())
    got = [(call.method, call.text) for call in telegram.calls[7]]
    assert got == [
        ("sendMessage", "Habari & karibu"),
        ("editMessageText", "Sawa"),
        ("sendDocument", "Your trip"),
        ("sendChatAction", ""),
    ]
    assert [call.at for call in telegram.calls[7]] == sorted(call.at for call in telegram.calls[7])


def test_its_updates_are_read_by_the_channel_and_have_the_size_asked_for() -> None:
    settings = Settings(telegram_token=TOKEN, telegram_secret=SECRET)
    channel = Telegram(settings, NoDocuments(), sent=None, pace=ProcessMemory())  # type: ignore[arg-type]  (nothing is sent)
    body = update(700_000_001, 4711, "/help", UPDATE_BYTES)
    assert len(body) == UPDATE_BYTES
    [message] = channel.receive(Request(body, {"x-telegram-bot-api-secret-token": SECRET}, ""))
    assert (message.chat.address, message.text.split()[0]) == ("4711", "/help")
