"""Made-up flights of the simulated Duffel: its airline "Duffel Airways", and its routes for trying things out.

An id holds the question it was made for, so that offers can be fetched later without anything being kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from providers.sandbox._duffel_airports import Json, airport, km, zone

# The routes of https://duffel.com/docs/api/overview/test-your-integration
NO_OFFERS, HOLD, CONNECTING = ("PVD", "RAI"), ("JFK", "EWR"), ("LHR", "DXB")
NO_BAGS, TIMES_OUT, STOPPING = ("BTS", "MRU"), ("STN", "LHR"), ("DXB", "AMS")
MAGIC = (NO_OFFERS, HOLD, CONNECTING, NO_BAGS, TIMES_OUT, STOPPING)

CABINS = {"economy": "e", "premium_economy": "p", "business": "b", "first": "f"}
_ID = re.compile(
    r"(?P<slices>[A-Z]{6}\d{8}(?:-[A-Z]{6}\d{8})*)_(?P<ages>(?:aa|\d\d)+)_(?P<cabin>[epbf])(?P<connections>[012])"
)
_CURRENCY = "USD"  # in test mode as in life: that of the account, not that of the route
_BRANDS = ("Basic", "Flex")
_TIMES = 1.0, 1.35  # what a brand costs, in fares
_CLASSES = {"economy": 1.0, "premium_economy": 1.6, "business": 2.8, "first": 4.5}
_CLOCKS = (time(6, 40), time(11, 5), time(17, 30))
_AIRLINE: Json = {
    "name": "Duffel Airways",
    "logo_symbol_url": "https://assets.duffel.com/img/airlines/for-light-background/full-color-logo/ZZ.svg",
    "logo_lockup_url": None,
    "id": "arl_00009VME7D6ivUu8dn35WK",
    "iata_code": "ZZ",
    "conditions_of_carriage_url": None,
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One way that is asked for."""

    origin: str
    destination: str
    day: date

    @property
    def ends(self) -> tuple[str, str]:
        """Where from and where to."""
        return self.origin, self.destination


@dataclass(frozen=True, slots=True)
class Journey:
    """A question, in the words of which ids are made. Adults have no age."""

    hops: tuple[Hop, ...]
    ages: tuple[int | None, ...]
    cabin: str
    connections: int

    @property
    def code(self) -> str:
        """The question as the middle of an id."""
        hops = "-".join(f"{hop.origin}{hop.destination}{hop.day:%Y%m%d}" for hop in self.hops)
        ages = "".join("aa" if age is None else f"{age:02}" for age in self.ages)
        return f"{hops}_{ages}_{CABINS[self.cabin]}{self.connections}"

    @classmethod
    def read(cls, code: str) -> Journey | None:
        """The question of an id; None for one that was never given."""
        found = _ID.fullmatch(code)
        if found is None:
            return None
        try:
            hops = tuple(
                Hop(hop[:3], hop[3:6], datetime.strptime(hop[6:], "%Y%m%d").replace(tzinfo=UTC).date())
                for hop in found["slices"].split("-")
            )
        except ValueError:
            return None
        each = [found["ages"][i : i + 2] for i in range(0, len(found["ages"]), 2)]
        cabin = next(name for name, letter in CABINS.items() if letter == found["cabin"])
        ages = tuple(None if age == "aa" else int(age) for age in each)
        return cls(hops, ages, cabin, int(found["connections"]))

    @property
    def asked_at(self) -> datetime:
        """When it is taken to be asked: the clock here stands two weeks before the first flight."""
        return datetime.combine(self.hops[0].day - timedelta(days=14), time(7, 30, 1, 927135), UTC)


def chance(*of: object) -> int:
    """A number that is the same for the same things."""
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:4])


