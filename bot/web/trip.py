"""The page of a trip, for whoever was given its address, and its documents."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, abort, render_template

from bot.booked import marked
from bot.documents import phrases
from bot.documents.json import export
from bot.documents.labels import label
from bot.outward import told_of_item
from bot.replies import DocumentKind
from bot.web import files, map
from bot.web.language import chosen
from bot.web.parts import now, parts
from bot.web.tripview import view
from bot.web.words import words
from planner.model import Itinerary

routes = Blueprint("trip", __name__)


@routes.get("/t/<token>")
def page(token: str) -> str:
    """The newest version, readable without scripts on a small phone."""
    itinerary = _shared(token)
    lang = chosen()
    return render_template(
        "trip.html",
        lang=lang,
        token=token,
        words=_words(lang),
        trip=view(itinerary, lang, _ways_out(itinerary), now()),
        map=map.draw(itinerary),
        feed=parts().settings.public_url.split("://", 1)[-1] + f"/cal/{token}.ics",
    )


@routes.get("/t/<token>.<any(pdf, ics):kind>")
def document(token: str, kind: str) -> Response:
    """The PDF or the calendar of the newest version."""
    itinerary = _shared(token)
    return files.stored(itinerary.id, itinerary.version, DocumentKind(kind))


@routes.get("/t/<token>.json")
def as_json(token: str) -> Response:
    """The trip for programs."""
    body = json.dumps(export(_shared(token)), ensure_ascii=False)
    return Response(body, content_type="application/json", headers={"Cache-Control": "private, max-age=60"})


def _words(lang: str) -> Mapping[str, object]:
    of_documents = ("checked", "not_checked", "nothing")
    return {**words(lang), **{key: label(lang, key) for key in of_documents}, "credit": label(lang, "map_credit")}


def _shared(token: str) -> Itinerary:
    store = parts().store
    with store.reading() as session:
        trip_id = store.trips.by_token(session, token)
        itinerary = store.trips.get(session, trip_id) if trip_id else None
        booked = store.bookings.of_trip(session, trip_id) if trip_id else {}
    if itinerary is None:
        abort(404)
    return marked(itinerary, booked)


def _ways_out(itinerary: Itinerary) -> dict[str, str]:
    """Item id → our counted address of its booking page; what is booked needs none."""
    store = parts().store
    open_ = [item for item in itinerary.items if phrases.web_link(item.booking_url) and not item.booked]
    with store.session() as session:
        return {
            item.id: f"/go/{store.links.shorten(session, item.booking_url, itinerary.id, item.id, told)}"
            for item, told in ((item, told_of_item(item, itinerary.request)) for item in open_)
            if item.booking_url
        }
