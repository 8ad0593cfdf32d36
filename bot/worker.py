"""The worker process: loads everything once, then keeps children alive that run jobs one after the other."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import TracebackType

import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue as RedisQueue
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job as RedisJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from bot import logs
from bot.allocator import share_one_arena
from bot.config import Settings
from bot.queue import JOBS_MODULE, QueueName, connect, keep_to_chats, release, take_along, taken_along
from bot.redis_watch import Watch
from bot.signals import STOP_SIGNALS, StopRequest

log = structlog.get_logger("bot.worker")  # as a process its __name__ is __main__

# Forked children share the preloaded memory. macOS kills a fork that touches its frameworks, so there they load anew.
CONTEXT: ForkContext | SpawnContext
CONTEXT = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]
STAND_IN_MODULE = "bot.standin"
BEAT = 20.0  # seconds between signs of life of a busy worker; RQ gives it minutes
STARTED_LONGER = 60  # seconds past its limit for which a job counts as running: its machine may be gone
# New objects after which the collector looks for circles, and how often for older ones. By default it looks after 700,
# dozens of times a plan, which takes a twentieth of its time.
GARBAGE = (10_000, 20, 20)
# Seconds for which a thread that plans may compute while others of its process want to go on. By default it is 5 ms,
# and threads that come back from a source or a database then take turns so often that a plan costs a tenth more. The
# price: each step of those others, some of which hold a lock, may wait so long.
TURN = 0.02
TOLD = ("answer", "answer_now")  # jobs that log what they did themselves: a line takes 0.4 of their ten milliseconds …
WORTH_A_WORD = 1.0  # … and that are told all the same when they took longer than so many seconds
POLL = 0.5  # seconds between looks at deadlines


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the supervisor is; times in seconds."""

    jobs_per_child: int = 2000  # then it is replaced, which bounds any leak
    overtime: float = 10  # past a job's own limit before its worker is killed
    stop_grace: float = 20  # for running jobs to end after a stop was asked for
    first_pause: float = 0.5  # before replacing a child that died young; doubles each time
    longest_pause: float = 30


LIMITS = Limits()


def queues_of(index: int, workers: int) -> tuple[QueueName, ...]:
    """What each child serves."""
    if workers == 1:
        return ("chat", "trips", "files", "later")
    return ("chat",) if index < keep_to_chats(workers) else ("trips", "chat", "files", "later")


def preload() -> None:
    """Import everything that jobs need and plan a trip for nobody: before the children are forked, who share what it
    makes, then in each that plans trips, which would copy 40 MB while its first traveller waits.
    """
    importlib.import_module(JOBS_MODULE)
    importlib.import_module(STAND_IN_MODULE)
    prepare: Callable[[], object] | None = getattr(importlib.import_module("bot.wiring"), "preload", None)
    if prepare is not None:
        prepare()
    if CONTEXT.get_start_method() == "fork":
        importlib.import_module("bot.rehearsal").rehearse()


