"""Redis killed, emptied, away or hanging: answers go on, from SQL and from what processes remember."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger, Tally

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"


def test_redis_killed_and_started_again_empty_loses_nothing(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=10, each=6)
    ledger.write(chats=4, each=6, channel="whatsapp")
    eventually(lambda: ledger.taken >= 20, "travellers write")
    on_sqlite.redis.kill()
    on_sqlite.redis.start()
    assert ledger.settle() == Tally(84, 84, 0, 0)
    assert not ledger.refusals


def test_while_redis_is_down_everything_is_answered_from_the_database(on_sqlite: Ground, ledger: Ledger) -> None:
    with down(on_sqlite):
        ledger.write(chats=8, each=5)
        ledger.write(chats=4, each=4, channel="whatsapp")
        ledger.all_taken()
        eventually(lambda: ledger.answered == 56, "all are answered without Redis")
    assert ledger.settle() == Tally(56, 56, 0, 0)
    assert not ledger.refusals


def test_while_redis_is_down_trips_are_planned(on_sqlite: Ground, ledger: Ledger) -> None:
    telegram, traveller = on_sqlite.stack.telegram, ledger.traveller()
    with down(on_sqlite):
        assert telegram.push(telegram.message(SENTENCE, chat_id=int(traveller.address))).status_code == 200
        telegram.wait_for(lambda: sum(m.document is not None for m in seen(on_sqlite, traveller.address)) == 2, 40)
    ledger.settle()
    assert sum("of 60,000" in message.shown for message in seen(on_sqlite, traveller.address)) == 1


def test_a_redis_that_goes_away_in_a_stream_of_messages_and_comes_back_is_hardly_noticed(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    ledger.write(chats=12, each=8, pause=1.2)
    eventually(lambda: ledger.taken >= 12, "travellers write")
    with down(on_sqlite):
        before = ledger.answered
        eventually(lambda: ledger.answered > before + 20, "answers go on")
    assert ledger.settle(hurry=False) == Tally(96, 96, 0, 0)
    assert not ledger.refusals


def test_a_redis_that_hangs_holds_up_nobody(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=10, each=8, pause=0.75)
    eventually(lambda: ledger.taken >= 12, "travellers write")
    process = on_sqlite.redis.process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        before = ledger.answered
        eventually(lambda: ledger.answered > before + 20, "answers go on")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert ledger.settle() == Tally(80, 80, 0, 0)
    assert not ledger.refusals


@contextmanager
def down(ground: Ground) -> Iterator[None]:
    """Meanwhile nobody listens where Redis was; afterwards it is there again, empty."""
    ground.redis.kill()
    try:
        yield
    finally:
        ground.redis.start()


def seen(ground: Ground, address: str) -> list:
    return [message for message in list(ground.stack.telegram.sent) if str(message.chat_id) == address]
