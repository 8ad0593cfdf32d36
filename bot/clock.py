"""The clock process: it queues what was put off when it is due, and a sweep now and then. Two clocks do no harm."""

from __future__ import annotations

import time

import structlog

from bot import logs
from bot.config import Settings
from bot.queue import Job, RqQueue, connect
from bot.signals import StopRequest

log = structlog.get_logger("bot.clock")  # as a process its __name__ is __main__

PERIOD = 15  # seconds between sweeps
LOOK = 0.25  # seconds between looks at what was put off


def sweep_at(now: float) -> Job:
    """The sweep of the period that `now` (Unix time) falls into; every clock makes the same one."""
    return Job("sweep", (), "chat", key=f"sweep-{int(now // PERIOD)}", keep=4 * PERIOD)


def tick(queue: RqQueue, stop: StopRequest) -> None:
    """Queue sweeps, and what was put off until now, until asked to stop."""
    swept = -1.0
    while True:
        now = time.time()
        if now // PERIOD != swept:
            swept = now // PERIOD
            queue.put(sweep_at(now))
        queue.put_due()
        if stop.wait(LOOK):
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
