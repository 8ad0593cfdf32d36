"""A message in, a checked trip with PDF and calendar out: over Telegram, WhatsApp and the chat page, for real."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from icalendar import Calendar
from pypdf import PdfReader

from bot.signing import Signer
from tests.fakes import anthropic
from tests.fakes.telegram import Sent
from tests.stack import Stack

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
SWAHILI = "Nipangie safari ya siku tatu Mombasa kutoka Nairobi Ijumaa ijayo, watu wawili, bajeti 60,000"
PATIENCE = 60.0
CHATS = itertools.count(10_001)

pytestmark = pytest.mark.timeout(240)


@dataclass
class Phone:
    """A traveller's Telegram: what was said, what was seen."""

    stack: Stack
    chat: int = field(default_factory=lambda: next(CHATS))

    def say(self, text: str, **fields: object) -> httpx.Response:
        telegram = self.stack.telegram
        return telegram.push(telegram.message(text, chat_id=self.chat, **fields))

    def tap(self, message: Sent, label: str) -> None:
        assert self.stack.telegram.tap(message.button(label), chat_id=self.chat).status_code == 200

    @property
    def seen(self) -> list[Sent]:
        return [message for message in self.stack.telegram.sent if message.chat_id == self.chat]

    def wait_for(self, what: Callable[[Sent], object], count: int = 1) -> list[Sent]:
        """The messages that are so, once there are `count` of them."""
        self.stack.telegram.wait_for(lambda: sum(bool(what(m)) for m in self.seen) >= count, PATIENCE)
        return [message for message in self.seen if what(message)]


@pytest.fixture
def phone(stack: Stack) -> Phone:
    return Phone(stack)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_telegram_plans_the_sentence(phone: Phone) -> None:
    answer = phone.say(SENTENCE)
    assert (answer.status_code, answer.text) == (200, "")
    documents = phone.wait_for(lambda m: m.document, 2)

    assert [chat for chat, _, _ in phone.stack.telegram.drafts] == [phone.chat] * len(phone.stack.telegram.drafts)
    assert phone.stack.telegram.drafts
    assert phone.stack.telegram.drafting == {}
    card = next(m for m in phone.seen if "of 60,000" in m.shown)
    assert card.labels == ["Change", "Cheaper", "Book", "More"]
    assert "Mombasa" in card.shown
    assert "checks passed" in card.shown
    found = re.search(r"KES ([\d,]+) of 60,000", card.shown)
    assert found
    assert int(found[1].replace(",", "")) <= 60_000

    files = {m.filename.rsplit(".")[-1]: m.document or b"" for m in documents}
    assert found[1] in pdf_text(files["pdf"])
    assert len(files["pdf"]) < 200_000
    events = Calendar.from_ical(files["ics"]).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) > 4


def test_telegram_taps_change_and_book_the_plan(phone: Phone) -> None:
    phone.say(SENTENCE)
    (first,) = phone.wait_for(lambda m: "Cheaper" in m.labels)
    phone.tap(first, "Cheaper")
    phone.wait_for(lambda m: "of 60,000" in m.shown, 2)
    assert phone.stack.telegram.answered
    phone.tap(first, "Book")
    (booking,) = phone.wait_for(lambda m: "Open booking" in m.labels)
    counted = booking.button("Open booking")["url"]
    assert "/go/" in counted
    followed = httpx.get(counted)
    assert followed.status_code == 302
    assert followed.headers["location"].startswith(("https://", "http://"))


def test_whatsapp_plans_the_sentence_in_swahili(stack: Stack) -> None:
    twilio = stack.twilio
    answer = twilio.push(f"{stack.url}/webhooks/whatsapp", SWAHILI)
    assert answer.status_code == 200
    assert "<Response" in answer.text
    twilio.wait_for(lambda: any(m.media for m in twilio.sent), PATIENCE)
    assert twilio.typing
    card = next(m for m in twilio.sent if "60,000" in m.body and "🚆" in m.body)
    assert len(card.body) <= 1600
    assert "Ijumaa" in card.body
    document = next(m for m in twilio.sent if m.media)
    assert document.media.startswith(b"%PDF")
    twilio.wait_for(lambda: any("/files/" in m.body for m in twilio.sent), PATIENCE)
    calendar = next(url for m in twilio.sent for url in re.findall(r"http://\S+/files/\S+", m.body))
    fetched = httpx.get(calendar)
    assert fetched.headers["content-type"].startswith("text/calendar")
    assert Calendar.from_ical(fetched.content).walk("VEVENT")
    assert len(twilio.sent) <= 10


def test_a_search_answers_with_options_basis_and_a_link(phone: Phone) -> None:
    phone.say("buses to Kisumu tomorrow")
    (answer, *_) = phone.wait_for(lambda m: "Kisumu" in m.shown and "KES" in m.shown)
    assert "guide price" in answer.shown
    assert "/go/" in answer.source


def test_a_repeated_update_is_answered_once(phone: Phone) -> None:
    update = {"update_id": 5_000 + phone.chat, **phone.stack.telegram.message("help", chat_id=phone.chat)}
    for _ in range(3):
        assert phone.stack.telegram.push(update).status_code == 200
    phone.wait_for(lambda m: True)
    before = len(phone.seen)
    phone.say("msaada")
    phone.wait_for(lambda m: True, before + 1)
    assert len(phone.seen) == before + 1


