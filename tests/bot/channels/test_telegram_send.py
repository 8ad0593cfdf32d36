"""Replies on their way to Telegram, against a server as strict as the real one."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from bot.channel import ChannelError, Chat, Incoming, IncomingKind
from bot.channels import telegram as module
from bot.channels.telegram import Telegram
from bot.replies import Bold, Button, Link, Reply
from storage.memory import ProcessMemory
from tests.bot.channels.parts import CONTENT, ICS, PDF, PUBLIC_URL, Memory, Shelf, send, settings
from tests.fakes.telegram import TOKEN, FakeTelegram

pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after")  # the library announces a change of type
AMINA = Chat("telegram", "4242", "Amina", "en")
HELLO = Reply(("Hello",))


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def channel(server: FakeTelegram) -> Telegram:
    return Telegram(settings(telegram_url=server.url), Shelf(), Memory(), ProcessMemory())


class Ticking:
    """A timer in hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def seconds_to_wait(channel: Telegram, chat: Chat) -> float:
    """What a message that goes too soon is told."""
    with pytest.raises(ChannelError) as caught:
        send(channel, chat, [HELLO])
    assert caught.value.retry_after is not None
    assert not caught.value.permanent
    return caught.value.retry_after


def trouble(channel: Telegram, *replies: Reply) -> ChannelError:
    """The error that sending ends in."""
    with pytest.raises(ChannelError) as caught:
        send(channel, AMINA, replies or [HELLO])
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


def test_lines_become_text_with_bold_words_and_links(server: FakeTelegram, channel: Telegram) -> None:
    link = Link("Book <now>", "https://safiri.example/go/a?x=1&y=2")
    send(channel, AMINA, [Reply((Bold("Mombasa & <Nyali>"), "", ("2 > 1, ", link)))])
    (sent,) = server.sent
    assert sent.shown == "Mombasa & <Nyali>\n\n2 > 1, Book <now>"
    assert (sent.text.bold, sent.text.links) == (("Mombasa & <Nyali>",), ((link.text, link.url),))
    assert sent.chat_id == 4242


def test_one_call_is_made_a_message(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, AMINA, [HELLO, Reply(("Where to?",))])
    assert [method for method, _ in server.calls] == ["sendMessage", "sendMessage"]


def test_one_channel_delivers_again_and_again(server: FakeTelegram, channel: Telegram) -> None:
    for _ in range(3):
        send(channel, AMINA, [HELLO])
    assert len(server.sent) == 3


def test_buttons_stand_two_in_a_row(server: FakeTelegram, channel: Telegram) -> None:
    action = "é" * 32  # 64 bytes, the most there can be
    buttons = (
        Button("Change", "trip:change"),
        Button("Cheaper", action),
        Button("Map", url="https://safiri.example/t/x"),
    )
    send(channel, AMINA, [Reply(("Your trip",), buttons)])
    assert [[key["text"] for key in row] for row in server.sent[0].keyboard] == [["Change", "Cheaper"], ["Map"]]
    assert server.sent[0].button("Cheaper")["callback_data"] == action
    assert server.sent[0].button("Map")["url"] == "https://safiri.example/t/x"


@pytest.mark.parametrize(
    ("url", "shown"),
    [("tel:+254700000001", "+254700000001"), ("http://localhost:8000/t/x", "http://localhost:8000/t/x"),
     ("whatsapp://send?phone=1", "whatsapp://send?phone=1")],
)  # fmt: skip
def test_an_address_telegram_refuses_is_written_out(
    server: FakeTelegram, channel: Telegram, url: str, shown: str
) -> None:
    send(channel, AMINA, [Reply((Link("Call", url),), (Button("Taxi", url=url), Button("Back", "back")))])
    assert server.sent[0].shown == f"Call: {shown}\nTaxi: {shown}"
    assert server.sent[0].labels == ["Back"]


def test_a_long_reply_comes_in_parts_with_the_buttons_under_the_last(server: FakeTelegram, channel: Telegram) -> None:
    lines = tuple(f"{number}. 🚌 " + "word " * 30 for number in range(60))
    send(channel, AMINA, [Reply(lines, (Button("More", "more"),))])
    assert len(server.sent) > 2
    assert "".join("".join(sent.shown.split()) for sent in server.sent) == "".join("".join(lines).split())
    assert [sent.labels for sent in server.sent] == [[]] * (len(server.sent) - 1) + [["More"]]


