"""What a finished itinerary is worth by the solver's objective, read from its items alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from planner.model import ActivityOffer, Item, ItemType, Itinerary, Mode, Offers, StayOffer
from planner.shape import Clock, Move
from planner.values import move_worth, stay_worth, waking
from tests.planner.oracle import Oracle, up


def objective(plan: Itinerary, oracle: Oracle) -> int:
    """Ten times the worth less the weight of money, as the solver weighs them."""
    return 10 * worth(plan, oracle) - oracle.tastes.money * plan.total_kes


def worth(plan: Itinerary, oracle: Oracle) -> int:
    request, offers, tastes = oracle.request, oracle.offers, oracle.tastes
    line = sorted((item for item in plan.items if item.type is not ItemType.STAY), key=lambda item: item.start)
    legs: list[Move] = []
    days: dict[tuple[int, date], list[ActivityOffer]] = defaultdict(list)
    ridden = 0
    for item in line:
        if _is_leg(item):
            legs.append(_move(item, offers, oracle.clock))
        elif item.type is ItemType.TRANSFER:
            ridden += up(next(ride.minutes for ride in offers.transfers if ride.id == item.offer_id))
        elif item.type in (ItemType.ACTIVITY, ItemType.EVENT):
            offer = next(activity for activity in offers.activities if activity.id == item.offer_id)
            days[len(legs), item.start.date()].append(offer)
    towns, _ = oracle.towns()
    there = sum(waking(legs[t.out].gate_in) for t in towns if t.out is not None)
    there -= sum(waking(legs[t.into].gate_out) for t in towns if t.into is not None)
    moving = sum(move_worth(move, request, oracle.clock, tastes) for move in legs)
    sleeping = sum(
        stay_worth(_stay(item, offers), request) * _nights(item) for item in plan.items if item.type is ItemType.STAY
    )
    doing = sum(oracle.worth_of_day(visits) for visits in days.values())
    for after, day in days:
        town = next(t for t in reversed(towns) if t.into is None or t.into < after)
        doing += oracle.outing(town, (day - request.start).days)
    kinds = [tag for visits in days.values() for tag in {tag for a in visits for tag in a.tags}]
    again = sum(oracle.again(tag, kinds.count(tag)) for tag in set(kinds))
    return moving + sleeping + doing - again + request.party.size * (tastes.there * there - tastes.minute * ridden)


def _is_leg(item: Item) -> bool:
    """A departure, one's own way, or a ride between towns, which alone of rides has no hour of its own."""
    departs = item.type in (ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT, ItemType.OWN) and item.origin is not None
    return departs or (item.type is ItemType.TRANSFER and item.times_assumed)


def _move(item: Item, offers: Offers, clock: Clock) -> Move:
    assert item.origin is not None
    assert item.destination is not None
    known = next((offer for offer in offers.transports if offer.id == item.offer_id), None)
    return Move(
        id=item.id,
        mode=item.mode or Mode.CAR,
        origin=item.origin,
        destination=item.destination,
        depart=clock.minutes(item.start),
        arrive=clock.minutes(item.end),
        boarding=item.check_in_minutes,
        leaving=0 if known is None else Oracle.leaving(known),
        parts=(known,) if known else (),
    )


def _stay(item: Item, offers: Offers) -> StayOffer:
    return next(stay for stay in offers.stays if stay.id == item.offer_id)


def _nights(item: Item) -> int:
    return (item.end.date() - item.start.date()).days + (item.start.hour < 12)