def test_wrong_secrets_are_refused_and_get_no_answer(stack: Stack) -> None:
    telegram, twilio, phone = stack.telegram, stack.twilio, Phone(stack)
    hook, secret = f"{stack.url}/webhooks/telegram", {"X-Telegram-Bot-Api-Secret-Token": "a-webhook-secret"}
    forged = telegram.message("hello", chat_id=phone.chat)
    assert telegram.push(forged, secret="wrong").status_code == 403
    assert httpx.post(hook, json=forged).status_code == 403
    assert httpx.post(hook, content=b"not json", headers=secret).status_code == 400
    assert httpx.post(f"{stack.url}/webhooks/whatsapp", data=twilio.form("hi")).status_code == 403
    assert phone.say("help").status_code == 200
    phone.wait_for(lambda m: True)
    assert "hello" not in str(phone.seen)


@pytest.mark.parametrize("text", ["x" * 4096, "😀😀😀", "مرحبا يا صديقي", "zero\x00byte", "' OR 1=1 --", "<b>&amp;"])
def test_odd_messages_get_a_sentence(phone: Phone, text: str) -> None:
    assert phone.say(text).status_code == 200
    phone.wait_for(lambda m: len(m.shown) > 20)


def test_a_voice_note_gets_a_sentence(phone: Phone) -> None:
    assert phone.say("", voice={"file_id": "v", "file_unique_id": "u", "duration": 3}).status_code == 200
    phone.wait_for(lambda m: len(m.shown) > 20)


def test_the_share_page_and_its_documents_open(phone: Phone) -> None:
    phone.say(SENTENCE)
    (card, *_) = phone.wait_for(lambda m: "/t/" in m.source)
    page = re.search(r"http://[^\s\"<]+/t/[\w-]+", card.source)
    assert page
    shown = httpx.get(page[0])
    assert shown.status_code == 200
    assert "Mombasa" in shown.text
    assert httpx.get(f"{page[0]}.pdf").content.startswith(b"%PDF")
    assert httpx.get(f"{page[0]}.ics").headers["content-type"].startswith("text/calendar")
    trip = httpx.get(f"{page[0]}.json").json()
    assert trip["total_kes"] == sum(item["price_kes"] for day in trip["days"] for item in day["items"])
    assert all(check["ok"] for check in trip["checks"])


def test_rest_plans_and_searches(stack: Stack) -> None:
    token = Signer((stack.env["SECRET_KEY"],)).api_token("tester")
    with httpx.Client(base_url=stack.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        body = {"origin": "Nairobi", "stops": [{"place": "Mombasa"}], "start": "2026-11-27", "end": "2026-11-29"}
        planned = client.post("/api/v1/itineraries", json={**body, "passengers": 2, "budget_kes": 60_000})
        assert planned.status_code == 201, planned.text
        trip = planned.json()
        assert trip["total_kes"] <= trip["budget_kes"] == 60_000
        changed = client.patch(f"/api/v1/itineraries/{trip['id']}", json={"budget_kes": 30_000})
        assert changed.json()["version"] == 2
        refused = client.post("/api/v1/itineraries", json={**body, "passengers": 2, "budget_kes": 5_000})
        assert refused.status_code == 422
        assert refused.json()["cheapest_kes"] > 5_000
        export = client.get(f"/api/v1/itineraries/{trip['id']}/export", params={"format": "pdf"})
        assert export.content.startswith(b"%PDF")
        found = client.post(
            "/api/v1/search/trains", json={"origin": "Nairobi", "destination": "Mombasa", "start": "2026-11-27"}
        )
        assert found.status_code == 200, found.text
        assert found.json()["offers"]


def test_no_log_holds_what_people_wrote_or_our_secrets(stack: Stack) -> None:
    phone, twilio = Phone(stack), stack.twilio
    before = len(twilio.sent)
    phone.say("my name is Wanjiku Kamau, buses to Kisumu tomorrow")
    twilio.push(f"{stack.url}/webhooks/whatsapp", "help", sender="whatsapp:+254711222333")
    phone.wait_for(lambda m: "KES" in m.shown)
    twilio.wait_for(lambda: len(twilio.sent) > before, PATIENCE)
    logged = stack.log()
    assert "Wanjiku" not in logged
    assert stack.telegram.token not in logged
    assert twilio.token not in logged
    assert "254711222333" not in logged


def test_a_message_whose_job_was_lost_with_redis_is_answered_all_the_same(phone: Phone) -> None:
    stack = phone.stack
    stack.stop("worker")
    phone.say("help")
    stack.flush_redis()
    stack.start("worker")
    stack.telegram.wait_for(lambda: bool(phone.seen), 100)


def test_claude_understands_and_the_rules_take_over_when_it_fails(stack_with_claude: Stack) -> None:
    phone, claude = Phone(stack_with_claude), stack_with_claude.claude
    claude.answers(
        anthropic.said(
            action="create_itinerary",
            origin={"words": "Nairobi", "place": "nairobi"},
            destinations=[{"words": "Mombasa", "place": "mombasa"}],
            date_words="next Friday",
            duration_days=3,
            passengers=2,
            budget_words="60,000 KES",
        )
    )
    phone.say(SENTENCE)
    phone.wait_for(lambda m: "of 60,000" in m.shown)
    assert claude.requests
    assert not claude.refused
    claude.answers(anthropic.error("529"))
    other = Phone(stack_with_claude)
    other.say("buses to Kisumu tomorrow")
    other.wait_for(lambda m: "Kisumu" in m.shown and "KES" in m.shown)