def test_buttons_without_words_still_arrive(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, AMINA, [Reply(("",), (Button("More", "more"),))])
    assert server.sent[0].labels == ["More"]


GROUP = Chat("telegram", "-100123", "Amina", "en")


def test_in_a_private_chat_progress_is_a_draft_that_goes_when_the_answer_comes(
    server: FakeTelegram, channel: Telegram
) -> None:
    for line in ("buses …", "buses ✓ trains …"):
        send(channel, AMINA, [Reply((line,), progress="search-1")])
    assert server.sent == []
    assert server.drafting == {4242: "buses ✓ trains …"}
    assert len({draft for _, draft, _ in server.drafts}) == 1
    send(channel, AMINA, [Reply(("Two buses",), ends="search-1")])
    assert ([sent.shown for sent in server.sent], server.drafting) == (["Two buses"], {})


def test_progress_with_buttons_is_a_message_that_changes_and_goes(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, AMINA, [Reply(("From Nairobi?",), (Button("Change", "change"),), progress="plan-1")])
    assert server.sent[0].labels == ["Change"]
    send(channel, AMINA, [Reply(("buses ✓",), progress="plan-1")])
    assert [(sent.shown, sent.edits) for sent in server.sent] == [("buses ✓", 1)]
    send(channel, AMINA, [Reply(("Your trip",), ends="plan-1")])
    assert [sent.shown for sent in server.sent] == ["Your trip"]


def test_where_drafts_are_refused_once_messages_change_instead(server: FakeTelegram, channel: Telegram) -> None:
    server.fail("sendMessageDraft", 404, "Not Found: method not found")
    for line in ("buses …", "buses ✓"):
        send(channel, AMINA, [Reply((line,), progress="search-1")])
    send(channel, AMINA, [Reply(("flights …",), progress="search-2")])
    assert [(sent.shown, sent.edits) for sent in server.sent] == [("buses ✓", 1), ("flights …", 0)]
    assert [method for method, _ in server.calls].count("sendMessageDraft") == 1


def test_a_draft_nobody_can_get_says_that_the_chat_is_gone(server: FakeTelegram, channel: Telegram) -> None:
    server.blocked.add(4242)
    assert trouble(channel, Reply(("buses …",), progress="search-1")).gone


def test_progress_that_cannot_be_deleted_does_not_hold_up_the_answer(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, GROUP, [Reply(("buses …",), progress="search-1")])
    server.fail("deleteMessage", 400, "Bad Request: message can't be deleted")
    send(channel, GROUP, [Reply(("Two buses",), ends="search-1")])
    assert [sent.shown for sent in server.sent] == ["buses …", "Two buses"]


def test_in_a_group_progress_is_one_message_that_changes(server: FakeTelegram, channel: Telegram) -> None:
    for line in ("buses …", "buses ✓ trains …", "buses ✓ trains ✓"):
        send(channel, GROUP, [Reply((line,), progress="search-1")])
    send(channel, GROUP, [Reply(("flights …",), progress="search-2")])
    assert [(sent.shown, sent.edits) for sent in server.sent] == [("buses ✓ trains ✓", 2), ("flights …", 0)]


def test_progress_that_did_not_change_is_no_error(server: FakeTelegram, channel: Telegram) -> None:
    for _ in range(2):
        send(channel, GROUP, [Reply(("buses …",), progress="search-1")])
    assert [(sent.shown, sent.edits) for sent in server.sent] == [("buses …", 0)]
    assert [method for method, _ in server.calls] == ["sendMessage", "editMessageText"]


def test_only_the_first_part_of_long_progress_is_edited(server: FakeTelegram, channel: Telegram) -> None:
    for mark in ("…", "✓"):
        send(channel, GROUP, [Reply((f"buses {mark}", "x" * 4090), progress="search-1")])
    assert [(sent.shown[:7], sent.edits) for sent in server.sent] == [("buses ✓", 1), ("x" * 7, 0), ("x" * 7, 0)]


