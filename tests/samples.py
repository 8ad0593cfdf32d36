"""Hand-built itineraries for tests of everything that shows, stores or sends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from planner.model import (
    Alternative,
    Basis,
    Day,
    Finding,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Party,
    Precision,
    Price,
    Spot,
    SpotKind,
    StayClass,
    Stop,
    TripRequest,
    Unknown,
    Wishes,
)
from planner.reasons import AT_HOME

EAT = ZoneInfo("Africa/Nairobi")
FRIDAY = date(2026, 11, 27)
NAIROBI = Spot("nairobi-centre", "Nairobi CBD", "nairobi", SpotKind.CENTRE, -1.28333, 36.81667)
SYOKIMAU = Spot("nairobi-terminus", "Nairobi Terminus", "nairobi", SpotKind.STATION, -1.3607, 36.9133)
MIRITINI = Spot("mombasa-terminus", "Mombasa Terminus", "mombasa", SpotKind.STATION, -4.0203, 39.5826)
NYALI = Spot("nyali", "Nyali", "nyali", SpotKind.STAY)
FORT_JESUS = Spot("fort-jesus", "Fort Jesus", "mombasa", SpotKind.SIGHT, -4.06269, 39.67963)
OLD_TOWN = Spot("old-town", "Mombasa Old Town", "mombasa", SpotKind.SIGHT, -4.06285, 39.67981)
HALLER = Spot("haller-park", "Haller Park", "bamburi", SpotKind.SIGHT)
SGR_URL = "https://metickets.krc.co.ke"
TARIFF_URL = "https://nairobinews.nation.africa/sgr-fares-to-go-up-by-50-percent-from-january-1-2024/"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in Nairobi."""
    return datetime.combine(day, time(hour, minute), EAT)


def price(
    kes: int,
    basis: Basis = Basis.GUIDE,
    source: str = "guide",
    seen_at: datetime | date | None = date(2024, 1, 1),
    precision: Precision = Precision.MONTH,
    *,
    url: str | None = None,
    low: int | None = None,
    high: int | None = None,
    note: str = "",
) -> Price:
    """A price in shillings."""
    precision = Precision.UNDATED if seen_at is None else precision
    return Price(kes, Decimal(kes), "KES", basis, source, seen_at, precision, url, low, high, note)


def train(item_id: str, start: datetime, end: datetime, origin: Spot, destination: Spot) -> Item:
    """Two economy seats on the Madaraka Express."""
    return Item(
        id=item_id,
        type=ItemType.TRAIN,
        title=f"Madaraka Express {'afternoon' if start.hour == 15 else 'Inter-County'}, economy",
        start=start,
        end=end,
        place=destination.place,
        price=price(3_000, source="Kenya Railways tariff", precision=Precision.DAY, url=TARIFF_URL, note="SGR tariff"),
        offer_id=f"sgr:{item_id}",
        provider="sgr",
        booking_url=SGR_URL,
        mode=Mode.TRAIN,
        origin=origin,
        destination=destination,
        check_in_minutes=60,
    )


def ride(item_id: str, start: datetime, minutes: int, origin: Spot, destination: Spot, kes: int | None) -> Item:
    """A taxi for the party."""
    return Item(
        id=item_id,
        type=ItemType.TRANSFER,
        title=f"{origin.name} → {destination.name}",
        start=start,
        end=start + timedelta(minutes=minutes),
        place=destination.place,
        price=None if kes is None else price(kes, Basis.ESTIMATE, "distance × usual taxi rate", date(2026, 11, 1)),
        offer_id=f"taxi:{item_id}",
        provider="transfers",
        mode=Mode.TAXI,
        origin=origin,
        destination=destination,
    )


def meals(on: date) -> Item:
    """One day's allowance for two."""
    return Item(
        id=f"meals-{on:%m%d}",
        type=ItemType.MEAL,
        title="Meals for the day",
        start=at(on, 12),
        end=at(on, 12),
        place="mombasa",
        price=price(1_260, source="travelswithchalk.com", seen_at=date(2019, 4, 6), precision=Precision.APPROX),
        provider="guide",
    )


def visit(item_id: str, title: str, start: datetime, minutes: int, spot: Spot, fee: Price | None) -> Item:
    """A sight; opening hours are given for Fort Jesus only."""
    known = spot is FORT_JESUS
    return Item(
        id=item_id,
        type=ItemType.ACTIVITY,
        title=title,
        start=start,
        end=start + timedelta(minutes=minutes),
        place=spot.place,
        price=fee,
        offer_id=f"guide:{spot.id}",
        provider="guide",
        spot=spot,
        opens=start.replace(hour=8, minute=0) if known else None,
        closes=start.replace(hour=18, minute=0) if known else None,
        hours_known=known,
        reason="heritage",
    )


