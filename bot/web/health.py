"""Whether the process is alive, whether it can work, and how it is doing."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from bot.web.metrics import meters_of
from bot.web.parts import parts

routes = Blueprint("health", __name__)


@routes.get("/healthz")
def healthz() -> Response:
    """Alive, whatever else may be down."""
    return jsonify(status="ok")


@routes.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Able to take messages: 503 names what is not reachable."""
    problems = parts().store.ping()
    if problems:
        return jsonify(status="not ready", unreachable=sorted(problems)), 503
    return jsonify(status="ready"), 200


@routes.get("/metrics")
def metrics() -> Response:
    """Prometheus text."""
    return Response(meters_of(current_app).text(), content_type="text/plain; version=0.0.4; charset=utf-8")
