"""What is booked, beside the planning: marks on a plan that is shown, and offers that a change cannot do without."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bot.bookable import BOOKABLE
from planner.model import (
    ActivityOffer,
    Item,
    ItemType,
    Itinerary,
    Offers,
    Price,
    StayClass,
    StayOffer,
    TransportOffer,
    TripRequest,
)
from storage.bookings import BookingRow


def marked(plan: Itinerary, booked: Mapping[str, BookingRow]) -> Itinerary:
    """The plan with its booked items marked, and what was paid where that was told. What is kept stays unmarked."""

    def mark(item: Item) -> Item:
        row = booked.get(item.offer_id or "")
        return item if row is None else replace(item, booked=True, paid_kes=row.paid_kes)

    days = (replace(day, items=tuple(mark(item) for item in day.items)) for day in plan.days)
    return replace(plan, days=tuple(days)) if booked else plan


def with_booked(offers: Offers, plan: Itinerary, request: TripRequest, booked: Collection[str]) -> Offers:
    """The offers, and what is booked of the plan where no source offers it any more: one has it all the same.

    What is booked for other days or places than those of `request` cannot be part of it.
    """
    missing = set(booked) - set(_ids(offers))
    towns = {request.origin, *(stop.place for stop in request.stops)}
    transports: list[TransportOffer] = []
    stays: list[StayOffer] = []
    activities: list[ActivityOffer] = []
    for night, item in ((day.place, item) for day in plan.days for item in day.items if item.type in BOOKABLE):
        ends = {spot.place for spot in (item.origin, item.destination) if spot}
        near = ends <= towns if ends else night in towns
        if item.offer_id not in missing or not near or not request.start <= item.start.date() <= request.end:
            continue
        missing.discard(item.offer_id)
        if item.type is ItemType.STAY:
            stays += _stay(item, request)
        elif ends:
            transports += _departure(item)
        else:
            activities += _visit(item)
    return replace(
        offers,
        transports=(*offers.transports, *transports),
        stays=(*offers.stays, *stays),
        activities=(*offers.activities, *activities),
    )


def possible(request: TripRequest, offers: Offers) -> TripRequest:
    """The request without what was to stay and is no longer on offer."""
    return replace(request, locked=request.locked & set(_ids(offers)))


def _ids(offers: Offers) -> Iterator[str]:
    for pool in (offers.transports, offers.stays, offers.activities):
        yield from (offer.id for offer in pool)


def _departure(item: Item) -> Iterator[TransportOffer]:
    if item.mode and item.origin and item.destination and item.price and item.offer_id:
        yield TransportOffer(
            item.offer_id,
            item.mode,
            item.title,
            item.title,
            item.origin,
            item.destination,
            item.start,
            item.end,
            item.price,
            booking_url=item.booking_url,
            times_assumed=item.times_assumed,
            check_in_minutes=item.check_in_minutes,
            notes=item.notes,
            provider=item.provider,
        )


def _stay(item: Item, request: TripRequest) -> Iterator[StayOffer]:
    """A bed for the party; of which class it is nobody wrote down, so that it is of the one wished for."""
    if item.spot and item.offer_id:
        yield StayOffer(
            item.offer_id,
            item.title,
            item.spot,
            request.wishes.stay_class or StayClass.MID,
            _nightly(item),
            rooms=1,
            sleeps=request.party.size,
            check_out=item.end.time(),
            booking_url=item.booking_url,
            notes=item.notes,
            provider=item.provider,
        )


def _nightly(item: Item) -> Price | None:
    nights = max(1, (item.end.date() - item.start.date()).days)
    price = item.price
    if price is None:
        return None
    return replace(price, kes=price.kes // nights, amount=price.amount / nights, low_kes=None, high_kes=None)


def _visit(item: Item) -> Iterator[ActivityOffer]:
    """A visit at the hour it was planned for."""
    minutes = int((item.end - item.start).total_seconds() // 60)
    if item.spot and item.offer_id and minutes:
        yield ActivityOffer(
            item.offer_id,
            item.title,
            item.spot,
            item.type,
            frozenset(),
            minutes,
            item.price,
            sessions=((item.start, item.end),),
            booking_url=item.booking_url,
            notes=item.notes,
            provider=item.provider,
        )
