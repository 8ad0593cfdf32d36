"""Which channels there are, and which are on."""

from __future__ import annotations

import subprocess
import sys

from bot.channels.registry import discover, enabled
from bot.config import Settings
from storage.memory import ProcessMemory
from tests.bot.channels.parts import Contents, Memory, Shelf, settings


def names(chosen: Settings) -> list[str]:
    return list(enabled(chosen, Shelf(), lambda channel: Memory(), ProcessMemory(), Contents()))


def test_every_file_is_a_channel_with_a_name_of_its_own() -> None:
    assert [kind.name for kind in discover()] == ["browser", "telegram", "terminal", "whatsapp"]


def test_without_keys_only_our_own_page_is_on() -> None:
    assert names(Settings()) == ["browser"]


def test_a_channel_is_on_once_its_keys_are_set() -> None:
    assert names(settings(demo=False)) == ["browser", "telegram", "whatsapp"]
    assert names(settings(telegram_token="")) == ["browser", "whatsapp"]
    assert names(settings(telegram_secret="", twilio_token="")) == ["browser"]


def test_each_channel_gets_a_memory_of_its_own() -> None:
    asked: list[str] = []

    def sent(channel: str) -> Memory:
        asked.append(channel)
        return Memory()

    enabled(settings(), Shelf(), sent, ProcessMemory(), Contents())
    assert sorted(asked) == sorted({kind.name for kind in discover()})


def test_receiving_loads_neither_the_telegram_library_nor_twilios_client() -> None:
    code = """
import sys
from bot.channel import BadPayload, BadSignature, Request
from bot.channels.registry import enabled
from storage.memory import ProcessMemory
from tests.bot.channels.parts import FORM, SECRET, Contents, Memory, Shelf, settings
channels = enabled(settings(), Shelf(), lambda name: Memory(), ProcessMemory(), Contents())
channels["telegram"].receive(Request(b'{"update_id": 1}', {"x-telegram-bot-api-secret-token": SECRET}, ""))
try:
    channels["whatsapp"].receive(Request(b"Body=hi", {}, "https://safiri.example/", FORM))
except BadSignature:
    print(sorted({"telegram", "twilio.rest", "requests"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
