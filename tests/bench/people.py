"""Many people who each ask for a trip: at once, and steadily. Whether each got one, one alone, and how soon.

`python -m tests.bench people --minutes 10` for a thousand people in ten minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import click

from tests.bench.chatapp import SECRET, ChatApp
from tests.bench.lean import Client
from tests.bench.load import quantile
from tests.bench.outside import MODEL_SECONDS, SOURCE_SECONDS, outside, wish
from tests.bench.stack import PROGRAMS, Database, Stack, aside, databases, stack_on

AT_ONCE = 100
A_MINUTE = 100
PATIENCE = 120.0  # seconds; who waited longer got nothing
CARD = "checks passed"  # stands in the message that shows a plan
FILES = 2  # PDF and calendar end a finished plan
WORKERS = (2, 4, 8)
ENOUGH = 8  # workers of the steady load


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one wish; seconds from when it was said. No `planned`: it was lost.

    `shown` is when the plan could be read, `planned` when its files were there, too.
    """

    acknowledged: float
    shown: float | None = None
    planned: float | None = None


class Crowd:
    """People with chats of their own."""

    def __init__(self, telegram: ChatApp, port: int) -> None:
        self._telegram = telegram
        head = f"Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
        self._client = Client(port, "/webhooks/telegram", head)
        self._chats: list[int] = []

    async def ask(self, number: int) -> Fate:
        chat = 500_000 + number
        self._chats.append(chat)
        began = time.perf_counter()
        status, acknowledged = await self._client.post(self._telegram.update(chat, wish(number)))
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")
        try:
            planned = await self._telegram.received(chat, "sendDocument", FILES, PATIENCE) - began
        except TimeoutError:
            return Fate(acknowledged)
        cards = [call.at - began for call in self._telegram.calls[chat] if CARD in call.text]
        return Fate(acknowledged, min(cards, default=None), planned)

    async def all_at_once(self, count: int, first: int = 0) -> list[Fate]:
        return await asyncio.gather(*(self.ask(first + number) for number in range(count)))

    async def steadily(self, minutes: float) -> list[Fate]:
        """As many a minute as always, evenly."""
        asking = []
        for number in range(round(A_MINUTE * minutes)):
            asking.append(asyncio.create_task(self.ask(number)))
            await asyncio.sleep(60 / A_MINUTE)
        return list(await asyncio.gather(*asking))

    def doubled(self) -> int:
        """Who got more than one plan."""
        return sum(self._telegram.count(chat, "sendDocument") > FILES for chat in self._chats)


def report(minutes: float = 1.0) -> None:
    """A crowd with more and more workers, then a steady stream for so many minutes."""
    click.echo(f"people who ask for a trip, model {MODEL_SECONDS:g} s, sources {SOURCE_SECONDS:g} s:")
    with databases() as (_, postgresql):
        for count in WORKERS:
            told = asyncio.run(_crowd(postgresql, count, None))
            click.echo(f"  {AT_ONCE} at once, {count} workers: {told}")
        told = asyncio.run(_crowd(postgresql, ENOUGH, minutes))
        click.echo(f"  {A_MINUTE} a minute for {minutes:g} min, {ENOUGH} workers: {told}")


async def _crowd(kind: Database, workers: int, minutes: float | None) -> str:
    async with ChatApp() as telegram, outside() as services, aside(stack_on(kind, telegram.url, services)) as stack:
        port = await asyncio.to_thread(_start, stack, workers)
        crowd = Crowd(telegram, port)
        fates = await (crowd.all_at_once(AT_ONCE) if minutes is None else crowd.steadily(minutes))
        return _told(fates, crowd.doubled())


def _start(stack: Stack, workers: int) -> int:
    port = stack.start_web()
    stack.start_workers(workers)
    stack.start("clock", *PROGRAMS["clock"])
    return port


def _told(fates: Sequence[Fate], doubled: int) -> str:
    planned = [fate.planned for fate in fates if fate.planned is not None]
    shown = [fate.shown for fate in fates if fate.shown is not None]
    acknowledged = max(fate.acknowledged for fate in fates)
    soon = (
        f"plan shown p50 {quantile(shown, 0.5):.1f} s, p95 {quantile(shown, 0.95):.1f} s, "
        f"with its files p50 {quantile(planned, 0.5):.1f} s, p95 {quantile(planned, 0.95):.1f} s"
        if planned
        else "none planned"
    )
    return f"acknowledged within {acknowledged:.2f} s, {soon}; lost {len(fates) - len(planned)}, doubled {doubled}"
