"""Work owed to a chat survives whatever happens to the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.db import Gone
from storage.store import Store
from storage.tables import Work
from tests.conftest import Clock


def test_a_task_comes_back_as_it_was_added(store: Store, chat: int) -> None:
    with store.session() as s:
        task = store.tasks.add(s, chat, "plan", '{"trip": "7"}')
    with store.reading() as s:
        row = store.tasks.get(s, task)
    assert (row.chat_id, row.kind, row.payload, row.status, row.attempts) == (chat, "plan", '{"trip": "7"}', "owed", 0)


def test_a_task_is_overdue_until_it_is_done(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        first, second = (store.tasks.add(s, chat, kind, "{}") for kind in ("plan", "search"))
    later = clock.now + timedelta(minutes=1)
    with store.session() as s:
        assert list(store.tasks.overdue(s, clock.now)) == []
        assert list(store.tasks.overdue(s, later)) == [first, second]
        assert store.tasks.done(s, first) == {first}
        assert store.tasks.done(s, first, second + 1) == set(), "whoever comes second has nothing to tell"
    with store.reading() as s:
        assert list(store.tasks.overdue(s, later)) == [second]
        assert store.tasks.get(s, first).status is Work.DONE


def test_it_is_known_whether_something_is_still_owed_to_a_chat(store: Store, chat: int) -> None:
    with store.session() as s:
        task = store.tasks.add(s, chat, "plan", "{}")
        assert store.tasks.is_owed(s, chat)
        assert [store.tasks.is_owed(s, chat, kind) for kind in ("plan", "documents")] == [True, False]
        assert not store.tasks.is_owed(s, chat + 1)
        store.tasks.done(s, task)
        assert not store.tasks.is_owed(s, chat)


def test_a_task_that_fails_three_times_is_given_up(store: Store, chat: int, clock: Clock) -> None:
    with store.session() as s:
        task = store.tasks.add(s, chat, "plan", "{}")
    seen = []
    for _ in range(4):
        with store.session() as s:
            begun = [row.id for row in store.tasks.begin(s, [task])[0]] == [task]
            given_up = store.tasks.fail(s, task, "ProviderError")
            row = store.tasks.get(s, task)
            seen.append((begun, given_up, row.status, row.attempts))
            assert list(store.tasks.overdue(s, clock.now + timedelta(seconds=1))) == []
    owed, dead = (True, False, Work.OWED), Work.DEAD
    assert seen == [(*owed, 1), (*owed, 2), (True, True, dead, 3), (False, False, dead, 3)]


def test_a_task_whose_tries_never_end_is_given_up_at_the_fourth(store: Store, chat: int) -> None:
    with store.session() as s:
        task = store.tasks.add(s, chat, "plan", "{}")
        for _ in range(3):
            begun, dead = store.tasks.begin(s, [task])
            assert ([row.id for row in begun], dead) == ([task], [])
        begun, dead = store.tasks.begin(s, [task])
        assert (begun, [row.id for row in dead]) == ([], [task])
        assert store.tasks.get(s, task).status is Work.DEAD


def test_of_several_tasks_those_are_begun_that_are_owed(store: Store, chat: int) -> None:
    with store.session() as s:
        owed, done, dead = (store.tasks.add(s, chat, "plan", f'"{n}"') for n in range(3))
        store.tasks.done(s, done)
        for _ in range(3):
            store.tasks.begin(s, [dead])
    with store.session() as s:
        begun, given_up = store.tasks.begin(s, [dead, 4711, done, owed])
    assert [(row.id, row.payload, row.attempts) for row in begun] == [(owed, '"0"', 1)]
    assert [row.id for row in given_up] == [dead]


def test_a_task_that_is_not_there_is_said_to_be_gone(store: Store) -> None:
    with store.reading() as s, pytest.raises(Gone):
        store.tasks.get(s, 99)
