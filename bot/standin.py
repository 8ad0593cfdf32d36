"""Work without the queue: while Redis is away, what is owed is found in SQL and done in the place of RQ's workers.

Any number of stand-ins, and workers that still run a job, may do this at once: a chat's lock and a task's see to it
that nothing is done twice. See bot.jobs.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import jobs
from bot.queue import TIME_LIMITS, Job, QueueName
from bot.signals import StopRequest
from bot.wiring import App, current
from storage.locks import Busy

log = structlog.get_logger(__name__)

IDLE = 0.3  # seconds between looks at what is owed
TROUBLED = 2.0  # the same when the database is in trouble, too


def stand_in(queues: Collection[QueueName], reports: Connection, stop: StopRequest) -> None:
    """Do what these queues would bring, until asked to stop; each piece is reported like a job of a worker."""
    app = current()
    # Whatever a piece raises stays in its thread, and its own count of tries decides what becomes of it.
    with ThreadPoolExecutor(max_workers=1) as hands:
        while not stop.count:
            pieces = _owed(app, queues)
            for job in pieces or ():
                if stop.count:
                    return
                reports.send((job.key, float(TIME_LIMITS[job.queue])))
                failure = hands.submit(jobs.run_inline, app, job).exception()
                reports.send(None)
                if failure is not None and not isinstance(failure, Busy):  # another has that chat, and it comes round
                    log.error("a piece of work failed", job=job.name, key=job.key, exc_info=failure)
            if not pieces:
                stop.wait(IDLE if pieces is not None else TROUBLED)


def _owed(app: App, queues: Collection[QueueName]) -> list[Job] | None:
    """What there is to do, None when the database does not say. Several stand-ins begin at different ends of it."""
    try:
        pieces = [job for job in jobs.owed(app, datetime.now(UTC)) if job.queue in queues]
    except SQLAlchemyError as exc:
        log.error("what is owed could not be read", error=type(exc).__name__)
        return None
    random.shuffle(pieces)
    return pieces
