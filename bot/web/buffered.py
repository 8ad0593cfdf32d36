"""Gunicorn's threaded worker, taught to wait for a whole request before it spends a thread on it.

As it comes, gthread reads requests in its pool: whoever sends slowly holds one of a few threads for as long as they
like (no setting ends that: `timeout` watches the main loop alone), and a peer that does not hang up holds the main loop
for two seconds. Here the main loop collects what arrives on all connections; a thread sees whole requests only.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any, NamedTuple
from wsgiref.types import WSGIEnvironment

from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from bot.web.arrivals import Arrival, Stage
from bot.web.webhooks import BRINGS_MESSAGES, Answer, Webhooks, webhooks_of

REQUEST_SECONDS = 20.0  # for all of a request to come in
LINGER_SECONDS = 2.0  # for a peer to hang up after the last answer
LINGERERS = 64  # at a time; beyond, the longest there is cut off
HELD_LIMIT = 32 * 1024 * 1024  # bytes of unfinished requests in one process
SEND_SECONDS = 10  # a thread waits for a peer that does not read
SEND_BUFFER = 1024 * 1024  # bytes an answer may have to leave a thread at once, as far as the system allows
PIECE = 64 * 1024
TOGETHER = 32  # messages that share a thread and a transaction at most

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


class _Exchange(NamedTuple):
    """A request that was parsed, and gunicorn's way to answer it."""

    environ: WSGIEnvironment
    response: Any


class BufferedWorker(ThreadWorker):  # type: ignore[misc]
    """See the module. What does not say that it runs in a thread runs in the main loop."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._arriving: dict[Connection, Arrival] = {}  # the one that began first, first
        self._lingering: dict[socket.socket, float] = {}
        self._held = 0
        self._webhooks: Webhooks | None = None
        self._gathered: list[Connection] = []  # whose messages go to the next thread that keeps some
        self._keeping = False

    def load_wsgi(self) -> None:
        """Load the application; one with webhooks is given several messages at once."""
        super().load_wsgi()
        self._webhooks = webhooks_of(self.wsgi)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One round of the main loop. The messages that came in it, and while others were kept, go together."""
        super().wait_for_and_dispatch_events(timeout)
        if self._webhooks is not None and self._gathered and not self._keeping:
            conns, self._gathered = self._gathered[:TOGETHER], self._gathered[TOGETHER:]
            self._keeping = True
            kept = self.tpool.submit(self._answer_all, self._webhooks, conns)
            kept.add_done_callback(lambda _: self.method_queue.defer(self._finish_all, conns, kept))

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

    def _answer_all(self, webhooks: Webhooks, conns: Sequence[Connection]) -> list[bool]:
        """Answer a message on each; whether its connection can be used again. Runs in a thread.

        A thread for each would spend more time on waking and waiting for the others than on its message.
        """
        begun = [self._begin(conn) for conn in conns]
        answers = iter(webhooks.answer_all([exchange.environ for exchange in begun if exchange is not None]))
        return [
            exchange is not None and self._end(conn, exchange.response, next(answers))
            for conn, exchange in zip(conns, begun, strict=True)
        ]

    def _begin(self, conn: Connection) -> _Exchange | None:
        """Parse a request, as `handle` does; None when there is nothing to answer."""
        try:
            # An answer is so short that it leaves at once, unless its peer does not read; nobody is to wait for that.
            conn.sock.setblocking(False)
            request = next(conn.parser)
            response, environ = wsgi.create(request, conn.sock, conn.client, conn.server, self.cfg)
        except ParseException as exc:
            self.handle_error(None, conn.sock, conn.client, exc)
            return None
        except (StopIteration, OSError):
            return None
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive: bool = False
        if not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            response.force_close()
        return _Exchange(environ, response)

    def _end(self, conn: Connection, response: Any, answer: Answer) -> bool:
        try:
            response.start_response(answer.status_line, answer.headers)
            if answer.body:
                response.write(answer.body)
            response.close()
            return bool(self._keepalive_after(conn, not response.should_close()))
        except OSError:  # nobody listens, or not any more
            return False

    def _finish_all(self, conns: Sequence[Connection], kept: Future[list[bool]]) -> None:
        self._keeping = False
        error = kept.exception()
        if error is not None:  # nobody is answered, and the apps send it all again
            self.log.error("messages were not answered", exc_info=error)
        for place, conn in enumerate(conns):
            one: Future[bool] = Future()
            one.set_result(error is None and kept.result()[place])
            self.finish_request(conn, one)

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
            if self._webhooks is not None and BRINGS_MESSAGES.match(arrival.received):
                self._gathered.append(conn)
            else:
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
