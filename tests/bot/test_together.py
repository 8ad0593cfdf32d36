"""Several chats answered in one job: none waits for another, and none pays for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bot import conversation, delivery, jobs
from bot.channel import ChannelError, Chat, Incoming, IncomingKind, Part, Taken
from bot.i18n import t
from bot.intents import Context, Intent, Parser
from bot.queue import HANDFUL, Job, answer_all
from bot.replies import Reply, plain
from storage import codec
from storage.tables import InboxMessage, OutboxReply, Work
from tests.bot.accepting import accept
from tests.bot.processes import eventually
from tests.bot.test_conversation import Desk, Recorder, desk

__all__ = ["desk"]  # the fixture is used by name

TOWNS = ("Kisumu", "Nakuru", "Eldoret", "Malindi", "Lamu")


@dataclass
class Crowd(Recorder):
    """A channel that remembers who was told what; `before` is called with whom before they are."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        return [partial(self._tell, chat, reply)]

    def before(self, address: str) -> None:
        """To be replaced."""

    def _tell(self, chat: Chat, reply: Reply) -> Taken:
        self.before(chat.address)
        self.told.append((chat.address, "\n".join(plain(line) for line in reply.lines)))
        return Taken()

    def of(self, address: str) -> list[str]:
        """What somebody was told."""
        return [said for who, said in self.told if who == address]


