"""HTTP/1.1 with as little of it as load needs: kept-alive connections, bodies with a length, nothing else.

The fakes of the tests judge every call; at hundreds of messages a second they would be what is measured.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    target: str  # path and query
    head: bytes  # request line and headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back after `delay` seconds."""

    body: bytes
    status: int = 200
    delay: float = 0.0
    kind: str = "application/json"

    def written(self) -> bytes:
        head = f"HTTP/1.1 {self.status} .\r\nContent-Type: {self.kind}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body


class _Connection(asyncio.Protocol):
    """The serving side of one connection; its client asks one thing at a time."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self._answer = answer
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._came) < whole:
                return
            body, self._came = self._came[end + 4 : whole], self._came[whole:]
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            answer = self._answer(Asked(method, target, head, body))
            if answer.delay:
                asyncio.get_running_loop().call_later(answer.delay, self._transport.write, answer.written())
            else:
                self._transport.write(answer.written())


async def listen(answer: Callable[[Asked], Answer], port: int = 0) -> asyncio.Server:
    """Serve on a port of the loopback, or a spare one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(answer), "127.0.0.1", port, backlog=1024)


class Server:
    """Serves `answer` on a spare port of the loopback."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self._answer = answer
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await listen(self._answer)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()


class Client:
    """Posts to one address, over as many kept-alive connections as there are posts at the same time."""

    def __init__(self, port: int, path: str, headers: str = "") -> None:
        self._port = port
        self._head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}Content-Length: "
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes) -> tuple[int, float]:
        """Status and seconds it took."""
        began = time.perf_counter()
        request = f"{self._head}{len(body)}\r\n\r\n".encode() + body
        while True:
            kept = bool(self._idle)
            reader, writer = self._idle.pop() if kept else await asyncio.open_connection("127.0.0.1", self._port)
            try:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
            except (ConnectionError, asyncio.IncompleteReadError) as exc:
                writer.close()
                if kept and not getattr(exc, "partial", b""):
                    continue  # closed by the server for having been idle
                raise
            break
        if length := _LENGTH.search(head):
            await reader.readexactly(int(length[1]))
        if b"\r\nconnection: close" in head.lower():
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(head.split(b" ", 2)[1]), time.perf_counter() - began

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
