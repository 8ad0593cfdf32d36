"""Keeps what came of longer work and tells the travellers, together where several ended in the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.delivery import Due, send, take
from bot.dialogue import is_wanted, told
from bot.owing import merged, owe
from bot.queue import Job, do_task
from bot.recall import all_remembered
from bot.replies import Reply
from bot.tasks import DocumentsTask, ForgetTask, Task, kind_of
from bot.wiring import App
from planner.model import Itinerary
from storage import codec
from storage.tasks import TaskRow

LOCK_WAIT = 30.0  # seconds for which an answer waits for its chat


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """What came of a task.

    `replies` are made in the transaction that keeps them, and only if they are still wanted; `itinerary` is what is on
    screen then, and `then` is owed from then on.
    """

    row: TaskRow
    task: Task
    replies: Callable[[Session], Sequence[Reply]]
    itinerary: Itinerary | None = None
    then: DocumentsTask | None = None


def finish(app: App, ended: Sequence[Ended]) -> None:
    """Keep what came of these tasks and tell the travellers, unless the answer is no longer wanted.

    Those of different chats in one transaction, and what is to be said side by side. Raises storage.locks.Busy when
    somebody has a chat for too long.
    """
    left = list(ended)
    while left:
        firsts: dict[int, Ended] = {}
        for one in left:
            firsts.setdefault(one.row.chat_id, one)
        alone: list[int] = []
        files: list[Job] = []
        try:
            with app.store.lock_free(list(firsts), LOCK_WAIT) as mine:
                now = [firsts[chat_id] for chat_id in mine]
                dues, files = _keep(app, now, alone)
                left = [one for one in left if one not in now]
                send(app, dues)
        finally:
            app.queue.put_all(files)
            for chat_id in alone:
                app.queue.put(Job("deliver", (chat_id,), "chat", key=f"deliver-{chat_id}-{int(1000 * time.time())}"))


def _keep(app: App, ended: Sequence[Ended], alone: list[int]) -> tuple[list[Due], list[Job]]:
    """Keep it; what is to be sent now, and jobs for what is owed from then on.

    Chats whose reply once did not come to an end are added to `alone`.
    """
    store, chat_ids = app.store, [one.row.chat_id for one in ended]
    with store.session() as s:
        owed_still = store.tasks.done(s, *(one.row.id for one in ended))
        ended = [one for one in ended if one.row.id in owed_still]
        states = all_remembered(app, s, chat_ids, {})
        wanted = [one for one in ended if is_wanted(states[one.row.chat_id], one.task)]
        chats = store.chats.get_all(s, [one.row.chat_id for one in wanted])
        owed: list[tuple[int, Reply]] = []
        kept: dict[int, str] = {}
        files: list[Job] = []
        for one in wanted:
            chat_id, key = one.row.chat_id, "" if isinstance(one.task, ForgetTask) else one.task.key
            replies = [replace(reply, ends="" if n else key) for n, reply in enumerate(one.replies(s))]
            said = merged(app, chats[chat_id].channel, replies)
            owed += [(chat_id, reply) for reply in said]
            kept[chat_id] = codec.dump(told(states[chat_id], said, key=key, itinerary=one.itinerary))
            if one.then is not None:
                files.append(do_task(store.tasks.add(s, chat_id, kind_of(one.then), codec.dump(one.then)), 0, "files"))
        owe(app, s, owed)
        store.conversations.save_all(s, kept)
        return take(app, s, chat_ids, alone if len(chat_ids) > 1 else None), files
