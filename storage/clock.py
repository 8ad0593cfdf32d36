"""What time it is, and when to try again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]  # aware

REASON_LENGTH = 200


def real() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def backoff(attempts: int) -> timedelta:
    """How long to leave failed work alone: 10 s, 40 s, 90 s … up to an hour."""
    return min(timedelta(seconds=10 * attempts**2), timedelta(hours=1))


def brief(reason: str) -> str:
    """A reason as it is kept: PostgreSQL takes no NUL, and nobody reads a page."""
    return reason.replace("\0", "")[:REASON_LENGTH]
