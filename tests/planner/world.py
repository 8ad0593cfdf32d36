"""A small made-up country for planner tests: every figure is invented and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from planner.model import (
    ActivityOffer,
    Basis,
    ItemType,
    Meals,
    Mode,
    Offers,
    OpenSpan,
    Party,
    Precision,
    Price,
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

ZONE = ZoneInfo("Africa/Nairobi")
FRIDAY = date(2026, 11, 27)
EVERY_DAY = frozenset(range(7))

CAPITAL = Spot("capital", "Capital", "capital", SpotKind.CENTRE)
COAST = Spot("coast", "Coast town", "coast", SpotKind.CENTRE)
CAPITAL_STATION = Spot("capital-station", "Capital Terminus", "capital", SpotKind.STATION)
COAST_STATION = Spot("coast-station", "Coast Terminus", "coast", SpotKind.STATION)
CAPITAL_STAGE = Spot("capital-stage", "Capital stage", "capital", SpotKind.STAGE)
COAST_STAGE = Spot("coast-stage", "Coast stage", "coast", SpotKind.STAGE)
FORT = Spot("fort", "Old Fort", "coast", SpotKind.SIGHT)
BEACH = Spot("beach", "White Beach", "coast", SpotKind.SIGHT)
MUSEUM = Spot("museum", "Museum", "coast", SpotKind.SIGHT)


def price(kes: int, basis: Basis = Basis.GUIDE) -> Price:
    return Price(kes, Decimal(kes), "KES", basis, "made up", date(2024, 1, 1), Precision.DAY)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def train(name: str, a: Spot, b: Spot, leaves: datetime, minutes: int, kes: int, **more: object) -> TransportOffer:
    offer = TransportOffer(
        id=f"{name}@{leaves:%Y-%m-%dT%H:%M}",
        mode=Mode.TRAIN,
        operator="Railway",
        service=name,
        origin=a,
        destination=b,
        depart=leaves,
        arrive=leaves + timedelta(minutes=minutes),
        price=price(kes),
        travel_class="economy",
        provider="made up",
    )
    return replace(offer, **more)  # type: ignore[arg-type]


def bus(name: str, a: Spot, b: Spot, leaves: datetime, minutes: int, kes: int) -> TransportOffer:
    return train(name, a, b, leaves, minutes, kes, mode=Mode.BUS, operator="Busline", travel_class="")


def ride(a: Spot, b: Spot, minutes: int, kes: int, mode: Mode = Mode.TAXI) -> tuple[TransferOffer, TransferOffer]:
    return (
        TransferOffer(f"{mode}:{a.id}>{b.id}", mode, a, b, minutes, price(kes, Basis.ESTIMATE)),
        TransferOffer(f"{mode}:{b.id}>{a.id}", mode, b, a, minutes, price(kes, Basis.ESTIMATE)),
    )


def stay(name: str, kes: int, stay_class: StayClass, spot: Spot = COAST, sleeps: int = 2) -> StayOffer:
    return StayOffer(f"stay:{name}", name, spot, stay_class, price(kes), rooms=1, sleeps=sleeps, provider="made up")


def sight(spot: Spot, minutes: int, kes: int | None, opens: int = 8, closes: int = 18, **more: object) -> ActivityOffer:
    offer = ActivityOffer(
        id=f"do:{spot.id}",
        name=spot.name,
        spot=spot,
        kind=ItemType.ACTIVITY,
        tags=frozenset({spot.id}),
        minutes=minutes,
        price=None if kes is None else price(kes),
        spans=(OpenSpan(EVERY_DAY, time(opens), time(closes)),),
        provider="made up",
    )
    return replace(offer, **more)  # type: ignore[arg-type]


def offers(first: date = FRIDAY, nights: int = 2) -> Offers:
    last = first + timedelta(days=nights)
    rides = [
        *ride(CAPITAL, CAPITAL_STATION, 45, 1200),
        *ride(COAST_STATION, COAST, 35, 900),
        *ride(COAST, FORT, 10, 300),
        *ride(COAST, BEACH, 25, 500),
        *ride(COAST, MUSEUM, 15, 350),
        *ride(FORT, BEACH, 30, 600),
        *ride(FORT, MUSEUM, 5, 0, Mode.WALK),
        *ride(MUSEUM, BEACH, 30, 600),
    ]
    return Offers(
        transports=(
            train("Morning", CAPITAL_STATION, COAST_STATION, at(first, 8), 360, 3000),
            train("Afternoon", CAPITAL_STATION, COAST_STATION, at(first, 15), 330, 3000),
            train("Night", CAPITAL_STATION, COAST_STATION, at(first, 22), 335, 3000),
            bus("Day bus", CAPITAL, COAST, at(first, 7, 30), 510, 2400),
            train("Morning", COAST_STATION, CAPITAL_STATION, at(last, 8), 370, 3000, id="Morning back"),
            train("Afternoon", COAST_STATION, CAPITAL_STATION, at(last, 15), 318, 3000, id="Afternoon back"),
            bus("Day bus", COAST, CAPITAL, at(last, 12), 510, 2400),
        ),
        stays=(
            stay("Guest house", 3200, StayClass.BUDGET),
            stay("Beach hotel", 8000, StayClass.MID),
            stay("Resort", 16000, StayClass.HIGH),
        ),
        activities=(sight(FORT, 120, 400), sight(BEACH, 240, 0, 6, 18), sight(MUSEUM, 90, 600, 9, 17)),
        transfers=tuple(rides),
        meals=Meals(price(2000)),
        centres={"capital": CAPITAL, "coast": COAST},
    )


def by_coach() -> Offers:
    """Coaches between stages, and nothing else between the towns."""
    base, last = offers(), FRIDAY + timedelta(days=2)
    coaches = (
        bus("Coach", CAPITAL_STAGE, COAST_STAGE, at(FRIDAY, 9), 480, 2000),
        bus("Coach back", COAST_STAGE, CAPITAL_STAGE, at(last, 9), 480, 2000),
    )
    rides = (*ride(CAPITAL, CAPITAL_STAGE, 20, 500), *ride(COAST, COAST_STAGE, 10, 300))
    return replace(base, transports=coaches, transfers=(*base.transfers, *rides))


def request(budget: int | None = 60_000, nights: int = 2, **more: object) -> TripRequest:
    base = TripRequest(
        origin="capital",
        stops=(Stop("coast"),),
        start=FRIDAY,
        end=FRIDAY + timedelta(days=nights),
        party=Party(adults=2),
        budget_kes=budget,
        wishes=Wishes(),
    )
    return replace(base, **more)  # type: ignore[arg-type]
