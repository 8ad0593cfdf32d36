"""A trip planned for nobody: no traveller waits for what the first plan of a process reads, compiles and copies.

Before workers are forked, who share what is made; and in each that plans trips, for what it has to copy.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import ClassVar

import structlog

from bot import jobs
from bot.channel import Chat, Incoming, IncomingKind, Part, Request
from bot.config import Settings
from bot.intake import Intake
from bot.queue import InlineQueue
from bot.replies import Reply
from bot.wiring import App, current
from providers.memory import Memory
from providers.resilience import Kept, Refused
from storage import codec
from storage.memory import ProcessMemory

log = structlog.get_logger(__name__)

# Several days, so that the day planner and the map have something to do.
SAYS = "3 days in Mombasa from Nairobi next Friday for 2, budget 60k"


class Nobody:
    """A channel on which nothing arrives."""

    name: ClassVar[str] = "rehearsal"
    needs: ClassVar[tuple[str, ...]] = ()

    def receive(self, request: Request) -> list[Incoming]:
        """Nobody writes."""
        return []

    def acknowledge(self, incoming: Incoming) -> None:
        """Nobody waits."""

    def show_typing(self, incoming: Incoming) -> None:
        """Nobody looks."""

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """Nothing is said."""
        return ()


def rehearse() -> None:
    """Plan one trip in memory, from the guide, without asking or telling anybody.

    Should it fail, that is logged: workers only start slower.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        failure = aside.submit(_plan, current().settings).exception()
    if failure is not None:
        log.error("the rehearsal failed", exc_info=failure)


def _plan(given: Settings) -> None:
    settings = Settings(
        secret_keys=(token_hex(32),), database_url="sqlite://", today=given.today, offline=True, var=given.var
    )
    memory: Memory = ProcessMemory()
    app: App = App(
        settings,
        queue=InlineQueue(lambda job: jobs.run_inline(app, job)),
        extra={Nobody.name: Nobody()},
        memory=memory,
    )
    loudest = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # nobody planned a trip
    try:
        app.store.make_tables()
        wish = Incoming(Chat(Nobody.name, "nobody"), "1", IncomingKind.TEXT, text=SAYS)
        Intake(app.store, app.queue).accept(Nobody.name, [wish])
        for remembered in (Kept.of((), app.now()), Refused("", permanent=False, retry_after=None)):
            memory.keep("rehearsal", codec.load(type(remembered), codec.dump(remembered)), 1.0)
    finally:
        logging.disable(loudest)
        app.store.close()
