"""Soft goals: what a choice is worth to this party, in shillings, so that worth and price can be weighed.

The figures are Safiri's own judgement, not measurements. They only rank plans that already keep every hard rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from planner.model import ActivityOffer, Pace, StayClass, StayOffer, TransportOffer, TripRequest, Wishes
from planner.shape import DAY, Clock, Move, boarding

CLASS_WORTH = {StayClass.BUDGET: 0, StayClass.MID: 6_500, StayClass.HIGH: 11_000}  # a room and night
SEAT_WORTH = {"first": 700, "premium": 1_200, "vip": 400, "business": 1_200}  # a person, over an ordinary seat
WAKING = (7 * 60, 22 * 60)
DEAD_HOURS = (23 * 60, 5 * 60 + 30)  # nobody likes to arrive between these
DEAD_ARRIVAL = 1_500  # shillings it costs a person, and as much again …
SMALL_HOURS = (30, 4 * 60 + 30)  # … between these, when one would have slept
UP_AT = 6 * 60 + 30  # who must be on the way sooner has slept less …
SLEEP_MINUTE, MOST_SLEEP = 10, 240  # … which costs a person so many shillings a minute, up to so many minutes
DARK = (18 * 60 + 30, 6 * 60)  # nobody likes to be driven over country roads between these …
DARK_MINUTE = 6  # … shillings a minute and person
DAY_OUT = 800  # shillings a person that a day at a stop is worth more for having something to do
EAGER = 1.3  # what is done is worth so much more to who wants full days
WANTED_MODE = 15_000  # a person, for going the way that was asked for
CHANGE_WORTH = -1_000  # a person; bags carried across a town and a connection that may be missed


@dataclass(frozen=True, slots=True)
class Tastes:
    """The weights of one request. Money and worth are multiplied by tenths so that the solver works on integers."""

    money: int  # tenths of a shilling of worth lost for each shilling spent
    minute: int  # shillings a minute of travel costs one person
    there: int  # shillings a waking minute at the destination is worth to one person
    visits: int  # at most so many things to do on a full day
    active: int  # at most so many minutes of them
    opens: int  # minutes after midnight when days begin
    closes: int  # … and end

    @classmethod
    def of(cls, request: TripRequest) -> Tastes:
        """Derived from wishes alone."""
        wishes = request.wishes
        visits, active = {Pace.RELAXED: (2, 300), Pace.BALANCED: (3, 480), Pace.PACKED: (5, 660)}[wishes.pace]
        money, minute, there = (16, 1, 2) if wishes.cheap else (4, 10, 6) if wishes.comfort else (8, 4, 4)
        opens = wishes.earliest.hour * 60 + wishes.earliest.minute if wishes.earliest else 8 * 60 + 30
        closes = wishes.latest.hour * 60 + wishes.latest.minute if wishes.latest else 22 * 60
        return cls(money, minute, there, visits, active, opens, closes)


def waking(minute: int) -> int:
    """Waking minutes (07:00 to 22:00) from the first midnight to a trip minute."""
    days, rest = divmod(minute, DAY)
    return days * (WAKING[1] - WAKING[0]) + min(max(rest, WAKING[0]), WAKING[1]) - WAKING[0]


def activity_worth(offer: ActivityOffer, request: TripRequest) -> int:
    """Worth of doing it once, for the whole party: better and longer is worth more, wished-for much more."""
    if offer.worth is not None:
        return offer.worth
    interest = max((request.wishes.interests.get(tag, 0) for tag in offer.tags), default=0)
    person = (900 + 2_600 * offer.score) * sqrt(offer.minutes / 120) * (1 + 0.7 * interest)
    if request.wishes.pace is Pace.PACKED:
        person *= EAGER
    if offer.price is None:
        person *= 0.8  # its fee is not known: a known one is preferred
    if not offer.spans and not offer.sessions:
        person *= 0.95
    return round(person * request.party.size)


def again_loss(offer: ActivityOffer, worth: int) -> int:
    """What one tag takes off for a second thing like this: 3/10 of its worth, shared among its tags."""
    return worth * 3 // 10 // max(1, len(offer.tags))


def day_out(request: TripRequest, *, whole: bool) -> int:
    """Worth of having anything to do on a day, for the whole party; half of it on a day that is not `whole`."""
    return (DAY_OUT if whole else DAY_OUT // 2) * request.party.size


def meal_worth(offer: ActivityOffer, request: TripRequest) -> int:
    """Worth of eating there once, for the whole party; an unknown price counts against it."""
    if offer.worth is not None:
        return offer.worth
    interest = max((request.wishes.interests.get(tag, 0) for tag in offer.tags), default=0)
    person = (300 + 1_200 * offer.score) * (1 + 0.7 * interest) * (1 if offer.price else 0.6)
    return round(person * request.party.size)


def stay_worth(offer: StayOffer, request: TripRequest) -> int:
    """Worth of one night there, for the whole party."""
    worth = CLASS_WORTH[offer.stay_class]
    if request.wishes.comfort:
        worth = worth * 3 // 2
    if request.wishes.stay_class is offer.stay_class:
        worth += 9_000
    worth += 400 * len(offer.tags & request.wishes.interests.keys())
    return worth * offer.rooms


def move_worth(move: Move, request: TripRequest, clock: Clock, tastes: Tastes) -> int:
    """Worth of making the leg this way, for the whole party (mostly negative: time and bad hours)."""
    person = -tastes.minute * (move.gate_out - move.gate_in)
    person -= bad_hours(move, clock, request.wishes)
    modes = [part.mode for part in move.parts] or [move.mode]
    person += WANTED_MODE * sum(mode in request.wishes.modes_wanted for mode in modes) // len(modes)
    if move.parts:
        person += sum(_seat(part, request) - _staleness(part, request) for part in move.parts) // len(move.parts)
        person += CHANGE_WORTH * (len(move.parts) - 1)
    return person * request.party.size


def bad_hours(move: Move, clock: Clock, wishes: Wishes) -> int:
    """What it costs one person to arrive in the dead of night, to get up early, and to drive in the dark."""
    times = [(clock.minutes(part.depart) - boarding(part, wishes), clock.minutes(part.arrive)) for part in move.parts]
    cost = 0
    for leaves, arrive in times or [(move.depart, move.arrive)]:
        hour = arrive % DAY
        cost += DEAD_ARRIVAL if hour >= DEAD_HOURS[0] or hour < DEAD_HOURS[1] else 0
        cost += DEAD_ARRIVAL if SMALL_HOURS[0] <= hour < SMALL_HOURS[1] else 0
        cost += SLEEP_MINUTE * min(max(UP_AT - leaves % DAY, 0), MOST_SLEEP)
    return cost if move.parts else cost + DARK_MINUTE * _dark(move.depart, move.arrive)


def _dark(start: int, end: int) -> int:
    """Minutes of darkness in a stretch of less than a day."""
    nights = [(day * DAY + DARK[0], (day + 1) * DAY + DARK[1]) for day in range(start // DAY - 1, end // DAY + 1)]
    return sum(max(0, min(end, dawn) - max(start, dusk)) for dusk, dawn in nights)


def seat_worth(offer: TransportOffer, request: TripRequest) -> int:
    """What its class of seat is worth to one person."""
    comfort = next((worth for name, worth in SEAT_WORTH.items() if name in offer.travel_class.casefold()), 0)
    return (2 if request.wishes.comfort else 1) * comfort


def _seat(offer: TransportOffer, request: TripRequest) -> int:
    return seat_worth(offer, request) - (800 if offer.times_assumed else 0)


def _staleness(offer: TransportOffer, request: TripRequest) -> int:
    """What an old price costs in trust: 60 shillings a year; undated counts as ten years."""
    seen = offer.price.seen_at
    if seen is None:
        return 600
    return 60 * max(0, request.start.year - seen.year)
