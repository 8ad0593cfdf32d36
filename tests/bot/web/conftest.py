"""The web application over a real store, with the queue and the chat apps as simple stand-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.channel import Channel
from bot.channels.browser import Browser
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.config import Settings
from bot.contents import Forms
from bot.queue import Job
from bot.replies import Attachment
from bot.web.app import create_app
from storage.store import Store
from storage.vault import Vault
from tests.samples import mombasa

SECRET = "web-tests-" + "s" * 32
PUBLIC_URL = "https://safiri.example"


@dataclass
class ListQueue:
    """A queue that only remembers; `up` False is a Redis that is away."""

    jobs: list[Job] = field(default_factory=list)
    up: bool = True

    def put(self, job: Job) -> bool:
        if self.up:
            self.jobs.append(job)
        return self.up

    def put_all(self, jobs: Sequence[Job]) -> bool:
        return all(self.put(job) for job in jobs)


@dataclass
class Site:
    """Everything the web process needs."""

    settings: Settings
    store: Store
    queue: ListQueue
    channels: Mapping[str, Channel]


class NoDocuments:
    def content(self, attachment: Attachment) -> bytes:
        raise LookupError(attachment.name)

    def url(self, attachment: Attachment) -> str:
        raise LookupError(attachment.name)


def settings(**changes: object) -> Settings:
    values: dict[str, object] = {
        "public_url": PUBLIC_URL,
        "secret_keys": (SECRET,),
        "telegram_token": "123456:" + "t" * 30,
        "telegram_secret": "hush",
        "twilio_sid": "AC" + "0" * 32,
        "twilio_token": "twilio-token",
        "twilio_from": "whatsapp:+14155238886",
        "demo": True,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def site_of(chosen: Settings, store: Store) -> Site:
    sent, forms = store.sent_ids, Forms(store)
    kinds = (Telegram, WhatsApp, Browser)
    built = {
        kind.name: kind.from_settings(chosen, NoDocuments(), sent(kind.name), store.memory, forms) for kind in kinds
    }
    return Site(chosen, store, ListQueue(), {name: channel for name, channel in built.items() if channel})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(f"sqlite:///{tmp_path}/web.db", Vault((SECRET,)))
    kept.migrate()
    yield kept
    kept.close()


@pytest.fixture
def site(store: Store) -> Site:
    return site_of(settings(), store)


@pytest.fixture
def flask(site: Site) -> Flask:
    return create_app(site)


@pytest.fixture
def client(flask: Flask) -> FlaskClient:
    return flask.test_client()


@dataclass(frozen=True)
class Shared:
    trip_id: str
    token: str


@pytest.fixture
def shared(store: Store) -> Shared:
    """The Mombasa trip, saved and shared, with its documents."""
    with store.session() as s:
        chat = store.chats.open(s, "telegram", "4711")
        trip_id = store.trips.create(s, chat)
        store.trips.save(s, replace(mombasa(), id=trip_id))
        store.trips.put_document(s, trip_id, 2, "pdf", "mombasa-27-nov.pdf", b"%PDF-1.7 plan")
        store.trips.put_document(s, trip_id, 2, "ics", "mombasa.ics", b"BEGIN:VCALENDAR\r\n")
        return Shared(trip_id, store.trips.token(s, trip_id))