@pytest.fixture
def crowd(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    channel = Crowd()
    monkeypatch.setitem(desk.app.channels, "test", channel)
    desk.hold = True
    return channel


def write(desk: Desk, texts: dict[str, str]) -> list[int]:
    """All of these write at the same time; the ids of their chats."""
    said = [
        Incoming(Chat("test", who), str(next(desk.ids)), IncomingKind.TEXT, text=text) for who, text in texts.items()
    ]
    accept(desk.app, desk.channel, said)
    return [desk.chat_id_at(who) for who in texts]


def statuses(desk: Desk) -> dict[str, tuple[Work, int]]:
    """How it stands with every message, by who wrote it: its state and how often it was tried."""
    with desk.app.store.reading() as s:
        rows = s.execute(select(InboxMessage.chat_id, InboxMessage.status, InboxMessage.attempts)).all()
        return {desk.app.store.chats.get(s, row.chat_id).address: (row.status, row.attempts) for row in rows}


@contextmanager
def commits() -> Iterator[list[None]]:
    """One entry for every transaction that is committed meanwhile."""
    seen: list[None] = []

    def note(_: object) -> None:
        seen.append(None)

    event.listen(Engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "commit", note)


def test_those_who_write_at_the_same_time_are_answered_in_one_job_each_with_their_own(desk: Desk, crowd: Crowd) -> None:
    write(desk, {town: f"bus from Nairobi to {town} tomorrow" for town in TOWNS})
    assert [len(job.args) for job in desk.held] == [len(TOWNS)]
    desk.run_held()
    for town in TOWNS:
        said = "\n".join(crowd.of(town))
        assert town in said
        assert not any(other in said for other in TOWNS if other != town)


def test_a_handful_of_chats_costs_no_more_transactions_than_one(desk: Desk, crowd: Crowd) -> None:
    counted = []
    for names in (["one"], [f"person {n}" for n in range(HANDFUL)]):
        write(desk, dict.fromkeys(names, "help"))
        with commits() as seen:
            desk.run_held()
        counted.append(len(seen))
    assert counted[0] == counted[1] > 0
    assert len(crowd.told) == 1 + HANDFUL


def test_messages_of_a_chat_stay_in_order_beside_others(desk: Desk, crowd: Crowd) -> None:
    for text in ("help", "my trips", "help"):
        write(desk, {"one": text, "another": text})
    desk.run_held()
    assert len(crowd.of("one")) == 3
    assert crowd.of("one") == crowd.of("another")
    assert crowd.of("one")[0].endswith(crowd.of("one")[2]), "the first is welcomed"
    assert crowd.of("one")[1] != crowd.of("one")[2]


def test_a_message_that_always_fails_is_given_up_alone_and_the_others_are_answered_at_once(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    understand = conversation._understand

    def stumble(app: object, messages: Sequence[Incoming], *rest: object, **more: object) -> object:
        if messages[0].text == "help me fall":
            raise ArithmeticError
        return understand(app, messages, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(conversation, "_understand", stumble)
    chats = write(desk, {"first": "help", "faller": "help me fall", "last": "help"})
    with pytest.raises(ArithmeticError):
        jobs.run_inline(desk.app, desk.held.pop(0))
    assert {attempts for _, attempts in statuses(desk).values()} == {0}, "nobody pays before it is known who fails"
    assert sorted(job.args for job in desk.held) == [(chat,) for chat in sorted(chats)]
    falls = run_through_falls(desk)
    assert falls == 1
    assert statuses(desk) == {"first": (Work.DONE, 1), "faller": (Work.OWED, 1), "last": (Work.DONE, 1)}
    assert (len(crowd.of("first")), len(crowd.of("last")), crowd.of("faller")) == (1, 1, [])

    for _ in range(2):  # as a sweep and a new message of the other would bring them together
        write(desk, {"last": "my trips"})
        desk.held[0] = Job("answer", tuple(chats[1:]), "chat", key="together")
        falls += run_through_falls(desk)
    assert falls == 3
    assert [t("en", "trouble") in said for said in crowd.of("faller")] == [True]
    assert (len(crowd.of("last")), statuses(desk)["faller"]) == (3, (Work.DEAD, 3))


def run_through_falls(desk: Desk) -> int:
    """Run what is held, whatever becomes of it; how often it fell."""
    falls = 0
    while desk.held:
        try:
            jobs.run_inline(desk.app, desk.held.pop(0))
        except ArithmeticError:
            falls += 1
    return falls


@dataclass
class Model:
    """A parser that is none of rules, and does something first."""

    rules: Parser
    first: Callable[[str], object] = str
    asked: list[str] = field(default_factory=list)

    def parse(self, text: str, context: Context) -> Intent:
        self.asked.append(text)
        self.first(text)
        return self.rules.parse(text, context)


def with_model(desk: Desk, first: Callable[[str], object] = str) -> Model:
    """Give the desk such a parser."""
    model = Model(desk.app.rules, first)
    desk.app.__dict__["parser"] = model
    return model


def test_what_only_a_model_can_read_holds_nobody_up_and_is_read_once(desk: Desk, crowd: Crowd) -> None:
    model = with_model(desk)
    chats = write(desk, {"quick": "help", "slow": "bus from Nairobi to Kisumu tomorrow", "also quick": "help"})
    jobs.run_inline(desk.app, desk.held.pop(0))
    assert (len(crowd.of("quick")), len(crowd.of("also quick")), crowd.of("slow")) == (1, 1, [])
    assert (model.asked, [(job.name, job.args) for job in desk.held]) == ([], [("think", (chats[1],))])
    desk.run_held()
    assert "Kisumu" in "\n".join(crowd.of("slow"))
    assert model.asked == ["bus from Nairobi to Kisumu tomorrow"]


def test_a_model_reads_what_several_chats_wrote_side_by_side(desk: Desk, crowd: Crowd) -> None:
    all_ask = threading.Barrier(len(TOWNS))
    model = with_model(desk, lambda _: all_ask.wait(30))
    write(desk, {town: f"bus from Nairobi to {town} tomorrow" for town in TOWNS})
    desk.run_held()
    assert len(model.asked) == len(TOWNS)
    for town in TOWNS:
        assert town in "\n".join(crowd.of(town))
    assert set(statuses(desk).values()) == {(Work.DONE, 1)}


def test_a_model_that_fails_at_one_text_leaves_the_others_alone(desk: Desk, crowd: Crowd) -> None:
    def first(text: str) -> None:
        if "Nakuru" in text:
            raise ArithmeticError

    with_model(desk, first)
    write(desk, {town: f"bus from Nairobi to {town} tomorrow" for town in TOWNS})
    assert run_through_falls(desk) == 2, "together, then alone"
    assert statuses(desk) == {town: (Work.OWED if town == "Nakuru" else Work.DONE, 1) for town in TOWNS}
    for town in TOWNS:
        assert (town in "\n".join(crowd.of(town))) is (town != "Nakuru")


def test_more_of_a_thought_that_comes_while_a_model_reads_is_read_with_it(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[Job] = []
    monkeypatch.setattr(desk.app.queue, "put_later", lambda job, _seconds: later.append(job) or True)

    def first(text: str) -> None:
        if text.endswith("Kisumu"):
            write(desk, {"talker": "tomorrow"})

    model = with_model(desk, first)
    chats = write(desk, {"talker": "bus from Nairobi to Kisumu", "other": "bus from Nairobi to Nakuru tomorrow"})
    for job in ("answer", "think"):
        assert desk.held[0].name == job
        jobs.run_inline(desk.app, desk.held.pop(0))
    assert [job.args for job in later] == [(chats[0],)]
    assert (len(crowd.of("other")) > 0, crowd.of("talker")) == (True, [])
    desk.run_held()
    assert "Kisumu" in "\n".join(crowd.of("talker"))
    assert model.asked[-1] == "bus from Nairobi to Kisumu\ntomorrow"


def test_a_chat_that_another_worker_has_is_answered_afterwards_and_holds_nobody_up(desk: Desk, crowd: Crowd) -> None:
    mine, other = write(desk, {"mine": "help", "taken": "help"})
    order: list[str] = []
    let_go, held = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.app.store.lock(other):
            held.set()
            let_go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)

    def answered(who: str) -> None:
        order.append(who)
        let_go.set()

    crowd.before = answered  # type: ignore[method-assign]
    jobs.run_inline(desk.app, desk.held.pop(0))
    holder.join(30)
    assert order == ["mine", "taken"]
    assert mine != other


def test_who_cannot_be_reached_is_tried_again_and_the_others_hear_now(desk: Desk, crowd: Crowd) -> None:
    def refuse(who: str) -> None:
        if who == "away":
            raise ChannelError("not so fast", retry_after=30)

    crowd.before = refuse  # type: ignore[method-assign]
    write(desk, {"one": "help", "away": "help", "two": "help"})
    desk.run_held()
    assert (len(crowd.of("one")), len(crowd.of("two")), crowd.of("away")) == (1, 1, [])
    with desk.app.store.reading() as s:
        owed = s.scalars(select(OutboxReply).where(OutboxReply.status == Work.OWED)).all()
    assert [(reply.chat_id, reply.attempts) for reply in owed] == [(desk.chat_id_at("away"), 1)]


def test_what_the_app_took_is_noted_while_another_chat_still_waits_for_it(desk: Desk, crowd: Crowd) -> None:
    """Otherwise one slow answer would widen the window in which a message may go out twice for everybody."""
    chats = write(desk, {"slow": "help", "quick": "help"})

    def quick_is_noted() -> bool:
        with desk.app.store.reading() as s:
            done = select(OutboxReply.chat_id).where(OutboxReply.status == Work.DONE)
            return chats[1] in s.scalars(done).all()

    def wait_for_the_note(who: str) -> None:
        if who == "slow":
            eventually(quick_is_noted, "the other chat's reply is noted meanwhile")

    crowd.before = wait_for_the_note  # type: ignore[method-assign]
    desk.run_held()
    assert (len(crowd.of("slow")), len(crowd.of("quick"))) == (1, 1)


def test_an_error_at_one_reply_leaves_those_of_others_sent_and_noted(desk: Desk, crowd: Crowd) -> None:
    def break_for_one(who: str) -> None:
        if who == "broken":
            raise ArithmeticError

    crowd.before = break_for_one  # type: ignore[method-assign]
    write(desk, {"one": "help", "broken": "help", "two": "help"})
    with pytest.raises(ArithmeticError):
        jobs.run_inline(desk.app, desk.held.pop(0))
    with desk.app.store.reading() as s:
        owed = s.scalars(select(OutboxReply).where(OutboxReply.status == Work.OWED)).all()
    assert [(reply.chat_id, reply.begun) for reply in owed] == [(desk.chat_id_at("broken"), 1)]
    assert (len(crowd.of("one")), len(crowd.of("two"))) == (1, 1)


def test_what_comes_next_is_not_charged_for_an_error_in_sending_what_was_before(desk: Desk, crowd: Crowd) -> None:
    def break_once(who: str) -> None:
        crowd.before = lambda _: None  # type: ignore[method-assign]
        raise ArithmeticError

    for text in ("help", "my trips"):
        write(desk, {"one": text, "two": text})
    crowd.before = break_once  # type: ignore[method-assign]
    assert run_through_falls(desk) == 1
    assert statuses(desk) == {"one": (Work.DONE, 1), "two": (Work.DONE, 1)}
    assert sorted(map(len, (crowd.of("one"), crowd.of("two")))) == [2, 2]


def test_a_try_that_is_put_back_twice_is_taken_off_once(desk: Desk, crowd: Crowd) -> None:
    (chat,) = write(desk, {"somebody": "help"})
    with desk.app.store.session() as s:
        (row,) = desk.app.store.inbox.unread(s, chat)
        desk.app.store.inbox.begin(s, row)
        for _ in range(2):
            desk.app.store.inbox.put_back(s, row.id)
    assert statuses(desk) == {"somebody": (Work.OWED, 0)}


def test_several_parts_go_in_order_and_none_before_the_last_was_noted(desk: Desk, crowd: Crowd) -> None:
    chats = write(desk, {"one": "help", "two": "help"})
    with desk.app.store.session() as s:
        for chat in chats:
            for n in range(3):
                desk.app.store.outbox.add(s, chat, codec.dump(Reply((f"earlier {n}",))))
    desk.run_held()
    for who in ("one", "two"):
        assert crowd.of(who)[:3] == ["earlier 0", "earlier 1", "earlier 2"]
        assert len(crowd.of(who)) == 4


def test_jobs_are_of_a_handful_of_chats_of_one_app() -> None:
    made = [*answer_all("telegram", {chat: 100 + chat for chat in range(HANDFUL + 1)}), *answer_all("whatsapp", {7: 9})]
    assert [job.args for job in made] == [tuple(range(HANDFUL)), (HANDFUL,), (7,)]
    assert [job.key for job in made] == [
        f"said-telegram-{HANDFUL}-100",
        f"said-telegram-1-{100 + HANDFUL}",
        "said-whatsapp-1-9",
    ]


def test_while_a_model_reads_what_comes_next_in_one_chat_the_others_are_free(desk: Desk, crowd: Crowd) -> None:
    free: list[bool] = []

    def first(_: str) -> None:
        with desk.app.store.lock(chats[1], timeout=0.0):
            free.append(True)

    with_model(desk, first)
    write(desk, {"talker": "help", "other": "help"})
    chats = write(desk, {"talker": "bus from Nairobi to Kisumu tomorrow", "other": "my trips"})
    desk.run_held()
    assert free == [True]
    assert (len(crowd.of("other")), len(crowd.of("talker")) >= 2) == (2, True)


def test_when_the_beginning_fails_each_is_answered_alone(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = write(desk, {"unreadable": "help", "fine": "help"})
    load_all = desk.app.store.conversations.load_all

    def fall(s: Session, chat_ids: Sequence[int], copies: dict[int, str]) -> dict[int, str]:
        if chats[0] in chat_ids:
            raise ArithmeticError
        return load_all(s, chat_ids, copies)

    monkeypatch.setattr(desk.app.store.conversations, "load_all", fall)
    assert run_through_falls(desk) == 2
    assert (len(crowd.of("fine")), crowd.of("unreadable")) == (1, [])


def test_a_reply_whose_sending_once_did_not_end_is_sent_alone(desk: Desk, crowd: Crowd) -> None:
    chats = write(desk, {"one": "help", "two": "help"})
    desk.run_held()
    with desk.app.store.session() as s:
        reply = desk.app.store.outbox.add(s, chats[0], codec.dump(Reply(("killer",))))
        desk.app.store.outbox.begin(s, reply)
    write(desk, {"one": "my trips", "two": "my trips"})
    jobs.run_inline(desk.app, desk.held.pop(0))
    assert (len(crowd.of("one")), len(crowd.of("two"))) == (1, 2)
    assert [job.args for job in desk.held] == [(chats[0],)]
    desk.run_held()
    assert crowd.of("one")[1] == "killer"
    assert len(crowd.of("one")) == 3


def test_what_was_given_up_while_others_were_sent_is_not_sent(desk: Desk, crowd: Crowd) -> None:
    (chat,) = write(desk, {"one": "help"})
    with desk.app.store.session() as s:
        desk.app.store.outbox.add(s, chat, codec.dump(Reply(("first",))))

    def block(_: str) -> None:
        with desk.app.store.session() as s:
            desk.app.store.chats.block(s, chat)

    crowd.before = block  # type: ignore[method-assign]
    desk.run_held()
    assert crowd.of("one") == ["first"]


def test_what_is_under_way_when_all_has_to_stop_is_noted_all_the_same(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = threading.Event()

    def stop(*_: object) -> None:
        stopping.set()
        raise ArithmeticError

    def before(who: str) -> None:
        if who == "refused":
            raise ChannelError("no", permanent=True)
        assert stopping.wait(30)

    monkeypatch.setattr(delivery, "_refused", stop)
    crowd.before = before  # type: ignore[method-assign]
    write(desk, {"refused": "help", "under way": "help"})
    with pytest.raises(ArithmeticError):
        jobs.run_inline(desk.app, desk.held.pop(0))
    assert len(crowd.of("under way")) == 1
    with desk.app.store.reading() as s:
        owed = s.scalars(select(OutboxReply.chat_id).where(OutboxReply.status == Work.OWED)).all()
    assert owed == [desk.chat_id_at("refused")]
