"""A stop cut in two, with a change of beds, where no one bed is let for all its nights or none that can be paid is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations, islice, product

from planner.model import Offers, StayOffer, Stop, TripRequest
from planner.shape import Rides, Visit, split_nights
from planner.ways import visits

SPLITS = 24  # ways to cut a request that are tried at most

_Parts = tuple[Stop, ...]


def splits(request: TripRequest, offers: Offers) -> Iterator[TripRequest]:
    """The request, which leaves nothing open about its stops, with some of them cut in two; fewest cuts first.

    A stop is cut only between two beds of which one is not let for all of its nights.
    """
    return islice(_splits(request, offers), SPLITS)


def _splits(request: TripRequest, offers: Offers) -> Iterator[TripRequest]:
    rides = Rides.of(offers, 0.01, request)
    nights = split_nights(request)
    whole = [replace(stop, nights=count) for stop, count in zip(request.stops, nights, strict=True)]
    there = visits(request, offers, rides)
    cuts = [_cuts(stop, visit) for stop, visit in zip(whole, there, strict=True)]
    needed = {n for n, visit in enumerate(there) if visit.stays and not _one_bed(visit.stays, visit, nights[n])}
    others = [n for n, found in enumerate(cuts) if found and n not in needed]
    for extra in range(len(others) + 1):
        for some in combinations(others, extra):
            cut = needed.union(some)
            ways: list[Sequence[_Parts]] = [cuts[n] if n in cut else [(stop,)] for n, stop in enumerate(whole)]
            for parts in product(*ways) if cut else ():
                yield replace(request, stops=tuple(chain.from_iterable(parts)))


def _one_bed(stays: Sequence[StayOffer], visit: Visit, nights: int) -> bool:
    return any(_fits(stay, visit, 0, nights) for stay in stays)


def _cuts(stop: Stop, visit: Visit) -> list[_Parts]:
    """The stop in two parts, for each night after which one bed may follow another."""
    nights, found = stop.nights or 0, list[_Parts]()
    for before in range(1, nights):
        firsts = [stay for stay in visit.stays if _fits(stay, visit, 0, before)]
        seconds = [stay for stay in visit.stays if _fits(stay, visit, before, nights)]
        limited = (s for some in (firsts, seconds) for s in some if not _fits(s, visit, 0, nights))
        if any(first != second for first in firsts for second in seconds) and any(limited):
            found.append((replace(stop, nights=before), replace(stop, nights=nights - before)))
    return found


def _fits(stay: StayOffer, visit: Visit, begin: int, end: int) -> bool:
    """Whether a bed is let from one night of the stop to another; the first one may be on the way there."""
    days = range(begin, begin + (2 if begin == 0 and end > 1 else 1))
    return any(stay.is_let(visit.first + timedelta(days=day), end - day) for day in days)
