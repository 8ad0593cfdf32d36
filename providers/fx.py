"""Dated exchange rates to shillings, from two services, with the last good ones kept.

What it is: ExchangeRate-API's open access (daily; it wants to be named, with a link, where its rates are used) and,
when that fails, fawazahmed0's currency data (CC0), at jsDelivr or at Cloudflare Pages.
Not verified: neither was called live; the formats are from their documentation and from public recordings.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.model import Basis, Precision, Price
from providers.base import ProviderError
from providers.http import fetch
from providers.memory import Memory

log = logging.getLogger(__name__)

PLANNED_IN = "KES"
SERVICE = "The exchange rate service"
# Shillings for a dollar. Since 2008 it was between 62 and 162; what is outside of this is a broken feed.
SANE = (Decimal(80), Decimal(250))
POSSIBLE = (Decimal("1e-9"), Decimal("1e9"))  # of any currency for a dollar
JUMP = Decimal("0.25")  # by which two days' rates may differ before the newer one is doubted
AGREEMENT = Decimal("0.05")  # by which two services may differ and still say the same
LATEST = 4_102_444_800  # the first second of 2100: no rates are of later
IN_A_SEARCH = 0.5  # seconds; a worker that nobody waits for fetches rates every hour (bot.jobs.tidy)
PATIENCE = 1.0  # seconds for one service: a search that waits for rates has no more than two or three
LEAST_FRESH, MOST_FRESH = timedelta(hours=1), timedelta(hours=26)
LASTING = timedelta(days=400)  # the last good rates are better than none, and their day is always said
AGAIN = 60.0  # seconds for which a service that failed is left out
KEY = "rates:usd"
CREDIT, CREDIT_URL = "Rates By Exchange Rate API", "https://www.exchangerate-api.com"


@dataclass(frozen=True, slots=True)
class Rates:
    """What one US dollar bought, by currency code, when and according to whom.

    `good_until` is when a newer one may be asked for. `approximate` marks the rate of the settings, used when no
    service was ever reached. `credit` must be shown, with its link, wherever a converted price is.
    """

    per_usd: Mapping[str, Decimal]
    as_of: datetime
    source: str
    approximate: bool = False
    good_until: datetime | None = None
    credit: str = ""
    credit_url: str = ""

    def shillings(self, amount: Decimal, currency: str) -> int:
        """An amount in whole shillings, rounded up. Raises KeyError for a currency that is not quoted."""
        kes = amount if currency == PLANNED_IN else amount * self.per_usd[PLANNED_IN] / self.per_usd[currency]
        return int(kes.to_integral_value(ROUND_CEILING))


class _Open(BaseModel):
    model_config = ConfigDict(frozen=True)

    result: Literal["success"]
    time_last_update_unix: int = Field(gt=0, lt=LATEST)
    time_next_update_unix: int = Field(gt=0, lt=LATEST)
    time_eol_unix: int
    base_code: Literal["USD"]
    rates: dict[str, Decimal | None]


class _Currency(BaseModel):
    model_config = ConfigDict(frozen=True)

    date: date
    usd: dict[str, Decimal | None]


def parse_open(body: bytes) -> Rates:
    """ExchangeRate-API's answer. Raises ProviderError, also for an access that has come to its end of life."""
    try:
        told = _Open.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in another shape") from exc
    if told.time_eol_unix:
        raise ProviderError(f"{SERVICE} has closed this access", permanent=True)
    good_until = datetime.fromtimestamp(told.time_next_update_unix, UTC)
    as_of = datetime.fromtimestamp(told.time_last_update_unix, UTC)
    return _sane(Rates(_possible(told.rates), as_of, "ExchangeRate-API", False, good_until, CREDIT, CREDIT_URL))


