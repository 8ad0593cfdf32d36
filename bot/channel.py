"""What a channel is: one chat app, how its messages come in and how replies go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from bot.replies import Attachment, Reply


class IncomingKind(StrEnum):
    """What a traveller can send."""

    TEXT = "text"
    BUTTON = "button"
    LOCATION = "location"
    MEDIA = "media"  # voice, photo, sticker, file: answered with a sentence


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
    reply_token: str = ""  # what the app wants back to acknowledge this message (callback id, message sid)
    received_at: datetime | None = None


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
    """A reply could not be delivered. `permanent`: stop writing to this chat; `retry_after` in seconds."""

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


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


class Channel(Protocol):
    """One chat app."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]  # environment names that must be set for it to be enabled

    def receive(self, request: Request) -> list[Incoming]:
        """Verify and translate. Raises BadSignature or BadPayload; an event of no interest gives an empty list."""
        ...

    def acknowledge(self, incoming: Incoming) -> None:
        """Show that the message was seen (typing indicator, callback answer). Raises ChannelError."""
        ...

    def send(self, chat: Chat, replies: Sequence[Reply]) -> None:
        """Deliver in order. Raises ChannelError."""
        ...
