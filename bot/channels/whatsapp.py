"""WhatsApp through Twilio: signed forms come in, replies go out by the REST API; the only file that imports `twilio`.

Sources: https://www.twilio.com/docs/messaging/guides/webhook-request, https://www.twilio.com/docs/whatsapp/api,
https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource, https://www.twilio.com/docs/api/errors.
A document carries neither caption nor file name through Twilio, and .ics is no type WhatsApp takes, so captions and
calendars go into the text. Not tried against the live service: buttons of the Content API; choices are numbered lines.
`twilio.rest` is imported when something is sent: it costs over a second, and the web process only receives.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from json import JSONDecodeError
from typing import TYPE_CHECKING, ClassVar, Self

from bot.channel import (
    BadPayload,
    BadSignature,
    Channel,
    ChannelError,
    Chat,
    Documents,
    Incoming,
    IncomingKind,
    Pace,
    Part,
    Request,
    SentIds,
    Taken,
)
from bot.channels._forms import Form, read_form
from bot.config import Settings
from bot.markup import pages
from bot.replies import Attachment, Button, DocumentKind, Line, Link, Reply, Span
from storage.tables import Fate

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

TEXT_LIMIT = 1600
TIMEOUT = 10.0  # seconds; the library's own default is to wait for ever
LAST_INCOMING = "incoming"  # under this key the last message of a chat is remembered: typing is shown in answer to one

# https://www.twilio.com/docs/api/errors/<code>
GONE = {
    21211: "the number is not valid",
    21610: "the traveller has opted out",
    63003: "nobody has this WhatsApp address",
    63016: "the last message from the traveller is over 24 hours old",
    63024: "the recipient is not valid",
    131050: "the traveller has opted out of these messages",
}
TOO_FAST = {
    20429: 10.0,
    63018: 6.0,
    131056: 6.0,
    63038: 3600.0,
}  # seconds to wait: per account, per chat twice, per day
BAD_MEDIA = frozenset({12300, 21620, 21623, 63019, 63021})


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """News of a message sent earlier. `trouble` says why it failed and whether to stop writing to the chat."""

    chat: Chat
    message_id: str
    fate: Fate
    trouble: ChannelError | None = None


FATES = {"sent": Fate.SENT, "delivered": Fate.DELIVERED, "read": Fate.READ} | dict.fromkeys(
    ("failed", "undelivered"), Fate.FAILED
)


class WhatsApp:
    """A WhatsApp number at Twilio."""

    name: ClassVar[str] = "whatsapp"
    needs: ClassVar[tuple[str, ...]] = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM")

    def __init__(self, settings: Settings, documents: Documents, sent: SentIds, timeout: float = TIMEOUT) -> None:
        """`timeout`: seconds to wait for an answer of Twilio."""
        self._settings = settings
        self._timeout = timeout
        self._documents = documents
        self._sent = sent

    @classmethod
    def from_settings(cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace) -> Self | None:
        """The channel, or None when it is not switched on."""
        needed = (settings.twilio_sid, settings.twilio_token, settings.twilio_from)
        return cls(settings, documents, sent) if all(needed) else None

    def receive(self, request: Request) -> list[Incoming]:
        """Check Twilio's signature and translate the form; news of sent messages gives an empty list."""
        form = self._verified(request)
        if form.first("To") != self._settings.twilio_from:  # another number of the account, or news: to a traveller
            return []
        return [_incoming(form)]

    def receive_status(self, request: Request) -> StatusUpdate | None:
        """Check Twilio's signature and translate news of a sent message; None if it is not of interest."""
        form = self._verified(request)
        message_id, fate = form.first("MessageSid"), FATES.get(form.first("MessageStatus"))
        if not message_id or fate is None:
            return None
        code = form.first("ErrorCode")
        trouble = _trouble(int(code) if re.fullmatch(r"\d{1,9}", code) else 0) if fate is Fate.FAILED else None
        return StatusUpdate(Chat(self.name, form.first("To")), message_id, fate, trouble)

    def acknowledge(self, incoming: Incoming) -> None:
        """Mark as read and show "typing…" until the reply, for 25 seconds at most."""
        self._sent.put(incoming.chat, LAST_INCOMING, incoming.reply_token)
        self._type(incoming.reply_token)

    def show_typing(self, incoming: Incoming) -> None:
        """Nothing more: it has been shown."""

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """Texts, then documents. Progress is not written, since every message costs: typing is shown."""
        if reply.progress:
            return [partial(self._show_typing, chat)]
        texts = pages(self._lines(reply), TEXT_LIMIT, write)
        documents = [attachment for attachment in reply.attachments if attachment.kind is DocumentKind.PDF]
        return [
            *(partial(self._post, chat, body=text) for text in texts),
            *(partial(self._post_document, chat, attachment) for attachment in documents),
        ]

    def _verified(self, request: Request) -> Form:
        from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

        form = read_form(request.body, request.content_type)
        signature = request.headers.get("x-twilio-signature", "")
        if not RequestValidator(self._settings.twilio_token).validate(request.url, form, signature):
            raise BadSignature("the signature is missing or wrong")
        return form

    def _lines(self, reply: Reply) -> list[Line]:
        """The text of a reply with everything that WhatsApp cannot show otherwise."""
        lines = [*reply.lines]
        for attachment in reply.attachments:
            if attachment.kind is not DocumentKind.PDF:
                lines.append(Link(attachment.caption or attachment.name, self._documents.url(attachment)))
            elif attachment.caption:
                lines.append(attachment.caption)
        return [*lines, *_choices(reply.buttons)]

    def _show_typing(self, chat: Chat) -> Taken:
        if message_id := self._sent.get(chat, LAST_INCOMING):
            try:
                self._type(message_id)
            except ChannelError as exc:  # a missing "typing…" is no reason to hold up the reply that follows
                log.info("typing was not shown: %s", exc)
        return Taken()

    def _type(self, message_id: str) -> None:
        with _translated():
            self._client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=message_id)

    def _post_document(self, chat: Chat, attachment: Attachment) -> Taken:
        url = self._documents.url(attachment)
        try:
            return self._post(chat, media_url=url)
        except _MediaRefused:
            log.warning("twilio refused a document; its address was sent instead")
            return self._post(chat, body="\n".join(pages([Link(attachment.name, url)], TEXT_LIMIT, write)))

    def _post(self, chat: Chat, *, body: str | None = None, media_url: str | None = None) -> Taken:
        status = f"{self._settings.public_url}/webhooks/whatsapp/status"
        with _translated():
            message = self._client.messages.create(
                to=chat.address,
                from_=self._settings.twilio_from,
                body=body,
                media_url=[media_url] if media_url else None,
                # Twilio refuses a message whose status address is not public.
                status_callback=status if status.startswith("https://") else None,
            )
        return Taken(str(message.sid))

    @cached_property
    def _client(self) -> Client:
        from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
        from twilio.rest import Client

        client = Client(
            self._settings.twilio_sid, self._settings.twilio_token, http_client=TwilioHttpClient(timeout=self._timeout)
        )
        if self._settings.twilio_url:
            for domain in (client.api, client.messaging, client.content):
                domain.base_url = self._settings.twilio_url
        return client


