"""What a Telegram update becomes."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import BadPayload, BadSignature, Chat, Event, EventKind, Incoming, IncomingKind
from bot.channels.telegram import Telegram
from storage.memory import ProcessMemory
from tests.bot.channels.parts import SECRET, Memory, Shelf, request, settings
from tests.fakes import telegram as fake

CHANNEL = Telegram(settings(), Shelf(), Memory(), ProcessMemory())
BOT_ID = int(fake.TOKEN.partition(":")[0])
AMINA = {"id": 7, "is_bot": False, "first_name": "Amina", "language_code": "sw"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Trip"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def receive(update: object, channel: Telegram = CHANNEL) -> list[Incoming]:
    return channel.receive(request(json.dumps(update).encode(), x_telegram_bot_api_secret_token=SECRET))


def message(channel: Telegram = CHANNEL, **fields: Any) -> list[Incoming]:
    """A message of Amina's, received."""
    whole = {"message_id": 5, "from": AMINA, "chat": PRIVATE, "date": 1795759200, **fields}
    return receive({"update_id": 700, "message": whole}, channel)


def in_group(text: str, entity: str = "", words: str = "", **fields: Any) -> list[Incoming]:
    if words:
        start = len(text[: text.index(words)].encode("utf-16-le")) // 2
        fields["entities"] = [{"type": entity, "offset": start, "length": len(words)}]
    return message(chat=GROUP, text=text, **fields)


def test_a_text_message_is_understood() -> None:
    assert message(text="Mombasa next Friday") == [
        Incoming(
            chat=Chat("telegram", "7", "Amina", "sw"),
            external_id="700",
            kind=IncomingKind.TEXT,
            text="Mombasa next Friday",
            received_at=datetime.fromtimestamp(1795759200, UTC),
        )
    ]


def test_a_tap_brings_its_action_and_what_is_needed_to_answer_it() -> None:
    tap = {
        "id": "4382",
        "from": AMINA,
        "message": {"message_id": 5, "chat": PRIVATE, "date": 0},
        "data": "trip:cheaper",
    }
    assert receive({"update_id": 701, "callback_query": tap}) == [
        Incoming(
            chat=Chat("telegram", "7", "Amina", "sw"),
            external_id="701",
            kind=IncomingKind.BUTTON,
            action="trip:cheaper",
            reply_token="4382",
        )
    ]


def test_a_place_that_was_sent_has_coordinates() -> None:
    (incoming,) = message(location={"latitude": -4.05, "longitude": 39.66})
    assert (incoming.kind, incoming.latitude, incoming.longitude) == (IncomingKind.LOCATION, -4.05, 39.66)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [("voice", "voice"), ("photo", "photo"), ("sticker", "sticker"), ("document", "file"), ("video_note", "video"),
     ("animation document", "sticker"), ("contact", "contact"), ("poll", ""), ("dice", "")],
)  # fmt: skip
def test_what_cannot_be_read_is_media_of_a_kind(fields: str, kind: str) -> None:
    (incoming,) = message(**{field: {"file_id": "x"} for field in fields.split()})
    assert (incoming.kind, incoming.text, incoming.media) == (IncomingKind.MEDIA, "", kind)


def test_a_venue_is_a_place() -> None:
    place = {"latitude": -4.05, "longitude": 39.66}
    (incoming,) = message(location=place, venue={"location": place, "title": "Fort Jesus", "address": "Mombasa"})
    assert (incoming.kind, incoming.latitude) == (IncomingKind.LOCATION, -4.05)


def corrected(seconds: int, **fields: Any) -> list[Incoming]:
    whole = {"message_id": 5, "from": AMINA, "chat": PRIVATE, "date": 1795759200, "edit_date": 1795759200 + seconds}
    return receive({"update_id": 703, "edited_message": {**whole, **fields}})


def test_words_corrected_soon_are_said_anew_and_later_ones_are_not() -> None:
    assert [incoming.text for incoming in corrected(40, text="Mombasa next Friday")] == ["Mombasa next Friday"]
    assert corrected(121, text="Mombasa next Friday") == []


