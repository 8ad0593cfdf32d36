"""How the Bot API is called: one request after the other in each thread, without an event loop's detours.

The library's own way goes through httpx, anyio and httpcore, built for many requests at a time in one thread; here
there is never more than one, and that way took half of the time of a call.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from providers.http import tls

CONNECTING = 5.0  # seconds, also to send a text …
UPLOADING = 30.0  # … and to connect and send a file
KEPT = 9  # open connections, one for each thread of a worker that may send: its hands and itself
LASTS = 50.0  # seconds for which connections are used; servers close idle ones after a minute or more
_OPEN: Any = BaseRequest.DEFAULT_NONE  # the library says nothing


class OneByOne(BaseRequest):
    """See telegram.request.BaseRequest. Blocks its thread; threads share open connections."""

    def __init__(self, origin: str, timeout: float) -> None:
        """`timeout`: seconds to wait for an answer. Goes through the proxy that the environment names for `origin`."""
        self._timeout = timeout
        self._looking = threading.Lock()
        scheme, host = urlsplit(origin).scheme, urlsplit(origin).hostname or ""
        proxy = None if proxy_bypass(host) else getproxies().get(scheme)
        options: dict[str, Any] = {"num_pools": 1, "maxsize": KEPT, "retries": False, "ssl_context": tls()}
        self._open = (
            partial(urllib3.ProxyManager, proxy, **options) if proxy else partial(urllib3.PoolManager, **options)
        )
        self._pool: urllib3.PoolManager = self._open()
        self._opened_at = time.monotonic()

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._timeout

    async def initialize(self) -> None:
        """Nothing: it connects when something is sent."""

    async def shutdown(self) -> None:
        """Hang up."""
        self.hang_up()

    def hang_up(self) -> None:
        """Close what is open; what is sent after that connects anew."""
        self._pool.clear()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _OPEN,
        write_timeout: Any = _OPEN,
        connect_timeout: Any = _OPEN,
        pool_timeout: Any = _OPEN,
    ) -> tuple[int, bytes]:
        """Status and body of an answer. Raises TimedOut, NetworkError; their texts hold no address: it is secret."""
        files = request_data.multipart_data if request_data else None
        fields: dict[str, Any] = {**(request_data.json_parameters if request_data else {}), **(files or {})}
        waiting = self._timeout if read_timeout is _OPEN else read_timeout
        timeout = urllib3.Timeout(connect=UPLOADING if files else CONNECTING, read=waiting)
        how: dict[str, Any] = {"timeout": timeout, "redirect": False}
        try:
            answer = self._connections().request_encode_body(
                method, url, fields=fields, encode_multipart=bool(files), **how
            )
        except urllib3.exceptions.NewConnectionError as exc:  # by inheritance a timeout
            raise NetworkError(f"urllib3 {type(exc).__name__}") from None
        except urllib3.exceptions.TimeoutError:
            raise TimedOut from None
        except urllib3.exceptions.HTTPError as exc:
            raise NetworkError(f"urllib3 {type(exc).__name__}") from None
        return answer.status, answer.data

    def _connections(self) -> urllib3.PoolManager:
        """Those that are open, or new ones when those may be too old. Whoever uses the old ones ends with them."""
        with self._looking:
            if time.monotonic() - self._opened_at > LASTS:
                self._pool, self._opened_at = self._open(), time.monotonic()
            return self._pool
