"""`kill -9` of workers: whatever they were at, it is done by their successors."""

from __future__ import annotations

import pytest

from storage.tables import InboxMessage, OutboxReply, Task, Work
from tests.bot.processes import alive, eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger, Tally

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"


def test_on_a_calm_day_everything_is_answered_once_and_in_order(ledger: Ledger) -> None:
    ledger.write(chats=4, each=6)
    ledger.write(chats=2, each=6, channel="whatsapp")
    assert ledger.settle(hurry=False) == Tally(36, 36, 0, 0)
    assert not ledger.refusals


def test_children_killed_in_a_stream_of_messages_are_replaced_and_nothing_is_lost(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    ledger.write(chats=10, each=6)
    ledger.write(chats=4, each=6, channel="whatsapp")
    repeated = 0
    for so_many in (10, 50):
        eventually(lambda so_many=so_many: ledger.taken >= so_many, "travellers write")
        eventually(lambda: len(on_sqlite.stack.children("worker")) == 2, "two children work")
        repeated += on_sqlite.kill_workers()
    tally = ledger.settle()
    assert (tally.sent, tally.answered, tally.out_of_order) == (84, 84, 0)
    assert tally.doubled <= repeated
    assert not ledger.refusals


def test_a_child_killed_in_the_middle_of_a_turn_costs_nothing_but_time(on_sqlite: Ground, ledger: Ledger) -> None:
    telegram, traveller = on_sqlite.stack.telegram, ledger.traveller()
    with telegram.holding("answerCallbackQuery", "asked") as held:
        telegram.tap({"callback_data": "any"}, int(traveller.address))
        ledger.more(traveller, 3)
        telegram.wait_for(lambda: held.calls > 0)
        assert on_sqlite.kill_workers() == 0
    assert ledger.settle() == Tally(3, 3, 0, 0)
    assert len([message for message in telegram.sent if str(message.chat_id) == traveller.address]) == 4


def test_a_child_killed_between_sending_and_noting_it_repeats_that_one_message(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    with on_sqlite.stack.telegram.holding("sendMessage", "done") as held:
        (traveller,) = ledger.write(chats=1, each=3)
        on_sqlite.stack.telegram.wait_for(lambda: held.calls > 0)
        ledger.all_taken()
        (on_its_way,) = ledger.answers(traveller)
        assert on_sqlite.kill_workers() == 1
    assert ledger.settle() == Tally(3, 3, 1, 0)
    assert ledger.answers(traveller).count(on_its_way) == 2


@pytest.mark.parametrize(
    ("while_it", "repeated"), [("sendMessageDraft", 0), ("sendDocument", 1)], ids=["plans", "brings the files"]
)
def test_a_child_killed_at_a_plan_or_its_files_leaves_them_to_be_made_once(
    on_sqlite: Ground, ledger: Ledger, while_it: str, repeated: int
) -> None:
    telegram, traveller = on_sqlite.stack.telegram, ledger.traveller()
    chat = int(traveller.address)
    with telegram.holding(while_it, "asked") as held:
        telegram.push(telegram.message(SENTENCE, chat_id=chat))
        telegram.wait_for(lambda: held.calls > 0, 30)
        on_sqlite.kill_workers()
    ledger.more(traveller)
    ledger.settle()
    seen = [message for message in telegram.sent if message.chat_id == chat]
    assert sum("of 60,000" in message.shown for message in seen) == 1
    assert sum(message.document is not None for message in seen) == 2 + repeated, "but what the app had taken"
    assert on_sqlite.count(Task, Work.DEAD) == 0


def test_a_killed_supervisor_takes_its_children_along_and_its_successor_goes_on(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    ledger.write(chats=8, each=5)
    eventually(lambda: ledger.taken >= 10, "travellers write")
    children = on_sqlite.stack.children("worker")
    on_sqlite.stack.kill("worker")
    eventually(lambda: not any(alive(pid) for pid in children), "the orphans have left")
    on_sqlite.stack.start("worker")
    assert ledger.settle() == Tally(40, 40, 0, 0)


def test_with_all_workers_dead_messages_are_taken_and_answered_when_there_are_workers_again(
    on_sqlite: Ground, ledger: Ledger
) -> None:
    ledger.write(chats=8, each=5)
    eventually(lambda: ledger.taken >= 10, "travellers write")
    children = on_sqlite.stack.children("worker")
    on_sqlite.stack.kill("worker")
    repeated = on_sqlite.kill_all(children)
    ledger.all_taken()
    assert not ledger.refusals
    on_sqlite.stack.start("worker")
    tally = ledger.settle()
    assert (tally.sent, tally.answered, tally.out_of_order) == (40, 40, 0)
    assert tally.doubled <= repeated


@pytest.fixture(autouse=True)
def nothing_is_given_up(on_sqlite: Ground) -> None:
    """Before each test: the one before left no dead letter."""
    assert not [table for table in (InboxMessage, OutboxReply, Task) if on_sqlite.count(table, Work.DEAD)]
