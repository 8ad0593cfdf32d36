"""Forms of message at an app: which are there, for the channel that sends them, and making those that are missing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from storage.contents import ContentRow

if TYPE_CHECKING:
    from storage.store import Store

FRESH: Final = 60.0  # seconds for which a process believes what it read; a sync is noticed after that
APPROVED: Final = "approved"
UNSUBMITTED: Final = "unsubmitted"


class Forms:
    """Implements bot.channel.Contents. Each look may be a transaction of its own, so never inside one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, ContentRow] = {}
        self._read_at = float("-inf")

    def content_id(self, name: str) -> str | None:
        """The app's id of it; None when it was not made, or is not approved though it has to be."""
        if time.monotonic() - self._read_at > FRESH:
            with self._store.reading() as s:
                self._known = self._store.contents.all(s)
            self._read_at = time.monotonic()
        row = self._known.get(name)
        return row.content_id if row and row.status in ("", APPROVED) else None


class Wanted(Protocol):
    """A form that should be there. `category` is set where the app has to approve it."""

    @property
    def name(self) -> str:
        """Its name there: another one when it changes."""
        ...

    @property
    def category(self) -> str:
        """Under which it is to be approved, "" for none."""
        ...


class Maker(Protocol):
    """The service that keeps the forms. Everything raises bot.channel.ChannelError."""

    @property
    def wanted(self) -> Sequence[Wanted]:
        """What should be there."""
        ...

    def existing(self) -> dict[str, str]:
        """Ids of what is there, by name."""
        ...

    def make(self, name: str) -> str:
        """Make one; its id."""
        ...

    def status(self, content_id: str) -> str:
        """How far its approval is."""
        ...

    def submit(self, name: str, content_id: str) -> str:
        """Ask for approval; how far it is then."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """One form: `did` is what was done about it just now ("" for nothing), `status` of its approval."""

    name: str
    content_id: str
    did: str
    status: str


def sync(store: Store, maker: Maker) -> Iterator[Told]:
    """Make what is missing and ask for approvals. Each step is looked up before it is done and kept once it is done,
    so that a second run, or one after a failure half way, makes nothing twice. Raises bot.channel.ChannelError.
    """
    there = maker.existing()
    for form in maker.wanted:
        did, content_id = "", there.get(form.name)
        if content_id is None:
            did, content_id = "made", maker.make(form.name)
        status = maker.status(content_id) if form.category else ""
        if status == UNSUBMITTED:
            did, status = f"{did}, submitted".removeprefix(", "), maker.submit(form.name, content_id)
        with store.session() as s:
            store.contents.put(s, form.name, content_id, status)
        yield Told(form.name, content_id, did, status)


def known(store: Store, wanted: Sequence[Wanted]) -> Iterator[Told]:
    """What this installation knows of each form that should be there; no id: it was not made yet."""
    with store.reading() as s:
        rows = store.contents.all(s)
    for form in wanted:
        row = rows.get(form.name)
        yield Told(form.name, row.content_id if row else "", "", row.status if row else "")