def test_a_live_location_that_moves_says_nothing_new() -> None:
    assert corrected(30, location={"latitude": -4.05, "longitude": 39.66, "live_period": 900}) == []
    assert corrected(30, photo=[{"file_id": "x"}]) == []


def membership(old: str, new: str, chat: dict[str, Any]) -> dict[str, Any]:
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Safiri"}
    change = {"chat": chat, "from": AMINA, "date": 1795759200}
    change |= {"old_chat_member": {"user": bot, "status": old}, "new_chat_member": {"user": bot, "status": new}}
    return {"update_id": 704, "my_chat_member": change}


def events(update: object) -> list[Event]:
    return CHANNEL.receive_events(request(json.dumps(update).encode(), x_telegram_bot_api_secret_token=SECRET))


def test_put_into_a_group_it_has_something_to_say_and_nothing_elsewhere() -> None:
    (incoming,) = receive(membership("left", "member", GROUP))
    assert (incoming.kind, incoming.chat) == (IncomingKind.ADDED, Chat("telegram", "-100123", "Amina", "sw"))
    assert receive(membership("member", "administrator", GROUP)) == []
    assert receive(membership("kicked", "member", PRIVATE)) == []


@pytest.mark.parametrize(("new", "chat"), [("kicked", PRIVATE), ("left", GROUP), ("kicked", GROUP)])
def test_put_out_or_blocked_it_knows_at_once(new: str, chat: dict[str, Any]) -> None:
    update = membership("member", new, chat)
    assert receive(update) == []
    assert events(update) == [Event(EventKind.LEFT, str(chat["id"]))]


def test_both_halves_of_a_move_tell_the_same() -> None:
    whole = {"message_id": 5, "from": AMINA, "date": 1795759200}
    moved = [Event(EventKind.MOVED, "-5", "-100777")]
    old, new = {"id": -5, "type": "group"}, {"id": -100777, "type": "supergroup"}
    assert events({"update_id": 1, "message": {**whole, "chat": old, "migrate_to_chat_id": -100777}}) == moved
    assert events({"update_id": 1, "message": {**whole, "chat": new, "migrate_from_chat_id": -5}}) == moved


def test_an_event_without_the_secret_is_not_believed() -> None:
    with pytest.raises(BadSignature):
        CHANNEL.receive_events(request(json.dumps(membership("member", "kicked", PRIVATE)).encode()))


def test_a_caption_is_what_was_said() -> None:
    (incoming,) = message(photo=[{"file_id": "x"}], caption="Here, next Friday")
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, "Here, next Friday")


def test_the_payload_of_a_deep_link_stays_in_the_text() -> None:
    (incoming,) = message(text="/start trip_a1-b2", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    assert incoming.text == "/start trip_a1-b2"


@pytest.mark.parametrize("text", ["🦒🏾" * 50, "ممباسا يوم الجمعة", "x" * 10_000, "  two\nlines "])
def test_a_text_is_kept_as_it_came(text: str) -> None:
    assert [incoming.text for incoming in message(text=text)] == [text]


def test_nul_bytes_are_dropped_and_nothing_else() -> None:
    (incoming,) = message(text="Mom\0basa ", **{"from": AMINA | {"first_name": "A\0mina"}})
    assert (incoming.text, incoming.chat.name) == ("Mombasa ", "Amina")


@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "poll_answer", "of_the_future"])
def test_updates_of_other_kinds_are_ignored(kind: str) -> None:
    assert receive({"update_id": 702, kind: {"message_id": 5, "chat": PRIVATE, "text": "hello"}}) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_members": [AMINA]},
        {"migrate_to_chat_id": -100999},
        {"text": "hello", "from": AMINA | {"is_bot": True}},
        {"text": "hello", "from": None},
    ],
)
def test_service_messages_and_bots_are_ignored(fields: dict[str, Any]) -> None:
    assert message(**fields) == []


