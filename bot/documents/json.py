"""An itinerary as the JSON of the API, the export and the `plan` command."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from bot.documents import findings
from bot.i18n import NAIROBI
from planner.model import Alternative, Item, Itinerary, Price, Spot, TripRequest, Wishes


def export(itinerary: Itinerary) -> dict[str, object]:
    """The whole plan as plain JSON values. Times are ISO 8601 with +03:00; `total_kes` sums the items."""
    alternatives: dict[str, list[dict[str, object]]] = {}
    for other in itinerary.alternatives:
        if other.instead_of:
            alternatives.setdefault(other.instead_of, []).append(_alternative(other))
    return {
        "id": itinerary.id,
        "version": itinerary.version,
        "title": itinerary.title,
        "created_at": _moment(itinerary.created_at),
        "request": _request(itinerary.request),
        "currency": "KES",
        "total_kes": itinerary.total_kes,
        "budget_kes": itinerary.request.budget_kes,
        "per_person_kes": itinerary.per_person_kes,
        "days": [
            {"date": day.date.isoformat(), "place": day.place, "items": [_item(item) for item in day.items]}
            for day in itinerary.days
        ],
        "checks": [{"rule": check.rule, "ok": check.ok, "detail": check.detail} for check in itinerary.checks],
        "unknowns": [
            {"code": what.code, "subject": what.subject, "detail": what.detail, "text": findings.unknown("en", what)}
            for what in itinerary.unknowns
        ],
        "alternatives": alternatives,
        "left_out": [_alternative(other) for other in itinerary.alternatives if not other.instead_of],
    }


def _alternative(other: Alternative) -> dict[str, object]:
    return {
        "offer_id": other.offer_id,
        "type": other.type.value,
        "title": other.title,
        "depart": _moment(other.depart),
        "delta_kes": other.delta_kes,
        "delta_minutes": other.delta_minutes,
        "nights": other.nights or None,
        "class": other.stay_class.value if other.stay_class else None,
        "reason": other.reason,
    }


def _request(request: TripRequest) -> dict[str, object]:
    return {
        "origin": request.origin,
        "stops": [{"place": stop.place, "nights": stop.nights} for stop in request.stops],
        "start": request.start.isoformat(),
        "end": request.end.isoformat(),
        "nights": request.nights,
        "party": {
            "adults": request.party.adults,
            "children": request.party.children,
            "child_ages": list(request.party.child_ages),
            "residency": request.party.residency.value,
            "size": request.party.size,
        },
        "budget_kes": request.budget_kes,
        "returns": request.returns,
        "wishes": _wishes(request.wishes),
        "locked": sorted(request.locked),
        "assumed": list(request.assumed),
    }


def _wishes(wishes: Wishes) -> dict[str, object]:
    return {
        "interests": dict(sorted(wishes.interests.items())),
        "pace": wishes.pace.value,
        "stay_class": wishes.stay_class.value if wishes.stay_class else None,
        "cheap": wishes.cheap,
        "comfort": wishes.comfort,
        "modes_wanted": sorted(mode.value for mode in wishes.modes_wanted),
        "modes_refused": sorted(mode.value for mode in wishes.modes_refused),
        "operators_refused": sorted(wishes.operators_refused),
        "earliest": f"{wishes.earliest:%H:%M}" if wishes.earliest else None,
        "latest": f"{wishes.latest:%H:%M}" if wishes.latest else None,
        "must_see": list(wishes.must_see),
        "avoid": list(wishes.avoid),
        "night_travel": wishes.night_travel,
        "road_after_dark": wishes.road_after_dark,
        "leave_after": f"{wishes.leave_after:%H:%M}" if wishes.leave_after else None,
        "arrive_by": f"{wishes.arrive_by:%H:%M}" if wishes.arrive_by else None,
        "leave_back_after": f"{wishes.leave_back_after:%H:%M}" if wishes.leave_back_after else None,
        "back_by": f"{wishes.back_by:%H:%M}" if wishes.back_by else None,
        "stay_in_town": wishes.stay_in_town,
        "heavy_bags": wishes.heavy_bags,
    }


def _item(item: Item) -> dict[str, object]:
    """One line. `lat`/`lon` are where it takes place, or where a ride ends."""
    where = item.spot or item.destination
    return {
        "id": item.id,
        "type": item.type.value,
        "title": item.title,
        "start": _moment(item.start),
        "end": _moment(item.end),
        "price_kes": item.price_kes,
        "price": _price(item.price),
        "provider": item.provider,
        "booking_url": item.booking_url,
        "place": item.place,
        "lat": where.lat if where else None,
        "lon": where.lon if where else None,
        "locked": item.locked,
        "booked": item.booked,
        "notes": list(item.notes),
        "offer_id": item.offer_id,
        "mode": item.mode.value if item.mode else None,
        "origin": _spot(item.origin),
        "destination": _spot(item.destination),
        "opens": _moment(item.opens),
        "closes": _moment(item.closes),
        "continues": item.continues,
        "times_assumed": item.times_assumed,
        "hours_known": item.hours_known,
        "reason": item.reason,
    }


def _price(price: Price | None) -> dict[str, object] | None:
    """The price as quoted; `amount` is in `currency`, `kes` in shillings; a made-up one is a `sample`."""
    if price is None:
        return None
    return {
        "amount": _number(price.amount),
        "currency": price.currency,
        "basis": price.basis.value,
        "source": price.source,
        "seen_at": _moment(price.seen_at),
        "kes": price.kes,
        "precision": price.precision.value,
        "source_url": price.source_url,
        "low_kes": price.low_kes,
        "high_kes": price.high_kes,
        "note": price.note,
        **({"sample": True} if price.sample else {}),
    }


def _spot(spot: Spot | None) -> dict[str, object] | None:
    if spot is None:
        return None
    return {"name": spot.name, "place": spot.place, "lat": spot.lat, "lon": spot.lon}


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _moment(when: datetime | date | None) -> str | None:
    """ISO 8601: a moment with +03:00, a printed date as a date."""
    if isinstance(when, datetime):
        return when.astimezone(NAIROBI).isoformat(timespec="seconds")
    return when.isoformat() if when else None
