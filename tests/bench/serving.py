"""From a message at the webhook to its answer at Telegram: /help with our workers, beside bots that only echo."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

import click

from tests.bench.chatapp import SECRET, ChatApp
from tests.bench.lean import Client
from tests.bench.load import quantile
from tests.bench.stack import Database, Stack, answers, aside, databases, stack_on, until
from tests.servers import spare_port

ALONE = 150  # messages one after the other
TOGETHER = 32  # people who write at the same time, each again when answered
SECONDS = 6.0
PATIENCE = 60.0
PEOPLE = 2_000  # they write in turn: nobody writes so often that a limit for one person counts
WORKERS = (1, 2, 4)
FAR = 0.1  # seconds that a call of the Bot API may take in life
Way = Callable[[Stack], AbstractContextManager[tuple[int, str]]]  # gives port and path of a webhook that runs


@dataclass(frozen=True, slots=True)
class Figures:
    """One way to answer; times in milliseconds."""

    per_second: float
    p50: float  # one message at a time
    p99: float


class Crowd:
    """People who write to the bot and wait for what it says."""

    def __init__(self, telegram: ChatApp, client: Client, text: str) -> None:
        self._telegram = telegram
        self._client = client
        self._text = text
        self._turns = itertools.cycle(range(200_000, 200_000 + PEOPLE))

    async def ask(self) -> float:
        """Seconds from the webhook to the answer. Raises TimeoutError, RuntimeError for a refusal."""
        chat = next(self._turns)
        before = self._telegram.count(chat, "sendMessage")
        began = time.perf_counter()
        status, _ = await self._client.post(self._telegram.update(chat, self._text))
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")
        return await self._telegram.received(chat, "sendMessage", before + 1, PATIENCE) - began

    async def alone(self) -> list[float]:
        """One message after the other."""
        return [await self.ask() for _ in range(ALONE)]

    async def together(self, seconds: float) -> float:
        """Messages answered a second while many write."""
        end, done = time.perf_counter() + seconds, 0

        async def one() -> None:
            nonlocal done
            while time.perf_counter() < end:
                await self.ask()
                done += time.perf_counter() < end

        await asyncio.gather(*(one() for _ in range(TOGETHER)))
        return done / seconds


async def measure(telegram: ChatApp, port: int, path: str, text: str = "/help") -> Figures:
    """Answers of whoever listens there."""
    client = Client(port, path, f"Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n")
    crowd = Crowd(telegram, client, text)
    await crowd.together(1.0)  # connections, compiled statements
    took = await crowd.alone()
    per_second = await crowd.together(SECONDS)
    client.close()
    return Figures(per_second, 1000 * quantile(took, 0.5), 1000 * quantile(took, 0.99))


@contextmanager
def _ours(stack: Stack, workers: int) -> Iterator[tuple[int, str]]:
    port = stack.start_web()
    stack.start_workers(workers)
    yield port, "/webhooks/telegram"


_two_workers = partial(_ours, workers=2)


@contextmanager
def _library_bot(stack: Stack) -> Iterator[tuple[int, str]]:
    port = spare_port()
    stack.start("bot", "-m", "tests.bench.echoes", "bot", str(port), stack.env["TELEGRAM_API_URL"])
    until(lambda: answers(port), "the bot listens", stack.fallen)
    yield port, "/"


@contextmanager
def _rq(stack: Stack, kind: str) -> Iterator[tuple[int, str]]:
    port = stack.start_web("tests.bench.routes:app", "routes")
    for number in range(2):
        stack.start(f"{kind}{number}", "-m", "tests.bench.echoes", kind)
    stack.wait_for_workers(2)
    yield port, "/rq"


async def _measure(kind: Database, way: Way, delay: float = 0.0) -> Figures:
    async with (
        ChatApp(delay) as telegram,
        aside(stack_on(kind, telegram.url)) as stack,
        aside(way(stack)) as (port, path),
    ):
        return await measure(telegram, port, path)


def report() -> None:
    """On SQLite and PostgreSQL with 1, 2 and 4 workers; echoes, which store nothing, with two."""
    with databases() as kinds:
        ours = [(kind, count) for kind in kinds for count in WORKERS]
        click.echo("from webhook to answer, /help, as many as get done for 32 people and one at a time:")
        for kind, count in ours:
            _say(f"Safiri, {kind.name}, {count} worker{'s' if count > 1 else ''}", kind, partial(_ours, workers=count))
        _say(f"Safiri, {kinds[0].name}, 2 workers, each call takes {1000 * FAR:.0f} ms", kinds[0], _two_workers, FAR)
        click.echo("beside it, bots that only echo:")
        _say("python-telegram-bot, one process", kinds[0], _library_bot)
        _say("two RQ workers that fork", kinds[0], partial(_rq, kind="forking"))
        _say("two RQ workers that do not fork", kinds[0], partial(_rq, kind="simple"))


def _say(name: str, kind: Database, way: Way, delay: float = 0.0) -> None:
    found = asyncio.run(_measure(kind, way, delay))
    click.echo(f"  {name}: {found.per_second:.0f}/s; p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms")
