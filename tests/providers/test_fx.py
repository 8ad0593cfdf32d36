"""Rates to shillings: exact, dated, never invented, and asked for no more often than needed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis
from providers import fx, http
from providers.base import ProviderError
from providers.fx import Desk, Rates, parse_currency, parse_open, price
from providers.memory import Memory
from providers.sandbox import Simulated
from providers.sandbox import fx as service
from storage import codec
from storage.memory import ProcessMemory
from tests.fakes import services
from tests.fakes.services import FakeService

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fx"
OPEN = (FIXTURES / "composed_open_er_api_v6_latest_USD.json").read_bytes()
CURRENCY = (FIXTURES / "composed_fawazahmed0_usd.json").read_bytes()
ERROR: dict[str, Any] = json.loads((FIXTURES / "composed_open_er_api_error.json").read_text())["unsupported_code"]
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
LAST = Rates(
    {"USD": Decimal(1), "KES": Decimal("128.50")}, datetime(2026, 11, 20, tzinfo=UTC), "ExchangeRate-API",
    good_until=datetime(2026, 11, 21, tzinfo=UTC),
)  # fmt: skip
FIRST, SECOND = "ExchangeRate-API", "fawazahmed0 currency data"
amounts = st.decimals(0, 10_000_000, places=2)
quotes = st.decimals(Decimal("0.001"), 100_000, places=6)


def changed(body: bytes, **values: object) -> bytes:
    return json.dumps({**json.loads(body), **values}).encode()


def open_saying(kes: str) -> bytes:
    told = json.loads(OPEN)
    return changed(OPEN, rates={**told["rates"], "KES": float(kes)})


def currency_saying(kes: str) -> bytes:
    return changed(CURRENCY, usd={"kes": float(kes), "usd": 1})


# --- what the services say --------------------------------------------------------------------------------------------


def test_the_first_service_is_read_exactly() -> None:
    rates = parse_open(OPEN)
    assert (rates.source, rates.approximate) == (FIRST, False)
    assert rates.as_of == datetime(2026, 11, 22, 0, 2, 31, tzinfo=UTC)
    assert rates.good_until == datetime(2026, 11, 23, 0, 21, 1, tzinfo=UTC)
    assert (rates.per_usd["KES"], rates.per_usd["GBP"]) == (Decimal("129.25"), Decimal("0.75"))
    assert (rates.credit, rates.credit_url) == ("Rates By Exchange Rate API", "https://www.exchangerate-api.com")


def test_the_second_service_is_read_exactly() -> None:
    rates = parse_currency(CURRENCY)
    assert (rates.source, rates.as_of) == (SECOND, MIDNIGHT)
    assert rates.good_until == MIDNIGHT + timedelta(hours=26)
    assert (rates.per_usd["KES"], rates.per_usd["GBP"]) == (Decimal("129.24870911"), Decimal("0.75101002"))
    assert (rates.credit, rates.credit_url) == ("", ""), "in the public domain"


def test_an_access_with_an_end_of_life_is_no_longer_used() -> None:
    with pytest.raises(ProviderError, match="closed") as caught:
        parse_open(changed(OPEN, time_eol_unix=1795305751))
    assert caught.value.permanent


def test_a_rate_that_cannot_be_is_refused() -> None:
    for kes in ("0.0077", "79.99", "250.01", "12925"):
        with pytest.raises(ProviderError, match="cannot be"):
            parse_open(open_saying(kes))
        with pytest.raises(ProviderError, match="cannot be"):
            parse_currency(currency_saying(kes))


def test_rates_without_shillings_or_of_another_base_are_refused() -> None:
    with pytest.raises(ProviderError):
        parse_open(changed(OPEN, rates={"USD": 1}))
    with pytest.raises(ProviderError):
        parse_open(changed(OPEN, base_code="EUR"))
    with pytest.raises(ProviderError):
        parse_currency(b'{"date": "2026-11-22", "eur": {"kes": 150}}')


def test_one_senseless_quote_does_not_spoil_the_others() -> None:
    rates = parse_currency(changed(CURRENCY, usd={"kes": 129.25, "gbp": None, "eur": 0, "xyz": -3, "abc": "1E+999999"}))
    assert set(rates.per_usd) == {"KES", "USD"}


@pytest.mark.parametrize("parse", [parse_open, parse_currency])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", services.HTML, json.dumps(ERROR["body"]).encode(),
        changed(OPEN, time_next_update_unix=10**18), changed(OPEN, time_last_update_unix=-(10**18)),
        changed(CURRENCY, date="9999-12-31"), changed(CURRENCY, date="soon"),
    ],
)  # fmt: skip
def test_another_answer_is_an_error_of_the_service(parse: Callable[[bytes], Rates], body: bytes) -> None:
    with pytest.raises(ProviderError):
        parse(body)


@given(st.binary(max_size=100) | st.sampled_from([OPEN[::-1], CURRENCY[:-3]]))
def test_nonsense_is_never_a_crash(body: bytes) -> None:
    for parse in (parse_open, parse_currency):
        with pytest.raises(ProviderError):
            parse(body)


# --- reckoning --------------------------------------------------------------------------------------------------------


def test_an_amount_is_crossed_by_way_of_the_dollar_and_rounded_up() -> None:
    rates = parse_open(OPEN)
    assert rates.shillings(Decimal("100"), "USD") == 12_925
    assert rates.shillings(Decimal("100.01"), "USD") == 12_927, "12,926.29"
    assert rates.shillings(Decimal("84.20"), "GBP") == 14_511, "14,510.4666…"
    assert rates.shillings(Decimal("30000"), "TZS") == 1_583


def test_a_currency_that_is_not_quoted_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        parse_open(OPEN).shillings(Decimal(1), "XAU")


@given(amounts)
def test_shillings_are_shillings(amount: Decimal) -> None:
    kes = LAST.shillings(amount, "KES")
    assert kes - 1 < amount <= kes


@given(amounts, amounts, quotes)
def test_who_pays_more_abroad_never_pays_less_here(one: Decimal, other: Decimal, quote: Decimal) -> None:
    rates = replace(LAST, per_usd={**LAST.per_usd, "XYZ": quote})
    less, more = sorted((one, other))
    assert rates.shillings(less, "XYZ") <= rates.shillings(more, "XYZ")


@given(amounts, quotes)
def test_rounding_is_up_and_by_less_than_a_shilling(amount: Decimal, quote: Decimal) -> None:
    rates = replace(LAST, per_usd={**LAST.per_usd, "XYZ": quote})
    kes = rates.shillings(amount, "XYZ")
    exact = amount * rates.per_usd["KES"]  # in units of 1/quote, so without a division
    assert (kes - 1) * quote < exact <= kes * quote


def test_a_price_says_what_was_quoted_and_by_which_rate_of_which_day_it_was_converted() -> None:
    rates = parse_open(OPEN)
    made = price(Decimal("84.20"), "GBP", rates, source="Somebody", seen_at=MIDNIGHT, note="for two")
    assert (made.kes, made.amount, made.currency, made.basis) == (14_511, Decimal("84.20"), "GBP", Basis.LIVE)
    assert made.note == "for two; ≈ GBP 84.20 at KES 172.33 (ExchangeRate-API, 22 Nov 2026)"
    shillings = price(Decimal("1500.50"), "KES", None, source="Somebody", seen_at=MIDNIGHT)
    assert (shillings.kes, shillings.note) == (1501, "")
    with pytest.raises(KeyError):
        price(Decimal(1), "GBP", None, source="Somebody", seen_at=MIDNIGHT)


# --- the desk ---------------------------------------------------------------------------------------------------------


@dataclass
class Street:
    """The two services, and a desk beside them."""

    first: FakeService
    second: FakeService
    memory: Memory
    keys: Mapping[str, str]

    def rates(self, **settings: str) -> Rates:
        """What somebody at a desk of his own is told."""
        return asyncio.run(self._rates({**self.keys, **settings}))

    async def _rates(self, keys: Mapping[str, str]) -> Rates:
        async with http.client() as client:
            return await Desk(self.memory).rates(client, keys, patience=10)

    @property
    def asked(self) -> tuple[int, int]:
        """How often each service was."""
        return len(self.first.requests), len(self.second.requests)

    def fail(self) -> None:
        """Both services at once."""
        self.first.fails(services.status(503))
        self.second.fails(services.status(503))


@contextmanager
def _street(last: Rates | None) -> Iterator[Street]:
    memory = ProcessMemory()
    if last is not None:
        memory.keep(fx.KEY, last, 1000)
    with FakeService(service.answer) as first, FakeService(service.answer) as second:
        yield Street(first, second, memory, {"FX_URL": first.url + "/", "FX_FALLBACK_URL": second.url + "/"})


@pytest.fixture
def street() -> Iterator[Street]:
    with _street(None) as made:
        yield made


@pytest.fixture
def street_with_older_rates() -> Iterator[Street]:
    with _street(LAST) as made:
        yield made


def says(body: bytes) -> services.Fault:
    return services.status(200, body)


def test_the_first_service_is_asked_at_its_address_and_the_second_is_left_alone(street: Street) -> None:
    rates = street.rates()
    assert (rates.source, rates.per_usd["KES"]) == (FIRST, Decimal("129.25"))
    assert [request.url.path for request in street.first.requests] == ["/v6/latest/USD"]
    assert street.asked == (1, 0)


def test_known_rates_are_used_without_asking(street: Street) -> None:
    async def told() -> Rates:
        async with http.client() as client:
            return await Desk(street.memory, known=LAST).rates(client, street.keys)

    assert asyncio.run(told()) is LAST
    assert street.asked == (0, 0)


def test_fresh_rates_are_not_asked_for_again_by_anybody(street: Street) -> None:
    assert street.rates() == street.rates()
    assert street.asked == (1, 0)


def test_a_desk_without_a_memory_remembers_for_itself(street: Street) -> None:
    async def twice() -> list[Rates]:
        desk = Desk()
        async with http.client() as client:
            return [await desk.rates(client, street.keys, 10), await desk.rates(client, street.keys, 10)]

    one, other = asyncio.run(twice())
    assert one == other
    assert street.asked == (1, 0)


def test_rates_hold_until_their_service_has_newer_ones_an_hour_at_least_and_a_day_at_most(street: Street) -> None:
    now = datetime.now(UTC)
    for promised, least, most in ((-5, 1, 1), (20, 20, 20), (400, 26, 26)):
        until = int((now + timedelta(hours=promised)).timestamp())
        street.memory.forget(fx.KEY)
        street.first.fails(says(changed(OPEN, time_next_update_unix=until)))
        good_until = street.rates().good_until
        assert good_until is not None
        assert timedelta(hours=least, minutes=-1) < good_until - now < timedelta(hours=most, minutes=1)


@pytest.mark.parametrize(
    "fault",
    [
        services.status(429, b""), services.status(500), services.status(404, json.dumps(ERROR["body"]).encode()),
        services.status(200, json.dumps(ERROR["body"]).encode()), says(changed(OPEN, time_eol_unix=1)),
        says(open_saying("1.29")), services.cuts(), services.garbage(), services.another_shape(), services.gzip_bomb(),
        services.redirects(), services.status(200, services.HTML), services.status(200, b""), services.hangs(),
        services.drips(),
    ],
    ids=[
        "asked too often", "trouble", "an error with its status", "an error with a 200", "end of life", "out of band",
        "cut", "garbage", "another shape", "bomb", "redirect", "a page", "nothing", "hangs", "drips",
    ],
)  # fmt: skip
def test_whatever_the_first_service_does_the_second_is_asked(street: Street, fault: services.Fault) -> None:
    street.first.fails(fault)
    rates = street.rates()
    assert (rates.source, rates.per_usd["KES"], rates.as_of) == (SECOND, Decimal("129.25"), MIDNIGHT)
    path = "/npm/@fawazahmed0/currency-api@latest/v1/currencies/usd.json"
    assert [request.url.path for request in street.second.requests] == [path]


def test_its_other_address_is_the_third_to_be_asked() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        last = request.url.host == "latest.currency-api.pages.dev"
        return service.answer(request) if last else httpx.Response(502)

    async def told() -> Rates:
        async with http.client(mounts={f"all://{host}": Simulated(answer) for host in service.HOSTS}) as client:
            return await Desk(ProcessMemory()).rates(client, {}, patience=10)

    assert asyncio.run(told()).source == SECOND
    assert asked == list(service.HOSTS)


def test_when_nobody_answers_the_last_good_rates_serve_with_their_day(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    street.fail()
    assert street.rates(FX_KES_PER_USD="140") == LAST
    assert street.asked == (1, 1)
    assert street.memory.recall(fx.KEY, Rates) == LAST, "and they are still there"


def test_what_is_remembered_can_be_kept_as_text() -> None:
    rates = parse_open(OPEN)
    assert codec.load(Rates, codec.dump(rates)) == rates


def test_without_any_the_rate_of_the_settings_serves_and_is_called_approximate(street: Street) -> None:
    street.fail()
    rates = street.rates(FX_KES_PER_USD="131.5")
    assert (rates.approximate, rates.shillings(Decimal(10), "USD")) == (True, 1315)
    made = price(Decimal(10), "USD", rates, source="Somebody", seen_at=MIDNIGHT)
    assert made.note == "≈ USD 10 at KES 131.50 (our settings, approximate)"
    assert street.memory.recall(fx.KEY, Rates) is None, "it is no rate that was seen"


def test_without_anything_it_is_an_error_and_no_address_is_told(street: Street) -> None:
    street.fail()
    with pytest.raises(ProviderError) as caught:
        street.rates()
    assert "127.0.0.1" not in str(caught.value)
    assert not caught.value.permanent


def test_services_that_failed_are_left_alone_for_a_minute(street: Street) -> None:
    street.fail()
    for _ in range(3):
        with pytest.raises(ProviderError):
            street.rates()
    assert street.asked == (1, 1)


def test_who_asked_too_often_keeps_away_for_as_long_as_is_asked(street: Street) -> None:
    street.first.fails(services.status(429, b"", {"retry-after": "1200"}))
    street.rates()
    assert street.memory.marked(f"failed:{fx.KEY}:0") == pytest.approx(1200, abs=5)


def test_a_search_that_cannot_wait_leaves_word_for_the_next_one(street: Street) -> None:
    street.first.fails(services.hangs())

    async def impatient() -> Rates:
        async with http.client() as client, asyncio.timeout(0.2):
            return await Desk(street.memory).rates(client, street.keys)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert asyncio.run(impatient()).source == SECOND
    assert street.asked == (1, 1)


def test_a_jump_is_believed_when_a_second_service_says_the_same(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    street.first.fails(says(open_saying("190")))
    street.second.fails(says(currency_saying("189.4")))
    assert street.rates().per_usd["KES"] == Decimal("189.4")
    assert street.asked == (1, 1)


def test_a_jump_that_nobody_confirms_is_not_believed(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    street.first.fails(says(open_saying("190")))
    street.second.fails(services.status(500))
    assert street.rates() == LAST
    street.memory.forget(f"failed:{fx.KEY}:0")
    street.memory.forget(f"failed:{fx.KEY}:1")
    street.second.fails(says(currency_saying("225")))
    assert street.rates() == LAST, "another jump confirms nothing"


def test_a_service_that_contradicts_the_jump_is_believed_at_once(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    street.first.fails(says(open_saying("190")))
    assert street.rates().per_usd["KES"] == Decimal("129.25")


def test_approximate_rates_of_the_settings_doubt_nobody(street: Street) -> None:
    street.first.fails(says(open_saying("190")))
    assert street.rates(FX_KES_PER_USD="129").per_usd["KES"] == Decimal("190.0")


def test_a_service_that_has_fallen_behind_does_not_replace_newer_rates(street: Street) -> None:
    street.memory.keep(fx.KEY, replace(LAST, as_of=datetime(2026, 11, 25, tzinfo=UTC)), 1000)
    street.first.fails(services.status(500))
    rates = street.rates()
    assert (rates.source, rates.as_of.day, rates.per_usd["KES"]) == (FIRST, 25, Decimal("128.50"))
    assert street.rates() == rates
    assert street.asked == (1, 1), "and the question rests for an hour"


@pytest.mark.parametrize("fault", [services.delayed(0.2), services.status(503)], ids=["slow", "in trouble"])
def test_of_many_who_ask_at_once_one_is_let_through(street: Street, fault: services.Fault) -> None:
    street.first.fails(fault)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: street.rates(), range(8)))
    assert len({rates.source for rates in told}) == 1
    assert street.asked in ((1, 0), (1, 1))


def test_nobody_waits_for_newer_rates_while_there_are_older_ones(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    claim = street.memory.claim(f"asking:{fx.KEY}", 10)
    assert claim is not None
    assert street.rates() == LAST
    assert street.asked == (0, 0)


# --- the simulated service --------------------------------------------------------------------------------------------


def said(url: str) -> httpx.Response:
    return service.answer(httpx.Request("GET", url))


def test_the_simulated_services_speak_as_the_real_ones_do() -> None:
    told = said("https://open.er-api.com/v6/latest/USD")
    assert told.json() == json.loads(OPEN)
    assert parse_open(told.content) == parse_open(OPEN)
    other = said("https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@latest/v1/currencies/usd.json")
    assert parse_currency(other.content).as_of == MIDNIGHT
    assert set(json.loads(CURRENCY)["usd"]) <= set(other.json()["usd"])


def test_the_simulated_services_refuse_as_the_real_ones_do() -> None:
    refused = said("https://open.er-api.com/v6/latest/XXX")
    assert (refused.status_code, refused.json()) == (ERROR["status"], ERROR["body"])
    assert said("https://cdn.jsdelivr.net/npm/nothing").status_code == 404


def in_a_search(street: Street) -> Rates | None:
    async def asked() -> Rates | None:
        async with http.client() as client:
            return await Desk(street.memory).if_any(client, street.keys)

    return asyncio.run(asked())


def test_a_search_waits_half_a_second_and_takes_the_last_good_rates(street_with_older_rates: Street) -> None:
    street = street_with_older_rates
    street.first.fails(services.hangs())
    assert in_a_search(street) == LAST
    assert street.rates().source == SECOND, "and who has the time gets newer ones of the second service"


def test_without_any_rates_what_is_in_shillings_can_be_offered_all_the_same(street: Street) -> None:
    street.fail()
    assert in_a_search(street) is None
