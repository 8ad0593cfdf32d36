"""The real web process, real workers and a real clock as processes, talking to fakes of Telegram, Twilio and Claude."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import redis

from bot.channels import telegram as telegram_channel
from bot.config import Settings
from tests.bot.processes import descendants, eventually
from tests.fakes.anthropic import FakeAnthropic
from tests.fakes.loopback import NO_TLS
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import FakeTwilio
from tests.servers import spare_port

ROOT = Path(__file__).parents[1]
MONDAY = "2026-11-23"
PROGRAMS = {
    "web": ("-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.web.wsgi:app"),
    "worker": ("-m", "bot.worker"),
    "clock": ("-m", "bot.clock"),
}


@dataclass
class Stack:
    """Everything running; `env` is what the processes were given."""

    env: dict[str, str]
    logs: Path
    telegram: FakeTelegram
    twilio: FakeTwilio
    claude: FakeAnthropic
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.env["PUBLIC_URL"]

    def start(self, name: str, program: str = "") -> None:
        """Start a program under a name of its own, by default the program of that name."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *PROGRAMS[program or name]],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        process.wait(30)

    def kill(self, name: str) -> None:
        """As the kernel does when memory is short: at once, without a word. Its children are left alone."""
        process = self.processes.pop(name)
        process.kill()
        process.wait(30)

    def children(self, name: str) -> list[int]:
        """The processes that a program has forked."""
        return descendants(self.processes[name].pid)

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.env["REDIS_URL"]) as client:
            client.flushdb()

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.logs.glob("*.log")))

    def fallen(self) -> list[str]:
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, verify=NO_TLS).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def running(env: dict[str, str], folder: Path) -> Iterator[Stack]:
    """All processes on these settings, with fresh fakes, stopped at the end."""
    with (
        FakeTelegram(https_only=False) as telegram,
        FakeTwilio() as twilio,
        FakeAnthropic() as claude,
        ExitStack() as end,
    ):
        port = spare_port()
        everything = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": "end to end secret end to end secret",
            "SAFIRI_VAR": str(folder),
            "SAFIRI_TODAY": MONDAY,
            "WORKERS": "2",
            "LOG_FORMAT": "json",
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_WEBHOOK_SECRET": "a-webhook-secret",
            "TELEGRAM_API_URL": telegram.url,
            "TWILIO_ACCOUNT_SID": twilio.sid,
            "TWILIO_AUTH_TOKEN": twilio.token,
            "TWILIO_WHATSAPP_FROM": twilio.number,
            "TWILIO_API_URL": twilio.url,
            **env,
        }
        if everything.pop("CLAUDE", ""):
            everything |= {"ANTHROPIC_API_KEY": claude.key, "ANTHROPIC_BASE_URL": claude.url}
        stack = Stack(everything, folder, telegram, twilio, claude)
        end.callback(lambda: [stack.stop(name) for name in list(stack.processes)])
        for name in PROGRAMS:
            stack.start(name)
        eventually(lambda: stack.ready() or stack.fallen() != [], "the web process is ready")
        assert not stack.fallen(), stack.log()[-2000:]
        with redis.Redis.from_url(everything["REDIS_URL"]) as client:
            eventually(lambda: client.scard("rq:workers") >= 2, "two workers wait for work")
        telegram_channel.webhook(Settings.from_env(everything), "set")
        yield stack
