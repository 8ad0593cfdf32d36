"""The closed set of things a traveller can mean: what every parser returns and `python -m bot parse` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from bot.edits import Edit


class Action(StrEnum):
    """What is wanted. The names are the public contract."""

    SEARCH_BUSES = "search_buses"
    SEARCH_TRAINS = "search_trains"
    SEARCH_HOTELS = "search_hotels"
    SEARCH_FLIGHTS = "search_flights"
    SEARCH_TRANSFERS = "search_transfers"
    SEARCH_EVENTS = "search_events"
    CREATE_ITINERARY = "create_itinerary"
    REFINE_ITINERARY = "refine_itinerary"
    BOOK_ITINERARY = "book_itinerary"
    EXPORT = "export"
    TRACK_PRICE = "track_price"
    HELP = "help"
    GREETING = "greeting"
    CANCEL = "cancel"
    OTHER = "other"


class Lang(StrEnum):
    """Language of a message. Answers are in English or Swahili; Sheng and mixtures get the closer one."""

    EN = "en"
    SW = "sw"
    SHENG = "sheng"
    MIXED = "mixed"


class BookingStep(StrEnum):
    """What is wanted of, or told about, the booking of a planned trip."""

    SHOW = "show"  # where to book something that was named
    SKIP = "skip"
    BOOKED = "booked"
    NOT_BOOKED = "not_booked"  # after all
    NONE = "none"  # a payment was for nothing of the plan
    LEFT = "left"  # what is booked, what is still to book


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a payment, without whatever is personal in it. `reference` is a code or "", money whole KES."""

    reference: str = ""
    paid_kes: int | None = None
    paid_at: datetime | None = None
    received: bool = False  # money that came in


@dataclass(frozen=True, slots=True)
class Booking:
    """A word about booking, already matched with the plan on screen: `items` are ids of the things it may be about.

    None of them: no thing was named, or none that is in the plan (`named`).
    """

    step: BookingStep
    items: tuple[str, ...] = ()
    named: bool = False
    receipt: Receipt = field(default_factory=Receipt)
    pasted: bool = False  # a message of a payment or ticket service, with personal things in it


@dataclass(frozen=True, slots=True)
class Intent:
    """A message understood. Absent values are None or empty; nothing is guessed (no default origin, no default party).

    Places are gazetteer slugs; money is whole KES; `end_date` of a trip or room is the day of leaving.
    `problems` holds codes of what was said but cannot be ("past_date", "end_before_start", "party_zero", "party_huge",
    "budget_tiny", "budget_huge", "unknown_place:<words>", "same_place"), or what can be read two ways
    ("unsure_start:2026-11-27|2026-12-04", see bot.readings), for one clear question.
    """

    action: Action
    lang: Lang = Lang.EN
    origin: str | None = None
    destination: str | None = None
    destinations: tuple[str, ...] = ()  # every destination in order, when several are named
    start_date: date | None = None
    end_date: date | None = None
    date_is_window: bool = False
    month: str | None = None  # YYYY-MM
    nights: int | None = None
    duration_days: int | None = None
    duration_delta_days: int | None = None  # "add a day" +1, "drop a day" -1
    day: int | None = None  # "on day 2"
    passengers: int | None = None  # everybody, children included
    passengers_delta: int | None = None  # "two more people" +2, of which `children`; "one dropped out" -1
    children: int | None = None
    child_ages: tuple[int, ...] = ()  # in years, of every child, or empty
    budget_kes: int | None = None  # total
    budget_per_person_kes: int | None = None
    budget_per_night_kes: int | None = None
    preferences: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    sights: tuple[str, ...] = ()  # things to see called by name, as the guide writes them
    topic: str | None = None
    origin_point: str | None = None
    destination_point: str | None = None
    operator: str | None = None
    leave_after: time | None = None  # not out of the door before, on the first day
    arrive_by: time | None = None  # there by then, on the first day
    leave_back_after: time | None = None  # not on the way home before, on the last day
    back_by: time | None = None  # home by then, on the last day
    any_order: bool = False  # the towns may be visited in any order
    choice: int | None = None  # "2", "ya pili": which of the offered choices, from 1
    booking: Booking | None = None  # about things of the plan; no parser of free text fills it
    missing: tuple[str, ...] = ()  # slots the action needs and the message lacks
    problems: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()  # changes of single things of the plan on screen


@dataclass(frozen=True, slots=True)
class Context:
    """What a parser may know beside the words: today, and what was last asked or shown."""

    today: date
    lang: str = ""  # language of the conversation so far
    asked: str = ""  # the slot last asked for: "destination", "dates", "origin", "party", "budget" or ""
    has_trip: bool = False
    trip_summary: str = ""
    trip_start: date | None = None  # first and last day of the trip there is
    trip_end: date | None = None


class Parser(Protocol):
    """Turns words into an intent; never raises on any text."""

    def parse(self, text: str, context: Context) -> Intent:
        """Understand one message."""
        ...
