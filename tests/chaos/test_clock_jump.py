"""The machine's clock is set, an hour forward or back: nothing is lost or doubled, and retries still happen.

A clock that is set back by an hour is, to what is kept, the same as times that are an hour ahead; so it is the times in
the database that are moved here, under running processes. (libfaketime moves the clock itself, but makes Python's
time.sleep fail.)
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.tables import InboxMessage, OutboxReply, Task, Work
from tests.bot.processes import eventually
from tests.chaos.ground import OWED, Ground
from tests.chaos.ledger import Ledger, Tally

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_in_a_stream_of_messages_loses_and_doubles_nothing(
    on_sqlite: Ground, ledger: Ledger, jump: timedelta
) -> None:
    ledger.write(chats=8, each=6, pause=0.2)
    for so_many in (8, 20, 32):
        eventually(lambda so_many=so_many: ledger.taken >= so_many, "travellers write")
        set_clock(on_sqlite, jump)
    ledger.all_taken()
    eventually(lambda: swept(on_sqlite, ledger.answered == 48), "all are answered")
    assert ledger.settle(hurry=False) == Tally(48, 48, 0, 0)


def test_a_try_that_died_before_the_clock_was_set_back_is_repeated_all_the_same(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    telegram, traveller = on_sqlite.stack.telegram, ledger.traveller()
    with telegram.holding("answerCallbackQuery", "asked") as held:
        telegram.tap({"callback_data": "any"}, int(traveller.address))
        ledger.more(traveller, 2)
        telegram.wait_for(lambda: held.calls > 0)
        on_sqlite.kill_workers()
        set_clock(on_sqlite, -HOUR)
    eventually(lambda: swept(on_sqlite, ledger.answered == 2), "it is tried again")
    assert ledger.settle(hurry=False) == Tally(2, 2, 0, 0)


def set_clock(ground: Ground, jump: timedelta) -> None:
    """Make the running processes' clock differ from what is kept by this."""
    with ground.store.session() as s:
        for table in OWED:
            row: InboxMessage | OutboxReply | Task
            for row in s.scalars(select(table).where(table.status == Work.OWED)):
                row.due_at -= jump


def swept(ground: Ground, done: bool) -> bool:
    if not done:
        ground.sweep()
    return done
