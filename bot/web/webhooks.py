"""Messages coming in from the chat apps: verified, stored, handed to a worker, answered.

They are answered in front of Flask: most requests are theirs, and all that it does for pages and people they need not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol, runtime_checkable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from bot.channel import BadPayload, BadSignature, Channel, ChannelError, Event, EventKind, Request
from bot.channels.whatsapp import StatusUpdate
from bot.intake import Intake
from bot.queue import Job
from bot.web.arrivals import BODY_LIMIT
from bot.web.metrics import Meters, meters_of
from bot.web.parts import Parts, intake_of, parts_of
from storage.fates import News
from storage.locks import Busy
from storage.store import Store

log = structlog.get_logger(__name__)
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
XML = ("Content-Type", "text/xml; charset=utf-8")
# Of ours: they are counted and answered in our own way, like those on pages.
_MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)


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


class Webhooks:
    """A WSGI application that answers the chat apps and hands all other requests on to `rest`.

    What it answers has `headers`, and a body only where an app wants one. It is counted like what Flask answers.
    """

    def __init__(self, site: Flask, rest: WSGIApplication, headers: Iterable[tuple[str, str]]) -> None:
        self._site, self._rest, self._headers = site, rest, tuple(headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        route = environ.get("PATH_INFO", "")
        hook = HOOKS.get(route)
        if hook is None:
            return self._rest(environ, start_response)
        began = time.perf_counter()
        receive, app, body = hook
        status = self._status(receive, app, environ)
        body = body if status is HTTPStatus.OK else b""
        headers = [*self._headers, ("Content-Length", str(len(body)))]
        if body:
            headers.append(XML)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        start_response(f"{status.value} {status.phrase}", headers)
        self._meters.note(environ["REQUEST_METHOD"], route, status, time.perf_counter() - began)
        return [body]

    @property
    def _meters(self) -> Meters:
        return meters_of(self._site)

    def _status(self, receive: Receive, app: str, environ: WSGIEnvironment) -> HTTPStatus:
        if environ["REQUEST_METHOD"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        parts = parts_of(self._site)
        channel = parts.channels.get(app)
        if channel is None:
            return HTTPStatus.NOT_FOUND
        try:
            receive(parts, intake_of(self._site), channel, _as_called(environ, parts.settings.public_url))
        except BadSignature:
            return HTTPStatus.FORBIDDEN
        except BadPayload:
            return HTTPStatus.BAD_REQUEST
        except HTTPException as exc:  # of who reads the body
            return HTTPStatus(exc.code or HTTPStatus.BAD_REQUEST)
        except (SQLAlchemyError, Busy) as exc:
            # The database does not take it: the app sends it again, as long as nobody says 200.
            log.error("a message could not be kept", error=type(exc).__name__)
            return HTTPStatus.SERVICE_UNAVAILABLE
        except _MISTAKES:
            log.exception("a webhook failed", app=app)
            return HTTPStatus.INTERNAL_SERVER_ERROR
        return HTTPStatus.OK


def _as_called(environ: WSGIEnvironment, public_url: str) -> Request:
    """The request as its sender made it. Raises HTTPException when its body is too long or breaks off."""
    query = environ.get("QUERY_STRING", "")
    return Request(
        body=get_input_stream(environ, max_content_length=BODY_LIMIT).read(),
        headers={
            name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
        },
        url=f"{public_url}{environ['PATH_INFO']}{f'?{query}' if query else ''}",
        content_type=environ.get("CONTENT_TYPE", ""),
    )


def _message(parts: Parts, intake: Intake, channel: Channel, request: Request) -> None:
    """A message, or something else that happened in a chat."""
    incoming = channel.receive(request)
    intake.accept(channel.name, incoming)
    if not incoming and isinstance(channel, Witnessing):
        _note_events(parts.store, channel.name, channel.receive_events(request))


def _fate(parts: Parts, _: Intake, channel: Channel, request: Request) -> None:
    """The fate of a message of ours: one that can never arrive ends the writing to that chat."""
    if isinstance(channel, Reporting) and (update := channel.receive_status(request)) is not None:
        _note(parts, channel.name, update)


Receive = Callable[[Parts, Intake, Channel, Request], None]
# By path: what is done, for which app, and what it is answered.
HOOKS: Mapping[str, tuple[Receive, str, bytes]] = MappingProxyType(
    {
        "/webhooks/telegram": (_message, "telegram", b""),
        "/webhooks/whatsapp": (_message, "whatsapp", EMPTY_TWIML),
        "/webhooks/whatsapp/status": (_fate, "whatsapp", EMPTY_TWIML),
    }
)


def _note(parts: Parts, channel: str, update: StatusUpdate) -> None:
    """Keep the news. A part that did not arrive is owed again; what waited for this message may go out now."""
    store, trouble = parts.store, update.trouble
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
        parts.queue.put(Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{update.message_id[:40]}"))


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


def _note_events(store: Store, channel: str, events: Sequence[Event]) -> None:
    """Keep what happened to chats that we know."""
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
