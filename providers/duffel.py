"""Speaking to Duffel: its address, its headers, and what its refusals mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import httpx
from pydantic import BaseModel, ValidationError

from providers.base import ProviderError
from providers.http import fetch, wait_of

SERVICE = "Duffel"
_ADDRESS = "https://api.duffel.com"
_TEST_TOKEN = "duffel_test_"  # a prefix, not a secret  # noqa: S105
_WINDOW = 60.0  # seconds in which requests are counted
_WORD = re.compile(r"[a-z_]{1,60}")
_OURS_TO_MEND = {  # refusals that stay until the operator, or the traveller, does something else
    "missing_authorization_header": "got no token from us",
    "access_token_not_found": "does not know our token",
    "expired_access_token": "says that our token has expired",
    "insufficient_permissions": "does not allow our token to do this",
    "unavailable_feature": "has not switched this on for us",
    "offer_no_longer_available": "no longer has this offer",
}


class _Problem(BaseModel):
    type: str = ""
    code: str = ""
    source: object = None  # an object for validation errors, an airline's name for others


class _Refusal(BaseModel):
    errors: list[_Problem]


def tests_only(keys: Mapping[str, str]) -> bool:
    """Whether our token is one for trying out: nobody sells at the prices it gets."""
    return keys.get("DUFFEL_TOKEN", "").startswith(_TEST_TOKEN)


async def ask(
    http: httpx.AsyncClient,
    keys: Mapping[str, str],
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    data: object = None,
    timeout: float | None = None,
) -> bytes:
    """The body of Duffel's answer; `data` is sent as its envelope wants it. Raises ProviderError."""
    return await fetch(
        http,
        method,
        (keys.get("DUFFEL_API_URL") or _ADDRESS).rstrip("/") + path,
        service=SERVICE,
        headers={
            "Authorization": f"Bearer {keys.get('DUFFEL_TOKEN', '')}",
            "Duffel-Version": "v2",
            "Accept": "application/json",
        },
        params=params,
        json=None if data is None else {"data": data},
        timeout=timeout,
        explain=explain,
    )


def explain(response: httpx.Response, body: bytes) -> ProviderError | None:
    """What Duffel says about a refusal; None when it says nothing that its status does not.

    Nothing said here is asked again `at_once`: Duffel wants no 500 or 502 repeated.
    """
    if response.status_code == 429:
        return ProviderError(f"{SERVICE} was asked too often", retry_after=_wait(response.headers))
    problem = _problem(body)
    if problem is None:
        return None
    if says := _OURS_TO_MEND.get(problem.code):
        return ProviderError(f"{SERVICE} {says}", permanent=True)
    code = problem.code if _WORD.fullmatch(problem.code) else str(response.status_code)
    if problem.type == "airline_error":
        return ProviderError(f"{SERVICE} had no answer from an airline ({code})", permanent=response.status_code < 500)
    if problem.type in ("validation_error", "invalid_request_error"):
        return ProviderError(
            f"{SERVICE} did not accept the question ({code}{_field(problem)})", permanent=True, only_this=True
        )
    return None


def _problem(body: bytes) -> _Problem | None:
    """The first error of the envelope; None for a load balancer's page."""
    try:
        return next(iter(_Refusal.model_validate_json(body).errors), None)
    except ValidationError:
        return None


def _field(problem: _Problem) -> str:
    name = problem.source.get("field") if isinstance(problem.source, dict) else None
    return f": {name}" if isinstance(name, str) and _WORD.fullmatch(name) else ""


def _wait(headers: httpx.Headers) -> float:
    """Seconds until the window ends, which is told as an HTTP date, by Duffel's own clock."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        theirs = None
    if theirs is not None and theirs.tzinfo is None:
        theirs = None
    wait = wait_of(headers, "ratelimit-reset", now=theirs)
    return _WINDOW if wait is None else max(wait, 1.0)
