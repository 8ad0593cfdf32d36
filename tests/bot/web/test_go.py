"""The way out: at once while a price is good, and only after looking again when it may have changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot import jobs
from bot.outward import Looked, told_of_item
from bot.web.app import create_app
from planner.model import Basis, Day, Item, ItemType, Itinerary, Mode
from providers.base import Kind, ProviderError
from providers.repricing import Standing, Verdict
from providers.sandbox import duffel
from storage import codec
from storage.store import Store
from tests.bot.trial import SKYSCANNER, Fares, Trial
from tests.bot.web.conftest import PUBLIC_URL, ListQueue, settings
from tests.fakes.services import FakeService, status
from tests.providers.asking import ask
from tests.samples import mombasa

FLIGHTS = ask(Kind.FLIGHTS, "mombasa", origin="nairobi", start=datetime.now(UTC).date() + timedelta(days=30))


@dataclass
class Browser:
    """Somebody's phone, and the worker behind the site."""

    app: Trial
    queue: ListQueue
    client: FlaskClient
    shown: list[str] = field(default_factory=list)

    def link(self, minutes: int = 20, **changes: object) -> str:
        """The way out for a flight whose price was seen so many minutes ago."""
        seen = datetime.now(UTC) - timedelta(minutes=minutes)
        plan = flown(replace(self.app.fares, seen_at=seen, asked=[], **changes))  # type: ignore[arg-type]
        (item,) = plan.items
        with self.app.store.session() as s:
            trip_id = self.app.store.trips.create(s, self.app.store.chats.open(s, "telegram", "1"))
            told = told_of_item(item, plan.request)
            return f"/go/{self.app.store.links.shorten(s, SKYSCANNER, trip_id, item.id, told)}"

    def work(self) -> None:
        """What a worker does meanwhile."""
        while self.queue.jobs:
            jobs.run_inline(self.app, self.queue.jobs.pop(0))

    def open(self, path: str, lang: str = "en", *, working: bool = True) -> str:
        """Where one ends up: an address elsewhere, or the text of a page that stays."""
        self.shown.clear()
        for _ in range(12):
            answer = self.client.get(path, headers={"Accept-Language": lang})
            if answer.status_code == 302:
                return answer.headers["Location"]
            assert answer.status_code == 200
            page = answer.get_data(as_text=True)
            self.shown.append(" ".join(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split(">", 1)[1]).split()))
            follow = re.search(r'http-equiv="refresh" content="(\d+); url=([^"]+)"', page)
            if follow is None:
                return self.shown[-1]
            assert int(follow[1]) <= 3
            path = follow[2].replace("&amp;", "&")
            if working:
                self.work()
        raise AssertionError("a page that refreshes for ever")

    def clicks(self, path: str) -> int:
        with self.app.store.reading() as s:
            return self.app.store.links.clicks(s, path.removeprefix("/go/"))


def flown(fares: Fares) -> Itinerary:
    offer = fares.flight(FLIGHTS)
    item = Item(
        offer.id, ItemType.FLIGHT, offer.service, offer.depart, offer.arrive, "mombasa", offer.price, offer.id,
        offer.provider, offer.booking_url, Mode.FLIGHT, offer.origin, offer.destination,
    )  # fmt: skip
    plan = mombasa()
    asked = replace(plan.request, start=FLIGHTS.start, end=FLIGHTS.start + timedelta(2))
    return replace(plan, request=asked, days=(Day(FLIGHTS.start, "mombasa", (item,)),))


def browser_of(tmp_path: Path, **providers: str) -> Browser:
    url = f"sqlite:///{tmp_path}/go.db"
    queue = ListQueue()
    chosen = settings(database_url=url, offline=True, providers=providers)
    app = Trial(chosen, Fares(8_900, datetime.now(UTC)), queue)
    app.store.migrate()
    return Browser(app, queue, create_app(app).test_client())


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    made = browser_of(tmp_path)
    with closing(made.app.store):
        yield made


def test_a_new_price_leads_straight_out(browser: Browser) -> None:
    path = browser.link(minutes=5)
    assert browser.open(path) == SKYSCANNER
    assert (browser.queue.jobs, browser.shown, browser.clicks(path)) == ([], [], 1)


def test_a_guide_price_leads_straight_out_however_old(browser: Browser) -> None:
    path = browser.link(minutes=60 * 24 * 400, basis=Basis.GUIDE)
    assert browser.open(path) == SKYSCANNER
    assert browser.clicks(path) == 1


def test_an_older_price_is_looked_at_and_the_same_one_leads_out(browser: Browser) -> None:
    path = browser.link()
    assert browser.open(path) == SKYSCANNER
    assert browser.shown == ["One moment: is the price still KES 8,900? Asking again. Go on to skyscanner.net"]
    assert browser.clicks(path) == 1
    assert [query.newest for query in browser.app.fares.asked] == [True]


def test_a_second_tap_is_quick_and_asks_nobody(browser: Browser) -> None:
    path = browser.link()
    browser.open(path)
    assert browser.open(path) == SKYSCANNER
    assert browser.shown == []
    assert len(browser.app.fares.asked) == 1
    assert browser.clicks(path) == 2


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "The price is now KES 9,400 (it was KES 8,900). Go on to skyscanner.net"),
        ("sw", "Bei sasa ni KES 9,400 (ilikuwa KES 8,900). Endelea hadi skyscanner.net"),
    ],
)
def test_a_price_that_changed_is_said_and_the_traveller_decides(browser: Browser, lang: str, said: str) -> None:
    path = browser.link()
    browser.app.fares.kes = 9_400
    assert browser.open(path, lang) == said
    assert browser.clicks(path) == 0
    assert browser.open(f"{path}?anyway=1") == SKYSCANNER
    assert browser.clicks(path) == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "This is no longer offered. Look anyway at skyscanner.net"),
        ("sw", "Hii haipatikani tena. Tazama tu skyscanner.net"),
    ],
)
def test_what_is_gone_is_said(browser: Browser, lang: str, said: str) -> None:
    path = browser.link()
    browser.app.fares.offered = False
    assert browser.open(path, lang) == said


