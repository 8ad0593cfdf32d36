"""Kenya Railways passenger trains: Madaraka Express (SGR) and the metre-gauge safari trains, from the guide.

What it is: `guide/sgr.csv` (trains, classes, termini times) and `guide/sgr_fares.csv` (fare per pair of SGR stations),
both collected from the press and the railway's own pages; the sources and dates travel with every price.
Terms: published facts; seats are only sold at https://metickets.krc.co.ke, which has no API and no deep link.
Limits: no seat availability. Trains whose times are not published (Suswa) are not offered.
Oddities: all SGR termini lie outside their towns. Children of 3 to 11 pay half, younger ones nothing. At stops between
the termini only some passing times are published (they stand in the row's note); the others are reckoned from the
share of the economy fare, which grows with the distance, and marked `times_assumed`.
Not verified: fares marked `confirmed=0`; which trains carry premium coaches; whether the Kisumu and Nanyuki safari
trains still run (a rise of 50% was announced for 2024 and the new fares were not seen).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

import httpx

from planner.model import Mode, Offer, Party, Place, TransportOffer
from providers import links
from providers.base import Kind, Provider, Query
from providers.guidebook import GuideRow, moment, price_of, rows, slug, table
from providers.points import station_spot, town_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# practical.json, sgr_rules: krc.co.ke, 2019 (booking) and a guide of 2026 (luggage).
_RULES = "Sold from 60 days ahead until 30 minutes before departure; two bags, 30 kg in all"
_MOST_AT_ONCE = 10  # people on a booking: practical.json, krc.co.ke 2020
_CHECK_IN_MINUTES = 60  # practical.json: arrive an hour before; gates shut 10 minutes before departure


class _Train(GuideRow):
    train_id: str
    service: str
    origin: str
    destination: str
    depart_time: time | None = None
    arrive_time: time | None = None
    arrives_next_day: bool
    days: str
    stops: str | None = None
    travel_class: str
    fare_adult_kes: int | None = None
    fare_child_3_11_kes: int | None = None
    booking_url: str | None = None
    status: str | None = None
    note: str | None = None


class _Fare(GuideRow):
    station_a: str
    station_b: str
    travel_class: str
    fare_adult_kes: int
    fare_child_3_11_kes: int
    confirmed: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Ride:
    """A train between two of its stations on a day."""

    train: _Train
    board: str
    alight: str
    depart: datetime
    arrive: datetime
    reckoned: bool


_Fares = Mapping[tuple[frozenset[str], str], _Fare]


def parse(timetable: bytes, tariff: bytes, query: Query) -> list[TransportOffer]:
    """Trains of the query's day between the stations nearest to its two places, one offer per train and class."""
    if query.origin is None:
        return []
    fares: _Fares = {
        (frozenset((fare.station_a, fare.station_b)), fare.travel_class): fare for fare in rows(_Fare, tariff)
    }
    offers: list[TransportOffer | None] = []
    # A night train that left the evening before may call at the traveller's stop after midnight.
    for train in rows(_Train, timetable):
        for day in (query.start - timedelta(days=1), query.start):
            if _runs(train, day):
                rides = _rides(train, query.origin, query.destination, day, fares)
                offers += [_offer(ride, fares, query) for ride in rides if ride.depart.date() == query.start]
    return sorted((offer for offer in offers if offer is not None), key=lambda offer: offer.depart)


def _runs(train: _Train, day: date) -> bool:
    return train.days == "daily" or _DAYS[day.weekday()] in train.days.split(";")


def _rides(train: _Train, origin: Place, destination: Place, day: date, fares: _Fares) -> Iterator[_Ride]:
    if train.depart_time is None or train.arrive_time is None:
        return
    calls = [train.origin, *(stop for stop in (train.stops or "").split(";") if stop), train.destination]
    for board in (station for station in calls if _serves(station, origin)):
        for alight in (station for station in calls[calls.index(board) + 1 :] if _serves(station, destination)):
            depart, depart_known = _passing(train, board, day, fares, leaving=True)
            arrive, arrive_known = _passing(train, alight, day, fares, leaving=False)
            yield _Ride(train, board, alight, depart, arrive, not (depart_known and arrive_known))


def _serves(station: str, place: Place) -> bool:
    """Whether `station` is the one travellers to or from `place` use."""
    return town_of(station) == place.slug or place.station == station


