"""Everything on one machine, as `make demo` starts it: a Redis, the web process, workers, the clock."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click
import httpx
from redis import Redis, RedisError

from bot import upkeep
from bot.config import Settings
from bot.example import plan_example
from bot.guard import guard
from bot.queue import connect
from bot.servers import ServerFailed, redis_server
from bot.signals import StopRequest

READY_WITHIN = 90  # seconds; a first start compiles every module
STOP_WITHIN = 25  # seconds a service gets to finish what it is doing
CONFIG = Path(__file__).resolve().parents[1] / "gunicorn.conf.py"


class CannotStart(Exception):
    """The demo cannot run; the message says why and what to do."""


class Stopped(Exception):
    """Somebody asked to stop while it was starting."""


@dataclass(frozen=True, slots=True)
class Service:
    """One process of the demo, leader of its own group."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:].strip()


def kept_secret(var: Path) -> str:
    """The secret of this folder, made at the first start and kept for its owner alone. Raises CannotStart."""
    file = var / "secret"
    var.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), open(file, "x", opener=_private) as new:
        new.write(secrets.token_urlsafe(48))
    secret = file.read_text().strip()
    if len(secret) < 32:
        raise CannotStart(
            f"{file} holds no secret of 32 characters. Delete it; what was stored before is then unreadable."
        )
    return secret


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def local_settings(env: Mapping[str, str]) -> Settings:
    """Settings for running on one's own machine: without SECRET_KEY the kept one. Raises BadSettings, CannotStart."""
    return Settings.from_env(_with_secret(env))


def _with_secret(env: Mapping[str, str]) -> dict[str, str]:
    if env.get("SECRET_KEY", "").strip():
        return dict(env)
    return {**env, "SECRET_KEY": kept_secret(Path(env.get("SAFIRI_VAR", "").strip() or "var"))}


def serve(env: Mapping[str, str]) -> None:
    """Start everything, plan the example, serve until asked to stop. Raises BadSettings, CannotStart."""
    with _running(env) as demo:
        demo.plan_example()
        click.echo("\nServing until Ctrl-C.")
        while not demo.stop.wait(1):
            _need_alive(demo.services)


def once(env: Mapping[str, str]) -> bool:
    """Start everything, plan the example, stop; whether a trip came out. Raises BadSettings, CannotStart."""
    with _running(env) as demo:
        return demo.plan_example()


@dataclass(frozen=True, slots=True)
class Demo:
    """All of it, running."""

    settings: Settings
    services: list[Service]
    stop: StopRequest

    def plan_example(self) -> bool:
        """The example trip over HTTP; whether it came out as a trip."""
        return plan_example(f"http://127.0.0.1:{self.settings.port}", self.settings.var / "demo", self.stop)


@contextmanager
def _running(env: Mapping[str, str]) -> Iterator[Demo]:
    env = {**_with_secret(env), "SAFIRI_DEMO": "1"}
    settings = Settings.from_env(env)
    with StopRequest() as stop, ExitStack() as stack:
        services = _start(env, settings, stop, stack)
        _welcome(settings)
        try:
            yield Demo(settings, services, stop)
        finally:
            click.echo("\nStopping …")


def _start(env: Mapping[str, str], settings: Settings, stop: StopRequest, stack: ExitStack) -> list[Service]:
    """Start every process in order; `stack` stops them in the opposite order."""
    stack.enter_context(_alone(settings.var))
    _need_port(settings.port)
    click.echo("Starting Safiri …")
    stack.callback(click.echo, "Everything is stopped.")
    tell_guard = stack.enter_context(guard())
    services: list[Service] = []
    if not settings.redis_url:
        try:
            url, process = stack.enter_context(redis_server(settings.var / "redis"))
        except ServerFailed as exc:
            raise CannotStart(str(exc)) from exc
        tell_guard(process.pid)
        services.append(Service("redis", process, settings.var / "redis" / "redis.log"))
        env = {**env, "REDIS_URL": url}
        settings = Settings.from_env(env)
    upkeep.migrate(settings)
    programs = {
        "worker": ("-m", "bot.worker"),
        "clock": ("-m", "bot.clock"),
        "web": ("-m", "gunicorn", "-c", str(CONFIG), "bot.web.wsgi:app"),
    }
    for name, program in programs.items():
        service = stack.enter_context(_service(name, program, env, settings.var / "log"))
        tell_guard(service.process.pid)
        services.append(service)
    _wait_until_ready(settings, services, stop)
    return services


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Refuse a second demo in the same folder: they would fight over its files."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise CannotStart(f"A demo is already running in this folder ({var.resolve()}).") from exc
        yield


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as exc:
            raise CannotStart(f"Port {port} needs administrator rights. Choose another: PORT=8000 make demo") from exc
        except OSError as exc:
            other = port + 1 if port < 65535 else 8000
            raise CannotStart(
                f"Port {port} is taken by another program. Choose another: PORT={other} make demo"
            ) from exc


@contextmanager
def _service(name: str, program: tuple[str, ...], env: Mapping[str, str], logs: Path) -> Iterator[Service]:
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *program],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in our terminal reaches us alone, and we stop things in order
        )
    service = Service(name, process, logs / f"{name}.log")
    try:
        yield service
    finally:
        _end(service)


def _end(service: Service) -> None:
    service.process.terminate()
    try:
        service.process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        click.echo(f"{service.name} did not stop in time and was killed.", err=True)
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where nothing is left
        os.killpg(service.process.pid, signal.SIGKILL)  # whatever is left of its group
    service.process.wait()


def _wait_until_ready(settings: Settings, services: list[Service], stop: StopRequest) -> None:
    """Until the web process can work and a worker waits for jobs. Raises CannotStart, Stopped."""
    deadline = time.monotonic() + READY_WITHIN
    origin = f"http://127.0.0.1:{settings.port}"
    with httpx.Client(base_url=origin, timeout=5, trust_env=False) as web, connect(settings.redis_url) as redis:
        while not (_ready(web) and _awaited(redis)):
            _need_alive(services)
            if time.monotonic() > deadline:
                logs = ", ".join(str(service.log) for service in services)
                raise CannotStart(f"Safiri was not ready within {READY_WITHIN} seconds. Its logs: {logs}")
            if stop.wait(0.2):
                raise Stopped


def _ready(web: httpx.Client) -> bool:
    try:
        return web.get("/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _awaited(redis: Redis) -> bool:
    """Whether a worker is waiting for jobs."""
    try:
        return bool(redis.scard("rq:workers"))
    except RedisError:
        return False


def _need_alive(services: list[Service]) -> None:
    for service in services:
        if service.process.poll() is not None:
            raise CannotStart(f"{service.name} ended unexpectedly. The end of {service.log}:\n{service.last_words()}")


def _welcome(settings: Settings) -> None:
    others = {"Telegram": settings.telegram, "WhatsApp": settings.whatsapp, "Claude": bool(settings.anthropic_key)}
    click.echo(f"\nSafiri is running. Chat with it:  http://127.0.0.1:{settings.port}/chat")
    click.echo("  " + " · ".join(f"{name} {'on' if on else 'off'}" for name, on in others.items()))
    click.echo(f"  logs: {settings.var / 'log'}   stop: Ctrl-C")
