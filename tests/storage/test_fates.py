"""What became of messages never goes backwards, whatever order it is told in."""

from __future__ import annotations

from itertools import permutations

import pytest

from storage.fates import Losses, News
from storage.store import Store
from storage.tables import Fate


def owed(store: Store, chat: int) -> int:
    with store.session() as s:
        return store.outbox.add(s, chat, "karibu")


@pytest.mark.parametrize("order", list(permutations([Fate.SENT, Fate.DELIVERED, Fate.READ])))
def test_the_last_word_is_the_furthest(store: Store, chat: int, order: tuple[Fate, ...]) -> None:
    reply = owed(store, chat)
    with store.session() as s:
        store.fates.took(s, chat, "whatsapp", "SM1", reply, 0, None)
        for fate in order:
            store.fates.became(s, chat, "whatsapp", "SM1", fate)
        assert store.fates.took(s, chat, "whatsapp", "SM1", reply, 0, None) is Fate.READ
        assert not store.fates.became(s, chat, "whatsapp", "SM1", Fate.FAILED).is_new, "it had arrived"


def test_news_names_the_part_and_is_new_once(store: Store, chat: int) -> None:
    reply = owed(store, chat)
    with store.session() as s:
        store.fates.took(s, chat, "whatsapp", "SM1", reply, 2, None)
        assert store.fates.became(s, chat, "whatsapp", "SM1", Fate.FAILED) == News(True, reply, 2)
        assert not store.fates.became(s, chat, "whatsapp", "SM1", Fate.FAILED).is_new
        assert not store.fates.became(s, chat, "whatsapp", "SM1", Fate.DELIVERED).is_new


def test_news_may_come_before_the_message_is_known(store: Store, chat: int) -> None:
    reply = owed(store, chat)
    with store.session() as s:
        assert store.fates.became(s, chat, "whatsapp", "SM1", Fate.REFUSED) == News(True, None, 0)
        assert store.fates.took(s, chat, "whatsapp", "SM1", reply, 0, None) is Fate.REFUSED
        assert store.fates.losses(s, reply) == Losses(1, is_final=True, standing=frozenset())


def test_losses_tell_what_need_not_go_again(store: Store, chat: int) -> None:
    reply = owed(store, chat)
    with store.session() as s:
        for part, name in enumerate(("SM0", "SM1", "SM2")):
            store.fates.took(s, chat, "whatsapp", name, reply, part, None)
        store.fates.became(s, chat, "whatsapp", "SM1", Fate.FAILED)
        store.fates.became(s, chat, "whatsapp", "SM2", Fate.DELIVERED)
        assert store.fates.losses(s, reply) == Losses(1, is_final=False, standing=frozenset({0, 2}))