def request(journey: Journey) -> Json:
    """The offer request as it comes back, without its offers."""
    return {
        "id": f"orq_{journey.code}",
        "live_mode": False,
        "created_at": _stamp(journey.asked_at),
        "cabin_class": journey.cabin,
        "client_key": "SFMyNTY.EXAMPLE.CLIENT.KEY",
        "passengers": passengers(journey),
        "slices": [
            {
                "origin": airport(hop.origin),
                "origin_type": "airport",
                "destination": airport(hop.destination),
                "destination_type": "airport",
                "departure_date": hop.day.isoformat(),
            }
            for hop in journey.hops
        ],
    }


def passengers(journey: Journey) -> list[Json]:
    """Who travels: children have an age instead of a type."""
    return [
        {
            "type": "adult" if age is None else None,
            "loyalty_programme_accounts": [],
            "id": f"pas_0000Sandbox{n:04}",
            "given_name": None,
            "fare_type": None,
            "family_name": None,
            "age": age,
        }
        for n, age in enumerate(journey.ages)
    ]


def offers(journey: Journey) -> list[Json]:
    """Every offer for the question, by id as in life, not by price. On a few days there is none."""
    ends = [hop.ends for hop in journey.hops]
    quiet = any(chance(*hop.ends, hop.day) % 17 == 1 for hop in journey.hops if hop.ends not in MAGIC)
    if NO_OFFERS in ends or quiet:
        return []
    slots = len(_CLOCKS) + (1 if journey.connections else 0)
    return [
        _offer(journey, slot, brand, f"off_{journey.code}_{n:02}")
        for n, (slot, brand) in enumerate((slot, brand) for slot in range(slots) for brand in range(len(_BRANDS)))
    ]


def _offer(journey: Journey, slot: int, brand: int, offer_id: str) -> Json:
    asked, hold = journey.asked_at, any(hop.ends == HOLD for hop in journey.hops)
    refund = {"allowed": True, "penalty_amount": None, "penalty_currency": None} if brand else None
    total = sum(_cents(journey, hop, slot, brand) for hop in journey.hops) * len(journey.ages)
    tax = total * 2 // 10
    return {
        "id": offer_id,
        "live_mode": False,
        "created_at": _stamp(asked),
        "updated_at": _stamp(asked),
        "expires_at": _stamp(asked + timedelta(minutes=30)),
        "total_amount": _money(total),
        "total_currency": _CURRENCY,
        "base_amount": _money(total - tax),
        "base_currency": _CURRENCY,
        "tax_amount": _money(tax) if brand else None,
        "tax_currency": _CURRENCY,
        "total_emissions_kg": str(chance(offer_id) % 90 + 30),
        "owner": _AIRLINE,
        "partial": False,
        "passenger_identity_documents_required": False,
        "supported_passenger_identity_document_types": [],
        "supported_loyalty_programmes": [],
        "private_fares": [],
        "payment_requirements": {
            "requires_instant_payment": not hold,
            "price_guarantee_expires_at": f"{asked + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}" if hold else None,
            "payment_required_by": f"{asked + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}" if hold else None,
        },
        "conditions": {"refund_before_departure": refund, "change_before_departure": _change(brand)},
        "passengers": passengers(journey),
        "slices": [_slice(journey, hop, slot, brand, f"{offer_id[4:]}_{n}") for n, hop in enumerate(journey.hops)],
    }


def _change(brand: int) -> Json | None:
    """What a change costs; of the cheaper brand nothing is known."""
    return {"allowed": True, "penalty_amount": "20.00", "penalty_currency": _CURRENCY} if brand else None


def _cents(journey: Journey, hop: Hop, slot: int, brand: int) -> int:
    """A fare for one: by distance, class and luck."""
    base = 3_500 + 9 * km(hop.origin, hop.destination) + chance(*hop.ends, hop.day, slot) % 2_500
    return round(base * _TIMES[brand] * _CLASSES[journey.cabin])


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"PT{minutes // 60}H{minutes % 60}M" if minutes >= 60 else f"PT{minutes}M"


