"""Tiny countries with everything that makes planning hard: same random numbers, same world. All figures are made up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import dist
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
from planner.shape import split_nights
from tests.planner.world import EVERY_DAY, ZONE, price

FIRST = date(2026, 11, 26)  # a Thursday
HOME = "home"
HUBS = {Mode.BUS: SpotKind.STAGE, Mode.TRAIN: SpotKind.STATION, Mode.FLIGHT: SpotKind.AIRPORT}
TAGS = ("art", "beach", "food")


@dataclass(slots=True)
class _Country:
    random: Random
    towns: tuple[str, ...]
    nights: int
    spots: dict[str, list[Spot]] = field(default_factory=dict)

    def spot(self, town: str, name: str, kind: SpotKind) -> Spot:
        found = next((s for s in self.spots.setdefault(town, []) if s.id == name), None)
        if found is None:
            found = Spot(name, name.replace("-", " "), town, kind)
            self.spots[town].append(found)
        return found

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, *choices: object) -> object:
        return choices[self.random.randrange(len(choices))]


def tiny(random: Random) -> tuple[TripRequest, Offers]:
    """A request without a budget, and what is on offer for it: few enough to try everything."""
    nights = random.randint(0, 3)
    two = random.randrange(100) < (50 if nights else 10)
    country = _Country(random, (HOME, "north", "south") if two else (HOME, "north"), nights)
    for town in country.towns:
        country.spot(town, town, SpotKind.CENTRE)
    asked = _asked(country)
    stays = tuple(_stays(country))
    activities = tuple(_activities(country))
    transports = tuple(_transports(country, asked))
    transfers = tuple(_rides(country))
    offers = Offers(
        transports=transports,
        stays=stays,
        activities=activities,
        transfers=transfers,
        meals=None if country.chance(20) else Meals(price(800)),
        centres={town: country.spots[town][0] for town in country.towns},
        road_minutes={} if country.chance(60) else {(HOME, "north"): 185, ("north", HOME): 200},
    )
    return replace(asked, locked=_locks(country, offers)), offers


def _asked(country: _Country) -> TripRequest:
    random, nights = country.random, country.nights
    places = list(country.towns[1:])
    if country.chance(8):
        places.insert(random.randrange(2), HOME)  # begins at home, or comes by on the way
    if places[0] == HOME and len(places) == 1:
        places = ["north"]
    stops = [Stop(place) for place in places]
    if len(stops) > 1 and country.chance(25):
        stops[-1] = replace(stops[-1], nights=random.randint(0, nights))
    sights = [f"Sight {n}" for n in range(5)]
    cheap = country.chance(20)
    wishes = Wishes(
        interests={tag: random.randint(1, 3) for tag in TAGS if country.chance(25)},
        pace=Pace(country.one(*Pace)),
        cheap=cheap,
        comfort=not cheap and country.chance(20),
        stay_class=StayClass(country.one(*StayClass)) if country.chance(25) else None,
        modes_wanted=frozenset({Mode(country.one(Mode.CAR, Mode.BUS))}) if country.chance(15) else frozenset(),
        modes_refused=frozenset({Mode(country.one(Mode.BUS, Mode.TAXI, Mode.TRAIN))})
        if country.chance(15)
        else frozenset(),
        operators_refused=frozenset({"line 1"}) if country.chance(10) else frozenset(),
        earliest=time(random.randint(5, 10), 30) if country.chance(15) else None,
        latest=time(random.randint(17, 22), 15) if country.chance(15) else None,
        must_see=tuple(sights[n] for n in range(2) if country.chance(25)),
        avoid=("sight 2",) if country.chance(10) else (),
        night_travel=not country.chance(15),
    )
    return TripRequest(
        origin=HOME,
        stops=tuple(stops),
        start=FIRST,
        end=FIRST + timedelta(days=nights),
        party=Party(random.randint(1, 3)),
        returns=not country.chance(15),
        wishes=wishes,
    )


def _locks(country: _Country, offers: Offers) -> frozenset[str]:
    pools = (offers.transports, offers.stays, offers.activities)
    return frozenset(country.one(*pool).id for pool in pools if pool and country.chance(7))  # type: ignore[attr-defined]


def _transports(country: _Country, asked: TripRequest) -> list[TransportOffer]:
    random = country.random
    places = [HOME, *(stop.place for stop in asked.stops)] + ([HOME] if asked.returns else [])
    days = [0]
    for count in split_nights(asked):
        days.append(days[-1] + count)
    found = []
    for leg, (a, b) in enumerate(pairwise(places)):
        for n in range(0 if country.chance(5) else random.randint(1, 3 if len(places) < 4 else 2)):
            mode = Mode(country.one(Mode.BUS, Mode.BUS, Mode.TRAIN, Mode.FLIGHT))
            hub = HUBS[mode]
            start, end = (
                country.spots[town][0]
                if mode is Mode.BUS and country.chance(40)
                else country.spot(town, f"{town}-{hub}", hub)
                for town in (a, b)
            )
            usual = (5, 13) if leg == 0 or country.nights else (14, 19)
            hour = random.randint(*usual) if country.chance(80) else random.randint(0, 23)
            leaves = datetime.combine(FIRST + timedelta(days=days[leg]), time(hour, random.randint(0, 59)), ZONE)
            minutes = random.randint(40, 240) if country.chance(80) else random.randint(240, 720)
            found.append(
                TransportOffer(
                    id=f"go-{leg}-{n}",
                    mode=mode,
                    operator=f"Line {random.randint(1, 3)}",
                    service=f"{mode} {leg}{n}",
                    origin=start,
                    destination=end,
                    depart=leaves,
                    arrive=leaves + timedelta(minutes=minutes),
                    price=price(random.randint(3, 60) * 100),
                    check_in_minutes=random.choice((0, 20)) if country.chance(15) else None,
                    times_assumed=country.chance(10),
                )
            )
    return found


def _stays(country: _Country) -> list[StayOffer]:
    random = country.random
    found = []
    for town in country.towns if country.chance(10) else country.towns[1:]:
        for n in range(0 if country.chance(7) else random.randint(1, 3 if len(country.towns) < 3 else 2)):
            centre = country.spots[town][0]
            spot = centre if country.chance(25) else country.spot(town, f"{town}-bed{n}", SpotKind.STAY)
            found.append(
                StayOffer(
                    id=f"stay-{town}-{n}",
                    name=f"Stay {town} {n}",
                    spot=spot,
                    stay_class=StayClass(country.one(*StayClass)),
                    nightly=price(random.randint(8, 140) * 100),
                    rooms=1,
                    sleeps=random.choice((3, 3, 3, 1)),
                    tags=frozenset(tag for tag in TAGS if country.chance(20)),
                )
            )
    return found


def _activities(country: _Country) -> list[ActivityOffer]:
    random = country.random
    found = []
    for n in range(random.randint(1, 4 if len(country.towns) < 3 else 5)):
        town = country.towns[1 + n % (len(country.towns) - 1)]
        minutes = int(random.choice((30, 45, 50, 90, 120, 135, 240, 400)))
        event = country.chance(20)
        opens = random.randint(6, 15)
        begins = datetime.combine(
            FIRST + timedelta(days=random.randint(0, country.nights)), time(random.randint(7, 22), 10), ZONE
        )
        shut = {random.randrange(7) for _ in range(random.randint(0, 2))}
        closed = FIRST + timedelta(days=random.randint(0, country.nights))
        spans = (OpenSpan(EVERY_DAY - shut, time(opens), time(min(23, opens + random.randint(1, 10)), 30)),)
        spot = country.spot(town, f"{town}-sight{n}", SpotKind.SIGHT)
        found.append(
            ActivityOffer(
                id=f"do-{n}",
                name=f"Sight {n}",
                spot=country.spots[town][0] if country.chance(10) else spot,
                kind=ItemType.EVENT if event else ItemType.ACTIVITY,
                tags=frozenset(tag for tag in TAGS if country.chance(40)),
                minutes=minutes,
                price=None if country.chance(10) else price(random.randint(0, 40) * 100),
                spans=() if event or country.chance(10) else spans,
                closed_on=frozenset({(closed.month, closed.day)}) if country.chance(15) else frozenset(),
                sessions=((begins, begins + timedelta(minutes=minutes + random.choice((0, 60)))),) if event else (),
                score=random.randint(0, 10) / 10,
                repeatable=country.chance(15),
            )
        )
    return found


def _rides(country: _Country) -> list[TransferOffer]:
    """Between nearly all pairs of spots of a town: a taxi, by day often something cheaper, a walk where it is near."""
    found = []
    for spots in country.spots.values():
        points = {spot.id: (country.random.randint(0, 30), country.random.randint(0, 30)) for spot in spots}
        for a in spots:
            for b in spots:
                if a is b or country.chance(2):
                    continue
                apart = round(dist(points[a.id], points[b.id]))
                ways = [(Mode.TAXI, 3 + apart, 100 + 25 * apart)]
                if country.chance(60):
                    ways.append((Mode.MATATU, 10 + 2 * apart, 50 + 2 * apart))
                if apart < 9:
                    ways.append((Mode.WALK, 1 + 7 * apart, 0))
                found += [
                    TransferOffer(f"{mode}:{a.id}>{b.id}", mode, a, b, minutes, price(fare), by_day=mode is Mode.MATATU)
                    for mode, minutes, fare in ways
                ]
    return found
