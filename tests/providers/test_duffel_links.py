"""A session of Duffel Links: made when asked for, and only an address that may be opened comes back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import duffel_links, http
from providers.base import ProviderError
from providers.sandbox import duffel as simulated
from tests.fakes import services
from tests.fakes.services import FakeService

FIXTURES = Path(__file__).parents[1] / "fixtures" / "duffel"
RECORDED = json.loads((FIXTURES / "composed_links_session.json").read_text())
ERRORS = json.loads((FIXTURES / "composed_errors.json").read_text())
ON = {"DUFFEL_TOKEN": simulated.TOKEN, "DUFFEL_LINKS": "1"}


def opened(service: FakeService, keys: dict[str, str] | None = None, reference: str = "t-1") -> str:
    async def ask() -> str:
        async with http.client() as client:
            return await duffel_links.session(
                client,
                {"DUFFEL_API_URL": service.url, **(ON if keys is None else keys)},
                reference=reference,
                success_url="https://safiri.example/back/success",
                failure_url="https://safiri.example/back/failure",
                abandonment_url="https://safiri.example/back/abandoned",
            )

    return asyncio.run(ask())


def test_a_session_is_for_flights_in_shillings_and_comes_back_to_us() -> None:
    with FakeService(simulated.answer) as service:
        assert opened(service).startswith("https://links.duffel.com?token=")
    (asked,) = service.requests
    assert (asked.method, asked.url.path) == ("POST", "/links/sessions")
    assert asked.headers["duffel-version"] == "v2"
    data = json.loads(asked.content)["data"]
    assert data == {
        "reference": "t-1",
        "success_url": "https://safiri.example/back/success",
        "failure_url": "https://safiri.example/back/failure",
        "abandonment_url": "https://safiri.example/back/abandoned",
        "traveller_currency": "KES",
        "flights": {"enabled": True},
        "stays": {"enabled": False},
    }
    assert data.keys() <= RECORDED["request"]["body"]["data"].keys()


def test_the_recorded_answer_is_read() -> None:
    body = json.dumps(RECORDED["response"]["body"]).encode()
    assert duffel_links.address(body) == "https://links.duffel.com?token=U0ZNeU5UWS5FWEFNUExF"


@pytest.mark.parametrize("keys", [{}, {"DUFFEL_TOKEN": simulated.TOKEN}, {"DUFFEL_LINKS": "1"}])
def test_what_is_not_switched_on_is_not_asked_for(keys: dict[str, str]) -> None:
    with FakeService(simulated.answer) as service:
        with pytest.raises(ProviderError, match="not switched on") as caught:
            opened(service, keys)
        assert service.requests == []
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("fault", "said", "permanent"),
    [
        (services.status(502), "Duffel has trouble (502)", False),
        (services.status(200, services.HTML), "Duffel answered with something other than json", False),
        (services.another_shape(), "Duffel answered with something other than a session", False),
        (services.garbage(), "Duffel answered with something other than a session", False),
    ],
)
def test_trouble_is_an_error_of_the_source(fault: services.Fault, said: str, permanent: bool) -> None:
    with FakeService(simulated.answer) as service:
        service.fails(fault)
        with pytest.raises(ProviderError) as caught:
            opened(service)
    assert (str(caught.value), caught.value.permanent) == (said, permanent)


def test_an_unknown_token_is_for_the_operator_to_mend() -> None:
    with FakeService(simulated.answer) as service, pytest.raises(ProviderError, match="does not know") as caught:
        opened(service, {**ON, "DUFFEL_TOKEN": "duffel_live_gone"})
    assert caught.value.permanent
    assert "duffel_live_gone" not in str(caught.value)


def test_a_reference_that_is_too_long_is_refused_with_its_name() -> None:
    with FakeService(simulated.answer) as service, pytest.raises(ProviderError, match="validation_length: reference"):
        opened(service, reference="x" * 501)


@pytest.mark.parametrize(
    "url",
    ["http://links.duffel.com?token=1", "javascript:alert(1)", "https://", "//links.duffel.com", "https://[", "", 7],
)
def test_an_address_that_is_not_safe_is_never_handed_out(url: object) -> None:
    with pytest.raises(ProviderError):
        duffel_links.address(json.dumps({"data": {"url": url}}).encode())


@given(st.binary(max_size=100) | st.text(max_size=40).map(lambda url: json.dumps({"data": {"url": url}}).encode()))
def test_whatever_comes_back_is_an_https_address_or_an_error(body: bytes) -> None:
    try:
        url = duffel_links.address(body)
    except ProviderError:
        return
    assert url.startswith("https://")
