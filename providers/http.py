"""Asking a service over HTTP: one way to get bytes, with limits on what comes back and failures told apart."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin, urlsplit

import httpx

from providers.base import ProviderError

MOST_BYTES = 4_000_000  # of a decoded body; the largest page known, Eventbrite's, has some 800 KB
MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_RETRY_AFTER_LIMIT = 3600.0
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32

Explain = Callable[[httpx.Response, bytes], ProviderError | None]


def agent(keys: Mapping[str, str]) -> str:
    """Who asks, with a way to reach us, as fair use of public services requires."""
    site = keys.get("PUBLIC_URL", "")
    contact = [f"+{site}"] if site.startswith("https://") else []
    contact += [keys["CONTACT_EMAIL"]] if keys.get("CONTACT_EMAIL") else []
    return f"Safiri/0.1 ({'; '.join(['trip planner for Kenya', *contact])})"


@cache
def tls() -> ssl.SSLContext:
    """The certificates that are trusted."""
    # Reading the certificate store takes some 30 ms: once per process is enough.
    return httpx.create_ssl_context()


def client(user_agent: str = "", mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None) -> httpx.AsyncClient:
    """The HTTP client of one search. `mounts` answer for some hosts instead of the network."""
    return httpx.AsyncClient(
        verify=tls(),
        timeout=httpx.Timeout(10, connect=4),
        headers={"User-Agent": user_agent or agent({}), "Accept-Encoding": "gzip"},
        mounts=mounts,
        follow_redirects=False,
    )


async def fetch(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    service: str,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    json: object = None,
    form: Mapping[str, str] | None = None,
    kind: str = "json",
    timeout: float | None = None,
    explain: Explain | None = None,
) -> bytes:
    """The body of a 2xx answer, decoded, at most MOST_BYTES long. Raises ProviderError, which names `service` only.

    `kind` is what the body must be by its content type ("json" or "html"; "" for anything): a captive portal's page is
    no JSON. `timeout` is in seconds, for a slow service. Redirects are followed on the same host alone, and never from
    https to http. `explain` may turn a refusal into a better error than its status gives.
    """
    asked = http.build_request(
        method, url, headers=headers, params=params, json=json, data=form,
        timeout=httpx.USE_CLIENT_DEFAULT if timeout is None else httpx.Timeout(timeout, connect=4),
    )  # fmt: skip
    try:
        for _ in range(MOST_REDIRECTS + 1):
            response = await http.send(asked, stream=True)
            try:
                if response.status_code not in _REDIRECTS:
                    body = await _body(response, service)
                    break
                asked = _redirected(http, response, service)
            finally:
                await response.aclose()
        else:
            raise ProviderError(f"{service} redirects in circles")
    except httpx.TimeoutException as exc:
        raise ProviderError(f"{service} did not answer in time") from exc
    except (httpx.TransportError, httpx.InvalidURL) as exc:
        raise ProviderError(f"{service} could not be reached ({type(exc).__name__})", at_once=True) from exc
    if not response.is_success:
        raise (explain(response, body) if explain else None) or refusal(response, service)
    if kind and kind not in response.headers.get("content-type", "").lower():
        raise ProviderError(f"{service} answered with something other than {kind}")
    return body


def refusal(response: httpx.Response, service: str) -> ProviderError:
    """What an unsuccessful status means for us."""
    status = response.status_code
    if status in (401, 403):
        return ProviderError(f"{service} refuses our key ({status})", permanent=True)
    if status == 429:
        return ProviderError(f"{service} was asked too often", retry_after=wait_of(response.headers) or 60.0)
    if status >= 500:
        wait = wait_of(response.headers) or None
        return ProviderError(f"{service} has trouble ({status})", retry_after=wait, at_once=status == 503 and not wait)
    return ProviderError(f"{service} did not understand us ({status})", permanent=True, only_this=True)


def wait_of(headers: httpx.Headers, name: str = "retry-after", now: datetime | None = None) -> float | None:
    """Seconds to wait by a header that holds seconds or an HTTP date; an hour at most, None when it says nothing."""
    raw = headers.get(name, "").strip()
    try:
        seconds = float(raw)
    except ValueError:
        try:
            moment = parsedate_to_datetime(raw)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), _RETRY_AFTER_LIMIT) if seconds == seconds else None


def _redirected(http: httpx.AsyncClient, response: httpx.Response, service: str) -> httpx.Request:
    asked = response.request
    here = asked.url
    try:
        target = urlsplit(urljoin(str(here), response.headers.get("location", "")))
        same = target.hostname == here.host and (target.port or None) == here.port
    except ValueError as exc:
        raise ProviderError(f"{service} redirects to no address", permanent=True) from exc
    if not same or target.scheme not in ("https", here.scheme):
        raise ProviderError(f"{service} redirects to another host", permanent=True)
    keeps = response.status_code in (307, 308)
    return http.build_request(
        asked.method if keeps or asked.method == "HEAD" else "GET",
        target.geturl(),
        headers={name: asked.headers[name] for name in ("authorization", "accept") if name in asked.headers},
        content=asked.content if keeps else None,
        extensions=asked.extensions,
    )


async def _body(response: httpx.Response, service: str) -> bytes:
    """Read by pieces, unpacked by ourselves: a small packed body can unpack to gigabytes."""
    packed = response.headers.get("content-encoding", "identity").lower()
    if packed not in ("identity", "", "gzip", "deflate"):
        raise ProviderError(f"{service} answered in an encoding we did not ask for")
    unpack = None if packed in ("identity", "") else zlib.decompressobj(_GZIP_OR_ZLIB)
    found = bytearray()
    try:
        async for piece in _pieces(response):
            room = MOST_BYTES + 1 - len(found)
            found += unpack.decompress(piece, room) if unpack else piece[:room]
            if len(found) > MOST_BYTES:
                raise ProviderError(f"{service} answered with more than {MOST_BYTES:,} bytes", permanent=True)
    except zlib.error as exc:
        raise ProviderError(f"{service} sent a damaged answer", at_once=True) from exc
    return bytes(found)


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in response.aiter_raw():
        yield piece
