"""Work a turn leaves to the worker: plan, search, show, restore, draw files, mark as booked, export, forget."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.intents import Receipt
from bot.replies import DocumentKind
from planner.model import Party, TripRequest, Wishes
from providers.base import Kind


class View(StrEnum):
    """What can be shown again of a finished trip."""

    CARD = "card"
    BOOKING = "booking"  # where to book a thing, the first of a walk through them
    NEXT = "next"  # … and each one after it
    LEFT = "left"  # what is booked, what is still to book
    DAY = "day"


class Way(StrEnum):
    """Through the versions of a trip; the values are names of sentences."""

    BACK = "undone"
    FORWARD = "redone"


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Plan `request`: a new trip when `trip_id` is None, else the next version of that one.

    With `base`, the version on screen, that plan is changed no more than it must be, and the card says what changed.
    `key` names the running job in progress replies; `says` are lines the plan card must carry (what changed, what
    could not be done), already in the traveller's language. `about` are items that give way to something else, by id;
    `quicker` asks for ways that take less time, and leaves the plan as it is where there are none.
    """

    request: TripRequest
    trip_id: str | None = None
    key: str = ""
    lang: str = "en"
    says: tuple[str, ...] = ()
    base: int = 0
    about: tuple[str, ...] = ()
    quicker: bool = False


@dataclass(frozen=True, slots=True)
class SearchTask:
    """One question to the sources, with slugs where a Query has places.

    `preferences` are the words the traveller used ("morning", "first_class"), for the order of the answer;
    `assumed` names fields that are guesses ("origin", "start", "nights").
    """

    kind: Kind
    destination: str
    start: date
    end: date
    party: Party
    origin: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    budget_kes: int | None = None
    origin_point: str = ""
    destination_point: str = ""
    operator: str = ""
    preferences: tuple[str, ...] = ()
    back: date | None = None  # day of the way back, when one was named
    assumed: tuple[str, ...] = ()
    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class ShowTask:
    """Show a stored trip again: its card, where to book one `item` ("" for the most urgent), or one `day`, from 1."""

    trip_id: str
    version: int
    view: View
    key: str = ""
    lang: str = "en"
    item: str = ""
    day: int = 0


@dataclass(frozen=True, slots=True)
class RestoreTask:
    """Make an earlier `version` of a trip the newest one again; `instead_of` is the version on screen until now."""

    trip_id: str
    version: int
    instead_of: int
    way: Way
    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class DocumentsTask:
    """Bring files of a `version`, drawn now unless they were before; `say` takes the place of the words with them.

    `follows`: a plan that was just shown, so they are not wanted when a newer one was shown meanwhile. `narrated`: a
    few words of the narrator's go with them.
    """

    trip_id: str
    version: int
    kinds: tuple[DocumentKind, ...] = (DocumentKind.PDF, DocumentKind.ICS)
    say: str = ""
    follows: bool = False
    narrated: bool = False
    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class BookedTask:
    """Keep that an item of a trip is booked, with what proves it, and go on: to `then`, the item to book next.

    Without `then` the traveller hears what is still to book.
    """

    trip_id: str
    version: int
    item: str
    offer_id: str
    receipt: Receipt = field(default_factory=Receipt)
    then: str = ""
    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class NotBookedTask:
    """An item of a trip is not booked after all."""

    trip_id: str
    version: int
    item: str
    offer_id: str
    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class ExportTask:
    """Hand over everything kept about this chat as one file."""

    key: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class ForgetTask:
    """Delete everything kept about this chat: messages, conversation, trips, share links, documents."""

    lang: str = "en"


Task = (
    PlanTask
    | SearchTask
    | ShowTask
    | RestoreTask
    | DocumentsTask
    | BookedTask
    | NotBookedTask
    | ExportTask
    | ForgetTask
)
DOCUMENTS: Final = "documents"  # of tasks that files come from
# The names under which tasks are kept.
TASKS: dict[str, type[Task]] = {
    "plan": PlanTask,
    "search": SearchTask,
    "show": ShowTask,
    "restore": RestoreTask,
    DOCUMENTS: DocumentsTask,
    "booked": BookedTask,
    "not_booked": NotBookedTask,
    "export": ExportTask,
    "forget": ForgetTask,
}


def kind_of(task: Task) -> str:
    """The name under which a task is kept."""
    return next(name for name, kind in TASKS.items() if kind is type(task))
