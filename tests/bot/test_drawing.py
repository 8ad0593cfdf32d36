"""The files of a plan are drawn after it was shown: late, in vain or overtaken, the plan itself is there."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from bot import jobs, planning
from bot.i18n import t
from bot.priority import UNHURRIED
from bot.replies import Attachment, DocumentKind
from bot.tasks import DOCUMENTS
from planner.model import Itinerary
from storage.tables import Document, TripVersion
from tests.bot.test_conversation import SENTENCE, Desk, desk
from tests.bot.whatsapp_phone import phone

__all__ = ["desk"]  # the fixture is used by name

DONE = "all checks passed"
SOON = timedelta(minutes=2)


def waiting(desk: Desk) -> list[str]:
    """The queues of jobs that were put and not run."""
    return [job.queue for job in desk.held]


def run_all_but_files(desk: Desk) -> None:
    """What workers do as long as somebody waits for a plan."""
    while others := [job for job in desk.held if job.queue != "files"]:
        desk.held.remove(others[0])
        jobs.run_inline(desk.app, others[0])


def say(desk: Desk, text: str) -> None:
    """Say it, and have everything but files done about it."""
    desk.hold = True
    desk.say(text)
    run_all_but_files(desk)


def brought(desk: Desk) -> list[Attachment]:
    return [file for reply in desk.channel.sent for file in reply.attachments]


def trip_of(desk: Desk) -> str:
    with desk.app.store.reading() as s:
        (trip,) = desk.app.store.trips.of_chat(s, desk.chat_id())
    return trip.id


def in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be drawn."""

    def fall(*args: object) -> dict[DocumentKind, bytes]:
        raise ArithmeticError

    monkeypatch.setattr(planning, "documents", fall)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The versions of which files were drawn."""
    drawn: list[int] = []
    draw = planning.documents

    def one_more(plan: Itinerary, lang: str, share_url: str | None) -> dict[DocumentKind, bytes]:
        drawn.append(plan.version)
        return draw(plan, lang, share_url)

    monkeypatch.setattr(planning, "documents", one_more)
    return drawn


def test_a_plan_is_shown_before_its_files_are_drawn_and_they_follow(desk: Desk) -> None:
    say(desk, SENTENCE)
    assert DONE in desk.channel.said
    assert (brought(desk), waiting(desk)) == ([], ["files"])
    desk.run_held()
    assert [file.kind for file in brought(desk)] == [DocumentKind.PDF, DocumentKind.ICS]
    assert [desk.app.documents.content(file)[:4] for file in brought(desk)] == [b"%PDF", b"BEGI"]


def test_files_whose_job_was_lost_are_found_by_the_sweep(desk: Desk) -> None:
    say(desk, SENTENCE)
    desk.held.clear()
    for job in jobs.owed(desk.app, datetime.now(UTC) + SOON):
        jobs.run_inline(desk.app, job)
    assert len(brought(desk)) == 2


def test_a_plan_whose_files_cannot_be_drawn_stays_and_the_traveller_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desk, SENTENCE)
    (job,) = desk.held
    with monkeypatch.context() as trouble:
        in_vain(trouble)
        for _ in range(3):
            with pytest.raises(ArithmeticError):
                jobs.run_inline(desk.app, job)
    assert t("en", "trouble_documents") in desk.channel.said
    jobs.run_inline(desk.app, job)  # and that was the last of it
    assert desk.channel.said.count(t("en", "trouble_documents")) == 1
    say(desk, "pdf")
    assert [file.kind for file in brought(desk)] == [DocumentKind.PDF], "asking again is another try"


def test_files_of_a_plan_that_is_not_on_screen_any_more_are_not_drawn(desk: Desk, drawn: list[int]) -> None:
    say(desk, SENTENCE)
    say(desk, "make it 4 days")
    assert waiting(desk) == ["files", "files"]
    desk.run_held()
    assert drawn == [2]
    assert {file.version for file in brought(desk)} == {2}


def test_files_that_are_overtaken_while_they_are_drawn_are_not_brought(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_drawing(monkeypatch, lambda: say(desk, "make it 4 days"))
    say(desk, SENTENCE)
    desk.run_held()
    assert {file.version for file in brought(desk)} == {2}


def before_drawing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Have something happen when files are drawn for the first time: the plan was looked at, nothing is kept yet."""
    draw = planning.documents
    left = [happens]

    def later(plan: Itinerary, lang: str, share_url: str | None) -> dict[DocumentKind, bytes]:
        while left:
            left.pop()()
        return draw(plan, lang, share_url)

    monkeypatch.setattr(planning, "documents", later)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ranks the threads of a process")
def test_files_nobody_asked_for_are_drawn_with_what_processor_others_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranks: list[int] = []
    own = rank()
    monkeypatch.setattr(desk.app, "settings", replace(desk.app.settings, workers=4))
    say(desk, SENTENCE)
    before_drawing(monkeypatch, lambda: ranks.append(rank()))
    desk.run_held()
    with desk.app.store.session() as s:
        s.execute(delete(Document))
    before_drawing(monkeypatch, lambda: ranks.append(rank()))
    say(desk, "pdf")
    desk.run_held()
    assert ranks == [max(own, UNHURRIED), own]


