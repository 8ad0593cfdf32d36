"""Asking over HTTP: what comes back is limited, failures are told apart, and nobody is sent anywhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import http
from providers.base import ProviderError
from providers.sandbox import Simulated
from tests.fakes import services
from tests.fakes.services import FakeService, Fault

FARES = b'{"fares": [1500]}'
NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)


def answer(request: httpx.Request) -> httpx.Response:
    """A service that says what it was asked."""
    if request.url.path == "/agent":
        return httpx.Response(200, json=[request.headers["user-agent"]])
    if request.url.path == "/moved":
        return httpx.Response(307, headers={"location": "/echo"})
    if request.url.path == "/echo":
        return httpx.Response(
            200, json=[request.method, request.content.decode(), request.headers.get("authorization")]
        )
    if request.url.path == "/circle":
        return httpx.Response(302, headers={"location": "/circle"})
    return httpx.Response(200, content=FARES, headers={"content-type": "application/json; charset=utf-8"})


def fetched(path: str = "/fares", *faults: Fault, **how: object) -> bytes:
    """What fetch makes of the service with these faults. Raises ProviderError."""

    async def ask(url: str) -> bytes:
        async with http.client("Safiri test") as client:
            return await http.fetch(client, str(how.pop("method", "GET")), url, service="Somebody", **how)  # type: ignore[arg-type]

    with FakeService(answer) as service:
        if faults:
            service.fails(*faults)
        return asyncio.run(ask(service.url + path))


def refused(path: str = "/fares", *faults: Fault, **how: object) -> ProviderError:
    """The error that comes of it, which names the service and never an address."""
    with pytest.raises(ProviderError) as caught:
        fetched(path, *faults, **how)
    assert "Somebody" in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


def test_a_good_answer_is_its_bytes_and_we_say_who_we_are() -> None:
    assert fetched() == FARES
    assert fetched("/agent") == b'["Safiri test"]'


def test_a_redirect_on_the_same_host_keeps_what_was_asked() -> None:
    kept = fetched("/moved", method="POST", json={"a": 1}, headers={"Authorization": "Bearer k"})
    assert kept == b'["POST","{\\"a\\":1}","Bearer k"]'


def test_redirects_in_circles_end() -> None:
    assert "circles" in str(refused("/circle"))


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/", "https://evil.example/", "//evil.example/", "http://127.0.0.1:1/"]
)
def test_nobody_is_sent_to_another_host(to: str) -> None:
    assert refused("/fares", services.redirects(to)).permanent


@pytest.mark.parametrize("to", ["//[", "https://host:99999/", "http://[::1"])
def test_a_redirect_to_no_address_is_an_error_of_the_service(to: str) -> None:
    async def ask() -> bytes:
        elsewhere = Simulated(lambda request: httpx.Response(302, headers={"location": to}))
        async with http.client(mounts={"all://": elsewhere}) as client:
            return await http.fetch(client, "GET", "https://somebody.example/", service="Somebody")

    with pytest.raises(ProviderError, match="Somebody"):
        asyncio.run(ask())


def test_a_small_body_that_unpacks_to_gigabytes_is_given_up_early() -> None:
    assert "more than" in str(refused("/fares", services.gzip_bomb()))


def test_damaged_packing_may_be_asked_again() -> None:
    broken = services.status(200, b"{not gzip", {"content-encoding": "gzip", "content-type": "application/json"})
    assert refused("/fares", broken).at_once


def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    strange = services.status(200, b"{}", {"content-encoding": "br", "content-type": "application/json"})
    assert "encoding" in str(refused("/fares", strange))


def test_a_page_where_data_should_be_is_refused() -> None:
    assert "other than json" in str(refused("/fares", services.status(200, services.HTML)))


def test_a_slow_service_is_a_matter_of_time() -> None:
    assert "in time" in str(refused("/fares", services.hangs(), timeout=0.1))


def test_a_cut_connection_may_be_asked_again() -> None:
    assert refused("/fares", services.cuts()).at_once


@pytest.mark.parametrize(
    ("fault", "permanent", "wait", "at_once"),
    [
        (services.status(401), True, None, False),
        (services.status(404), True, None, False),
        (services.status(429, headers={"retry-after": "30"}), False, 30.0, False),
        (services.status(429), False, 60.0, False),
        (services.status(500), False, None, False),
        (services.status(502), False, None, False),
        (services.status(503), False, None, True),
        (services.status(503, headers={"retry-after": "5"}), False, 5.0, False),
        (services.status(503, headers={"retry-after": "0"}), False, None, True),
    ],
)
def test_a_status_says_whether_and_when_to_ask_again(
    fault: Fault, permanent: bool, wait: float | None, at_once: bool
) -> None:
    error = refused("/fares", fault)
    assert (error.permanent, error.retry_after, error.at_once) == (permanent, wait, at_once)


def test_a_service_may_explain_itself() -> None:
    def explain(response: httpx.Response, body: bytes) -> ProviderError:
        return ProviderError("Somebody sold out")

    assert str(refused("/fares", services.status(422, b'{"why": 1}'), explain=explain)) == "Somebody sold out"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("-5", 0.0),
        ("99999", 3600.0),
        ("Thu, 26 Nov 2026 10:00:42 GMT", 42.0),
        ("Thu, 26 Nov 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 -99999999999999999999", None),
        ("nan", None),
        ("", None),
    ],
)
def test_waiting_times_come_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    assert http.wait_of(httpx.Headers({"retry-after": header}), now=NOW) == seconds


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_header_makes_us_wait_for_more_than_an_hour(header: str) -> None:
    wait = http.wait_of(httpx.Headers({"retry-after": header}), now=NOW)
    assert wait is None or 0 <= wait <= 3600


def test_services_are_told_how_to_reach_us_where_there_is_a_way() -> None:
    assert http.agent({}) == "Safiri/0.1 (trip planner for Kenya)"
    named = {"PUBLIC_URL": "https://safiri.example", "CONTACT_EMAIL": "ops@safiri.example"}
    assert http.agent(named) == "Safiri/0.1 (trip planner for Kenya; +https://safiri.example; ops@safiri.example)"
    assert http.agent({"PUBLIC_URL": "http://127.0.0.1:8000"}) == http.agent({})
