"""REST: searches and trips for programs. The work itself is done by a worker; here it is accepted, watched and shown.

A search or plan is kept as a task of kind `api_search` (payload `{"id", "version": 0, "kind", "body"}`) or `api_plan`
(`{"id", "version", "base", "body"}`; `base` is the version to change, null for a new trip). The worker answers by
putting a JSON document of kind `result` under that trip id and version: `{"status": 200, "body": …}`, or
`{"status": 422, "detail": "why", "more": {…}}`. A planned trip is saved and rendered as usual before its result.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import date
from threading import BoundedSemaphore
from typing import TypeVar

from flask import Blueprint, Response, abort, jsonify, request, session
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from bot.documents.json import export
from bot.queue import do_task
from bot.replies import DocumentKind
from bot.signing import Forged
from bot.web import files
from bot.web.bodies import NEEDS_ORIGIN, ChangeBody, SearchBody, Searched, TripBody
from bot.web.limit import Limit
from bot.web.openapi import describe
from bot.web.parts import parts, signer, today
from bot.web.problems import problem
from planner.model import Itinerary

routes = Blueprint("api", __name__, url_prefix="/api/v1")
Body = TypeVar("Body", bound=BaseModel)
CHANNEL = "api"
RESULT = "result"
WAIT_SECONDS = 8.0
STEP_SECONDS = 0.1
WAITERS = BoundedSemaphore(4)  # threads of a process that may wait; the others answer 202 at once
CALLS = Limit("api", "30/minute")
EXPORTS = {"pdf": DocumentKind.PDF, "ical": DocumentKind.ICS}


@routes.get("/openapi.json")
def openapi() -> Response:
    """This API, described."""
    return jsonify(describe(parts().settings.public_url))


@routes.post("/search/<any(buses, trains, flights, hotels, transfers, events):kind>")
def search(kind: str) -> Response:
    """Ask the sources. 200 with offers, or 202 with a Location to ask again."""
    chat_id = _caller()
    body = _body(SearchBody)
    if body.origin is None and Searched(kind) in NEEDS_ORIGIN:
        return problem(422, "The request is not valid.", {"errors": [{"at": "origin", "says": f"needed for {kind}"}]})
    _not_past(body.start)
    with parts().store.session() as database:
        search_id = parts().store.trips.create(database, chat_id)
        task_id = _task(database, chat_id, "api_search", {"id": search_id, "version": 0, "kind": kind}, body)
    _enqueue(task_id)
    _wait(search_id, 0)
    return _search_result(search_id)


@routes.get("/searches/<search_id>")
def search_result(search_id: str) -> Response:
    """The answer to an earlier search."""
    _own(_caller(), search_id)
    return _search_result(search_id)


@routes.post("/itineraries")
def plan() -> Response:
    """Plan a trip. 201 with the itinerary, 202 with a Location to ask again, 422 when it cannot be done."""
    chat_id = _caller()
    body = _body(TripBody)
    _not_past(body.start)
    with parts().store.session() as database:
        trip_id = parts().store.trips.create(database, chat_id)
        task_id = _task(database, chat_id, "api_plan", {"id": trip_id, "version": 1, "base": None}, body)
    _enqueue(task_id)
    _wait(trip_id, 1)
    return _itinerary(trip_id, 1, created=201)


@routes.get("/itineraries/<trip_id>")
def itinerary(trip_id: str) -> Response:
    """The newest version of a trip."""
    _own(_caller(), trip_id)
    newest = _newest(trip_id)
    return _itinerary(trip_id, newest.version if newest else 1, created=200)


@routes.patch("/itineraries/<trip_id>")
def change(trip_id: str) -> Response:
    """Plan a trip again with changes: the same answers as planning it."""
    chat_id = _own(_caller(), trip_id)
    body = _body(ChangeBody)
    newest = _newest(trip_id)
    if newest is None:
        return problem(409, "This trip is not planned yet.")
    version = newest.version + 1
    with parts().store.session() as database:
        task = {"id": trip_id, "version": version, "base": newest.version}
        task_id = _task(database, chat_id, "api_plan", task, body)
        # An earlier change that could not be done has left its result under the same version.
        parts().store.trips.put_document(database, trip_id, version, RESULT, "result.json", b"null")
    _enqueue(task_id)
    _wait(trip_id, version)
    return _itinerary(trip_id, version, created=200)


@routes.get("/itineraries/<trip_id>/export")
def export_trip(trip_id: str) -> Response:
    """The trip as a file: `format` is pdf, json or ical."""
    _own(_caller(), trip_id)
    wanted = request.args.get("format", "json")
    if wanted in EXPORTS:
        return files.stored(trip_id, None, EXPORTS[wanted])
    if wanted != "json":
        return problem(422, "format must be pdf, json or ical.")
    newest = _newest(trip_id)
    return jsonify(export(newest)) if newest else problem(404, "This trip is not planned yet.")


def _caller() -> int:
    """The chat that stands for who is calling: a bearer token's, else the browser session's. Aborts with 401, 429."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        try:
            owner = f"token:{signer().api_owner(token.strip())}"
        except Forged:
            owner = ""
    else:
        owner = f"session:{session['chat']}" if "chat" in session else ""
    if not owner:
        refused = problem(401, "A bearer token is needed, or the session of a browser that opened /plan.")
        refused.headers["WWW-Authenticate"] = 'Bearer realm="safiri"'
        abort(refused)
    if request.method != "GET" and not CALLS.allows(owner):
        abort(problem(429, "Too many requests. Please wait a minute."))
    store = parts().store
    with store.session() as database:
        return store.chats.open(database, CHANNEL, owner)