def test_progress_whose_message_is_gone_is_said_anew(server: FakeTelegram, channel: Telegram) -> None:
    for line in ("buses …", "buses ✓", "trains ✓"):
        send(channel, GROUP, [Reply((line,), progress="search-1")])
        if line == "buses …":
            server.forget(server.sent[0].message_id)
    assert [(sent.shown, sent.edits) for sent in server.sent] == [("trains ✓", 1)]


def test_files_are_uploaded_with_name_and_caption(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, AMINA, [Reply(("Done",), attachments=(PDF, ICS))])
    assert [sent.shown for sent in server.sent] == ["Done", "Your trip as a PDF", "For your calendar"]
    assert [sent.filename for sent in server.sent] == ["", "Mombasa.pdf", "Mombasa.ics"]
    assert [sent.document for sent in server.sent] == [None, CONTENT[PDF.kind], CONTENT[ICS.kind]]
    assert [bool(sent.thumbnail) for sent in server.sent] == [False, True, False]


def test_a_file_that_is_refused_is_offered_as_a_link(server: FakeTelegram, channel: Telegram) -> None:
    server.fail("sendDocument", 400, "Bad Request: file is too big")
    send(channel, AMINA, [Reply(attachments=(PDF,))])
    assert server.sent[0].text.links == ((PDF.caption, f"{PUBLIC_URL}/files/Mombasa.pdf"),)


def test_a_message_whose_markup_is_refused_is_sent_bare(server: FakeTelegram, channel: Telegram) -> None:
    server.fail("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")
    reply = Reply((Bold("Fri & Sat"), Link("Book", "https://x.example/?a&b")), (Button("More", "more"),))
    send(channel, AMINA, [reply])
    assert server.sent[0].source == "Fri & Sat\nBook: https://x.example/?a&b\n· More"
    assert "parse_mode" not in server.calls[-1][1]


def test_a_tap_is_answered(server: FakeTelegram, channel: Telegram) -> None:
    channel.acknowledge(Incoming(AMINA, "1", IncomingKind.BUTTON, action="a", reply_token="4000000001"))
    assert (server.answered, len(server.calls)) == (["4000000001"], 1)


def test_a_tap_too_old_to_be_answered_is_no_error(server: FakeTelegram, channel: Telegram) -> None:
    channel.acknowledge(Incoming(AMINA, "1", IncomingKind.BUTTON, action="a", reply_token="gone"))
    assert server.answered == []


def test_work_on_an_answer_is_shown_by_typing(server: FakeTelegram, channel: Telegram) -> None:
    channel.show_typing(Incoming(AMINA, "1", IncomingKind.TEXT, text="hi"))
    assert server.calls == [("sendChatAction", {"chat_id": "4242", "action": "typing"})]