def _passing(train: _Train, station: str, day: date, fares: _Fares, *, leaving: bool) -> tuple[datetime, bool]:
    """When the train calls at a station, and whether that is published."""
    if train.depart_time is None or train.arrive_time is None:
        raise ValueError(f"{train.train_id} has no timetable")
    start = moment(day, train.depart_time)
    end = moment(day + timedelta(days=train.arrives_next_day), train.arrive_time)
    if station in (train.origin, train.destination):
        return (start if station == train.origin else end), True
    published = re.search(rf"{re.escape(station)} (?:about )?(\d\d:\d\d)-(\d\d:\d\d)", train.note or "")
    if published:
        clock = time.fromisoformat(published[2 if leaving else 1])
        day_of = day + timedelta(days=clock < train.depart_time)
        return moment(day_of, clock), True
    whole = fares.get((frozenset((train.origin, train.destination)), "economy"))
    part = fares.get((frozenset((train.origin, station)), "economy"))
    if whole is None or part is None:
        return start, False
    minutes = (end - start).total_seconds() / 60 * part.fare_adult_kes / whole.fare_adult_kes
    return start + timedelta(minutes=5 * round(minutes / 5)), False


def _offer(ride: _Ride, fares: _Fares, query: Query) -> TransportOffer | None:
    train = ride.train
    fare = fares.get((frozenset((ride.board, ride.alight)), train.travel_class))
    whole_line = (ride.board, ride.alight) == (train.origin, train.destination)
    row: _Fare | _Train | None = fare or (train if whole_line else None)
    if row is None or row.fare_adult_kes is None or ride.arrive <= ride.depart:
        return None
    # Without a child fare a child is planned at the adult fare: the budget then errs on the safe side.
    child = row.fare_adult_kes if row.fare_child_3_11_kes is None else row.fare_child_3_11_kes
    total = party_fare(query.party, row.fare_adult_kes, child)
    return TransportOffer(
        id=f"sgr:{train.train_id}:{slug(ride.board)}:{slug(ride.alight)}:{train.travel_class}:{query.start}".lower(),
        mode=Mode.TRAIN,
        operator="Kenya Railways",
        service=train.service,
        origin=station_spot(ride.board),
        destination=station_spot(ride.alight),
        depart=ride.depart,
        arrive=ride.arrive,
        price=price_of(row, total, note="Madaraka Express tariff" if train.train_id.startswith("MX") else ""),
        travel_class=train.travel_class,
        booking_url=links.SGR if train.booking_url else None,
        times_assumed=ride.reckoned,
        check_in_minutes=_CHECK_IN_MINUTES if train.train_id.startswith("MX") else None,
        notes=tuple(_notes(ride, fare, query)),
        provider=Sgr.name,
    )


def _notes(ride: _Ride, fare: _Fare | None, query: Query) -> Iterator[str]:
    train = ride.train
    if train.status:
        yield train.status[0].upper() + train.status[1:]
    if train.train_id.startswith("MX"):
        yield "Bring the original ID or passport of everybody on the ticket"
        yield _RULES
        if query.party.size > _MOST_AT_ONCE:
            yield f"A booking takes at most {_MOST_AT_ONCE} people: book several times"
    for station, place in ((ride.board, query.origin), (ride.alight, query.destination)):
        if place is not None and town_of(station) != place.slug:
            yield f"{station} is the station for {place.name}"
    if ride.reckoned:
        yield "The time at a stop on the way is reckoned, not published"
    if fare is not None and not fare.confirmed:
        yield "This fare comes from a booking site's table and is not confirmed"
    if train.train_id.startswith("MX-NT"):
        yield "The arrival was published before the Voi stop was added: expect a few minutes later"
    if train.travel_class == "premium":
        yield "Which of the trains carry premium coaches is not published"
    if "50% rise" in (train.note or ""):
        yield "Fare of 2023; a rise of 50% was announced for 2024 and the new fare was not seen"
    if query.party.children and not query.party.child_ages:
        yield "Children are counted at the fare for ages 3 to 11"


def party_fare(party: Party, adult: int, child: int) -> int:
    """What everybody pays together: under 3 nothing, 3 to 11 the child fare, older the full fare."""
    ages = party.child_ages or (3,) * party.children
    return party.adults * adult + sum(0 if age < 3 else child if age <= 11 else adult for age in ages)


class Sgr:
    """Passenger trains of Kenya Railways."""

    name: ClassVar[str] = "sgr"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TRAINS})
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> None:
        pass

    def covers(self, query: Query) -> bool:
        """Both ends have a station of their own or a nearest one, and not the same."""
        stations = {train.origin for train in rows(_Train, table("sgr.csv"))}
        ends = (query.origin, query.destination)
        return query.kind in self.kinds and all(
            end is not None and (end.station or any(_serves(station, end) for station in stations)) for end in ends
        )

    async def search(self, query: Query) -> Sequence[Offer]:
        """Trains of the day from the guide; a missing or changed guide file is a ProviderError."""
        return parse(table("sgr.csv"), table("sgr_fares.csv"), query)


PROVIDER: type[Provider] = Sgr
