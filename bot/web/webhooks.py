"""Messages coming in from the chat apps: verified, stored, handed to a worker, answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channel import BadPayload, BadSignature, Channel, ChannelError, Event, EventKind, Request
from bot.channels.whatsapp import StatusUpdate
from bot.queue import Job
from bot.web.parts import intake, parts
from storage.fates import News
from storage.store import Store

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
    intake().accept(channel.name, incoming)
    if not incoming and isinstance(channel, Witnessing):
        _note_events(channel.name, _read(channel.receive_events))
    return Response(status=200)


@routes.post("/whatsapp")
def whatsapp() -> Response:
    """A message from Twilio."""
    channel = _enabled("whatsapp")
    intake().accept(channel.name, _read(channel.receive))
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


@routes.errorhandler(SQLAlchemyError)
def not_now(error: SQLAlchemyError) -> tuple[str, int]:
    """The database does not take it: the app sends it again, as long as nobody says 200."""
    log.error("a message could not be kept", error=type(error).__name__)
    return "", 503


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
    """Keep the news. A part that did not arrive is owed again; what waited for this message may go out now."""
    store, trouble = parts().store, update.trouble
    if trouble is not None:
        log.info("not delivered", channel=channel, reason=str(trouble))
    with store.session() as session:
        chat_id = store.chats.find(session, channel, update.chat.address)
        if chat_id is None:
            return
        news = store.fates.became(session, chat_id, channel, update.message_id, update.fate, str(trouble or ""))
        if trouble is not None and (news.is_new or trouble.gone):
            _not_delivered(store, session, chat_id, news, trouble)
        waits = news.is_new and bool(store.outbox.owed(session, chat_id))
    if waits:
        parts().queue.put(Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{update.message_id[:40]}"))


def _not_delivered(store: Store, session: Session, chat_id: int, news: News, trouble: ChannelError) -> None:
    """How often it is tried, and when it is given up, is for whoever delivers to say."""
    if trouble.gone:
        store.stop_writing(session, chat_id, opted_out=trouble.opted_out, by_app=trouble.listed)
        return
    if trouble.closed:
        store.windows.close(session, chat_id)
    if news.reply_id is not None:
        at_once = trouble.closed or trouble.permanent
        store.outbox.again(session, news.reply_id, news.part, "not delivered", pause=not at_once)


def _note_events(channel: str, events: Sequence[Event]) -> None:
    """Keep what happened to chats that we know."""
    store = parts().store
    for event in events:
        with store.session() as session:
            chat_id = store.chats.find(session, channel, event.address)
            if chat_id is None:
                continue
            if event.kind is EventKind.MOVED:
                store.chats.move(session, chat_id, event.moved_to)
            else:
                store.chats.block(session, chat_id)
        log.info("a chat changed", channel=channel, chat=chat_id, what=str(event.kind))


def _as_called() -> Request:
    query = request.query_string.decode("latin-1")
    return Request(
        body=request.get_data(),  # kept: an update is looked at for messages, then for events
        headers={  # of WSGI itself: werkzeug's view of them is four times as slow to walk through
            name[5:].replace("_", "-").lower(): value
            for name, value in request.environ.items()
            if name.startswith("HTTP_")
        },
        url=parts().settings.public_url + request.path + (f"?{query}" if query else ""),
        content_type=request.content_type or "",
    )
