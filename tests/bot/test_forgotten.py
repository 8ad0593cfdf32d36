"""What is exported is everything, and what is deleted is gone: looked for in every table and every key of Redis."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import redis
from sqlalchemy import select

from bot import jobs
from bot.channel import Chat, Incoming, IncomingKind
from bot.config import Settings
from bot.documents.mydata import render
from bot.queue import InlineQueue
from bot.web.app import create_app
from bot.wiring import App
from storage import export
from storage.tables import Base
from storage.vault import Vault
from tests.bot.accepting import accept
from tests.bot.test_conversation import Recorder
from tests.conftest import SECRET
from tests.storage.test_retention import NOBODYS

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
TOKEN = re.compile(r"gAAAA[\w-]{40,}={0,2}")


@dataclass
class Person:
    """Somebody who does everything there is to do, in words of their own."""

    app: App
    channel: Recorder
    number: str  # of their phone; all else that is theirs is made of it

    @property
    def address(self) -> str:
        return f"+2547{self.number}"

    def say(self, text: str, **more: object) -> None:
        given = {"kind": IncomingKind.TEXT, "text": text, **more}
        self.said = getattr(self, "said", 0) + 1
        incoming = Incoming(
            Chat("test", self.address, f"Wanjiku{self.number}", "en"),
            f"message-{self.number}-{self.said}",
            **given,  # type: ignore[arg-type]
        )
        accept(self.app, self.channel, [incoming])

    def live(self) -> None:
        """Searches, a plan, its page and links, a booking, a change, a file of everything."""
        self.say(f"hello, I am Wanjiku{self.number}")
        self.say("Nairobi to Kisumu tomorrow by bus")
        self.say(SENTENCE)
        self.say(f"call this trip surprise{self.number}")
        self.say("book it")
        self.say(f"booked the train there, ref REF{self.number}")
        self.say("cheaper hotel")
        self.say("send me the pdf")
        self.say("my data")
        store = self.app.store
        store.sent_ids("test").put(Chat("test", self.address), "plan", f"sent-{self.number}")
        web = create_app(self.app).test_client()
        for trip in self.trips():
            with store.session() as s:
                token = store.trips.token(s, trip)
            page = web.get(f"/t/{token}").get_data(as_text=True)
            for path in set(re.findall(r"/go/[\w-]+", page)):
                assert web.get(f"{path}?anyway=1").status_code == 302

    def chat_id(self) -> int:
        with self.app.store.reading() as s:
            found = self.app.store.chats.find(s, "test", self.address)
        assert found is not None
        return found

    def trips(self) -> list[str]:
        with self.app.store.reading() as s:
            return [row.id for row in self.app.store.trips.of_chat(s, self.chat_id())]

    def traces(self) -> list[str]:
        """What would give them away, wherever it stood."""
        vault, store = Vault((SECRET,)), self.app.store
        trips = self.trips()
        with store.session() as s:
            tokens = [store.trips.token(s, trip) for trip in trips]
        hashes = vault.lookups("address_hash", self.address) + tuple(vault.lookup("token_hash", t) for t in tokens)
        return [self.number, *trips, *tokens, *hashes]


@pytest.fixture
def app(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[App]:
    settings = Settings(
        secret_keys=(SECRET,), database_url=database_url, redis_url=redis_url, today=date(2026, 11, 23), offline=True,
        var=tmp_path,
    )  # fmt: skip
    made = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(made, job)), extra={"test": Recorder()})
    with closing(made.store):
        yield made


def person(app: App, number: str) -> Person:
    channel = app.channels["test"]
    assert isinstance(channel, Recorder)
    return Person(app, channel, number)


def opened(text: str) -> str:
    """The same with what is sealed in it readable."""
    vault = Vault((SECRET,))
    return TOKEN.sub(lambda found: vault.open_bytes(found[0].encode()).decode("utf-8", "replace"), text)


def in_tables(app: App) -> dict[str, str]:
    """Every row of every table, in clear, by table."""
    found: dict[str, str] = {}
    with app.store.reading() as s:
        for table in Base.metadata.sorted_tables:
            rows = s.execute(select(table)).all()
            found[table.name] = "\n".join(
                opened(" | ".join(cell.decode() if isinstance(cell, bytes) else str(cell) for cell in row))
                for row in rows
            )
    return found


def in_redis(client: redis.Redis) -> dict[str, str]:
    """Every key of every kind with what it holds."""
    found: dict[str, str] = {}
    for key in client.scan_iter("*"):
        match client.type(key):
            case b"string":
                value: object = client.get(key)
            case b"list":
                value = client.lrange(key, 0, -1)
            case b"hash":
                value = client.hgetall(key)
            case b"set":
                value = client.smembers(key)
            case b"zset":
                value = client.zrange(key, 0, -1)
            case other:
                raise AssertionError(f"{key!r} is a {other!r}: look into it too")
        found[key.decode()] = opened(str(value))
    return found


def hits(places: dict[str, str], traces: list[str]) -> set[str]:
    return {place for place, text in places.items() if any(trace in text or trace in place for trace in traces)}


def test_after_delete_my_data_nothing_is_left_anywhere(app: App, redis_client: redis.Redis) -> None:
    me, other = person(app, "11222333"), person(app, "44555666")
    me.live()
    other.live()
    mine, chat = me.traces(), me.chat_id()
    kept = in_tables(app)
    known = {name for name in export.tables() if kept[name]}
    assert known >= {
        "chats", "inbox", "outbox", "tasks", "conversations", "trips", "itineraries", "items", "documents", "bookings",
        "links", "clicks", "sent_ids",
    }, "the conversation did not reach every table: the test would look at nothing"  # fmt: skip
    assert hits(kept, mine) >= {"chats", "inbox", "conversations", "trips", "itineraries", "items", "bookings"}
    assert hits(in_redis(redis_client), [f"conversation:{chat}"])

    me.say("delete my data")
    me.say("yes")

    assert hits(in_tables(app), mine) == set()
    assert hits(in_redis(redis_client), mine) == set()
    assert [key for key in in_redis(redis_client) if re.search(rf"\b{chat}\b", key)] == []
    with app.store.reading() as s:
        for table in Base.metadata.sorted_tables:
            if "chat_id" in table.c:
                assert s.execute(select(table).where(table.c.chat_id == chat)).all() == [], table.name
    theirs = other.traces()
    assert hits(in_tables(app), theirs) >= {"chats", "inbox", "conversations", "trips", "bookings"}, (
        "others lost theirs"
    )
    me.say("hello")
    assert me.chat_id() != chat, "who comes back is somebody new"


def test_what_is_handed_out_is_every_row_of_every_table_about_the_chat(app: App) -> None:
    me, other = person(app, "11222333"), person(app, "44555666")
    me.live()
    other.live()
    with app.store.reading() as s:
        parts = app.store.export(s, me.chat_id())
        mine = {"chat": me.chat_id(), "trips": set(me.trips())}
        for table in Base.metadata.sorted_tables:
            rows = s.execute(select(table)).mappings().all()
            about_me = [
                row for row in rows
                if row.get("chat_id") == mine["chat"] or row.get("trip_id") in mine["trips"]
                or (table.name == "chats" and row["id"] == mine["chat"])
            ]  # fmt: skip
            if table.name in NOBODYS:
                assert about_me == []
            elif table.name != "clicks":  # they hang on links
                assert len(parts[table.name]) == len(about_me), table.name
    assert parts["clicks"]
    file = render(parts, "en", datetime(2026, 11, 23, tzinfo=UTC)).decode()
    told = json.loads(file)
    for word in (me.address, f"Wanjiku{me.number}", f"surprise{me.number}", f"REF{me.number}", SENTENCE):
        assert word in file, f"{word} is kept and not told"
    assert hits({"file": file}, other.traces()) == set()
    assert not TOKEN.search(file)
    assert {name for name in told if name != "about"} == set(export.tables())


def test_no_table_about_a_chat_escapes_both() -> None:
    """A new table is exported and deleted by its foreign keys; one that names a chat without them would not be."""
    for table in Base.metadata.sorted_tables:
        if table.name not in NOBODYS:
            assert table.name in export.tables()
            ends = {key.ondelete for key in table.foreign_keys}
            assert ends <= {"CASCADE"}, f"{table.name} would stay, or stop the deletion"
