"""No room left where the database is: nothing is acknowledged that cannot be kept, and all goes on afterwards.

The limit that the system puts on a process's files plays the full disk: every write fails at once, as it then would.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="A FULL DISK IS NOT TESTED: only Linux limits the files of a running process"
)


def test_on_a_full_disk_messages_are_refused_and_none_is_lost(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=4, each=6)
    ledger.write(chats=2, each=6, channel="whatsapp")
    eventually(lambda: ledger.taken >= 10, "travellers write")
    with no_room(on_sqlite) as on_their_way:
        before = ledger.taken
        ledger.write(chats=4, each=6)
        ledger.write(chats=2, each=6, channel="whatsapp")
        eventually(lambda: ledger.refusals[503] >= 20, "messages are refused")
        assert ledger.taken <= before + 12  # what was on its way
    tally = ledger.settle()
    assert (tally.sent, tally.answered, tally.out_of_order) == (72, 72, 0)
    assert tally.doubled <= on_their_way
    assert set(ledger.refusals) == {503}
    assert not on_sqlite.stack.fallen()


@contextmanager
def no_room(ground: Ground) -> Iterator[int]:
    """Meanwhile web and workers cannot write to any file; how many replies were on their way when it began."""
    stack = ground.stack
    pids = [pid for name in ("web", "worker") for pid in (stack.processes[name].pid, *stack.children(name))]
    with ground.frozen(stack.children("worker")) as on_their_way:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield on_their_way
    finally:
        for name in ("web", "worker"):
            for pid in (stack.processes[name].pid, *stack.children(name)):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
