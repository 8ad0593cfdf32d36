"""Answers of sources in SQL: found until their time is over, and never worth waiting for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from storage.answers import Answers, Away, Found
from storage.locks import Busy
from storage.store import Store
from tests.conftest import Clock

HOUR = timedelta(hours=1)


class Turns:
    """Sessions of a store, or none while others write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.busy = False
        self.taken = 0

    @contextmanager
    def __call__(self) -> Iterator[Session]:
        if self.busy:
            raise Busy("others write")
        self.taken += 1
        with self._store.session() as s:
            yield s


@pytest.fixture
def turns(store: Store) -> Turns:
    return Turns(store)


@pytest.fixture
def answers(store: Store, turns: Turns, clock: Clock) -> Answers:
    return Answers(clock, read=store.reading, write=turns, pause=0)


def test_an_answer_is_found_until_its_time_is_over(answers: Answers, clock: Clock) -> None:
    until = clock.now + HOUR
    answers.put("a", "habari ñ", until)
    assert answers.find(["a"]) == {"a": Found("habari ñ", until)}
    clock.now = until
    assert answers.find(["a"]) == {}


def test_the_newer_answer_takes_the_place_of_the_older(answers: Answers, clock: Clock) -> None:
    answers.put("a", "1", clock.now + HOUR)
    answers.put("a", "2", clock.now + 2 * HOUR)
    assert answers.find(["a"]) == {"a": Found("2", clock.now + 2 * HOUR)}


def test_what_is_put_together_is_written_at_the_end_in_one_turn(answers: Answers, clock: Clock, turns: Turns) -> None:
    until = clock.now + HOUR
    with suppress(LookupError), answers.together():
        for key in ("a", "b", "c"):
            answers.put(key, key, until)
        with answers.together():
            answers.put("b", "newer", until)
        answers.drop("c")
        with ThreadPoolExecutor(1) as another:
            another.submit(answers.put, "elsewhere", "at once", until).result()
        assert (answers.find(["a", "b", "c"]), turns.taken) == ({}, 1)
        assert list(answers.find(["elsewhere"])) == ["elsewhere"]
        raise LookupError
    assert {key: found.text for key, found in answers.find(["a", "b", "c"]).items()} == {"a": "a", "b": "newer"}
    assert turns.taken == 2


def test_dropping_what_is_not_there_takes_no_turn_to_write(answers: Answers, clock: Clock, turns: Turns) -> None:
    answers.drop("a")
    assert turns.taken == 0
    answers.put("a", "1", clock.now + HOUR)
    answers.drop("a")
    assert (turns.taken, answers.find(["a"])) == (2, {})


def test_a_busy_database_is_written_to_again_when_it_is_free(answers: Answers, clock: Clock, turns: Turns) -> None:
    turns.busy = True
    answers.put("a", "1", clock.now + HOUR)
    assert answers.find(["a"]) == {}
    turns.busy = False
    answers.put("a", "2", clock.now + HOUR)
    assert answers.find(["a"]) == {"a": Found("2", clock.now + HOUR)}


def test_a_database_that_cannot_be_read_is_away_and_left_alone_for_a_while(clock: Clock) -> None:
    engine: Engine = create_engine("sqlite://")  # no tables
    tries = []

    def session() -> Session:
        tries.append(1)
        return Session(engine)

    answers = Answers(clock, read=session, write=session, pause=60)
    for _ in range(3):
        with pytest.raises(Away):
            answers.find(["a"])
        answers.put("a", "1", clock.now + HOUR)
        answers.drop("a")
    assert len(tries) == 2, "one to read and one to write"
    engine.dispose()
