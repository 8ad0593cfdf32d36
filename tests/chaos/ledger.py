"""Who wrote what and what came back: the proof that nothing is lost, doubled or out of order.

Travellers share positions, each the middle of another town, and every position is answered by one message that names
its town. So each answer tells which message it answers. A traveller's app repeats a message until it gets a 200, and
sends the next one only then, as Telegram does and as Twilio is set to.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

import httpx

from bot.i18n import t
from planner.model import Place
from providers import gazetteer
from tests.bot.processes import eventually
from tests.chaos.ground import Ground
from tests.fakes.loopback import NO_TLS

CHATS = itertools.count(20_001)
UPDATES = itertools.count(900_000_001)
ANSWER = re.compile("(.+?)".join(map(re.escape, t("en", "located", place="\0").split("\0"))))
PATIENCE = 60.0  # seconds for which an app repeats a message; the real ones do for hours
PAUSE = 0.1  # seconds between two attempts of an app


@cache
def towns() -> tuple[Place, ...]:
    """Places that are the nearest to their own position, each with a name of its own. Parks are called by less."""
    known = gazetteer.load()
    here = [place for place in known.places if place.lat is not None and place.lon is not None and place.kind != "park"]
    found = [place for place in here if known.nearest(place.lat or 0, place.lon or 0) == place]
    return tuple({p.name: p for p in found}.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """What the ledger says in the end."""

    sent: int
    answered: int
    doubled: int
    out_of_order: int

    def __str__(self) -> str:
        return f"sent {self.sent}, answered {self.answered}, doubled {self.doubled}, out of order {self.out_of_order}"


@dataclass
class Traveller:
    """One chat: `took` are the towns of the messages that got a 200, in that order."""

    channel: str
    address: str
    took: list[str] = field(default_factory=list)


class Ledger:
    """Everything that the travellers of one test wrote."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.travellers: list[Traveller] = []
        self.refusals: Counter[int] = Counter()  # by status, 0: no answer at all
        self.given_up = False  # nobody sends anything again
        self._writing: list[threading.Thread] = []
        self._adding = threading.Lock()

    def traveller(self, channel: str = "telegram") -> Traveller:
        """Somebody who never wrote before."""
        number = next(CHATS)
        address = str(number) if channel == "telegram" else f"whatsapp:+2547{number:08d}"
        self.travellers.append(Traveller(channel, address))
        return self.travellers[-1]

    def write(self, chats: int = 4, each: int = 6, channel: str = "telegram", pause: float = 0.1) -> list[Traveller]:
        """New travellers begin to write, all at once, `pause` seconds between the messages of each."""
        new = [self.traveller(channel) for _ in range(chats)]
        for traveller in new:
            thread = threading.Thread(target=self._write, args=(traveller, each, pause), daemon=True)
            self._writing.append(thread)
            thread.start()
        return new

    def repeat(self, traveller: Traveller, count: int, times: int) -> None:
        """A traveller writes on, and the app delivers each message so many times at once."""
        with httpx.Client(timeout=20, verify=NO_TLS) as client, ThreadPoolExecutor(times) as at_once:
            for place in _next(towns(), len(traveller.took), count):
                post = self._poster(client, traveller, place)
                assert all(at_once.map(lambda _, post=post: self._insist(post), range(times)))
                traveller.took.append(place.name)

    def scramble(self, traveller: Traveller, count: int) -> None:
        """A traveller writes on, and the app delivers the newest first."""
        with httpx.Client(timeout=20, verify=NO_TLS) as client:
            written = [(p, self._poster(client, traveller, p)) for p in _next(towns(), len(traveller.took), count)]
            for place, post in reversed(written):
                assert self._insist(post)
                traveller.took.append(place.name)

    def more(self, traveller: Traveller, count: int = 1) -> None:
        """A traveller writes on, here and now."""
        self._write(traveller, count, 0.0)

    @property
    def taken(self) -> int:
        """How many messages got a 200."""
        return sum(len(traveller.took) for traveller in self.travellers)

    def all_taken(self) -> None:
        """Wait until every message got a 200."""
        for thread in self._writing:
            thread.join(PATIENCE + 30)
            assert not thread.is_alive(), f"messages are still refused: {dict(self.refusals)}"
        self._writing.clear()

    def close(self) -> None:
        """Nobody writes any more."""
        self.given_up = True
        for thread in self._writing:
            thread.join(30)

    def answers(self, traveller: Traveller) -> list[str]:
        """The towns that were answered to a traveller, in order."""
        fakes = self.ground.stack
        if traveller.channel == "telegram":
            texts = [m.shown for m in list(fakes.telegram.sent) if str(m.chat_id) == traveller.address]
        else:
            texts = [m.body for m in list(fakes.twilio.sent) if m.to == traveller.address]
        return [found[1] for text in texts if (found := ANSWER.search(text))]

    @property
    def answered(self) -> int:
        """How many messages are answered by now."""
        return sum(len(set(self.answers(one)) & set(one.took)) for one in self.travellers)

    def settle(self, hurry: bool = True) -> Tally:
        """Wait until all that was taken is answered and nothing more is owed; then count."""
        self.all_taken()
        last = 0.0

        def done() -> bool:
            nonlocal last
            if hurry and time.monotonic() - last > 1:
                last = time.monotonic()
                self.ground.hurry()
            return self.answered == self.taken and self.ground.idle()

        try:
            eventually(done, "every message is answered and nothing is owed")
        finally:
            print(tally := self.tally())  # noqa: T201  (the line that a reader of the suite looks for)
        return tally

    def tally(self) -> Tally:
        """What stands now."""
        doubled = out_of_order = 0
        for one in self.travellers:
            answers = self.answers(one)
            doubled += len(answers) - len(set(answers))
            order = [one.took.index(town) for town in dict.fromkeys(answers) if town in one.took]
            out_of_order += sum(later < earlier for earlier, later in itertools.pairwise(order))
        return Tally(self.taken, self.answered, doubled, out_of_order)

    def _write(self, traveller: Traveller, count: int, pause: float) -> None:
        begun = len(traveller.took)
        with httpx.Client(timeout=20, verify=NO_TLS) as client:
            for place in _next(towns(), begun, count):
                if not self._insist(self._poster(client, traveller, place)):
                    return
                traveller.took.append(place.name)
                time.sleep(pause)

    def _poster(self, client: httpx.Client, traveller: Traveller, place: Place) -> Callable[[], httpx.Response]:
        stack = self.ground.stack
        if traveller.channel == "telegram":
            position = {"latitude": place.lat, "longitude": place.lon}
            message = stack.telegram.message(chat_id=int(traveller.address), location=position)
            update = {"update_id": next(UPDATES), **message}
            headers = {"X-Telegram-Bot-Api-Secret-Token": stack.env["TELEGRAM_WEBHOOK_SECRET"]}
            return lambda: client.post(f"{stack.url}/webhooks/telegram", json=update, headers=headers)
        url = f"{stack.url}/webhooks/whatsapp"
        form = stack.twilio.form("", traveller.address, Latitude=str(place.lat), Longitude=str(place.lon))
        signed = {"X-Twilio-Signature": stack.twilio.signature(url, form)}
        return lambda: client.post(url, data=form, headers=signed)

    def _insist(self, post: Callable[[], httpx.Response]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                status = post().status_code
            except httpx.HTTPError:
                status = 0
            if status == 200:
                return True
            with self._adding:
                self.refusals[status] += 1
            if time.monotonic() > deadline or self.given_up:
                return False
            time.sleep(PAUSE)


def _next(places: Sequence[Place], begun: int, count: int) -> Iterable[Place]:
    assert begun + count <= len(places), "one traveller has no more towns to be in"
    return places[begun : begun + count]