def _stay(first: date) -> Item:
    band = price(14_000, source="pd.co.ke", seen_at=date(2023, 12, 5), low=10_000, high=20_000)
    return Item(
        id="stay-1",
        type=ItemType.STAY,
        title="Holiday home in Nyali",
        start=at(first, 14),
        end=at(first + timedelta(2), 10),
        place="nyali",
        price=band,
        offer_id="guide:nyali-mid",
        provider="guide",
        booking_url="https://www.booking.com/searchresults.html?ss=Nyali&checkin=2026-11-27&checkout=2026-11-29",
        spot=NYALI,
        notes=("For example Reef Hotel",),
    )


def _days(first: date) -> tuple[Day, ...]:
    second, third = first + timedelta(1), first + timedelta(2)
    fee = price(400, source="kenyans.co.ke", seen_at=date(2023, 11, 20), precision=Precision.APPROX)
    friday = (
        ride("ride-1", at(first, 6, 15), 40, NAIROBI, SYOKIMAU, 1_400),
        meals(first),
        train("train-1", at(first, 8), at(first, 14), SYOKIMAU, MIRITINI),
        _stay(first),
        ride("ride-2", at(first, 14, 20), 35, MIRITINI, NYALI, 1_200),
        visit("visit-1", "Fort Jesus", at(first, 16), 120, FORT_JESUS, fee),
    )
    saturday = (
        meals(second),
        visit("visit-2", "Haller Park", at(second, 9, 30), 150, HALLER, None),
        visit("visit-3", "Mombasa Old Town walk", at(second, 16), 120, OLD_TOWN, price(0, seen_at=date(2024, 1, 20))),
    )
    sunday = (
        meals(third),
        ride("ride-3", at(third, 13, 0), 40, NYALI, MIRITINI, 1_200),
        train("train-2", at(third, 15), at(third, 20, 18), MIRITINI, SYOKIMAU),
        ride("ride-4", at(third, 20, 40), 40, SYOKIMAU, NAIROBI, None),
    )
    return (Day(first, "nyali", friday), Day(second, "nyali", saturday), Day(third, "nairobi", sunday))


def mombasa() -> Itinerary:
    """Nairobi to Mombasa by train, three days for two, KES 60,000."""
    request = TripRequest(
        origin="nairobi",
        stops=(Stop("mombasa", 2),),
        start=FRIDAY,
        end=FRIDAY + timedelta(2),
        party=Party(adults=2),
        budget_kes=60_000,
        wishes=Wishes(interests={"heritage": 2}, must_see=("Fort Jesus",)),
        assumed=("residency",),
    )
    return Itinerary(
        id="k7Qm2xPa",
        version=2,
        title="Mombasa, 3 days",
        request=request,
        days=_days(FRIDAY),
        checks=(
            Finding("budget", True, ""),
            Finding("dates", True, ""),
            Finding("nights", True, ""),
            Finding("overlaps", True, ""),
            Finding("connections", True, ""),
            Finding("opening_hours", True, ""),
        ),
        unknowns=(
            Unknown("availability", "Holiday home in Nyali"),
            Unknown("fee_unknown", "Haller Park"),
            Unknown("hours_unknown", "Haller Park"),
            Unknown("price_unknown", "Nairobi Terminus → Nairobi CBD"),
            Unknown("old_price", "Meals", "2019-04-06"),
        ),
        alternatives=(
            Alternative("bus:tahmeed", "Tahmeed Coach, VIP", ItemType.BUS, 200, 120, "train-1"),
            Alternative("sgr:first", "Madaraka Express, first class", ItemType.TRAIN, 6_000, 0, "train-1"),
            Alternative(
                "guide:small-hotel",
                "Budget hotel in Mombasa town",
                ItemType.STAY,
                -8_000,
                0,
                "stay-1",
                "class",
                nights=2,
                stay_class=StayClass.BUDGET,
            ),
            Alternative("sight:marine", "Mombasa Marine Park", ItemType.ACTIVITY, 1_000, 180, "", "no_time"),
        ),
        created_at=at(date(2026, 11, 23), 10, 4),
    )


def with_a_change() -> Itinerary:
    """The same trip from Kisumu: a bus to Nairobi, where one changes into the train."""
    plan = mombasa()
    on = next(item for item in plan.items if item.type is ItemType.TRAIN)
    bus = replace(
        on,
        id="bus-1",
        type=ItemType.BUS,
        mode=Mode.BUS,
        title="Easy Coach",
        start=at(FRIDAY, 0),
        end=at(FRIDAY, 6),
        place="nairobi",
        price=price(2_800),
        origin=_TOUR[4],
        destination=_TOUR[0],
    )
    first, *others = plan.days
    items = (bus, *(replace(item, continues=item == on) for item in first.items))
    asked = replace(plan.request, origin="kisumu", returns=False)
    return replace(plan, request=asked, days=(replace(first, items=items), *others))


def no_budget() -> Itinerary:
    """The same trip without a budget."""
    plan = mombasa()
    return replace(plan, request=replace(plan.request, budget_kes=None))


