"""Longer work owed to a chat, kept in SQL so that losing the queue loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import tries
from storage.clock import Clock
from storage.db import Gone
from storage.tables import Task, Work
from storage.vault import Unreadable, Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, in clear."""

    id: int
    chat_id: int
    kind: str
    payload: str  # "" when it cannot be decrypted
    status: Work
    attempts: int


class Tasks:
    """What is still to be worked out."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def add(self, s: Session, chat_id: int, kind: str, payload: str) -> int:
        """Owe a piece of work; its id."""
        now = self._clock()
        task = Task(
            chat_id=chat_id,
            kind=kind,
            payload=self._vault.seal(payload),
            status=Work.OWED,
            attempts=0,
            reason="",
            created_at=now,
            due_at=now,
        )
        s.add(task)
        s.flush()
        return task.id

    def get(self, s: Session, task_id: int) -> TaskRow:
        """The task. Raises Gone."""
        task = s.get(Task, task_id)
        if task is None:
            raise Gone(f"task {task_id}")
        return self._row(task)

    def is_owed(self, s: Session, chat_id: int, *kinds: str) -> bool:
        """Whether something of these kinds is still to be worked out for a chat; of any kind, when none is named."""
        owed = select(Task.id).where(Task.chat_id == chat_id, Task.status == Work.OWED)
        wanted = owed.where(Task.kind.in_(kinds)) if kinds else owed
        return s.scalar(wanted.limit(1)) is not None

    def done(self, s: Session, *task_ids: int) -> set[int]:
        """Worked out; those that were owed until now: whoever comes second has nothing to tell."""
        owed = update(Task).where(Task.id.in_(task_ids), Task.status == Work.OWED).values(status=Work.DONE)
        return set(s.scalars(owed.returning(Task.id)))

    def begin(self, s: Session, task_ids: Sequence[int]) -> tuple[list[TaskRow], list[TaskRow]]:
        """Count a try that starts now of each that is still owed; those, and those that died after three in vain."""
        these = select(Task).where(Task.id.in_(task_ids)).order_by(Task.id).with_for_update()
        begun: list[TaskRow] = []
        dead: list[TaskRow] = []
        for task in s.scalars(these):
            if task.status is Work.OWED:
                (begun if tries.begin(task, self._clock()) else dead).append(self._row(task))
        return begun, dead

    def fail(self, s: Session, task_id: int, reason: str) -> bool:
        """The try begun last was in vain: due again after a pause, dead after three (then True). See storage.tries."""
        task = s.get(Task, task_id, with_for_update=True)
        if task is None or task.status is not Work.OWED:
            return False
        return tries.fail(task, self._clock(), reason)

    def overdue(self, s: Session, before: datetime) -> dict[int, int]:
        """Tasks that were due before this moment and are still owed, oldest first: tries by id."""
        due = (Task.due_at < before) | (Task.due_at > before + tries.LONGEST)
        late = (Task.status == Work.OWED) & due
        tries_by_id = select(Task.id, Task.attempts).where(late).order_by(Task.id)
        return {row.id: row.attempts for row in s.execute(tries_by_id)}

    def _row(self, task: Task) -> TaskRow:
        try:
            payload = self._vault.open(task.payload)
        except Unreadable:
            log.error("task %d cannot be decrypted", task.id)
            payload = ""
        return TaskRow(task.id, task.chat_id, task.kind, payload, task.status, task.attempts)
