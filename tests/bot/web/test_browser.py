"""The pages in a real browser: on a small phone, in the dark, without scripts, with a bad connection."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

from bot.channel import Incoming
from bot.queue import Job
from bot.replies import Attachment, Bold, Button, DocumentKind, Link, Reply
from bot.web.app import create_app
from storage import codec
from storage.store import Store
from tests.bot.web.conftest import Shared, settings, site_of

pytestmark = pytest.mark.browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SMALL = {"width": 360, "height": 640}
QUESTION = "Plan a 3-day Mombasa trip"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: the pages were not looked at (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Guide:
    """A queue whose worker answers in steps: each message gets the next of `answers`, each reply when `go` is set."""

    store: Store
    answers: list[list[Reply]] = field(default_factory=list)
    steps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    heard: list[Incoming] = field(default_factory=list)

    def put(self, job: Job) -> bool:
        threading.Thread(
            target=self._work, args=(int(job.key.rpartition("-")[2]), self.answers.pop(0)), daemon=True
        ).start()
        return True

    def put_all(self, jobs: Sequence[Job]) -> bool:
        return all(self.put(job) for job in jobs)

    def step(self) -> None:
        """Let one more reply out."""
        self.steps.release()

    def _work(self, inbox_id: int, replies: list[Reply]) -> None:
        with self.store.reading() as s:
            row = self.store.inbox.get(s, inbox_id)
        self.heard.append(codec.load(Incoming, row.payload))
        for number, reply in enumerate(replies, 1):
            if not self.steps.acquire(timeout=20):
                return
            with self.store.session() as s:
                reply_id = self.store.outbox.add(s, row.chat_id, codec.dump(reply), reply.progress)
                self.store.outbox.sent(s, reply_id)
                if number == len(replies):
                    self.store.inbox.done(s, inbox_id)


@dataclass(frozen=True)
class Live:
    url: str
    guide: Guide


@pytest.fixture
def live(store: Store) -> Iterator[Live]:
    guide = Guide(store)
    site = replace(site_of(settings(public_url="http://127.0.0.1"), store), queue=guide)  # type: ignore[arg-type]
    server = make_server("127.0.0.1", 0, create_app(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Live(f"http://127.0.0.1:{server.port}", guide)
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    context = browser.new_context(viewport=SMALL)  # type: ignore[arg-type]
    opened = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    opened.on("console", note)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [text for text in complaints if "ERR_FAILED" not in text] == [], "the console must stay empty"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def plan_replies(shared: Shared) -> list[Reply]:
    card = Reply(
        (Bold("Mombasa · Fri 27 – Sun 29 Nov"), "", Link("Whole plan", "https://safiri.example/t/x")),
        (Button("Cheaper", "cheaper:1"), Button("Open", url="https://safiri.example/t/x")),
        (Attachment(DocumentKind.PDF, shared.trip_id, 2, "mombasa.pdf", "To print"),),
    )
    return [Reply(("Buses …",), progress="p"), Reply(("Buses ✓ Trains ✓",), progress="p"), card]


def test_a_conversation_on_a_small_phone(page: Page, live: Live, shared: Shared) -> None:
    live.guide.answers = [plan_replies(shared), [Reply(("14,600 in all",))]]
    page.goto(f"{live.url}/chat")
    page.locator("#starters button").first.click()
    mine, theirs = page.locator(".mine"), page.locator(".theirs:not(.dots)")
    expect(mine).to_have_count(1)
    expect(page.locator("#state")).to_have_text("typing…")
    live.guide.step()
    expect(theirs).to_have_text("Buses …")
    live.guide.step()
    expect(theirs).to_have_text("Buses ✓ Trains ✓")  # the same bubble changed
    live.guide.step()
    expect(theirs).to_have_count(2)
    expect(page.locator(".dots")).to_have_count(0)
    expect(page.locator("#state")).to_have_text("online")
    document = page.context.request.get(f"{live.url}{page.locator('.file').get_attribute('href')}")
    assert document.body() == b"%PDF-1.7 plan"
    live.guide.step()
    page.get_by_role("button", name="Cheaper").click()
    expect(mine.last).to_have_text("Cheaper")
    expect(theirs.last).to_have_text("14,600 in all")
    assert live.guide.heard[-1].action == "cheaper:1"
    assert fits(page)


def test_a_reload_keeps_both_sides_in_order(page: Page, live: Live, shared: Shared) -> None:
    live.guide.answers = [[Reply(("Where from?",))], [Reply(("Noted",))]]
    page.goto(f"{live.url}/chat")
    for said, answer in ((QUESTION, "Where from?"), ("Nairobi", "Noted")):
        page.get_by_label("Message").fill(said)
        page.keyboard.press("Enter")
        live.guide.step()
        expect(page.locator(".theirs:not(.dots)").last).to_have_text(answer)
    page.reload()
    expect(page.locator("#log > li")).to_have_text([QUESTION, "Where from?", "Nairobi", "Noted"])
    expect(page.locator("#starters")).to_be_hidden()


def test_a_message_that_did_not_get_through_can_be_sent_again(page: Page, live: Live) -> None:
    live.guide.answers = [[Reply(("Karibu",))]]
    page.goto(f"{live.url}/chat")
    cut = [True]

    def unreliable(route: Route) -> None:
        if route.request.method == "POST" and cut.pop() if cut else False:
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/messages", unreliable)
    page.get_by_label("Message").fill("Habari")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".mine.failed")).to_contain_text("Not sent")
    live.guide.step()
    page.locator(".mine").click()
    expect(page.locator(".theirs:not(.dots)")).to_have_text("Karibu")
    expect(page.locator(".mine")).to_have_text("Habari")


def test_words_cannot_become_markup(page: Page, live: Live) -> None:
    evil = '<img src=x onerror="document.title=1">'
    live.guide.answers = [[Reply((evil, Bold(evil)))]]
    page.goto(f"{live.url}/chat")
    page.get_by_label("Message").fill(evil)
    page.keyboard.press("Enter")
    live.guide.step()
    expect(page.locator(".theirs p").first).to_have_text(evil)
    assert page.locator("#log img").count() == 0


def test_a_shared_trip_needs_no_scripts(browser: Browser, live: Live, shared: Shared) -> None:
    context = browser.new_context(viewport=SMALL, java_script_enabled=False, color_scheme="dark")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live.url}/t/{shared.token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mombasa, 3 days")
    expect(page.get_by_role("img", name="Map of Kenya with the route: Nairobi, Mombasa")).to_be_visible()
    expect(page.locator(".day")).to_have_count(3)
    box = page.get_by_role("link", name="PDF").bounding_box()
    assert box is not None
    assert box["height"] >= 40, "big enough for a thumb"
    context.close()


@pytest.mark.parametrize(
    "path", ["/", "/?lang=sw", "/plan", "/plan?lang=sw", "/privacy", "/terms", "/nowhere", "/chat"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways(browser: Browser, live: Live, path: str, scheme: str) -> None:
    context = browser.new_context(viewport=SMALL, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live.url + path)
    assert fits(page)
    context.close()


def test_the_form_plans_without_scripts(browser: Browser, live: Live) -> None:
    live.guide.answers = [[Reply(("Here it is", Link("Whole plan", "https://safiri.example/t/x")))]]
    context = browser.new_context(viewport=SMALL, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live.url}/plan")
    page.get_by_label("To", exact=True).fill("Mombasa")
    page.get_by_label("First day").fill("2099-11-27")
    live.guide.step()
    page.get_by_role("button", name="Make a plan").click()
    expect(page).to_have_url(f"{live.url}/plan/answer")
    expect(page.get_by_role("link", name="Whole plan")).to_be_visible(timeout=15_000)
    assert live.guide.heard[0].text.startswith("Plan a 3-day trip to Mombasa from Nairobi starting 27 November 2099")
    context.close()
