"""The chat simulator and the form are one channel like the others: kept, queued, answered from the outbox."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.channel import Incoming, IncomingKind
from bot.queue import Job
from bot.replies import Attachment, Bold, Button, DocumentKind, Link, Reply
from bot.web.app import create_app
from bot.web.planform import FIELDS, check, sentence
from storage import codec
from storage.store import Store
from tests.bot.web.conftest import Shared, Site, settings, site_of

MESSAGE = {"id": "0123456789abcdef", "text": "Buses to Kisumu tomorrow", "action": ""}


def said(site: Site) -> list[Incoming]:
    """What the browsers have said, in order of the jobs."""
    with site.store.reading() as s:
        rows = [site.store.inbox.get(s, asked(job)) for job in site.queue.jobs]
    return [codec.load(Incoming, row.payload) for row in rows]


def asked(job: Job) -> int:
    """The id of the message for which this job was put."""
    return int(job.key.rpartition("-")[2])


def answer(site: Site, *replies: Reply, number: int = 0) -> list[int]:
    """The worker's part: send replies to the chat of a message and mark the message as answered."""
    inbox_id = asked(site.queue.jobs[number])
    with site.store.session() as s:
        chat_id = site.store.inbox.get(s, inbox_id).chat_id
        ids = [site.store.outbox.add(s, chat_id, codec.dump(reply), reply.progress) for reply in replies]
        for reply_id in ids:
            site.store.outbox.sent(s, reply_id)
        site.store.inbox.done(s, inbox_id)
    return ids


def test_a_message_is_kept_queued_and_shown_as_being_worked_on(client: FlaskClient, site: Site) -> None:
    client.get("/chat")
    assert client.post("/chat/messages", json=MESSAGE).status_code == 202
    [message] = said(site)
    assert (message.chat.channel, message.kind, message.text) == ("browser", IncomingKind.TEXT, MESSAGE["text"])
    assert client.get("/chat/messages").get_json() == {"messages": [], "typing": True}


def test_replies_come_once_and_in_order(client: FlaskClient, site: Site) -> None:
    client.post("/chat/messages", json=MESSAGE)
    first, second = answer(site, Reply(("One",)), Reply(("Two",)))
    news = client.get("/chat/messages?after=0").get_json()
    assert news["typing"] is False
    assert [(m["id"], m["lines"][0][0]["text"]) for m in news["messages"]] == [(first, "One"), (second, "Two")]
    assert client.get(f"/chat/messages?after={second}").get_json()["messages"] == []


@pytest.mark.parametrize("kind", ["plan", "documents"])
def test_what_is_still_to_be_done_shows_as_being_worked_on(client: FlaskClient, site: Site, kind: str) -> None:
    client.post("/chat/messages", json=MESSAGE)
    with site.store.session() as s:
        chat_id = site.store.inbox.get(s, asked(site.queue.jobs[0])).chat_id
        task = site.store.tasks.add(s, chat_id, kind, "{}")
    [told] = answer(site, Reply(("Planning …",), progress="job-1"))
    assert client.get("/chat/messages?after=0").get_json()["typing"] is True
    assert client.get(f"/chat/messages?after={told}").get_json() == {"messages": [], "typing": True}
    assert 'http-equiv="refresh"' in client.get("/plan/answer").get_data(as_text=True)
    answer(site, Reply(("Done",)))
    with site.store.session() as s:
        site.store.tasks.done(s, task)
    assert client.get(f"/chat/messages?after={told}").get_json()["typing"] is False


