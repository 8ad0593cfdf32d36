"""What comes twice or in another order, two clocks at once, and a message that kills whoever reads it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import httpx

from bot.i18n import t
from storage.tables import InboxMessage, Work
from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger, Tally
from tests.stack import ROOT


def test_what_the_apps_deliver_several_times_at_once_is_answered_once(ledger: Ledger) -> None:
    for channel in ("telegram", "whatsapp"):
        ledger.repeat(ledger.traveller(channel), 8, times=4)
    assert ledger.settle() == Tally(16, 16, 0, 0)


def test_what_arrives_newest_first_is_answered_once_each_in_the_order_it_came(ledger: Ledger) -> None:
    for channel in ("telegram", "whatsapp"):
        ledger.scramble(ledger.traveller(channel), 8)
    assert ledger.settle() == Tally(16, 16, 0, 0)


def test_two_clocks_sweep_once_a_period_and_send_once_what_was_put_off(on_sqlite: Ground, ledger: Ledger) -> None:
    stack = on_sqlite.stack
    stack.stop("clock")
    stack.start("clock")
    stack.start("second clock", "clock")
    try:
        eventually(lambda: (stack.logs / "second clock.log").read_text().count("clock started") == 1, "both run")
        stack.telegram.fail("sendMessage", 429, "Too Many Requests", retry_after=1, times=6)
        ledger.write(chats=6, each=5)
        assert ledger.settle(hurry=False) == Tally(30, 30, 0, 0)
        before = set(swept(on_sqlite))
        eventually(lambda: set(swept(on_sqlite)) != before, "another period is swept")
        assert max(swept(on_sqlite).values()) == 1
    finally:
        stack.stop("second clock")


def test_a_message_that_kills_its_worker_is_given_up_and_its_chat_goes_on(on_sqlite: Ground, ledger: Ledger) -> None:
    stack, poisoned = on_sqlite.stack, ledger.traveller()
    telegram, chat = stack.telegram, int(poisoned.address)
    ledger.more(poisoned)
    ledger.settle()
    with telegram.holding("answerCallbackQuery", "asked") as held:
        telegram.tap({"callback_data": "any"}, chat)  # the first thing done with it is to answer the tap
        ledger.more(poisoned, 2)
        others = ledger.write(chats=2, each=3)
        for tries in (1, 2, 3):
            eventually(lambda tries=tries: hurried(on_sqlite, held.calls == tries), f"it is tried {tries} times")
            eventually(lambda: all(ledger.answers(one) == one.took for one in others), "others are answered")
            on_sqlite.kill_workers()
        tally = ledger.settle()
        assert held.calls == 3
    assert (tally.sent, tally.answered, tally.doubled, tally.out_of_order) == (9, 9, 0, 0)
    assert on_sqlite.count(InboxMessage, Work.DEAD) == 1
    sorry = t("en", "trouble")
    assert [sorry in message.shown for message in telegram.sent if message.chat_id == chat].count(True) == 1

    examined = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"], cwd=ROOT, env=stack.env, capture_output=True, text=True, check=False
    )
    assert "1 in inbox were given up" in examined.stdout
    assert examined.returncode != 0
    assert 'safiri_dead_letters{kind="inbox"} 1.0' in httpx.get(f"{stack.url}/metrics").text


def hurried(ground: Ground, done: bool) -> bool:
    if not done:
        ground.hurry()
    return done


def swept(ground: Ground) -> Counter[str]:
    """How often each period of the clocks was swept."""
    return Counter(re.findall(r'"job": "sweep", "key": "(sweep-\d+)"', (ground.stack.logs / "worker.log").read_text()))
