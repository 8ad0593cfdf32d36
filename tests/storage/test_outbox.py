"""Replies stay owed, in order, until the app took them."""

from __future__ import annotations

from datetime import timedelta

from storage.store import Store
from tests.conftest import Clock

SECOND = timedelta(seconds=1)


def add(store: Store, chat: int, *payloads: str) -> list[int]:
    with store.session() as s:
        return [store.outbox.add(s, chat, payload) for payload in payloads]


def owed(store: Store, chat: int) -> list[str]:
    with store.reading() as s:
        return [row.payload for row in store.outbox.owed(s, chat)]


def test_replies_are_owed_in_order_until_they_are_sent(store: Store, chat: int, clock: Clock) -> None:
    first, *_ = add(store, chat, "one", "two", "three")
    with store.session() as s:
        store.outbox.sent(s, first)
    assert owed(store, chat) == ["two", "three"]


def test_a_reply_keeps_its_progress_key(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        store.outbox.add(s, chat, "buses ✓", progress="plan-7")
        (row,) = store.outbox.owed(s, chat)
    assert (row.progress, row.attempts) == ("plan-7", 0)


def test_a_reply_that_must_wait_holds_back_those_behind_it(store: Store, chat: int, clock: Clock) -> None:
    _, second, _ = add(store, chat, "one", "two", "three")
    with store.session() as s:
        store.outbox.begin(s, second)
        store.outbox.fail(s, second, "flood", retry_at=clock.now + timedelta(seconds=30))
    assert owed(store, chat) == ["one"]
    clock.advance(timedelta(seconds=30))
    assert owed(store, chat) == ["one", "two", "three"]


def test_a_new_reply_can_be_sent_where_the_clock_is_behind(store: Store, chat: int, clock: Clock) -> None:
    add(store, chat, "one")
    clock.advance(-timedelta(seconds=5))
    assert owed(store, chat) == ["one"]


def test_a_dead_reply_is_out_of_the_way(store: Store, chat: int) -> None:
    first, _ = add(store, chat, "one", "two")
    with store.session() as s:
        store.outbox.give_up(s, first, "bad request")
    assert owed(store, chat) == ["two"]


def test_without_a_time_the_pause_grows_with_each_failure(store: Store, chat: int, clock: Clock) -> None:
    (reply,) = add(store, chat, "one")
    for rest in (10, 40, 90, 160):
        with store.session() as s:
            store.outbox.begin(s, reply)
            store.outbox.fail(s, reply, "unreachable", retry_at=None)
        clock.advance(timedelta(seconds=rest) - SECOND)
        assert owed(store, chat) == []
        clock.advance(SECOND)
        assert owed(store, chat) == ["one"]


def test_a_reply_is_hopeless_when_three_tries_to_send_it_never_ended(store: Store, chat: int, clock: Clock) -> None:
    first, second = add(store, chat, "one", "two")
    hopeless = []
    for _ in range(4):
        with store.session() as s:
            hopeless.append([reply.id for reply in store.outbox.owed(s, chat) if reply.is_hopeless])
            store.outbox.begin(s, first)
    assert hopeless == [[], [], [], [first]]
    with store.session() as s:
        store.outbox.fail(s, second, "unreachable", retry_at=clock.now)
        assert not store.outbox.owed(s, chat)[1].is_hopeless, "a refusal is no such try"


def test_chats_are_owed_something_once_their_first_reply_is_late(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        other = store.chats.open(s, "telegram", "4712")
    first, _ = add(store, chat, "one", "two")
    add(store, other, "three")
    with store.session() as s:
        store.outbox.fail(s, first, "flood", retry_at=clock.now + timedelta(hours=1))
    with store.reading() as s:
        assert store.outbox.chats_owed(s, clock.now, {"telegram"}) == []
        assert store.outbox.chats_owed(s, clock.now + SECOND, {"telegram"}) == [other]
        assert store.outbox.chats_owed(s, clock.now + timedelta(hours=2), {"telegram"}) == [chat, other]


def test_a_chat_of_an_app_that_is_off_is_owed_nothing_for_now(store: Store, chat: int, clock: Clock) -> None:
    add(store, chat, "one")
    with store.reading() as s:
        assert store.outbox.chats_owed(s, clock.now + SECOND, {"whatsapp"}) == []
        assert store.outbox.chats_owed(s, clock.now + SECOND, {"whatsapp", "telegram"}) == [chat]


def test_what_was_sent_can_be_read_again_after_an_id(store: Store, chat: int) -> None:
    with store.session() as s:
        other = store.chats.open(s, "telegram", "4712")
    ids = add(store, chat, "one", "two", "three", "four") + add(store, other, "five")
    with store.session() as s:
        for reply in (ids[0], ids[1], ids[3], ids[4]):
            store.outbox.sent(s, reply)
    with store.reading() as s:
        assert [row.payload for row in store.outbox.since(s, chat, 0)] == ["one", "two", "four"]
        assert [row.id for row in store.outbox.since(s, chat, ids[0])] == [ids[1], ids[3]]
        assert store.outbox.since(s, chat, ids[3]) == []


def test_a_failure_reported_after_sending_changes_nothing(store: Store, chat: int) -> None:
    (reply,) = add(store, chat, "one")
    with store.session() as s:
        store.outbox.sent(s, reply)
        store.outbox.fail(s, reply, "late", retry_at=None)
    assert owed(store, chat) == []


def test_what_was_passed_over_is_owed_no_more_and_is_no_dead_letter(store: Store, chat: int) -> None:
    with store.session() as s:
        old = store.outbox.add(s, chat, "buses …", progress="plan-7")
        new = store.outbox.add(s, chat, "Your trip")
        store.outbox.pass_over(s, old)
    with store.reading() as s:
        assert [row.id for row in store.outbox.owed(s, chat)] == [new]
        assert old in [row.id for row in store.outbox.since(s, chat, 0)]
