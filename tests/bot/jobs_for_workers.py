"""Jobs for the tests of queue and worker. They write what they saw into Redis lists."""

import os
import signal
import time

import redis


def note(url: str, text: str | int) -> None:
    with redis.Redis.from_url(url) as connection:
        connection.rpush("notes", f"{os.getpid()} {text}")


def answer(*chat_ids: int) -> None:
    note(os.environ["REDIS_URL"], ",".join(map(str, chat_ids)))


def fail(url: str) -> None:
    note(url, "failing")
    raise ValueError("as told")


def die(url: str) -> None:
    note(url, "dying")
    os.kill(os.getpid(), signal.SIGKILL)


def hang(url: str) -> None:
    """Deaf to RQ's own limit, like native code that never returns."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    note(url, "hanging")
    while True:
        time.sleep(60)


def take_a_second(url: str, text: str) -> None:
    note(url, f"begin {text}")
    time.sleep(1)
    note(url, f"end {text}")


def load() -> None:
    """What the supervisor imports ahead: nothing."""
