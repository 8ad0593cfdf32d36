"""What strangers try on the open web: guesses, replays, forged and stale links, hostile ways out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.outward import is_public
from bot.replies import DocumentKind
from bot.signing import Forged, Signer
from storage.tables import Link
from tests.bot.web.conftest import PUBLIC_URL, SECRET, Shared, Site
from tests.bot.web.test_webhooks import SECRET_HEADER, form, kept, telegram, whatsapp
from tests.bot.web.test_webhooks import update as telegram_update

HOSTILE = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0x7f.1/", "http://localhost/", "http://LOCALHOST./", "http://foo.localhost:8000/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://[fe80::1%25eth0]/", "http://10.0.0.8/",
    "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
    "http://0.0.0.0/", "http://redis:6379/", "http://router/", "http://printer.local/", "http://db.internal/",
    "http://metadata.google.internal/", "http://nas.home.arpa/", "http://１２７.0.0.1/", "http://127。0。0。1/",
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.com/", "//evil.com", "/relative",
    "https://booking.com@evil.com/", "https://user:pass@evil.com/", "http:\\\\evil.com", "https://evil.com\\@booking.com/",
    "https://evil.com/\r\nSet-Cookie: a=b", "https://evil.com/ x", "http://", "http://[", "https://a.com:port/", "",
]  # fmt: skip
PUBLIC = [
    "https://www.booking.com/searchresults.html?ss=Mombasa&aid=1", "http://www.easycoach.co.ke", "https://8.8.8.8/",
    "https://links.duffel.com/abc", "https://metickets.krc.co.ke:8443/", "https://tickets.example.co.ke/a(b)?c=é",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_an_internal_or_odd_address_is_never_handed_out(client: FlaskClient, site: Site, url: str) -> None:
    with site.store.session() as s:
        token = site.store.links.shorten(s, "https://www.booking.com/")
        s.execute(update(Link).values(url=url))  # whatever a source, or a hole in one, may have let in
    for query in ("", "?anyway=1", "?look=99"):
        answer = client.get(f"/go/{token}{query}")
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_that_an_offer_named_is(client: FlaskClient, site: Site, url: str) -> None:
    with site.store.session() as s:
        token = site.store.links.shorten(s, url)
    answer = client.get(f"/go/{token}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(url.split("é")[0])


@pytest.mark.parametrize(
    "query", ["url=https://evil.com", "next=https://evil.com", "anyway=https://evil.com", "look=//evil.com"]
)
def test_what_stands_in_the_request_never_decides_where_it_leads(client: FlaskClient, site: Site, query: str) -> None:
    with site.store.session() as s:
        token = site.store.links.shorten(s, "https://www.booking.com/")
    assert client.get(f"/go/{token}?{query}").headers["Location"] == "https://www.booking.com/"
    assert client.get(f"/go/https://evil.com?{query}").status_code == 404
    assert client.get(f"/go/unknown?{query}").status_code == 404


@given(st.text(max_size=60))
def test_no_text_breaks_the_look_at_an_address(text: str) -> None:
    assert is_public(text) in (True, False)
    assert is_public(f"http://{text}/") in (True, False)


def test_a_replayed_twilio_message_is_answered_200_and_kept_once(client: FlaskClient, site: Site) -> None:
    assert [whatsapp(client, form()).status_code for _ in range(5)] == [200] * 5
    assert len(kept(site.store, "whatsapp", form()["From"])) == 1
    assert len(site.queue.jobs) == 1


def test_a_twilio_signature_of_another_message_or_route_is_worth_nothing(client: FlaskClient, site: Site) -> None:
    from twilio.request_validator import RequestValidator

    signature = RequestValidator("twilio-token").compute_signature(PUBLIC_URL + "/webhooks/whatsapp", form())
    for path, fields in (
        ("/webhooks/whatsapp", form(Body="another")),
        ("/webhooks/whatsapp", form(MessageSid="SM" + "2" * 32)),
        ("/webhooks/whatsapp?a=b", form()),
        ("/webhooks/whatsapp/status", form()),
    ):
        assert client.post(path, data=fields, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert kept(site.store, "whatsapp", form()["From"]) == []


@pytest.mark.parametrize("secret", ["", "hus", "hush ", "HUSH", "hushhush", "é", "hush\t"])
def test_nearly_the_secret_is_as_wrong_as_any(client: FlaskClient, site: Site, secret: str) -> None:
    assert telegram(client, telegram_update(), secret).status_code == 403
    assert client.post("/webhooks/telegram", json=telegram_update()).status_code == 403
    twice = [(SECRET_HEADER, "hush"), (SECRET_HEADER, "wrong")]
    assert client.post("/webhooks/telegram", json=telegram_update(), headers=twice).status_code == 403
    assert site.queue.jobs == []


SIGNED = Signer((SECRET,)).sign("trip", 1, DocumentKind.PDF)
TOKEN = Signer((SECRET,)).api_token("maker")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="


def changed(signed: str) -> Iterator[str]:
    """With each character in turn replaced by each other one, left out, or doubled."""
    for place, char in enumerate(signed):
        yield signed[:place] + signed[place + 1 :]
        yield signed[:place] + char + signed[place:]
        for other in LETTERS:
            if other != char:
                yield signed[:place] + other + signed[place + 1 :]


def test_every_change_of_one_character_makes_a_signed_link_or_token_worthless() -> None:
    signer = Signer((SECRET,))
    for signed, read in ((SIGNED, signer.read), (TOKEN, signer.api_owner)):
        accepted = []
        for forged in changed(signed):
            try:
                read(forged)
            except Forged:
                continue
            accepted.append(forged)
        assert accepted == []


@given(st.integers(0, 10**6), st.characters())
def test_no_other_character_at_any_place_is_read(place: int, char: str) -> None:
    place %= len(SIGNED)
    if SIGNED[place] != char:
        with pytest.raises(Forged):
            Signer((SECRET,)).read(SIGNED[:place] + char + SIGNED[place + 1 :])


def test_a_revoked_address_of_a_trip_leads_nowhere(client: FlaskClient, site: Site, shared: Shared) -> None:
    paths = [f"/t/{shared.token}", f"/t/{shared.token}.pdf", f"/t/{shared.token}.json", f"/cal/{shared.token}.ics"]
    assert [client.get(path).status_code for path in paths] == [200] * 4
    with site.store.session() as s:
        site.store.trips.revoke(s, shared.trip_id)
        anew = site.store.trips.token(s, shared.trip_id)
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.get(f"/t/{anew}").status_code == 200


def test_a_session_of_another_key_is_a_stranger(client: FlaskClient, site: Site) -> None:
    client.get("/plan")
    cookie = client.get_cookie("safiri")
    assert cookie is not None
    value = cookie.value
    for forged in (value[:-2] + "AA", "e30." + value.partition(".")[2], "x"):
        client.set_cookie("safiri", forged)
        assert client.get("/api/v1/itineraries/x").status_code == 401
