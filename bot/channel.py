"""What a channel is: one chat app, how its messages come in and how replies go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from bot.replies import Attachment, Reply


class IncomingKind(StrEnum):
    """What a traveller can send."""

    TEXT = "text"
    BUTTON = "button"
    LOCATION = "location"
    MEDIA = "media"  # voice, photo, sticker, file: answered with a sentence
    ADDED = "added"  # nothing was sent: the bot was put into a group, and says how to speak to it


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a conversation happens. `address` is what the app needs to write there; it is personal data."""

    channel: str
    address: str
    name: str = ""  # first or profile name, personal data
    language: str = ""  # language code reported by the app, "" if none


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as received. `external_id` is unique per channel: a repeat has the same."""

    chat: Chat
    external_id: str
    kind: IncomingKind
    text: str = ""
    action: str = ""  # of a tapped button
    latitude: float | None = None
    longitude: float | None = None
    media: str = ""  # what kind came: "voice", "photo", "video", "sticker", "contact", "file", "" for anything else
    consent: bool | None = None  # the app took the sender off its list (False), or put them back, at their word
    reply_token: str = ""  # what the app wants back to acknowledge this message (callback id, message sid)
    received_at: datetime | None = None


class EventKind(StrEnum):
    """What can happen to a chat besides messages."""

    LEFT = "left"  # the bot was blocked or put out: nothing can be written any more
    MOVED = "moved"  # the chat has another address from now on


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a chat and that nobody expects an answer to."""

    kind: EventKind
    address: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a channel sees it: no framework object."""

    body: bytes
    headers: Mapping[str, str]  # names in lower case
    url: str  # as the outside called it: PUBLIC_URL + path + query
    content_type: str = ""


class BadSignature(Exception):
    """The secret or signature is missing or wrong: 403, nothing is stored."""


class BadPayload(Exception):
    """The body cannot be read as what the app sends: 400."""


class ChannelError(Exception):
    """The app did not take something.

    `permanent`: it will never take this; `gone`: nor anything else for this chat, so stop writing there; `opted_out`:
    because the traveller wants nothing from us; `listed`: and the app keeps a list of that itself.
    `closed`: it will once the traveller has written again. `retry_after`: it will, after so many seconds.
    `moved_to`: it will, at this address, which is the chat's from now on. None of them: it is away or in trouble.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        opted_out: bool = False,
        listed: bool = False,
        closed: bool = False,
        retry_after: float | None = None,
        moved_to: str = "",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent or gone or opted_out
        self.gone = gone or opted_out
        self.opted_out = opted_out
        self.listed = listed
        self.closed = closed
        self.retry_after = retry_after
        self.moved_to = moved_to

    @property
    def is_trouble(self) -> bool:
        """Whether the app is away or in trouble, whoever is written to."""
        return not (self.permanent or self.closed or self.moved_to or self.retry_after is not None)


@dataclass(frozen=True, slots=True)
class Taken:
    """The app took a part. `message_id`: by which it will tell what became of it, "" if it never does.

    `settles`: seconds for which what follows waits until this part is known to be delivered, so that the order is kept.
    """

    message_id: str = ""
    settles: float = 0.0


# Sends one part: what the app takes in one call and shows as one message. Raises ChannelError, storage.db.Gone.
Part = Callable[[], Taken]


class Documents(Protocol):
    """Where a channel gets the bytes or the public address of an attachment."""

    def content(self, attachment: Attachment) -> bytes:
        """The file. Raises storage.db.Gone when there is none any more."""
        ...

    def url(self, attachment: Attachment) -> str:
        """A short-lived signed address under PUBLIC_URL that serves the file."""
        ...


class SentIds(Protocol):
    """Remembers ids of sent messages that will be edited. Losing one only means a new message instead of an edit."""

    def get(self, chat: Chat, key: str) -> str | None:
        """The id last put under this key, if it is still known."""
        ...

    def put(self, chat: Chat, key: str, message_id: str) -> None:
        """Remember an id."""
        ...


class Pace(Protocol):
    """What all processes know of how fast an app may be written to: the part of providers.memory.Memory they use.

    Keys are seen by whoever reads Redis, so an address is hashed first. Never used inside a transaction.
    """

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        """Count one use under a rate like "20/minute; 1/second": 0, or the seconds to wait, and nothing was counted.

        While the flag `unless` is up, everybody waits until it is over.
        """
        ...

    def mark(self, key: str, seconds: float) -> None:
        """Put up a flag for so long."""
        ...

    def marked(self, key: str) -> float:
        """For how many seconds the flag still stands, 0 when it does not."""
        ...

    def count(self, key: str, seconds: float) -> int:
        """One more: how many since the first, which is forgotten after `seconds`."""
        ...


class Contents(Protocol):
    """Forms of message that were made at an app beforehand, by name."""

    def content_id(self, name: str) -> str | None:
        """The app's id of it; None when it was not made, or the app does not allow it."""
        ...


class Channel(Protocol):
    """One chat app."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]  # environment names that must be set for it to be enabled

    def receive(self, request: Request) -> list[Incoming]:
        """Verify and translate. Raises BadSignature or BadPayload; an event of no interest gives an empty list."""
        ...

    def acknowledge(self, incoming: Incoming) -> None:
        """Do what the app expects at once of whoever got a message. Raises ChannelError."""
        ...

    def show_typing(self, incoming: Incoming) -> None:
        """Show that an answer to this message is being worked on. Raises ChannelError."""
        ...

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """What it takes to deliver a reply, in order: the same parts each time, whatever was sent before."""
        ...


@runtime_checkable
class Windowed(Protocol):
    """A channel that takes free text only for a while after the traveller wrote."""

    window: ClassVar[timedelta]

    def invite(self, chat: Chat, lang: str) -> Taken | None:
        """Ask the traveller by template to write again; None when there is none to use. Raises ChannelError."""
        ...


@runtime_checkable
class Merging(Protocol):
    """A channel where each message costs: what is said at one time is said in one."""

    def merged(self, replies: Sequence[Reply]) -> Sequence[Reply]:
        """The same in fewer replies where that fits; buttons keep their order."""
        ...
