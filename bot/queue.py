"""Work handed to the workers: what, on which queue, and under which name so that it is queued only once."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, Protocol, cast

import redis
import structlog
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry
from rq import Queue as RedisQueue
from rq.exceptions import NoSuchJobError
from rq.job import Job as RedisJob
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from storage.outage import Outage

log = structlog.get_logger(__name__)

QueueName = Literal["chat", "trips", "files", "later"]
JOBS_MODULE = "bot.jobs"
# Seconds a job of each queue may run before it is interrupted.
TIME_LIMITS: dict[QueueName, int] = {"chat": 60, "trips": 150, "files": 150, "later": 60}
# Seconds a waiting job is remembered. Should a worker die between taking a job and starting it, its key is free again
# after this, and the sweep can queue the work anew.
WAITING_TTL = 600
# Where jobs wait for their time, by when it comes. RQ's own scheduler counts whole seconds, and leaves its lock behind
# for a minute when it dies.
LATER = "safiri:later"
ENDED = (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)
TAKEN = timedelta(seconds=10)  # more than a worker needs from taking a job to beginning it
RESTS = 3.0  # seconds for which a Redis that failed is left alone: one that hangs costs a webhook a second each time


# As RQ's own script does for Queue.enqueue(unique=True), but for many jobs at once: a job hash that is there already
# refuses its job. KEYS: the queue, then the hashes. ARGV: seconds to live, how many parts the hashes share, those,
# then an id and its data for each.
QUEUE_ALL = """
local queued, shared = {}, {}
local own = 2 + tonumber(ARGV[2])
for i = 3, own do shared[#shared + 1] = ARGV[i] end
for i = 2, #KEYS do
  local id, data = ARGV[own + 2 * i - 3], ARGV[own + 2 * i - 2]
  queued[i - 1] = 0
  if redis.call("EXISTS", KEYS[i]) == 0 then
    redis.call("HSET", KEYS[i], "data", data, unpack(shared))
    redis.call("EXPIRE", KEYS[i], ARGV[1])
    redis.call("RPUSH", KEYS[1], id)
    queued[i - 1] = 1
  end
end
return queued
"""


# Takes jobs from the head of a queue that can be done with the one that begins. KEYS: the queue. ARGV: what the keys of
# such jobs begin with, and for how many chats or tasks there is room; a key goes on with how many its job has. Half of
# what waits is left to other workers.
TAKE_ALONG = """
local taken, room = {}, tonumber(ARGV[2])
for _ = 1, math.floor(redis.call("LLEN", KEYS[1]) / 2) do
  local id = redis.call("LINDEX", KEYS[1], 0)
  local chats = string.sub(id, 1, #ARGV[1]) == ARGV[1] and tonumber(string.match(id, "^%d+", #ARGV[1] + 1))
  if not chats or chats > room then break end
  redis.call("LPOP", KEYS[1])
  local hash = "rq:job:" .. id
  taken[#taken + 1] = redis.call("HGET", hash, "data") or ""
  redis.call("DEL", hash)
  room = room - chats
end
return taken
"""
HANDFUL = 8  # chats that are answered in one job at most, see bot.conversation
# Tasks that are done side by side in one job at most, see bot.work. Fewer than hands: what is at one may need another.
TRIPS = 6
# What the keys of jobs that go together begin with, the number of their chats or tasks following; and for how many.
_TOGETHER = ((re.compile(r"(said|think)-[a-z]+-"), HANDFUL), (re.compile(r"task-"), TRIPS))


@dataclass(frozen=True, slots=True)
class Job:
    """A function of bot.jobs to run with ids as arguments.

    `key` names the work (letters, digits, `_`, `-`): while a job of that key waits or runs, and for `keep` seconds
    after it succeeded, putting it again does nothing. Work that arrives while its predecessor may already have looked
    therefore needs a key of its own.
    """

    name: str
    args: tuple[int | str, ...]
    queue: QueueName
    key: str
    keep: int = 0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]+", self.key):
            raise ValueError(f"a job's key has only letters, digits, _ and -: {self.key!r}")
        if not self.name.isidentifier():
            raise ValueError(f"a job is a function of {JOBS_MODULE}: {self.name!r}")


class Queue(Protocol):
    """Where work is put."""

    def put(self, job: Job) -> bool:
        """Queue it once. False: it could not be queued; what is owed stays in SQL and the sweep finds it later."""
        ...

    def put_later(self, job: Job, seconds: float) -> bool:
        """Queue it after so many seconds; putting it again meanwhile changes nothing. False: as with `put`."""
        ...

    def put_all(self, jobs: Sequence[Job]) -> bool:
        """Queue each of them once, in order, for the price of one."""
        ...


def connect(url: str) -> redis.Redis:
    """A Redis client for short commands: fails in about a second instead of making a webhook wait. Connects lazily."""
    # One immediate retry heals a pooled connection that a Redis restart has cut.
    return redis.Redis.from_url(
        url, socket_connect_timeout=0.5, socket_timeout=1.0, retry=Retry(NoBackoff(), 1), health_check_interval=30
    )


class RqQueue:
    """The queue of a running service, in Redis; jobs are functions of `module`."""

    def __init__(self, connection: redis.Redis, module: str = JOBS_MODULE) -> None:
        self._connection = connection
        self._module = module
        self._queues = {
            name: RedisQueue(name, connection=connection, serializer=JSONSerializer, default_timeout=limit)
            for name, limit in TIME_LIMITS.items()
        }
        self._moulds = lru_cache(self._mould)
        self._outage = Outage("the queue", RESTS)

    def put(self, job: Job) -> bool:
        """See Queue.put."""
        return self.put_all([job])

    def put_all(self, jobs: Sequence[Job]) -> bool:
        """See Queue.put_all. A Redis that is down costs nothing, one that hangs a second, and then it is left alone."""
        if self._outage.lasts:
            return False
        try:
            again = [job for job in self._refused(jobs) if self._forget_dead(job)]
            self._refused(again)  # what is refused now, another process queued in the same moment
        except redis.RedisError as exc:
            self._outage.began(exc)
            log.warning("not queued", jobs=[job.key for job in jobs], error=type(exc).__name__)
            return False
        self._outage.ended()
        return True

    def put_later(self, job: Job, seconds: float) -> bool:
        """See Queue.put_later; the clock process puts it when it is due."""
        if self._outage.lasts:
            return False
        try:
            self._connection.zadd(LATER, {json.dumps(asdict(job)): time.time() + seconds}, nx=True)
        except redis.RedisError as exc:
            self._outage.began(exc)
            log.warning("job not put off", job=job.name, key=job.key, error=type(exc).__name__)
            return False
        return True

    def put_due(self) -> None:
        """Put every job that was put off and is due. Who takes it away puts it, so several processes may call this."""
        try:
            due = cast("list[bytes]", self._connection.zrangebyscore(LATER, "-inf", time.time()))
            for member in due:
                if self._connection.zrem(LATER, member):
                    said = json.loads(member)
                    self.put(Job(**{**said, "args": tuple(said["args"])}))
        except redis.RedisError:
            return  # the sweep that cannot be put either says so, less often

    def _refused(self, jobs: Sequence[Job]) -> list[Job]:
        """Queue them; those whose key is taken. One trip to Redis for all that differ only in key and arguments."""
        alike: dict[tuple[str, QueueName, int], list[Job]] = {}
        for job in jobs:
            alike.setdefault((job.name, job.queue, job.keep), []).append(job)
        return [refused for group in alike.values() for refused in self._refused_alike(group)]

    def _refused_alike(self, jobs: Sequence[Job]) -> list[Job]:
        queue = self._queues[jobs[0].queue]
        mould, parts = self._moulds(jobs[0].name, jobs[0].queue, jobs[0].keep)
        made, now = copy(mould), utcformat(datetime.now(UTC))
        common = [*parts, "created_at", now, "enqueued_at", now]
        keys = [RedisJob.key_for(job.key) for job in jobs]
        own: list[str | bytes] = []
        for job in jobs:
            made.args = job.args  # RQ makes its data anew from them
            own += [job.key, zlib.compress(made.data)]
        answers = self._connection.eval(
            QUEUE_ALL, len(keys) + 1, queue.key, *keys, WAITING_TTL, len(common), *common, *own
        )
        return [job for job, queued in zip(jobs, cast("list[int]", answers), strict=True) if not queued]

    def _mould(self, name: str, queue: QueueName, keep: int) -> tuple[RedisJob, list[Any]]:
        """A job to be copied, and names and values of what such jobs share: all but their keys, arguments and times."""
        job = self._queues[queue].create_job(
            f"{self._module}.{name}",
            description=name,
            timeout=TIME_LIMITS[queue],
            ttl=WAITING_TTL,
            result_ttl=keep,
            failure_ttl=WAITING_TTL,
            status=JobStatus.QUEUED,
        )
        own = ("data", "created_at", "enqueued_at")
        return job, [part for field, value in job.to_dict().items() if field not in own for part in (field, value)]

    def _forget_dead(self, job: Job) -> bool:
        """Free the key when its job will not run. True when freed.

        RQ remembers failures, and the new job is the retry. A job that no queue holds although it waits was taken by
        a worker that died before it could begin, or by one that begins at this moment: so not one of just now.
        """
        try:
            earlier = RedisJob.fetch(job.key, connection=self._connection, serializer=JSONSerializer)
            if earlier.get_status(refresh=False) in ENDED or self._is_lost(earlier, job):
                earlier.delete()
                return True
        except NoSuchJobError:
            return True  # it ended between the two calls
        return False

    def _is_lost(self, earlier: RedisJob, job: Job) -> bool:
        if earlier.get_status(refresh=False) is not JobStatus.QUEUED or earlier.enqueued_at is None:
            return False
        is_old = datetime.now(UTC) - earlier.enqueued_at > TAKEN
        # Where it was put, which need not be where this one is: what brings files waits longer than others.
        return is_old and RedisQueue(earlier.origin, self._connection).get_job_position(job.key) is None


def answer_all(app: str, firsts: Mapping[int, int]) -> Iterator[Job]:
    """Jobs that answer chats of one app, by the first message of each.

    A handful each: a transaction costs as much for one chat as for eight. No two apps together, so that nobody waits
    for one that is slow to take what others are told.
    """
    chats = list(firsts)
    for start in range(0, len(chats), HANDFUL):
        handful = chats[start : start + HANDFUL]
        # A key of its own each time: the job of an earlier message may already have looked.
        yield Job("answer", tuple(handful), "chat", key=f"said-{app}-{len(handful)}-{firsts[handful[0]]}")


def do_task(task_id: int, tries: int = 0, queue: QueueName = "trips") -> Job:
    """The job that does a task: with others of its queue side by side, or, once it was tried, alone.

    Another try has another key: a try whose worker died with its supervisor holds its own for minutes.
    """
    return Job("run_task", (task_id,), queue, key=f"again-{task_id}-{tries}" if tries else f"task-1-{task_id}")


def keep_to_chats(workers: int) -> int:
    """How many of so many workers do nothing else, so that no acknowledgement waits for a plan: about a third, of two
    or more. The others plan.
    """
    return 0 if workers == 1 else (workers + 1) // 3


def take_along(start: Pipeline, job: RedisJob, queue: RedisQueue) -> bool:
    """When a job begins: ask for those behind it that can be done with it. False: there is nothing to ask for."""
    for pattern, most in _TOGETHER:
        if (kind := pattern.match(job.id)) and (room := most - len(job.args)) > 0:
            start.eval(TAKE_ALONG, 1, queue.key, kind[0], room)
            return True
    return False


def taken_along(answer: Sequence[bytes]) -> list[int]:
    """The chats or tasks of those jobs."""
    return [number for data in answer if data for number in json.loads(zlib.decompress(data))[2]]


def release(connection: redis.Redis, key: str) -> None:
    """Free the key of a job whose worker died while running it, so that the sweep can queue the work again."""
    try:
        RedisJob.fetch(key, connection=connection, serializer=JSONSerializer).delete()
    except NoSuchJobError:
        return
    except redis.RedisError as exc:
        log.warning("job not released", key=key, error=type(exc).__name__)


class InlineQueue:
    """A queue without Redis or workers, for the terminal and for tests; used from one thread.

    A job runs at once; one put by a running job runs after it, in order. Nothing can be put off.
    """

    def __init__(self, run: Callable[[Job], None]) -> None:
        self._run = run
        self._waiting: deque[Job] = deque()
        self._running = False

    def put(self, job: Job) -> bool:
        """See Queue.put. What the job raises is raised here."""
        self._waiting.append(job)
        if self._running:
            return True
        self._running = True
        try:
            while self._waiting:
                self._run(self._waiting.popleft())
        finally:
            self._running = False
        return True

    def put_later(self, job: Job, seconds: float) -> bool:
        """See Queue.put_later: never."""
        return False

    def put_all(self, jobs: Sequence[Job]) -> bool:
        """See Queue.put_all."""
        return all(self.put(job) for job in jobs)
