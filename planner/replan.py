"""Planning again after a change: everything not touched is kept, and let go of only where a rule forces it.

Locks are released in a fixed order, least intrusive first. Usually: visits move to another day, then the ones near
the change are left out, then any, then beds change, then long rides, and last everything is planned afresh. Where the
change is about money, beds and rides change first and visits last. The first attempt that has a plan is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from planner.amend import Become, Cheaper, Faster, Operation, Remove, Swap, changed, lockable, touched
from planner.keeping import Hold, Keep, Kept
from planner.model import ActivityOffer, Day, Infeasible, Itinerary, Offers, Pace, TransportOffer, TripRequest
from planner.solver import build

RELEASES = (
    Keep(Hold.PINNED),
    Keep(Hold.NEAR_MAY_MOVE),
    Keep(Hold.NEAR_MAY_GO),
    Keep(Hold.ANY_MAY_GO),
    Keep(Hold.ANY_MAY_GO, stays=False),
    Keep(Hold.ANY_MAY_GO, moves=False),
    Keep(Hold.FREE, stays=False, moves=False),
)
MONEY_RELEASES = (
    Keep(Hold.PINNED),
    Keep(Hold.PINNED, stays=False),
    Keep(Hold.PINNED, stays=False, moves=False),
    Keep(Hold.ANY_MAY_GO, stays=False, moves=False),
    Keep(Hold.FREE, stays=False, moves=False),
)
TRIES = 3  # things to do that are tried in turn when only a kind of thing was asked for


def replan(
    request: TripRequest, itinerary: Itinerary, operation: Operation, offers: Offers, *, version: int | None = None
) -> Itinerary | Infeasible:
    """The next version of a plan after an operation (unchecked, see checks.verify), or why there is none.

    `request` is what the plan was made for, `offers` everything on offer for the changed trip. The result's request
    has the locks the traveller set, not those that only served to keep the rest in place. `version` defaults to the
    next. Raises LookupError and ValueError as planner.amend.changed, KeyError as planner.solver.build.
    """
    after = _possible(changed(request, itinerary, operation), offers)
    kept = Kept(
        itinerary, after, _without_swapped(itinerary, operation, offers), touched(request, itinerary, operation),
        fills=_fills(request, after),
    )  # fmt: skip
    number = itinerary.version + 1 if version is None else version
    for attempt, narrowed in _attempts(request, kept, operation):
        plan = build(attempt, narrowed, trip_id=itinerary.id, version=number)
        if isinstance(plan, Itinerary):
            return _restored(plan, after)
    return build(after, offers, trip_id=itinerary.id, version=number)


def _attempts(before: TripRequest, kept: Kept, operation: Operation) -> Iterator[tuple[TripRequest, Offers]]:
    """Requests with the offers to plan them from, in the order to try; none twice."""
    for target in _targets(before, kept):
        for keep in (RELEASES[0], RELEASES[2]):
            wanted = kept.request(keep)
            narrowed = kept.narrowed(keep)
            known = {activity.id for activity in narrowed.activities}
            offers = narrowed if target.id in known else replace(narrowed, activities=(*narrowed.activities, target))
            yield replace(wanted, locked=wanted.locked | {target.id}), offers
    less = _wants_less(before, kept.after, operation)
    seen: list[tuple[TripRequest, Offers]] = []
    for keep in MONEY_RELEASES if less or _is_tighter(before, kept.after) else RELEASES:
        attempt, offers = kept.request(keep), kept.narrowed(keep)
        if less:
            attempt = replace(attempt, budget_kes=_below(kept.old.total_kes, attempt.budget_kes))
        if isinstance(operation, Faster):
            offers = _quicker(kept.old, offers)
        if (attempt, offers) not in seen:
            seen.append((attempt, offers))
            yield attempt, offers
    if less or isinstance(operation, Faster):  # nothing is cheaper or quicker: the plan as it was
        unmoved = replace(kept, loose=frozenset())
        yield from ((unmoved.request(keep), unmoved.narrowed(keep)) for keep in RELEASES[:1])


def _possible(request: TripRequest, offers: Offers) -> TripRequest:
    """Without locks on what is no longer on offer."""
    pools = (offers.transports, offers.stays, offers.activities)
    return replace(request, locked=request.locked & {offer.id for pool in pools for offer in pool})


def _without_swapped(itinerary: Itinerary, operation: Operation, offers: Offers) -> Offers:
    """What is swapped or taken out is no longer on offer, so that it does not come back as its own replacement."""
    if not isinstance(operation, Swap | Remove):
        return offers
    gone = next((item.offer_id for item in itinerary.items if item.id == operation.item_id), None)
    if gone is None:
        return offers
    return replace(
        offers,
        transports=tuple(offer for offer in offers.transports if offer.id != gone),
        stays=tuple(offer for offer in offers.stays if offer.id != gone),
        activities=tuple(offer for offer in offers.activities if offer.id != gone),
    )


def _fills(before: TripRequest, after: TripRequest) -> bool:
    """Whether the change makes room that other visits should fill."""
    richer = before.budget_kes is not None and (after.budget_kes is None or after.budget_kes > before.budget_kes)
    fuller = list(Pace).index(after.wishes.pace) > list(Pace).index(before.wishes.pace)
    moved = {stop.place for stop in before.stops} != {stop.place for stop in after.stops}
    return richer or fuller or moved or after.nights > before.nights


def _wants_less(before: TripRequest, after: TripRequest, operation: Operation) -> bool:
    return isinstance(operation, Cheaper) or (
        isinstance(operation, Become)
        and after.wishes.cheap
        and not before.wishes.cheap
        and replace(after, wishes=before.wishes) == before
    )


def _is_tighter(before: TripRequest, after: TripRequest) -> bool:
    return after.budget_kes is not None and (before.budget_kes is None or after.budget_kes < before.budget_kes)


def _below(total: int, budget: int | None) -> int:
    return max(1, total - 1 if budget is None else min(budget, total - 1))


def _targets(before: TripRequest, kept: Kept) -> Sequence[ActivityOffer]:
    """Things to do of the kinds newly asked for, best first: one of them should come in."""
    tags = set(kept.after.wishes.interests) - set(before.wishes.interests)
    here = {item.offer_id for item in kept.old.items}
    avoided = [word.casefold() for word in kept.after.wishes.avoid]
    found = [
        offer
        for offer in kept.offers.activities
        if offer.tags & tags
        and offer.id not in here
        and not any(word in (offer.id.casefold(), "") or word in offer.name.casefold() for word in avoided)
    ]
    return sorted(found, key=lambda offer: (-offer.score, offer.id))[:TRIES]


def _quicker(old: Itinerary, offers: Offers) -> Offers:
    """Of each leg only the departures quicker than the one taken; that one where there are none."""
    legs = {
        (item.origin.place, item.destination.place, item.start.date()): item
        for item in old.items
        if lockable(item) and item.origin and item.destination
    }
    quick: dict[tuple[str, str, date], list[TransportOffer]] = {key: [] for key in legs}
    rest = []
    for offer in offers.transports:
        key = (offer.origin.place, offer.destination.place, offer.depart.date())
        if key not in legs:
            rest.append(offer)
        elif timedelta(minutes=offer.minutes) < legs[key].end - legs[key].start:
            quick[key].append(offer)
    taken = {str(item.offer_id) for key, item in legs.items() if not quick[key]}
    rest += [offer for offer in offers.transports if offer.id in taken]
    return replace(offers, transports=(*rest, *(offer for found in quick.values() for offer in found)))


def _restored(plan: Itinerary, request: TripRequest) -> Itinerary:
    """The plan as one of the changed request: only what the traveller locked is shown as locked."""
    days = tuple(
        Day(
            day.date,
            day.place,
            tuple(
                item if item.locked == (item.offer_id in request.locked) else replace(item, locked=not item.locked)
                for item in day.items
            ),
        )
        for day in plan.days
    )
    return replace(plan, request=request, days=days)
