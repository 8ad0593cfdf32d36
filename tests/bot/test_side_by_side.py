"""Trips of several chats worked out side by side: none waits for another, and none pays for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot import jobs, planning
from bot.dialogue import Conversation, decide
from bot.i18n import NAIROBI, t
from bot.intents import Context
from bot.planning import Sources
from bot.queue import TRIPS, Job, do_task
from bot.replies import DocumentKind
from bot.tasks import PlanTask
from bot.wiring import HANDS
from planner.model import Itinerary, Offers, TripRequest
from providers.base import Outcome
from storage import codec
from storage.tables import Task, Work
from tests.bot.test_conversation import Desk, desk
from tests.bot.test_together import Crowd, crowd, run_through_falls, write

__all__ = ["crowd", "desk"]  # the fixtures are used by name

TOWNS = ("Mombasa", "Kisumu", "Nakuru", "Malindi", "Eldoret", "Naivasha")
SLOW = "mombasa"
DONE = "all checks passed"
NOON = datetime(2026, 11, 23, 12, tzinfo=NAIROBI)


def wishes(desk: Desk, *towns: str) -> list[int]:
    """Each wants to go to the town of their name, and it was understood; their tasks."""
    return understood(desk, {town: _wish(town, 2) for town in towns})


def changes_of_mind(desk: Desk) -> list[int]:
    """One chat wants a trip of two days, then of three; its tasks."""
    return [task for days in (2, 3) for task in understood(desk, {"asker": _wish("Kisumu", days)})]


def understood(desk: Desk, texts: dict[str, str]) -> list[int]:
    """These are written and understood; the tasks that come of it."""
    write(desk, texts)
    while any(job.name != "run_task" for job in desk.held):
        jobs.run_inline(desk.app, desk.held.pop(0))
    tasks = [int(job.args[0]) for job in desk.held]
    desk.held.clear()
    return tasks


def _wish(town: str, days: int) -> str:
    return f"Plan a {days}-day {town} trip from Nairobi next Friday for 2, budget 90,000 KES"


def together(desk: Desk, tasks: Sequence[int]) -> Job:
    """The job of all of these."""
    return Job("run_task", tuple(tasks), "trips", key="together")


def standing(desk: Desk, tasks: Sequence[int]) -> list[tuple[Work, int]]:
    """State and tries of tasks."""
    with desk.app.store.reading() as s:
        return [(row.status, row.attempts) for row in (desk.app.store.tasks.get(s, task) for task in tasks)]


Gather = Callable[..., tuple[Offers, list[Outcome]]]


def before_gathering(monkeypatch: pytest.MonkeyPatch, happens: Callable[[str], object]) -> None:
    """Have something happen before the sources are asked about a town."""
    gather: Gather = planning.gather

    def later(request: TripRequest, sources: Sources, *rest: object) -> tuple[Offers, list[Outcome]]:
        happens(request.stops[0].place)
        return gather(request, sources, *rest)

    monkeypatch.setattr(planning, "gather", later)


def test_sources_are_asked_for_several_trips_at_once_and_each_gets_its_own(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, *TOWNS)
    all_ask = threading.Barrier(TRIPS)
    before_gathering(monkeypatch, lambda _: all_ask.wait(30))
    jobs.run_inline(desk.app, together(desk, tasks))
    assert standing(desk, tasks) == [(Work.DONE, 1)] * TRIPS
    for town in TOWNS:
        card = next(said for said in crowd.of(town) if DONE in said)
        assert town in card
        assert not any(other in card for other in TOWNS if other != town)
        assert sum(DONE in said for said in crowd.of(town)) == 1


def test_there_are_hands_left_to_send_when_all_trips_are_worked_out() -> None:
    assert TRIPS < HANDS, "a hand that waits for another would wait for ever"


def test_who_has_their_trip_does_not_wait_for_who_has_not(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, "Mombasa", "Kisumu")
    told = threading.Event()
    crowd.before = lambda who: told.set() if who == "Kisumu" and len(crowd.of(who)) > 1 else None  # type: ignore[method-assign]
    waited: list[bool] = []
    before_gathering(monkeypatch, lambda town: waited.append(told.wait(30)) if town == SLOW else None)
    jobs.run_inline(desk.app, together(desk, tasks))
    assert waited == [True]
    assert standing(desk, tasks) == [(Work.DONE, 1)] * 2


def test_a_trip_that_fails_leaves_the_others_alone_and_is_tried_again_by_itself(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, *TOWNS)

    def fall(town: str) -> None:
        if town == SLOW:
            raise ArithmeticError

    before_gathering(monkeypatch, fall)
    with pytest.raises(ArithmeticError):
        jobs.run_inline(desk.app, together(desk, tasks))
    assert standing(desk, tasks) == [(Work.OWED, 1), *[(Work.DONE, 1)] * (TRIPS - 1)]
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            jobs.run_inline(desk.app, do_task(tasks[0], 1))
    assert standing(desk, tasks)[0] == (Work.DEAD, 3)
    assert t("en", "trouble_plan") in crowd.of("Mombasa")[-1]
    for town in TOWNS[1:]:
        assert sum(DONE in said for said in crowd.of(town)) == 1


def test_what_cannot_be_kept_together_is_worked_out_again_one_by_one(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, *TOWNS)
    monkeypatch.setattr("bot.work.MOMENT", 30.0)  # so that they end in the same moment
    save = desk.app.store.trips.save

    def fall(s: Session, itinerary: object) -> None:
        if itinerary.request.stops[0].place == SLOW:  # type: ignore[attr-defined]
            raise ArithmeticError
        save(s, itinerary)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.app.store.trips, "save", fall)
    with pytest.raises(ArithmeticError):
        jobs.run_inline(desk.app, together(desk, tasks))
    assert standing(desk, tasks) == [(Work.OWED, 1)] * TRIPS, "nothing was kept of any"
    assert sorted(job.key for job in desk.held) == sorted(f"again-{task}-1" for task in tasks)
    assert run_through_falls(desk) == 1
    assert standing(desk, tasks) == [(Work.OWED, 2), *[(Work.DONE, 2)] * (TRIPS - 1)]
    for town in TOWNS[1:]:
        assert sum(DONE in said for said in crowd.of(town)) == 1


def test_of_two_wishes_of_one_chat_the_last_is_shown(desk: Desk, crowd: Crowd) -> None:
    tasks = changes_of_mind(desk)
    jobs.run_inline(desk.app, together(desk, tasks))
    assert standing(desk, tasks) == [(Work.DONE, 1)] * 2
    (card,) = [said for said in crowd.of("asker") if DONE in said]
    assert "3 days" in card


def test_a_task_that_somebody_is_at_is_left_to_them(desk: Desk, crowd: Crowd) -> None:
    mine, theirs = wishes(desk, "Kisumu", "Nakuru")
    with desk.app.store.alone([theirs]) as held:
        assert held == [theirs]
        jobs.run_inline(desk.app, together(desk, [mine, theirs]))
    assert standing(desk, [mine, theirs]) == [(Work.DONE, 1), (Work.OWED, 0)]


def test_what_somebody_else_has_told_meanwhile_is_not_told_again(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, "Mombasa", "Kisumu")

    def told_by_another(town: str) -> None:
        if town == SLOW:
            with desk.app.store.session() as s:
                desk.app.store.tasks.done(s, tasks[0])

    before_gathering(monkeypatch, told_by_another)
    jobs.run_inline(desk.app, together(desk, tasks))
    assert not any(DONE in said for said in crowd.of("Mombasa"))
    assert any(DONE in said for said in crowd.of("Kisumu"))


def test_tasks_that_happen_to_share_a_lock_come_one_after_the_other(
    desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = wishes(desk, "Kisumu", "Nakuru")
    monkeypatch.setattr("storage.locks.FILES", 1)
    jobs.run_inline(desk.app, together(desk, tasks))
    assert standing(desk, tasks) == [(Work.DONE, 1)] * 2


def test_plans_made_side_by_side_are_those_made_one_by_one(desk: Desk) -> None:
    def planned(town: str) -> tuple[str, bytes]:
        said = f"Plan a 3-day {town} trip from Nairobi on 4 December for 2, budget 60,000 KES"
        intent = desk.app.rules.parse(said, Context(desk.app.today()))
        (task,) = decide(Conversation(), intent, desk.app.today(), gazetteer=desk.app.gazetteer).tasks
        assert isinstance(task, PlanTask)
        offers, _ = planning.gather(task.request, desk.app.sources, NOON)
        plan = planning.compose(task.request, offers, trip_id="0123456789abcdef", version=1, now=NOON)
        assert isinstance(plan, Itinerary)
        return codec.dump(plan), planning.documents(plan, "en", None)[DocumentKind.ICS]

    one_by_one = [planned(town) for town in TOWNS]
    with ThreadPoolExecutor(len(TOWNS)) as threads:
        assert list(threads.map(planned, TOWNS)) == one_by_one


def test_who_is_done_does_not_wait_for_one_whose_chat_is_busy(desk: Desk, crowd: Crowd) -> None:
    tasks = wishes(desk, "Mombasa", "Kisumu")
    told = threading.Event()
    crowd.before = lambda who: told.set() if who == "Kisumu" and len(crowd.of(who)) > 1 else None  # type: ignore[method-assign]
    waited: list[bool] = []
    held = threading.Event()

    def keep_busy() -> None:
        with desk.app.store.lock(desk.chat_id_at("Mombasa")):
            held.set()
            waited.append(told.wait(30))

    holder = threading.Thread(target=keep_busy)
    holder.start()
    held.wait(30)
    jobs.run_inline(desk.app, together(desk, tasks))
    holder.join()
    assert (waited, standing(desk, tasks)) == ([True], [(Work.DONE, 1)] * 2)


def test_tasks_of_one_chat_are_done_in_order(desk: Desk, crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = changes_of_mind(desk)
    (other,) = wishes(desk, "Nakuru")
    before: list[list[tuple[Work, int]]] = []
    before_gathering(monkeypatch, lambda town: before.append(standing(desk, tasks)) if town == "kisumu" else None)
    jobs.run_inline(desk.app, together(desk, [*tasks, other]))
    assert [state for (state, _), _ in before] == [Work.OWED, Work.DONE], "the first is kept before the second begins"
    assert standing(desk, [*tasks, other]) == [(Work.DONE, 1)] * 3


def test_a_task_that_cannot_be_read_is_given_up_and_holds_nobody_up(desk: Desk, crowd: Crowd) -> None:
    broken, fine = wishes(desk, "Kisumu", "Nakuru")
    with desk.app.store.session() as s:
        s.execute(update(Task).where(Task.id == broken).values(payload="garbled"))
    with pytest.raises(codec.BadShape):
        jobs.run_inline(desk.app, together(desk, [broken, fine]))
    assert standing(desk, [broken, fine]) == [(Work.OWED, 1), (Work.DONE, 1)]
    for tries in (1, 2):
        with pytest.raises(codec.BadShape):
            jobs.run_inline(desk.app, do_task(broken, tries))
    assert standing(desk, [broken]) == [(Work.DEAD, 3)]
