"""Failures as programs read them: application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException


def problem(status: int, detail: str, more: Mapping[str, object] | None = None) -> Response:
    """A problem document; `more` adds members such as `errors`."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    response = Response(json.dumps(body | dict(more or {})), status=status)
    response.headers["Content-Type"] = "application/problem+json"
    return response


def as_problem(error: HTTPException) -> Response:
    """An error of the framework as a problem document."""
    response = problem(error.code or 500, error.description or "")
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response
