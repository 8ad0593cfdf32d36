"""The machine's clock is set, an hour forward or back: nothing is lost or doubled, and retries still happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.processes import eventually
from tests.chaos.ground import Ground, ground
from tests.chaos.ledger import Ledger, Tally

LIBRARIES = [
    *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
    *Path("/usr/lib/faketime").glob("libfaketimeMT.so.1"),
]
HOUR = 3600


@pytest.fixture(scope="module")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seconds by which the clocks of all processes are wrong."""
    if not LIBRARIES:
        pytest.skip("A CLOCK THAT JUMPS IS NOT TESTED, not on this machine: libfaketime (apt-get install faketime)")
    file = tmp_path_factory.mktemp("time") / "offset"
    file.write_text("+0\n")
    return file


@pytest.fixture(scope="module")
def off_time(clock_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Everything on SQLite, in processes whose clock can be set."""
    folder: Path = tmp_path_factory.mktemp("chaos")
    env = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock_file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with ground(f"sqlite:///{folder / 'safiri.db'}", folder, env) as started:
        yield started


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_in_a_stream_of_messages_loses_and_doubles_nothing(
    off_time: Ground, clock_file: Path, jump: int
) -> None:
    with closing(Ledger(off_time)) as ledger:
        off_time.stack.telegram.fail("sendMessage", 429, "Too Many Requests", retry_after=2, times=2)
        ledger.write(chats=4, each=10, pause=0.2)
        eventually(lambda: ledger.taken >= 8, "travellers write")
        clock_file.write_text(f"{jump:+d}\n")
        # What was put off until a time that is now far away comes back with time itself, which is made to pass here.
        assert ledger.settle() == Tally(40, 40, 0, 0)
        off_time.stack.telegram.fail("sendMessage", 429, "Too Many Requests", retry_after=1, times=1)
        ledger.write(chats=2, each=3)
        assert ledger.settle(hurry=False) == Tally(46, 46, 0, 0)
        clock_file.write_text("+0\n")
