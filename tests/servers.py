"""Real servers for tests: Redis (or Valkey) and PostgreSQL, started on spare ports and stopped again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.servers import find_redis


class NotFound(Exception):
    """The binary is not on this machine."""


def spare_port() -> int:
    """A TCP port on loopback that nobody listens on right now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class RedisServer:
    """A running server that a test may also stop and start again (it then is empty)."""

    port: int
    binary: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [
            str(self.binary),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        client = redis.Redis(port=self.port, socket_timeout=1, retry=Retry(NoBackoff(), 0))
        _until(lambda: self._answers(client), self.process, "the Redis server")
        client.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def kill(self) -> None:
        """At once, without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)
            self.process = None

    @staticmethod
    def _answers(client: redis.Redis) -> bool:
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Redis-compatible server without persistence, on a TCP port. Raises bot.servers.ServerFailed."""
    server = RedisServer(spare_port(), find_redis())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def find_postgres() -> Path:
    """The folder that has `initdb` and `postgres`: from PATH, Debian's newest, Homebrew's. Raises NotFound."""
    if (found := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(found).resolve().parent
    roots = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt"), Path("/usr")]
    folders = [f for root in roots for f in root.glob("*/bin" if root.name != "usr" else "pgsql*/bin")]
    usable = [f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()]
    if not usable:
        raise NotFound("PostgreSQL's initdb and postgres (Debian: apt-get install postgresql)")
    return max(
        usable, key=lambda f: [int(part) for part in f.parent.name.replace("@", ".").split(".") if part.isdigit()]
    )


@dataclass
class PostgresServer:
    """A running cluster, which a test may also stop and start again; everybody on loopback is trusted."""

    port: int
    folder: Path
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    user: pwd.struct_passwd | None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        uid, gid, groups = (self.user.pw_uid, self.user.pw_gid, ()) if self.user is not None else (None, None, None)
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, env=self.environment,
            user=uid, group=gid, extra_groups=groups,
        )  # fmt: skip
        _until(lambda: _accepts(self), self.process, "PostgreSQL")

    def stop(self) -> None:
        """The way PostgreSQL calls "fast": open sessions are ended."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """The way PostgreSQL calls "immediate": nothing is written any more, the next start recovers."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    def url(self, database: str) -> str:
        return f"postgresql://safiri@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """One statement outside of a transaction, as CREATE DATABASE wants it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
DURABLE: Mapping[str, str] = {}  # as PostgreSQL is unless told otherwise


@contextmanager
def postgres_server(care: Mapping[str, str] = FORGETFUL, **more: str) -> Iterator[PostgresServer]:
    """A temporary cluster; `care` are its settings of how safe a commit is, `more` any others. Raises NotFound."""
    binaries = find_postgres()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="safiri-pg-"))
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        uid, gid, groups = (user.pw_uid, user.pw_gid, ()) if user is not None else (None, None, None)
        environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(folder)}
        cluster = folder / "cluster"
        subprocess.run(
            [binaries / "initdb", "-D", cluster, "-U", "safiri", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, env=environment, user=uid, group=gid, extra_groups=groups,
        )  # fmt: skip
        port = spare_port()
        settings = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "max_connections": 60,
            **care, **more,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [binaries / "postgres", "-D", cluster, *options]
        server = PostgresServer(port, folder, command, environment, user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to be instead of root, which PostgreSQL refuses; None when we are nobody special already."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _accepts(server: PostgresServer) -> bool:
    try:
        server.run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended at once with code {process.returncode}")
        if time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"{what} did not answer within {seconds:.0f} s")
        time.sleep(0.01)
