import itertools
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from rq import Queue as RedisQueue
from rq import SimpleWorker
from rq.job import Job as RedisJob
from rq.serializers import JSONSerializer

from bot.queue import HANDFUL, TRIPS, InlineQueue, Job, RqQueue, answer_all, connect, do_task, release
from bot.servers import redis_server
from bot.worker import ChildWorker
from tests.bot.processes import eventually

MODULE = "tests.bot.jobs_for_workers"


@pytest.fixture
def queue(redis_client: redis.Redis) -> RqQueue:
    return RqQueue(redis_client, MODULE)


class Quiet(ChildWorker):
    """A worker of ours without a supervisor."""

    def __init__(self, queues: list[RedisQueue], connection: redis.Redis, serializer: object) -> None:
        self.heard, reports = multiprocessing.Pipe(duplex=False)
        super().__init__([queue.name for queue in queues], connection, reports)  # type: ignore[misc]

    def _install_signal_handlers(self) -> None:
        """Signals are the tests' own."""


def work(connection: redis.Redis, *names: str, kind: type[SimpleWorker] = SimpleWorker) -> None:
    queues = [RedisQueue(name, connection=connection, serializer=JSONSerializer) for name in names]
    kind(queues, connection=connection, serializer=JSONSerializer).work(burst=True)


def notes(connection: redis.Redis) -> list[str]:
    return [note.decode().split(" ", 1)[1] for note in connection.lrange("notes", 0, -1)]


