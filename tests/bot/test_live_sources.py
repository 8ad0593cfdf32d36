"""Travellers and sources on the network: whatever these do, there is a useful answer that says what is missing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import jobs
from bot.channel import Incoming, IncomingKind
from bot.config import Settings
from bot.intake import Intake
from bot.queue import InlineQueue
from bot.replies import plain
from bot.wiring import App
from providers.sandbox import fx, services
from storage.tables import Answer
from tests.bot.test_conversation import ME, Recorder
from tests.conftest import SECRET
from tests.fakes import services as faults
from tests.fakes.services import FakeService, Fault
from tests.providers.online import example, online

TODAY = date(2026, 11, 23)
BUSES = "buses from Nairobi to Kisumu on 12 December for 2"
FLIGHTS = "flights from Nairobi to Mombasa on 12 December for 2"
TRIP = "Plan a 3-day Mombasa trip from Nairobi on 11 December for 2, budget 90,000 KES"


@dataclass
class Town:
    """An application whose sources are all on, with their services on the loopback."""

    app: App
    channel: Recorder
    services: dict[str, FakeService]
    ids: Iterator[int] = field(default_factory=itertools.count)

    def fails(self, fault: Callable[[], Fault]) -> None:
        for service in self.services.values():
            service.fails(fault())

    def asked(self) -> int:
        return sum(len(service.requests) for service in self.services.values())

    def say(self, text: str) -> str:
        """What is answered, without what is only progress."""
        before = len(self.channel.sent)
        incoming = Incoming(ME, str(next(self.ids)), IncomingKind.TEXT, text=text)
        Intake(self.app.store, self.app.queue).accept(self.channel.name, [incoming])
        answers = [reply for reply in self.channel.sent[before:] if not reply.progress]
        return "\n".join(plain(line) for reply in answers for line in reply.lines)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as stack:
        found, keys = {}, dict[str, str]()
        for provider in online():
            asked = example(provider)
            found[provider.name] = stack.enter_context(FakeService(asked.service))
            keys |= {**asked.keys, **dict.fromkeys(asked.addresses, found[provider.name].url + asked.path)}
        found["rates"] = stack.enter_context(FakeService(fx.answer))
        keys |= {"FX_URL": found["rates"].url, "FX_FALLBACK_URL": found["rates"].url}
        settings = Settings(
            secret_keys=(SECRET,),
            database_url=f"sqlite:///{tmp_path}/town.db",
            today=TODAY,
            var=tmp_path,
            providers=keys,
        )
        channel = Recorder()
        app: App = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(app, job)), extra={"test": channel})
        app.store.migrate()
        stack.callback(app.store.close)
        yield Town(app, channel, found)


def test_live_fares_are_shown_as_live_and_a_moment_later_as_remembered(town: Town) -> None:
    assert "(live, " in town.say(BUSES)
    asked = town.asked()
    again = town.say(BUSES)
    assert "(seen " in again
    assert "(live, " not in again
    assert town.asked() == asked, "nobody is asked twice"


FAULTS: dict[str, Callable[[], Fault]] = {
    "a refused key": lambda: faults.status(401),
    "too many questions": lambda: faults.status(429, headers={"retry-after": "60"}),
    "an error of the server": lambda: faults.status(500),
    "a page of a load balancer": lambda: faults.status(502),
    "closed for now": lambda: faults.status(503),
    "no answer": faults.hangs,
    "a slow drip": faults.drips,
    "a cut connection": faults.cuts,
    "garbage": faults.garbage,
    "another shape": faults.another_shape,
    "a body that unpacks for ever": faults.gzip_bomb,
    "a redirect to another host": faults.redirects,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_services_do_a_search_has_an_answer_that_names_them(town: Town, fault: str) -> None:
    town.fails(FAULTS[fault])
    answer = town.say(BUSES)
    assert "KES" in answer, "the guide's fares serve"
    assert "guide" in answer
    assert "BuuPass" in answer
    assert not any(service.url in answer for service in town.services.values())


@pytest.mark.parametrize("fault", ["an error of the server", "no answer", "garbage"])
def test_whatever_the_services_do_a_trip_is_planned(town: Town, fault: str) -> None:
    town.fails(FAULTS[fault])
    card = town.say(TRIP)
    assert "all checks passed" in card
    assert "Mombasa" in card


def test_a_wrong_certificate_is_an_answer_too(town: Town) -> None:
    plain_http = town.app.settings.providers
    secure = {name: value.replace("http://127", "https://127") for name, value in plain_http.items()}
    town.app.settings = replace(town.app.settings, providers=secure)
    answer = town.say(BUSES)
    assert "KES" in answer
    assert "BuuPass" in answer


def test_a_test_fare_is_never_taken_for_a_real_one(town: Town) -> None:
    answer = town.say(FLIGHTS)
    assert "Duffel Airways" in answer
    assert "sample" in answer
    assert "Rates By Exchange Rate API" in answer


def test_a_ride_comes_with_a_way_to_book_to_see_and_to_ask(town: Town) -> None:
    town.app.settings = replace(
        town.app.settings, providers={**town.app.settings.providers, "TAXI_WHATSAPP": "+254700000000"}
    )
    answer = town.say("taxi from Mombasa airport to Mombasa town on 12 December for 2")
    assert "https://www.google.com/maps/dir/" in answer
    assert "https://wa.me/254700000000?text=Hello%2C%20how%20much" in answer
    assert "/go/" in answer, "Uber, where it runs"


def test_a_service_that_fails_again_and_again_is_left_alone(town: Town) -> None:
    town.fails(FAULTS["an error of the server"])
    for day in range(12, 15):
        town.say(BUSES.replace("12 December", f"{day} December"))
    asked = town.asked()
    answer = town.say(BUSES.replace("12 December", "16 December"))
    assert town.asked() == asked
    assert "BuuPass" in answer
    assert town.app.store.memory.marked("open:buupass") > 0


def test_answers_that_nobody_may_be_told_any_more_are_deleted_once_an_hour(town: Town) -> None:
    store = town.app.store
    long_ago = datetime.now(UTC) - timedelta(days=2)

    def keep_an_old_one() -> None:
        with store.session() as s:
            s.add(Answer(key="old", text="{}", kept_at=long_ago, until=long_ago))

    keep_an_old_one()
    town.say(BUSES)
    jobs.tidy(town.app)
    with store.reading() as s:
        kept = set(s.scalars(select(Answer.key)))
    assert "old" not in kept
    assert len(kept) >= 3
    keep_an_old_one()
    jobs.tidy(town.app)
    with store.reading() as s:
        assert "old" in set(s.scalars(select(Answer.key))), "within the hour the next sweep leaves it"


def test_without_a_network_the_simulated_services_answer_and_say_so(tmp_path: Path) -> None:
    settings = Settings(
        secret_keys=(SECRET,),
        database_url=f"sqlite:///{tmp_path}/town.db",
        today=TODAY,
        var=tmp_path,
        offline=True,
        simulate=True,
    )
    channel = Recorder()
    app: App = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(app, job)), extra={"test": channel})
    app.store.migrate()
    answer = Town(app, channel, {}).say(FLIGHTS)
    app.store.close()
    assert "sample" in answer
    assert "live" not in answer
    assert len(services()) > 5
