"""Dated exchange rates to shillings, from two services, with the last good ones kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

import httpx

from planner.model import Basis, Precision, Price
from providers.memory import Memory

PLANNED_IN = "KES"


@dataclass(frozen=True, slots=True)
class Rates:
    """What one US dollar bought, by currency code, when and according to whom.

    `approximate` marks the rate in the settings, used when no service was ever reached.
    """

    per_usd: Mapping[str, Decimal]
    as_of: datetime
    source: str
    approximate: bool = False

    def shillings(self, amount: Decimal, currency: str) -> int:
        """An amount in whole shillings, rounded up. Raises KeyError for a currency that is not quoted."""
        kes = amount if currency == PLANNED_IN else amount * self.per_usd[PLANNED_IN] / self.per_usd[currency]
        return int(kes.to_integral_value(ROUND_CEILING))


@dataclass(slots=True)
class Desk:
    """Where sources get rates; asked only when a price is in another currency."""

    memory: Memory | None = None
    known: Rates | None = None

    async def rates(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Rates:
        """The newest rates to be had. Raises ProviderError when there are none at all."""
        if self.known is None:
            raise NotImplementedError
        return self.known


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
        how = f"≈ {currency} {amount:,} at KES {per_unit:,.2f} ({rates.source}, {rates.as_of:%d %b %Y})"
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