@pytest.mark.parametrize("text", ["hello everybody", "/plan@other_app Mombasa", "see @amina_k"])
def test_in_a_group_talk_among_people_is_none_of_its_business(text: str) -> None:
    entity, words = ("bot_command", "/plan@other_app") if text.startswith("/") else ("mention", "@amina_k")
    assert in_group(text, entity, words if words in text else "") == []


@pytest.mark.parametrize(
    ("text", "entity", "words", "heard"),
    [
        ("/plan@SafiriBot Mombasa", "bot_command", "/plan@SafiriBot", "/plan Mombasa"),
        ("/help", "bot_command", "/help", "/help"),
        ("🏖 @SafiriBot, Mombasa for 2", "mention", "@SafiriBot", "🏖 Mombasa for 2"),
    ],
)
def test_in_a_group_a_command_or_a_mention_is_heard(text: str, entity: str, words: str, heard: str) -> None:
    (incoming,) = in_group(text, entity, words)
    assert (incoming.text, incoming.chat.address) == (heard, "-100123")


def test_in_a_group_a_reply_to_the_bot_is_heard() -> None:
    mine, other = ({"message_id": 3, "from": {"id": who, "is_bot": True, "first_name": "S"}} for who in (BOT_ID, 99))
    assert [incoming.text for incoming in in_group("cheaper", reply_to_message=mine)] == ["cheaper"]
    assert in_group("cheaper", reply_to_message=other) == []


def test_in_a_group_another_bot_is_not_mistaken_for_it_once_its_name_is_known() -> None:
    named = Telegram(settings(telegram_username="SafiriBot"), Shelf(), Memory(), ProcessMemory())
    command = [{"type": "bot_command", "offset": 0, "length": 14}]
    assert message(named, chat=GROUP, text="/help@OtherBot", entities=command) == []
    (incoming,) = message(named, chat=GROUP, text="/he@SAFIRIbot0", entities=[command[0] | {"length": 13}])
    assert incoming.text == "/he0"


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "é"])
def test_without_the_secret_nothing_is_read(secret: str) -> None:
    body = json.dumps({"update_id": 1, "message": {}}).encode()
    with pytest.raises(BadSignature):
        CHANNEL.receive(request(body, x_telegram_bot_api_secret_token=secret))
    with pytest.raises(BadSignature):
        CHANNEL.receive(request(body))


def test_an_unset_secret_is_not_an_open_door() -> None:
    with pytest.raises(BadSignature):
        Telegram(settings(telegram_secret=""), Shelf(), Memory(), ProcessMemory()).receive(request(b'{"update_id": 1}'))


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"7", b"{}", b'{"update_id": "x"}', b'{"update_id": 1, "message": 5}', b"\xff\xfe",
     b'{"update_id": 1, "message": {"chat": {}}}', b'{"update_id": 1, "callback_query": {"id": "1"}}', b"[" * 100_000,
     b'{"update_id": 1, "message": {"chat": {"id": 1}, "location": {"latitude": 91, "longitude": 0}}}'],
    ids=lambda body: body[:60].decode("latin-1"),
)  # fmt: skip
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(BadPayload):
        CHANNEL.receive(request(body, x_telegram_bot_api_secret_token=SECRET))


KEYS = ["text", "caption", "from", "date", "entities", "location", "reply_to_message", "photo", "data", "id", "message"]


@given(
    st.binary(max_size=50)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.builds(
        lambda kind, number, body, rest: json.dumps({"update_id": number, kind: {**body, **rest}}).encode(),
        st.sampled_from(["message", "callback_query"]),
        st.integers(),
        st.just({"chat": GROUP, "from": AMINA, "id": "4"}),
        st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4),
    )
)
def test_whatever_comes_is_a_message_or_a_refusal(body: bytes) -> None:
    with suppress(BadPayload):
        assert len(CHANNEL.receive(request(body, x_telegram_bot_api_secret_token=SECRET))) <= 1
