"""Whole turns with Claude in them: its failures go unnoticed, its words for a plan are checked, nothing is held up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import jobs
from bot.claude import Options
from bot.config import Settings
from bot.documents.json import export
from bot.i18n import t
from bot.narrator import Narrator, facts_of
from bot.queue import InlineQueue
from bot.replies import plain
from bot.wiring import App
from planner.model import Itinerary
from providers import gazetteer
from tests.bot.test_conversation import Desk, Recorder
from tests.conftest import SECRET
from tests.fakes import anthropic as fake
from tests.fakes.anthropic import Answer, FakeAnthropic, Scenario, said
from tests.samples import mombasa

SENTENCE = "Plan a 3-day Mombasa trip from Nairobi on Friday for 2, budget 60,000 KES"
PLACES = gazetteer.load()


@pytest.fixture
def claude() -> Iterator[FakeAnthropic]:
    with FakeAnthropic() as service:
        yield service


Opened = Callable[..., Desk]


@pytest.fixture
def opened(claude: FakeAnthropic, sqlite_url: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens the application with Claude in it; without a key, the rules read alone."""
    apps: list[App] = []

    def open_(*, key: str = FakeAnthropic.key, narration: bool = False) -> Desk:
        settings = Settings(
            secret_keys=(SECRET,),
            database_url=sqlite_url,
            today=date(2026, 11, 23),
            var=tmp_path,
            anthropic_key=key,
            anthropic_url=claude.url,
            narration=narration,
        )
        channel = Recorder()
        app = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(app, job)), extra={"test": channel})
        apps.append(app)
        return Desk(app, channel, [])

    yield open_
    for app in apps:
        app.store.close()


# Reading

