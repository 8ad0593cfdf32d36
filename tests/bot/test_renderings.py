"""The written conversations mean the same in a terminal, on Telegram and on WhatsApp, tapped or typed by number."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.channel import Chat
from bot.channels.telegram import Telegram
from bot.channels.terminal import Terminal
from bot.channels.whatsapp import WhatsApp
from bot.replies import Bold, Line, Link, Reply
from bot.state import Decision
from storage.memory import ProcessMemory
from tests.bot.channels.parts import Contents, Memory, Pace, Shelf, send, settings
from tests.bot.test_dialogues import SCRIPTS
from tests.bot.transcripts import Player, play
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import TRAVELLER, FakeTwilio

pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after")  # the library announces a change of type


@dataclass(frozen=True)
class Meaning:
    """What a traveller is told, whatever it looks like: the words, the addresses, the choices in their order."""

    words: tuple[str, ...]
    addresses: frozenset[str]
    choices: tuple[str, ...]


@dataclass
class Recording(Player):
    """A player that keeps what was said and counts taps as numbers when told to."""

    said: list[Reply] | None = None
    typing: bool = False

    def written(self, decision: Decision) -> Iterator[str]:
        if self.said is not None:
            self.said += [reply for reply in decision.replies if reply.progress is None]
        return super().written(decision)

    def direct(self, order: str) -> list[str]:
        if not (self.typing and order.startswith("tap ")):
            return super().direct(order)
        labels = [label for label, action in self.state.choices if not action.startswith("http")]
        return self.say(str(labels.index(order.removeprefix("tap ")) + 1))


def replies(script: Path) -> list[Reply]:
    """Everything that is said in a script, without what only shows progress, files or that anything was planned."""
    said: list[Reply] = []
    play(script.read_text(encoding="utf-8"), Recording(said=said))
    return [Reply(reply.lines, reply.buttons) for reply in said if reply.lines]


def meant(reply: Reply) -> Meaning:
    """What a reply should come across as."""
    rows, found = [], set[str]()
    for line in reply.lines:
        for row in _rows(line):
            rows.append("".join(span if isinstance(span, str) else span.text for span in row))
            found |= {span.url for span in row if isinstance(span, Link)}
    rows += [button.label for button in reply.buttons if button.url]
    addresses = found | {button.url for button in reply.buttons if button.url}
    bare, told = _without_addresses(rows)
    choices = tuple(button.label for button in reply.buttons if button.action)
    return Meaning(bare, _plain(addresses | told), choices)


def _rows(line: Line) -> list[list[str | Bold | Link]]:
    rows: list[list[str | Bold | Link]] = [[]]
    for span in line if isinstance(line, tuple) else (line,):
        first, *more = span.split("\n") if isinstance(span, str) else [span]
        rows[-1].append(first)
        rows += [[row] for row in more]
    return rows


def _without_addresses(rows: Sequence[str]) -> tuple[tuple[str, ...], set[str]]:
    """The rows with "words: address" as words alone, in no order of their own, and the addresses."""
    addresses: set[str] = set()
    bare: list[str] = []
    for row in rows:
        addresses.update(re.findall(r"https?://[^\s)]+", row))
        row = re.sub(r"(?:: )?https?://[^\s)]+", "", row)
        bare += [" ".join(row.split())] if row.strip() else []
    return tuple(sorted(bare)), addresses


def on_telegram(reply: Reply, server: FakeTelegram, channel: Telegram) -> Meaning:
    before = len(server.sent)
    send(channel, Chat("telegram", "4242"), [reply])
    rows, addresses, choices = list[str](), set[str](), list[str]()
    for message in server.sent[before:]:
        rows += message.shown.split("\n")
        addresses |= {url for _, url in message.text.links}
        for row in message.keyboard:
            for key in row:
                if "url" in key:
                    rows.append(key["text"])
                    addresses.add(key["url"])
                else:
                    choices.append(key["text"])
    bare, told = _without_addresses(rows)
    return Meaning(bare, _plain(addresses | told), tuple(choices))


def on_whatsapp(reply: Reply, server: FakeTwilio, channel: WhatsApp) -> Meaning:
    before = len(server.sent)
    send(channel, Chat("whatsapp", TRAVELLER), [reply])
    rows = [row for message in server.sent[before:] for row in message.body.split("\n")]
    return _numbered([re.sub(r"(?<!\w)\*(.+?)\*(?!\w)", r"\1", row) for row in rows], reply)


def in_a_terminal(reply: Reply) -> Meaning:
    out = io.StringIO()
    send(Terminal(out, Shelf(), Path("unused")), Chat("terminal", "local"), [reply])
    return _numbered(out.getvalue().split("\n"), reply)


def _numbered(rows: Sequence[str], reply: Reply) -> Meaning:
    """Rows whose last ones are choices with their numbers."""
    count = sum(bool(button.action) for button in reply.buttons)
    choices, rest = list[str](), list(rows)
    for number in range(count, 0, -1):
        row = next(row for row in reversed(rest) if row.strip().startswith(f"{number}. "))
        del rest[len(rest) - 1 - rest[::-1].index(row)]
        choices.insert(0, row.strip().removeprefix(f"{number}. "))
    bare, addresses = _without_addresses(rest)
    return Meaning(bare, _plain(addresses), tuple(choices))


def _plain(addresses: set[str]) -> frozenset[str]:
    """Addresses without the stroke that Telegram adds to a bare host."""
    return frozenset(address.rstrip("/") for address in addresses)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_means_the_same_everywhere(script: Path) -> None:
    said = replies(script)
    assert said
    with FakeTelegram() as telegram, FakeTwilio() as twilio:
        on = settings(telegram_url=telegram.url, twilio_url=twilio.url)
        channels: dict[str, Callable[[Reply], Meaning]] = {
            "telegram": lambda reply: on_telegram(reply, telegram, Telegram(on, Shelf(), Memory(), ProcessMemory())),
            "whatsapp": lambda reply: on_whatsapp(reply, twilio, WhatsApp(on, Shelf(), Memory(), Pace(), Contents())),
            "terminal": in_a_terminal,
        }
        for reply in said:
            assert {name: show(reply) for name, show in channels.items()} == dict.fromkeys(channels, meant(reply))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_number_typed_is_the_choice_tapped(script: Path) -> None:
    written = script.read_text(encoding="utf-8")
    assert play(written, Recording(typing=True)) == written


def test_there_are_conversations_in_every_language_and_mood() -> None:
    assert len(SCRIPTS) >= 60
    names = Counter(part for path in SCRIPTS for part in path.stem.split("-"))
    assert names["sw"] >= 20
    assert names["sheng"] >= 3
