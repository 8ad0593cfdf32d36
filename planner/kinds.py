"""The closed sets of words that requests, offers and plans are made of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Basis(StrEnum):
    """How a price is known, most trustworthy first."""

    LIVE = "live"
    CACHED = "cached"
    GUIDE = "guide"
    ESTIMATE = "estimate"


class Precision(StrEnum):
    """How exactly the date of a fact is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    APPROX = "approx"
    UNDATED = "undated"


class Mode(StrEnum):
    """A way of moving between or within towns."""

    BUS = "bus"
    TRAIN = "train"
    FLIGHT = "flight"
    CAR = "car"
    TAXI = "taxi"
    MATATU = "matatu"
    TUKTUK = "tuktuk"
    FERRY = "ferry"
    WALK = "walk"


class SpotKind(StrEnum):
    """What a point on the map is; decides minimum connection times."""

    CENTRE = "centre"
    STAGE = "stage"
    STATION = "station"
    AIRPORT = "airport"
    JETTY = "jetty"
    STAY = "stay"
    SIGHT = "sight"


class ItemType(StrEnum):
    """The kinds of line an itinerary has."""

    BUS = "bus"
    TRAIN = "train"
    FLIGHT = "flight"
    TRANSFER = "transfer"
    STAY = "stay"
    ACTIVITY = "activity"
    EVENT = "event"
    MEAL = "meal"
    OWN = "own"


TYPE_OF_MODE: Mapping[Mode, ItemType] = {
    Mode.BUS: ItemType.BUS,
    Mode.MATATU: ItemType.BUS,
    Mode.TRAIN: ItemType.TRAIN,
    Mode.FLIGHT: ItemType.FLIGHT,
}  # of departures; any other mode is the traveller's own


class StayClass(StrEnum):
    """Comfort class of a place to sleep."""

    BUDGET = "budget"
    MID = "mid"
    HIGH = "high"


class Pace(StrEnum):
    """How full a day should be."""

    RELAXED = "relaxed"
    BALANCED = "balanced"
    PACKED = "packed"


# Minutes to be at a spot before something leaves from it, and to get out after arriving, by kind of spot.
# Stations: Kenya Railways asks for 60 (krc.co.ke?p=3277). Airports: 90 is the usual domestic advice. The rest: ours.
BOARDING_MINUTES: Mapping[SpotKind, int] = {SpotKind.AIRPORT: 90, SpotKind.STATION: 60, SpotKind.STAGE: 30}
LEAVING_MINUTES: Mapping[SpotKind, int] = {SpotKind.AIRPORT: 30, SpotKind.STATION: 20, SpotKind.STAGE: 10}

# What heavy bags add. Ours, by judgement: some 20 minutes for the belt of an airport, a slow walk through a station or
# off a coach; and a coach stows them in its hold, for which one queues before it leaves. Counters and the
# scanners of stations are in the minutes above.
BAGS_BOARDING: Mapping[SpotKind, int] = {SpotKind.STAGE: 15}
BAGS_LEAVING: Mapping[SpotKind, int] = {SpotKind.AIRPORT: 20, SpotKind.STATION: 10, SpotKind.STAGE: 5}


class Residency(StrEnum):
    """Which fee class of parks and museums the party pays."""

    CITIZEN = "citizen"
    RESIDENT = "resident"
    VISITOR = "visitor"


class Tier(StrEnum):
    """How much comfort a trip buys."""

    SAVER = "saver"
    BALANCED = "balanced"
    COMFORT = "comfort"
