"""Messages that just came are kept with who wrote them, once each and in order, on whichever database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event, update

from storage.acceptance import Kept
from storage.chats import Writer
from storage.inbox import Arrival
from storage.store import Store
from storage.tables import Chat
from storage.vault import Vault
from tests.conftest import SECRET, Clock


def came(
    store: Store, number: int, address: str = "4711", name: str = "Wanjiku", app: str = "telegram"
) -> tuple[Writer, Arrival]:
    return store.chats.writer(app, address, name, "sw"), store.inbox.arrival(app, str(number), f"habari {number}")


def said(store: Store, chat_id: int) -> list[str]:
    with store.reading() as s:
        return [row.payload for row in store.inbox.unread(s, chat_id)]


def test_known_and_new_chats_are_kept_together_in_the_order_they_came(store: Store) -> None:
    (known,) = store.acceptance.keep([came(store, 1)])
    kept = store.acceptance.keep([came(store, 5, "new"), came(store, 3), came(store, 4, "new"), came(store, 2)])
    assert [message.id for message in kept] == sorted(message.id for message in kept)
    (new,) = {message.chat_id for message in kept} - {known.chat_id}
    assert (said(store, known.chat_id), said(store, new)) == (
        ["habari 1", "habari 3", "habari 2"],
        ["habari 5", "habari 4"],
    )


def test_a_repeat_is_not_kept_again_not_even_beside_itself(store: Store) -> None:
    (first,) = store.acceptance.keep([came(store, 1), came(store, 1)])
    (second,) = store.acceptance.keep([came(store, 2), came(store, 2), came(store, 1)])
    assert said(store, first.chat_id) == ["habari 1", "habari 2"]
    assert second == Kept(second.id, first.chat_id, "telegram")
    assert store.acceptance.keep([came(store, 1), came(store, 2)]) == []


def test_the_same_address_and_id_in_two_apps_are_two_messages_of_two_chats(store: Store) -> None:
    for number in (1, 2):
        kept = store.acceptance.keep([came(store, number, app=app) for app in ("telegram", "whatsapp")])
        assert [message.channel for message in kept] == ["telegram", "whatsapp"]
        assert len({message.chat_id for message in kept}) == 2


def test_who_writes_under_another_name_or_after_a_block_is_brought_up_to_date(store: Store) -> None:
    (first,) = store.acceptance.keep([came(store, 1)])
    with store.session() as s:
        store.chats.block(s, first.chat_id)
    (again,) = store.acceptance.keep([came(store, 2, name="Wanjiku K."), came(store, 2, name="Wanjiku K.")])
    with store.reading() as s:
        chat = store.chats.get(s, again.chat_id)
    assert (chat.id, chat.name, chat.blocked) == (first.chat_id, "Wanjiku K.", False)
    assert said(store, first.chat_id) == ["habari 1", "habari 2"]


def test_a_name_that_cannot_be_read_is_written_anew_and_keeps_nobody_out(store: Store) -> None:
    (first, _) = store.acceptance.keep([came(store, 1), came(store, 2, "another")])
    with store.session() as s:
        s.execute(update(Chat).where(Chat.id == first.chat_id).values(name="of a secret that is gone"))
    assert len(store.acceptance.keep([came(store, 3, "another"), came(store, 4)])) == 2
    with store.reading() as s:
        assert store.chats.get(s, first.chat_id).name == "Wanjiku"


def test_a_chat_known_by_an_older_secret_is_the_same_chat(database_url: str, store: Store, clock: Clock) -> None:
    (before,) = store.acceptance.keep([came(store, 1)])
    renewed = Store(database_url, Vault(("a newer secret of a test", SECRET)), clock=clock)
    for number in (2, 3):  # the second time it is found by the newer one
        (after,) = renewed.acceptance.keep([came(renewed, number)])
        assert after.chat_id == before.chat_id
    renewed.close()


def test_a_known_chat_costs_postgresql_one_statement_however_many_messages_came(store: Store) -> None:
    store.acceptance.keep([came(store, 1)])
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        store.acceptance.keep([came(store, number) for number in range(2, 10)])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with store.reading() as s:
        asked = [sql for sql in statements if sql.startswith(("SELECT", "INSERT", "WITH"))]
        assert len(asked) == (1 if s.get_bind().dialect.name == "postgresql" else 2)
