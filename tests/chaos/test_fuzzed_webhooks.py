"""Hostile webhooks by the thousand: never a 5xx, and whatever got a 200 as a message is one row."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.config import Settings
from bot.queue import InlineQueue
from bot.web.app import create_app
from bot.wiring import App
from storage.tables import InboxMessage
from tests.chaos.ground import Ground
from tests.fakes import telegram as fake_telegram
from tests.fakes import twilio as fake_twilio
from tests.fakes.loopback import NO_TLS

SECRET = "a-webhook-secret"
PUBLIC = "https://safiri.example"
# 5,122 requests in all: updates are posted three times each, forms twice, and the others to all three addresses.
UPDATES, FORMS, BODIES, STRANGERS = 400, 800, 640, 134
ADDRESSES = ("/webhooks/telegram", "/webhooks/whatsapp", "/webhooks/whatsapp/status")


def randomly(count: int) -> settings:
    return settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))


texts = st.text(max_size=60) | st.sampled_from(
    ["\x00", "\ud7ff", "😀" * 30, "' OR 1=1 --", "<b>&amp;", "/help", "‮", " "]
)
numbers = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([0, -1, 2**31, 2**63, 2**64, 1e308])
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "text", "chat", "from", "message", "location", "type"]) | texts, inner, max_size=5
    ), max_leaves=12,
)  # fmt: skip


def mostly(right: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """What belongs there, and now and then something else."""
    return st.integers(0, 9).flatmap(lambda chance: right if chance else anything)


users = st.fixed_dictionaries(
    {"id": mostly(st.integers(1, 2**53)), "is_bot": mostly(st.booleans()), "first_name": mostly(texts)},
    optional={"language_code": mostly(texts), "username": mostly(texts)},
)
chats = st.fixed_dictionaries(
    {"id": mostly(st.integers(-(2**53), 2**53)), "type": mostly(st.sampled_from(["private", "group", "supergroup"]))},
    optional={"title": mostly(texts)},
)
positions = st.fixed_dictionaries({"latitude": mostly(st.floats(-99, 99)), "longitude": mostly(st.floats(-199, 199))})
messages = st.fixed_dictionaries(
    {"message_id": mostly(st.integers(1, 2**31)), "chat": mostly(chats), "date": mostly(st.integers(0, 2**33))},
    optional={
        "from": mostly(users), "text": mostly(texts), "location": mostly(positions), "caption": mostly(texts),
        "entities": anything, "voice": anything, "photo": anything, "contact": anything, "reply_to_message": anything,
        "migrate_to_chat_id": anything, "new_chat_members": anything,
    },
)  # fmt: skip
taps = st.fixed_dictionaries(
    {"id": mostly(texts), "from": mostly(users), "chat_instance": mostly(texts)},
    optional={"data": mostly(texts), "message": mostly(messages)},
)
updates = st.fixed_dictionaries(
    {"update_id": mostly(st.integers(0, 2**60))},
    optional={
        "message": mostly(messages), "callback_query": mostly(taps), "edited_message": mostly(messages),
        "my_chat_member": anything, "inline_query": anything, "poll": anything,
    },
)  # fmt: skip
bodies = st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | anything.map(
    lambda value: json.dumps(value).encode()
)  # fmt: skip
fields = ["From", "To", "Body", "MessageSid", "ProfileName", "Latitude", "Longitude", "NumMedia", "ButtonPayload",
          "ListId", "MessageStatus", "ErrorCode", "MediaUrl0", "WaId", "SmsSid"]  # fmt: skip
forms = st.dictionaries(st.sampled_from(fields) | texts, texts | numbers.map(str), max_size=10)
real_forms = st.fixed_dictionaries(
    {"From": st.just("whatsapp:+254700000001"), "To": st.just(fake_twilio.NUMBER)},
    optional={name: texts | numbers.map(str) for name in fields if name not in ("From", "To", "MessageSid")},
)
kinds_of_content = st.sampled_from([
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/plain",
    "application/json; charset=utf-16", "multipart/form-data; boundary=x",
])  # fmt: skip
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
headers = st.dictionaries(
    st.sampled_from(["X-Twilio-Signature", "X-Telegram-Bot-Api-Secret-Token", "X-Forwarded-For", "Accept", "Cookie",
                     "X-Forwarded-Proto", "If-None-Match", "Range"]), header_values, max_size=4,
)  # fmt: skip
addresses = st.sampled_from(ADDRESSES)


@dataclass
class Door:
    """The web application, and how many messages it holds."""

    client: FlaskClient
    app: App
    statuses: dict[int, int] = field(default_factory=dict)

    def post(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        status = self.client.post(address, data=body, headers=headers).status_code
        self.statuses[status] = self.statuses.get(status, 0) + 1
        assert status < 500
        return status

    def kept(self) -> int:
        with self.app.store.reading() as s:
            return s.query(InboxMessage).count()


@pytest.fixture
def door(sqlite_url: str) -> Iterator[Door]:
    app = App(
        Settings(
            public_url=PUBLIC, secret_keys=("k" * 32,), database_url=sqlite_url, telegram_token=fake_telegram.TOKEN,
            telegram_secret=SECRET, twilio_sid=fake_twilio.SID, twilio_token=fake_twilio.TOKEN,
            twilio_from=fake_twilio.NUMBER,
        ),
        queue=InlineQueue(lambda job: None),
    )  # fmt: skip
    yield Door(create_app(app).test_client(), app)
    app.store.close()


@pytest.mark.timeout(240)
def test_updates_with_the_right_secret_are_kept_once_or_refused(door: Door) -> None:
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}

    @randomly(UPDATES)
    @given(updates)
    def once(update: dict[str, object]) -> None:
        body, before = json.dumps(update).encode(), door.kept()
        statuses = {door.post("/webhooks/telegram", body, secret) for _ in range(3)}
        assert len(statuses) == 1
        assert door.kept() - before in ((0, 1) if statuses == {200} else (0,))

    once()
    assert set(door.statuses) == {200, 400}


@pytest.mark.timeout(240)
def test_forms_with_a_right_signature_are_kept_once_or_refused(door: Door) -> None:
    signer, ids = RequestValidator(fake_twilio.TOKEN), itertools.count(1)

    @randomly(FORMS)
    @given(real_forms, st.sampled_from(["/webhooks/whatsapp", "/webhooks/whatsapp/status"]))
    def once(form: dict[str, str], address: str) -> None:
        form, before = {**form, "MessageSid": f"SM{next(ids):032x}"}, door.kept()
        body = httpx.Request("POST", PUBLIC, data=form).content
        signed = {
            "X-Twilio-Signature": signer.compute_signature(PUBLIC + address, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        statuses = {door.post(address, body, signed) for _ in range(2)}
        assert len(statuses) == 1
        # Signed, sent to our number, by somebody, with an id: a real message, unless its place is off the globe.
        real = address == "/webhooks/whatsapp" and statuses == {200}
        assert door.kept() - before == int(real)

    once()
    assert door.statuses[200] > FORMS


@pytest.mark.timeout(240)
def test_bodies_of_any_kind_with_the_right_secret_are_no_trouble(door: Door) -> None:
    @randomly(BODIES)
    @given(bodies, kinds_of_content, headers)
    def once(body: bytes, kind: str, more: dict[str, str]) -> None:
        secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": kind}
        for address in ADDRESSES:
            door.post(address, body, {**more, **secret})

    once()


@pytest.mark.timeout(240)
def test_without_secret_or_signature_nothing_is_kept(door: Door) -> None:
    @randomly(STRANGERS)
    @given(updates.map(lambda update: json.dumps(update).encode()) | forms.map(
        lambda form: httpx.Request("POST", PUBLIC, data=form).content), kinds_of_content, headers)  # fmt: skip
    def once(body: bytes, kind: str, more: dict[str, str]) -> None:
        for address in ADDRESSES:
            door.post(address, body, {**more, "Content-Type": kind})

    once()
    assert door.kept() == 0
    assert 200 not in door.statuses


def test_hundreds_of_them_over_real_sockets_leave_the_service_well(on_sqlite: Ground) -> None:
    stack = on_sqlite.stack
    with httpx.Client(base_url=stack.url, timeout=20, verify=NO_TLS) as client:

        @randomly(300)
        @given(addresses, updates.map(lambda update: json.dumps(update).encode()) | bodies, kinds_of_content)
        def once(address: str, body: bytes, kind: str) -> None:
            secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": kind}
            assert client.post(address, content=body, headers=secret).status_code < 500

        once()
    assert stack.ready()
    assert not stack.fallen()
