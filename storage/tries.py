"""Counting tries: before the work starts, so that work which kills its worker is given up like any other."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.clock import backoff, brief
from storage.tables import InboxMessage, Task, Work

MAX_TRIES = 3
# More than any pause between tries lasts: what is due later than that was put off before a clock was set back.
LONGEST = timedelta(minutes=5)
BEGUN = "begun"  # the reason kept while a try runs; found later, it tells of a try that never ended


def begin(row: InboxMessage | Task, now: datetime) -> bool:
    """Count a try that starts now. False, and given up, when so many were begun already that there is no hope."""
    if row.attempts >= MAX_TRIES:
        row.status = Work.DEAD
        return False
    row.attempts += 1
    row.reason = BEGUN
    row.due_at = now + backoff(row.attempts)
    return True


def fail(row: InboxMessage | Task, now: datetime, reason: str) -> bool:
    """The try was in vain: due again after a pause. True, and given up, when it was the last.

    `reason` must hold no message text.
    """
    row.reason = brief(reason)
    row.due_at = now + backoff(row.attempts)
    if row.attempts < MAX_TRIES:
        return False
    row.status = Work.DEAD
    return True