def test_a_flood_wait_says_how_long(server: FakeTelegram, channel: Telegram) -> None:
    server.fail("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
    error = trouble(channel)
    assert (error.permanent, error.retry_after) == (False, 17)


def test_a_chat_that_blocked_the_bot_is_given_up(server: FakeTelegram, channel: Telegram) -> None:
    server.blocked.add(4242)
    error = trouble(channel)
    assert error.permanent
    assert "blocked by the user" in str(error)


def test_a_refusal_is_permanent_although_the_library_calls_it_a_network_error(
    server: FakeTelegram, channel: Telegram
) -> None:
    server.fail("sendMessage", 400, "Bad Request: chat not found", times=2)
    assert trouble(channel).permanent


def test_a_refusal_does_not_repeat_what_was_written(server: FakeTelegram, channel: Telegram) -> None:
    for quoted in ('unsupported start tag "surprise for mum"', "wrong URL 'https://safiri.example/t/token'"):
        server.fail("sendMessage", 400, f"Bad Request: can't parse entities: {quoted}", times=2)
        said = str(trouble(channel))
        assert said.startswith("Telegram refused: ")
        assert "mum" not in said
        assert "safiri" not in said


@pytest.mark.parametrize(
    ("said", "gone"),
    [("chat not found", True), ("PEER_ID_INVALID", True), ("user is deactivated", True),
     ("group chat was deactivated", True), ("not enough rights to send text messages to the chat", True),
     ("message is too long", False), ("BUTTON_DATA_INVALID", False)],
)  # fmt: skip
def test_a_refusal_is_of_the_chat_or_of_what_was_written(
    server: FakeTelegram, channel: Telegram, said: str, gone: bool
) -> None:
    server.fail("sendMessage", 400, f"Bad Request: {said}", times=2)
    error = trouble(channel)
    assert (error.gone, error.permanent) == (gone, True)
    assert len(server.calls) == (1 if gone else 2)


def test_a_group_that_moved_says_where_to(server: FakeTelegram, channel: Telegram) -> None:
    server.moved[-5] = -100777
    with pytest.raises(ChannelError) as caught:
        send(channel, Chat("telegram", "-5"), [HELLO])
    assert (caught.value.moved_to, caught.value.gone) == ("-100777", False)


def test_a_chat_gets_a_short_burst_and_then_one_message_a_second(server: FakeTelegram, channel: Telegram) -> None:
    send(channel, AMINA, [HELLO] * 6)
    assert 0 < seconds_to_wait(channel, AMINA) <= 6
    assert len(server.calls) == 6
    send(channel, Chat("telegram", "77"), [HELLO])


def test_in_a_group_twenty_a_minute_are_the_most(server: FakeTelegram, channel: Telegram) -> None:
    clock = Ticking()
    slow = Telegram(settings(telegram_url=server.url), Shelf(), Memory(), ProcessMemory(timer=clock))
    for _ in range(20):
        send(slow, GROUP, [HELLO])
        clock.now += 1
    assert seconds_to_wait(slow, GROUP) == 40


def test_what_several_processes_send_is_counted_together(server: FakeTelegram) -> None:
    shared = ProcessMemory()
    one, two = (Telegram(settings(telegram_url=server.url), Shelf(), Memory(), shared) for _ in range(2))
    send(one, AMINA, [HELLO] * 3)
    send(two, AMINA, [HELLO] * 3)
    assert seconds_to_wait(one, AMINA)


def test_everybody_together_is_limited_where_that_was_set(server: FakeTelegram) -> None:
    limited = Telegram(settings(telegram_url=server.url, telegram_rate="2/second"), Shelf(), Memory(), ProcessMemory())
    for chat in ("1", "2"):
        send(limited, Chat("telegram", chat), [HELLO])
    assert seconds_to_wait(limited, Chat("telegram", "3"))


def test_when_several_chats_are_told_to_wait_everybody_waits(server: FakeTelegram, channel: Telegram) -> None:
    server.fail("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17, times=3)
    for chat in ("1", "2", "3"):
        with pytest.raises(ChannelError):
            send(channel, Chat("telegram", chat), [HELLO])
    assert 16 < seconds_to_wait(channel, AMINA) <= 17
    assert len(server.calls) == 3


@pytest.mark.parametrize("status", [500, 502, 409, 418])
def test_a_server_in_trouble_is_tried_again_later(server: FakeTelegram, channel: Telegram, status: int) -> None:
    server.fail("sendMessage", status, "Internal Server Error")
    error = trouble(channel)
    assert (error.permanent, error.retry_after) == (False, None)


def test_a_token_nobody_knows_is_not_the_fault_of_the_chat(server: FakeTelegram) -> None:
    channel = Telegram(
        settings(telegram_url=server.url, telegram_token=TOKEN + "x"), Shelf(), Memory(), ProcessMemory()
    )
    error = trouble(channel)
    assert not error.permanent
    assert "TELEGRAM_BOT_TOKEN" in str(error)


def test_a_server_that_says_nothing_is_tried_again_later(server: FakeTelegram) -> None:
    server.hang("sendMessage")
    error = trouble(Telegram(settings(telegram_url=server.url), Shelf(), Memory(), ProcessMemory(), timeout=0.2))
    assert (error.permanent, str(error)) == (False, "Telegram did not answer in time")


def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    assert not trouble(Telegram(settings(), Shelf(), Memory(), ProcessMemory())).permanent


def test_no_log_line_shows_the_token(server: FakeTelegram, channel: Telegram, caplog: pytest.LogCaptureFixture) -> None:
    server.fail("sendMessage", 400, "Bad Request: can't parse entities")
    with caplog.at_level(logging.INFO, logger=module.__name__):
        send(channel, AMINA, [HELLO])
    ours = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert ours == ["telegram refused the markup of a message; it was sent as plain text"]
