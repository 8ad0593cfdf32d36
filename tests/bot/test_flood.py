"""A chat that floods is answered with a sentence, at no cost, and takes nothing from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import jobs
from bot.channel import Chat, Incoming, IncomingKind
from bot.config import Settings
from bot.i18n import t
from bot.intents import Context, Intent, Parser
from bot.queue import InlineQueue
from bot.wiring import App
from storage.tables import InboxMessage, Task, Work
from tests.bot.accepting import accept
from tests.bot.test_conversation import Recorder
from tests.conftest import SECRET

RATE = "5/minute; 8/hour"
QUESTION = "Nairobi to Mombasa tomorrow by bus"


@dataclass
class Counting:
    """A parser that counts what it is asked, as a model would."""

    rules: Parser
    asked: list[str] = field(default_factory=list)

    def parse(self, text: str, context: Context) -> Intent:
        self.asked.append(text)
        return self.rules.parse(text, context)


class House(App):
    """An application with chats that may send five messages a minute."""

    def __init__(self, url: str, folder: Path) -> None:
        settings = Settings(secret_keys=(SECRET,), database_url=url, offline=True, var=folder, chat_rate=RATE)
        self.channel = Recorder()
        super().__init__(
            settings, queue=InlineQueue(lambda job: jobs.run_inline(self, job)), extra={"test": self.channel}
        )
        self.sent = 0

    @cached_property
    def parser(self) -> Parser:
        return Counting(self.rules)

    @property
    def asked(self) -> Sequence[str]:
        assert isinstance(self.parser, Counting)
        return self.parser.asked

    def say(self, text: str, who: str = "flooder", **more: object) -> None:
        self.sent += 1
        given = {"kind": IncomingKind.TEXT, "text": text, **more}
        accept(self, self.channel, [Incoming(Chat("test", who), str(self.sent), **given)])  # type: ignore[arg-type]

    def pass_by(self, time: timedelta) -> None:
        """All that came is so much longer ago."""
        with self.store.session() as s:
            for message in s.scalars(select(InboxMessage)):
                message.received_at -= time

    def count(self, what: object) -> int:
        with self.store.reading() as s:
            return s.scalars(select(func.count()).where(what)).one()  # type: ignore[arg-type]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> House:
    return House(database_url, tmp_path)


def sentences(house: House, lang: str = "en") -> int:
    return house.channel.said.count(t(lang, "too_many"))


def test_beyond_the_rate_one_sentence_answers_all_and_nobody_is_asked(house: House) -> None:
    for number in range(40):
        house.say(f"{QUESTION} {number}")
    assert len(house.asked) == 5
    assert sentences(house) == 1
    assert house.count(InboxMessage.status != Work.DONE) == 0, "every message is answered"
    assert house.count(InboxMessage.status == Work.DONE) == 40
    assert house.count(Task.id > 0) <= 5


def test_who_goes_on_is_told_again_after_two_minutes_and_not_before(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = house.now()
    monkeypatch.setattr(House, "now", lambda self: now)
    for _ in range(7):
        house.say(QUESTION)
    assert sentences(house) == 1
    now += timedelta(minutes=2)
    house.say(QUESTION)
    house.say(QUESTION)
    assert sentences(house) == 2


def test_who_waits_is_read_again(house: House) -> None:
    for _ in range(6):
        house.say(QUESTION)
    house.pass_by(timedelta(minutes=1))
    house.say("Nairobi to Kisumu tomorrow by bus")
    assert house.asked[-1] == "Nairobi to Kisumu tomorrow by bus"


def test_slowly_but_for_an_hour_is_too_much_too(house: House) -> None:
    for _ in range(8):
        house.say(QUESTION)
        house.pass_by(timedelta(minutes=2))
    house.say(QUESTION)
    assert (len(house.asked), sentences(house)) == (8, 1)


def test_others_are_answered_as_ever(house: House) -> None:
    for _ in range(20):
        house.say(QUESTION)
    house.say("Nairobi to Kisumu tomorrow by bus", who="somebody else")
    assert house.asked[-1] == "Nairobi to Kisumu tomorrow by bus"


def test_it_is_said_in_the_language_of_the_chat(house: House) -> None:
    house.say("Naomba basi kutoka Nairobi kwenda Mombasa kesho")
    for _ in range(6):
        house.say("basi la kesho")
    assert sentences(house, "sw") == 1


def test_stopping_and_being_deleted_is_everybodys_right_at_any_time(house: House) -> None:
    for _ in range(6):
        house.say(QUESTION)
    house.say("DELETE MY DATA")
    house.say("yes")
    with house.store.reading() as s:
        assert house.store.chats.find(s, "test", "flooder") is None


def test_taps_count_like_words(house: House) -> None:
    for _ in range(6):
        house.say("", kind=IncomingKind.BUTTON, action="help")
    assert sentences(house) == 1


def test_what_waited_while_nobody_worked_is_no_flood(house: House) -> None:
    held: list[object] = []
    house._queue = InlineQueue(held.append)
    for _ in range(8):
        house.say(QUESTION, who="patient")
        house.pass_by(timedelta(minutes=3))
    house._queue = InlineQueue(lambda job: jobs.run_inline(house, job))
    for job in held:
        jobs.run_inline(house, job)  # type: ignore[arg-type]
    assert (len(house.asked), sentences(house)) == (8, 0)
