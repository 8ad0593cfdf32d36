"""The trip as data: what was asked, what is on offer, and what was put together.

Frozen, slotted dataclasses with checked invariants. Nothing here knows Kenya, a clock or a network. Money is whole
units of the planning currency (`kes`: the field is named after the currency Safiri plans in) beside the amount as it
was quoted; times are timezone-aware. All prices of offers are for the whole party they were asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from planner.kinds import BAGS_BOARDING as BAGS_BOARDING
from planner.kinds import BAGS_LEAVING as BAGS_LEAVING
from planner.kinds import BOARDING_MINUTES as BOARDING_MINUTES
from planner.kinds import LEAVING_MINUTES as LEAVING_MINUTES
from planner.kinds import Basis as Basis
from planner.kinds import ItemType as ItemType
from planner.kinds import Mode as Mode
from planner.kinds import Pace as Pace
from planner.kinds import Precision as Precision
from planner.kinds import Residency as Residency
from planner.kinds import SpotKind as SpotKind
from planner.kinds import StayClass as StayClass
from planner.opening import OpenSpan as OpenSpan
from planner.requirements import Freedom as Freedom
from planner.requirements import MealTime as MealTime
from planner.requirements import Requirement as Requirement
from planner.wishes import Wishes as Wishes

Date = date  # for annotations in a class whose field `date` hides the type
_NAMED = 5  # ids that an error names


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with its birth certificate.

    `kes` is the planning amount for the whole party, `amount`/`currency` what the source quoted for the same thing.
    `low_kes`/`high_kes` give the published range when the source gave one. `seen_at` is an aware datetime for live
    prices, a date for printed ones, None when the source carries no date (`precision` is then UNDATED). `expires_at` is
    until when the source holds to a live price, where it said so. A `sample` was made up for trying Safiri out: nobody
    sells at it.
    """

    kes: int
    amount: Decimal
    currency: str
    basis: Basis
    source: str
    seen_at: datetime | date | None
    precision: Precision
    source_url: str | None = None
    low_kes: int | None = None
    high_kes: int | None = None
    note: str = ""
    expires_at: datetime | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        if self.kes < 0 or self.amount < 0:
            raise ValueError(f"negative price: {self.kes} / {self.amount}")
        if (self.seen_at is None) != (self.precision is Precision.UNDATED):
            raise ValueError("a price is undated exactly when seen_at is None")

    def times(self, factor: int) -> Price:
        """The same price for `factor` units (nights, vehicles)."""
        return replace(
            self,
            kes=self.kes * factor,
            amount=self.amount * factor,
            low_kes=None if self.low_kes is None else self.low_kes * factor,
            high_kes=None if self.high_kes is None else self.high_kes * factor,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the gazetteer: a town, park, beach or border that a trip can start from or go to."""

    slug: str
    name: str
    kind: str
    county: str
    country: str
    lat: float | None
    lon: float | None
    aliases: tuple[str, ...] = ()
    airport: str | None = None
    station: str | None = None
    good_months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A point where something starts, ends or happens. `place` is the slug of the town it belongs to."""

    id: str
    name: str
    place: str
    kind: SpotKind
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who travels. Children are counted in `children`; their ages are optional detail (same length when given)."""

    adults: int = 1
    children: int = 0
    child_ages: tuple[int, ...] = ()
    residency: Residency = Residency.CITIZEN

    def __post_init__(self) -> None:
        if self.adults < 1 or self.children < 0 or self.size > 60:
            raise ValueError(f"impossible party: {self.adults} adults, {self.children} children")
        if self.child_ages and len(self.child_ages) != self.children:
            raise ValueError("child_ages must name every child or none")

    @property
    def size(self) -> int:
        """Everybody, children included."""
        return self.adults + self.children


@dataclass(frozen=True, slots=True)
class Stop:
    """A town to visit. `nights` None lets the planner split the trip's nights, with at least `least` of them here.

    Two stops in a row in one place are two beds there, one after the other.
    """

    place: str
    nights: int | None = None
    least: int = 1

    def __post_init__(self) -> None:
        if self.least < 0 or (self.nights is not None and self.nights < 0):
            raise ValueError(f"{self.place}: nights are no negative number")


@dataclass(frozen=True, slots=True)
class TripRequest:
    """A whole trip as asked: dates are the first and the last day away; `budget_kes` is for the whole party."""

    origin: str
    stops: tuple[Stop, ...]
    start: date
    end: date
    party: Party
    budget_kes: int | None = None
    returns: bool = True
    wishes: Wishes = field(default_factory=Wishes)
    locked: frozenset[str] = frozenset()  # offer ids that must stay
    assumed: tuple[str, ...] = ()  # names of fields the traveller did not say ("origin", "start", "party" …)
    requirements: tuple[Requirement, ...] = ()
    meals: tuple[MealTime, ...] = ()  # in order; empty: food is an allowance, with an hour kept free at midday
    free: Freedom = field(default_factory=Freedom)
    most_changes: int = 1  # changes from one departure to another that a leg may have: 0 or 1
    own_arrangements: bool = True  # a leg nobody serves, or a night nobody sells, is left to the traveller and said

    def __post_init__(self) -> None:
        if not self.stops:
            raise ValueError("a trip needs a destination")
        if self.end < self.start:
            raise ValueError(f"the trip ends ({self.end}) before it starts ({self.start})")
        if self.budget_kes is not None and self.budget_kes <= 0:
            raise ValueError("a budget is a positive amount")
        names = [requirement.name for requirement in self.requirements]
        if len(set(names)) != len(names):
            raise ValueError("two requirements have the same name")
        self._check_stops()
        for meal, following in pairwise(self.meals):
            if following.opens < meal.closes:
                raise ValueError(f"{following.name} may begin before {meal.name} is over")

    def _check_stops(self) -> None:
        fixed, pick = sum(stop.nights or 0 for stop in self.stops), self.free.pick
        if pick is None and fixed > self.nights:
            raise ValueError(f"the stops ask for {fixed} nights, the trip has {self.nights}")
        if pick is not None and pick > len(self.stops):
            raise ValueError(f"{pick} stops cannot be picked of {len(self.stops)}")

    @property
    def nights(self) -> int:
        """Nights away."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class TransportOffer:
    """One seat-for-everyone on one departure between two towns.

    `times_assumed` says that the source names no clock times: the slot is only a place in the plan, to be confirmed.
    """

    id: str
    mode: Mode
    operator: str
    service: str
    origin: Spot
    destination: Spot
    depart: datetime
    arrive: datetime
    price: Price
    travel_class: str = ""
    booking_url: str | None = None
    times_assumed: bool = False
    check_in_minutes: int | None = None  # be there this long before; None → by kind of spot
    notes: tuple[str, ...] = ()
    provider: str = ""
    tags: frozenset[str] = frozenset()
    km: float | None = None

    def __post_init__(self) -> None:
        _check_aware(self.id, self.depart, self.arrive)
        if self.arrive <= self.depart:
            raise ValueError(f"{self.id}: arrives before it leaves")

    @property
    def minutes(self) -> int:
        """Time on board."""
        return int((self.arrive - self.depart) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class StayOffer:
    """A place to sleep for the whole party. `nightly` is all rooms for one night; `sample_of` names real examples."""

    id: str
    name: str
    spot: Spot
    stay_class: StayClass
    nightly: Price | None
    rooms: int
    sleeps: int
    stars: int | None = None
    rating: float | None = None
    tags: frozenset[str] = frozenset()
    check_in: time = time(14, 0)
    check_out: time = time(10, 0)
    min_nights: int = 1
    max_nights: int | None = None
    booking_url: str | None = None
    notes: tuple[str, ...] = ()
    provider: str = ""
    nights: frozenset[date] | None = None  # the nights (by the day they begin) it has rooms for; None: every one

    @property
    def kes(self) -> int:
        """Whole-party cost of one night, 0 when it is not known."""
        return self.nightly.kes if self.nightly else 0

    def is_let(self, first: date, nights: int) -> bool:
        """Whether it can be had for so many nights from `first` on."""
        if not self.min_nights <= nights <= (self.max_nights or nights):
            return False
        return self.nights is None or all(first + timedelta(days=n) in self.nights for n in range(nights))


@dataclass(frozen=True, slots=True)
class ActivityOffer:
    """Something to do: a sight with opening hours, an event with fixed `sessions` (then `kind` is EVENT), or a place to
    eat (MEAL; `price` is that of one meal, and it is chosen for the request's `meals`, which say how long they take).

    `minutes` is the usual length of a visit. `worth`, when given, is what doing it once is worth to the whole party, in
    the planning currency, instead of what planner.values makes of `score` and length.
    `price` None means the fee is not known (never that it is free); a free sight has a price of 0.
    `spans` empty with no `sessions` means hours are not known: the planner keeps to daylight and says so.
    """

    id: str
    name: str
    spot: Spot
    kind: ItemType
    tags: frozenset[str]
    minutes: int
    price: Price | None
    spans: tuple[OpenSpan, ...] = ()
    closed_on: frozenset[tuple[int, int]] = frozenset()  # (month, day)
    sessions: tuple[tuple[datetime, datetime], ...] = ()
    score: float = 0.5  # 0 … 1, how much a typical visitor gains
    repeatable: bool = False  # a beach is worth another day, a fort is not
    worth: int | None = None
    booking_url: str | None = None
    notes: tuple[str, ...] = ()
    provider: str = ""

    def __post_init__(self) -> None:
        if self.kind not in (ItemType.ACTIVITY, ItemType.EVENT, ItemType.MEAL):
            raise ValueError(f"{self.id}: an activity offer is an activity, an event or a meal")
        if self.minutes <= 0:
            raise ValueError(f"{self.id}: a visit takes time")
        for session in self.sessions:
            _check_aware(self.id, *session)


@dataclass(frozen=True, slots=True)
class TransferOffer:
    """A local ride for the whole party between two spots; `by_day` ones do not run late at night."""

    id: str
    mode: Mode
    origin: Spot
    destination: Spot
    minutes: int
    price: Price
    operator: str = ""
    booking_url: str | None = None
    notes: tuple[str, ...] = ()
    provider: str = ""
    by_day: bool = False
    km: float | None = None


@dataclass(frozen=True, slots=True)
class LocalMode:
    """A way of getting about between any two points of a town whose positions are known, instead of single offers.

    A ride takes `wait` minutes and the road at `kmh`, the road being `detour` times the straight line; it costs `base`
    and `per_km` for each vehicle of `seats` people. It is offered for roads from `least_km` to `most_km`.
    """

    mode: Mode
    kmh: float
    wait: int = 0
    base: float = 0
    per_km: float = 0
    seats: int = 1
    least_km: float = 0
    most_km: float = 100
    detour: float = 1.3
    basis: Basis = Basis.ESTIMATE
    source: str = "distance"
    by_day: bool = False


Offer = TransportOffer | StayOffer | ActivityOffer | TransferOffer


def _check_aware(offer_id: str, *moments: datetime) -> None:
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError(f"{offer_id}: a time without a time zone")


@dataclass(frozen=True, slots=True)
class Meals:
    """What eating costs: one allowance for the whole party and one day."""

    daily: Price


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything the planner may choose from. Nothing outside of it can end up in a plan."""

    transports: tuple[TransportOffer, ...] = ()
    stays: tuple[StayOffer, ...] = ()
    activities: tuple[ActivityOffer, ...] = ()
    transfers: tuple[TransferOffer, ...] = ()
    meals: Meals | None = None
    centres: Mapping[str, Spot] = field(default_factory=dict)  # place slug → where the town's centre is
    road_minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (from, to) place slugs, by car
    local: tuple[LocalMode, ...] = ()  # rides between any two points, beside `transfers`
    zone: str = "Africa/Nairobi"  # IANA name: the trip's local time
    holidays: frozenset[date] = frozenset()  # public holidays among the days of the trip
    # When it is light enough to drive. By NOAA's solar equations the sun rises in Nairobi between 06:11 and 06:42 over
    # the year and sets between 18:21 and 18:51; on the coast both are some ten minutes earlier, in the west later.
    # Civil twilight adds about twenty minutes at either end.
    daylight: tuple[time, time] = (time(6, 15), time(18, 45))
    unreached: tuple[str, ...] = ()  # names of sources that were asked and did not answer
    older: tuple[str, ...] = ()  # … or did not answer this time, and whose earlier offers are among these

    def __post_init__(self) -> None:
        ids = [offer.id for pool in (self.transports, self.stays, self.activities, self.transfers) for offer in pool]
        if len(set(ids)) < len(ids):
            twice = sorted(offer_id for offer_id, times in Counter(ids).items() if times > 1)
            raise ValueError(f"several offers have the same id: {', '.join(twice[:_NAMED])}")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an itinerary. A stay runs from check-in to check-out; an unpriced item has `price` None.

    `booked` and `paid_kes` are marks for showing a plan; planning knows nothing of them.
    """

    id: str
    type: ItemType
    title: str
    start: datetime
    end: datetime
    place: str
    price: Price | None = None
    offer_id: str | None = None
    provider: str = ""
    booking_url: str | None = None
    mode: Mode | None = None
    origin: Spot | None = None  # for anything that moves
    destination: Spot | None = None
    spot: Spot | None = None  # for anything that stays put
    opens: datetime | None = None
    closes: datetime | None = None
    check_in_minutes: int = 0
    continues: bool = False  # the second departure of a leg, after a change
    times_assumed: bool = False
    hours_known: bool = True
    locked: bool = False
    booked: bool = False
    paid_kes: int | None = None
    notes: tuple[str, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.id}: ends before it starts")

    @property
    def price_kes(self) -> int:
        """Whole-party cost, 0 when nothing is charged or nothing is known."""
        return self.price.kes if self.price else 0


@dataclass(frozen=True, slots=True)
class Day:
    """A date, the town slept in (or passed through last) and what happens, in order of start."""

    date: Date
    place: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule looked at. `ok` False is a broken rule; `detail` is for people, with figures."""

    rule: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the plan could not check, as a code with values; sentences are made where people read them."""

    # "fee_unknown", "hours_unknown", "times_assumed", "availability", "old_price", "unreached", "older" …
    code: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A choice that lost: by how much money and time it differs from the chosen one (negative: cheaper, shorter).

    Ways are compared from bed to bed, with their rides and the nights they leave; beds over all `nights`. A visit that
    was left out replaces nothing: its price and minutes would come on top. `reason` is a code of planner.alternatives.
    """

    offer_id: str
    title: str
    type: ItemType
    delta_kes: int
    delta_minutes: int
    instead_of: str  # item id, "" for a visit
    reason: str = ""
    depart: datetime | None = None  # of a way
    nights: int = 0  # of a bed
    stay_class: StayClass | None = None  # of a bed, where it is another than the chosen one's


@dataclass(frozen=True, slots=True)
class Itinerary:
    """A finished trip, one version of it."""

    id: str
    version: int
    title: str
    request: TripRequest
    days: tuple[Day, ...]
    checks: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    created_at: datetime | None = None
    given_up: tuple[str, ...] = ()  # names of requirements and rules a best effort does not keep

    @property
    def items(self) -> tuple[Item, ...]:
        """Every line in order."""
        return tuple(item for day in self.days for item in day.items)

    @property
    def changes(self) -> tuple[tuple[Item, Item], ...]:
        """The legs of two departures, each with the one before and the one after the change."""
        moves = [item for item in self.items if item.origin is not None and item.type is not ItemType.TRANSFER]
        return tuple((first, second) for first, second in pairwise(moves) if second.continues)

    @property
    def total_kes(self) -> int:
        """The sum of the items, whole party."""
        return sum(item.price_kes for item in self.items)

    @property
    def per_person_kes(self) -> int:
        """The total shared by everybody, rounded up."""
        return -(-self.total_kes // self.request.party.size)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change of the request that makes it possible, already solved: what changes and what the trip then costs."""

    change: str  # "budget" | "stay_class" | "mode" | "nights" … a code; `request` is the changed request
    request: TripRequest
    total_kes: int


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No plan keeps every hard rule: the rules in conflict, the cheapest total found, and ways out."""

    rules: tuple[str, ...]
    cheapest_kes: int | None
    relaxations: tuple[Relaxation, ...] = ()
    missing: tuple[str, ...] = ()  # legs or places for which no offer exists at all
