"""What workers run; every argument is an id, a token or a question."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot import conversation, delivery, rechecks, work
from bot.queue import Job, do_task
from bot.wiring import App, current
from providers.base import ProviderError, Query
from providers.fx import Desk
from providers.search import run
from storage import codec
from storage.locks import Busy

log = structlog.get_logger(__name__)

RENEWING = 10.0  # seconds a source may take when nobody waits for it
TIDYING = 3600.0  # seconds from one deletion of what is old to the next
LATE = timedelta(seconds=20)  # what is due for so long was left behind, unless its job waits or runs: see bot.queue


def answer(*chat_ids: int) -> None:
    """Read and answer what these chats wrote."""
    conversation.answer(current(), *chat_ids)


def answer_now(chat_id: int) -> None:
    """Answer what waited for more of its thought."""
    conversation.answer_now(current(), chat_id)


def think(*chat_ids: int) -> None:
    """Answer what a model has to be asked about."""
    conversation.think(current(), *chat_ids)


def run_task(*task_ids: int) -> None:
    """Do the longer work owed to chats."""
    run_alone(current(), *task_ids)


def deliver(chat_id: int) -> None:
    """Send what is owed to a chat."""
    send(current(), chat_id)


def refresh(source: str, question: str) -> None:
    """Ask a source anew, so that its remembered answer is young again."""
    renew(current(), source, question)


def check_link(token: str) -> None:
    """Look again at the price behind a link that somebody tapped."""
    rechecks.check_link(current(), token)


def sweep() -> None:
    """Queue what was left behind: by a lost queue, a dead worker, or an app that did not take a reply."""
    queue_left_behind(current())
    tidy(current())


def run_alone(app: App, *task_ids: int) -> None:
    """Do tasks, except those that somebody is at: a sweep may queue anew what only takes long."""
    left, again = list(dict.fromkeys(task_ids)), list[Job]()
    try:
        while left:  # two of them can share a lock, see storage.locks: then the second comes after the first
            with app.store.alone(left) as mine:
                left = [task_id for task_id in left if task_id not in mine] if mine else []
                if mine:
                    work.run(app, mine, again)
    finally:
        app.queue.put_all(again)


def send(app: App, chat_id: int) -> None:
    """Send what is owed to a chat, alone. Raises storage.locks.Busy when another worker has it and no queue waits."""
    try:
        with app.store.lock(chat_id, conversation.LOCK_WAIT):
            delivery.deliver(app, chat_id)
    except Busy:
        # Who has the chat may have looked already. Come back, but do not wait here, where others need us.
        again = Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{int(time.time())}")
        if not app.queue.put_later(again, conversation.LOCK_WAIT):
            raise


def renew(app: App, source: str, question: str) -> None:
    """Ask one source one question; what comes is remembered on the way."""
    app.sources.only(source).search([codec.load(Query, question)], RENEWING)


def tidy(app: App) -> None:
    """Once an hour: delete what has been kept long enough, and fetch rates where a source needs them."""
    memory, sources = app.store.memory, app.sources
    if memory.claim("tidying", TIDYING) is None:
        return
    gone = app.store.purge(timedelta(days=app.settings.retention_days))
    if any(gone.values()):
        log.info("old rows deleted", **{table: rows for table, rows in gone.items() if rows})
    if any(hasattr(choice.provider, "policy") and choice.service is None for choice in app.choices):
        try:
            run(lambda http: Desk(memory).rates(http, sources.keys, patience=RENEWING), sources.open_http)
        except ProviderError as exc:
            log.warning("no exchange rates", error=str(exc))


def queue_left_behind(app: App) -> None:
    """One job for each message, task and chat that has waited too long."""
    for job in owed(app, datetime.now(UTC) - LATE):
        app.queue.put(job)


def owed(app: App, before: datetime) -> list[Job]:
    """One job for each message, task and chat that was due before this moment."""
    store = app.store
    with store.reading() as s:
        unread = store.inbox.overdue(s, before)
        tasks = store.tasks.overdue(s, before)
        chats = store.outbox.chats_owed(s, before, app.channels)
    return [
        # A key of its own each time: a running job may already have looked when the next message or reply was added.
        *(Job("answer", (chat_id,), "chat", key=f"answer-{chat_id}-{int(before.timestamp())}") for chat_id in unread),
        *(do_task(number, tries) for number, tries in tasks.items()),
        *(Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{int(before.timestamp())}") for chat_id in chats),
    ]


def run_inline(app: App, job: Job) -> None:
    """Run a job in this process, for the terminal and for tests."""
    work_of: dict[str, Callable[..., None]] = {
        "answer": conversation.answer,
        "answer_now": conversation.answer_now,
        "think": conversation.think,
        "run_task": run_alone,
        "deliver": send,
        "refresh": renew,
        "check_link": rechecks.check_link,
    }
    work_of[job.name](app, *job.args)
