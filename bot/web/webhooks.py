"""Messages coming in from the chat apps: verified, stored, handed to a worker, answered.

They are answered in front of Flask: most requests are theirs, and all that it does for pages and people they need not.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol, runtime_checkable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from bot.channel import BadPayload, BadSignature, Channel, ChannelError, Event, EventKind, Incoming, Request
from bot.channels.whatsapp import StatusUpdate
from bot.intake import NOT_KEPT, NotKept
from bot.queue import Job
from bot.web.arrivals import BODY_LIMIT
from bot.web.metrics import Meters, meters_of
from bot.web.parts import Parts, intake_of, parts_of
from storage.fates import News
from storage.store import Store

log = structlog.get_logger(__name__)
KEY = "safiri_webhooks"
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered."""

    status: HTTPStatus
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status_line(self) -> str:
        """As WSGI wants it."""
        return f"{self.status.value} {self.status.phrase}"


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was made of a request: its status as far as that is known, and the messages that it brought."""

    status: HTTPStatus
    app: str = ""
    incoming: Sequence[Incoming] = ()


class Webhooks:
    """A WSGI application that answers the chat apps and hands all other requests on to `rest`.

    What it answers has `headers`, and a body only where an app wants one. It is counted like what Flask answers.
    """

    def __init__(self, site: Flask, rest: WSGIApplication, headers: Iterable[tuple[str, str]]) -> None:
        self._site, self._rest, self._headers = site, rest, tuple(headers)
        site.extensions[KEY] = self

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") not in HOOKS:
            return self._rest(environ, start_response)
        (answer,) = self.answer_all([environ])
        start_response(answer.status_line, answer.headers)
        return [answer.body]

    def answer_all(self, environs: Sequence[WSGIEnvironment]) -> list[Answer]:
        """Answer requests for us that came at one moment. What they bring is kept together."""
        began = time.perf_counter()
        heard = [self._hear(environ) for environ in environs]
        statuses = self._keep(heard)
        seconds = time.perf_counter() - began
        for environ, status in zip(environs, statuses, strict=True):
            route = environ["PATH_INFO"] if environ["PATH_INFO"] in HOOKS else "none"
            self._meters.note(environ["REQUEST_METHOD"], route, status, seconds)
        return [self._answer(environ, status) for environ, status in zip(environs, statuses, strict=True)]

    @property
    def _meters(self) -> Meters:
        return meters_of(self._site)

    def _hear(self, environ: WSGIEnvironment) -> _Heard:
        """Understand a request, and note what it says about other than messages."""
        if environ["REQUEST_METHOD"] != "POST":
            return _Heard(HTTPStatus.METHOD_NOT_ALLOWED)
        hook, parts = HOOKS.get(environ["PATH_INFO"]), parts_of(self._site)
        channel = parts.channels.get(hook.app) if hook else None
        if hook is None or channel is None:  # where a proxy says that we are below a path, it is not the one asked for
            return _Heard(HTTPStatus.NOT_FOUND)
        try:
            incoming = hook.receive(parts, channel, _as_called(environ, parts.settings.public_url))
        except BadSignature:
            return _Heard(HTTPStatus.FORBIDDEN)
        except BadPayload:
            return _Heard(HTTPStatus.BAD_REQUEST)
        except HTTPException as exc:  # of who reads the body
            return _Heard(HTTPStatus(exc.code or HTTPStatus.BAD_REQUEST))
        except NOT_KEPT as exc:
            return _Heard(_not_kept(exc))
        except _MISTAKES:
            log.exception("a webhook failed", app=hook.app)
            return _Heard(HTTPStatus.INTERNAL_SERVER_ERROR)
        return _Heard(HTTPStatus.OK, channel.name, incoming)

    def _keep(self, heard: Sequence[_Heard]) -> list[HTTPStatus]:
        """Keep the messages; what each request is answered now."""
        try:
            problems = intake_of(parts_of(self._site)).accept_all([(of.app, of.incoming) for of in heard])
        except _MISTAKES:
            if len(heard) > 1:  # only who caused it is to suffer; what was kept already counts as a repeat
                return [status for of in heard for status in self._keep([of])]
            log.exception("messages were not kept")
            return [HTTPStatus.INTERNAL_SERVER_ERROR]
        return [
            of.status if problem is None else _not_kept(problem) for of, problem in zip(heard, problems, strict=True)
        ]

    def _answer(self, environ: WSGIEnvironment, status: HTTPStatus) -> Answer:
        body = HOOKS[environ["PATH_INFO"]].body if status is HTTPStatus.OK else b""
        headers = [*self._headers, ("Content-Length", str(len(body)))]
        if body:
            headers.append(XML)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        return Answer(status, headers, body)


def webhooks_of(application: object) -> Webhooks | None:
    """The webhooks of a web application; None when it has none."""
    return getattr(application, "extensions", {}).get(KEY)


def _not_kept(problem: NotKept) -> HTTPStatus:
    # The database does not take it: the app sends it again, as long as nobody says 200.
    log.error("a message could not be kept", error=type(problem).__name__)
    return HTTPStatus.SERVICE_UNAVAILABLE


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


def _message(parts: Parts, channel: Channel, request: Request) -> list[Incoming]:
    """A message, or something else that happened in a chat."""
    incoming = channel.receive(request)
    if not incoming and isinstance(channel, Witnessing):
        _note_events(parts.store, channel.name, channel.receive_events(request))
    return incoming


def _fate(parts: Parts, channel: Channel, request: Request) -> list[Incoming]:
    """The fate of a message of ours: one that can never arrive ends the writing to that chat."""
    if isinstance(channel, Reporting) and (update := channel.receive_status(request)) is not None:
        _note(parts, channel.name, update)
    return []


@dataclass(frozen=True, slots=True)
class _Hook:
    """What is done with a request, for which app, and what it is answered."""

    receive: Callable[[Parts, Channel, Request], list[Incoming]]
    app: str
    body: bytes = b""


HOOKS: Mapping[str, _Hook] = MappingProxyType(
    {
        "/webhooks/telegram": _Hook(_message, "telegram"),
        "/webhooks/whatsapp": _Hook(_message, "whatsapp", EMPTY_TWIML),
        "/webhooks/whatsapp/status": _Hook(_fate, "whatsapp", EMPTY_TWIML),
    }
)
# How a request that may bring messages begins.
BRINGS_MESSAGES = re.compile(
    b"POST (%s)[ ?]" % b"|".join(path.encode() for path, hook in HOOKS.items() if hook.receive is _message)
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
