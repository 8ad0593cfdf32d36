"""Real answers of services, taken down as fixtures for tests, without secrets or anything about people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

GONE = "removed"
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w.])\+\d[\d ()-]{7,}\d|(?<![\w.-])0[17]\d{2}[ -]?\d{3}[ -]?\d{3}(?![\w-])")
_SECRET_FIELD = re.compile(
    r'("[\w-]*(?:client_key|token|api_?key|secret|password|session|signature)[\w-]*"\s*:\s*")[^"]*(")', re.IGNORECASE
)
_PLAIN = ("content-type", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
_ENDINGS = {"json": "json", "html": "html", "calendar": "ics"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, unpacked."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Recording(httpx.AsyncBaseTransport):
    """A transport that takes down everything that goes through it."""

    def __init__(self, network: httpx.AsyncBaseTransport) -> None:
        self.heard: list[Exchange] = []
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The network's answer."""
        response = await self._network.handle_async_request(request)
        response.request = request
        body = await response.aread()
        await response.aclose()
        plain = tuple((name, response.headers[name]) for name in _PLAIN if name in response.headers)
        self.heard.append(Exchange(request.method, request.url.path, response.status_code, plain, body))
        kept = [(name, value) for name, value in response.headers.multi_items() if not _about_packing(name)]
        return httpx.Response(response.status_code, headers=kept, stream=httpx.ByteStream(body), request=request)

    async def aclose(self) -> None:
        """Close the network's connections."""
        await self._network.aclose()


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """The text without keys, tokens, e-mail addresses and phone numbers."""
    for secret in secrets:
        if len(secret) > 3:
            text = text.replace(secret, GONE)
    text = _SECRET_FIELD.sub(rf"\g<1>{GONE}\g<2>", text)
    for pattern in (_JWT, _EMAIL, _PHONE):
        text = pattern.sub(GONE, text)
    return text


def save(heard: Sequence[Exchange], folder: Path, secrets: Sequence[str], day: str) -> list[Path]:
    """Write each answer beside a note of its request; the files written, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, exchange in enumerate(heard, 1):
        kind = dict(exchange.headers).get("content-type", "")
        ending = next((end for word, end in _ENDINGS.items() if word in kind), "txt")
        file = folder / f"recorded_{day}_{number}.{ending}"
        file.write_text(scrubbed(exchange.body.decode("utf-8", "replace"), secrets), encoding="utf-8")
        note = {"request": f"{exchange.method} {exchange.path}", "status": exchange.status} | dict(exchange.headers)
        about = scrubbed(json.dumps(note, indent=2, ensure_ascii=False), secrets)
        (folder / f"{file.stem}.request.txt").write_text(about + "\n", encoding="utf-8")
        files.append(file)
    return files


def _about_packing(name: str) -> bool:
    return name.lower() in ("content-encoding", "content-length", "transfer-encoding")
