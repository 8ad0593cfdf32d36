"""What the core says, free of any app's markup: lines, buttons, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Bold:
    """Text to stress."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere; a channel without links shows both."""

    text: str
    url: str


Span = str | Bold | Link
Line = str | Bold | Link | tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A tappable choice. Exactly one of `action` (≤ 64 bytes, handed back as is) and `url` is set."""

    label: str  # ≤ 20 characters, so that WhatsApp can show it
    action: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.action) == bool(self.url):
            raise ValueError("a button either acts or links")
        if len(self.label) > 20:
            raise ValueError(f"button label over 20 characters: {self.label!r}")
        if len(self.action.encode()) > 64:
            raise ValueError("button action over 64 bytes")


class DocumentKind(StrEnum):
    """Files there are: a trip's, and all that is kept about a chat as JSON."""

    PDF = "pdf"
    ICS = "ics"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document, by reference: the channel asks for its bytes or a URL when it sends.

    `trip_id` says whose it is: a trip, or for JSON a chat, see `bot.shelf.data_of`. That file is made when asked for.
    """

    kind: DocumentKind
    trip_id: str
    version: int
    name: str  # file name, ≤ 20 characters, no spaces
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a traveller.

    `progress` names a running job: channels that can edit show such replies as one message that changes (the last
    reply with the same key replaces the earlier ones); channels that cannot show typing instead, and send only a
    reply with `progress` None. `ends` is the job that this reply finishes: what showed its progress may go.
    """

    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    progress: str | None = None
    ends: str = ""

    def __post_init__(self) -> None:
        if not (self.lines or self.attachments):
            raise ValueError("a reply says or brings something")


def plain(line: Line) -> str:
    """The line as text without markup; links show as `text: url`."""
    if isinstance(line, str):
        return line
    if isinstance(line, Bold):
        return line.text
    if isinstance(line, Link):
        return f"{line.text}: {line.url}"
    return "".join(plain(span) for span in line)