class ChildWorker(SimpleWorker):
    """Runs jobs in its own process and tells the supervisor when each begins and ends.

    RQ keeps books on every job: registries, executions, heartbeats, results. That is 22 trips to Redis, several times
    the cost of an ordinary message, for questions nobody asks: what is owed stands in SQL. Here a job is taken, marked
    as started, run under its time limit, and forgotten or, where that is asked for, remembered by its key alone.
    """

    max_connection_wait_time = 5.0  # RQ would wait up to a minute for a Redis that is back

    def __init__(self, queues: Sequence[QueueName], connection: Redis, reports: Connection) -> None:
        super().__init__(
            [RedisQueue(name, connection=connection, serializer=JSONSerializer) for name in queues],
            connection=connection,
            serializer=JSONSerializer,
            maintenance_interval=60,
            log_job_description=False,
        )
        self._reports = reports
        self._beat_at = 0.0  # monotonic

    def execute_job(self, job: RedisJob, queue: RedisQueue) -> None:
        """Run one job, reported."""
        began, limit = time.monotonic(), float(job.timeout or queue.DEFAULT_TIMEOUT)
        self._reports.send((job.id, limit))
        self.set_state(WorkerStatus.BUSY)  # a stop now waits for the end of the job
        done = self.perform_job(job, queue, Execution(job.id, job.id, self.connection))
        self._remember(job, int(job.result_ttl or 0) if done else 0)
        self.set_state(WorkerStatus.IDLE)
        took = time.monotonic() - began
        if done and (took > WORTH_A_WORD or job.description not in TOLD):
            log.info("job done", job=job.description, key=job.id, ms=round(1000 * took))

    def prepare_job_execution(self, job: RedisJob, remove_from_intermediate_queue: bool = False) -> None:
        """Mark the job as started, for as long as it may run, and no longer as being taken; add what goes with it."""
        limit = int(job.timeout or RedisQueue.DEFAULT_TIMEOUT)
        with self.connection.pipeline(transaction=False) as start:
            start.hset(job.key, "status", JobStatus.STARTED)
            start.expire(job.key, limit + STARTED_LONGER)
            queue = RedisQueue(job.origin, connection=self.connection)
            start.lrem(queue.intermediate_queue_key, 1, job.id)
            more = take_along(start, job, queue)
            *_, last = start.execute()
        if more:
            job.args = (*job.args, *taken_along(last))

    def _finalize_success(self, job: RedisJob, queue: RedisQueue, execution: Execution, return_value: object) -> None:
        self._reports.send(None)  # here: what is then noted in Redis nobody misses, should Redis be away

    def _finalize_failure(self, job: RedisJob, queue: RedisQueue, execution: Execution, exc_info: ExcInfo) -> None:
        self._reports.send(None)
        _, error, _ = exc_info
        if not isinstance(error, Exception):  # asked to leave at once
            raise error or SystemExit
        log.error("job failed", job=job.description, key=job.id, exc_info=error)

    def _remember(self, job: RedisJob, seconds: int) -> None:
        if seconds:
            self.connection.expire(job.key, seconds)
        else:
            self.connection.delete(job.key)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Tell that this worker lives, now and then and not before and after each job."""
        if pipeline is not None or time.monotonic() - self._beat_at > BEAT:
            self._beat_at = time.monotonic()
            super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Keep it to ourselves: nobody asks Redis for it."""
        self._state = state

    def check_for_suspension(self, burst: bool) -> None:
        """Nothing here suspends workers: they are stopped."""

    def _install_signal_handlers(self) -> None:
        # Ctrl-C in a terminal reaches the supervisor too, which asks for the stop in its own way.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self.request_stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


# What a child does all its life: jobs from Redis, or, while that is away, what is owed in SQL.
Life = Callable[[Settings, Sequence[QueueName], Limits, Connection], None]


def serve(
    settings: Settings,
    queues: Sequence[QueueName],
    limits: Limits,
    load: Callable[[], None],
    reports: Connection,
    parent: int,
    live: Life,
) -> None:
    """A child's whole life."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    random.seed()  # forked siblings would draw the same jitter
    logs.configure(settings)
    threading.Thread(target=_leave_with, args=(parent, limits.stop_grace), daemon=True).start()
    if "trips" in queues:
        sys.setswitchinterval(TURN)
    if "trips" in queues or CONTEXT.get_start_method() != "fork":
        load()
    live(settings, queues, limits, reports)


def with_redis(settings: Settings, queues: Sequence[QueueName], limits: Limits, reports: Connection) -> None:
    """Run jobs as they come."""
    # Its own connection: RQ sets minutes of socket timeout on it, to wait for jobs.
    connection = Redis.from_url(settings.redis_url, socket_connect_timeout=5, health_check_interval=30)
    worker = ChildWorker(queues, connection, reports)
    try:
        worker.work(max_jobs=limits.jobs_per_child)
    except StopRequested:  # asked for just before the work loop, which would have signed off itself
        worker.teardown()  # type: ignore[no-untyped-call]


def without_redis(settings: Settings, queues: Sequence[QueueName], limits: Limits, reports: Connection) -> None:
    """Do what is owed, until Redis is back and the supervisor says so."""
    stand_in: Callable[..., None] = importlib.import_module(STAND_IN_MODULE).stand_in
    with StopRequest() as stop:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        stand_in(queues, reports, stop)


def _leave_with(parent: int, grace: float) -> None:
    """No orphans: when the supervisor is gone, end like after SIGTERM, and for certain after `grace` seconds."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)


@dataclass(slots=True)
class Child:
    """One slot of the supervisor: a process that is running, or will be started at `due`. Times are monotonic."""

    queues: tuple[QueueName, ...]
    life: Life = with_redis
    dismissed: bool = False  # it was told to end, because the other life is called for
    process: BaseProcess | None = None
    reports: Connection | None = None
    started: float = 0
    due: float = 0
    pause: float = 0  # of the last restart; 0 after a long enough life
    job: str = ""  # key of the job that is running
    deadline: float = field(default=float("inf"))  # when that job's worker is killed