class _MediaRefused(ChannelError):
    """Twilio cannot fetch the document or does not take its type."""


def write(span: Span) -> str:
    """A span in WhatsApp's markup. There is no way to escape it, so stars inside bold text give way."""
    if isinstance(span, str):
        return span
    if isinstance(span, Link):
        text = span.text.strip()
        return f"{text}: {span.url}" if text and text != span.url else span.url
    text = span.text.strip()
    if not text:
        return span.text
    start, _, end = span.text.partition(text)  # a star next to a space is only a star
    return f"{start}*{text.replace('*', '∗')}*{end}"


def _choices(buttons: Sequence[Button]) -> list[Line]:
    """Buttons as text: choices are numbered in their order, so that "2" can be answered; links are spelled out."""
    choices: list[Line] = [
        f"{number}. {button.label}"
        for number, button in enumerate((button for button in buttons if button.action), start=1)
    ]
    links: list[Line] = [Link(button.label, button.url) for button in buttons if button.url]
    return ["", *links, *choices] if buttons else []


def _incoming(form: Form) -> Incoming:
    sender, message_id = form.first("From"), form.first("MessageSid")
    if not sender or not message_id:
        raise BadPayload("a message without sender or id")
    text = form.first("Body")
    action = form.first("ButtonPayload") or form.first("ListId")
    latitude, longitude = _degrees(form.first("Latitude"), 90), _degrees(form.first("Longitude"), 180)
    if action:
        kind = IncomingKind.BUTTON
        text = form.first("ButtonText") or form.first("ListTitle") or text
    elif latitude is not None and longitude is not None:
        kind = IncomingKind.LOCATION
    else:
        kind = IncomingKind.TEXT if text.strip() else IncomingKind.MEDIA
    return Incoming(
        chat=Chat(WhatsApp.name, sender, form.first("ProfileName")),
        external_id=message_id,
        kind=kind,
        text=text,
        action=action,
        latitude=latitude,
        longitude=longitude,
        reply_token=message_id,
    )


def _degrees(text: str, most: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as exc:
        raise BadPayload("a location that is no number") from exc
    if not -most <= value <= most:
        raise BadPayload("a location off the globe")
    return value


@contextmanager
def _translated() -> Iterator[None]:
    """Every failure of the library as a ChannelError, without the cause: its text shows numbers and account."""
    from twilio.base.exceptions import (  # type: ignore[import-untyped]
        TwilioException,
        TwilioRestException,
        TwilioServiceException,
    )

    try:
        yield
    except (TwilioRestException, TwilioServiceException) as exc:
        raise _trouble(exc.code or 0, exc.status) from None
    except TwilioException:
        raise ChannelError("Twilio gave an answer that cannot be understood") from None
    except JSONDecodeError:
        raise ChannelError("Twilio gave an answer that is not JSON") from None
    except OSError as exc:  # every error of `requests`: no connection, no answer in time
        raise ChannelError(f"Twilio could not be reached: {type(exc).__name__}") from None


def _trouble(code: int, status: int = 0) -> ChannelError:
    """What an error code, and the status of the answer it came with, mean for the chat."""
    if code in GONE:
        return ChannelError(f"WhatsApp cannot deliver: {GONE[code]} ({code})", gone=True)
    if code in TOO_FAST or status == 429:
        wait = TOO_FAST.get(code, 10.0)
        return ChannelError(f"WhatsApp asks to wait {wait:g} s ({code})", retry_after=wait)
    if code in BAD_MEDIA:
        return _MediaRefused(f"WhatsApp does not take the document ({code})", permanent=True)
    if status in (401, 403, 404):
        return ChannelError(f"Twilio does not know this account: check the TWILIO_ settings ({code})")
    if 400 <= status < 500:
        return ChannelError(f"Twilio refused the message ({code})", permanent=True)
    return ChannelError(f"Twilio or WhatsApp is in trouble ({code or status})")


CHANNEL: type[Channel] = WhatsApp
