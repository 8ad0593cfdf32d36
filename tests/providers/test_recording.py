"""Taking down real answers: whole, readable, and without secrets or people in them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from providers import http
from providers.recording import GONE, Exchange, Recording, save, scrubbed
from tests.fakes.services import FakeService


def service(request: httpx.Request) -> httpx.Response:
    """Says something with a key, a token and a person in it."""
    said = {
        "client_key": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.sig",
        "mail": "wanjiku@example.com",
        "phone": "+254712345678",
    }
    return httpx.Response(200, json={**said, "fare": "1500.00", "flight_number": "100254712"})


async def heard_at(url: str) -> tuple[bytes, list[Exchange]]:
    listener = Recording(httpx.AsyncHTTPTransport())
    async with http.client(mounts={"all://": listener}) as client:
        body = await http.fetch(client, "GET", f"{url}/fares?key=4711", service="Somebody")
    return body, listener.heard


def test_what_is_recorded_is_what_the_source_got_to_read() -> None:
    with FakeService(service) as fake:
        body, (exchange,) = asyncio.run(heard_at(fake.url))
    assert exchange.body == body
    assert (exchange.method, exchange.path, exchange.status) == ("GET", "/fares", 200)


def test_a_saved_answer_keeps_its_facts_and_loses_keys_and_people(tmp_path: Path) -> None:
    with FakeService(service) as fake:
        _, heard = asyncio.run(heard_at(fake.url))
    (file,) = save(heard, tmp_path / "somebody", ["1500.00x"], "20261126")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept == {
        "client_key": GONE, "mail": GONE, "phone": GONE, "fare": "1500.00", "flight_number": "100254712",
    }  # fmt: skip
    about = (tmp_path / "somebody" / "recorded_20261126_1.request.txt").read_text(encoding="utf-8")
    assert '"GET /fares"' in about
    assert "4711" not in about


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{"api_key": "abc"}', f'{{"api_key": "{GONE}"}}'),
        ("Authorization: s3cr3t-key!", f"Authorization: {GONE}"),
        ("call 0712 345 678 now", f"call {GONE} now"),
        ("KES 1,500 at 07:30, seats 33, id 6941", "KES 1,500 at 07:30, seats 33, id 6941"),
        ("-4.035053, 39.595233", "-4.035053, 39.595233"),
        ("2026-12-12T07:00:00", "2026-12-12T07:00:00"),
    ],
)
def test_scrubbing_takes_what_is_secret_and_nothing_else(text: str, after: str) -> None:
    assert scrubbed(text, ["s3cr3t-key!", ""]) == after
