"""The turn engine over a real store and a channel that remembers: order, retries, and nothing said twice."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from bot import jobs, present
from bot.channel import ChannelError, Chat, Incoming, IncomingKind, Part, Request, Taken
from bot.config import Settings
from bot.intake import Intake
from bot.present.notices import help_text
from bot.queue import InlineQueue, Job
from bot.replies import Link, Reply, plain
from bot.wiring import App
from storage import codec
from storage.codec import BadShape
from storage.db import Gone
from tests.conftest import SECRET

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
ME = Chat("test", "somebody")


@dataclass
class Recorder:
    """A channel that keeps what it is given, and refuses what the test tells it to refuse."""

    name: ClassVar[str] = "test"
    needs: ClassVar[tuple[str, ...]] = ()
    sent: list[Reply] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def receive(self, request: Request) -> list[Incoming]:
        return []

    def acknowledge(self, incoming: Incoming) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.seen.append(incoming.external_id)

    def show_typing(self, incoming: Incoming) -> None:
        if self.faults:
            raise self.faults.pop(0)

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        return [partial(self._take, reply)]

    def _take(self, reply: Reply) -> Taken:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(reply)
        return Taken()

    @property
    def said(self) -> str:
        """Everything said, with the links of buttons."""
        return "\n".join(
            plain(line)
            for reply in self.sent
            for line in (*reply.lines, *(Link(button.label, button.url) for button in reply.buttons if button.url))
        )


@dataclass
class Desk:
    """An application in this process: jobs run at once, or wait in `held` when `hold` is set."""

    app: App
    channel: Recorder
    held: list[Job]
    ids: Iterator[int] = field(default_factory=itertools.count)
    hold: bool = False

    def say(self, text: str = "", **more: object) -> None:
        kind = IncomingKind.BUTTON if "action" in more else IncomingKind.TEXT
        values = {"kind": kind, "text": text, **more}
        Intake(self.app.store, self.app.queue).accept(self.channel.name, [Incoming(ME, str(next(self.ids)), **values)])  # type: ignore[arg-type]

    def chat_id(self) -> int:
        return self.chat_id_at(ME.address)

    def chat_id_at(self, address: str) -> int:
        with self.app.store.reading() as s:
            found = self.app.store.chats.find(s, "test", address)
        assert found is not None
        return found

    def run_held(self) -> None:
        while self.held:
            jobs.run_inline(self.app, self.held.pop(0))


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(
        secret_keys=(SECRET,), database_url=database_url, today=date(2026, 11, 23), offline=True, var=tmp_path
    )
    held: list[Job] = []

    def run(job: Job) -> None:
        if made.hold:
            held.append(job)
        else:
            jobs.run_inline(app, job)

    channel = Recorder()
    app = App(settings, queue=InlineQueue(run), extra={"test": channel})
    made = Desk(app, channel, held)
    yield made
    app.store.close()


def test_a_whole_trip_comes_back_as_progress_card_and_documents(desk: Desk) -> None:
    desk.say(SENTENCE)
    assert "all checks passed" in desk.channel.said
    progress = [reply for reply in desk.channel.sent if reply.progress]
    assert len({reply.progress for reply in progress}) == 1
    (brought,) = [reply for reply in desk.channel.sent if reply.attachments]
    contents = [desk.app.documents.content(attachment) for attachment in brought.attachments]
    assert [content[:4] for content in contents] == [b"%PDF", b"BEGI"]


def test_a_budget_that_cannot_hold_is_refused_with_the_cheapest_total_as_a_tap(desk: Desk) -> None:
    desk.say(SENTENCE.replace("60,000", "12,000"))
    refusal = desk.channel.sent[-1]
    assert "12,000" in desk.channel.said
    raised = next(button for button in refusal.buttons if button.action.startswith("budget:"))
    desk.say(action=raised.action)
    assert "all checks passed" in desk.channel.said


def test_texts_in_quick_succession_are_read_as_one(desk: Desk) -> None:
    desk.hold = True
    for text in ("buses to", "Kisumu", "tomorrow"):
        desk.say(text)
    desk.hold = False
    desk.run_held()
    assert "Nairobi → Kisumu · Tue 24 Nov" in desk.channel.said
    assert desk.channel.seen == ["0", "1", "2"]


def test_house_words_are_not_swallowed_by_the_text_around_them(desk: Desk) -> None:
    desk.hold = True
    for text in ("buses to Kisumu tomorrow", "msaada"):
        desk.say(text)
    desk.hold = False
    desk.run_held()
    assert help_text("sw").lines in [reply.lines for reply in desk.channel.sent]
    assert "Kisumu" in desk.channel.said


def test_the_same_message_twice_is_answered_once(desk: Desk) -> None:
    message = Incoming(ME, "same", IncomingKind.TEXT, "help")
    Intake(desk.app.store, desk.app.queue).accept(desk.channel.name, [message])
    answered = len(desk.channel.sent)
    Intake(desk.app.store, desk.app.queue).accept(desk.channel.name, [message])
    assert len(desk.channel.sent) == answered


def test_a_reply_the_app_refuses_for_now_waits_and_holds_back_what_follows(desk: Desk) -> None:
    desk.channel.refusals = [ChannelError("slow down", retry_after=30)]
    desk.say("help")
    assert desk.channel.sent == []
    with desk.app.store.reading() as s:
        chat_id = desk.app.store.chats.find(s, "test", ME.address)
        assert chat_id is not None
        owed = desk.app.store.outbox.chats_owed(s, datetime.now(UTC) + timedelta(minutes=1), {"test"})
    assert owed == [chat_id]


def test_a_blocked_chat_is_left_in_peace_until_it_writes_again(desk: Desk) -> None:
    desk.channel.refusals = [ChannelError("blocked by the user", gone=True)]
    desk.say("help")
    assert desk.channel.sent == []
    desk.say("help")
    assert desk.channel.sent


def test_a_cancelled_plan_is_not_sent(desk: Desk) -> None:
    desk.hold = True
    desk.say(SENTENCE)
    jobs.run_inline(desk.app, desk.held.pop(0))
    plan = desk.held.pop(0)
    desk.hold = False
    desk.say("cancel")
    desk.channel.sent.clear()
    jobs.run_inline(desk.app, plan)
    assert "all checks passed" not in desk.channel.said
    assert not [reply for reply in desk.channel.sent if reply.attachments]


def test_what_the_queue_lost_is_found_by_the_sweep(desk: Desk) -> None:
    desk.hold = True
    desk.say("help")
    desk.held.clear()
    with desk.app.store.reading() as s:
        late = list(desk.app.store.inbox.overdue(s, datetime.now(UTC) + timedelta(seconds=1)))
    assert len(late) == 1
    desk.held.append(Job("answer", (late[0],), "chat", key="again"))
    desk.hold = False
    desk.run_held()
    assert desk.channel.sent


def test_a_new_version_replaces_the_old_and_keeps_its_share_link(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("make it cheaper")
    with desk.app.store.reading() as s:
        chat_id = desk.app.store.chats.find(s, "test", ME.address)
        assert chat_id is not None
        (trip,) = desk.app.store.trips.of_chat(s, chat_id)
        first, newest = (desk.app.store.trips.get(s, trip.id, version) for version in (1, None))
    assert first is not None
    assert newest is not None
    assert newest.version == 2
    assert newest.total_kes <= first.total_kes
    assert len(set(_links(desk.channel.sent))) == 1


def _links(replies: Sequence[Reply]) -> list[str]:
    lines = [plain(line) for reply in replies for line in reply.lines]
    return [word for line in lines for word in line.split() if "/t/" in word]


def test_booking_links_are_counted_redirects(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("book it")
    tokens = [word.rsplit("/go/")[1] for word in desk.channel.said.split() if "/go/" in word]
    assert tokens
    with desk.app.store.session() as s:
        assert all(desk.app.store.links.follow(s, token) for token in tokens)


def test_everything_is_forgotten_on_request(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("delete my data")
    assert desk.chat_id()
    desk.say("yes")
    with desk.app.store.reading() as s:
        assert desk.app.store.chats.find(s, "test", ME.address) is None


def test_all_that_is_kept_comes_as_a_file_with_a_word_on_each_part(desk: Desk) -> None:
    desk.say("nataka kwenda Kisumu kesho na basi")
    desk.say("data yangu")
    (file,) = desk.channel.sent[-1].attachments
    text = desk.app.documents.content(file).decode()
    found = json.loads(text)
    assert found["about"]["what"] == "Yote ambayo Safiri inahifadhi kuhusu mazungumzo haya."
    assert set(found) == {"about", *found["about"]["parts"]}
    assert [row["payload"]["text"] for row in found["inbox"]] == ["nataka kwenda Kisumu kesho na basi", "data yangu"]
    assert [row["kind"] for row in found["tasks"]] == ["search", "export"]
    assert SECRET not in text
    desk.say("futa data")
    desk.say("ndiyo")
    with pytest.raises(Gone):
        desk.app.documents.content(file)


def test_media_and_locations_get_a_sentence(desk: Desk) -> None:
    desk.say(kind=IncomingKind.MEDIA)
    assert desk.channel.sent[-1].lines[-1:] == present.media("en").lines
    desk.say(kind=IncomingKind.LOCATION, latitude=-4.05, longitude=39.66)
    assert "Mombasa" in desk.channel.said


def test_a_message_that_kills_its_worker_is_given_up_and_the_traveller_told_once(desk: Desk) -> None:
    desk.hold = True
    desk.say("buses to Kisumu tomorrow")
    (again,) = desk.held
    for _ in range(3):  # what a dead worker leaves behind: a try that was begun
        with desk.app.store.session() as s:
            (row,) = desk.app.store.inbox.unread(s, desk.chat_id())
            assert desk.app.store.inbox.begin(s, row)
    desk.held += [again, again]
    desk.run_held()
    assert [reply.lines for reply in desk.channel.sent] == [present.trouble("en").lines]
    assert desk.channel.seen == []
    desk.hold = False
    desk.say("help")
    assert len(desk.channel.sent) > 1


def test_a_message_that_fails_three_times_is_given_up_and_the_traveller_told_once(desk: Desk) -> None:
    desk.hold = True
    desk.channel.faults = [RuntimeError("a bug") for _ in range(3)]
    desk.say("help")
    (message,) = desk.held
    for _ in range(3):
        assert desk.channel.sent == []
        with pytest.raises(RuntimeError):
            jobs.run_inline(desk.app, message)
    assert [reply.lines for reply in desk.channel.sent] == [present.trouble("en").lines]
    jobs.run_inline(desk.app, message)
    assert len(desk.channel.sent) == 1


@pytest.mark.parametrize(("wish", "kind"), [(SENTENCE, "plan"), ("buses to Kisumu tomorrow", "search")])
def test_work_that_kills_its_worker_is_given_up_and_the_traveller_told_once(desk: Desk, wish: str, kind: str) -> None:
    desk.hold = True
    desk.say(wish)
    jobs.run_inline(desk.app, desk.held.pop(0))
    (work,) = desk.held
    for _ in range(3):
        with desk.app.store.session() as s:
            assert desk.app.store.tasks.begin(s, [int(work.args[0])]) != ([], [])
    desk.channel.sent.clear()
    desk.held.append(work)
    desk.run_held()
    assert [reply.lines for reply in desk.channel.sent] == [present.trouble("en", kind).lines]


@pytest.mark.parametrize(
    "action",
    [
        "slot:destination:atlantis",
        "slot:origin:atlantis",
        "search:buses:nairobi:atlantis:2026-11-27:2",
        "search:hotels::atlantis:2026-11-27:2",
        "trip:atlantis:2026-11-27:3:2:60000",
        "trip:mombasa:9999-12-31:3:0:-5",
        "slot:party:99999999999999999999",
        "way:days=20261128-20261127;budget=-1",
    ],
)
def test_a_button_that_nobody_offered_breaks_nothing(desk: Desk, action: str) -> None:
    desk.say(action=action)
    desk.say("buses to Kisumu tomorrow")
    desk.say(action=action)
    assert "Kisumu" in desk.channel.said
    assert desk.channel.sent[-1].lines


def test_an_app_that_takes_no_acknowledgement_is_not_asked_again_before_the_answer(desk: Desk) -> None:
    desk.channel.faults = [ChannelError("no answer in time")]
    desk.hold = True
    for text in ("buses to", "Kisumu", "tomorrow"):
        desk.say(text)
    desk.hold = False
    desk.run_held()
    assert desk.channel.seen == []
    assert "Kisumu" in desk.channel.said


def test_a_reply_that_fails_each_time_does_not_hold_back_the_next_for_ever(desk: Desk) -> None:
    desk.channel.refusals = [RuntimeError("a bug") for _ in range(3)]
    with pytest.raises(RuntimeError):
        desk.say("help")
    for _ in range(2):
        with pytest.raises(RuntimeError):
            jobs.send(desk.app, desk.chat_id())
    desk.say("buses to Kisumu tomorrow")
    assert "Kisumu" in desk.channel.said


def test_a_conversation_kept_in_an_unknown_shape_starts_anew(desk: Desk) -> None:
    desk.say("help")
    with desk.app.store.session() as s:
        desk.app.store.conversations.save(s, desk.chat_id(), '{"goal": "an action of the future"}')
    answered = len(desk.channel.sent)
    desk.say("buses to Kisumu tomorrow")
    assert len(desk.channel.sent) > answered


def test_a_message_that_cannot_be_read_is_given_up_after_three_tries_and_the_next_is_answered(desk: Desk) -> None:
    desk.hold = True
    desk.say("help")
    with desk.app.store.session() as s:
        (row,) = desk.app.store.inbox.unread(s, desk.chat_id())
        desk.app.store.inbox.redact(s, row.id, "{ half of a message")
    desk.say("help")
    job = desk.held[0]
    for _ in range(3):
        assert desk.channel.sent == []
        with pytest.raises(BadShape):
            jobs.run_inline(desk.app, job)
    assert [reply.lines for reply in desk.channel.sent] == [present.trouble("").lines]
    jobs.run_inline(desk.app, job)
    assert plain(help_text("en").lines[-1]) in desk.channel.said


def test_a_reply_that_the_app_never_takes_is_given_up_and_what_follows_goes_on(desk: Desk) -> None:
    desk.channel.refusals = [ChannelError("wrong message", permanent=True)]
    desk.say("help")
    assert present.trouble("en").lines in [reply.lines for reply in desk.channel.sent]
    desk.say("buses to Kisumu tomorrow")
    assert "Kisumu" in desk.channel.said


def test_a_reply_to_a_chat_that_moved_goes_to_its_new_address(desk: Desk) -> None:
    desk.channel.refusals.append(ChannelError("this group has moved", moved_to="elsewhere"))
    desk.say("/help")
    chat_id = desk.chat_id_at("elsewhere")
    jobs.run_inline(desk.app, Job("deliver", (chat_id,), "chat", key="again"))
    assert len(desk.channel.sent) == 1
    with desk.app.store.reading() as s:
        assert not desk.app.store.chats.get(s, chat_id).blocked


@pytest.mark.parametrize("refusal", [ChannelError("no", permanent=True), ChannelError("wait", retry_after=60)])
def test_progress_that_is_refused_is_dropped_and_holds_nothing_up(desk: Desk, refusal: ChannelError) -> None:
    desk.say("/help")
    desk.channel.sent.clear()
    desk.channel.refusals.append(refusal)
    with desk.app.store.session() as s:
        desk.app.store.outbox.add(s, desk.chat_id(), codec.dump(Reply(("buses …",), progress="p")), "p")
    jobs.run_inline(desk.app, Job("deliver", (desk.chat_id(),), "chat", key="again"))
    assert desk.channel.sent == []
    with desk.app.store.reading() as s:
        assert desk.app.store.outbox.owed(s, desk.chat_id()) == []


def test_progress_is_not_sent_once_the_answer_is_owed(desk: Desk) -> None:
    desk.say("/help")
    desk.channel.sent.clear()
    card = Reply(("Your trip",), ends="p")
    with desk.app.store.session() as s:
        for reply in (Reply(("buses …",), progress="p"), Reply(("buses ✓",), progress="p"), card):
            desk.app.store.outbox.add(s, desk.chat_id(), codec.dump(reply), reply.progress)
    jobs.run_inline(desk.app, Job("deliver", (desk.chat_id(),), "chat", key="again"))
    assert desk.channel.sent == [card]


def test_the_answer_says_which_work_it_ends(desk: Desk) -> None:
    desk.say(SENTENCE)
    (key,) = {reply.progress for reply in desk.channel.sent if reply.progress}
    assert [reply.ends for reply in desk.channel.sent if reply.ends] == [key]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("voice", "listen"), ("photo", "pictures"), ("video", "videos"), ("sticker", "Stickers"), ("file", "files"),
     ("contact", "contacts"), ("", "voice notes, photos and stickers")],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence_that_fits(desk: Desk, kind: str, words: str) -> None:
    desk.say(kind=IncomingKind.MEDIA, media=kind)
    assert words in desk.channel.said


def test_put_into_a_group_it_says_how_to_be_spoken_to(desk: Desk) -> None:
    desk.say(kind=IncomingKind.ADDED)
    assert len(desk.channel.sent) == 1
    assert "mention me" in desk.channel.said


def test_a_place_far_from_kenya_is_no_start(desk: Desk) -> None:
    desk.say(kind=IncomingKind.LOCATION, latitude=51.5, longitude=-0.12)
    assert "far from every town" in desk.channel.said
    desk.say(kind=IncomingKind.LOCATION, latitude=-4.05, longitude=39.66)
    assert "I'll start from Mombasa" in desk.channel.said
