"""`kill -9` of the web process: what got a 200 is answered, what got none is sent again by the app."""

from __future__ import annotations

import os
import signal

from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger, Tally


def test_a_killed_web_worker_is_replaced_and_repeats_are_answered_once(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=10, each=7, pause=0.0)  # so that there is always somebody who waits for an answer
    ledger.write(chats=4, each=7, channel="whatsapp", pause=0.0)
    for so_many in (15, 45):
        eventually(lambda so_many=so_many: ledger.taken >= so_many, "travellers write")
        (child,) = on_sqlite.stack.children("web")
        os.kill(child, signal.SIGKILL)
        eventually(lambda child=child: on_sqlite.stack.children("web") not in ([], [child]), "another serves")
    assert ledger.settle() == Tally(98, 98, 0, 0)
    assert set(ledger.refusals) == {0}  # cut off; nobody was told a lie


def test_a_killed_web_master_started_again_goes_on(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=10, each=6)
    eventually(lambda: ledger.taken >= 15, "travellers write")
    (child,) = on_sqlite.stack.children("web")
    on_sqlite.stack.kill("web")
    os.kill(child, signal.SIGKILL)
    eventually(lambda: ledger.refusals[0] > 3, "nobody answers the apps")
    on_sqlite.stack.start("web")
    assert ledger.settle() == Tally(60, 60, 0, 0)
    assert set(ledger.refusals) == {0}


def test_a_web_master_stopped_politely_finishes_what_it_took(on_sqlite: Ground, ledger: Ledger) -> None:
    ledger.write(chats=8, each=6)
    eventually(lambda: ledger.taken >= 10, "travellers write")
    on_sqlite.stack.stop("web")
    on_sqlite.stack.start("web")
    assert ledger.settle() == Tally(48, 48, 0, 0)
    assert set(ledger.refusals) <= {0}
