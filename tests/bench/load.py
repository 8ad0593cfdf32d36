"""Posts updates over kept-alive connections as fast as they are answered: `python -m tests.bench.load '{…}'`.

A process of its own, and below HTTP libraries, so that on a small machine it takes little from what it measures.
"""

from __future__ import annotations

import itertools
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from tests.bench.chatapp import SECRET, UPDATE_BYTES, update
from tests.bench.stack import ROOT

CHATS = 1_000  # people who write in turn


@dataclass(frozen=True, slots=True)
class Order:
    """What to post where. `first` is the first update id; all of them have as many digits."""

    port: int
    path: str
    first: int
    seconds: float
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it; times in milliseconds."""

    posted: int
    refused: int
    per_second: float
    p50: float
    p99: float


def post(order: Order) -> Result:
    """Have another process do it."""
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(order))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Result(**json.loads(done.stdout))


def quantile(took: Sequence[float], share: float) -> float:
    """The time within which this share was done."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _requests(order: Order) -> Iterator[bytes]:
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: 127.0.0.1:{order.port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {UPDATE_BYTES}\r\n\r\n"
    ).encode()
    bodies = [update(order.first, chat, "/help", UPDATE_BYTES) for chat in range(100_000, 100_000 + CHATS)]
    parts = [body.split(str(order.first).encode(), 1) for body in bodies]
    for update_id in itertools.count(order.first):
        before, after = parts[update_id % CHATS]
        yield b"%s%s%d%s" % (head, before, update_id, after)


def _run(order: Order) -> Result:
    requests = _requests(order)
    polled, sockets, began = select.epoll(), dict[int, socket.socket](), dict[int, float]()
    took: list[float] = []
    refused = 0

    def connect() -> None:
        made = socket.create_connection(("127.0.0.1", order.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[made.fileno()] = made
        polled.register(made, select.EPOLLIN)
        began[made.fileno()] = time.perf_counter()
        made.sendall(next(requests))

    start = time.perf_counter()
    end = start + order.seconds
    for _ in range(order.connections):
        connect()
    while time.perf_counter() < end:
        for number, _ in polled.poll(0.1):
            came = sockets[number].recv(65536)
            now = time.perf_counter()
            if came:
                took.append(now - began[number])
                refused += not came.startswith(b"HTTP/1.1 200")
            if not came or b"\r\nConnection: close" in came:  # a process of the server is replaced
                polled.unregister(number)
                sockets.pop(number).close()
                connect()
                continue
            began[number] = now
            sockets[number].sendall(next(requests))
    lasted = time.perf_counter() - start
    for made in sockets.values():
        made.close()
    return Result(len(took), refused, len(took) / lasted, 1000 * quantile(took, 0.5), 1000 * quantile(took, 0.99))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_run(Order(**json.loads(sys.argv[1]))))))
