"""Messages of the chat apps are verified, kept once, and handed to a worker."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder, TestResponse

from bot.channel import Incoming, IncomingKind
from bot.queue import Job
from bot.web.app import create_app
from bot.web.webhooks import webhooks_of
from storage import codec
from storage.inbox import Arrival
from storage.locks import Busy
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import PUBLIC_URL, SECRET, Site, settings, site_of

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def update(update_id: int = 1, text: str = "Buses to Kisumu tomorrow") -> dict[str, object]:
    person = {"id": 4711, "is_bot": False, "first_name": "Wanjiku", "language_code": "sw"}
    chat = {"id": 4711, "type": "private", "first_name": "Wanjiku"}
    message = {"message_id": update_id, "date": 1_795_000_000, "from": person, "chat": chat, "text": text}
    return {"update_id": update_id, "message": message}


def telegram(client: FlaskClient, body: object, secret: str = "hush") -> TestResponse:
    return client.post("/webhooks/telegram", json=body, headers={SECRET_HEADER: secret})


def form(**changes: str) -> dict[str, str]:
    return {
        "MessageSid": "SM" + "1" * 32,
        "From": "whatsapp:+254700000001",
        "To": "whatsapp:+14155238886",
        "Body": "Mabasi ya Kisumu kesho",
        "ProfileName": "Otieno",
        **changes,
    }


def whatsapp(client: FlaskClient, fields: dict[str, str], path: str = "/webhooks/whatsapp") -> TestResponse:
    signature = RequestValidator("twilio-token").compute_signature(PUBLIC_URL + path, fields)
    return client.post(path, data=fields, headers={"X-Twilio-Signature": signature})


def kept(store: Store, channel: str, address: str) -> list[Incoming]:
    with store.reading() as s:
        chat_id = store.chats.find(s, channel, address)
        return [codec.load(Incoming, row.payload) for row in store.inbox.unread(s, chat_id)] if chat_id else []


def test_a_telegram_message_is_kept_and_a_worker_is_told(client: FlaskClient, site: Site) -> None:
    answer = telegram(client, update())
    assert (answer.status_code, answer.data) == (200, b"")
    [message] = kept(site.store, "telegram", "4711")
    assert (message.kind, message.text) == (IncomingKind.TEXT, "Buses to Kisumu tomorrow")
    assert (message.chat.name, message.chat.language) == ("Wanjiku", "sw")
    [job] = site.queue.jobs
    assert job == Job("answer", job.args, "chat", key=job.key)


def test_a_repeated_update_is_kept_once_and_answered_200(client: FlaskClient, site: Site) -> None:
    assert [telegram(client, update()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(kept(site.store, "telegram", "4711")) == 1
    assert len(site.queue.jobs) == 1


@pytest.mark.parametrize("secret", ["", "wrong", "hushhush"])
def test_a_wrong_telegram_secret_is_403_and_nothing_is_kept(client: FlaskClient, site: Site, secret: str) -> None:
    assert telegram(client, update(), secret).status_code == 403
    assert kept(site.store, "telegram", "4711") == []
    assert site.queue.jobs == []


def test_no_secret_at_all_is_403(client: FlaskClient) -> None:
    assert client.post("/webhooks/telegram", json=update()).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'"text"', b"null", b"a=b"])
def test_what_is_not_a_json_object_is_400(client: FlaskClient, site: Site, body: bytes) -> None:
    answer = client.post("/webhooks/telegram", data=body, headers={SECRET_HEADER: "hush"})
    assert answer.status_code == 400
    assert site.queue.jobs == []


def test_an_unknown_kind_of_update_is_200_and_ignored(client: FlaskClient, site: Site) -> None:
    answer = telegram(client, {"update_id": 9, "poll_answer": {"poll_id": "1", "option_ids": [0]}})
    assert answer.status_code == 200
    assert site.queue.jobs == []


@pytest.mark.parametrize("text", ["a" * 10_000, "🦒🦓", "\u202eمرحبا", "zero\0byte", "   "])
def test_odd_texts_are_taken(client: FlaskClient, text: str) -> None:
    assert telegram(client, update(text=text)).status_code == 200


def test_more_than_256_kb_is_413(client: FlaskClient, site: Site) -> None:
    answer = telegram(client, update(text="x" * 300_000))
    assert answer.status_code == 413
    assert site.queue.jobs == []


def test_a_message_is_kept_when_the_queue_is_away(client: FlaskClient, site: Site) -> None:
    site.queue.up = False
    assert telegram(client, update()).status_code == 200
    assert len(kept(site.store, "telegram", "4711")) == 1


def test_a_broken_store_is_503_so_that_the_sender_repeats(tmp_path: object) -> None:
    broken = Store(f"sqlite:///{tmp_path}/empty.db", Vault((SECRET,)))  # never migrated: no tables
    site = site_of(settings(), broken)
    answer = telegram(create_app(site).test_client(), update())
    assert answer.status_code == 503
    assert site.queue.jobs == []
    with pytest.raises(OperationalError):
        kept(broken, "telegram", "4711")


def test_a_signed_whatsapp_message_is_kept_and_answered_with_empty_twiml(client: FlaskClient, site: Site) -> None:
    answer = whatsapp(client, form())
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/xml")
    assert answer.data.endswith(b"<Response/>")
    [message] = kept(site.store, "whatsapp", "whatsapp:+254700000001")
    assert message.text == "Mabasi ya Kisumu kesho"
    assert len(site.queue.jobs) == 1


def test_the_signature_covers_the_query(client: FlaskClient) -> None:
    assert whatsapp(client, form(), "/webhooks/whatsapp?v=2").status_code == 200


@pytest.mark.parametrize("path", ["/webhooks/whatsapp", "/webhooks/whatsapp/status"])
def test_a_form_without_a_right_signature_is_403(client: FlaskClient, site: Site, path: str) -> None:
    assert client.post(path, data=form()).status_code == 403
    assert client.post(path, data=form(), headers={"X-Twilio-Signature": "AAAA"}).status_code == 403
    assert kept(site.store, "whatsapp", "whatsapp:+254700000001") == []


@pytest.mark.parametrize("path", ["/webhooks/whatsapp", "/webhooks/whatsapp/status"])
def test_what_is_not_a_form_is_400(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data=json.dumps(form()), content_type="application/json")
    assert answer.status_code == 400


def status(client: FlaskClient, **fields: str) -> TestResponse:
    whole = {"MessageSid": "SM" + "2" * 32, "To": "whatsapp:+254700000001", "From": "whatsapp:+14155238886", **fields}
    return whatsapp(client, whole, "/webhooks/whatsapp/status")


def test_an_opt_out_reported_later_ends_the_writing_to_that_chat(client: FlaskClient, site: Site) -> None:
    whatsapp(client, form())
    store = site.store
    with store.session() as s:
        chat_id = store.chats.find(s, "whatsapp", "whatsapp:+254700000001")
    assert chat_id is not None
    assert status(client, MessageStatus="undelivered", ErrorCode="63038").status_code == 200
    with store.reading() as s:
        assert not store.chats.get(s, chat_id).blocked, "a daily limit is not for ever"
    assert status(client, MessageStatus="failed", ErrorCode="21610").status_code == 200
    with store.reading() as s:
        assert store.chats.get(s, chat_id).blocked


@pytest.mark.parametrize("fate", ["queued", "sent", "delivered", "read", "failed"])
def test_every_delivery_status_is_taken(client: FlaskClient, site: Site, fate: str) -> None:
    assert status(client, MessageStatus=fate).status_code == 200
    assert site.queue.jobs == []


@pytest.mark.parametrize("path", ["/webhooks/telegram", "/webhooks/whatsapp", "/webhooks/whatsapp/status"])
def test_a_channel_that_is_off_is_404(store: Store, path: str) -> None:
    off = settings(telegram_token="", twilio_sid="", twilio_token="", twilio_from="")
    client = create_app(site_of(off, store)).test_client()
    assert client.post(path, data=urlencode(form())).status_code == 404


def test_a_webhook_is_only_for_posting(client: FlaskClient) -> None:
    answer = client.get("/webhooks/telegram")
    assert (answer.status_code, answer.headers["Allow"], answer.data) == (405, "POST", b"")


def test_webhooks_are_counted_and_answered_like_everything_else(client: FlaskClient) -> None:
    for answer in (telegram(client, update()), client.delete("/webhooks/telegram"), client.get("/webhooks/unknown")):
        assert (answer.headers["X-Content-Type-Options"], answer.data) == ("nosniff", b"")
    told = client.get("/metrics").text
    for labels in (
        'method="POST",route="/webhooks/telegram",status="200"',
        'method="DELETE",route="/webhooks/telegram",status="405"',
        'method="GET",route="none",status="404"',
    ):
        assert f"safiri_http_requests_total{{{labels}}} 1.0" in told
    assert 'safiri_http_seconds_count{route="/webhooks/telegram"} 2.0' in told


def test_a_body_that_breaks_off_is_400_and_one_in_pieces_is_read(client: FlaskClient, site: Site) -> None:
    body = json.dumps(update()).encode()
    headers = {SECRET_HEADER: "hush"}
    broken = {"CONTENT_LENGTH": str(len(body) + 10)}
    assert client.post("/webhooks/telegram", data=body, headers=headers, environ_overrides=broken).status_code == 400
    assert site.queue.jobs == []
    pieces = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    assert client.post("/webhooks/telegram", data=body, headers=headers, environ_overrides=pieces).status_code == 200
    assert len(site.queue.jobs) == 1


def test_a_database_that_is_busy_for_too_long_is_503(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy("others write")

    monkeypatch.setattr(site.store.acceptance, "keep", busy)
    assert telegram(client, update()).status_code == 503


def test_a_mistake_with_one_of_several_messages_costs_the_others_nothing(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = site.store.inbox.arrival

    def mistaken(channel: str, external_id: str, payload: str) -> Arrival:
        if external_id == "2":
            raise ValueError("a mistake of ours")
        return seal(channel, external_id, payload)

    monkeypatch.setattr(site.store.inbox, "arrival", mistaken)
    webhooks = webhooks_of(client.application)
    assert webhooks is not None
    environs = [
        EnvironBuilder("/webhooks/telegram", method="POST", json=update(number), headers={SECRET_HEADER: secret})
        for number, secret in ((1, "hush"), (2, "hush"), (3, "guessed"), (4, "hush"))
    ]
    answers = webhooks.answer_all([builder.get_environ() for builder in environs])
    assert [answer.status for answer in answers] == [200, 500, 403, 200]
    assert [message.external_id for message in kept(site.store, "telegram", "4711")] == ["1", "4"]


def membership(chat: int, old: str, new: str) -> dict[str, object]:
    person = {"id": 4711, "is_bot": False, "first_name": "Wanjiku", "language_code": "sw"}
    bot = {"id": 123456, "is_bot": True, "first_name": "Safiri"}
    change: dict[str, object] = {"chat": {"id": chat, "type": "private" if chat > 0 else "group"}, "from": person}
    change |= {"date": 1_795_000_000, "old_chat_member": {"user": bot, "status": old}}
    return {"update_id": 70, "my_chat_member": {**change, "new_chat_member": {"user": bot, "status": new}}}


def test_who_blocks_the_bot_is_owed_nothing_from_then_on(client: FlaskClient, site: Site) -> None:
    telegram(client, update())
    with site.store.session() as s:
        chat_id = site.store.chats.find(s, "telegram", "4711")
        assert chat_id is not None
        site.store.outbox.add(s, chat_id, "Where to?")
    assert telegram(client, membership(4711, "member", "kicked")).status_code == 200
    with site.store.reading() as s:
        assert site.store.chats.get(s, chat_id).blocked
        assert site.store.outbox.owed(s, chat_id) == []


def test_a_group_that_moves_takes_its_conversation_along(client: FlaskClient, site: Site) -> None:
    telegram(client, membership(-5, "left", "member"))
    with site.store.reading() as s:
        chat_id = site.store.chats.find(s, "telegram", "-5")
    moved = update(71)
    moved["message"] = {"message_id": 3, "date": 1, "chat": {"id": -5, "type": "group"}, "migrate_to_chat_id": -100777}
    assert telegram(client, moved).status_code == 200
    with site.store.reading() as s:
        assert site.store.chats.find(s, "telegram", "-100777") == chat_id
        assert site.store.chats.find(s, "telegram", "-5") is None


def test_an_event_of_a_chat_nobody_knows_changes_nothing(client: FlaskClient, site: Site) -> None:
    assert telegram(client, membership(4711, "member", "kicked")).status_code == 200
    with site.store.reading() as s:
        assert site.store.chats.find(s, "telegram", "4711") is None