def parse_currency(body: bytes) -> Rates:
    """The currency data's answer: codes in lower case under the name of the base. Raises ProviderError."""
    try:
        told = _Currency.model_validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in another shape") from exc
    as_of = datetime.combine(told.date, time(), UTC)
    if as_of.timestamp() >= LATEST:
        raise ProviderError(f"{SERVICE} is ahead of its time", permanent=True)
    return _sane(Rates(_possible(told.usd), as_of, "fawazahmed0 currency data", False, as_of + timedelta(hours=26)))


def _possible(quoted: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Rates that can be reckoned with, by upper-case code."""
    told = {code.upper(): rate for code, rate in quoted.items() if rate is not None}
    return {**{code: rate for code, rate in told.items() if POSSIBLE[0] <= rate <= POSSIBLE[1]}, "USD": Decimal(1)}


def _sane(rates: Rates) -> Rates:
    rate = rates.per_usd.get(PLANNED_IN)
    if rate is None or not SANE[0] <= rate <= SANE[1]:
        raise ProviderError(f"{SERVICE} says KES {rate} for a dollar, which cannot be", permanent=True)
    return rates


class Desk:
    """Where sources get rates; asked only when a price is in another currency.

    `known` rates are used as they are, for tests and for who has rates of his own. Rates are remembered in `memory`, by
    all processes, and one of them asks for newer ones.
    """

    def __init__(self, memory: Memory | None = None, known: Rates | None = None) -> None:
        self._memory, self._known = memory, known
        self._last: Rates | None = None

    async def if_any(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Rates | None:
        """As `rates`; None when there are none, so that what is priced in shillings is offered all the same."""
        try:
            return await self.rates(http, keys)
        except ProviderError as exc:
            log.warning("prices in other currencies are left out: %s", exc)
            return None

    async def rates(self, http: httpx.AsyncClient, keys: Mapping[str, str], patience: float = IN_A_SEARCH) -> Rates:
        """The newest rates to be had, at worst old or approximate ones. Raises ProviderError when there are none.

        Nobody waits longer than `patience` seconds for newer ones: a source that is asking has to answer in time.
        """
        if self._known is not None:
            return self._known
        last = self._recalled()
        if last is not None and _is_fresh(last, datetime.now(UTC)):
            return last
        try:
            async with asyncio.timeout(patience):
                return await self._newer(http, keys, last)
        except TimeoutError:
            return _at_worst(last, keys, ProviderError(f"{SERVICE} did not answer in {patience:g} s"))

    async def _newer(self, http: httpx.AsyncClient, keys: Mapping[str, str], last: Rates | None) -> Rates:
        memory = self._memory
        if memory is None:
            return await self._asked(http, keys, last)
        while (claim := memory.claim(f"asking:{KEY}", 6)) is None:
            if last is not None:
                return last  # somebody else is just fetching newer ones
            await asyncio.sleep(0.02)
            last = self._recalled()
        try:
            last = self._recalled()
            if last is not None and _is_fresh(last, datetime.now(UTC)):
                return last
            return await self._asked(http, keys, last)
        finally:
            claim.release()

    def _recalled(self) -> Rates | None:
        return self._last if self._memory is None else self._memory.recall(KEY, Rates)

    async def _asked(self, http: httpx.AsyncClient, keys: Mapping[str, str], last: Rates | None) -> Rates:
        """From the services in turn; the first that can be believed. One that fails is left out for a minute."""
        doubted: list[Rates] = []
        trouble = ProviderError(f"{SERVICE} was not reached a minute ago")
        for number, (url, parse) in enumerate(_services(keys)):
            flag = f"failed:{KEY}:{number}"
            if self._marked(flag):
                continue
            try:
                found = parse(await _fetched(http, url))
            except ProviderError as exc:
                trouble = exc
                self._mark(flag, exc.retry_after)
                continue
            except asyncio.CancelledError:
                self._mark(flag)  # the search did not wait any longer, and neither would the next one
                raise
            if last is None or _near(found, last, JUMP):
                return self._remembered(found if last is None or found.as_of >= last.as_of else last)
            if any(_near(found, other, AGREEMENT) for other in doubted):
                return self._remembered(found)
            doubted.append(found)
            trouble = ProviderError(f"{SERVICE} says something unlikely, and no other confirms it")
            self._mark(flag)
        return _at_worst(last, keys, trouble)

    def _mark(self, flag: str, seconds: float | None = None) -> None:
        if self._memory is not None:
            self._memory.mark(flag, max(AGAIN, seconds or 0.0))

    def _marked(self, flag: str) -> bool:
        return self._memory is not None and self._memory.marked(flag) > 0

    def _remembered(self, found: Rates) -> Rates:
        """Kept until its service has newer ones: an hour at least, a day and a bit at most."""
        now = datetime.now(UTC)
        until = min(max(found.good_until or now, now + LEAST_FRESH), now + MOST_FRESH)
        self._last = replace(found, good_until=until)
        if self._memory is not None:
            self._memory.keep(KEY, self._last, LASTING.total_seconds())
        return self._last


async def _fetched(http: httpx.AsyncClient, url: str) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE):
            return await fetch(http, "GET", url, service=SERVICE, kind="")
    except TimeoutError as exc:
        raise ProviderError(f"{SERVICE} did not answer in {PATIENCE:g} s") from exc


def _at_worst(last: Rates | None, keys: Mapping[str, str], trouble: ProviderError) -> Rates:
    """The last good rates, or the one in the settings. Raises `trouble`."""
    if last is not None:
        return last
    if told := keys.get("FX_KES_PER_USD"):
        return Rates({PLANNED_IN: Decimal(told), "USD": Decimal(1)}, datetime.now(UTC), "our settings", True)
    raise trouble


def _services(keys: Mapping[str, str]) -> Sequence[tuple[str, Callable[[bytes], Rates]]]:
    first = keys.get("FX_URL") or "https://open.er-api.com"
    second = keys.get("FX_FALLBACK_URL") or "https://cdn.jsdelivr.net"
    found = [
        (f"{first.rstrip('/')}/v6/latest/USD", parse_open),
        (f"{second.rstrip('/')}/npm/@fawazahmed0/currency-api@latest/v1/currencies/usd.json", parse_currency),
    ]
    if not keys.get("FX_FALLBACK_URL"):
        found.append(("https://latest.currency-api.pages.dev/v1/currencies/usd.json", parse_currency))
    return found


def _is_fresh(rates: Rates, now: datetime) -> bool:
    return rates.good_until is not None and now <= rates.good_until


def _near(one: Rates, other: Rates, most: Decimal) -> bool:
    """Whether the shillings for a dollar differ by no more than this part."""
    a, b = one.per_usd[PLANNED_IN], other.per_usd[PLANNED_IN]
    return abs(a - b) <= most * b


def price(
    amount: Decimal,
    currency: str,
    rates: Rates | None,
    *,
    source: str,
    seen_at: datetime,
    source_url: str | None = None,
    expires_at: datetime | None = None,
    note: str = "",
    sample: bool = False,
) -> Price:
    """A live price as quoted, with its shillings. `rates` may be None for KES. Raises KeyError for an unknown currency.

    What was converted says so in its note, with the rate, its source and its day.
    """
    if currency == PLANNED_IN:
        kes = int(amount.to_integral_value(ROUND_CEILING))
    elif rates is None:
        raise KeyError(currency)
    else:
        kes = rates.shillings(amount, currency)
        per_unit = rates.per_usd[PLANNED_IN] / rates.per_usd[currency]
        when = "approximate" if rates.approximate else f"{rates.as_of:%d %b %Y}"
        how = f"≈ {currency} {amount:,} at KES {per_unit:,.2f} ({rates.source}, {when})"
        note = f"{note}; {how}" if note else how
    return Price(
        kes=kes,
        amount=amount,
        currency=currency,
        basis=Basis.LIVE,
        source=source,
        seen_at=seen_at,
        precision=Precision.MINUTE,
        source_url=source_url,
        expires_at=expires_at,
        note=note,
        sample=sample,
    )
