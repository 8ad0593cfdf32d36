"""Gunicorn's threaded worker, taught to wait for a whole request before it spends a thread on it.

As it comes, gthread reads requests in its pool: whoever sends slowly holds one of a few threads for as long as they
like (no setting ends that: `timeout` watches the main loop alone), and a peer that does not hang up holds the main loop
for two seconds. Here the main loop collects what arrives on all connections; a thread sees whole requests only.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from bot.web.arrivals import Arrival, Stage

REQUEST_SECONDS = 20.0  # for all of a request to come in
LINGER_SECONDS = 2.0  # for a peer to hang up after the last answer
LINGERERS = 64  # at a time; beyond, the longest there is cut off
HELD_LIMIT = 32 * 1024 * 1024  # bytes of unfinished requests in one process
SEND_SECONDS = 10  # a thread waits for a peer that does not read
SEND_BUFFER = 1024 * 1024  # bytes an answer may have to leave a thread at once, as far as the system allows
PIECE = 64 * 1024

REFUSALS = {
    Stage.HEAD_TOO_LONG: b"431 Request Header Fields Too Large",
    Stage.BODY_TOO_LONG: b"413 Content Too Large",
    Stage.MALFORMED: b"400 Bad Request",
}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_SEND_TIMEOUT = struct.pack("ll", SEND_SECONDS, 0)


class Received(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """What the parser reads from: bytes that are here. It never waits for more."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The end of what there is."""
        return b""


class Connection(TConn):  # type: ignore[misc]
    """A client's connection that says goodbye without holding anybody up."""

    def __init__(self, *given: Any, linger: Callable[[socket.socket], None]) -> None:
        super().__init__(*given)
        self.watched = False  # by the main loop, for more of its request
        self._linger = linger
        self.init()
        self.parser.unreader = Received()

    def close(self, graceful: bool = False) -> None:
        """Close it; gracefully: once the peer has hung up, or soon."""
        if graceful:
            self._linger(self.sock)
        else:
            super().close()


class BufferedWorker(ThreadWorker):  # type: ignore[misc]
    """See the module. Everything here but `handle` (gunicorn's own) runs in the main loop."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._arriving: dict[Connection, Arrival] = {}  # the one that began first, first
        self._lingering: dict[socket.socket, float] = {}
        self._held = 0

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection. When there are too many, the one that has dawdled longest makes room."""
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError, InterruptedError):
            return
        self.nr_conns += 1
        # Room for an answer in the system's buffers frees its thread; without room, waiting ends.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)
        self.enqueue_req(Connection(self.cfg, sock, address, listener.getsockname(), linger=self._linger))

    def enqueue_req(self, conn: Connection) -> None:
        """Begin to collect a request; gunicorn calls this for whatever may have sent something."""
        arrival = Arrival(conn.parser.unreader.take_buffered(), time.monotonic() + REQUEST_SECONDS)
        self._arriving[conn] = arrival
        self._held += len(arrival.received)
        # Most requests are here with their first piece, and never cost the poller anything.
        if not (arrival.received and self._judge(conn, arrival)):
            self._receive(conn)
        if conn in self._arriving:
            self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))
            conn.watched = True

    def murder_pending(self) -> None:
        """Close what has had its time. A worker that stops does not wait for those who have sent nothing."""
        now = time.monotonic()
        for conn, arrival in list(self._arriving.items()):
            if arrival.deadline <= now or not (self.alive or arrival.received):
                self._drop(conn)
        for sock, until in list(self._lingering.items()):
            if until > now:
                break
            self._hang_up(sock)

    def _receive(self, conn: Connection, _sock: object = None) -> None:
        arrival = self._arriving.get(conn)
        if arrival is None:  # it was dropped in this same round
            return
        try:
            piece = conn.sock.recv(PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._drop(conn)
            return
        arrival.add(piece)
        self._held += len(piece)
        if not self._judge(conn, arrival) and self._held > HELD_LIMIT:
            self._make_room()

    def _judge(self, conn: Connection, arrival: Arrival) -> bool:
        """Hand a whole request to a thread, refuse one that is too long; False while more of it must come."""
        stage = arrival.stage()
        if stage is Stage.PART:
            if arrival.waits_to_send_its_body:
                self._say(conn, _CONTINUE)
            return False
        self._forget(conn)
        if stage is Stage.WHOLE:
            conn.parser.unreader.unread(bytes(arrival.received))
            super().enqueue_req(conn)
            return True
        self._say(conn, b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % REFUSALS[stage])
        self.nr_conns -= 1
        conn.close(graceful=True)
        return True

    def _say(self, conn: Connection, words: bytes) -> None:
        try:
            conn.sock.send(words, socket.MSG_DONTWAIT)
        except OSError:  # they do not listen; what follows ends it
            return

    def _make_room(self) -> None:
        if self._arriving:
            self._drop(next(iter(self._arriving)))
        elif self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0.0
            self.murder_keepalived()

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Connection) -> None:
        self._held -= len(self._arriving.pop(conn).received)
        if conn.watched:
            self.poller.unregister(conn.sock)
            conn.watched = False

    def _linger(self, sock: socket.socket) -> None:
        """Half-close, and read on for a moment: closing with bytes unread would tear up the answer (RFC 9112, 9.6)."""
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            sock.close()
            return
        if len(self._lingering) >= LINGERERS:
            self._hang_up(next(iter(self._lingering)))
        sock.setblocking(False)
        self._lingering[sock] = time.monotonic() + LINGER_SECONDS
        self.poller.register(sock, EVENT_READ, self._overhear)

    def _overhear(self, sock: socket.socket) -> None:
        try:
            gone = not sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._hang_up(sock)

    def _hang_up(self, sock: socket.socket) -> None:
        if self._lingering.pop(sock, None) is not None:
            self.poller.unregister(sock)
            sock.close()
