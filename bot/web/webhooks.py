"""Messages coming in from the chat apps: verified, stored, handed to a worker, answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

import structlog
from flask import Blueprint, Response, abort, request

from bot.channel import BadPayload, BadSignature, Channel, Event, EventKind, Incoming, Request
from bot.channels.whatsapp import StatusUpdate
from bot.queue import Job
from bot.web.parts import Parts, parts
from storage import codec

T = TypeVar("T")
log = structlog.get_logger(__name__)
routes = Blueprint("webhooks", __name__, url_prefix="/webhooks")
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@runtime_checkable
class Reporting(Protocol):
    """A channel that hears what became of the messages it sent."""

    def receive_status(self, request: Request) -> StatusUpdate | None:
        """Verify and translate. Raises BadSignature or BadPayload; None for news of no interest."""
        ...


@runtime_checkable
class Witnessing(Protocol):
    """A channel that hears what happens to chats besides messages."""

    def receive_events(self, request: Request) -> list[Event]:
        """Verify and translate. Raises BadSignature or BadPayload; an update of no interest gives an empty list."""
        ...


@routes.post("/telegram")
def telegram() -> Response:
    """An update of the Telegram Bot API."""
    channel = _enabled("telegram")
    incoming = _read(channel.receive)
    accept(parts(), channel, incoming)
    if not incoming and isinstance(channel, Witnessing):
        note_events(parts(), channel, _read(channel.receive_events))
    return Response(status=200)


@routes.post("/whatsapp")
def whatsapp() -> Response:
    """A message from Twilio."""
    channel = _enabled("whatsapp")
    accept(parts(), channel, _read(channel.receive))
    return Response(EMPTY_TWIML, mimetype="text/xml")


@routes.post("/whatsapp/status")
def whatsapp_status() -> Response:
    """The fate of a message of ours: one that can never arrive ends the writing to that chat."""
    channel = _enabled("whatsapp")
    if isinstance(channel, Reporting):
        update = _read(channel.receive_status)
        if update is not None:
            _note(channel.name, update)
    return Response(EMPTY_TWIML, mimetype="text/xml")


def _enabled(name: str) -> Channel:
    channel = parts().channels.get(name)
    if channel is None:
        abort(404)
    return channel


def _read(receive: Callable[[Request], T]) -> T:
    try:
        return receive(_as_called())
    except BadSignature:
        abort(403)
    except BadPayload:
        abort(400)


def _note(channel: str, update: StatusUpdate) -> None:
    """Keep the news. What waited for this message to arrive may go out now."""
    store, trouble = parts().store, update.trouble
    if trouble is not None:
        log.info("not delivered", channel=channel, reason=str(trouble))
    with store.session() as session:
        chat_id = store.chats.find(session, channel, update.chat.address)
        if chat_id is None:
            return
        is_news = store.fates.became(session, chat_id, channel, update.message_id, update.fate, str(trouble or ""))
        if trouble is not None and trouble.gone:
            store.chats.block(session, chat_id)
        waits = is_news and bool(store.outbox.owed(session, chat_id))
    if waits:
        parts().queue.put(Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{update.message_id[:40]}"))


def _as_called() -> Request:
    query = request.query_string.decode("latin-1")
    return Request(
        body=request.get_data(),  # kept: an update is looked at for messages, then for events
        headers={name.lower(): value for name, value in request.headers.items()},
        url=parts().settings.public_url + request.path + (f"?{query}" if query else ""),
        content_type=request.content_type or "",
    )


def accept(app: Parts, channel: Channel, incoming: Sequence[Incoming]) -> None:
    """Keep the messages, then tell the workers. A repeat is kept once; an untold worker finds it in its sweep."""
    kept = []
    with app.store.session() as session:
        for message in incoming:
            chat = message.chat
            chat_id = app.store.chats.open(session, channel.name, chat.address, chat.name, chat.language)
            inbox_id = app.store.inbox.accept(session, chat_id, channel.name, message.external_id, codec.dump(message))
            if inbox_id is not None:
                kept.append(inbox_id)
    for inbox_id in kept:
        app.queue.put(Job("handle_message", (inbox_id,), "chat", key=f"inbox-{inbox_id}"))


def note_events(app: Parts, channel: Channel, events: Sequence[Event]) -> None:
    """Keep what happened to chats that we know."""
    for event in events:
        with app.store.session() as session:
            chat_id = app.store.chats.find(session, channel.name, event.address)
            if chat_id is None:
                continue
            if event.kind is EventKind.MOVED:
                app.store.chats.move(session, chat_id, event.moved_to)
            else:
                app.store.chats.block(session, chat_id)
        log.info("a chat changed", channel=channel.name, chat=chat_id, what=str(event.kind))
