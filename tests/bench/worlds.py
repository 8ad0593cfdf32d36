"""Random but believable countries for the benchmark: same size and seed, same world. Every figure is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import hypot
from random import Random

from planner.model import (
    ActivityOffer,
    ItemType,
    Meals,
    Mode,
    Offers,
    OpenSpan,
    Pace,
    Party,
    Spot,
    SpotKind,
    StayClass,
    StayOffer,
    Stop,
    TransferOffer,
    TransportOffer,
    TripRequest,
    Wishes,
)
from tests.planner.world import EVERY_DAY, ZONE, price

FIRST = date(2026, 11, 27)
HOME = "home"
TAGS = ("museum", "beach", "food", "nature", "wildlife", "art", "market", "history")
QUARTERS = 5  # spots where the stays of a town are
# mode → (town hub it uses, km/h, base fare, fare per km, first and last hour of departure)
LINES = {
    Mode.BUS: (SpotKind.STAGE, 55, 200, 3.2, 6, 22),
    Mode.TRAIN: (SpotKind.STATION, 85, 400, 3.5, 7, 22),
    Mode.FLIGHT: (SpotKind.AIRPORT, 420, 3_500, 9, 7, 19),
}
HUBS = {SpotKind.STAGE: 1.0, SpotKind.STATION: 8.0, SpotKind.AIRPORT: 12.0}  # km from the centre
# mode → (km/h, minutes to get going, base fare a vehicle, fare per km, seats; 0 is a fare for each person)
LOCAL = {Mode.TAXI: (24, 6, 150, 55, 4), Mode.MATATU: (14, 14, 40, 8, 0), Mode.WALK: (4.5, 0, 0, 0, 0)}
FURTHEST_WALK = 1.6  # km


@dataclass(frozen=True, slots=True)
class Size:
    """How big a trip and its world are; offers are totals over all towns."""

    days: int = 5
    towns: int = 2
    transports: int = 40
    stays: int = 60
    activities: int = 80

    def scaled(self, offers: int) -> Size:
        """The same trip with so many offers in all, in the same proportion."""
        share = offers / (self.transports + self.stays + self.activities)
        return Size(
            self.days,
            self.towns,
            *(max(2 * self.towns, round(n * share)) for n in (self.transports, self.stays, self.activities)),
        )


@dataclass(slots=True)
class _World:
    """One world in the making. Points are (x, y) in km, towns far apart on one map."""

    size: Size
    random: Random
    party: Party = field(init=False)
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    spots: dict[str, list[Spot]] = field(default_factory=dict)

    def spot(self, name: str, town: str, kind: SpotKind, around: tuple[float, float], spread: float) -> Spot:
        x, y = around
        self.points[name] = (x + self.random.gauss(0, spread), y + self.random.gauss(0, spread))
        found = Spot(name, name.replace("-", " "), town, kind)
        self.spots.setdefault(town, []).append(found)
        return found

    def town(self, index: int) -> str:
        name = HOME if index == 0 else f"town{index}"
        middle = (self.random.uniform(150, 400) * index, self.random.uniform(0, 120))
        self.spot(name, name, SpotKind.CENTRE, middle, 0)
        for kind, km in HUBS.items():
            self.spot(f"{name}-{kind}", name, kind, middle, km)
        return name

    def km(self, a: Spot, b: Spot) -> float:
        (ax, ay), (bx, by) = self.points[a.id], self.points[b.id]
        return hypot(ax - bx, ay - by)


def world(size: Size, seed: int) -> tuple[TripRequest, Offers]:
    """A request and what is on offer for it."""
    random = Random(f"{size}/{seed}")
    making = _World(size, random)
    making.party = Party(adults=random.choice((1, 2, 2, 2, 4)))
    towns = [making.town(index) for index in range(size.towns + 1)]
    asked = _request(making, towns)
    stays, activities = tuple(_stays(making, towns[1:])), tuple(_activities(making, towns[1:]))
    offers = Offers(
        transports=tuple(_transports(making, towns)),
        stays=stays,
        activities=activities,
        transfers=tuple(_rides(making)),
        meals=Meals(price(900 * making.party.size)),
        centres={town: making.spots[town][0] for town in towns},
    )
    return asked, offers


def _request(making: _World, towns: list[str]) -> TripRequest:
    random, size = making.random, making.size
    spending = random.choice((None, 9_000, 16_000))  # a person and day
    wishes = Wishes(
        interests={tag: random.randint(1, 3) for tag in random.sample(TAGS, random.randint(0, 3))},
        pace=random.choice((Pace.RELAXED, Pace.BALANCED, Pace.BALANCED, Pace.PACKED)),
        cheap=(cheap := random.random() < 0.2),
        comfort=not cheap and random.random() < 0.25,
        stay_class=random.choice((None, None, StayClass.BUDGET, StayClass.MID)),
    )
    return TripRequest(
        origin=towns[0],
        stops=tuple(Stop(town) for town in towns[1:]),
        start=FIRST,
        end=FIRST + timedelta(days=size.days - 1),
        party=making.party,
        budget_kes=None if spending is None else spending * size.days * making.party.size,
        wishes=wishes,
    )


def _transports(making: _World, towns: list[str]) -> list[TransportOffer]:
    random, size = making.random, making.size
    round_trip = [*towns, towns[0]]
    share, odd = divmod(size.days - 1, size.towns)
    nights = [share + (1 if n < odd else 0) for n in range(size.towns)]
    days = [FIRST + timedelta(days=sum(nights[:n])) for n in range(size.towns + 1)]
    found = []
    for n in range(size.transports):
        leg = n % (size.towns + 1)
        mode = random.choice((Mode.BUS, Mode.BUS, Mode.BUS, Mode.TRAIN, Mode.FLIGHT))
        hub, speed, base, per_km, first, last = LINES[mode]
        a, b = (next(s for s in making.spots[t] if s.kind is hub) for t in round_trip[leg : leg + 2])
        km = making.km(a, b)
        leaves = datetime.combine(days[leg], time(random.randint(first, last), random.choice((0, 15, 30, 45))), ZONE)
        minutes = int(60 * km / speed * random.uniform(0.9, 1.2)) + 20
        fare = int((base + per_km * km) * random.uniform(0.7, 1.6)) * making.party.size
        found.append(
            TransportOffer(
                id=f"{mode}-{n}",
                mode=mode,
                operator=f"Line {random.randint(1, 6)}",
                service=f"{mode} {n}",
                origin=a,
                destination=b,
                depart=leaves,
                arrive=leaves + timedelta(minutes=minutes),
                price=price(fare),
            )
        )
    return found


def _stays(making: _World, towns: list[str]) -> list[StayOffer]:
    random, size = making.random, making.size
    found = []
    quarters = {
        town: [
            making.spot(f"{town}-quarter{n}", town, SpotKind.STAY, making.points[town], 3.5) for n in range(QUARTERS)
        ]
        for town in towns
    }
    for n in range(size.stays):
        town = towns[n % len(towns)]
        grade = random.choice(tuple(StayClass))
        low, high = {StayClass.BUDGET: (1_200, 4_500), StayClass.MID: (4_500, 11_000)}.get(grade, (11_000, 30_000))
        rooms = -(-making.party.size // 2)
        found.append(
            StayOffer(
                id=f"stay-{n}",
                name=f"Stay {n}",
                spot=random.choice(quarters[town]),
                stay_class=grade,
                nightly=price(random.randint(low, high) * rooms),
                rooms=rooms,
                sleeps=2 * rooms,
                tags=frozenset(random.sample(TAGS, 1)),
            )
        )
    return found


def _activities(making: _World, towns: list[str]) -> list[ActivityOffer]:
    random, size = making.random, making.size
    found = []
    for n in range(size.activities):
        town = towns[n % len(towns)]
        spot = making.spot(f"{town}-sight{n}", town, SpotKind.SIGHT, making.points[town], random.choice((2.5, 2.5, 9)))
        minutes = random.choice((45, 60, 90, 90, 120, 120, 180, 240, 360))
        event = random.random() < 0.15
        opens = random.choice((6, 8, 8, 9, 9, 10, 14))
        shut = random.sample(range(7), random.choice((0, 0, 0, 1, 2)))
        begins = datetime.combine(
            FIRST + timedelta(days=random.randrange(size.days)), time(random.randint(10, 20)), ZONE
        )
        found.append(
            ActivityOffer(
                id=f"do-{n}",
                name=f"Sight {n}",
                spot=spot,
                kind=ItemType.EVENT if event else ItemType.ACTIVITY,
                tags=frozenset(random.sample(TAGS, random.randint(1, 2))),
                minutes=minutes,
                price=random.choice((None, price(0), price(random.randint(100, 6_000) * making.party.size))),
                spans=()
                if event or random.random() < 0.1
                else (OpenSpan(EVERY_DAY - set(shut), time(opens), time(random.randint(opens + 7, 22) % 24)),),
                sessions=((begins, begins + timedelta(minutes=minutes)),) if event else (),
                score=round(random.betavariate(3, 2.5), 2),
                repeatable=random.random() < 0.1,
            )
        )
    return found


def _rides(making: _World) -> list[TransferOffer]:
    """Between all pairs of spots of a town, by every mode that makes sense."""
    found = []
    people = making.party.size
    for spots in making.spots.values():
        for a in spots:
            for b in spots:
                km = 1.3 * making.km(a, b)
                for mode, (speed, wait, base, per_km, seats) in LOCAL.items():
                    if a is b or (mode is Mode.WALK and km > FURTHEST_WALK):
                        continue
                    units = -(-people // seats) if seats else people
                    found.append(
                        TransferOffer(
                            id=f"{mode}:{a.id}>{b.id}",
                            mode=mode,
                            origin=a,
                            destination=b,
                            minutes=max(2, round(wait + 60 * km / speed)),
                            price=price(10 * round((base + per_km * km) * units / 10)),
                            by_day=mode is Mode.MATATU,
                        )
                    )
    return found
