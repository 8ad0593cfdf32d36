"""Whoever sends slowly, reads slowly or does not hang up keeps nobody else waiting: shown with the real web process."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.web.arrivals import BODY_LIMIT, HEAD_LIMIT
from tests.bot.processes import eventually
from tests.conftest import migrate
from tests.fakes.loopback import NO_TLS
from tests.servers import redis_server, spare_port

ROOT = Path(__file__).parents[3]
SLOW = 50  # connections; the process has eight threads
BUDGET = 1.5  # seconds for an answer meanwhile: thirty times what one takes, a tenth of what a held thread costs


@dataclass(frozen=True)
class Web:
    """The web process as `gunicorn.conf.py` runs it."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def ask(self, request: bytes) -> bytes:
        """Everything that is answered to these bytes until the server hangs up."""
        with self.open() as sock:
            sock.sendall(request)
            return read_all(sock)


def read_all(sock: socket.socket) -> bytes:
    heard = b""
    with suppress(ConnectionResetError):
        while piece := sock.recv(65536):
            heard += piece
    return heard


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("slow")
    migrate(url := f"sqlite:///{folder / 'web.db'}")
    port = spare_port()
    made = Web(port, folder / "web.log")
    with ExitStack() as end:
        redis = end.enter_context(redis_server())
        env = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PORT": str(port), "PUBLIC_URL": made.url, "SECRET_KEY": "slow clients " * 4, "DATABASE_URL": url,
            "REDIS_URL": redis.url, "SAFIRI_VAR": str(folder), "SAFIRI_DEMO": "1",
            "TELEGRAM_BOT_TOKEN": "123456:" + "t" * 30, "TELEGRAM_WEBHOOK_SECRET": "hush",
        }  # fmt: skip
        log = end.enter_context(made.log.open("ab"))
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.web.wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        end.callback(lambda: (process.terminate(), process.wait(30)))
        eventually(lambda: answers(made) or process.poll() is not None, "the web process answers")
        assert process.poll() is None, made.log.read_text()
        yield made


def answers(web: Web) -> bool:
    try:
        return httpx.get(f"{web.url}/healthz", timeout=5, verify=NO_TLS).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def crowd(web: Web, first: bytes, drip: Callable[[socket.socket], None] | None, number: int = SLOW) -> Iterator[None]:
    """So many connections that have sent `first` and go on as `drip` says, five times a second."""
    stop = threading.Event()
    with ExitStack() as end:
        socks = [end.enter_context(web.open()) for _ in range(number)]
        for sock in socks:
            sock.sendall(first)

        def go_on() -> None:
            while not stop.wait(0.2):
                for sock in socks:
                    with suppress(OSError):
                        if drip is not None:
                            drip(sock)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def slowest_of(web: Web, requests: int = 20) -> float:
    """Seconds of the slowest of some requests, each on a connection of its own."""
    took = []
    for _ in range(requests):
        began = time.monotonic()
        assert httpx.get(f"{web.url}/healthz", timeout=30, verify=NO_TLS).status_code == 200
        took.append(time.monotonic() - began)
    return max(took)


HEAD = b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\n"
ATTACKS: dict[str, tuple[bytes, Callable[[socket.socket], None] | None]] = {
    "connections that say nothing": (b"", None),
    "headers, a byte at a time": (HEAD + b"X-Slow: ", lambda sock: sock.sendall(b"a")),
    "a body, a byte at a time": (HEAD + b"Content-Length: 200000\r\n\r\n", lambda sock: sock.sendall(b"a")),
    "a body in chunks of one byte": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", lambda s: s.sendall(b"1\r\na\r\n")),
    "a chunk that is never full": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", lambda s: s.sendall(b"a")),
    "a body where none is read": (
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n", lambda s: s.sendall(b"a")
    ),
    "peers that do not hang up": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", None),
    "answers that nobody reads": (b"GET /static/chat.js HTTP/1.1\r\nHost: x\r\n\r\n" * 30, None),
}  # fmt: skip


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_others_are_answered_while_fifty_connections_dawdle(web: Web, attack: str) -> None:
    first, drip = ATTACKS[attack]
    with crowd(web, first, drip):
        assert slowest_of(web) < BUDGET


def test_a_request_that_is_never_finished_is_hung_up_on(web: Web) -> None:
    with web.open() as sock:
        sock.sendall(HEAD)
        assert read_all(sock) == b""


def test_more_idle_connections_than_allowed_shut_nobody_out(web: Web) -> None:
    with crowd(web, b"GET / HTTP/1.1\r\n", None, number=600):
        assert slowest_of(web, requests=5) < BUDGET


@pytest.mark.parametrize("path", ["/", "/plan", "/healthz", "/webhooks/telegram", "/webhooks/whatsapp", "/go/x", "/no"])
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_a_body_over_the_limit_is_refused_before_it_is_sent(web: Web, path: str, method: bytes) -> None:
    request = b"%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (method, path.encode(), BODY_LIMIT + 1)
    assert web.ask(request).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_is_refused_as_soon_as_it_is_over_the_limit(web: Web) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(BODY_LIMIT // 4096 + 2):
            yield b"x" * 4096

    assert httpx.post(f"{web.url}/webhooks/telegram", content=pieces()).status_code == 413


def test_a_body_within_the_limit_is_read_whole_in_chunks_too(web: Web) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": "hush"}
    update = b'{"update_id": 1, "padding": "' + b"x" * (BODY_LIMIT - 4096) + b'"}'

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(update), 1000):
            yield update[start : start + 1000]

    for content in (update, pieces()):
        assert httpx.post(f"{web.url}/webhooks/telegram", content=content, headers=secret).status_code == 200


def test_headers_without_end_are_refused(web: Web) -> None:
    assert web.ask(b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_LIMIT).startswith(b"HTTP/1.1 431 ")
    assert web.ask(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 4")
    assert web.ask(b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 100 + b"\r\n").startswith(b"HTTP/1.1 4")


def test_a_sender_that_asks_first_is_told_to_go_on(web: Web) -> None:
    with web.open() as sock:
        sock.sendall(HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
        sock.sendall(b"{}")
        assert b"HTTP/1.1 403 " in read_all(sock)


def test_requests_in_one_piece_and_requests_in_pieces_are_answered_in_order(web: Web) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert re.findall(rb"HTTP/1\.1 (\d+)", web.ask(one + one + last)) == [b"200", b"200", b"404"]
    with web.open() as sock:
        for pieces in (one + one[:10], one[10:]):
            sock.sendall(pieces)
            heard = b""
            while not heard.endswith(b"}\n"):
                heard += sock.recv(4096)
            assert heard.startswith(b"HTTP/1.1 200 ")


def test_bytes_that_are_no_request_end_the_connection_and_leave_no_trace_of_an_error(web: Web) -> None:
    for junk in (
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\r\n\r\n\r\n\r\n",
    ):
        assert b" 200 " not in web.ask(junk)
    assert "Traceback" not in web.log.read_text()
