"""What the channel tests share: settings, a shelf of documents, a memory of sent ids."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channel import Channel, Chat, Request
from bot.config import Settings
from bot.replies import Attachment, DocumentKind, Reply
from tests.fakes import telegram, twilio

FORM = "application/x-www-form-urlencoded"
SECRET = "webhook-secret_1"
PUBLIC_URL = "https://safiri.example"
PDF = Attachment(DocumentKind.PDF, "t1", 2, "Mombasa.pdf", "Your trip as a PDF")
ICS = Attachment(DocumentKind.ICS, "t1", 2, "Mombasa.ics", "For your calendar")
DATA = Attachment(DocumentKind.JSON, "chat-7", 0, "safiri-data.json", "Your data")
CONTENT = {
    DocumentKind.PDF: b"%PDF-1.7 \x00\xff binary",
    DocumentKind.ICS: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    DocumentKind.JSON: b'{"about": {}}',
}


class Shelf:
    """Documents at an address."""

    def __init__(self, url: str = f"{PUBLIC_URL}/files") -> None:
        self._url = url

    def content(self, attachment: Attachment) -> bytes:
        return CONTENT[attachment.kind]

    def url(self, attachment: Attachment) -> str:
        return f"{self._url}/{attachment.name}"


class Memory:
    """Ids of sent messages."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, str], str] = {}

    def get(self, chat: Chat, key: str) -> str | None:
        return self.ids.get((chat.address, key))

    def put(self, chat: Chat, key: str, message_id: str) -> None:
        self.ids[chat.address, key] = message_id


class Pace:
    """Never too fast, unless `waits` says so."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.keys: list[str] = []

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        self.keys.append(key)
        return self.waits.pop(0) if self.waits else 0.0

    def mark(self, key: str, seconds: float) -> None: ...

    def marked(self, key: str) -> float:
        return 0.0

    def count(self, key: str, seconds: float) -> int:
        return 1


class Contents:
    """Ids of forms at an app, by name."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def content_id(self, name: str) -> str | None:
        return self.ids.get(name)


def settings(
    telegram_url: str = "http://127.0.0.1:9", twilio_url: str = "http://127.0.0.1:9", **more: object
) -> Settings:
    """Settings with every channel on; nothing listens at the default addresses."""
    fields: dict[str, object] = {
        "public_url": PUBLIC_URL,
        "demo": True,
        "telegram_token": telegram.TOKEN,
        "telegram_secret": SECRET,
        "telegram_url": telegram_url,
        "twilio_sid": twilio.SID,
        "twilio_token": twilio.TOKEN,
        "twilio_from": twilio.NUMBER,
        "twilio_url": twilio_url,
    }
    return Settings(**(fields | more))  # type: ignore[arg-type]


def request(body: bytes, content_type: str = "", path: str = "/webhooks/x", **headers: str) -> Request:
    """A request as the web process hands it over; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(body, named, PUBLIC_URL + path, content_type)


def send(channel: Channel, chat: Chat, replies: Sequence[Reply]) -> None:
    """Deliver replies, part by part."""
    for reply in replies:
        for part in channel.parts(chat, reply):
            part()