def at_home() -> Itinerary:
    """A weekend in the town one lives in, with the night at home."""
    plan, last = mombasa(), FRIDAY + timedelta(1)
    fort = visit("visit-1", "Fort Jesus", at(FRIDAY, 16), 120, FORT_JESUS, price(400))
    town = Spot("mombasa", "Mombasa", "mombasa", SpotKind.CENTRE)
    home = Item(
        "home#0", ItemType.OWN, "At home", at(FRIDAY, 18), at(last, 10), "mombasa", spot=town, reason=AT_HOME
    )  # fmt: skip
    request = replace(plan.request, origin="mombasa", stops=(Stop("mombasa"),), end=last)
    days = (Day(FRIDAY, "mombasa", (fort, home)), Day(last, "mombasa", (meals(last),)))
    return replace(plan, title="Mombasa", request=request, days=days, unknowns=(), alternatives=())


def over_budget() -> Itinerary:
    """The same trip with too little money, so one check fails."""
    plan = mombasa()
    broken = Finding("budget", False, "KES 27,980 is over the budget of 20,000")
    return replace(plan, request=replace(plan.request, budget_kes=20_000), checks=(broken, *plan.checks[1:]))


_TOUR = (
    Spot("nairobi-stage", "Nairobi, River Road", "nairobi", SpotKind.STAGE, -1.28333, 36.81667),
    Spot("naivasha", "Naivasha", "naivasha", SpotKind.STAGE, -0.71383, 36.43261),
    Spot("nakuru", "Nakuru", "nakuru", SpotKind.STAGE, -0.30719, 36.07225),
    Spot("maasai-mara", "Talek Gate", "maasai-mara", SpotKind.STAGE, -1.48475, 35.11667),
    Spot("kisumu", "Kisumu", "kisumu", SpotKind.STAGE, -0.10221, 34.76171),
    Spot("eldoret", "Eldoret", "eldoret", SpotKind.AIRPORT, 0.52036, 35.26992),
    Spot("lamu", "Manda Airstrip", "lamu", SpotKind.AIRPORT, -2.27169, 40.90201),
)


def _hop(number: int, on: date, origin: Spot, destination: Spot) -> Item:
    flies = SpotKind.AIRPORT in (origin.kind, destination.kind)
    return Item(
        id=f"leg-{number}",
        type=ItemType.FLIGHT if flies else ItemType.BUS,
        title="Jambojet via Wilson Airport" if flies else "Shuttle of the Great Rift Valley Cooperative Society Ltd",
        start=at(on, 7, 30),
        end=at(on, 11, 45),
        place=destination.place,
        price=None if number == 3 else price(12_400 if flies else 2_800, seen_at=date(2022, 12, 1)),
        offer_id=f"hop:{number}",
        provider="guide",
        booking_url="https://www.jambojet.com/en-ke/" if flies else None,
        mode=Mode.FLIGHT if flies else Mode.BUS,
        origin=origin,
        destination=destination,
        times_assumed=not flies,
    )


def _long_day(number: int, on: date) -> Day:
    spot, past = _TOUR[(number // 2 + 1) % len(_TOUR)], _TOUR[number // 2 % len(_TOUR)]
    items = [replace(meals(on), place=spot.place)]
    if number % 2 == 0:
        items.append(_hop(number // 2, on, past, spot))
        items.append(
            Item(
                id=f"stay-{number}",
                type=ItemType.STAY,
                title="The Very Long-Named Lakeside Conservancy Tented Camp, Cottages and Conference Centre",
                start=at(on, 14),
                end=at(on + timedelta(2), 10),
                place=spot.place,
                price=price(17_500, seen_at=None),
                spot=spot,
                notes=("Breakfast is included in the guide price as far as the source says", "Cash or M-Pesa"),
            )
        )
    items.append(replace(visit(f"visit-{number}", f"Walk around {spot.name}", at(on, 15), 120, spot, None), notes=()))
    return Day(on, spot.place, tuple(items))


def fortnight() -> Itinerary:
    """Fourteen days through seven towns for a family of five: long names, unknown fees, prices without a date."""
    request = TripRequest(
        origin="nairobi",
        stops=tuple(Stop(spot.place, 2) for spot in _TOUR[1:]),
        start=FRIDAY,
        end=FRIDAY + timedelta(13),
        party=Party(adults=2, children=3),
        budget_kes=400_000,
    )
    days = tuple(_long_day(number, FRIDAY + timedelta(number)) for number in range(14))
    unpriced = [item for day in days for item in day.items if item.price is None]
    return Itinerary(
        id="Zz81aBcd",
        version=1,
        title="Naivasha, Nakuru, Maasai Mara, Kisumu, Eldoret and Lamu: the long way round in fourteen days",
        request=request,
        days=days,
        checks=tuple(
            Finding(f"extra_{n}", True, f"Rule {n} holds on all fourteen days of the trip.") for n in range(8)
        ),
        unknowns=tuple(Unknown("fee_unknown", f"{item.title}, {item.start:%d %b}") for item in unpriced),
        alternatives=(Alternative("x", "Private van with driver", ItemType.BUS, 8_000, -90, "leg-1"),),
        created_at=at(date(2026, 11, 23), 10, 4),
    )
