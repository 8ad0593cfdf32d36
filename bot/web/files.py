"""Documents as bytes, by signed address and as calendar feed."""

from __future__ import annotations

import hashlib
import re
import time

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import ServiceUnavailable

from bot.replies import DocumentKind
from bot.shelf import file, is_coming
from bot.signing import Expired, Forged
from bot.web.parts import parts, signer

routes = Blueprint("files", __name__)
TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.ICS: "text/calendar; charset=utf-8",
    DocumentKind.JSON: "application/json; charset=utf-8",
}
FEED_SECONDS = 900
PATIENCE, GLANCE = 3.0, 0.1  # seconds to wait for a file that is being drawn, and between two looks
AGAIN = 3  # seconds after which a page that waits for a file looks again
NAME_LIMIT = 20  # WhatsApp shows no more


@routes.get("/files/<signed>")
def signed_file(signed: str) -> Response:
    """A document for whoever holds its signed address: Twilio, or a browser. 404 after an hour, 403 if forged."""
    try:
        ref = signer().read(signed)
    except Expired:
        abort(404)
    except Forged:
        abort(403)
    return stored(ref.trip_id, ref.version, ref.kind)


@routes.get("/cal/<token>.ics")
def feed(token: str) -> Response:
    """The trip as a calendar to subscribe to: same events, updated in place."""
    store = parts().store
    with store.reading() as session:
        trip_id = store.trips.by_token(session, token)
    if trip_id is None:
        abort(404)
    response = stored(trip_id, None, DocumentKind.ICS)
    response.headers["Cache-Control"] = f"private, max-age={FEED_SECONDS}"
    response.headers["Content-Disposition"] = "inline"
    return response


def stored(trip_id: str, version: int | None, kind: DocumentKind) -> Response:
    """A document as it was made, the newest for `version` None.

    One that is being drawn is waited for a moment. Aborts with 503 when it takes longer, with 404 when there is none.
    """
    store, deadline = parts().store, time.monotonic() + PATIENCE
    while (found := file(store, trip_id, version, kind)) is None:
        if not is_coming(store, trip_id):
            abort(404)
        if time.monotonic() > deadline:
            raise ServiceUnavailable(retry_after=AGAIN)
        time.sleep(GLANCE)
    name, content = found
    return document(name, content, kind)


def document(name: str, content: bytes, kind: DocumentKind) -> Response:
    """Bytes with their type and a file name that every app accepts; unchanged ones are answered with 304."""
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(name, kind)}"'
    response.headers["Cache-Control"] = "private, max-age=60"
    response.set_etag(hashlib.sha256(content).hexdigest()[:20])
    response.make_conditional(request)
    return response


def file_name(name: str, kind: DocumentKind) -> str:
    """`name` within 20 plain characters, ending in the right extension."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name.rsplit(".", 1)[0]).strip("-")
    return f"{stem[: NAME_LIMIT - len(kind) - 1].strip('-') or 'trip'}.{kind}"
