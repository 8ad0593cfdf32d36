"""WhatsApp through Twilio: signed forms in, messages out."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Request as WebRequest
from werkzeug.wrappers import Response

from bot.channel import BadPayload, BadSignature, ChannelError, Chat, Incoming, IncomingKind, Request
from bot.channels._codes import CODES, Meaning
from bot.channels._making import Making
from bot.channels.whatsapp import Fate, WhatsApp, write
from bot.replies import Bold, Button, Link, Reply
from tests.bot.channels.parts import (
    CONTENT,
    FORM,
    ICS,
    PDF,
    PUBLIC_URL,
    Contents,
    Memory,
    Pace,
    Shelf,
    request,
    send,
    settings,
)
from tests.fakes.loopback import Loopback
from tests.fakes.twilio import NUMBER, SID, TOKEN, TRAVELLER, FakeTwilio

PATH = "/webhooks/whatsapp"
AMINA = Chat("whatsapp", TRAVELLER, "Amina")
HELLO = Reply(("Hello",))
MESSAGE_ID = "SM" + "0" * 31 + "a"


class Files(Loopback):
    """The web process as far as Twilio fetches documents from it."""

    kind = "application/pdf"

    def answer(self, request: WebRequest) -> Response:
        name = request.path.rpartition("/")[2]
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(CONTENT[PDF.kind], content_type=self.kind, headers=headers)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as twilio:
        yield twilio


@pytest.fixture
def files() -> Iterator[Files]:
    with Files() as files:
        yield files


@pytest.fixture
def channel(twilio: FakeTwilio, files: Files) -> WhatsApp:
    return WhatsApp(settings(twilio_url=twilio.url), Shelf(f"{files.url}/files"), Memory(), Pace(), Contents())


def signed(twilio: FakeTwilio, form: dict[str, str], path: str = PATH) -> Request:
    body = urlencode(form).encode()
    return request(body, f"{FORM}; charset=UTF-8", path, x_twilio_signature=twilio.signature(PUBLIC_URL + path, form))


def trouble(channel: WhatsApp, *replies: Reply) -> ChannelError:
    """The error that sending ends in; it shows neither number nor account."""
    with pytest.raises(ChannelError) as caught:
        send(channel, AMINA, replies or [HELLO])
    assert caught.value.__cause__ is None  # Twilio's own words name the number
    shown = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in (TOKEN, SID, "254700000001") if secret in shown]
    return caught.value


# ── receiving ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_message_is_understood(twilio: FakeTwilio, channel: WhatsApp) -> None:
    form = twilio.form("Mombasa Ijumaa 🏖 & 2+1", MessageSid=MESSAGE_ID)
    assert channel.receive(signed(twilio, form)) == [
        Incoming(AMINA, MESSAGE_ID, IncomingKind.TEXT, "Mombasa Ijumaa 🏖 & 2+1", reply_token=MESSAGE_ID)
    ]


@pytest.mark.parametrize(
    ("fields", "action", "text"),
    [
        ({"Body": "Cheaper", "ButtonPayload": "trip:cheaper", "ButtonText": "Cheaper"}, "trip:cheaper", "Cheaper"),
        ({"Body": "SGR 08:00", "ListId": "pick:2", "ListTitle": "SGR 08:00"}, "pick:2", "SGR 08:00"),
    ],
)
def test_a_tap_brings_its_action(
    twilio: FakeTwilio, channel: WhatsApp, fields: dict[str, str], action: str, text: str
) -> None:
    (incoming,) = channel.receive(signed(twilio, twilio.form(**{"body": fields.pop("Body"), **fields})))
    assert (incoming.kind, incoming.action, incoming.text) == (IncomingKind.BUTTON, action, text)


def test_a_place_that_was_sent_has_coordinates(twilio: FakeTwilio, channel: WhatsApp) -> None:
    (incoming,) = channel.receive(signed(twilio, twilio.form(Latitude="-4.05", Longitude="39.66")))
    assert (incoming.kind, incoming.latitude, incoming.longitude) == (IncomingKind.LOCATION, -4.05, 39.66)


@pytest.mark.parametrize(("caption", "kind"), [("", IncomingKind.MEDIA), ("Here", IncomingKind.TEXT)])
def test_a_picture_is_media_unless_something_is_said_with_it(
    twilio: FakeTwilio, channel: WhatsApp, caption: str, kind: IncomingKind
) -> None:
    form = twilio.form(caption, NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    (incoming,) = channel.receive(signed(twilio, form))
    assert (incoming.kind, incoming.text) == (kind, caption)


def test_nul_bytes_are_dropped_after_the_signature_was_checked(twilio: FakeTwilio, channel: WhatsApp) -> None:
    (incoming,) = channel.receive(signed(twilio, twilio.form("Mom\0basa ")))
    assert incoming.text == "Mombasa "


def test_a_message_to_another_number_is_ignored(twilio: FakeTwilio, channel: WhatsApp) -> None:
    assert channel.receive(signed(twilio, twilio.form("hi", To="whatsapp:+15550001111"))) == []


def test_the_signature_covers_the_query_of_the_address(twilio: FakeTwilio, channel: WhatsApp) -> None:
    called = signed(twilio, twilio.form("hi"), f"{PATH}?a=1")
    assert len(channel.receive(called)) == 1
    with pytest.raises(BadSignature):
        channel.receive(Request(called.body, called.headers, PUBLIC_URL + PATH, called.content_type))


@pytest.mark.parametrize("signature", ["", "wrong", "é" * 28, "0" * 28])
def test_without_a_true_signature_nothing_is_read(twilio: FakeTwilio, channel: WhatsApp, signature: str) -> None:
    body = urlencode(twilio.form("hi")).encode()
    with pytest.raises(BadSignature):
        channel.receive(request(body, FORM, PATH, x_twilio_signature=signature))
    with pytest.raises(BadSignature):
        channel.receive_status(request(body, FORM, PATH))


def test_a_changed_field_breaks_the_signature(twilio: FakeTwilio, channel: WhatsApp) -> None:
    form = twilio.form("hi")
    headers = {"x_twilio_signature": twilio.signature(PUBLIC_URL + PATH, form)}
    for more in ("&Body=again", "&Extra="):
        with pytest.raises(BadSignature):
            channel.receive(request(urlencode(form).encode() + more.encode(), FORM, PATH, **headers))


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b'{"Body": "hi"}', "application/json"), (b"Body=hi", ""), (b"Body=hi", "multipart/form-data"),
     (b"\xff\xfe", FORM), (b"&".join(b"a%d=1" % number for number in range(300)), FORM)],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_is_no_form_is_refused(channel: WhatsApp, body: bytes, kind: str) -> None:
    with pytest.raises(BadPayload):
        channel.receive(request(body, kind, PATH))


@pytest.mark.parametrize(
    "fields",
    [{"From": ""}, {"MessageSid": ""}, {"Latitude": "x", "Longitude": "1"}, {"Latitude": "nan", "Longitude": "1"},
     {"Latitude": "91", "Longitude": "1"}],
)  # fmt: skip
def test_a_signed_form_that_makes_no_sense_is_refused(
    twilio: FakeTwilio, channel: WhatsApp, fields: dict[str, str]
) -> None:
    with pytest.raises(BadPayload):
        channel.receive(signed(twilio, twilio.form() | fields))


SIGNER = FakeTwilio.__new__(FakeTwilio)  # only its pen is used: it serves nothing
SIGNER.token = TOKEN
NAMES = ["From", "To", "MessageSid", "Body", "Latitude", "Longitude", "ButtonPayload", "MessageStatus", "ErrorCode"]


@given(
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), st.sampled_from([NUMBER, "7"]) | st.text(max_size=9)),
    st.binary(max_size=20),
)
def test_whatever_comes_is_a_message_or_a_refusal(form: dict[str, str], junk: bytes) -> None:
    channel = WhatsApp(settings(), Shelf(), Memory(), Pace(), Contents())
    form = {quote_plus(name, errors="replace"): quote_plus(text, errors="replace") for name, text in form.items()}
    with suppress(BadPayload):
        assert len(channel.receive(signed(SIGNER, form))) <= 1
    with suppress(BadPayload):
        channel.receive_status(signed(SIGNER, form))
    with suppress(BadPayload, BadSignature):
        channel.receive(request(junk, FORM, PATH))


# ── news of sent messages ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "fate"),
    [("sent", Fate.SENT), ("delivered", Fate.DELIVERED), ("read", Fate.READ), ("undelivered", Fate.FAILED)],
)
def test_news_of_a_sent_message_is_understood(twilio: FakeTwilio, channel: WhatsApp, status: str, fate: Fate) -> None:
    send(channel, AMINA, [HELLO])
    assert twilio.sent[0].status_callback == f"{PUBLIC_URL}/webhooks/whatsapp/status"
    called = signed(twilio, twilio.status_form(twilio.sent[0], status))
    news = channel.receive_status(called)
    assert news is not None
    assert (news.chat.address, news.message_id, news.fate) == (TRAVELLER, twilio.sent[0].sid, fate)
    assert (news.trouble is not None) == (fate is Fate.FAILED)
    assert channel.receive(called) == []


@pytest.mark.parametrize(
    ("code", "permanent"), [(63016, False), (131050, True), (63018, False), (30008, False), (1, False)]
)
def test_news_of_a_failure_says_whether_to_give_up(
    twilio: FakeTwilio, channel: WhatsApp, code: int, permanent: bool
) -> None:
    send(channel, AMINA, [HELLO])
    news = channel.receive_status(signed(twilio, twilio.status_form(twilio.sent[0], "failed", code)))
    assert news is not None
    assert news.trouble is not None
    assert news.trouble.permanent is permanent


def test_news_of_no_interest_is_none(twilio: FakeTwilio, channel: WhatsApp) -> None:
    send(channel, AMINA, [HELLO])
    assert channel.receive_status(signed(twilio, twilio.status_form(twilio.sent[0], "queued"))) is None


# ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_is_one_message_with_numbered_choices(twilio: FakeTwilio, channel: WhatsApp) -> None:
    buttons = (Button("Change", "c"), Button("Map", url="https://safiri.example/t/x"), Button("Cheaper", "d"))
    link = Link("Book", "https://safiri.example/go/a")
    send(channel, AMINA, [Reply((Bold("Mombasa"), ("SGR 08:00 ", link)), buttons)])
    (sent,) = twilio.sent
    assert sent.to == TRAVELLER
    assert sent.body.splitlines() == [
        "*Mombasa*",
        "SGR 08:00 Book: https://safiri.example/go/a",
        "",
        "Map: https://safiri.example/t/x",
        "1. Change",
        "2. Cheaper",
    ]


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (Bold(" Fri "), " *Fri* "),
        (Bold("5* hotel"), "*5∗ hotel*"),
        (Bold("  "), "  "),
        (Link("", "tel:+254"), "tel:+254"),
    ],
)
def test_bold_keeps_to_what_whatsapp_can_show(span: Bold | Link, written: str) -> None:
    assert write(span) == written


def test_only_a_text_over_the_limit_is_split(twilio: FakeTwilio, channel: WhatsApp) -> None:
    lines = tuple(f"{number}. " + "word " * 20 for number in range(30))
    send(channel, AMINA, [Reply(("x" * 1600,)), Reply(lines)])
    assert [len(sent.body) for sent in twilio.sent[:1]] == [1600]
    assert len(twilio.sent) == 3
    assert "".join("".join(sent.body.split()) for sent in twilio.sent[1:]) == "".join("".join(lines).split())


def test_the_pdf_is_fetched_by_address_and_the_calendar_is_a_link_in_the_text(
    twilio: FakeTwilio, channel: WhatsApp, files: Files
) -> None:
    send(channel, AMINA, [Reply(("Your trip",), attachments=(PDF, ICS))])
    text, document = twilio.sent
    assert text.body == f"Your trip\nYour trip as a PDF\n\nFor your calendar: {files.url}/files/Mombasa.ics"
    assert (document.media, document.filename, document.body) == (CONTENT[PDF.kind], "Mombasa.pdf", "")
    assert document.error == 0


def test_a_document_twilio_refuses_is_offered_as_a_link(twilio: FakeTwilio) -> None:
    channel = WhatsApp(settings(twilio_url=twilio.url), Shelf("ftp://files"), Memory(), Pace(), Contents())
    send(channel, AMINA, [Reply(attachments=(PDF,))])
    assert [sent.body for sent in twilio.sent] == [PDF.caption, "Mombasa.pdf: ftp://files/Mombasa.pdf"]


def test_a_status_address_that_is_not_public_is_not_given(twilio: FakeTwilio) -> None:
    channel = WhatsApp(
        settings(twilio_url=twilio.url, public_url="http://127.0.0.1:8000"), Shelf(), Memory(), Pace(), Contents()
    )
    send(channel, AMINA, [HELLO])
    assert twilio.sent[0].status_callback == ""


def test_a_message_is_acknowledged_by_typing(twilio: FakeTwilio, channel: WhatsApp) -> None:
    channel.acknowledge(Incoming(AMINA, MESSAGE_ID, IncomingKind.TEXT, "hi", reply_token=MESSAGE_ID))
    assert (twilio.typing, twilio.sent) == ([MESSAGE_ID], [])


def test_progress_is_shown_as_typing_in_answer_to_the_last_message(twilio: FakeTwilio, channel: WhatsApp) -> None:
    send(channel, AMINA, [Reply(("buses …",), progress="search-1")])
    channel.acknowledge(Incoming(AMINA, MESSAGE_ID, IncomingKind.TEXT, "hi", reply_token=MESSAGE_ID))
    send(channel, AMINA, [Reply(("buses ✓",), progress="search-1"), HELLO])
    assert twilio.typing == [MESSAGE_ID, MESSAGE_ID]
    assert [sent.body for sent in twilio.sent] == ["Hello"]


def test_typing_that_fails_does_not_hold_up_a_reply(twilio: FakeTwilio, channel: WhatsApp) -> None:
    channel.acknowledge(Incoming(AMINA, MESSAGE_ID, IncomingKind.TEXT, "hi", reply_token=MESSAGE_ID))
    twilio.fail(500, 20500)
    send(channel, AMINA, [Reply(("buses ✓",), progress="search-1"), HELLO])
    assert [sent.body for sent in twilio.sent] == ["Hello"]


@pytest.mark.parametrize(
    ("status", "code", "permanent", "retry_after"),
    [
        (400, 21408, True, None),
        (400, 21606, False, None),
        (400, 21612, True, None),
        (400, 21614, True, None),
        (400, 63003, True, None),
        (400, 63007, False, None),
        (400, 63013, True, None),
        (400, 63032, True, None),
        (400, 63049, True, None),
        (400, 63051, False, None),
        (400, 99999, True, None),
        (400, 21610, True, None),
        (400, 21211, True, None),
        (400, 63016, False, None),
        (400, 63024, True, None),
        (400, 131050, True, None),
        (400, 21617, True, None),
        (429, 20429, False, 10),
        (429, 0, False, 10),
        (400, 63018, False, 6),
        (400, 131056, False, 6),
        (429, 63038, False, 3600),
        (401, 20003, False, None),
        (404, 20404, False, None),
        (500, 20500, False, None),
        (503, 20503, False, None),
    ],
)
def test_an_error_says_whether_and_when_to_try_again(
    twilio: FakeTwilio, channel: WhatsApp, status: int, code: int, permanent: bool, retry_after: float | None
) -> None:
    twilio.fail(status, code)
    error = trouble(channel)
    assert (error.permanent, error.retry_after) == (permanent, retry_after)


def test_a_traveller_who_opted_out_is_given_up(twilio: FakeTwilio, channel: WhatsApp) -> None:
    twilio.opted_out.add(TRAVELLER)
    assert trouble(channel).permanent


def test_a_wrong_token_is_not_the_fault_of_the_chat(twilio: FakeTwilio) -> None:
    channel = WhatsApp(settings(twilio_url=twilio.url, twilio_token="other"), Shelf(), Memory(), Pace(), Contents())
    assert not trouble(channel).permanent


def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    assert not trouble(WhatsApp(settings(), Shelf(), Memory(), Pace(), Contents())).permanent


def test_a_server_that_says_nothing_is_tried_again_later(twilio: FakeTwilio) -> None:
    twilio.hang()
    channel = WhatsApp(settings(twilio_url=twilio.url), Shelf(), Memory(), Pace(), Contents(), timeout=0.2)
    assert not trouble(channel).permanent


# ── forms made beforehand ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def made(twilio: FakeTwilio) -> Making:
    return Making(settings(twilio_url=twilio.url))


@pytest.fixture
def tapping(twilio: FakeTwilio, files: Files, made: Making) -> WhatsApp:
    contents = Contents()
    contents.ids = {form.name: made.make(form.name) for form in made.wanted}
    return WhatsApp(settings(twilio_url=twilio.url), Shelf(f"{files.url}/files"), Memory(), Pace(), contents)


def acting(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Choice {number}", f"pick:{number}") for number in range(1, count + 1))


@pytest.mark.parametrize("count", range(1, 11))
def test_choices_are_buttons_up_to_three_and_a_list_up_to_ten(
    twilio: FakeTwilio, tapping: WhatsApp, count: int
) -> None:
    link = Button("Map", url="https://safiri.example/t/x")
    send(tapping, AMINA, [Reply((Bold("Mombasa"), 'Ana\'s "best" {price}', "", "KES 5"), (*acting(count), link))])
    (sent,) = twilio.sent
    assert sent.body == '*Mombasa*\nAna\'s "best" {price}\n\nKES 5\n\nMap: https://safiri.example/t/x'
    assert sent.choices == tuple((button.label, button.action) for button in acting(count))
    assert bool(sent.opens) is (count > 3)
    (tap,) = tapping.receive(signed(twilio, twilio.tapped(sent, f"Choice {count}")))
    assert (tap.kind, tap.action, tap.text) == (IncomingKind.BUTTON, f"pick:{count}", f"Choice {count}")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(("which?",), acting(11)),
        Reply(("x" * 1025,), acting(2)),
        Reply(("price {{1}}",), acting(2)),
        Reply(("which?",), (Button("Same", "a"), Button("Same", "b"))),
    ],
    ids=["eleven", "long", "braces", "alike"],
)
def test_what_fits_no_form_has_numbers(twilio: FakeTwilio, tapping: WhatsApp, reply: Reply) -> None:
    send(tapping, AMINA, [reply])
    (sent,) = twilio.sent
    assert not sent.content_sid
    assert f"\n1. {reply.buttons[0].label}" in sent.body


def test_a_calendar_gives_way_to_buttons_where_there_is_no_room_for_both(
    twilio: FakeTwilio, tapping: WhatsApp, channel: WhatsApp
) -> None:
    reply = Reply(("x" * 1000,), acting(4), (ICS,))
    for through in (tapping, channel):
        send(through, AMINA, [reply])
    with_buttons, with_numbers = twilio.sent
    assert (len(with_buttons.choices), with_buttons.body) == (4, "x" * 1000)
    assert "/files/Mombasa.ics" in with_numbers.body


@pytest.mark.parametrize("code", [21655, 21656, 63021])
def test_a_form_that_is_refused_goes_as_text(twilio: FakeTwilio, tapping: WhatsApp, code: int) -> None:
    twilio.refuse(400, code)
    send(tapping, AMINA, [Reply(("which?",), acting(2))])
    assert [sent.body for sent in twilio.sent] == ["which?\n\n1. Choice 1\n2. Choice 2"]


def test_what_is_said_at_one_time_is_one_message(twilio: FakeTwilio, channel: WhatsApp) -> None:
    card = Reply(("card",), acting(2))
    said = channel.merged([card, Reply(("here they are",), (), (PDF, ICS)), Reply(("tiers",), (Button("Saver", "s"),))])
    send(channel, AMINA, said)
    text, document = twilio.sent
    assert text.body.splitlines()[:5] == ["card", "", "tiers", "", text.body.splitlines()[4]]
    assert text.body.splitlines()[-3:] == ["1. Choice 1", "2. Choice 2", "3. Saver"]
    assert document.media


def test_what_is_too_long_or_would_be_ambiguous_is_not_merged(channel: WhatsApp) -> None:
    long, other = Reply(("x" * 900,)), Reply(("y" * 900,))
    assert channel.merged([long, other]) == [long, other]
    twice = [Reply(("a",), acting(1)), Reply(("b",), acting(1))]
    assert channel.merged(twice) == twice
    progress = Reply(("…",), progress="search-1")
    assert channel.merged([HELLO, progress, HELLO]) == [HELLO, progress, HELLO]


# ── pace and connections ────────────────────────────────────────────────────────────────────────────────────────────


def test_who_gets_messages_too_fast_gets_the_next_a_moment_later(twilio: FakeTwilio) -> None:
    pace = Pace()
    channel = WhatsApp(settings(twilio_url=twilio.url), Shelf(), Memory(), pace, Contents())
    pace.waits = [4.5]
    assert trouble(channel).retry_after == 4.5
    assert twilio.sent == []
    send(channel, AMINA, [HELLO])
    send(channel, Chat("whatsapp", "whatsapp:+254700000002"), [HELLO])
    assert len(set(pace.keys)) == 2
    assert not [key for key in pace.keys if "2547" in key]


def test_a_process_keeps_its_connections_and_a_forked_one_makes_its_own(twilio: FakeTwilio, channel: WhatsApp) -> None:
    send(channel, AMINA, [HELLO, HELLO])
    ours = channel._client
    assert ours.http_client.session is not None
    child = os.fork()
    if child == 0:
        os._exit(0 if channel._client is not ours and channel._client is channel._client else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert channel._client is ours


# ── codes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_known_code_means_one_thing_and_is_told_without_secrets(
    twilio: FakeTwilio, channel: WhatsApp, code: int
) -> None:
    twilio.refuse(400, code)
    error = trouble(channel)
    meaning, says = CODES[code]
    assert says in str(error)
    assert error.gone is (meaning in (Meaning.GONE, Meaning.OPTED_OUT, Meaning.LISTED))
    assert error.opted_out is (meaning in (Meaning.OPTED_OUT, Meaning.LISTED))
    assert error.listed is (code == 21610)
    assert error.closed is (meaning is Meaning.CLOSED)
    assert (error.retry_after is not None) is (meaning is Meaning.WAIT)
