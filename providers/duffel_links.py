"""Duffel Links: a page of Duffel's own on which a traveller searches, books and pays a flight.

A session cannot be told which flight or route is wanted. It ends twenty minutes after it is first opened, so it is made
when somebody taps "book", never when a plan is. Not verified: whether organisations in Kenya may use it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel

from providers.base import ProviderError
from providers.duffel import SERVICE, ask

PATIENCE = 2.5  # seconds: somebody has tapped and is waiting


class _Session(BaseModel):
    url: str


class _Answer(BaseModel):
    data: _Session


async def session(
    http: httpx.AsyncClient,
    keys: Mapping[str, str],
    *,
    reference: str,
    success_url: str,
    failure_url: str,
    abandonment_url: str,
) -> str:
    """The https address of a new session for flights, priced in shillings.

    `reference` (500 characters at most) comes back with the order: an opaque id, never anything personal. Raises
    ProviderError, a permanent one when Duffel Links is not switched on.
    """
    if not keys.get("DUFFEL_LINKS") or not keys.get("DUFFEL_TOKEN"):
        raise ProviderError("Duffel Links is not switched on", permanent=True)
    asked = {
        "reference": reference,
        "success_url": success_url,
        "failure_url": failure_url,
        "abandonment_url": abandonment_url,
        "traveller_currency": "KES",
        "flights": {"enabled": True},
        "stays": {"enabled": False},
    }
    try:
        async with asyncio.timeout(PATIENCE):
            return address(await ask(http, keys, "POST", "/links/sessions", data=asked))
    except TimeoutError as exc:
        raise ProviderError(f"{SERVICE} did not answer in {PATIENCE:g} s") from exc


def address(body: bytes) -> str:
    """The address in Duffel's answer. Raises ProviderError when there is none that may be opened from a chat."""
    try:
        url = _Answer.model_validate_json(body).data.url
        parts = urlsplit(url)
    except ValueError as exc:  # pydantic's errors are ValueErrors
        raise ProviderError(f"{SERVICE} answered with something other than a session") from exc
    if parts.scheme != "https" or not parts.hostname:
        raise ProviderError(f"{SERVICE} gave an address that is not safe to open")
    return url
