"""Documents as bytes, by signed address and as calendar feed."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from functools import partial
from threading import BoundedSemaphore

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
_WAITERS = BoundedSemaphore(3)  # threads of a process that wait at a time
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

    Aborts with 404 when there is none, with 503 when it is still being drawn: alone that takes a moment, and is waited
    for; in a crowd it takes longer, and threads are needed for others.
    """
    find = partial(file, parts().store, trip_id, version, kind)
    name, content = find() or _awaited(find, partial(is_coming, parts().store, trip_id))
    return document(name, content, kind)


def _awaited(find: Callable[[], tuple[str, bytes] | None], is_coming: Callable[[], bool]) -> tuple[str, bytes]:
    deadline = time.monotonic() + PATIENCE
    waits = is_coming() and _WAITERS.acquire(blocking=False)
    try:
        while waits and time.monotonic() < deadline and is_coming():
            time.sleep(GLANCE)
            if found := find():
                return found
    finally:
        if waits:
            _WAITERS.release()
    if is_coming():
        raise ServiceUnavailable(retry_after=AGAIN)
    return find() or abort(404)


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
