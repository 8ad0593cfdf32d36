"""The REST API's share of the work: plans and searches asked for by programs, answered with a result document.

The result is `{"status": 200, "body": …}` or `{"status": 422, "detail": why, "more": …}`; see bot.web.api.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel

from bot import planning, present
from bot.planning import UnsoundPlan
from bot.queries import ask
from bot.replies import DocumentKind
from bot.web.bodies import ChangeBody, SearchBody, StopBody, TripBody
from bot.wiring import App
from bot.wishes import wishes_of
from planner.model import Infeasible, Itinerary, Offer, Party, Place, Stop, TripRequest, Wishes
from planner.places import Gazetteer
from providers.base import Kind, Query
from storage import codec
from storage.tasks import TaskRow

RESULT = "result"


class _Head(BaseModel):
    id: str
    version: int
    body: dict[str, object]
    kind: str = ""
    base: int | None = None


class Unacceptable(Exception):
    """The request cannot be met; the text is for the caller."""


def api_plan(app: App, row: TaskRow) -> None:
    """Plan or plan again, keep the trip with its files, leave the result."""
    head = _Head.model_validate_json(row.payload)
    try:
        request, lang = _request(app, head)
        offers, _ = planning.gather(request, app.sources, app.now())
        plan = planning.compose(request, offers, trip_id=head.id, version=head.version, now=app.now())
    except Unacceptable as exc:
        _answer(app, row, head, {"status": 422, "detail": str(exc)})
        return
    except UnsoundPlan as exc:
        rules = [finding.rule for finding in exc.findings]
        _answer(app, row, head, {"status": 500, "detail": "The plan failed its own checks.", "more": {"rules": rules}})
        return
    if isinstance(plan, Infeasible):
        found = planning.ways_out(plan, request, offers, app.sources, now=app.now())
        _answer(app, row, head, {"status": 422, "detail": "No trip keeps every rule.", "more": refusal(found)})
        return
    _answer(app, row, head, {"status": 200, "body": None}, plan, lang)


def api_search(app: App, row: TaskRow) -> None:
    """Ask the sources and leave what they said."""
    head = _Head.model_validate_json(row.payload)
    body = SearchBody.model_validate_json(json.dumps(head.body))
    try:
        query = Query(
            kind=Kind(head.kind),
            destination=_place(app.gazetteer, body.destination),
            start=body.start,
            end=body.until or body.start,
            party=_party(body.passengers, body.children),
            origin=_place(app.gazetteer, body.origin) if body.origin else None,
            wishes=wishes_of(body.preferences),
            budget_kes=body.budget_kes,
            origin_point=body.origin_point,
            destination_point=body.destination_point,
        )
    except Unacceptable as exc:
        _answer(app, row, head, {"status": 422, "detail": str(exc)})
        return
    found = ask(query, app.sources)
    outcomes = [{"provider": o.provider, "status": str(o.status), "detail": o.detail} for o in found.outcomes]
    result = {
        "offers": [_plain(offer) for offer in found.offers],
        "instead": [_plain(offer) for offer in found.instead],
        "also_running": list(found.extras),
        "sources": outcomes,
    }
    _answer(app, row, head, {"status": 200, "body": result})


def api_gave_up(app: App, row: TaskRow) -> None:
    """The result of work that failed each time it was tried."""
    head = _Head.model_validate_json(row.payload)
    result = json.dumps({"status": 500, "detail": "This could not be worked out. Please try again later."})
    with app.store.session() as s:
        app.store.trips.put_document(s, head.id, head.version, RESULT, "result.json", result.encode())


def _plain(offer: Offer) -> dict[str, object]:
    """An offer as JSON values. Only a made-up price says whether it is a `sample`, as in the JSON of a trip."""
    values: dict[str, object] = json.loads(codec.dump(offer))
    for name in ("price", "nightly"):
        price = values.get(name)
        if isinstance(price, dict) and not price["sample"]:
            del price["sample"]
    return values


def refusal(plan: Infeasible) -> dict[str, object]:
    """Why there is no plan, and what would make one: data for programs."""
    return {
        "rules": list(plan.rules),
        "cheapest_kes": plan.cheapest_kes,
        "relaxations": [{"change": way.change, "total_kes": way.total_kes} for way in plan.relaxations],
    }


def _answer(
    app: App,
    row: TaskRow,
    head: _Head,
    result: dict[str, object],
    plan: Itinerary | None = None,
    lang: str = "en",
) -> None:
    store = app.store
    with store.session() as s:
        share_url = f"{app.settings.public_url}/t/{store.trips.token(s, head.id)}" if plan else None
    files = planning.documents(plan, lang, share_url) if plan else {}
    with store.session() as s:
        if plan is not None:
            store.trips.save(s, plan)
            for attachment in present.plan_documents(plan, lang).attachments:
                content = files[DocumentKind(attachment.kind)]
                store.trips.put_document(s, plan.id, plan.version, str(attachment.kind), attachment.name, content)
        store.trips.put_document(s, head.id, head.version, RESULT, "result.json", json.dumps(result).encode())
        store.tasks.done(s, row.id)


def _request(app: App, head: _Head) -> tuple[TripRequest, str]:
    if head.base is None:
        body = TripBody.model_validate_json(json.dumps(head.body))
        return _new(body, app.gazetteer), body.lang
    change = ChangeBody.model_validate_json(json.dumps(head.body))
    with app.store.reading() as s:
        planned = app.store.trips.get(s, head.id, head.base)
    if planned is None:
        raise Unacceptable("The trip to change is gone.")
    return _changed(planned, change, app.gazetteer), change.lang


def _new(body: TripBody, gazetteer: Gazetteer) -> TripRequest:
    return _checked(
        origin=_place(gazetteer, body.origin).slug,
        stops=_stops(gazetteer, body.stops),
        days=(body.start, body.end),
        party=_party(body.passengers, body.children),
        budget_kes=body.budget_kes,
        returns=body.returns,
        wishes=wishes_of(body.preferences),
    )


def _changed(planned: Itinerary, body: ChangeBody, gazetteer: Gazetteer) -> TripRequest:
    before = planned.request
    offers = {item.id: item.offer_id for item in planned.items}
    unknown = [name for name in (*body.lock, *body.remove) if offers.get(name) is None]
    if unknown:
        raise Unacceptable(f"No item of this trip that comes from an offer: {', '.join(unknown)}.")
    wishes = wishes_of(body.preferences) if body.preferences is not None else before.wishes
    avoid = (*wishes.avoid, *(str(offers[name]) for name in body.remove))
    people, children = body.passengers or before.party.size, body.children
    return _checked(
        origin=_place(gazetteer, body.origin).slug if body.origin else before.origin,
        stops=_stops(gazetteer, body.stops) if body.stops else before.stops,
        days=(body.start or before.start, body.end or before.end),
        party=_party(people, before.party.children if children is None else children),
        budget_kes=body.budget_kes or before.budget_kes,
        returns=before.returns,
        wishes=replace(wishes, avoid=avoid),
        locked=before.locked | {str(offers[name]) for name in body.lock},
    )


def _checked(
    *,
    origin: str,
    stops: tuple[Stop, ...],
    days: tuple[date, date],
    party: Party,
    budget_kes: int | None,
    returns: bool,
    wishes: Wishes,
    locked: frozenset[str] = frozenset(),
) -> TripRequest:
    try:
        return TripRequest(origin, stops, *days, party, budget_kes, returns, wishes, locked)
    except ValueError as exc:
        raise Unacceptable(f"This trip cannot be: {exc}.") from exc


def _place(gazetteer: Gazetteer, name: str) -> Place:
    place = gazetteer.get(name) or gazetteer.find(name)
    if place is None:
        raise Unacceptable(f"Unknown place: {name}.")
    return place


def _stops(gazetteer: Gazetteer, stops: Sequence[StopBody]) -> tuple[Stop, ...]:
    return tuple(Stop(_place(gazetteer, stop.place).slug, stop.nights) for stop in stops)


def _party(people: int, children: int) -> Party:
    if children >= people:
        raise Unacceptable("At least one traveller must be an adult.")
    return Party(adults=people - children, children=children)
