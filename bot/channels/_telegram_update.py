"""Understands updates of the Telegram Bot API: bytes in, messages and events out; no network, no telegram library.

Source: https://core.telegram.org/bots/api#update. Only fields that are used are modelled, because importing
`telegram` costs the web process 40 MB and most of a second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from bot.channel import BadPayload, Chat, Event, EventKind, Incoming, IncomingKind
from bot.markup import printable

# Asked for when the webhook is set; anything else is ignored.
HANDLED = ("message", "edited_message", "callback_query", "my_chat_member")
# What a traveller may send that cannot be read as words, and what that is to us, in the order in which it is looked
# for: an animation is a document, too. Service messages ("Ann joined the group") are none of these.
_UNREADABLE = ("poll", "dice", "game", "story", "paid_media", "checklist", "rich_message", "invoice", "gift")
MEDIA = {
    "voice": "voice", "video_note": "video", "video": "video", "animation": "sticker", "sticker": "sticker",
    "photo": "photo", "live_photo": "photo", "audio": "voice", "document": "file", "contact": "contact",
    **dict.fromkeys(_UNREADABLE, ""),
}  # fmt: skip
CORRECTED = 120  # seconds after which a changed message is an old story; until then its new words are said anew
_IN = frozenset({"member", "administrator", "creator"})
_OUT = frozenset({"left", "kicked"})


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself. `username` without @; when it is not known, any mention of a bot counts as ours."""

    id: int
    username: str = ""


class _User(BaseModel):
    id: int
    is_bot: bool = False
    first_name: str = ""
    language_code: str = ""


class _Chat(BaseModel):
    id: int
    type: str = "private"


class _Entity(BaseModel):
    type: str
    offset: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=0)]
    user: _User | None = None


class _Location(BaseModel):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class _Replied(BaseModel):
    sender: Annotated[_User | None, Field(alias="from")] = None


class _Message(BaseModel, extra="allow"):
    chat: _Chat
    sender: Annotated[_User | None, Field(alias="from")] = None
    date: Annotated[int, Field(ge=0, lt=2**33)] = 0
    edit_date: Annotated[int, Field(ge=0, lt=2**33)] = 0
    text: str = ""
    caption: str = ""
    entities: list[_Entity] = []
    caption_entities: list[_Entity] = []
    location: _Location | None = None
    reply_to_message: _Replied | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None

    @property
    def media(self) -> str | None:
        """What there is besides words, None for nothing."""
        return next((MEDIA[name] for name in MEDIA if name in (self.model_extra or {})), None)


class _Tapped(BaseModel):
    chat: _Chat


class _Callback(BaseModel):
    id: str
    sender: Annotated[_User, Field(alias="from")]
    message: _Tapped | None = None
    data: str = ""


class _Member(BaseModel):
    status: str


class _Membership(BaseModel):
    chat: _Chat
    sender: Annotated[_User, Field(alias="from")]
    old: Annotated[_Member, Field(alias="old_chat_member")]
    new: Annotated[_Member, Field(alias="new_chat_member")]


class _Update(BaseModel):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _Membership | None = None


def read(body: bytes, me: Me) -> list[Incoming]:
    """The message in an update: none or one. Raises BadPayload for what no Bot API server sends."""
    update = _update(body)
    external_id = str(update.update_id)
    if update.message:
        return _from_message(external_id, update.message, me)
    if update.edited_message:
        return _from_correction(external_id, update.edited_message, me)
    if update.callback_query:
        return _from_callback(external_id, update.callback_query)
    if update.my_chat_member:
        return _from_membership(external_id, update.my_chat_member)
    return []


