"""The clock process: every few seconds it queues a sweep. Two clocks do no harm."""

from __future__ import annotations

import time

import structlog

from bot import logs
from bot.config import Settings
from bot.queue import Job, Queue, RqQueue, connect
from bot.signals import StopRequest

log = structlog.get_logger("bot.clock")  # as a process its __name__ is __main__

PERIOD = 15  # seconds between sweeps


def sweep_at(now: float) -> Job:
    """The sweep of the period that `now` (Unix time) falls into; every clock makes the same one."""
    return Job("sweep", (), "chat", key=f"sweep-{int(now // PERIOD)}", keep=4 * PERIOD)


def tick(queue: Queue, stop: StopRequest) -> None:
    """Queue sweeps until asked to stop."""
    while True:
        queue.put(sweep_at(time.time()))
        if stop.wait(PERIOD - time.time() % PERIOD):
            return


def main() -> None:
    """Run until SIGTERM."""
    settings = Settings.from_env()
    logs.configure(settings)
    if not settings.redis_url:
        raise SystemExit("The clock needs REDIS_URL.")
    with StopRequest() as stop:
        log.info("clock started", period=PERIOD)
        tick(RqQueue(connect(settings.redis_url)), stop)
    log.info("clock stopped")


if __name__ == "__main__":
    main()