def _own(chat_id: int, trip_id: str) -> int:
    """Aborts with 404 unless the trip belongs to the caller: others' trips do not exist here."""
    store = parts().store
    with store.reading() as database:
        if store.trips.chat_of(database, trip_id) != chat_id:
            abort(problem(404, "There is no such trip of yours."))
    return chat_id


def _body(kind: type[Body]) -> Body:
    if request.mimetype != "application/json":
        abort(problem(415, "The body must be application/json."))
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as exc:
        found = exc.errors(include_url=False, include_input=False, include_context=False)
        errors = [{"at": ".".join(map(str, error["loc"])), "says": error["msg"]} for error in found]
        malformed = any(error["type"] == "json_invalid" for error in found)
        abort(problem(400 if malformed else 422, "The request is not valid.", {"errors": errors}))


def _not_past(day: date) -> None:
    if day < (first := today()):
        errors = [{"at": "start", "says": f"before today ({first})"}]
        abort(problem(422, "The request is not valid.", {"errors": errors}))


def _task(database: Session, chat_id: int, kind: str, head: Mapping[str, object], body: BaseModel) -> int:
    payload = {**head, "body": body.model_dump(mode="json", exclude_unset=True)}
    return parts().store.tasks.add(database, chat_id, kind, json.dumps(payload))


def _enqueue(task_id: int) -> None:
    parts().queue.put(do_task(task_id))


def _wait(trip_id: str, version: int) -> None:
    """Give a worker a few seconds, unless the caller prefers not to or too many wait already."""
    if "respond-async" in request.headers.get("Prefer", "") or not WAITERS.acquire(blocking=False):
        return
    try:
        _until(lambda: _result(trip_id, version) is not None)
    finally:
        WAITERS.release()


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not done() and time.monotonic() < deadline:
        time.sleep(STEP_SECONDS)


def _result(trip_id: str, version: int) -> Mapping[str, object] | None:
    store = parts().store
    with store.reading() as database:
        found = store.trips.document(database, trip_id, version, RESULT)
    if found is None:
        return None
    result: Mapping[str, object] | None = json.loads(found[1])
    return result


def _search_result(search_id: str) -> Response:
    result = _result(search_id, 0)
    return _shown(result) if result else _accepted(f"/api/v1/searches/{search_id}")


def _itinerary(trip_id: str, version: int, created: int) -> Response:
    place = f"/api/v1/itineraries/{trip_id}"
    result = _result(trip_id, version)
    if result and result["status"] != 200:
        return _shown(result)
    planned = _newest(trip_id)
    if planned is None or planned.version < version:
        return _accepted(place)
    response = jsonify(export(planned))
    response.status_code = created
    response.headers["Location"] = place
    return response


def _shown(result: Mapping[str, object]) -> Response:
    if result["status"] == 200:
        return jsonify(result["body"])
    more = result.get("more")
    return problem(int(str(result["status"])), str(result.get("detail", "")), more if isinstance(more, dict) else None)


def _accepted(place: str) -> Response:
    response = jsonify(status="working", location=place)
    response.status_code = 202
    response.headers["Location"], response.headers["Retry-After"] = place, "1"
    return response


def _newest(trip_id: str) -> Itinerary | None:
    store = parts().store
    with store.reading() as database:
        return store.trips.get(database, trip_id)
