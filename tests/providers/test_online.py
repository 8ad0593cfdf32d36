"""What every source on the network must keep, whatever its service does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.model import Basis, Offer, Precision, Price, StayOffer
from providers import sandbox
from providers.base import Provider, ProviderError, Status
from tests.fakes import services
from tests.fakes.services import FakeService, Fault
from tests.providers.online import asked_at, example, offered_at, online

ROOT = Path(__file__).parents[2]
SOURCES = online()
each_source = pytest.mark.parametrize("provider", SOURCES, ids=lambda provider: provider.name)


def price_of(offer: Offer) -> Price | None:
    return offer.nightly if isinstance(offer, StayOffer) else offer.price


@each_source
def test_it_has_a_test_a_fixture_and_a_section_in_the_documentation(provider: type[Provider]) -> None:
    text = (ROOT / "tests" / "providers" / f"test_{provider.name}.py").read_text(encoding="utf-8")
    assert "tests/fixtures" in text or "FIXTURES" in text
    assert f"### `{provider.name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


@each_source
def test_it_is_off_until_it_is_switched_on(provider: type[Provider]) -> None:
    assert provider.needs, "a source on the network is the operator's choice"


@each_source
def test_what_it_offers_says_where_from_and_when(provider: type[Provider]) -> None:
    asked = example(provider)
    with FakeService(asked.service) as service:
        outcome = asked_at(provider, asked, service.url)
        again = asked_at(provider, asked, service.url)
    assert (outcome.status, outcome.detail) == (Status.OK, "")
    assert [offer.id for offer in outcome.offers] == [offer.id for offer in again.offers], "ids outlive a search"
    assert len({offer.id for offer in outcome.offers}) == len(outcome.offers)
    for offer in outcome.offers:
        assert offer.provider == provider.name
        if offer.booking_url is not None:
            assert urlsplit(offer.booking_url).scheme == "https"
        if (price := price_of(offer)) is not None:
            assert price.basis in (Basis.LIVE, Basis.ESTIMATE)
            assert price.source
            if price.basis is Basis.LIVE:
                assert isinstance(price.seen_at, datetime)
                assert price.precision is Precision.MINUTE


@each_source
@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_is_for_the_operator_to_mend(provider: type[Provider], code: int) -> None:
    assert error_of(provider, services.status(code)).permanent


@each_source
def test_asked_too_often_it_says_for_how_long_to_wait(provider: type[Provider]) -> None:
    asked = example(provider)
    error = error_of(provider, asked.too_often())
    assert not error.permanent
    assert error.retry_after == pytest.approx(asked.wait, abs=5)


@each_source
@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_trouble_over_there_passes(provider: type[Provider], code: int) -> None:
    assert not error_of(provider, services.status(code)).permanent


FAULTS: dict[str, Callable[[], Fault]] = {
    "a cut connection": services.cuts,
    "garbage": services.garbage,
    "another shape": services.another_shape,
    "a body that unpacks for ever": services.gzip_bomb,
    "a redirect to another host": services.redirects,
    "a page instead of an answer": lambda: services.status(200, services.HTML),
    "an empty body": lambda: services.status(200, b""),
}


@each_source
@pytest.mark.parametrize("fault", FAULTS)
def test_nonsense_is_an_error_of_the_source_and_never_a_crash(provider: type[Provider], fault: str) -> None:
    error = error_of(provider, FAULTS[fault]())
    assert str(error)


@each_source
@pytest.mark.parametrize("fault", [services.hangs, services.drips], ids=["hangs", "drips"])
def test_a_slow_service_costs_no_more_than_the_deadline(provider: type[Provider], fault: Callable[[], Fault]) -> None:
    asked = example(provider)
    with FakeService(asked.service) as service:
        service.fails(fault())
        assert asked_at(provider, asked, service.url, deadline=0.3).status is Status.TIMED_OUT


@each_source
def test_a_wrong_certificate_or_a_closed_door_is_said(provider: type[Provider]) -> None:
    asked = example(provider)
    with FakeService(asked.service) as service:
        address = service.url
        outcome = asked_at(provider, asked, address.replace("http://", "https://"))
        assert (outcome.status, "could not be reached" in outcome.detail) == (Status.FAILED, True)
    assert asked_at(provider, asked, address).status is Status.FAILED


@each_source
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    body=st.binary(max_size=200) | st.sampled_from([b"", b"null", b"[]", b"{}", b'{"data": null}', b'{"data": [7]}'])
)
def test_parsing_anything_is_an_answer_or_an_error_of_the_source(provider: type[Provider], body: bytes) -> None:
    try:
        offers = example(provider).parse(body)
    except ProviderError:
        return
    assert list(offers) == []


@each_source
def test_its_simulated_service_answers_for_it_without_a_network(provider: type[Provider]) -> None:
    asked = example(provider)
    assert asked.service in [service.answer for service in sandbox.services()]


def error_of(provider: type[Provider], fault: Fault) -> ProviderError:
    """What the source raises when its service has this fault; it names neither keys nor addresses."""
    asked = example(provider)
    with FakeService(asked.service) as service:
        service.fails(fault)
        with pytest.raises(ProviderError) as caught:
            offered_at(provider, asked, service.url)
    for secret in (*asked.keys.values(), "127.0.0.1", "169.254"):
        assert len(secret) < 2 or secret not in str(caught.value)
    return caught.value
