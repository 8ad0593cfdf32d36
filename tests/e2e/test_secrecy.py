"""Whatever people send and whatever fails, no log line, error page, answer or report quotes them or our secrets."""

from __future__ import annotations

import gzip
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from werkzeug import Request, Response

from bot.signing import Signer
from tests.bot.processes import eventually
from tests.conftest import migrate
from tests.e2e.conftest import Stack, running
from tests.fakes import anthropic
from tests.fakes.loopback import NO_TLS, Loopback

SECRET = "the secret of the leak test is quite long"
NAME, WORD, PHONE, CODE = "Zawadimarker", "surprisemarker", "254733987651", "SJK4H5T6GM"
CHAT = 733111222333
TEXT = f"Plan a 3-day Mombasa trip from Nairobi next Friday for 2, a {WORD} for {NAME}, call +{PHONE}"


class FakeSentry(Loopback):
    """Keeps whatever is sent, such as envelopes (https://develop.sentry.dev/sdk/data-model/envelopes/)."""

    def __init__(self) -> None:
        self.lock, self.heard, self.calls = threading.Lock(), b"", 0
        super().__init__()

    def answer(self, request: Request) -> Response:
        body = request.get_data()
        with self.lock:
            self.calls += 1
            self.heard += gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body
        return Response("{}", content_type="application/json")

    def __contains__(self, text: str) -> bool:
        with self.lock:
            return text.encode() in self.heard


@dataclass
class House:
    """A running service, what it reported, and every answer it gave."""

    stack: Stack
    sentry: FakeSentry
    answers: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        answer = httpx.request(method, self.stack.url + path, timeout=30, verify=NO_TLS, **more)  # type: ignore[arg-type]
        if answer.status_code >= 400:
            self.answers.append(f"{answer.status_code} {answer.headers} {answer.text}")
        return answer

    def told(self) -> dict[str, str]:
        return {
            "the log": self.stack.log(),
            "the answers": "\n".join(self.answers),
            "sentry": self.sentry.heard.decode("utf-8", "replace"),
        }


@pytest.fixture(params=["json", "text"])
def house(request: pytest.FixtureRequest, own_redis: str, tmp_path: Path) -> Iterator[House]:
    migrate(url := f"sqlite:///{tmp_path / 'safiri.db'}")
    with FakeSentry() as sentry:
        env = {
            "DATABASE_URL": url, "REDIS_URL": own_redis, "CLAUDE": "1", "LOG_FORMAT": request.param,
            "SECRET_KEY": SECRET, "SENTRY_DSN": sentry.url.replace("://", "://sentrypublickey@") + "/1",
            "TELEGRAM_WEBHOOK_SECRET": "webhooksecretmarker",
        }  # fmt: skip
        with running(env, tmp_path) as stack:
            yield House(stack, sentry)


@contextmanager
def without_table(folder: Path, name: str) -> Iterator[sqlite3.Connection]:
    """The database in a state that no code expects."""
    with closing(sqlite3.connect(folder / "safiri.db", timeout=30)) as database:
        database.execute(f"ALTER TABLE {name} RENAME TO gone")
        yield database
        database.execute(f"ALTER TABLE gone RENAME TO {name}")


@pytest.fixture
def trap() -> Iterator[FakeSentry]:
    """A server whose address a traveller sends: nobody must call it."""
    with FakeSentry() as listening:
        yield listening


