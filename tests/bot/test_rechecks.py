"""Before links are handed out in chat, prices that are no longer new are asked for again, and what changed is said."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import jobs
from bot.channel import Incoming, IncomingKind
from bot.config import Settings
from bot.intake import Intake
from bot.outward import looked, told_of_item
from bot.queue import InlineQueue
from bot.rechecks import of_trip
from planner.model import Basis, Itinerary
from providers.base import ProviderError
from providers.repricing import Standing
from tests.bot.test_conversation import ME, Recorder
from tests.bot.trial import SKYSCANNER, Fares, Trial
from tests.conftest import SECRET

FLY = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, by flight, budget 60,000 KES"
FLY_SW = "Nipangie safari ya siku tatu Mombasa kutoka Nairobi Ijumaa ijayo kwa ndege, watu wawili, bajeti 60,000"
TROUBLE = ProviderError("Duffel has trouble (502)")


@dataclass
class Chat:
    """Somebody who talks to the application in this process."""

    app: Trial
    channel: Recorder
    ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def fares(self) -> Fares:
        return self.app.fares

    def say(self, text: str) -> str:
        """What is said in answer, links included."""
        self.channel.sent.clear()
        Intake(self.app.store, self.app.queue).accept(
            self.channel.name, [Incoming(ME, str(next(self.ids)), IncomingKind.TEXT, text)]
        )
        return self.channel.said

    def trip(self) -> Itinerary:
        with self.app.store.reading() as s:
            chat_id = self.app.store.chats.find(s, "test", ME.address)
            assert chat_id is not None
            (trip,) = self.app.store.trips.of_chat(s, chat_id)
            found = self.app.store.trips.get(s, trip.id)
        assert found is not None
        return found


@pytest.fixture
def chat(sqlite_url: str, tmp_path: Path) -> Iterator[Chat]:
    settings = Settings(
        secret_keys=(SECRET,), database_url=sqlite_url, today=date(2026, 11, 23), offline=True, var=tmp_path
    )
    app: Trial = Trial(settings, Fares(), InlineQueue(lambda job: jobs.run_inline(app, job)))
    channel = Recorder()
    app.channels["test"] = channel
    app.fares.seen_at = app.now()
    yield Chat(app, channel)
    app.store.close()


def flown(chat: Chat, words: str = FLY, minutes: int = 20) -> Itinerary:
    """A trip by air that was planned so many minutes ago."""
    chat.fares.seen_at = chat.app.now() - timedelta(minutes=minutes)
    chat.say(words)
    chat.fares.asked.clear()
    chat.fares.seen_at = datetime.now(UTC)
    plan = chat.trip()
    assert [item.provider for item in plan.items].count("duffel") == 2
    return plan


def test_new_prices_are_not_asked_for_again(chat: Chat) -> None:
    flown(chat, minutes=5)
    said = chat.say("book it")
    assert "live, 5 min ago" in said
    assert chat.fares.asked == []


def test_a_price_that_still_holds_is_shown_with_its_new_time(chat: Chat) -> None:
    flown(chat)
    said = chat.say("book it")
    assert said.splitlines()[0].startswith("1 of 3 · ✈️ Fri 27 Nov 10:00 Jambojet JM8656, 2 seats")
    assert len(chat.fares.asked) == 2
    assert all(query.newest for query in chat.fares.asked)
    assert [button.label for button in chat.channel.sent[-1].buttons] == ["Open booking", "Booked ✓", "Skip"]


def test_the_next_thing_is_looked_at_again_by_itself(chat: Chat) -> None:
    flown(chat)
    chat.say("book it")
    chat.fares.asked.clear()
    chat.fares.kes = 1_400
    said = chat.say("skip")
    assert [query.start for query in chat.fares.asked] == [date(2026, 11, 29)]
    assert said.splitlines()[0] == "✈️ Sun 29 Nov Jambojet JM8656 is now KES 1,400, it was 900."
    assert "2 of 3 · ✈️ Sun 29 Nov 10:00 Jambojet JM8656" in said


def test_what_is_booked_is_not_asked_for_again(chat: Chat) -> None:
    flown(chat)
    chat.say("booked the flight back, ref QJH7K2")
    chat.fares.asked.clear()
    chat.say("book it")
    assert [query.start for query in chat.fares.asked] == [date(2026, 11, 27)]


def test_a_price_that_changed_is_said_first_with_the_total_and_the_trip_stays_as_it_was(chat: Chat) -> None:
    plan = flown(chat)
    chat.fares.kes = 1_400
    lines = chat.say("book it").splitlines()
    assert lines[:3] == [
        "✈️ Fri 27 Nov Jambojet JM8656 is now KES 1,400, it was 900.",
        "✈️ Sun 29 Nov Jambojet JM8656 is now KES 1,400, it was 900.",
        f"The total would be KES {plan.total_kes + 1_000:,}.",
    ]
    assert "1,400 (live" in lines[3]
    assert chat.channel.sent[-1].buttons[-1].action == "change"
    assert chat.trip() == plan


def test_a_price_that_changed_is_said_in_swahili(chat: Chat) -> None:
    plan = flown(chat, FLY_SW)
    chat.fares.kes = 1_400
    lines = chat.say("hifadhi nafasi").splitlines()
    assert lines[0] == "✈️ Ijumaa 27 Nov Jambojet JM8656 sasa ni KES 1,400, ilikuwa 900."
    assert lines[2] == f"Jumla ingekuwa KES {plan.total_kes + 1_000:,}."


def test_what_is_no_longer_offered_is_said(chat: Chat) -> None:
    flown(chat)
    chat.fares.offered = False
    lines = chat.say("book it").splitlines()
    assert lines[0] == "✈️ Fri 27 Nov Jambojet JM8656 is no longer offered."
    assert "The total would be" not in "\n".join(lines)


def test_what_could_not_be_asked_again_is_said_and_the_links_are_there(chat: Chat) -> None:
    flown(chat, minutes=200)
    chat.fares.trouble = TROUBLE
    said = chat.say("book it")
    assert said.splitlines()[0] == "I could not check the price of Jambojet JM8656 again."
    assert "900 (seen 3 h ago)" in said
    assert said.count("/go/") == 1
    assert chat.say("skip").count("/go/") == 1


def test_a_link_is_handed_out_with_the_price_that_was_just_told(chat: Chat) -> None:
    plan = flown(chat)
    chat.fares.kes = 1_400
    said = f"{chat.say('book it')} {chat.say('next')}"
    tokens = [word.rsplit("/go/")[1] for word in said.split() if "/go/" in word]
    with chat.app.store.reading() as s:
        links = [chat.app.store.links.get(s, token) for token in tokens]
    told = [link.told.kes for link in links if link is not None and link.url == SKYSCANNER and link.told]
    assert told == [1_400, 1_400]
    assert not any(link.due for link in links if link is not None)
    guided = next(item for item in plan.items if item.booking_url and item.provider != "duffel")
    assert told_of_item(guided, plan.request) is None


def test_a_search_answer_links_with_its_prices(chat: Chat) -> None:
    chat.fares.seen_at = chat.app.now()
    said = chat.say("flights from Nairobi to Mombasa on Friday for 2")
    token = next(word.rsplit("/go/")[1] for line in said.splitlines() if "JM8656" in line for word in line.split()[-1:])
    with chat.app.store.reading() as s:
        link = chat.app.store.links.get(s, token)
    assert link is not None
    assert link.told is not None
    assert link.told.kes == 900


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ("flights from Nairobi to Mombasa on Friday for 2", "Duffel can't answer right now; these are guide prices."),
        ("ndege kutoka Nairobi hadi Mombasa Ijumaa watu 2", "Duffel haiwezi kujibu sasa; hizi ni bei za mwongozo."),
        (FLY, "Duffel (did not answer)"),
        (FLY_SW, "Duffel (haikujibu)"),
    ],
)
def test_a_source_that_is_out_is_named_in_answers_and_on_cards(chat: Chat, ask: str, said: str) -> None:
    chat.fares.trouble = ProviderError("Duffel was asked too often", retry_after=40)
    assert said in chat.say(ask)


def test_a_search_by_a_program_marks_samples_and_only_them(chat: Chat) -> None:
    chat.fares.sample, chat.fares.basis = True, Basis.ESTIMATE
    store = chat.app.store
    body = {"origin": "nairobi", "destination": "mombasa", "start": "2026-11-27", "passengers": 2}
    with store.session() as s:
        chat_id = store.chats.open(s, "api", "token:1")
        search_id = store.trips.create(s, chat_id)
        head = {"id": search_id, "version": 0, "kind": "flights", "body": body}
        task_id = store.tasks.add(s, chat_id, "api_search", json.dumps(head))
    jobs.run_inline(chat.app, jobs.Job("run_task", (task_id,), "trips", key="x"))
    with store.reading() as s:
        found = store.trips.document(s, search_id, 0, "result")
    assert found is not None
    prices = {offer["provider"]: offer["price"] for offer in json.loads(found[1])["body"]["offers"]}
    assert prices["duffel"]["sample"] is True
    assert "sample" not in prices["guide_flights"]


def test_a_card_shown_later_says_when_its_prices_were_seen(chat: Chat) -> None:
    chat.fares.seen_at = chat.app.now()
    assert "(live, just now)" in chat.say(FLY)
    plan = chat.trip()
    assert all(item.price and item.price.basis is Basis.LIVE for item in plan.items if item.provider == "duffel")


@pytest.mark.parametrize(
    ("kes", "offered", "standing"),
    [(900, True, Standing.SAME), (1_400, True, Standing.CHANGED), (900, False, Standing.GONE)],
)
def test_a_worker_looks_at_a_tapped_link_once(chat: Chat, kes: int, offered: bool, standing: Standing) -> None:
    plan = flown(chat)
    item = next(item for item in plan.items if item.provider == "duffel")
    with chat.app.store.session() as s:
        told = told_of_item(item, plan.request)
        assert item.booking_url
        token = chat.app.store.links.shorten(s, item.booking_url, plan.id, item.id, told)
    chat.fares.kes, chat.fares.offered = kes, offered
    for _ in range(2):
        jobs.run_inline(chat.app, jobs.Job("check_link", (token,), "chat", key="x"))
    with chat.app.store.reading() as s:
        link = chat.app.store.links.get(s, token)
    assert link is not None
    found = looked(link.verdict)
    assert found is not None
    assert found.verdict.standing is standing
    assert len(chat.fares.asked) == 1


def test_a_link_that_is_gone_or_without_a_price_is_not_looked_at(chat: Chat) -> None:
    with chat.app.store.session() as s:
        plain_link = chat.app.store.links.shorten(s, SKYSCANNER)
    for token in ("nobody", plain_link):
        jobs.run_inline(chat.app, jobs.Job("check_link", (token,), "chat", key="x"))
    assert chat.fares.asked == []


def test_a_trip_of_the_past_is_not_asked_for(chat: Chat) -> None:
    plan = flown(chat)
    late = datetime.fromisoformat("2027-01-01T12:00:00+03:00")
    news = of_trip(plan, chat.app.sources, late)
    assert {verdict.standing for verdict in news.values()} == {Standing.UNKNOWN}
    assert chat.fares.asked == []
