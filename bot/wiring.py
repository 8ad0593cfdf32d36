"""Everything built once. Building connects to nothing; heavy parts are imported on first use: the web stays light."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, datetime
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

import redis

from bot.channel import Channel
from bot.channels import registry as channels
from bot.config import BadSettings, Settings
from bot.contents import Forms
from bot.i18n import NAIROBI
from bot.intents import Context, Parser
from bot.queue import Job, Queue, RqQueue, connect
from bot.shelf import Shelf
from bot.state import House
from storage import codec
from storage.store import Store
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.claude import Claude
    from bot.narrator import Narrator
    from bot.planning import Sources
    from planner.places import Gazetteer
    from providers.base import Query
    from providers.memory import Memory
    from providers.switchboard import Choice


HANDS = 8  # threads of a worker that wait for others; more would not fit the connections of PostgreSQL
T = TypeVar("T")
R = TypeVar("R")
QUEUE_RESTS = 30.0  # seconds: each try of a queue that hangs costs a search more than a second


class App:
    """The parts of Safiri, made from its settings.

    For one-process use `queue`, `extra` channels and a `memory` for sources can be given.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        queue: Queue | None = None,
        extra: Mapping[str, Channel] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.settings = settings
        self._memory = memory
        self._queue_rests_until = 0.0  # monotonic
        self._queue = queue
        self.resting: dict[str, float] = {}  # channels that were in trouble, and until when they are spared (monotonic)
        self._extra = dict(extra or {})

    @cached_property
    def redis(self) -> redis.Redis | None:
        """The shared memory, None when no REDIS_URL is set."""
        return connect(self.settings.redis_url) if self.settings.redis_url else None

    @cached_property
    def store(self) -> Store:
        """Everything that is kept."""
        return Store(self.settings.database_url, Vault(self.settings.secret_keys), self.redis)

    @property
    def memory(self) -> Memory:
        """What all processes remember for a while. Never to be used inside a transaction, see storage.shared_memory."""
        return self._memory or self.store.memory

    @cached_property
    def queue(self) -> Queue:
        """The way to the workers."""
        if self._queue is not None:
            return self._queue
        if self.redis is None:
            raise BadSettings(["REDIS_URL must be set: it is the way to the workers (`make demo` starts one itself)."])
        return RqQueue(self.redis)

    @cached_property
    def documents(self) -> Shelf:
        """Where channels get files from."""
        return Shelf(self.settings, lambda: self.store)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The enabled channels by name."""
        store = self.store
        on = channels.enabled(self.settings, self.documents, store.sent_ids, self.memory, Forms(store))
        return on | self._extra

    @cached_property
    def hands(self) -> ThreadPoolExecutor:
        """Who waits for several at once: for apps, models, sources."""
        return ThreadPoolExecutor(HANDS, thread_name_prefix="hand")

    def side_by_side(self, work: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """Do what mostly waits for others, one thing here, several by hands; what came of each.

        All end before an error is raised, also when that is the time limit of this thread. Not to be called by a hand:
        all could wait for another.
        """
        if len(things) == 1:
            return [work(things[0])]
        doing = [self.hands.submit(work, thing) for thing in things]
        try:
            wait(doing)
        finally:
            wait([future for future in doing if not future.cancel()])
        return [done.result() for done in doing]

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places known."""
        from providers import gazetteer

        return gazetteer.load()

    @cached_property
    def rules(self) -> Parser:
        """The parser that needs nothing."""
        from bot.parsers.rules import RulesParser

        return RulesParser(self.gazetteer)

    @cached_property
    def claude(self) -> Claude:
        """The model, for whoever asks it. Only where there is a key."""
        from bot.claude import Claude, Prices

        def tally(name: str, labels: Mapping[str, str], amount: float = 1) -> None:
            self.memory.tally(name, labels, amount)

        given = self.settings
        prices = Prices(*given.anthropic_prices) if given.anthropic_prices else None
        return Claude(given.anthropic_key, given.anthropic_model, given.anthropic_url, tally=tally, prices=prices)

    @cached_property
    def parser(self) -> Parser:
        """Claude with the rules behind it when there is a key, the rules alone otherwise."""
        settings = self.settings
        if not settings.anthropic_key or settings.offline:
            return self.rules
        from bot.parsers.claude import ClaudeParser

        return ClaudeParser(self.claude, self.gazetteer, self.rules)

    @cached_property
    def narrator(self) -> Narrator | None:
        """Who adds a few words to a plan; None unless that is wanted and there is a key."""
        settings = self.settings
        if not settings.narration or not settings.anthropic_key or settings.offline:
            return None
        from bot.narrator import Narrator

        return Narrator(self.claude, self.gazetteer)

    @cached_property
    def house(self) -> House:
        """What the operator tells travellers about who runs this."""
        return House(self.settings.support_contact, f"{self.settings.public_url}/privacy")

    @cached_property
    def choices(self) -> list[Choice]:
        """The sources that are switched on, simulated ones included."""
        from providers.switchboard import choose

        return choose(self._provider_keys, offline=self.settings.offline, simulate=self.settings.simulate)

    @cached_property
    def sources(self) -> Sources:
        """How the sources are asked."""
        from bot.planning import Sources
        from providers import geocode
        from providers.switchboard import connect

        keys, memory = self._provider_keys, self.memory
        board = connect(self.choices, keys, memory, self._refresh)
        looks_up = geocode.enabled(keys) and not self.settings.offline
        return Sources(self.gazetteer, board.providers, keys, board.open_http, memory, memory if looks_up else None)

    def _refresh(self, source: str, query: Query) -> None:
        """Have a worker ask anew, where there are workers. A queue that does not take it is left alone for a while."""
        if (self._queue is None and self.redis is None) or time.monotonic() < self._queue_rests_until:
            return
        text = codec.dump(replace(query, newest=True))
        digest = hashlib.sha256(f"{source} {text}".encode()).hexdigest()[:32]
        if not self.queue.put(Job("refresh", (source, text), "later", key=f"refresh-{digest}")):
            self._queue_rests_until = time.monotonic() + QUEUE_RESTS

    @property
    def _provider_keys(self) -> Mapping[str, str]:
        return {**self.settings.providers, "PUBLIC_URL": self.settings.public_url}

    def now(self) -> datetime:
        """The time in Nairobi; on a frozen day (SAFIRI_TODAY) the present hour of that day."""
        now = datetime.now(NAIROBI)
        if self.settings.today is None:
            return now
        return datetime.combine(self.settings.today, now.timetz())

    def today(self) -> date:
        """The date in Nairobi."""
        return self.now().date()


@cache
def current() -> App:
    """The application of this process, from its environment. Raises BadSettings."""
    return App(Settings.from_env())


def preload() -> None:
    """Import what jobs need and load the data, so that forked workers share it."""
    app = current()
    _ = app.parser, app.narrator, app.sources, app.channels
    app.rules.parse("two days in Mombasa from Friday", Context(app.today()))  # patterns, calendars
    if app.parser is not app.rules:
        from bot.claude import schema_of
        from bot.parsers.said import Said

        schema_of(Said)
    heavy = ["bot.documents.ics", "bot.documents.pdf", "planner.solver"]
    heavy += ["bot.channels._telegram_request"] if app.settings.telegram else []
    heavy += ["twilio.rest"] if app.settings.whatsapp else []
    for name in heavy:
        import_module(name)