def _slice(journey: Journey, hop: Hop, slot: int, brand: int, slice_id: str) -> Json:
    changes = hop.ends == CONNECTING or slot == len(_CLOCKS)
    via = next(code for code in ("ADD", "NBO", "LHR") if code not in hop.ends) if changes else ""
    stations = [hop.origin, via, hop.destination] if via else [hop.origin, hop.destination]
    leave = datetime.combine(hop.day, _CLOCKS[slot % len(_CLOCKS)], zone(hop.origin))
    leave += timedelta(minutes=5 * (chance(*hop.ends, slot) % 9))
    flights = list(_flights(stations, leave))
    return {
        "id": f"sli_{slice_id}",
        "origin": airport(hop.origin),
        "origin_type": "airport",
        "destination": airport(hop.destination),
        "destination_type": "airport",
        "duration": _duration(flights[-1][3].astimezone(UTC) - leave.astimezone(UTC)),
        "fare_brand_name": _BRANDS[brand],
        "ngs_shelf": 1 + 2 * brand,
        "comparison_key": "BmlZDw==",
        "conditions": {
            "change_before_departure": _change(brand),
            "advance_seat_selection": None,
            "priority_boarding": None,
            "priority_check_in": None,
        },
        "segments": [
            _segment(journey, hop, flight, brand, f"{slice_id}{n}") for n, flight in enumerate(flights)
        ],
    }  # fmt: skip


_Flight = tuple[str, str, datetime, datetime]


def _flights(stations: Sequence[str], leave: datetime) -> Iterator[_Flight]:
    """One after the other, with two hours between them."""
    for start, end in pairwise(stations):
        flying = timedelta(minutes=30 + 5 * round(km(start, end) / 700 * 12))
        arrive = (leave.astimezone(UTC) + flying).astimezone(zone(end))
        yield start, end, leave, arrive
        leave = arrive + timedelta(hours=2)


def _segment(journey: Journey, hop: Hop, flight: _Flight, brand: int, segment_id: str) -> Json:
    start, end, leave, arrive = flight
    number = str(100 + chance(start, end, leave.hour) % 900)
    bags: list[Json] = [{"type": "carry_on", "quantity": 1}, {"type": "checked", "quantity": brand}]
    return {
        "id": f"seg_{segment_id}",
        "origin": airport(start),
        "origin_terminal": None,
        "destination": airport(end),
        "destination_terminal": "1",
        "departing_at": f"{leave:%Y-%m-%dT%H:%M:%S}",
        "arriving_at": f"{arrive:%Y-%m-%dT%H:%M:%S}",
        "duration": _duration(arrive.astimezone(UTC) - leave.astimezone(UTC)),
        "distance": f"{km(start, end)}.5",
        "marketing_carrier": _AIRLINE,
        "marketing_carrier_flight_number": number,
        "operating_carrier": _AIRLINE,
        "operating_carrier_flight_number": number,
        "aircraft": {"name": "Airbus A320", "id": "arc_00009UhD4ongolulWd91Ky", "iata_code": "320"},
        "stops": [_stop(leave, arrive)] if hop.ends == STOPPING else [],
        "passengers": [
            {
                "passenger_id": passenger["id"],
                "fare_basis_code": "Y20LGTN2",
                "cabin_class": journey.cabin,
                "cabin_class_marketing_name": journey.cabin.replace("_", " ").title(),
                "cabin": {"name": journey.cabin, "marketing_name": journey.cabin.title(), "amenities": None},
                "baggages": [] if hop.ends == NO_BAGS else bags,
            }
            for passenger in passengers(journey)
        ],
    }


def _stop(leave: datetime, arrive: datetime) -> Mapping[str, object]:
    """A landing half-way, in London, with half an hour on the ground."""
    landed = (leave.astimezone(UTC) + (arrive.astimezone(UTC) - leave.astimezone(UTC)) / 2).astimezone(zone("LHR"))
    return {
        "id": "sto_00009htYpSCXrwaB9Dn456",
        "duration": "PT00H30M",
        "arriving_at": f"{landed:%Y-%m-%dT%H:%M:%S}",
        "departing_at": f"{landed + timedelta(minutes=30):%Y-%m-%dT%H:%M:%S}",
        "airport": airport("LHR"),
    }
