"""Which sources are asked: the guide, what is switched on, and what is made up; and that these never meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import httpx
import pytest

from planner.model import Offer, StayOffer
from providers import registry, sandbox
from providers.base import Kind, Outcome, Status
from providers.fx import KEY, Rates
from providers.sandbox import duffel, iabiri
from providers.search import run, search_all
from providers.switchboard import choose, connect
from storage.memory import ProcessMemory
from tests.fakes.services import FakeService
from tests.providers.asking import ask

DAY = date(2026, 12, 12)
FLIGHTS = ask(Kind.FLIGHTS, "mombasa", DAY, origin="nairobi")
HOTELS = ask(Kind.HOTELS, "mombasa", DAY, date(2026, 12, 14))
GUIDE = {provider.name for provider in registry.discover() if not provider.needs}


def asked(keys: Mapping[str, str], memory: ProcessMemory, *, simulate: bool = True) -> dict[str, Outcome]:
    choices = choose(keys, simulate=simulate)
    board = connect(choices, keys, memory)
    outcomes = search_all([FLIGHTS, HOTELS], board.providers, 5, keys=keys, open_http=board.open_http)
    return {outcome.provider: outcome for outcome in outcomes}


def samples(offers: Sequence[Offer]) -> set[bool]:
    prices = [offer.nightly if isinstance(offer, StayOffer) else offer.price for offer in offers]
    return {price.sample for price in prices if price is not None}


@pytest.mark.parametrize(
    ("keys", "how", "real", "made_up"),
    [
        ({}, {}, set(), set()),
        (iabiri.KEYS, {}, {"iabiri"}, set()),
        (iabiri.KEYS, {"offline": True}, set(), set()),
        (iabiri.KEYS, {"simulate": True}, {"iabiri"}, {"buupass", "duffel", "eventbrite"}),
        (iabiri.KEYS, {"offline": True, "simulate": True}, set(), {"iabiri", "buupass", "duffel"}),
    ],
)
def test_the_guide_is_always_on_and_the_rest_as_it_is_set(
    keys: Mapping[str, str], how: dict[str, bool], real: set[str], made_up: set[str]
) -> None:
    choices = choose(keys, **how)
    assert {choice.provider.name for choice in choices} >= GUIDE
    assert {c.provider.name for c in choices if c.service is None and c.provider.needs} == real
    assert {c.provider.name for c in choices if c.service is not None} >= made_up
    assert all(c.service is None for c in choices) or how.get("simulate")


def test_every_source_can_be_simulated() -> None:
    everything = {choice.provider.name for choice in choose({}, simulate=True)}
    assert everything == {provider.name for provider in registry.discover()}


def test_a_real_source_is_not_answered_by_the_simulated_service_of_its_neighbour() -> None:
    with FakeService(duffel.answer) as service:
        keys = {"DUFFEL_TOKEN": duffel.KEYS["DUFFEL_TOKEN"], "DUFFEL_API_URL": service.url}
        outcomes = asked(keys, ProcessMemory())
        assert {request.url.path for request in service.requests} == {"/air/offer_requests"}
    assert outcomes["duffel_stays"].offers
    assert samples(outcomes["duffel_stays"].offers) == {True}


def test_what_was_made_up_is_not_remembered_as_real() -> None:
    memory = ProcessMemory()
    assert asked({}, memory)["duffel"].status is Status.OK
    assert memory.recall(KEY, Rates) is None, "nor are its rates"
    with FakeService(duffel.answer) as service:
        keys = {"DUFFEL_TOKEN": duffel.KEYS["DUFFEL_TOKEN"], "DUFFEL_API_URL": service.url, "FX_KES_PER_USD": "130"}
        keys |= {"FX_URL": service.url, "FX_FALLBACK_URL": service.url}
        again = asked(keys, memory)["duffel"]
    assert again.status is Status.OK, "asked, not remembered"
    counted = {dict(labels)["provider"] for labels in memory.tallies()["provider_searches"]}
    assert counted == {"duffel"}, "what is made up is not measured"


def test_settings_of_a_source_that_is_off_lead_its_simulated_one_nowhere() -> None:
    nowhere = {"DUFFEL_API_URL": "http://127.0.0.1:9", "FX_URL": "http://127.0.0.1:9"}
    assert asked(nowhere, ProcessMemory())["duffel"].status is Status.OK


async def _reach(host: str) -> httpx.Response:
    return await sandbox.client().get(f"https://{host}/")


def test_the_client_of_simulated_services_reaches_nobody_else() -> None:
    with pytest.raises(httpx.ConnectError):
        run(lambda http: _reach("example.com"))
    assert run(lambda http: _reach("api.duffel.com")).status_code >= 400
