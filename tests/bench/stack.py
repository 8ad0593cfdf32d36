"""The real processes of Safiri, started for a measurement and stopped again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import redis

from tests.bench.chatapp import SECRET, TOKEN
from tests.servers import DURABLE, postgres_server, redis_server, spare_port

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-23"
# What is measured runs with what a server has: packages for tests, where they are installed, are found and loaded, too.
PYTHON = os.environ.get("SERVICE_PYTHON") or sys.executable
PATIENCE = 60.0  # seconds for a process to be ready
SAFIRI = "bot.web.wsgi:app"
PROGRAMS = {"worker": ("-m", "bot.worker"), "clock": ("-m", "bot.clock")}


@dataclass(frozen=True, slots=True)
class Database:
    """A kind of database: its name in reports, and how to get a fresh one."""

    name: str
    fresh: Callable[[], str]


@dataclass(slots=True)
class Stack:
    """What runs. `env` is what the processes were given, `servers` the ids of those that we did not write."""

    env: dict[str, str]
    folder: Path
    redis_pid: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.env["PORT"])

    def start(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Run Python with arguments; `name` names its log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [PYTHON, *arguments], cwd=ROOT, env={**self.env, **(env or {})}, stdout=log, stderr=log
            )
        self.processes[name] = process
        return process

    def start_web(self, app: str = SAFIRI, name: str = "web") -> int:
        """Serve an application as Safiri is served; the port. Each has a folder of its own, to count in."""
        port = self.port if app == SAFIRI else spare_port()
        env = {"PORT": str(port), "SAFIRI_VAR": str(self.folder / name)}
        self.start(name, "-m", "gunicorn", "-c", "gunicorn.conf.py", app, env=env)
        until(lambda: answers(port), f"{name} answers", self.fallen)
        return port

    def start_workers(self, count: int) -> None:
        self.start("worker", *PROGRAMS["worker"], env={"WORKERS": str(count)})
        self.wait_for_workers(count)

    def wait_for_workers(self, count: int) -> None:
        """Until so many have told Redis that they wait for jobs."""
        with redis.Redis.from_url(self.env["REDIS_URL"]) as client:
            until(lambda: int(client.scard("rq:workers")) >= count, "the workers wait for work", self.fallen)

    def stop(self, *names: str) -> None:
        """End these processes, or all of them."""
        ending = [self.processes.pop(name) for name in names or list(self.processes)]
        for process in ending:
            process.terminate()
        for process in ending:
            process.wait(60)

    def fallen(self) -> str:
        """The last words of what should run and does not."""
        fallen = [name for name, process in self.processes.items() if process.poll() is not None]
        return "\n".join((self.folder / f"{name}.log").read_text()[-2000:] for name in fallen)

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.env["REDIS_URL"]) as client:
            client.flushdb()


@contextmanager
def databases() -> Iterator[list[Database]]:
    """SQLite and PostgreSQL, both as careful with what was committed as they are for real."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="safiri-bench-")))
        server = stack.enter_context(postgres_server(DURABLE, max_connections="200"))
        made: list[str] = []

        def sqlite() -> str:
            made.append("sqlite")
            return f"sqlite:///{folder / f'{len(made)}.db'}"

        def postgresql() -> str:
            made.append("postgresql")
            server.run(f"CREATE DATABASE bench{len(made)}")
            return server.url(f"bench{len(made)}")

        yield [Database("SQLite", sqlite), Database("PostgreSQL", postgresql)]


@contextmanager
def stack_on(database: Database, telegram: str, env: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """A fresh database with its tables and an empty Redis; nothing of ours runs yet. `telegram` is where it is."""
    with redis_server() as server, tempfile.TemporaryDirectory(prefix="safiri-bench-") as folder:
        port = spare_port()
        everything = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": "the secret of a benchmark and of nothing else",
            "SAFIRI_VAR": folder,
            "SAFIRI_TODAY": TODAY,
            "DATABASE_URL": database.fresh(),
            "REDIS_URL": server.url,
            "LOG_FORMAT": "json",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": telegram,
            **(env or {}),
        }
        subprocess.run(
            [sys.executable, "-m", "bot", "migrate"], cwd=ROOT, env=everything, check=True, capture_output=True
        )
        assert server.process is not None
        stack = Stack(everything, Path(folder), server.process.pid)
        try:
            yield stack
        finally:
            stack.stop()


@asynccontextmanager
async def aside(context: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave it in a thread: what it waits for may need an answer from this loop."""
    entered = await asyncio.to_thread(context.__enter__)
    try:
        yield entered
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


def until(happened: Callable[[], bool], what: str, fallen: Callable[[], str] = str) -> None:
    """Wait for it. Raises RuntimeError when it takes too long or something that should run has ended."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if last_words := fallen():
            raise RuntimeError(f"not {what}, something ended:\n{last_words}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(0.005)


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether somebody answers there, be it that nothing is found."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
