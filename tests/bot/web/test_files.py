"""Documents, feeds and ways out: by token or signature only, with types that chat apps accept."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import BoundedSemaphore

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from bot.replies import DocumentKind
from bot.signing import FILE_SECONDS, Signer
from bot.web.files import file_name
from storage.store import Store
from tests.bot.web.conftest import SECRET, Shared, Site

PDF, ICS = "application/pdf", "text/calendar; charset=utf-8"


@pytest.fixture
def signed(shared: Shared) -> str:
    return f"/files/{Signer((SECRET,)).sign(shared.trip_id, 2, DocumentKind.PDF)}"


def test_a_signed_address_serves_the_document(client: FlaskClient, signed: str) -> None:
    answer = client.get(signed)
    assert (answer.status_code, answer.content_type, answer.data) == (200, PDF, b"%PDF-1.7 plan")
    assert answer.headers["Content-Disposition"] == 'inline; filename="mombasa-27-nov.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_tells_type_and_length_as_twilio_asks(client: FlaskClient, signed: str) -> None:
    answer = client.head(signed)
    assert (answer.status_code, answer.content_type, answer.data) == (200, PDF, b"")
    assert answer.content_length == len(b"%PDF-1.7 plan")


def test_a_forged_address_is_403(client: FlaskClient, signed: str, shared: Shared) -> None:
    assert client.get(signed[:-3] + "AAA").status_code == 403
    assert client.get("/files/anything").status_code == 403
    stranger = Signer(("another" * 8,)).sign(shared.trip_id, 2, DocumentKind.PDF)
    assert client.get(f"/files/{stranger}").status_code == 403


class TwoHoursAgo(TimestampSigner):
    def get_timestamp(self) -> int:
        return super().get_timestamp() - 2 * FILE_SECONDS


def test_an_old_address_is_404(client: FlaskClient, shared: Shared) -> None:
    serializer = URLSafeTimedSerializer([SECRET], salt="safiri.files", signer=TwoHoursAgo)
    old = serializer.dumps([shared.trip_id, 2, "pdf"])
    assert client.get(f"/files/{old}").status_code == 404


def test_a_signed_address_of_a_version_without_document_is_404(client: FlaskClient, shared: Shared) -> None:
    missing = Signer((SECRET,)).sign(shared.trip_id, 1, DocumentKind.PDF)
    assert client.get(f"/files/{missing}").status_code == 404


@pytest.mark.parametrize(("kind", "content_type"), [("pdf", PDF), ("ics", ICS), ("json", "application/json")])
def test_a_shared_trip_is_had_in_three_formats(
    client: FlaskClient, shared: Shared, kind: str, content_type: str
) -> None:
    answer = client.get(f"/t/{shared.token}.{kind}")
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert client.head(f"/t/{shared.token}.{kind}").status_code == 200


def test_the_json_of_a_trip_is_the_contracts(client: FlaskClient, shared: Shared) -> None:
    trip = client.get(f"/t/{shared.token}.json").get_json()
    assert (trip["id"], trip["version"], trip["currency"]) == (shared.trip_id, 2, "KES")
    assert trip["total_kes"] == sum(item["price_kes"] or 0 for day in trip["days"] for item in day["items"])


def test_an_unchanged_document_is_not_sent_twice(client: FlaskClient, shared: Shared) -> None:
    first = client.get(f"/t/{shared.token}.pdf")
    again = client.get(f"/t/{shared.token}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_calendar_feed_follows_the_newest_version(client: FlaskClient, store: Store, shared: Shared) -> None:
    assert client.get(f"/cal/{shared.token}.ics").data == b"BEGIN:VCALENDAR\r\n"
    with store.session() as s:
        store.trips.put_document(s, shared.trip_id, 3, "ics", "mombasa.ics", b"BEGIN:VCALENDAR\r\nnew")
    answer = client.get(f"/cal/{shared.token}.ics")
    assert (answer.content_type, answer.data) == (ICS, b"BEGIN:VCALENDAR\r\nnew")
    assert "max-age=900" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("form", ["/t/{}", "/t/{}.pdf", "/t/{}.ics", "/t/{}.json", "/cal/{}.ics"])
def test_unknown_and_revoked_tokens_are_404(client: FlaskClient, store: Store, shared: Shared, form: str) -> None:
    assert client.get(form.format(shared.token)).status_code == 200
    assert client.get(form.format("x" * 22)).status_code == 404
    with store.session() as s:
        store.trips.revoke(s, shared.trip_id)
    assert client.get(form.format(shared.token)).status_code == 404


@pytest.mark.parametrize("form", ["/t/{}.pdf", "/cal/{}.ics"])
def test_a_document_that_is_not_rendered_yet_is_404(client: FlaskClient, store: Store, form: str) -> None:
    with store.session() as s:
        trip_id = store.trips.create(s, store.chats.open(s, "telegram", "1"))
        token = store.trips.token(s, trip_id)
    assert client.get(form.format(token)).status_code == 404


@pytest.fixture
def undrawn(store: Store, shared: Shared) -> int:
    """The newest version has no files yet; the task that draws them."""
    with store.session() as s:
        trip = store.trips.get(s, shared.trip_id)
        assert trip is not None
        store.trips.save(s, replace(trip, version=3))
        return store.tasks.add(s, store.trips.chat_of(s, shared.trip_id) or 0, "documents", "{}")


def draw(store: Store, shared: Shared, task: int) -> None:
    """What a worker does meanwhile."""
    with store.session() as s:
        store.trips.put_document(s, shared.trip_id, 3, "pdf", "mombasa.pdf", b"%PDF-1.7 newer")
        store.tasks.done(s, task)


def test_a_file_that_is_being_drawn_is_waited_for(
    client: FlaskClient, store: Store, shared: Shared, undrawn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.files.time.sleep", lambda seconds: draw(store, shared, undrawn))
    assert client.get(f"/t/{shared.token}.pdf").data == b"%PDF-1.7 newer"


def test_a_file_that_takes_long_to_draw_is_said_to_come_and_its_page_looks_again(
    client: FlaskClient, shared: Shared, undrawn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.files.PATIENCE", 0.0)
    answer = client.get(f"/t/{shared.token}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "3", "3")
    assert "still being made" in answer.get_data(as_text=True)
    assert client.get(f"/cal/{shared.token}.ics").status_code == 200, "subscribers keep the last one meanwhile"


def test_few_threads_wait_for_files_and_who_comes_beyond_is_told_at_once(
    flask: Flask, store: Store, shared: Shared, undrawn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    beyond: list[int] = []

    def another_comes(seconds: float) -> None:
        beyond.append(flask.test_client().get(f"/t/{shared.token}.pdf").status_code)
        draw(store, shared, undrawn)

    monkeypatch.setattr("bot.web.files._WAITERS", BoundedSemaphore(1))
    monkeypatch.setattr("bot.web.files.time.sleep", another_comes)
    assert flask.test_client().get(f"/t/{shared.token}.pdf").status_code == 200
    assert beyond == [503]


def test_a_file_that_could_not_be_drawn_is_404_and_not_that_of_an_older_plan(
    client: FlaskClient, store: Store, shared: Shared, undrawn: int
) -> None:
    with store.session() as s:
        store.tasks.done(s, undrawn)
    assert client.get(f"/t/{shared.token}.pdf").status_code == 404


def test_a_way_out_is_followed_and_counted(client: FlaskClient, store: Store) -> None:
    site = "https://www.booking.com/searchresults.html?ss=Nyali&checkin=2026-11-27"
    with store.session() as s:
        token = store.links.shorten(s, site)
    answer = client.get(f"/go/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (302, site)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    with store.reading() as s:
        assert store.links.clicks(s, token) == 1


@pytest.mark.parametrize("path", ["/go/unknown", "/go/https://evil.example", "/go/?url=https://evil.example"])
def test_no_other_address_is_a_way_out(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


@given(st.text(max_size=60), st.sampled_from(DocumentKind))
def test_every_file_name_is_short_and_plain(name: str, kind: DocumentKind) -> None:
    assert re.fullmatch(rf"[A-Za-z0-9_][A-Za-z0-9_-]{{0,15}}\.{kind}", file_name(name, kind))


def test_a_good_file_name_stays() -> None:
    assert file_name("mombasa-27-nov.pdf", DocumentKind.PDF) == "mombasa-27-nov.pdf"
    assert file_name("Safari ya Mombasa na Lamu.pdf", DocumentKind.PDF) == "Safari-ya-Mombas.pdf"
    assert file_name("../../etc/passwd.ics", DocumentKind.ICS) == "etc-passwd.ics"


def test_what_is_kept_about_a_chat_is_served_to_whoever_holds_its_address_and_to_nobody_else(
    client: FlaskClient, site: Site, shared: Shared
) -> None:
    with site.store.reading() as s:
        chat = site.store.trips.chat_of(s, shared.trip_id)
    mine = Signer((SECRET,)).sign(f"chat-{chat}", 0, DocumentKind.JSON)
    answer = client.get(f"/files/{mine}")
    assert answer.content_type == "application/json; charset=utf-8"
    assert [trip["id"] for trip in answer.get_json()["trips"]] == [shared.trip_id]
    for owner in ("chat-999", "chat-", "chat-x", str(chat), shared.trip_id):
        stranger = Signer((SECRET,)).sign(owner, 0, DocumentKind.JSON)
        assert client.get(f"/files/{stranger}").status_code == 404