def test_nothing_that_anybody_said_or_that_opens_something_is_told(
    house: House, trap: FakeSentry, tmp_path: Path
) -> None:
    stack, telegram, twilio = house.stack, house.stack.telegram, house.stack.twilio
    person = {"id": CHAT, "is_bot": False, "first_name": NAME, "language_code": "en"}

    def write(text: str, **fields: object) -> None:
        update = telegram.message(text, chat_id=CHAT, **fields)
        update["message"]["from"] = person
        telegram.push(update)

    # Every service fails in some way while people talk.
    stack.claude.answers(
        anthropic.garbage(),
        anthropic.error("529"),
        anthropic.reset(),
        anthropic.truncated(),
        anthropic.refusal(),
    )
    telegram.fail(
        "sendMessage",
        400,
        f'Bad Request: can\'t parse entities: Unsupported start tag "{WORD} {NAME}" at byte offset 5',
    )
    telegram.fail("sendChatAction", 500, f'Internal Server Error: "{WORD}"')
    telegram.fail("sendChatAction", 403, "Forbidden: bot was blocked by the user")
    twilio.fail(400, 21211, f"Invalid 'To' number whatsapp:+{PHONE}")
    twilio.fail(500, 20500, f"{WORD} +{PHONE}")
    write(f"{TEXT}, see {trap.url}/fares and {trap.url}/map.pdf")
    write(f"{CODE} Confirmed. Ksh3,010.00 sent to {NAME} on 23/11/26. New M-PESA balance is Ksh1. My PIN is 4821")
    twilio.push(f"{stack.url}/webhooks/whatsapp", TEXT, sender=f"whatsapp:+{PHONE}", ProfileName=NAME)
    telegram.wait_for(lambda: any(message.chat_id == CHAT for message in telegram.sent), 60)
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 40", retry_after=40)
    write("my data")

    # Strangers and broken callers.
    bearer = Signer((SECRET,)).api_token("leakowner")
    api = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    hook = {"X-Telegram-Bot-Api-Secret-Token": "webhooksecretmarker"}
    house.ask("POST", "/webhooks/telegram", content=f'{{"{WORD}": '.encode(), headers=hook)
    house.ask("POST", "/webhooks/telegram", json={"message": {"text": WORD, "from": person}}, headers=hook)
    house.ask("POST", "/webhooks/telegram", json={}, headers={"X-Telegram-Bot-Api-Secret-Token": f"wrong{WORD}"})
    house.ask("POST", "/webhooks/whatsapp", data={"Body": WORD, "From": PHONE})
    house.ask(
        "POST", "/api/v1/itineraries", content=f'{{"origin": "{WORD}", "nosuchfield": "{NAME}"}}'.encode(), headers=api
    )
    house.ask("POST", "/api/v1/itineraries", content=f'{{"origin": {WORD}'.encode(), headers=api)
    house.ask("GET", "/api/v1/itineraries/x", headers={"Authorization": f"Bearer {bearer[:-5]}{WORD}"})
    house.ask("GET", f"/files/{WORD}{WORD}")
    house.ask("GET", f"/t/{WORD}{WORD}")
    house.ask("GET", f"/{WORD}?phone=%2B{PHONE}&token={bearer}")
    httpx.post(
        f"{stack.url}/plan", data={"wishes": WORD, "start": NAME, "origin": PHONE}
    )  # shows a form as it was sent

    # The database fails under a webhook, a page with a secret address, the API, and a worker.
    token = "sharetokenmarker12345678"
    with without_table(tmp_path, "trips"):
        house.ask("GET", f"/t/{token}")
        house.ask("GET", f"/cal/{token}.ics?phone=%2B{PHONE}")
        house.ask("POST", "/api/v1/search/buses", json={
            "origin": "nairobi", "destination": "mombasa", "start": "2026-12-01"}, headers=api)  # fmt: skip
    with without_table(tmp_path, "chats"):
        update = {"update_id": 9_000, **telegram.message(TEXT, chat_id=CHAT)}
        update["message"]["from"] = person
        assert house.ask("POST", "/webhooks/telegram", json=update, headers=hook).status_code == 503
    with without_table(tmp_path, "conversations") as database:
        write(f"{TEXT} again")
        failed = "SELECT count(*) FROM inbox WHERE reason <> ''"
        eventually(lambda: database.execute(failed).fetchone()[0] > 0, "a worker failed at it")
    eventually(lambda: "OperationalError" in house.sentry, "it was reported")

    secrets = {
        SECRET, stack.telegram.token, stack.twilio.token, "webhooksecretmarker", stack.claude.key, bearer,
        token, "sentrypublickey",
    }  # fmt: skip
    people = {NAME, WORD, PHONE, PHONE[3:], str(CHAT), CODE, "PIN is", "Confirmed", "leakowner"}
    for where, text in house.told().items():
        assert text, f"{where}: nothing to look at"
        found = {marker for marker in secrets | people if marker.lower() in text.lower()}
        if where == "sentry":  # the envelope's own header names where it goes
            found -= {"sentrypublickey"}
        where_told = [line[:300] for line in text.splitlines() if any(m.lower() in line.lower() for m in found)]
        assert where_told == [], where
    assert "Traceback" in stack.log()
    assert trap.calls == 0, "an address that a traveller sent was called"
    for page in house.answers:
        assert "Traceback" not in page
        assert "sqlite" not in page.lower()
