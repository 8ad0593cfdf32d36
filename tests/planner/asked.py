"""Random requests over the guide and over tiny countries, with what is on offer, and random changes of plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from random import Random

from planner.model import Itinerary, Mode, Offers, Pace, Party, Residency, StayClass, Stop, TripRequest, Wishes
from planner.operations import (
    AddActivity,
    AddDay,
    ChangeBudget,
    ChangeDates,
    ChangeParty,
    Cheaper,
    DropDay,
    Faster,
    Lock,
    MoreRelaxed,
    Operation,
    RefuseMode,
    Remove,
    ReorderStops,
    StayClassTo,
    Swap,
    Unlock,
    UseMode,
    changed,
    lockable,
    touched,
)
from planner.places import Gazetteer
from providers import gazetteer
from providers.collect import offers_for
from providers.registry import enabled
from tests.planner.tiny import tiny

TOWNS = ("mombasa", "diani", "malindi", "lamu", "kisumu", "nakuru", "naivasha", "maasai-mara", "amboseli", "nyeri")
TAGS = ("beach", "wildlife", "museum", "nature", "food", "history")
FIRST = date(2026, 11, 24)
SECONDS = 30  # far more than the guide needs

Gather = Callable[[TripRequest], Offers]


@dataclass(frozen=True, slots=True)
class Trip:
    """A request with what is on offer for it, and how to ask again for a changed one."""

    asked: TripRequest
    offers: Offers
    gather: Gather | None


def of_the_guide(random: Random) -> Trip:
    """From the printed guide, no network."""
    asked = _asked(random)
    return Trip(asked, from_guide(asked), from_guide)


def of_a_tiny_country(random: Random) -> Trip:
    """Everything made up."""
    asked, offers = tiny(random)
    budget = random.randint(3, 60) * 1_000 if random.randrange(100) < 60 else None
    return Trip(replace(asked, budget_kes=budget), offers, None)


_known: dict[str, Offers] = {}


def from_guide(asked: TripRequest) -> Offers:
    """What the guide offers for a request; asked once for each."""
    key = repr(replace(asked, locked=frozenset(), wishes=replace(asked.wishes, must_see=(), avoid=())))
    if key not in _known:
        _known[key], _ = offers_for(asked, _places(), enabled({}, offline=True), SECONDS)
    return _known[key]


@cache
def _places() -> Gazetteer:
    return gazetteer.load()


def _asked(random: Random) -> TripRequest:
    def chance(percent: int) -> bool:
        return random.randrange(100) < percent

    towns = random.sample(TOWNS, 2 if chance(30) else 1)
    origin = random.choice([town for town in ("nairobi", "nairobi", "mombasa", "kisumu") if town not in towns])
    nights = random.randint(0, 5)
    start = FIRST + timedelta(days=random.randint(0, 60))
    party = Party(random.randint(1, 4), random.choice((0, 0, 0, 2)), residency=random.choice(tuple(Residency)))
    cheap = chance(20)
    wishes = Wishes(
        interests={tag: random.randint(1, 3) for tag in TAGS if chance(15)},
        pace=random.choice(tuple(Pace)),
        stay_class=random.choice((None, None, *StayClass)),
        cheap=cheap,
        comfort=not cheap and chance(15),
        modes_wanted=frozenset({random.choice((Mode.TRAIN, Mode.FLIGHT, Mode.CAR))}) if chance(15) else frozenset(),
        modes_refused=frozenset({random.choice((Mode.BUS, Mode.FLIGHT, Mode.MATATU))}) if chance(15) else frozenset(),
        earliest=time(random.randint(5, 10)) if chance(15) else None,
        latest=time(random.randint(17, 22)) if chance(15) else None,
        must_see=(random.choice(("museum", "fort", "beach", "park")),) if chance(15) else (),
        avoid=("park",) if chance(5) else (),
        night_travel=not chance(15),
    )
    return TripRequest(
        origin=origin,
        stops=tuple(Stop(town) for town in towns),
        start=start,
        end=start + timedelta(days=nights),
        party=party,
        budget_kes=random.randint(3, 40) * 1_000 * (nights + 1) if chance(70) else None,
        returns=not chance(10),
        wishes=wishes,
    )


def change(random: Random, plan: Itinerary, offers: Offers) -> Operation:
    """Something that may be asked of a plan."""
    item = random.choice([item for item in plan.items if lockable(item)] or [None])
    asked = plan.request
    anywhere: list[Operation] = [
        Cheaper(),
        Faster(),
        MoreRelaxed(),
        AddDay(),
        AddDay(asked.stops[0].place),
        ChangeDates(asked.start + timedelta(days=random.randint(1, 3))),
        ChangeParty(Party(random.randint(1, 3))),
        ChangeBudget(random.choice((None, plan.total_kes, plan.total_kes * 9 // 10, plan.total_kes * 2))),
        UseMode(random.choice(tuple(Mode))),
        RefuseMode(random.choice((Mode.BUS, Mode.TRAIN, Mode.FLIGHT, Mode.TAXI))),
        StayClassTo(random.choice(tuple(StayClass))),
        ReorderStops(tuple(stop.place for stop in reversed(asked.stops))),
    ]
    anywhere += [DropDay()] if asked.nights and asked.stops[-1].nights != 0 else []
    anywhere += [AddActivity(random.choice(offers.activities).id)] if offers.activities else []
    if item is None:
        return random.choice(anywhere)
    pools = (offers.transports, offers.stays, offers.activities)
    like = next(([o.id for o in pool] for pool in pools if any(o.id == item.offer_id for o in pool)), [])
    about: list[Operation] = [Remove(item.id), Lock(item.id), Unlock(item.id)]
    about += [Swap(item.id, random.choice(like))] if like else []
    return random.choice(about if random.randrange(100) < 40 else anywhere)


def held_still(request: TripRequest, itinerary: Itinerary, operation: Operation) -> TripRequest:
    """The changed request with locks on everything of the plan that the operation does not touch.

    Raises LookupError for an item the plan does not have, ValueError for a change that cannot be.
    """
    after = changed(request, itinerary, operation)
    loose = touched(request, itinerary, operation)
    same_days = (request.start, request.end, request.origin) == (after.start, after.end, after.origin)
    fixed = same_days and request.stops == after.stops
    stay = (item for item in itinerary.items if item.id not in loose and lockable(item))
    kept = frozenset(item.offer_id for item in stay if item.offer_id and (fixed or item.origin is None))
    return replace(after, locked=after.locked | kept)
