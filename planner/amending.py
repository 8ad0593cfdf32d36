"""Planning again after a change: everything not touched is kept, and let go of only where a rule forces it.

Locks are released in a fixed order, least intrusive first. Usually: visits move to another day, then the ones near
the change are left out, then any, then beds change, then long rides, and last everything is planned afresh. Where
money stands in the way, beds change first, then rides, visits last. The first attempt that has a plan is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.keeping import Hold, Keep, Kept
from planner.model import (
    ActivityOffer,
    Day,
    Infeasible,
    Item,
    ItemType,
    Itinerary,
    Offers,
    Pace,
    TransportOffer,
    TripRequest,
)
from planner.operations import Become, Cheaper, Faster, Operation, Remove, Swap, changed, lockable, touched
from planner.solver import build

RELEASES = (
    Keep(Hold.PINNED),
    Keep(Hold.NEAR_MAY_MOVE),
    Keep(Hold.ANY_MAY_MOVE),
    Keep(Hold.NEAR_MAY_GO),
    Keep(Hold.ANY_MAY_GO),
    Keep(Hold.ANY_MAY_GO, stays=False),
    Keep(Hold.ANY_MAY_GO, moves=False),
    Keep(Hold.FREE, stays=False, moves=False),
)
# Where the legs are others than before, holding on to departures is worth less than the visits.
LEG_RELEASES = (*RELEASES[:3], Keep(Hold.ANY_MAY_MOVE, moves=False), *RELEASES[3:])
MONEY_RELEASES = (
    Keep(Hold.ANY_MAY_MOVE),
    Keep(Hold.PINNED, stays=False),
    Keep(Hold.PINNED, stays=False, moves=False),
    Keep(Hold.ANY_MAY_GO, stays=False, moves=False),
    Keep(Hold.FREE, stays=False, moves=False),
)
WORTH_A_VISIT = 90  # percent: a cheaper plan with fewer visits must cost at most so much of one that has them all
HELD = "locked"  # the reason given for what was locked
TRIES = 3  # things to do that are tried in turn when only a kind of thing was asked for

_Result = Itinerary | Infeasible


def amend(
    request: TripRequest, itinerary: Itinerary, operation: Operation, offers: Offers, *, version: int | None = None
) -> Itinerary | Infeasible:
    """The next version of a plan after an operation (unchecked, see checks.verify), or why there is none.

    `request` is what the plan was made for, `offers` everything on offer for the changed trip. The result's request
    has the locks the traveller set, not those that only served to keep the rest in place. `version` defaults to the
    next. Raises LookupError and ValueError as planner.operations.changed, KeyError as planner.solver.build.
    """
    after = _possible(changed(request, itinerary, operation), offers)
    on_offer = _without_swapped(itinerary, operation, offers)
    loose = touched(request, itinerary, operation)
    kept = Kept(itinerary, after, on_offer, loose, fills=_fills(request, after))
    number = itinerary.version + 1 if version is None else version
    quicker = isinstance(operation, Faster) or (isinstance(operation, Become) and operation.quicker)
    desk = _Desk(kept, request, number, quicker=quicker)
    less = isinstance(operation, Cheaper) or _asks_for_less(request, after)
    plan = desk.cheaper() if less else desk.added() or desk.released()
    if plan is None and desk.quicker:  # where one changes it is enough that one of the two is quicker
        held = frozenset(str(item.offer_id) for pair in itinerary.changes for item in pair)
        plan = replace(desk, held=held).released()
    if plan is None and (less or desk.quicker):  # nothing is cheaper or quicker: the plan as it was
        as_it_was = replace(after, wishes=request.wishes) if less else after
        unmoved = _Desk(replace(kept, after=as_it_was, loose=frozenset()), request, number)
        plan = _plan(unmoved.attempt(RELEASES[0]))
    return _restored(plan or build(after, offers, trip_id=itinerary.id, version=number), after, itinerary)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One replanning: attempts with more and more let go.

    `quicker`: only departures that gain time will do, and those `held`.
    """

    kept: Kept
    before: TripRequest
    version: int
    quicker: bool = False
    held: frozenset[str] = frozenset()

    def attempt(self, keep: Keep, *, below: int | None = None, with_: ActivityOffer | None = None) -> _Result:
        """Plan with this much kept, for less than `below`, with this thing to do."""
        request, offers = self.kept.request(keep), self.kept.narrowed(keep)
        if below is not None:
            limit = below - 1 if request.budget_kes is None else min(request.budget_kes, below - 1)
            request = replace(request, budget_kes=max(1, limit))
        if with_ is not None:
            others = (activity for activity in offers.activities if activity.id != with_.id)
            request = replace(request, locked=request.locked | {with_.id})
            offers = replace(offers, activities=(*others, with_))
        if not self.quicker:
            return build(request, offers, trip_id=self.kept.old.id, version=self.version, explained=False)
        offers = _quicker(self.kept.old, offers, self.held)
        result = build(request, offers, trip_id=self.kept.old.id, version=self.version, explained=False)
        gained = isinstance(result, Itinerary) and _gains_time(self.kept.old, result)
        return result if gained else Infeasible(("time",), None)

    def added(self) -> Itinerary | None:
        """A kind of thing newly asked for comes in, if it can beside (nearly) all there is."""
        for target in _targets(self.before, self.kept):
            for keep in (Keep(Hold.PINNED), Keep(Hold.NEAR_MAY_GO)):
                if plan := _plan(self.attempt(keep, with_=target)):
                    return plan
        return None

    def released(self) -> Itinerary | None:
        """The first attempt that has a plan; where only money stands in the way, what costs most goes first."""
        first, *others = LEG_RELEASES if self.kept.other_legs else RELEASES
        result = self.attempt(first)
        if isinstance(result, Infeasible) and result.rules == ("budget",):
            others = list(MONEY_RELEASES)
        plans = (_plan(self.attempt(keep)) for keep in others)
        return _plan(result) or next((plan for plan in plans if plan), None)

    def cheaper(self) -> Itinerary | None:
        """A plan below the price of the old one; a visit is given up only where that saves a good part of it."""
        price = self.kept.old.total_kes
        plans = (_plan(self.attempt(keep, below=price)) for keep in MONEY_RELEASES if keep.visits is Hold.PINNED)
        whole = next((plan for plan in plans if plan), None)
        reduced = _plan(self.attempt(Keep(Hold.ANY_MAY_GO, stays=False, moves=False), below=price))
        limit = (whole.total_kes if whole else price) * WORTH_A_VISIT
        return reduced if reduced and reduced.total_kes * 100 <= limit else whole


