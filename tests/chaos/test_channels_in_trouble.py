"""Telegram or Twilio away, slow, busy or refusing: answers wait for them, in order, and hold up nobody else."""

from __future__ import annotations

import pytest

from storage.tables import OutboxReply, Work
from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger, Tally, Traveller


def test_while_telegram_is_away_whatsapp_is_answered_and_telegram_afterwards(on_sqlite: Ground, ledger: Ledger) -> None:
    with on_sqlite.stack.telegram.away():
        ledger.write(chats=3, each=6)
        others = ledger.write(chats=2, each=6, channel="whatsapp")
        ledger.all_taken()
        eventually(lambda: all(ledger.answers(one) == one.took for one in others), "WhatsApp is answered")
        assert ledger.answered == 12
    assert ledger.settle() == Tally(30, 30, 0, 0)


def test_while_twilio_is_away_telegram_is_answered_and_whatsapp_afterwards(on_sqlite: Ground, ledger: Ledger) -> None:
    with on_sqlite.stack.twilio.away():
        ledger.write(chats=2, each=6, channel="whatsapp")
        others = ledger.write(chats=3, each=6)
        ledger.all_taken()
        eventually(lambda: all(ledger.answers(one) == one.took for one in others), "Telegram is answered")
        assert ledger.answered == 18
    assert ledger.settle() == Tally(30, 30, 0, 0)


def test_a_telegram_that_takes_eight_seconds_gets_each_answer_once(on_sqlite: Ground, ledger: Ledger) -> None:
    on_sqlite.stack.telegram.delay = 8
    try:
        ledger.write(chats=2, each=1)
        assert ledger.settle() == Tally(2, 2, 0, 0)
    finally:
        on_sqlite.stack.telegram.delay = 0


@pytest.mark.parametrize(("status", "wait"), [(429, 2), (500, 0)])
def test_a_telegram_that_refuses_for_now_is_asked_again(
    on_sqlite: Ground, ledger: Ledger, status: int, wait: int
) -> None:
    on_sqlite.stack.telegram.fail("sendMessage", status, "Not now", retry_after=wait, times=4)
    ledger.write(chats=4, each=5)
    # A wait that was asked for is kept to; the pauses we take ourselves need not be sat out.
    assert ledger.settle(hurry=not wait) == Tally(20, 20, 0, 0)


def test_a_twilio_that_is_sent_too_much_is_asked_again(on_sqlite: Ground, ledger: Ledger) -> None:
    on_sqlite.stack.twilio.fail(429, 63018, "Rate limit exceeded for Channel", times=2)
    ledger.write(chats=2, each=4, channel="whatsapp")
    assert ledger.settle(hurry=False) == Tally(8, 8, 0, 0)


def test_a_chat_that_blocked_us_holds_up_nobody_and_is_not_written_to_again(on_sqlite: Ground, ledger: Ledger) -> None:
    telegram = on_sqlite.stack.telegram
    blocker = Traveller("telegram", "19001")
    telegram.blocked.add(19_001)
    ledger.more(blocker, 4)
    ledger.write(chats=3, each=5)
    assert ledger.settle() == Tally(15, 15, 0, 0)
    assert ledger.answers(blocker) == []
    telegram.blocked.discard(19_001)
    on_sqlite.hurry()
    eventually(on_sqlite.idle, "nothing is owed")
    assert ledger.answers(blocker) == []
    ledger.more(blocker)  # who writes again is answered again
    eventually(lambda: ledger.answers(blocker) == blocker.took[-1:], "the one who came back is answered")


def test_a_message_that_telegram_refuses_is_missed_by_its_chat_alone(on_sqlite: Ground, ledger: Ledger) -> None:
    telegram, dead = on_sqlite.stack.telegram, on_sqlite.count(OutboxReply, Work.DEAD)
    unlucky = Traveller("telegram", "19002")
    telegram.fail("sendMessage", 400, "Bad Request: message cannot be sent", chat_id=19_002, times=2)
    ledger.more(unlucky, 4)
    ledger.write(chats=3, each=5)
    assert ledger.settle() == Tally(15, 15, 0, 0)
    eventually(lambda: ledger.answers(unlucky) == unlucky.took[1:], "the chat goes on")
    assert on_sqlite.count(OutboxReply, Work.DEAD) == dead + 1
