"""Simulated exchange rates of both services: those of their documentation's shape, for one day."""

from __future__ import annotations

import httpx

HOSTS = ("open.er-api.com", "cdn.jsdelivr.net", "latest.currency-api.pages.dev")
KEYS: dict[str, str] = {}
_PER_USD = {"USD": 1, "AED": 3.6725, "EUR": 0.86, "GBP": 0.75, "KES": 129.25, "TZS": 2450.1, "UGX": 3560.4}

_SITE = {  # its documentation writes the name of the terms with hyphens in an error
    "provider": "https://www.exchangerate-api.com",
    "documentation": "https://www.exchangerate-api.com/docs/free",
    "terms-of-use": "https://www.exchangerate-api.com/terms",
}


def answer(request: httpx.Request) -> httpx.Response:
    """Both services by their paths; ExchangeRate-API quotes dollars only here."""
    path = request.url.path
    if path == "/v6/latest/USD":
        return httpx.Response(200, json=_open())
    if path.startswith("/v6/latest/"):
        return httpx.Response(404, json={"result": "error", **_SITE, "error-type": "unsupported-code"})
    if path.endswith("/v1/currencies/usd.json"):
        lower = {code.lower(): rate for code, rate in _PER_USD.items()}
        return httpx.Response(200, json={"date": "2026-11-22", "usd": lower})
    return httpx.Response(404, text="not found")


def _open() -> dict[str, object]:
    return {
        "result": "success",
        "provider": "https://www.exchangerate-api.com",
        "documentation": "https://www.exchangerate-api.com/docs/free",
        "terms_of_use": "https://www.exchangerate-api.com/terms",
        "time_last_update_unix": 1795305751,
        "time_last_update_utc": "Sun, 22 Nov 2026 00:02:31 +0000",
        "time_next_update_unix": 1795393261,
        "time_next_update_utc": "Mon, 23 Nov 2026 00:21:01 +0000",
        "time_eol_unix": 0,
        "base_code": "USD",
        "rates": _PER_USD,
    }
