"""A traveller's WhatsApp against the whole application in one process: the web server, Twilio on the loopback, a store.

    with phone(database_url, tmp_path) as amina:
        amina.say("Plan a 3-day Mombasa trip …")
        print(amina.transcript())

Twilio calls the web server for messages and news of them, and fetches documents from it, as over the network; jobs run
when the web server has answered. Time is real, and can be moved ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from werkzeug.wrappers import Request, Response

from bot import contents, jobs
from bot.channels._making import Making
from bot.config import Settings
from bot.queue import Job
from bot.web.app import create_app
from bot.wiring import App
from storage.store import Store
from storage.vault import Vault
from tests.conftest import SECRET
from tests.fakes.loopback import Loopback
from tests.fakes.twilio import TRAVELLER, FakeTwilio, Sent

PUBLIC_URL = "https://safiri.example"
MONDAY = date(2026, 11, 23)


@dataclass
class Waiting:
    """A queue whose jobs run when the test says so; what is put off is only noted."""

    jobs: list[Job] = field(default_factory=list)
    later: list[Job] = field(default_factory=list)

    def put(self, job: Job) -> bool:
        self.jobs.append(job)
        return True

    def put_all(self, jobs: Sequence[Job]) -> bool:
        self.jobs += jobs
        return True

    def put_later(self, job: Job, seconds: float) -> bool:
        if job.name != "deliver":  # what waits for more of a thought is answered now
            return False
        self.later.append(job)
        return True


class Web(Loopback):
    """The web process."""

    def __init__(self, app: App) -> None:
        self._site = create_app(app)
        super().__init__()

    def answer(self, request: Request) -> Response:
        return Response.from_app(self._site.wsgi_app, request.environ)


@dataclass
class Phone:
    """What was said and seen. `news` False: Twilio says nothing of what became of messages."""

    app: App
    twilio: FakeTwilio
    queue: Waiting
    number: str = TRAVELLER
    news: bool = True
    ahead: timedelta = timedelta()
    _told: int = 0
    _lines: list[str] = field(default_factory=list)
    _seen: int = 0

    def say(self, text: str = "", **fields: str) -> list[Sent]:
        """Write something; what comes back."""
        return self.send(self.twilio.form(text, self.number, **fields))

    def tap(self, label: str) -> list[Sent]:
        """Tap the newest button or row with this label."""
        shown = next(sent for sent in reversed(self.mine) if label in sent.labels)
        return self.send(self.twilio.tapped(shown, label, self.number))

    def send(self, form: dict[str, str]) -> list[Sent]:
        """A form from Twilio, and everything that follows."""
        self.ahead += timedelta(seconds=30)  # nobody types faster, or reads
        before = len(self.mine)
        self._lines.append(f"> {form.get('Body') or form.get('MessageType') or '(something)'}")
        assert self.twilio.post(f"{PUBLIC_URL}/webhooks/whatsapp", form).status_code == 200
        self.run()
        self._lines += [f"< {sent}" for sent in self.mine[before:]]
        return self.mine[before:]

    def run(self) -> None:
        """Run jobs, and let Twilio tell what became of messages, until there is nothing left to do."""
        self.app.resting.clear()  # seconds of this process, which time that is moved ahead does not pass
        while True:
            while self.queue.jobs:
                jobs.run_inline(self.app, self.queue.jobs.pop(0))
            untold = self.twilio.sent[self._told :] if self.news else []
            if not untold:
                return
            self._told = len(self.twilio.sent)
            for sent in untold:
                for status in ("failed",) if sent.error else ("sent", "delivered"):
                    assert self.twilio.report(sent, status, sent.error).status_code == 200

    def deliver(self) -> None:
        """What the clock does when something is due."""
        jobs.send(self.app, self.chat_id)
        self.run()

    @property
    def chat_id(self) -> int:
        with self.app.store.reading() as s:
            found = self.app.store.chats.find(s, "whatsapp", self.number)
        assert found is not None
        return found

    @property
    def mine(self) -> list[Sent]:
        """What came here."""
        return [sent for sent in self.twilio.sent if sent.to == self.number]

    def transcript(self) -> str:
        """All of it, as one reads it on the phone."""
        return "\n\n".join(self._lines)


@contextmanager
def phone(database_url: str, var: Path, *, forms: bool = True) -> Iterator[Phone]:
    """A phone with a running application behind it; `forms`: content was made at Twilio."""
    with FakeTwilio() as twilio:
        settings = Settings(
            public_url=PUBLIC_URL, secret_keys=(SECRET,), database_url=database_url, today=MONDAY, offline=True,
            var=var, twilio_sid=twilio.sid, twilio_token=twilio.token, twilio_from=twilio.number, twilio_url=twilio.url,
        )  # fmt: skip
        queue = Waiting()
        app = App(settings, queue=queue)
        made = Phone(app, twilio, queue)
        app.store = Store(database_url, Vault((SECRET,)), clock=lambda: datetime.now(UTC) + made.ahead)
        if forms:
            for _ in range(2):  # the second time the template is found approved
                assert list(contents.sync(app.store, Making(settings)))
        with Web(app) as web:
            twilio.outside = {PUBLIC_URL: web.url}
            yield made
        app.store.close()