def test_a_reply_carries_links_buttons_progress_and_files(client: FlaskClient, site: Site, shared: Shared) -> None:
    client.post("/chat/messages", json=MESSAGE)
    file = Attachment(DocumentKind.PDF, shared.trip_id, 2, "mombasa.pdf", "To print")
    buttons = (Button("Cheaper", "cheaper:1"), Button("Open", url="https://safiri.example/t/x"))
    line = (Bold("Mombasa"), " ", Link("plan", "https://safiri.example/t/x"), Link("bad", "javascript:alert(1)"))
    [reply_id] = answer(site, Reply((line,), buttons, (file,), progress="job-1"))
    [message] = client.get("/chat/messages").get_json()["messages"]
    assert message["progress"] == "job-1"
    assert message["lines"][0][0] == {"text": "Mombasa", "bold": True}
    assert [span.get("url") for span in message["lines"][0]] == [None, None, "https://safiri.example/t/x", None]
    assert message["buttons"] == [
        {"label": "Cheaper", "action": "cheaper:1"},
        {"label": "Open", "url": "https://safiri.example/t/x"},
    ]
    [chip] = message["attachments"]
    assert (chip["url"], chip["caption"]) == (f"/chat/files/{reply_id}/0", "To print")
    assert client.get(chip["url"]).data == b"%PDF-1.7 plan"


def test_a_tapped_button_is_an_action(client: FlaskClient, site: Site) -> None:
    client.post("/chat/messages", json={**MESSAGE, "text": "", "action": "cheaper:1"})
    [message] = said(site)
    assert (message.kind, message.action) == (IncomingKind.BUTTON, "cheaper:1")


def test_a_message_sent_again_is_kept_once(client: FlaskClient, site: Site) -> None:
    assert [client.post("/chat/messages", json=MESSAGE).status_code for _ in range(3)] == [202, 202, 202]
    assert len(site.queue.jobs) == 1


def test_browsers_do_not_see_each_other(flask: Flask, client: FlaskClient, site: Site, shared: Shared) -> None:
    client.post("/chat/messages", json=MESSAGE)
    file = Attachment(DocumentKind.PDF, shared.trip_id, 2, "mombasa.pdf")
    [reply_id] = answer(site, Reply(("Mine",), attachments=(file,)))
    stranger = flask.test_client()
    assert stranger.get("/chat/messages").get_json() == {"messages": [], "typing": False}
    assert stranger.get(f"/chat/files/{reply_id}/0").status_code == 404
    stranger.post("/chat/messages", json=MESSAGE)
    assert len({message.chat.address for message in said(site)}) == 2


def test_a_cookie_that_was_made_up_is_a_new_conversation(client: FlaskClient, site: Site) -> None:
    client.post("/chat/messages", json=MESSAGE)
    answer(site, Reply(("Mine",)))
    client.set_cookie("safiri", "eyJjaGF0IjoiYWJjIn0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert client.get("/chat/messages").get_json()["messages"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "short", "text": "x"},
        {"id": "0123456789abcdef", "text": "", "action": ""},
        {"id": "0123456789abcdef", "text": 5},
        {"id": "0123456789abcdef", "text": "x", "chat": "other"},
        {"id": "0123456789abcdef", "action": "x" * 65},
        [],
    ],
)
def test_what_is_not_a_message_is_400(client: FlaskClient, site: Site, body: object) -> None:
    got = client.post("/chat/messages", json=body)
    assert (got.status_code, got.content_type) == (400, "application/problem+json")
    assert site.queue.jobs == []


def test_a_form_of_another_site_cannot_speak_for_a_browser(client: FlaskClient, site: Site) -> None:
    got = client.post("/chat/messages", data='{"id":"0123456789abcdef","text":"x"}', content_type="text/plain")
    assert got.status_code == 415
    assert site.queue.jobs == []


@pytest.mark.parametrize("text", ["a" * 10_000, "🦒" * 50, "\u202eمرحبا", "zero\0byte", "\ud800"])
def test_odd_texts_are_taken(client: FlaskClient, site: Site, text: str) -> None:
    got = client.post("/chat/messages", json={**MESSAGE, "text": text})
    assert got.status_code in (202, 400)
    assert len(site.queue.jobs) == (got.status_code == 202)


def test_too_many_messages_are_turned_away(client: FlaskClient) -> None:
    codes = [client.post("/chat/messages", json={**MESSAGE, "id": f"message-{n}"}).status_code for n in range(25)]
    assert codes[:20] == [202] * 20
    assert codes[-1] == 429