@pytest.mark.parametrize(("lang", "said"), [("en", "could not be checked"), ("sw", "Sikuweza kuangalia bei tena")])
def test_a_source_that_does_not_answer_keeps_nobody(browser: Browser, lang: str, said: str) -> None:
    path = browser.link()
    browser.app.fares.trouble = ProviderError("Duffel has trouble (502)")
    assert browser.open(path, lang) == SKYSCANNER
    assert said in browser.shown[-1]
    assert browser.clicks(path) == 1


def test_without_a_worker_one_waits_six_seconds_and_goes(browser: Browser) -> None:
    path = browser.link()
    assert browser.open(path, working=False) == SKYSCANNER
    assert len(browser.shown) == 7
    assert "could not be checked" in browser.shown[-1]
    assert [(job.name, job.args, job.queue) for job in browser.queue.jobs] == [
        ("check_link", (path.removeprefix("/go/"),), "chat")
    ]


def test_without_a_queue_one_goes_at_once(browser: Browser) -> None:
    path = browser.link()
    browser.queue.up = False
    assert browser.open(path) == SKYSCANNER
    assert (browser.shown, browser.clicks(path)) == ([], 1)


def test_the_waiting_page_needs_no_script_and_keeps_its_language(browser: Browser) -> None:
    page = browser.client.get(f"{browser.link()}?lang=sw").get_data(as_text=True)
    assert "<script" not in page
    assert "look=1&amp;lang=sw" in page
    assert "Nauliza tena" in page


@pytest.mark.parametrize("query", ["look=99999999", "look=-1", "look=x", "look=", "lang=%22%3E"])
def test_a_made_up_address_breaks_nothing(browser: Browser, query: str) -> None:
    answer = browser.client.get(f"{browser.link()}?{query}")
    assert answer.status_code == 200
    assert '">"' not in answer.get_data(as_text=True)


def test_an_unreadable_verdict_is_as_good_as_none(browser: Browser) -> None:
    path = browser.link()
    with browser.app.store.session() as s:
        browser.app.store.links.judge(s, path.removeprefix("/go/"), '{"of": "another version"}')
    assert browser.client.get(path).status_code == 200


def test_nobody_is_sent_to_a_host_that_no_offer_named(browser: Browser) -> None:
    path = browser.link()
    for session in ("https://evil.example/", "http://links.duffel.com/", "https://links.duffel.com.evil.example/"):
        made = Looked(Verdict(Standing.SAME), session)
        with browser.app.store.session() as s:
            browser.app.store.links.judge(s, path.removeprefix("/go/"), codec.dump(made))
        assert browser.open(path) == SKYSCANNER


# -- Duffel Links


@pytest.fixture
def service() -> Iterator[FakeService]:
    with FakeService(duffel.answer) as made:
        yield made


@pytest.fixture
def linked(tmp_path: Path, service: FakeService) -> Iterator[Browser]:
    made = browser_of(tmp_path, DUFFEL_LINKS="1", DUFFEL_TOKEN=duffel.TOKEN, DUFFEL_API_URL=service.url)
    with closing(made.app.store):
        yield made


def share_page(store: Store, path: str) -> str:
    with store.session() as s:
        link = store.links.get(s, path.removeprefix("/go/"))
        assert link is not None
        assert link.trip_id is not None
        return f"{PUBLIC_URL}/t/{store.trips.token(s, link.trip_id)}"


@pytest.mark.parametrize("sample", [False, True])
def test_a_flight_of_duffels_is_booked_on_a_page_made_for_the_tap(
    linked: Browser, service: FakeService, sample: bool
) -> None:
    changes = {"basis": Basis.ESTIMATE, "sample": True} if sample else {}
    path = linked.link(minutes=5, **changes)
    assert linked.open(path).startswith("https://links.duffel.com?token=")
    (asked,) = service.requests
    sent = asked.read().decode()
    assert asked.url.path == "/links/sessions"
    assert sent.count(share_page(linked.app.store, path)) == 3
    assert linked.app.fares.asked == []
    assert linked.clicks(path) == 1


def test_a_page_is_made_only_when_its_price_was_looked_at(linked: Browser, service: FakeService) -> None:
    path = linked.link()
    linked.app.fares.kes = 9_400
    assert linked.open(path).endswith("Go on to links.duffel.com")
    assert linked.open(f"{path}?anyway=1").startswith("https://links.duffel.com?token=")
    assert len(service.requests) == 1


def test_no_page_is_made_for_what_is_gone(linked: Browser, service: FakeService) -> None:
    path = linked.link()
    linked.app.fares.offered = False
    assert linked.open(path) == "This is no longer offered. Look anyway at skyscanner.net"
    assert service.requests == []


def test_without_such_a_page_the_plain_address_serves(linked: Browser, service: FakeService) -> None:
    service.fails(status(500))
    path = linked.link(minutes=5)
    assert linked.open(path) == SKYSCANNER
    assert linked.clicks(path) == 1


def test_a_page_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    body = b'{"data": {"url": "https://evil.example/?token=1"}}'
    with FakeService(duffel.answer) as service:
        service.fails(status(201, body))
        made = browser_of(tmp_path, DUFFEL_LINKS="1", DUFFEL_TOKEN=duffel.TOKEN, DUFFEL_API_URL=service.url)
        with closing(made.app.store):
            assert made.open(made.link(minutes=5)) == SKYSCANNER
