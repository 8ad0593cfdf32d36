"""What the whole stack needs on a small server: memory after many plans, and how soon its processes are there."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click

from tests.bench.chatapp import ChatApp
from tests.bench.outside import outside
from tests.bench.people import Crowd
from tests.bench.stack import PROGRAMS, Database, Stack, aside, databases, stack_on
from tests.bot.processes import descendants

TRIPS = 200
TOGETHER = 10  # people who plan at the same time
STARTS = 5
# Both chat apps are on.
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "twilio-token-of-nobody",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
    "TWILIO_API_URL": "http://127.0.0.1:1",
}


def report() -> None:
    """On SQLite, as on a small server."""
    with databases() as (sqlite, _):
        asyncio.run(_memory(sqlite, model=False))
        asyncio.run(_memory(sqlite, model=True))
        with stack_on(sqlite, telegram="http://127.0.0.1:1", env=TWILIO) as stack:
            web = _median(lambda: _timed(lambda: stack.start_web(), stack, "web"))
            worker = _median(lambda: _timed(lambda: stack.start_workers(2), stack, "worker"))
    click.echo(f"cold start, median of {STARTS}: web {web:.2f} s to its first 200 (goal < 1.5), workers {worker:.2f} s")


async def _memory(kind: Database, *, model: bool) -> None:
    async with ChatApp() as telegram, outside(model_seconds=0.02, source_seconds=0.02) as services:
        if not model:
            services = {name: value for name, value in services.items() if not name.startswith("ANTHROPIC")}
        async with aside(stack_on(kind, telegram.url, {**services, **TWILIO})) as stack:
            await _fill(stack, telegram, "with a model" if model else "without a model")


async def _fill(stack: Stack, telegram: ChatApp, named: str) -> None:
    port = await asyncio.to_thread(_start, stack)
    crowd = Crowd(telegram, port)
    planned = 0
    for first in range(0, TRIPS, TOGETHER):
        fates = await crowd.all_at_once(TOGETHER, first)
        planned += sum(fate.planned is not None for fate in fates)
    click.echo(f"memory (PSS) after {planned} planned trips, two workers, {named}:")
    used = {name: pss(process.pid) for name, process in stack.processes.items()} | {"redis": pss(stack.redis_pid)}
    for name, megabytes in used.items():
        click.echo(f"  {name}: {megabytes:.0f} MB")
    click.echo(f"  together: {sum(used.values()):.0f} MB (goal ≤ 450)")


def pss(pid: int) -> float:
    """Megabytes of a process and all below it; what they share is counted once."""
    return sum(_own_pss(process) for process in (pid, *descendants(pid))) / 1024


def _own_pss(pid: int) -> int:
    """Kilobytes, none when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _start(stack: Stack) -> int:
    port = stack.start_web()
    stack.start_workers(2)
    stack.start("clock", *PROGRAMS["clock"])
    return port


def _timed(start: Callable[[], object], stack: Stack, name: str) -> float:
    began = time.perf_counter()
    start()
    took = time.perf_counter() - began
    stack.stop(name)
    stack.empty_redis()
    return took


def _median(measured: Callable[[], float]) -> float:
    measured()  # compiles modules and fills the page cache
    return statistics.median(measured() for _ in range(STARTS))
