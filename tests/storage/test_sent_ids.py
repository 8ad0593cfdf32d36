"""Channels find again the messages they will edit."""

from __future__ import annotations

from bot.channel import Chat, SentIds
from storage.store import Store

ME, YOU = Chat("telegram", "4711"), Chat("telegram", "4712")


def test_an_id_is_found_under_its_chat_and_key_and_the_last_one_counts(store: Store, chat: int) -> None:
    with store.session() as s:
        store.chats.open(s, "telegram", YOU.address)
    ids: SentIds = store.sent_ids("telegram")
    ids.put(ME, "plan-1", "100")
    ids.put(ME, "plan-1", "101")
    ids.put(ME, "plan-2", "102")
    ids.put(YOU, "plan-1", "103")
    assert [ids.get(ME, "plan-1"), ids.get(ME, "plan-2"), ids.get(YOU, "plan-1")] == ["101", "102", "103"]
    assert ids.get(ME, "plan-3") is None


def test_ids_of_another_channel_are_others(store: Store, chat: int) -> None:
    store.sent_ids("telegram").put(ME, "plan-1", "100")
    assert store.sent_ids("whatsapp").get(ME, "plan-1") is None


def test_nothing_is_kept_of_a_chat_that_never_wrote(store: Store) -> None:
    ids = store.sent_ids("telegram")
    ids.put(ME, "plan-1", "100")
    assert ids.get(ME, "plan-1") is None
    with store.reading() as s:
        assert store.chats.find(s, "telegram", ME.address) is None