def _plan(result: _Result) -> Itinerary | None:
    return result if isinstance(result, Itinerary) else None


def _possible(request: TripRequest, offers: Offers) -> TripRequest:
    """Without locks on what is no longer on offer."""
    pools = (offers.transports, offers.stays, offers.activities)
    return replace(request, locked=request.locked & {offer.id for pool in pools for offer in pool})


def _without_swapped(itinerary: Itinerary, operation: Operation, offers: Offers) -> Offers:
    """What is swapped or taken out is no longer on offer, so that it does not come back as its own replacement."""
    if not isinstance(operation, Swap | Remove):
        return offers
    gone = next((item.offer_id for item in itinerary.items if item.id == operation.item_id), None)
    if gone is None or (isinstance(operation, Swap) and operation.offer_id == gone):
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


def _asks_for_less(before: TripRequest, after: TripRequest) -> bool:
    """Whether all that is asked for is a lower price."""
    return after.wishes.cheap and not before.wishes.cheap and replace(after, wishes=before.wishes) == before


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


def _quicker(old: Itinerary, offers: Offers, held: frozenset[str]) -> Offers:
    """Of each leg only the departures quicker than the one taken; that one where there are none. And those `held`.

    With a change it is quicker to leave later before it or to arrive earlier after it.
    """
    before_change = {first.id for first, _ in old.changes}
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
        elif _gains(offer, legs[key], onward=legs[key].id in before_change):
            quick[key].append(offer)
    taken = held | {str(item.offer_id) for key, item in legs.items() if not quick[key]}
    rest += [offer for offer in offers.transports if offer.id in taken]
    found = {offer.id: offer for offer in (*rest, *(offer for some in quick.values() for offer in some))}
    return replace(offers, transports=tuple(found.values()))


def _gains(offer: TransportOffer, taken: Item, *, onward: bool) -> bool:
    """Whether a departure in place of `taken`, before (`onward`) or after a change or all the way, is quicker."""
    if taken.continues:
        return offer.arrive < taken.end
    if onward:
        return offer.depart > taken.start
    return timedelta(minutes=offer.minutes) < taken.end - taken.start


def _gains_time(old: Itinerary, new: Itinerary) -> bool:
    """Whether one is less long on the way between towns, changes included, and has no more of it to arrange."""
    (gaps_before, before), (gaps_after, after) = _on_the_way(old), _on_the_way(new)
    return after < before and gaps_after <= gaps_before


def _on_the_way(plan: Itinerary) -> tuple[int, timedelta]:
    """The legs left to the traveller, and the time all legs take."""
    legs = [item for item in plan.items if item.origin is not None and item.type is not ItemType.TRANSFER]
    waits = sum(((second.start - first.end) for first, second in plan.changes), timedelta(0))
    return sum(item.offer_id is None for item in legs), sum((item.end - item.start for item in legs), waits)


def _restored(plan: _Result, request: TripRequest, old: Itinerary) -> _Result:
    """The plan as one of the changed request: what was only held in place is not shown as the traveller's lock."""
    if isinstance(plan, Infeasible):
        return plan
    reasons = {item.offer_id: item.reason for item in old.items if item.reason != HELD}

    def free(item: Item) -> Item:
        if item.offer_id in request.locked:
            return item
        reason = reasons.get(item.offer_id, "wished") if item.reason == HELD else item.reason
        return replace(item, locked=False, reason=reason)

    days = (Day(day.date, day.place, tuple(free(item) for item in day.items)) for day in plan.days)
    return replace(plan, request=request, days=tuple(days))
