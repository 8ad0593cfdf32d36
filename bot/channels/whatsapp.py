"""WhatsApp through Twilio: signed forms come in, replies go out by the REST API.

Sources: https://www.twilio.com/docs/messaging/guides/webhook-request, https://www.twilio.com/docs/whatsapp/api,
https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource, https://www.twilio.com/docs/content; error codes
in `_codes.py`. A document carries neither caption nor file name through Twilio, and .ics is no type WhatsApp takes, so
captions and calendars go into the text. Not tried against the live service.

Twilio knows no idempotency key: a message whose answer did not come within TIMEOUT may have been taken, and is sent
again. That is one of the two ways in which a traveller may see something twice; the other is in bot/delivery.py.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Self

from bot.channel import (
    BadPayload,
    BadSignature,
    Channel,
    ChannelError,
    Chat,
    Contents,
    Documents,
    Incoming,
    IncomingKind,
    Pace,
    Part,
    Request,
    SentIds,
    Taken,
)
from bot.channels import _content
from bot.channels._codes import ContentRefused, MediaRefused, trouble
from bot.channels._content import Filled
from bot.channels._forms import Form, read_form
from bot.channels._twilio import TIMEOUT, connect, is_signed, translated
from bot.config import Settings
from bot.markup import pages
from bot.replies import Attachment, Button, DocumentKind, Line, Link, Reply, Span
from storage.tables import Fate

if TYPE_CHECKING:
    from bot.channels._twilio import Client

log = logging.getLogger(__name__)

TEXT_LIMIT = 1600
LAST_INCOMING = "incoming"  # under this key the last message of a chat is remembered: typing is shown in answer to one
WINDOW: Final = timedelta(hours=24)  # https://www.twilio.com/docs/whatsapp/key-concepts#the-customer-service-window
# Meta lets one traveller have a message every 6 seconds over a while, and more for a moment (its error 131056).
RATE: Final = "10/minute; 3/second"
# Seconds for which what follows a document waits until the phone has it; without news of that, a moment.
DOCUMENT_SETTLES, DOCUMENT_RESTS = 10.0, 3.0


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
    window: ClassVar[timedelta] = WINDOW

    def __init__(
        self,
        settings: Settings,
        documents: Documents,
        sent: SentIds,
        pace: Pace,
        contents: Contents,
        timeout: float = TIMEOUT,
    ) -> None:
        """`timeout`: seconds to wait for an answer of Twilio."""
        self._settings = settings
        self._timeout = timeout
        self._documents = documents
        self._sent = sent
        self._pace = pace
        self._contents = contents
        self._mine = threading.local()

    @classmethod
    def from_settings(
        cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, contents: Contents
    ) -> Self | None:
        """The channel, or None when it is not switched on."""
        needed = (settings.twilio_sid, settings.twilio_token, settings.twilio_from)
        return cls(settings, documents, sent, pace, contents) if all(needed) else None

    def receive(self, request: Request) -> list[Incoming]:
        """Check Twilio's signature and translate the form; what needs no answer gives an empty list."""
        form = self._verified(request)
        if form.first("To") != self._settings.twilio_from:  # another number of the account, or news: to a traveller
            return []
        if form.first("MessageType") in _SILENT:
            return []
        return [_incoming(form)]

    def receive_status(self, request: Request) -> StatusUpdate | None:
        """Check Twilio's signature and translate news of a sent message; None if it is not of interest."""
        form = self._verified(request)
        message_id, fate = form.first("MessageSid"), FATES.get(form.first("MessageStatus"))
        if not message_id or fate is None:
            return None
        chat = Chat(self.name, form.first("To"))
        if fate is not Fate.FAILED:
            return StatusUpdate(chat, message_id, fate)
        code = form.first("ErrorCode")
        why = trouble(int(code) if re.fullmatch(r"\d{1,9}", code) else 0)
        return StatusUpdate(chat, message_id, Fate.REFUSED if why.permanent else Fate.FAILED, why)

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
        documents = [attachment for attachment in reply.attachments if attachment.kind is DocumentKind.PDF]
        return [*self._texts(chat, reply), *(partial(self._post_document, chat, document) for document in documents)]

    def merged(self, replies: Sequence[Reply]) -> Sequence[Reply]:
        """What is said at one time in one message, where it is one in WhatsApp, too."""
        done: list[Reply] = []
        for reply in replies:
            both = _joined(done[-1], reply) if done else None
            if both is not None and len(self._pages(both)) == 1:
                done[-1] = both
            else:
                done.append(reply)
        return done

    def invite(self, chat: Chat, lang: str) -> Taken | None:
        """Send the approved template that asks to write again; None where there is none."""
        content_id = self._contents.content_id(_content.invitation(lang).name)
        return self._post(chat, content_id=content_id) if content_id else None

    def _verified(self, request: Request) -> Form:
        form = read_form(request.body, request.content_type)
        signature = request.headers.get("x-twilio-signature", "")
        if not is_signed(self._settings.twilio_token, request.url, form, signature):
            raise BadSignature("the signature is missing or wrong")
        return form

    def _texts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """The text with buttons where such a form was made and fits, else with numbers. Numbers can be typed anyway."""
        texts = self._pages(reply)
        form = self._form(reply)
        if form and len(texts) == 1 and (content_id := self._contents.content_id(form.name)):
            return [partial(self._post_form, chat, content_id, form, texts[0])]
        return [partial(self._post, chat, body=text) for text in texts]

    def _pages(self, reply: Reply) -> list[str]:
        """The text as numbered lines, as messages."""
        return pages([*self._lines(reply), *_choices(reply.buttons)], TEXT_LIMIT, write)

    def _form(self, reply: Reply) -> Filled | None:
        """The reply as a form. A calendar is left out where it leaves no room: the plan's page and "More" have it."""
        acting = [button for button in reply.buttons if button.action]
        if not acting:
            return None
        less = tuple(attachment for attachment in reply.attachments if attachment.kind is not DocumentKind.ICS)
        without = replace(reply, attachments=less) if reply.lines or less else reply
        bodies = (pages(self._lines(said), _content.BODY_LIMIT, write) for said in (reply, without))
        return next((_content.filled(body[0], acting) for body in bodies if len(body) == 1), None)

    def _lines(self, reply: Reply) -> list[Line]:
        """The text of a reply with everything that WhatsApp cannot show otherwise, without what can be tapped."""
        captions = [file.caption for file in reply.attachments if file.kind is DocumentKind.PDF and file.caption]
        said = [*reply.lines, *(caption for caption in captions if caption not in reply.lines)]
        files = [attachment for attachment in reply.attachments if attachment.kind is not DocumentKind.PDF]
        links: list[Line] = [Link(file.caption or file.name, self._documents.url(file)) for file in files]
        links += [Link(button.label, button.url) for button in reply.buttons if button.url]
        return [*said, *(["", *links] if links else [])]

    def _show_typing(self, chat: Chat) -> Taken:
        if message_id := self._sent.get(chat, LAST_INCOMING):
            try:
                self._type(message_id)
            except ChannelError as exc:  # a missing "typing…" is no reason to hold up the reply that follows
                log.info("typing was not shown: %s", exc)
        return Taken()

    def _type(self, message_id: str) -> None:
        with translated():
            self._client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=message_id)

    def _post_form(self, chat: Chat, content_id: str, form: Filled, text: str) -> Taken:
        try:
            return self._post(chat, content_id=content_id, values=json.dumps(form.values, ensure_ascii=False))
        except ContentRefused as exc:
            log.warning("a form was sent as text: python -m bot content sync; %s", exc)
            return self._post(chat, body=text)

    def _post_document(self, chat: Chat, attachment: Attachment) -> Taken:
        url = self._documents.url(attachment)
        try:
            taken = self._post(chat, media_url=url)
        except MediaRefused:
            log.warning("twilio refused a document; its address was sent instead")
            return self._post(chat, body="\n".join(pages([Link(attachment.name, url)], TEXT_LIMIT, write)))
        return replace(taken, settles=DOCUMENT_SETTLES if self._status_url else DOCUMENT_RESTS)

    def _post(
        self,
        chat: Chat,
        *,
        body: str | None = None,
        media_url: str | None = None,
        content_id: str | None = None,
        values: str | None = None,
    ) -> Taken:
        if wait := self._pace.wait_before(self._key(chat), RATE):
            raise ChannelError(f"no more than {RATE} to one traveller", retry_after=wait)
        with translated():
            message = self._client.messages.create(
                to=chat.address,
                from_=self._settings.twilio_from,
                status_callback=self._status_url,
                **_given(body=body, media_url=[media_url] if media_url else None, content_sid=content_id),
                **_given(content_variables=values),
            )
        return Taken(str(message.sid))

    def _key(self, chat: Chat) -> str:
        """Of the pace: whoever reads Redis must not read numbers there."""
        return f"whatsapp:{hmac.new(self._settings.twilio_token.encode(), chat.address.encode(), 'sha256').hexdigest()}"

    @property
    def _status_url(self) -> str | None:
        """Where news of messages go. Twilio refuses a message whose status address is not public."""
        url = f"{self._settings.public_url}/webhooks/whatsapp/status"
        return url if url.startswith("https://") else None

    @property
    def _client(self) -> Client:
        """With connections that are kept: a process's own, since what is forked must not share them.

        And a thread's own: Twilio's client keeps the last answer.
        """
        if getattr(self._mine, "process", None) != os.getpid():
            self._mine.process, self._mine.client = os.getpid(), connect(self._settings, self._timeout)
        client: Client = self._mine.client
        return client


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
    """What can be tapped as text: numbered in its order, so that "2" can be answered."""
    acting = [button for button in buttons if button.action]
    gap = [] if len(acting) < len(buttons) else [""]  # links are set off already
    return [*gap, *(f"{number}. {button.label}" for number, button in enumerate(acting, start=1))] if acting else []


