"""Who wants nothing from us is left alone for ever."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from storage.optouts import Refusal
from storage.store import Store
from storage.vault import Vault
from tests.conftest import SECRET, Clock

NEW = "another secret, another secret, another"
ADDRESS = "whatsapp:+254711000111"


def test_nobody_is_on_the_list_who_did_not_ask(store: Store) -> None:
    with store.session() as s:
        assert store.optouts.of(s, "whatsapp", ADDRESS) is None
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=7, by_app=False)
        assert store.optouts.of(s, "whatsapp", ADDRESS) == Refusal(by_app=False, last_reply=7)
        assert store.optouts.of(s, "telegram", ADDRESS) is None
        assert store.optouts.of(s, "whatsapp", f"{ADDRESS}1") is None


def test_a_later_word_counts_and_start_ends_it(store: Store) -> None:
    with store.session() as s:
        store.optouts.end(s, "whatsapp", ADDRESS)  # before anybody opted out
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=7, by_app=False)
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=0, by_app=True)
        assert store.optouts.of(s, "whatsapp", ADDRESS) == Refusal(by_app=True, last_reply=0)
        store.optouts.end(s, "whatsapp", ADDRESS)
        assert store.optouts.of(s, "whatsapp", ADDRESS) is None


def test_one_transaction_looks_each_address_up_once(store: Store) -> None:
    with store.session() as s:
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=7, by_app=False)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for _ in range(2):
            with store.reading() as s:
                for _ in range(3):
                    assert store.optouts.of(s, "whatsapp", ADDRESS) is not None
                    assert store.optouts.of(s, "telegram", ADDRESS) is None
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert sum("FROM optouts" in statement for statement in asked) == 4


def test_it_outlives_the_chat_and_every_purge(store: Store, clock: Clock) -> None:
    with store.session() as s:
        chat = store.chats.open(s, "whatsapp", ADDRESS)
        store.stop_writing(s, chat, opted_out=True, by_app=True)
        assert store.chats.get(s, chat).blocked
        assert store.forget(s, chat)
    clock.advance(timedelta(days=4000))
    store.purge(timedelta())
    with store.reading() as s:
        assert store.optouts.of(s, "whatsapp", ADDRESS) == Refusal(by_app=True, last_reply=0)


def test_it_outlives_the_secret_it_was_made_under(store: Store, database_url: str) -> None:
    with store.session() as s:
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=0, by_app=True)
    with closing(Store(database_url, Vault((NEW, SECRET)))) as rotating:
        assert rotating.reencrypt()["keys"] == 1
    with closing(Store(database_url, Vault((NEW,)))) as after, after.reading() as s:
        assert after.optouts.of(s, "whatsapp", ADDRESS) is not None


def test_processes_that_opt_somebody_out_first_agree_on_the_key(store: Store, database_url: str) -> None:
    with closing(Store(database_url, Vault((SECRET,)))) as other:
        for made in (store, other):
            with made.session() as s:
                made.optouts.add(s, "whatsapp", f"{ADDRESS}{id(made)}", last_reply=0, by_app=True)
        with other.reading() as s:
            assert other.optouts.of(s, "whatsapp", f"{ADDRESS}{id(store)}") is not None


def test_a_key_that_was_rolled_back_is_not_used_again(store: Store) -> None:
    with store.session() as s:
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=0, by_app=True)
        s.rollback()
    with store.session() as s:
        assert store.optouts.of(s, "whatsapp", ADDRESS) is None
        store.optouts.add(s, "whatsapp", ADDRESS, last_reply=0, by_app=True)
    with store.session() as s:
        assert store.optouts.of(s, "whatsapp", ADDRESS) is not None


def test_the_number_cannot_be_read_in_the_list(sqlite_url: str, vault: Vault) -> None:
    with closing(Store(sqlite_url, vault)) as store:
        with store.session() as s:
            store.optouts.add(s, "whatsapp", ADDRESS, last_reply=0, by_app=True)
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        kept = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*") if part.is_file())
    assert b"optouts" in kept
    assert b"254711000111" not in kept