FAILURES: dict[str, Scenario] = {
    "refusal": fake.refusal(),
    "cut off": fake.truncated(),
    "429": fake.error("429"),
    "429 without a time": fake.error("429_spend_limit_no_retry_after"),
    "500": fake.error("500"),
    "529": fake.error("529"),
    "connection lost": fake.reset(),
    "another schema": fake.message('{"action": "plan"}'),
    "prose": fake.message("Sure! Mombasa is lovely."),
    "a page": fake.garbage(),
    "no content": Answer(body=json.dumps({"stop_reason": "end_turn", "content": []}).encode()),
    "wrong in type only": said(action="create_itinerary", nights="two"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_traveller_notices_nothing_when_claude_fails(claude: FakeAnthropic, opened: Opened, name: str) -> None:
    claude.answers(FAILURES[name])
    with capture_logs() as logs:
        desk = opened()
        desk.say("bus from Nairobi to Kisumu on Friday for 2")
    assert "Nairobi → Kisumu · Fri 27 Nov · 2 people" in desk.channel.said
    assert len(claude.requests) == 1
    assert [line["event"] for line in logs].count("claude_did_not_answer") == 1
    assert "Kisumu" not in json.dumps([line for line in logs if "claude" in line["event"]])


def test_a_whole_trip_is_planned_while_claude_is_overloaded(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(fake.error("529"))
    desk = opened()
    desk.say(SENTENCE)
    assert "all checks passed" in desk.channel.said


@pytest.mark.parametrize(("key", "narration"), [("", True), (FakeAnthropic.key, False)])
def test_a_narrator_needs_both_a_key_and_the_setting(opened: Opened, key: str, narration: bool) -> None:
    assert opened(key=key, narration=narration).app.narrator is None


def test_one_message_is_one_question_and_a_tap_is_none(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(said(action="create_itinerary", destinations=[{"words": "Mombasa", "place": "Mombasa"}]))
    desk = opened()
    desk.say("Mombasa perhaps")
    desk.say(action="cancel")
    desk.say("help")
    assert len(claude.requests) == 1


def test_a_disagreement_is_asked_and_the_tap_goes_on(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(
        said(
            action="search_buses",
            destinations=[{"words": "Kisumu", "place": "Kisumu"}],
            date_words="next Friday",
            start_date="2026-12-04",
        )
    )
    desk = opened()
    desk.say("bus to Kisumu next Friday")
    question = desk.channel.sent[-1]
    assert "Which day do you mean: Fri 27 Nov or Fri 4 Dec?" in desk.channel.said
    desk.say(action=question.buttons[1].action)
    assert "Kisumu · Fri 4 Dec" in desk.channel.said


def test_what_claude_uses_is_told_by_the_store(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(said(action="help"))
    desk = opened()
    desk.say("which journeys are known to you")
    assert sum(desk.app.store.memory.tallies()["claude_tokens"].values()) == 412 + 96 + 1536


# Narration


def narrated(intro: str, *tips: str) -> Answer:
    return fake.message(json.dumps({"intro": intro, "tips": tips}))


@dataclass
class Model:
    """Answers both kinds of question: reads nothing, and tells of a plan whatever the test wants."""

    tale: Scenario

    def __call__(self, turn: str) -> Answer:
        if "<plan>" not in turn:
            return fake.error("529")
        return self.tale if isinstance(self.tale, Answer) else self.tale(turn)


def documents(desk: Desk) -> str:
    (brought,) = [reply for reply in desk.channel.sent if reply.attachments]
    return "\n".join(plain(line) for line in brought.lines)


def test_words_that_hold_come_with_the_documents(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(
        Model(narrated("Enjoy Mombasa, the two of you!", "Fort Jesus is a short ride away.", "Diani is near."))
    )
    desk = opened(narration=True)
    desk.say(SENTENCE)
    words = documents(desk)
    assert words.startswith("Enjoy Mombasa, the two of you!\nFort Jesus is a short ride away.\n")
    assert "Diani" not in words


@pytest.mark.parametrize(
    "tale",
    [
        fake.refusal(), fake.truncated(), fake.error("429"), fake.error("529"), fake.garbage(), fake.reset(),
        fake.message("prose"), narrated("It costs KES 7.", "Book at www.evil.example."), narrated(""),
    ],
)  # fmt: skip
def test_without_words_that_hold_the_documents_come_alone(
    claude: FakeAnthropic, opened: Opened, tale: Scenario
) -> None:
    claude.answers(Model(tale))
    desk = opened(narration=True)
    desk.say(SENTENCE)
    assert documents(desk) == t("en", "documents")
    assert "all checks passed" in desk.channel.said


def test_nothing_is_told_unless_it_is_wanted(claude: FakeAnthropic, opened: Opened) -> None:
    opened().say(SENTENCE)
    assert not any("<plan>" in asked.text for asked in claude.requests)


def test_the_database_is_free_while_claude_tells(claude: FakeAnthropic, opened: Opened) -> None:
    desk = opened(narration=True)
    seen: list[int] = []

    def write(turn: str) -> Answer:
        with desk.app.store.lock(desk.chat_id(), timeout=1.0), desk.app.store.session() as s:
            seen.append(desk.app.store.chats.open(s, "test", "somebody else", "", ""))
        return narrated("Enjoy Mombasa!")

    claude.answers(Model(write))
    desk.say(SENTENCE)
    assert seen
    assert documents(desk).startswith("Enjoy Mombasa!")


def tell(claude: FakeAnthropic, plan: Itinerary, lang: str = "en", patience: float = 4.0) -> tuple[str, ...]:
    return Narrator(claude.client(options=Options()), PLACES, patience=patience).tell(plan, lang)


@pytest.mark.parametrize("slow", [fake.hang(), fake.drip()])
def test_a_slow_tale_is_not_waited_for(claude: FakeAnthropic, slow: Scenario) -> None:
    claude.answers(slow)
    assert tell(claude, mombasa(), patience=0.2) == ()


def test_the_plan_is_data_and_the_rules_stay_the_same(claude: FakeAnthropic) -> None:
    claude.answers(narrated(""))
    tell(claude, mombasa())
    tell(claude, mombasa(), "sw")
    first, second = claude.requests
    assert json.dumps({**first.body, "messages": []}) == json.dumps({**second.body, "messages": []})
    assert first.body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert claude.refused == []
    assert json.loads(first.text.split("<plan>\n")[1].split("\n</plan>")[0]) == facts_of(mombasa(), PLACES)
    assert "Kenyan Swahili" in second.text


def test_a_place_of_ours_that_is_not_in_the_plan_is_not_told_in_small_letters_either(claude: FakeAnthropic) -> None:
    claude.answers(narrated("Enjoy mombasa.", "From there watamu is close.", "A dip off nyali is lovely."))
    assert tell(claude, mombasa()) == ("Enjoy mombasa.", "A dip off nyali is lovely.")


def test_a_company_that_is_not_in_the_plan_is_not_told_of(claude: FakeAnthropic) -> None:
    claude.answers(narrated("Better take tahmeed coach.", "An easy coach would do, too.", "Easy does it."))
    assert tell(claude, mombasa()) == ()


def test_a_tale_in_swahili_is_checked_the_same_way(claude: FakeAnthropic) -> None:
    claude.answers(narrated("Furahieni siku tatu Mombasa!", "Kuna fukwe ishirini.", "Beba maji ukienda Fort Jesus."))
    assert tell(claude, mombasa(), "sw") == ("Furahieni siku tatu Mombasa!", "Beba maji ukienda Fort Jesus.")


def test_the_facts_hold_no_ids_links_or_positions() -> None:
    told = json.dumps(facts_of(mombasa(), PLACES))
    assert "http" not in told
    assert str(export(mombasa())["id"]) not in told
    assert "-4.0" not in told


def test_no_more_than_three_tips_are_told(claude: FakeAnthropic) -> None:
    claude.answers(narrated("Enjoy it.", *["Pack light."] * 9))
    assert len(tell(claude, mombasa())) <= 4


def test_what_the_tale_uses_is_counted_under_its_own_name(claude: FakeAnthropic, opened: Opened) -> None:
    claude.answers(Model(narrated("Enjoy Mombasa!")))
    desk = opened(narration=True)
    desk.say(SENTENCE)
    ended = [dict(labels) for labels in desk.app.store.memory.tallies()["claude_answers"]]
    assert {(of["use"], of["ended"]) for of in ended} == {("reading", "failed"), ("narration", "answered")}
