"""Messages are accepted once and kept until they are answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.db import Gone
from storage.store import Store
from storage.tables import Work
from tests.conftest import Clock


def accept(store: Store, chat: int, external_id: str, payload: str = "habari") -> int | None:
    with store.session() as s:
        return store.inbox.accept(s, chat, "telegram", external_id, payload)


def test_a_message_comes_back_as_it_was_accepted(store: Store, chat: int, clock: Clock) -> None:
    message = accept(store, chat, "1", "Nataka kwenda Mombasa \0 🚌")
    assert message is not None
    with store.reading() as s:
        row = store.inbox.get(s, message)
    assert (row.chat_id, row.channel, row.payload) == (chat, "telegram", "Nataka kwenda Mombasa \0 🚌")
    assert (row.status, row.attempts, row.received_at) == (Work.OWED, 0, clock.now)


def test_a_repeat_is_not_accepted_again(store: Store, chat: int) -> None:
    assert accept(store, chat, "1", "first") is not None
    assert accept(store, chat, "1", "second") is None
    with store.session() as s:
        assert [row.payload for row in store.inbox.unread(s, chat)] == ["first"]


def test_the_same_id_in_another_app_is_another_message(store: Store, chat: int) -> None:
    assert accept(store, chat, "1") is not None
    with store.session() as s:
        assert store.inbox.accept(s, chat, "whatsapp", "1", "habari") is not None


def test_many_at_once_accept_a_repeated_message_once(store: Store, chat: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: accept(store, chat, str(n % 10)), range(80)))
    assert len([answer for answer in answers if answer is not None]) == 10
    with store.session() as s:
        assert len(store.inbox.unread(s, chat)) == 10


def test_unread_messages_of_a_chat_come_in_order_and_without_other_chats(store: Store, chat: int) -> None:
    with store.session() as s:
        other = store.chats.open(s, "telegram", "4712")
    for number in range(5):
        accept(store, other if number == 2 else chat, str(number), f"text {number}")
    with store.session() as s:
        first = store.inbox.unread(s, chat)[0]
        store.inbox.done(s, first.id)
        assert [row.payload for row in store.inbox.unread(s, chat)] == ["text 1", "text 3", "text 4"]


def test_a_failed_message_rests_longer_each_time_and_dies_after_three(store: Store, chat: int, clock: Clock) -> None:
    message = accept(store, chat, "1")
    assert message is not None
    soon = timedelta(seconds=1)
    for attempt, rest in ((1, 10), (2, 40)):
        with store.session() as s:
            assert store.inbox.begin(s, store.inbox.get(s, message))
            assert not store.inbox.fail(s, store.inbox.get(s, message), "Timeout\0")
        with store.reading() as s:
            assert store.inbox.get(s, message).attempts == attempt
            assert list(store.inbox.overdue(s, clock.now + timedelta(seconds=rest))) == []
            assert list(store.inbox.overdue(s, clock.now + timedelta(seconds=rest) + soon)) == [chat]
    with store.session() as s:
        assert store.inbox.begin(s, store.inbox.get(s, message))
        assert store.inbox.fail(s, store.inbox.get(s, message), "Timeout")
    with store.reading() as s:
        assert store.inbox.get(s, message).status is Work.DEAD
        assert store.inbox.unread(s, chat) == []
        assert list(store.inbox.overdue(s, clock.now + timedelta(days=9))) == []


def test_a_try_that_never_ends_counts_and_after_three_the_message_is_given_up(
    store: Store, chat: int, clock: Clock
) -> None:
    message = accept(store, chat, "1")
    assert message is not None
    begun = []
    for _ in range(5):
        with store.session() as s:
            begun.append(bool(store.inbox.begin(s, store.inbox.get(s, message))))
            assert list(store.inbox.overdue(s, clock.now + timedelta(seconds=9))) == []
    assert begun == [True, True, True, False, False]
    with store.reading() as s:
        row = store.inbox.get(s, message)
    assert (row.status, row.attempts) == (Work.DEAD, 3)


def test_a_message_is_overdue_once_its_time_has_passed_and_it_is_not_answered(
    store: Store, chat: int, clock: Clock
) -> None:
    first, _ = accept(store, chat, "1"), accept(store, chat, "2")
    assert first is not None
    with store.session() as s:
        store.inbox.done(s, first)
    with store.reading() as s:
        assert list(store.inbox.overdue(s, clock.now)) == []
        assert list(store.inbox.overdue(s, clock.now + timedelta(seconds=1))) == [chat]


def test_a_failure_after_the_answer_does_not_make_it_due_again(store: Store, chat: int, clock: Clock) -> None:
    message = accept(store, chat, "1")
    assert message is not None
    with store.session() as s:
        store.inbox.done(s, message)
        for _ in range(3):
            assert not store.inbox.fail(s, store.inbox.get(s, message), "late")
        row = store.inbox.get(s, message)
    assert (row.status, row.attempts) == (Work.DONE, 0)


def test_what_an_error_interrupted_was_not_accepted(store: Store, chat: int) -> None:
    def interrupted() -> None:
        with store.session() as s:
            store.inbox.accept(s, chat, "telegram", "1", "habari")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert accept(store, chat, "1") is not None


def test_a_message_that_is_not_there_is_said_to_be_gone(store: Store) -> None:
    with store.reading() as s, pytest.raises(Gone):
        store.inbox.get(s, 99)