def read_events(body: bytes) -> list[Event]:
    """What an update without a message says happened to its chat: none or one. Raises BadPayload."""
    update = _update(body)
    if (message := update.message) is not None:
        here = str(message.chat.id)
        if message.migrate_to_chat_id is not None:
            return [Event(EventKind.MOVED, here, str(message.migrate_to_chat_id))]
        if message.migrate_from_chat_id is not None:
            return [Event(EventKind.MOVED, str(message.migrate_from_chat_id), here)]
    if (changed := update.my_chat_member) is not None and changed.new.status in _OUT:
        return [Event(EventKind.LEFT, str(changed.chat.id))]
    return []


def _update(body: bytes) -> _Update:
    try:
        return _Update.model_validate_json(body)
    except ValidationError as exc:
        raise BadPayload("not an update of the Telegram Bot API") from exc


def _from_membership(external_id: str, changed: _Membership) -> list[Incoming]:
    """Put into a group, the bot says how to speak to it."""
    added = changed.old.status in _OUT and changed.new.status in _IN
    if not added or changed.chat.type not in ("group", "supergroup"):
        return []
    return [Incoming(_chat(changed.chat, changed.sender), external_id, IncomingKind.ADDED)]


def _from_correction(external_id: str, message: _Message, me: Me) -> list[Incoming]:
    """Words changed soon after they were sent are said anew. A live location that moves is not."""
    if message.location or message.edit_date - message.date > CORRECTED:
        return []
    return [said for said in _from_message(external_id, message, me) if said.kind is IncomingKind.TEXT]


def _from_callback(external_id: str, tap: _Callback) -> list[Incoming]:
    action = printable(tap.data)
    if not tap.message or not action:
        return []
    chat = _chat(tap.message.chat, tap.sender)
    return [Incoming(chat, external_id, IncomingKind.BUTTON, action=action, reply_token=printable(tap.id))]


def _from_message(external_id: str, message: _Message, me: Me) -> list[Incoming]:
    sender = message.sender
    if sender is None or sender.is_bot or message.chat.type == "channel":
        return []
    text = message.text or message.caption
    if message.chat.type != "private":
        addressed, text = _addressed(message, text, me)
        if not addressed:
            return []
    text = printable(text)
    place = message.location
    if place:
        kind = IncomingKind.LOCATION
    elif text.strip():
        kind = IncomingKind.TEXT
    elif message.media is not None or message.text or message.caption:
        kind = IncomingKind.MEDIA
    else:
        return []
    return [
        Incoming(
            chat=_chat(message.chat, sender),
            external_id=external_id,
            kind=kind,
            text=text,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            media=message.media or "" if kind is IncomingKind.MEDIA else "",
            received_at=datetime.fromtimestamp(message.date, UTC) if message.date else None,
        )
    ]


def _chat(chat: _Chat, sender: _User) -> Chat:
    return Chat("telegram", str(chat.id), printable(sender.first_name), printable(sender.language_code))


def _addressed(message: _Message, text: str, me: Me) -> tuple[bool, str]:
    """In a group: whether the bot is spoken to (reply, command or mention), and the words without its name."""
    replied = message.reply_to_message
    addressed = bool(replied and replied.sender and replied.sender.id == me.id)
    wide = text.encode("utf-16-le", "replace")
    for entity in message.entities if message.text else message.caption_entities:
        start, end = entity.offset * 2, (entity.offset + entity.length) * 2
        words = wide[start:end].decode("utf-16-le", "replace")
        command, _, name = words.partition("@")
        if entity.type == "bot_command" and (not name or _is_me(name, me)):
            addressed = True
            text = text.replace(words, command, 1)
        elif entity.type == "mention" and _is_me(name, me):
            addressed = True
            text = re.sub(rf"\s?{re.escape(words)}[,:]?", "", text, count=1).strip()
        elif entity.type == "text_mention" and entity.user and entity.user.id == me.id:
            addressed = True
    return addressed, text


def _is_me(name: str, me: Me) -> bool:
    """Whether a @name is the bot's; the names of all bots end in "bot"."""
    return name.lower() == me.username.lower() if me.username else name.lower().endswith("bot")
