"""The supervisor and its children as real processes on a real Redis."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from bot.queue import Job, RqQueue
from bot.worker import queues_of
from tests.bot.processes import PATIENCE, alive, eventually

MODULE = "tests.bot.jobs_for_workers"
ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from bot.config import Settings
from bot.signals import StopRequest
from bot.worker import Limits, Supervisor
from tests.bot.jobs_for_workers import load
url, workers, jobs_per_child = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
limits = Limits(jobs_per_child=jobs_per_child, overtime=0.5, stop_grace=8, first_pause=0.05)
with StopRequest() as stop:
    Supervisor(Settings(redis_url=url, workers=workers), limits, load).run(stop)
"""


class Workers:
    """A running supervisor."""

    def __init__(self, url: str, connection: redis.Redis, workers: int, jobs_per_child: int) -> None:
        self.url = url
        self.connection = connection
        self.queue = RqQueue(connection, MODULE)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(workers), str(jobs_per_child)], cwd=ROOT, start_new_session=True
        )
        eventually(lambda: connection.scard("rq:workers") >= workers, "workers up")

    def put(self, name: str, *args: int | str, key: str, queue: str = "chat") -> None:
        assert self.queue.put(Job(name, (self.url, *args), queue, key=key))  # type: ignore[arg-type]

    def notes(self) -> list[tuple[int, str]]:
        pairs = (note.decode().split(" ", 1) for note in self.connection.lrange("notes", 0, -1))
        return [(int(pid), text) for pid, text in pairs]

    def said(self) -> list[str]:
        return [text for _, text in self.notes()]

    def pids(self) -> list[int]:
        keys = self.connection.smembers("rq:workers")
        return [int(pid) for key in keys if (pid := self.connection.hget(key, "pid"))]


@pytest.fixture
def start(redis_url: str, redis_client: redis.Redis) -> Iterator[Callable[..., Workers]]:
    started: list[Workers] = []

    def begin(workers: int = 1, jobs_per_child: int = 100) -> Workers:
        started.append(Workers(redis_url, redis_client, workers, jobs_per_child))
        return started[-1]

    yield begin
    for workers in started:
        children = workers.pids()
        if workers.process.poll() is None:
            workers.process.kill()
        workers.process.wait()
        for pid in children:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


Start = Callable[..., Workers]


def test_with_two_workers_the_first_keeps_to_chat() -> None:
    assert queues_of(0, 1) == ("chat", "trips", "files", "later")
    others = ("trips", "chat", "files", "later")
    assert [queues_of(index, 3) for index in range(3)] == [("chat",), others, others]


@pytest.mark.parametrize(("workers", "only_chats"), [(2, 1), (3, 1), (4, 1), (5, 2), (8, 3)])
def test_about_a_third_of_many_workers_keep_to_chats(workers: int, only_chats: int) -> None:
    served = [queues_of(index, workers) for index in range(workers)]
    assert served.count(("chat",)) == only_chats
    assert all("trips" in queues for queues in served[only_chats:])


def test_jobs_of_both_queues_are_run_in_a_child(start: Start) -> None:
    workers = start()
    workers.put("note", "a", key="a", queue="trips")
    workers.put("note", "b", key="b", queue="chat")
    eventually(lambda: sorted(workers.said()) == ["a", "b"], "both ran")
    assert workers.process.pid not in {pid for pid, _ in workers.notes()}


def test_an_answer_does_not_wait_for_plans(start: Start) -> None:
    workers = start(workers=2)
    workers.put("take_a_second", "plan", key="plan", queue="trips")
    eventually(lambda: "begin plan" in workers.said(), "the plan began")
    workers.put("note", "hello", key="hello", queue="chat")
    eventually(lambda: "end plan" in workers.said(), "the plan ended")
    assert workers.said() == ["begin plan", "hello", "end plan"]


def test_a_worker_that_dies_is_replaced_and_its_work_can_be_queued_anew(start: Start) -> None:
    workers = start()
    workers.put("die", key="fatal")
    eventually(lambda: workers.said() == ["dying"], "the worker died")
    eventually(lambda: not workers.connection.exists("rq:job:fatal"), "its job is free")
    workers.put("note", "alive", key="next")
    eventually(lambda: workers.said() == ["dying", "alive"], "its successor works")
    workers.put("die", key="fatal")
    eventually(lambda: workers.said() == ["dying", "alive", "dying"], "the same work ran again")


def test_a_job_over_its_hard_limit_costs_its_worker_not_the_queue(
    start: Start, redis_url: str, redis_client: redis.Redis
) -> None:
    RqQueue(redis_client, MODULE).put(Job("hang", (redis_url,), "chat", key="stuck"))
    redis_client.hset("rq:job:stuck", "timeout", 1)  # before any worker can have read the real limit
    workers = start()
    eventually(lambda: "hanging" in workers.said(), "it hangs")
    workers.put("note", "alive", key="next")
    eventually(lambda: "alive" in workers.said(), "the next job ran")
    assert not workers.connection.exists("rq:job:stuck")


def test_a_worker_is_replaced_after_so_many_jobs(start: Start) -> None:
    workers = start(jobs_per_child=2)
    for number in range(5):
        workers.put("note", number, key=f"n{number}")
    eventually(lambda: len(workers.notes()) == 5, "all ran")
    assert workers.said() == ["0", "1", "2", "3", "4"]
    assert len({pid for pid, _ in workers.notes()}) == 3


def test_a_stop_lets_the_running_job_end_and_leaves_no_process(start: Start) -> None:
    workers = start(workers=2)
    children = workers.pids()
    workers.put("take_a_second", "last", key="last")
    eventually(lambda: "begin last" in workers.said(), "the job began")
    workers.put("note", "too late", key="late", queue="trips")
    workers.process.send_signal(signal.SIGTERM)
    assert workers.process.wait(PATIENCE) == 0
    assert "end last" in workers.said()
    assert len(children) == 2
    assert not any(alive(pid) for pid in children)


def test_a_job_deaf_to_the_stop_is_killed_after_a_while(start: Start) -> None:
    workers = start()
    workers.put("hang", key="stuck")
    eventually(lambda: "hanging" in workers.said(), "it hangs")
    children = workers.pids()
    workers.process.send_signal(signal.SIGTERM)
    assert workers.process.wait(PATIENCE) == 0
    assert not any(alive(pid) for pid in children)
    assert not workers.connection.exists("rq:job:stuck")


@pytest.mark.parametrize("job", ["", "hang"])
def test_children_do_not_outlive_a_killed_supervisor(start: Start, job: str) -> None:
    workers = start(workers=2)
    children = workers.pids()
    if job:
        workers.put(job, key="stuck")
        eventually(lambda: "hanging" in workers.said(), "it hangs")
    workers.process.kill()
    eventually(lambda: not any(alive(pid) for pid in children), "the children left")
    assert len(children) == 2


def test_a_stop_during_the_start_is_heard(redis_url: str, redis_client: redis.Redis) -> None:
    program = PROGRAM.replace("StopRequest() as stop:", "StopRequest() as stop:\n    print(flush=True)")
    with subprocess.Popen(
        [sys.executable, "-c", program, redis_url, "2", "9"], cwd=ROOT, stdout=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 0
    assert not redis_client.smembers("rq:workers")


def test_without_redis_the_worker_says_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.worker"],
        cwd=ROOT, env={"SECRET_KEY": "k" * 32}, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "REDIS_URL" in done.stderr
