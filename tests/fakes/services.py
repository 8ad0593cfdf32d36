"""An outside service on the loopback: a simulated one of providers.sandbox, and what can go wrong with it.

    with FakeService(duffel.answer) as service:
        service.fails(status(429, headers={"ratelimit-reset": "Fri, 27 Nov 2026 10:00:00 GMT"}), well())
        … keys = {"DUFFEL_TOKEN": duffel.TOKEN, "DUFFEL_API_URL": service.url} …
        assert service.requests[0].url.path == "/air/offer_requests"

Faults are used up one a request; the last one is repeated.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator, Mapping

import httpx
from werkzeug.wrappers import Request, Response

from providers.sandbox import Answer
from tests.fakes.loopback import Loopback

Fault = Callable[["FakeService", Request, httpx.Request], Response]
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


def well() -> Fault:
    """No fault: the service's own answer."""
    return lambda service, request, asked: service.plain(asked)


def status(code: int, body: bytes = HTML, headers: Mapping[str, str] | None = None) -> Fault:
    """This status with this body, by default a load balancer's page."""
    given = {"content-type": "application/json" if body[:1] in b"[{" else "text/html", **(headers or {})}
    return lambda service, request, asked: Response(body, code, given)


def delayed(seconds: float) -> Fault:
    """The service's own answer, so much later."""

    def late(service: FakeService, request: Request, asked: httpx.Request) -> Response:
        service.closing.wait(seconds)
        return service.plain(asked)

    return late


def hangs() -> Fault:
    """No answer until the client has gone."""

    def hang(service: FakeService, request: Request, asked: httpx.Request) -> Response:
        service.closing.wait(30)
        return Response(status=504)

    return hang


def drips() -> Fault:
    """A byte now and then, for ever."""

    def drip(service: FakeService, request: Request, asked: httpx.Request) -> Response:
        def bytes_now_and_then() -> Iterator[bytes]:
            while not service.closing.wait(0.05):
                yield b" "

        return Response(bytes_now_and_then(), content_type="application/json")

    return drip


def cuts() -> Fault:
    """The connection breaks in the middle of the body."""

    def cut(service: FakeService, request: Request, asked: httpx.Request) -> Response:
        whole = service.plain(asked).get_data()

        def half() -> Iterator[bytes]:
            yield whole[: len(whole) // 2]
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)

        return Response(half(), headers={"content-length": str(len(whole)), "content-type": "application/json"})

    return cut


def garbage() -> Fault:
    """The right content type, and bytes that are nothing."""
    return lambda service, request, asked: Response(
        b"\x00\xff{[<not anything", content_type=service.plain(asked).content_type
    )


def another_shape() -> Fault:
    """A new version of the service: well-formed, and nothing is where it was."""

    def changed(service: FakeService, request: Request, asked: httpx.Request) -> Response:
        kind = service.plain(asked).content_type or ""
        body = b'{"version": 9, "payload": [{"thing": 1}]}' if "json" in kind else b"<html><body><main/></body></html>"
        return Response(body, content_type=kind)

    return changed


def gzip_bomb() -> Fault:
    """A small body that unpacks to fifty million bytes."""
    packed = gzip.compress(b" " * 50_000_000)
    return lambda service, request, asked: Response(
        packed, headers={"content-encoding": "gzip", "content-type": service.plain(asked).content_type or ""}
    )


def redirects(to: str = "http://169.254.169.254/latest/meta-data/") -> Fault:
    """Off to another host."""
    return lambda service, request, asked: Response(status=302, headers={"location": to})


class FakeService(Loopback):
    """The service. `requests` are those it got, `key` is the one it knows them by."""

    def __init__(self, answer: Answer, host: str = "") -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self._host = host
        self._faults: list[Fault] = [well()]
        super().__init__()

    def fails(self, *faults: Fault) -> None:
        """Give these in turn, the last one for ever."""
        with self.changed:
            self._faults = list(faults)

    def plain(self, asked: httpx.Request) -> Response:
        """What the service says when all is well."""
        answer = self._answer(asked)
        return Response(answer.content, answer.status_code, dict(answer.headers))

    def answer(self, request: Request) -> Response:
        address = f"{self.url}{request.full_path.removesuffix('?')}"
        headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
        asked = httpx.Request(request.method, address, headers=headers, content=request.get_data())
        with self.changed:
            self.requests.append(asked)
            fault = self._faults.pop(0) if len(self._faults) > 1 else self._faults[0]
            self.changed.notify_all()
        return fault(self, request, asked)