def test_a_job_is_run_with_its_arguments(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    assert queue.put(Job("note", (redis_url, 7), "chat", key="note-7"))
    work(redis_client, "chat", "trips")
    assert notes(redis_client) == ["7"]


def test_a_waiting_job_is_queued_once(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    job = Job("note", (redis_url, "once"), "trips", key="a")
    assert [queue.put(job) for _ in range(3)] == [True, True, True]
    work(redis_client, "chat", "trips")
    assert notes(redis_client) == ["once"]


def test_a_done_job_can_be_put_again(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    job = Job("note", (redis_url, "again"), "chat", key="a")
    for _ in range(2):
        assert queue.put(job)
        work(redis_client, "chat")
    assert notes(redis_client) == ["again", "again"]


def test_a_done_job_that_is_kept_cannot_be_put_again(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    job = Job("note", (redis_url, "tick"), "chat", key="a", keep=60)
    for _ in range(2):
        assert queue.put(job)
        work(redis_client, "chat")
    assert notes(redis_client) == ["tick"]


def test_a_failed_job_can_be_put_again(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    job = Job("fail", (redis_url,), "chat", key="a")
    for _ in range(2):
        assert queue.put(job)
        work(redis_client, "chat")
    assert notes(redis_client) == ["failing", "failing"]


def test_a_job_whose_worker_died_can_be_put_again_once_released(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str
) -> None:
    job = Job("note", (redis_url, "after all"), "chat", key="a")
    queue.put(job)
    assert redis_client.lpop("rq:queue:chat") == b"a"
    redis_client.hset("rq:job:a", "status", "started")
    queue.put(job)
    work(redis_client, "chat")
    assert notes(redis_client) == []
    release(redis_client, "a")
    queue.put(job)
    work(redis_client, "chat")
    assert notes(redis_client) == ["after all"]


def test_a_job_that_was_taken_and_never_begun_can_be_put_again(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str
) -> None:
    job = Job("note", (redis_url, "after all"), "chat", key="a")
    queue.put(job)
    assert redis_client.lpop("rq:queue:chat") == b"a"  # by a worker that begins it now, or has died
    queue.put(job)
    work(redis_client, "chat")
    assert notes(redis_client) == []
    redis_client.hset("rq:job:a", "enqueued_at", "2026-11-23T06:00:00.000000Z")
    queue.put(job)
    work(redis_client, "chat")
    assert notes(redis_client) == ["after all"]


def test_a_job_that_still_waits_in_another_queue_is_left_there(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str
) -> None:
    queue.put(Job("note", (redis_url, "once"), "files", key="a"))
    redis_client.hset("rq:job:a", "enqueued_at", "2026-11-23T06:00:00.000000Z")
    queue.put(Job("note", (redis_url, "once"), "trips", key="a"))  # by a sweep, which knows tasks and no queues
    assert [redis_client.llen(f"rq:queue:{name}") for name in ("trips", "files")] == [0, 1]


def test_releasing_an_unknown_job_does_nothing(redis_client: redis.Redis) -> None:
    release(redis_client, "never-heard-of")
    assert redis_client.dbsize() == 0


def test_a_waiting_job_is_not_remembered_for_ever(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    queue.put(Job("note", (redis_url, 1), "chat", key="a"))
    assert 0 < redis_client.ttl("rq:job:a") <= 600


def test_arguments_are_stored_as_json(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    queue.put(Job("note", (redis_url, 1), "chat", key="a"))
    job = RedisJob.fetch("a", connection=redis_client, serializer=JSONSerializer)
    assert list(job.args) == [redis_url, 1]


def test_without_redis_a_job_is_refused_quickly() -> None:
    queue = RqQueue(connect("redis://127.0.0.1:1/0"))
    began = time.monotonic()
    assert queue.put(Job("note", (), "chat", key="a")) is False
    assert time.monotonic() - began < 2


def test_a_queue_outlives_a_restart_of_redis(tmp_path: Path) -> None:
    queue = None
    for _ in range(2):
        with redis_server(tmp_path) as (url, _process):
            queue = queue or RqQueue(connect(url), MODULE)
            job = Job("note", (url, 1), "chat", key="a")
            eventually(lambda queue=queue, job=job: queue.put(job), "the queue takes work")
        assert not queue.put(Job("note", (url, 1), "chat", key="b"))


@pytest.mark.parametrize("key", ["", "a:b", "a b", "é"])
def test_a_key_that_redis_would_refuse_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Job("sweep", (), "chat", key=key)


def test_a_job_name_is_a_function_name() -> None:
    with pytest.raises(ValueError, match="function"):
        Job("os.system", (), "chat", key="a")


def numbered(count: Iterator[int]) -> Job:
    number = next(count)
    return Job("note", (number,), "chat", key=f"n{number}")


def test_inline_a_job_runs_before_put_returns() -> None:
    done: list[Job] = []
    job = Job("note", (), "chat", key="a")
    assert InlineQueue(done.append).put(job)
    assert done == [job]


def test_inline_a_job_put_by_a_running_job_runs_after_it() -> None:
    events: list[str] = []

    def run(job: Job) -> None:
        events.append(f"begin {job.key}")
        if job.key == "first":
            queue.put(Job("note", (), "chat", key="second"))
            queue.put(Job("note", (), "chat", key="third"))
        events.append(f"end {job.key}")

    queue = InlineQueue(run)
    queue.put(Job("note", (), "chat", key="first"))
    assert events == ["begin first", "end first", "begin second", "end second", "begin third", "end third"]


def test_inline_a_long_chain_of_jobs_does_not_recurse() -> None:
    count = itertools.count()

    def run(job: Job) -> None:
        if job.key != "n5000":
            queue.put(numbered(count))

    queue = InlineQueue(run)
    queue.put(numbered(count))
    assert next(count) == 5001


def test_inline_an_error_reaches_the_caller_and_the_queue_works_on() -> None:
    done: list[str] = []

    def run(job: Job) -> None:
        if job.key == "bad":
            raise LookupError
        done.append(job.key)

    queue = InlineQueue(run)
    with pytest.raises(LookupError):
        queue.put(Job("note", (), "chat", key="bad"))
    queue.put(Job("note", (), "chat", key="good"))
    assert done == ["good"]


def test_many_jobs_are_queued_in_order_each_once(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    jobs = [Job("note", (redis_url, n), "chat", key=f"n{n}") for n in (3, 1, 2)]
    again = Job("note", (redis_url, 9), "chat", key="n1")
    assert queue.put_all([*jobs, again])
    assert queue.put_all(jobs)
    work(redis_client, "chat")
    assert notes(redis_client) == ["3", "1", "2"]


def test_an_answer_takes_along_half_of_those_that_wait_behind_it(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    for chat in range(1, 7):
        queue.put_all(list(answer_all("telegram", {chat: chat})))
    queue.put_all(list(answer_all("whatsapp", {7: 7})))
    queue.put_all(list(answer_all("telegram", {8: 8})))
    work(redis_client, "chat", kind=Quiet)
    assert notes(redis_client) == ["1,2,3,4", "5,6", "7", "8"], "half at a time, and no two apps together"
    assert list(redis_client.scan_iter("rq:job:*")) == [], "what was taken along is as free as what ran"


def test_a_task_takes_along_others_but_none_that_was_tried_before(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    queue.put_all([replace(do_task(task, tries), name="answer") for task, tries in [(1, 0), (2, 0), (3, 2), (4, 0)]])
    queue.put_all([replace(do_task(task), name="answer") for task in range(11, 26)])
    work(redis_client, "trips", kind=Quiet)
    done = notes(redis_client)
    assert done[:4] == ["1,2", "3", "4,11,12,13,14,15", "16,17,18,19,20"]
    assert max(len(note.split(",")) for note in done) == TRIPS


def test_no_more_chats_are_taken_along_than_make_a_handful(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    queue.put_all(list(answer_all("telegram", {chat: chat for chat in range(1, HANDFUL)})))
    for chat in range(11, 17):
        queue.put_all(list(answer_all("telegram", {chat: chat})))
    work(redis_client, "chat", kind=Quiet)
    assert notes(redis_client)[0] == ",".join(map(str, [*range(1, HANDFUL), 11]))
    assert sum(len(note.split(",")) for note in notes(redis_client)) == HANDFUL - 1 + 6


def test_an_answer_takes_nothing_along_that_is_not_one(
    queue: RqQueue, redis_client: redis.Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    queue.put_all(list(answer_all("telegram", {1: 1})))
    queue.put(Job("note", (redis_url, "sent"), "chat", key="deliver-1"))
    queue.put(Job("note", (redis_url, "sent too"), "chat", key="deliver-2"))
    work(redis_client, "chat", kind=Quiet)
    assert notes(redis_client) == ["1", "sent", "sent too"]


def test_jobs_of_different_queues_go_each_to_its_own(queue: RqQueue, redis_client: redis.Redis, redis_url: str) -> None:
    queue.put_all([Job("note", (redis_url, q), q, key=f"to-{q}") for q in ("trips", "chat", "later")])
    work(redis_client, "chat")
    work(redis_client, "later")
    assert notes(redis_client) == ["chat", "later"]


def test_no_jobs_are_queued_without_asking_redis() -> None:
    assert RqQueue(connect("redis://127.0.0.1:1/0")).put_all([])
