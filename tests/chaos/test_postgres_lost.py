"""PostgreSQL restarted, crashed or down under load: what cannot be kept is refused, what was kept is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.chaos.ledger import Ledger
from tests.servers import PostgresServer


@pytest.fixture
def ledger(on_postgres: Ground) -> Iterator[Ledger]:
    with closing(Ledger(on_postgres)) as begun:
        yield begun


def test_while_postgresql_is_down_messages_are_refused_and_none_is_lost(
    on_postgres: Ground, postgres_alone: PostgresServer, ledger: Ledger
) -> None:
    ledger.write(chats=6, each=6)
    ledger.write(chats=2, each=6, channel="whatsapp")
    eventually(lambda: ledger.taken >= 20, "travellers write")
    with at_a_bad_moment(on_postgres) as on_their_way:
        postgres_alone.stop()
    before = ledger.taken
    ledger.write(chats=4, each=6)
    ledger.write(chats=2, each=6, channel="whatsapp")
    eventually(lambda: ledger.refusals[503] >= 20, "messages are refused")
    assert ledger.taken <= before + 14  # what was on its way when PostgreSQL stopped
    postgres_alone.start()
    tally = ledger.settle()
    assert (tally.sent, tally.answered, tally.out_of_order) == (84, 84, 0)
    assert tally.doubled <= on_their_way
    assert set(ledger.refusals) == {503}


@pytest.mark.parametrize("end", [PostgresServer.stop, PostgresServer.crash], ids=["restarted", "crashed"])
def test_a_postgresql_that_is_back_at_once_costs_a_moment(
    on_postgres: Ground, postgres_alone: PostgresServer, ledger: Ledger, end: object
) -> None:
    ledger.write(chats=10, each=6)
    eventually(lambda: ledger.taken >= 20, "travellers write")
    with at_a_bad_moment(on_postgres) as on_their_way:
        assert callable(end)
        end(postgres_alone)
    postgres_alone.start()
    tally = ledger.settle()
    assert (tally.sent, tally.answered, tally.out_of_order) == (60, 60, 0)
    assert tally.doubled <= on_their_way
    assert set(ledger.refusals) <= {503}


@contextmanager
def at_a_bad_moment(ground: Ground) -> Iterator[int]:
    """Workers stand still; a reply that is on its way now may be sent again, as nobody can note that it was taken."""
    with ground.frozen(ground.stack.children("worker")) as on_their_way:
        yield on_their_way