def test_files_are_drawn_all_the_same_where_a_service_may_not_stand_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(desk.app, "settings", replace(desk.app.settings, workers=4))
    monkeypatch.setattr(os, "setpriority", forbidden)
    say(desk, SENTENCE)
    desk.run_held()
    assert len(brought(desk)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ranks the threads of a process")
def test_the_only_worker_for_plans_draws_without_standing_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ranks: list[int] = []
    monkeypatch.setattr(desk.app, "settings", replace(desk.app.settings, workers=2))
    say(desk, SENTENCE)
    before_drawing(monkeypatch, lambda: ranks.append(rank()))
    desk.run_held()
    assert ranks == [rank()]


def rank() -> int:
    """The niceness of this thread."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_of_a_chat_that_is_deleted_while_its_files_are_drawn_nothing_is_kept_or_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget() -> None:
        with desk.app.store.session() as s:
            desk.app.store.forget(s, desk.chat_id())

    say(desk, SENTENCE)
    before_drawing(monkeypatch, forget)
    desk.run_held()
    with desk.app.store.reading() as s:
        assert s.scalar(select(func.count()).select_from(Document)) == 0
    assert brought(desk) == []


def test_a_booking_that_is_marked_while_files_are_drawn_stays_in_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desk, SENTENCE)
    before_drawing(monkeypatch, lambda: say(desk, "I booked the hotel"))
    desk.run_held()
    (calendar,) = [file for file in brought(desk) if file.kind is DocumentKind.ICS]
    assert b"Booked" in desk.app.documents.content(calendar)


def test_files_of_a_trip_that_was_put_aside_are_on_its_page_and_not_brought(desk: Desk) -> None:
    say(desk, SENTENCE)
    say(desk, "cancel")
    desk.run_held()
    assert brought(desk) == []
    with desk.app.store.reading() as s:
        assert desk.app.store.trips.drawn(s, trip_of(desk), 1) == {"pdf", "ics"}


def test_files_are_not_drawn_for_who_blocked_us_when_the_plan_came(desk: Desk, drawn: list[int]) -> None:
    say(desk, SENTENCE)
    with desk.app.store.session() as s:
        desk.app.store.chats.block(s, desk.chat_id())
    desk.run_held()
    assert (drawn, brought(desk)) == ([], [])


def test_a_file_asked_for_while_a_change_is_planned_is_of_the_changed_plan(desk: Desk) -> None:
    say(desk, SENTENCE)
    desk.run_held()
    desk.channel.sent.clear()
    desk.say("make it 4 days")
    desk.say(action="pdf")
    for name in ("answer", "run_task"):  # both are understood before the first is planned
        for job in [job for job in desk.held if job.name == name]:
            desk.held.remove(job)
            jobs.run_inline(desk.app, job)
    assert [file.version for file in brought(desk)] == [2]


def test_files_that_could_not_be_drawn_are_told_of_in_the_language_of_now(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desk, SENTENCE)
    say(desk, "Kiswahili")
    in_vain(monkeypatch)
    (job,) = desk.held
    for _ in range(3):
        with pytest.raises(ArithmeticError):
            jobs.run_inline(desk.app, job)
    assert t("sw", "trouble_documents") in desk.channel.said
    assert t("en", "trouble_documents") not in desk.channel.said


def test_who_asks_for_a_file_before_it_is_drawn_gets_it_at_once_and_it_is_drawn_once(
    desk: Desk, drawn: list[int]
) -> None:
    say(desk, SENTENCE)
    say(desk, "pdf")
    assert [file.kind for file in brought(desk)] == [DocumentKind.PDF]
    desk.run_held()
    assert [file.kind for file in brought(desk)[1:]] == [DocumentKind.PDF, DocumentKind.ICS]
    assert drawn == [1]


def test_a_file_that_was_drawn_is_brought_again_as_it_is(desk: Desk, drawn: list[int]) -> None:
    say(desk, SENTENCE)
    desk.run_held()
    say(desk, "send me the calendar file")
    assert [file.kind for file in brought(desk)[2:]] == [DocumentKind.ICS]
    assert drawn == [1]


def test_a_file_of_a_trip_that_is_gone_cannot_be_brought(desk: Desk) -> None:
    say(desk, SENTENCE)
    desk.run_held()
    desk.channel.sent.clear()
    desk.say("pdf")
    jobs.run_inline(desk.app, desk.held.pop(0))  # understood
    with desk.app.store.session() as s:
        s.execute(delete(TripVersion))
    desk.run_held()
    assert (brought(desk), t("en", "trouble") in desk.channel.said) == ([], True)


@pytest.fixture
def postponed(database_url: str, tmp_path: Path) -> Iterator[list[str]]:
    """The kinds of all tasks of a plan on WhatsApp."""
    with phone(database_url, tmp_path) as amina:
        came = amina.say(SENTENCE)
        assert [bool(message.media) for message in came[-2:]] == [False, True], "the plan, then its PDF"
        with amina.app.store.reading() as s:
            chats = amina.app.store.export(s, amina.chat_id)
        yield [str(task["kind"]) for task in chats["tasks"]]


def test_where_each_message_costs_files_come_with_the_plan(postponed: list[str]) -> None:
    assert postponed
    assert DOCUMENTS not in postponed
