"""A WSGI application served on a free port of the loopback, by threads, until closed."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

# For httpx: nothing here is encrypted, and to read the certificates of the world anew takes 40 ms each time.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: addresses hold tokens."""


class Loopback:
    """Base of the fakes: `answer` gets every request, one thread each, `delay` seconds after it came."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.closing = threading.Event()
        self.delay = 0.0
        self._away = False
        self._serve(0)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Meanwhile connections are refused, and those that are open break."""
        port = self._server.server_port
        self._away = True
        self._stop()
        try:
            yield
        finally:
            self._away = False
            self._serve(port)

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def wait_for(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Until the condition holds; it is looked at after every request. Raises AssertionError when time is up."""
        with self.changed:
            assert self.changed.wait_for(condition, seconds), "it did not happen in time"

    def close(self) -> None:
        self.closing.set()
        self._stop()

    def _serve(self, port: int) -> None:
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", port, Request.application(self._answered_in_time), threaded=True, request_handler=_Silent
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def _answered_in_time(self, request: Request) -> Response:
        self.closing.wait(self.delay)
        if self._away:
            with suppress(OSError):
                request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return Response(status=503)
        return self.answer(request)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
