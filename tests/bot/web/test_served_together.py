"""Messages that come at one moment share a thread and a transaction, and each is answered for itself: shown with the
real web process.
"""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

from bot.web.buffered import SEND_SECONDS
from tests.bot.web.test_slow_clients import Web, read_all, web
from tests.bot.web.test_webhooks import update

__all__ = ["web"]  # the fixture is used by name
CLOSING = "Connection: close\r\n"


def message(number: int, secret: str = "hush", more: str = CLOSING, path: str = "/webhooks/telegram") -> bytes:
    body = json.dumps(update(number, f"message {number}")).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n{more}"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def all_at_once(web: Web, requests: list[bytes]) -> list[str]:
    """The status of each, sent at one moment on connections of their own; "" when it was hung up on."""
    with ExitStack() as end:
        socks = [end.enter_context(web.open()) for _ in requests]
        for sock, request in zip(socks, requests, strict=True):
            sock.sendall(request)
        heard = [read_all(sock) for sock in socks]
    return [found[1].decode() if (found := re.match(rb"HTTP/1\.1 (\d+) ", words)) else "" for words in heard]


def kept(web: Web, first: int, last: int) -> list[int]:
    """The update ids between these that were accepted, in that order."""
    with closing(sqlite3.connect(web.log.parent / "web.db")) as database:
        rows = database.execute("SELECT external_id FROM inbox ORDER BY id").fetchall()
    return [number for (external_id,) in rows if first <= (number := int(external_id)) <= last]


def test_each_of_many_at_once_is_answered_as_it_deserves(web: Web) -> None:
    requests, statuses = list[bytes](), list[str]()
    for number in range(1_000, 1_020):
        requests += [
            message(number),
            message(number, secret="guessed"),
            message(number, path="/webhooks/telegram?a=b"),  # a repeat
            b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: hush\r\n"
            b"Connection: close\r\nContent-Length: 2\r\n\r\n[]",
            message(number, path="/webhooks/telegrams"),
            b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 3\r\n\r\n{}",
            message(number, more=f"SCRIPT_NAME: /webhooks\r\n{CLOSING}"),
        ]
        statuses += ["200", "403", "200", "400", "404", "400", "404"]
    assert all_at_once(web, requests) == statuses
    assert sorted(kept(web, 1_000, 1_999)) == list(range(1_000, 1_020))


def test_messages_in_one_piece_on_one_connection_are_answered_in_order(web: Web) -> None:
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    requests = [message(2_000, more=""), message(2_001, secret="guessed", more=""), message(2_002, more=""), last]
    assert re.findall(rb"HTTP/1\.1 (\d+)", web.ask(b"".join(requests))) == [b"200", b"403", b"200", b"200"]
    assert kept(web, 2_000, 2_999) == [2_000, 2_002]


def test_who_hangs_up_before_the_answer_takes_nobody_along(web: Web) -> None:
    with ExitStack() as end:
        gone = [end.enter_context(web.open()) for _ in range(10)]
        stays = [end.enter_context(web.open()) for _ in range(10)]
        for number, (leaving, staying) in enumerate(zip(gone, stays, strict=True)):
            leaving.sendall(message(3_000 + number))
            leaving.close()
            staying.sendall(message(3_100 + number))
        assert all(read_all(sock).startswith(b"HTTP/1.1 200 ") for sock in stays)
    assert sorted(kept(web, 3_100, 3_999)) == list(range(3_100, 3_110))
    assert "Traceback" not in web.log.read_text()


def send_and_never_read(web: Web) -> None:
    """Until we are hung up on."""
    flood = b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" * 500
    with socket.socket() as greedy, suppress(ConnectionError):
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        greedy.settimeout(60)
        greedy.connect(("127.0.0.1", web.port))
        while True:
            greedy.sendall(flood)


def test_who_sends_without_end_and_reads_no_answer_is_hung_up_on_and_holds_nobody(web: Web) -> None:
    took = list[float]()
    with ThreadPoolExecutor(1) as aside:
        greedy = aside.submit(send_and_never_read, web)
        while not greedy.done():  # the answers to its first thousands fill its buffers
            began = time.monotonic()
            assert all_at_once(web, [message(4_100 + len(took))]) == ["200"]
            took.append(time.monotonic() - began)
    assert greedy.exception() is None
    assert max(took) < SEND_SECONDS / 2, "who waits for it would wait as long as a thread does"
