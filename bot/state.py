"""What is remembered of a conversation between two messages, and what a turn decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.intents import Action, Receipt
from bot.replies import Reply
from bot.screen import Screen
from bot.slots import Slots
from bot.tasks import Task
from planner.model import Place


class Towns(Protocol):
    """As much of the gazetteer as a conversation needs."""

    def get(self, slug: str) -> Place | None:
        """The place with this slug."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """A version of the trip that can be gone back to: what had been said when it was made, and its offers' ids."""

    version: int
    slots: Slots
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """Booking a trip thing by thing: the tag of the one shown last, and those passed over.

    `receipt` waits to hear what was paid with it, which was asked in turn `asked`.
    """

    trip_id: str = ""
    at: str = ""
    passed: tuple[str, ...] = ()
    receipt: Receipt | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A planned trip that is not the one being talked about: all that is remembered of it."""

    trip_id: str
    version: int
    trip: Slots
    planned: Slots
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    screen: Screen = field(default_factory=Screen)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat's memory: simple types only, so that it travels as JSON.

    `goal` is the action being worked on; `trip` what was said of the trip (kept after planning, so that it can be
    changed), `search` the same of the last search. `problems` are codes still to be asked about, `choices` the
    buttons last offered as (label, action or URL), for "2" or "ya pili". `pending` is the key of the running task.
    `planned` is what had been said when the version on screen was made; `past` are the versions before it, oldest
    first, `future` those that were undone, next one last. `screen` is the plan that was shown last. `name` is what the
    traveller calls the trip, `kept` are the other trips, the one talked about last first. `confirming` is what waits
    for a yes ("delete"); `unclear` counts the messages in a row that were not understood.
    """

    lang: str = ""  # "en" or "sw"; "" before the first message
    welcomed: bool = False
    turn: int = 0
    goal: Action | None = None
    trip: Slots = field(default_factory=Slots)
    search: Slots = field(default_factory=Slots)
    asked: str = ""  # slot asked last: "destination", "origin", "dates", "party", "budget"
    problems: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    trip_id: str | None = None
    trip_version: int = 0
    pending: str = ""
    planned: Slots = field(default_factory=Slots)
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    screen: Screen = field(default_factory=Screen)
    walk: Walk = field(default_factory=Walk)
    last_apology: datetime | None = None
    name: str = ""
    kept: tuple[Kept, ...] = ()
    confirming: str = ""
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one turn: the new memory, what to say now, what to work on."""

    state: Conversation
    replies: tuple[Reply, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """What the operator has set: where people can be reached ("" for nowhere), and the page on what is kept."""

    contact: str = ""  # a phone number, an e-mail address or an https address
    privacy_url: str = ""


NOBODY = House()


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action may know beside the conversation."""

    today: date
    towns: Towns
    house: House = NOBODY
