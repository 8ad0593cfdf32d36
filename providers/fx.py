"""Dated exchange rates to shillings, from two services, with the last good ones kept.

What it is: ExchangeRate-API's open access (daily; it wants to be named, with a link, where its rates are used) and,
when that fails, fawazahmed0's currency data (CC0), at jsDelivr or at Cloudflare Pages.
Not verified: neither was called live; the formats are from their documentation and from public recordings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.model import Basis, Precision, Price
from providers.base import ProviderError
from providers.http import fetch
from providers.memory import Memory

PLANNED_IN = "KES"
SERVICE = "The exchange rate service"
# Shillings for a dollar. Since 2008 it was between 62 and 162; what is outside of this is a broken feed.
SANE = (Decimal(80), Decimal(250))
JUMP = Decimal("0.25")  # by which two days' rates may differ before the newer one is doubted
LEAST_FRESH, MOST_FRESH = timedelta(hours=1), timedelta(hours=26)
LASTING = timedelta(days=400)  # the last good rates are better than none, and their day is always said
AGAIN = 60.0  # seconds after a failure of everything
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
    time_last_update_unix: int
    time_next_update_unix: int
    time_eol_unix: int
    base_code: Literal["USD"]
    rates: dict[str, Decimal]


class _Currency(BaseModel):
    model_config = ConfigDict(frozen=True)

    date: datetime
    usd: dict[str, Decimal] = Field(min_length=1)


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
    return _sane(Rates(_positive(told.rates), as_of, "ExchangeRate-API", False, good_until, CREDIT, CREDIT_URL))


def parse_currency(body: bytes) -> Rates:
    """The currency data's answer: codes in lower case under the name of the base. Raises ProviderError."""
    try:
        told = _Currency.model_validate_json(body)
    except (ValidationError, InvalidOperation) as exc:
        raise ProviderError(f"{SERVICE} answered in another shape") from exc
    as_of = told.date.replace(tzinfo=UTC)
    return _sane(Rates(_positive(told.usd), as_of, "fawazahmed0 currency data", False, as_of + timedelta(hours=26)))


def _positive(quoted: Mapping[str, Decimal]) -> dict[str, Decimal]:
    found = {code.upper(): rate for code, rate in quoted.items() if rate.is_finite() and rate > 0}
    return {**found, "USD": Decimal(1)}


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

    async def rates(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Rates:
        """The newest rates to be had, at worst old or approximate ones. Raises ProviderError when there are none."""
        if self._known is not None:
            return self._known
        last = self._recalled()
        if last is not None and _is_fresh(last, datetime.now(UTC)):
            return last
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
            if memory.marked(f"failed:{KEY}"):
                return _at_worst(last, keys, ProviderError(f"{SERVICE} was not reached a minute ago"))
            return await self._asked(http, keys, last)
        finally:
            claim.release()

    def _recalled(self) -> Rates | None:
        return self._last if self._memory is None else self._memory.recall(KEY, Rates)

    async def _asked(self, http: httpx.AsyncClient, keys: Mapping[str, str], last: Rates | None) -> Rates:
        """From the services in turn; the first that can be believed."""
        doubted: list[Rates] = []
        trouble = ProviderError(f"{SERVICE} was not reached")
        for url, parse in _services(keys):
            try:
                found = parse(await fetch(http, "GET", url, service=SERVICE, kind="", timeout=2.0))
            except ProviderError as exc:
                trouble = exc
                continue
            if _believable(found, last, doubted):
                return self._remembered(found)
            doubted.append(found)
        if self._memory is not None:
            self._memory.mark(f"failed:{KEY}", AGAIN)
        return _at_worst(last, keys, trouble)

    def _remembered(self, found: Rates) -> Rates:
        """Kept until its service has newer ones: an hour at least, a day and a bit at most."""
        now = datetime.now(UTC)
        until = min(max(found.good_until or now, now + LEAST_FRESH), now + MOST_FRESH)
        self._last = replace(found, good_until=until)
        if self._memory is not None:
            self._memory.keep(KEY, self._last, LASTING.total_seconds())
        return self._last


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


def _believable(found: Rates, last: Rates | None, doubted: Sequence[Rates]) -> bool:
    """A rate far from the last one needs a second service that says the same."""
    if last is None or last.approximate or _near(found, last):
        return True
    return any(_near(found, other) for other in doubted)


def _near(one: Rates, other: Rates) -> bool:
    a, b = one.per_usd[PLANNED_IN], other.per_usd[PLANNED_IN]
    return abs(a - b) <= JUMP * b


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