class Supervisor:
    """Keeps one child per slot alive until asked to stop."""

    def __init__(self, settings: Settings, limits: Limits = LIMITS, load: Callable[[], None] = preload) -> None:
        self._settings = settings
        self._limits = limits
        self._load = load  # imports what the jobs need
        self._redis = connect(settings.redis_url)
        self._watched = Watch(settings.redis_url)
        self._children = [Child(queues_of(index, settings.workers)) for index in range(settings.workers)]

    def run(self, stop: StopRequest) -> None:
        """Supervise; returns when every child has ended after a stop was asked for."""
        if CONTEXT.get_start_method() == "fork":
            self._load()
            # The collector writes to all it looks at, and what a child writes to it shares no more.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GARBAGE)
        while not stop.count:
            life = without_redis if self._watched.look() else with_redis
            now = time.monotonic()
            for child in self._children:
                # A child that died with Redis waits for nothing: what it does next needs none.
                if child.process is None and (now >= child.due or (life is without_redis and child.life is with_redis)):
                    self._start(child, life)
                elif child.process is not None and child.life is not life and not child.dismissed:
                    self._dismiss(child)
            self._watch(stop, POLL)
        self._stop(stop)

    def _dismiss(self, child: Child) -> None:
        """Make room for a child that works in the other way. No piece of work is interrupted."""
        if child.process is None:
            return
        if child.life is without_redis:
            child.process.terminate()  # it ends after the piece of work it is at
            child.dismissed = True
        elif not child.job:
            child.process.kill()  # it waits for Redis, deaf to anything else
            child.dismissed = True

    def _start(self, child: Child, life: Life) -> None:
        child.reports, theirs = CONTEXT.Pipe(duplex=False)
        child.life, child.dismissed = life, False
        child.process = CONTEXT.Process(
            target=serve,
            args=(self._settings, child.queues, self._limits, self._load, theirs, os.getpid(), life),
        )
        # A stop that arrives between fork and the child's own handlers waits instead of getting lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            child.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        theirs.close()
        child.started = time.monotonic()
        log.info("worker started", pid=child.process.pid, queues=child.queues, life=life.__name__)

    def _watch(self, stop: StopRequest | None, seconds: float) -> None:
        """Wait for news of any child, `seconds` at most; take reports, kill the overdue, bury the dead."""
        running = [child for child in self._children if child.process is not None]
        events = [child.process.sentinel for child in running if child.process is not None]
        wait(
            [*events, *(child.reports for child in running if child.reports), *([stop.fileno()] if stop else [])],
            seconds,
        )
        for child in running:
            self._read_reports(child)
            if time.monotonic() > child.deadline and child.process is not None:
                log.error("job over its time limit, worker killed", key=child.job, pid=child.process.pid)
                child.process.kill()
                child.process.join()
            if child.process is not None and child.process.exitcode is not None:
                self._bury(child)

    def _read_reports(self, child: Child) -> None:
        if child.reports is None:
            return
        with suppress(EOFError, OSError):
            while child.reports.poll():
                report = child.reports.recv()
                child.job, child.deadline = "", float("inf")
                if report is not None:
                    child.job, limit = report
                    child.deadline = time.monotonic() + limit + self._limits.overtime

    def _bury(self, child: Child) -> None:
        """A child ended: free its job for the sweep, and decide when its successor starts."""
        process, reports = child.process, child.reports
        if process is None or reports is None:
            return
        if child.job:
            release(self._redis, child.job)
        lived = time.monotonic() - child.started
        well = process.exitcode == 0 or child.dismissed
        if well or lived > 60:
            child.pause = 0
        else:
            child.pause = min(max(2 * child.pause, self._limits.first_pause), self._limits.longest_pause)
        (log.info if well else log.error)(
            "worker ended", pid=process.pid, status=process.exitcode, job=child.job or None, restart_in=child.pause
        )
        reports.close()
        process.close()
        child.process, child.reports, child.job, child.deadline = None, None, "", float("inf")
        child.due = time.monotonic() + child.pause

    def _stop(self, stop: StopRequest) -> None:
        """Let running jobs end, for a while; a second request, or the end of patience, kills."""
        began, asked = time.monotonic(), stop.count
        for child in self._children:
            if child.process is not None:
                child.process.terminate()
        while any(child.process for child in self._children):
            waited = time.monotonic() - began
            if waited < 1:
                asked = stop.count  # one Ctrl-C can arrive twice: from the terminal and from whoever started us
            if waited > self._limits.stop_grace or stop.count > asked:
                for child in self._children:
                    if child.process is not None:
                        child.process.kill()
            self._watch(None, 0.1)


def main() -> None:
    """Run until SIGTERM."""
    settings = Settings.from_env()
    logs.configure(settings)
    if not settings.redis_url:
        raise SystemExit("The worker needs REDIS_URL.")
    share_one_arena()
    with StopRequest() as stop:
        Supervisor(settings).run(stop)
    log.info("workers stopped")


if __name__ == "__main__":
    main()
