"""A conversation in the browser: whose it is, what was said, what is being worked on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import session

from bot.channel import Channel, Request
from bot.channels.browser import to_json
from bot.replies import Attachment, Reply
from bot.web.language import chosen
from bot.web.parts import intake_of, parts
from storage import codec

CHANNEL = "browser"
TEXT_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Message:
    """One reply as a page shows it: the JSON of `bot.channels.browser` and its id."""

    id: int
    shown: dict[str, object]


class OwnFiles:
    """Addresses of a reply's documents that only the browser it was sent to can open."""

    def __init__(self, message_id: int, reply: Reply) -> None:
        self._message_id, self._attachments = message_id, reply.attachments

    def url(self, attachment: Attachment) -> str:
        """The address under our own site."""
        return f"/chat/files/{self._message_id}/{self._attachments.index(attachment)}"

    def content(self, attachment: Attachment) -> bytes:
        """Never: a page shows addresses."""
        raise LookupError(attachment.name)


def channel() -> Channel | None:
    """The browser channel, if it is on."""
    return parts().channels.get(CHANNEL)


def begin() -> str:
    """The address of this browser's conversation: a random name in a signed cookie, made at the first visit."""
    if "chat" not in session:
        session["chat"] = secrets.token_urlsafe(16)
        session.permanent = True
    return str(session["chat"])


def say(message_id: str, text: str = "", action: str = "") -> None:
    """Send a message or a tapped button; the same `message_id` again does nothing. Raises BadPayload."""
    browser = channel()
    if browser is None:
        raise LookupError("the browser channel is off")
    body = {"chat": begin(), "id": message_id, "text": text, "action": action, "lang": chosen()}
    request = Request(json.dumps(body).encode(), {}, parts().settings.public_url + "/chat/messages", "application/json")
    intake_of(parts()).accept(browser.name, browser.receive(request))


def heard(after: int = 0) -> tuple[tuple[Message, ...], bool]:
    """The replies since `after`, and whether more is being worked on."""
    store = parts().store
    with store.reading() as database:
        chat_id = store.chats.find(database, CHANNEL, begin())
        if chat_id is None:
            return (), False
        # In the order in which one becomes the other, so that none is missed while it does.
        working = (
            bool(store.inbox.unread(database, chat_id))
            or store.tasks.is_owed(database, chat_id)
            or bool(store.outbox.owed(database, chat_id))
        )
        rows = store.outbox.since(database, chat_id, after)
    return tuple(_message(row.id, codec.load(Reply, row.payload)) for row in rows), working


def reply(message_id: int) -> Reply | None:
    """One reply of this conversation."""
    store = parts().store
    with store.reading() as database:
        chat_id = store.chats.find(database, CHANNEL, begin())
        rows = store.outbox.since(database, chat_id, message_id - 1) if chat_id else []
    return next((codec.load(Reply, row.payload) for row in rows if row.id == message_id), None)


def latest(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages with only the newest of each progress key, where the first of them stood."""
    kept: dict[object, Message] = {}
    for message in messages:
        kept[message.shown["progress"] or message.id] = message
    return tuple(kept.values())


def _message(message_id: int, said: Reply) -> Message:
    return Message(message_id, to_json(said, OwnFiles(message_id, said)))
