"""Messages of many requests are kept together, or of many threads side by side; none suffers for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot.channel import Chat, Incoming, IncomingKind
from bot.intake import Intake
from storage import codec
from storage.acceptance import Came, Kept
from storage.db import Gone
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import ListQueue
from tests.conftest import SECRET

Tell = Callable[[Sequence[Kept]], object]


def message(number: int, address: str = "4711", text: str = "habari") -> Incoming:
    return Incoming(Chat("telegram", address, "Wanjiku", "sw"), str(number), IncomingKind.TEXT, f"{text} {number}")


def all_at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Each number in a thread of its own, all let go at the same moment; what was raised is returned."""
    gate = threading.Barrier(count)

    def one(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except OperationalError as exc:
            return exc

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def texts(store: Store, address: str) -> list[str]:
    with store.reading() as s:
        chat_id = store.chats.find(s, "telegram", address)
        unread = store.inbox.unread(s, chat_id) if chat_id else []
    return [codec.load(Incoming, row.payload).text for row in unread]


def test_a_crowd_is_kept_and_queued_once_each(store: Store) -> None:
    queue = ListQueue()
    intake = Intake(store, queue)
    all_at_once(24, lambda n: [intake.accept("telegram", [message(10 * n + k, str(n % 6))]) for k in range(5)])
    assert sorted(text for n in range(6) for text in texts(store, str(n))) == sorted(
        f"habari {10 * n + k}" for n in range(24) for k in range(5)
    )
    assert len({job.key for job in queue.jobs}) == len(queue.jobs) <= 120
    assert len({chat for job in queue.jobs for chat in job.args}) == 6


def test_what_one_sender_says_after_an_answer_stands_after_what_it_said_before(store: Store) -> None:
    intake = Intake(store, ListQueue())
    all_at_once(8, lambda n: [intake.accept("telegram", [message(100 * n + k, str(n))]) for k in range(10)])
    for n in range(8):
        assert texts(store, str(n)) == [f"habari {100 * n + k}" for k in range(10)]


def test_the_same_message_in_many_threads_is_kept_once(store: Store) -> None:
    queue = ListQueue()
    intake = Intake(store, queue)
    all_at_once(16, lambda _: intake.accept("telegram", [message(1)]))
    assert texts(store, "4711") == ["habari 1"]
    assert len(queue.jobs) == 1


def test_a_blocked_chat_that_writes_again_is_written_to_again(store: Store) -> None:
    intake = Intake(store, ListQueue())
    intake.accept("telegram", [message(1)])
    with store.session() as s:
        chat_id = store.chats.find(s, "telegram", "4711")
        assert chat_id is not None
        store.chats.block(s, chat_id)
    intake.accept("telegram", [message(2)])
    with store.reading() as s:
        assert store.chats.get(s, chat_id).blocked is False


def test_a_chat_that_was_forgotten_is_made_anew(store: Store) -> None:
    intake = Intake(store, ListQueue())
    intake.accept("telegram", [message(1)])
    with store.session() as s:
        chat_id = store.chats.find(s, "telegram", "4711")
        assert chat_id is not None
        store.forget(s, chat_id)
    intake.accept("telegram", [message(2)])
    assert texts(store, "4711") == ["habari 2"]


def test_messages_are_kept_when_the_queue_is_away(store: Store) -> None:
    Intake(store, ListQueue(up=False)).accept("telegram", [message(1)])
    assert texts(store, "4711") == ["habari 1"]


def test_what_several_requests_brought_is_kept_together_and_the_workers_are_told_once(store: Store) -> None:
    queue = ListQueue()
    deliveries = [("telegram", [message(number, str(number % 3))]) for number in range(9)]
    assert Intake(store, queue).accept_all([*deliveries, ("telegram", []), deliveries[0]]) == [None] * 11
    assert texts(store, "1") == ["habari 1", "habari 4", "habari 7"]
    (job,) = queue.jobs
    assert len(job.args) == 3


def test_one_message_that_cannot_be_kept_does_not_keep_the_others_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, keep = ListQueue(), store.acceptance.keep

    def refuse_the_second(came: Came, tell: Tell) -> list[Kept]:
        if any(arrival.external_id == "2" for _, arrival in came):
            raise IntegrityError("insert", {}, ValueError("as a database would"))
        return keep(came, tell)

    monkeypatch.setattr(store.acceptance, "keep", refuse_the_second)
    problems = Intake(store, queue).accept_all([("telegram", [message(number, str(number))]) for number in (1, 2, 3)])
    assert [type(problem) for problem in problems] == [type(None), IntegrityError, type(None)]
    assert [texts(store, str(number)) for number in (1, 2, 3)] == [["habari 1"], [], ["habari 3"]]
    assert len(queue.jobs) == 2


@pytest.mark.parametrize("failure", [OperationalError("insert", {}, ValueError("away")), Gone("the chat")])
def test_who_is_kept_is_answered_though_a_new_chat_beside_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    Intake(store, ListQueue()).accept("telegram", [message(1)])
    queue, long_way = ListQueue(), store.accepting
    failing = [failure]

    @contextmanager
    def accepting() -> Iterator[Session]:
        if failing:
            raise failing.pop()
        with long_way() as s:
            yield s

    monkeypatch.setattr(store.acceptance, "_accepting", accepting)
    deliveries = [("telegram", [message(2)]), ("telegram", [message(3, "new")])]
    problems = Intake(store, queue).accept_all(deliveries)
    for problem, delivery in zip(problems, deliveries, strict=True):
        if problem is not None:  # the app sends it again
            Intake(store, queue).accept(*delivery)
    assert (texts(store, "4711"), texts(store, "new")) == (["habari 1", "habari 2"], ["habari 3"])
    assert len({chat for job in queue.jobs for chat in job.args}) == 2


def test_a_message_alone_gets_a_second_look(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, keep, failing = ListQueue(), store.acceptance.keep, [Gone("the chat was forgotten at that moment")]

    def fail_once(came: Came, tell: Tell) -> list[Kept]:
        if failing:
            raise failing.pop()
        return keep(came, tell)

    monkeypatch.setattr(store.acceptance, "keep", fail_once)
    Intake(store, queue).accept("telegram", [message(1)])
    assert (texts(store, "4711"), len(queue.jobs)) == (["habari 1"], 1)


def test_an_outage_that_begins_meanwhile_is_waited_for_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, tried = ListQueue(), list[list[str]]()

    def fail(came: Came, tell: Tell) -> list[Kept]:
        tried.append([arrival.external_id for _, arrival in came])
        raise (IntegrityError if len(came) > 1 else OperationalError)("insert", {}, ValueError("as a database would"))

    monkeypatch.setattr(store.acceptance, "keep", fail)
    problems = Intake(store, queue).accept_all([("telegram", [message(number, str(number))]) for number in (1, 2, 3)])
    assert [type(problem) for problem in problems] == [OperationalError] * 3
    assert (tried, queue.jobs) == ([["1", "2", "3"], ["1"]], [])


def test_a_store_that_fails_is_heard_of_by_everybody_and_holds_nobody(tmp_path: object) -> None:
    broken = Store(f"sqlite:///{tmp_path}/empty.db", Vault((SECRET,)))  # never migrated: no tables
    queue = ListQueue()
    intake = Intake(broken, queue)
    raised = all_at_once(12, lambda n: intake.accept("telegram", [message(n, str(n))]))
    assert [type(exc) for exc in raised] == [OperationalError] * 12
    assert queue.jobs == []
    with pytest.raises(OperationalError):
        intake.accept("telegram", [message(99)])


def test_nothing_to_accept_opens_nothing(store: Store) -> None:
    queue = ListQueue()
    Intake(store, queue).accept("telegram", [])
    assert queue.jobs == []