def _joined(first: Reply, second: Reply) -> Reply | None:
    """Two replies as one, with all their choices in one row of numbers; None where that would not be the same."""
    if first.progress or second.progress:
        return None
    buttons = (*first.buttons, *second.buttons)
    if len(buttons) > _content.ROWS or len({button.label for button in buttons}) < len(buttons):
        return None
    documents, more = second.attachments, second.lines
    if first.lines and documents and len(more) == 1:  # it says that here they are: no need beside another text
        documents, more = tuple(replace(file, caption=_shown_as(file)) for file in documents), ()
    gap = ("",) if first.lines and more else ()
    return Reply((*first.lines, *gap, *more), buttons, (*first.attachments, *documents))


def _shown_as(file: Attachment) -> str:
    """A PDF is seen for what it is; the address of another file needs its caption."""
    return "" if file.kind is DocumentKind.PDF else file.caption


def _given(**values: object) -> dict[str, object]:
    """What is set: Twilio takes an empty field for one that is wrong."""
    return {name: value for name, value in values.items() if value is not None}


_SILENT = frozenset({"reaction", "system", "unsupported"})  # a thumb on a message, a change of number
_MEDIA = {"audio": "voice", "video": "video", "image": "photo"}  # by the first half of a type


def _incoming(form: Form) -> Incoming:
    """Left unread, with intent: where an advertisement led here from, which message is quoted, a place's address."""
    sender, message_id = form.first("From"), form.first("MessageSid")
    if not sender or not message_id:
        raise BadPayload("a message without sender or id")
    text = form.first("Body")
    action = form.first("ButtonPayload") or form.first("ListId")
    latitude, longitude = _degrees(form.first("Latitude"), 90), _degrees(form.first("Longitude"), 180)
    media = ""
    if action:
        kind = IncomingKind.BUTTON
        text = form.first("ButtonText") or form.first("ListTitle") or text
    elif latitude is not None and longitude is not None:
        kind, text = IncomingKind.LOCATION, ""
    elif text.strip():  # also what stands under a picture
        kind = IncomingKind.TEXT
    else:
        kind, media = IncomingKind.MEDIA, _media(form)
    return Incoming(
        chat=Chat(WhatsApp.name, sender, form.first("ProfileName")),
        external_id=message_id,
        kind=kind,
        text=text,
        action=action,
        latitude=latitude,
        longitude=longitude,
        media=media,
        consent=_CONSENT.get(form.first("OptOutType").upper()),
        reply_token=message_id,
    )


# Told by Twilio where Advanced Opt-Out is on: then it keeps the list, and answers these words itself.
_CONSENT = {"STOP": False, "START": True}


def _media(form: Form) -> str:
    """What kind came, as in Incoming.media; "" where nobody can tell."""
    if form.first("MessageType") == "sticker":
        return "sticker"
    content_type = form.first("MediaContentType0").partition(";")[0].strip().lower()
    if content_type in ("text/vcard", "text/x-vcard") or form.first("MessageType") == "contacts":
        return "contact"
    if content_type == "image/webp":  # WhatsApp's photos are JPEG
        return "sticker"
    return _MEDIA.get(content_type.partition("/")[0], "file") if content_type else ""


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


CHANNEL: type[Channel] = WhatsApp
