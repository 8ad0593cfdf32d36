"""The web process as a Flask application: routes, limits and headers. Importing it connects to nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, current_app, render_template, request, url_for
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.web import api, chat, files, go, health, pages, planform, trip
from bot.web.arrivals import BODY_LIMIT
from bot.web.language import chosen
from bot.web.limit import visit
from bot.web.metrics import Meters
from bot.web.parts import KEY, Parts
from bot.web.problems import as_problem
from bot.web.webhooks import Webhooks
from bot.web.words import words

YEAR = 365 * 24 * 3600
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(app: Parts, metrics_dir: Path | None = None) -> Flask:
    """The application around `app` (`bot.wiring.App`, or anything with its parts).

    `metrics_dir` is where several worker processes add up their counters; None counts in this process alone.
    """
    site = Flask("bot.web", static_folder="static", template_folder="templates")
    settings = app.settings
    site.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_NAME="safiri",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,  # addresses of static files carry their hash
    )
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    if isinstance(site.json, DefaultJSONProvider):
        site.json.sort_keys = False  # the order of the contract, for people who read it
    site.extensions[KEY] = app
    site.jinja_env.globals["static"] = _static
    site.jinja_env.globals["demo"] = settings.demo
    for module in (health, files, go, trip, pages, planform, chat, api):
        site.register_blueprint(module.routes)
    Meters(metrics_dir).watch(site)
    site.before_request(visit)
    site.before_request(_not_too_long)
    site.after_request(_headers)
    site.wsgi_app = Webhooks(site, site.wsgi_app, _plain_headers(site).items())  # type: ignore[method-assign]
    if settings.public_url.startswith("https://"):
        # Only a proxy in front of us speaks https, so every request comes from it; it names the visitor last.
        site.wsgi_app = ProxyFix(site.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
    site.register_error_handler(HTTPException, _error)
    return site


def _not_too_long() -> None:
    """A body over the limit is refused on every route, also on those that would not read it."""
    if request.content_length is not None and request.content_length > BODY_LIMIT:
        abort(413)
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        request.get_data()  # in chunks: nobody knows how long it is before it is read; kept for whoever reads it later


def _static(name: str) -> str:
    hashes: dict[str, str] = current_app.extensions.setdefault("static_hashes", {})
    if name not in hashes:
        content = Path(str(current_app.static_folder), name).read_bytes()
        hashes[name] = hashlib.sha256(content).hexdigest()[:10]
    return url_for("static", filename=name, v=hashes[name])


def _plain_headers(site: Flask) -> dict[str, str]:
    """What every answer has."""
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}  # addresses of trips are secrets
    if site.config["SESSION_COOKIE_SECURE"]:
        wanted["Strict-Transport-Security"] = f"max-age={YEAR}"
    return wanted


def _headers(response: Response) -> Response:
    wanted = _plain_headers(current_app)
    if response.mimetype == "text/html":
        wanted |= {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"}
    for name, value in wanted.items():
        response.headers.setdefault(name, value)
    return response


def _error(error: HTTPException) -> Response | tuple[str, int]:
    """A failure in the form its reader expects: problem+json for programs, nothing for webhooks, else a page."""
    code = error.code or 500
    if request.path.startswith(("/api/", "/chat/messages")):
        return as_problem(error)
    if request.path.startswith("/webhooks/"):
        return "", code
    table = words(lang := chosen())
    key = f"error_{code}" if f"error_{code}" in table else f"error_{404 if code < 500 else 500}"
    response = Response(render_template("error.html", lang=lang, title=table[key], sentence=table[f"{key}_text"]), code)
    if isinstance(error, TooManyRequests | ServiceUnavailable) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, ServiceUnavailable) and error.retry_after:  # the page looks again by itself
        response.headers["Refresh"] = str(error.retry_after)
    return response