@pytest.mark.parametrize("path", ["/chat", "/chat/messages", "/chat/files/1/0"])
def test_outside_the_demo_there_is_no_simulator(store: Store, path: str) -> None:
    client = create_app(site_of(settings(demo=False), store)).test_client()
    assert client.get(path).status_code == 404
    assert client.post("/chat/messages", json=MESSAGE).status_code == 404


FORM = {
    "origin": "Nairobi",
    "destination": "Mombasa",
    "start": "2026-11-27",
    "days": "3",
    "people": "4",
    "children": "2",
    "budget": "60,000",
    "wishes": "beach, no night bus",
}
BLANK = dict.fromkeys(FIELDS, "")


def test_the_form_becomes_a_sentence() -> None:
    assert sentence(FORM) == (
        "Plan a 3-day trip to Mombasa from Nairobi starting 27 November 2026 for 4 people including 2 children, "
        "budget 60,000 KES. beach, no night bus"
    )
    assert sentence({**BLANK, "destination": "Lamu"}) == "Plan a trip to Lamu"


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"destination": ""}, ["bad_destination"]),
        ({"start": "2026-11-22"}, ["bad_start"]),
        ({"start": "soon"}, ["bad_start"]),
        ({"days": "0"}, ["bad_days"]),
        ({"days": "²"}, ["bad_days"]),
        ({"people": "500"}, ["bad_people"]),
        ({"people": "2", "children": "2"}, ["bad_children"]),
        ({"people": "", "children": "1"}, []),
        ({"budget": "lots"}, ["bad_budget"]),
    ],
)
def test_a_form_is_checked(changes: dict[str, str], problems: list[str]) -> None:
    assert check({**FORM, **changes}, date(2026, 11, 23)) == problems


def test_a_wrong_form_comes_back_as_it_was_filled_in(client: FlaskClient, site: Site) -> None:
    got = client.post("/plan", data={**FORM, "start": "2001-01-01"})
    assert got.status_code == 422
    page = got.get_data(as_text=True)
    assert 'value="beach, no night bus"' in page
    assert 'role="alert"' in page
    assert site.queue.jobs == []


def test_a_form_without_scripts_leads_to_the_answer(client: FlaskClient, site: Site) -> None:
    got = client.post("/plan", data={**FORM, "start": "2099-11-27", "plain": "1"})
    assert (got.status_code, got.headers["Location"]) == (303, "/plan/answer")
    assert said(site)[0].text.startswith("Plan a 3-day trip to Mombasa")
    assert 'http-equiv="refresh"' in client.get("/plan/answer").get_data(as_text=True)
    answer(
        site,
        Reply(("Looking …",), progress="p"),
        Reply(("Looking ✓",), progress="p"),
        Reply(("Here it is",), (Button("Cheaper", "cheaper:1"),)),
    )
    page = client.get("/plan/answer").get_data(as_text=True)
    assert 'http-equiv="refresh"' not in page
    assert "Looking …" not in page
    assert re.search(r"Looking ✓.*Here it is", page, re.DOTALL)
    client.post("/plan/say", data={"action": "cheaper:1"})
    assert said(site)[-1].action == "cheaper:1"


def test_outside_the_demo_the_form_is_open_and_the_simulator_is_not(store: Store) -> None:
    client = create_app(site_of(settings(demo=False), store)).test_client()
    assert "<form" in client.get("/plan").get_data(as_text=True)
    assert client.get("/chat").status_code == 404
    assert client.post("/chat/messages", json={"id": "12345678", "text": "hi"}).status_code == 404


def test_without_the_browser_channel_the_form_is_closed(store: Store) -> None:
    site = site_of(settings(demo=False), store)
    without = replace(site, channels={name: c for name, c in site.channels.items() if name != "browser"})
    client = create_app(without).test_client()
    page = client.get("/plan").get_data(as_text=True)
    assert "not switched on" in page
    assert "<form" not in page
    assert client.post("/plan", data=FORM).status_code == 404
