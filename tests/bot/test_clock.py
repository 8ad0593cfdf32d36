"""The clock, in pieces and as a process on a real Redis."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import redis
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import PERIOD, sweep_at
from bot.queue import RqQueue
from tests.bot.processes import PATIENCE, eventually

ROOT = Path(__file__).parents[2]


def clock(url: str, stderr: int | None = None) -> "subprocess.Popen[bytes]":
    env = {"SECRET_KEY": "k" * 32, "REDIS_URL": url}
    return subprocess.Popen([sys.executable, "-m", "bot.clock"], cwd=ROOT, env=env, stderr=stderr)


@given(st.floats(min_value=0, max_value=4e9))
def test_within_one_period_there_is_one_sweep(now: float) -> None:
    start = now // PERIOD * PERIOD
    assert sweep_at(start).key == sweep_at(now).key
    assert sweep_at(now).key != sweep_at(now + PERIOD).key


def test_a_sweep_is_remembered_longer_than_its_period() -> None:
    assert sweep_at(0).keep > PERIOD


def test_two_clocks_queue_a_sweep_once(redis_client: redis.Redis) -> None:
    for _ in range(2):
        assert RqQueue(redis_client).put(sweep_at(1_000_000))
    assert redis_client.llen("rq:queue:chat") == 1


def test_the_clock_queues_a_sweep_at_once_and_leaves_on_sigterm(redis_url: str, redis_client: redis.Redis) -> None:
    with clock(redis_url) as process:
        eventually(lambda: redis_client.llen("rq:queue:chat") >= 1, "a sweep is queued")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert time.monotonic() - began < PERIOD  # it did not finish its nap
    assert redis_client.lindex("rq:queue:chat", 0).startswith(b"sweep-")


def test_a_clock_without_redis_keeps_running_until_it_is_stopped() -> None:
    with clock("redis://127.0.0.1:1/0", stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"not queued" in line:
                break
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
